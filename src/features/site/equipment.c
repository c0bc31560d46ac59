/* Equipment: what stands at a client's sites, with model, serial number and dates (L-4). It is taken out of service, never deleted. */
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/site/inside.h"
#include "tpl/tpl.h"

static const struct choice equipment_states[] = { { "in_service", N_("En service") }, { "stored", N_("En réserve") }, { "retired", N_("Hors service") }, { 0 } };
static const struct choice equipment_warranties[] = { { "ended", N_("Garantie terminée") }, { 0 } };

const struct field equipment_form[] = {
    { "name", FIELD_TEXT, N_("Équipement"), REQUIRED, .max = 200, .hint = N_("Ce que c’est, et où : vitrine réfrigérée du bar.") },
    { "site_id", FIELD_ID, N_("Site") },
    { "model", FIELD_TEXT, N_("Modèle"), .max = 100 },
    { "serial", FIELD_TEXT, N_("N° de série"), .max = 100 },
    { "installed_on", FIELD_TEXT, N_("Mis en service le"), .max = 10 },
    { "warranty_on", FIELD_TEXT, N_("Fin de la garantie"), .max = 10 },
    { "state", FIELD_CHOICE, N_("État"), REQUIRED, .choices = equipment_states },
    { "information", FIELD_LONG, N_("Informations complémentaires"), .max = 4000, .hint = N_("Fluide, charge, réglages : ce que le client sait aussi.") },
    { "notes", FIELD_LONG, N_("Notes internes"), .max = 4000, .hint = N_("L’équipe seule les voit.") },
    { 0 },
};

static const struct list_order equipment_orders[] = {
    { "name", &sql_equipment_list, &sql_equipment_search, "name_key" },
    { "changed", &sql_equipment_by_changed, &sql_equipment_search_by_changed, "changed_at" }, { 0 },
};

/* ---- Lists ---- */

static struct err *filter_site_name(struct ctx *c, const struct param *site)
{
    struct doc *row = NULL;
    if (site->kind == PARAM_INT)
        TRY(ctx_maybe(c, &sql_site_show, PARAMS(P_INT("of_site", site->number)), &row));
    doc_set_text(web_page(c), "site_name", row ? doc_text_of(row, "name") : "");
    return NULL;
}

/* What is out of warranty has an order of its own, by when it came out of it; a search keeps the order that was chosen. */
struct err *equipment_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, equipment_orders);
    struct param client = filter_id(c, "client"), site = filter_id(c, "site"), state = filter_choice(c, "state", equipment_states);
    struct param warranty = filter_choice(c, "warranty", equipment_warranties);
    struct word_search words = word_filter(c, "search");
    client.name = "of_client";
    site.name = "of_site";
    state.name = "in_state";
    filter_choices(c, "state", equipment_states);
    TRY(site_filter_client(c, &client));
    TRY(filter_site_name(c, &site));
    site_page_rights(c);
    bool is_by_warranty = !words.is_any && warranty.kind != PARAM_ABSENT;
    doc_set_bool(web_page(c), "is_by_warranty", is_by_warranty);
    TRY(word_search_cut(c, "equipment", &words));
    if (words.is_any) {
        struct param word3 = words.word3.kind == PARAM_ABSENT ? words.word2 : words.word3;   /* the query's clause asks for both */
        word3.name = "word3";
        return doc_page(c, "equipment", order->search, order->column, PARAMS(client, site, state, warranty, words.word, words.word_end, words.word2, word3));
    }
    if (is_by_warranty)
        return doc_page(c, "equipment", &sql_equipment_by_warranty, "warranty_on", PARAMS(client, site, state));
    return doc_page(c, "equipment", order->list, order->column, PARAMS(client, site, state));
}

struct err *equipment_of_site(struct ctx *c, int64_t site_id)
{
    return doc_page(c, "equipment", &sql_equipment_list, "name_key", PARAMS(P_ABSENT("of_client"), P_INT("of_site", site_id), P_ABSENT("in_state")));
}

/* « Équipements » on a client's sheet. */
struct err *client_equipment(struct ctx *c)
{
    TRY(site_client(c, path_id(c, "client")));
    site_page_rights(c);
    client_tabs(c);
    return doc_page(c, "equipment", &sql_equipment_list, "name_key", PARAMS(P_INT("of_client", path_id(c, "client")), P_ABSENT("of_site"), P_ABSENT("in_state")));
}

struct err *equipment_show(struct ctx *c)
{
    TRY(doc_row(c, "equipment", &sql_equipment_show, PARAMS(P_INT("of_equipment", path_id(c, "equipment")))));
    site_page_rights(c);
    return NULL;
}

/* ---- Create and change ---- */

struct equipment_days { int64_t installed_on, warranty_on; bool is_installed, is_warranted; };

static struct err *day_read(struct ctx *c, const char *name, int64_t *ret_day, bool *ret_is_given)
{
    *ret_is_given = *form_text(c, name);
    if (*ret_is_given && !clock_day_read(form_text(c, name), ret_day))
        return form_error(c, name, N_("Indiquez un jour, comme 2027-03-31."));
    return NULL;
}

static struct err *equipment_check(struct ctx *c, int64_t client_id, int64_t id, struct equipment_days *days)
{
    struct doc *site = NULL, *same = NULL;
    const char *serial_key = text_name_key(c->arena, form_text(c, "serial"));
    if (form_id(c, "site_id")) {
        TRY(ctx_maybe(c, &sql_equipment_site, PARAMS(P_INT("of_client", client_id), P_INT("of_choice", form_id(c, "site_id"))), &site));
        if (!site)
            return form_error(c, "site_id", N_("Ce site n’est pas de ce client."));
    }
    TRY(day_read(c, "installed_on", &days->installed_on, &days->is_installed));
    TRY(day_read(c, "warranty_on", &days->warranty_on, &days->is_warranted));
    if (days->is_installed && days->is_warranted && days->warranty_on < days->installed_on)
        return form_error(c, "warranty_on", N_("La garantie finit avant la mise en service."));
    if (!*serial_key)
        return NULL;
    TRY(ctx_maybe(c, &sql_equipment_same, PARAMS(P_TEXT("serial_key", serial_key), P_TEXT("model", form_text(c, "model")), P_INT("id", id)), &same));
    return same ? form_error(c, "serial", N_("Un autre équipement de ce modèle a déjà ce numéro de série.")) : NULL;
}

#define EQUIPMENT_PARAMS(c, days) P_ID("of_site", form_id(c, "site_id")), P_TEXT("name", form_text(c, "name")), \
    P_TEXT("name_key", text_name_key((c)->arena, form_text(c, "name"))), P_TEXT("model", form_text(c, "model")), P_TEXT("serial", form_text(c, "serial")), \
    P_TEXT("serial_key", text_name_key((c)->arena, form_text(c, "serial"))), (days).is_installed ? P_INT("installed_on", (days).installed_on) : P_NULL("installed_on"), \
    (days).is_warranted ? P_INT("warranty_on", (days).warranty_on) : P_NULL("warranty_on"), P_TEXT("in_state", form_text(c, "state"))

static struct err *equipment_done(struct ctx *c, int64_t id, const char *notice)
{
    const char *words[] = { form_text(c, "name"), form_text(c, "model"), form_text(c, "serial"), NULL };
    TRY(ctx_run(c, &sql_equipment_text_put, PARAMS(P_INT("id", id), P_TEXT("information", form_text(c, "information")), P_TEXT("notes", form_text(c, "notes")))));
    TRY(word_put(c, "equipment", id, words));
    journal_object(c, "equipment", id);
    journal_text(c, "name", form_text(c, "name"));
    journal_text(c, "state", form_text(c, "state"));
    reply_see(c, notice, "%s/equipment/%lld", web_space(c), (long long)id);
    return NULL;
}

static struct err *equipment_sites(struct ctx *c, int64_t client_id, int64_t chosen_id)
{
    return client_choice(c, &(struct client_choice){ "site_id", N_("Aucun site"), &sql_equipment_sites, &sql_equipment_site, client_id, chosen_id });
}

/* From a site's sheet, the site is chosen already. */
struct err *equipment_new(struct ctx *c)
{
    int64_t site_id = 0;
    TRY(site_client(c, path_id(c, "client")));
    form_show(c, equipment_form);
    form_value(c, "state", "in_service");
    if (!text_int(query_text(c, "site"), &site_id) || site_id < 0)
        site_id = 0;
    return equipment_sites(c, path_id(c, "client"), site_id);
}

struct err *equipment_create(struct ctx *c)
{
    struct doc *client = NULL;
    struct equipment_days days = { 0 };
    int64_t id = ctx_id(c);
    TRY(ctx_row(c, &sql_site_client, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    TRY(equipment_check(c, doc_int_of(client, "id"), id, &days));
    TRY(ctx_run(c, &sql_equipment_add, PARAMS(P_INT("id", id), P_INT("of_client", doc_int_of(client, "id")), EQUIPMENT_PARAMS(c, days))));
    return equipment_done(c, id, "equipment_created");
}

static void day_value(struct ctx *c, const struct doc *equipment, const char *name)
{
    int year = 0, month = 0, date = 0;
    if (doc_kind(doc_get(equipment, name)) != DOC_INT)
        return;
    clock_civil(doc_int_of(equipment, name), &year, &month, &date);
    form_value(c, name, arena_printf(c->arena, "%04d-%02d-%02d", year, month, date));
}

struct err *equipment_edit(struct ctx *c)
{
    TRY(doc_row(c, "equipment", &sql_equipment_show, PARAMS(P_INT("of_equipment", path_id(c, "equipment")))));
    const struct doc *equipment = doc_get(c->doc, "equipment");
    static const char *const texts[] = { "name", "model", "serial", "state", "information", "notes" };
    form_show(c, equipment_form);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        form_value(c, texts[i], doc_text_of(equipment, texts[i]));
    day_value(c, equipment, "installed_on");
    day_value(c, equipment, "warranty_on");
    return equipment_sites(c, doc_int_of(equipment, "client_id"), doc_int_of(equipment, "site_id"));
}

struct err *equipment_update(struct ctx *c)
{
    struct doc *equipment = NULL;
    struct equipment_days days = { 0 };
    int64_t id = path_id(c, "equipment");
    TRY(ctx_row(c, &sql_equipment_show, PARAMS(P_INT("of_equipment", id)), &equipment));
    TRY(equipment_check(c, doc_int_of(equipment, "client_id"), id, &days));
    TRY(ctx_run(c, &sql_equipment_put, PARAMS(P_INT("id", id), EQUIPMENT_PARAMS(c, days))));
    return equipment_done(c, id, "equipment_updated");
}
