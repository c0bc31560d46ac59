/* « Dossiers »: a partner's client organizations, by name, by state, by who helps, by when the access ends (S-4, S-15). */
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const struct choice states[] = { { "active", N_("Actif") }, { "asked", N_("Demande envoyée") }, { "refused", N_("Refusé") }, { "ended", N_("Terminé") },
    { "none", N_("Sans support") }, { "invited", N_("Invitation envoyée") }, { "left", N_("Détaché") }, { 0 } };
static const struct choice ends[] = { { "1", N_("dans 1 jour") }, { "7", N_("dans 7 jours") }, { "30", N_("dans 30 jours") }, { 0 } };

/* How much of the time between the request's answer and the end is gone is not kept here: days left say enough. */
static void rows_complete(struct ctx *c)
{
    struct doc *rows = doc_get_mut(c->doc, "dossiers");
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        int64_t ends_at = doc_int_of(row, "ends_at");
        doc_set_bool(row, "can_ask", doc_int_of(row, "request_id") && (ctx_may(c, RIGHT_PARTNER_MANAGE) || doc_bool_of(row, "is_asked_for_me")));
        doc_set_int(row, "left_days", ends_at > c->now_ms ? (ends_at - c->now_ms + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS : 0);
    }
}

bool dossier_is_followed(const struct doc *dossier)
{
    return !text_same(doc_text_of(dossier, "state"), "invited") && !text_same(doc_text_of(dossier, "state"), "left");
}

/* Which query the address's filters ask for, and with what: words and a time of ending have one of their own. */
struct listing { const struct query *query; const char *column; struct param params[8]; };

static struct listing listing_read(struct ctx *c)
{
    struct param state = filter_choice(c, "state", states), support = filter_id(c, "support"), within = filter_choice(c, "ends", ends);
    struct word_search words = word_filter(c, "search");
    int64_t days = 0;
    if (words.is_any)
        return (struct listing){ &sql_dossier_search, "name_key", { WORD_PARAMS(words) } };
    if (within.kind == PARAM_TEXT && text_int(within.data, &days))
        return (struct listing){ &sql_dossier_ending, "ends_at", { P_INT("until", c->now_ms + days * CLOCK_DAY_MS) } };
    return (struct listing){ &sql_dossier_list, "name_key", { state, support } };
}

struct err *dossier_list(struct ctx *c)
{
    const struct listing listing = listing_read(c);
    filter_choices(c, "state", states);
    filter_choices(c, "ends", ends);
    TRY(dossier_options(c, dossier_assign_form));
    filter_options(c, "support", doc_get_mut(web_page(c), "collaborators"));
    doc_set_bool(c->doc, "can_manage", ctx_may(c, RIGHT_PARTNER_MANAGE));
    doc_set_bool(c->doc, "can_enter", ctx_may(c, RIGHT_DOSSIER_ENTER));
    TRY(doc_page(c, "dossiers", listing.query, listing.column, listing.params));
    rows_complete(c);
    return NULL;
}

struct err *dossiers_filtered(struct ctx *c, struct doc **ret_rows)
{
    struct listing listing = listing_read(c);
    struct doc *rows = NULL;
    size_t end = 0;
    while (listing.params[end].kind != PARAM_END)
        end++;
    if (listing.query == &sql_dossier_list)
        listing.query = &sql_dossier_ids;                 /* its own bound; of these no more than the id is wanted */
    else
        listing.params[end] = P_INT("page_limit", DOSSIERS_AT_ONCE + 1);
    TRY(ctx_rows(c, listing.query, listing.params, &rows));
    *ret_rows = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++)
        if (dossier_is_followed(doc_at(rows, i)))
            doc_push(*ret_rows, doc_at_mut(rows, i));
    return NULL;
}
