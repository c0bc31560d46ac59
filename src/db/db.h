#pragma once
/* One interface to SQLite and PostgreSQL: named queries from .sql files, typed parameters by name, rows as documents.
   The text of a query is the same for both; docs/sql.md says which SQL both take.

   A struct store is the database (one a process, any thread). A struct db is one connection with its prepared
   statements; one thread at a time. Writers on SQLite take turns by a lock in the store. Errors come from the arena
   that a call names and are ERR_BUSY (gone, locked, disk full: try again), ERR_CONFLICT (a unique, foreign or check constraint
   refused it) or ERR_INTERNAL (a bug in a query). */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "doc/doc.h"

struct store;
struct db;

enum db_kind { DB_SQLITE, DB_POSTGRESQL };
/* DB_WRITE is alone from begin to commit. DB_ACT is what requests do: short, and on SQLite acts that wait for each other are committed together, with
   one sync; each stands or falls by itself until that commit. Nothing outside the database may be undone by what such a transaction saw. */
enum db_mode { DB_READ, DB_WRITE, DB_ACT };

/* A query, made at build time from a block of a .sql file:

       -- ticket_list: read
       SELECT t.id, t.title FROM ticket t WHERE t.org_id = :org AND t.client_id = :client
         [[status: AND t.status = :status]]
         [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
       ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

   `read` or `write` after the name; `@across` for a query that crosses organizations. A clause in [[name: …]] stands where
   the parameter `name` is given, and is left out where it is absent: each combination is a fixed text of its own.
   What differs between the databases stands in {{sqlite: …}}{{postgresql: …}}, and is counted. */
struct query {
    const char *name;                    /* "ticket_list" */
    const char *file;                    /* "src/features/ticket/queries.sql:12" */
    bool is_write;
    bool is_across;
    const char *const *params;           /* names in use, any variant; ends with NULL */
    const char *const *clauses;          /* names of optional clauses, bit n of a variant's number; ends with NULL */
    const struct query_text *sqlite;     /* 1 << clauses texts */
    const struct query_text *postgresql;
};
struct query_text {
    const char *sql;                     /* with ?1… or $1… */
    const unsigned char *slots;          /* slot n+1 takes params[slots[n]]; 255 ends */
};

enum param_kind { PARAM_END, PARAM_ABSENT, PARAM_NULL, PARAM_INT, PARAM_TEXT, PARAM_BYTES };
struct param { const char *name; enum param_kind kind; int64_t number; const void *data; size_t len; };

#define P_INT(n, v) ((struct param){ (n), PARAM_INT, (int64_t)(v), 0, 0 })
#define P_TEXT(n, v) param_text((n), (v))                /* NULL text is SQL NULL */
#define P_BYTES(n, v, l) ((struct param){ (n), PARAM_BYTES, 0, (v), (l) })
#define P_NULL(n) ((struct param){ (n), PARAM_NULL, 0, 0, 0 })
#define P_ID(n, v) param_id((n), (v))                    /* 0 is SQL NULL */
#define P_ABSENT(n) ((struct param){ (n), PARAM_ABSENT, 0, 0, 0 })   /* leaves its clause out */
#define P_ANY(n, given, param_) ((given) ? (param_) : P_ABSENT(n))
#define PARAMS(...) ((const struct param[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } })
struct param param_text(const char *name, const char *text);
struct param param_id(const char *name, int64_t id);

/* address: a file's path, or "postgresql://…". Nothing is opened yet: db_open says whether it is there. */
struct err *store_open(struct arena *a, const char *address, struct store **ret_store) MUST_CHECK;
void store_close(struct store *s);                       /* every db must be closed */
enum db_kind store_kind(const struct store *s);
struct err *db_open(struct store *s, struct arena *a, struct db **ret_db) MUST_CHECK;
void db_close(struct db *db);

/* Transactions do not nest. A DB_READ one refuses queries marked write. Rolling back what is not begun is fine.
   db_commit returns only when the data is on disk; on an error nothing was kept, or (PostgreSQL, connection lost while committing)
   it cannot be known: then `detail` starts with "unknown outcome". */
struct err *db_begin(struct db *db, struct arena *a, enum db_mode mode) MUST_CHECK;
struct err *db_commit(struct db *db, struct arena *a) MUST_CHECK;
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* Params: every name the query's chosen variant uses must be given once (assert), others are ignored.
   Columns become keys; see doc.h for what names mean. BLOB columns become text in base64url. The keys live as long as the
   connection: no document may outlive the one it was read with. After an error nothing but db_rollback is taken (on both). */
struct err *db_rows(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_list) MUST_CHECK;
struct err *db_row(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_row) MUST_CHECK;  /* NULL: none */
struct err *db_run(struct db *db, struct arena *a, const struct query *q, const struct param *params, int64_t *ret_changed) MUST_CHECK; /* ret may be NULL */

/* Runs a query within a savepoint that is undone, and tells how many rows it visited (SQLite: counted for scans of a table, estimated
   from the machine's steps, rather too low, for ranges of an index; PostgreSQL: from EXPLAIN ANALYZE). For the test of every query. */
struct err *db_explain(struct db *db, struct arena *a, const struct query *q, const struct param *params, struct doc **ret_plan) MUST_CHECK;
/* plan: { "rows_returned", "rows_visited", "plan": text }; SQLite: "vm_steps" too */

/* Migrations: NNNN_name.sql in order, each in one transaction, recorded with the hash of its text; one text for both
   (see docs/sql.md for what is replaced). A recorded migration whose text has changed is an error. */
struct migration { const char *name; const char *text; };           /* ends with name NULL */
struct err *db_migrate(struct db *db, struct arena *a, const struct migration *list, int64_t now_ms, int64_t *ret_applied) MUST_CHECK;

/* Writes a consistent copy of a SQLite database while it is in use (VACUUM INTO). PostgreSQL: an error that names pg_dump. */
struct err *db_copy(struct db *db, struct arena *a, const char *path) MUST_CHECK;
