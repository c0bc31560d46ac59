/* « Marque blanche » (S-15): the partner's brand on its clients' back offices and the mails these send; their own on their portals; gone with the dossier. */
#include <string.h>
#include "lib/world.h"

#define SOLENE "solene.kerbrat@lanterne.example"
#define INES "ines.rolland@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define SABINE "sabine.cozic@froid-atlantique.example"   /* no dossier */
#define PAGE "/partner/cabinet-lanterne/white-label"
#define BRAND "/brand/cabinet-lanterne.css"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"

WORLD_TEST(the_partners_brand_on_the_back_office_alone_and_with_the_dossier_alone_S15)
{
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli"), BRAND);
    assert_status(world_post(w, SOLENE, PAGE, "is_white_label=1"), 303);
    struct answer *home = world_get(w, NADIA, "/o/boulangerie-tivoli");
    assert_has(home, BRAND);
    assert_has(home, "<small>Boulangerie Tivoli</small>");                       /* whose space it is stays */
    assert_has(world_get(w, NADIA, "/o/boulangerie-tivoli/settings"), "porte la marque de Cabinet Lanterne");
    assert_not(world_get(w, SABINE, "/o/froid-atlantique"), BRAND);              /* another's client */
    world_run_sql(w, "UPDATE organization SET is_portal_open = 1 WHERE slug = 'boulangerie-tivoli'");
    assert_not(world_get(w, NULL, "/p/boulangerie-tivoli/sign-in"), BRAND);      /* its own portal: its own brand */
    assert_status(world_post(w, NADIA, "/o/boulangerie-tivoli/members", "first_name=A&last_name=B&email=a%40b.example&role=manager"), 303);
    assert_string_equal(world_value(w, "SELECT from_name FROM mail WHERE kind = 'mail_member_invited' ORDER BY id DESC LIMIT 1"), "Cabinet Lanterne");
    assert_non_null(strstr(world_value(w, "SELECT html FROM mail_body WHERE mail_id = (SELECT MAX(id) FROM mail WHERE kind = 'mail_member_invited')"), "/brand/cabinet-lanterne.logo?v="));
    const char *id = world_value(w, "SELECT mandate_id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/mandates/%s/end", id), ""), 303);
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli"), BRAND);             /* from the next page on */
}

/* Pages that refuse, and forms sent back, wear it too; a stranger's page wears nobody's. */
WORLD_TEST(the_partners_brand_on_pages_that_refuse_S15)
{
    assert_status(world_post(w, SOLENE, PAGE, "is_white_label=1"), 303);
    struct answer *pages[] = { world_get(w, NADIA, "/o/boulangerie-tivoli/tickets/1"), world_post(w, NADIA, "/o/boulangerie-tivoli/members", "role=manager"), world_send(w, world_cookie(w, NADIA), METHOD_POST, "/o/boulangerie-tivoli/members", "text/plain", "x", 1) };
    static const int statuses[] = { 404, 422, 415 };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pages[i]->status, statuses[i]);
        assert_has(pages[i], BRAND);
    }
    struct answer *stranger = world_get(w, SABINE, "/o/boulangerie-tivoli/tickets/1");
    assert_status(stranger, 404);
    assert_not(stranger, BRAND);
}

/* Several partners of one organization: the oldest dossier that lends its brand; the next when it ends, or is lent no more. */
WORLD_TEST(of_several_partners_the_next_one_S15)
{
    const char *home = "/o/boulangerie-tivoli", *other = "/brand/hexanode.css";
    world_run_sql(w, "UPDATE organization SET is_partner = 1, is_white_label = 1 WHERE slug = 'hexanode'");
    world_run_sql(w, "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 9000000000000000000, 'dossier', 'active', id, 1, 1 "
        "FROM organization WHERE slug = 'hexanode'");
    assert_has(world_get(w, NADIA, home), other);                                /* the first does not lend its own */
    assert_status(world_post(w, SOLENE, PAGE, "is_white_label=1"), 303);
    assert_has(world_get(w, NADIA, home), BRAND);
    assert_not(world_get(w, NADIA, home), other);
    const char *id = world_value(w, "SELECT mandate_id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/mandates/%s/end", id), ""), 303);
    assert_has(world_get(w, NADIA, home), other);
    assert_status(world_post(w, NADIA, "/o/boulangerie-tivoli/members", "first_name=A&last_name=B&email=a%40b.example&role=manager"), 303);
    assert_string_equal(world_value(w, "SELECT from_name FROM mail WHERE kind = 'mail_member_invited' ORDER BY id DESC LIMIT 1"), world_value(w, "SELECT name FROM organization WHERE slug = 'hexanode'"));
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE id = 9000000000000000000");
    assert_not(world_get(w, NADIA, home), other);
}

WORLD_TEST(switched_off_or_no_partner_any_more_and_who_may_S15)
{
    assert_status(world_get(w, INES, PAGE), 403);
    assert_status(world_post(w, INES, PAGE, "is_white_label=1"), 403);
    assert_status(world_get(w, SABINE, PAGE), 404);
    assert_status(world_post(w, SOLENE, PAGE, "is_white_label=1"), 303);
    assert_has(world_get(w, NADIA, "/o/boulangerie-tivoli"), BRAND);
    assert_status(world_post(w, SOLENE, PAGE, ""), 303);
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli"), BRAND);
    assert_status(world_post(w, SOLENE, PAGE, "is_white_label=1"), 303);
    world_run_sql(w, "UPDATE organization SET is_partner = 0 WHERE slug = 'cabinet-lanterne'");
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli"), BRAND);
}

WORLD_MAIN("white_label", WORLD_CASE(the_partners_brand_on_the_back_office_alone_and_with_the_dossier_alone_S15), WORLD_CASE(the_partners_brand_on_pages_that_refuse_S15), WORLD_CASE(of_several_partners_the_next_one_S15),
    WORLD_CASE(switched_off_or_no_partner_any_more_and_who_may_S15))
