/* Sessions of support: entered with a reason, for an hour at a time, by a collaborator who stays themself. */
#include "base/clock.h"
#include "base/text.h"
#include "mandate/queries.h"
#include "mandate/support.h"

static int64_t least(int64_t a, int64_t b) { return !b || a < b ? a : b; }

/* S-14: each coming and going is a letter to every administrator of the client, with a reason that the collaborator words. */
static struct err *entered_limit(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_support_entered_lately, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_INT("since", c->now_ms - CLOCK_HOUR_MS)), &row));
    return doc_int_of(row, "count") < ENTRIES_AN_HOUR ? NULL : ERR(c->arena, ERR_TOO_MANY, "%d sessions within an hour", ENTRIES_AN_HOUR);
}

/* The session that is open in this session of the browser, or a new one. */
static struct err *session_open(struct ctx *c, int64_t org_id, const struct doc *mandate, int64_t mandate_id, const char *reason, struct doc *row)
{
    struct doc *open = NULL;
    TRY(ctx_maybe(c, &sql_support_session_find, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &open));
    int64_t id = open ? doc_int_of(open, "id") : ctx_id(c);
    doc_set_int(row, "session_id", id);
    doc_set_bool(row, "is_new", !open);
    if (open)
        return NULL;
    TRY(entered_limit(c, org_id, mandate_id));
    TRY(ctx_run_any(c, &sql_support_session_clear, PARAMS(P_INT("at_org", org_id)), NULL));
    TRY(ctx_run(c, &sql_support_session_insert, PARAMS(P_INT("at_org", org_id), P_INT("id", id), P_INT("of_mandate", mandate_id), P_TEXT("reason", reason),
        P_INT("ends_at", least(c->now_ms + SUPPORT_MINUTES * CLOCK_MINUTE_MS, doc_int_of(mandate, "ends_at"))))));
    return ctx_run(c, &sql_support_session_mark, NULL);
}

struct err *support_enter(struct ctx *c, int64_t dossier_id, const char *reason, struct doc **ret_row)
{
    struct doc *dossier = NULL, *mandate = NULL, *row = doc_map(c->arena);
    TRY(ctx_row(c, &sql_support_dossier, PARAMS(P_INT("dossier_id", dossier_id)), &dossier));
    int64_t org_id = doc_int_of(dossier, "client_org_id"), mandate_id = doc_int_of(dossier, "support_id");
    if (!mandate_id)
        return ERR(c->arena, ERR_NOT_FOUND, "no access was agreed to");
    TRY(ctx_row(c, &sql_support_take, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &mandate));
    bool is_mine = doc_int_of(mandate, "holder_person_id") == c->who.person_id && doc_int_of(mandate, "holder_org_id") == c->who.org_id;
    if (!is_mine || !text_same(doc_text_of(mandate, "state"), "active") || doc_int_of(mandate, "ends_at") <= c->now_ms)
        return ERR(c->arena, ERR_NOT_FOUND, "no access of this person's");
    TRY(session_open(c, org_id, mandate, mandate_id, reason, row));
    doc_set_int(row, "org_id", org_id);
    doc_set_int(row, "mandate_id", mandate_id);
    doc_set_text(row, "slug", doc_text_of(dossier, "slug"));
    doc_set_text(row, "name", doc_text_of(dossier, "name"));
    *ret_row = row;
    return NULL;
}

struct err *support_as(struct ctx *c, int64_t support_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_support_session_names, PARAMS(P_INT("support_id", support_id)), &row));
    c->who.support_id = support_id;
    c->who.person_name = doc_text_of(row, "person_name");
    c->who.partner_id = doc_int_of(row, "partner_id");
    c->who.partner_name = doc_text_of(row, "partner_name");
    c->who.support_reason = doc_text_of(row, "reason");
    return NULL;
}

struct err *support_own(struct ctx *c, int64_t org_id, struct doc **ret_row)
{
    return ctx_maybe(c, &sql_support_own, PARAMS(P_INT("at_org", org_id)), ret_row);
}

struct err *support_live_rows(struct ctx *c, struct doc **ret_rows)
{
    *ret_rows = doc_list(c->arena);
    return c->who.member_id ? ctx_rows(c, &sql_support_live_list, NULL, ret_rows) : NULL;
}

struct err *support_hold(struct ctx *c)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_support_hold, PARAMS(P_INT("support_id", c->who.support_id)), &changed));
    return changed ? NULL : ERR(c->arena, ERR_NOT_FOUND, "the support session has ended");
}

struct err *support_prolong(struct ctx *c, int64_t *ret_ends_at)
{
    struct doc *row = NULL;
    int64_t changed = 0;
    TRY(ctx_row(c, &sql_support_session_row, PARAMS(P_INT("support_id", c->who.support_id)), &row));
    int64_t at = least(c->now_ms + SUPPORT_MINUTES * CLOCK_MINUTE_MS, doc_int_of(row, "started_at") + SUPPORT_HOURS_MOST * CLOCK_HOUR_MS);
    *ret_ends_at = least(at, doc_int_of(row, "mandate_ends_at"));
    TRY(ctx_run_any(c, &sql_support_prolong, PARAMS(P_INT("support_id", c->who.support_id), P_INT("ends_at", *ret_ends_at)), &changed));
    return changed ? NULL : ERR(c->arena, ERR_CONFLICT, "the session lasts as long as it may");
}

struct err *support_leave(struct ctx *c) { return ctx_run(c, &sql_support_leave, PARAMS(P_INT("support_id", c->who.support_id))); }

struct err *support_look(struct ctx *c, const char *route, const char *path, const char *remote)
{
    int64_t held = 0;
    TRY(ctx_run_any(c, &sql_mandate_hold, NULL, &held));
    if (!held)
        return ERR(c->arena, ERR_NOT_FOUND, "the mandate has ended");
    return ctx_run(c, &sql_support_look, PARAMS(P_INT("id", ctx_id(c)), P_INT("support_id", c->who.support_id), P_TEXT("route", route), P_TEXT("path", path),
        P_TEXT("remote", remote)));
}

struct err *support_sessions_close(struct ctx *c, struct doc **ret_rows)
{
    TRY(ctx_rows(c, &sql_support_sessions_due, NULL, ret_rows));
    for (size_t i = 0; i < doc_count(*ret_rows); i++) {
        const struct doc *row = doc_at(*ret_rows, i);
        TRY(ctx_run(c, &sql_support_session_close, PARAMS(P_INT("at_org", doc_int_of(row, "org_id")), P_INT("support_id", doc_int_of(row, "id")),
            P_TEXT("why", doc_text_of(row, "ended_why")))));
    }
    return NULL;
}

struct err *support_traces_fade(struct ctx *c, int64_t before_ms, int most, int64_t *ret_gone)
{
    const struct param *old = PARAMS(P_INT("before", before_ms), P_INT("most", most));
    int64_t looks = 0, acts = 0;
    TRY(ctx_run_any(c, &sql_support_traces_fade, old, &looks));
    TRY(ctx_run_any(c, &sql_support_acts_fade, old, &acts));
    *ret_gone = looks > acts ? looks : acts;
    return NULL;
}
