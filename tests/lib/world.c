#include "lib/world.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/embedded.h"
#include "app/feature_list.h"
#include "base/log.h"
#include "base/text.h"
#include "draw/draw.h"
#include "features/demo/demo.h"
#include "lib/look.h"
#include "lib/place.h"
#include "mandate/journal.h"
#include "web/asset.h"
#include "web/filter.h"
#include "work/work.h"

enum { PEOPLE_MOST = 32, KINDS_MOST = 64 };

static const int64_t FIRST_MS = INT64_C(1795354200000);   /* 22 November 2026, 14:30 in Paris */

/* Once for the whole program. */
static struct { bool is_open; struct arena arena; const struct tpl_set *tpl; const struct asset_set *assets; struct draw_desk *desk; } base;

struct signed_in { const char *email; const char *cookie; int64_t session_id; };

struct world_test {
    struct app app;
    struct world_place place;
    struct arena arena;
    struct db *db;
    int64_t now_ms;
    struct signed_in people[PEOPLE_MOST];
    int people_count;
    struct look look;
};

static int64_t world_clock(void *arg)
{
    struct world_test *w = arg;
    return w->now_ms;
}

void must(const struct err *e)
{
    if (e)
        fail_msg("%s (%s)", e->detail, e->where);
}

static void base_open(void)
{
    struct tpl_set *tpl = NULL;
    if (base.is_open)
        return;
    base.is_open = true;
    secret_init();
    if (!getenv("MANDAT_TEST_LOG"))
        log_quiet(1);
    arena_init(&base.arena, (size_t)256 * 1024 * 1024);
    base.assets = asset_set_new(&base.arena, assets);
    must(tpl_set_new(&base.arena, embedded_templates(&base.arena, base.assets), embedded_langs(), &tpl));
    tpl_set_strict(tpl, true);
    base.tpl = tpl;
    base.desk = draw_desk_open();
}

static void app_make(struct world_test *w)
{
    w->app = (struct app){ .features = demo_features, .tpl = base.tpl, .assets = base.assets, .address = "http://localhost:8080", .reply_domain = "reponses.example",
        .cookie = "__Host-mandat", .is_secure = true, .is_demo = true, .desk = base.desk, .now_ms = world_clock, .now_arg = w };
    memset(w->app.key.bytes, 42, sizeof w->app.key.bytes);
    secret_mac_begin(&w->app.form_mac, &w->app.key, "form");
    secret_derive(&w->app.file_key, &w->app.key, "file");
    w->app.files = place_files();
    w->app.spool = w->app.drafts = arena_printf(&w->arena, "%s/spool", w->place.folder);
    mkdir(w->app.spool, 0700);
}

static void ctx_make(struct world_test *w, struct ctx *c)
{
    *c = (struct ctx){ .arena = &w->arena, .db = w->db, .now_ms = w->now_ms, .doc = doc_map(&w->arena), .lang = "fr", .address = w->app.address,
        .reply_domain = w->app.reply_domain, .tpl = base.tpl, .key = &w->app.key, .app = &w->app };
    c->who.person_name = c->who.person_email = "";
}

static void world_fill(struct world_place *p, void *arg)
{
    struct world_test *w = arg;
    struct ctx c;
    int64_t applied = 0;
    app_make(w);
    must(store_open(&w->arena, p->address, &w->app.store));
    must(db_open(w->app.store, &w->arena, &w->db));
    must(db_migrate(w->db, &w->arena, embedded_migrations(&w->arena), w->now_ms, &applied));
    ctx_make(w, &c);
    must(demo_fill(&c, 1));
    db_close(w->db);
    store_close(w->app.store);
}

struct world_test *world_open(enum db_kind kind)
{
    struct world_test *w = calloc(1, sizeof *w);
    base_open();
    w->now_ms = FIRST_MS;
    arena_init(&w->arena, (size_t)512 * 1024 * 1024);
    if (!place_open(&w->place, kind, world_fill, w)) {
        free(w);
        return NULL;
    }
    app_make(w);
    w->look = (struct look){ .kind = kind, .address = w->place.address };
    must(store_open(&w->arena, w->place.address, &w->app.store));
    must(db_open(w->app.store, &w->arena, &w->db));
    return w;
}

void world_pause(struct world_test *w)
{
    db_close(w->db);
    store_close(w->app.store);
    w->db = NULL;
    look_close(&w->look);
    w->look.is_brief = true;
    must(store_open(&w->arena, w->place.address, &w->app.store));    /* opens nothing yet */
}

void world_resume(struct world_test *w)
{
    w->look.is_brief = false;
    must(db_open(w->app.store, &w->arena, &w->db));
}

void world_close(struct world_test *w)
{
    db_close(w->db);
    store_close(w->app.store);
    look_close(&w->look);
    place_close(&w->place);
    arena_free(&w->arena);
    free(w);
}

struct app *world_app(struct world_test *w) { return &w->app; }
struct arena *world_arena(struct world_test *w) { return &w->arena; }
void world_pass(struct world_test *w, int64_t ms) { w->now_ms += ms; }

void world_support_stands(struct world_test *w)
{
    world_run_sql(w, "UPDATE mandate SET ends_at = NULL WHERE kind = 'support'");
    world_run_sql(w, "UPDATE support_request SET dies_at = 9000000000000000000 WHERE answer = ''");
}
int64_t world_now(struct world_test *w) { return w->now_ms; }
struct db *world_db(struct world_test *w) { return w->db; }

const char *world_address(struct world_test *w) { return w->place.address; }
enum db_kind world_kind(struct world_test *w) { return w->place.kind; }
void world_ctx(struct world_test *w, struct ctx *ret_ctx) { ctx_make(w, ret_ctx); }

struct db *world_db_new(struct world_test *w, struct arena *a)
{
    struct db *db = NULL;
    must(db_open(w->app.store, a, &db));
    return db;
}

/* ---- Plain SQL, for looking and for breaking things ---- */

const char *world_try(struct world_test *w, const char *sql)
{
    const char *value = "";
    return look_value(&w->look, &w->arena, sql, &value);
}

const char *world_value(struct world_test *w, const char *sql)
{
    const char *value = "", *wrong = look_value(&w->look, &w->arena, sql, &value);
    if (*wrong)
        fail_msg("%s: %s", sql, wrong);
    return value;
}

void world_run_sql(struct world_test *w, const char *sql) { (void)world_value(w, sql); }

const char *world_text(struct world_test *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *made = arena_vprintf(&w->arena, format, args);
    va_end(args);
    return made;
}

const char *world_digest(struct world_test *w, int64_t but_org_id) { return look_digest(&w->look, &w->arena, but_org_id); }

int64_t world_number(struct world_test *w, const char *sql)
{
    int64_t number = 0;
    const char *value = world_value(w, sql);
    if (!text_int(value, &number))
        fail_msg("no number: %s gives '%s'", sql, value);
    return number;
}

const char *world_state(struct world_test *w)
{
    return world_text(w, "%s%d files, %d in the spool", world_digest(w, 0), world_files_kept(w), world_files_left(w));
}

void world_sound(struct world_test *w)
{
    struct doc *report = NULL;
    must(journal_verify(&w->arena, w->db, &report));
    assert_int_equal(doc_count(doc_get(report, "faults")), 0);
}

int64_t world_person(struct world_test *w, const char *email) { return world_number(w, world_text(w, "SELECT id FROM person WHERE email = '%s'", email)); }

/* ---- People ---- */

/* A session made as the server makes one, through a unit of its own. */
static struct signed_in *person_in(struct world_test *w, const char *who)
{
    for (int i = 0; i < w->people_count; i++)
        if (strcmp(w->people[i].email, who) == 0)
            return &w->people[i];
    assert_true(w->people_count < PEOPLE_MOST);
    const char *sql = arena_printf(&w->arena, "SELECT id FROM person WHERE email_key = '%s'", text_email_key(&w->arena, who));
    int64_t person_id = 0;
    if (!text_int(world_value(w, sql), &person_id))
        fail_msg("nobody in the world has the address %s", who);
    struct unit *u = calloc(1, sizeof *u);
    unit_init(u, &w->app, w->now_ms);
    u->c.db = w->db;
    must(db_begin(w->db, u->c.arena, DB_WRITE));
    must(session_start(&u->c, person_id));
    must(db_commit(w->db, u->c.arena));
    struct signed_in *in = &w->people[w->people_count++];
    in->email = arena_text(&w->arena, who);
    in->cookie = answer_new(&w->arena, &u->web.reply)->cookie;
    text_int(world_value(w, arena_printf(&w->arena, "SELECT MAX(id) FROM session WHERE person_id = %lld", (long long)person_id)), &in->session_id);
    arena_free(&u->arena);
    free(u);
    return in;
}

const char *world_cookie(struct world_test *w, const char *who) { return who ? person_in(w, who)->cookie : ""; }

void world_cookie_keep(struct world_test *w, const char *who, const struct answer *answer) { person_in(w, who)->cookie = answer->cookie; }

const char *world_token(struct world_test *w, const char *who)
{
    struct ctx c;
    ctx_make(w, &c);
    c.who.session_id = who ? person_in(w, who)->session_id : 0;
    return form_token(&c);
}

int world_work(struct world_test *w)
{
    const struct work_kind *kinds[KINDS_MOST];
    size_t count = 0;
    int done = 0;
    for (const struct feature *const *f = w->app.features; *f; f++)
        for (const struct work_kind *kind = (*f)->works; kind && kind->name && count < KINDS_MOST; kind++)
            if (!kind->every_ms)
                kinds[count++] = kind;
    for (bool ran = true; ran; done += ran) {
        struct ctx c;
        ctx_make(w, &c);
        must(work_run_one(&c, kinds, count, &ran));
    }
    for (bool ran = w->app.darkroom != NULL; ran; done += ran) {   /* pictures: only where a test has opened a darkroom */
        struct ctx c;
        ctx_make(w, &c);
        must(work_run_slow(&c, kinds, count, &ran));
    }
    assert_string_equal(world_value(w, "SELECT last_error FROM work WHERE state <> 'done' AND tries > 0"), "");
    return done;
}

struct answer *world_get(struct world_test *w, const char *who, const char *target)
{
    return world_send(w, world_cookie(w, who), METHOD_GET, target, "", "", 0);
}

struct answer *world_post(struct world_test *w, const char *who, const char *target, const char *form)
{
    const char *body = arena_printf(&w->arena, "form_token=%s%s%s", world_token(w, who), *form ? "&" : "", form);
    return world_send(w, world_cookie(w, who), METHOD_POST, target, "application/x-www-form-urlencoded", body, strlen(body));
}

struct answer *world_post_parts(struct world_test *w, const char *who, const char *target, const struct world_part *parts)
{
    struct buf body;
    buf_init(&body, &w->arena, (size_t)128 * 1024 * 1024);
    buf_printf(&body, "--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n", world_token(w, who));
    for (const struct world_part *p = parts; p->name; p++) {
        buf_printf(&body, "--edge\r\nContent-Disposition: form-data; name=\"%s\"", p->name);
        if (p->file_name)
            buf_printf(&body, "; filename=\"%s\"\r\nContent-Type: application/octet-stream", p->file_name);
        buf_text(&body, "\r\n\r\n");
        buf_add(&body, p->data, p->len ? p->len : strlen(p->data));
        buf_text(&body, "\r\n");
    }
    buf_text(&body, "--edge--\r\n");
    return world_send(w, world_cookie(w, who), METHOD_POST, target, "multipart/form-data; boundary=edge", buf_end(&body), body.len);
}

int world_files_left(struct world_test *w)
{
    int count = 0;
    DIR *folder = opendir(w->app.spool);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

/* Below files/ there is one level of folders. */
static int files_below(struct world_test *w, const char *path, int depth)
{
    int count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] != '.')
            count += depth ? files_below(w, world_text(w, "%s/%s", path, entry->d_name), depth - 1) : 1;
    }
    if (folder)
        closedir(folder);
    return count;
}

int world_files_kept(struct world_test *w) { return files_below(w, w->app.files, 1); }

/* ---- Running ---- */

struct world_run { const struct world_case *test; enum db_kind kind; };

static void world_run(void **state)
{
    const struct world_run *run = *state;
    struct world_test *w = world_open(run->kind);
    if (!w) {
        print_message("skipped: MANDAT_TEST_POSTGRESQL names no cluster\n");
        skip();
    }
    run->test->run(w);
    world_close(w);
}

void world_finish(void)
{
    place_finish();
    draw_desk_close(base.desk);
    base.desk = NULL;
    arena_free(&base.arena);
}

int world_main(const char *group, const struct world_case *cases, size_t count)
{
    struct CMUnitTest *tests = calloc(count * 2, sizeof *tests);
    struct world_run *runs = calloc(count * 2, sizeof *runs);
    for (size_t i = 0; i < count * 2; i++) {
        char *name = malloc(200);
        runs[i] = (struct world_run){ &cases[i / 2], i % 2 ? DB_POSTGRESQL : DB_SQLITE };
        snprintf(name, 200, "%s (%s)", cases[i / 2].name, i % 2 ? "postgresql" : "sqlite");
        tests[i] = (struct CMUnitTest){ .name = name, .test_func = world_run, .initial_state = &runs[i] };
    }
    int failed = _cmocka_run_group_tests(group, tests, count * 2, NULL, NULL);
    world_finish();
    for (size_t i = 0; i < count * 2; i++)
        free((void *)(uintptr_t)tests[i].name);
    free(tests);
    free(runs);
    return failed;
}
