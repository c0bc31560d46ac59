/* Sites and equipment brought in from CSV, on both databases: what is wrong is said at its line, what is there already is said and not written twice,
   and what was exported comes back in. */
#include "lib/world.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "features/transfer/page.h"
#include "features/transfer/transfer.h"
#include "work/work.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT id FROM client WHERE name = 'Hôtel Bellerive' AND org_id = " ORG ")"

static const struct doc *run_with(struct world_test *w, const char *kind, const char *text, enum import_mode mode, bool is_update)
{
    struct ctx c;
    struct doc *report = NULL;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c.db, c.arena, mode == IMPORT_DRY ? DB_READ : DB_WRITE));
    must(import_run(&c, &(struct import_ask){ .kind = kind, .data = text, .len = strlen(text), .mode = mode, .errors_most = 1000, .is_update = is_update }, &report));
    if (doc_bool_of(report, "is_written")) {
        must(import_journal(&c, "a.csv", report));
        must(db_commit(c.db, c.arena));
    }
    db_rollback(c.db);
    return report;
}

static void assert_counts(const struct doc *report, int64_t added, int64_t changed, int64_t refused)
{
    if (doc_int_of(report, "added") != added || doc_int_of(report, "changed") != changed || doc_int_of(report, "refused") != refused) {
        const struct doc *first = doc_at(doc_get(report, "errors"), 0);
        fail_msg("added %lld, changed %lld, refused %lld; the first error is (%lld, %s: %s)", (long long)doc_int_of(report, "added"), (long long)doc_int_of(report, "changed"),
            (long long)doc_int_of(report, "refused"), (long long)doc_int_of(first, "row"), doc_text_of(first, "column"), doc_text_of(first, "message"));
    }
}

struct wrong { int64_t line; const char *column, *message; };   /* ends with line 0 */

static void assert_wrong(const struct doc *report, const struct wrong *wrong)
{
    const struct doc *errors = doc_get(report, "errors");
    size_t count = 0;
    for (; wrong[count].line; count++) {
        const struct doc *error = doc_at(errors, count);
        if (doc_int_of(error, "row") != wrong[count].line || strcmp(doc_text_of(error, "column"), wrong[count].column) != 0 || !strstr(doc_text_of(error, "message"), wrong[count].message))
            fail_msg("error %zu is (%lld, %s: %s), wanted (%lld, %s: %s)", count, (long long)doc_int_of(error, "row"), doc_text_of(error, "column"), doc_text_of(error, "message"),
                (long long)wrong[count].line, wrong[count].column, wrong[count].message);
    }
    assert_int_equal(doc_count(errors), count);
}

/* ---- Sites ---- */

static const char sites_csv[] = "N° site;Nom;N° client;Client;Adresse;Code postal;Ville;Contact;Informations\r\n"
    ";Annexe du port;C-00482;;3 quai Nord;44500;La Baule;Claire Delmas;Badge à l’accueil\r\n"
    ";Remise;;Hôtel Bellerive;;;;claire.delmas@bellerive.example;\r\n"
    "S-09000;Hangar;C-00482;;;;;;\r\n"
    ";Sans client;;;;;;;\r\n"
    ";Inconnu;C-99999;;;;;;\r\n"
    ";Inconnu;;Personne et Fils;;;;;\r\n"
    ";;C-00482;;;;;;\r\n"
    ";ANNEXE  du port;C-00482;;;;;;\r\n"
    ";annexe du Port;;Hôtel Bellerive;;;;;\r\n"
    ";Cuisine centrale;C-00482;;;;;;\r\n"
    "S-09000;Autre;C-00482;;;;;;\r\n"
    ";Bureau;C-00482;;;;;Gaëlle Riou;\r\n"
    ";Étage;C-00482;;;;;;;de trop\r\n";

static const struct wrong sites_wrong[] = {
    { 5, "N° client", "À remplir" }, { 6, "N° client", "Aucun client ne porte ce numéro." }, { 7, "Client", "Aucun client ne porte ce nom." }, { 8, "Nom", "obligatoire" },
    { 9, "Nom", "déjà à la ligne 2." }, { 10, "Nom", "déjà à la ligne 2." }, { 11, "Nom", "a déjà un site de ce nom." }, { 12, "N° site", "déjà à la ligne 4." },
    { 13, "Contact", "n’a pas ce contact." }, { 14, "Informations", "trop de cellules" }, { 0 },
};

WORLD_TEST(x_4_sites_come_in_with_each_wrong_row_at_its_line_and_never_twice)
{
    int64_t before = world_number(w, "SELECT COUNT(*) FROM site WHERE org_id = " ORG);
    const struct doc *dry = run_with(w, "sites", sites_csv, IMPORT_DRY, false);
    assert_wrong(dry, sites_wrong);
    assert_counts(dry, 3, 0, 10);
    assert_false(doc_bool_of(run_with(w, "sites", sites_csv, IMPORT_ALL, false), "is_written"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE org_id = " ORG), before);
    assert_counts(run_with(w, "sites", sites_csv, IMPORT_GOOD, false), 3, 0, 10);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE org_id = " ORG), before + 3);
    assert_string_equal(world_value(w, "SELECT s.number || '|' || s.street || '|' || s.city_key || '|' || x.information || '|' || c.last_name FROM site s "
        "JOIN site_text x ON x.site_id = s.id JOIN contact c ON c.id = s.contact_id WHERE s.name = 'Annexe du port'"), "S-09001|3 quai Nord|la baule|Badge à l’accueil|Delmas");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'Remise' AND contact_id IS NOT NULL AND client_id = " BELLERIVE), 1);
    assert_has(world_get(w, ADMIN, OFFICE "/sites?search=annexe+port"), "S-09001");
    assert_counts(run_with(w, "sites", sites_csv, IMPORT_GOOD, false), 0, 0, 13);            /* the same file once more */
    assert_counts(run_with(w, "sites", "Nom;Client;Ville\nANNEXE DU PORT;Hôtel Bellerive;Pornichet\n", IMPORT_GOOD, true), 0, 1, 0);
    assert_string_equal(world_value(w, "SELECT name || '|' || street || '|' || city_key FROM site WHERE number = 'S-09001'"), "ANNEXE DU PORT|3 quai Nord|pornichet");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'import_sites'"), 2);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/sites", world_value(w, "SELECT " BELLERIVE)), "name=Suivant"), 303);
    assert_string_equal(world_value(w, "SELECT number FROM site WHERE name = 'Suivant'"), "S-09003");   /* counting goes on behind what came in */
    world_sound(w);
}

WORLD_TEST(x_4_whose_a_row_is_must_be_in_the_file_and_numbers_are_not_another_client_s)
{
    assert_wrong(run_with(w, "sites", "Nom;Ville\nUn;Brest\n", IMPORT_GOOD, false), (const struct wrong[]){ { 1, "N° client", "Il manque le client" }, { 0 } });
    assert_wrong(run_with(w, "equipment", "Nom\nUn\n", IMPORT_GOOD, false), (const struct wrong[]){ { 1, "N° client", "Il manque le client" }, { 0 } });
    const char *other = world_value(w, "SELECT s.number FROM site s WHERE s.org_id = " ORG " AND s.client_id <> " BELLERIVE " ORDER BY s.id LIMIT 1");
    assert_wrong(run_with(w, "sites", world_text(w, "N° site;Nom;N° client\n%s;Pris;C-00482\n", other), IMPORT_GOOD, true), (const struct wrong[]){ { 2, "N° site", "autre client" }, { 0 } });
    assert_wrong(run_with(w, "equipment", world_text(w, "Nom;N° client;N° site\nPris;C-00482;%s\n", other), IMPORT_GOOD, true),
        (const struct wrong[]){ { 2, "N° site", "pas de site de ce numéro" }, { 0 } });
}

/* ---- Equipment ---- */

static const char equipment_csv[] = "Équipement;Modèle;N° de série;N° client;Site;Mis en service le;Fin de la garantie;État\n"
    "Vitrine du bar;Givrelle V2;GV-1001;C-00482;cuisine CENTRALE;2024-03-31;31/03/2027;En service\n"
    "Armoire;Boréal;;C-00482;Cuisine centrale;;;\n"
    "Groupe;Boréal;B-1;C-00482;;01.02.2025;;en réserve\n"
    "Vitrine;Givrelle V2;gv 1001;C-00482;;;;\n"
    "armoire;Boréal;;C-00482;Cuisine centrale;;;\n"
    "Armoire;Boréal;;C-00482;;;;\n"
    "Nulle part;Boréal;B-2;C-00482;Grenier;;;\n"
    "Date;Boréal;B-3;C-00482;;2024-02-30;;\n"
    "Garantie;Boréal;B-4;C-00482;;2025-01-02;2025-01-01;\n"
    "État;Boréal;B-5;C-00482;;;;cassé\n";

static const struct wrong equipment_wrong[] = {
    { 5, "N° de série", "déjà à la ligne 2." }, { 6, "Équipement", "déjà à la ligne 3." }, { 8, "Site", "pas de site de ce nom" }, { 9, "Mis en service le", "pas un jour" },
    { 10, "Fin de la garantie", "finit avant" }, { 11, "État", "État inconnu" }, { 0 },
};

WORLD_TEST(x_4_equipment_finds_client_and_site_and_comes_in_once)
{
    assert_wrong(run_with(w, "equipment", equipment_csv, IMPORT_DRY, false), equipment_wrong);
    assert_counts(run_with(w, "equipment", equipment_csv, IMPORT_GOOD, false), 4, 0, 6);
    assert_string_equal(world_value(w, "SELECT s.name || '|' || e.state || '|' || CAST(e.installed_on AS TEXT) || '|' || CAST(e.warranty_on AS TEXT) FROM equipment e "
        "JOIN site s ON s.id = e.site_id WHERE e.serial = 'GV-1001'"), "Cuisine centrale|in_service|19813|20908");
    assert_string_equal(world_value(w, "SELECT state || '|' || CAST(installed_on AS TEXT) FROM equipment WHERE serial = 'B-1'"), "stored|20120");
    assert_has(world_get(w, ADMIN, OFFICE "/equipment?search=GV-1001"), "Vitrine du bar");
    const struct doc *again = run_with(w, "equipment", equipment_csv, IMPORT_GOOD, false);
    assert_counts(again, 0, 0, 10);
    assert_false(doc_bool_of(again, "is_written"));
    assert_counts(run_with(w, "equipment", "Nom;Modèle;Série;Client;État\nVitrine du bar;Givrelle V2;GV-1001;Hôtel Bellerive;hors service\n", IMPORT_GOOD, true), 0, 1, 0);
    assert_string_equal(world_value(w, "SELECT state || '|' || CAST(warranty_on AS TEXT) FROM equipment WHERE serial = 'GV-1001'"), "retired|20908");
}

/* ---- What was exported ---- */

static const char *exported(struct world_test *w, const char *kind)
{
    assert_status(world_post(w, ADMIN, OFFICE "/exports", world_text(w, "kind=%s", kind)), 303);
    while (world_work(w))
        continue;
    struct answer *file = world_get(w, ADMIN, world_text(w, OFFICE "/exports/%s/file", world_value(w, "SELECT MAX(id) FROM export_run WHERE org_id = " ORG)));
    assert_status(file, 200);
    return arena_copy(world_arena(w), file->body, file->len);
}

WORLD_TEST(x_4_what_was_exported_is_known_when_it_comes_back)
{
    static const struct { const char *kind, *count, *sum; } lists[] = {
        { "sites", "SELECT COUNT(*) FROM site WHERE org_id = " ORG, "SELECT MIN(name || street || city || number) || COUNT(contact_id) || COUNT(DISTINCT city_key) FROM site WHERE org_id = " ORG },
        { "equipment", "SELECT COUNT(*) FROM equipment WHERE org_id = " ORG,
            "SELECT SUM(installed_on) || '|' || SUM(warranty_on) || '|' || COUNT(site_id) || MIN(serial || state) FROM equipment WHERE org_id = " ORG },
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *file = exported(w, lists[i].kind), *sum = world_value(w, lists[i].sum);
        int64_t count = world_number(w, lists[i].count);
        assert_counts(run_with(w, lists[i].kind, file, IMPORT_GOOD, false), 0, 0, count);
        assert_counts(run_with(w, lists[i].kind, file, IMPORT_ALL, true), 0, count, 0);
        assert_int_equal(world_number(w, lists[i].count), count);
        assert_string_equal(world_value(w, lists[i].sum), sum);
    }
}

/* ---- In the back office ---- */

static struct answer *upload(struct world_test *w, const char *who, const char *target, const char *text)
{
    return world_post_parts(w, who, target, (const struct world_part[]){ { "files", "sites.csv", text, strlen(text) }, { 0 } });
}

/* The process dies while a job runs: nothing of its transaction is there. */
static void killed_while_writing(struct world_test *w, const char *id)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    struct doc *data = doc_map(c.arena);
    doc_set_int(data, "run", strtoll(id, NULL, 10));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(import_write_run(&c, data));
    db_rollback(c.db);
}

WORLD_TEST(x_4_sites_are_looked_at_then_written_from_their_list_and_once_after_a_kill)
{
    assert_has(world_get(w, ADMIN, OFFICE "/sites"), OFFICE "/sites/import");
    assert_has(world_get(w, ADMIN, OFFICE "/equipment"), OFFICE "/equipment/import");
    assert_not(world_get(w, TECHNICIAN, OFFICE "/sites"), OFFICE "/sites/import");
    assert_status(world_get(w, TECHNICIAN, OFFICE "/sites/import"), 403);
    assert_status(upload(w, TECHNICIAN, OFFICE "/equipment/import", sites_csv), 403);
    assert_has(world_get(w, ADMIN, OFFICE "/equipment/import"), "l’un des deux, obligatoire");
    struct answer *sent = upload(w, ADMIN, OFFICE "/sites/import", sites_csv);
    assert_status(sent, 303);
    world_work(w);
    struct answer *page = world_get(w, ADMIN, sent->location);
    assert_has(page, "Importer les lignes correctes");
    assert_has(page, "Aucun client ne porte ce numéro.");
    assert_has(page, OFFICE "/sites/import");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'Remise'"), 0);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=good"), 303);
    killed_while_writing(w, world_value(w, "SELECT MAX(id) FROM import_run"));
    assert_has(world_get(w, ADMIN, sent->location), "Import en cours");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'Remise'"), 0);
    world_work(w);
    assert_has(world_get(w, ADMIN, sent->location), "Importé");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM site WHERE name = 'Remise'"), 1);
    assert_has(world_get(w, ADMIN, OFFICE "/sites/import"), "sites.csv");
    world_sound(w);
}

WORLD_MAIN("import_site", WORLD_CASE(x_4_sites_come_in_with_each_wrong_row_at_its_line_and_never_twice),
    WORLD_CASE(x_4_whose_a_row_is_must_be_in_the_file_and_numbers_are_not_another_client_s), WORLD_CASE(x_4_equipment_finds_client_and_site_and_comes_in_once),
    WORLD_CASE(x_4_what_was_exported_is_known_when_it_comes_back), WORLD_CASE(x_4_sites_are_looked_at_then_written_from_their_list_and_once_after_a_kill))
