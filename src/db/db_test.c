/* The frame of the tests; the tests themselves are in query_test.c, transaction_test.c and migrate_test.c. */
#include "db_test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/secret.h"
#include "db/driver.h"

const struct migration test_migrations[] = {
    { "0001_item",
      "-- What isn't SQL: it's left out.\n"
      "CREATE TABLE item (org_id INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, note TEXT,\n"
      "  price_cents INTEGER CHECK (price_cents >= 0), data BLOB, is_open INTEGER NOT NULL DEFAULT 1, has_files INTEGER,\n"
      "  changed_at INTEGER NOT NULL, PRIMARY KEY (org_id, id)) STRICT, WITHOUT ROWID;\n"
      "CREATE UNIQUE INDEX item_name ON item (org_id, name);\n"
      "CREATE INDEX item_changed ON item (org_id, changed_at, id);\n"
      "CREATE TABLE part (org_id INTEGER NOT NULL, id INTEGER NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (org_id, id),\n"
      "  FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id) DEFERRABLE INITIALLY DEFERRED) STRICT;\n"
      "CREATE TABLE counter (id INTEGER NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT;\n"
      "INSERT INTO counter (id, count) VALUES (1, 0);\n" },
    { "0002_refuse",
      "{{sqlite: CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'never'); END;}}"
      "{{postgresql: CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;"
      "CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter FOR EACH ROW EXECUTE FUNCTION refuse();}}" },
    { 0 },
};

void fine(const struct err *e, const char *where)
{
    if (e)
        fail_msg("%s: %d %s (%s)", where, e->code, e->detail, e->where);
}

void failed(const struct err *e, enum err_code code, const char *where)
{
    if (!e)
        fail_msg("%s: should have failed", where);
    if (e->code != code)
        fail_msg("%s: %d instead of %d: %s (%s)", where, e->code, code, e->detail, e->where);
}

/* In a transaction of its own on a connection of its own. */
static void run_alone(struct arena *a, const char *address, const char *sql)
{
    struct store *store = NULL;
    struct db *db = NULL;
    FINE(store_open(a, address, &store));
    FINE(db_open(store, a, &db));
    FINE(db_begin(db, a, DB_WRITE));
    FINE(db_exec(db, a, sql));
    FINE(db_commit(db, a));
    db_close(db);
    store_close(store);
}

static const char *sqlite_address(struct world *w)
{
    char dir[] = "/tmp/db_test_XXXXXX";
    assert_non_null(mkdtemp(dir));
    w->path = arena_printf(&w->arena, "%s/test.db", dir);
    return w->path;
}

static const char *postgresql_address(struct world *w)
{
    static int count;
    const char *address = getenv("MANDAT_TEST_POSTGRESQL");
    if (!address || !*address) {
        w->why_not = "MANDAT_TEST_POSTGRESQL names no database";
        return NULL;
    }
    w->schema = arena_printf(&w->arena, "db_test_%d_%d", (int)getpid(), count++);
    run_alone(&w->arena, address, arena_printf(&w->arena, "CREATE SCHEMA %s", w->schema));
    return arena_printf(&w->arena, "%s%soptions=-csearch_path%%3D%s", address, strchr(address, '?') ? "&" : "?", w->schema);
}

int world_open(void **state)
{
    struct arena arena;
    arena_init(&arena, 64 * 1024 * 1024);
    struct world *w = ARENA_NEW(&arena, struct world);
    w->arena = arena;
    const char *address = strcmp(*state, "sqlite") == 0 ? sqlite_address(w) : postgresql_address(w);
    *state = w;
    if (!address)
        return 0;
    FINE(store_open(&w->arena, address, &w->store));
    FINE(db_open(w->store, &w->arena, &w->db));
    FINE(db_open(w->store, &w->arena, &w->other));
    FINE(db_migrate(w->db, &w->arena, test_migrations, clock_now_ms(), NULL));
    return 0;
}

int world_close(void **state)
{
    struct world *w = *state;
    db_close(w->db);
    db_close(w->other);
    store_close(w->store);
    if (w->path)
        for (const char *const *end = (const char *const[]){ "", "-wal", "-shm", NULL }; *end; end++)
            unlink(arena_printf(&w->arena, "%s%s", w->path, *end));
    if (w->path)
        rmdir(arena_printf(&w->arena, "%.*s", (int)(strlen(w->path) - strlen("/test.db")), w->path));
    if (w->schema)
        run_alone(&w->arena, getenv("MANDAT_TEST_POSTGRESQL"), arena_printf(&w->arena, "DROP SCHEMA %s CASCADE", w->schema));
    struct arena arena = w->arena;
    arena_free(&arena);
    return 0;
}

struct world *world_of(void **state)
{
    struct world *w = *state;
    if (w->why_not) {
        print_message("skipped: %s\n", w->why_not);
        skip();
    }
    return w;
}

int main(void)
{
    secret_init();
    int count = _cmocka_run_group_tests("db: queries", query_tests, query_test_count, NULL, NULL);
    count += _cmocka_run_group_tests("db: transactions", transaction_tests, transaction_test_count, NULL, NULL);
    count += _cmocka_run_group_tests("db: acts committed together", group_tests, group_test_count, NULL, NULL);
    count += _cmocka_run_group_tests("db: migrations", migrate_tests, migrate_test_count, NULL, NULL);
    return count ? 1 : 0;
}
