#include "app/calls.h"
#include <stdlib.h>
#include "app/health.h"
#include "base/clock.h"
#include "base/log.h"
#include "web/asset.h"
#include "web/inside.h"

/* A thread's own database connection and the memory its errors come from. */
struct own { struct arena arena; struct db *db; };

static void *thread_open(struct app *app)
{
    struct own *own = calloc(1, sizeof *own);
    if (!own)
        return NULL;
    arena_init(&own->arena, (size_t)16 * 1024 * 1024);
    struct err *e = db_open(app->store, &own->arena, &own->db);
    if (!e)
        return own;
    log_event("database", LOG_TEXT("detail", e->detail), LOG_TEXT("where", e->where));
    arena_free(&own->arena);
    free(own);
    return NULL;
}

static void thread_close(struct app *app, void *thread)
{
    (void)app;
    struct own *own = thread;
    db_close(own->db);
    arena_free(&own->arena);
    free(own);
}

/* Units that are done wait here for the next request: their memory is warm, and the thread that ends a request is not the one that
   filled it, which is what malloc likes least. Touched by libmicrohttpd's thread alone. */
enum { UNITS_KEPT = 16 };
struct shelf { struct unit *units[UNITS_KEPT]; int count; };

struct shelf *shelf_open(void)
{
    return calloc(1, sizeof(struct shelf));   /* NULL: nothing is kept */
}

static void unit_free(struct unit *u)
{
    arena_free(&u->arena);
    free(u);
}

void shelf_close(struct shelf *shelf)
{
    while (shelf && shelf->count)
        unit_free(shelf->units[--shelf->count]);
    free(shelf);
}

static struct request *unit_open(struct app *app, void **ret_unit)
{
    struct shelf *shelf = app->units;
    int64_t now_ms = app->now_ms(app->now_arg);
    struct unit *u = shelf && shelf->count ? shelf->units[--shelf->count] : NULL;
    if (u) {
        unit_begin(u, app, now_ms);
    } else {
        u = malloc(sizeof *u);
        if (!u)
            log_die("no memory");
        unit_init(u, app, now_ms);
    }
    *ret_unit = u;
    return &u->web.request;
}

static enum lane unit_go(void *unit, void *thread)
{
    struct own *own = thread;
    return life_go(unit, own->db);
}

static const struct body_limits *unit_limits(void *unit)
{
    struct unit *u = unit;
    return &u->web.limits;
}

static void unit_body(void *unit, struct err *body_error)
{
    struct unit *u = unit;
    u->web.body_error = body_error;
    if (u->web.stage == STAGE_HEAD)
        u->web.stage = STAGE_BODY;
}

static struct reply *unit_reply(void *unit)
{
    struct unit *u = unit;
    return &u->web.reply;
}

static struct arena *unit_arena(void *unit)
{
    struct unit *u = unit;
    return &u->arena;
}

static void unit_close(void *unit)
{
    struct unit *u = unit;
    if (u->web.reply.status)
        health_count(u->web.reply.status, clock_monotonic_us() - u->web.started_us);
    struct shelf *shelf = u->c.app->units;
    if (!shelf || shelf->count == UNITS_KEPT) {
        unit_free(u);
        return;
    }
    arena_reset(&u->arena);
    shelf->units[shelf->count++] = u;
}

static const struct reply *fixed(struct app *app, const struct request *r) { return asset_reply(app->assets, r); }

const struct http_calls server_calls = {
    .thread_open = thread_open, .thread_close = thread_close, .unit_open = unit_open, .unit_go = unit_go, .unit_limits = unit_limits,
    .unit_body = unit_body, .unit_reply = unit_reply, .unit_arena = unit_arena, .unit_close = unit_close, .fixed = fixed,
};
