/* Sites and equipment in the back office (L-4, X-4), on both databases. */
#include "lib/world.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "features/queries.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"      /* sees, changes nothing */
#define AGENT "gaelle.riou@froid-atlantique.example"            /* answers tickets: no field work */
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT id FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define ELSEWHERE "(SELECT MIN(client_id) FROM site WHERE org_id = " ORG " AND client_id <> " BELLERIVE ")"

static const char *bellerive(struct world_test *w, const char *rest) { return world_text(w, OFFICE "/clients/%s%s", world_value(w, "SELECT " BELLERIVE), rest); }

static const char *kitchen(struct world_test *w) { return world_value(w, "SELECT id FROM site WHERE name = 'Cuisine centrale' AND client_id = " BELLERIVE); }

static size_t rows(struct world_test *w, const char *key, const char *address)
{
    struct answer *answer = world_get(w, ADMIN, world_text(w, OFFICE "%s", address));
    assert_status(answer, 200);
    return doc_count(doc_get(answer->doc, key));
}

WORLD_TEST(l_4_a_site_is_made_shown_changed_and_found)
{
    struct answer *made = world_post(w, ADMIN, bellerive(w, "/sites"), "name=Chalet+du+lac&street=1+rue+du+Lac&postcode=44500&city=Z%C3%A9landia&information=Badge&notes=Chien");
    assert_status(made, 303);
    struct answer *page = world_get(w, ADMIN, world_text(w, "%s.json", (const char *)arena_copy(world_arena(w), made->location, strcspn(made->location, "?"))));
    const struct doc *site = doc_get(page->doc, "site");
    assert_string_equal(doc_text_of(site, "number"), "S-00061");
    assert_string_equal(doc_text_of(site, "notes"), "Chien");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE object_kind = 'site' ORDER BY at DESC, number DESC LIMIT 1"), "site_create");
    assert_int_equal(rows(w, "sites", "/sites.json?search=chalet+lac"), 1);
    assert_int_equal(rows(w, "sites", "/sites.json?city=zelandia"), 1);
    const char *edit = world_text(w, OFFICE "/sites/%s/edit", doc_text_of(site, "id"));
    assert_has(world_get(w, ADMIN, edit), "Chalet du lac");
    assert_status(world_post(w, ADMIN, edit, "name=Refuge&city=Guerande"), 303);
    assert_int_equal(rows(w, "sites", "/sites.json?search=chalet"), 0);
    assert_int_equal(rows(w, "sites", "/sites.json?search=refuge+S-00061"), 1);
    struct answer *wrong = world_post(w, ADMIN, edit, "name=&street=gardee");
    assert_status(wrong, 422);
    assert_has(wrong, "gardee");
}

/* What becomes of a machine of « Hôtel Bellerive » that is put at a site without asking whose it is. */
static int equipment_moved(struct world_test *w, const char *site)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " ORG);
    must(db_begin(c.db, c.arena, DB_WRITE));
    struct err *e = ctx_run(&c, &sql_equipment_put, PARAMS(P_INT("id", world_number(w, "SELECT MIN(id) FROM equipment WHERE client_id = " BELLERIVE)),
        P_INT("of_site", strtoll(site, NULL, 10)), P_TEXT("name", "a"), P_TEXT("name_key", "a"), P_TEXT("model", ""), P_TEXT("serial", ""), P_TEXT("serial_key", ""),
        P_NULL("installed_on"), P_NULL("warranty_on"), P_TEXT("in_state", "stored")));
    db_rollback(c.db);
    return e ? (int)e->code : -1;
}

WORLD_TEST(l_4_equipment_stands_at_a_site_of_its_own_client_alone)
{
    const char *other = world_value(w, "SELECT MIN(id) FROM site WHERE client_id = " ELSEWHERE), *stranger = world_value(w, "SELECT MIN(id) FROM contact WHERE client_id = " ELSEWHERE);
    struct answer *refused = world_post(w, ADMIN, bellerive(w, "/equipment"), world_text(w, "name=Vitrine&state=in_service&site_id=%s", other));
    assert_status(refused, 422);
    assert_has(refused, "Ce site n’est pas de ce client.");
    assert_has(refused, "Vitrine");
    refused = world_post(w, ADMIN, bellerive(w, "/sites"), world_text(w, "name=A&contact_id=%s", stranger));
    assert_status(refused, 422);
    assert_has(refused, "Ce contact n’est pas de ce client.");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'A'"), 0);
    /* and the database keeps it, whatever a handler does */
    assert_int_equal(equipment_moved(w, kitchen(w)), -1);
    assert_int_equal(equipment_moved(w, other), ERR_CONFLICT);
    struct answer *made = world_post(w, ADMIN, bellerive(w, "/equipment"), world_text(w, "name=Vitrine+du+hall&model=Givrelle+9&serial=GK-1&state=in_service&site_id=%s", kitchen(w)));
    assert_status(made, 303);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/sites/%s", kitchen(w))), "Vitrine du hall");
    assert_has(world_get(w, ADMIN, bellerive(w, "/equipment")), "Vitrine du hall");
    refused = world_post(w, ADMIN, bellerive(w, "/equipment"), "name=Copie&model=Givrelle+9&serial=gk+1&state=stored");
    assert_status(refused, 422);
    assert_has(refused, "déjà ce numéro de série");
}

WORLD_TEST(l_4_days_are_checked_and_what_is_retired_stays)
{
    static const char *const wrong[] = { "installed_on=2026-02-30", "warranty_on=demain", "installed_on=2026-03-01&warranty_on=2026-02-28" };
    const char *id = world_value(w, world_text(w, "SELECT MIN(id) FROM equipment WHERE site_id = %s", kitchen(w)));
    const char *edit = world_text(w, OFFICE "/equipment/%s/edit", id);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_status(world_post(w, ADMIN, edit, world_text(w, "name=Groupe&state=in_service&%s", wrong[i])), 422);
    assert_status(world_post(w, ADMIN, edit, "name=Groupe&state=broken"), 422);
    assert_status(world_post(w, ADMIN, edit, "name=Groupe+zeta&state=retired&installed_on=2020-03-01&warranty_on=2026-11-18"), 303);
    assert_has(world_get(w, ADMIN, edit), "2020-03-01");
    assert_int_equal(rows(w, "equipment", "/equipment.json?search=zeta&state=retired&warranty=ended"), 1);
    assert_int_equal(rows(w, "equipment", "/equipment.json?search=zeta&state=stored"), 0);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/equipment/%s", id)), "Hors service");
    assert_status(world_post(w, ADMIN, edit, "name=Groupe+zeta&state=in_service"), 303);
    assert_int_equal(rows(w, "equipment", "/equipment.json?search=zeta&warranty=ended"), 0);   /* no day is no end */
}

WORLD_TEST(x_4_lists_have_several_pages_and_filters)
{
    assert_int_equal(rows(w, "sites", "/sites.json"), 50);
    assert_int_equal(rows(w, "equipment", "/equipment.json"), 50);
    assert_int_equal(rows(w, "equipment", world_text(w, "/equipment.json?client=%s", world_value(w, "SELECT " BELLERIVE))), 17);
    assert_int_equal(rows(w, "equipment", world_text(w, "/equipment.json?site=%s", kitchen(w))), 9);
    assert_int_equal(rows(w, "sites", world_text(w, "/sites.json?client=%s", world_value(w, "SELECT " BELLERIVE))), 3);
    struct answer *page = world_get(w, ADMIN, world_text(w, OFFICE "/equipment?client=%s", world_value(w, "SELECT " BELLERIVE)));
    assert_has(page, "Hôtel Bellerive");
    const struct doc *ended = doc_get(world_get(w, ADMIN, OFFICE "/equipment.json?warranty=ended")->doc, "equipment");
    assert_true(doc_count(ended) > 5);
    for (size_t i = 0; i < doc_count(ended); i++)
        assert_true(doc_bool_of(doc_at(ended, i), "is_warranty_over"));
}

WORLD_TEST(c_1_a_technician_sees_and_writes_nothing)
{
    const char *site = world_text(w, OFFICE "/sites/%s", kitchen(w));
    struct answer *page = world_get(w, TECHNICIAN, site);
    assert_status(page, 200);
    assert_not(page, "Modifier");
    assert_not(page, "Ajouter");
    assert_status(world_get(w, TECHNICIAN, world_text(w, "%s/edit", site)), 403);
    assert_status(world_post(w, TECHNICIAN, world_text(w, "%s/edit", site), "name=Non"), 403);
    assert_status(world_post(w, TECHNICIAN, bellerive(w, "/equipment"), "name=Non&state=stored"), 403);
    assert_has(world_get(w, TECHNICIAN, bellerive(w, "/sites")), "Cuisine centrale");
    assert_status(world_get(w, AGENT, site), 403);
    assert_status(world_get(w, AGENT, OFFICE "/equipment"), 403);
    assert_not(world_get(w, AGENT, bellerive(w, "")), "Équipements");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'Non'"), 0);
}

static const char *exported(struct world_test *w, const char *form)
{
    assert_status(world_post(w, ADMIN, OFFICE "/exports", form), 303);
    while (world_work(w))
        continue;
    const char *id = world_value(w, "SELECT MAX(id) FROM export_run WHERE org_id = " ORG);
    struct answer *file = world_get(w, ADMIN, world_text(w, OFFICE "/exports/%s/file", id));
    assert_status(file, 200);
    return arena_copy(world_arena(w), file->body, file->len);
}

static int lines(const char *csv)
{
    int count = 0;
    for (const char *at = csv; (at = strstr(at, "\r\n")); at += 2)
        count++;
    return count;
}

WORLD_TEST(x_4_both_lists_are_exported_with_their_filters)
{
    const char *all = exported(w, "kind=sites"), *city = exported(w, "kind=sites&city=La+Baule-Escoublac");
    assert_int_equal(lines(all), 61);
    assert_non_null(strstr(all, "N° site;Nom;N° client"));
    assert_int_equal(lines(city), 1 + world_number(w, "SELECT COUNT(*) FROM site WHERE city = 'La Baule-Escoublac'"));
    assert_int_equal(lines(exported(w, "kind=equipment")), 151);
    const char *retired = exported(w, world_text(w, "kind=equipment&warranty=ended&client=%s", world_value(w, "SELECT " BELLERIVE)));
    assert_int_equal(lines(retired), 1 + world_number(w, world_text(w, "SELECT COUNT(*) FROM equipment WHERE client_id = " BELLERIVE " AND warranty_on < %lld",
        (long long)(world_now(w) / 86400000))));
    assert_int_equal(lines(exported(w, "kind=equipment&search=polaris&state=stored")),
        1 + world_number(w, "SELECT COUNT(*) FROM equipment WHERE model LIKE 'Polaris%' AND state = 'stored'"));
    assert_status(world_post(w, AGENT, OFFICE "/exports", "kind=equipment&state=stored"), 403);
}

WORLD_MAIN("site", WORLD_CASE(l_4_a_site_is_made_shown_changed_and_found), WORLD_CASE(l_4_equipment_stands_at_a_site_of_its_own_client_alone),
    WORLD_CASE(l_4_days_are_checked_and_what_is_retired_stays), WORLD_CASE(x_4_lists_have_several_pages_and_filters),
    WORLD_CASE(c_1_a_technician_sees_and_writes_nothing), WORLD_CASE(x_4_both_lists_are_exported_with_their_filters))
