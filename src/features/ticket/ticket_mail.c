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
    doc_set_text(data, "author_name", *author_name ? author_name : ctx_author(c));
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

/* One message to a contact: the ticket's own, or one who follows it. An address that was brought in and is none gets nothing. */
static struct err *contact_mail(struct ctx *c, struct doc *data, int64_t ticket_id, const struct doc *to, bool is_follower)
{
    if (!text_is_email(doc_text_of(to, "email")))
        return NULL;
    doc_set_bool(data, "is_follower", is_follower);
    return mail_queue(c, &(struct mail){ .template = "mail_ticket_answer", .to_email = doc_text_of(to, "email"), .to_name = doc_text_of(to, "name"),
        .lang = doc_text_of(to, "lang"), .org_id = c->who.org_id, .reply = { c->who.org_id, ticket_id, .contact_id = doc_int_of(to, "id") } }, data);
}

static struct doc *contact_of(struct ctx *c, const struct doc *ticket)
{
    struct doc *to = doc_map(c->arena);
    doc_set_int(to, "id", doc_int_of(ticket, "contact_id"));
    doc_set_text(to, "email", doc_text_of(ticket, "contact_email"));
    doc_set_text(to, "name", doc_text_of(ticket, "contact_name"));
    doc_set_text(to, "lang", doc_text_of(ticket, "contact_lang"));
    return to;
}

/* The ticket's contact and those who follow, but not whoever has written it. */
static struct err *contacts_mail(struct ctx *c, const struct doc *ticket, struct doc *data)
{
    struct doc *followers = NULL;
    if (!c->who.contact_id || c->who.contact_id != doc_int_of(ticket, "contact_id"))
        TRY(contact_mail(c, data, doc_int_of(ticket, "id"), contact_of(c, ticket), false));
    TRY(ctx_rows(c, &sql_follower_contact_mails, PARAMS(P_INT("ticket", doc_int_of(ticket, "id"))), &followers));
    for (size_t i = 0; i < doc_count(followers); i++) {
        const struct doc *to = doc_at(followers, i);
        if (!c->who.contact_id || doc_int_of(to, "id") != c->who.contact_id)
            TRY(contact_mail(c, data, doc_int_of(ticket, "id"), to, true));
    }
    return NULL;
}

static bool is_told(const struct doc *people, const char *email)
{
    for (size_t i = 0; i < doc_count(people); i++)
        if (text_same(doc_text_of(doc_at(people, i), "email"), email))
            return true;
    return false;
}

/* Members who follow, but not whoever has written it, nor those who are told already (may be NULL). */
static struct err *members_mail(struct ctx *c, const struct doc *ticket, struct doc *data, const struct doc *told, bool is_note)
{
    struct doc *followers = NULL, *rest = doc_list(c->arena);
    TRY(ctx_rows(c, &sql_follower_member_mails, PARAMS(P_INT("ticket", doc_int_of(ticket, "id"))), &followers));
    for (size_t i = 0; i < doc_count(followers); i++)
        if ((!c->who.member_id || doc_int_of(doc_at(followers, i), "member_id") != c->who.member_id) && !is_told(told, doc_text_of(doc_at(followers, i), "email")))
            doc_push(rest, doc_at_mut(followers, i));
    doc_set_bool(data, "is_note", is_note);
    return mail_to_each(c, "mail_ticket_followed", doc_int_of(ticket, "id"), rest, data);
}

struct err *ticket_mail_comment(struct ctx *c, int64_t ticket_id, const char *body)
{
    struct doc *ticket = NULL, *data = NULL, *people = NULL;
    TRY(ticket_data(c, ticket_id, body, &ticket, &data));
    doc_set_bool(data, "is_opening", false);
    int64_t assignee_id = doc_int_of(ticket, "assignee_id");
    if (assignee_id)
        TRY(ctx_rows(c, &sql_ticket_assignee, PARAMS(P_INT("assignee", assignee_id)), &people));
    if (!doc_count(people))
        TRY(ctx_rows(c, &sql_ticket_staff, NULL, &people));
    TRY(mail_to_each(c, "mail_ticket_comment", ticket_id, people, data));
    TRY(members_mail(c, ticket, data, people, false));
    return contacts_mail(c, ticket, data);
}

struct err *ticket_mail_answer(struct ctx *c, int64_t ticket_id, const char *body, bool is_opening)
{
    struct doc *ticket = NULL, *data = NULL;
    TRY(ticket_data(c, ticket_id, body, &ticket, &data));
    doc_set_bool(data, "is_opening", is_opening);
    TRY(contacts_mail(c, ticket, data));
    return members_mail(c, ticket, data, NULL, false);
}

struct err *ticket_mail_note(struct ctx *c, int64_t ticket_id, const char *body)
{
    struct doc *ticket = NULL, *data = NULL;
    TRY(ticket_data(c, ticket_id, body, &ticket, &data));
    return members_mail(c, ticket, data, NULL, true);
}
