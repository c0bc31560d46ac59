/* The worker's thread: one stretch of work after the other, asleep in between until woken or a second has gone. */
#include <pthread.h>
#include <time.h>
#include "work/work.h"

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_woken, is_ending;
    struct worker_calls calls;
};

/* Waits for word, at most a second. False: the end. */
static bool worker_wait(struct worker *w)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    pthread_mutex_lock(&w->lock);
    while (!w->is_woken && !w->is_ending)
        if (pthread_cond_timedwait(&w->wake, &w->lock, &until) != 0)
            break;
    w->is_woken = false;
    bool goes_on = !w->is_ending;
    pthread_mutex_unlock(&w->lock);
    return goes_on;
}

static bool worker_ends(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    bool is_ending = w->is_ending;
    pthread_mutex_unlock(&w->lock);
    return is_ending;
}

static void *worker_run(void *arg)
{
    struct worker *w = arg;
    struct ctx *c = NULL;
    do {
        if (!c)
            c = w->calls.ctx_open(w->calls.arg);   /* the database may be away: tried again each second */
        while (c && !worker_ends(w) && w->calls.turn(w->calls.arg, c))
            ;
    } while (worker_wait(w));
    if (c)
        w->calls.ctx_close(w->calls.arg, c);
    return NULL;
}

struct err *worker_open(struct arena *a, const struct worker_calls *calls, struct worker **ret_worker)
{
    struct worker *w = ARENA_NEW(a, struct worker);
    w->calls = *calls;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, worker_run, w) != 0)
        return ERR(a, ERR_INTERNAL, "the worker's thread cannot start");
    *ret_worker = w;
    return NULL;
}

void worker_wake(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->is_woken = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void worker_end(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->is_ending = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void worker_close(struct worker *w)
{
    worker_end(w);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
}
