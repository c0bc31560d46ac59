/* The driver for PostgreSQL. Every statement is prepared once on a connection, with the types of what it was given;
   parameters travel in binary, results as text. A connection that was lost is made anew when the next transaction begins.

   A transaction for reading begins with its first statement, in one journey, and its end is not waited for: most of what a
   short page costs here is waiting for the other side. */
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "db/driver.h"

/* Types by their fixed numbers in pg_type. */
enum { T_ANY = 0, T_BOOL = 16, T_BYTEA = 17, T_CHAR = 18, T_NAME = 19, T_INT8 = 20, T_INT2 = 21, T_INT4 = 23, T_TEXT = 25,
       T_OID = 26, T_BPCHAR = 1042, T_VARCHAR = 1043, T_NUMERIC = 1700, T_VOID = 2278 };

struct postgresql {
    PGconn *connection;
    unsigned life;                      /* counts connections made: what was prepared in an earlier one is gone */
    bool is_to_begin;                   /* a transaction for reading was begun, and the other side does not know yet */
    bool is_ending;                     /* ROLLBACK was sent, its answer not read */
};

struct prepared {
    char name[48];
    unsigned life;                      /* 0: not prepared */
    unsigned times;                     /* prepared so often: part of the name */
    Oid types[SLOTS_MAX];               /* T_ANY while only NULL was given */
};

struct wire {                           /* parameters as libpq takes them */
    const char *values[SLOTS_MAX];
    int lengths[SLOTS_MAX];
    int formats[SLOTS_MAX];
    int64_t numbers[SLOTS_MAX];
};

static void auto_result(void *result)
{
    PQclear(*(PGresult **)result);
}

/* ---- errors ---- */

static bool is_lost(const struct db *db)
{
    const struct postgresql *own = db->own;
    return PQstatus(own->connection) != CONNECTION_OK;
}

static enum err_code code_of(const struct db *db, const char *state)
{
    static const char *const conflict[] = { "23505", "23503", "23514", "23P01", "23001", "P0001" };
    static const char *const busy[] = { "08", "40", "53", "55P03", "57", "58", "25P03" };   /* or the class alone */
    if (is_lost(db) || !state)
        return ERR_BUSY;
    for (size_t i = 0; i < sizeof conflict / sizeof *conflict; i++)
        if (strcmp(state, conflict[i]) == 0)
            return ERR_CONFLICT;
    for (size_t i = 0; i < sizeof busy / sizeof *busy; i++)
        if (text_starts(state, busy[i]))
            return ERR_BUSY;
    if (strcmp(state, "25006") == 0 && db->mode != DB_READ)   /* read-only: this is no primary (any more) */
        return ERR_BUSY;
    return ERR_INTERNAL;
}

/* Only the first line of the message: its details quote values. */
static struct err *fault(const struct db *db, struct arena *a, const PGresult *result, const char *where, const char *what)
{
    const struct postgresql *own = db->own;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!message)
        message = PQerrorMessage(own->connection);
    return err_new(a, code_of(db, state), where, "%s: %s (%s)", what, message, state ? state : "connection");
}

#define FAULT(db, a, result, what) fault((db), (a), (result), __FILE__ ":" ERR_LINE_(__LINE__), (what))

static bool is_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static struct err *exec(struct db *db, struct arena *a, const char *sql)
{
    struct postgresql *own = db->own;
    AUTO(result) PGresult *result = PQexec(own->connection, sql);
    return is_fine(result) ? NULL : FAULT(db, a, result, "a text of several statements");
}

/* ---- a connection ---- */

static void notice_drop(void *nothing, const PGresult *result)
{
    (void)nothing, (void)result;
}

/* Pages ask for few rows, through indexes that are in memory, and the queries are written in the order in which they are to be joined: so it is not
   dear to jump, and the order stays. Without that it reads small tables whole, and all accesses of an organization for those of one person. */
static struct err *connection_set_up(struct db *db, struct arena *a)
{
    struct postgresql *own = db->own;
    if (is_lost(db))
        return ERR(a, ERR_BUSY, "%s", PQerrorMessage(own->connection));
    PQsetNoticeReceiver(own->connection, notice_drop, NULL);
    own->life++;
    return exec(db, a,
        "SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s';"
        "SET client_min_messages = warning; SET timezone = 'UTC'; SET standard_conforming_strings = on;"
        "SET bytea_output = hex; SET jit = off; SET random_page_cost = 1.1; SET join_collapse_limit = 1");
}

static struct err *postgresql_open(struct db *db, struct arena *a)
{
    /* What stands before dbname may be set otherwise by the address, what stands after it may not. */
    const char *const keys[] = { "connect_timeout", "tcp_user_timeout", "fallback_application_name", "dbname", "client_encoding", NULL };
    const char *const values[] = { "5", "15000", "mandat", db->store->address, "UTF8", NULL };
    struct postgresql *own = ARENA_NEW(&db->memory, struct postgresql);
    db->own = own;
    own->connection = PQconnectdbParams(keys, values, 1);
    return connection_set_up(db, a);
}

static void postgresql_close(struct db *db)
{
    struct postgresql *own = db->own;
    PQfinish(own->connection);
}

/* ---- transactions ---- */

static const char *const begin_sql[] = { [DB_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                         [DB_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                                         [DB_ACT] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" };

static void results_drop(PGconn *connection)
{
    for (PGresult *result; (result = PQgetResult(connection));)
        PQclear(result);
}

/* The answer to a ROLLBACK; what went wrong with it shows with what comes next. */
static void end_read(struct postgresql *own)
{
    if (own->is_ending)
        results_drop(own->connection);
    own->is_ending = false;
}

static struct err *connection_renew(struct db *db, struct arena *a)
{
    struct postgresql *own = db->own;
    PQreset(own->connection);
    return connection_set_up(db, a);
}

static struct err *begin_now(struct db *db, struct arena *a, enum db_mode mode)
{
    struct postgresql *own = db->own;
    own->is_to_begin = false;
    end_read(own);
    struct err *e = exec(db, a, begin_sql[mode]);
    if (!e || !is_lost(db))
        return e;
    TRY(connection_renew(db, a));
    return exec(db, a, begin_sql[mode]);
}

/* A server that cannot be asked is found by the first statement, as one is that goes away behind a BEGIN. */
static struct err *postgresql_begin(struct db *db, struct arena *a, enum db_mode mode)
{
    struct postgresql *own = db->own;
    if (mode != DB_READ || is_lost(db))
        return begin_now(db, a, mode);
    own->is_to_begin = true;
    return NULL;
}

static void postgresql_rollback(struct db *db)
{
    struct postgresql *own = db->own;
    bool is_unknown_there = own->is_to_begin;
    own->is_to_begin = false;
    if (is_unknown_there || is_lost(db) || PQtransactionStatus(own->connection) == PQTRANS_IDLE)
        return;
    if (db->mode == DB_READ && PQsendQuery(own->connection, "ROLLBACK"))
        own->is_ending = true;
    else
        PQclear(PQexec(own->connection, "ROLLBACK"));
}

static struct err *postgresql_commit(struct db *db, struct arena *a)
{
    struct postgresql *own = db->own;
    if (own->is_to_begin) {
        own->is_to_begin = false;
        return NULL;
    }
    AUTO(result) PGresult *result = PQexec(own->connection, "COMMIT");
    if (is_fine(result) && strcmp(PQcmdStatus(result), "COMMIT") == 0)
        return NULL;
    if (db->mode == DB_READ)             /* what was read is whole; the connection is looked after when the next one begins */
        return NULL;
    if (is_fine(result))
        return ERR(a, ERR_INTERNAL, "the commit became a rollback");
    if (!is_lost(db))
        return FAULT(db, a, result, "commit");
    return ERR(a, ERR_BUSY, "unknown outcome: the connection was lost while committing: %s", PQerrorMessage(own->connection));
}

/* ---- parameters ---- */

static Oid type_of(const struct param *p)
{
    static const Oid types[] = { [PARAM_INT] = T_INT8, [PARAM_TEXT] = T_TEXT, [PARAM_BYTES] = T_BYTEA };
    return p->kind < sizeof types / sizeof *types ? types[p->kind] : T_ANY;
}

static void wire_fill(struct wire *wire, const struct values *values)
{
    for (int i = 0; i < values->count; i++) {
        const struct param *p = values->slot[i];
        wire->formats[i] = 1;
        wire->values[i] = NULL;
        if (p->kind == PARAM_INT) {
            wire->numbers[i] = (int64_t)htobe64((uint64_t)p->number);
            wire->values[i] = (const char *)&wire->numbers[i];
            wire->lengths[i] = sizeof wire->numbers[i];
        } else if (p->kind == PARAM_TEXT || p->kind == PARAM_BYTES) {
            wire->values[i] = p->len ? p->data : "";
            wire->lengths[i] = (int)p->len;
        }
    }
}

/* True where the statement, as it was prepared, cannot take these values. A slot that only had NULL has a type that
   the server guessed, and it may have guessed a narrow one. */
static bool types_learn(struct prepared *prepared, const struct values *values)
{
    bool is_new = false;
    for (int i = 0; i < values->count; i++) {
        Oid type = type_of(values->slot[i]);
        if (type == T_ANY || type == prepared->types[i])
            continue;
        prepared->types[i] = type;
        is_new = true;
    }
    return is_new;
}

/* ---- statements ---- */

static const char *column_name(void *handle, int index)
{
    return PQfname(handle, index);
}

/* As these values need it, on this connection. */
static bool is_prepared(const struct db *db, const struct statement *st, const struct values *values)
{
    const struct postgresql *own = db->own;
    const struct prepared *prepared = st->own;
    if (!prepared || prepared->life != own->life)
        return false;
    for (int i = 0; i < values->count; i++)
        if (type_of(values->slot[i]) != T_ANY && type_of(values->slot[i]) != prepared->types[i])
            return false;
    return true;
}

static struct err *statement_prepare(struct db *db, struct arena *a, struct statement *st, const struct values *values)
{
    struct postgresql *own = db->own;
    if (!st->own)
        st->own = ARENA_NEW(&db->memory, struct prepared);
    struct prepared *prepared = st->own;
    bool is_new = types_learn(prepared, values);
    if (prepared->life == own->life && !is_new)
        return NULL;
    prepared->life = 0;
    snprintf(prepared->name, sizeof prepared->name, "q%u_%u_%u", st->number, st->variant, prepared->times++);
    AUTO(result) PGresult *result = PQprepare(own->connection, prepared->name, st->text->sql, values->count, prepared->types);
    if (!is_fine(result))
        return fault(db, a, result, st->query->file, st->query->name);
    prepared->life = own->life;
    return NULL;
}

static const char *bytes_read(struct arena *a, const char *text)
{
    size_t len = 0;
    AUTO(heap) void *data = PQunescapeBytea((const unsigned char *)text, &len);
    return text_base64url(a, data, data ? len : 0);
}

/* False for what no column of ours may hold. A NULL is there already. */
static bool value_read(struct arena *a, const PGresult *result, int line, int at, bool is_flag, struct doc *row)
{
    const char *text = PQgetvalue(result, line, at);
    size_t place = (size_t)at;
    int64_t number = 0;
    if (PQgetisnull(result, line, at))
        return true;
    switch (PQftype(result, at)) {
    case T_BOOL:
        number = *text == 't';
        break;
    case T_INT8: case T_INT4: case T_INT2: case T_OID: case T_NUMERIC:
        if (!text_int(text, &number))
            return false;
        break;
    case T_TEXT: case T_VARCHAR: case T_BPCHAR: case T_NAME: case T_CHAR: case T_VOID:
        doc_put_text(row, place, text, (size_t)PQgetlength(result, line, at));
        return true;
    case T_BYTEA:
        text = bytes_read(a, text);
        doc_put_text(row, place, text, strlen(text));
        return true;
    default:
        return false;
    }
    if (is_flag)
        doc_put_bool(row, place, number != 0);
    else
        doc_put_int(row, place, number);
    return true;
}

static struct err *rows_read(struct arena *a, const struct statement *st, const PGresult *result, int count, struct doc *list)
{
    for (int line = 0; line < count; line++) {
        struct doc *row = doc_record(a, st->columns, 0);
        for (size_t i = 0; i < st->columns->count; i++)
            if (!value_read(a, result, line, (int)i, st->is_flag[i], row))
                return err_new(a, ERR_INTERNAL, st->query->file, "%s: column %s is not an integer", st->query->name, st->columns->names[i]);
        doc_push(list, row);
    }
    return NULL;
}

static bool is_over(PGconn *connection)
{
    AUTO(result) PGresult *result = PQgetResult(connection);
    return !result;
}

/* BEGIN and the first statement in one journey. NULL where that did not come about: the transaction is still to begin, on a connection
   made anew (this one was lost, or nobody knows what it waits for). */
static PGresult *first_run(struct postgresql *own, const struct statement *st, const struct values *values, const struct wire *wire)
{
    const struct prepared *prepared = st->own;
    PGconn *connection = own->connection;
    end_read(own);
    if (!PQenterPipelineMode(connection))
        return NULL;
    bool is_sent = PQsendQueryParams(connection, begin_sql[DB_READ], 0, NULL, NULL, NULL, NULL, 0)
        && PQsendQueryPrepared(connection, prepared->name, values->count, wire->values, wire->lengths, wire->formats, 0) && PQpipelineSync(connection);
    AUTO(result) PGresult *begun = is_sent ? PQgetResult(connection) : NULL;
    bool is_begun = begun && is_fine(begun) && is_over(connection);
    PGresult *result = is_begun ? PQgetResult(connection) : NULL;
    bool is_whole = result && is_over(connection);
    AUTO(result) PGresult *sync = is_whole ? PQgetResult(connection) : NULL;
    if (sync && PQresultStatus(sync) == PGRES_PIPELINE_SYNC && PQexitPipelineMode(connection)) {
        own->is_to_begin = false;
        return result;
    }
    PQclear(result);
    return NULL;
}

static struct err *postgresql_run(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct result *out)
{
    struct postgresql *own = db->own;
    struct wire wire;
    wire_fill(&wire, values);
    AUTO(result) PGresult *result = NULL;
    if (own->is_to_begin && is_prepared(db, st, values)) {
        result = first_run(own, st, values, &wire);
        if (!result)
            TRY(connection_renew(db, a));
    }
    if (own->is_to_begin)
        TRY(begin_now(db, a, DB_READ));
    if (!result) {
        TRY(statement_prepare(db, a, st, values));
        const struct prepared *prepared = st->own;
        result = PQexecPrepared(own->connection, prepared->name, values->count, wire.values, wire.lengths, wire.formats, 0);
    }
    if (!is_fine(result))
        return fault(db, a, result, st->query->file, st->query->name);
    if (!st->columns)
        statement_columns(db, st, PQnfields(result), column_name, result);
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0)
        out->changed = strtoll(PQcmdTuples(result), NULL, 10);
    int count = out->is_one && PQntuples(result) > 1 ? 1 : PQntuples(result);
    return out->list ? rows_read(a, st, result, count, out->list) : NULL;
}

/* ---- explain ---- */

/* Rows that a node took from a table or an index: those it gave on and those its filter dropped. */
static int64_t rows_visited(const struct doc *node)
{
    static const char *const counted[] = { "Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Tid Scan", "Tid Range Scan" };
    int64_t rows = 0, loops = doc_int_of(node, "Actual Loops");
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (text_same(doc_text_of(node, "Node Type"), counted[i]))
            rows = loops * (doc_int_of(node, "Actual Rows") + doc_int_of(node, "Rows Removed by Filter")
                            + doc_int_of(node, "Rows Removed by Index Recheck"));
    const struct doc *below = doc_get(node, "Plans");
    for (size_t i = 0; i < doc_count(below); i++)
        rows += rows_visited(doc_at(below, i));
    return rows;
}

static struct err *plan_read(struct arena *a, const char *json, struct doc *ret_plan)
{
    struct doc *plans = NULL;
    TRY(doc_read_json(a, json, strlen(json), &plans));
    const struct doc *top = doc_get(doc_at(plans, 0), "Plan");
    int64_t returned = doc_int_of(top, "Actual Rows"), visited = rows_visited(top);
    doc_set_int(ret_plan, "rows_returned", returned);
    doc_set_int(ret_plan, "rows_visited", visited > returned ? visited : returned);
    doc_set_text(ret_plan, "plan", json);
    return NULL;
}

/* Costs and times are left out: they are no integers, and nothing for a test. */
static struct err *postgresql_explain(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct doc *ret_plan)
{
    struct postgresql *own = db->own;
    struct wire wire;
    Oid types[SLOTS_MAX];
    for (int i = 0; i < values->count; i++)
        types[i] = type_of(values->slot[i]);
    wire_fill(&wire, values);
    if (((struct postgresql *)db->own)->is_to_begin)
        TRY(begin_now(db, a, DB_READ));
    TRY(exec(db, a, "SAVEPOINT explain_this"));
    const char *sql = arena_printf(a, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) %s", st->text->sql);
    AUTO(result) PGresult *result =
        PQexecParams(own->connection, sql, values->count, types, wire.values, wire.lengths, wire.formats, 0);
    if (!is_fine(result) || PQntuples(result) != 1)
        return fault(db, a, result, st->query->file, st->query->name);
    TRY(exec(db, a, "ROLLBACK TO explain_this; RELEASE explain_this"));
    return plan_read(a, PQgetvalue(result, 0, 0), ret_plan);
}

static struct err *postgresql_exec(struct db *db, struct arena *a, const char *sql)
{
    struct postgresql *own = db->own;
    if (own->is_to_begin)
        TRY(begin_now(db, a, DB_READ));
    end_read(own);
    return exec(db, a, sql);
}

static struct err *postgresql_copy(struct db *db, struct arena *a, const char *path)
{
    (void)db;
    return ERR(a, ERR_BAD, "%s: a PostgreSQL database is copied by pg_dump, or by a base backup with its WAL", path);
}

const struct driver postgresql_driver = {
    .open = postgresql_open, .close = postgresql_close, .begin = postgresql_begin, .commit = postgresql_commit,
    .rollback = postgresql_rollback, .run = postgresql_run, .explain = postgresql_explain, .exec = postgresql_exec,
    .copy = postgresql_copy,
};
