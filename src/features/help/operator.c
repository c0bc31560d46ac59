/* Asking the operator. An organization is a client of the operator: who works there asks as a contact of that client. What is written is the
   operator's, so it is written standing in the operator's organization, through the statements that its own people use. */
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/help/inside.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"

struct err *operator_find(struct ctx *c, struct doc **ret_operator) { return ctx_maybe(c, &sql_help_operator, NULL, ret_operator); }

/* In the operator's organization as nobody of it: the person alone stays, and as whom they ask where that is known. */
static struct authority operator_authority(const struct ctx *c, const struct doc *operator_, int64_t client_id, int64_t contact_id)
{
    return (struct authority){ .session_id = c->who.session_id, .person_id = c->who.person_id, .person_name = c->who.person_name,
        .person_email = c->who.person_email, .org_id = doc_int_of(operator_, "id"), .client_id = client_id, .contact_id = contact_id, .granted_by = "" };
}

/* ---- What was asked ---- */

static struct err *contact_find(struct ctx *c, int64_t client_id, int64_t *ret_contact_id)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_help_contact, PARAMS(P_INT("of_client", client_id), P_TEXT("email_key", text_email_key(c->arena, c->who.person_email))), &row));
    *ret_contact_id = row ? doc_int_of(row, "id") : 0;
    return NULL;
}

static struct err *asked_there(struct ctx *c, int64_t client_id, struct doc **ret_tickets, bool *ret_may_follow)
{
    int64_t contact_id = 0;
    struct doc *follow = NULL;
    TRY(contact_find(c, client_id, &contact_id));
    TRY(ctx_rows(c, &sql_help_asked, PARAMS(P_INT("of_client", client_id), P_INT("of_contact", contact_id)), ret_tickets));
    TRY(ctx_maybe(c, &sql_help_follow, PARAMS(P_INT("of_contact", contact_id)), &follow));
    *ret_may_follow = follow != NULL;
    return NULL;
}

struct err *operator_asked(struct ctx *c, const struct doc *operator_, struct doc **ret_tickets, bool *ret_may_follow)
{
    struct doc *own = NULL;
    TRY(ctx_row(c, &sql_help_organization, NULL, &own));
    const struct authority here = c->who;
    c->who = operator_authority(c, operator_, 0, 0);
    struct err *e = asked_there(c, doc_int_of(own, "operator_client_id"), ret_tickets, ret_may_follow);
    c->who = here;
    return e;
}

/* ---- The client and the contact ---- */

static struct err *client_make(struct ctx *c, const struct doc *own, int64_t *ret_client_id)
{
    int64_t id = ctx_id(c), number = 0;
    const char *name = doc_text_of(own, "name");
    TRY(client_numbers(c, 0, 1, &number));
    const char *text = client_number_text(c->arena, number);
    TRY(ctx_run(c, &sql_client_add, PARAMS(P_INT("id", id), P_TEXT("number", text), P_TEXT("kind", "company"), P_TEXT("name", name),
        P_TEXT("name_key", text_name_key(c->arena, name)), P_TEXT("siren", doc_text_of(own, "siren")), P_TEXT("street", doc_text_of(own, "street")),
        P_TEXT("postcode", doc_text_of(own, "postcode")), P_TEXT("city", doc_text_of(own, "city")), P_TEXT("email", doc_text_of(own, "email")),
        P_TEXT("phone", doc_text_of(own, "phone")))));
    TRY(ctx_run(c, &sql_client_text_put, PARAMS(P_INT("id", id), P_TEXT("information", ""), P_TEXT("notes", ""))));
    const char *words[] = { name, text, doc_text_of(own, "city"), NULL };
    *ret_client_id = id;
    return word_put(c, "client", id, words);
}

/* Without a person: a contact that has no sign-in, and no access to anything. */
static struct err *contact_make(struct ctx *c, int64_t client_id, int64_t *ret_contact_id)
{
    struct doc *person = NULL;
    int64_t id = ctx_id(c);
    TRY(ctx_row(c, &sql_help_person, NULL, &person));
    const char *first = doc_text_of(person, "first_name"), *last = doc_text_of(person, "last_name"), *email = c->who.person_email;
    TRY(ctx_run(c, &sql_contact_add, PARAMS(P_INT("id", id), P_INT("of_client", client_id), P_TEXT("first_name", first), P_TEXT("last_name", last),
        P_TEXT("name_key", text_name_key(c->arena, arena_printf(c->arena, "%s %s", last, first))), P_TEXT("job_title", ""), P_TEXT("email", email),
        P_TEXT("email_key", text_email_key(c->arena, email)), P_TEXT("phone", ""), P_TEXT("lang", doc_text_of(person, "lang")), P_TEXT("notes", ""))));
    const char *words[] = { last, first, email, NULL };
    *ret_contact_id = id;
    return word_put(c, "contact", id, words);
}

/* As whom the person asks. A client is never found by its name or number: what an organization says of itself proves nothing. */
static struct err *asker_find(struct ctx *c, const struct doc *own, int64_t *ret_client_id, int64_t *ret_contact_id)
{
    struct doc *client = NULL;
    TRY(ctx_maybe(c, &sql_help_client, PARAMS(P_INT("of_client", doc_int_of(own, "operator_client_id"))), &client));
    if (client)
        *ret_client_id = doc_int_of(client, "id");
    else
        TRY(client_make(c, own, ret_client_id));
    TRY(contact_find(c, *ret_client_id, ret_contact_id));
    return *ret_contact_id ? NULL : contact_make(c, *ret_client_id, ret_contact_id);
}

/* ---- The ticket ---- */

static struct err *ask_there(struct ctx *c, const struct doc *own, const char *description, int64_t *ret_client_id)
{
    int64_t contact_id = 0, id = 0;
    TRY(asker_find(c, own, ret_client_id, &contact_id));
    c->who.client_id = *ret_client_id;
    c->who.contact_id = contact_id;
    TRY(ticket_ask(c, &(struct ticket_wish){ form_text(c, "title"), description, form_files(c, "files") }, &id));
    journal_text(c, "name", c->who.person_name);
    journal_text(c, "organization", doc_text_of(own, "name"));
    return NULL;
}

/* The operator's journal has the whole entry, the own one that help was asked, and under which number. */
static struct err *ask_journal(struct ctx *c, int64_t operator_id, const struct journal_draft *there)
{
    TRY(journal_write_at(c, operator_id, there));
    journal_object(c, "help", there->object_id);
    journal_number(c, "number", doc_int_of(there->payload, "number"));
    journal_text(c, "title", doc_text_of(there->payload, "title"));
    return NULL;
}

struct err *operator_ask(struct ctx *c, const struct doc *operator_, const char *description)
{
    struct doc *own = NULL;
    int64_t client_id = 0, operator_id = doc_int_of(operator_, "id");
    TRY(ctx_row(c, &sql_help_organization_take, NULL, &own));
    const struct authority here = c->who;
    const struct journal_draft draft = c->journal;
    c->who = operator_authority(c, operator_, 0, 0);
    c->journal.payload = NULL;
    struct err *e = ask_there(c, own, description, &client_id);
    c->journal.on_behalf_client_id = client_id;
    const struct journal_draft there = c->journal;
    c->who = here;
    if (e || here.org_id == operator_id)    /* the operator's own people: one journal, one entry */
        return e ? e : ctx_run(c, &sql_help_organization_bind, PARAMS(P_INT("of_client", client_id)));
    c->journal = draft;
    if (client_id != doc_int_of(own, "operator_client_id"))
        TRY(ctx_run(c, &sql_help_organization_bind, PARAMS(P_INT("of_client", client_id))));
    return ask_journal(c, operator_id, &there);
}
