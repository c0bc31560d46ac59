/* Bearer tokens (RFC 6750): read from the request, counted. What a token may is worked out in src/mandate/token.c and decided by the gate. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "web/inside.h"

enum { COUNTS = 2048, COUNT_TRIES = 8, CALLS_MOST = 600 };   /* calls in a minute, on this server */

/* One table in memory: a write for each call would cost more than the call. Full of others: the first of its places is taken, and that
   token's count begins anew. */
struct count { int64_t token_id, since_ms; int count; };

struct token_counts {
    pthread_mutex_t lock;
    struct count list[COUNTS];
};

struct token_counts *token_counts_open(void)
{
    struct token_counts *counts = calloc(1, sizeof *counts);
    if (counts)
        pthread_mutex_init(&counts->lock, NULL);
    return counts;
}

void token_counts_close(struct token_counts *counts)
{
    if (!counts)
        return;
    pthread_mutex_destroy(&counts->lock);
    free(counts);
}

static bool count_is_over(const struct count *count, int64_t now_ms) { return now_ms - count->since_ms >= CLOCK_MINUTE_MS || now_ms < count->since_ms; }

/* Its own place, else the first that is free. */
static struct count *count_place(struct token_counts *counts, int64_t token_id, int64_t now_ms)
{
    size_t start = (size_t)(((uint64_t)token_id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % COUNTS;
    struct count *place = NULL;
    for (size_t i = 0; i < COUNT_TRIES; i++) {
        struct count *count = &counts->list[(start + i) % COUNTS];
        if (count->token_id == token_id)
            return count;
        if (!place && (!count->token_id || count_is_over(count, now_ms)))
            place = count;
    }
    return place ? place : &counts->list[start];
}

struct err *token_count(struct ctx *c, int64_t token_id)
{
    struct token_counts *counts = c->app->token_counts;
    if (!counts)
        return NULL;
    pthread_mutex_lock(&counts->lock);
    struct count *count = count_place(counts, token_id, c->now_ms);
    if (count->token_id != token_id || count_is_over(count, c->now_ms))
        *count = (struct count){ token_id, c->now_ms, 0 };
    int calls = ++count->count;
    pthread_mutex_unlock(&counts->lock);
    return calls > CALLS_MOST ? ERR(c->arena, ERR_TOO_MANY, "more than %d calls in a minute", CALLS_MOST) : NULL;
}

const char *token_bearer(const struct request *r)
{
    const char *header = request_header(r, "authorization");
    static const char scheme[] = "Bearer ";
    return strncasecmp(header, scheme, sizeof scheme - 1) == 0 ? header + sizeof scheme - 1 : NULL;
}
