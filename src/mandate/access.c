#include "mandate/access.h"
#include "base/text.h"
#include "mandate/link.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "mandate/why.h"

static int64_t contact_at(const struct doc *rows, size_t i) { return doc_int_of(doc_at(rows, i), "holder_contact_id"); }

/* What the session has chosen, where there is something to choose (rows are in the order of their contacts). */
static struct err *authority_chosen(struct ctx *c, int64_t org_id, const struct doc *rows, int64_t *contact_id)
{
    struct doc *chosen = NULL;
    size_t count = doc_count(rows);
    if (*contact_id || !c->who.session_id || !count || contact_at(rows, 0) == contact_at(rows, count - 1))
        return NULL;
    TRY(ctx_maybe(c, &sql_session_client_show, PARAMS(P_INT("at_org", org_id)), &chosen));
    *contact_id = doc_int_of(chosen, "contact_id");
    return NULL;
}

struct err *authority_load(struct ctx *c, int64_t org_id, bool as_contact, int64_t contact_id, enum right right)
{
    struct doc *rows = NULL;
    c->who.org_id = c->who.client_id = c->who.contact_id = c->who.member_id = c->who.mandate_id = 0;
    c->who.rights = 0;
    c->who.support_id = c->who.partner_id = 0;
    if (!as_contact && c->who.is_delegating)
        TRY(ctx_rows(c, &sql_authority_of_support, PARAMS(P_INT("at_org", org_id)), &rows));
    if (!doc_count(rows))     /* inside a support session that alone counts, whatever else they are there */
        TRY(ctx_rows(c, as_contact ? &sql_authority_of_contact : &sql_authority_of_member, PARAMS(P_INT("at_org", org_id)), &rows));
    if (as_contact)
        TRY(authority_chosen(c, org_id, rows, &contact_id));
    why_decide(&c->who, rows, org_id, as_contact, contact_id, right);
    return NULL;
}

struct err *authority_choose(struct ctx *c, int64_t contact_id)
{
    struct doc *rows = NULL;
    if (!c->who.session_id)
        return ERR(c->arena, ERR_FORBIDDEN, "only a session chooses");
    TRY(ctx_rows(c, &sql_authority_of_contact, PARAMS(P_INT("at_org", c->who.org_id)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (contact_at(rows, i) == contact_id)
            return ctx_run(c, &sql_session_client_put, PARAMS(P_INT("contact_id", contact_id)));
    return ERR(c->arena, ERR_NOT_FOUND, "not a contact of this person");
}

struct err *authority_hold(struct ctx *c)
{
    int64_t changed = 0;
    if (c->who.link_id)
        return link_hold(c);
    if (c->who.session_id) {
        TRY(ctx_run_any(c, &sql_session_hold, NULL, &changed));
        if (!changed)
            return ERR(c->arena, ERR_SIGN_IN, "the session has ended");
    }
    if (c->who.mandate_id) {
        TRY(ctx_run_any(c, &sql_mandate_hold, NULL, &changed));
        if (!changed)
            return ERR(c->arena, ERR_NOT_FOUND, "the mandate has ended");
    }
    if (c->who.support_id)
        TRY(support_hold(c));
    return NULL;
}

static struct err *holder_add(struct ctx *c, int64_t person_id, int64_t org_id, int64_t mandate_id)
{
    return ctx_run(c, &sql_holder_insert, PARAMS(P_INT("holder_id", person_id), P_INT("org_id", org_id), P_INT("mandate_id", mandate_id)));
}

struct err *access_give(struct ctx *c, int64_t contact_id, const char *part, const char *wording, int64_t *ret_mandate_id)
{
    struct doc *contact = NULL;
    TRY(ctx_row(c, &sql_access_contact, PARAMS(P_INT("contact_id", contact_id)), &contact));
    int64_t holder_id = doc_int_of(contact, "person_id");
    if (!mandate_gives(MANDATE_ACCESS, part))
        return ERR(c->arena, ERR_BAD, "no such part of access: %s", part);
    if (holder_id && holder_id == c->who.person_id)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody widens their own mandate");
    int64_t id = ctx_id(c);
    TRY(ctx_run(c, &sql_access_insert, PARAMS(P_INT("id", id), P_TEXT("part", part), P_ID("holder_id", holder_id),
        P_INT("contact_id", contact_id), P_ID("scope_id", doc_int_of(contact, "client_id")), P_TEXT("wording", wording),
        P_ID("agreed_by", c->who.person_id))));
    if (holder_id)
        TRY(holder_add(c, holder_id, c->who.org_id, id));
    if (ret_mandate_id)
        *ret_mandate_id = id;
    return NULL;
}

struct err *access_take(struct ctx *c, int64_t contact_id, const char *part)
{
    struct doc *contact = NULL;
    TRY(ctx_row(c, &sql_access_contact, PARAMS(P_INT("contact_id", contact_id)), &contact));
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_access_end, PARAMS(P_INT("contact_id", contact_id), P_TEXT("part", part), P_ID("ended_by", c->who.person_id)), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the contact does not have this access");
    return ctx_run_any(c, &sql_holder_purge, PARAMS(P_INT("contact_id", contact_id), P_INT("holder_id", doc_int_of(contact, "person_id"))), NULL);
}

struct err *access_bind(struct ctx *c, int64_t contact_id, int64_t person_id)
{
    const struct param *who = PARAMS(P_INT("contact_id", contact_id), P_INT("holder_id", person_id));
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_access_bind_contact, who, &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the contact belongs to somebody else");
    TRY(ctx_run_any(c, &sql_access_bind_mandates, who, NULL));
    return ctx_run_any(c, &sql_access_bind_holders, who, NULL);
}

struct err *access_parts(struct ctx *c, int64_t contact_id, struct doc **ret_rows)
{
    struct doc *given = NULL;
    const char *part = NULL;
    rights_set rights = 0;
    TRY(ctx_rows(c, &sql_access_list, PARAMS(P_INT("contact_id", contact_id)), &given));
    struct doc *rows = doc_list(c->arena);
    for (size_t i = 0; mandate_gives_at(MANDATE_ACCESS, i, &part, &rights); i++) {
        struct doc *row = NULL;
        for (size_t n = 0; n < doc_count(given) && !row; n++)
            if (text_same(doc_text_of(doc_at(given, n), "part"), part))
                row = doc_at_mut(given, n);
        if (row) {
            doc_set_bool(row, "is_given", true);
        } else {
            row = doc_map(c->arena);
            doc_set_text(row, "part", part);
            doc_set_bool(row, "is_given", false);
        }
        doc_push(rows, row);
    }
    *ret_rows = rows;
    return NULL;
}
