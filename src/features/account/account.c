/* The account's page, its sessions, the language; what of it is thrown away; the feature's table. */
#include <string.h>
#include "features/account/account_inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "work/work.h"

static struct err *account_sessions(struct ctx *c)
{
    TRY(doc_rows(c, "sessions", &sql_account_sessions, PARAMS(P_INT("idle_since", c->now_ms - SESSION_IDLE_HOURS * CLOCK_HOUR_MS))));
    struct doc *rows = doc_get_mut(c->doc, "sessions");
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        const char *browser = "", *system = "";
        device_read(doc_text_of(row, "agent"), &browser, &system);
        doc_set_text(row, "browser", browser);
        doc_set_text(row, "system", system);
        doc_set_bool(row, "is_named", *browser && *system);
    }
    doc_set_bool(web_page(c), "has_others", doc_count(rows) > 1);
    return NULL;
}

static struct err *account(struct ctx *c)
{
    form_show(c, password_change_form);
    TRY(doc_row(c, "account", &sql_account_show, NULL));
    return account_sessions(c);
}

static struct err *account_spaces(struct ctx *c)
{
    struct doc *spaces = NULL;
    TRY(spaces_of(c, c->who.person_id, &spaces));
    doc_set(c->doc, "spaces", spaces);
    return NULL;
}

/* The server's own address: on to the first space, or to the door. */
static struct err *root(struct ctx *c)
{
    struct doc *spaces = NULL;
    TRY(spaces_of(c, c->who.person_id, &spaces));
    const char *first = doc_count(spaces) ? doc_text_of(doc_at(spaces, 0), "href") : "/account";
    reply_see(c, NULL, "%s", c->who.person_id ? first : "/sign-in");
    return NULL;
}

/* ---- Sessions ---- */

static struct err *session_close(struct ctx *c)
{
    int64_t session_id = path_id(c, "session");
    TRY(session_end(c, session_id));
    journal_object(c, "session", session_id);
    if (session_id == c->who.session_id)
        reply_see(c, "signed_out", "/sign-in");
    else
        reply_see(c, "session_closed", "/account");
    return NULL;
}

static struct err *sessions_close(struct ctx *c)
{
    TRY(session_end_all(c, c->who.person_id, c->who.session_id));
    journal_object(c, "person", c->who.person_id);
    reply_see(c, "sessions_closed", "/account");
    return NULL;
}

/* ---- Language ---- */

static const struct choice langs[] = { { "fr", "Français" }, { "en", "English" }, { 0 } };

static const struct field language_form[] = {
    { "lang", FIELD_CHOICE, N_("Langue"), REQUIRED, .choices = langs },
    { "back", FIELD_HIDDEN, "", .max = BACK_MAX },
    { 0 },
};

static struct err *language_set(struct ctx *c)
{
    const char *lang = form_text(c, "lang"), *back = form_text(c, "back");
    reply_header(c, "Set-Cookie", arena_printf(c->arena, "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax", lang));
    reply_see(c, NULL, "%s", back_is_fine(back) ? back : "/");
    journal_skip(c);   /* a preference, and open to anybody: no entry that a stranger could write */
    return c->who.person_id ? ctx_run(c, &sql_account_lang_put, PARAMS(P_TEXT("lang", lang))) : NULL;
}

/* ---- The purge: bounded, since other writers wait; what is left over goes the next day ---- */

enum { PURGE_MOST = 500, PURGE_ROUNDS = 20 };

static struct err *purge(struct ctx *c, const struct query *q, int64_t keep_ms)
{
    int64_t changed = PURGE_MOST;
    for (int i = 0; i < PURGE_ROUNDS && changed == PURGE_MOST; i++)
        TRY(ctx_run_any(c, q, PARAMS(P_INT("before", c->now_ms - keep_ms), P_INT("most", PURGE_MOST)), &changed));
    return NULL;
}

static struct err *session_purge(struct ctx *c, const struct doc *data)
{
    (void)data;
    TRY(purge(c, &sql_session_purge, 30 * CLOCK_DAY_MS));
    TRY(purge(c, &sql_form_seen_purge, 2 * CLOCK_DAY_MS));
    TRY(purge(c, &sql_attempt_purge, CLOCK_DAY_MS));
    return purge(c, &sql_link_purge, 30 * CLOCK_DAY_MS);
}

/* Messages and jobs go every hour: there may be many. */
enum { MAIL_KEEP_DAYS = 90, WORK_KEEP_DAYS = 7, FAILED_KEEP_DAYS = 30 };

typedef struct err *throw_away(struct ctx *c, const char *state, int64_t before_ms, int most, int64_t *ret_gone);

static struct err *past_purge(struct ctx *c, throw_away *act, const char *state, int64_t keep_days)
{
    int64_t gone = PURGE_MOST;
    for (int i = 0; i < PURGE_ROUNDS && gone == PURGE_MOST; i++)
        TRY(act(c, state, c->now_ms - keep_days * CLOCK_DAY_MS, PURGE_MOST, &gone));
    return NULL;
}

static struct err *mail_and_work_purge(struct ctx *c, const struct doc *data)
{
    int64_t mail_days = c->app && c->app->mail_keep_days ? c->app->mail_keep_days : MAIL_KEEP_DAYS;
    (void)data;
    TRY(past_purge(c, mail_purge, "sent", mail_days));
    TRY(past_purge(c, mail_purge, "failed", mail_days));
    TRY(past_purge(c, work_purge, "done", WORK_KEEP_DAYS));
    return past_purge(c, work_purge, "failed", FAILED_KEEP_DAYS);
}

static const struct work_kind account_works[] = {
    { .name = "password_mail", .run = password_mail_send },
    { .name = "mail_and_work_purge", .run = mail_and_work_purge, .every_ms = CLOCK_HOUR_MS },
    { .name = "session_purge", .run = session_purge, .every_ms = CLOCK_DAY_MS },
    { 0 },
};

static const struct route account_routes[] = {
    GET ("/",                              PUBLIC, root),
    GET ("/p/:portal/sign-in",             PUBLIC, portal_sign_in),
    POST("/p/:portal/sign-in",             PUBLIC, session_open, .form = sign_in_form, AGAIN(portal_sign_in), .prepare = session_open_prepare),
    GET ("/sign-in",                       PUBLIC, sign_in),
    POST("/sign-in",                       PUBLIC, session_open, .form = sign_in_form, AGAIN(sign_in), .prepare = session_open_prepare),
    POST("/sign-out",                      SELF,   sign_out),
    GET ("/account",                       SELF,   account),
    GET ("/account/spaces",                SELF,   account_spaces),
    POST("/account/sessions/end-others",   SELF,   sessions_close),
    POST("/account/sessions/:session/end", SELF,   session_close),
    POST("/account/password",              SELF,   password_change, .form = password_change_form, AGAIN(account), .prepare = password_change_prepare),
    GET ("/account/password/forgot",       PUBLIC, password_forgot),
    POST("/account/password/forgot",       PUBLIC, password_mail, .form = password_forgot_form, AGAIN(password_forgot), .prepare = password_mail_prepare),
    GET ("/account/password/:word",        PUBLIC, password_set_show),
    POST("/account/password/:word",        PUBLIC, password_set, .form = password_set_form, AGAIN(password_set_show), .prepare = password_set_prepare),
    POST("/language",                      PUBLIC, language_set, .form = language_form, .is_for_all = true),
    { 0 },
};

const struct feature account_feature = { .name = "account", .routes = account_routes, .works = account_works };
