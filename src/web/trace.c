/* Traces: last use of mandates and sessions. A visit leaves them in a small table in memory; the worker writes them, apart
   from any act. A full table drops the newest: a trace decides nothing. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "web/inside.h"
#include "mandate/queries.h"
#include "web/queries.h"

enum { TRACES_MOST = 4096 };

struct trace { int64_t org_id, mandate_id, session_id, at_ms; bool is_link; };

struct traces {
    pthread_mutex_t lock;
    size_t count;
    struct trace list[TRACES_MOST];
};

struct traces *traces_open(void)
{
    struct traces *t = calloc(1, sizeof *t);
    if (t)
        pthread_mutex_init(&t->lock, NULL);
    return t;
}

void traces_close(struct traces *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void trace_use(const struct app *app, const struct authority *who, int64_t now_ms)
{
    struct traces *t = app->traces;
    if (!t || (!who->session_id && !who->mandate_id))
        return;
    pthread_mutex_lock(&t->lock);
    struct trace *found = NULL;
    for (size_t i = t->count; i > 0 && t->count - i < 64 && !found; i--)   /* the same visitor again: most likely near the end */
        if (t->list[i - 1].session_id == who->session_id && t->list[i - 1].mandate_id == who->mandate_id)
            found = &t->list[i - 1];
    if (!found && t->count < TRACES_MOST)
        found = &t->list[t->count++];
    if (found)
        *found = (struct trace){ who->org_id, who->mandate_id, who->session_id, now_ms, who->link_id != 0 };
    pthread_mutex_unlock(&t->lock);
}

static struct err *trace_write(struct ctx *c, const struct trace *t)
{
    if (t->is_link)
        TRY(ctx_run_any(c, &sql_link_session_seen, PARAMS(P_INT("org_id", t->org_id), P_INT("session_id", t->session_id), P_INT("seen_at", t->at_ms)), NULL));
    else if (t->session_id)
        TRY(ctx_run_any(c, &sql_session_seen, PARAMS(P_INT("session_id", t->session_id), P_INT("seen_at", t->at_ms)), NULL));
    if (!t->mandate_id)
        return NULL;
    return ctx_run_any(c, &sql_mandate_trace_put, PARAMS(P_INT("org_id", t->org_id), P_INT("mandate_id", t->mandate_id), P_INT("used_at", t->at_ms)), NULL);
}

struct err *traces_flush(struct traces *t, struct ctx *c)
{
    pthread_mutex_lock(&t->lock);
    size_t count = t->count;
    struct trace *list = arena_copy(c->arena, t->list, count * sizeof *t->list);
    t->count = 0;
    pthread_mutex_unlock(&t->lock);
    if (!count)
        return NULL;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    for (size_t i = 0; i < count; i++)
        TRY(trace_write(c, &list[i]));
    return db_commit(c->db, c->arena);
}
