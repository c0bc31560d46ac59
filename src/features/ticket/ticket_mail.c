/* Messages about tickets: to the team when a client writes, to the contact when the team answers. Written in the
   transaction of the act; the worker sends them. */
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "mail/mail.h"

/* What every one of them says: ticket, text, and who wrote it. */
static struct err *ticket_data(struct ctx *c, int64_t ticket_id, const char *body, struct doc **ret_ticket, struct doc **ret_data)
{
    TRY(ctx_row(c, &sql_ticket_of_mail, PARAMS(P_INT("ticket", ticket_id)), ret_ticket));
    struct doc *data = doc_map(c->arena);
    doc_set(data, "ticket", *ret_ticket);
    doc_set_text(data, "body", body);
    const char *author_name = doc_text_of(*ret_ticket, "author_name");   /* "": written by a member */
    doc_set_text(data, "author_name", *author_name ? author_name : c->who.person_name);
    *ret_data = data;
    return NULL;
}

/* People of the team: rows { email, name, lang, member_id }. Each can answer by e-mail, as themself. */
static struct err *mail_to_each(struct ctx *c, const char *template, int64_t ticket_id, const struct doc *people, struct doc *data)
{
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *to = doc_at(people, i);
        TRY(mail_queue(c, &(struct mail){ .template = template, .to_email = doc_text_of(to, "email"), .to_name = doc_text_of(to, "name"),
            .lang = doc_text_of(to, "lang"), .org_id = c->who.org_id,
            .reply = { c->who.org_id, ticket_id, .member_id = doc_int_of(to, "member_id") } }, data));
    }
    return NULL;
}

struct err *ticket_mail_new(struct ctx *c, int64_t ticket_id, const char *description)
{
    struct doc *ticket = NULL, *data = NULL, *staff = NULL;
    TRY(ticket_data(c, ticket_id, description, &ticket, &data));
    TRY(ctx_rows(c, &sql_ticket_staff, NULL, &staff));
    return mail_to_each(c, "mail_ticket_new", ticket_id, staff, data);
}

struct err *ticket_mail_comment(struct ctx *c, int64_t ticket_id, const char *body)
{
    struct doc *ticket = NULL, *data = NULL, *people = NULL;
    TRY(ticket_data(c, ticket_id, body, &ticket, &data));
    int64_t assignee_id = doc_int_of(ticket, "assignee_id");
    if (assignee_id)
        TRY(ctx_rows(c, &sql_ticket_assignee, PARAMS(P_INT("assignee", assignee_id)), &people));
    if (!doc_count(people))
        TRY(ctx_rows(c, &sql_ticket_staff, NULL, &people));
    return mail_to_each(c, "mail_ticket_comment", ticket_id, people, data);
}

struct err *ticket_mail_answer(struct ctx *c, int64_t ticket_id, const char *body, bool is_opening)
{
    struct doc *ticket = NULL, *data = NULL;
    TRY(ticket_data(c, ticket_id, body, &ticket, &data));
    doc_set_bool(data, "is_opening", is_opening);
    const char *email = doc_text_of(ticket, "contact_email");
    if (!text_is_email(email))
        return NULL;                                  /* none, or one that was brought in and is none */
    return mail_queue(c, &(struct mail){ .template = "mail_ticket_answer", .to_email = email, .to_name = doc_text_of(ticket, "contact_name"),
        .lang = doc_text_of(ticket, "contact_lang"), .org_id = c->who.org_id, .reply = { c->who.org_id, ticket_id, .contact_id = doc_int_of(ticket, "contact_id") } }, data);
}
