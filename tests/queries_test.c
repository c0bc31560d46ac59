/* Every query of the program on both databases, over a filled table: it runs, it finds what it is about, and what it costs
   depends on what it gives and not on what lies beside it. A new query is found by itself; one with a parameter that
   tests/lib/queries.c knows no value for fails by its name. */
#include "lib/world.h"
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "lib/queries.h"
#include "lib/routes.h"

enum { CLAUSES_MOST = 64, COPIES = 20, COPIES_POSTGRESQL = 8, FAULTS_SHOWN = 40 };   /* steps are counted on SQLite alone; there it takes longer */

struct cost { int64_t given, visited, steps; const char *plan; };   /* rows given or changed; rows looked at; steps of SQLite's machine */

/* Looks at more than it gives, and why that is right. Any other query looks at ROWS_EACH for each row it gives, and ROWS_FREE besides. */
enum { ROWS_EACH = 12, ROWS_FREE = 60, STEPS_FREE = 300 };
static const struct exception { const char *query; int clauses; int64_t most; const char *why; } exceptions[] = {
    { "portal_brought_lately", 0, 700, "a sum over what at most sixty jobs brought, ten files each" },
    { "link_list", 0, 1000, "the copies of a mandate here are no links: a link has its own key on the mandate" }, { "link_live", 0, 1000, "the same" },
    { "collaborator_search", 0, 12000, "the dossiers of each of 51 people are counted, to 101" }, { "collaborator_list", 0, 12000, "the same" },
    { "collaborator_dossier_count", 0, 3000, "how many end with one person: all of them are about to be ended" },
    { "partner_touched", 0, 20000, "how much ends with a partner: all of it is about to be ended" },
    { "desk_search", 0, 45000, "at most 1,000 rows of each index are looked at, then sorted" },
    { "desk_search_count", 0, 5000, "it decides which way to search: counts to 1,001 of each" },
    { "desk_walk", 0, 60000, "a stretch of 2,000 tickets, looked through for words" }, { "desk_walk_end", 0, 30000, "the end of that stretch" },
    { "desk_counts", 0, 500, "four counts that stop at 51" },
    { "planning_waiting_count", 0, 130, "a count that stops at 51" }, { "planning_waiting_count", 1, 130, "the same" }, { "planning_late_count", 0, 130, "the same" }, { "planning_late_count", 1, 130, "the same" },
    { "planning_week_count", 0, 420, "a count that stops at 200" }, { "planning_load", 0, 4000, "the sums of 500 jobs" }, { "planning_tickets", 0, 300, "two counts that stop at 51" },
    { "planning_rating", 0, 700, "a sum that stops at 200" },
    { "desk_next_mine", 0, 1500, "the best of the 200 that wait longest" }, { "desk_next_free", 0, 1500, "the same" },
    { "desk_mine", 1, 2000, "a filter: what is open with one person is looked through" }, { "desk_free", 1, 2000, "the same" },
    { "desk_due_list", 1, 2000, "a filter: what is due is looked through" },
    { "desk_list", 2, 8000, "two filters: the tickets of one of them are looked through for the other" },
    { "desk_by_created", 0, 30000, "a stretch of 2,000 tickets, filtered" }, { "desk_by_created_end", 0, 30000, "the end of that stretch" },
    { "desk_by_due", 0, 30000, "a stretch of 2,000 tickets, filtered" }, { "desk_by_due_end", 0, 30000, "the end of that stretch" },
    { "ticket_by_created", 1, 2000, "a filter: as with two of ticket_list, among the tickets of one client" },
    { "ticket_list", 2, 2000, "two filters: as above, among the tickets of one client" },
    { "site_list", 2, 2000, "two filters: the sites of one of them are looked through for the other" }, { "site_by_changed", 2, 2000, "the same" },
    { "equipment_list", 2, 12000, "two filters: the equipment of one of them is looked through for the others" }, { "equipment_by_changed", 2, 12000, "the same" },
    { "equipment_search", 1, 500, "a filter: what was found by its words is looked through" }, { "equipment_search_by_changed", 1, 500, "the same" },
    { "equipment_by_warranty", 1, 12000, "a filter: what is out of warranty is looked through" },
    { "calendar_client_ahead", 1, 2000, "a filter: the jobs of one client are looked through for one site" }, { "calendar_client_past", 1, 2000, "the same" },
    { "tell_asked", 0, 400, "how many of the last 100 jobs" },
    { "recurrence_list", 1, 4000, "a filter: the visits of one client, active or not" }, { "recurrence_due", 0, 4000, "at most 200 visits of those whose day is within 120 days" },
    { "job_list", 0, 60000, "a stretch of 2,000 jobs, filtered and looked through for words" }, { "job_list_end", 0, 30000, "the end of that stretch" },
    { "job_by_date", 0, 60000, "the same" }, { "job_by_date_end", 0, 30000, "the same" }, { "job_by_changed", 0, 60000, "the same" }, { "job_by_changed_end", 0, 30000, "the same" },
    { "job_waiting", 0, 60000, "the same" }, { "job_waiting_end", 0, 30000, "the same" }, { "job_late", 0, 60000, "the same" }, { "job_late_end", 0, 30000, "the same" },
    { "job_search", 0, 20000, "at most 1,000 rows of the index are looked at, then sorted" }, { "job_search_count", 0, 2100, "it decides which way to search: counts to 1,001" },
    { "job_counts", 0, 250, "two counts that stop at 51" }, { "job_machines", 0, 1000, "at most 300 machines of a client, to choose from" },
    { "job_contacts_named", 0, 500, "at most 200 contacts of a client" },
    { "portal_job_search", 0, 30000, "a stretch of one client's jobs, looked through for words" }, { "portal_job_search_end", 0, 10000, "the end of that stretch" },
    { "portal_asked_lately", 0, 200, "the last sixty are counted" }, { "portal_site_search", 0, 30000, "the same of its sites" }, { "portal_site_search_end", 0, 10000, "the same" },
    { "portal_equipment_search", 0, 30000, "the same of its equipment" }, { "portal_equipment_search_end", 0, 10000, "the same" },
    { "portal_job_list", 2, 5000, "two filters: the jobs of one of them are looked through for the other, among those of one client" },
    { "support_asked_list", 0, 1000, "requests past their time are passed over until the job closes them, within the hour" },
    { "portal_invitation_contacts", 0, 4000, "a stretch of a job: each contact with what is known of the address" },
    { "journal_logs", 0, INT64_MAX, "the proof walks everything" },
    { "journal_logs_written", 0, INT64_MAX, "the proof walks everything" },
    { "journal_stray", 0, INT64_MAX, "the proof walks everything" },
};

static void must_run(const struct query *q, unsigned clauses, struct err *e)
{
    if (e)
        fail_msg("%s (clauses %u, %s): %s", q->name, clauses, q->file, e->detail);
}

/* Rows given, or changed where it gives none. */
static int64_t rows_of(struct world_test *w, struct db *db, const struct query *q, unsigned clauses)
{
    struct doc *rows = NULL;
    int64_t changed = 0;
    const struct param *params = query_params(w, q, clauses);
    must_run(q, clauses, db_begin(db, world_arena(w), q->is_write ? DB_WRITE : DB_READ));
    must_run(q, clauses, db_rows(db, world_arena(w), q, params, &rows));
    db_rollback(db);
    if (!q->is_write || doc_count(rows))
        return (int64_t)doc_count(rows);
    must_run(q, clauses, db_begin(db, world_arena(w), DB_WRITE));
    must_run(q, clauses, db_run(db, world_arena(w), q, params, &changed));
    db_rollback(db);
    return changed;
}

static struct cost cost_of(struct world_test *w, struct db *db, const struct query *q, unsigned clauses)
{
    struct doc *plan = NULL;
    int64_t given = rows_of(w, db, q, clauses);
    must_run(q, clauses, db_begin(db, world_arena(w), q->is_write ? DB_WRITE : DB_READ));
    must_run(q, clauses, db_explain(db, world_arena(w), q, query_params(w, q, clauses), &plan));
    db_rollback(db);
    return (struct cost){ given, doc_int_of(plan, "rows_visited"), doc_int_of(plan, "vm_steps"), doc_text_of(plan, "plan") };
}

WORLD_TEST(every_query_runs_and_finds_something)
{
    int silent = 0;
    queries_fill(w, 0);
    for (const struct query **q = queries_all(w); *q; q++) {
        int64_t most = 0;
        for (unsigned clauses = 0; clauses < query_variants(*q); clauses++) {
            int64_t rows = rows_of(w, world_db(w), *q, clauses);
            most = rows > most ? rows : most;
        }
        bool is_silent = !most && !(store_kind(world_app(w)->store) == DB_SQLITE && strcmp((*q)->name, "file_lock") == 0);
        if (is_silent)
            print_message("%s (%s) gives or changes nothing\n", (*q)->name, (*q)->file);
        silent += is_silent;
    }
    if (silent)
        fail_msg("the values and rows in tests/lib/queries.c prove nothing about %d queries", silent);
}

/* ---- Costs ---- */

/* Of the clauses chosen, those that narrow: not where a page begins, and not the words of a search. */
static int filters_of(const struct query *q, unsigned clauses)
{
    int count = 0;
    for (int i = 0; q->clauses[i]; i++)
        count += clauses >> i & 1 && !text_starts(q->clauses[i], "page_") && !text_starts(q->clauses[i], "word");
    return count;
}

static const struct exception *exception_of(const struct query *q, unsigned clauses)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strcmp(exceptions[i].query, q->name) == 0 && filters_of(q, clauses) >= exceptions[i].clauses)
            return &exceptions[i];
    return NULL;
}

/* "" where the cost is right. */
static const char *cost_fault(struct world_test *w, const struct query *q, unsigned clauses, struct cost small, struct cost large)
{
    const struct exception *known = exception_of(q, clauses);
    int64_t most = known ? known->most : ROWS_EACH * large.given + ROWS_FREE;
    if (large.visited > most)
        return world_text(w, "looks at %lld rows to give %lld", (long long)large.visited, (long long)large.given);
    int64_t times = large.given > small.given ? (large.given + small.given + 1) / (small.given + 1) : 1;
    if (!known && large.steps > 2 * small.steps * times + STEPS_FREE)
        return world_text(w, "takes %lld steps for %lld rows, and took %lld for %lld before the tables grew", (long long)large.steps, (long long)large.given,
            (long long)small.steps, (long long)small.given);
    return "";
}

/* PostgreSQL reads small tables whole, or all that begins alike, and merges them, because that is cheaper. Here the question is whether indexes could answer. */
static struct db *db_by_index(struct world_test *w)
{
    static const char *const off[] = { "enable_seqscan", "enable_mergejoin", "enable_hashjoin", "enable_bitmapscan" };
    for (size_t i = 0; i < sizeof off / sizeof *off && store_kind(world_app(w)->store) == DB_POSTGRESQL; i++)
        world_run_sql(w, world_text(w, "ALTER DATABASE %s SET %s = off", world_value(w, "SELECT current_database()"), off[i]));
    return world_db_new(w, world_arena(w));
}

WORLD_TEST(no_query_looks_at_far_more_than_it_gives)
{
    static struct cost small[QUERIES_MOST][CLAUSES_MOST];
    int faults = 0;
    queries_fill(w, 0);
    struct db *db = db_by_index(w);
    const struct query **all = queries_all(w);
    for (int i = 0; all[i]; i++)
        for (unsigned clauses = 0; clauses < query_variants(all[i]); clauses++)
            small[i][clauses] = cost_of(w, db, all[i], clauses);
    queries_fill(w, store_kind(world_app(w)->store) == DB_POSTGRESQL ? COPIES_POSTGRESQL : COPIES);
    for (int i = 0; all[i]; i++)
        for (unsigned clauses = 0; clauses < query_variants(all[i]); clauses++) {
            struct cost large = cost_of(w, db, all[i], clauses);
            const char *fault = cost_fault(w, all[i], clauses, small[i][clauses], large);
            if (*fault && ++faults <= FAULTS_SHOWN)
                fprintf(stderr, "%s, clauses %u (%s): %s\n%s\n", all[i]->name, clauses, all[i]->file, fault, large.plan);
        }
    db_close(db);
    if (faults)
        fail_msg("%d statements look at far more than they give: is an index missing?", faults);
}

WORLD_MAIN("queries", WORLD_CASE(every_query_runs_and_finds_something), WORLD_CASE(no_query_looks_at_far_more_than_it_gives))
