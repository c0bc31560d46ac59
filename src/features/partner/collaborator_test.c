/* « Collaborateurs »: a partner's people invited, joined, removed, gone by themselves (S-1, S-2, S-3, S-10, S-11). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/world.h"
#include "mail/mail.h"

#define INES "ines.rolland@lanterne.example"
#define HUGO "hugo.marchetti@lanterne.example"
#define MAELLE "maelle.guyader@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define STRANGER "camille.vasseur@hexanode.example"     /* administrator elsewhere, known to the server */
#define NEW "lea.caradec@neuf.example"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define SPACE "/partner/cabinet-lanterne"
#define LIST SPACE "/collaborators"
#define HOME SPACE "/dossiers"
#define ADDED "first_name=Lea&last_name=Caradec&phone=02+99+00+00+00&role=collaborator"

static const char *member(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '%s')", email));
}

static const char *path(struct world_test *w, const char *email, const char *rest) { return world_text(w, LIST "/%s%s", member(w, email), rest); }

static struct answer *add(struct world_test *w, const char *email)
{
    return world_post(w, SOLENE, LIST, world_text(w, ADDED "&email=%s", text_url_encode(world_arena(w), email)));
}

/* The link of the latest invitation, as the mail would carry it. */
static const char *link_of(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    int64_t id = world_number(w, world_text(w, "SELECT link_id FROM mail WHERE link_kind = 'invitation' AND to_email = '%s' ORDER BY id DESC LIMIT 1", email));
    return mail_link_address_of(&c, "invitation", id) + strlen(c.address);
}

static struct answer *join(struct world_test *w, const char *link)
{
    return world_post(w, NULL, world_text(w, "%s/password", link), "password=quatre+canots+et+un+phare");
}

static void expire(struct world_test *w, const char *email)
{
    world_run_sql(w, world_text(w, "UPDATE member_invitation SET expires_at = %lld WHERE email_key = '%s'", (long long)world_now(w), email));
}

static const char *dossier(struct world_test *w)
{
    return world_value(w, "SELECT id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI);
}

/* Inès may enter at Boulangerie Tivoli. */
static void given(struct world_test *w)
{
    assert_status(world_post(w, SOLENE, world_text(w, HOME "/%s/ask", dossier(w)), world_text(w, "member_id=%s&level=management&hours=168&reason=TVA", member(w, INES))), 303);
    const char *id = world_value(w, "SELECT mandate_id FROM support_request WHERE org_id = " TIVOLI " AND answer = ''");
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/requests/%s", id), "level=management&term=until&hours=24"), 303);
}

static struct answer *enter(struct world_test *w, const char *who) { return world_post(w, who, world_text(w, HOME "/%s/enter", dossier(w)), "reason=TVA"); }
static int64_t ended_mails(struct world_test *w, const char *email) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_ended' AND to_email = '%s'", email)); }
static const char *last_action(struct world_test *w, const char *log) { return world_value(w, world_text(w, "SELECT action FROM journal WHERE org_id = %s ORDER BY number DESC LIMIT 1", log)); }

/* How many dossiers Inès is in charge of, or asked for. */
static int64_t charge(struct world_test *w)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM dossier WHERE org_id = " LANTERNE " AND (member_id = %s OR request_member_id = %s)", member(w, INES), member(w, INES)));
}

/* ---- The tabs and the list ---- */

WORLD_TEST(three_tabs_for_a_partner_and_one_for_others_S1)
{
    static const char *const tabs[] = { SPACE "/organizations", LIST, HOME };
    for (int i = 0; i < 3; i++) {
        struct answer *page = world_get(w, SOLENE, tabs[i]);
        assert_status(page, 200);
        assert_has(page, ">Entreprises</a>");
        assert_has(page, ">Collaborateurs</a>");
        assert_has(page, ">Dossiers</a>");
        assert_has(page, world_text(w, "href=\"%s\" aria-current=\"page\"", tabs[i]));
        assert_has(page, "href=\"" HOME "\" aria-current=\"page\">Mes entreprises</a>");    /* the bar */
    }
    assert_has(world_get(w, SOLENE, SPACE "/organizations"), "Cabinet Lanterne");
    assert_not(world_get(w, NADIA, "/account/organizations"), ">Collaborateurs</a>");
    assert_status(world_get(w, NADIA, "/partner/boulangerie-tivoli/collaborators"), 404);
    assert_status(world_get(w, NADIA, LIST), 404);
}

WORLD_TEST(the_list_says_who_how_far_and_with_how_many_dossiers_S1)
{
    given(w);
    int64_t count = charge(w);
    struct answer *page = world_get(w, SOLENE, LIST);
    assert_has(page, "+Ajouter un collaborateur");
    assert_has(page, "Inès Rolland");
    assert_has(page, INES);
    assert_has(page, "Invitation envoyée");
    assert_not(page, "Nadia");
    const struct doc *rows = doc_get(world_get(w, SOLENE, LIST ".json?search=roll")->doc, "collaborators");
    assert_int_equal(doc_count(rows), 1);
    assert_int_equal(doc_int_of(doc_at(rows, 0), "dossier_count"), count);
    assert_int_equal(doc_count(doc_get(world_get(w, SOLENE, LIST ".json")->doc, "collaborators")), 3);   /* Solène, an administrator, is none */
    assert_int_equal(doc_count(doc_get(world_get(w, SOLENE, LIST ".json?search=kerbrat")->doc, "collaborators")), 0);
    assert_has(world_get(w, SOLENE, path(w, INES, "")), "Boulangerie Tivoli");
    assert_not(world_get(w, INES, LIST), "+Ajouter");                       /* may see, may not change */
    assert_status(world_get(w, INES, LIST "/new"), 403);
    assert_status(world_post(w, INES, path(w, HUGO, "/remove"), ""), 403);
    assert_status(world_get(w, SOLENE, path(w, SOLENE, "")), 404);
    assert_not(world_get(w, SOLENE, LIST), "Invitation expirée");
    expire(w, MAELLE);
    assert_has(world_get(w, SOLENE, LIST), "Invitation expirée");
}

/* ---- Invited ---- */

WORLD_TEST(added_mailed_at_once_and_joined_by_the_password_alone_S2_S3)
{
    assert_has(world_get(w, SOLENE, LIST "/new"), "Support technique");
    assert_status(add(w, NEW), 303);
    assert_string_equal(last_action(w, LANTERNE), "collaborator_invite");
    assert_string_equal(world_value(w, "SELECT kind FROM mail WHERE to_email = '" NEW "'"), "mail_collaborator_invited");
    assert_non_null(strstr(world_value(w, "SELECT text FROM mail_body WHERE mail_id = (SELECT MAX(id) FROM mail WHERE to_email = '" NEW "')"), "Définir mon mot de passe"));
    assert_string_equal(world_value(w, world_text(w, "SELECT phone FROM member WHERE id = %s", member(w, NEW))), "02 99 00 00 00");
    struct answer *again = add(w, NEW);
    assert_status(again, 422);
    assert_has(again, "déjà invitée");
    const char *link = link_of(w, NEW);
    for (int i = 0; i < 3; i++)                                             /* opening it, by whatever scanner, changes nothing */
        assert_has(world_get(w, NULL, link), "autocomplete=\"new-password\"");
    struct answer *in = join(w, link);
    assert_status(in, 303);
    assert_non_null(strstr(in->location, HOME));
    assert_status(world_send(w, in->cookie, METHOD_GET, HOME, "", "", 0), 200);
    assert_string_equal(last_action(w, LANTERNE), "invitation_join");
    assert_status(join(w, link), 422);                                      /* once */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_answered' AND to_email = '" SOLENE "'"), 1);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE org_id = " LANTERNE " AND holder_member_id = %s AND state = 'active' AND detail = 'collaborator'",
        member(w, NEW))), 1);
}

WORLD_TEST(the_link_dies_after_7_days_and_can_be_sent_again_S3)
{
    assert_status(add(w, NEW), 303);
    const char *link = link_of(w, NEW);
    assert_int_equal(world_number(w, "SELECT expires_at FROM member_invitation WHERE email_key = '" NEW "'"), world_now(w) + 7 * CLOCK_DAY_MS);
    expire(w, NEW);
    assert_status(join(w, link), 422);
    assert_has(world_get(w, NULL, link), "ne vaut plus");
    assert_has(world_get(w, SOLENE, path(w, NEW, "")), "Renvoyer");
    assert_status(world_post(w, SOLENE, path(w, NEW, "/resend"), ""), 303);
    const char *fresh = link_of(w, NEW);
    assert_string_not_equal(link, fresh);
    assert_status(join(w, link), 422);
    world_run_sql(w, "UPDATE person SET email = 'x@neuf.example', email_key = 'x@neuf.example' WHERE email_key = '" NEW "'");
    assert_status(join(w, fresh), 422);                                     /* bound to the invited address */
    world_run_sql(w, "UPDATE person SET email = '" NEW "', email_key = '" NEW "' WHERE email_key = 'x@neuf.example'");
    assert_status(join(w, fresh), 303);
    assert_status(world_post(w, SOLENE, path(w, INES, "/resend"), ""), 409);
}

WORLD_TEST(somebody_known_accepts_signed_in_S3)
{
    assert_status(add(w, STRANGER), 303);
    const char *link = link_of(w, STRANGER);
    assert_status(join(w, link), 422);                                      /* nobody's second password */
    assert_status(world_get(w, STRANGER, HOME), 404);
    assert_status(world_post(w, INES, link, ""), 422);                      /* for somebody else */
    struct answer *a = world_post(w, STRANGER, link, "");
    assert_status(a, 303);
    assert_non_null(strstr(a->location, HOME));
    assert_status(world_get(w, STRANGER, HOME), 200);
}

WORLD_TEST(who_is_a_member_already_keeps_name_and_role_S2)
{
    assert_has(add(w, SOLENE), "Personne ne s’ajoute soi-même");
    const char *solene = member(w, SOLENE), *title = world_value(w, world_text(w, "SELECT title FROM member WHERE id = %s", solene));
    const char *admin = world_value(w, "SELECT id FROM person WHERE email = '" HUGO "'");
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) "
        "VALUES (" LANTERNE ", 991, 'membership', 'administrator', 'active', %s, %s, 1, 1)", admin, member(w, HUGO)));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES (%s, " LANTERNE ", 991)", admin));
    assert_status(world_post(w, HUGO, LIST, ADDED "&email=" SOLENE), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT title FROM member WHERE id = %s", solene)), title);
    assert_string_equal(world_value(w, world_text(w, "SELECT name_key FROM member WHERE id = %s", solene)), "kerbrat solene");
    assert_status(world_post(w, SOLENE, link_of(w, SOLENE), ""), 303);
    assert_status(world_post(w, HUGO, path(w, SOLENE, "/remove"), ""), 303);
    assert_status(world_get(w, SOLENE, LIST "/new"), 200);                  /* still the administrator */
}

/* ---- Removed ---- */

WORLD_TEST(removed_all_access_ends_and_clients_are_told_S10)
{
    given(w);
    struct answer *in = enter(w, INES);
    assert_status(in, 303);
    assert_status(world_send(w, in->cookie, METHOD_GET, "/o/boulangerie-tivoli", "", "", 0), 200);
    struct answer *page = world_get(w, SOLENE, path(w, INES, "/remove"));
    assert_has(page, "Boulangerie Tivoli");
    assert_status(world_post(w, SOLENE, path(w, INES, "/remove"), ""), 303);
    assert_status(world_send(w, in->cookie, METHOD_GET, "/o/boulangerie-tivoli", "", "", 0), 404);    /* from the very next request on */
    assert_status(world_send(w, in->cookie, METHOD_GET, HOME, "", "", 0), 404);
    assert_int_equal(ended_mails(w, NADIA), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_removed' AND to_email = '" INES "'"), 1);
    assert_string_equal(last_action(w, TIVOLI), "collaborator_removed");
    assert_string_equal(last_action(w, LANTERNE), "collaborator_remove");
    assert_not(world_get(w, SOLENE, LIST), "Inès Rolland");
    assert_status(world_get(w, SOLENE, path(w, INES, "")), 404);
}

/* In « Accès & mandats », by the partner and by the collaborator themself: the clients are told, and it is in their logs, all the same. */
WORLD_TEST(ended_in_the_register_clients_are_told_S11)
{
    for (int own = 0; own < 2; own++) {
        given(w);
        int64_t lines = world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'collaborator_removed'"), nadia = ended_mails(w, NADIA), solene = ended_mails(w, SOLENE);
        int64_t had = charge(w);
        const char *id = world_value(w, "SELECT id FROM mandate WHERE detail = 'collaborator' AND state = 'active' AND org_id = " LANTERNE " AND holder_person_id = "
            "(SELECT id FROM person WHERE email = '" INES "')");
        assert_status(world_post(w, own ? INES : SOLENE, own ? world_text(w, "/account/mandates/%s/end", id) : world_text(w, "/o/cabinet-lanterne/mandates/%s/end", id), ""), 303);
        assert_status(enter(w, INES), 404);
        assert_int_equal(ended_mails(w, NADIA), nadia + 1);
        assert_true(ended_mails(w, SOLENE) > solene);
        assert_string_equal(last_action(w, TIVOLI), "collaborator_removed");
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'collaborator_removed'"), lines + had);
        if (!own) {
            assert_status(add(w, INES), 303);
            assert_status(world_post(w, INES, link_of(w, INES), ""), 303);
        }
    }
}

WORLD_TEST(removed_and_added_again_there_is_nothing_S10)
{
    given(w);
    assert_status(world_post(w, SOLENE, path(w, INES, "/remove"), ""), 303);
    assert_status(add(w, INES), 303);
    assert_status(world_get(w, INES, HOME), 404);
    assert_status(world_post(w, INES, link_of(w, INES), ""), 303);
    assert_status(world_get(w, INES, HOME), 200);
    assert_status(enter(w, INES), 404);
    assert_int_equal(doc_int_of(world_get(w, SOLENE, world_text(w, "%s.json", path(w, INES, "")))->doc, "dossier_count"), 0);
}

WORLD_TEST(an_invitation_is_withdrawn_and_its_link_is_dead_S3)
{
    assert_status(add(w, NEW), 303);
    const char *link = link_of(w, NEW);
    assert_status(world_post(w, SOLENE, path(w, NEW, "/remove"), ""), 303);
    assert_status(join(w, link), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_member_removed'"), 0);
    assert_status(add(w, NEW), 303);
    assert_status(join(w, link_of(w, NEW)), 303);
}

WORLD_TEST(one_leaves_by_oneself_S10)
{
    given(w);
    assert_status(world_get(w, SOLENE, SPACE "/leave"), 404);               /* an administrator is no collaborator */
    assert_status(world_post(w, SOLENE, SPACE "/leave", ""), 404);
    assert_has(world_get(w, INES, "/account/organizations"), SPACE "/leave");
    assert_has(world_get(w, INES, SPACE "/leave"), "Boulangerie Tivoli");
    assert_status(world_post(w, INES, SPACE "/leave", ""), 303);
    assert_status(world_get(w, INES, HOME), 404);
    assert_status(enter(w, INES), 404);
    assert_int_equal(ended_mails(w, NADIA), 1);
    assert_string_equal(world_value(w, "SELECT ended_why FROM mandate WHERE org_id = " LANTERNE " AND detail = 'collaborator' AND state = 'ended'"), "given up");
    assert_string_equal(last_action(w, LANTERNE), "collaborator_leave");
}

WORLD_TEST(one_access_is_given_up_S11)
{
    given(w);
    assert_not(world_get(w, SOLENE, world_text(w, HOME "/%s", dossier(w))), "/renounce");
    assert_has(world_get(w, INES, world_text(w, HOME "/%s", dossier(w))), "/renounce");
    assert_status(world_post(w, HUGO, world_text(w, HOME "/%s/renounce", dossier(w)), ""), 404);
    assert_status(world_post(w, INES, world_text(w, HOME "/%s/renounce", dossier(w)), ""), 303);
    assert_status(enter(w, INES), 404);
    assert_status(world_get(w, INES, HOME), 200);
    assert_int_equal(ended_mails(w, NADIA), 1);
    assert_int_equal(ended_mails(w, SOLENE), 1);
    assert_string_equal(world_value(w, "SELECT ended_why FROM mandate WHERE org_id = " TIVOLI " AND kind = 'support' AND state = 'ended'"), "given up");
    assert_string_equal(last_action(w, TIVOLI), "support_renounced");
    assert_string_equal(last_action(w, LANTERNE), "dossier_renounce");
}

/* Organizations 700001 … with support by Inès, as many as asked for. */
static void many_given(struct world_test *w, int count)
{
#define MANY(insert, select) world_run_sql(w, world_text(w, "WITH RECURSIVE n(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < %d) INSERT INTO " insert \
        " SELECT " select " FROM n", count))
#define WHO "(SELECT id FROM person WHERE email = '" INES "')"
    MANY("organization (id, slug, name, created_at)", "700000 + n, 'client-' || n, 'Client ' || n, 1");
    MANY("mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at)", "700000 + n, 1, 'dossier', 'active', " LANTERNE ", 1, 1");
    MANY("mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at)", "700000 + n, 2, 'support', 'read', 'active', " WHO ", " LANTERNE ", 1, 1");
    MANY("mandate_holder (person_id, org_id, mandate_id)", WHO ", 700000 + n, 2");
    MANY("support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at, answer, answered_at)",
        "700000 + n, 2, " LANTERNE ", 700000 + n, (SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = " WHO "), 'read', 24, 'a', "
        "(SELECT id FROM person WHERE email = '" SOLENE "'), 1, 1, 2, 'granted', 1");
    MANY("dossier (org_id, id, client_org_id, mandate_id, name, name_key, state, member_id, support_id, created_at, changed_at)",
        LANTERNE ", 700000 + n, 700000 + n, 1, 'Client ' || n, 'client ' || n, 'active', (SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = " WHO "), 2, 1, 1");
}

WORLD_TEST(with_hundreds_of_dossiers_all_end_in_one_act_S10)
{
    many_given(w, 300);
    int64_t count = charge(w);
    assert_has(world_get(w, SOLENE, LIST), "plus de 100");
    struct answer *page = world_get(w, SOLENE, path(w, INES, "/remove"));
    assert_has(page, world_text(w, "%lld accès ou demandes", (long long)count));
    assert_has(page, world_text(w, "et %lld autres dossiers", (long long)count - 20));
    assert_status(world_post(w, SOLENE, path(w, INES, "/remove"), ""), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'support' AND state = 'active' AND org_id > 700000 AND org_id < 701000"), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate_holder WHERE org_id > 700000 AND org_id < 701000"), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'collaborator_removed'"), count);
    assert_true(ended_mails(w, SOLENE) >= 300);
}

WORLD_TEST(a_collaborator_is_led_to_the_dossiers_S1)
{
    assert_has(world_get(w, INES, "/account/spaces"), "href=\"" HOME "\"");
    assert_has(world_get(w, INES, "/account/organizations"), "href=\"" SPACE "\"");
    assert_not(world_get(w, INES, "/account/spaces"), "href=\"/o/cabinet-lanterne\"");
    struct answer *office = world_get(w, SOLENE, "/o/cabinet-lanterne");     /* there and back */
    assert_has(office, "href=\"" HOME "\"");
    assert_has(world_get(w, SOLENE, HOME), "href=\"/o/cabinet-lanterne\"");
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli"), "Espace partenaire");
}

/* Who is only asked goes everywhere by the name that was typed: a name of theirs would say that the address is known here. */
WORLD_TEST(s_3_the_name_of_an_address_is_not_told)
{
    static const char *const pages[] = { HOME, LIST, SPACE "/sessions", "/o/cabinet-lanterne/mandates?state=requested", "/o/cabinet-lanterne/members", NULL };
    assert_status(add(w, STRANGER), 303);
    for (int i = 0; pages[i]; i++) {
        struct answer *page = world_get(w, SOLENE, pages[i]);
        assert_status(page, 200);
        assert_not(page, "Camille");
        assert_not(page, "Vasseur");
    }
    assert_has(world_get(w, SOLENE, HOME), "Lea Caradec");
}

WORLD_MAIN("collaborator", WORLD_CASE(three_tabs_for_a_partner_and_one_for_others_S1), WORLD_CASE(the_list_says_who_how_far_and_with_how_many_dossiers_S1),
    WORLD_CASE(added_mailed_at_once_and_joined_by_the_password_alone_S2_S3), WORLD_CASE(the_link_dies_after_7_days_and_can_be_sent_again_S3),
    WORLD_CASE(somebody_known_accepts_signed_in_S3), WORLD_CASE(who_is_a_member_already_keeps_name_and_role_S2),
    WORLD_CASE(removed_all_access_ends_and_clients_are_told_S10), WORLD_CASE(ended_in_the_register_clients_are_told_S11),
    WORLD_CASE(removed_and_added_again_there_is_nothing_S10),
    WORLD_CASE(an_invitation_is_withdrawn_and_its_link_is_dead_S3),
    WORLD_CASE(one_leaves_by_oneself_S10), WORLD_CASE(one_access_is_given_up_S11), WORLD_CASE(with_hundreds_of_dossiers_all_end_in_one_act_S10),
    WORLD_CASE(s_3_the_name_of_an_address_is_not_told), WORLD_CASE(a_collaborator_is_led_to_the_dossiers_S1))
