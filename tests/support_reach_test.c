/* What support reaches, and from when on nothing any more (S-8, S-10, S-11): every route of the client's space, found by itself, answers a
   collaborator without consent as in an organization that does not exist, to the byte, in every rendering, from the very next request. In the
   middle of an upload, of a list and of an export as well. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/support.h"
#include "mail/mail.h"
#include "mandate/support.h"

#define SPACE "/o/froid-atlantique"
#define NOWHERE "/o/nulle-part"

/* ---- Every route ---- */

static const char *const renderings[][2] = { { "", "" }, { "", ".json" }, { "/api/1", "" }, { "", ".csv" } };
enum { RENDERINGS = sizeof renderings / sizeof *renderings, RENDERINGS_FEW = 2, ROUTES_OPEN_LEAST = 30 };

static bool is_of_client(const struct route *r)
{
    return (route_is_of(r, 'o') || route_is_of(r, 'p')) && r->right != RIGHT_PUBLIC;
}

static struct answer *ask(struct support_scene *s, const char *who, const struct route *r, const struct side *at, int rendering)
{
    const char *target = world_text(s->w, "%s%s%s", renderings[rendering][0], route_address(s->w, r, at, at, 0), renderings[rendering][1]);
    return r->method == METHOD_GET ? world_get(s->w, who, target) : world_post(s->w, who, target, route_form(s->w, r, &s->side, &s->side, -1));
}

/* Nothing of the client's is there for them, and trying leaves nothing behind. */
static void nothing_for(struct support_scene *s, const char *who, const char *when, int rendering_count)
{
    struct side none = s->side;
    int tried = 0;
    none.slug = "nulle-part";
    world_cookie(s->w, who);
    const char *before = world_digest(s->w, 0);
    for (const struct route **r = routes_all(s->w); *r; r++)
        for (int i = 0; is_of_client(*r) && i < rendering_count; i++, tried++) {
            struct answer *theirs = ask(s, who, *r, &s->side, i);
            answers_same(world_text(s->w, "%s: %s%s", when, (*r)->pattern, renderings[i][1]), theirs, ask(s, who, *r, &none, i));
            assert_status(theirs, 404);
        }
    assert_true(tried > 200);
    assert_string_equal(before, world_digest(s->w, 0));
}

/* The same walk while they may: how many addresses answer. What is not theirs is refused, and does not look as if it were not there. */
static void much_for(struct support_scene *s, const char *who)
{
    int open = 0;
    for (const struct route **r = routes_all(s->w); *r; r++)
        if (route_is_of(*r, 'o') && (*r)->method == METHOD_GET)
            open += ask(s, who, *r, &s->side, 0)->status == 200;
    if (open < ROUTES_OPEN_LEAST)
        fail_msg("only %d addresses answer during the session: the walk proves little", open);
}

WORLD_TEST(s_8_before_consent_and_after_a_refusal_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    nothing_for(&s, SUPPORT_INES, "before", RENDERINGS);
    support_scene_ask(&s, SUPPORT_INES, "accounting");
    nothing_for(&s, SUPPORT_INES, "asked for", RENDERINGS_FEW);
    assert_status(world_post(w, SUPPORT_SABINE, world_text(w, SPACE "/support/requests/%s/refuse", s.mandate), "note=non"), 303);
    nothing_for(&s, SUPPORT_INES, "refused", RENDERINGS_FEW);
}

/* The mandate and the session in it: either over, whatever the other says, nothing is there. (With the consent standing a page leads to the dossier, S-8.) */
static void each_alone(struct support_scene *s)
{
    struct world_test *w = s->w;
    support_scene_inside(s, SUPPORT_INES, "accounting");
    world_run_sql(w, world_text(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE id = %s AND org_id = " SUPPORT_ORG, s->mandate));
    nothing_for(s, SUPPORT_INES, "the mandate alone", RENDERINGS_FEW);
    world_run_sql(w, world_text(w, "UPDATE mandate SET state = 'active', ended_at = NULL WHERE id = %s AND org_id = " SUPPORT_ORG, s->mandate));
    assert_status(world_get(w, SUPPORT_INES, SPACE "/clients.json"), 200);
    world_run_sql(w, world_text(w, "UPDATE support_session SET ended_at = 1 WHERE id = %s AND org_id = " SUPPORT_ORG, side_value(&s->side, "visit")));
    for (const struct route **r = routes_all(w); *r; r++)
        if (is_of_client(*r) && (ask(s, SUPPORT_INES, *r, &s->side, 0)->status < 300 || ask(s, SUPPORT_INES, *r, &s->side, 1)->status != 404))
            fail_msg("%s answers when the session has ended", (*r)->pattern);
    support_scene_withdraw(s);
}

WORLD_TEST(s_11_after_the_end_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    much_for(&s, SUPPORT_INES);
    support_scene_withdraw(&s);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM support_session WHERE ended_at IS NULL AND mandate_id = %s", s.mandate)), 0);
    nothing_for(&s, SUPPORT_INES, "withdrawn", RENDERINGS);
    each_alone(&s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    assert_status(world_post(w, SUPPORT_INES, support_scene_at(&s, "renounce"), ""), 303);
    nothing_for(&s, SUPPORT_INES, "given up", RENDERINGS_FEW);
    support_scene_inside(&s, SUPPORT_INES, "management");
    world_run_sql(w, "UPDATE support_session SET ends_at = 9000000000000000000 WHERE ended_at IS NULL AND org_id = " SUPPORT_ORG);    /* the mandate's end alone */
    world_pass(w, 24 * CLOCK_HOUR_MS - 1);
    world_run_sql(w, world_text(w, "UPDATE session SET seen_at = %lld", (long long)world_now(w)));
    assert_status(world_get(w, SUPPORT_INES, SPACE "/clients"), 200);
    world_pass(w, 1);
    nothing_for(&s, SUPPORT_INES, "past its date", RENDERINGS_FEW);
}

WORLD_TEST(s_10_removed_or_detached_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    assert_status(world_post(w, SUPPORT_SOLENE, support_scene_at(&s, "detach"), ""), 303);
    nothing_for(&s, SUPPORT_INES, "detached", RENDERINGS_FEW);
    support_scene_inside(&s, SUPPORT_INES, "management");
    const char *at = world_text(w, "/partner/cabinet-lanterne/collaborators/%s/remove", support_scene_member(&s, SUPPORT_INES));
    assert_status(world_post(w, SUPPORT_SOLENE, at, ""), 303);
    nothing_for(&s, SUPPORT_INES, "removed", RENDERINGS_FEW);
}

/* ---- What is somebody else's, and what was once theirs ---- */

static struct answer *post_with(struct support_scene *s, const char *who, const char *whose_token, const char *target, const char *form)
{
    const char *body = world_text(s->w, "form_token=%s&%s", world_token(s->w, whose_token), form);
    return world_send(s->w, world_cookie(s->w, who), METHOD_POST, target, "application/x-www-form-urlencoded", body, strlen(body));
}

/* Collaborator B, with the addresses, the session and the forms of A, who is inside; and then from a client's space of B's own. */
WORLD_TEST(s_10_another_collaborator_gains_nothing_by_what_is_the_firsts)
{
    struct support_scene s;
    support_scene_open(w, &s);
    const char *old_cookie = world_cookie(w, SUPPORT_INES), *form = "kind=company&name=Moulin+Neuf";
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    nothing_for(&s, SUPPORT_HUGO, "another's", RENDERINGS_FEW);
    answers_same("another's form", post_with(&s, SUPPORT_HUGO, SUPPORT_INES, SPACE "/clients", form), post_with(&s, SUPPORT_HUGO, SUPPORT_INES, NOWHERE "/clients", form));
    assert_status(world_post(w, SUPPORT_HUGO, support_scene_at(&s, "enter"), "reason=TVA"), 404);
    assert_status(world_post(w, SUPPORT_HUGO, support_scene_at(&s, "renounce"), ""), 404);
    struct answer *before = world_send(w, old_cookie, METHOD_GET, SPACE "/clients", "", "", 0);       /* the cookie from before the session */
    assert_status(before, 303);
    assert_non_null(strstr(before->location, "/sign-in"));
    const char *own = world_value(w, world_text(w, "SELECT MIN(d.id) FROM dossier d WHERE d.org_id = " SUPPORT_PARTNER " AND d.state = 'active' AND d.member_id = %s AND d.ends_at > %lld",
        support_scene_member(&s, SUPPORT_HUGO), (long long)world_now(w)));
    struct answer *inside = world_post(w, SUPPORT_HUGO, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/enter", own), "reason=TVA");
    assert_status(inside, 303);
    world_cookie_keep(w, SUPPORT_HUGO, inside);
    assert_status(world_get(w, SUPPORT_HUGO, world_text(w, "%.*s/clients", (int)strcspn(inside->location, "?"), inside->location)), 200);
    nothing_for(&s, SUPPORT_HUGO, "another's, from a session of one's own", RENDERINGS_FEW);
    assert_status(world_get(w, SUPPORT_INES, SPACE "/clients"), 200);        /* who was inside still is */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM client WHERE name = 'Moulin Neuf'"), 0);
}

WORLD_TEST(s_10_removed_and_invited_again_with_the_same_address_has_nothing)
{
    struct support_scene s;
    struct ctx c;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    const char *first = support_scene_member(&s, SUPPORT_INES);
    assert_status(world_post(w, SUPPORT_SOLENE, world_text(w, "/partner/cabinet-lanterne/collaborators/%s/remove", first), ""), 303);
    assert_status(world_post(w, SUPPORT_SOLENE, "/partner/cabinet-lanterne/collaborators", "first_name=In%C3%A8s&last_name=Rolland&role=collaborator&email=" SUPPORT_INES), 303);
    world_ctx(w, &c);
    int64_t link_id = world_number(w, "SELECT link_id FROM mail WHERE link_kind = 'invitation' AND to_email = '" SUPPORT_INES "' ORDER BY id DESC LIMIT 1");
    assert_status(world_post(w, SUPPORT_INES, mail_link_address_of(&c, "invitation", link_id) + strlen(c.address), ""), 303);
    assert_status(world_get(w, SUPPORT_INES, "/partner/cabinet-lanterne/dossiers"), 200);             /* of the partner again */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM dossier d JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id JOIN person p ON p.id = m.person_id "
        "WHERE d.state = 'active' AND p.email = '" SUPPORT_INES "'"), 0);
    assert_status(world_post(w, SUPPORT_INES, support_scene_at(&s, "enter"), "reason=TVA"), 404);
    nothing_for(&s, SUPPORT_INES, "invited again", RENDERINGS_FEW);
}

/* By whoever else calls it as well, and committed in spite of its refusal: another partner's dossier is found by nobody, and nothing was begun. */
static void not_asked(struct world_test *w, const char *dossier, int64_t mails)
{
    struct ctx c;
    int64_t org_id = 0, mandate_id = 0, other = world_number(w, "SELECT MAX(id) FROM organization WHERE id <> " SUPPORT_PARTNER);
    world_ctx(w, &c);
    c.who.person_id = world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_SOLENE "'");
    c.who.org_id = world_number(w, "SELECT " SUPPORT_PARTNER);
    const char *member = world_value(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = '" SUPPORT_INES "' AND m.org_id = " SUPPORT_PARTNER);
    world_run_sql(w, world_text(w, "UPDATE dossier SET org_id = %lld WHERE id = %s", (long long)other, dossier));
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    struct err *e = support_ask(&c, &(struct support_wish){ .dossier_id = strtoll(dossier, NULL, 10), .member_id = strtoll(member, NULL, 10), .level = "read", .hours = 24, .reason = "TVA" },
        &org_id, &mandate_id);
    assert_true(e && e->code == ERR_NOT_FOUND);
    assert_null(db_commit(c.db, c.arena));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails);
}

/* The assignment takes ids of the partner's own dossiers, and nothing that stands for a client that never chose it. */
WORLD_TEST(s_4_a_client_that_never_chose_the_partner_hears_nothing)
{
    static const char *const strangers[] = { "SELECT id FROM organization WHERE slug = 'hexanode'", "SELECT MIN(d.id) FROM mandate d JOIN organization o ON o.id = d.org_id WHERE o.slug = 'hexanode'",
        "SELECT MIN(c.id) FROM client c JOIN organization o ON o.id = c.org_id WHERE o.slug = 'hexanode'", "SELECT id + 4373 FROM organization WHERE slug = 'hexanode'", NULL };
    struct support_scene s;
    support_scene_open(w, &s);
    side_make(w, "hexanode", "Studio Pixel");                /* with a dossier of another partner's, the last of the ids */
    int64_t mails = world_number(w, "SELECT COUNT(*) FROM mail"), requests = world_number(w, "SELECT COUNT(*) FROM support_request");
    for (const char *const *sql = strangers; *sql; sql++) {
        const char *id = world_value(w, *sql), *form = world_text(w, "act=assign&member_id=%s&level=read&hours=24&reason=TVA", support_scene_member(&s, SUPPORT_INES));
        assert_true(*id != '\0');
        assert_status(world_post(w, SUPPORT_SOLENE, "/partner/cabinet-lanterne/dossiers", world_text(w, "dossier_ids=%s&dossier_ids=%s&%s", s.dossier, id, form)), 422);
        assert_status(world_post(w, SUPPORT_SOLENE, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/ask", id), form), 404);
        assert_status(world_post(w, SUPPORT_SOLENE, world_text(w, "/api/1/partner/cabinet-lanterne/dossiers/%s/ask", id), form), 404);
    }
    not_asked(w, s.dossier, mails);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request"), requests);
}

/* ---- No member (S-9) ---- */

/* Where the client reads of the access, and nowhere else. The first page says which mandates end soon. */
static const char *const told[] = { "office_home", "support_index", "support_live", "support_visit", "support_stop_show", "support_request", "mandate_list", "mandate_show", NULL };

static bool is_told(const char *name)
{
    for (const char *const *t = told; *t; t++)
        if (strcmp(*t, name) == 0)
            return true;
    return false;
}

static bool names_them(struct support_scene *s, const struct route *r, int rendering)
{
    struct answer *answer = ask(s, SUPPORT_SABINE, r, &s->side, rendering);
    return strstr(answer->body, "Rolland") || strstr(answer->body, SUPPORT_INES);
}

WORLD_TEST(s_9_support_is_in_no_list_of_members_no_count_and_no_export)
{
    static const char *const lists[] = { SPACE "/members", SPACE "/members.json", SPACE "/members.csv", "/account/organizations.json", NULL };
    struct support_scene s;
    const char *before[4] = { NULL };
    support_scene_open(w, &s);
    for (int i = 0; lists[i]; i++)
        before[i] = world_get(w, SUPPORT_SABINE, lists[i])->body;
    int64_t members = world_number(w, "SELECT COUNT(*) FROM member WHERE org_id = " SUPPORT_ORG), memberships = world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'membership' AND org_id = " SUPPORT_ORG);
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    for (int i = 1; lists[i]; i++)
        assert_string_equal(world_get(w, SUPPORT_SABINE, lists[i])->body, before[i]);
    for (const struct route **r = routes_all(w); *r; r++)    /* while they are inside: the documents, for pages carry the line that says so */
        for (int i = 1; i < RENDERINGS && (*r)->method == METHOD_GET && route_is_of(*r, 'o') && !is_told((*r)->name); i++)
            if (names_them(&s, *r, i))
                fail_msg("%s names who helps", (*r)->pattern);
    struct answer *left = world_post(w, SUPPORT_INES, SPACE "/support/leave", "");
    assert_status(left, 303);
    int seen = 0;
    for (const struct route **r = routes_all(w); *r; r++) {
        if ((*r)->method != METHOD_GET || !(route_is_of(*r, 'o') || ((*r)->right == RIGHT_SELF && route_is_of(*r, 0))))
            continue;
        bool names = names_them(&s, *r, 0);
        if (names && !is_told((*r)->name))
            fail_msg("%s names who helps", (*r)->pattern);
        seen += names;
    }
    assert_true(seen >= 4);                                  /* hidden from the members is not hidden */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM member WHERE org_id = " SUPPORT_ORG), members);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'membership' AND org_id = " SUPPORT_ORG), memberships);
}

WORLD_MAIN("support reach", WORLD_CASE(s_8_before_consent_and_after_a_refusal_nothing_is_there), WORLD_CASE(s_11_after_the_end_nothing_is_there),
    WORLD_CASE(s_10_removed_or_detached_nothing_is_there), WORLD_CASE(s_10_another_collaborator_gains_nothing_by_what_is_the_firsts),
    WORLD_CASE(s_10_removed_and_invited_again_with_the_same_address_has_nothing), WORLD_CASE(s_4_a_client_that_never_chose_the_partner_hears_nothing),
    WORLD_CASE(s_9_support_is_in_no_list_of_members_no_count_and_no_export))
