/* A history of jobs brought in from CSV (X-4, L-7), on both databases. */
#include "lib/world.h"
#include <string.h>
#include "features/transfer/transfer.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static const struct doc *run(struct world_test *w, const char *text, enum import_mode mode)
{
    struct ctx c;
    struct doc *report = NULL;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c.db, c.arena, mode == IMPORT_DRY ? DB_READ : DB_WRITE));
    must(import_run(&c, &(struct import_ask){ .kind = "jobs", .data = text, .len = strlen(text), .mode = mode, .errors_most = 1000, .is_update = true }, &report));
    if (doc_bool_of(report, "is_written")) {
        must(import_journal(&c, "a.csv", report));
        must(db_commit(c.db, c.arena));
    }
    db_rollback(c.db);
    return report;
}

static void assert_row(const struct doc *report, size_t at, int64_t line, const char *column, const char *message)
{
    const struct doc *error = doc_at(doc_get(report, "errors"), at);
    if (doc_int_of(error, "row") != line || strcmp(doc_text_of(error, "column"), column) != 0 || !strstr(doc_text_of(error, "message"), message))
        fail_msg("error %zu is (%lld, %s: %s), wanted (%lld, %s: %s)", at, (long long)doc_int_of(error, "row"), doc_text_of(error, "column"), doc_text_of(error, "message"),
            (long long)line, column, message);
}

static const char jobs_csv[] = "N°;N° client;Site;Type;Description;État;Début;Fin;Technicien;Rapport\n"
    "I-9000;C-00482;Cuisine centrale;Dépannage;\"Chambre froide en alarme\nDepuis ce matin\";terminée;2025-07-01 08:30;01/07/2025 10:15;Karim Benali;Sonde changée\n"
    ";C-00482;;entretien;Entretien d’été;;;2025-01-15;;\n"
    ";C-00482;Cuisine centrale;Contrôle;Contrôle à venir;à planifier;;;;\n"
    ";C-00482;;Dépannage;;terminée;;2025-01-15;;\n"
    ";C-00482;;Plomberie;Fuite;terminée;;2025-01-15;;\n"
    ";C-00482;;Dépannage;Sans fin;terminée;;;;\n"
    ";C-00482;;Dépannage;À rebours;terminée;2025-07-01 10:00;2025-07-01 09:00;;\n"
    ";C-00482;;Dépannage;Demain;terminée;;2099-01-01;;\n"
    ";C-00482;;Dépannage;Pas encore;à planifier;;;Karim Benali;\n"
    ";C-00482;;Dépannage;Qui ?;terminée;;2025-01-15;Personne Inconnue;\n"
    "I-1150;C-00482;;Dépannage;Pris;terminée;;2025-01-15;;\n"
    ";C-00482;;Entretien;Entretien d’été;;;2025-01-15;;\n"
    "BI-7;C-00482;;Dépannage;Numéro;terminée;;2025-01-15;;\n"
    ";C-00482;;Dépannage;Heure;terminée;;2025-01-15 25:00;;\n";

WORLD_TEST(x_4_a_history_of_jobs_comes_in_once_with_its_times)
{
    static const struct { int64_t line; const char *column, *message; } wrong[] = {
        { 6, "Description", "obligatoire" }, { 7, "Type", "Aucun type" }, { 8, "Fin", "quand elle a été terminée" }, { 9, "Fin", "avant le début" }, { 10, "Fin", "avenir" },
        { 11, "Technicien", "Seulement" }, { 12, "Technicien", "Aucun membre" }, { 13, "N°", "porte déjà ce numéro" }, { 14, "Description", "déjà à la ligne 4" },
        { 15, "N°", "numéro d’intervention" }, { 16, "Fin", "pas un moment" },
    };
    enum { WRONG = sizeof wrong / sizeof *wrong };
    int64_t before = world_number(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG), mails = world_number(w, "SELECT COUNT(*) FROM mail");
    const struct doc *report = run(w, jobs_csv, IMPORT_GOOD);
    for (size_t i = 0; i < WRONG; i++)
        assert_row(report, i, wrong[i].line, wrong[i].column, wrong[i].message);
    assert_int_equal(doc_int_of(report, "error_count"), WRONG);
    assert_int_equal(doc_int_of(report, "added"), 3);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG), before + 3);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails);                      /* nobody is written to */
    /* by the clock of the organization: 08:30 in Paris in summer is 06:30 */
    assert_string_equal(world_value(w, "SELECT j.title || '|' || j.state || '|' || CAST(j.arrived_at AS TEXT) || '|' || CAST(j.finished_at AS TEXT) || '|' || s.name || '|' || x.report FROM job j "
        "JOIN site s ON s.id = j.site_id JOIN job_text x ON x.job_id = j.id WHERE j.number = 9000"), "Chambre froide en alarme|done|1751351400000|1751357700000|Cuisine centrale|Sonde changée");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job j JOIN site s ON s.id = j.site_id WHERE j.number = 9000 AND j.street = s.street AND j.member_id IS NOT NULL AND j.planned_end = j.finished_at"), 1);
    assert_int_equal(world_number(w, "SELECT number FROM job WHERE title = 'Contrôle à venir' AND state = 'to_plan'"), 9002);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM word_of WHERE kind = 'job' AND words LIKE '%9000%alarme%'"), 1);
    assert_int_equal(doc_int_of(run(w, jobs_csv, IMPORT_GOOD), "added"), 0);                   /* the same file once more, also with --update */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'import_jobs'"), 1);
    world_sound(w);
}

WORLD_TEST(x_4_jobs_are_imported_by_who_manages_them)
{
    static const char text[] = "N° client;Type;Description\nC-00482;Dépannage;Apporté\n";
    const struct world_part parts[] = { { "files", "jobs.csv", text, sizeof text - 1 }, { 0 } };
    assert_not(world_get(w, ADMIN, OFFICE "/jobs/import"), "Mettre à jour ce qui existe");
    assert_status(world_get(w, TECHNICIAN, OFFICE "/jobs/import"), 403);
    assert_status(world_post_parts(w, TECHNICIAN, OFFICE "/jobs/import", parts), 403);
    struct answer *sent = world_post_parts(w, ADMIN, OFFICE "/jobs/import", parts);
    assert_status(sent, 303);
    world_work(w);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=all"), 303);
    world_work(w);
    assert_string_equal(world_value(w, "SELECT state || '|' || asked_how || '|' || asked_name FROM job WHERE title = 'Apporté'"), "to_plan|office|Sabine Cozic");
}

static const char *exported(struct world_test *w, const char *form)
{
    assert_status(world_post(w, ADMIN, OFFICE "/exports", form), 303);
    while (world_work(w))
        continue;
    struct answer *file = world_get(w, ADMIN, world_text(w, OFFICE "/exports/%s/file", world_value(w, "SELECT MAX(id) FROM export_run WHERE org_id = " ORG)));
    assert_status(file, 200);
    return arena_copy(world_arena(w), file->body, file->len);
}

/* Records, not lines: a report may have several. Each begins with its number. */
static int64_t jobs_in(const char *csv)
{
    int64_t count = 0;
    for (const char *at = csv; (at = strstr(at, "\r\nI-")); at += 2)
        count++;
    return count;
}

#define COUNT(where) world_number(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND " where)

WORLD_TEST(x_4_jobs_are_exported_with_the_filters_of_their_list_and_known_when_they_come_back)
{
    const char *all = exported(w, "kind=jobs"), *client = world_value(w, "SELECT id FROM client WHERE name = 'Hôtel Bellerive'");
    const char *technician = world_value(w, "SELECT MIN(member_id) FROM job WHERE org_id = " ORG);
    assert_int_equal(jobs_in(all), COUNT("1 = 1"));
    assert_non_null(strstr(all, "N°;N° client;Client;N° site;Site;Type;Description;État"));
    assert_non_null(strstr(all, ";Terminée;"));
    assert_int_equal(jobs_in(exported(w, "kind=jobs&state=to_plan")), COUNT("state = 'to_plan'"));
    assert_int_equal(jobs_in(exported(w, world_text(w, "kind=jobs&client=%s&state=done", client))),
        world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE client_id = %s AND state = 'done'", client)));
    assert_int_equal(jobs_in(exported(w, world_text(w, "kind=jobs&technician=%s", technician))), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE member_id = %s", technician)));
    assert_int_equal(jobs_in(exported(w, "kind=jobs&urgent=1")), COUNT("is_urgent = 1"));
    assert_int_equal(jobs_in(exported(w, "kind=jobs&late=1")), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND state = 'planned' AND planned_start < %lld", (long long)world_now(w))));
    int64_t october = COUNT("planned_start >= 1790805600000 AND planned_start < 1793487600000");      /* by the clock of the organization */
    assert_true(october > 5);
    assert_int_equal(jobs_in(exported(w, "kind=jobs&from=2026-10-01&to=2026-10-31")), october);
    assert_has(world_get(w, ADMIN, OFFICE "/jobs?view=to_plan"), "name=\"state\" value=\"to_plan\"");
    const struct doc *back = run(w, all, IMPORT_GOOD);
    assert_int_equal(doc_int_of(back, "added"), 0);
    assert_int_equal(doc_int_of(back, "refused"), doc_int_of(back, "rows"));
}

/* A technician sees the list; all of it is for who may export all, and no filter that leaves out nothing opens it. */
WORLD_TEST(m_5_an_export_of_all_jobs_is_for_who_may)
{
    static const char *const forms[] = { "kind=jobs", "kind=jobs&from=hier", "kind=jobs&type=0", "kind=jobs&status=open", NULL };
    for (const char *const *form = forms; *form; form++)
        assert_status(world_post(w, TECHNICIAN, OFFICE "/exports", *form), 403);
    assert_status(world_post(w, TECHNICIAN, OFFICE "/exports", "kind=jobs&state=to_plan"), 303);
    assert_status(world_post(w, "gaelle.riou@froid-atlantique.example", OFFICE "/exports", "kind=jobs&state=to_plan"), 403);
}

WORLD_MAIN("import_job", WORLD_CASE(x_4_jobs_are_exported_with_the_filters_of_their_list_and_known_when_they_come_back), WORLD_CASE(m_5_an_export_of_all_jobs_is_for_who_may),
    WORLD_CASE(x_4_a_history_of_jobs_comes_in_once_with_its_times), WORLD_CASE(x_4_jobs_are_imported_by_who_manages_them))
