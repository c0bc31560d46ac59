/* What never happens inside a support session (S-7): every route whose right the level does not hold, found by itself, is refused by the table of
   rights, whichever way it is tried: as a page, by the JSON API, with a form from before the session, with the administrator's own. Each try is on
   record as refused, with the client and with the partner. And what a right alone does not say: an address changed, all exported, a token made,
   one's own access agreed to, widened, prolonged. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/support.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/support.h"

#define SPACE "/o/froid-atlantique"
#define REFUSED "entry LIKE '%%\"outcome\":\"refused\"%%'"

enum { WAYS = 3, ROUTES_CLOSED_LEAST = 40, REFUSALS_MOST = 300 };

/* ---- What must not change ---- */

/* Every table but the logs (support_act is where a session finds its lines) and what counts tries. */
static const char *rows_of(struct world_test *w)
{
    char *rest = arena_text(world_arena(w), world_digest(w, 0));
    const char *kept = "";
    for (char *line; (line = strsep(&rest, "\n")) && *line;)
        if (!text_starts(line, "journal") && !text_starts(line, "attempt") && !text_starts(line, "support_act"))
            kept = world_text(w, "%s%s\n", kept, line);
    return kept;
}

static void same_rows(struct world_test *w, const char *before)
{
    char *old = arena_text(world_arena(w), before), *new = arena_text(world_arena(w), rows_of(w));
    for (char *a, *b; (a = strsep(&old, "\n")) && (b = strsep(&new, "\n"));)
        if (strcmp(a, b) != 0)
            fail_msg("changed: %.*s", (int)strcspn(a, " "), a);
}

static int64_t refusals(struct world_test *w, const char *org) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE org_id = %s AND " REFUSED, org)); }

/* Refused just now, in both logs, under this name. */
static void recorded(struct world_test *w, const char *action, int64_t before)
{
    assert_int_equal(refusals(w, SUPPORT_ORG), before + 1);
    assert_int_equal(refusals(w, SUPPORT_PARTNER), before + 1);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " SUPPORT_ORG " ORDER BY number DESC LIMIT 1"), action);
}

/* ---- Every route the level has no right to ---- */

/* What each level may, written out once more here: a right that slips into the table of rights is found, and its routes with it. */
#define B(name) RIGHT_BIT(RIGHT_##name)
#define READ (B(SPACE_OPEN) | B(CLIENT_READ) | B(TICKET_READ) | B(JOB_READ) | B(SERVICE_READ) | B(SUPPORT_SESSION))
#define WORK (READ | B(CLIENT_WRITE) | B(TICKET_WRITE) | B(TICKET_MANAGE) | B(JOB_WORK) | B(JOB_MANAGE) | B(SERVICE_MANAGE))

static const struct level { const char *word; rights_set may; } levels[] = {
    { "read", READ }, { "management", WORK }, { "accounting", WORK | B(INVOICE_READ) | B(INVOICE_WRITE) | B(PURCHASE_READ) | B(PURCHASE_WRITE) },
};

static bool is_closed(const struct route *r, const struct level *level)
{
    return route_is_of(r, 'o') && r->right != RIGHT_PUBLIC && r->right != RIGHT_SELF && !(level->may & RIGHT_BIT(r->right));
}

WORLD_TEST(s_7_a_level_has_the_rights_it_says_and_no_other)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        for (int right = 0; right < RIGHTS; right++)
            if ((mandate_gives(MANDATE_SUPPORT, levels[i].word) ^ levels[i].may) & RIGHT_BIT(right))
                fail_msg("%s: %s", levels[i].word, right_word((enum right)right));
    (void)w;
}

static struct answer *try_post(struct support_scene *s, const struct route *r, const char *address, int way, const char *const tokens[2])
{
    if (way == WAYS - 1)
        return world_post(s->w, SUPPORT_INES, world_text(s->w, "/api/1%s", address), route_form(s->w, r, &s->side, &s->side, -1));
    const char *form = world_text(s->w, "form_token=%s&%s", tokens[way], route_form(s->w, r, &s->side, &s->side, -1));
    return world_send(s->w, world_cookie(s->w, SUPPORT_INES), METHOD_POST, address, "application/x-www-form-urlencoded", form, strlen(form));
}

static struct answer *try_get(struct support_scene *s, const struct route *r, const char *address, int way)
{
    static const char *const ways[WAYS][2] = { { "", "" }, { "", ".json" }, { "/api/1", "" } };
    return world_get(s->w, SUPPORT_INES, r->is_raw ? address : world_text(s->w, "%s%s%s", ways[way][0], address, ways[way][1]));
}

static void level_walk(struct support_scene *s, const struct level *level, const char *const tokens[2])
{
    struct world_test *w = s->w;
    int tried = 0, routes = 0;
    int64_t there = refusals(w, SUPPORT_ORG), here = refusals(w, SUPPORT_PARTNER);
    const char *before = rows_of(w);
    for (const struct route **r = routes_all(w); *r; r++) {
        if (!is_closed(*r, level))
            continue;
        const char *address = route_address(w, *r, &s->side, &s->side, 0);
        world_run_sql(w, "DELETE FROM attempt");            /* there are more of them than may be tried in an hour: that limit has its own test */
        for (int way = 0; way < WAYS; way++, tried++) {
            struct answer *answer = (*r)->method == METHOD_POST ? try_post(s, *r, address, way, tokens) : try_get(s, *r, address, way);
            if (answer->status != 403)
                fail_msg("%s, %s: way %d answers %d", level->word, (*r)->pattern, way, answer->status);
        }
        routes++;
        if (strcmp(world_value(w, "SELECT action FROM journal WHERE org_id = " SUPPORT_ORG " ORDER BY number DESC LIMIT 1"), (*r)->name) != 0)
            fail_msg("%s, %s: not the last line of the log", level->word, (*r)->pattern);
    }
    assert_true(routes >= ROUTES_CLOSED_LEAST);
    same_rows(w, before);
    assert_int_equal(refusals(w, SUPPORT_ORG), there + tried);
    assert_int_equal(refusals(w, SUPPORT_PARTNER), here + tried);
}

WORLD_TEST(s_7_no_route_beyond_the_level_by_any_way)
{
    struct support_scene s;
    support_scene_open(w, &s);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const char *const tokens[2] = { world_token(w, SUPPORT_INES), world_token(w, SUPPORT_SABINE) };   /* of pages drawn before the session */
        support_scene_inside(&s, SUPPORT_INES, levels[i].word);
        support_scene_ask(&s, SUPPORT_INES, "accounting");  /* ":request" is an open one of theirs: to approve it is to widen and to prolong */
        level_walk(&s, &levels[i], tokens);
        assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", s.mandate)), "requested");
        assert_status(world_post(w, SUPPORT_SABINE, world_text(w, SPACE "/support/requests/%s/refuse", s.mandate), "note=non"), 303);
        s.mandate = world_value(w, "SELECT id FROM mandate WHERE kind = 'support' AND state = 'active' AND org_id = " SUPPORT_ORG " AND holder_org_id = " SUPPORT_PARTNER);
        support_scene_withdraw(&s);
    }
}

/* ---- What no right says ---- */

WORLD_TEST(s_7_no_address_no_export_of_all_no_token)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    const char *contact = side_value(&s.side, "contact"), *kinds[] = { "clients", "contacts", "tickets" };
    const char *form = "first_name=Claire&last_name=Delmas&lang=fr&email=ines.autre%40lanterne.example", *at = world_text(w, SPACE "/contacts/%s/edit", contact);
    const char *email = world_text(w, "SELECT email FROM contact WHERE id = %s", contact), *before = world_value(w, email);
    int64_t tries = 0, exports = world_number(w, "SELECT COUNT(*) FROM export_run"), tokens = world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'token'");
    for (int api = 0; api < 2; api++) {
        assert_status(world_post(w, SUPPORT_INES, world_text(w, "%s%s", api ? "/api/1" : "", at), form), 422);
        recorded(w, "contact_update", tries++);
        for (int i = 0; i < 3; i++) {
            assert_status(world_post(w, SUPPORT_INES, world_text(w, "%s" SPACE "/exports", api ? "/api/1" : ""), world_text(w, "kind=%s", kinds[i])), 403);
            recorded(w, "export_create", tries++);
        }
        assert_status(world_post(w, SUPPORT_INES, world_text(w, "%s/account/tokens", api ? "/api/1" : ""), "space=o/froid-atlantique&name=x&ends_on=2026-12-31&may_client_read=1"), 422);
        recorded(w, "token_create", tries++);
    }
    static const char *const wholes[] = { "jobs", "jobs&from=0001-01-01", "jobs&to=9999-12-31", "jobs&from=2000-01-01&to=2099-12-31", "sites", "equipment" };
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {      /* a filter that leaves nothing out is none */
        assert_status(world_post(w, SUPPORT_INES, SPACE "/exports", world_text(w, "kind=%s", wholes[i])), 403);
        recorded(w, "export_create", tries++);
    }
    assert_string_equal(world_value(w, email), before);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM export_run"), exports);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'token'"), tokens);
    assert_has(world_get(w, SUPPORT_SABINE, world_text(w, SPACE "/support/sessions/%s", side_value(&s.side, "visit"))), "s’est vu refuser\u00a0: Exports");
}

WORLD_TEST(s_7_tries_without_end_do_not_fill_the_logs)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "read");
    assert_status(world_get(w, SUPPORT_INES, SPACE "/members"), 403);
    recorded(w, "member_list", 0);
    world_run_sql(w, world_text(w, "UPDATE attempt SET count = %d", REFUSALS_MOST));
    assert_status(world_get(w, SUPPORT_INES, SPACE "/members"), 403);
    assert_int_equal(refusals(w, SUPPORT_ORG), 1);
    world_pass(w, CLOCK_HOUR_MS - CLOCK_MINUTE_MS);
    assert_status(world_post(w, SUPPORT_INES, SPACE "/support/prolong", ""), 303);
    world_pass(w, 2 * CLOCK_MINUTE_MS);
    assert_status(world_get(w, SUPPORT_INES, SPACE "/members"), 403);
    assert_int_equal(refusals(w, SUPPORT_ORG), 2);
}

/* ---- Their own access ---- */

/* The letter of the open request, as the client's administrator got it. */
static const char *letter(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    return mail_link_address_of(&c, "support", world_number(w, "SELECT MAX(link_id) FROM support_letter WHERE person_id = (SELECT id FROM person WHERE email = '" SUPPORT_SABINE "')")) + strlen(c.address);
}

WORLD_TEST(s_7_nobody_approves_widens_or_prolongs_their_own)
{
    struct support_scene s;
    struct ctx c;
    int64_t member_id = 0;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "read");
    support_scene_ask(&s, SUPPORT_INES, "accounting");
    const char *state = world_text(w, "SELECT state FROM mandate WHERE id = %s", s.mandate), *yes = "level=accounting&term=until&hours=24";
    const char *inside = world_text(w, SPACE "/support/requests/%s", s.mandate), *path = letter(w);
    assert_status(world_post(w, SUPPORT_INES, inside, yes), 403);
    assert_status(world_post(w, SUPPORT_INES, path, yes), 422);             /* the letter in the wrong hands, without the mailbox */
    assert_status(world_post(w, SUPPORT_SOLENE, path, yes), 422);           /* who asked does not answer */
    assert_string_equal(world_value(w, state), "requested");
    /* Even where they are an administrator of the client as well. */
    world_ctx(w, &c);
    c.who.person_id = world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_SABINE "'");
    c.who.org_id = s.side.org_id;
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(membership_give(&c, c.who.org_id, world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_INES "'"), "administrator", "", &member_id));
    must(db_commit(c.db, c.arena));
    assert_status(world_post(w, SUPPORT_INES, inside, yes), 403);           /* inside the session that alone counts */
    struct answer *left = world_post(w, SUPPORT_INES, SPACE "/support/leave", "");
    assert_status(left, 303);
    world_cookie_keep(w, SUPPORT_INES, left);
    assert_status(world_post(w, SUPPORT_INES, inside, yes), 403);
    assert_status(world_post(w, SUPPORT_INES, path, yes), 403);
    assert_string_equal(world_value(w, state), "requested");
}

WORLD_TEST(s_7_a_session_is_prolonged_to_the_consents_end_and_no_further)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_ask(&s, SUPPORT_INES, "read");
    support_scene_grant(&s, "read", 3);
    support_scene_enter(&s, SUPPORT_INES);
    const char *beyond = world_text(w, "SELECT COUNT(*) FROM support_session x JOIN mandate m ON m.org_id = x.org_id AND m.id = x.mandate_id WHERE m.id = %s AND x.ends_at > m.ends_at", s.mandate);
    for (int i = 0; i < 4; i++) {
        world_pass(w, 44 * CLOCK_MINUTE_MS);
        assert_status(world_post(w, SUPPORT_INES, SPACE "/support/prolong", "ends_at=9000000000000000000&hours=8760"), 303);
        assert_int_equal(world_number(w, beyond), 0);
    }
    world_pass(w, 5 * CLOCK_MINUTE_MS);
    assert_status(world_post(w, SUPPORT_INES, SPACE "/support/prolong", ""), 404);
    assert_status(world_get(w, SUPPORT_INES, SPACE "/clients"), 404);
}

WORLD_MAIN("support never", WORLD_CASE(s_7_a_level_has_the_rights_it_says_and_no_other),
    WORLD_CASE(s_7_no_route_beyond_the_level_by_any_way), WORLD_CASE(s_7_no_address_no_export_of_all_no_token),
    WORLD_CASE(s_7_tries_without_end_do_not_fill_the_logs), WORLD_CASE(s_7_nobody_approves_widens_or_prolongs_their_own),
    WORLD_CASE(s_7_a_session_is_prolonged_to_the_consents_end_and_no_further))
