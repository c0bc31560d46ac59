/* Processor time of the reference page (the ticket list of a signed-in contact), in process and without HTTP, beside the
   time of its SQL statements alone: the same texts, the same values, by the bare SQLite library, every column read.

       bench_page DATA ROUNDS            one line of JSON: { "page_us", "sql_us", "ratio", "bytes" }

   The two take turns in blocks, so that a machine whose speed drifts slows both; the median of the blocks' ratios counts. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "app/server.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "features/queries.h"
#include "mandate/queries.h"
#include "web/inside.h"
#include "web/queries.h"

enum { BLOCKS = 20, STATEMENTS_MOST = 16, CLIENT_EMAIL_MOST = 100 };

static const char email[] = "claire.delmas@bellerive.example";
static const char target[] = "/p/froid-atlantique/tickets";

struct statement { const struct query *query; sqlite3_stmt *stmt; };

struct bench {
    struct server *server;
    struct arena arena;
    struct db *db;
    sqlite3 *raw;
    const char *cookie;
    int64_t person_id, session_id, org_id, client_id;
    struct statement list[STATEMENTS_MOST];
    int count;
    int64_t bytes;
    struct unit unit;
};

static void must(struct err *e)
{
    if (!e)
        return;
    fprintf(stderr, "bench_page: %s (%s)\n", e->detail, e->where);
    exit(1);
}

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int64_t number_of(struct bench *b, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t number = 0;
    if (sqlite3_prepare_v2(b->raw, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return number;
}

/* A session as the server opens one. */
static void session_make(struct bench *b)
{
    struct unit u;
    unit_init(&u, server_app(b->server), server_app(b->server)->now_ms(NULL));
    u.c.db = b->db;
    must(db_begin(b->db, u.c.arena, DB_WRITE));
    must(session_start(&u.c, b->person_id));
    must(db_commit(b->db, u.c.arena));
    const char *line = u.web.reply.headers->value, *equals = strchr(line, '=');
    b->cookie = arena_copy(&b->arena, line, strcspn(line, ";"));
    (void)equals;
    b->session_id = number_of(b, "SELECT MAX(id) FROM session");
    arena_free(&u.arena);
}

static void page_once(struct bench *b)
{
    const struct app *app = server_app(b->server);
    struct unit *u = &b->unit;      /* used again, as the server does */
    if (u->arena.ceiling_bytes)
        unit_begin(u, app, app->now_ms(app->now_arg));
    else
        unit_init(u, app, app->now_ms(app->now_arg));
    struct pair cookie = { "cookie", b->cookie, NULL }, host = { "host", "localhost:8080", &cookie };
    u->web.request = (struct request){ .method = METHOD_GET, .target = target, .headers = &host, .remote = "127.0.0.1" };
    must(request_target(u->c.arena, &u->web.request));
    if (life_go(u, b->db) != LANE_DONE || u->web.reply.status != 200) {
        fprintf(stderr, "bench_page: status %d\n", u->web.reply.status);
        exit(1);
    }
    b->bytes = (int64_t)u->web.reply.len;
    arena_reset(&u->arena);
}

/* What each name of a parameter stands for on this page. */
static void bind_one(struct bench *b, sqlite3_stmt *stmt, int at, const char *name)
{
    static char hash[2 * SECRET_HASH + 1];
    if (strcmp(name, "hash") == 0) {
        unsigned char bytes[SECRET_HASH];
        const char *value = strchr(b->cookie, '=') + 1;
        secret_sha256(bytes, value, strlen(value));
        snprintf(hash, sizeof hash, "%s", text_hex(&b->arena, bytes, sizeof bytes));
        sqlite3_bind_text(stmt, at, hash, -1, SQLITE_STATIC);
    } else if (strcmp(name, "slug") == 0) {
        sqlite3_bind_text(stmt, at, "froid-atlantique", -1, SQLITE_STATIC);
    } else if (strcmp(name, "now") == 0) {
        sqlite3_bind_int64(stmt, at, server_app(b->server)->now_ms(NULL));
    } else if (strcmp(name, "person") == 0) {
        sqlite3_bind_int64(stmt, at, b->person_id);
    } else if (strcmp(name, "org") == 0 || strcmp(name, "at_org") == 0) {
        sqlite3_bind_int64(stmt, at, b->org_id);
    } else if (strcmp(name, "client") == 0) {
        sqlite3_bind_int64(stmt, at, b->client_id);
    } else {
        sqlite3_bind_int64(stmt, at, strcmp(name, "page_limit") == 0 ? 51 : 0);
    }
}

static void statement_add(struct bench *b, const struct query *q)
{
    struct statement *s = &b->list[b->count++];
    s->query = q;
    if (sqlite3_prepare_v3(b->raw, q->sqlite[0].sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_page: %s: %s\n", q->name, sqlite3_errmsg(b->raw));
        exit(1);
    }
}

static void sql_once(struct bench *b)
{
    static volatile size_t sink;   /* so that nothing read is left out */
    sqlite3_exec(b->raw, "BEGIN", NULL, NULL, NULL);
    for (int i = 0; i < b->count; i++) {
        sqlite3_stmt *stmt = b->list[i].stmt;
        const unsigned char *slots = b->list[i].query->sqlite[0].slots;
        for (int slot = 0; slots[slot] != 255; slot++)
            bind_one(b, stmt, slot + 1, b->list[i].query->params[slots[slot]]);
        while (sqlite3_step(stmt) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_column_count(stmt); column++)
                sink = sink + (sqlite3_column_type(stmt, column) == SQLITE_TEXT ? (size_t)sqlite3_column_text(stmt, column)[0] : (size_t)sqlite3_column_int64(stmt, column));
        sqlite3_reset(stmt);
    }
    sqlite3_exec(b->raw, "COMMIT", NULL, NULL, NULL);
    (void)sink;
    arena_reset(&b->arena);
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

static void measure(struct bench *b, int rounds)
{
    double ratios[BLOCKS], page[BLOCKS], sql[BLOCKS];
    for (int block = 0; block < BLOCKS; block++) {
        double start = cpu_us();
        for (int i = 0; i < rounds; i++)
            page_once(b);
        double middle = cpu_us();
        for (int i = 0; i < rounds; i++)
            sql_once(b);
        page[block] = (middle - start) / rounds;
        sql[block] = (cpu_us() - middle) / rounds;
        ratios[block] = page[block] / sql[block];
    }
    qsort(ratios, BLOCKS, sizeof *ratios, by_size);
    qsort(page, BLOCKS, sizeof *page, by_size);
    qsort(sql, BLOCKS, sizeof *sql, by_size);
    printf("{\"page_us\":%.1f,\"sql_us\":%.1f,\"ratio\":%.3f,\"bytes\":%lld}\n", page[BLOCKS / 2], sql[BLOCKS / 2], ratios[BLOCKS / 2], (long long)b->bytes);
}

int main(int argc, char **argv)
{
    static struct bench b;
    struct settings s = { 0 };
    if (argc < 3)
        return 2;
    arena_init(&b.arena, (size_t)64 * 1024 * 1024);
    log_quiet(1);
    struct arena settings;
    arena_init(&settings, (size_t)16 * 1024 * 1024);
    must(settings_read(&settings, &s));
    s.data = argv[1];
    s.is_demo = true;
    must(server_open(&settings, &s, &b.server));
    must(db_open(server_store(b.server), &settings, &b.db));
    if (sqlite3_open_v2(arena_printf(&settings, "%s/mandat.db", argv[1]), &b.raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return 1;
    sqlite3_exec(b.raw, "PRAGMA cache_size=-32000", NULL, NULL, NULL);
    b.person_id = number_of(&b, arena_printf(&settings, "SELECT id FROM person WHERE email_key = '%s'", email));
    b.org_id = number_of(&b, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    b.client_id = number_of(&b, arena_printf(&settings, "SELECT client_id FROM contact WHERE email_key = '%s'", email));
    session_make(&b);
    b.cookie = arena_text(&settings, b.cookie);
    static const struct query *const page[] = { &sql_session_find, &sql_organization_by_slug, &sql_authority_of_contact, &sql_ticket_list,
        &sql_ticket_contacts, &sql_ticket_priorities, &sql_client_title, &sql_spaces_of_person };
    for (size_t i = 0; i < sizeof page / sizeof *page; i++)
        statement_add(&b, page[i]);
    page_once(&b);
    sql_once(&b);
    measure(&b, (int)strtol(argv[2], NULL, 10));
    return 0;
}
