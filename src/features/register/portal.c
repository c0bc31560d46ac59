/* The register of a client, on the portal (M-1). A contact sees what they may themself; whoever manages the client's mandates (« all ») also what
   others may of the client. Nobody else learns a colleague's name here: names_hide. */
#include "base/text.h"
#include "features/register/inside.h"
#include "mandate/queries.h"
#include "features/register/tell.h"
#include "mandate/access.h"
#include "mandate/journal.h"

static bool is_own(const struct ctx *c, const struct doc *row) { return doc_int_of(row, "holder_contact_id") == c->who.contact_id; }

/* One's own can be given up by anybody; those of others end by who manages the client's. */
static bool may_end(const struct ctx *c, const struct doc *row)
{
    return text_same(doc_text_of(row, "state"), "active") && (is_own(c, row) || ctx_may(c, RIGHT_MANDATE_MANAGE));
}

static void client_card(struct ctx *c, struct doc *row)
{
    bool is_active = text_same(doc_text_of(row, "state"), "active"), is_token = text_same(doc_text_of(row, "kind"), "token");
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        names_hide(c, row);
    card_fill(c, row, register_base(c));
    doc_set_bool(row, "can_end", may_end(c, row));
    if (doc_int_of(row, "holder_contact_id") && !is_token && is_active)
        doc_set_text(row, "why_path", arena_printf(c->arena, "%s/why?who=%lld", web_space(c), (long long)doc_int_of(row, "holder_person_id")));
}

static void client_cards(struct ctx *c, const char *key)
{
    struct doc *rows = doc_get_mut(c->doc, key);
    for (size_t i = 0; i < doc_count(rows); i++)
        client_card(c, doc_at_mut(rows, i));
}

struct err *client_mandates(struct ctx *c)
{
    bool sees_others = ctx_may(c, RIGHT_MANDATE_READ);
    struct param state = register_state(c, register_states);
    filter_choices(c, "state", register_states);
    doc_set_bool(c->doc, "sees_others", sees_others);
    TRY(doc_rows(c, "own", &sql_register_client_own, NULL));
    client_cards(c, "own");
    if (!sees_others)
        return NULL;
    TRY(doc_page(c, "mandates", &sql_register_client, "id", PARAMS(state)));
    client_cards(c, "mandates");
    return NULL;
}

/* One of the client, or one's own; without the right to see the others' there are no others. */
static struct err *client_row(struct ctx *c, const char *key)
{
    return doc_row(c, key, &sql_register_show, PARAMS(P_INT("of_mandate", path_id(c, "mandate")), P_INT("portal", 1),
        P_ANY("own", !ctx_may(c, RIGHT_MANDATE_READ), P_INT("own", 1))));
}

struct err *client_mandate(struct ctx *c)
{
    TRY(client_row(c, "mandate"));
    client_card(c, doc_get_mut(c->doc, "mandate"));
    return sheet_fill(c, register_base(c));
}

struct err *client_mandate_ending(struct ctx *c)
{
    TRY(client_row(c, "mandate"));
    client_card(c, doc_get_mut(c->doc, "mandate"));
    return may_end(c, doc_get(c->doc, "mandate")) ? NULL : ERR(c->arena, ERR_CONFLICT, "not to be ended from here");
}

struct err *client_mandate_stop(struct ctx *c)
{
    TRY(client_row(c, "mandate"));
    const struct doc *m = doc_get(c->doc, "mandate");
    int64_t id = doc_int_of(m, "id");
    if (!text_same(doc_text_of(m, "state"), "active"))
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    if (!may_end(c, m))
        return ERR(c->arena, ERR_FORBIDDEN, "the client's mandates are managed by others");
    const char *why = is_own(c, m) ? "renounced" : "withdrawn";
    journal_object(c, "mandate", id);
    TRY(mandate_end(c, id, doc_int_of(m, "holder_person_id"), why));
    TRY(tell_ended(c, id, why));
    /* what opened this page may have gone with one's own */
    reply_see(c, is_own(c, m) ? "mandate_renounced" : "mandate_ended", "%s", is_own(c, m) ? "/account/mandates" : register_base(c));
    return NULL;
}
