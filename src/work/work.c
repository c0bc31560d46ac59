#include "work/work.h"
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "work/queries.h"

enum { TRIES = 10, DATA_MOST = 256 * 1024, RECURRING_WAIT_MS = 5 * 60 * 1000, LEASE_MS = 10 * 60 * 1000 };

static struct err *queue(struct ctx *c, int64_t org_id, const char *kind, struct doc *data, int64_t run_at_ms, bool is_slow)
{
    struct buf json;
    buf_init(&json, c->arena, DATA_MOST);
    doc_json(data ? data : doc_map(c->arena), &json);
    if (json.is_full)
        return ERR(c->arena, ERR_INTERNAL, "the data of %s is over its ceiling", kind);
    return ctx_run(c, &sql_work_insert, PARAMS(P_INT("id", ctx_id(c)), P_INT("org_id", org_id), P_TEXT("kind", kind),
        P_TEXT("data", buf_end(&json)), P_INT("is_slow", is_slow), P_INT("run_at", run_at_ms)));
}

struct err *work_queue(struct ctx *c, int64_t org_id, const char *kind, struct doc *data, int64_t run_at_ms) { return queue(c, org_id, kind, data, run_at_ms, false); }
struct err *work_queue_slow(struct ctx *c, int64_t org_id, const char *kind, struct doc *data, int64_t run_at_ms) { return queue(c, org_id, kind, data, run_at_ms, true); }

static const struct work_kind *kind_find(const struct work_kind *const *kinds, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

/* What a job of no kind we know means: another version wrote it. It waits for its turn to fail. */
static struct err *job_run(struct ctx *c, const struct work_kind *kind, const struct doc *job)
{
    struct doc *data = NULL;
    const char *text = doc_text_of(job, "data");
    if (!kind)
        return ERR(c->arena, ERR_INTERNAL, "no such kind of job: %s", doc_text_of(job, "kind"));
    TRY(doc_read_json(c->arena, text, strlen(text), &data));
    c->who.org_id = doc_int_of(job, "org_id");
    TRY(kind->run(c, data));
    return ctx_run(c, &sql_work_done, PARAMS(P_INT("id", doc_int_of(job, "id"))));
}

struct err *work_purge(struct ctx *c, const char *state, int64_t before_ms, int most, int64_t *ret_gone)
{
    return ctx_run_any(c, &sql_work_purge, PARAMS(P_TEXT("of_state", state), P_INT("before", before_ms), P_INT("most", most)), ret_gone);
}

/* The transaction ends here, kept where nothing failed. */
static struct err *act_end(struct ctx *c, struct err *e)
{
    if (!e)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    return e;
}

/* After a rollback: the failure is remembered in a transaction of its own. */
static struct err *job_put_off(struct ctx *c, const struct work_kind *kind, const struct doc *job, const struct err *failure)
{
    int64_t tries = doc_int_of(job, "tries") + 1, most = kind && kind->tries ? kind->tries : TRIES;
    int64_t wait_ms = CLOCK_MINUTE_MS << (tries < 8 ? tries - 1 : 7);
    bool gives_up = tries >= most;
    log_event("work", LOG_TEXT("kind", doc_text_of(job, "kind")), LOG_TEXT("state", gives_up ? "failed" : "put off"), LOG_INT("tries", tries),
        LOG_TEXT("detail", failure->detail), LOG_TEXT("where", failure->where));
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    return act_end(c, ctx_run_any(c, &sql_work_put_off, PARAMS(P_INT("id", doc_int_of(job, "id")), P_TEXT("state", gives_up ? "failed" : "queued"),
        P_INT("run_at", c->now_ms + wait_ms), P_TEXT("last_error", failure->detail)), NULL));
}

static struct err *queued_is_due(struct ctx *c, bool is_slow, bool *ret_is_due)
{
    struct doc *due = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_work_look, PARAMS(P_INT("is_slow", is_slow)), &due);
    db_rollback(c->db);
    *ret_is_due = due != NULL;
    return e;
}

static struct err *queued_run(struct ctx *c, const struct work_kind *const *kinds, size_t count, bool *ret_ran)
{
    struct doc *job = NULL;
    bool is_due = false;
    TRY(queued_is_due(c, false, &is_due));
    if (!is_due)
        return NULL;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = ctx_maybe(c, &sql_work_due, PARAMS(P_INT("is_slow", 0)), &job);
    if (e || !job) {
        db_rollback(c->db);
        return e;
    }
    *ret_ran = true;
    struct authority nobody = c->who;
    const struct work_kind *kind = kind_find(kinds, count, doc_text_of(job, "kind"));
    e = act_end(c, job_run(c, kind, job));
    c->who = nobody;
    return e ? job_put_off(c, kind, job, e) : NULL;
}

/* ---- Slow ones ---- */

/* Taken for a while, in a transaction of its own; NULL: there is none. */
static struct err *slow_take(struct ctx *c, struct doc **ret_job)
{
    bool is_due = false;
    *ret_job = NULL;
    TRY(queued_is_due(c, true, &is_due));
    if (!is_due)
        return NULL;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = ctx_maybe(c, &sql_work_due, PARAMS(P_INT("is_slow", 1)), ret_job);
    if (!e && *ret_job)
        e = ctx_run(c, &sql_work_lease, PARAMS(P_INT("id", doc_int_of(*ret_job, "id")), P_INT("run_at", c->now_ms + LEASE_MS)));
    return act_end(c, e);
}

static struct err *slow_make(struct ctx *c, const struct work_kind *kind, const struct doc *job)
{
    struct doc *data = NULL;
    const char *text = doc_text_of(job, "data");
    c->own = NULL;
    if (!kind || !kind->make)
        return NULL;                    /* job_run says what is wrong */
    TRY(doc_read_json(c->arena, text, strlen(text), &data));
    c->who.org_id = doc_int_of(job, "org_id");
    return kind->make(c, data);
}

struct err *work_run_slow(struct ctx *c, const struct work_kind *const *kinds, size_t count, bool *ret_ran)
{
    struct doc *job = NULL;
    TRY(slow_take(c, &job));
    *ret_ran = job != NULL;
    if (!job)
        return NULL;
    struct authority nobody = c->who;
    const struct work_kind *kind = kind_find(kinds, count, doc_text_of(job, "kind"));
    struct err *e = slow_make(c, kind, job);
    db_rollback(c->db);
    if (!e)
        e = db_begin(c->db, c->arena, DB_WRITE);
    if (!e)
        e = act_end(c, job_run(c, kind, job));
    c->who = nobody;
    return e ? job_put_off(c, kind, job, e) : NULL;
}

/* What recurs: due, or not known yet. Looked at without taking the writer's turn. */
static struct err *recurring_is_due(struct ctx *c, const struct work_kind *kind, bool *ret_is_due)
{
    struct doc *later = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_schedule_due, PARAMS(P_TEXT("kind", kind->name)), &later);
    db_rollback(c->db);
    *ret_is_due = !later;
    return e;
}

/* The row of the schedule, taken until `next_at`; false where another server was faster. */
static struct err *schedule_take(struct ctx *c, const struct work_kind *kind, int64_t next_at, bool *ret_taken)
{
    int64_t taken = 0;
    TRY(ctx_run_any(c, &sql_schedule_add, PARAMS(P_TEXT("kind", kind->name)), NULL));
    TRY(ctx_run_any(c, &sql_schedule_take, PARAMS(P_TEXT("kind", kind->name), P_INT("next_at", next_at)), &taken));
    *ret_taken = taken > 0;
    return NULL;
}

static struct err *recurring_act(struct ctx *c, const struct work_kind *kind, bool *ret_ran)
{
    TRY(schedule_take(c, kind, c->now_ms + kind->every_ms, ret_ran));
    return *ret_ran ? kind->run(c, doc_map(c->arena)) : NULL;
}

/* What failed comes again soon, not at once, and does not keep other jobs from running. */
static struct err *recurring_put_off(struct ctx *c, const struct work_kind *kind, const struct err *failure)
{
    bool taken = false;
    int64_t wait_ms = kind->every_ms < RECURRING_WAIT_MS ? kind->every_ms : RECURRING_WAIT_MS;
    log_event("work", LOG_TEXT("kind", kind->name), LOG_TEXT("state", "put off"), LOG_TEXT("detail", failure->detail), LOG_TEXT("where", failure->where));
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    return act_end(c, schedule_take(c, kind, c->now_ms + wait_ms, &taken));
}

static struct err *recurring_run(struct ctx *c, const struct work_kind *kind, bool *ret_ran)
{
    struct authority nobody = c->who;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = act_end(c, recurring_act(c, kind, ret_ran));
    c->who = nobody;
    return e ? recurring_put_off(c, kind, e) : NULL;
}

/* What recurs goes first, once in its time: a queue that is never empty must not keep it from running. */
struct err *work_run_one(struct ctx *c, const struct work_kind *const *kinds, size_t count, bool *ret_ran)
{
    *ret_ran = false;
    for (size_t i = 0; i < count && !*ret_ran; i++) {
        bool is_due = false;
        if (!kinds[i]->every_ms)
            continue;
        TRY(recurring_is_due(c, kinds[i], &is_due));
        if (is_due)
            TRY(recurring_run(c, kinds[i], ret_ran));
    }
    return *ret_ran ? NULL : queued_run(c, kinds, count, ret_ran);
}
