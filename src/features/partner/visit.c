/* « Sessions »: who of the partner went to which client, when, why and with how many acts (S-12). What was looked at there, and all that is the client's, the
   client alone reads. */
#include "base/clock.h"
#include "base/text.h"
#include "features/partner/partner_inside.h"
#include "features/register/register.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

static const struct choice periods[] = { { "7", N_("7 derniers jours") }, { "30", N_("30 derniers jours") }, { "90", N_("90 derniers jours") }, { "365", N_("12 derniers mois") }, { 0 } };

static void visit_length(struct doc *visit, int64_t now_ms)
{
    int64_t ended_at = doc_int_of(visit, "ended_at"), ends_at = doc_int_of(visit, "ends_at"), over_at = ended_at ? ended_at : ends_at < now_ms ? ends_at : now_ms;
    doc_set_int(visit, "minutes", (over_at - doc_int_of(visit, "started_at") + CLOCK_MINUTE_MS - 1) / CLOCK_MINUTE_MS);
}

struct err *visit_list(struct ctx *c)
{
    struct param collaborator = filter_id(c, "collaborator"), dossier = filter_id(c, "dossier"), period = filter_choice(c, "period", periods);
    struct doc *people = NULL, *name = NULL;
    int64_t days = 0;
    filter_choices(c, "period", periods);
    TRY(ctx_rows(c, &sql_partner_collaborators, NULL, &people));
    filter_options(c, "collaborator", people);
    if (dossier.kind == PARAM_INT)
        TRY(ctx_maybe(c, &sql_partner_dossier_name, PARAMS(dossier), &name));
    doc_set_text(web_page(c), "dossier_name", name ? doc_text_of(name, "name") : "");
    doc_set_int(web_page(c), "dossier_id", name ? doc_int_of(name, "id") : 0);
    bool has_period = period.kind == PARAM_TEXT && text_int(period.data, &days);
    TRY(doc_page(c, "visits", &sql_partner_session_list, "started_at", PARAMS(collaborator, dossier, P_ANY("since", has_period, P_INT("since", c->now_ms - days * CLOCK_DAY_MS)))));
    struct doc *rows = doc_get_mut(c->doc, "visits");
    for (size_t i = 0; i < doc_count(rows); i++)
        visit_length(doc_at_mut(rows, i), c->now_ms);
    return NULL;
}

struct err *visit_show(struct ctx *c)
{
    static const char *const texts[] = { "reason", "ended_why", "dossier_name", "collaborator_name", NULL };
    static const char *const numbers[] = { "id", "dossier_id", "started_at", "ends_at", "ended_at", "act_count", NULL };
    struct doc *row = NULL, *visit = doc_map(c->arena);
    struct param session = P_INT("support_id", path_id(c, "visit"));
    TRY(ctx_row(c, &sql_partner_session_show, PARAMS(session, P_INT("dossier", path_id(c, "dossier"))), &row));
    doc_pick_texts(visit, row, texts);
    doc_pick_ints(visit, row, numbers);
    doc_set_bool(visit, "is_live", doc_bool_of(row, "is_live"));
    visit_length(visit, c->now_ms);
    doc_set(c->doc, "visit", visit);
    TRY(doc_page(c, "acts", &sql_partner_session_acts, "id", PARAMS(session, P_INT("at_org", doc_int_of(row, "client_org_id")))));
    return lines_tell(c, doc_get_mut(c->doc, "acts"));
}
