/* Lists of jobs: all of them with tabs, filters, search and orders, and those of one client, site or machine (L-4, L-5, L-7, X-4). A filter that has no index in the
   order chosen, and a word that many jobs have, walk through a stretch of the list; the page says so where more may follow. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { COUNT_MOST = 50, STRETCH_PAGE = 51, STRETCH = 2000, WORD_FEW = 1000 };
#define DATE_LAST_MS INT64_C(8640000000000000)

const struct choice job_states[] = {
    { "to_plan", N_("À planifier") }, { "planned", N_("Planifiée") }, { "started", N_("En cours") }, { "done", N_("Terminée") }, { "cancelled", N_("Annulée") }, { 0 },
};
static const struct choice urgencies[] = { { "1", N_("Urgentes") }, { 0 } };
static const struct choice views[] = { { "to_plan", N_("Interventions à planifier") }, { "late", N_("En retard") }, { "mine", N_("Les miennes") }, { 0 } };

/* ---- Filters ---- */

/* What the address asks for; 0, "" and false: everything. */
struct wanted {
    const char *state, *view;
    int64_t client_id, site_id, technician_id, type_id, from_ms, upto_ms;
    bool is_urgent;
    struct word_search words;
};

static int64_t number_of(struct param p) { return p.kind == PARAM_INT ? p.number : 0; }
static const char *text_of(struct param p) { return p.kind == PARAM_TEXT ? p.data : ""; }

/* The first moment of a day that was typed, or of the day behind it; 0: none. */
static struct err *day_filter(struct ctx *c, const char *name, int days, int64_t *ret_ms)
{
    int64_t day = 0;
    struct param typed = filter_text(c, name);
    *ret_ms = 0;
    if (typed.kind == PARAM_ABSENT)
        return NULL;
    if (!clock_day_read(typed.data, &day)) {
        doc_set_text(doc_get_mut(web_page(c), "filters"), name, "");
        return NULL;
    }
    return job_moment(c, day + days, 0, ret_ms);
}

static struct err *wanted_read(struct ctx *c, struct wanted *w)
{
    w->view = text_of(filter_choice(c, "view", views));
    w->state = text_of(filter_choice(c, "state", job_states));
    w->client_id = number_of(filter_id(c, "client"));
    w->site_id = number_of(filter_id(c, "site"));
    w->technician_id = number_of(filter_id(c, "technician"));
    w->type_id = number_of(filter_id(c, "type"));
    w->is_urgent = *text_of(filter_choice(c, "urgent", urgencies));
    w->words = word_filter(c, "search");
    TRY(day_filter(c, "from", 0, &w->from_ms));
    return day_filter(c, "to", 1, &w->upto_ms);
}

static struct param word_or(struct param p, struct param first, const char *name)
{
    if (p.kind == PARAM_ABSENT)
        p = first;
    p.name = name;
    return p;
}

/* Is anything left that the filter in front does not say? */
static bool has_rest(const struct wanted *w, bool leads_state, bool leads_technician, bool leads_client, bool leads_site)
{
    return w->words.is_any || w->type_id || w->is_urgent || w->from_ms || w->upto_ms || (*w->state && !leads_state) || (w->technician_id && !leads_technician)
        || (w->client_id && !leads_client) || (w->site_id && !leads_site);
}

/* Parameters of every order. One filter leads, where the order has an index for it: the narrowest. */
static const struct param *wanted_params(struct ctx *c, const struct wanted *w, bool has_leads, bool has_site)
{
    bool site = has_leads && has_site && w->site_id, client = has_leads && !site && w->client_id, technician = has_leads && !site && !client && w->technician_id;
    bool state = has_leads && !site && !client && !technician && *w->state;
    int64_t stretch = has_rest(w, state, technician, client, site) ? STRETCH : STRETCH_PAGE;
    struct param *all = ARENA_ARRAY(c->arena, struct param, 24);
    const struct param own[] = {
        P_ANY("of_site", site, P_INT("of_site", w->site_id)), P_ANY("of_client", client, P_INT("of_client", w->client_id)),
        P_ANY("of_technician", technician, P_INT("of_technician", w->technician_id)), P_ANY("in_state", state, P_TEXT("in_state", w->state)),
        P_INT("kept_client", w->client_id), P_INT("kept_site", w->site_id), P_TEXT("kept_state", w->state), P_INT("kept_technician", w->technician_id),
        P_INT("kept_type", w->type_id), P_INT("kept_urgent", w->is_urgent), P_INT("from_ms", w->from_ms), P_INT("upto_ms", w->upto_ms),
        P_INT("first_ms", w->from_ms), P_INT("last_ms", w->upto_ms ? w->upto_ms : DATE_LAST_MS), P_INT("stretch", stretch),
        w->words.word, w->words.word_end, word_or(w->words.word2, w->words.word, "word2"), word_or(w->words.word3, w->words.word, "word3"),
    };
    memcpy(all, own, sizeof own);
    return all;
}

/* ---- Orders ---- */

struct order { const char *name; const struct query *list, *end; const char *column; bool has_leads, has_site; };
static const struct order orders[] = {
    { "newest", &sql_job_list, &sql_job_list_end, "id", true, true },
    { "date", &sql_job_by_date, &sql_job_by_date_end, "planned_start", true, false },
    { "changed", &sql_job_by_changed, &sql_job_by_changed_end, "changed_at", false, false },
};
static const struct order waiting = { "", &sql_job_waiting, &sql_job_waiting_end, "urgency", false, false };
static const struct order late = { "", &sql_job_late, &sql_job_late_end, "planned_start", false, false };

static const struct order *order_of(struct ctx *c, const struct wanted *w)
{
    static const struct list_order named[] = { { "newest", &sql_job_list, NULL, "id" }, { "date", &sql_job_by_date, NULL, "planned_start" },
        { "changed", &sql_job_by_changed, NULL, "changed_at" }, { 0 } };
    const struct list_order *chosen = list_order(c, named);
    if (strcmp(w->view, "to_plan") != 0 && strcmp(w->view, "late") != 0)
        return &orders[chosen - named];
    doc_set_text(doc_get_mut(web_page(c), "filters"), "sort", "");
    return strcmp(w->view, "late") == 0 ? &late : &waiting;
}

/* A word that few have is found through its index, and then there is one order alone. */
static struct err *is_found_by_word(struct ctx *c, const struct order *order, const struct param *params, bool is_any, bool *ret_is)
{
    struct doc *row = NULL;
    *ret_is = false;
    if (!is_any || order != orders)
        return NULL;
    TRY(ctx_row(c, &sql_job_search_count, params, &row));
    *ret_is = doc_int_of(row, "jobs") <= WORD_FEW;
    return NULL;
}

static struct err *rows_show(struct ctx *c, const struct wanted *w)
{
    const struct order *order = order_of(c, w);
    const struct param *params = wanted_params(c, w, order->has_leads, order->has_site);
    bool is_cut = false, by_word = false;
    TRY(is_found_by_word(c, order, params, w->words.is_any, &by_word));
    if (by_word)
        TRY(doc_page(c, "jobs", &sql_job_search, "id", params));
    else
        TRY(doc_page_walk(c, "jobs", order->list, order->column, params, order->end, &is_cut));
    doc_set_bool(web_page(c), "is_cut", is_cut);
    return NULL;
}

/* ---- The page ---- */

static struct doc *tab(struct ctx *c, const char *view, const char *label, bool is_current, int64_t count)
{
    struct doc *row = doc_map(c->arena);
    doc_set_text(row, "view", view);
    doc_set_text(row, "label", web_text(c, label));
    doc_set_bool(row, "is_current", is_current);
    doc_set_text(row, "count", count < 0 ? "" : count > COUNT_MOST ? arena_printf(c->arena, "%d+", COUNT_MOST) : arena_printf(c->arena, "%lld", (long long)count));
    return row;
}

static struct err *tabs_show(struct ctx *c, const char *view)
{
    struct doc *counts = NULL, *tabs = doc_list(c->arena);
    TRY(ctx_row(c, &sql_job_counts, NULL, &counts));
    doc_push(tabs, tab(c, "", N_("Toutes"), !*view, -1));
    for (const struct choice *choice = views; choice->value; choice++)
        if (strcmp(choice->value, "mine") != 0 || (c->who.member_id && ctx_may(c, RIGHT_JOB_WORK)))
            doc_push(tabs, tab(c, choice->value, choice->label, strcmp(choice->value, view) == 0, doc_get(counts, choice->value) ? doc_int_of(counts, choice->value) : -1));
    doc_set(web_page(c), "tabs", tabs);
    return NULL;
}

static struct err *options_show(struct ctx *c)
{
    struct doc *types = NULL, *technicians = NULL;
    TRY(ctx_rows(c, &sql_job_types, NULL, &types));
    TRY(ctx_rows(c, &sql_job_technicians, NULL, &technicians));
    filter_choices(c, "state", job_states);
    filter_options(c, "type", types);
    filter_options(c, "technician", technicians);
    return NULL;
}

/* Whose list a filter by client or site makes it; "" where it is everybody's. */
static struct err *heading_show(struct ctx *c, const struct wanted *w)
{
    struct doc *client = NULL, *site = NULL;
    if (w->site_id)
        TRY(ctx_maybe(c, &sql_job_site_name, PARAMS(P_INT("of_site", w->site_id)), &site));
    if (w->client_id)
        TRY(ctx_maybe(c, &sql_site_client, PARAMS(P_INT("of_client", w->client_id)), &client));
    doc_set_text(web_page(c), "client_name", client ? doc_text_of(client, "name") : "");
    doc_set_text(web_page(c), "site_name", site ? doc_text_of(site, "name") : "");
    return NULL;
}

void job_rights(struct ctx *c)
{
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_JOB_MANAGE));
    doc_set_bool(web_page(c), "can_work", ctx_may(c, RIGHT_JOB_WORK));
}

struct err *job_list(struct ctx *c)
{
    struct wanted w = { 0 };
    TRY(wanted_read(c, &w));
    if (strcmp(w.view, "mine") == 0)
        w.technician_id = c->who.member_id ? c->who.member_id : -1;
    if (strcmp(w.view, "to_plan") == 0 || strcmp(w.view, "late") == 0) {     /* both say the state themselves */
        w.state = "";
        doc_set_text(doc_get_mut(web_page(c), "filters"), "state", "");
    }
    TRY(rows_show(c, &w));
    TRY(tabs_show(c, w.view));
    TRY(heading_show(c, &w));
    const struct doc *filters = doc_get(web_page(c), "filters");
    bool is_filtered = w.words.is_any || w.client_id || w.site_id || *doc_text_of(filters, "technician") || w.type_id || w.is_urgent || w.from_ms || w.upto_ms || *w.state;
    doc_set_bool(web_page(c), "is_filtered", is_filtered);
    bool is_late = strcmp(w.view, "late") == 0, is_waiting = strcmp(w.view, "to_plan") == 0;
    doc_set_bool(web_page(c), "export_late", is_late);
    doc_set_text(web_page(c), "export_state", is_waiting ? "to_plan" : w.state);
    doc_set_text(web_page(c), "export_technician", w.technician_id > 0 ? arena_printf(c->arena, "%lld", (long long)w.technician_id) : "");
    doc_set_bool(web_page(c), "has_state", strcmp(w.view, "to_plan") != 0 && strcmp(w.view, "late") != 0);
    doc_set_bool(web_page(c), "has_technician", strcmp(w.view, "mine") != 0 && strcmp(w.view, "to_plan") != 0);
    doc_set_bool(web_page(c), "can_export", ctx_may(c, RIGHT_CLIENT_READ) && (ctx_may(c, RIGHT_EXPORT_ALL) || is_filtered || *w.view));
    doc_set_bool(web_page(c), "can_import", ctx_may(c, RIGHT_JOB_MANAGE) && ctx_may(c, RIGHT_CLIENT_WRITE));
    job_rights(c);
    return options_show(c);
}

/* ---- Of one client, one site, one machine (L-4) ---- */

static struct err *jobs_of(struct ctx *c, struct wanted w)
{
    w.state = w.view = "";
    const struct param *params = wanted_params(c, &w, true, true);
    bool is_cut = false;
    job_rights(c);
    return doc_page_walk(c, "jobs", &sql_job_list, "id", params, &sql_job_list_end, &is_cut);
}

/* « Interventions » on a client's sheet. */
struct err *client_jobs(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_site_client, PARAMS(P_INT("of_client", path_id(c, "client")))));
    client_tabs(c);
    return jobs_of(c, (struct wanted){ .client_id = path_id(c, "client") });
}

struct err *site_jobs(struct ctx *c)
{
    TRY(doc_row(c, "site", &sql_site_show, PARAMS(P_INT("of_site", path_id(c, "site")))));
    doc_set_bool(web_page(c), "can_link", ctx_may(c, RIGHT_LINK_MANAGE));
    return jobs_of(c, (struct wanted){ .site_id = path_id(c, "site") });
}

struct err *equipment_jobs(struct ctx *c)
{
    TRY(doc_row(c, "equipment", &sql_equipment_show, PARAMS(P_INT("of_equipment", path_id(c, "equipment")))));
    job_rights(c);
    return doc_page(c, "jobs", &sql_job_of_equipment, "id", PARAMS(P_INT("of_equipment", path_id(c, "equipment"))));
}

/* ---- For an export ---- */

/* A day as a filter has it; 0 where there is none. */
static struct err *day_of(struct ctx *c, const struct doc *filters, const char *name, int days, int64_t *ret_ms)
{
    int64_t day = 0;
    *ret_ms = 0;
    return clock_day_read(doc_text_of(filters, name), &day) ? job_moment(c, day + days, 0, ret_ms) : NULL;
}

static int64_t id_of(const struct doc *filters, const char *name)
{
    int64_t id = 0;
    return text_int(doc_text_of(filters, name), &id) ? id : 0;
}

struct err *job_stretch(struct ctx *c, const struct doc *filters, int64_t after_id, struct doc **ret_rows, int64_t *ret_last_id)
{
    struct wanted w = { .view = "", .state = doc_text_of(filters, "state"), .client_id = id_of(filters, "client"), .site_id = id_of(filters, "site"),
        .technician_id = id_of(filters, "technician"), .type_id = id_of(filters, "type"), .is_urgent = doc_bool_of(filters, "urgent"),
        .words = word_search(c, doc_text_of(filters, "search")) };
    struct doc *end = NULL;
    TRY(day_of(c, filters, "from", 0, &w.from_ms));
    TRY(day_of(c, filters, "to", 1, &w.upto_ms));
    if (doc_bool_of(filters, "late")) {
        w.state = "planned";
        w.upto_ms = c->now_ms;
    }
    const struct param *own = wanted_params(c, &w, true, true);
    struct param all[32] = { P_ANY("page_after", after_id, P_INT("page_after", after_id)), P_INT("page_limit", STRETCH), P_INT("stretch", STRETCH) };
    size_t count = 3;
    for (; own->name; own++)
        if (strcmp(own->name, "stretch") != 0)
            all[count++] = *own;
    TRY(ctx_rows(c, &sql_job_list, all, ret_rows));
    TRY(ctx_maybe(c, &sql_job_list_end, all, &end));
    *ret_last_id = doc_bool_of(end, "is_cut") ? doc_int_of(end, "id") : 0;
    return NULL;
}
