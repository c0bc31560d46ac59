/* What a client sees of its field work: as a contact and by a secure link (L-2, L-3, L-4, L-5, L-6, C-13), on both databases. */
#include "lib/links.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/portal/portal.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"            /* invoices alone */
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT id FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define KITCHEN "(SELECT id FROM site WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND name = 'Cuisine centrale')"
#define BEACH "(SELECT id FROM site WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND name = 'Restaurant de plage')"
#define ELSEWHERE "(SELECT MIN(id) FROM site WHERE org_id = " ORG " AND client_id <> " BELLERIVE ")"
#define UNKNOWN "777777777777777777"

/* Somebody who looks at the same pages: Claire on the portal, or a browser with a link. */
struct looker { struct world_test *w; struct visitor v; int64_t link_id; const char *home; };

static struct looker claire(struct world_test *w) { return (struct looker){ .w = w, .home = PORTAL }; }

static struct looker by_link(struct world_test *w, const char *site, const char *job)
{
    struct link_wish wish = { .client_id = world_number(w, "SELECT " BELLERIVE), .site_id = site ? world_number(w, world_text(w, "SELECT %s", site)) : 0,
        .job_id = job ? world_number(w, world_text(w, "SELECT %s", job)) : 0, .can_ask = !job };
    struct looker l = { .w = w, .v = { .w = w } };
    l.link_id = link_made(w, &wish);
    l.home = world_text(w, "/l/%lld", (long long)l.link_id);
    assert_status(visitor_open(&l.v, l.link_id, link_made_secret(w, l.link_id)), 303);
    return l;
}

static struct answer *look(struct looker *l, const char *rest)
{
    const char *address = world_text(l->w, "%s%s", l->home, rest);
    return l->link_id ? visitor_get(&l->v, address) : world_get(l->w, CLAIRE, address);
}

static struct answer *send(struct looker *l, const char *rest, const char *form)
{
    const char *address = world_text(l->w, "%s%s", l->home, rest);
    return l->link_id ? visitor_post(&l->v, visitor_session(&l->v, l->link_id), address, form) : world_post(l->w, CLAIRE, address, form);
}

/* An address or a form with this id in place of '*'. */
static const char *of(struct looker *l, const char *text, const char *id)
{
    return world_text(l->w, "%.*s%s%s", (int)strcspn(text, "*"), text, world_value(l->w, world_text(l->w, "SELECT %s", id)), strchr(text, '*') + 1);
}

static size_t rows(struct looker *l, const char *key, const char *rest)
{
    struct answer *answer = look(l, rest);
    assert_status(answer, 200);
    return doc_count(doc_get(answer->doc, key));
}

#define DONE_AT_KITCHEN "(SELECT MAX(id) FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND state = 'done' AND site_id = " KITCHEN ")"
#define JOB_ELSEWHERE "(SELECT MAX(id) FROM job WHERE org_id = " ORG " AND client_id <> " BELLERIVE " AND state = 'done')"
#define JOB_AT_BEACH "(SELECT MAX(id) FROM job WHERE org_id = " ORG " AND site_id = " BEACH ")"
#define MACHINE_AT(site) "(SELECT MIN(id) FROM equipment WHERE org_id = " ORG " AND site_id = " site ")"

/* A job at each of the two sites, whatever the demonstration draws. */
static void jobs_made(struct world_test *w)
{
    static const char *const sites[] = { KITCHEN, BEACH };
    for (int i = 0; i < 2; i++) {
        world_run_sql(w, world_text(w, "UPDATE job SET site_id = %s WHERE id = (SELECT id FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND state = 'done' ORDER BY id DESC LIMIT 1 OFFSET %d)",
            sites[i], i));
        world_run_sql(w, world_text(w, "UPDATE job_text SET notes = 'Code du portail 4711', report = 'Joint remplacé.' WHERE job_id = (SELECT MAX(id) FROM job WHERE site_id = %s AND state = 'done')", sites[i]));
    }
}

WORLD_TEST(c_13_jobs_are_given_and_withdrawn_by_themselves)
{
    const char *bruno = world_value(w, "SELECT id FROM contact WHERE org_id = " ORG " AND email = '" BRUNO "'");
    const char *access = world_text(w, OFFICE "/contacts/%s/access/jobs", bruno);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s", bruno)), "Suivi des interventions");
    assert_has(world_get(w, ADMIN, access), "peut suivre toutes les interventions du client Hôtel Bellerive");
    assert_status(world_post(w, ADMIN, access, "email=" BRUNO), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" BRUNO "' AND b.text LIKE '%Suivi des interventions%'"), 1);
    assert_status(world_get(w, BRUNO, PORTAL "/jobs"), 200);
    assert_status(world_get(w, BRUNO, PORTAL "/tickets"), 403);
    assert_has(world_get(w, ADMIN, OFFICE "/mandates?search=Aubry"), "Suivi des interventions");
    assert_status(world_get(w, SOPHIE, PORTAL "/jobs"), 403);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/end", access), ""), 303);
    assert_status(world_get(w, BRUNO, PORTAL "/jobs"), 404);
}

WORLD_TEST(l_3_the_page_has_the_sheet_and_all_jobs)
{
    jobs_made(w);
    for (int i = 0; i < 2; i++) {
        struct looker l = i ? by_link(w, NULL, NULL) : claire(w);
        struct answer *page = look(&l, "/jobs");
        static const char *const seen[] = { "Hôtel Bellerive", "C-00482", "Adresse principale", "Claire Delmas", "06 39 98 51 08", "Créer une intervention", "Terminée", "Cuisine centrale" };
        assert_status(page, 200);
        for (size_t k = 0; k < sizeof seen / sizeof *seen; k++)
            assert_has(page, seen[k]);
        assert_int_equal(rows(&l, "jobs", "/jobs.json"), world_number(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE));
        assert_int_equal(rows(&l, "jobs", "/jobs.json?state=done"), world_number(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND client_id = " BELLERIVE " AND state = 'done'"));
        assert_int_equal(rows(&l, "jobs", of(&l, "/jobs.json?site=*", BEACH)), world_number(w, "SELECT COUNT(*) FROM job WHERE site_id = " BEACH));
        assert_int_equal(rows(&l, "jobs", of(&l, "/jobs.json?search=*", "(SELECT number FROM job WHERE id = " DONE_AT_KITCHEN ")")), 1);
        assert_has(look(&l, "/jobs?search=zzzz"), "Aucune intervention pour ces filtres");
        page = look(&l, of(&l, "/jobs/*", DONE_AT_KITCHEN));
        assert_status(page, 200);
        assert_has(page, "Joint remplacé.");
        assert_not(page, "4711");
        assert_status(look(&l, of(&l, "/jobs/*", JOB_ELSEWHERE)), 404);
        assert_null(strstr(look(&l, of(&l, "/jobs/*.json", DONE_AT_KITCHEN))->body, "4711"));
    }
}

WORLD_TEST(l_3_the_technicians_number_is_there_on_the_day_alone)
{
    struct looker l = claire(w);
    long long now = (long long)world_now(w);
    world_run_sql(w, "UPDATE technician SET phone = '06 00 00 47 11'");
    world_run_sql(w, world_text(w, "UPDATE job SET state = 'planned', finished_at = NULL, planned_start = %lld, planned_end = %lld WHERE id = " DONE_AT_KITCHEN, now + 60000, now + 3600000));
    const char *job = of(&l, "/jobs/*", "(SELECT MAX(id) FROM job WHERE client_id = " BELLERIVE " AND state = 'planned')");
    world_run_sql(w, world_text(w, "UPDATE job SET planned_start = %lld, planned_end = %lld WHERE client_id = " BELLERIVE " AND state = 'planned'", now + 60000, now + 3600000));
    assert_has(look(&l, job), "06 00 00 47 11");
    world_run_sql(w, world_text(w, "UPDATE job SET planned_start = %lld, planned_end = %lld WHERE client_id = " BELLERIVE " AND state = 'planned'", now + 172800000, now + 176400000));
    assert_not(look(&l, job), "06 00 00 47 11");
}

WORLD_TEST(l_4_sites_and_equipment_show_their_jobs)
{
    jobs_made(w);
    for (int i = 0; i < 2; i++) {
        struct looker l = i ? by_link(w, NULL, NULL) : claire(w);
        assert_int_equal(rows(&l, "sites", "/sites.json"), 3);
        assert_int_equal(rows(&l, "sites", "/sites.json?search=plage"), 1);
        assert_int_equal(rows(&l, "equipment", "/equipment.json"), 17);
        assert_int_equal(rows(&l, "equipment", of(&l, "/equipment.json?site=*", BEACH)), 3);
        assert_int_equal(rows(&l, "equipment", "/equipment.json?search=zzzz"), 0);
        assert_has(look(&l, "/sites"), "Annexe Les Pins");
        assert_has(look(&l, "/equipment"), "Garantie");
        assert_int_equal(rows(&l, "jobs", of(&l, "/sites/*.json", KITCHEN)), world_number(w, "SELECT COUNT(*) FROM job WHERE site_id = " KITCHEN));
        const char *machine = "(SELECT MIN(equipment_id) FROM job_equipment x JOIN job j ON j.id = x.job_id WHERE j.client_id = " BELLERIVE ")";
        assert_int_equal(rows(&l, "jobs", of(&l, "/equipment/*.json", machine)), world_number(w, world_text(w, "SELECT COUNT(*) FROM job_equipment WHERE equipment_id = %s", machine)));
        assert_status(look(&l, of(&l, "/sites/*", ELSEWHERE)), 404);
        assert_status(look(&l, of(&l, "/equipment/*", MACHINE_AT(ELSEWHERE))), 404);
        assert_has(look(&l, of(&l, "/sites/*", KITCHEN)), "/jobs/new?site=");
    }
}

WORLD_TEST(l_5_a_job_is_asked_for_and_at_once_to_plan)
{
    for (int i = 0; i < 2; i++) {
        struct looker l = i ? by_link(w, NULL, NULL) : claire(w);
        struct answer *page = look(&l, "/jobs/new");
        assert_status(page, 200);
        assert_has(page, "Claire Delmas");
        assert_has(page, "value=\"06 39 98 51 08\"");
        assert_has(page, "Dépannage");
        assert_has(page, "Une autre adresse");
        struct answer *wrong = send(&l, "/jobs", of(&l, "description=&street=rue+Neuve&site_id=*", BEACH));
        assert_status(wrong, 422);
        assert_has(wrong, "Dites en une phrase ce qui se passe");
        assert_has(wrong, "rue Neuve");
        int64_t before = world_number(w, "SELECT COUNT(*) FROM job");
        const char *form = of(&l, "description=La+vitrine+ne+refroidit+plus%0ADepuis+ce+matin&contact_name=Jean&contact_email=claire.delmas%40bellerive.example&site_id=*", BEACH);
        struct answer *made = send(&l, "/jobs", form);
        assert_status(made, 303);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job"), before + 1);
        const char *id = strrchr(made->location, '=') + 1;
        struct answer *popped = l.link_id ? visitor_get(&l.v, made->location) : world_get(w, CLAIRE, made->location);
        assert_has(popped, "Votre demande est enregistrée");
        assert_has(popped, "Voir la demande");
        assert_has(popped, "<dialog");
        assert_string_equal(world_value(w, world_text(w, "SELECT title FROM job WHERE id = %s", id)), "La vitrine ne refroidit plus");
        assert_string_equal(world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", id)), "to_plan");
        assert_string_equal(world_value(w, world_text(w, "SELECT asked_how FROM job WHERE id = %s", id)), i ? "link" : "portal");
        assert_string_equal(world_value(w, world_text(w, "SELECT asked_name FROM job WHERE id = %s", id)), i ? "Jean" : "Claire Delmas");
        assert_string_equal(world_value(w, world_text(w, "SELECT city FROM job WHERE id = %s", id)), world_value(w, "SELECT city FROM site WHERE id = " BEACH));
        if (i)
            assert_int_equal(world_number(w, world_text(w, "SELECT asked_mandate_id FROM job WHERE id = %s", id)), l.link_id);
        assert_string_equal(world_value(w, world_text(w, "SELECT action FROM journal WHERE object_kind = 'job' AND object_id = %s", id)), "portal_job_create");
        assert_not(look(&l, of(&l, "/jobs?asked=*", DONE_AT_KITCHEN)), "Votre demande est enregistrée");
    }
    world_sound(w);
}

WORLD_TEST(l_5_the_same_form_twice_makes_one_job_and_files_come_along)
{
    int64_t before = world_number(w, "SELECT COUNT(*) FROM job");
    const char *token = world_token(w, CLAIRE);
    const char *body = world_text(w, "form_token=%s&description=Deux+fois", text_url_encode(world_arena(w), token));
    for (int i = 0; i < 2; i++)
        assert_status(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, PORTAL "/jobs", "application/x-www-form-urlencoded", body, strlen(body)), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job"), before + 1);
    static const char plan[] = "Un plan.\n";
    const struct world_part parts[] = { { "description", NULL, "Avec un fichier", 15 }, { "files", "plan.txt", plan, sizeof plan - 1 }, { 0 } };
    struct answer *made = world_post_parts(w, CLAIRE, PORTAL "/jobs", parts);
    assert_status(made, 303);
    const char *id = strrchr(made->location, '=') + 1, *file = world_value(w, world_text(w, "SELECT id FROM job_file WHERE job_id = %s", id));
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s", id)), "plan.txt");
    struct answer *got = world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/files/%s", id, file));
    assert_status(got, 200);
    assert_has(got, "Un plan.");
    world_run_sql(w, world_text(w, "UPDATE job_file SET is_private = 1 WHERE id = %s", file));
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/files/%s", id, file)), 404);
    assert_not(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s", id)), "plan.txt");
}

WORLD_TEST(l_5_so_many_an_hour_by_one_link_and_what_was_typed_stays)
{
    struct looker l = by_link(w, NULL, NULL);
    for (int i = 0; i < 20; i++)
        assert_status(send(&l, "/jobs", world_text(w, "description=Encore+%d", i)), 303);
    struct answer *refused = send(&l, "/jobs", "description=Une+de+trop");
    assert_status(refused, 422);
    assert_has(refused, "Une de trop");
    struct looker other = claire(w);
    assert_status(send(&other, "/jobs", "description=Par+le+portail"), 303);
    world_pass(w, 3700000);
    assert_status(send(&l, "/jobs", "description=Plus+tard"), 303);
}

WORLD_TEST(l_5_so_much_a_day_is_brought_by_one_mandate)
{
    static const char plan[] = "Un plan.\n";
    const struct world_part parts[] = { { "description", NULL, "Avec un fichier", 15 }, { "files", "plan.txt", plan, sizeof plan - 1 }, { 0 } };
    struct answer *made = world_post_parts(w, CLAIRE, PORTAL "/jobs", parts);
    assert_status(made, 303);
    world_run_sql(w, world_text(w, "UPDATE job_file SET size_bytes = 1073741820 WHERE job_id = %s", strrchr(made->location, '=') + 1));
    int64_t before = world_number(w, "SELECT COUNT(*) FROM job");
    assert_status(world_post_parts(w, CLAIRE, PORTAL "/jobs", parts), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job"), before);
    struct looker l = claire(w);
    assert_status(send(&l, "/jobs", "description=Sans+fichier"), 303);
    world_run_sql(w, world_text(w, "UPDATE job SET created_at = created_at - %lld WHERE id = %s", (long long)CLOCK_DAY_MS + 60000, strrchr(made->location, '=') + 1));
    assert_status(world_post_parts(w, CLAIRE, PORTAL "/jobs", parts), 303);
}

/* L-2, X-2: what lies outside, named in a form, is answered as what never was. */
static void nested(struct looker *l, const char *field, const char *id)
{
    struct world_test *w = l->w;
    int64_t before = world_number(w, "SELECT COUNT(*) FROM job");
    struct answer *foreign = send(l, "/jobs", world_text(w, "description=Essai&%s=%s", field, world_value(w, world_text(w, "SELECT %s", id))));
    struct answer *unknown = send(l, "/jobs", world_text(w, "description=Essai&%s=" UNKNOWN, field));
    assert_status(foreign, 422);
    assert_status(unknown, 422);
    const char *said = strstr(foreign->body, "role=\"alert\""), *meant = strstr(unknown->body, "role=\"alert\"");
    if (!said || !meant || strncmp(said, meant, (size_t)(strstr(said, "<form") - said)) != 0)
        fail_msg("%s of %s: %.600s\nis not: %.600s", field, l->home, said ? said : foreign->body, meant ? meant : unknown->body);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job"), before);
}

WORLD_TEST(l_5_ids_of_others_in_the_form_are_as_unknown)
{
    struct looker lookers[] = { claire(w), by_link(w, NULL, NULL), by_link(w, KITCHEN, NULL) };
    for (int i = 0; i < 3; i++) {
        nested(&lookers[i], "site_id", i == 2 ? BEACH : ELSEWHERE);
        nested(&lookers[i], "equipment_id", i == 2 ? MACHINE_AT(BEACH) : MACHINE_AT(ELSEWHERE));
    }
    world_run_sql(w, "UPDATE job_type SET is_offered = 0 WHERE name = 'Installation'");
    nested(&lookers[0], "type_id", "(SELECT id FROM job_type WHERE name = 'Installation' AND org_id = " ORG ")");
}

WORLD_TEST(l_2_a_link_to_one_site_shows_that_site_and_nothing_else)
{
    jobs_made(w);
    struct looker l = by_link(w, KITCHEN, NULL);
    struct answer *page = look(&l, "/jobs");
    static const char *const hidden[] = { "C-00482", "Adresse principale", "Restaurant de plage", "contrat" };
    assert_status(page, 200);
    assert_has(page, "Cuisine centrale");
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_not(page, hidden[i]);
    assert_int_equal(rows(&l, "jobs", "/jobs.json"), world_number(w, "SELECT COUNT(*) FROM job WHERE site_id = " KITCHEN));
    assert_int_equal(rows(&l, "jobs", of(&l, "/jobs.json?site=*", BEACH)), world_number(w, "SELECT COUNT(*) FROM job WHERE site_id = " KITCHEN));
    assert_int_equal(rows(&l, "equipment", "/equipment.json"), 9);
    assert_int_equal(rows(&l, "sites", "/sites.json"), 1);
    assert_status(look(&l, of(&l, "/jobs/*", DONE_AT_KITCHEN)), 200);
    assert_status(look(&l, of(&l, "/jobs/*", JOB_AT_BEACH)), 404);
    assert_status(look(&l, of(&l, "/sites/*", BEACH)), 404);
    assert_status(look(&l, of(&l, "/equipment/*", MACHINE_AT(BEACH))), 404);
    struct answer *made = send(&l, "/jobs", "description=Le+site+est+fixe");
    assert_status(made, 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT site_id FROM job WHERE id = %s", strrchr(made->location, '=') + 1)), world_number(w, "SELECT " KITCHEN));
}

WORLD_TEST(l_2_a_link_to_one_job_is_that_jobs_page)
{
    static const char *const closed[] = { "/jobs/new", "/sites", "/equipment" };
    jobs_made(w);
    struct looker l = by_link(w, NULL, DONE_AT_KITCHEN);
    struct answer *home = look(&l, "/jobs");
    assert_status(home, 303);
    assert_string_equal(home->location, of(&l, world_text(w, "%s/jobs/*", l.home), DONE_AT_KITCHEN));
    struct answer *page = visitor_get(&l.v, home->location);
    assert_status(page, 200);
    assert_not(page, "m-tabs");
    assert_not(page, "Créer une intervention");
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        assert_status(look(&l, closed[i]), 404);
    assert_status(look(&l, of(&l, "/sites/*", KITCHEN)), 404);
    assert_status(look(&l, of(&l, "/jobs/*", JOB_AT_BEACH)), 404);
    assert_int_equal(send(&l, "/jobs", "description=Non")->status, 404);
}

/* ---- Options ---- */

static void option_set(struct world_test *w, bool of_client, const char *name, bool is_on)
{
    const char *client = of_client ? BELLERIVE : "0";
    world_run_sql(w, world_text(w, "DELETE FROM portal_option WHERE org_id = " ORG " AND client_id = %s AND name = '%s'", client, name));
    world_run_sql(w, world_text(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) SELECT " ORG ", %s, '%s', %d", client, name, is_on));
}

/* For each part: a page, what is on it only while the part is on, and an address that is there only then. */
static const struct { const char *name, *page, *seen, *address, *id; } switched[] = {
    { "create", "/jobs", "Créer une intervention", "/jobs/new", NULL },
    { "sites", "/jobs", "/sites\"", "/sites", NULL },
    { "sites", "/jobs", "Cuisine centrale", "/sites/*", KITCHEN },
    { "equipment", "/jobs", "/equipment\"", "/equipment", NULL },
    { "equipment", "/jobs", NULL, "/equipment/*", MACHINE_AT(KITCHEN) },
    { "attachments", "/jobs", "contrat-portail.txt", "/shared/*", "4711" },
    { "information", "/jobs", "quai arriere", NULL, NULL },
    { "contact", "/jobs", "06 39 98 51 08", NULL, NULL },
    { "reports", NULL, "Joint remplacé.", NULL, NULL },
};

static bool has_both(struct looker *l, const char *page, const char *seen)
{
    const char *document = world_text(l->w, "%.*s.json", (int)strcspn(page, "?"), page);
    bool is_on_page = strstr(look(l, page)->body, seen) != NULL;
    if (*seen != '/' && strcmp(seen, "Créer une intervention") != 0 && is_on_page != (strstr(look(l, document)->body, seen) != NULL))
        fail_msg("%s: the page and the document differ about %s", page, seen);
    return is_on_page;
}

static void switch_check(struct looker *l, size_t i, bool is_on)
{
    const char *page = switched[i].page ? switched[i].page : of(l, "/jobs/*", DONE_AT_KITCHEN);
    if (switched[i].seen && has_both(l, page, switched[i].seen) != is_on)
        fail_msg("%s %s: %s is%s on %s", l->home, switched[i].name, switched[i].seen, is_on ? " not" : "", page);
    if (switched[i].address)
        assert_int_equal(look(l, switched[i].id ? of(l, switched[i].address, switched[i].id) : switched[i].address)->status, is_on ? 200 : 404);
}

WORLD_TEST(l_6_each_part_that_is_off_is_neither_on_a_page_nor_at_its_address)
{
    jobs_made(w);
    world_run_sql(w, "INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at) "
        "SELECT org_id, 4711, " BELLERIVE ", MIN(hash), 'contrat-portail.txt', 'text/plain', 1, 1, 'a', 1 FROM file WHERE org_id = " ORG " AND size_bytes > 0 GROUP BY org_id");
    world_run_sql(w, "DELETE FROM client_text WHERE client_id = " BELLERIVE);
    world_run_sql(w, "INSERT INTO client_text (org_id, client_id, information, notes) SELECT " ORG ", " BELLERIVE ", 'Livraisons par le quai arriere', 'note 4711'");
    struct looker lookers[] = { claire(w), by_link(w, NULL, NULL) };
    for (size_t i = 0; i < sizeof switched / sizeof *switched; i++)
        for (int who = 0; who < 2; who++) {
            switch_check(&lookers[who], i, true);
            option_set(w, false, switched[i].name, false);
            switch_check(&lookers[who], i, false);
            option_set(w, true, switched[i].name, true);         /* the client's own choice counts */
            switch_check(&lookers[who], i, true);
            option_set(w, false, switched[i].name, true);
            option_set(w, true, switched[i].name, false);
            switch_check(&lookers[who], i, false);
            world_run_sql(w, "DELETE FROM portal_option");
        }
    /* a form that was open already */
    option_set(w, false, "create", false);
    for (int who = 0; who < 2; who++)
        assert_int_equal(send(&lookers[who], "/jobs", "description=Trop+tard")->status, 404);
}

WORLD_TEST(l_6_parts_are_set_for_the_organization_and_for_one_client)
{
    const char *client = world_text(w, OFFICE "/clients/%s/portal", world_value(w, "SELECT " BELLERIVE));
    assert_has(world_get(w, ADMIN, OFFICE "/settings/portal"), "Galerie");
    assert_status(world_post(w, ADMIN, OFFICE "/settings/portal", "create=1&sites=1&attachments=1&information=1&contact=1&reports=1&photos=1&dates=1&rating=1&calendar=1"), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM portal_option"), 1);                      /* what changed, and nothing else */
    assert_status(world_get(w, CLAIRE, PORTAL "/equipment"), 404);
    assert_has(world_get(w, ADMIN, client), "Comme l’entreprise");
    assert_status(world_post(w, ADMIN, client, "equipment=on&sites=off&create=same"), 303);
    assert_status(world_get(w, CLAIRE, PORTAL "/equipment"), 200);
    assert_status(world_get(w, CLAIRE, PORTAL "/sites"), 404);
    assert_status(world_post(w, ADMIN, client, "equipment=same&sites=same"), 303);
    assert_status(world_get(w, CLAIRE, PORTAL "/equipment"), 404);
    assert_status(world_get(w, CLAIRE, PORTAL "/sites"), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'portal_client_settings_update'"), 2);
    assert_status(world_post(w, ADMIN, client, "equipment=same&sites=same"), 303);                   /* nothing changed: nothing on record */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'portal_client_settings_update'"), 2);
    assert_status(world_get(w, "karim.benali@froid-atlantique.example", client), 403);
}

WORLD_TEST(l_6_the_gallery_is_locked_where_the_plan_lacks_it)
{
    world_run_sql(w, "DELETE FROM organization_option WHERE org_id = " ORG);
    struct answer *page = world_get(w, ADMIN, OFFICE "/settings/portal");
    assert_has(page, "votre offre ne la comprend pas");
    assert_has(page, "disabled");
    assert_status(world_post(w, ADMIN, OFFICE "/settings/portal", "create=1&sites=1&equipment=1&attachments=1&information=1&contact=1&reports=1&photos=1&dates=1&rating=1&calendar=1"), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM portal_option"), 0);
    struct ctx c;
    struct portal_options options;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " ORG);
    c.who.client_id = world_number(w, "SELECT " BELLERIVE);
    must(db_begin(c.db, c.arena, DB_READ));
    must(portal_options_load(&c, &options));
    db_rollback(c.db);
    assert_false(options.is_on[PORTAL_PHOTOS]);
    assert_true(options.is_on[PORTAL_REPORTS]);
}

WORLD_MAIN("portal", WORLD_CASE(c_13_jobs_are_given_and_withdrawn_by_themselves), WORLD_CASE(l_3_the_page_has_the_sheet_and_all_jobs),
    WORLD_CASE(l_3_the_technicians_number_is_there_on_the_day_alone), WORLD_CASE(l_4_sites_and_equipment_show_their_jobs),
    WORLD_CASE(l_5_a_job_is_asked_for_and_at_once_to_plan), WORLD_CASE(l_5_the_same_form_twice_makes_one_job_and_files_come_along),
    WORLD_CASE(l_5_so_much_a_day_is_brought_by_one_mandate),
    WORLD_CASE(l_5_so_many_an_hour_by_one_link_and_what_was_typed_stays), WORLD_CASE(l_5_ids_of_others_in_the_form_are_as_unknown), WORLD_CASE(l_2_a_link_to_one_site_shows_that_site_and_nothing_else),
    WORLD_CASE(l_2_a_link_to_one_job_is_that_jobs_page), WORLD_CASE(l_6_each_part_that_is_off_is_neither_on_a_page_nor_at_its_address),
    WORLD_CASE(l_6_parts_are_set_for_the_organization_and_for_one_client), WORLD_CASE(l_6_the_gallery_is_locked_where_the_plan_lacks_it))
