#pragma once
/* Work behind the pages: jobs written in the transaction of an act (or recurring by a schedule), taken by the worker, each run in a
   context and a transaction of its own, retried, done once. On SQLite the worker runs inside `serve`; on PostgreSQL several servers share
   it (SKIP LOCKED). */
#include "mandate/ctx.h"

struct work_kind {
    const char *name;                                   /* "session_purge" */
    struct err *(*run)(struct ctx *c, const struct doc *data);   /* inside a write transaction that the worker commits */
    int64_t every_ms;                                   /* recurring: how often; 0: only when queued */
    int tries;                                          /* then 'failed' and logged; 0: 10 */
    /* A slow kind (queued by work_queue_slow): called before run, outside any transaction, however long it takes; what it hands on is c->own. */
    struct err *(*make)(struct ctx *c, const struct doc *data);
};

struct err *work_queue(struct ctx *c, int64_t org_id, const char *kind, struct doc *data, int64_t run_at_ms) MUST_CHECK;

/* The same for a slow kind: it waits in a queue of its own, for a worker of its own. */
struct err *work_queue_slow(struct ctx *c, int64_t org_id, const char *kind, struct doc *data, int64_t run_at_ms) MUST_CHECK;

/* Runs one due job of the kinds given, in c (not in a transaction). *ret_ran says whether there was one. Used by the worker thread and by tests. */
struct err *work_run_one(struct ctx *c, const struct work_kind *const *kinds, size_t count, bool *ret_ran) MUST_CHECK;

/* The same for slow kinds. While one is made it is nobody else's; should the server die over it, it comes again after a while. */
struct err *work_run_slow(struct ctx *c, const struct work_kind *const *kinds, size_t count, bool *ret_ran) MUST_CHECK;

/* Throws away jobs in a state ("done", "failed") that were due before; the oldest `most` of them. */
struct err *work_purge(struct ctx *c, const char *state, int64_t before_ms, int most, int64_t *ret_gone) MUST_CHECK;

/* The worker: a thread that runs jobs and sends mail, woken by work_wake or once a second. */
struct worker;
struct worker_calls {
    struct ctx *(*ctx_open)(void *arg);       /* a fresh context with its own connection, clock read */
    void (*ctx_close)(void *arg, struct ctx *c);
    bool (*turn)(void *arg, struct ctx *c);   /* one stretch of work; true: there may be more at once */
    void *arg;
};
struct err *worker_open(struct arena *a, const struct worker_calls *calls, struct worker **ret_worker) MUST_CHECK;
void worker_wake(struct worker *w);           /* from any thread, cheap */
void worker_end(struct worker *w);            /* asks it to end; from any thread, at once */
void worker_close(struct worker *w);          /* ends the current stretch, joins */
