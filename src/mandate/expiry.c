/* The end of a mandate, of any kind: by somebody, by its date, by silence, or because what it rests on has gone (M-5). */
#include "mandate/access.h"
#include "base/clock.h"
#include "base/text.h"
#include "mandate/dossier.h"
#include "mandate/link.h"
#include "mandate/queries.h"
#include "mandate/support.h"

struct err *mandate_end(struct ctx *c, int64_t mandate_id, int64_t holder_person_id, const char *why)
{
    struct doc *row = NULL, *ended = NULL;
    TRY(ctx_maybe(c, &sql_mandate_end, PARAMS(P_INT("of_mandate", mandate_id), P_ID("ended_by", c->who.person_id), P_TEXT("ended_why", why)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    TRY(ctx_run_any(c, &sql_mandate_unhold, PARAMS(P_INT("of_mandate", mandate_id), P_INT("holder_id", holder_person_id)), NULL));
    switch (mandate_kind_read(doc_text_of(row, "kind"))) {
    case MANDATE_LINK: return link_ended(c, mandate_id);
    case MANDATE_SUPPORT: return support_ended(c, c->who.org_id, mandate_id);
    case MANDATE_DOSSIER: return dossier_ended(c, c->who.org_id, mandate_id, why);
    case MANDATE_MEMBERSHIP:     /* S-10: what a collaborator may at clients goes with it */
        return text_same(doc_text_of(row, "detail"), "collaborator") ? support_end_member(c, doc_int_of(row, "holder_member_id"), &ended) : NULL;
    default: return NULL;
    }
}

struct err *mandates_due(struct ctx *c, struct doc **ret_rows) { return ctx_rows(c, &sql_mandate_due, NULL, ret_rows); }

/* ---- Requests ---- */

struct err *mandate_answer_by(struct ctx *c, int64_t mandate_id, int64_t at_ms)
{
    return ctx_run(c, &sql_mandate_answer_put, PARAMS(P_INT("of_mandate", mandate_id), P_INT("answer_by", at_ms)));
}

struct err *mandates_unanswered(struct ctx *c, struct doc **ret_rows) { return ctx_rows(c, &sql_mandate_unanswered, NULL, ret_rows); }

struct err *mandate_expire(struct ctx *c, int64_t mandate_id)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_mandate_expire, PARAMS(P_INT("of_mandate", mandate_id)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "was answered in the meantime");
    bool is_dossier = mandate_kind_read(doc_text_of(row, "kind")) == MANDATE_DOSSIER;
    return is_dossier ? dossier_sync(c, doc_int_of(row, "holder_org_id"), c->who.org_id) : NULL;
}

/* ---- Walks: how far the job has come, kept with what it did on the way ---- */

struct walk { const char *name; int64_t at, org_id, mandate_id; };

static struct err *walk_read(struct ctx *c, struct walk *walk)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_mandate_walk_read, PARAMS(P_TEXT("walk", walk->name)), &row));
    if (row)
        *walk = (struct walk){ walk->name, doc_int_of(row, "at"), doc_int_of(row, "org_id"), doc_int_of(row, "mandate_id") };
    return NULL;
}

static struct err *walk_put(struct ctx *c, const struct walk *walk)
{
    return ctx_run(c, &sql_mandate_walk_put, PARAMS(P_TEXT("walk", walk->name), P_INT("walk_at", walk->at), P_INT("walk_org", walk->org_id),
        P_INT("walk_mandate", walk->mandate_id)));
}

/* ---- Warnings ---- */

struct err *mandates_ending(struct ctx *c, int days, int next_days, struct doc **ret_rows)
{
    struct doc *rows = NULL, *ending = doc_list(c->arena);
    struct walk walk = { .name = arena_printf(c->arena, "warning %d", days) };
    TRY(walk_read(c, &walk));
    TRY(ctx_rows(c, &sql_mandate_ending_soon, PARAMS(P_INT("until", c->now_ms + days * CLOCK_DAY_MS), P_INT("walk_at", walk.at),
        P_INT("walk_org", walk.org_id), P_INT("walk_mandate", walk.mandate_id)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        int64_t end = doc_int_of(row, "ends_at");
        walk = (struct walk){ walk.name, end, doc_int_of(row, "org_id"), doc_int_of(row, "id") };
        if (end - doc_int_of(row, "starts_at") > days * CLOCK_DAY_MS && end - c->now_ms > next_days * CLOCK_DAY_MS)
            doc_push(ending, row);
    }
    *ret_rows = ending;
    return doc_count(rows) ? walk_put(c, &walk) : NULL;
}

struct err *mandate_warn(struct ctx *c, int64_t mandate_id, int days, int64_t ends_at, bool *ret_is_new)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_mandate_warning_add, PARAMS(P_INT("of_mandate", mandate_id), P_INT("days", days), P_INT("ends_at", ends_at)), &changed));
    *ret_is_new = changed > 0;
    return NULL;
}

/* ---- The ground ---- */

enum { GROUND_ROWS = 500 };   /* as many as mandate_walk_kind gives */

static const char *ground_of_contact(const struct doc *row)
{
    int64_t scope = doc_int_of(row, "scope_client_id"), client = doc_int_of(row, "contact_client_id");
    return !scope || scope == client ? NULL : client ? "moved" : "placeless";
}

const char *mandate_lost(const struct doc *row)
{
    bool is_contact = doc_int_of(row, "holder_contact_id") != 0;
    switch (mandate_kind_read(doc_text_of(row, "kind"))) {
    case MANDATE_ACCESS:
        return ground_of_contact(row);
    case MANDATE_TOKEN:
        if (is_contact)
            return doc_bool_of(row, "has_access") ? ground_of_contact(row) : "access";
        return doc_bool_of(row, "has_membership") ? NULL : "membership";
    case MANDATE_SUPPORT:
        return doc_bool_of(row, "has_place") ? NULL : "collaborator";
    default:
        return NULL;
    }
}

struct err *mandates_groundless(struct ctx *c, enum mandate_kind kind, struct doc **ret_rows)
{
    struct doc *rows = NULL, *lost = doc_list(c->arena);
    struct walk walk = { .name = arena_printf(c->arena, "ground %s", mandate_word(kind)) };
    TRY(walk_read(c, &walk));
    TRY(ctx_rows(c, &sql_mandate_walk_kind, PARAMS(P_TEXT("of_kind", mandate_word(kind)), P_INT("walk_org", walk.org_id),
        P_INT("walk_mandate", walk.mandate_id)), &rows));
    bool is_at_begin = !walk.org_id;
    walk.org_id = walk.mandate_id = 0;
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        const char *why = mandate_lost(row);
        if (why)
            doc_push(lost, row);
        doc_set_text(row, "why", why ? why : "");
    }
    if (doc_count(rows) == GROUND_ROWS) {
        const struct doc *last = doc_at(rows, doc_count(rows) - 1);
        walk.org_id = doc_int_of(last, "org_id");
        walk.mandate_id = doc_int_of(last, "id");
    }
    *ret_rows = lost;
    return is_at_begin && !walk.org_id ? NULL : walk_put(c, &walk);   /* few: nothing to remember */
}
