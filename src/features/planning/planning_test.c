/* Planning of field work (L-7), on both databases. It is Sunday 22 November 2026, 14:30 in Paris, and that is a working day. */
#include "lib/world.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/planning/week.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define ELODIE "elodie.prigent@froid-atlantique.example"
#define CLAIRE "claire.delmas@bellerive.example"                    /* a contact of the client whose job is the last to wait */
#define AGENT "gaelle.riou@froid-atlantique.example"            /* answers tickets: no field work */
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define MEMBER_OF(email) "(SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email = '" email "')"
#define WAITING "(SELECT MAX(id) FROM job WHERE org_id = " ORG " AND state = 'to_plan')"

static const char *job_of(struct world_test *w, const char *state, const char *email)
{
    return world_value(w, world_text(w, "SELECT MAX(j.id) FROM job j JOIN member m ON m.org_id = j.org_id AND m.id = j.member_id JOIN person p ON p.id = m.person_id "
        "WHERE j.org_id = " ORG " AND j.state = '%s' AND p.email = '%s'", state, email));
}

static const struct doc *board(struct world_test *w, const char *rest)
{
    struct answer *answer = world_get(w, ADMIN, world_text(w, OFFICE "/planning.json%s", rest));
    assert_status(answer, 200);
    return answer->doc;
}

static int64_t paris(const char *day, int64_t minute)
{
    int64_t number = 0;
    assert_true(clock_day_read(day, &number));
    return zone_moment_ms(zone_get("Europe/Paris"), number, minute);
}

static struct answer *plan(struct world_test *w, const char *job, const char *member, const char *rest)
{
    return world_post(w, ADMIN, world_text(w, OFFICE "/planning/jobs/%s", job), world_text(w, "member_id=%s&%s", member, rest));
}

/* ---- Weeks ---- */

WORLD_TEST(l_7_weeks_are_iso_weeks)
{
    static const struct { const char *day, *week; } known[] = {
        { "2026-11-19", "2026-W47" }, { "2026-11-16", "2026-W47" }, { "2026-11-22", "2026-W47" }, { "2026-11-23", "2026-W48" }, { "2027-01-01", "2026-W53" },
        { "2027-01-04", "2027-W01" }, { "2024-12-30", "2025-W01" }, { "2021-01-03", "2020-W53" }, { "2023-01-01", "2022-W52" },
    };
    static const char *const wrong[] = { "2027-W53", "2026-W00", "2026-W54", "2026-47", "2026-W4", "1999-W01", "2026-w47", "2026-W47 ", "" };
    struct week week;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        int64_t day = 0;
        assert_true(clock_day_read(known[i].day, &day));
        assert_string_equal(week_text(world_arena(w), week_of(day)), known[i].week);
        assert_true(week_read(known[i].week, &week) && week.first_day <= day && day < week.first_day + 7);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(week_read(wrong[i], &week));
    assert_int_equal(doc_int_of(doc_get(board(w, "?week=2027-W53"), "week"), "number"), 47);     /* no such week: this one */
}

WORLD_TEST(l_7_a_week_in_which_the_clocks_change_has_167_hours_or_169)
{
    const struct doc *spring = doc_get(board(w, "?week=2026-W13"), "week"), *autumn = doc_get(board(w, "?week=2026-W43"), "week");
    assert_int_equal((doc_int_of(spring, "ends_at") - doc_int_of(spring, "starts_at")) / CLOCK_HOUR_MS, 167);
    assert_int_equal((doc_int_of(autumn, "ends_at") - doc_int_of(autumn, "starts_at")) / CLOCK_HOUR_MS, 169);
    /* 28 March 2027 has no 02:30; the Sunday's last hour and the Monday's first are in two weeks */
    const char *karim = world_value(w, "SELECT " MEMBER_OF(KARIM)), *job = world_value(w, "SELECT " WAITING);
    assert_status(plan(w, job, karim, "day=2027-03-28&start=23:00&minutes=30"), 200);
    struct answer *asked = plan(w, job, karim, "day=2027-03-28&start=20:30&minutes=60");
    assert_status(asked, 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT planned_start FROM job WHERE id = %s", job)), paris("2027-03-28", 20 * 60 + 30));
    assert_int_equal(paris("2027-03-28", 20 * 60 + 30) % CLOCK_DAY_MS / CLOCK_HOUR_MS, 18);     /* summer time: UTC + 2 */
    assert_int_equal(paris("2027-03-27", 20 * 60 + 30) % CLOCK_DAY_MS / CLOCK_HOUR_MS, 19);
    const struct doc *here = board(w, "?week=2027-W12");
    assert_has(world_get(w, ADMIN, OFFICE "/planning?week=2027-W12"), "Dimanche 28");           /* Sunday, since something is on it */
    assert_int_equal(doc_int_of(doc_get(here, "week"), "job_count"), 1);
    assert_int_equal(doc_int_of(doc_get(board(w, "?week=2027-W13"), "week"), "job_count"), 0);
}

/* ---- The board ---- */

static const struct doc *row_of(const struct doc *doc, const char *first_name)
{
    const struct doc *rows = doc_get(doc, "technicians");
    for (size_t i = 0; i < doc_count(rows); i++)
        if (text_same(doc_text_of(doc_at(rows, i), "first_name"), first_name))
            return doc_at(rows, i);
    return NULL;
}

WORLD_TEST(l_7_the_week_has_a_row_for_each_technician_and_what_waits_beside_it)
{
    const struct doc *now = board(w, ""), *todo = doc_get(now, "to_plan");
    assert_int_equal(doc_int_of(doc_get(now, "week"), "number"), 47);
    assert_has(world_get(w, ADMIN, OFFICE "/planning"), "Dimanche 22");                         /* which is today */
    assert_not(world_get(w, ADMIN, OFFICE "/planning?week=2026-W45"), "Dimanche");
    assert_int_equal(doc_count(doc_get(now, "technicians")), 3);
    assert_int_equal(doc_int_of(now, "to_plan_count"), 7);
    assert_true(doc_bool_of(doc_at(todo, 0), "is_urgent"));                                     /* the urgent first, then the newest */
    assert_true(doc_int_of(doc_at(todo, 1), "number") > doc_int_of(doc_at(todo, 2), "number"));
    int64_t minutes = world_number(w, world_text(w, "SELECT CAST(SUM(planned_end - planned_start) / 60000 AS BIGINT) FROM job WHERE member_id = " MEMBER_OF(KARIM)
        " AND state <> 'cancelled' AND planned_start >= %lld AND planned_start < %lld", (long long)paris("2026-11-16", 0), (long long)paris("2026-11-23", 0)));
    assert_int_equal(doc_int_of(row_of(now, "Karim"), "planned_minutes"), minutes);
    assert_int_equal(doc_int_of(row_of(now, "Karim"), "free_minutes"), 35 * 60 - minutes);
    struct answer *page = world_get(w, ADMIN, OFFICE "/planning");
    assert_has(page, "Interventions à planifier");
    assert_has(page, "Semaine 47");
    assert_has(page, "en retard");
    assert_has(page, "par lien sécurisé");
    assert_has(page, "?week=2026-W46");
    page = world_get(w, KARIM, OFFICE "/planning");                                             /* sees, and plans nothing */
    assert_status(page, 200);
    assert_not(page, "Prévenir le client");
    assert_not(page, "draggable");
    assert_status(world_get(w, AGENT, OFFICE "/planning"), 403);
}

WORLD_TEST(l_7_the_wish_of_a_client_is_shown)
{
    assert_has(world_get(w, ADMIN, OFFICE "/planning?all=1"), "le matin");
    world_run_sql(w, world_text(w, "INSERT INTO job_wish (org_id, id, job_id, wanted_on, part, state, by_name, mandate_id, created_at) SELECT org_id, 77, id, 20790, 'afternoon', 'open', 'Claire', 0, 1 "
        "FROM job WHERE id = %s", job_of(w, "planned", KARIM)));
    struct answer *page = world_get(w, ADMIN, OFFICE "/planning");
    assert_has(page, "Autre date demandée");
    assert_has(page, "l’après-midi");
}

/* ---- Planning ---- */

WORLD_TEST(l_7_a_job_is_planned_moved_and_put_back)
{
    const char *job = world_value(w, "SELECT " WAITING), *karim = world_value(w, "SELECT " MEMBER_OF(KARIM)), *elodie = world_value(w, "SELECT " MEMBER_OF(ELODIE));
    struct answer *done = plan(w, job, karim, "day=2026-12-08&start=13:30&minutes=120&is_told=1");
    assert_status(done, 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT planned_start FROM job WHERE id = %s", job)), paris("2026-12-08", 13 * 60 + 30));
    assert_int_equal(world_number(w, world_text(w, "SELECT planned_end FROM job WHERE id = %s", job)), paris("2026-12-08", 15 * 60 + 30));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_job_planned'"), 1);
    struct answer *page = world_get(w, ADMIN, done->location);
    assert_has(page, "C’est fait.");
    assert_has(page, world_text(w, "/planning/jobs/%s/undo", job));
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE object_kind = 'job' ORDER BY at DESC, number DESC LIMIT 1"), "planning_put");
    /* moved: « Annuler » puts back what was */
    struct answer *moved = plan(w, job, elodie, "day=2026-12-09&start=08:00&minutes=90");
    assert_status(moved, 303);
    const char *was = strstr(moved->location, "&was=") + 5, *undo = world_text(w, OFFICE "/planning/jobs/%s/undo", job);
    assert_status(world_post(w, ADMIN, undo, world_text(w, "count=2&was=%s", was)), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT member_id FROM job WHERE id = %s", job)), karim);
    assert_int_equal(world_number(w, world_text(w, "SELECT planned_start FROM job WHERE id = %s", job)), paris("2026-12-08", 13 * 60 + 30));
    /* what has changed since is not taken back */
    struct answer *late = world_post(w, ADMIN, undo, "count=1&was=");
    assert_status(late, 303);
    assert_non_null(strstr(late->location, "planning_changed"));
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", job)), "planned");
    assert_status(world_post(w, ADMIN, undo, "count=3&was="), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", job)), "to_plan");
    world_sound(w);
}

WORLD_TEST(l_7_who_plans_what_somebody_else_has_planned_meanwhile_is_told)
{
    const char *job = world_value(w, "SELECT " WAITING), *karim = world_value(w, "SELECT " MEMBER_OF(KARIM)), *elodie = world_value(w, "SELECT " MEMBER_OF(ELODIE));
    assert_status(plan(w, job, karim, "day=2026-12-08&start=13:30&minutes=120&count=0"), 303);
    struct answer *late = plan(w, job, elodie, "day=2026-12-09&start=13:30&minutes=120&count=0");
    assert_status(late, 422);
    assert_has(late, "quelqu’un a planifié cette intervention");
    assert_string_equal(world_value(w, world_text(w, "SELECT member_id FROM job WHERE id = %s", job)), karim);
    assert_status(plan(w, job, elodie, "day=2026-12-09&start=13:30&minutes=120&count=1"), 303);
}

WORLD_TEST(l_7_a_moment_that_is_not_free_is_asked_about_once_more)
{
    const char *job = world_value(w, "SELECT " WAITING), *karim = world_value(w, "SELECT " MEMBER_OF(KARIM));
    const char *second = world_value(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND state = 'to_plan'");
    assert_status(plan(w, second, karim, "day=2026-12-08&start=14:00&minutes=120"), 303);
    struct answer *asked = plan(w, job, karim, "day=2026-12-08&start=15:30&minutes=60");
    assert_status(asked, 200);
    assert_has(asked, "Planifier quand même");
    assert_has(asked, "ce moment n’est pas libre");
    assert_has(asked, "value=\"15:30\"");
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", job)), "to_plan");
    /* side by side is free */
    assert_status(plan(w, job, karim, "day=2026-12-08&start=16:00&minutes=60"), 303);
    /* « quand même », said to this and to nothing else */
    const char *despite = world_text(w, "job%s.%lld", second, (long long)paris("2026-12-08", 14 * 60));
    assert_status(plan(w, job, karim, world_text(w, "day=2026-12-08&start=15:30&minutes=60&despite=%s", "job1.2")), 200);
    assert_status(plan(w, job, karim, world_text(w, "day=2026-12-08&start=15:30&minutes=60&despite=%s", despite)), 303);
    const struct doc *jobs = doc_get(board(w, "?week=2026-W50"), "jobs");
    assert_int_equal(doc_count(jobs), 2);
    assert_true(doc_bool_of(doc_at(jobs, 0), "is_clash") && doc_bool_of(doc_at(jobs, 1), "is_clash"));
    assert_has(world_get(w, ADMIN, OFFICE "/planning?week=2026-W50"), "en conflit");
    /* an absence, and the night */
    assert_status(world_post(w, ADMIN, OFFICE "/planning/absences", world_text(w, "member_id=%s&label=Cong%%C3%%A9&first_day=2026-12-15&last_day=2026-12-16", karim)), 303);
    asked = plan(w, job, karim, "day=2026-12-16&start=09:00&minutes=60");
    assert_status(asked, 200);
    assert_has(asked, "Congé");
    asked = plan(w, job, karim, "day=2026-12-17&start=23:30&minutes=60");
    assert_status(asked, 200);
    assert_has(asked, "De nuit");
}

WORLD_TEST(l_7_what_cannot_be_is_said_at_its_field)
{
    static const struct { const char *form, *says; } wrong[] = {
        { "day=2026-11-21&start=10:00&minutes=60", "Ce jour est passé." }, { "day=2026-02-30&start=10:00&minutes=60", "Indiquez un jour qui existe" },
        { "day=2026-12-08&start=25:00&minutes=60", "Indiquez une heure" }, { "day=2026-12-08&start=10:00&minutes=-60", "La fin doit venir après le début." },
        { "day=2026-12-08&start=10:00&minutes=0", "La fin doit venir après le début." }, { "day=2026-12-08&start=10:00&minutes=9000", "de 5 minutes à 24 heures" },
        { "day=2036-12-08&start=10:00&minutes=60", "trois ans au plus" },
    };
    const char *job = world_value(w, "SELECT " WAITING), *karim = world_value(w, "SELECT " MEMBER_OF(KARIM)), *before = NULL;
    board(w, "");
    before = world_state(w);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer *refused = plan(w, job, karim, wrong[i].form);
        assert_status(refused, 422);
        assert_has(refused, wrong[i].says);
        assert_has(refused, "aria-invalid=\"true\"");
    }
    struct answer *nobody = plan(w, job, world_value(w, "SELECT " MEMBER_OF(AGENT)), "day=2026-12-08&start=10:00&minutes=60");
    assert_status(nobody, 422);
    assert_has(nobody, "ne fait pas d’interventions");
    struct answer *over = plan(w, job_of(w, "done", KARIM), karim, "day=2026-12-08&start=10:00&minutes=60");
    assert_status(over, 422);
    assert_has(over, "terminée");
    assert_string_equal(before, world_state(w));
    assert_status(world_post(w, KARIM, world_text(w, OFFICE "/planning/jobs/%s", job), "member_id=1&day=2026-12-08&start=10:00&minutes=60"), 403);
}

/* ---- On the spot ---- */

/* A PNG's beginning, of this size; what follows does not matter to who looks at it. */
static const char *png(struct world_test *w, unsigned width, unsigned height, size_t *ret_len)
{
    static const unsigned char begin[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' }, end[] = { 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde };
    unsigned char *bytes = ARENA_ARRAY(world_arena(w), unsigned char, 100);
    memcpy(bytes, begin, sizeof begin);
    for (int i = 0; i < 4; i++) {
        bytes[16 + i] = (unsigned char)(width >> (24 - 8 * i));
        bytes[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    }
    memcpy(bytes + 24, end, sizeof end);
    *ret_len = 24 + sizeof end;
    return (const char *)bytes;
}

/* A job of Karim's for today, planned. */
static const char *today_job(struct world_test *w)
{
    const char *job = world_value(w, "SELECT " WAITING), *karim = world_value(w, "SELECT " MEMBER_OF(KARIM));
    assert_status(plan(w, job, karim, "day=2026-11-22&start=19:00&minutes=60"), 303);
    return job;
}

static const char *state_of(struct world_test *w, const char *job) { return world_value(w, world_text(w, "SELECT state FROM job WHERE id = %s", job)); }

static struct answer *step(struct world_test *w, const char *who, const char *job, const char *what)
{
    return world_post(w, who, world_text(w, OFFICE "/planning/jobs/%s/%s", job, what), "");
}

WORLD_TEST(l_7_a_technician_sees_their_day_and_says_how_far_it_is)
{
    const char *job = today_job(w);
    struct answer *page = world_get(w, KARIM, OFFICE "/planning/day");
    assert_status(page, 200);
    assert_has(page, "Ma journée");
    assert_has(page, world_text(w, "/planning/jobs/%s/leave", job));
    assert_has(page, "href=\"tel:");
    assert_has(page, "geo:0,0?q=");
    assert_not(world_get(w, ELODIE, OFFICE "/planning/day"), world_text(w, "/planning/jobs/%s/leave", job));
    struct answer *left = step(w, KARIM, job, "leave");
    assert_status(left, 303);
    assert_non_null(strstr(left->location, "notice=job_left"));
    assert_true(world_number(w, world_text(w, "SELECT left_at FROM job WHERE id = %s", job)) == world_now(w));
    struct answer *again = step(w, KARIM, job, "leave");                    /* somewhere else by now: said, and nothing done */
    assert_status(again, 303);
    assert_non_null(strstr(again->location, "notice=planning_changed"));
    assert_status(step(w, KARIM, job, "arrive"), 303);
    assert_string_equal(state_of(w, job), "started");
    assert_has(world_get(w, KARIM, OFFICE "/planning/day"), world_text(w, "/planning/jobs/%s/report", job));
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE object_kind = 'job' AND object_id = %s AND action IN ('planning_leave', 'planning_arrive')", job)), 2);
    /* Sabine, who plans, looks at anybody's day; a technician does not */
    const char *of = world_text(w, OFFICE "/planning/day?member=%s", world_value(w, "SELECT " MEMBER_OF(KARIM)));
    assert_has(world_get(w, ADMIN, of), "Karim Benali");
    assert_not(world_get(w, ELODIE, of), "Karim Benali");
    assert_status(world_get(w, AGENT, OFFICE "/planning/day"), 403);
}

WORLD_TEST(l_7_a_technician_acts_on_their_own_jobs_alone)
{
    static const char *const acts[] = { "leave", "arrive" };
    const char *job = today_job(w);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        assert_status(step(w, ELODIE, job, acts[i]), 403);
    assert_status(world_get(w, ELODIE, world_text(w, OFFICE "/planning/jobs/%s/report", job)), 403);
    assert_status(world_post(w, ELODIE, world_text(w, OFFICE "/planning/jobs/%s/report", job), "report=Non&signed_name=Non"), 403);
    assert_string_equal(state_of(w, job), "planned");
    struct answer *left = step(w, ADMIN, job, "leave");                     /* who plans may, and stays on that day */
    assert_status(left, 303);
    assert_non_null(strstr(left->location, "&member="));
}

static struct answer *report(struct world_test *w, const char *job, const struct world_part *parts)
{
    return world_post_parts(w, KARIM, world_text(w, OFFICE "/planning/jobs/%s/report", job), parts);
}

WORLD_TEST(l_7_a_job_ends_with_report_photos_and_signature_once)
{
    const char *job = today_job(w);
    size_t len = 0, large = 0;
    const char *drawn = png(w, 680, 240, &len), *huge = png(w, 40000, 40000, &large);
    struct answer *early = report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { "signed_name", NULL, "Claire", 6 }, { 0 } });
    assert_status(early, 422);                                              /* nobody has arrived */
    assert_has(early, "l’arrivée");
    assert_status(step(w, KARIM, job, "arrive"), 303);
    struct answer *bare = report(w, job, (const struct world_part[]){ { "report", NULL, "", 0 }, { "signed_name", NULL, "Claire", 6 }, { 0 } });
    assert_status(bare, 422);
    assert_has(bare, "value=\"Claire\"");
    assert_status(report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { 0 } }), 422);
    assert_has(report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { "is_refused", NULL, "1", 1 }, { 0 } }), "Dites pourquoi");
    assert_has(report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { "signed_name", NULL, "C", 1 }, { "photos", "a.pdf", "%PDF-1.4 a", 10 }, { 0 } }), "pas une photo");
    assert_has(report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { "signed_name", NULL, "C", 1 }, { "signature", "s.png", huge, large }, { 0 } }), "ne peut pas être lue");
    assert_has(report(w, job, (const struct world_part[]){ { "report", NULL, "Fait", 4 }, { "signed_name", NULL, "C", 1 }, { "signature", "s.png", "GIF89a", 6 }, { 0 } }), "ne peut pas être lue");
    assert_string_equal(state_of(w, job), "started");
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s", job)), 0);
    const struct world_part whole[] = { { "report", NULL, "Vanne remplac\xc3\xa9" "e", 16 }, { "signed_name", NULL, "Claire Delmas", 13 }, { "photos", "avant.png", drawn, len },
        { "photos", "apres.png", drawn, len }, { "signature", "signature.png", drawn, len }, { 0 } };
    struct answer *done = report(w, job, whole);
    assert_status(done, 303);
    assert_non_null(strstr(done->location, "notice=job_finished"));
    const char *said = strstr(world_get(w, KARIM, done->location)->body, "L’intervention est terminée.");
    assert_true(said && !strstr(said + 1, "L’intervention est terminée."));     /* once */
    assert_string_equal(state_of(w, job), "done");
    assert_string_equal(world_value(w, world_text(w, "SELECT signed_name FROM job_text WHERE job_id = %s", job)), "Claire Delmas");
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s AND kind = 'photo'", job)), 2);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s AND kind = 'signature' AND type = 'image/png'", job)), 1);
    assert_status(report(w, job, whole), 422);                              /* a second form: it is done already */
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s", job)), 3);
    world_sound(w);
}

/* The very same form, sent again because no answer came: the second answer is the first one's. */
WORLD_TEST(l_7_the_same_report_sent_twice_counts_once)
{
    const char *job = today_job(w), *cookie = world_cookie(w, KARIM), *target = world_text(w, OFFICE "/planning/jobs/%s/report", job);
    assert_status(step(w, KARIM, job, "arrive"), 303);
    const char *form = world_text(w, "form_token=%s&report=Fait&is_refused=1&reason=Absent", world_token(w, KARIM));
    struct answer *one = world_send(w, cookie, METHOD_POST, target, "application/x-www-form-urlencoded", form, strlen(form));
    struct answer *two = world_send(w, cookie, METHOD_POST, target, "application/x-www-form-urlencoded", form, strlen(form));
    assert_status(one, 303);
    assert_status(two, 303);
    assert_string_equal(one->location, two->location);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = 'planning_finish' AND object_id = %s", job)), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT refused_reason FROM job_text WHERE job_id = %s AND signed_at IS NULL", job)), "Absent");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/jobs/%s", job)), "Absent");
}

WORLD_TEST(l_7_a_job_takes_forty_photos_and_no_more)
{
    struct world_part parts[44] = { { "report", NULL, "Fait", 4 }, { "signed_name", NULL, "Claire", 6 } };
    const char *job = today_job(w);
    size_t len = 0;
    assert_status(step(w, KARIM, job, "arrive"), 303);
    for (int i = 0; i < 41; i++) {
        const char *bytes = png(w, 10, 10 + (unsigned)i, &len);
        parts[2 + i] = (struct world_part){ "photos", world_text(w, "%d.png", i), bytes, len };
    }
    struct answer *many = report(w, job, parts);
    assert_status(many, 422);
    assert_has(many, "Fait");
    parts[42] = (struct world_part){ 0 };
    assert_status(report(w, job, parts), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job_file WHERE job_id = %s AND kind = 'photo'", job)), 40);
}

/* ---- Absences and hours ---- */

WORLD_TEST(l_7_absences_come_and_go_and_hours_count)
{
    static const struct { const char *form, *says; } wrong[] = {
        { "label=A&first_day=2026-12-09&last_day=2026-12-08", "La fin doit venir après le début." }, { "label=A&first_day=2026-12-09&last_day=2026-02-30", "Indiquez un jour" },
        { "label=A&first_day=2026-12-09&first_time=10:00&last_day=2026-12-09&last_time=09:00", "La fin doit venir après le début." },
        { "label=A&first_day=2026-11-10&last_day=2026-11-11", "déjà passée" }, { "label=A&first_day=2026-12-09&last_day=2028-12-09", "un an au plus" }, { "label=&first_day=2026-12-09&last_day=2026-12-09", "obligatoire" },
    };
    const char *karim = world_value(w, "SELECT " MEMBER_OF(KARIM));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer *refused = world_post(w, ADMIN, OFFICE "/planning/absences", world_text(w, "member_id=%s&%s", karim, wrong[i].form));
        assert_status(refused, 422);
        assert_has(refused, wrong[i].says);
    }
    assert_status(world_post(w, ADMIN, OFFICE "/planning/absences", world_text(w, "member_id=%s&label=Formation&first_day=2026-12-07&last_day=2026-12-08&last_time=13:00", karim)), 303);
    const struct doc *row = row_of(board(w, "?week=2026-W50"), "Karim");
    assert_int_equal(doc_int_of(row, "free_minutes"), 35 * 60 - 7 * 60 - 5 * 60);                /* a day of seven hours, and five of the next */
    assert_has(world_get(w, ADMIN, OFFICE "/planning?week=2026-W50"), "Formation");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/planning/technicians/%s", karim), "hours=37,5&phone=06+01"), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT week_minutes FROM technician WHERE member_id = %s", karim)), 2250);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/planning/technicians/%s", karim), "hours=99"), 422);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/planning/technicians/%s", karim), "hours=trente"), 422);
    const char *id = world_value(w, "SELECT id FROM absence WHERE label = 'Formation' AND member_id = " MEMBER_OF(KARIM));
    assert_status(world_post(w, KARIM, world_text(w, OFFICE "/planning/absences/%s/remove", id), ""), 403);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/planning/absences/%s/remove", id), ""), 303);
    assert_int_equal(doc_int_of(row_of(board(w, "?week=2026-W50"), "Karim"), "free_minutes"), 2250);
    world_sound(w);
}

/* ---- The first page ---- */

WORLD_TEST(l_7_the_first_page_of_a_field_company_shows_its_day)
{
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE id = (SELECT MIN(id) FROM mandate WHERE org_id = " ORG " AND kind = 'access' AND state = 'active')",
        (long long)(world_now(w) + 50 * CLOCK_HOUR_MS)));
    struct answer *page = world_get(w, ADMIN, OFFICE);
    const struct doc *doc = world_get(w, ADMIN, OFFICE ".json")->doc, *field = doc_get(doc, "field");
    assert_has(page, "Dimanche 22");
    assert_has(page, "La journée");
    assert_has(page, "maintenant");
    assert_has(page, "Planifier les 7 demandes");
    assert_has(page, "Accès bientôt finis");
    assert_int_equal(doc_int_of(doc_at(doc_get(doc, "ending"), 0), "left_days"), 2);
    int64_t from = paris("2026-11-22", 0), upto = paris("2026-11-23", 0);
    assert_int_equal(doc_int_of(field, "today_count"), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND state <> 'cancelled' AND planned_start >= %lld AND planned_start < %lld",
        (long long)from, (long long)upto)));
    assert_int_equal(doc_int_of(field, "late_count"), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND state = 'planned' AND planned_start < %lld", (long long)world_now(w))));
    assert_int_equal(doc_int_of(field, "to_plan_count"), 7);
    assert_int_equal(doc_int_of(field, "urgent_count"), 1);
    assert_int_equal(doc_count(doc_get(doc, "weeks")), 10);
    assert_true(doc_int_of(field, "rating_tenths") >= 10 && doc_int_of(field, "rating_tenths") <= 50);
    struct answer *technician = world_get(w, KARIM, OFFICE);
    assert_has(technician, "La journée");
    assert_not(technician, "Planifier les");
    assert_not(technician, "Accès bientôt finis");
    assert_not(technician, "Tickets à répondre");
    assert_not(world_get(w, "camille.vasseur@hexanode.example", "/o/hexanode"), "La journée");  /* no field work: what it was */
}

/* Many more than are counted: the numbers say so, and stay quick. */
WORLD_TEST(l_7_counts_end_at_fifty)
{
    world_run_sql(w, "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, asked_how, asked_name, created_at, changed_at) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT j.org_id, 900 + n.i, 900000 + n.i, j.client_id, j.type_id, 'A', 'to_plan', 'office', 'B', 1, 1 FROM job j CROSS JOIN n WHERE j.id = " WAITING);
    assert_has(world_get(w, ADMIN, OFFICE), "50+");
    assert_has(world_get(w, ADMIN, OFFICE "/planning"), "50+");
    assert_int_equal(doc_count(doc_get(board(w, "?all=1"), "to_plan")), 50);
}

WORLD_TEST(l_7_a_week_of_more_than_five_hundred_jobs_says_so)
{
    world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, member_id, planned_start, planned_end, asked_how, asked_name, created_at, changed_at) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 510) SELECT j.org_id, 900 + n.i, 900000 + n.i, j.client_id, j.type_id, 'A', 'planned', " MEMBER_OF(KARIM) ", "
        "%lld + n.i, %lld + n.i, 'office', 'B', 1, 1 FROM job j CROSS JOIN n WHERE j.id = " WAITING, (long long)paris("2027-03-02", 480), (long long)paris("2027-03-02", 500)));
    const struct doc *week = doc_get(board(w, "?week=2027-W09"), "week");
    assert_int_equal(doc_int_of(week, "job_count"), 500);
    assert_true(doc_bool_of(week, "is_cut"));
    assert_has(world_get(w, ADMIN, OFFICE "/planning?week=2027-W09"), "plus de 500 interventions");
}

/* ---- What it costs at 100,000 jobs and 20,000 sites ---- */

static int64_t steps;               /* of all statements since the last look */

static int step_count(unsigned what, void *context, void *statement, void *took)
{
    (void)what;
    (void)context;
    (void)took;
    steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

static int step_count_all(sqlite3 *connection, const char **error, const void *api)
{
    (void)error;
    (void)api;
    return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, step_count, NULL);
}

/* Steps of SQLite's machine for the whole request. */
static int64_t cost(struct world_test *w, const char *email, const char *target)
{
    struct arena arena;
    arena_init(&arena, (size_t)32 << 20);
    sqlite3_auto_extension((void (*)(void))(uintptr_t)step_count_all);
    struct db *db = world_db_new(w, &arena);
    sqlite3_cancel_auto_extension((void (*)(void))(uintptr_t)step_count_all);
    const struct world_request ask = { .cookie = world_cookie(w, email), .method = METHOD_GET, .target = target, .type = "", .body = "" };
    world_ask(w, world_arena(w), db, &ask);             /* once for the statements to be prepared */
    steps = 0;
    assert_status(world_ask(w, world_arena(w), db, &ask), 200);
    db_close(db);
    arena_free(&arena);
    return steps;
}

/* Jobs from..upto of one client: done, of other weeks, at sites of their own every fifth. */
static void jobs_make(struct world_test *w, int from, int upto)
{
    world_run_sql(w, world_text(w, "INSERT INTO site (org_id, id, client_id, number, name, name_key, created_at, changed_at) "
        "WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT j.org_id, 800000 + n.i, j.client_id, 'Y-' || n.i, 'Y', 'y ' || n.i, 1, 1 FROM job j CROSS JOIN n "
        "WHERE j.id = " WAITING " AND n.i %% 5 = 0", from, upto));
    world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, member_id, planned_start, planned_end, finished_at, asked_how, asked_name, created_at, changed_at) "
        "WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT j.org_id, 800000 + n.i, 800000 + n.i, j.client_id, j.type_id, CASE WHEN n.i %% 5 = 0 THEN 800000 + n.i END, 'A', 'done', "
        MEMBER_OF(KARIM) ", %lld - n.i * 600000, %lld - n.i * 600000, 5, 'office', 'B', 1, 1 FROM job j CROSS JOIN n WHERE j.id = " WAITING, from, upto,
        (long long)paris("2026-08-03", 480), (long long)paris("2026-08-03", 540)));
}

WORLD_TEST(l_7_board_and_client_page_cost_at_100000_jobs_what_they_cost_at_1000)
{
    static const struct { const char *email, *page; } looks[] = {
        { ADMIN, OFFICE "/planning.json?week=2026-W46" }, { ADMIN, OFFICE "/planning.json" }, { ADMIN, OFFICE ".json" }, { ADMIN, OFFICE "/planning/day.json?day=2026-11-20" },
        { CLAIRE, PORTAL "/jobs.json" }, { CLAIRE, PORTAL "/jobs.json?state=done" }, { CLAIRE, PORTAL "/sites.json" }, { CLAIRE, PORTAL "/jobs/new.json" },
    };
    enum { LOOKS = sizeof looks / sizeof *looks };
    int64_t few[LOOKS] = { 0 };
    if (world_kind(w) != DB_SQLITE)
        return;                     /* steps are SQLite's; that every query goes by its index on both is tests/queries_test.c */
    jobs_make(w, 1, 1000);
    for (int i = 0; i < LOOKS; i++)
        few[i] = cost(w, looks[i].email, looks[i].page);
    jobs_make(w, 1001, 100000);
    for (int i = 0; i < LOOKS; i++) {
        int64_t many = cost(w, looks[i].email, looks[i].page);
        if (10 * many > 13 * few[i])
            fail_msg("%s: %lld steps at 1,000 jobs, %lld at 100,000", looks[i].page, (long long)few[i], (long long)many);
    }
}

WORLD_MAIN("planning", WORLD_CASE(l_7_weeks_are_iso_weeks), WORLD_CASE(l_7_a_week_in_which_the_clocks_change_has_167_hours_or_169),
    WORLD_CASE(l_7_the_week_has_a_row_for_each_technician_and_what_waits_beside_it), WORLD_CASE(l_7_the_wish_of_a_client_is_shown), WORLD_CASE(l_7_a_job_is_planned_moved_and_put_back),
    WORLD_CASE(l_7_who_plans_what_somebody_else_has_planned_meanwhile_is_told), WORLD_CASE(l_7_a_moment_that_is_not_free_is_asked_about_once_more), WORLD_CASE(l_7_what_cannot_be_is_said_at_its_field),
    WORLD_CASE(l_7_a_technician_sees_their_day_and_says_how_far_it_is), WORLD_CASE(l_7_a_technician_acts_on_their_own_jobs_alone), WORLD_CASE(l_7_a_job_ends_with_report_photos_and_signature_once),
    WORLD_CASE(l_7_the_same_report_sent_twice_counts_once), WORLD_CASE(l_7_a_job_takes_forty_photos_and_no_more), WORLD_CASE(l_7_absences_come_and_go_and_hours_count),
    WORLD_CASE(l_7_the_first_page_of_a_field_company_shows_its_day), WORLD_CASE(l_7_counts_end_at_fifty), WORLD_CASE(l_7_a_week_of_more_than_five_hundred_jobs_says_so), WORLD_CASE(l_7_board_and_client_page_cost_at_100000_jobs_what_they_cost_at_1000))
