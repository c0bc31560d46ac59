#pragma once
/* What stands between db.h and one kind of database. Private to this folder: nothing outside sees a driver.

   The front (db.c) chooses a query's variant, finds its parameters, keeps the rules of transactions and finds
   the prepared statement; a driver talks to its library. A statement, with the names of its columns, stays until its
   connection is closed: documents point at those names, so no document may outlive the connection it was read with.
   Long-lived memory of a connection is its own arena, given back when it is closed. */
#include <pthread.h>
#include <stdatomic.h>
#include "db/db.h"

enum { SLOTS_MAX = 100 };               /* tools/sql.py makes fewer */

struct statement {                      /* one variant of a query, prepared on one connection */
    const struct query *query;
    const struct query_text *text;
    unsigned variant;
    unsigned number;                    /* counts from 0 on the connection */
    const struct doc_keys *columns;     /* NULL until known */
    const bool *is_flag;                /* of each column: is_…, has_…, can_…, a boolean in the document */
    size_t text_bytes;                  /* room for the texts of a row, as the rows before needed it */
    unsigned char seen_at[SLOTS_MAX];   /* where in the caller's parameters a slot's was last time: mostly the same caller comes again */
    void *own;                          /* the driver's part */
};

struct values {                         /* what the statement's slots take, in their order */
    const struct param *slot[SLOTS_MAX];
    int count;
};

struct result {
    struct doc *list;                   /* NULL: rows are dropped */
    bool is_one;                        /* only the first row is wanted */
    int64_t changed;
};

struct driver {
    struct err *(*open)(struct db *db, struct arena *a);
    void (*close)(struct db *db);
    struct err *(*begin)(struct db *db, struct arena *a, enum db_mode mode);
    struct err *(*commit)(struct db *db, struct arena *a);     /* on an error the transaction is rolled back */
    void (*rollback)(struct db *db);
    struct err *(*run)(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct result *result);
    struct err *(*explain)(struct db *db, struct arena *a, struct statement *st, const struct values *values, struct doc *ret_plan);
    struct err *(*exec)(struct db *db, struct arena *a, const char *sql);      /* several statements, no rows */
    struct err *(*copy)(struct db *db, struct arena *a, const char *path);
};
extern const struct driver sqlite_driver;
extern const struct driver postgresql_driver;

struct store {
    enum db_kind kind;
    const struct driver *driver;
    const char *address;
    atomic_int open_count;              /* connections */
    pthread_mutex_t lock;               /* for has_writer, waiting */
    pthread_cond_t writer_left;
    bool has_writer;                    /* SQLite: writers take turns; not the mutex itself, which only its thread may release */
    int waiting;                        /* writers that wait for their turn */
    struct arena memory;

    /* SQLite, of whoever has the turn: sqlite_write.c */
    struct db *writer;                  /* the connection that writes; opened by the first writer */
    struct sqlite *members;             /* who is done and waits for the commit that several acts share; changed under the lock as well */
    int64_t group_at_us;                /* when the first of them began */
    pthread_cond_t group_over;          /* also: the turn is free and nobody waits for it */
};

struct db {
    struct store *store;
    const struct driver *driver;
    struct db *on;                      /* where statements run: this connection; on SQLite the store's while it writes */
    struct arena memory;
    bool is_begun;
    bool is_failed;                     /* an error came: nothing but a rollback is taken any more */
    enum db_mode mode;                  /* while is_begun */
    struct statement **statements;      /* open addressing; size is a power of two, at most three quarters are taken */
    unsigned statement_size, statement_count;
    void *own;                          /* the driver's part */
};

/* db.c: a connection that is not open yet, and is not counted. */
struct db *db_new(struct store *s);
void db_free(struct db *db);

/* db.c: for migrations. Also marks the transaction as failed. */
struct err *db_exec(struct db *db, struct arena *a, const char *sql) MUST_CHECK;

/* statement.c */
struct statement *statement_get(struct db *db, const struct query *q, unsigned variant);
void statement_columns(struct db *db, struct statement *st, int count, const char *(*name)(void *handle, int index), void *handle);

/* migrate_text.c: the text of a migration as this kind of database takes it. */
const char *migrate_text(struct arena *a, enum db_kind kind, const char *text);
