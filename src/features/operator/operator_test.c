/* Becoming a partner, and being none any more (S-0): asked for, taken back, approved, refused, made, withdrawn, on both databases. */
#include "features/operator/operator.h"
#include <stdlib.h>
#include <string.h>
#include "features/organization/organization.h"
#include "lib/world.h"

#define HERVE "herve.lannuzel@sillage.example"
#define ORIANE "oriane.besnard@sillage.example"
#define CAMILLE "camille.vasseur@hexanode.example"
#define MATHILDE "mathilde.morin@morin.example"
#define RONAN "ronan.guillou@morin.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define INES "ines.rolland@lanterne.example"
#define ORG(slug) "(SELECT id FROM organization WHERE slug = '" slug "')"
#define PAGES "/operator/sillage/organizations"
#define OURS "/o/atelier-morin/partner"

static const char *page(struct world_test *w, const char *slug, const char *act)
{
    return world_text(w, PAGES "/%s%s", world_value(w, world_text(w, "SELECT id FROM organization WHERE slug = '%s'", slug)), act);
}

static const char *last_action(struct world_test *w, const char *slug)
{
    return world_value(w, world_text(w, "SELECT action FROM journal WHERE org_id = (SELECT id FROM organization WHERE slug = '%s') ORDER BY number DESC LIMIT 1", slug));
}

static int64_t answers_to(struct world_test *w, const char *email)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_partner_answered' AND to_email = '%s'", email));
}

WORLD_TEST(s_0_asked_for_approved_and_open)
{
    assert_status(world_get(w, MATHILDE, "/partner/atelier-morin/dossiers"), 404);
    assert_status(world_post(w, MATHILDE, OURS, "reason="), 422);
    assert_status(world_post(w, MATHILDE, OURS, "reason=Nous+suivons+douze+boutiques."), 303);
    assert_has(world_get(w, MATHILDE, OURS), "douze boutiques");
    struct answer *again = world_post(w, MATHILDE, OURS, "reason=Encore");
    assert_status(again, 422);
    assert_has(again, "Votre demande est déjà partie");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_partner_asked' AND to_email = '" HERVE "'"), 1);
    assert_has(world_get(w, HERVE, PAGES "?state=asked"), "Atelier Morin");
    assert_has(world_get(w, HERVE, page(w, "atelier-morin", "")), "douze boutiques");
    assert_status(world_post(w, HERVE, page(w, "atelier-morin", "/approve"), ""), 303);
    assert_status(world_post(w, HERVE, page(w, "atelier-morin", "/approve"), ""), 422);
    assert_status(world_get(w, MATHILDE, "/partner/atelier-morin/dossiers"), 200);
    assert_int_equal(answers_to(w, MATHILDE), 1);
    assert_has(world_get(w, HERVE, PAGES "?state=partner"), "Atelier Morin");
    again = world_post(w, MATHILDE, OURS, "reason=Encore");
    assert_status(again, 422);
    assert_has(again, "déjà partenaire");
}

/* The organization's entry cites the operator's: its log, number and hash. */
WORLD_TEST(s_0_in_both_logs)
{
    assert_status(world_post(w, HERVE, page(w, "hexanode", "/approve"), ""), 303);
    assert_string_equal(last_action(w, "sillage"), "partner_approve");
    assert_string_equal(last_action(w, "hexanode"), "partner_approved");
    assert_string_equal(world_value(w, "SELECT object_kind FROM journal WHERE org_id = " ORG("hexanode") " ORDER BY number DESC LIMIT 1"), "entry");
    assert_int_equal(world_number(w, "SELECT object_id FROM journal WHERE org_id = " ORG("hexanode") " ORDER BY number DESC LIMIT 1"),
        world_number(w, "SELECT MAX(number) FROM journal WHERE org_id = " ORG("sillage")));
    const char *payload = world_value(w, "SELECT payload FROM journal_payload WHERE org_id = " ORG("hexanode") " ORDER BY number DESC LIMIT 1");
    if (!strstr(payload, "\"hash\"") || !strstr(payload, world_text(w, "%s", world_value(w, "SELECT id FROM organization WHERE slug = 'sillage'"))))
        fail_msg("cites nothing: %s", payload);
}

WORLD_TEST(s_0_refused_with_a_reason_and_asked_again)
{
    assert_status(world_post(w, HERVE, page(w, "hexanode", "/refuse"), "note="), 422);
    assert_status(world_post(w, HERVE, page(w, "hexanode", "/refuse"), "note=Trop+t%C3%B4t"), 303);
    assert_status(world_post(w, HERVE, page(w, "hexanode", "/refuse"), "note=Encore"), 422);
    assert_has(world_get(w, CAMILLE, "/o/hexanode/partner"), "Trop tôt");
    assert_int_equal(answers_to(w, CAMILLE), 1);
    assert_string_equal(last_action(w, "hexanode"), "partner_refused");
    assert_status(world_get(w, CAMILLE, "/partner/hexanode/dossiers"), 404);
    assert_status(world_post(w, CAMILLE, "/o/hexanode/partner", "reason=Et+maintenant"), 303);
    struct answer *shown = world_get(w, HERVE, page(w, "hexanode", ".json"));
    assert_status(shown, 200);
    assert_int_equal(doc_count(doc_get(shown->doc, "events")), 3);      /* asked, refused, asked */
}

/* What is taken back cannot be approved from a page drawn before. */
WORLD_TEST(s_0_taken_back)
{
    const char *asked_at = world_value(w, "SELECT asked_at FROM partner_ask WHERE org_id = " ORG("hexanode"));
    assert_status(world_post(w, CAMILLE, "/o/hexanode/partner/cancel", ""), 303);
    assert_status(world_post(w, CAMILLE, "/o/hexanode/partner/cancel", ""), 422);
    struct answer *late = world_post(w, HERVE, page(w, "hexanode", "/approve"), world_text(w, "asked_at=%s", asked_at));
    assert_status(late, 422);
    assert_has(late, "a changé entre-temps");
    assert_status(world_get(w, CAMILLE, "/partner/hexanode/dossiers"), 404);
    assert_not(world_get(w, HERVE, PAGES "?state=asked"), "Hexanode");
    assert_status(world_post(w, CAMILLE, "/o/hexanode/partner", "reason=Finalement"), 303);
    late = world_post(w, HERVE, page(w, "hexanode", "/refuse"), world_text(w, "note=Non&asked_at=%lld", strtoll(asked_at, NULL, 10) - 1));    /* another one than was read */
    assert_status(late, 422);
    assert_has(late, "a changé entre-temps");
    assert_has(world_get(w, HERVE, PAGES "?state=asked"), "Hexanode");
    asked_at = world_value(w, "SELECT asked_at FROM partner_ask WHERE org_id = " ORG("hexanode"));
    assert_has(world_get(w, HERVE, page(w, "hexanode", "")), world_text(w, "name=\"asked_at\" value=\"%s\"", asked_at));
    assert_status(world_post(w, HERVE, page(w, "hexanode", "/refuse"), world_text(w, "note=Non&asked_at=%s", asked_at)), 303);
}

WORLD_TEST(s_0_made_by_the_operator_alone)
{
    assert_status(world_post(w, HERVE, page(w, "boulangerie-tivoli", "/approve"), ""), 303);
    assert_string_equal(last_action(w, "boulangerie-tivoli"), "partner_made");
    assert_status(world_get(w, "nadia.ferrand@tivoli.example", "/partner/boulangerie-tivoli/dossiers"), 200);
    assert_int_equal(answers_to(w, "nadia.ferrand@tivoli.example"), 1);
}

/* ---- Withdrawn ---- */

#define OF_LANTERNE "holder_org_id = " ORG("cabinet-lanterne")
static int64_t standing(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind IN ('support', 'dossier') AND state IN ('active', 'requested') AND " OF_LANTERNE); }
static int64_t open_dossiers(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM dossier WHERE state <> 'left' AND org_id = " ORG("cabinet-lanterne")); }

/* Each client of a dossier that ends hears of it, and each administrator of the partner of every one. */
static void both_sides_told(struct world_test *w, int64_t dossiers, int64_t supports)
{
    int64_t unled = world_number(w, "SELECT COUNT(*) FROM dossier d WHERE d.org_id = " ORG("cabinet-lanterne") " AND d.changed_at >= (SELECT MAX(at) FROM partner_event) "
        "AND 0 = (SELECT COUNT(*) FROM mandate m WHERE m.org_id = d.client_org_id AND m.kind = 'membership' AND m.detail = 'administrator' AND m.state = 'active')");
    assert_int_equal(world_number(w, "SELECT COUNT(DISTINCT org_id) FROM mail WHERE kind IN ('mail_support_ended', 'mail_partner_left')"), dossiers - unled + (supports > 0));
    assert_true(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_ended' AND to_email = '" INES "'") > 5);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_partner_closed' AND to_email = '" SOLENE "'"), (dossiers + 24) / 25);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'partner_left' AND object_kind = 'mandate'"), dossiers);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'partner_left' AND object_kind = 'organization'"), (dossiers + 24) / 25);
}

WORLD_TEST(s_0_withdrawn_all_of_it_ends_and_both_sides_are_told)
{
    world_support_stands(w);
    int64_t dossiers = open_dossiers(w), supports = world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'support' AND state = 'active' AND " OF_LANTERNE);
    const char *ask = page(w, "cabinet-lanterne", "/withdraw");
    assert_true(dossiers > 25 && supports > 5);
    world_run_sql(w, "DELETE FROM mail");
    assert_status(world_get(w, SOLENE, "/partner/cabinet-lanterne/dossiers"), 200);
    struct answer *said = world_get(w, HERVE, world_text(w, "%s.json", ask));
    assert_int_equal(doc_int_of(doc_get(said->doc, "touched"), "dossier_count"), dossiers);
    assert_int_equal(doc_int_of(doc_get(said->doc, "touched"), "support_count"), supports);
    assert_status(world_post(w, HERVE, ask, "note="), 422);
    assert_status(world_post(w, HERVE, ask, "note=Fin+du+contrat"), 303);
    assert_status(world_get(w, SOLENE, "/partner/cabinet-lanterne/dossiers"), 404);         /* from the very next request, before the job */
    assert_status(world_get(w, INES, "/partner/cabinet-lanterne/dossiers"), 404);
    assert_has(world_get(w, SOLENE, "/o/cabinet-lanterne/partner"), "Fin du contrat");
    assert_int_equal(standing(w), world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind IN ('support', 'dossier') AND state IN ('active', 'requested')"));
    world_work(w);
    assert_int_equal(standing(w), 0);
    assert_int_equal(open_dossiers(w), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = ''"), 0);
    both_sides_told(w, dossiers, supports);
}

/* A new approval is a new beginning: nothing that was comes back. It waits until the job has ended what there was. */
WORLD_TEST(s_0_approved_again_begins_with_nothing)
{
    world_support_stands(w);
    assert_status(world_post(w, HERVE, page(w, "cabinet-lanterne", "/withdraw"), "note=Erreur"), 303);
    assert_has(world_post(w, HERVE, page(w, "cabinet-lanterne", "/approve"), ""), "pas encore refermé");       /* its accesses would be back until the job has run */
    assert_true(standing(w) > 0);
    assert_status(world_get(w, SOLENE, "/partner/cabinet-lanterne/dossiers"), 404);
    world_work(w);
    assert_status(world_post(w, HERVE, page(w, "cabinet-lanterne", "/approve"), ""), 303);
    assert_status(world_get(w, SOLENE, "/partner/cabinet-lanterne/dossiers"), 200);
    assert_int_equal(standing(w), 0);
    assert_int_equal(open_dossiers(w), 0);
}

/* What was under way when the partner was withdrawn, and got its time after it, ends too; only a new approval begins anew. */
WORLD_TEST(s_0_what_was_under_way_ends_too)
{
    world_support_stands(w);
    assert_status(world_post(w, HERVE, page(w, "cabinet-lanterne", "/withdraw"), "note=Fin"), 303);
    world_run_sql(w, world_text(w, "UPDATE mandate SET created_at = %lld WHERE kind = 'dossier' AND state = 'active' AND org_id = " ORG("boulangerie-tivoli") " AND " OF_LANTERNE, (long long)world_now(w) + 5));
    world_work(w);
    assert_int_equal(standing(w), 0);
    assert_int_equal(open_dossiers(w), 0);
}

/* An open session of support is over with the partner: the very next page of the client is no more, before the job. */
WORLD_TEST(s_0_withdrawn_in_the_middle_of_a_session)
{
    world_run_sql(w, "UPDATE mandate SET ends_at = 9000000000000000000 WHERE kind = 'support' AND state = 'active'");
    const char *dossier = world_value(w, "SELECT MIN(d.id) FROM dossier d JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id JOIN person p ON p.id = m.person_id "
        "WHERE d.state = 'active' AND p.email = '" INES "'");
    const char *slug = world_value(w, world_text(w, "SELECT o.slug FROM dossier d JOIN organization o ON o.id = d.client_org_id WHERE d.id = %s", dossier));
    struct answer *inside = world_post(w, INES, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/enter", dossier), "reason=TVA");
    assert_status(inside, 303);
    world_cookie_keep(w, INES, inside);
    assert_status(world_get(w, INES, world_text(w, "/o/%s", slug)), 200);
    assert_status(world_post(w, HERVE, page(w, "cabinet-lanterne", "/withdraw"), "note=Fin"), 303);
    assert_status(world_get(w, INES, world_text(w, "/o/%s", slug)), 404);
    world_work(w);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_session WHERE ended_at IS NULL AND partner_id = " ORG("cabinet-lanterne")), 0);
}

/* ---- Who may ---- */

WORLD_TEST(s_0_the_operator_alone)
{
    static const char *const strangers[] = { CAMILLE, ORIANE, SOLENE };
    for (int i = 0; i < 3; i++) {
        assert_status(world_get(w, strangers[i], "/operator/sillage"), 404);
        assert_status(world_get(w, strangers[i], PAGES), 404);
        assert_status(world_get(w, strangers[i], page(w, "hexanode", "")), 404);
        assert_status(world_get(w, strangers[i], page(w, "cabinet-lanterne", "/withdraw")), 404);
        assert_status(world_post(w, strangers[i], page(w, "hexanode", "/approve"), ""), 404);
        assert_status(world_post(w, strangers[i], page(w, "cabinet-lanterne", "/withdraw"), "note=a"), 404);
        assert_not(world_get(w, strangers[i], "/account"), "/operator/");
    }
    assert_status(world_get(w, CAMILLE, "/operator/hexanode/organizations"), 404);
    assert_string_equal(world_get(w, ORIANE, PAGES)->body, world_get(w, ORIANE, "/operator/nulle-part/organizations")->body);
    assert_status(world_get(w, HERVE, "/operator/sillage"), 303);
    assert_has(world_get(w, HERVE, "/account"), "/operator/sillage/organizations");
    assert_status(world_get(w, HERVE, PAGES "/777777777777777777"), 404);
}

/* Only an organization's administrators ask for it. */
WORLD_TEST(s_0_asked_by_administrators_only)
{
    assert_status(world_get(w, RONAN, OURS), 403);
    assert_status(world_post(w, RONAN, OURS, "reason=Moi"), 403);
    assert_status(world_post(w, RONAN, OURS "/cancel", ""), 403);
    assert_status(world_get(w, CAMILLE, OURS), 404);
    assert_has(world_get(w, MATHILDE, "/o/atelier-morin/settings"), OURS);
}

/* ---- The list ---- */

static void found(struct world_test *w, const char *query, const char *name)
{
    struct answer *list = world_get(w, HERVE, world_text(w, PAGES ".json%s", query));
    assert_status(list, 200);
    const struct doc *rows = doc_get(list->doc, "organizations");
    for (size_t i = 0; i < doc_count(rows); i++)
        if (!strcmp(doc_text_of(doc_at(rows, i), "name"), name))
            return;
    fail_msg("%s is not in %s", name, query);
}

WORLD_TEST(s_0_found_by_name_siren_and_city)
{
    const char *siren = world_value(w, "SELECT siren FROM organization WHERE slug = 'hexanode'");
    found(w, "?search=lanterne", "Cabinet Lanterne");
    found(w, "?search=lant+brest", "Cabinet Lanterne");
    found(w, world_text(w, "?search=%s", siren), "Hexanode");
    found(w, world_text(w, "?search=%.3s+%.3s+%.3s", siren, siren + 3, siren + 6), "Hexanode");
    found(w, "?search=hexa&state=asked", "Hexanode");
    found(w, "?state=refused", "Froid Atlantique");
    assert_not(world_get(w, HERVE, PAGES "?search=hexa&state=partner"), "Hexanode SAS");
    assert_not(world_get(w, HERVE, PAGES "?state=partner"), "Atelier Morin");
    assert_status(world_post(w, MATHILDE, "/o/atelier-morin/settings", "name=Menuiserie+du+Menez&brand_color=%23113355"), 303);
    found(w, "?search=menez", "Menuiserie du Menez");
    assert_not(world_get(w, HERVE, PAGES "?search=morin+brest"), "Menuiserie du Menez</a>");
}

/* What was there before words were made gets them from the job. */
WORLD_TEST(s_0_words_of_what_was_there_before)
{
    world_run_sql(w, "DELETE FROM organization_word");
    world_run_sql(w, "UPDATE organization SET name_key = '', is_worded = 0");
    assert_not(world_get(w, HERVE, PAGES "?search=lanterne"), "Cabinet Lanterne");
    struct ctx c;
    world_ctx(w, &c);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(organization_words_run(&c, NULL));
    assert_null(db_commit(c.db, c.arena));
    found(w, "?search=lanterne", "Cabinet Lanterne");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM organization WHERE name_key = '' OR is_worded = 0"), 0);
}

/* What a partner asked counts no more with its withdrawal, before the job has come by. */
WORLD_TEST(s_0_a_request_of_who_is_no_partner_is_not_agreed_to)
{
    world_support_stands(w);
    const char *tivoli = ORG("boulangerie-tivoli"), *dossier = world_value(w, world_text(w, "SELECT id FROM dossier WHERE org_id = " ORG("cabinet-lanterne") " AND client_org_id = %s", tivoli));
    const char *ines = world_value(w, "SELECT id FROM member WHERE org_id = " ORG("cabinet-lanterne") " AND person_id = (SELECT id FROM person WHERE email = '" INES "')");
    assert_status(world_post(w, SOLENE, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/ask", dossier), world_text(w, "member_id=%s&level=management&hours=168&reason=TVA", ines)), 303);
    const char *request = world_value(w, world_text(w, "SELECT mandate_id FROM support_request WHERE answer = '' AND org_id = %s", tivoli));
    assert_status(world_post(w, HERVE, page(w, "cabinet-lanterne", "/withdraw"), "note=Fin"), 303);
    int64_t before = world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_granted'");
    struct answer *late = world_post(w, "nadia.ferrand@tivoli.example", world_text(w, "/o/boulangerie-tivoli/support/requests/%s", request), "level=management&term=until&hours=24");
    assert_status(late, 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_granted'"), before);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", request)), "requested");
    world_work(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT answer FROM support_request WHERE mandate_id = %s", request)), "withdrawn");
}

WORLD_MAIN("operator", WORLD_CASE(s_0_asked_for_approved_and_open), WORLD_CASE(s_0_in_both_logs), WORLD_CASE(s_0_refused_with_a_reason_and_asked_again),
    WORLD_CASE(s_0_taken_back), WORLD_CASE(s_0_made_by_the_operator_alone), WORLD_CASE(s_0_withdrawn_all_of_it_ends_and_both_sides_are_told),
    WORLD_CASE(s_0_approved_again_begins_with_nothing), WORLD_CASE(s_0_what_was_under_way_ends_too), WORLD_CASE(s_0_withdrawn_in_the_middle_of_a_session), WORLD_CASE(s_0_the_operator_alone),
    WORLD_CASE(s_0_asked_by_administrators_only), WORLD_CASE(s_0_found_by_name_siren_and_city), WORLD_CASE(s_0_a_request_of_who_is_no_partner_is_not_agreed_to), WORLD_CASE(s_0_words_of_what_was_there_before))
