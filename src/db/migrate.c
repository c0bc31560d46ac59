/* Migrations: each text in one transaction together with its record. The transaction holds a lock that any other
   server that migrates wants as well, and looks at the records once more under it. */
#include <string.h>
#include "base/secret.h"
#include "base/text.h"
#include "db/driver.h"
#include "migration_sql.h"

static const char migration_table[] =
    "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;";

/* SQLite's write transaction is the lock. A migration may take its time, and wait for one that does. */
static const char lock_postgresql[] =
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min'; SELECT pg_advisory_xact_lock(7311845262);";

static const char *hash_of(struct arena *a, const struct migration *m)
{
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, m->text, strlen(m->text));
    return text_hex(a, hash, sizeof hash);
}

static const struct migration *migration_find(const struct migration *list, const char *name)
{
    for (; list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

static bool is_recorded(const struct doc *records, const char *name)
{
    for (size_t i = 0; i < doc_count(records); i++)
        if (strcmp(doc_text_of(doc_at(records, i), "name"), name) == 0)
            return true;
    return false;
}

/* What the database has had must be what this program knows. */
static struct err *records_check(struct arena *a, const struct doc *records, const struct migration *list)
{
    for (size_t i = 0; i < doc_count(records); i++) {
        const char *name = doc_text_of(doc_at(records, i), "name");
        const struct migration *m = migration_find(list, name);
        if (!m)
            return ERR(a, ERR_INTERNAL, "the database had the migration %s, which this program does not know: it is older than its data", name);
        if (!text_same(hash_of(a, m), doc_text_of(doc_at(records, i), "hash")))
            return ERR(a, ERR_INTERNAL, "the migration %s was applied, and its text has changed since", name);
    }
    return NULL;
}

static struct err *text_run(struct db *db, struct arena *a, const char *name, const char *text)
{
    const char *sql = migrate_text(a, store_kind(db->store), text);
    if (!sql)
        return ERR(a, ERR_INTERNAL, "%s: a block, a quote or a comment does not end", name);
    struct err *e = db_exec(db, a, sql);
    if (e)
        e->detail = arena_printf(a, "%s: %s", name, e->detail);
    return e;
}

static struct err *records_lock(struct db *db, struct arena *a, const struct migration *list, struct doc **ret_records)
{
    if (store_kind(db->store) == DB_POSTGRESQL)
        TRY(db_exec(db, a, lock_postgresql));
    TRY(text_run(db, a, "the table of migrations", migration_table));
    TRY(db_rows(db, a, &sql_migration_all, PARAMS(), ret_records));
    return records_check(a, *ret_records, list);
}

/* Within a transaction: the next one that is not recorded. NULL where none is left. */
static struct err *next_apply(struct db *db, struct arena *a, const struct migration *list, int64_t now_ms, bool *ret_is_applied)
{
    struct doc *records = NULL;
    TRY(records_lock(db, a, list, &records));
    while (list->name && is_recorded(records, list->name))
        list++;
    *ret_is_applied = list->name != NULL;
    if (!list->name)
        return NULL;
    TRY(text_run(db, a, list->name, list->text));
    return db_run(db, a, &sql_migration_add,
                  PARAMS(P_TEXT("name", list->name), P_TEXT("hash", hash_of(a, list)), P_INT("now", now_ms)), NULL);
}

/* A table that is made anew in SQLite is dropped in between: what refers to it is looked at once the migration is through. */
static struct err *references_check(struct db *db, struct arena *a)
{
    struct doc *row = NULL;
    TRY(db_row(db, a, &sql_migration_stray, PARAMS(), &row));
    return doc_int_of(row, "strays") ? ERR(a, ERR_INTERNAL, "the migration leaves rows that refer to nothing") : NULL;
}

static struct err *references_hold(struct db *db, struct arena *a, bool is_on)
{
    if (store_kind(db->store) == DB_POSTGRESQL)
        return NULL;
    return db->driver->exec(db, a, is_on ? "PRAGMA foreign_keys=ON" : "PRAGMA foreign_keys=OFF");   /* has no effect inside a transaction */
}

static struct err *next_migrate(struct db *db, struct arena *a, const struct migration *list, int64_t now_ms, bool *ret_is_applied)
{
    TRY(db_begin(db, a, DB_WRITE));
    struct err *e = next_apply(db, a, list, now_ms, ret_is_applied);
    if (!e && *ret_is_applied)
        e = references_check(db, a);
    if (!e)
        return db_commit(db, a);
    db_rollback(db);
    return e;
}

struct err *db_migrate(struct db *db, struct arena *a, const struct migration *list, int64_t now_ms, int64_t *ret_applied)
{
    bool is_applied = true;
    TRY(references_hold(db, a, false));
    struct err *e = NULL;
    for (int64_t count = 0; is_applied && !e; count += is_applied) {
        e = next_migrate(db, a, list, now_ms, &is_applied);
        if (!e && ret_applied)
            *ret_applied = count + is_applied;
    }
    struct err *held = references_hold(db, a, true);
    return e ? e : held;
}
