#include <assert.h>
#include "base/clock.h"
#include "web/http_inside.h"

enum { OPEN_AGAIN_US = 1000 * 1000 };

/* What the transport says by itself. */
static struct pair busy_wait = { "Retry-After", "2", NULL };
static struct pair many_wait = { "Retry-After", "5", NULL };
#define PLAIN(text) .type = "text/plain; charset=utf-8", .data = (text), .len = sizeof(text) - 1, .fd = -1
const struct reply reply_bad = { .status = 400, PLAIN("Cette demande n’est pas comprise.\n"), .close = true };
const struct reply reply_busy = { .status = 503, PLAIN("Le serveur est très occupé. Merci de réessayer dans un instant.\n"), .headers = &busy_wait };
const struct reply reply_many = { .status = 429, PLAIN("Trop de demandes à la fois. Merci de réessayer dans un instant.\n"), .headers = &many_wait };

/* Queues */

void queue_init(struct queue *q, int count_max)
{
    *q = (struct queue){ .count_max = count_max };
    q->last = &q->first;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->some, NULL);
}

void queue_free(struct queue *q)
{
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->some);
}

/* Under the lock. */
static void append(struct queue *q, struct exchange *ex)
{
    ex->step = STEP_LANE;
    ex->next = NULL;
    *q->last = ex;
    q->last = &ex->next;
    q->count++;
    pthread_cond_signal(&q->some);
}

bool queue_enter(struct queue *q, struct exchange *ex, bool is_new)
{
    pthread_mutex_lock(&q->lock);
    bool may = !q->is_ended && (!is_new || q->count < q->count_max);
    if (may) {
        MHD_suspend_connection(ex->connection);   /* before a worker can resume it */
        append(q, ex);
    }
    pthread_mutex_unlock(&q->lock);
    return may;
}

/* From one lane to another; already suspended. */
static bool queue_pass(struct queue *q, struct exchange *ex, bool is_bounded)
{
    pthread_mutex_lock(&q->lock);
    bool may = !q->is_ended && (!is_bounded || q->count < q->count_max);
    if (may)
        append(q, ex);
    pthread_mutex_unlock(&q->lock);
    return may;
}

/* Under the lock. */
static struct exchange *take_first(struct queue *q)
{
    struct exchange *ex = q->first;
    q->first = ex->next;
    if (!q->first)
        q->last = &q->first;
    q->count--;
    return ex;
}

/* Waits; NULL where the queue has ended. */
static struct exchange *queue_take(struct queue *q)
{
    struct exchange *ex = NULL;
    pthread_mutex_lock(&q->lock);
    while (!q->first && !q->is_ended)
        pthread_cond_wait(&q->some, &q->lock);
    if (!q->is_ended)
        ex = take_first(q);
    pthread_mutex_unlock(&q->lock);
    return ex;
}

void queue_end(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->is_ended = true;
    pthread_cond_broadcast(&q->some);
    pthread_mutex_unlock(&q->lock);
}

/* Gives the exchange back to libmicrohttpd's thread. Nothing of it may be touched afterwards. */
static void give_back(struct exchange *ex, enum step step)
{
    ex->step = step;
    MHD_resume_connection(ex->connection);
}

static void answer(struct exchange *ex, const struct reply *reply)
{
    ex->reply = reply;
    give_back(ex, STEP_REPLY);
}

void queue_turn_away(struct queue *q)
{
    while (q->first)
        answer(take_first(q), &reply_busy);
}

/* Work */

static void tell_body(struct exchange *ex, struct err *e)
{
    ex->is_body_told = true;
    ex->request->body.is_complete = !e;
    ex->http->calls.unit_body(ex->unit, e);
}

/* True: the body's bytes are to be read. False: the unit knows already how it stands with the body. */
static bool want_body(struct exchange *ex)
{
    const struct http *h = ex->http;
    struct request *r = ex->request;
    struct arena *a = h->calls.unit_arena(ex->unit);
    struct err *e = NULL;
    assert(!ex->is_body_told);
    const struct body_limits *limits = h->calls.unit_limits(ex->unit);
    if (r->content_length == 0) {
        tell_body(ex, NULL);
        return false;
    }
    /* A body that is too large but not out of measure is read all the same: what was typed can then be shown again. */
    bool is_vast = limits && r->content_length > limits->body_bytes && (r->content_length > h->settings.drain_bytes || *request_header(r, "expect"));
    if (!limits)
        e = ERR(a, ERR_BAD, "a body where none is taken");
    else if (is_vast)
        e = ERR(a, ERR_TOO_LARGE, "the body is too large");
    else
        e = body_open(a, request_header(r, "content-type"), limits, &ex->reader);
    if (!e)
        return true;
    tell_body(ex, e);
    return false;
}

/* What a worker needs of its own (a database connection), where it can be had. */
static bool has_own(struct worker *w)
{
    int64_t now_us = clock_monotonic_us();
    if (w->own || (w->failed_us && now_us - w->failed_us < OPEN_AGAIN_US))
        return w->own != NULL;
    w->own = w->http->calls.thread_open(w->http->app);
    w->failed_us = w->own ? 0 : now_us;
    return w->own != NULL;
}

/* Where the exchange goes from lane `lane`. True: on in this thread; false: it was given away. */
static bool go_on(struct worker *w, struct exchange *ex, enum lane lane)
{
    struct http *h = w->http;
    bool is_hash = w->queue == &h->hash;
    switch (lane) {
    case LANE_WORKER:
        if (!is_hash)
            return true;
        if (!queue_pass(&h->work, ex, false))
            answer(ex, &reply_busy);
        return false;
    case LANE_HASH:
        if (is_hash)
            return true;
        if (!queue_pass(&h->hash, ex, true))
            answer(ex, &reply_many);
        return false;
    case LANE_BODY:
        if (!want_body(ex))
            return go_on(w, ex, LANE_WORKER);
        give_back(ex, STEP_BODY);
        return false;
    case LANE_DONE:
        break;
    }
    answer(ex, h->calls.unit_reply(ex->unit));
    return false;
}

static void work(struct worker *w, struct exchange *ex)
{
    const struct http_calls *calls = &w->http->calls;
    if (!has_own(w)) {
        answer(ex, &reply_busy);
        return;
    }
    if (ex->reader && !ex->is_body_told)
        tell_body(ex, body_end(ex->reader, &ex->request->body));
    while (go_on(w, ex, calls->unit_go(ex->unit, w->own)))
        continue;
}

void *worker_main(void *worker)
{
    struct worker *w = worker;
    struct exchange *ex;
    (void)has_own(w);      /* now, and not with the first request: that may come while somebody writes for long, and a new connection waits for its turn (SQLite) */
    while ((ex = queue_take(w->queue)) != NULL)
        work(w, ex);
    if (w->own)
        w->http->calls.thread_close(w->http->app, w->own);
    return NULL;
}
