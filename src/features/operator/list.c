/* The operator's list of organizations, and one of them: who it is, whether it is a partner, and how that came. */
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/operator/operator_inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { SIREN_DIGITS = 9 };

static const struct choice states[] = { { "partner", N_("Partenaires") }, { "asked", N_("Demande en attente") }, { "refused", N_("Demande refusée") },
    { "ended", N_("Partenariat retiré") }, { 0 } };

/* A SIREN is written with spaces and kept without. */
static const char *search_key(struct ctx *c, const char *text)
{
    char *digits = arena_text(c->arena, text);
    size_t len = 0;
    for (const char *ch = text; *ch; ch++)
        if (*ch >= '0' && *ch <= '9')
            digits[len++] = *ch;
        else if (*ch != ' ')
            return text;
    digits[len] = '\0';
    return len == SIREN_DIGITS ? digits : text;
}

struct err *operator_list(struct ctx *c)
{
    struct param search = filter_text(c, "search"), state = filter_choice(c, "state", states);
    struct word_search words = word_search(c, search.kind == PARAM_TEXT ? search_key(c, search.data) : "");
    bool is_state = state.kind == PARAM_TEXT, is_partner = is_state && text_same(state.data, "partner");
    struct param partners = P_ANY("partners", is_partner, P_INT("partners", 1));
    struct param asked = P_ANY("ask_state", is_state && !is_partner, P_TEXT("ask_state", state.data));
    filter_choices(c, "state", states);
    if (words.is_any)
        return doc_page(c, "organizations", &sql_operator_search, "name_key", PARAMS(partners, asked, WORD_PARAMS(words)));
    if (is_state && !is_partner)
        return doc_page(c, "organizations", &sql_operator_asks, "asked_at", PARAMS(asked));
    return doc_page(c, "organizations", &sql_operator_organizations, "name_key", PARAMS(partners));
}

static struct err *organization_doc(struct ctx *c)
{
    const struct param which = P_INT("organization_id", path_id(c, "organization"));
    TRY(doc_row(c, "organization", &sql_operator_organization, PARAMS(which)));
    const struct doc *row = doc_get(c->doc, "organization");
    bool is_partner = doc_bool_of(row, "is_partner");
    doc_set_bool(web_page(c), "is_asked", !is_partner && text_same(doc_text_of(row, "ask_state"), "asked"));
    return is_partner ? doc_row(c, "touched", &sql_partner_touched, PARAMS(which)) : NULL;
}

struct err *operator_show(struct ctx *c)
{
    TRY(organization_doc(c));
    form_show(c, partner_answer_form);
    return doc_rows(c, "events", &sql_operator_history, PARAMS(P_INT("organization_id", path_id(c, "organization"))));
}

/* Said before it is asked: what ends, and whom it touches. */
struct err *partner_withdraw_show(struct ctx *c)
{
    TRY(organization_doc(c));
    form_show(c, partner_answer_form);
    TRY(doc_rows(c, "dossiers", &sql_partner_touched_list, PARAMS(P_INT("organization_id", path_id(c, "organization")))));
    int64_t all = doc_int_of(doc_get(c->doc, "touched"), "dossier_count");
    doc_set_int(c->doc, "more_count", all - (int64_t)doc_count(doc_get(c->doc, "dossiers")));
    return NULL;
}
