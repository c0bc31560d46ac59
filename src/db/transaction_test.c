/* Transactions: what others see, who waits for whom, what is refused, connections that are lost, copies. */
#include "db_test.h"
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"

static int64_t counter(struct db *db, struct arena *a)
{
    struct doc *row = NULL;
    FINE(db_row(db, a, &sql_counter_get, PARAMS(P_ID("id", 1)), &row));
    return doc_int_of(row, "count");
}

static struct err *step(struct db *db, struct arena *a)
{
    return db_run(db, a, &sql_counter_step, PARAMS(P_ID("id", 1)), NULL);
}

static void reading_refuses_writing(void **state)
{
    static const unsigned char no_slots[] = { 255 };
    static const struct query_text text = { "UPDATE counter SET count = 9", no_slots };
    static const char *const none[] = { NULL };
    static const struct query marked_wrongly = { "by_hand", "db_test.c", false, false, none, none, &text, &text };
    struct world *w = world_of(state);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    FAILED(step(w->db, &w->arena), ERR_INTERNAL);
    FAILED(db_run(w->db, &w->arena, &marked_wrongly, PARAMS(), NULL), ERR_INTERNAL);
    db_rollback(w->db);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    assert_int_equal(counter(w->db, &w->arena), 0);
    FINE(db_commit(w->db, &w->arena));
}

static void others_see_what_was_committed_and_no_more(void **state)
{
    struct world *w = world_of(state);
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(step(w->db, &w->arena));
    FINE(db_begin(w->other, &w->arena, DB_READ));      /* reading never waits for writing */
    assert_int_equal(counter(w->other, &w->arena), 0);
    FINE(db_commit(w->db, &w->arena));
    assert_int_equal(counter(w->other, &w->arena), 0); /* a reading transaction sees one state */
    FINE(db_commit(w->other, &w->arena));
    FINE(db_begin(w->other, &w->arena, DB_READ));
    assert_int_equal(counter(w->other, &w->arena), 1);
    FINE(db_commit(w->other, &w->arena));
}

static void rollback_keeps_nothing(void **state)
{
    struct world *w = world_of(state);
    db_rollback(w->db);                                /* nothing begun: fine */
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    assert_true(db_in_transaction(w->db));
    FINE(step(w->db, &w->arena));
    db_rollback(w->db);
    assert_false(db_in_transaction(w->db));
    FINE(db_begin(w->other, &w->arena, DB_WRITE));
    assert_int_equal(counter(w->other, &w->arena), 0);
    FINE(db_commit(w->other, &w->arena));
}

enum { STEPS = 50 };

struct writer { pthread_t thread; struct db *db; struct arena arena; int failures; };

static struct err *step_alone(struct db *db, struct arena *a)
{
    TRY(db_begin(db, a, DB_WRITE));
    struct err *e = step(db, a);
    if (!e)
        return db_commit(db, a);
    db_rollback(db);
    return e;
}

static void *write_often(void *data)
{
    struct writer *writer = data;
    for (int i = 0; i < STEPS; i++)
        writer->failures += step_alone(writer->db, &writer->arena) != NULL;
    return NULL;
}

static void two_writers_lose_nothing(void **state)
{
    struct world *w = world_of(state);
    struct writer writers[2] = { { .db = w->db }, { .db = w->other } };
    for (int i = 0; i < 2; i++) {
        arena_init(&writers[i].arena, 1024 * 1024);
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_often, &writers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(writers[i].thread, NULL);
        assert_int_equal(writers[i].failures, 0);
        arena_free(&writers[i].arena);
    }
    FINE(db_begin(w->db, &w->arena, DB_READ));
    assert_int_equal(counter(w->db, &w->arena), 2 * STEPS);
    FINE(db_commit(w->db, &w->arena));
}

static int64_t backend_pid(struct db *db, struct arena *a)
{
    struct doc *row = NULL;
    FINE(db_begin(db, a, DB_READ));
    FINE(db_row(db, a, &sql_backend_pid, PARAMS(), &row));
    FINE(db_commit(db, a));
    return doc_int_of(row, "pid");
}

static void backend_end(struct world *w, int64_t pid)
{
    struct doc *row = NULL;
    FINE(db_begin(w->other, &w->arena, DB_READ));
    FINE(db_row(w->other, &w->arena, &sql_backend_end, PARAMS(P_INT("pid", pid)), &row));
    assert_int_equal(doc_int_of(row, "ended"), 1);
    FINE(db_commit(w->other, &w->arena));
    usleep(50000);
}

static void lost_connection_comes_back(void **state)
{
    struct world *w = world_of(state);
    if (store_kind(w->store) == DB_SQLITE)
        return;
    backend_end(w, backend_pid(w->db, &w->arena));
    FINE(step_alone(w->db, &w->arena));                /* between transactions: nobody notices */
    int64_t pid = backend_pid(w->db, &w->arena);
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(step(w->db, &w->arena));
    backend_end(w, pid);
    FAILED(step(w->db, &w->arena), ERR_BUSY);          /* within one: try again */
    db_rollback(w->db);
    FINE(step_alone(w->db, &w->arena));                /* the statement is prepared anew */
    FINE(db_begin(w->db, &w->arena, DB_READ));
    assert_int_equal(counter(w->db, &w->arena), 2);
    FINE(db_commit(w->db, &w->arena));
}

static void lost_commit_is_said_to_be_unknown(void **state)
{
    struct world *w = world_of(state);
    if (store_kind(w->store) == DB_SQLITE)
        return;
    int64_t pid = backend_pid(w->db, &w->arena);
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(step(w->db, &w->arena));
    backend_end(w, pid);
    struct err *e = db_commit(w->db, &w->arena);
    FAILED(e, ERR_BUSY);
    assert_true(text_starts(e->detail, "unknown outcome"));
    assert_false(db_in_transaction(w->db));
}

static void copy_is_whole_and_closed(void **state)
{
    struct world *w = world_of(state);
    const char *path = arena_printf(&w->arena, "/tmp/db_copy_%d.db", (int)getpid());
    if (store_kind(w->store) == DB_POSTGRESQL) {
        struct err *e = db_copy(w->db, &w->arena, path);
        FAILED(e, ERR_BAD);
        assert_true(strstr(e->detail, "pg_dump") != NULL);
        return;
    }
    struct store *store = NULL;
    struct db *db = NULL;
    FINE(step_alone(w->db, &w->arena));
    FINE(db_copy(w->other, &w->arena, path));
    FINE(store_open(&w->arena, path, &store));
    FINE(db_open(store, &w->arena, &db));
    FINE(db_begin(db, &w->arena, DB_READ));
    assert_int_equal(counter(db, &w->arena), 1);
    FINE(db_commit(db, &w->arena));
    db_close(db);
    store_close(store);
    assert_non_null(db_copy(w->db, &w->arena, path));   /* never over what is there */
    unlink(path);
}

static void what_cannot_be_opened_is_an_error(void **state)
{
    struct world *w = world_of(state);
    bool is_sqlite = store_kind(w->store) == DB_SQLITE;
    struct store *store = NULL;
    struct db *db = NULL;
    FINE(store_open(&w->arena, is_sqlite ? "/nowhere/test.db" : "postgresql:///x?host=/nowhere", &store));
    FAILED(db_open(store, &w->arena, &db), ERR_BUSY);
    assert_null(db);
    store_close(store);
}

const struct CMUnitTest transaction_tests[] = {
    BOTH(reading_refuses_writing), BOTH(others_see_what_was_committed_and_no_more), BOTH(rollback_keeps_nothing),
    BOTH(two_writers_lose_nothing), BOTH(lost_connection_comes_back), BOTH(lost_commit_is_said_to_be_unknown),
    BOTH(copy_is_whole_and_closed), BOTH(what_cannot_be_opened_is_an_error),
};
const size_t transaction_test_count = sizeof transaction_tests / sizeof *transaction_tests;
