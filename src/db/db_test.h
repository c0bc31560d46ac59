#pragma once
/* A fresh database for each test, of the kind that the test's state names. Tests of this folder only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "db/db.h"
#include "db_test_sql.h"

struct world {
    struct arena arena;
    struct store *store;
    struct db *db, *other;
    const char *path;                   /* SQLite */
    const char *schema;                 /* PostgreSQL */
    const char *why_not;                /* skipped: why */
};

int world_open(void **state);           /* *state: "sqlite" or "postgresql"; becomes a struct world */
int world_close(void **state);
struct world *world_of(void **state);   /* skips the test where its database is not there */
extern const struct migration test_migrations[];

void fine(const struct err *e, const char *where);
#define FINE(call) fine((call), __FILE__ ":" ERR_LINE_(__LINE__))
void failed(const struct err *e, enum err_code code, const char *where);
#define FAILED(call, code) failed((call), (code), __FILE__ ":" ERR_LINE_(__LINE__))

#define BOTH(f) { #f " on SQLite", f, world_open, world_close, (void *)(uintptr_t)"sqlite" }, \
                { #f " on PostgreSQL", f, world_open, world_close, (void *)(uintptr_t)"postgresql" }

extern const struct CMUnitTest migrate_tests[], query_tests[], transaction_tests[], group_tests[];
extern const size_t migrate_test_count, query_test_count, transaction_test_count, group_test_count;
