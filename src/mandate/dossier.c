/* Dossiers: the mandate with the client, and the partner's copy of how things stand. */
#include "mandate/dossier.h"
#include "base/text.h"
#include "mandate/queries.h"
#include "mandate/support.h"

enum { WORDS_MOST = 24 };

static struct err *dossier_words(struct ctx *c, int64_t dossier_id, const char *key)
{
    const char *word;
    for (int count = 0; count < WORDS_MOST && (word = text_word_next(c->arena, &key)); count++)
        TRY(ctx_run_any(c, &sql_dossier_word_add, PARAMS(P_TEXT("word", word), P_INT("dossier_id", dossier_id)), NULL));
    return NULL;
}

struct err *dossier_new(struct ctx *c, int64_t client_org_id, const char *how, const char *wording, int64_t *ret_dossier_id, int64_t *ret_mandate_id)
{
    bool is_born = text_same(how, "born");
    int64_t changed = 0, mandate_id = ctx_id(c);
    struct doc *org = NULL, *row = NULL;
    if (client_org_id == c->who.org_id)
        return ERR(c->arena, ERR_CONFLICT, "an organization is no dossier of its own");
    TRY(ctx_run(c, &sql_dossier_partner_take, NULL));
    TRY(ctx_row(c, &sql_dossier_organization, PARAMS(P_INT("at_org", client_org_id)), &org));
    TRY(ctx_run_any(c, &sql_dossier_mandate_insert, PARAMS(P_INT("at_org", client_org_id), P_INT("id", mandate_id), P_TEXT("state", is_born ? "active" : "requested"),
        P_TEXT("wording", wording), P_ID("agreed_by", is_born ? c->who.person_id : 0), P_TEXT("how", is_born ? "born" : "")), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "is a dossier, or asked to be one already");
    const char *key = text_name_key(c->arena, arena_printf(c->arena, "%s %s", doc_text_of(org, "name"), doc_text_of(org, "city")));
    TRY(ctx_row(c, &sql_dossier_insert, PARAMS(P_INT("at_org", client_org_id), P_INT("id", ctx_id(c)), P_INT("of_mandate", mandate_id),
        P_TEXT("name_key", text_name_key(c->arena, doc_text_of(org, "name"))), P_TEXT("state", is_born ? "none" : "invited")), &row));
    *ret_dossier_id = doc_int_of(row, "id");
    if (ret_mandate_id)
        *ret_mandate_id = mandate_id;
    TRY(dossier_words(c, *ret_dossier_id, key));
    if (is_born)
        TRY(ctx_run_any(c, &sql_dossier_brand_lend, PARAMS(P_INT("at_org", client_org_id), P_INT("partner_id", c->who.org_id)), NULL));
    return dossier_sync(c, c->who.org_id, client_org_id);
}

struct err *dossier_answer(struct ctx *c, int64_t mandate_id, bool is_accepted)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, is_accepted ? &sql_dossier_accept : &sql_dossier_decline, PARAMS(P_INT("of_mandate", mandate_id)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "answered already, or asked no more");
    if (is_accepted)
        TRY(ctx_run_any(c, &sql_dossier_brand_lend, PARAMS(P_INT("at_org", c->who.org_id), P_INT("partner_id", doc_int_of(row, "holder_org_id"))), NULL));
    return dossier_sync(c, doc_int_of(row, "holder_org_id"), c->who.org_id);
}

struct err *dossier_ended(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why)
{
    struct doc *mandate = NULL, *support = NULL, *truth = NULL;
    TRY(ctx_row(c, &sql_dossier_mandate, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &mandate));
    int64_t partner_id = doc_int_of(mandate, "holder_org_id");
    const struct param *both = PARAMS(P_INT("at_org", org_id), P_INT("partner_id", partner_id));
    TRY(ctx_run_any(c, &sql_dossier_brand_drop, both, NULL));
    TRY(ctx_maybe(c, &sql_support_active, both, &support));
    if (support)
        TRY(support_end(c, org_id, doc_int_of(support, "id"), why));
    TRY(ctx_maybe(c, &sql_dossier_truth, both, &truth));
    if (truth && doc_int_of(truth, "request_id"))
        TRY(support_unask(c, org_id, doc_int_of(truth, "request_id")));
    return dossier_sync(c, partner_id, org_id);
}

struct err *dossier_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_dossier_mandate_end, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_ID("ended_by", c->who.person_id), P_TEXT("why", why)),
        &changed));
    return changed ? dossier_ended(c, org_id, mandate_id, why) : ERR(c->arena, ERR_CONFLICT, "the dossier has ended already");
}

/* ---- The first administrator of an organization that the partner made (S-15) ---- */

struct err *dossier_joining(struct ctx *c, int64_t client_org_id, int64_t offer_id)
{
    TRY(ctx_run(c, &sql_dossier_joining_put, PARAMS(P_INT("at_org", client_org_id), P_INT("joining_id", offer_id))));
    return dossier_sync(c, c->who.org_id, client_org_id);
}

struct err *dossier_joined(struct ctx *c, int64_t client_org_id, int64_t offer_id, bool is_accepted, struct doc **ret_row)
{
    TRY(ctx_maybe(c, &sql_dossier_joining_of, PARAMS(P_INT("at_org", client_org_id), P_INT("of_mandate", offer_id)), ret_row));
    if (!*ret_row)
        return NULL;
    if (is_accepted)
        return dossier_sync(c, doc_int_of(*ret_row, "partner_id"), client_org_id);
    return dossier_drop(c, client_org_id, doc_int_of(*ret_row, "mandate_id"), "refused");
}

struct err *dossier_drop(struct ctx *c, int64_t client_org_id, int64_t mandate_id, const char *why)
{
    TRY(dossier_end(c, client_org_id, mandate_id, why));
    return ctx_run(c, &sql_dossier_organization_drop, PARAMS(P_INT("at_org", client_org_id)));
}

struct err *dossier_unask(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_dossier_mandate_drop, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id), P_TEXT("why", why)), &row));
    return row ? dossier_sync(c, doc_int_of(row, "holder_org_id"), org_id) : ERR(c->arena, ERR_CONFLICT, "the client has answered already");
}

/* ---- The partner's copy ---- */

/* Nobody has accepted to be its administrator yet. */
static bool is_waiting(const struct doc *truth)
{
    const char *joining = doc_text_of(truth, "joining_state");
    return *joining && !text_same(joining, "active") && !text_same(joining, "ended");
}

static const char *dossier_state(const struct doc *truth, const struct doc *last)
{
    const char *state = doc_text_of(truth, "dossier_state");
    if (!text_same(state, "active"))
        return text_same(state, "requested") ? "invited" : "left";
    if (is_waiting(truth))
        return "invited";
    if (doc_int_of(truth, "support_id"))
        return "active";
    if (doc_int_of(truth, "request_id"))
        return "asked";
    return !last ? "none" : text_same(doc_text_of(last, "answer"), "refused") ? "refused" : "ended";
}

/* What the copy says: of the access where there is one, else of the request, else of how the last one went. */
struct copy { int64_t member_id, ends_at; const char *level, *reason, *note; bool is_lasting; };

static struct copy copy_from(const struct doc *truth, const struct doc *last)
{
    if (doc_int_of(truth, "support_id"))
        return (struct copy){ doc_int_of(truth, "member_id"), doc_int_of(truth, "ends_at"), doc_text_of(truth, "level"), doc_text_of(truth, "reason"), "",
            doc_bool_of(truth, "is_lasting") };
    if (doc_int_of(truth, "request_id"))
        return (struct copy){ doc_int_of(truth, "request_member_id"), doc_int_of(truth, "dies_at"), doc_text_of(truth, "request_level"),
            doc_text_of(truth, "request_reason"), "", false };
    if (last)
        return (struct copy){ 0, doc_int_of(last, "ended_at"), doc_text_of(last, "level"), "", doc_text_of(last, "note"), false };
    return (struct copy){ 0, 0, "", "", "", false };
}

struct err *dossier_sync(struct ctx *c, int64_t partner_id, int64_t org_id)
{
    struct doc *truth = NULL, *last = NULL;
    const struct param *both = PARAMS(P_INT("partner_id", partner_id), P_INT("at_org", org_id));
    TRY(ctx_maybe(c, &sql_dossier_truth, both, &truth));
    if (!truth)     /* the partner keeps no dossier of it any more */
        return NULL;
    TRY(ctx_maybe(c, &sql_dossier_answer_last, both, &last));
    struct copy now = copy_from(truth, last);
    return ctx_run(c, &sql_dossier_put, PARAMS(P_INT("partner_id", partner_id), P_INT("at_org", org_id), P_TEXT("state", dossier_state(truth, last)),
        P_ID("member_id", now.member_id), P_ID("support_id", doc_int_of(truth, "support_id")), P_ID("request_id", doc_int_of(truth, "request_id")),
        P_ID("request_member_id", doc_int_of(truth, "request_member_id")), P_TEXT("level", now.level), P_INT("is_lasting", now.is_lasting),
        P_ID("ends_at", now.ends_at), P_ID("asked_at", doc_int_of(truth, "asked_at")), P_TEXT("reason", now.reason), P_TEXT("note", now.note)));
}
