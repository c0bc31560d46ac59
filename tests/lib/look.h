#pragma once
/* A test's own look at the database, beside the application's connections: one connection, opened at its first use and kept, since opening one
   costs more than most of what is asked of it. Each statement is a transaction of its own. One thread. */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "db/db.h"

struct sqlite3;
struct pg_conn;

struct look {
    enum db_kind kind;
    const char *address;                /* SQLite's file, PostgreSQL's address: the caller's, as long as the look lives */
    bool is_brief;                      /* nothing is kept open from one statement to the next: around a fork */
    struct sqlite3 *sqlite;
    struct pg_conn *postgresql;
    const char *digest;                 /* SQLite: the last one given … */
    int64_t digest_version, digest_but; /* … and of which state of the file */
};

/* The first value of the first row; *ret_value stays as it is where there is none. Returns "", or why it was refused. */
const char *look_value(struct look *l, struct arena *a, const char *sql, const char **ret_value);

/* One line for each table, with a hash of all its rows, in the order of their bytes; but_org_id: of all but that organization's, 0: of all. Where SQLite
   says that nobody has committed anything since the last one (PRAGMA data_version), it is the last one. Lives as long as `a`, the same each time. */
const char *look_digest(struct look *l, struct arena *a, int64_t but_org_id);

void look_close(struct look *l);        /* the next use opens it again */
