/* What of the client space a contact may see: given and withdrawn here (C-1, C-2), kept by src/mandate. */
#include "mandate/access.h"
#include <string.h>
#include "base/text.h"
#include "features/client/contact.h"
#include "features/queries.h"
#include "features/register/register.h"
#include "mail/mail.h"
#include "tpl/tpl.h"

/* The address the page showed: what is given goes there and nowhere else. */
const struct field contact_access_form[] = { { "email", FIELD_HIDDEN, N_("Email"), .max = 254 }, { 0 } };

enum { WORDING_MOST = 2000 };

/* The three values of C-1, and jobs (C-13); the other parts come with what they open. */
static bool is_part(const char *part)
{
    return strcmp(part, "personal") == 0 || strcmp(part, "tickets") == 0 || strcmp(part, "invoices") == 0 || strcmp(part, "jobs") == 0;
}

struct err *access_show(struct ctx *c, int64_t contact_id)
{
    struct doc *parts = NULL, *access = doc_list(c->arena), *mandates = doc_list(c->arena);
    TRY(access_parts(c, contact_id, &parts));
    for (size_t i = 0; i < doc_count(parts); i++) {
        struct doc *part = doc_at_mut(parts, i);
        if (is_part(doc_text_of(part, "part")))
            doc_push(access, part);
        if (doc_bool_of(part, "is_given"))
            doc_push(mandates, part);
    }
    doc_set(c->doc, "access", access);
    doc_set(c->doc, "mandates", mandates);
    return register_contact_cards(c, "cards", contact_id);
}

/* What is agreed to, word for word, in the language of who agrees: shown before, kept with the mandate (M-6). */
static struct err *access_wording(struct ctx *c, const struct doc *contact, const char *part, const char **ret_wording)
{
    struct buf out;
    struct doc *data = doc_map(c->arena);
    buf_init(&out, c->arena, WORDING_MOST);
    doc_set_text(data, "part", part);
    doc_set_text(data, "name", doc_text_of(contact, "name"));
    doc_set_text(data, "client_name", doc_text_of(contact, "client_name"));
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "access_wording.txt", data, &out));
    *ret_wording = text_trim(c->arena, buf_end(&out));
    return NULL;
}

static struct err *access_part(struct ctx *c, int64_t contact_id, const char *part, struct doc **ret_part)
{
    struct doc *parts = NULL;
    TRY(access_parts(c, contact_id, &parts));
    for (size_t i = 0; i < doc_count(parts) && is_part(part); i++)
        if (text_same(doc_text_of(doc_at(parts, i), "part"), part)) {
            *ret_part = doc_at_mut(parts, i);
            return NULL;
        }
    return ERR(c->arena, ERR_NOT_FOUND, "no such part");
}

/* Why it cannot be given, as a word; "" where it can. */
static const char *access_hindrance(const struct doc *contact, const struct doc *space, const char *part)
{
    if (!*doc_text_of(contact, "email"))
        return "email";
    if (!doc_int_of(contact, "client_id") && strcmp(part, "personal") != 0)
        return "client";
    return doc_bool_of(space, "is_portal_open") ? "" : "portal";
}

/* The window of C-2 as a page of its own: it explains and asks, and does nothing. */
struct err *contact_access(struct ctx *c)
{
    const char *part = path_text(c, "word"), *wording = NULL;
    struct doc *space = NULL, *given = NULL;
    TRY(doc_row(c, "contact", &sql_contact_show, PARAMS(P_INT("of_contact", path_id(c, "contact")))));
    const struct doc *contact = doc_get(c->doc, "contact");
    TRY(access_part(c, doc_int_of(contact, "id"), part, &given));
    TRY(ctx_row(c, &sql_contact_space, NULL, &space));
    TRY(access_wording(c, contact, part, &wording));
    doc_set(c->doc, "access", given);
    doc_set_text(c->doc, "wording", wording);
    doc_set_text(c->doc, "hindrance", access_hindrance(contact, space, part));
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_ORGANIZATION_MANAGE));
    form_show(c, contact_access_form);
    form_value(c, "email", doc_text_of(contact, "email"));
    return NULL;
}

/* ---- Giving ---- */

static struct err *access_end_all(struct ctx *c, int64_t contact_id)
{
    struct doc *parts = NULL;
    TRY(access_parts(c, contact_id, &parts));
    for (size_t i = 0; i < doc_count(parts); i++)
        if (doc_bool_of(doc_at(parts, i), "is_given"))
            TRY(access_take(c, contact_id, doc_text_of(doc_at(parts, i), "part")));
    return ctx_run(c, &sql_contact_unbind, PARAMS(P_INT("id", contact_id)));
}

struct err *access_follow(struct ctx *c, const struct doc *contact, const char *email_key)
{
    struct doc *person = NULL;
    int64_t person_id = doc_int_of(contact, "person_id");
    if (!person_id || text_same(doc_text_of(contact, "email_key"), email_key))
        return NULL;
    TRY(ctx_row(c, &sql_contact_person, PARAMS(P_INT("person_id", person_id)), &person));
    return doc_bool_of(person, "has_password") ? NULL : access_end_all(c, doc_int_of(contact, "id"));
}

/* The contact's person, where it is one still: whoever has a password, or was invited at the address that stands there now.
   A link to set a password never goes to another address than the person's own. */
static struct err *access_person_bound(struct ctx *c, const struct doc *contact, struct doc **ret_person)
{
    struct doc *person = NULL;
    int64_t person_id = doc_int_of(contact, "person_id");
    if (!person_id)
        return NULL;
    TRY(ctx_row(c, &sql_contact_person, PARAMS(P_INT("person_id", person_id)), &person));
    if (!doc_bool_of(person, "has_password") && !text_same(doc_text_of(person, "email_key"), doc_text_of(contact, "email_key")))
        return access_end_all(c, doc_int_of(contact, "id"));
    *ret_person = person;
    return NULL;
}

/* The person behind the contact's e-mail, made where there is none; the contact is tied to it. */
static struct err *access_person(struct ctx *c, const struct doc *contact, struct doc **ret_person)
{
    const char *email_key = doc_text_of(contact, "email_key");
    TRY(access_person_bound(c, contact, ret_person));
    if (*ret_person)
        return NULL;
    TRY(ctx_run_any(c, &sql_contact_person_add, PARAMS(P_INT("id", ctx_id(c)), P_TEXT("email", doc_text_of(contact, "email")),
        P_TEXT("email_key", email_key), P_TEXT("first_name", doc_text_of(contact, "first_name")),
        P_TEXT("last_name", doc_text_of(contact, "last_name")), P_TEXT("lang", doc_text_of(contact, "lang"))), NULL));
    TRY(ctx_row(c, &sql_contact_person_by_email, PARAMS(P_TEXT("email_key", email_key)), ret_person));
    return access_bind(c, doc_int_of(contact, "id"), doc_int_of(*ret_person, "id"));
}

/* C-2: a link to set a password where there is none yet, never a password; else word of the access. */
static struct err *access_mail(struct ctx *c, const struct doc *contact, const struct doc *person, const char *template, const char *part, int64_t mandate_id)
{
    struct doc *data = doc_map(c->arena);
    int64_t link_id = 0;
    bool needs_link = person && !doc_bool_of(person, "has_password");
    if (needs_link)
        TRY(mail_link_new(c, doc_int_of(person, "id"), c->who.org_id, &link_id));
    doc_set_text(data, "part", part);
    doc_set_int(data, "mandate_id", mandate_id);
    doc_set_text(data, "by_name", ctx_author(c));
    doc_set_text(data, "client_name", doc_text_of(contact, "client_name"));
    return mail_queue(c, &(struct mail){ .template = needs_link ? "mail_access_password" : template, .to_email = doc_text_of(contact, "email"),
        .to_name = doc_text_of(contact, "name"), .lang = doc_text_of(contact, "lang"), .org_id = c->who.org_id, .link_id = link_id }, data);
}

static struct err *access_check(struct ctx *c, const struct doc *contact, const char *part)
{
    struct doc *space = NULL, *given = NULL;
    TRY(ctx_row(c, &sql_contact_space, NULL, &space));
    TRY(access_part(c, doc_int_of(contact, "id"), part, &given));
    const char *hindrance = access_hindrance(contact, space, part);
    if (strcmp(hindrance, "email") == 0)
        return form_error(c, "email", N_("Ce contact n’a pas d’adresse e-mail : ajoutez-la d’abord à sa fiche."));
    if (strcmp(hindrance, "client") == 0)
        return form_error(c, "page", N_("Ce contact n’est rattaché à aucun client : rattachez-le d’abord."));
    if (strcmp(hindrance, "portal") == 0)
        return form_error(c, "page", N_("L’espace client n’est pas ouvert : ouvrez-le d’abord dans les réglages."));
    if (doc_bool_of(given, "is_given"))
        return form_error(c, "page", N_("Cet accès est déjà donné."));
    if (!text_same(form_text(c, "email"), doc_text_of(contact, "email")))
        return form_error(c, "page", N_("L’adresse e-mail de ce contact vient de changer : vérifiez-la, puis recommencez."));
    return NULL;
}

/* The contact's row, taken, with the name of its client. */
static struct err *access_contact(struct ctx *c, struct doc **ret_contact)
{
    struct doc *shown = NULL;
    const struct param *id = PARAMS(P_INT("of_contact", path_id(c, "contact")));
    TRY(ctx_row(c, &sql_contact_take, id, ret_contact));
    TRY(ctx_row(c, &sql_contact_show, id, &shown));
    doc_set_text(*ret_contact, "client_name", doc_text_of(shown, "client_name"));
    journal_object(c, "contact", doc_int_of(*ret_contact, "id"));
    journal_text(c, "part", path_text(c, "word"));
    c->journal.on_behalf_client_id = doc_int_of(*ret_contact, "client_id");
    return NULL;
}

struct err *contact_access_give(struct ctx *c)
{
    const char *part = path_text(c, "word"), *wording = NULL;
    struct doc *contact = NULL, *person = NULL;
    int64_t mandate_id = 0;
    TRY(access_contact(c, &contact));
    int64_t id = doc_int_of(contact, "id");
    TRY(access_check(c, contact, part));
    TRY(access_wording(c, contact, part, &wording));
    TRY(access_person(c, contact, &person));
    TRY(access_give(c, id, part, wording, &mandate_id));
    TRY(access_mail(c, contact, person, "mail_access_given", part, mandate_id));
    journal_number(c, "mandate_id", mandate_id);
    reply_see(c, "access_given", "%s/contacts/%lld", web_space(c), (long long)id);
    return NULL;
}

struct err *contact_access_end(struct ctx *c)
{
    const char *part = path_text(c, "word");
    struct doc *contact = NULL, *given = NULL;
    TRY(access_contact(c, &contact));
    int64_t id = doc_int_of(contact, "id");
    TRY(access_part(c, id, part, &given));
    TRY(access_take(c, id, part));
    if (*doc_text_of(contact, "email"))
        TRY(access_mail(c, contact, NULL, "mail_access_ended", part, 0));
    reply_see(c, "access_ended", "%s/contacts/%lld", web_space(c), (long long)id);
    return NULL;
}
