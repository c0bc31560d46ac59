/* The life of a request: one function, in order. It is called again where a step had to wait for a lane (the body, the
   hashing thread) and goes on where it stood. */
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "mandate/support.h"
#include "web/inside.h"

enum { BODY_BYTES = 256 * 1024, BODY_FILE_BYTES = 20 * 1024 * 1024, BODY_FILES_BYTES = 210 * 1024 * 1024, FILES_USUAL = 10, REFUSALS_AN_HOUR = 300 };

/* Goes on at `stage` when `lane` is free. */
static struct err *life_wait(struct ctx *c, enum stage stage, enum lane lane)
{
    c->web->stage = stage;
    c->web->lane = lane;
    return NULL;
}

/* How the answer is wanted, and how much of a body the route takes. */
static void life_frame(struct ctx *c)
{
    struct web *w = c->web;
    const struct request *r = &w->request;
    int files = 0;
    for (const struct field *f = w->route ? w->route->form : NULL; f && f->name; f++)
        files += f->kind != FIELD_FILES ? 0 : f->max ? f->max : FILES_USUAL;
    w->bearer = token_bearer(r);
    w->is_json = r->is_api || (w->bearer && strcmp(r->extension, "csv") != 0) || strcmp(r->extension, "json") == 0 || text_starts(request_header(r, "accept"), "application/json");
    w->is_csv = strcmp(r->extension, "csv") == 0;
    int64_t standard = files ? BODY_FILES_BYTES : BODY_BYTES;
    w->limits = (struct body_limits){ .body_bytes = w->route && w->route->body_bytes ? w->route->body_bytes : standard, .field_bytes = BODY_BYTES,
        .file_bytes = BODY_FILE_BYTES, .fields = 100, .files = files < FILES_USUAL && files ? FILES_USUAL : files, .spool = c->app->spool };
}

/* GET: the gate has begun the read-only transaction. Anything else: read-write, and the authority once more inside it. */
static struct err *life_begin(struct ctx *c)
{
    if (c->web->route->method == METHOD_GET)
        return NULL;
    c->now_ms = c->app->now_ms(c->app->now_arg);   /* an upload may have taken its time */
    TRY(db_begin(c->db, c->arena, DB_ACT));
    TRY(gate_hold(c));
    return form_once(c);
}

static struct err *life_act(struct ctx *c)
{
    c->doc = doc_map(c->arena);
    if (c->web->is_twice)
        return NULL;
    if (c->web->route->method == METHOD_POST) {
        c->journal.action = c->web->route->name;
        c->journal.is_wanted = true;
    }
    TRY(c->web->route->handler(c));
    if (c->who.support_id)
        c->journal.remote = c->web->request.remote;
    else if (c->journal.is_wanted && c->web->request.remote[0])
        journal_text(c, "from", c->who.link_id ? link_network(c) : c->web->request.remote);
    return form_done(c);
}

/* The connection was lost while committing: what the form leaves behind tells whether the act came about. Asked by leaving it once more,
   which waits for the first to be over. Where that cannot be asked, the answer does not claim to know. */
static bool life_came_about(struct ctx *c, const struct err *lost)
{
    if (!text_starts(lost->detail, "unknown outcome"))
        return false;
    c->web->is_unknown = true;
    if (!c->who.session_id || !c->web->once || db_begin(c->db, c->arena, DB_WRITE))
        return false;
    struct err *e = form_once(c);
    db_rollback(c->db);
    c->web->is_unknown = e != NULL;
    return !e && c->web->is_twice;
}

static struct err *life_commit(struct ctx *c)
{
    if (c->web->route->method == METHOD_GET)   /* the page around the document is read in the same transaction */
        return NULL;
    struct err *e = db_commit(c->db, c->arena);
    if (e && !life_came_about(c, e))
        return e;
    c->web->kept = NULL;
    if (c->app->wake)
        c->app->wake(c->app->wake_arg);
    return NULL;
}

/* Support by consent: that a page was looked at is on record before it is seen (S-12). */
static struct err *life_look(struct ctx *c, const char *page)
{
    if (!c->who.support_id)
        return NULL;
    db_rollback(c->db);
    TRY(db_begin(c->db, c->arena, DB_ACT));
    TRY(gate_lost(c, support_look(c, page, c->web->request.path, c->web->request.remote)));
    return db_commit(c->db, c->arena);
}

static struct err *life(struct ctx *c)
{
    struct web *w = c->web;
    switch (w->stage) {
    case STAGE_HEAD:
        life_frame(c);
        gate_language(c);
        TRY(route_find(c));
        if (!w->route)
            return NULL;
        life_frame(c);
        TRY(gate_open(c));
        if (w->route->method == METHOD_POST)
            return life_wait(c, STAGE_BODY, LANE_BODY);
        __attribute__((fallthrough));
    case STAGE_BODY:
        TRY(form_read(c));
        if (w->route->prepare)
            return life_wait(c, STAGE_PREPARE, LANE_HASH);
        __attribute__((fallthrough));
    case STAGE_PREPARE:
        if (w->route->prepare)
            TRY(w->route->prepare(c));
        __attribute__((fallthrough));
    case STAGE_ACT:
        TRY(life_begin(c));
        TRY(life_act(c));
        TRY(journal_write(c));
        TRY(life_commit(c));
        if (!w->route->is_quiet)
            trace_use(c->app, &c->who, c->now_ms);
        TRY(reply_render(c, w->route->name, w->status ? w->status : 200));
        return w->route->method == METHOD_GET ? life_look(c, w->route->name) : NULL;
    }
    return NULL;
}

/* A wrong input: the page of the form again, with what was typed and what is wrong with it. For a program the page is only read:
   what does not exist is said before what is wrong. */
static struct err *life_again(struct ctx *c, struct err *wrong)
{
    struct web *w = c->web;
    w->is_again = true;
    w->see = NULL;
    c->doc = doc_map(c->arena);
    w->page = doc_map(c->arena);
    TRY(db_begin(c->db, c->arena, DB_READ));
    TRY(gate_again(c));
    TRY(w->route->again(c));
    if (w->is_json || w->bearer)
        return wrong;
    TRY(reply_render(c, w->route->again_name, w->goes_on ? 200 : 422));
    return life_look(c, w->route->again_name);
}

/* A form of a session that has ended (the browser's, or one of support), or of a space that is closed to them now, is still read, so that nothing typed is lost. */
static bool life_reads_on(const struct ctx *c, const struct err *e)
{
    const struct web *w = c->web;
    return (e->code == ERR_SIGN_IN || (e->code == ERR_NOT_FOUND && (w->support_door || w->is_lost))) && w->stage == STAGE_HEAD && w->route && w->route->method == METHOD_POST && w->request.content_length != 0 && !w->is_json && !w->bearer;
}

/* What was tried, as it was tried: where from, at which address, for want of which right. */
static struct err *refusal_write(struct ctx *c)
{
    c->journal = (struct journal_draft){ .action = c->web->route->name, .outcome = "refused", .is_wanted = true };
    journal_text(c, "path", c->web->request.path);
    journal_text(c, "right", right_word(c->web->route->right));
    c->journal.remote = c->web->request.remote;
    TRY(db_begin(c->db, c->arena, DB_ACT));
    TRY(journal_write(c));
    return db_commit(c->db, c->arena);
}

/* S-7: what somebody tries inside a support session without the right to it is on record with the client and the partner, in a transaction of its own,
   and at most so often an hour, so that nobody fills the logs. The answer stays what it is. */
static void life_refused(struct ctx *c, const struct err *e)
{
    if (!c->who.support_id || !c->web->route || (e->code != ERR_FORBIDDEN && !c->web->is_forbidden))
        return;
    const char *session = arena_printf(c->arena, "%lld", (long long)c->who.support_id);
    struct err *wrong = limit_count(c, "refused in support", session, REFUSALS_AN_HOUR, CLOCK_HOUR_MS);
    if (!wrong)
        wrong = refusal_write(c);
    db_rollback(c->db);
    if (wrong && wrong->code != ERR_TOO_MANY)
        log_event("unrecorded", LOG_TEXT("route", c->web->route->name), LOG_TEXT("detail", wrong->detail), LOG_TEXT("where", wrong->where));
    c->journal = (struct journal_draft){ 0 };
}

static void life_fail(struct ctx *c, struct err *e)
{
    struct web *w = c->web;
    db_rollback(c->db);
    file_discard(c);
    c->journal.is_wanted = false;
    life_refused(c, e);
    w->lane = LANE_DONE;
    if (e->code == ERR_INVALID && w->route && w->route->again) {
        e = life_again(c, e);
        if (!e)
            return;
        db_rollback(c->db);
    }
    if (e->code >= ERR_INTERNAL)
        log_event("failed", LOG_TEXT("route", w->route ? w->route->name : ""), LOG_INT("status", e->code), LOG_TEXT("detail", e->detail),
            LOG_TEXT("where", e->where));
    bool is_over = e->code == ERR_SIGN_IN || (e->code == ERR_NOT_FOUND && (w->support_door || w->is_lost));
    if (is_over && w->stage != STAGE_HEAD && w->request.content_length != 0 && !w->is_json)
        w->is_expired = true;   /* the session ended while the form came: what was typed is kept, as where it had ended before */
    reply_refuse(c, e);
}

static void life_log(const struct ctx *c)
{
    log_event("request", LOG_TEXT("route", c->web->route ? c->web->route->name : ""), LOG_INT("status", c->web->reply.status),
        LOG_INT("org_id", c->who.org_id), LOG_INT("person_id", c->who.person_id), LOG_INT("us", clock_monotonic_us() - c->web->started_us));
}

enum lane life_go(struct unit *u, struct db *db)
{
    struct ctx *c = &u->c;
    c->db = db;
    u->web.lane = LANE_DONE;
    enum err_code over = u->web.support_door || u->web.is_lost ? ERR_NOT_FOUND : ERR_SIGN_IN;
    struct err *e = u->web.is_expired ? ERR(c->arena, over, "the session ended before the form came") : life(c);
    if (e && life_reads_on(c, e) && !u->web.is_expired) {
        db_rollback(db);
        u->web.is_expired = true;
        u->web.lane = LANE_BODY;
        u->web.limits.files = 0;
        return LANE_BODY;
    }
    if (e)
        life_fail(c, e);
    if (u->web.lane == LANE_DONE) {
        db_rollback(db);
        life_log(c);
    }
    return u->web.lane;
}

void unit_init(struct unit *u, const struct app *app, int64_t now_ms)
{
    arena_init(&u->arena, (size_t)64 * 1024 * 1024);
    unit_begin(u, app, now_ms);
}

void unit_begin(struct unit *u, const struct app *app, int64_t now_ms)
{
    memset(&u->web, 0, sizeof u->web);
    u->c = (struct ctx){ .arena = &u->arena, .now_ms = now_ms, .lang = "fr", .app = app, .web = &u->web, .key = &app->key,
        .address = app->address, .reply_domain = app->reply_domain, .tpl = app->tpl };
    u->c.queries_used = app->shows_makers ? doc_list(&u->arena) : NULL;
    u->c.doc = doc_map(&u->arena);
    u->web.page = doc_map(&u->arena);
    u->web.reply.fd = -1;
    u->web.request.remote = "";
    u->web.cookie_lang = "";
    u->web.started_us = clock_monotonic_us();
}
