/* Several tickets of the queue at once: all of them or none, each with its own line in the journal. */
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/desk.h"
#include "tpl/tpl.h"

static const struct choice acts[] = { { "assign", N_("Confier") }, { "status", N_("Changer le statut") }, { "priority", N_("Changer la priorité") }, { 0 } };

const struct field desk_bulk_form[] = {
    { "ticket_ids", FIELD_IDS, N_("Tickets"), .max = BULK_MOST },
    { "act", FIELD_CHOICE, N_("Action"), REQUIRED, .choices = acts },
    { "member_id", FIELD_ID, N_("Responsable") },
    { "priority_id", FIELD_ID, N_("Priorité") },
    { "status", FIELD_CHOICE, N_("Statut"), .choices = desk_statuses },
    { 0 },
};

static struct err *act_on(struct ctx *c, const struct doc *ticket, bool *ret_is_done)
{
    const char *act = form_text(c, "act");
    if (strcmp(act, "assign") == 0)
        return act_assign(c, ticket, form_id(c, "member_id"), ret_is_done);
    if (strcmp(act, "status") == 0)
        return act_status(c, ticket, form_text(c, "status"), ret_is_done);
    return act_priority(c, ticket, form_id(c, "priority_id"), ret_is_done);
}

/* What the form names exists, also where this act does not ask for it. */
static struct err *choices_check(struct ctx *c)
{
    struct doc *member = NULL, *priority = NULL;
    if (strcmp(form_text(c, "act"), "status") == 0 && !*form_text(c, "status"))
        return form_error(c, "page", N_("Choisissez un statut de la liste."));
    if (form_id(c, "member_id"))
        TRY(ctx_maybe(c, &sql_desk_member, PARAMS(P_INT("member_id", form_id(c, "member_id"))), &member));
    if (form_id(c, "priority_id"))
        TRY(ctx_maybe(c, &sql_desk_priority, PARAMS(P_INT("priority_id", form_id(c, "priority_id"))), &priority));
    if (form_id(c, "member_id") && !member)
        return form_error(c, "page", N_("Cette personne ne fait plus partie de l’équipe."));
    return form_id(c, "priority_id") && !priority ? form_error(c, "page", N_("Choisissez une priorité de la liste.")) : NULL;
}

static struct err *ticket_do(struct ctx *c, int64_t id, struct journal_draft begun, int *count)
{
    struct doc *ticket = NULL;
    bool is_done = false;
    TRY(ctx_maybe(c, &sql_desk_take, PARAMS(P_INT("ticket", id)), &ticket));
    if (!ticket)
        return form_error(c, "page", N_("Un des tickets choisis n’existe pas : rien n’a été changé."));
    begun.payload = NULL;
    c->journal = begun;
    journal_object(c, "ticket", id);
    journal_number(c, "number", doc_int_of(ticket, "number"));
    TRY(act_on(c, ticket, &is_done));
    *count += is_done;
    return is_done ? journal_write(c) : NULL;
}

struct err *desk_bulk(struct ctx *c)
{
    static const char *const kept[] = { "view", "status", "priority", "assignee", "search", "client", NULL };   /* back to the same list */
    int64_t ids[BULK_MOST];
    size_t count = form_ids(c, "ticket_ids", ids, BULK_MOST);
    struct journal_draft begun = c->journal;
    int done = 0;
    if (!count)
        return form_error(c, "page", N_("Cochez d’abord les tickets à changer."));
    TRY(choices_check(c));
    for (size_t i = 0; i < count; i++)                /* in the order of their ids: two of these at once do not block one another */
        TRY(ticket_do(c, ids[i], begun, &done));
    journal_skip(c);                                  /* each has its own */
    reply_see(c, done ? "desk_bulk_done" : "desk_bulk_same", "%s/tickets%s", web_space(c), query_kept(c, kept));
    return NULL;
}
