/* Acts that wait for each other are committed together on SQLite (docs/decisions/0013-group-commit.md): fewer syncs than acts, each act
   stands or falls by itself, and a commit that fails is nobody's success. On PostgreSQL the same acts run beside each other: the same outcomes. */
#include "db_test.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "db/driver.h"

enum { ACTS = 5, ITEMS = 100 };

/* Instead of the library's: SQLite calls this one. */
static atomic_int syncs;
static atomic_bool is_broken;

int fdatasync(int fd)
{
    syncs++;
    if (is_broken) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

struct act {
    struct db *db;
    struct arena arena;
    pthread_t thread;
    enum db_mode mode;
    int64_t id;                 /* of the item it adds; 0: one below nothing, so it fails; -1: a part of no item, so its commit fails */
    struct err *error;
    atomic_bool is_over;
    sem_t *until;               /* holds the turn so long */
};

static struct err *item_add(struct act *t, int64_t id)
{
    const char *name = arena_printf(&t->arena, "item %lld", (long long)id);
    TRY(db_run(t->db, &t->arena, &sql_item_add_once, PARAMS(P_INT("org", 1), P_INT("id", id), P_TEXT("name", name), P_INT("now", 1)), NULL));
    return db_run(t->db, &t->arena, &sql_counter_step, PARAMS(P_ID("id", 1)), NULL);
}

static struct err *act_steps(struct act *t)
{
    TRY(item_add(t, t->id > 0 ? t->id : ITEMS - t->id));
    if (t->until)
        sem_wait(t->until);
    if (t->id < 0)
        return db_run(t->db, &t->arena, &sql_part_add, PARAMS(P_INT("org", 1), P_INT("id", 1), P_INT("item", 999)), NULL);
    if (t->id > 0)
        return NULL;
    return db_run(t->db, &t->arena, &sql_item_add, PARAMS(P_INT("org", 1), P_INT("id", 2 * ITEMS), P_TEXT("name", "below nothing"), P_NULL("note"), P_INT("price_cents", -1),
        P_NULL("data"), P_INT("is_open", 1), P_INT("has_files", 0), P_INT("now", 1)), NULL);
}

static struct err *act_run(struct act *t)
{
    TRY(db_begin(t->db, &t->arena, t->mode));
    struct err *e = act_steps(t);
    if (!e)
        return db_commit(t->db, &t->arena);
    db_rollback(t->db);
    return e;
}

static void *act_main(void *arg)
{
    struct act *t = arg;
    t->error = act_run(t);
    t->is_over = true;
    return NULL;
}

static bool has_writer(struct world *w)
{
    pthread_mutex_lock(&w->store->lock);
    bool has = w->store->has_writer;
    pthread_mutex_unlock(&w->store->lock);
    return has;
}

/* Until so many writers wait for their turn (on PostgreSQL none does: a moment). */
static void wait_for(struct world *w, int waiting)
{
    for (int i = 0; i < 2000 && store_kind(w->store) == DB_SQLITE; i++) {
        pthread_mutex_lock(&w->store->lock);
        bool is_so = w->store->waiting == waiting;
        pthread_mutex_unlock(&w->store->lock);
        if (is_so)
            return;
        usleep(1000);
    }
    if (store_kind(w->store) == DB_SQLITE)
        fail_msg("%d writers were to wait", waiting);
    usleep(20000);
}

/* Before anybody has the turn, for a new connection waits for it. */
static void acts_open(struct world *w, struct act *acts, int count)
{
    for (int i = 0; i < count; i++) {
        arena_init(&acts[i].arena, 1024 * 1024);
        FINE(db_open(w->store, &w->arena, &acts[i].db));
    }
}

static void acts_start(struct act *acts, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(pthread_create(&acts[i].thread, NULL, act_main, &acts[i]), 0);
}

static void acts_end(struct act *acts, int count)
{
    for (int i = 0; i < count; i++) {
        pthread_join(acts[i].thread, NULL);
        db_close(acts[i].db);
    }
}

static void acts_free(struct act *acts, int count)
{
    for (int i = 0; i < count; i++)
        arena_free(&acts[i].arena);
}

/* Of this connection, as anybody sees it. */
static int64_t items(struct world *w)
{
    struct doc *sums = NULL;
    FINE(db_begin(w->other, &w->arena, DB_READ));
    FINE(db_row(w->other, &w->arena, &sql_item_sums, PARAMS(P_INT("org", 1)), &sums));
    db_rollback(w->other);
    return doc_int_of(sums, "count");
}

static int64_t counted(struct world *w)
{
    struct doc *row = NULL;
    FINE(db_begin(w->other, &w->arena, DB_READ));
    FINE(db_row(w->other, &w->arena, &sql_counter_get, PARAMS(P_ID("id", 1)), &row));
    db_rollback(w->other);
    return doc_int_of(row, "count");
}

/* The first holds the turn until all others wait for theirs, so all are one group; it is the last of the list. PostgreSQL takes no turns: there the
   first has the counter's row. */
static void group_run(struct world *w, struct act *acts, int count)
{
    sem_t until;
    sem_init(&until, 0, 0);
    acts[count] = (struct act){ .mode = DB_ACT, .id = ITEMS - 1, .until = &until };
    acts_open(w, acts, count + 1);
    acts_start(&acts[count], 1);
    for (int i = 0; i < 2000 && !(store_kind(w->store) == DB_POSTGRESQL ? i > 50 : has_writer(w)); i++)
        usleep(1000);
    acts_start(acts, count);
    wait_for(w, count);
    assert_int_equal(items(w), 0);
    syncs = 0;
    w->store->group_at_us += 1000000;   /* this machine may be slow: the group is not too old to be joined */
    sem_post(&until);
    acts_end(acts, count + 1);
    sem_destroy(&until);
}

static void acts_that_wait_share_one_sync(void **state)
{
    struct world *w = world_of(state);
    struct act acts[ACTS + 1] = { 0 };
    for (int i = 0; i < ACTS; i++)
        acts[i] = (struct act){ .mode = DB_ACT, .id = i + 1 };
    group_run(w, acts, ACTS);
    for (int i = 0; i <= ACTS; i++)
        FINE(acts[i].error);
    assert_int_equal(items(w), ACTS + 1);
    assert_int_equal(counted(w), ACTS + 1);
    if (store_kind(w->store) == DB_SQLITE)
        assert_int_equal(syncs, 1);
    acts_free(acts, ACTS + 1);
}

/* One is refused in its middle, one at its commit: what they did is undone, what the others did is kept. */
static void one_that_fails_fails_alone(void **state)
{
    struct world *w = world_of(state);
    struct act acts[ACTS + 1] = { 0 };
    for (int i = 0; i < ACTS; i++)
        acts[i] = (struct act){ .mode = DB_ACT, .id = i + 1 };
    acts[1].id = 0;
    acts[3].id = -1;
    group_run(w, acts, ACTS);
    for (int i = 0; i <= ACTS; i++)
        if (i == 1 || i == 3)
            FAILED(acts[i].error, ERR_CONFLICT);
        else
            FINE(acts[i].error);
    assert_int_equal(items(w), ACTS - 1);
    assert_int_equal(counted(w), ACTS - 1);
    if (store_kind(w->store) == DB_SQLITE)
        assert_int_equal(syncs, 1);
    acts_free(acts, ACTS + 1);
}

/* Nobody is told that it was done, nothing of it is there, and afterwards it goes on. */
static void a_commit_that_fails_fails_all(void **state)
{
    struct world *w = world_of(state);
    struct act acts[ACTS + 1] = { 0 };
    if (store_kind(w->store) == DB_POSTGRESQL)
        return;
    for (int i = 0; i < ACTS; i++)
        acts[i] = (struct act){ .mode = DB_ACT, .id = i + 1 };
    is_broken = true;
    group_run(w, acts, ACTS);
    is_broken = false;
    for (int i = 0; i <= ACTS; i++)
        FAILED(acts[i].error, ERR_BUSY);
    assert_int_equal(items(w), 0);
    acts_free(acts, ACTS + 1);
    struct act again[1] = { { .mode = DB_ACT, .id = 1 } };
    acts_open(w, again, 1);
    acts_start(again, 1);
    acts_end(again, 1);
    FINE(again[0].error);
    assert_int_equal(items(w), 1);
    acts_free(again, 1);
}

/* A transaction that may take long does not join: who is done is told before it ends. */
static void one_that_is_alone_keeps_nobody_waiting(void **state)
{
    struct world *w = world_of(state);
    struct act acts[3] = { { .mode = DB_ACT, .id = 1 } };
    sem_t first, alone;
    if (store_kind(w->store) == DB_POSTGRESQL)
        return;
    sem_init(&first, 0, 0);
    sem_init(&alone, 0, 0);
    acts[0].until = &first;
    acts[1] = (struct act){ .mode = DB_WRITE, .id = 2, .until = &alone };
    acts_open(w, acts, 2);
    acts_start(acts, 1);
    for (int i = 0; i < 2000 && !has_writer(w); i++)
        usleep(1000);
    acts_start(&acts[1], 1);
    wait_for(w, 1);
    sem_post(&first);
    for (int i = 0; i < 5000 && !acts[0].is_over; i++)
        usleep(1000);
    assert_true(acts[0].is_over);
    assert_false(acts[1].is_over);
    assert_int_equal(items(w), 1);
    sem_post(&alone);
    acts_end(acts, 2);
    FINE(acts[0].error);
    FINE(acts[1].error);
    assert_int_equal(items(w), 2);
    acts_free(acts, 2);
    sem_destroy(&first);
    sem_destroy(&alone);
}

/* Without pause, some failing, some alone: nothing is lost and nobody waits for ever. */
enum { HANDS = 6, TURNS = 40 };

struct hand { struct act act; int number, done; };

static void *hand_main(void *arg)
{
    struct hand *h = arg;
    for (int i = 0; i < TURNS; i++) {
        int64_t fails = (h->number + i) % 7 == 0 ? 0 : 1;
        h->act.id = fails ? 1000 + h->number * TURNS + i : 0;
        h->act.mode = (h->number + i) % 5 ? DB_ACT : DB_WRITE;
        struct err *e = act_run(&h->act);
        h->done += !e;
        if (!e != (fails != 0))
            return h;
        arena_reset(&h->act.arena);
    }
    return NULL;
}

static void many_at_once_lose_nothing(void **state)
{
    struct world *w = world_of(state);
    struct hand hands[HANDS] = { 0 };
    int64_t done = 0;
    syncs = 0;
    for (int i = 0; i < HANDS; i++) {
        hands[i].number = i;
        arena_init(&hands[i].act.arena, 1024 * 1024);
        FINE(db_open(w->store, &w->arena, &hands[i].act.db));
    }
    for (int i = 0; i < HANDS; i++)
        assert_int_equal(pthread_create(&hands[i].act.thread, NULL, hand_main, &hands[i]), 0);
    for (int i = 0; i < HANDS; i++) {
        void *wrong = NULL;
        pthread_join(hands[i].act.thread, &wrong);
        assert_null(wrong);
        done += hands[i].done;
        db_close(hands[i].act.db);
        arena_free(&hands[i].act.arena);
    }
    assert_int_equal(counted(w), done);
    assert_int_equal(items(w), done);
    if (store_kind(w->store) == DB_SQLITE)
        print_message("%d acts, %d syncs\n", (int)done, (int)syncs);
}

const struct CMUnitTest group_tests[] = {
    BOTH(acts_that_wait_share_one_sync), BOTH(one_that_fails_fails_alone), BOTH(a_commit_that_fails_fails_all),
    BOTH(one_that_is_alone_keeps_nobody_waiting), BOTH(many_at_once_lose_nothing),
};
const size_t group_test_count = sizeof group_tests / sizeof *group_tests;
