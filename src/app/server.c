#include "app/server.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/calls.h"
#include "app/embedded.h"
#include "app/feature_list.h"
#include "app/sandbox.h"
#include "app/spool.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "draw/draw.h"
#include "mail/mail.h"
#include "picture/picture.h"
#include "tpl/tpl.h"
#include "web/asset.h"
#include "web/inside.h"
#include "work/work.h"

enum { WORK_KINDS_MOST = 64, MAILS_A_TURN = 20 };

struct server {
    struct app app;
    struct settings settings;
    struct store *store;
    struct arena arena;               /* what lives as long as the server */
    struct worker *worker, *slow;     /* what is quick, and what takes its time */
    const struct work_kind *kinds[WORK_KINDS_MOST];
    size_t kind_count;
    struct mail_settings mail;
    atomic_bool is_ending;
    const char *hosts[32];
    int spool_lock;
};

const struct app *server_app(const struct server *server) { return &server->app; }
struct store *server_store(const struct server *server) { return server->store; }

static int64_t server_now(void *arg)
{
    (void)arg;
    return clock_now_ms();
}

static struct err *folder_make(struct arena *a, const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return ERR(a, ERR_INTERNAL, "the folder %s cannot be made: %s", path, strerror(errno));
    return NULL;
}

static struct err *server_folders(struct server *v)
{
    struct arena *a = &v->arena;
    const char *data = v->settings.data;
    v->app.files = arena_printf(a, "%s/files", data);
    v->app.drafts = arena_printf(a, "%s/spool", data);
    TRY(folder_make(a, data));
    TRY(folder_make(a, v->app.files));
    TRY(folder_make(a, v->app.drafts));
    return spool_open(a, v->app.drafts, &v->app.spool, &v->spool_lock);
}

static struct err *server_keys(struct server *v)
{
    const char *path = *v->settings.key_file ? v->settings.key_file : arena_printf(&v->arena, "%s/server.key", v->settings.data);
    TRY(secret_key_load(&v->arena, path, true, &v->app.key));
    secret_mac_begin(&v->app.form_mac, &v->app.key, "form");
    secret_derive(&v->app.file_key, &v->app.key, "file");
    return NULL;
}

static struct err *server_database(struct server *v)
{
    struct arena *a = &v->arena;
    const char *address = settings_database(a, &v->settings);
    struct db *db = NULL;
    int64_t applied = 0;
    TRY(store_open(a, address, &v->store));
    v->app.store = v->store;
    TRY(db_open(v->store, a, &db));
    struct err *e = db_migrate(db, a, embedded_migrations(a), clock_now_ms(), &applied);
    db_close(db);
    return e;
}

static bool server_is_ending(void *arg)
{
    struct server *v = arg;
    return atomic_load(&v->is_ending);
}

/* "__Host-" wants Secure, and browsers grant that to https and to localhost alone. */
static void server_address(struct server *v)
{
    const char *address = v->settings.address;
    v->app.address = address;
    v->app.is_secure = strncmp(address, "https://", 8) == 0 || strncmp(address, "http://localhost", 16) == 0;
    v->app.cookie = v->app.is_secure ? "__Host-mandat" : "mandat";
}

static void server_kinds(struct server *v)
{
    for (const struct feature *const *f = v->app.features; *f; f++)
        for (const struct work_kind *kind = (*f)->works; kind && kind->name && v->kind_count < WORK_KINDS_MOST; kind++)
            v->kinds[v->kind_count++] = kind;
}

struct err *server_open(struct arena *a, const struct settings *s, struct server **ret_server)
{
    struct server *v = calloc(1, sizeof *v);
    if (!v)
        return ERR(a, ERR_INTERNAL, "no memory");
    secret_init();
    unsigned node = 0;
    secret_random(&node, sizeof node);
    id_init(node);
    arena_init(&v->arena, (size_t)256 * 1024 * 1024);
    v->settings = *s;
    v->app.is_demo = s->is_demo;
    v->app.shows_makers = s->shows_makers;
    v->app.features = s->is_demo ? demo_features : features;
    v->app.mail_keep_days = s->mail_keep_days;
    v->app.trace_keep_days = s->trace_keep_days;
    v->app.now_ms = server_now;
    v->app.reply_domain = s->mail_reply_domain;
    v->mail = (struct mail_settings){ s->smtp_url, s->smtp_user, s->smtp_password, s->mail_from, server_is_ending, v };
    server_address(v);
    server_kinds(v);
    *ret_server = v;
    TRY(server_folders(v));
    TRY(server_keys(v));
    TRY(server_database(v));
    struct tpl_set *tpl = NULL;
    v->app.assets = asset_set_new(&v->arena, assets);
    TRY(tpl_set_new(&v->arena, embedded_templates(&v->arena, v->app.assets), embedded_langs(), &tpl));
    v->app.tpl = tpl;
    v->app.traces = traces_open();
    v->app.token_counts = token_counts_open();
    v->app.units = shelf_open();
    v->app.desk = draw_desk_open();
    return NULL;
}

struct err *server_ctx(struct server *v, struct arena *a, struct db *db, struct ctx *ret_ctx)
{
    *ret_ctx = (struct ctx){ .arena = a, .db = db, .now_ms = clock_now_ms(), .doc = doc_map(a), .lang = "fr", .address = v->app.address,
        .reply_domain = v->app.reply_domain, .tpl = v->app.tpl, .key = &v->app.key, .app = &v->app };
    ret_ctx->who.person_name = ret_ctx->who.person_email = "";
    return NULL;
}

/* ---- The worker ---- */

struct job { struct arena arena; struct ctx c; };

static struct ctx *job_open(void *arg)
{
    struct server *v = arg;
    struct job *job = calloc(1, sizeof *job);
    struct db *db = NULL;
    if (!job)
        return NULL;
    arena_init(&job->arena, (size_t)64 * 1024 * 1024);
    if (db_open(v->store, &job->arena, &db) || server_ctx(v, &job->arena, db, &job->c)) {
        arena_free(&job->arena);
        free(job);
        return NULL;
    }
    return &job->c;
}

static void job_close(void *arg, struct ctx *c)
{
    (void)arg;
    struct job *job = (struct job *)((char *)c - offsetof(struct job, c));
    db_close(c->db);
    arena_free(&job->arena);
    free(job);
}

static void job_log(const char *what, const struct err *e)
{
    log_event("work", LOG_TEXT("what", what), LOG_INT("status", e->code), LOG_TEXT("detail", e->detail), LOG_TEXT("where", e->where));
}

static bool job_turn(void *arg, struct ctx *c)
{
    struct server *v = arg;
    struct db *db = c->db;
    struct arena *a = c->arena;
    bool ran = false;
    int sent = 0;
    arena_reset(a);
    struct err *e = server_ctx(v, a, db, c);
    if (!e)
        e = traces_flush(v->app.traces, c);
    if (!e)
        e = work_run_one(c, v->kinds, v->kind_count, &ran);
    if (e)
        job_log("work", e);
    db_rollback(db);
    e = mail_send_due(c, &v->mail, MAILS_A_TURN, &sent);
    if (e)
        job_log("mail", e);
    db_rollback(db);
    return ran || sent == MAILS_A_TURN;
}

/* Slow jobs alone: no mail, no schedule, and nobody waits for it. */
static bool slow_turn(void *arg, struct ctx *c)
{
    struct server *v = arg;
    struct db *db = c->db;
    struct arena *a = c->arena;
    bool ran = false;
    arena_reset(a);
    struct err *e = server_ctx(v, a, db, c);
    if (!e)
        e = work_run_slow(c, v->kinds, v->kind_count, &ran);
    if (e)
        job_log("slow work", e);
    db_rollback(db);
    return ran && !e;
}

/* ---- Serving ---- */

/* What Host may say: the address's own, further names, and the loopback where the server listens there. */
static void server_hosts(struct server *v)
{
    size_t count = 0, most = sizeof v->hosts / sizeof *v->hosts - 4;
    const char *host = strstr(v->settings.address, "://");
    v->hosts[count++] = host ? host + 3 : v->settings.address;
    const char *listen = v->settings.listen, *port = strrchr(listen, ':');
    if (port && (strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0)) {
        v->hosts[count++] = arena_printf(&v->arena, "127.0.0.1%s", port);
        v->hosts[count++] = arena_printf(&v->arena, "localhost%s", port);
    }
    for (const char *p = v->settings.hosts; *p && count < most;) {
        size_t len = strcspn(p, ",");
        if (len)
            v->hosts[count++] = arena_copy(&v->arena, p, len);
        p += len + (p[len] == ',');
    }
    v->hosts[count] = NULL;
}

static void server_wake(void *arg)
{
    struct server *v = arg;
    worker_wake(v->worker);
    worker_wake(v->slow);
}

static void signals_wait(void)
{
    sigset_t set;
    int signal_number = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigwait(&set, &signal_number);
}

static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash != path ? arena_copy(a, path, (size_t)(slash - path)) : slash ? "/" : ".";
}

/* All that is written from here on: the data folder, a database that lies elsewhere, the folder of the socket. */
static struct err *server_fence(struct server *v, struct arena *a)
{
    const struct settings *s = &v->settings;
    const char *writable[4] = { s->data }, *home = getenv("HOME"), *readable[] = { NULL, NULL, NULL };
    size_t count = 1;
    if (!s->sandbox)
        return NULL;
    if (*s->database && store_kind(v->store) == DB_SQLITE)
        writable[count++] = folder_of(a, s->database);
    if (strncmp(s->listen, "unix:", 5) == 0)
        writable[count++] = folder_of(a, s->listen + 5);
    if (home && store_kind(v->store) == DB_POSTGRESQL) {      /* where libpq looks for a password and for certificates */
        readable[0] = arena_printf(a, "%s/.pgpass", home);
        readable[1] = arena_printf(a, "%s/.postgresql", home);
    }
    return sandbox_enter(a, &(struct sandbox_ask){ writable, readable });
}

struct err *server_run(struct server *v, struct arena *a)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);   /* before threads: they inherit it, and sigwait takes the signal */
    signal(SIGPIPE, SIG_IGN);
    server_hosts(v);
    TRY(darkroom_open(a, "/proc/self/exe", &v->app.darkroom));   /* before the fence: it runs a program */
    TRY(server_fence(v, a));              /* and before threads as well: they inherit it */
    struct http_settings settings = { .listen = v->settings.listen, .hosts = v->hosts, .trust_forwarded = v->settings.behind_proxy,
        .workers = (int)v->settings.workers, .queue = 512, .hash_queue = (int)v->settings.hash_queue,
        .connections = (int)v->settings.connections, .idle_s = 60, .drain_bytes = (int64_t)256 * 1024 * 1024, .header_bytes = 16 * 1024 };
    struct worker_calls calls = { job_open, job_close, job_turn, v }, slow_calls = { job_open, job_close, slow_turn, v };
    TRY(worker_open(a, &calls, &v->worker));
    TRY(worker_open(a, &slow_calls, &v->slow));
    v->app.wake = server_wake;
    v->app.wake_arg = v;
    struct http *http = NULL;
    struct err *e = http_open(a, &v->app, &settings, &server_calls, &http);
    if (!e) {
        log_event("serving", LOG_TEXT("address", v->settings.address), LOG_TEXT("listen", v->settings.listen), LOG_INT("port", http_port(http)));
        signals_wait();
        atomic_store(&v->is_ending, true);
        worker_end(v->worker);      /* they and the transport end side by side */
        worker_end(v->slow);
        http_close(http);
    }
    worker_close(v->worker);
    darkroom_end(v->app.darkroom);  /* who ends does not wait for a picture */
    worker_close(v->slow);
    return e;
}

void server_close(struct server *v)
{
    if (!v)
        return;
    if (v->app.spool)
        spool_close(v->app.spool, v->spool_lock);
    traces_close(v->app.traces);
    token_counts_close(v->app.token_counts);
    shelf_close(v->app.units);
    draw_desk_close(v->app.desk);
    darkroom_close(v->app.darkroom);
    if (v->store)
        store_close(v->store);
    arena_free(&v->arena);
    free(v);
}
