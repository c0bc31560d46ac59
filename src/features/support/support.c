/* Support in the client's space: who may come and who is there, the way out, and the jobs that close what is over. */
#include "features/support/support.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/register/register.h"
#include "features/support/support_inside.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "work/work.h"

/* ---- « Accès » of the client (S-11, S-12) ---- */

static struct err *support_index(struct ctx *c)
{
    TRY(doc_rows(c, "requests", &sql_support_asked_list, NULL));
    TRY(doc_rows(c, "accesses", &sql_support_given_list, NULL));
    TRY(support_digest_show(c));
    return doc_page(c, "sessions", &sql_support_session_list, "id", NULL);
}

/* The same line that every page carries, as a document of its own: asked for by the pages that are open. */
static struct err *support_live(struct ctx *c)
{
    struct doc *visits = NULL;
    TRY(support_live_rows(c, &visits));
    doc_set(c->doc, "visits", visits);
    return NULL;
}

/* One session: who, when, why, what was done and what was looked at. */
static struct err *support_visit(struct ctx *c)
{
    static const char *const texts[] = { "reason", "ended_why", "partner_name", "collaborator_name", NULL };
    static const char *const numbers[] = { "id", "mandate_id", "started_at", "ends_at", "ended_at", "act_count", NULL };
    struct doc *row = NULL, *visit = doc_map(c->arena);
    struct param session = P_INT("support_id", path_id(c, "visit"));
    TRY(ctx_row(c, &sql_support_session_show, PARAMS(session), &row));
    doc_pick_texts(visit, row, texts);
    doc_pick_ints(visit, row, numbers);
    doc_set_bool(visit, "is_live", doc_bool_of(row, "is_live"));
    doc_set_bool(visit, "is_standing", doc_bool_of(row, "is_standing"));
    doc_set(c->doc, "visit", visit);
    TRY(doc_page(c, "acts", &sql_support_session_acts, "id", PARAMS(session)));
    TRY(lines_tell(c, doc_get_mut(c->doc, "acts")));
    TRY(doc_rows(c, "looks", &sql_support_session_looks, PARAMS(session)));
    return looks_tell(c, doc_get_mut(c->doc, "looks"));
}

static struct err *support_stop_show(struct ctx *c)
{
    return doc_row(c, "access", &sql_support_given_show, PARAMS(P_INT("of_mandate", path_id(c, "support"))));
}

/* One click: the confirmation is a page that says what ends. */
static struct err *support_stop(struct ctx *c)
{
    int64_t mandate_id = path_id(c, "support");
    struct doc *access = NULL;
    TRY(ctx_row(c, &sql_support_given_show, PARAMS(P_INT("of_mandate", mandate_id)), &access));
    TRY(mandate_end(c, mandate_id, doc_int_of(access, "holder_person_id"), "withdrawn"));
    journal_object(c, "mandate", mandate_id);
    journal_text(c, "collaborator", doc_text_of(access, "collaborator_name"));
    TRY(support_tell_end(c, c->who.org_id, mandate_id, "withdrawn"));
    reply_see(c, "support_ended", "%s/support", web_space(c));
    return NULL;
}

/* ---- Inside a session (S-14) ---- */

static const struct field support_prolong_form[] = { { "back", FIELD_HIDDEN, N_("Page") }, { 0 } };

static struct err *support_prolong_hour(struct ctx *c)
{
    int64_t ends_at = 0;
    struct err *e = support_prolong(c, &ends_at);
    journal_object(c, "support_session", c->who.support_id);
    if (e && e->code == ERR_CONFLICT) {
        journal_skip(c);
        reply_see(c, "support_as_long_as_it_may", "%s", web_back(c));
        return NULL;
    }
    TRY(e);
    journal_number(c, "ends_at", ends_at);
    reply_see(c, "support_prolonged", "%s", web_back(c));
    return NULL;
}

static struct err *support_quit(struct ctx *c)
{
    struct doc *request = NULL;
    TRY(ctx_row(c, &sql_support_request_show, PARAMS(P_INT("at_org", c->who.org_id), P_INT("of_mandate", c->who.mandate_id)), &request));
    TRY(support_leave(c));
    journal_object(c, "support_session", c->who.support_id);
    TRY(support_tell_session(c, c->who.org_id, c->who.mandate_id, "left", c->who.support_reason));
    TRY(session_renew(c));
    reply_see(c, "support_left", "/partner/%s/dossiers", doc_text_of(request, "partner_slug"));
    return NULL;
}

/* ---- Jobs ---- */

static struct err *support_sessions_job(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct doc *rows = NULL;
    struct authority nobody = c->who;
    TRY(support_sessions_close(c, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        int64_t org_id = doc_int_of(row, "org_id");
        c->who = authority_nobody(org_id);
        TRY(support_tell_session(c, org_id, doc_int_of(row, "mandate_id"), "left", ""));
        TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "support_session_over", .object_kind = "support_session", .object_id = doc_int_of(row, "id"), .is_wanted = true }));
    }
    c->who = nobody;
    return NULL;
}

static struct err *support_requests_job(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct doc *rows = NULL;
    struct authority nobody = c->who;
    TRY(support_requests_close(c, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        int64_t org_id = doc_int_of(row, "org_id"), mandate_id = doc_int_of(row, "mandate_id");
        c->who = authority_nobody(org_id);
        TRY(support_tell_died(c, org_id, mandate_id));
        TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "support_request_died", .object_kind = "mandate", .object_id = mandate_id, .is_wanted = true }));
    }
    c->who = nobody;
    return NULL;
}

/* Bounded, since other writers wait; what is left over goes the next time. */
struct err *support_traces_job(struct ctx *c, const struct doc *data)
{
    enum { FADE_MOST = 500, FADE_ROUNDS = 20 };
    int64_t days = c->app && c->app->trace_keep_days ? c->app->trace_keep_days : TRACE_KEEP_DAYS, gone = FADE_MOST;
    (void)data;
    for (int i = 0; i < FADE_ROUNDS && gone == FADE_MOST; i++)
        TRY(support_traces_fade(c, c->now_ms - days * CLOCK_DAY_MS, FADE_MOST, &gone));
    return NULL;
}

static const struct work_kind support_works[] = {
    { "support_sessions", support_sessions_job, CLOCK_MINUTE_MS, 0 },
    { "support_requests", support_requests_job, CLOCK_HOUR_MS, 0 },
    { "support_traces", support_traces_job, CLOCK_HOUR_MS, 0 },
    { "support_digests", support_digests_job, 10 * CLOCK_MINUTE_MS, 0 },
    { 0 },
};

static const struct route support_routes[] = {
    GET ("/account/support/:word",                PUBLIC,          consent_show),
    POST("/account/support/:word",                PUBLIC,          consent_grant, .form = consent_form, AGAIN(consent_show), .prepare = consent_prepare),
    POST("/account/support/:word/refuse",         PUBLIC,          consent_refuse, .form = consent_refuse_form, AGAIN(consent_show), .prepare = consent_prepare),
    POST("/account/support/:word/code",           PUBLIC,          consent_code, AGAIN(consent_show), .prepare = consent_code_prepare),
    GET ("/o/:org/support",                       MANDATE_READ,    support_index),
    GET ("/o/:org/support/requests/:request",     MANDATE_READ,    support_request),
    POST("/o/:org/support/requests/:request",     MANDATE_MANAGE,  support_request_grant, .form = consent_form, AGAIN(support_request)),
    POST("/o/:org/support/requests/:request/refuse", MANDATE_MANAGE, support_request_refuse, .form = consent_refuse_form, AGAIN(support_request)),
    POST("/o/:org/support/digest",                MANDATE_MANAGE,  support_digest, .form = support_digest_form, AGAIN(support_index)),
    GET ("/o/:org/support/live",                  SPACE_OPEN,      support_live, .is_quiet = true),
    GET ("/o/:org/support/sessions/:visit",        MANDATE_READ,    support_visit),
    GET ("/o/:org/support/:support/end",          MANDATE_READ,    support_stop_show),
    POST("/o/:org/support/:support/end",          MANDATE_MANAGE,  support_stop),
    POST("/o/:org/support/prolong",               SUPPORT_SESSION, support_prolong_hour, .form = support_prolong_form),
    POST("/o/:org/support/leave",                 SUPPORT_SESSION, support_quit),
    { 0 },
};

static const struct place support_places[] = { { 'o', RIGHT_MANDATE_READ, "/support", N_("Accès support"), .in_profile = true }, { 0 } };

const struct feature support_feature = { .name = "support", .routes = support_routes, .places = support_places, .works = support_works };
