#pragma once
/* What the two files of the SQLite driver share: sqlite.c (connections, statements) and sqlite_write.c (transactions, turns, common commits).

   A struct db has a connection of its own for reading. What writes runs on one connection of the store, whoever writes: its cache of pages
   stays good, and acts of several threads can be one transaction of the database. The thread that has the turn has that connection. */
#include <sqlite3.h>
#include "db/driver.h"

struct sqlite {
    sqlite3 *connection;
    sqlite3_stmt *begin[2];             /* DB_READ, DB_WRITE */
    sqlite3_stmt *savepoint, *release, *commit;

    /* Of who writes through the store's connection, not of that connection: */
    bool has_turn;
    bool has_savepoint;                 /* others' acts are in the transaction too */
    struct sqlite *next_member;         /* of the store's list, while is_member; under the store's lock */
    bool is_member;                     /* has done its part and waits for the common commit */
    int outcome;                        /* of that commit */
    char fault[200];
};

/* sqlite.c */
struct err *connection_open(struct db *db, struct arena *a) MUST_CHECK;
void connection_close(struct db *db);
int sqlite_step_once(sqlite3_stmt *stmt);
enum err_code sqlite_code(int rc);
struct err *sqlite_fault(struct db *db, struct arena *a, int rc, const char *where, const char *what);
#define SQLITE_FAULT(db, a, rc, what) sqlite_fault((db), (a), (rc), __FILE__ ":" ERR_LINE_(__LINE__), (what))

/* sqlite_write.c: of struct driver */
struct err *sqlite_open(struct db *db, struct arena *a);
void sqlite_close(struct db *db);
struct err *sqlite_begin(struct db *db, struct arena *a, enum db_mode mode);
struct err *sqlite_commit(struct db *db, struct arena *a);
void sqlite_rollback(struct db *db);
