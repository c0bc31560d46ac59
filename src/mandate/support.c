/* Support by consent: asked, agreed to, ended. The sessions in it are support_session.c. */
#include "mandate/support.h"
#include "base/clock.h"
#include "base/text.h"
#include "mandate/dossier.h"
#include "mandate/queries.h"

/* ---- Levels and lengths (S-14) ---- */

static int level_rank(const char *level)
{
    static const char *const levels[] = { "read", "management", "accounting" };
    for (int i = 0; i < 3; i++)
        if (text_same(level, levels[i]))
            return i + 1;
    return 0;
}

bool support_level_within(const char *level, const char *most) { return level_rank(level) && level_rank(level) <= level_rank(most); }

bool support_hours_known(int64_t hours)
{
    static const int64_t known[] = { 3, 24, 7 * 24, 30 * 24, 90 * 24, 365 * 24, 0 };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == hours)
            return true;
    return false;
}

bool support_hours_within(int64_t hours, int64_t most) { return support_hours_known(hours) && (most == 0 || (hours != 0 && hours <= most)); }

int64_t support_end_at(int64_t from_ms, int64_t hours) { return from_ms + (hours ? hours * CLOCK_HOUR_MS : LASTING_DAYS * CLOCK_DAY_MS); }

/* ---- Asked ---- */

struct closing { const char *answer, *state, *note; bool is_lasting, is_in_time; };

/* Closes an open request; where it is not granted, its mandate goes with it. ret_row: partner_id, dossier_id, member_id, level, hours, replaces_id. */
static struct err *request_close(struct ctx *c, int64_t org_id, int64_t mandate_id, const struct closing *how, struct doc **ret_row)
{
    TRY(ctx_maybe(c, &sql_support_request_close, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_TEXT("answer", how->answer),
        P_ID("answered_by", c->who.person_id), P_TEXT("note", how->note), P_INT("is_lasting", how->is_lasting), P_ANY("in_time", how->is_in_time, P_INT("in_time", c->now_ms))), ret_row));
    if (!*ret_row)
        return ERR(c->arena, ERR_CONFLICT, "the request was answered already, or taken back");
    if (!how->state)
        return NULL;
    return ctx_run(c, &sql_support_mandate_drop, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_TEXT("state", how->state),
        P_TEXT("why", how->answer), P_ID("ended_by", c->who.person_id)));
}

struct err *support_unask(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *row = NULL;
    TRY(request_close(c, org_id, mandate_id, &(struct closing){ "withdrawn", "expired", "", false, false }, &row));
    return dossier_sync(c, doc_int_of(row, "partner_id"), org_id);
}

/* S-8: each request is a letter to every administrator, so those that come to nothing are limited, as sending one again is. */
static struct err *asked_limit(struct ctx *c, int64_t org_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_support_asked_lately, PARAMS(P_INT("at_org", org_id), P_INT("since", c->now_ms - CLOCK_DAY_MS)), &row));
    return doc_int_of(row, "count") < REQUESTS_A_DAY ? NULL : ERR(c->arena, ERR_TOO_MANY, "%d requests were taken back within a day", REQUESTS_A_DAY);
}

struct err *support_ask(struct ctx *c, const struct support_wish *wish, int64_t *ret_org_id, int64_t *ret_mandate_id)
{
    struct doc *dossier = NULL, *collaborator = NULL, *taken = NULL;
    TRY(ctx_row(c, &sql_support_dossier, PARAMS(P_INT("dossier_id", wish->dossier_id)), &dossier));
    int64_t org_id = doc_int_of(dossier, "client_org_id"), id = ctx_id(c);
    /* The dossier's mandate taken: two requests for it take turns, and its end waits or has won. */
    TRY(ctx_row(c, &sql_support_take, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", doc_int_of(dossier, "mandate_id"))), &taken));
    if (!text_same(doc_text_of(taken, "state"), "active"))
        return ERR(c->arena, ERR_NOT_FOUND, "the dossier has ended");
    TRY(asked_limit(c, org_id));
    TRY(ctx_row(c, &sql_support_dossier, PARAMS(P_INT("dossier_id", wish->dossier_id)), &dossier));
    TRY(ctx_maybe(c, &sql_support_collaborator, PARAMS(P_INT("member_id", wish->member_id)), &collaborator));
    if (!collaborator)
        return ERR(c->arena, ERR_CONFLICT, "no collaborator with a password");
    if (!level_rank(wish->level) || !support_hours_known(wish->hours))
        return ERR(c->arena, ERR_BAD, "no such level or length: %s, %lld", wish->level, (long long)wish->hours);
    if (doc_int_of(dossier, "request_id"))
        TRY(support_unask(c, org_id, doc_int_of(dossier, "request_id")));
    TRY(ctx_run(c, &sql_support_mandate_insert, PARAMS(P_INT("at_org", org_id), P_INT("id", id), P_TEXT("level", wish->level),
        P_INT("holder_id", doc_int_of(collaborator, "person_id")))));
    TRY(ctx_run(c, &sql_support_request_insert, PARAMS(P_INT("at_org", org_id), P_INT("id", id), P_INT("dossier_id", wish->dossier_id), P_INT("member_id", wish->member_id),
        P_TEXT("level", wish->level), P_INT("hours", wish->hours), P_TEXT("reason", wish->reason), P_INT("dies_at", c->now_ms + REQUEST_DAYS * CLOCK_DAY_MS),
        P_ID("replaces_id", doc_int_of(dossier, "support_id")))));
    *ret_org_id = org_id;
    *ret_mandate_id = id;
    return dossier_sync(c, c->who.org_id, org_id);
}

struct err *support_ask_again(struct ctx *c, int64_t mandate_id, int64_t *ret_request_id)
{
    const struct authority kept = c->who;
    struct doc *lasting = NULL;
    int64_t org_id = 0;
    *ret_request_id = 0;
    TRY(ctx_maybe(c, &sql_support_lasting, PARAMS(P_INT("at_org", c->who.org_id), P_INT("of_mandate", mandate_id)), &lasting));
    if (!lasting)
        return NULL;
    c->who.org_id = doc_int_of(lasting, "partner_id");
    c->who.person_id = doc_int_of(lasting, "asked_by");
    struct err *e = support_ask(c, &(struct support_wish){ doc_int_of(lasting, "dossier_id"), doc_int_of(lasting, "member_id"), doc_text_of(lasting, "level"), 0,
        doc_text_of(lasting, "reason") }, &org_id, ret_request_id);
    c->who = kept;
    return e && (e->code == ERR_NOT_FOUND || e->code == ERR_CONFLICT || e->code == ERR_TOO_MANY) ? NULL : e;     /* nothing was written yet */
}

struct err *support_requests_close(struct ctx *c, struct doc **ret_rows)
{
    struct doc *row = NULL;
    TRY(ctx_rows(c, &sql_support_requests_due, NULL, ret_rows));
    for (size_t i = 0; i < doc_count(*ret_rows); i++) {
        const struct doc *due = doc_at(*ret_rows, i);
        int64_t org_id = doc_int_of(due, "org_id");
        TRY(request_close(c, org_id, doc_int_of(due, "mandate_id"), &(struct closing){ "died", "expired", "", false, false }, &row));
        TRY(dossier_sync(c, doc_int_of(row, "partner_id"), org_id));
    }
    return NULL;
}

/* ---- Answered ---- */

struct err *support_refuse(struct ctx *c, int64_t mandate_id, const char *note)
{
    struct doc *row = NULL;
    TRY(request_close(c, c->who.org_id, mandate_id, &(struct closing){ "refused", "refused", note, false, true }, &row));
    return dossier_sync(c, doc_int_of(row, "partner_id"), c->who.org_id);
}

struct err *support_grant(struct ctx *c, const struct support_grant *grant, int64_t *ret_replaced_id)
{
    struct doc *taken = NULL, *request = NULL, *before = NULL, *begun = NULL;
    TRY(ctx_row(c, &sql_support_take, PARAMS(P_INT("at_org", c->who.org_id), P_INT("of_mandate", grant->mandate_id)), &taken));
    if (doc_int_of(taken, "holder_person_id") == c->who.person_id)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody agrees to their own mandate");
    TRY(request_close(c, c->who.org_id, grant->mandate_id, &(struct closing){ "granted", NULL, "", grant->hours == 0, true }, &request));
    if (!support_level_within(grant->level, doc_text_of(request, "level")) || !support_hours_within(grant->hours, doc_int_of(request, "hours")))
        return ERR(c->arena, ERR_BAD, "more than was asked for: %s, %lld", grant->level, (long long)grant->hours);
    int64_t partner_id = doc_int_of(request, "partner_id");
    TRY(ctx_maybe(c, &sql_support_active, PARAMS(P_INT("at_org", c->who.org_id), P_INT("partner_id", partner_id)), &before));
    *ret_replaced_id = before ? doc_int_of(before, "id") : 0;
    if (before)
        TRY(support_end(c, c->who.org_id, *ret_replaced_id, "replaced"));
    TRY(ctx_row(c, &sql_support_mandate_begin, PARAMS(P_INT("of_mandate", grant->mandate_id), P_TEXT("level", grant->level), P_TEXT("wording", grant->wording),
        P_TEXT("how", grant->how), P_INT("ends_at", support_end_at(c->now_ms, grant->hours))), &begun));
    TRY(ctx_run(c, &sql_holder_insert, PARAMS(P_INT("holder_id", doc_int_of(begun, "holder_person_id")), P_INT("org_id", c->who.org_id), P_INT("mandate_id", grant->mandate_id))));
    return dossier_sync(c, partner_id, c->who.org_id);
}

struct err *support_standing(struct ctx *c, int64_t dossier_mandate_id, int64_t *ret_mandate_id)
{
    struct doc *dossier = NULL, *standing = NULL;
    struct param at = P_INT("at_org", c->who.org_id);
    TRY(ctx_row(c, &sql_dossier_mandate, PARAMS(at, P_INT("of_mandate", dossier_mandate_id)), &dossier));
    TRY(ctx_maybe(c, &sql_support_active, PARAMS(at, P_INT("partner_id", doc_int_of(dossier, "holder_org_id"))), &standing));
    *ret_mandate_id = standing ? doc_int_of(standing, "id") : 0;
    return NULL;
}

/* ---- Ended ---- */

struct err *support_ended(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *row = NULL;
    TRY(ctx_run_any(c, &sql_support_sessions_stop, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), NULL));
    TRY(ctx_row(c, &sql_support_mandate, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &row));
    return dossier_sync(c, doc_int_of(row, "holder_org_id"), org_id);
}

struct err *support_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_support_mandate_end, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_ID("ended_by", c->who.person_id), P_TEXT("why", why)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "the access has ended already");
    TRY(ctx_run_any(c, &sql_support_holder_drop, PARAMS(P_INT("holder_id", doc_int_of(row, "holder_person_id")), P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), NULL));
    return support_ended(c, org_id, mandate_id);
}

/* Of one dossier: what this collaborator has there, and what is asked for them. */
static struct err *member_out(struct ctx *c, const struct doc *at, struct doc *ended)
{
    int64_t org_id = doc_int_of(at, "org_id"), support_id = doc_int_of(at, "support_id"), request_id = doc_int_of(at, "request_id");
    if (request_id)
        TRY(support_unask(c, org_id, request_id));
    if (support_id)
        TRY(support_end(c, org_id, support_id, "collaborator removed"));
    struct doc *row = doc_map(c->arena);
    doc_set_int(row, "org_id", org_id);
    doc_set_int(row, "mandate_id", support_id ? support_id : request_id);
    doc_set_int(row, "dossier_id", doc_int_of(at, "dossier_id"));
    doc_set_text(row, "name", doc_text_of(at, "name"));
    doc_set_text(row, "state", support_id ? "active" : "requested");
    doc_push(ended, row);
    return NULL;
}

struct err *support_end_member(struct ctx *c, int64_t member_id, struct doc **ret_rows)
{
    struct doc *ended = doc_list(c->arena), *some = NULL;
    int64_t after = 0;
    do {
        TRY(ctx_rows(c, &sql_support_of_member, PARAMS(P_INT("member_id", member_id), P_INT("after", after)), &some));
        for (size_t i = 0; i < doc_count(some); i++) {
            after = doc_int_of(doc_at(some, i), "org_id");
            TRY(member_out(c, doc_at(some, i), ended));
        }
    } while (doc_count(some));
    *ret_rows = ended;
    return NULL;
}
