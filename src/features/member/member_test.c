/* Members: invited, accepted, changed, removed (P-2's list, S-13, M-5), on both databases. */
#include "lib/world.h"
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/demo/demo.h"
#include "mail/mail.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define MANAGER "yann.le-goff@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define STRANGER "camille.vasseur@hexanode.example"           /* administrator of Hexanode, known to the server */
#define CLAIRE "claire.delmas@bellerive.example"               /* a contact: no member of anything */
#define NEW "lea.caradec@neuf.example"
#define OFFICE "/o/froid-atlantique"
#define GOOD "quatre canots et un phare"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static struct answer *invite(struct world_test *w, const char *email, const char *role)
{
    return world_post(w, ADMIN, OFFICE "/members", world_text(w, "first_name=L%%C3%%A9a&last_name=Caradec&title=Accueil&role=%s&email=%s", role,
        text_url_encode(world_arena(w), email)));
}

static const char *member_id(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = '%s'", email));
}

static const char *member_path(struct world_test *w, const char *email, const char *rest) { return world_text(w, OFFICE "/members/%s%s", member_id(w, email), rest); }

static const char *state(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT d.state FROM mandate d JOIN person p ON p.id = d.holder_person_id WHERE d.org_id = " ORG
        " AND d.kind = 'membership' AND p.email_key = '%s' ORDER BY d.id DESC LIMIT 1", email));
}

/* The link of the latest invitation, as the mail would carry it. */
static const char *link_of(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    int64_t id = world_number(w, world_text(w, "SELECT link_id FROM mail WHERE link_kind = 'invitation' AND to_email = '%s' ORDER BY id DESC LIMIT 1", email));
    return mail_link_address_of(&c, "invitation", id) + strlen(c.address);
}

static const char *join(struct world_test *w, const char *link) { return world_text(w, "%s/password", link); }
static const char *password(struct world_test *w) { return world_text(w, "password=%s", text_url_encode(world_arena(w), GOOD)); }
static struct answer *get_as(struct world_test *w, const char *cookie, const char *target) { return world_send(w, cookie, METHOD_GET, target, "", "", 0); }

static const char *last_entry(struct world_test *w, const char *log)
{
    return world_value(w, world_text(w, "SELECT entry FROM journal WHERE org_id = %s ORDER BY number DESC LIMIT 1", log));
}

static const char *demo_promote(struct world_test *w, const char *email)
{
    world_run_sql(w, world_text(w, "UPDATE mandate SET detail = 'administrator' WHERE org_id = " ORG " AND kind = 'membership' AND state = 'active' AND "
        "holder_person_id = (SELECT id FROM person WHERE email_key = '%s')", email));
    return email;
}

/* ---- The list ---- */

WORLD_TEST(p_2_the_list_says_who_in_which_role_since_when)
{
    struct answer *page = world_get(w, ADMIN, OFFICE "/members");
    assert_status(page, 200);
    assert_has(page, "Gérer les membres");
    assert_has(page, "Karim Benali");
    assert_has(page, "Technicien");
    assert_has(page, "Responsable d’exploitation");
    struct answer *found = world_get(w, MANAGER, OFFICE "/members.json?search=ben%20KARIM");
    assert_int_equal(doc_count(doc_get(found->doc, "members")), 1);
    const struct doc *row = doc_at(doc_get(found->doc, "members"), 0);
    assert_string_equal(doc_text_of(row, "role"), "technician");
    assert_string_equal(doc_text_of(row, "state"), "active");
    assert_int_equal(doc_count(doc_get(world_get(w, ADMIN, OFFICE "/members.json?search=zzz")->doc, "members")), 0);
    assert_not(world_get(w, MANAGER, OFFICE "/members"), "/members/new");   /* may see, may not manage */
    assert_status(world_get(w, TECHNICIAN, OFFICE "/members"), 403);
}

WORLD_TEST(p_2_the_list_has_pages)
{
    for (int i = 0; i < 60; i++) {
        world_run_sql(w, world_text(w, "INSERT INTO person (id, email, email_key, first_name, last_name, created_at) VALUES (%d, 'n%d', 'n%d', 'N', 'N%d', 1)", 500 + i, i, i, i));
        world_run_sql(w, world_text(w, "INSERT INTO member (org_id, id, person_id, name_key, created_at) VALUES (" ORG ", %d, %d, 'n%02d', 1)", 500 + i, 500 + i, i));
        world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) "
            "VALUES (" ORG ", %d, 'membership', 'technician', 'active', %d, %d, 1, 1)", 500 + i, 500 + i, 500 + i));
    }
    struct answer *first = world_get(w, ADMIN, OFFICE "/members.json");
    assert_int_equal(doc_count(doc_get(first->doc, "members")), 50);
    struct answer *next = world_get(w, ADMIN, world_text(w, OFFICE "/members.json%s", doc_text_of(doc_get(first->doc, "page"), "next")));
    assert_int_equal(doc_count(doc_get(next->doc, "members")), 16);
}

/* ---- Invited ---- */

static const char *receipt_in(struct world_test *w, const char *kind, const char *to, const char *before)
{
    const char *text = world_value(w, world_text(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = '%s' AND m.to_email = '%s' ORDER BY m.id DESC LIMIT 1", kind, to));
    const char *at = strstr(text, before);
    if (!at)
        fail_msg("no %s in %s: %s", before, kind, text);
    return world_text(w, "%.*s", (int)strcspn(at, " \r\n"), at);
}

/* M-6: both sides have the receipt of a membership in their mail, and it opens. */
static void receipts_are_linked(struct world_test *w, const char *cookie)
{
    struct answer *own = get_as(w, cookie, receipt_in(w, "mail_member_joined", NEW, "/account/mandates/"));
    assert_status(own, 200);
    assert_has(own, "Froid Atlantique");
    assert_status(world_get(w, ADMIN, receipt_in(w, "mail_member_answered", ADMIN, OFFICE "/mandates/")), 200);
}

WORLD_TEST(p_2_somebody_new_is_invited_and_accepts_by_setting_a_password)
{
    struct answer *sent = invite(w, NEW, "manager");
    assert_status(sent, 303);
    assert_non_null(strstr(last_entry(w, ORG), "member_invite"));
    assert_non_null(strstr(last_entry(w, ORG), world_text(w, "member:%s", member_id(w, NEW))));
    assert_string_equal(state(w, NEW), "requested");
    assert_has(world_get(w, ADMIN, OFFICE "/members"), "Invitation envoyée");
    const char *link = link_of(w, NEW), *subject = world_value(w, "SELECT subject FROM mail ORDER BY id DESC LIMIT 1");
    assert_string_equal(subject, "Sabine Cozic vous invite à rejoindre Froid Atlantique");
    assert_null(strstr(world_value(w, "SELECT text FROM mail_body ORDER BY mail_id DESC LIMIT 1"), strrchr(link, '/') + 1));   /* no secret is stored */
    struct answer *page = world_get(w, NULL, link);
    assert_status(page, 200);
    assert_has(page, "Sabine Cozic vous invite à rejoindre Froid Atlantique");
    assert_has(page, "autocomplete=\"new-password\"");
    assert_status(world_post(w, NULL, join(w, link), "password=court"), 422);
    assert_string_equal(state(w, NEW), "requested");
    struct answer *in = world_post(w, NULL, join(w, link), password(w));
    assert_status(in, 303);
    assert_non_null(strstr(in->location, OFFICE));
    assert_string_equal(state(w, NEW), "active");
    assert_status(get_as(w, in->cookie, OFFICE "/clients"), 200);
    assert_non_null(strstr(last_entry(w, ORG), "invitation_join"));
    assert_non_null(strstr(last_entry(w, ORG), world_value(w, "SELECT id FROM person WHERE email_key = '" NEW "'")));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE org_id = 0 AND action = 'password_set'"), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_answered' AND to_email = '" ADMIN "'"), 1);
    receipts_are_linked(w, in->cookie);
}

WORLD_TEST(p_2_somebody_known_signs_in_and_accepts)
{
    assert_status(invite(w, STRANGER, "accountant"), 303);
    assert_not(world_get(w, ADMIN, OFFICE "/members"), "Camille Vasseur");   /* what they are called elsewhere is not shown */
    const char *link = link_of(w, STRANGER);
    struct answer *door = world_get(w, NULL, link);
    assert_not(door, "new-password");
    assert_has(door, "/sign-in?back=/account/invitation/");
    assert_status(world_post(w, NULL, join(w, link), password(w)), 422);     /* an invitation sets nobody's second password */
    assert_status(world_get(w, STRANGER, OFFICE), 404);
    struct answer *page = world_get(w, STRANGER, link);
    assert_has(page, "Accepter l’invitation");
    assert_status(world_post(w, STRANGER, link, ""), 303);
    assert_string_equal(state(w, STRANGER), "active");
    assert_status(world_get(w, STRANGER, OFFICE), 200);
    assert_has(world_get(w, ADMIN, OFFICE "/members"), "Camille Vasseur");
    struct answer *mine = world_get(w, STRANGER, "/account/organizations");
    assert_has(mine, "Froid Atlantique");
    assert_has(mine, "Hexanode");
}

WORLD_TEST(p_2_opening_the_link_changes_nothing)
{
    invite(w, NEW, "manager");
    const char *link = link_of(w, NEW), *before = world_value(w, "SELECT COUNT(*) FROM journal");
    for (int i = 0; i < 3; i++)
        assert_status(world_get(w, i ? CLAIRE : NULL, link), 200);
    assert_string_equal(state(w, NEW), "requested");
    assert_string_equal(world_value(w, "SELECT COUNT(*) FROM journal"), before);
    assert_string_equal(world_value(w, "SELECT COUNT(*) FROM member_invitation WHERE answered_at IS NOT NULL"), "0");
    assert_status(world_get(w, NULL, "/account/invitation/AAAA"), 404);
    assert_status(world_get(w, NULL, world_text(w, "/account/password/%s", strrchr(link, '/') + 1)), 404);   /* a link of another kind */
}

WORLD_TEST(p_2_the_link_works_once)
{
    invite(w, NEW, "manager");
    const char *link = link_of(w, NEW);
    assert_status(world_post(w, NULL, join(w, link), password(w)), 303);
    assert_has(world_get(w, NULL, link), "Cette invitation ne vaut plus");
    assert_status(world_post(w, NULL, join(w, link), "password=une+autre+phrase+bien+longue"), 422);
    assert_status(world_post(w, NULL, world_text(w, "%s/decline", link), ""), 422);
    assert_string_equal(state(w, NEW), "active");
}

WORLD_TEST(p_2_the_link_dies_after_7_days)
{
    invite(w, NEW, "manager");
    const char *link = link_of(w, NEW);
    world_pass(w, 8 * CLOCK_DAY_MS);
    assert_has(world_get(w, NULL, link), "Cette invitation ne vaut plus");
    assert_status(world_post(w, NULL, join(w, link), password(w)), 422);
    assert_string_equal(state(w, NEW), "requested");
    world_run_sql(w, world_text(w, "UPDATE session SET seen_at = %lld, expires_at = %lld", (long long)world_now(w), (long long)world_now(w) + CLOCK_DAY_MS));
    assert_has(world_get(w, ADMIN, OFFICE "/members"), "Invitation expirée");
    assert_status(world_post(w, ADMIN, member_path(w, NEW, "/resend"), ""), 303);
    assert_status(world_post(w, NULL, join(w, link_of(w, NEW)), password(w)), 303);
}

WORLD_TEST(p_2_sent_again_the_old_link_is_dead)
{
    invite(w, NEW, "manager");
    const char *old = link_of(w, NEW);
    assert_status(world_post(w, ADMIN, member_path(w, NEW, "/resend"), ""), 303);
    assert_non_null(strstr(last_entry(w, ORG), "member_resend"));
    assert_has(world_get(w, NULL, old), "Cette invitation ne vaut plus");
    assert_status(world_post(w, NULL, join(w, old), password(w)), 422);
    assert_string_not_equal(old, link_of(w, NEW));
    assert_status(world_post(w, NULL, join(w, link_of(w, NEW)), password(w)), 303);
    assert_status(world_post(w, ADMIN, member_path(w, NEW, "/resend"), ""), 409);   /* has answered */
}

WORLD_TEST(p_2_the_link_is_bound_to_the_person)
{
    invite(w, STRANGER, "manager");
    const char *link = link_of(w, STRANGER);
    assert_has(world_get(w, CLAIRE, link), "Cette invitation est pour");
    assert_not(world_get(w, CLAIRE, link), "Accepter l’invitation");
    assert_status(world_post(w, CLAIRE, link, ""), 422);
    assert_status(world_post(w, CLAIRE, world_text(w, "%s/decline", link), ""), 422);
    assert_string_equal(state(w, STRANGER), "requested");
    assert_status(world_get(w, CLAIRE, OFFICE), 404);
    world_run_sql(w, "UPDATE person SET email_key = 'ailleurs@exemple.example' WHERE email_key = '" STRANGER "'");
    assert_has(world_get(w, NULL, link), "Cette invitation ne vaut plus");           /* and to the address */
}

WORLD_TEST(p_2_an_invitation_is_declined_or_withdrawn)
{
    invite(w, NEW, "manager");
    assert_status(world_post(w, NULL, world_text(w, "%s/decline", link_of(w, NEW)), ""), 303);
    assert_string_equal(state(w, NEW), "refused");
    assert_non_null(strstr(last_entry(w, ORG), "invitation_decline"));
    assert_not(world_get(w, ADMIN, OFFICE "/members"), NEW);
    assert_status(invite(w, NEW, "technician"), 303);                                /* asked anew, as the same member */
    const char *link = link_of(w, NEW);
    assert_status(world_get(w, ADMIN, member_path(w, NEW, "/remove")), 200);
    assert_status(world_post(w, ADMIN, member_path(w, NEW, "/remove"), ""), 303);
    assert_string_equal(state(w, NEW), "expired");
    assert_has(world_get(w, NULL, link), "Cette invitation ne vaut plus");
    assert_status(world_post(w, NULL, join(w, link), password(w)), 422);
}

WORLD_TEST(p_2_nobody_is_invited_twice)
{
    invite(w, NEW, "manager");
    struct answer *again = invite(w, NEW, "administrator");
    assert_status(again, 422);
    assert_has(again, "déjà invitée");
    struct answer *member = invite(w, TECHNICIAN, "administrator");
    assert_status(member, 422);
    assert_has(member, "déjà membre");
    assert_status(invite(w, ADMIN, "manager"), 422);
    assert_status(invite(w, "x@y.example", "owner"), 422);
    assert_status(invite(w, "x@y.example", "collaborator"), 422);                   /* the partner's own way, not this one */
    assert_status(world_post(w, MANAGER, OFFICE "/members", "first_name=a&last_name=b&email=x%40y.example&role=administrator"), 403);
}

/* ---- Changed, removed ---- */

WORLD_TEST(m_5_nobody_changes_their_own_role)
{
    demo_promote(w, MANAGER);
    struct answer *own = world_post(w, ADMIN, member_path(w, ADMIN, ""), "title=Direction&role=manager");
    assert_status(own, 422);
    assert_has(own, "Personne ne change son propre rôle");
    assert_not(world_get(w, ADMIN, member_path(w, ADMIN, "")), "name=\"role\"");
    assert_status(world_post(w, ADMIN, member_path(w, ADMIN, ""), "title=Direction"), 303);   /* the title is no mandate */
    assert_status(world_get(w, ADMIN, OFFICE "/members/new"), 200);
    assert_status(world_post(w, ADMIN, member_path(w, ADMIN, "/remove"), ""), 422);
}

WORLD_TEST(p_2_the_last_administrator_stays)
{
    struct answer *demoted = world_post(w, ADMIN, member_path(w, ADMIN, ""), "role=manager");
    assert_status(demoted, 422);
    assert_has(demoted, "dernier administrateur");
    struct answer *removed = world_post(w, ADMIN, member_path(w, ADMIN, "/remove"), "");
    assert_status(removed, 422);
    assert_has(removed, "dernier administrateur");
    struct answer *left = world_post(w, ADMIN, OFFICE "/leave", "");
    assert_status(left, 422);
    assert_has(left, "dernier administrateur");
    assert_string_equal(state(w, ADMIN), "active");
    invite(w, NEW, "administrator");                                                  /* asked only: not one yet */
    assert_status(world_post(w, ADMIN, OFFICE "/leave", ""), 422);
    world_post(w, NULL, join(w, link_of(w, NEW)), password(w));
    assert_status(world_post(w, ADMIN, OFFICE "/leave", ""), 303);
    assert_non_null(strstr(last_entry(w, ORG), "member_leave"));
    assert_string_equal(world_value(w, "SELECT ended_why FROM mandate WHERE kind = 'membership' AND state = 'ended'"), "given up");
    assert_status(world_get(w, ADMIN, OFFICE), 404);
}

WORLD_TEST(p_2_a_role_is_changed_from_the_next_request_on)
{
    assert_status(world_get(w, TECHNICIAN, OFFICE "/tickets"), 403);
    assert_status(world_post(w, ADMIN, member_path(w, TECHNICIAN, ""), "title=Chef+d%27%C3%A9quipe&role=support_agent"), 303);
    assert_status(world_get(w, TECHNICIAN, OFFICE "/tickets"), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_changed' AND to_email = '" TECHNICIAN "'"), 1);
    assert_has(world_get(w, ADMIN, OFFICE "/members"), "Chef d&#39;équipe");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate_holder h JOIN person p ON p.id = h.person_id WHERE p.email_key = '" TECHNICIAN "'"), 1);
    const char *payload = world_value(w, "SELECT payload FROM journal_payload WHERE org_id = " ORG " ORDER BY number DESC LIMIT 1");
    assert_non_null(strstr(payload, "\"role\":\"technician\""));
    assert_non_null(strstr(payload, "\"new_role\":\"support_agent\""));
    invite(w, NEW, "manager");
    assert_status(world_post(w, ADMIN, member_path(w, NEW, ""), "role=administrator"), 422);   /* not what was offered */
}

WORLD_TEST(p_2_whoever_is_removed_is_out_at_the_next_request)
{
    assert_status(world_get(w, TECHNICIAN, OFFICE "/clients"), 200);
    struct answer *asked = world_get(w, ADMIN, member_path(w, TECHNICIAN, "/remove"));
    assert_has(asked, "voir les clients et faire ses interventions");                 /* what ends, in words */
    const char *path = member_path(w, TECHNICIAN, "/remove");
    assert_status(world_post(w, ADMIN, path, ""), 303);
    assert_status(world_get(w, TECHNICIAN, OFFICE "/clients"), 404);
    assert_status(world_get(w, TECHNICIAN, OFFICE), 404);
    assert_status(world_get(w, TECHNICIAN, "/account"), 200);                         /* the account stays theirs */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_removed' AND to_email = '" TECHNICIAN "'"), 1);
    assert_string_equal(world_value(w, "SELECT ended_why FROM mandate WHERE kind = 'membership' AND state = 'ended'"), "withdrawn");
    assert_string_equal(world_value(w, "SELECT ended_by FROM mandate WHERE kind = 'membership' AND state = 'ended'"),
        world_value(w, "SELECT id FROM person WHERE email_key = '" ADMIN "'"));
    assert_non_null(strstr(last_entry(w, ORG), "member_remove"));
    assert_status(world_post(w, ADMIN, path, ""), 404);                               /* no member any more */
}

WORLD_TEST(x_2_members_of_another_organization_do_not_exist)
{
    const char *id = world_value(w, "SELECT m.id FROM member m JOIN organization o ON o.id = m.org_id WHERE o.slug = 'hexanode' ORDER BY m.id LIMIT 1");
    static const char *const rests[] = { "", "/remove", "/resend" };
    for (size_t i = 0; i < 3; i++) {
        struct answer *other = world_post(w, ADMIN, world_text(w, OFFICE "/members/%s%s", id, rests[i]), "title=x&role=manager");
        struct answer *none = world_post(w, ADMIN, world_text(w, OFFICE "/members/777777777777777777%s", rests[i]), "title=x&role=manager");
        assert_status(other, 404);
        assert_string_equal(other->body, none->body);
    }
    assert_status(world_get(w, ADMIN, world_text(w, OFFICE "/members/%s", id)), 404);
    assert_status(world_get(w, STRANGER, OFFICE "/members"), 404);
    assert_string_equal(world_value(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE holder_member_id = %s AND state = 'active'", id)), "1");
}

WORLD_TEST(p_2_two_administrators_do_not_both_leave)
{
    demo_promote(w, MANAGER);
    assert_status(world_post(w, MANAGER, OFFICE "/leave", ""), 303);
    assert_status(world_post(w, ADMIN, OFFICE "/leave", ""), 422);
}

struct leaver { struct world_test *w; struct arena arena; struct db *db; const char *cookie, *body; pthread_barrier_t *start; int status; };

static void *leave(void *arg)
{
    struct leaver *l = arg;
    pthread_barrier_wait(l->start);
    l->status = world_ask(l->w, &l->arena, l->db, &(struct world_request){ .cookie = l->cookie, .method = METHOD_POST, .target = OFFICE "/leave",
        .type = "application/x-www-form-urlencoded", .body = l->body, .len = strlen(l->body) })->status;
    return NULL;
}

/* Both at the same moment, on connections of their own: each takes the other's mandate before it counts. */
WORLD_TEST(p_2_two_administrators_do_not_both_leave_at_once)
{
    const char *who[] = { ADMIN, demo_promote(w, MANAGER) };
    struct leaver l[2] = { 0 };
    pthread_t thread[2];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        l[i] = (struct leaver){ .w = w, .cookie = world_cookie(w, who[i]), .start = &start,
            .body = world_text(w, "form_token=%s", text_url_encode(world_arena(w), world_token(w, who[i]))) };
        arena_init(&l[i].arena, (size_t)64 * 1024 * 1024);
        l[i].db = world_db_new(w, &l[i].arena);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, leave, &l[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 2; i++) {
        db_close(l[i].db);
        arena_free(&l[i].arena);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal((l[0].status == 303) + (l[1].status == 303), 1);   /* the other is refused, or told to try again */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE org_id = " ORG " AND kind = 'membership' AND detail = 'administrator' AND state = 'active'"), 1);
}

/* ---- Roles, spaces ---- */

WORLD_TEST(s_13_the_accountant_has_accounting_pages_alone)
{
    invite(w, NEW, "accountant");
    struct answer *in = world_post(w, NULL, join(w, link_of(w, NEW)), password(w));
    assert_status(get_as(w, in->cookie, OFFICE), 200);
    static const char *const closed[] = { "/clients", "/contacts", "/tickets", "/members", "/members/new", "/settings" };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        assert_status(get_as(w, in->cookie, world_text(w, OFFICE "%s", closed[i])), 403);
    struct answer *mine = get_as(w, in->cookie, "/account/organizations");
    assert_has(mine, "Comptable");
    assert_not(mine, "Karim Benali");                                                  /* no list of members by another way */
    assert_not(get_as(w, in->cookie, OFFICE), "Gérer les membres");
    assert_has(world_get(w, ADMIN, OFFICE "/members"), "Comptable");                   /* who is a member */
}

WORLD_TEST(s_9_my_organizations_list_members_and_nobody_of_a_partner)
{
    const char *org = world_value(w, "SELECT " ORG);
    world_run_sql(w, "INSERT INTO person (id, email, email_key, first_name, last_name, created_at) VALUES (61, 'aide@p.example', 'aide@p.example', 'Aide', 'Partenaire', 1)");
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at) "
        "VALUES (%s, 61, 'support', 'management', 'active', 61, %s, 1, 1)", org, org));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES (61, %s, 61)", org));
    struct answer *mine = world_get(w, ADMIN, "/account/organizations");
    assert_status(mine, 200);
    assert_has(mine, "Karim Benali");
    assert_has(mine, OFFICE "/members");
    assert_not(mine, "Partenaire");
    assert_not(world_get(w, ADMIN, OFFICE "/members"), "Partenaire");
    assert_has(world_get(w, CLAIRE, "/account/organizations"), "d’aucune entreprise");
    assert_status(world_get(w, NULL, "/account/organizations"), 303);
    assert_has(world_get(w, ADMIN, OFFICE), "/account/organizations");                 /* in the person's menu */
    assert_not(world_get(w, CLAIRE, "/p/froid-atlantique"), "/account/organizations");
}

WORLD_TEST(p_2_invitations_are_limited)
{
    invite(w, NEW, "manager");
    const char *path = member_path(w, NEW, "/resend");
    for (int i = 0; i < 5; i++)
        assert_status(world_post(w, ADMIN, path, world_text(w, "n=%d", i)), 303);
    assert_status(world_post(w, ADMIN, path, "n=9"), 429);
}

WORLD_MAIN("member", WORLD_CASE(p_2_the_list_says_who_in_which_role_since_when), WORLD_CASE(p_2_the_list_has_pages),
    WORLD_CASE(p_2_somebody_new_is_invited_and_accepts_by_setting_a_password), WORLD_CASE(p_2_somebody_known_signs_in_and_accepts),
    WORLD_CASE(p_2_opening_the_link_changes_nothing), WORLD_CASE(p_2_the_link_works_once), WORLD_CASE(p_2_the_link_dies_after_7_days),
    WORLD_CASE(p_2_sent_again_the_old_link_is_dead), WORLD_CASE(p_2_the_link_is_bound_to_the_person), WORLD_CASE(p_2_an_invitation_is_declined_or_withdrawn),
    WORLD_CASE(p_2_nobody_is_invited_twice), WORLD_CASE(m_5_nobody_changes_their_own_role), WORLD_CASE(p_2_the_last_administrator_stays),
    WORLD_CASE(p_2_a_role_is_changed_from_the_next_request_on), WORLD_CASE(p_2_whoever_is_removed_is_out_at_the_next_request),
    WORLD_CASE(x_2_members_of_another_organization_do_not_exist), WORLD_CASE(p_2_two_administrators_do_not_both_leave),
    WORLD_CASE(p_2_two_administrators_do_not_both_leave_at_once),
    WORLD_CASE(s_13_the_accountant_has_accounting_pages_alone), WORLD_CASE(s_9_my_organizations_list_members_and_nobody_of_a_partner),
    WORLD_CASE(p_2_invitations_are_limited))
