#include "db/db.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/text.h"
#include "db/driver.h"

enum { MEMORY_CEILING = 64 * 1024 * 1024 };   /* of a connection's statements */

struct param param_text(const char *name, const char *text)
{
    if (!text)
        return P_NULL(name);
    return (struct param){ name, PARAM_TEXT, 0, text, strlen(text) };
}

struct param param_id(const char *name, int64_t id)
{
    return id ? P_INT(name, id) : P_NULL(name);
}

/* ---- the store ---- */

static void writer_lock_init(struct store *s)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->writer_left, &attr);
    pthread_cond_init(&s->group_over, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&s->lock, NULL);
}

struct err *store_open(struct arena *a, const char *address, struct store **ret_store)
{
    if (!*address)
        return ERR(a, ERR_INTERNAL, "no address of a database was given");
    struct arena memory;
    arena_init(&memory, MEMORY_CEILING);
    struct store *s = ARENA_NEW(&memory, struct store);
    bool is_postgresql = text_starts(address, "postgresql://") || text_starts(address, "postgres://");
    s->kind = is_postgresql ? DB_POSTGRESQL : DB_SQLITE;
    s->driver = is_postgresql ? &postgresql_driver : &sqlite_driver;
    s->address = arena_text(&memory, address);
    writer_lock_init(s);
    s->memory = memory;
    *ret_store = s;
    return NULL;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    assert(s->open_count == 0);
    pthread_cond_destroy(&s->writer_left);
    pthread_cond_destroy(&s->group_over);
    pthread_mutex_destroy(&s->lock);
    struct arena memory = s->memory;
    arena_free(&memory);
}

enum db_kind store_kind(const struct store *s)
{
    return s->kind;
}

struct db *db_new(struct store *s)
{
    struct arena memory;
    arena_init(&memory, MEMORY_CEILING);
    struct db *db = ARENA_NEW(&memory, struct db);
    db->store = s;
    db->driver = s->driver;
    db->on = db;
    db->memory = memory;
    return db;
}

void db_free(struct db *db)
{
    struct arena memory = db->memory;
    arena_free(&memory);
}

struct err *db_open(struct store *s, struct arena *a, struct db **ret_db)
{
    struct db *db = db_new(s);
    s->open_count++;
    struct err *e = db->driver->open(db, a);
    if (e)
        db_close(db);
    else
        *ret_db = db;
    return e;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_rollback(db);
    db->store->open_count--;
    db->driver->close(db);
    db_free(db);
}

/* ---- transactions ---- */

struct err *db_begin(struct db *db, struct arena *a, enum db_mode mode)
{
    assert(!db->is_begun);
    db->on = db;
    TRY(db->driver->begin(db, a, mode));
    db->is_begun = true;
    db->is_failed = false;
    db->mode = mode;
    return NULL;
}

struct err *db_commit(struct db *db, struct arena *a)
{
    assert(db->is_begun);
    if (db->is_failed) {
        db_rollback(db);
        return ERR(a, ERR_INTERNAL, "a transaction in which a statement failed cannot be committed");
    }
    db->is_begun = false;
    return db->driver->commit(db, a);
}

void db_rollback(struct db *db)
{
    if (!db->is_begun)
        return;
    db->is_begun = false;
    db->driver->rollback(db);
}

bool db_in_transaction(const struct db *db)
{
    return db->is_begun;
}

/* ---- queries ---- */

/* An assert that says which query. */
static _Noreturn void param_bug(const struct query *q, const char *name, const char *what)
{
    fprintf(stderr, "%s: %s: parameter :%s is %s\n", q->file, q->name, name, what);
    abort();
}

static bool param_is(const struct param *p, const char *name)
{
    return p->name == name || (p->name[0] == name[0] && strcmp(p->name, name) == 0);
}

static const struct param *param_find(const struct query *q, const struct param *params, const char *name)
{
    const struct param *found = NULL;
    for (const struct param *p = params; p->kind != PARAM_END; p++) {
        if (!param_is(p, name))
            continue;
        if (found)
            param_bug(q, name, "given twice");
        found = p;
    }
    return found && found->kind != PARAM_ABSENT ? found : NULL;
}

static unsigned variant_of(const struct query *q, const struct param *params)
{
    unsigned variant = 0;
    for (unsigned bit = 0; q->clauses[bit]; bit++)
        if (param_find(q, params, q->clauses[bit]))
            variant |= 1u << bit;
    return variant;
}

static size_t params_count(const struct param *params)
{
    size_t count = 0;
    while (params[count].kind != PARAM_END)
        count++;
    return count;
}

static void values_find(struct statement *st, const struct param *params, struct values *ret_values)
{
    const struct query *q = st->query;
    size_t count = params_count(params);
    ret_values->count = 0;
    for (const unsigned char *slot = st->text->slots; *slot != 255; slot++) {
        const char *name = q->params[*slot];
        unsigned char *at = &st->seen_at[ret_values->count];
        const struct param *found = *at && *at <= count && params[*at - 1].kind != PARAM_ABSENT && param_is(&params[*at - 1], name) ? &params[*at - 1] : NULL;
        if (!found)
            found = param_find(q, params, name);
        if (!found)
            param_bug(q, name, "missing");
        *at = (unsigned char)(found - params < 255 ? found - params + 1 : 0);
        ret_values->slot[ret_values->count++] = found;
    }
}

static struct err *transaction_check(const struct db *db, struct arena *a, const struct query *q)
{
    assert(db->is_begun);
    if (db->is_failed)
        return err_new(a, ERR_INTERNAL, q->file, "%s: an earlier statement of this transaction failed", q->name);
    if (q->is_write && db->mode == DB_READ)
        return err_new(a, ERR_INTERNAL, q->file, "%s writes, and the transaction is for reading", q->name);
    return NULL;
}

static struct err *query_run(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct result *result)
{
    TRY(transaction_check(db, a, q));
    struct statement *st = statement_get(db->on, q, variant_of(q, params));
    struct values values;
    values_find(st, params, &values);
    struct err *e = db->driver->run(db->on, a, st, &values, result);
    db->is_failed = e != NULL;
    return e;
}

struct err *db_rows(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_list)
{
    struct result result = { .list = doc_list(a) };
    TRY(query_run(db, a, q, params, &result));
    *ret_list = result.list;
    return NULL;
}

struct err *db_row(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_row)
{
    struct result result = { .list = doc_list(a), .is_one = true };
    TRY(query_run(db, a, q, params, &result));
    *ret_row = doc_count(result.list) ? doc_at_mut(result.list, 0) : NULL;
    return NULL;
}

struct err *db_run(struct db *db, struct arena *a, const struct query *q, const struct param *params, int64_t *ret_changed)
{
    struct result result = { 0 };
    TRY(query_run(db, a, q, params, &result));
    if (ret_changed)
        *ret_changed = result.changed;
    return NULL;
}

struct err *db_explain(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_plan)
{
    TRY(transaction_check(db, a, q));
    struct statement *st = statement_get(db->on, q, variant_of(q, params));
    struct values values;
    values_find(st, params, &values);
    struct doc *plan = doc_map(a);
    struct err *e = db->driver->explain(db->on, a, st, &values, plan);
    db->is_failed = e != NULL;
    if (!e)
        *ret_plan = plan;
    return e;
}

struct err *db_exec(struct db *db, struct arena *a, const char *sql)
{
    assert(db->is_begun);
    struct err *e = db->driver->exec(db->on, a, sql);
    db->is_failed = e != NULL;
    return e;
}

struct err *db_copy(struct db *db, struct arena *a, const char *path)
{
    assert(!db->is_begun);
    return db->driver->copy(db, a, path);
}
