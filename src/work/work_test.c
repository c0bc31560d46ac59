/* Jobs behind the pages: done once, retried, put off, taken by one of several workers; on both databases. */
#include "lib/world.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "work/queries.h"
#include "work/work.h"

/* ---- Kinds of the test's own: what they leave behind is a job of no kind, never due, so that its rollback can be seen ---- */

static atomic_int runs;
static bool is_broken;
static _Thread_local int64_t seen_org_id;
static _Thread_local const char *seen_word = "";

static struct err *mark_run(struct ctx *c, const struct doc *data)
{
    atomic_fetch_add(&runs, 1);
    seen_org_id = c->who.org_id;
    seen_word = doc_text_of(data, "word");
    TRY(ctx_run(c, &sql_work_insert, PARAMS(P_INT("id", ctx_id(c)), P_INT("org_id", 0), P_TEXT("kind", "mark"), P_TEXT("data", "{}"), P_INT("is_slow", 0),
        P_INT("run_at", INT64_MAX))));
    return is_broken ? ERR(c->arena, ERR_BUSY, "broken on purpose") : NULL;
}

static const struct work_kind probe = { .name = "probe", .run = mark_run, .tries = 3 };
static const struct work_kind daily = { .name = "daily", .run = mark_run, .every_ms = CLOCK_DAY_MS };
static const struct work_kind hourly = { .name = "hourly", .run = mark_run, .every_ms = CLOCK_HOUR_MS };

/* Nothing of the world's own is in the way. */
static void work_clear(struct world_test *w)
{
    world_run_sql(w, "DELETE FROM work");
    world_run_sql(w, "DELETE FROM schedule");
    atomic_store(&runs, 0);
    is_broken = false;
    seen_word = "";
    seen_org_id = 0;
}

static void probe_queue(struct world_test *w, const char *kind, int64_t wait_ms)
{
    struct ctx c;
    world_ctx(w, &c);
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "word", "é \"quoted\"");
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(work_queue(&c, 77, kind, data, world_now(w) + wait_ms));
    must(db_commit(c.db, c.arena));
}

static bool run_one(struct world_test *w, const struct work_kind *const *kinds, size_t count)
{
    struct ctx c;
    bool ran = false;
    world_ctx(w, &c);
    must(work_run_one(&c, kinds, count, &ran));
    assert_false(db_in_transaction(c.db));
    assert_int_equal(c.who.org_id, 0);
    return ran;
}

static bool run_probe(struct world_test *w) { return run_one(w, (const struct work_kind *const[]){ &probe }, 1); }
static bool run_daily(struct world_test *w) { return run_one(w, (const struct work_kind *const[]){ &daily }, 1); }
static int64_t marks(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM work WHERE kind = 'mark'"); }
static const char *probe_value(struct world_test *w, const char *column) { return world_value(w, world_text(w, "SELECT %s FROM work WHERE kind <> 'mark'", column)); }

/* ---- Queued ---- */

WORLD_TEST(a_job_runs_once_with_its_data_and_organization)
{
    work_clear(w);
    assert_false(run_probe(w));
    probe_queue(w, "probe", 0);
    assert_true(run_probe(w));
    assert_int_equal(seen_org_id, 77);
    assert_string_equal(seen_word, "é \"quoted\"");
    assert_string_equal(probe_value(w, "state"), "done");
    assert_false(run_probe(w));
    assert_int_equal(atomic_load(&runs), 1);
    assert_int_equal(marks(w), 1);
}

WORLD_TEST(a_job_of_an_act_that_is_rolled_back_does_not_exist)
{
    struct ctx c;
    work_clear(w);
    world_ctx(w, &c);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(work_queue(&c, 0, "probe", NULL, c.now_ms));
    db_rollback(c.db);
    assert_false(run_probe(w));
}

WORLD_TEST(a_job_waits_for_its_time)
{
    work_clear(w);
    probe_queue(w, "probe", CLOCK_HOUR_MS);
    assert_false(run_probe(w));
    world_pass(w, CLOCK_HOUR_MS);
    assert_true(run_probe(w));
}

WORLD_TEST(a_job_that_fails_leaves_nothing_and_comes_again)
{
    work_clear(w);
    is_broken = true;
    probe_queue(w, "probe", 0);
    assert_true(run_probe(w));
    assert_int_equal(marks(w), 0);
    assert_string_equal(probe_value(w, "state"), "queued");
    assert_string_equal(probe_value(w, "tries"), "1");
    assert_string_equal(probe_value(w, "last_error"), "broken on purpose");
    assert_false(run_probe(w));   /* not at once */
    is_broken = false;
    world_pass(w, CLOCK_MINUTE_MS);
    assert_true(run_probe(w));
    assert_int_equal(marks(w), 1);
    assert_string_equal(probe_value(w, "state"), "done");
}

WORLD_TEST(a_job_is_given_up_after_its_tries)
{
    work_clear(w);
    is_broken = true;
    probe_queue(w, "probe", 0);
    for (int i = 0; i < 6; i++) {
        (void)run_probe(w);
        world_pass(w, CLOCK_HOUR_MS);
    }
    assert_int_equal(atomic_load(&runs), 3);
    assert_string_equal(probe_value(w, "state"), "failed");
}

WORLD_TEST(a_job_of_no_known_kind_is_put_off_and_keeps_nobody_waiting)
{
    work_clear(w);
    probe_queue(w, "unknown", 0);
    probe_queue(w, "probe", 1);
    world_pass(w, 1);
    assert_true(run_probe(w));
    assert_true(run_probe(w));
    assert_int_equal(atomic_load(&runs), 1);
    assert_string_equal(world_value(w, "SELECT state FROM work WHERE kind = 'unknown'"), "queued");
}

/* ---- Recurring ---- */

WORLD_TEST(what_recurs_runs_at_its_times)
{
    work_clear(w);
    assert_true(run_daily(w));   /* at the first start */
    assert_false(run_daily(w));
    world_pass(w, CLOCK_DAY_MS - 1);
    assert_false(run_daily(w));
    world_pass(w, 1);
    assert_true(run_daily(w));
    world_pass(w, 5 * CLOCK_DAY_MS);
    assert_true(run_daily(w));
    assert_false(run_daily(w));   /* times that were missed are not made up for */
    assert_int_equal(marks(w), 3);
}

WORLD_TEST(what_recurs_and_fails_comes_soon_again_and_keeps_nobody_waiting)
{
    static const struct work_kind *const both[] = { &daily, &hourly };
    work_clear(w);
    is_broken = true;
    assert_true(run_one(w, both, 2));
    assert_int_equal(marks(w), 0);
    is_broken = false;
    assert_true(run_one(w, both, 2));   /* the other one */
    assert_int_equal(marks(w), 1);
    assert_false(run_one(w, both, 2));
    world_pass(w, 5 * CLOCK_MINUTE_MS);
    assert_true(run_one(w, both, 2));
    assert_int_equal(marks(w), 2);
    world_pass(w, CLOCK_HOUR_MS);
    assert_true(run_one(w, both, 2));
    assert_false(run_one(w, both, 2));
}

/* ---- Several workers ---- */

struct runner { struct arena arena; struct ctx c; const struct work_kind *kind; int ran; struct err *e; };

static void *runner_run(void *arg)
{
    struct runner *r = arg;
    bool ran = true;
    for (int misses = 0; !r->e && misses < 3; misses += !ran) {   /* a job that another one has is passed over, not waited for */
        r->e = work_run_one(&r->c, &r->kind, 1, &ran);
        r->ran += ran;
    }
    return NULL;
}

/* Two at once, each with a connection of its own; how many jobs they ran. */
static int race(struct world_test *w, const struct work_kind *kind)
{
    struct runner runners[2] = { 0 };
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        runners[i].kind = kind;
        arena_init(&runners[i].arena, (size_t)64 * 1024 * 1024);
        world_ctx(w, &runners[i].c);
        runners[i].c.arena = &runners[i].arena;
        runners[i].c.db = world_db_new(w, &runners[i].arena);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, runner_run, &runners[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) {
        must(runners[i].e);
        db_close(runners[i].c.db);
        arena_free(&runners[i].arena);
    }
    return runners[0].ran + runners[1].ran;
}

WORLD_TEST(two_workers_do_each_job_once)
{
    work_clear(w);
    for (int i = 0; i < 30; i++)
        probe_queue(w, "probe", 0);
    assert_int_equal(race(w, &probe), 30);
    assert_int_equal(atomic_load(&runs), 30);
    assert_int_equal(marks(w), 30);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE kind = 'probe' AND state = 'done' AND tries = 0"), 30);
}

WORLD_TEST(two_workers_do_what_recurs_once)
{
    work_clear(w);
    for (int day = 1; day <= 5; day++) {
        assert_int_equal(race(w, &daily), 1);
        assert_int_equal(marks(w), day);
        world_pass(w, CLOCK_DAY_MS);
    }
}

/* ---- The thread ---- */

struct stretch { atomic_int opened, closed, turns, more; struct ctx c; };

static struct ctx *stretch_open(void *arg)
{
    struct stretch *s = arg;
    return atomic_fetch_add(&s->opened, 1) == 0 ? NULL : &s->c;   /* the database is away at first */
}

static void stretch_close(void *arg, struct ctx *c)
{
    struct stretch *s = arg;
    assert_ptr_equal(c, &s->c);
    atomic_fetch_add(&s->closed, 1);
}

static bool stretch_turn(void *arg, struct ctx *c)
{
    struct stretch *s = arg;
    (void)c;
    atomic_fetch_add(&s->turns, 1);
    return atomic_fetch_sub(&s->more, 1) > 1;
}

static bool reaches(atomic_int *number, int wanted)
{
    for (int i = 0; i < 500 && atomic_load(number) < wanted; i++)
        usleep(10000);
    return atomic_load(number) >= wanted;
}

WORLD_TEST(the_worker_wakes_goes_on_while_there_is_more_and_ends)
{
    struct stretch *s = calloc(1, sizeof *s);
    struct worker *worker = NULL;
    const struct worker_calls calls = { stretch_open, stretch_close, stretch_turn, s };
    atomic_store(&s->more, 5);
    must(worker_open(world_arena(w), &calls, &worker));
    worker_wake(worker);
    assert_true(reaches(&s->turns, 5));
    assert_int_equal(atomic_load(&s->opened), 2);
    int before = atomic_load(&s->turns);
    worker_wake(worker);
    assert_true(reaches(&s->turns, before + 1));
    worker_close(worker);
    assert_int_equal(atomic_load(&s->closed), 1);
    free(s);
}

/* Somebody writes for a long time: looking whether there is something to do does not wait for them. */
WORLD_TEST(looking_for_work_takes_nobodys_turn)
{
    work_clear(w);
    assert_true(run_daily(w));
    struct db *other = world_db_new(w, world_arena(w));
    must(db_begin(other, world_arena(w), DB_WRITE));
    int64_t from_us = clock_monotonic_us();
    assert_false(run_daily(w));
    assert_true(clock_monotonic_us() - from_us < 2000000);
    db_close(other);
}

/* A queue that is never empty. */
WORLD_TEST(what_recurs_does_not_wait_for_an_empty_queue)
{
    work_clear(w);
    probe_queue(w, "probe", 0);
    probe_queue(w, "probe", 0);
    const struct work_kind *const both[] = { &probe, &daily };
    assert_true(run_one(w, both, 2));
    assert_true(run_one(w, both, 2));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM schedule WHERE kind = 'daily'"), 1);
}

WORLD_MAIN("work",
    WORLD_CASE(a_job_runs_once_with_its_data_and_organization),
    WORLD_CASE(a_job_of_an_act_that_is_rolled_back_does_not_exist),
    WORLD_CASE(a_job_waits_for_its_time),
    WORLD_CASE(a_job_that_fails_leaves_nothing_and_comes_again),
    WORLD_CASE(a_job_is_given_up_after_its_tries),
    WORLD_CASE(a_job_of_no_known_kind_is_put_off_and_keeps_nobody_waiting),
    WORLD_CASE(what_recurs_runs_at_its_times),
    WORLD_CASE(what_recurs_and_fails_comes_soon_again_and_keeps_nobody_waiting),
    WORLD_CASE(two_workers_do_each_job_once),
    WORLD_CASE(two_workers_do_what_recurs_once),
    WORLD_CASE(the_worker_wakes_goes_on_while_there_is_more_and_ends),
    WORLD_CASE(looking_for_work_takes_nobodys_turn), WORLD_CASE(what_recurs_does_not_wait_for_an_empty_queue))
