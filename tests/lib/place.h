#pragma once
/* Where a test's world lies: a copy of its own of the filled database, SQLite's in a folder, PostgreSQL's beside the others of the cluster. What is copied is
   filled once for a program; where MANDAT_TEST_BASE names a folder, as in `./dev test`, once for all programs that run, by the first that wants it. Ids
   made afterwards come behind those of the filling, whoever filled. One thread. */
#include "db/db.h"

struct pg_conn;

struct world_place {
    enum db_kind kind;
    char folder[96];                    /* of this world alone */
    char address[512];                  /* of its database */
    struct pg_conn *admin;
};

/* Fills the empty database at place->address, and place_files(). */
typedef void place_fill(struct world_place *p, void *arg);

/* False: this database is not there (MANDAT_TEST_POSTGRESQL). */
bool place_open(struct world_place *p, enum db_kind kind, place_fill *fill, void *arg);
void place_close(struct world_place *p);
const char *place_files(void);          /* bytes by their hash, of all worlds of this program */
void place_finish(void);                /* once, after the last; also what tests that failed left behind */
