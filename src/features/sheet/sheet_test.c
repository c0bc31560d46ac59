/* The « bon d’intervention » (L-7), read back by another program. */
#include "lib/world.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/links.h"

#define FROID "/o/froid-atlantique"
static const char karim[] = "karim.benali@froid-atlantique.example";

static int64_t job_in(struct world_test *w, const char *state)
{
    return world_number(w, world_text(w, "SELECT j.id FROM job j JOIN job_text t ON t.org_id = j.org_id AND t.job_id = j.id "
        "WHERE j.state = '%s' ORDER BY t.signed_at IS NULL, j.id DESC LIMIT 1", state));
}

static const char *pdf_text(struct world_test *w, const struct answer *answer)
{
    enum { MOST = 1 << 18 };
    char path[] = "/tmp/sheet-test-XXXXXX", *text = arena_alloc(world_arena(w), MOST);
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, answer->body, answer->len) == (ssize_t)answer->len);
    close(fd);
    FILE *out = popen(world_text(w, "pdftotext -layout %s -", path), "r");
    size_t got = out ? fread(text, 1, MOST - 1, out) : 0;
    assert_true(out && pclose(out) == 0);
    unlink(path);
    text[got] = '\0';
    return text;
}

#define assert_in(text_, word_) do { if (!strstr((text_), (word_))) fail_msg("not there: %s in %.3000s", (word_), (text_)); } while (0)

static const char *sheet(struct world_test *w, const char *who, int64_t job)
{
    struct answer *answer = world_get(w, who, world_text(w, FROID "/jobs/%lld/sheet", (long long)job));
    assert_status(answer, 200);
    assert_string_equal(answer->type, "application/pdf");
    assert_in(answer_header(answer, "Content-Disposition"), "attachment; filename=");
    return pdf_text(w, answer);
}

static const char *of_job(struct world_test *w, int64_t job, const char *what)
{
    return world_value(w, world_text(w, "SELECT %s FROM job j JOIN job_text t ON t.org_id = j.org_id AND t.job_id = j.id JOIN client c ON c.org_id = j.org_id AND c.id = j.client_id "
        "WHERE j.id = %lld", what, (long long)job));
}

WORLD_TEST(l7_the_sheet_of_a_job_says_all_of_it)
{
    int64_t job = job_in(w, "done");
    const char *text = sheet(w, karim, job);
    assert_in(text, "Bon d’intervention");
    assert_in(text, "Froid Atlantique");
    assert_in(text, world_text(w, "I-%s", of_job(w, job, "j.number")));
    assert_in(text, of_job(w, job, "c.name"));
    assert_in(text, of_job(w, job, "c.number"));
    assert_in(text, of_job(w, job, "t.signed_name"));
    assert_in(text, "Rapport");
    assert_in(text, "Arrivée");
    assert_in(text, "Page 1 sur 1");
    assert_in(text, "SIREN");
}

WORLD_TEST(l7_notes_of_the_team_are_on_no_paper)
{
    int64_t job = job_in(w, "done");
    world_run_sql(w, world_text(w, "UPDATE job_text SET notes = 'Code du portail 4711', report = 'Tout va bien' WHERE job_id = %lld", (long long)job));
    const char *text = sheet(w, karim, job);
    assert_in(text, "Tout va bien");
    assert_null(strstr(text, "4711"));
}

WORLD_TEST(l7_a_sheet_is_as_old_as_its_job)
{
    int64_t job = job_in(w, "planned");
    const char *path = world_text(w, FROID "/jobs/%lld/sheet", (long long)job);
    struct answer *one = world_get(w, karim, path), *two = world_get(w, karim, path);
    assert_int_equal(one->len, two->len);
    assert_memory_equal(one->body, two->body, one->len);
    world_run_sql(w, world_text(w, "UPDATE job_text SET description = 'Autre chose' WHERE job_id = %lld", (long long)job));
    assert_in(sheet(w, karim, job), "Autre chose");
}

WORLD_TEST(l7_hostile_texts_break_no_sheet)
{
    int64_t job = job_in(w, "done");
    char *endless = arena_alloc(world_arena(w), 4001);
    memset(endless, 'm', 4000);
    const char *const texts[] = { endless, "🔥👩‍👩‍👧 (\\) endobj %%EOF", "שלום مرحبا", "\x01\x1b[31m" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        world_run_sql(w, world_text(w, "UPDATE job_text SET description = '%s', report = '%s', information = '%s', signed_name = '%s' WHERE job_id = %lld", texts[i], texts[i],
            texts[i], texts[i], (long long)job));
        assert_in(sheet(w, karim, job), "Page 1 sur");
    }
}

WORLD_TEST(l7_the_sheet_of_another_company_does_not_exist)
{
    int64_t job = job_in(w, "done");
    assert_status(world_get(w, "camille.vasseur@hexanode.example", world_text(w, "/o/hexanode/jobs/%lld/sheet", (long long)job)), 404);
    assert_status(world_get(w, karim, FROID "/jobs/999999999/sheet"), 404);
    assert_status(world_get(w, karim, world_text(w, FROID "/jobs/%lld/sheet.json", (long long)job)), 404);
}

/* ---- The client ---- */

#define CLAIRE "claire.delmas@bellerive.example"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT MIN(id) FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"

static int64_t job_of(struct world_test *w, const char *which, const char *state)
{
    return world_number(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND client_id %s " BELLERIVE " AND state = '%s'", which, state));
}

WORLD_TEST(l7_a_link_has_the_sheet_of_what_it_opens)
{
    int64_t job = job_of(w, "=", "done"), other = job_of(w, "<>", "done"), second = world_number(w, world_text(w, "SELECT MAX(id) FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE));
    struct link_wish wish = { .client_id = world_number(w, "SELECT " BELLERIVE), .job_id = job };
    int64_t link = link_made(w, &wish);
    struct visitor v = { w }, nobody = { w };
    visitor_open(&v, link, link_made_secret(w, link));
    const char *here = world_text(w, "/l/%lld/jobs/%lld/sheet", (long long)link, (long long)job);
    struct answer *answer = visitor_get(&v, here);
    assert_status(answer, 200);
    assert_in(pdf_text(w, answer), world_text(w, "I-%s", of_job(w, job, "j.number")));
    assert_status(visitor_get(&v, world_text(w, "/l/%lld/jobs/%lld/sheet", (long long)link, (long long)other)), 404);
    assert_status(visitor_get(&v, world_text(w, "/l/%lld/jobs/%lld/sheet", (long long)link, (long long)second)), 404);
    assert_status(visitor_get(&nobody, here), 303);
    world_run_sql(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (" ORG ", 0, 'reports', 0)");
    assert_status(visitor_get(&v, here), 404);              /* L-6: the option is off */
}

WORLD_TEST(l7_the_report_stands_on_a_clients_sheet_once_the_job_is_done)
{
    int64_t job = job_of(w, "=", "done");
    world_run_sql(w, world_text(w, "UPDATE job_text SET report = 'Vanne remplacée', notes = 'Code 4711' WHERE job_id = %lld", (long long)job));
    struct link_wish wish = { .client_id = world_number(w, "SELECT " BELLERIVE) };
    int64_t link = link_made(w, &wish);
    struct visitor v = { w };
    visitor_open(&v, link, link_made_secret(w, link));
    const char *here = world_text(w, "/l/%lld/jobs/%lld/sheet", (long long)link, (long long)job), *text = pdf_text(w, visitor_get(&v, here));
    assert_in(text, "Vanne remplacée");
    assert_null(strstr(text, "4711"));
    world_run_sql(w, world_text(w, "UPDATE job SET state = 'started', finished_at = NULL WHERE id = %lld", (long long)job));
    assert_null(strstr(pdf_text(w, visitor_get(&v, here)), "Vanne"));
    assert_in(sheet(w, karim, job), "Vanne remplacée");
}

/* L-2, L-6: the paper says no more than the page, whatever the team's says. */
WORLD_TEST(l2_a_clients_paper_has_no_more_than_its_page)
{
    const char *site = world_value(w, "SELECT MIN(site_id) FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND state = 'done'");
    const char *job = world_value(w, world_text(w, "SELECT MIN(id) FROM job WHERE site_id = %s AND state = 'done'", site));
    const char *away = world_value(w, world_text(w, "SELECT MIN(id) FROM equipment WHERE client_id = " BELLERIVE " AND site_id <> %s", site));
    world_run_sql(w, world_text(w, "UPDATE equipment SET name = 'Armoire partie', serial = 'SN-471199' WHERE id = %s", away));
    world_run_sql(w, world_text(w, "INSERT INTO job_equipment (org_id, job_id, equipment_id) VALUES (" ORG ", %s, %s) ON CONFLICT DO NOTHING", job, away));
    world_run_sql(w, world_text(w, "UPDATE job SET contact_name = 'Personne Jointe', contact_phone = '0299471147' WHERE id = %s", job));
    world_run_sql(w, world_text(w, "UPDATE job_text SET information = 'Code quai 4712' WHERE job_id = %s", job));
    world_run_sql(w, "UPDATE client SET number = 'C-471100', street = '12 rue Ailleurs' WHERE id = " BELLERIVE);
    struct link_wish wide = { .client_id = world_number(w, "SELECT " BELLERIVE) }, narrow = wide;
    narrow.site_id = strtoll(site, NULL, 10);
    int64_t link = link_made(w, &narrow), whole = link_made(w, &wide);
    struct visitor v = { w };
    visitor_open(&v, link, link_made_secret(w, link));
    visitor_open(&v, whole, link_made_secret(w, whole));
    const char *text = pdf_text(w, visitor_get(&v, world_text(w, "/l/%lld/jobs/%s/sheet", (long long)link, job)));
    assert_in(text, "Personne Jointe");
    static const char *const elsewhere[] = { "SN-471199", "C-471100", "12 rue Ailleurs" };
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (strstr(text, elsewhere[i]))
            fail_msg("a link to one site shows %s", elsewhere[i]);
    const char *all = world_text(w, "/l/%lld/jobs/%s/sheet", (long long)whole, job);
    static const struct { const char *option, *said; } parts[] = { { "equipment", "SN-471199" }, { "contact", "Personne Jointe" }, { "information", "Code quai 4712" } };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_in(pdf_text(w, visitor_get(&v, all)), parts[i].said);
        world_run_sql(w, world_text(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (" ORG ", 0, '%s', 0)", parts[i].option));
        if (strstr(pdf_text(w, visitor_get(&v, all)), parts[i].said))
            fail_msg("%s is off, and on paper", parts[i].option);
    }
}

WORLD_MAIN("sheet", WORLD_CASE(l2_a_clients_paper_has_no_more_than_its_page), WORLD_CASE(l7_a_link_has_the_sheet_of_what_it_opens), WORLD_CASE(l7_the_report_stands_on_a_clients_sheet_once_the_job_is_done), WORLD_CASE(l7_the_sheet_of_a_job_says_all_of_it), WORLD_CASE(l7_notes_of_the_team_are_on_no_paper), WORLD_CASE(l7_a_sheet_is_as_old_as_its_job),
    WORLD_CASE(l7_hostile_texts_break_no_sheet), WORLD_CASE(l7_the_sheet_of_another_company_does_not_exist))
