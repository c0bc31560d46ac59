#include "app/health.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "web/file.h"
#include "work/work.h"

/* Counters of a running process: the one thing here that is not constant. */
static _Atomic int64_t counts[6], total_us;

void health_count(int status, int64_t took_us)
{
    int class = status / 100;
    if (class < 1 || class > 5)
        class = 0;
    atomic_fetch_add(&counts[class], 1);
    atomic_fetch_add(&total_us, took_us);
}

static struct err *health(struct ctx *c)
{
    reply_bytes(c, "text/plain; charset=utf-8", "ok\n", 3);   /* the gate has begun a transaction: the database answers */
    return NULL;
}

static struct err *metrics(struct ctx *c)
{
    struct buf out;
    buf_init(&out, c->arena, 16 * 1024);
    buf_text(&out, "# HELP mandat_requests_total Requests answered, by class of status.\n# TYPE mandat_requests_total counter\n");
    for (int class = 1; class <= 5; class++)
        buf_printf(&out, "mandat_requests_total{class=\"%dxx\"} %" PRId64 "\n", class, atomic_load(&counts[class]));
    buf_text(&out, "# HELP mandat_request_seconds_total Time spent on requests.\n# TYPE mandat_request_seconds_total counter\n");
    int64_t us = atomic_load(&total_us);
    buf_printf(&out, "mandat_request_seconds_total %" PRId64 ".%06" PRId64 "\n", us / 1000000, us % 1000000);
    reply_bytes(c, "text/plain; version=0.0.4; charset=utf-8", buf_end(&out), out.len);
    return NULL;
}

static const struct route health_routes[] = {
    GET("/health", PUBLIC, health, .is_raw = true),
    GET("/metrics", PUBLIC, metrics, .is_raw = true),
    { 0 },
};

enum { SWEEP_EVERY_MS = 5 * CLOCK_MINUTE_MS };     /* one folder of 256 each time: all of them within a day */

static struct err *file_sweep_run(struct ctx *c, const struct doc *data)
{
    int gone = 0;
    (void)data;
    TRY(file_sweep(c, (int)(c->now_ms / SWEEP_EVERY_MS % 256), &gone));
    if (gone)
        log_event("work", LOG_TEXT("kind", "file_sweep"), LOG_INT("gone", gone));
    return NULL;
}

static struct err *file_drop_run(struct ctx *c, const struct doc *data) { return file_forget(c, doc_text_of(data, "hash")); }

static const struct work_kind health_works[] = {
    { .name = "file_sweep", .run = file_sweep_run, .every_ms = SWEEP_EVERY_MS },
    { .name = "file_drop", .run = file_drop_run },
    { 0 },
};

const struct feature health_feature = { .name = "health", .routes = health_routes, .works = health_works };
