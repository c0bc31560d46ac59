/* Jobs in the back office (L-4, L-5, L-7, X-4), on both databases. */
#include "lib/world.h"
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT id FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define ELSEWHERE "(SELECT MIN(client_id) FROM site WHERE org_id = " ORG " AND client_id <> " BELLERIVE ")"
#define MEMBER(email) "(SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = '" email "')"

static const char *type_id(struct world_test *w) { return world_value(w, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG); }
static const char *bellerive(struct world_test *w, const char *rest) { return world_text(w, OFFICE "/clients/%s%s", world_value(w, "SELECT " BELLERIVE), rest); }
static const char *of_job(struct world_test *w, const char *id, const char *rest) { return world_text(w, OFFICE "/jobs/%s%s", id, rest); }
static const char *state(struct world_test *w, const char *id) { return world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", id)); }

/* A job of « Hôtel Bellerive » to plan; its id. */
static const char *made(struct world_test *w, const char *more)
{
    struct answer *answer = world_post(w, ADMIN, bellerive(w, "/jobs"), world_text(w, "type_id=%s&%s", type_id(w), more));
    assert_status(answer, 303);
    const char *last = strrchr(answer->location, '/') + 1;
    return arena_copy(world_arena(w), last, strcspn(last, "?"));
}

static const struct doc *shown(struct world_test *w, const char *id)
{
    struct answer *answer = world_get(w, ADMIN, of_job(w, id, ".json"));
    assert_status(answer, 200);
    return doc_get(answer->doc, "job");
}

static const char *day_after(struct world_test *w, int days) { return job_day_text(world_arena(w), world_now(w) / CLOCK_DAY_MS + days); }

static const char *plan(struct world_test *w, const char *who, int days, const char *rest)
{
    return world_text(w, "member_id=%s&day=%s&%s", world_value(w, world_text(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = '%s'", who)),
        day_after(w, days), rest);
}

static size_t rows(struct world_test *w, const char *who, const char *query)
{
    struct answer *answer = world_get(w, who, world_text(w, OFFICE "/jobs.json%s", query));
    assert_status(answer, 200);
    return doc_count(doc_get(answer->doc, "jobs"));
}

WORLD_TEST(l_5_a_job_is_made_shown_found_and_changed)
{
    const char *site = world_value(w, "SELECT id FROM site WHERE name = 'Cuisine centrale' AND client_id = " BELLERIVE);
    const char *machine = world_value(w, world_text(w, "SELECT MIN(id) FROM equipment WHERE site_id = %s", site));
    struct answer *form = world_get(w, ADMIN, bellerive(w, world_text(w, "/jobs/new?equipment=%s", machine)));
    assert_status(form, 200);
    assert_has(form, world_text(w, "value=\"%s\" checked", machine));
    assert_has(form, world_text(w, "<option value=\"%s\" selected>Cuisine centrale", site));
    const char *id = made(w, world_text(w, "description=Zygote+en+panne%%0ADepuis+hier&site_id=%s&equipment_id=%s&is_urgent=1&before_on=2027-03-31&notes=Chien", site, machine));
    const struct doc *job = shown(w, id);
    assert_string_equal(doc_text_of(job, "title"), "Zygote en panne");
    assert_string_equal(doc_text_of(job, "state"), "to_plan");
    assert_string_equal(doc_text_of(job, "city"), world_value(w, world_text(w, "SELECT city FROM site WHERE id = %s", site)));
    assert_int_equal(rows(w, ADMIN, "?search=zygote"), 1);
    assert_int_equal(rows(w, ADMIN, "?view=to_plan&search=zygote"), 1);
    struct answer *waiting = world_get(w, ADMIN, OFFICE "/jobs?view=to_plan");
    assert_has(waiting, "Interventions à planifier");
    assert_has(waiting, "Zygote en panne");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/sites/%s/jobs", site)), "Zygote en panne");            /* L-4 */
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/equipment/%s/jobs", machine)), "Zygote en panne");
    assert_has(world_get(w, ADMIN, bellerive(w, "/jobs")), "Zygote en panne");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/edit"), world_text(w, "type_id=%s&description=Yaourt&street=1+rue&city=Nantes", type_id(w))), 303);
    assert_int_equal(rows(w, ADMIN, "?search=zygote"), 0);
    assert_int_equal(rows(w, ADMIN, "?search=yaourt+nantes"), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT COUNT(*) FROM job_equipment WHERE job_id = %s", id)), "0");
    assert_has(world_get(w, ADMIN, of_job(w, id, "/history")), "a modifié l’intervention");
    assert_string_equal(world_value(w, world_text(w, "SELECT action FROM journal WHERE object_kind = 'job' AND object_id = %s ORDER BY number DESC LIMIT 1", id)), "job_update");
}

WORLD_TEST(l_5_what_is_wrong_is_said_at_its_field_and_kept)
{
    const char *before = world_value(w, "SELECT COUNT(*) FROM job");
    static const struct { const char *form, *said; } wrong[] = {
        { "description=&information=gardee", "Ce champ est obligatoire." }, { "description=A&before_on=2027-02-30&information=gardee", "Indiquez un jour" },
        { "description=A&site_id=5&information=gardee", "Ce site n’est pas de ce client." }, { "description=A&contact_id=5&information=gardee", "Ce contact n’est pas de ce client." },
        { "description=A&equipment_id=5&information=gardee", "Cet équipement n’est pas de ce client." }, { "description=A&type_id=5&information=gardee", "proposé" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer *refused = world_post(w, ADMIN, bellerive(w, "/jobs"), strstr(wrong[i].form, "type_id") ? wrong[i].form : world_text(w, "type_id=%s&%s", type_id(w), wrong[i].form));
        assert_status(refused, 422);
        assert_has(refused, wrong[i].said);
        assert_has(refused, "gardee");
    }
    const char *other = world_value(w, "SELECT MIN(id) FROM site WHERE client_id = " ELSEWHERE);
    assert_status(world_post(w, ADMIN, bellerive(w, "/jobs"), world_text(w, "type_id=%s&description=A&site_id=%s", type_id(w), other)), 422);
    assert_string_equal(world_value(w, "SELECT COUNT(*) FROM job"), before);
}

WORLD_TEST(l_7_a_job_goes_from_state_to_state_and_back)
{
    const char *id = made(w, "description=Etats");
    struct answer *planned = world_post(w, ADMIN, of_job(w, id, "/plan"), plan(w, TECHNICIAN, 2, "start=13:30&length=1+h+30"));
    assert_status(planned, 303);
    const struct doc *job = shown(w, id);
    assert_int_equal(doc_int_of(job, "planned_end") - doc_int_of(job, "planned_start"), 90 * CLOCK_MINUTE_MS);
    assert_string_equal(doc_text_of(job, "technician_name"), "Karim Benali");
    assert_has(world_get(w, ADMIN, of_job(w, id, "")), "à 13:30");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/unplan"), ""), 303);
    assert_string_equal(state(w, id), "to_plan");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/plan"), plan(w, TECHNICIAN, 2, "start=08:00&length=45+min")), 303);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/leave"), ""), 303);
    assert_has(world_get(w, ADMIN, of_job(w, id, "")), "En route");
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/arrive"), ""), 303);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/finish"), "report="), 422);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/finish"), "report=Joint+change"), 303);
    assert_has(world_get(w, ADMIN, of_job(w, id, "")), "Joint change");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/reopen"), ""), 303);
    assert_string_equal(state(w, id), "started");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/cancel"), "reason="), 422);
    assert_status(world_post(w, ADMIN, of_job(w, id, "/cancel"), "reason=Plus+besoin"), 303);
    assert_has(world_get(w, ADMIN, of_job(w, id, "")), "Plus besoin");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/reopen"), ""), 303);
    assert_string_equal(state(w, id), "to_plan");
    struct answer *copy = world_post(w, ADMIN, of_job(w, id, "/duplicate"), "");
    assert_status(copy, 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job WHERE title = 'Etats' AND state = 'to_plan'"), 2);
    world_sound(w);
}

/* Each act on a job in each other state: 409, a page that says how it stands now and leads back, and nothing changes. */
WORLD_TEST(l_7_who_comes_too_late_is_told_how_it_stands)
{
    static const struct { const char *act, *form, *states; } acts[] = {
        { "/unplan", "", "to_plan started done cancelled" }, { "/arrive", "", "to_plan started done cancelled" }, { "/leave", "", "to_plan started done cancelled" },
        { "/finish", "report=a", "to_plan planned done cancelled" }, { "/cancel", "reason=a", "done cancelled" }, { "/reopen", "", "to_plan planned started" },
        { "/plan", NULL, "started done cancelled" },
    };
    static const struct { const char *state, *said; } said[] = { { "to_plan", "maintenant à planifier" }, { "planned", "maintenant planifiée" }, { "started", "maintenant en cours" },
        { "done", "maintenant terminée" }, { "cancelled", "maintenant annulée" } };
    for (size_t s = 0; s < 5; s++) {
        const char *id = world_value(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND state = '%s'", said[s].state));
        for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
            if (!strstr(acts[i].states, said[s].state))
                continue;
            struct answer *late = world_post(w, ADMIN, of_job(w, id, acts[i].act), acts[i].form ? acts[i].form : plan(w, TECHNICIAN, 3, "start=10:00&length=2+h"));
            assert_status(late, 409);
            assert_has(late, said[s].said);
            assert_has(late, world_text(w, "href=\"" OFFICE "/jobs/%s\"", id));
            assert_string_equal(state(w, id), said[s].state);
        }
    }
    assert_status(world_post(w, ADMIN, of_job(w, "777", "/unplan"), ""), 404);
    assert_status(world_post(w, ADMIN, of_job(w, "777", "/plan"), ""), 404);
}

WORLD_TEST(l_7_times_that_cannot_be_are_refused_at_their_field)
{
    const char *id = made(w, "description=Heures"), *member = world_value(w, "SELECT " MEMBER(TECHNICIAN));
    static const struct { const char *form, *said; } wrong[] = {
        { "day=2026-02-30&start=10:00&length=2+h", "Indiquez un jour" }, { "day=2020-01-01&start=10:00&length=2+h", "Ce jour est passé." },
        { "day=2099-01-01&start=10:00&length=2+h", "trop loin" }, { "day=2027-01-05&start=25:00&length=2+h", "Indiquez une heure" },
        { "day=2027-01-05&start=10:00&length=0", "La fin vient après le début" }, { "day=2027-01-05&start=10:00&length=-2+h", "Indiquez une durée" },
        { "day=2027-01-05&start=10:00&length=2+jours", "Indiquez une durée" }, { "day=2027-01-05&start=10:00&length=25+h", "La fin vient après le début" },
        { "day=2027-03-28&start=02:30&length=2+h", "horloges avancent" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer *refused = world_post(w, ADMIN, of_job(w, id, "/plan"), world_text(w, "member_id=%s&%s", member, wrong[i].form));
        assert_status(refused, 422);
        assert_has(refused, wrong[i].said);
    }
    assert_has(world_post(w, ADMIN, of_job(w, id, "/plan"), world_text(w, "member_id=%s&day=2027-01-05&start=10:00&length=2+h", world_value(w, "SELECT " MEMBER(AGENT)))), "ne fait pas d’interventions ici");
    assert_string_equal(state(w, id), "to_plan");
}

/* The day of the organization's clocks: 8 o'clock is another moment in winter, in summer, and on the days between. */
WORLD_TEST(l_7_a_day_has_the_hours_of_the_organizations_zone)
{
    static const struct { const char *day, *start; int64_t utc_hours; } days[] = { { "2027-03-27", "08:00", 7 }, { "2027-03-28", "08:00", 6 }, { "2027-10-30", "08:00", 6 }, { "2027-10-31", "08:00", 7 },
        { "2027-10-31", "01:00", -1 }, { "2027-03-28", "03:00", 1 } };
    const char *id = made(w, "description=Fuseau"), *member = world_value(w, "SELECT " MEMBER(TECHNICIAN));
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int64_t day = 0;
        assert_true(clock_day_read(days[i].day, &day));
        assert_status(world_post(w, ADMIN, of_job(w, id, "/plan"), world_text(w, "member_id=%s&day=%s&start=%s&length=2+h", member, days[i].day, days[i].start)), 303);
        assert_int_equal(doc_int_of(shown(w, id), "planned_start"), day * CLOCK_DAY_MS + days[i].utc_hours * CLOCK_HOUR_MS);
        assert_has(world_get(w, ADMIN, of_job(w, id, "/plan")), days[i].day);
        assert_has(world_get(w, ADMIN, of_job(w, id, "/plan")), days[i].start);
    }
}

WORLD_TEST(l_7_a_technician_acts_on_their_own_jobs_alone)
{
    const char *id = made(w, "description=A+un+autre");
    const char *mine = world_text(w, "?view=mine&from=%s", day_after(w, 0));
    assert_status(world_post(w, ADMIN, of_job(w, id, "/plan"), plan(w, ADMIN, 2, "start=10:00&length=2+h")), 303);
    size_t before = rows(w, TECHNICIAN, mine);
    static const char *const acts[] = { "/leave", "/arrive", "/finish" };
    for (size_t i = 0; i < 3; i++)
        assert_status(world_post(w, TECHNICIAN, of_job(w, id, acts[i]), "report=a"), 403);
    assert_status(world_get(w, TECHNICIAN, of_job(w, id, "/finish")), 403);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/plan"), plan(w, TECHNICIAN, 2, "start=10:00&length=2+h")), 403);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/cancel"), "reason=a"), 403);
    struct answer *sheet = world_get(w, TECHNICIAN, of_job(w, id, ""));
    assert_status(sheet, 200);
    assert_not(sheet, "Planifier");
    assert_not(sheet, "Arrivé<");
    assert_not(sheet, "Dupliquer");
    assert_status(world_post(w, ADMIN, of_job(w, id, "/plan"), plan(w, TECHNICIAN, 2, "start=10:00&length=2+h")), 303);
    assert_int_equal(rows(w, TECHNICIAN, mine), before + 1);
    assert_status(world_post(w, TECHNICIAN, of_job(w, id, "/arrive"), ""), 303);
    assert_status(world_get(w, AGENT, of_job(w, id, "")), 403);
    assert_status(world_get(w, AGENT, OFFICE "/jobs"), 403);
}

#define BONJOUR "2cb4b1431b84ec15d35ed83bb927e27e8967d75f4bcd9cc4b25c8d879ae23e18"    /* SHA-256 of what plan.txt says */

WORLD_TEST(l_6_files_are_private_or_shown_and_removed_with_a_question)
{
    const char *id = made(w, "description=Fichiers");
    const struct world_part parts[] = { { "audience", NULL, "private", 7 }, { "files", "plan.txt", "bonjour", 7 }, { "files", "acces.txt", "porte", 5 }, { 0 } };
    assert_status(world_post_parts(w, ADMIN, of_job(w, id, "/files"), parts), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s AND is_private = 1", id)), 2);
    const char *file = world_value(w, world_text(w, "SELECT MIN(id) FROM job_file WHERE job_id = %s", id));
    struct answer *bytes = world_get(w, TECHNICIAN, of_job(w, id, world_text(w, "/files/%s", file)));
    assert_status(bytes, 200);
    assert_memory_equal(bytes->body, "bonjour", 7);
    assert_status(world_post(w, ADMIN, of_job(w, id, world_text(w, "/files/%s/share", file)), ""), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s AND is_private = 0", id)), 1);
    assert_has(world_get(w, ADMIN, of_job(w, id, world_text(w, "/files/%s/remove", file))), "plan.txt");
    assert_status(world_post(w, ADMIN, of_job(w, id, world_text(w, "/files/%s/remove", file)), ""), 303);
    assert_status(world_get(w, ADMIN, of_job(w, id, world_text(w, "/files/%s", file))), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM file WHERE hash = '" BONJOUR "'"), 0);             /* nobody holds the bytes any more */
    const char *elsewhere = world_value(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND id <> %s", id));
    const char *left = world_value(w, world_text(w, "SELECT MIN(id) FROM job_file WHERE job_id = %s", id));
    assert_status(world_get(w, ADMIN, of_job(w, elsewhere, world_text(w, "/files/%s", left))), 404);
}

WORLD_TEST(l_7_types_of_ones_own)
{
    assert_status(world_post(w, ADMIN, OFFICE "/settings/jobs", "name=D%C3%A9panNage&length=2+h"), 422);   /* there is one */
    assert_status(world_post(w, ADMIN, OFFICE "/settings/jobs", "name=Ramonage&length=jamais"), 422);
    assert_status(world_post(w, ADMIN, OFFICE "/settings/jobs", "name=Ramonage&length=1:15"), 303);
    const char *id = world_value(w, "SELECT id FROM job_type WHERE name = 'Ramonage'");
    assert_int_equal(world_number(w, world_text(w, "SELECT minutes FROM job_type WHERE id = %s", id)), 75);
    assert_int_equal(world_number(w, world_text(w, "SELECT is_offered FROM job_type WHERE id = %s", id)), 0);
    const char *address = world_text(w, OFFICE "/settings/jobs/%s", id);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/move", address), "way=up"), 303);
    struct answer *page = world_get(w, ADMIN, OFFICE "/settings/jobs.json");
    const struct doc *types = doc_get(page->doc, "types");
    assert_string_equal(doc_text_of(doc_at(types, doc_count(types) - 2), "name"), "Ramonage");
    const char *job = made(w, "description=Avant");
    world_run_sql(w, world_text(w, "UPDATE job SET type_id = %s WHERE id = %s", id, job));
    assert_status(world_post(w, ADMIN, world_text(w, "%s/state", address), "state=aside"), 303);
    assert_not(world_get(w, ADMIN, bellerive(w, "/jobs/new")), "Ramonage");
    assert_has(world_get(w, ADMIN, of_job(w, job, "/edit")), "Ramonage");                  /* what had it keeps it */
    assert_status(world_post(w, ADMIN, of_job(w, job, "/edit"), world_text(w, "type_id=%s&description=Encore", id)), 303);
    assert_status(world_post(w, ADMIN, bellerive(w, "/jobs"), world_text(w, "type_id=%s&description=Non", id)), 422);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/state", address), "state=active"), 303);
    world_run_sql(w, world_text(w, "UPDATE job_type SET is_active = 0 WHERE org_id = " ORG " AND id <> %s", id));
    struct answer *last = world_post(w, ADMIN, world_text(w, "%s/state", address), "state=aside");
    assert_status(last, 422);
    assert_has(last, "le dernier type en service");
    assert_status(world_get(w, TECHNICIAN, OFFICE "/settings/jobs"), 403);
}

/* An organization without any begins with the usual ones; pressed twice it has them once. */
WORLD_TEST(l_7_the_usual_types_are_offered_where_there_are_none)
{
    const char *host = "/o/hexanode/settings/jobs", *who = world_value(w, "SELECT p.email FROM mandate d JOIN organization o ON o.id = d.org_id JOIN person p ON p.id = d.holder_person_id "
        "WHERE o.slug = 'hexanode' AND d.detail = 'administrator' AND d.state = 'active' ORDER BY d.id LIMIT 1");
    const char *count = "SELECT COUNT(*) FROM job_type t JOIN organization o ON o.id = t.org_id WHERE o.slug = 'hexanode'";
    world_run_sql(w, "DELETE FROM job_type WHERE org_id = (SELECT id FROM organization WHERE slug = 'hexanode')");
    assert_has(world_get(w, who, host), "Ajouter Dépannage, Entretien et Installation");
    assert_int_equal(world_number(w, count), 0);
    assert_status(world_post(w, who, world_text(w, "%s/usual", host), ""), 303);
    assert_status(world_post(w, who, world_text(w, "%s/usual", host), ""), 303);
    assert_int_equal(world_number(w, count), 3);
}

WORLD_TEST(x_4_the_list_is_narrowed_by_each_filter)
{
    const char *client = world_value(w, "SELECT " BELLERIVE), *karim = world_value(w, "SELECT " MEMBER(TECHNICIAN));
    const struct { const char *query, *where; } filters[] = {
        { "state=cancelled", "state = 'cancelled'" }, { world_text(w, "client=%s", client), world_text(w, "client_id = %s", client) },
        { world_text(w, "client=%s&state=done&sort=changed", client), world_text(w, "client_id = %s AND state = 'done'", client) },
        { world_text(w, "technician=%s&state=planned&sort=date", karim), world_text(w, "member_id = %s AND state = 'planned'", karim) },
        { world_text(w, "type=%s&state=to_plan", type_id(w)), world_text(w, "type_id = %s AND state = 'to_plan'", type_id(w)) },
        { "urgent=1", "is_urgent = 1" }, { "view=to_plan", "state = 'to_plan'" }, { world_text(w, "view=late"), world_text(w, "state = 'planned' AND planned_start < %lld", (long long)world_now(w)) },
        { world_text(w, "site=%s", world_value(w, "SELECT MAX(site_id) FROM job WHERE org_id = " ORG)), "site_id = (SELECT MAX(site_id) FROM job WHERE org_id = " ORG ")" },
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        int64_t wanted = world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND %s", filters[i].where));
        assert_true(wanted > 0);
        if ((int64_t)rows(w, ADMIN, world_text(w, "?%s", filters[i].query)) != (wanted > 50 ? 50 : wanted))
            fail_msg("%s: %zu rows, wanted %lld", filters[i].query, rows(w, ADMIN, world_text(w, "?%s", filters[i].query)), (long long)wanted);
    }
    const char *today = day_after(w, 0);
    int64_t day_ms = 0, day = 0;
    assert_true(clock_day_read(today, &day));
    day_ms = day * CLOCK_DAY_MS - CLOCK_HOUR_MS;        /* Paris in winter */
    assert_int_equal(rows(w, ADMIN, world_text(w, "?from=%s&to=%s&sort=date", today, today)),
        world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND planned_start >= %lld AND planned_start < %lld", (long long)day_ms, (long long)(day_ms + CLOCK_DAY_MS))));
}

/* ---- Two at once ---- */

enum { ROUNDS = 20 };
struct runner { struct world_test *w; struct arena arena; struct db *db; const char *cookie, *body, *target; pthread_barrier_t *start; int status; };

static void *run(void *arg)
{
    struct runner *r = arg;
    struct world_request ask = { .cookie = r->cookie, .method = METHOD_POST, .target = r->target, .type = "application/x-www-form-urlencoded", .body = r->body, .len = strlen(r->body) };
    pthread_barrier_wait(r->start);
    r->status = world_ask(r->w, &r->arena, r->db, &ask)->status;
    return NULL;
}

/* The planner and the technician press « Arrivé » in the same moment: one is taken, the other is told, each time. */
WORLD_TEST(l_7_of_two_at_once_one_wins)
{
    static const char *const people[] = { ADMIN, TECHNICIAN };
    pthread_barrier_t start;
    struct runner runners[2] = { 0 };
    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
        arena_init(&runners[i].arena, (size_t)256 * 1024 * 1024);
        runners[i] = (struct runner){ .w = w, .arena = runners[i].arena, .cookie = world_cookie(w, people[i]), .start = &start,
            .body = world_text(w, "form_token=%s", text_url_encode(world_arena(w), world_token(w, people[i]))) };
        runners[i].db = world_db_new(w, &runners[i].arena);
    }
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[2];
        const char *id = made(w, "description=Course");
        assert_status(world_post(w, ADMIN, of_job(w, id, "/plan"), plan(w, TECHNICIAN, 2, "start=10:00&length=2+h")), 303);
        for (int i = 0; i < 2; i++) {
            runners[i].target = of_job(w, id, "/arrive");
            assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
        }
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        assert_int_equal(runners[0].status + runners[1].status, 303 + 409);
        assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = 'job_arrived' AND object_id = %s", id)), 1);
    }
    for (int i = 0; i < 2; i++) {
        db_close(runners[i].db);
        arena_free(&runners[i].arena);
    }
    pthread_barrier_destroy(&start);
}

WORLD_TEST(l_5_a_title_is_one_line_whatever_ends_it)
{
    const char *id = made(w, "description=Fuite%0DBcc:+autre@personne.example%0DSuite");
    assert_string_equal(doc_text_of(shown(w, id), "title"), "Fuite");
}

WORLD_TEST(l_7_lengths_and_times_as_people_write_them)
{
    static const struct { const char *text; int64_t minutes; } lengths[] = { { "2 h", 120 }, { "2h", 120 }, { "1 h 30", 90 }, { "1h30", 90 }, { "1:30", 90 }, { "45 min", 45 }, { "90", 90 },
        { "", -1 }, { "h", -1 }, { "1 h 75", -1 }, { "1:", -1 }, { "2 jours", -1 }, { "12345", -1 }, { "1 h 30 x", -1 } };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int64_t minutes = -1;
        bool is_read = job_length_read(lengths[i].text, &minutes);
        assert_int_equal(is_read ? minutes : -1, lengths[i].minutes);
    }
    int minute = 0;
    assert_true(job_minute_read("08:05", &minute) && minute == 485);
    assert_true(job_minute_read("8:05", &minute) && minute == 485);
    assert_false(job_minute_read("24:00", &minute) || job_minute_read("8", &minute) || job_minute_read("8:60", &minute) || job_minute_read("08:00:00", &minute));
    assert_string_equal(job_length_text(world_arena(w), 90), "1 h 30");
}

WORLD_MAIN("job", WORLD_CASE(l_5_a_job_is_made_shown_found_and_changed), WORLD_CASE(l_5_what_is_wrong_is_said_at_its_field_and_kept),
    WORLD_CASE(l_7_a_job_goes_from_state_to_state_and_back), WORLD_CASE(l_7_who_comes_too_late_is_told_how_it_stands), WORLD_CASE(l_7_times_that_cannot_be_are_refused_at_their_field),
    WORLD_CASE(l_7_a_day_has_the_hours_of_the_organizations_zone), WORLD_CASE(l_7_a_technician_acts_on_their_own_jobs_alone), WORLD_CASE(l_6_files_are_private_or_shown_and_removed_with_a_question),
    WORLD_CASE(l_7_types_of_ones_own), WORLD_CASE(l_7_the_usual_types_are_offered_where_there_are_none), WORLD_CASE(x_4_the_list_is_narrowed_by_each_filter),
    WORLD_CASE(l_7_of_two_at_once_one_wins), WORLD_CASE(l_5_a_title_is_one_line_whatever_ends_it), WORLD_CASE(l_7_lengths_and_times_as_people_write_them))
