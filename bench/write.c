/* Tickets created a second, each with its journal entry and its mail, synced, by threads that act in 1,000 organizations in turn:
   beside the commits a second of the bare database, one row each, with the same settings and as many threads.

       bench_write DATA SECONDS [SYNC_US]     one line of JSON; DATA: a filled demonstration that nobody serves

   SYNC_US makes each sync to disk that much dearer, for both: on machines where it is cheap. The two take turns. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "app/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "features/queries.h"
#include "mandate/access.h"
#include "web/inside.h"

enum { ORGS = 1000, THREADS = 4, ROUNDS = 5 };

struct spot { int64_t org_id, contact_id, type_id, priority_id; const char *target, *cookie; };

struct bench {
    struct server *server;
    struct arena arena;
    struct spot places[ORGS];
    const char *bare_path;
    atomic_int next;            /* organization */
    atomic_bool is_over;
    pthread_barrier_t ready;    /* connections open, statements prepared: time counts from here */
    pthread_mutex_t turn;       /* of the bare database's writers */
};

struct hand { struct bench *b; int64_t done; pthread_t thread; };

static int sync_us;
static atomic_llong syncs, synced_us;

/* Instead of the library's: SQLite calls this one. */
int fdatasync(int fd)
{
    int64_t start = clock_monotonic_us();
    int result = (int)syscall(SYS_fdatasync, fd);
    if (sync_us)
        usleep((unsigned)sync_us);
    atomic_fetch_add(&syncs, 1);
    atomic_fetch_add(&synced_us, clock_monotonic_us() - start);
    return result;
}

static void must(struct err *e)
{
    if (!e)
        return;
    fprintf(stderr, "bench_write: %s (%s)\n", e->detail, e->where);
    exit(1);
}

static void must_sql(int rc, sqlite3 *db)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE)
        return;
    fprintf(stderr, "bench_write: %s\n", sqlite3_errmsg(db));
    exit(1);
}

/* ---- The places ---- */

/* Several runs may use one database. */
static int64_t person_make(struct ctx *c, const char *name)
{
    int64_t id = ctx_id(c);
    const char *email = arena_printf(c->arena, "%lld@mesure.example", (long long)id);
    must(ctx_run(c, &sql_demo_person_insert, PARAMS(P_INT("id", id), P_TEXT("email", email), P_TEXT("email_key", email), P_TEXT("first_name", name),
        P_TEXT("last_name", "Mesure"), P_NULL("password_hash"), P_NULL("password_at"))));
    return id;
}

static void org_make(struct ctx *c, const char *slug)
{
    c->who.org_id = ctx_id(c);
    must(ctx_run(c, &sql_demo_organization_insert, PARAMS(P_INT("id", c->who.org_id), P_TEXT("slug", slug), P_TEXT("name", slug), P_TEXT("name_key", slug), P_TEXT("tagline", ""),
        P_TEXT("legal_name", ""), P_TEXT("siren", ""), P_TEXT("street", ""), P_TEXT("postcode", ""), P_TEXT("city", ""), P_TEXT("email", "a@b.example"),
        P_TEXT("phone", ""), P_TEXT("brand_color", "#0b5563"), P_INT("is_operator", 0), P_INT("is_partner", 0), P_INT("is_portal_open", 1))));
    must(ctx_run(c, &sql_demo_ticket_counter_insert, PARAMS(P_INT("last", 0))));
}

/* A small organization: one member, who gets the mail, one client with one contact, who is signed in. */
static void place_make(struct ctx *c, struct spot *p, int number)
{
    int64_t person_id = person_make(c, "Ada"), staff_id = person_make(c, "Eve");
    c->who.person_id = staff_id;
    const char *slug = arena_printf(c->arena, "mesure-%d-%d", (int)getpid(), number);
    int64_t client_id = ctx_id(c);
    org_make(c, slug);
    *p = (struct spot){ c->who.org_id, ctx_id(c), ctx_id(c), ctx_id(c), arena_printf(c->arena, "/p/%s/tickets", slug) };
    must(ctx_run(c, &sql_demo_type_insert, PARAMS(P_INT("id", p->type_id), P_TEXT("name", "Panne"), P_INT("position", 1))));
    must(ctx_run(c, &sql_demo_priority_insert, PARAMS(P_INT("id", p->priority_id), P_TEXT("name", "Normale"), P_TEXT("tone", "normal"),
        P_INT("position", 1), P_INT("is_default", 1), P_NULL("due_hours"))));
    must(ctx_run(c, &sql_demo_client_insert, PARAMS(P_INT("id", client_id), P_TEXT("number", "C-1"), P_TEXT("kind", "company"), P_TEXT("name", "Client"),
        P_TEXT("name_key", "client"), P_TEXT("siren", ""), P_TEXT("street", ""), P_TEXT("postcode", ""), P_TEXT("city", ""), P_TEXT("email", ""), P_TEXT("phone", ""))));
    must(ctx_run(c, &sql_demo_contact_insert, PARAMS(P_INT("id", p->contact_id), P_INT("client_id", client_id), P_INT("person_id", person_id),
        P_TEXT("first_name", "Ada"), P_TEXT("last_name", "Mesure"), P_TEXT("name_key", "mesure ada"), P_TEXT("job_title", ""),
        P_TEXT("email", "ada@mesure.example"), P_TEXT("email_key", "ada@mesure.example"), P_TEXT("phone", ""), P_TEXT("notes", ""))));
    int64_t member_id = 0;
    must(membership_give(c, p->org_id, staff_id, "administrator", "", &member_id));
    must(access_give(c, p->contact_id, "tickets", "", NULL));
    c->web->reply.headers = NULL;
    must(session_start(c, person_id));
    const char *line = c->web->reply.headers->value;
    p->cookie = arena_copy(c->arena, line, strcspn(line, ";"));
}

static void places_make(struct bench *b, struct db *db)
{
    struct unit u;
    unit_init(&u, server_app(b->server), clock_now_ms());
    u.c.db = db;
    u.c.arena = &b->arena;
    must(db_begin(db, &b->arena, DB_WRITE));
    for (int i = 0; i < ORGS; i++)
        place_make(&u.c, &b->places[i], i);
    must(db_commit(db, &b->arena));
    arena_free(&u.arena);
}

/* ---- Ours ---- */

static void ticket_make(struct bench *b, struct db *db, struct unit *u)
{
    const struct spot *p = &b->places[atomic_fetch_add(&b->next, 1) % ORGS];
    unit_begin(u, server_app(b->server), clock_now_ms());
    struct arena *a = u->c.arena;
    struct pair cookie = { "cookie", p->cookie, NULL }, host = { "host", "localhost:8080", &cookie }, site = { "sec-fetch-site", "same-origin", &host };
    u->web.request = (struct request){ .method = METHOD_POST, .target = p->target, .headers = &site, .remote = "127.0.0.1", .content_length = 1 };
    must(request_target(a, &u->web.request));
    if (life_go(u, db) != LANE_BODY) {
        fprintf(stderr, "bench_write: status %d before the body\n", u->web.reply.status);
        exit(1);
    }
    struct pair fields[] = { { "form_token", form_token_as(&u->c, p->contact_id), &fields[1] }, { "title", "Chambre froide en alarme", &fields[2] },
        { "type_id", arena_printf(a, "%lld", (long long)p->type_id), &fields[3] }, { "priority_id", arena_printf(a, "%lld", (long long)p->priority_id), &fields[4] },
        { "description", "Depuis ce matin, la chambre froide affiche une alarme de température.", NULL } };
    u->web.request.body.fields = fields;
    u->web.request.body.is_complete = true;
    u->web.stage = STAGE_BODY;
    if (life_go(u, db) != LANE_DONE || u->web.reply.status != 303) {
        fprintf(stderr, "bench_write: status %d\n", u->web.reply.status);
        exit(1);
    }
    arena_reset(&u->arena);
}

static void *ours_main(void *arg)
{
    struct hand *h = arg;
    struct arena a;
    struct db *db = NULL;
    struct unit u;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    must(db_open(server_store(h->b->server), &a, &db));
    unit_init(&u, server_app(h->b->server), clock_now_ms());
    ticket_make(h->b, db, &u);
    pthread_barrier_wait(&h->b->ready);
    for (; !h->b->is_over; h->done++)
        ticket_make(h->b, db, &u);
    arena_free(&u.arena);
    db_close(db);
    arena_free(&a);
    return NULL;
}

/* ---- The bare database ---- */

static const char row_text[] = "Depuis ce matin, la chambre froide affiche une alarme de température.";

static sqlite3 *bare_open(const struct bench *b)
{
    sqlite3 *db = NULL;
    must_sql(sqlite3_open_v2(b->bare_path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), db);
    sqlite3_busy_timeout(db, 5000);
    must_sql(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; PRAGMA journal_size_limit=67108864; CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, org_id INTEGER, title TEXT) STRICT",
        NULL, NULL, NULL), db);
    return db;
}

static void row_insert(struct hand *h, sqlite3 *db, sqlite3_stmt *const steps[3])
{
    sqlite3_bind_int64(steps[1], 1, h->done % ORGS);
    sqlite3_bind_text(steps[1], 2, row_text, -1, SQLITE_STATIC);
    pthread_mutex_lock(&h->b->turn);
    for (int i = 0; i < 3; i++) {
        must_sql(sqlite3_step(steps[i]), db);
        sqlite3_reset(steps[i]);
    }
    pthread_mutex_unlock(&h->b->turn);
}

static void *bare_main(void *arg)
{
    static const char *const texts[] = { "BEGIN IMMEDIATE", "INSERT INTO bare (org_id, title) VALUES (?1, ?2)", "COMMIT" };
    struct hand *h = arg;
    sqlite3_stmt *steps[3];
    pthread_mutex_lock(&h->b->turn);
    sqlite3 *db = bare_open(h->b);
    pthread_mutex_unlock(&h->b->turn);
    for (int i = 0; i < 3; i++)
        must_sql(sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &steps[i], NULL), db);
    row_insert(h, db, steps);
    pthread_barrier_wait(&h->b->ready);
    for (; !h->b->is_over; h->done++)
        row_insert(h, db, steps);
    for (int i = 0; i < 3; i++)
        sqlite3_finalize(steps[i]);
    sqlite3_close(db);
    return NULL;
}

/* ---- Turns ---- */

static double run(struct bench *b, double seconds, void *(*hand_main)(void *))
{
    struct hand hands[THREADS];
    int64_t done = 0;
    b->is_over = false;
    pthread_barrier_init(&b->ready, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        hands[i] = (struct hand){ .b = b };
        pthread_create(&hands[i].thread, NULL, hand_main, &hands[i]);
    }
    pthread_barrier_wait(&b->ready);
    int64_t start = clock_monotonic_us();
    usleep((unsigned)(seconds * 1e6));
    b->is_over = true;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(hands[i].thread, NULL);
        done += hands[i].done;
    }
    pthread_barrier_destroy(&b->ready);
    return (double)done * 1e6 / (double)(clock_monotonic_us() - start);
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

static void measure(struct bench *b, double seconds)
{
    double ratios[ROUNDS], tickets[ROUNDS], commits[ROUNDS], ours = 0;
    int64_t ours_syncs = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t before = syncs;
        tickets[i] = run(b, seconds / ROUNDS, ours_main);
        ours += tickets[i] * seconds / ROUNDS;
        ours_syncs += syncs - before;
        commits[i] = run(b, seconds / ROUNDS, bare_main);
        ratios[i] = tickets[i] / commits[i];
    }
    qsort(ratios, ROUNDS, sizeof *ratios, by_size);
    qsort(tickets, ROUNDS, sizeof *tickets, by_size);
    qsort(commits, ROUNDS, sizeof *commits, by_size);
    printf("{\"ratio\":%.3f,\"tickets\":%.1f,\"commits\":%.1f,\"threads\":%d,\"sync_us\":%.1f,\"syncs_a_ticket\":%.2f}\n", ratios[ROUNDS / 2], tickets[ROUNDS / 2], commits[ROUNDS / 2],
        THREADS, (double)synced_us / (double)(syncs ? syncs : 1), (double)ours_syncs / ours);
}

int main(int argc, char **argv)
{
    static struct bench b = { .turn = PTHREAD_MUTEX_INITIALIZER };
    struct settings s = { 0 };
    struct arena settings;
    struct db *db = NULL;
    if (argc < 3)
        return 2;
    sync_us = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
    arena_init(&b.arena, (size_t)256 * 1024 * 1024);
    arena_init(&settings, (size_t)16 * 1024 * 1024);
    log_quiet(1);
    must(settings_read(&settings, &s));
    s.data = argv[1];
    s.is_demo = true;
    must(server_open(&settings, &s, &b.server));
    must(db_open(server_store(b.server), &settings, &db));
    b.bare_path = arena_printf(&settings, "%s/bare.db", argv[1]);
    places_make(&b, db);
    sqlite3 *bare = bare_open(&b);   /* both stay open: the last one that closes a database cleans it up, at a price */
    measure(&b, strtod(argv[2], NULL));
    sqlite3_close(bare);
    db_close(db);
    return 0;
}
