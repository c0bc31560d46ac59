/* Planning of field work (L-7), on both databases. It is Sunday 22 November 2026, 14:30 in Paris, and that is a working day. */
#include "lib/world.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/planning/week.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define ELODIE "elodie.prigent@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"            /* answers tickets: no field work */
#define OFFICE "/o/froid-atlantique"
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
    return wall_ms(zone_get("Europe/Paris"), number, minute);
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
    assert_int_equal(doc_count(doc_get(here, "days")), 6);                                      /* Sunday, since something is on it */
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
    assert_int_equal(doc_count(doc_get(now, "days")), 6);                                       /* and Sunday, which is today */
    assert_int_equal(doc_count(doc_get(board(w, "?week=2026-W45"), "days")), 5);
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
    const struct doc *week = board(w, "?week=2026-W50"), *cells = doc_get(row_of(week, "Karim"), "cells"), *jobs = doc_get(doc_at(cells, 1), "jobs");
    assert_int_equal(doc_count(jobs), 2);
    assert_true(doc_bool_of(doc_at(jobs, 0), "is_clash") && doc_bool_of(doc_at(jobs, 1), "is_clash"));
    assert_has(world_get(w, ADMIN, OFFICE "/planning?week=2026-W50"), "en même temps qu’autre chose");
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

WORLD_MAIN("planning", WORLD_CASE(l_7_weeks_are_iso_weeks), WORLD_CASE(l_7_a_week_in_which_the_clocks_change_has_167_hours_or_169),
    WORLD_CASE(l_7_the_week_has_a_row_for_each_technician_and_what_waits_beside_it), WORLD_CASE(l_7_the_wish_of_a_client_is_shown), WORLD_CASE(l_7_a_job_is_planned_moved_and_put_back),
    WORLD_CASE(l_7_a_moment_that_is_not_free_is_asked_about_once_more), WORLD_CASE(l_7_what_cannot_be_is_said_at_its_field))
