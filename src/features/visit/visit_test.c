/* Visits that recur by contract (L-7), on both databases. */
#include "lib/world.h"
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "features/job/job.h"
#include "features/visit/visit.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT id FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define MADE "SELECT COUNT(*) FROM job WHERE visit_id = %s"

static int64_t day(const char *iso)
{
    int64_t on = 0;
    assert_true(clock_day_read(iso, &on));
    return on;
}

/* One turn of the worker's job, as the worker has it. */
static void turn(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(visits_make(&c));
    must(db_commit(c.db, c.arena));
}

static const char *days_on(struct world_test *w, int days) { return job_day_text(world_arena(w), world_now(w) / CLOCK_DAY_MS + days); }

static const char *kept(struct world_test *w, const char *title, int days, const char *more)
{
    struct answer *made = world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/visits", world_value(w, "SELECT " BELLERIVE)),
        world_text(w, "description=%s&type_id=%s&next_on=%s&%s", title, world_value(w, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG), days_on(w, days), more));
    assert_status(made, 303);
    return world_value(w, world_text(w, "SELECT id FROM visit WHERE title = '%s'", title));
}

static int64_t count(struct world_test *w, const char *id) { return world_number(w, world_text(w, MADE, id)); }

WORLD_TEST(l_7_the_next_day_keeps_the_end_of_the_month)
{
    static const struct { const char *from; int months, date; const char *next; } steps[] = {
        { "2027-01-31", 1, 31, "2027-02-28" }, { "2027-02-28", 1, 31, "2027-03-31" }, { "2028-01-31", 1, 31, "2028-02-29" }, { "2028-02-29", 12, 29, "2029-02-28" },
        { "2029-02-28", 36, 29, "2032-02-29" }, { "2027-11-30", 3, 30, "2028-02-29" }, { "2027-12-15", 1, 15, "2028-01-15" }, { "2027-04-30", 1, 30, "2027-05-30" }, { "2027-03-01", 60, 0, "2032-03-01" },
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_int_equal(visit_next(day(steps[i].from), steps[i].months, steps[i].date), day(steps[i].next));
    (void)w;
}

WORLD_TEST(l_7_a_job_is_made_once_when_the_day_is_near)
{
    const char *id = kept(w, "Tour", 40, "every_months=6&lead_days=30");
    turn(w);
    assert_int_equal(count(w, id), 0);
    world_pass(w, 10 * CLOCK_DAY_MS);
    turn(w);
    turn(w);
    assert_int_equal(count(w, id), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ' ' || asked_how || ' ' || title FROM job WHERE visit_id = %s", id)), "to_plan contract Tour");
    assert_int_equal(world_number(w, world_text(w, "SELECT before_on FROM job WHERE visit_id = %s", id)), world_now(w) / CLOCK_DAY_MS + 30);
    assert_has(world_get(w, TECHNICIAN, OFFICE "/jobs?view=to_plan"), "Tour");    /* who signs in now: ten days have passed */
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal j JOIN job k ON k.id = j.object_id WHERE j.action = 'visit_due' AND k.visit_id = %s", id)), 1);
    world_sound(w);
}

/* Ten months in which nothing ran: one job, and the next visit lies ahead. */
WORLD_TEST(l_7_after_a_standstill_one_job_and_not_ten)
{
    const char *id = kept(w, "Veille", 20, "every_months=1&lead_days=10");
    world_pass(w, 300 * CLOCK_DAY_MS);
    turn(w);
    turn(w);
    assert_int_equal(count(w, id), 1);
    assert_true(world_number(w, world_text(w, "SELECT next_on - lead_days FROM visit WHERE id = %s", id)) > world_now(w) / CLOCK_DAY_MS);
}

/* Two servers at once, and one that dies before its end. */
WORLD_TEST(l_7_two_servers_make_one_job_and_a_dead_one_none)
{
    const char *id = kept(w, "Double", 5, "every_months=12&lead_days=30");
    struct ctx c;
    world_ctx(w, &c);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(visits_make(&c));
    db_rollback(c.db);                      /* killed before its commit */
    assert_int_equal(count(w, id), 0);
    const char *was = world_value(w, world_text(w, "SELECT next_on FROM visit WHERE id = %s", id));
    turn(w);
    assert_int_equal(count(w, id), 1);
    world_run_sql(w, world_text(w, "UPDATE visit SET is_active = 0 WHERE id <> %s", id));
    assert_string_not_equal(world_value(w, world_text(w, "SELECT next_on FROM visit WHERE id = %s", id)), was);
    turn(w);
    assert_int_equal(count(w, id), 1);
}

struct server { struct ctx c; struct arena arena; struct db *db; pthread_barrier_t *start; struct err *error; };

static void *serve(void *arg)
{
    struct server *s = arg;
    s->c.arena = &s->arena;
    s->c.db = s->db;
    pthread_barrier_wait(s->start);
    s->error = db_begin(s->db, &s->arena, DB_WRITE);
    if (!s->error)
        s->error = visits_make(&s->c);
    if (!s->error)
        s->error = db_commit(s->db, &s->arena);
    return NULL;
}

WORLD_TEST(l_7_two_servers_at_the_same_moment_make_one_job)
{
    const char *id = kept(w, "Ensemble", 5, "every_months=12&lead_days=30");
    static struct server servers[2];
    pthread_barrier_t start;
    pthread_t threads[2];
    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
        world_ctx(w, &servers[i].c);
        arena_init(&servers[i].arena, (size_t)64 * 1024 * 1024);
        servers[i].db = world_db_new(w, &servers[i].arena);
        servers[i].start = &start;
        assert_int_equal(pthread_create(&threads[i], NULL, serve, &servers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        must(servers[i].error);
        db_close(servers[i].db);
        arena_free(&servers[i].arena);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(count(w, id), 1);
}

WORLD_TEST(l_7_paused_ended_and_over_make_nothing)
{
    const char *paused = kept(w, "Pause", 5, "every_months=12&lead_days=30"), *ended = kept(w, "Finie", 5, "every_months=12&lead_days=30");
    const char *over = kept(w, "Terme", 50, world_text(w, "every_months=12&lead_days=30&ends_on=%s", days_on(w, 60)));
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/visits/%s/pause", paused), ""), 303);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/visits/%s/end", ended), ""), 303);
    turn(w);
    assert_int_equal(count(w, paused) + count(w, ended), 0);
    assert_has(world_get(w, ADMIN, OFFICE "/visits?view=off"), "Pause");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/visits/%s/resume", ended), ""), 409);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/visits/%s/resume", paused), ""), 303);
    world_pass(w, 30 * CLOCK_DAY_MS);
    turn(w);
    assert_int_equal(count(w, paused), 1);
    assert_int_equal(count(w, over), 1);    /* the last one, and then it is over by itself */
    assert_int_equal(world_number(w, world_text(w, "SELECT is_active FROM visit WHERE id = %s", over)), 0);
    assert_status(world_post(w, TECHNICIAN, world_text(w, OFFICE "/visits/%s/pause", paused), ""), 403);
}

WORLD_TEST(l_7_what_is_wrong_with_a_visit_is_said_at_its_field)
{
    const char *address = world_text(w, OFFICE "/clients/%s/visits", world_value(w, "SELECT " BELLERIVE)), *type = world_value(w, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG);
    const char *wrong[][2] = { { "next_on=2020-01-01&every_months=12&lead_days=30", "Ce jour est passé." }, { "next_on=2027-02-30&every_months=12&lead_days=30", "Indiquez un jour" },
        { "next_on=2027-03-01&every_months=1&lead_days=28", "Moins de jours" }, { "next_on=2027-03-01&every_months=12&lead_days=0", "De 1 à 120 jours." },
        { "next_on=2027-03-01&every_months=12&lead_days=30&ends_on=2027-02-01", "La fin vient avant" }, { "next_on=2027-03-01&every_months=12&lead_days=30&site_id=5", "Ce site n’est pas de ce client." },
        { "next_on=2027-03-01&every_months=7&lead_days=30", "Choisissez une valeur de la liste." } };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct answer *refused = world_post(w, ADMIN, address, world_text(w, "description=Garde&type_id=%s&%s", type, wrong[i][0]));
        assert_status(refused, 422);
        assert_has(refused, wrong[i][1]);
        assert_has(refused, "Garde");
    }
}

WORLD_MAIN("visit", WORLD_CASE(l_7_the_next_day_keeps_the_end_of_the_month), WORLD_CASE(l_7_a_job_is_made_once_when_the_day_is_near), WORLD_CASE(l_7_after_a_standstill_one_job_and_not_ten),
    WORLD_CASE(l_7_two_servers_make_one_job_and_a_dead_one_none), WORLD_CASE(l_7_two_servers_at_the_same_moment_make_one_job), WORLD_CASE(l_7_paused_ended_and_over_make_nothing), WORLD_CASE(l_7_what_is_wrong_with_a_visit_is_said_at_its_field))
