/* Sites: where a client's equipment stands and people go to (L-4). */
#include "features/site/site.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/site/inside.h"
#include "tpl/tpl.h"

static const struct field site_form[] = {
    { "name", FIELD_TEXT, N_("Nom du site"), REQUIRED, .max = 200, .hint = N_("Comme le client l’appelle : cuisine centrale, annexe, entrepôt.") },
    { "street", FIELD_TEXT, N_("Adresse"), .max = 200 },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12 },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100 },
    { "contact_id", FIELD_ID, N_("Contact sur place") },
    { "information", FIELD_LONG, N_("Informations complémentaires"), .max = 4000, .hint = N_("Accès, horaires, badge : ce que le client sait aussi.") },
    { "notes", FIELD_LONG, N_("Notes internes"), .max = 4000, .hint = N_("L’équipe seule les voit.") },
    { 0 },
};

static const struct list_order site_orders[] = {
    { "name", &sql_site_list, &sql_site_search, "name_key" }, { "changed", &sql_site_by_changed, &sql_site_search_by_changed, "changed_at" }, { 0 },
};

/* ---- What the pages share ---- */

struct err *site_client(struct ctx *c, int64_t client_id) { return doc_row(c, "client", &sql_site_client, PARAMS(P_INT("of_client", client_id))); }

struct err *site_filter_client(struct ctx *c, const struct param *client)
{
    struct doc *row = NULL;
    if (client->kind == PARAM_INT)
        TRY(ctx_maybe(c, &sql_site_client, PARAMS(P_INT("of_client", client->number)), &row));
    doc_set_text(web_page(c), "client_name", row ? doc_text_of(row, "name") : "");
    return NULL;
}

void site_page_rights(struct ctx *c)
{
    client_tabs(c);
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_JOB_MANAGE));
    doc_set_bool(web_page(c), "can_link", ctx_may(c, RIGHT_LINK_MANAGE));
    doc_set_bool(web_page(c), "can_import", ctx_may(c, RIGHT_JOB_MANAGE) && ctx_may(c, RIGHT_CLIENT_WRITE));
    doc_set_bool(web_page(c), "can_export", ctx_may(c, RIGHT_CLIENT_READ) && (ctx_may(c, RIGHT_EXPORT_ALL) || doc_bool_of(doc_get(web_page(c), "filters"), "is_active")));
}

/* ---- Lists ---- */

/* A city as it was typed, compared by its key. */
static struct param city_filter(struct ctx *c)
{
    struct param typed = filter_text(c, "city");
    const char *city = doc_text_of(doc_get(web_page(c), "filters"), "city");
    return P_ANY("at_city", typed.kind != PARAM_ABSENT, P_TEXT("at_city", text_name_key(c->arena, city)));
}

static struct err *site_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, site_orders);
    struct param client = filter_id(c, "client"), city = city_filter(c);
    struct word_search words = word_filter(c, "search");
    client.name = "of_client";                         /* :client is whom one acts for */
    TRY(site_filter_client(c, &client));
    site_page_rights(c);
    TRY(word_search_cut(c, "site", &words));
    if (words.is_any)
        return doc_page(c, "sites", order->search, order->column, PARAMS(client, city, WORD_PARAMS(words)));
    return doc_page(c, "sites", order->list, order->column, PARAMS(client, city));
}

/* « Sites » on a client's sheet. */
static struct err *client_sites(struct ctx *c)
{
    TRY(site_client(c, path_id(c, "client")));
    site_page_rights(c);
    client_tabs(c);
    return doc_page(c, "sites", &sql_site_list, "name_key", PARAMS(P_INT("of_client", path_id(c, "client")), P_ABSENT("at_city")));
}

static struct err *site_show(struct ctx *c)
{
    TRY(doc_row(c, "site", &sql_site_show, PARAMS(P_INT("of_site", path_id(c, "site")))));
    site_page_rights(c);
    return equipment_of_site(c, path_id(c, "site"));
}

/* ---- Create and change ---- */

struct err *site_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first)
{
    struct doc *row = NULL;
    const struct param *params = PARAMS(P_INT("floor", floor), P_INT("count", count));
    TRY(ctx_maybe(c, &sql_site_number, params, &row));
    if (!row) {
        TRY(ctx_run_any(c, &sql_site_number_begin, NULL, NULL));
        TRY(ctx_row(c, &sql_site_number, params, &row));
    }
    *ret_first = doc_int_of(row, "number") - count + 1;
    return NULL;
}

const char *site_number_text(struct arena *a, int64_t number) { return arena_printf(a, "S-%05lld", (long long)number); }

struct err *site_number(struct ctx *c, const char **ret_number)
{
    int64_t number = 0;
    TRY(site_numbers(c, 0, 1, &number));
    *ret_number = site_number_text(c->arena, number);
    return NULL;
}

static struct err *contact_check(struct ctx *c, int64_t client_id)
{
    struct doc *contact = NULL;
    if (!form_id(c, "contact_id"))
        return NULL;
    TRY(ctx_maybe(c, &sql_site_contact, PARAMS(P_INT("of_client", client_id), P_INT("of_choice", form_id(c, "contact_id"))), &contact));
    return contact ? NULL : form_error(c, "contact_id", N_("Ce contact n’est pas de ce client."));
}

#define SITE_PARAMS(c) P_TEXT("name", form_text(c, "name")), P_TEXT("name_key", text_name_key((c)->arena, form_text(c, "name"))), \
    P_TEXT("street", form_text(c, "street")), P_TEXT("postcode", form_text(c, "postcode")), P_TEXT("city", form_text(c, "city")), \
    P_TEXT("city_key", text_name_key((c)->arena, form_text(c, "city"))), P_ID("of_contact", form_id(c, "contact_id"))

/* What goes with the row: texts, words, journal, where to go on. */
static struct err *site_done(struct ctx *c, int64_t id, const char *number, const char *notice)
{
    const char *words[] = { form_text(c, "name"), number, form_text(c, "street"), form_text(c, "city"), NULL };
    TRY(ctx_run(c, &sql_site_text_put, PARAMS(P_INT("id", id), P_TEXT("information", form_text(c, "information")), P_TEXT("notes", form_text(c, "notes")))));
    TRY(word_put(c, "site", id, words));
    journal_object(c, "site", id);
    journal_text(c, "name", form_text(c, "name"));
    reply_see(c, notice, "%s/sites/%lld", web_space(c), (long long)id);
    return NULL;
}

struct err *client_choice(struct ctx *c, const struct client_choice *of)
{
    struct doc *rows = NULL, *chosen = NULL;
    const struct param client = P_INT("of_client", of->client_id);
    bool is_there = !of->chosen_id;
    TRY(ctx_rows(c, of->list, PARAMS(client), &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        is_there |= doc_int_of(doc_at(rows, i), "id") == of->chosen_id;
    if (!is_there)
        TRY(ctx_maybe(c, of->one, PARAMS(client, P_INT("of_choice", of->chosen_id)), &chosen));
    if (chosen)
        doc_push(rows, chosen);
    form_value_id(c, of->field, of->chosen_id);
    form_options(c, of->field, rows, of->none);
    return NULL;
}

static struct err *site_contacts(struct ctx *c, int64_t client_id, int64_t chosen_id)
{
    return client_choice(c, &(struct client_choice){ "contact_id", N_("Personne en particulier"), &sql_site_contacts, &sql_site_contact, client_id, chosen_id });
}

static struct err *site_new(struct ctx *c)
{
    TRY(site_client(c, path_id(c, "client")));
    form_show(c, site_form);
    return site_contacts(c, path_id(c, "client"), 0);
}

static struct err *site_create(struct ctx *c)
{
    struct doc *client = NULL;
    const char *number = NULL;
    int64_t id = ctx_id(c);
    TRY(ctx_row(c, &sql_site_client, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    int64_t client_id = doc_int_of(client, "id");
    TRY(contact_check(c, client_id));
    TRY(site_number(c, &number));
    TRY(ctx_run(c, &sql_site_add, PARAMS(P_INT("id", id), P_INT("of_client", client_id), P_TEXT("number", number), SITE_PARAMS(c))));
    return site_done(c, id, number, "site_created");
}

static struct err *site_edit(struct ctx *c)
{
    TRY(doc_row(c, "site", &sql_site_show, PARAMS(P_INT("of_site", path_id(c, "site")))));
    const struct doc *site = doc_get(c->doc, "site");
    form_show(c, site_form);
    for (const struct field *f = site_form; f->name; f++)
        if (f->kind != FIELD_ID)
            form_value(c, f->name, doc_text_of(site, f->name));
    return site_contacts(c, doc_int_of(site, "client_id"), doc_int_of(site, "contact_id"));
}

static struct err *site_update(struct ctx *c)
{
    struct doc *site = NULL;
    int64_t id = path_id(c, "site");
    TRY(ctx_row(c, &sql_site_show, PARAMS(P_INT("of_site", id)), &site));
    TRY(contact_check(c, doc_int_of(site, "client_id")));
    TRY(ctx_run(c, &sql_site_put, PARAMS(P_INT("id", id), SITE_PARAMS(c))));
    return site_done(c, id, doc_text_of(site, "number"), "site_updated");
}

static const struct route site_routes[] = {
    GET ("/o/:org/sites",                            JOB_READ,   site_list),
    GET ("/o/:org/sites/:site",                      JOB_READ,   site_show),
    GET ("/o/:org/sites/:site/edit",                 JOB_MANAGE, site_edit),
    POST("/o/:org/sites/:site/edit",                 JOB_MANAGE, site_update, .form = site_form, AGAIN(site_edit)),
    GET ("/o/:org/clients/:client/sites",            JOB_READ,   client_sites),
    GET ("/o/:org/clients/:client/sites/new",        JOB_MANAGE, site_new),
    POST("/o/:org/clients/:client/sites",            JOB_MANAGE, site_create, .form = site_form, AGAIN(site_new)),
    GET ("/o/:org/equipment",                        JOB_READ,   equipment_list),
    GET ("/o/:org/equipment/:equipment",             JOB_READ,   equipment_show),
    GET ("/o/:org/equipment/:equipment/edit",        JOB_MANAGE, equipment_edit),
    POST("/o/:org/equipment/:equipment/edit",        JOB_MANAGE, equipment_update, .form = equipment_form, AGAIN(equipment_edit)),
    GET ("/o/:org/clients/:client/equipment",        JOB_READ,   client_equipment),
    GET ("/o/:org/clients/:client/equipment/new",    JOB_MANAGE, equipment_new),
    POST("/o/:org/clients/:client/equipment",        JOB_MANAGE, equipment_create, .form = equipment_form, AGAIN(equipment_new)),
    { 0 },
};

const struct feature site_feature = { .name = "site", .routes = site_routes };
