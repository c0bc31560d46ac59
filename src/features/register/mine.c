/* What a person may, wherever it lies, and giving it up (M-1, S-11). The sheet stays theirs after the end: it is their receipt. */
#include "base/text.h"
#include "features/register/inside.h"
#include "mandate/queries.h"
#include "features/register/tell.h"
#include "mandate/access.h"
#include "mandate/journal.h"

static const char BASE[] = "/account/mandates";

struct err *mandate_mine(struct ctx *c)
{
    static const struct choice states[] = { { "active", N_("En vigueur") }, { "ended", N_("Terminés") }, { 0 } };
    struct param state = register_state(c, states);
    doc_set_bool(web_page(c), "is_ended_tab", text_same(state.data, "ended"));
    TRY(doc_page(c, "mandates", &sql_register_mine, "id", PARAMS(state)));
    struct doc *rows = doc_get_mut(c->doc, "mandates");
    for (size_t i = 0; i < doc_count(rows); i++) {
        names_hide(c, doc_at_mut(rows, i));
        card_fill(c, doc_at_mut(rows, i), BASE);
        doc_set_bool(doc_at_mut(rows, i), "can_end", text_same(state.data, "active"));
    }
    return NULL;
}

static struct err *own_row(struct ctx *c, int64_t *ret_org_id)
{
    TRY(doc_row(c, "mandate", &sql_register_own, PARAMS(P_INT("of_mandate", path_id(c, "mandate")))));
    struct doc *m = doc_get_mut(c->doc, "mandate");
    *ret_org_id = doc_int_of(m, "org_id");
    names_hide(c, m);
    card_fill(c, m, BASE);
    doc_set_bool(m, "can_end", text_same(doc_text_of(m, "state"), "active"));
    return NULL;
}

struct err *mandate_own(struct ctx *c)
{
    int64_t org_id = 0;
    TRY(own_row(c, &org_id));
    c->who.org_id = org_id;       /* the entries are those of where it lies */
    struct err *e = sheet_fill(c, BASE);
    c->who.org_id = 0;
    return e;
}

/* What ends, who is told; does nothing. */
struct err *mandate_renouncing(struct ctx *c)
{
    static const struct field none[] = { { 0 } };
    int64_t org_id = 0;
    TRY(own_row(c, &org_id));
    const struct doc *m = doc_get(c->doc, "mandate");
    doc_set_bool(web_page(c), "is_token", text_same(doc_text_of(m, "kind"), "token"));
    form_show(c, none);
    return text_same(doc_text_of(m, "state"), "active") ? NULL : ERR(c->arena, ERR_CONFLICT, "has ended already");
}

/* The act is one of the space where the mandate lies, under the mandate itself: the last one. */
static struct err *renounce(struct ctx *c, const struct doc *m)
{
    int64_t id = doc_int_of(m, "id"), others = 0;
    struct authority outside = c->who;
    bool is_member = mandate_kind_read(doc_text_of(m, "kind")) == MANDATE_MEMBERSHIP;
    c->who.org_id = doc_int_of(m, "org_id");
    c->who.mandate_id = id;
    if (is_member) {
        c->who.member_id = doc_int_of(m, "holder_member_id");
        TRY(membership_others(c, c->who.member_id, &others));
        if (!others && text_same(doc_text_of(m, "detail"), "administrator")) {
            c->who = outside;
            return form_error(c, "page", N_("Vous êtes le dernier administrateur de l’entreprise : nommez-en d’abord un autre."));
        }
        return text_same(doc_text_of(m, "detail"), "collaborator") ? tell_collaborator_end(c, m) : membership_end(c, c->who.member_id);
    }
    return mandate_end(c, id, c->who.person_id, "renounced");
}

struct err *mandate_renounce(struct ctx *c)
{
    struct doc *m = NULL;
    TRY(ctx_row(c, &sql_register_own, PARAMS(P_INT("of_mandate", path_id(c, "mandate"))), &m));
    if (!text_same(doc_text_of(m, "state"), "active"))
        return ERR(c->arena, ERR_CONFLICT, "has ended already");
    TRY(renounce(c, m));
    TRY(tell_ended(c, doc_int_of(m, "id"), "renounced"));
    journal_object(c, "mandate", doc_int_of(m, "id"));
    c->journal.on_behalf_client_id = doc_int_of(m, "scope_client_id");
    reply_see(c, "mandate_renounced", "%s", BASE);
    return NULL;
}
