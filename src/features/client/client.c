#include "features/client/client.h"
#include <string.h>
#include "base/text.h"
#include "features/client/contact.h"
#include "features/client/word.h"
#include "features/link/link.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const struct choice client_kinds[] = { { "company", N_("Entreprise") }, { "private", N_("Particulier") }, { 0 } };

static const struct field client_form[] = {
    { "kind", FIELD_CHOICE, N_("Client"), REQUIRED, .choices = client_kinds },
    { "name", FIELD_TEXT, N_("Raison sociale ou nom"), REQUIRED, .max = 200, .autocomplete = "organization" },
    { "siren", FIELD_TEXT, N_("SIREN"), .max = 14, .hint = N_("Neuf chiffres, pour une entreprise.") },
    { "street", FIELD_TEXT, N_("Adresse"), .max = 200, .autocomplete = "street-address" },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12, .autocomplete = "postal-code" },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100, .autocomplete = "address-level2" },
    { "email", FIELD_EMAIL, N_("Email") },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "information", FIELD_LONG, N_("Informations complémentaires"), .max = 4000, .hint = N_("Le client les voit dans son espace.") },
    { "notes", FIELD_LONG, N_("Notes internes"), .max = 4000, .hint = N_("L’équipe seule les voit.") },
    { 0 },
};

static const struct list_order client_orders[] = {
    { "name", &sql_client_list, &sql_client_search, "name_key" }, { "changed", &sql_client_by_changed, &sql_client_search_by_changed, "changed_at" },
    { "created", &sql_client_by_created, &sql_client_search_by_created, "id" }, { 0 },
};

static struct err *client_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, client_orders);
    client_tabs(c);
    struct word_search words = word_filter(c, "search");
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    doc_set_bool(web_page(c), "can_export", ctx_may(c, RIGHT_EXPORT_ALL) || words.is_any);
    TRY(word_search_cut(c, "client", &words));
    if (words.is_any)
        return doc_page(c, "clients", order->search, order->column, PARAMS(WORD_PARAMS(words)));
    return doc_page(c, "clients", order->list, order->column, NULL);
}

void client_tabs(struct ctx *c)
{
    doc_set_bool(web_page(c), "can_see_tickets", ctx_may(c, RIGHT_TICKET_MANAGE));
    doc_set_bool(web_page(c), "can_see_jobs", ctx_may(c, RIGHT_JOB_READ));
    doc_set_bool(web_page(c), "can_link", ctx_may(c, RIGHT_LINK_MANAGE));
    doc_set_bool(web_page(c), "can_set_portal", ctx_may(c, RIGHT_ACCESS_GRANT));
}

static struct err *client_show(struct ctx *c)
{
    const struct param *id = PARAMS(P_INT("of_client", path_id(c, "client")));
    TRY(doc_row(c, "client", &sql_client_show, id));
    TRY(doc_rows(c, "contacts", &sql_client_contacts, id));
    bool has_more = doc_count(doc_get(c->doc, "contacts")) > 50;
    if (has_more)
        doc_drop_last(doc_get_mut(c->doc, "contacts"));
    doc_set_bool(web_page(c), "has_more_contacts", has_more);
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    client_tabs(c);
    if (ctx_may(c, RIGHT_TICKET_MANAGE))
        TRY(doc_rows(c, "tickets", &sql_client_tickets, id));
    return NULL;
}

static struct err *client_details(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_client_show, PARAMS(P_INT("of_client", path_id(c, "client")))));
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    client_tabs(c);
    return link_of_client(c, path_id(c, "client"));
}

/* ---- Create and change ---- */

const char *client_siren(struct arena *a, const char *text)
{
    char *digits = arena_alloc(a, strlen(text) + 1);
    int count = 0, sum = 0;
    for (const char *p = text; *p; p++)
        if (*p >= '0' && *p <= '9')
            digits[count++] = *p;
        else if (*p != ' ')
            return "";
    for (int i = 0; i < count; i++) {
        int digit = (digits[i] - '0') * (i % 2 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return count == 9 && sum % 10 == 0 ? digits : "";
}

static struct err *client_check(struct ctx *c, const char **ret_siren)
{
    const char *typed = form_text(c, "siren");
    *ret_siren = client_siren(c->arena, typed);
    return *typed && !**ret_siren ? form_error(c, "siren", N_("Ce numéro SIREN n’existe pas : vérifiez ses neuf chiffres.")) : NULL;
}

static struct err *client_words(struct ctx *c, int64_t id, const char *number)
{
    const char *words[] = { form_text(c, "name"), number, form_text(c, "city"), NULL };
    return word_put(c, "client", id, words);
}

#define CLIENT_PARAMS(c, siren) P_TEXT("kind", form_text(c, "kind")), P_TEXT("name", form_text(c, "name")), \
    P_TEXT("name_key", text_name_key((c)->arena, form_text(c, "name"))), P_TEXT("siren", siren), P_TEXT("street", form_text(c, "street")), \
    P_TEXT("postcode", form_text(c, "postcode")), P_TEXT("city", form_text(c, "city")), P_TEXT("email", form_text(c, "email")), \
    P_TEXT("phone", form_text(c, "phone"))

static struct err *client_text_put(struct ctx *c, int64_t id)
{
    return ctx_run(c, &sql_client_text_put, PARAMS(P_INT("id", id), P_TEXT("information", form_text(c, "information")), P_TEXT("notes", form_text(c, "notes"))));
}

/* The first time, counting goes on behind the highest number there is. */
static struct err *client_counter_begin(struct ctx *c)
{
    struct doc *last = NULL;
    int64_t number = 0;
    TRY(ctx_maybe(c, &sql_client_number_last, NULL, &last));
    if (last && !text_int(doc_text_of(last, "number") + 2, &number))
        number = 0;
    return ctx_run_any(c, &sql_client_number_begin, PARAMS(P_INT("last", number)), NULL);
}

struct err *client_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first)
{
    struct doc *row = NULL;
    const struct param *params = PARAMS(P_INT("floor", floor), P_INT("count", count));
    TRY(ctx_maybe(c, &sql_client_number, params, &row));
    if (!row) {
        TRY(client_counter_begin(c));
        TRY(ctx_row(c, &sql_client_number, params, &row));
    }
    *ret_first = doc_int_of(row, "number") - count + 1;
    return NULL;
}

const char *client_number_text(struct arena *a, int64_t number) { return arena_printf(a, "C-%05lld", (long long)number); }

static struct err *client_number(struct ctx *c, const char **ret_number)
{
    int64_t number = 0;
    TRY(client_numbers(c, 0, 1, &number));
    *ret_number = client_number_text(c->arena, number);
    return NULL;
}

static struct err *client_new(struct ctx *c)
{
    form_show(c, client_form);
    form_value(c, "kind", "company");
    return NULL;
}

static struct err *client_create(struct ctx *c)
{
    const char *siren = NULL, *number = NULL;
    int64_t id = ctx_id(c);
    TRY(client_check(c, &siren));
    TRY(client_number(c, &number));
    TRY(ctx_run(c, &sql_client_add, PARAMS(P_INT("id", id), P_TEXT("number", number), CLIENT_PARAMS(c, siren))));
    TRY(client_text_put(c, id));
    TRY(client_words(c, id, number));
    journal_object(c, "client", id);
    journal_text(c, "name", form_text(c, "name"));
    reply_see(c, "client_created", "%s/clients/%lld", web_space(c), (long long)id);
    return NULL;
}

static struct err *client_edit(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_client_show, PARAMS(P_INT("of_client", path_id(c, "client")))));
    form_show(c, client_form);
    for (const struct field *f = client_form; f->name; f++)
        form_value(c, f->name, doc_text_of(doc_get(c->doc, "client"), f->name));
    return NULL;
}

static struct err *client_update(struct ctx *c)
{
    const char *siren = NULL;
    struct doc *row = NULL;
    int64_t id = path_id(c, "client");
    TRY(client_check(c, &siren));
    TRY(ctx_row(c, &sql_client_put, PARAMS(P_INT("id", id), CLIENT_PARAMS(c, siren)), &row));
    TRY(client_text_put(c, id));
    TRY(client_words(c, id, doc_text_of(row, "number")));
    journal_object(c, "client", id);
    journal_text(c, "name", form_text(c, "name"));
    reply_see(c, "client_updated", "%s/clients/%lld", web_space(c), (long long)id);
    return NULL;
}

static const struct route client_routes[] = {
    GET ("/o/:org/clients",                              CLIENT_READ,  client_list),
    GET ("/o/:org/clients/new",                          CLIENT_WRITE, client_new),
    POST("/o/:org/clients",                              CLIENT_WRITE, client_create, .form = client_form, AGAIN(client_new)),
    GET ("/o/:org/clients/:client",                      CLIENT_READ,  client_show),
    GET ("/o/:org/clients/:client/details",              CLIENT_READ,  client_details),
    GET ("/o/:org/clients/:client/edit",                 CLIENT_WRITE, client_edit),
    POST("/o/:org/clients/:client/edit",                 CLIENT_WRITE, client_update, .form = client_form, AGAIN(client_edit)),
    GET ("/o/:org/clients/:client/contacts/new",         CLIENT_WRITE, contact_new),
    POST("/o/:org/clients/:client/contacts",             CLIENT_WRITE, contact_create, .form = contact_form, AGAIN(contact_new)),
    GET ("/o/:org/contacts",                             CLIENT_READ,  contact_list),
    GET ("/o/:org/contacts/:contact",                    CLIENT_READ,  contact_show),
    GET ("/o/:org/contacts/:contact/edit",               CLIENT_WRITE, contact_edit),
    POST("/o/:org/contacts/:contact/edit",               CLIENT_WRITE, contact_update, .form = contact_form, AGAIN(contact_edit)),
    GET ("/o/:org/contacts/:contact/place",              CLIENT_WRITE, contact_place),
    POST("/o/:org/contacts/:contact/place",              CLIENT_WRITE, contact_place_set, .form = contact_place_form, AGAIN(contact_place)),
    POST("/o/:org/contacts/:contact/unmute",             CLIENT_WRITE, contact_unmute),
    GET ("/o/:org/contacts/:contact/access/:word",       ACCESS_GRANT, contact_access),
    POST("/o/:org/contacts/:contact/access/:word",       ACCESS_GRANT, contact_access_give, .form = contact_access_form, AGAIN(contact_access)),
    POST("/o/:org/contacts/:contact/access/:word/end",   ACCESS_GRANT, contact_access_end),
    GET ("/o/:org/clients/:client/files",                CLIENT_READ,  client_files),
    POST("/o/:org/clients/:client/files",                CLIENT_WRITE, client_file_add, .form = client_file_form, AGAIN(client_files)),
    GET ("/o/:org/clients/:client/files/:attachment",    CLIENT_READ,  client_file, .is_raw = true),
    POST("/o/:org/clients/:client/files/:attachment/share",  CLIENT_WRITE, client_file_share),
    POST("/o/:org/clients/:client/files/:attachment/hide",   CLIENT_WRITE, client_file_hide),
    GET ("/o/:org/clients/:client/files/:attachment/remove", CLIENT_WRITE, client_file_removing),
    POST("/o/:org/clients/:client/files/:attachment/remove", CLIENT_WRITE, client_file_remove),
    GET ("/p/:portal/documents",                         TICKET_READ,  document_list),
    GET ("/p/:portal/documents/:attachment",             TICKET_READ,  document_file, .is_raw = true),
    GET ("/p/:portal/personal",                          PERSONAL_READ,  personal_show),
    POST("/p/:portal/personal",                          PERSONAL_WRITE, personal_update, .form = personal_form, AGAIN(personal_show)),
    GET ("/p/:portal/invoices",                          INVOICE_READ, invoice_list),
    POST("/p/:portal/acting-for",                        SPACE_OPEN,   client_choose, .form = client_choose_form, .is_for_any = true),
    { 0 },
};

/* One place for all these lists: they are tabs of each other, and the bar stays short. */
static const char *const client_also[] = { "/contacts", "/sites", "/equipment", "/links", NULL };
static const struct place client_places[] = {
    { 'o', RIGHT_CLIENT_READ, "/clients", N_("Client"), client_also },
    { 'p', RIGHT_INVOICE_READ, "/invoices", N_("Factures") },
    { 'p', RIGHT_TICKET_READ, "/documents", N_("Documents") },
    { 'p', RIGHT_PERSONAL_READ, "/personal", N_("Mes données") },
    { 0 },
};

const struct feature client_feature = { .name = "client", .routes = client_routes, .places = client_places };
