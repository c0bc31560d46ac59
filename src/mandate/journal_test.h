#pragma once
/* What the tests of the journal share: filling a log, opening the tables up for the hand of somebody who owns the database, and asking
   journal_verify. Tests of this folder only. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "lib/world.h"
#include "mandate/entry.h"
#include "mandate/journal.h"

static inline void fine(const struct err *e)
{
    if (e)
        fail_msg("%s (%s)", e->detail, e->where);
}

/* So many entries in a log, in one transaction, of every shape. Ids are as in life; what they name is nobody's. */
static inline void log_fill(struct world_test *w, int64_t log, int count)
{
    struct ctx c;
    struct arena a;
    arena_init(&a, (size_t)256 << 20);
    world_ctx(w, &c);
    c.arena = &a;
    c.who.org_id = log;
    fine(db_begin(c.db, &a, DB_WRITE));
    for (int i = 1; i <= count; i++) {
        c.now_ms = world_now(w) + i;
        c.who.person_id = i % 5 ? 2000 + i % 7 : 0;
        c.who.client_id = i % 3 ? 300 + i : 0;
        c.who.mandate_id = i % 4 ? 40000 + i : 0;
        c.journal = (struct journal_draft){ .action = i % 2 ? "ticket_comment" : "client_update", .is_wanted = true, .reason = i % 6 ? NULL : "Panne « congélateur »" };
        if (i % 8)
            journal_object(&c, i % 2 ? "ticket" : "client", 1200 + i);
        if (i % 3)
            journal_text(&c, "title", arena_printf(&a, "Chambre froide n° %d \"nord\"", i));
        if (i % 9 == 0)
            journal_number(&c, "number", i);
        fine(journal_write(&c));
    }
    fine(db_commit(c.db, &a));
    arena_free(&a);
}

/* The triggers are for the honest; somebody with the database in hand takes them away. */
static inline void journal_open_up(struct world_test *w)
{
    if (world_kind(w) == DB_SQLITE) {
        world_run_sql(w, "DROP TRIGGER journal_no_update");
        world_run_sql(w, "DROP TRIGGER journal_no_delete");
        world_run_sql(w, "DROP TRIGGER journal_payload_no_update");
    } else {
        world_run_sql(w, "ALTER TABLE journal DISABLE TRIGGER ALL");
        world_run_sql(w, "ALTER TABLE journal_payload DISABLE TRIGGER ALL");
    }
}

/* Each time over a connection of its own: nothing is remembered. */
static inline const struct doc *verify(struct world_test *w, struct arena *a)
{
    struct doc *report = NULL;
    struct db *db = world_db_new(w, a);
    fine(journal_verify(a, db, &report));
    db_close(db);
    return report;
}

static inline const char *faults_text(struct arena *a, const struct doc *report)
{
    struct buf out;
    buf_init(&out, a, 100000);
    doc_json(report, &out);
    return buf_end(&out);
}

static inline bool is_named(const struct doc *report, int64_t log, int64_t number)
{
    const struct doc *faults = doc_get(report, "faults");
    for (size_t i = 0; i < doc_count(faults); i++)
        if (doc_int_of(doc_at(faults, i), "org_id") == log && doc_int_of(doc_at(faults, i), "number") == number)
            return true;
    return false;
}

static inline void sound(struct world_test *w)
{
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    const struct doc *report = verify(w, &a);
    if (doc_count(doc_get(report, "faults")))
        fail_msg("not sound: %s", faults_text(&a, report));
    assert_int_equal(doc_int_of(report, "entries"), world_number(w, "SELECT COUNT(*) FROM journal"));
    arena_free(&a);
}

/* The row is named; `what` says what was done to it. */
static inline void named(struct world_test *w, int64_t log, int64_t number, const char *what)
{
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    const struct doc *report = verify(w, &a);
    if (!is_named(report, log, number))
        fail_msg("%s: entry %lld of log %lld is not named: %s", what, (long long)number, (long long)log, faults_text(&a, report));
    arena_free(&a);
}
