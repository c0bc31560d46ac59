#include "features/client/client.h"
#include "features/client/contact.h"
#include "base/text.h"
#include "features/client/word.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const struct choice contact_langs[] = { { "fr", N_("français") }, { "en", N_("anglais") }, { 0 } };

const struct field contact_form[] = {
    { "first_name", FIELD_TEXT, N_("Prénom"), REQUIRED, .max = 100 },
    { "last_name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 100 },
    { "job_title", FIELD_TEXT, N_("Fonction"), .max = 100 },
    { "email", FIELD_EMAIL, N_("Email"), .hint = N_("Ses réponses et son accès à l’espace client arrivent là.") },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "lang", FIELD_CHOICE, N_("Langue des e-mails"), REQUIRED, .choices = contact_langs },
    { "notes", FIELD_LONG, N_("Notes internes"), .max = 4000, .hint = N_("L’équipe seule les voit.") },
    { 0 },
};

/* Signed up by themselves, or brought in without a client (C-4): for the team to place. */
static const struct choice contact_orphans[] = { { "1", N_("Sans client") }, { 0 } };

static const struct list_order contact_orders[] = {
    { "name", &sql_contact_list, &sql_contact_search, "name_key" }, { "changed", &sql_contact_by_changed, &sql_contact_search_by_changed, "changed_at" },
    { "created", &sql_contact_by_created, &sql_contact_search_by_created, "id" }, { 0 },
};

struct err *contact_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, contact_orders);
    struct param client = filter_id(c, "client");
    client_tabs(c);
    struct word_search words = word_filter(c, "search");
    struct param orphans = filter_choice(c, "orphans", contact_orphans);
    client.name = "of_client";                         /* :client is whom one acts for */
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    doc_set_bool(web_page(c), "can_export", ctx_may(c, RIGHT_EXPORT_ALL) || doc_bool_of(doc_get(web_page(c), "filters"), "is_active"));
    TRY(word_search_cut(c, "contact", &words));
    if (words.is_any)
        return doc_page(c, "contacts", order->search, order->column, PARAMS(client, orphans, WORD_PARAMS(words)));
    return doc_page(c, "contacts", order->list, order->column, PARAMS(client, orphans));
}

struct err *contact_show(struct ctx *c)
{
    int64_t id = path_id(c, "contact");
    TRY(doc_row(c, "contact", &sql_contact_show, PARAMS(P_INT("of_contact", id))));
    TRY(access_show(c, id));
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    const struct doc *contact = doc_get(c->doc, "contact");
    doc_set_bool(web_page(c), "can_unmute", ctx_may(c, RIGHT_CLIENT_WRITE) && (doc_int_of(contact, "bounced_at") || doc_int_of(contact, "muted_at")));
    doc_set_bool(web_page(c), "can_grant", ctx_may(c, RIGHT_ACCESS_GRANT));
    doc_set_bool(web_page(c), "can_open_ticket", ctx_may(c, RIGHT_TICKET_MANAGE) && doc_int_of(doc_get(c->doc, "contact"), "client_id"));
    return NULL;
}

/* ---- Create and change ---- */

static struct err *contact_words(struct ctx *c, int64_t id)
{
    const char *words[] = { form_text(c, "last_name"), form_text(c, "first_name"), form_text(c, "email"), NULL };
    return word_put(c, "contact", id, words);
}

static const char *contact_key(struct ctx *c)
{
    return text_name_key(c->arena, arena_printf(c->arena, "%s %s", form_text(c, "last_name"), form_text(c, "first_name")));
}

#define CONTACT_PARAMS(c) P_TEXT("first_name", form_text(c, "first_name")), P_TEXT("last_name", form_text(c, "last_name")), \
    P_TEXT("name_key", contact_key(c)), P_TEXT("job_title", form_text(c, "job_title")), P_TEXT("email", form_text(c, "email")), \
    P_TEXT("email_key", text_email_key((c)->arena, form_text(c, "email"))), P_TEXT("phone", form_text(c, "phone")), \
    P_TEXT("lang", form_text(c, "lang")), P_TEXT("notes", form_text(c, "notes"))

static struct err *contact_done(struct ctx *c, int64_t id, const char *notice)
{
    TRY(contact_words(c, id));
    journal_object(c, "contact", id);
    journal_text(c, "name", arena_printf(c->arena, "%s %s", form_text(c, "first_name"), form_text(c, "last_name")));
    reply_see(c, notice, "%s/contacts/%lld", web_space(c), (long long)id);
    return NULL;
}

struct err *contact_new(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_client_show, PARAMS(P_INT("of_client", path_id(c, "client")))));
    form_show(c, contact_form);
    form_value(c, "lang", "fr");
    return NULL;
}

struct err *contact_create(struct ctx *c)
{
    int64_t id = ctx_id(c);
    struct doc *client = NULL;
    TRY(ctx_row(c, &sql_client_show, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    TRY(ctx_run(c, &sql_contact_add, PARAMS(P_INT("id", id), P_INT("of_client", doc_int_of(client, "id")), CONTACT_PARAMS(c))));
    return contact_done(c, id, "contact_created");
}

struct err *contact_edit(struct ctx *c)
{
    TRY(doc_row(c, "contact", &sql_contact_show, PARAMS(P_INT("of_contact", path_id(c, "contact")))));
    form_show(c, contact_form);
    for (const struct field *f = contact_form; f->name; f++)
        form_value(c, f->name, doc_text_of(doc_get(c->doc, "contact"), f->name));
    return NULL;
}

struct err *contact_update(struct ctx *c)
{
    struct doc *contact = NULL;
    TRY(ctx_row(c, &sql_contact_take, PARAMS(P_INT("of_contact", path_id(c, "contact"))), &contact));
    int64_t id = doc_int_of(contact, "id");
    const char *email_key = text_email_key(c->arena, form_text(c, "email"));
    if (!ctx_may(c, RIGHT_EMAIL_WRITE) && !text_same(email_key, doc_text_of(contact, "email_key")))   /* S-7 */
        return form_forbidden(c, "email", N_("L’adresse e-mail d’un contact ne change pas pendant une session d’assistance."));
    TRY(access_follow(c, contact, email_key));
    TRY(ctx_run(c, &sql_contact_put, PARAMS(P_INT("id", id), CONTACT_PARAMS(c))));
    return contact_done(c, id, "contact_updated");
}

/* Mail goes to this address again: it was mended, or the person asks for it. Who did it and when stands in the journal (C-10). */
struct err *contact_unmute(struct ctx *c)
{
    struct doc *contact = NULL;
    int64_t unmuted = 0, reached = 0;
    TRY(ctx_row(c, &sql_contact_take, PARAMS(P_INT("of_contact", path_id(c, "contact"))), &contact));
    const struct param *key = PARAMS(P_TEXT("email_key", doc_text_of(contact, "email_key")));
    TRY(ctx_run_any(c, &sql_contact_unmute, key, &unmuted));
    TRY(ctx_run_any(c, &sql_contact_reach, key, &reached));
    journal_object(c, "contact", doc_int_of(contact, "id"));
    journal_text(c, "email", doc_text_of(contact, "email"));
    journal_text(c, "was", unmuted && reached ? "unsubscribed, bounced" : unmuted ? "unsubscribed" : "bounced");
    if (!unmuted && !reached)
        journal_skip(c);
    reply_see(c, "contact_unmuted", "%s/contacts/%lld", web_space(c), (long long)doc_int_of(contact, "id"));
    return NULL;
}

/* ---- A contact without a client (C-4) ---- */

const struct field contact_place_form[] = { { "client_id", FIELD_ID, N_("Client"), REQUIRED }, { 0 } };

struct err *contact_place(struct ctx *c)
{
    struct word_search words = word_filter(c, "search");
    TRY(doc_row(c, "contact", &sql_contact_show, PARAMS(P_INT("of_contact", path_id(c, "contact")))));
    doc_set(c->doc, "clients", doc_list(c->arena));
    form_show(c, contact_place_form);
    if (!words.is_any)
        return NULL;
    return doc_rows(c, "clients", &sql_client_search, PARAMS(WORD_PARAMS(words), P_ABSENT("page_after"), P_ABSENT("page_id"), P_INT("page_limit", 20)));
}

struct err *contact_place_set(struct ctx *c)
{
    struct doc *client = NULL;
    int64_t id = path_id(c, "contact"), changed = 0;
    TRY(doc_row(c, "contact", &sql_contact_show, PARAMS(P_INT("of_contact", id))));
    TRY(ctx_maybe(c, &sql_client_show, PARAMS(P_INT("of_client", form_id(c, "client_id"))), &client));
    if (!client)
        return form_error(c, "client_id", N_("Ce client n’existe pas."));
    TRY(ctx_run_any(c, &sql_contact_place, PARAMS(P_INT("of_contact", id), P_INT("of_client", form_id(c, "client_id"))), &changed));
    if (!changed)
        return form_error(c, "client_id", N_("Ce contact est déjà rattaché à un client."));
    journal_object(c, "contact", id);
    journal_text(c, "client", doc_text_of(client, "name"));
    reply_see(c, "contact_updated", "%s/contacts/%lld", web_space(c), (long long)id);
    return NULL;
}
