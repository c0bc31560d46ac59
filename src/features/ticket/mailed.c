/* Comments that came by e-mail: what the forms of portal and desk do, without a form. */
#include <string.h>
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/ticket.h"

struct err *ticket_mailed(struct ctx *c, const struct ticket_mailed *m)
{
    struct doc *ticket = NULL;
    bool is_contact = c->who.contact_id != 0;
    TRY(ctx_row(c, is_contact ? &sql_ticket_take : &sql_desk_take, PARAMS(P_INT("ticket", m->ticket_id)), &ticket));
    journal_object(c, "ticket", m->ticket_id);
    journal_number(c, "number", doc_int_of(ticket, "number"));
    TRY(comment_add(c, &(struct comment_draft){ .ticket_id = m->ticket_id, .kind = "answer", .body = m->body, .files = m->files }));
    TRY(ticket_put(c, ticket, is_contact || m->is_quiet ? status_answered(ticket) : "waiting", true));
    if (m->is_quiet)
        return NULL;
    return is_contact ? ticket_mail_comment(c, m->ticket_id, m->body) : ticket_mail_answer(c, m->ticket_id, m->body, false);
}
