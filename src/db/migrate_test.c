/* Migrations: the one text, the records, failures, two servers at once, and those of this program. */
#include "db_test.h"
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "db/driver.h"

static void text_for(const char *text, const char *sqlite, const char *postgresql)
{
    struct arena a;
    arena_init(&a, 1024 * 1024);
    if (sqlite)
        assert_string_equal(migrate_text(&a, DB_SQLITE, text), sqlite);
    if (postgresql)
        assert_string_equal(migrate_text(&a, DB_POSTGRESQL, text), postgresql);
    else
        assert_null(migrate_text(&a, DB_POSTGRESQL, text));
    arena_free(&a);
}

static void types_are_replaced_where_they_are_types(void **state)
{
    (void)state;
    text_for("CREATE TABLE t (text TEXT, \"blob\" BLOB, n integer NOT NULL) STRICT;", "CREATE TABLE t (text TEXT, \"blob\" BLOB, n integer NOT NULL) STRICT;",
             "CREATE TABLE t (text TEXT COLLATE \"C\", \"blob\" BYTEA, n BIGINT NOT NULL) ;");
    text_for("create table t (a TEXT CHECK (a <> CAST(1 AS TEXT))) STRICT, WITHOUT ROWID; SELECT integer, TEXT FROM strict;", NULL,
             "create table t (a TEXT COLLATE \"C\" CHECK (a <> CAST(1 AS TEXT)))   ; SELECT integer, TEXT FROM strict;");
    text_for("ALTER TABLE t ADD COLUMN x INTEGER; ALTER TABLE t ADD y BLOB;", NULL, "ALTER TABLE t ADD COLUMN x BIGINT; ALTER TABLE t ADD y BYTEA;");
    text_for("INSERT INTO t (a, b) VALUES ('x TEXT; -- {{', 1); /* it's */ CREATE INDEX i ON t (a);", NULL,
             "INSERT INTO t (a, b) VALUES ('x TEXT; -- {{', 1); \n CREATE INDEX i ON t (a);");
    text_for("{{sqlite: a TEXT;}}{{postgresql: b TEXT;}} -- don't", " a TEXT; \n", " b TEXT; \n");
}

static void what_does_not_end_is_refused(void **state)
{
    (void)state;
    text_for("SELECT 'x", NULL, NULL);
    text_for("/* x", NULL, NULL);
    text_for("{{sqlite: x", NULL, NULL);
    text_for("{{mysql: x}}", NULL, NULL);
}

static void second_time_does_nothing(void **state)
{
    struct world *w = world_of(state);
    int64_t applied = -1;
    FINE(db_migrate(w->db, &w->arena, test_migrations, 5, &applied));
    assert_int_equal(applied, 0);
}

static void changed_text_is_refused(void **state)
{
    struct world *w = world_of(state);
    struct migration changed[] = { test_migrations[0], { "0002_refuse", "SELECT 1;" }, { "0003_new", "CREATE TABLE new (id INTEGER) STRICT;" }, { 0 } };
    FAILED(db_migrate(w->db, &w->arena, changed, 5, NULL), ERR_INTERNAL);
    assert_false(db_in_transaction(w->db));
    struct migration older[] = { test_migrations[0], { 0 } };
    FAILED(db_migrate(w->db, &w->arena, older, 5, NULL), ERR_INTERNAL);
}

static void failed_migration_leaves_nothing(void **state)
{
    struct world *w = world_of(state);
    int64_t applied = -1;
    struct migration list[] = { test_migrations[0], test_migrations[1], { "0003_good", "CREATE TABLE good (id INTEGER) STRICT;" },
                                { "0004_bad", "CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);" }, { 0 } };
    struct err *e = db_migrate(w->db, &w->arena, list, 5, NULL);
    FAILED(e, ERR_INTERNAL);
    assert_true(text_starts(e->detail, "0004_bad"));
    list[3].text = "CREATE TABLE half (id INTEGER, good_id INTEGER) STRICT;";   /* mended: it was never recorded */
    FINE(db_migrate(w->db, &w->arena, list, 5, &applied));
    assert_int_equal(applied, 1);
}

struct server { pthread_t thread; struct db *db; struct arena arena; const struct migration *list; int64_t applied; const char *why; };

static void *migrate_in_thread(void *data)
{
    struct server *server = data;
    struct err *e = db_migrate(server->db, &server->arena, server->list, 5, &server->applied);
    server->why = e ? e->detail : NULL;
    return NULL;
}

static void two_servers_migrate_once(void **state)
{
    struct world *w = world_of(state);
    static const struct migration list[] = {
        { "0001_item", NULL }, { "0002_refuse", NULL }, { "0003_a", "CREATE TABLE a (id INTEGER) STRICT;" }, { "0004_b", "CREATE TABLE b (id INTEGER) STRICT;" },
        { "0005_c", "CREATE TABLE c (id INTEGER) STRICT;" }, { 0 } };
    struct migration whole[6];
    memcpy(whole, list, sizeof whole);
    whole[0] = test_migrations[0];
    whole[1] = test_migrations[1];
    struct server servers[2] = { { .db = w->db, .list = whole }, { .db = w->other, .list = whole } };
    for (int i = 0; i < 2; i++) {
        arena_init(&servers[i].arena, 4 * 1024 * 1024);
        pthread_create(&servers[i].thread, NULL, migrate_in_thread, &servers[i]);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(servers[i].thread, NULL);
        if (servers[i].why)
            fail_msg("%s", servers[i].why);
    }
    assert_int_equal(servers[0].applied + servers[1].applied, 3);
    arena_free(&servers[0].arena);
    arena_free(&servers[1].arena);
}

static const char *file_read(struct arena *a, const char *path)
{
    AUTO(file) FILE *f = fopen(path, "re");
    assert_non_null(f);
    char *text = arena_alloc(a, 1024 * 1024);
    size_t len = fread(text, 1, 1024 * 1024 - 1, f);
    assert_true(len > 0 && len < 1024 * 1024 - 1);
    return text;
}

/* A second schema within the first is not to be had: the tests' own tables bear other names. */
static void those_of_this_program_apply(void **state)
{
    struct world *w = world_of(state);
    glob_t files;
    int64_t applied = 0;
    assert_int_equal(glob(MIGRATIONS "/*.sql", 0, NULL, &files), 0);
    struct migration *list = ARENA_ARRAY(&w->arena, struct migration, files.gl_pathc + 3);
    list[0] = test_migrations[0];
    list[1] = test_migrations[1];
    for (size_t i = 0; i < files.gl_pathc; i++)
        list[i + 2] = (struct migration){ strrchr(files.gl_pathv[i], '/') + 1, file_read(&w->arena, files.gl_pathv[i]) };
    FINE(db_migrate(w->db, &w->arena, list, 5, &applied));
    assert_int_equal(applied, files.gl_pathc);
    globfree(&files);
}

const struct CMUnitTest migrate_tests[] = {
    cmocka_unit_test(types_are_replaced_where_they_are_types), cmocka_unit_test(what_does_not_end_is_refused),
    BOTH(second_time_does_nothing), BOTH(changed_text_is_refused), BOTH(failed_migration_leaves_nothing),
    BOTH(two_servers_migrate_once), BOTH(those_of_this_program_apply),
};
const size_t migrate_test_count = sizeof migrate_tests / sizeof *migrate_tests;
