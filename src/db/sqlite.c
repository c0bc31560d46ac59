/* The driver for SQLite: connections and statements. Connections are used by one thread at a time (no mutex of the library's
   own). Transactions, and who writes when, are in sqlite_write.c. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "db/sqlite_inside.h"

enum { BUSY_WAIT_MS = 5000, PLAN_CEILING = 64 * 1024, TEXT_ROOM_MOST = 512 };

static const char settings[] =
    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; PRAGMA journal_size_limit=67108864;"
    "PRAGMA recursive_triggers=ON; PRAGMA wal_autocheckpoint=4000;";      /* 16 MB: a page that many acts change is written back once for all of them */

/* ---- errors ---- */

enum err_code sqlite_code(int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_TRIGGER:     /* RAISE(ABORT, …) of ours */
        return ERR_CONFLICT;
    }
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
        return ERR_BUSY;
    }
    return ERR_INTERNAL;
}

struct err *sqlite_fault(struct db *db, struct arena *a, int rc, const char *where, const char *what)
{
    struct sqlite *own = db->own;
    return err_new(a, sqlite_code(rc), where, "%s: %s (%d)", what, sqlite3_errmsg(own->connection), rc);
}

int sqlite_step_once(sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- a connection ---- */

static void library_init(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);    /* a connection is one thread's at a time */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);   /* counting its memory takes a lock that all threads share */
}

static struct err *prepare(struct db *db, struct arena *a, const char *sql, sqlite3_stmt **ret_stmt)
{
    struct sqlite *own = db->own;
    int rc = sqlite3_prepare_v3(own->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, ret_stmt, NULL);
    return rc == SQLITE_OK ? NULL : SQLITE_FAULT(db, a, rc, sql);
}

static struct err *connection_set_up(struct db *db, struct arena *a)
{
    struct sqlite *own = db->own;
    sqlite3 *connection = own->connection;
    sqlite3_busy_timeout(connection, BUSY_WAIT_MS);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, NULL);   /* "x" is a name, never a text */
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    int rc = sqlite3_exec(connection, "PRAGMA journal_mode=WAL;", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(connection, settings, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return SQLITE_FAULT(db, a, rc, db->store->address);
    TRY(prepare(db, a, "BEGIN DEFERRED", &own->begin[DB_READ]));
    TRY(prepare(db, a, "BEGIN IMMEDIATE", &own->begin[DB_WRITE]));
    TRY(prepare(db, a, "SAVEPOINT act", &own->savepoint));
    TRY(prepare(db, a, "RELEASE act", &own->release));
    return prepare(db, a, "COMMIT", &own->commit);
}

struct err *connection_open(struct db *db, struct arena *a)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_init);
    if (!db->own)
        db->own = ARENA_NEW(&db->memory, struct sqlite);
    struct sqlite *own = db->own;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(db->store->address, &own->connection, flags, NULL);
    return rc == SQLITE_OK ? connection_set_up(db, a) : SQLITE_FAULT(db, a, rc, db->store->address);
}

void connection_close(struct db *db)
{
    struct sqlite *own = db->own;
    for (unsigned i = 0; i < db->statement_size; i++)
        if (db->statements[i])
            sqlite3_finalize(db->statements[i]->own);
    enum { ALWAYS = 5 };
    sqlite3_stmt *const always[ALWAYS] = { own->begin[DB_READ], own->begin[DB_WRITE], own->savepoint, own->release, own->commit };
    for (int i = 0; i < ALWAYS; i++)
        sqlite3_finalize(always[i]);
    int rc = sqlite3_close(own->connection);
    assert(rc == SQLITE_OK);
    (void)rc;
}

/* ---- statements ---- */

static const char *column_name(void *handle, int index)
{
    return sqlite3_column_name(handle, index);
}

static struct err *statement_prepare(struct db *db, struct arena *a, struct statement *st)
{
    if (st->own)
        return NULL;
    struct sqlite *own = db->own;
    const struct query *q = st->query;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v3(own->connection, st->text->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (rc != SQLITE_OK)
        return sqlite_fault(db, a, rc, q->file, q->name);
    if (!q->is_write && !sqlite3_stmt_readonly(stmt)) {
        sqlite3_finalize(stmt);
        return err_new(a, ERR_INTERNAL, q->file, "%s writes, and is marked read", q->name);
    }
    statement_columns(db, st, sqlite3_column_count(stmt), column_name, stmt);
    st->own = stmt;
    return NULL;
}

/* Texts are not copied: they live in the caller's arena until the statement is reset. */
static int bind_one(sqlite3_stmt *stmt, int slot, const struct param *p)
{
    switch (p->kind) {
    case PARAM_INT:
        return sqlite3_bind_int64(stmt, slot, p->number);
    case PARAM_TEXT:
        return sqlite3_bind_text64(stmt, slot, p->data, p->len, SQLITE_STATIC, SQLITE_UTF8);
    case PARAM_BYTES:
        return sqlite3_bind_blob64(stmt, slot, p->len ? p->data : "", p->len, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(stmt, slot);
    }
}

static int bind_all(sqlite3_stmt *stmt, const struct values *values)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < values->count && rc == SQLITE_OK; i++)
        rc = bind_one(stmt, i + 1, values->slot[i]);
    return rc;
}

/* False for what no column of ours may hold. A NULL is there already. */
static bool value_read(struct arena *a, sqlite3_value *value, size_t at, bool is_flag, struct doc *row)
{
    const char *text;
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        if (is_flag)
            doc_put_bool(row, at, sqlite3_value_int64(value) != 0);
        else
            doc_put_int(row, at, sqlite3_value_int64(value));
        return true;
    case SQLITE_TEXT:
        text = (const char *)sqlite3_value_text(value);
        doc_put_text(row, at, text, (size_t)sqlite3_value_bytes(value));
        return true;
    case SQLITE_BLOB: {
        const void *data = sqlite3_value_blob(value);
        text = text_base64url(a, data, (size_t)sqlite3_value_bytes(value));
        doc_put_text(row, at, text, strlen(text));
        return true;
    }
    case SQLITE_NULL:
        return true;
    }
    return false;
}

/* A column is asked for once, as a value, and what is asked of that takes no lock and no check of the statement: half of what columns one by one cost.
   The connection has no mutex, so that values are protected as they are. */
static struct err *row_read(struct arena *a, struct statement *st, struct doc *list)
{
    struct doc *row = doc_record(a, st->columns, st->text_bytes);
    for (size_t i = 0; i < st->columns->count; i++)
        if (!value_read(a, sqlite3_column_value(st->own, (int)i), i, st->is_flag[i], row))
            return err_new(a, ERR_INTERNAL, st->query->file, "%s: column %s is not an integer", st->query->name, st->columns->names[i]);
    st->text_bytes = doc_record_text_bytes(row, TEXT_ROOM_MOST);
    doc_push(list, row);
    return NULL;
}

/* To the end even where one row is wanted: what is written must be whole, and a second row is looked for by nobody else. */
static struct err *rows_read(struct db *db, struct arena *a, struct statement *st, struct result *result)
{
    sqlite3_stmt *stmt = st->own;
    int64_t count = 0;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (result->list && (!result->is_one || count == 0))
            TRY(row_read(a, st, result->list));
        count++;
        if (result->is_one && !st->query->is_write)
            return NULL;
    }
    if (rc != SQLITE_DONE)
        return sqlite_fault(db, a, rc, st->query->file, st->query->name);
    struct sqlite *own = db->own;
    result->changed = sqlite3_stmt_readonly(stmt) ? 0 : sqlite3_changes64(own->connection);
    return NULL;
}

static struct err *sqlite_run(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct result *result)
{
    TRY(statement_prepare(db, a, st));
    int rc = bind_all(st->own, values);
    struct err *e = rc == SQLITE_OK ? rows_read(db, a, st, result) : sqlite_fault(db, a, rc, st->query->file, st->query->name);
    sqlite3_reset(st->own);
    return e;
}

static struct err *sqlite_exec(struct db *db, struct arena *a, const char *sql)
{
    struct sqlite *own = db->own;
    int rc = sqlite3_exec(own->connection, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? NULL : SQLITE_FAULT(db, a, rc, "a text of several statements");
}

/* ---- explain ---- */

enum { STEPS_A_ROW = 4 };               /* of the machine, for a row that is looked at and passed over */

/* The rows of a text's EXPLAIN; joined is NULL where only their number is wanted. */
static struct err *explain_rows(struct db *db, struct arena *a, const char *sql, struct buf *joined, int64_t *ret_count)
{
    sqlite3_stmt *stmt = NULL;
    *ret_count = 0;
    TRY(prepare(db, a, sql, &stmt));
    for (; sqlite3_step(stmt) == SQLITE_ROW; ++*ret_count)
        if (joined)
            buf_printf(joined, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
    sqlite3_finalize(stmt);
    return NULL;
}

/* Debian's library does not count the rows of each loop. It counts what goes through a whole table, and the steps of
   its machine. A row that is given back, or changed, takes at most each instruction once (and the start and the end
   together once more); what is above that was spent on rows that were looked at and passed over. So this is exact for a
   scan of a table and an estimate for a range of an index, too low rather than too high. */
static int64_t rows_visited(sqlite3_stmt *stmt, int64_t instructions, int64_t used)
{
    int64_t above = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 0) - instructions * (used + 1);
    int64_t passed = above > 0 ? above / STEPS_A_ROW : 0;
    int64_t scanned = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    return used + (scanned > passed ? scanned : passed);
}

static struct err *explain_run(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct result *result)
{
    TRY(statement_prepare(db, a, st));
    TRY(sqlite_exec(db, a, "SAVEPOINT explain_this"));
    sqlite3_stmt_status(st->own, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_stmt_status(st->own, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    TRY(sqlite_run(db, a, st, values, result));
    return sqlite_exec(db, a, "ROLLBACK TO explain_this; RELEASE explain_this");
}

static struct err *sqlite_explain(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct doc *ret_plan)
{
    struct result result = { .list = doc_list(a) };
    struct buf text;
    int64_t instructions = 0, lines = 0;
    buf_init(&text, a, PLAN_CEILING);
    TRY(explain_run(db, a, st, values, &result));
    TRY(explain_rows(db, a, arena_printf(a, "EXPLAIN %s", st->text->sql), NULL, &instructions));
    TRY(explain_rows(db, a, arena_printf(a, "EXPLAIN QUERY PLAN %s", st->text->sql), &text, &lines));
    int64_t returned = (int64_t)doc_count(result.list);
    int64_t used = returned > result.changed ? returned : result.changed;
    doc_set_int(ret_plan, "rows_returned", returned);
    doc_set_int(ret_plan, "rows_visited", rows_visited(st->own, instructions, used));
    doc_set_int(ret_plan, "vm_steps", sqlite3_stmt_status(st->own, SQLITE_STMTSTATUS_VM_STEP, 0));
    doc_set_text(ret_plan, "plan", buf_end(&text));
    return NULL;
}

/* ---- a copy ---- */

static struct err *file_sync(struct arena *a, const char *path)
{
    AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return ERR(a, ERR_BUSY, "%s: %s", path, strerror(errno));
    return NULL;
}

static struct err *sqlite_copy(struct db *db, struct arena *a, const char *path)
{
    sqlite3_stmt *stmt = NULL;
    TRY(prepare(db, a, "VACUUM INTO ?1", &stmt));
    int rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite_step_once(stmt);
    struct err *e = rc == SQLITE_OK ? NULL : SQLITE_FAULT(db, a, rc, path);
    sqlite3_finalize(stmt);
    return e ? e : file_sync(a, path);
}

const struct driver sqlite_driver = {
    .open = sqlite_open, .close = sqlite_close, .begin = sqlite_begin, .commit = sqlite_commit, .rollback = sqlite_rollback,
    .run = sqlite_run, .explain = sqlite_explain, .exec = sqlite_exec, .copy = sqlite_copy,
};
