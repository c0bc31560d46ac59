/* The queue of the support team (C-10): tabs with what is to be done, the list of all with its filters and search, the next ticket
   to treat. Nothing counts further than it shows. */
#include "features/ticket/desk.h"
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/due.h"
#include "features/ticket/search.h"
#include "tpl/tpl.h"

enum { COUNT_MOST = 50, PAGE_STRETCH = 51 };   /* a page, and the row that says there is another */

static const struct choice views[] = { { "mine", N_("Mes tickets") }, { "free", N_("Non affectés") }, { "late", N_("En retard") }, { "today", N_("À traiter aujourd’hui") }, { 0 } };

/* ---- Tabs ---- */

static struct err *tabs_show(struct ctx *c, const char *view, int64_t today_ms)
{
    struct doc *counts = NULL, *tabs = doc_list(c->arena);
    TRY(ctx_row(c, &sql_desk_counts, PARAMS(P_INT("of_member", c->who.member_id), P_INT("today", today_ms)), &counts));
    for (const struct choice *choice = views;; choice++) {
        struct doc *tab = doc_map(c->arena);
        const char *value = choice->value ? choice->value : "";
        int64_t count = doc_int_of(counts, value);
        doc_set_text(tab, "view", value);
        doc_set_text(tab, "label", web_text(c, choice->value ? choice->label : N_("Tous")));
        doc_set_bool(tab, "is_current", strcmp(value, view) == 0);
        doc_set_text(tab, "count", !choice->value ? "" : arena_printf(c->arena, count > COUNT_MOST ? "%lld+" : "%lld", (long long)(count > COUNT_MOST ? COUNT_MOST : count)));
        doc_push(tabs, tab);
        if (!choice->value)
            break;
    }
    doc_set(web_page(c), "tabs", tabs);
    return NULL;
}

/* ---- One of them ---- */

static const struct list_order desk_orders[] = {
    { "changed", &sql_desk_list, NULL, "changed_at" }, { "created", &sql_desk_by_created, NULL, "id" }, { "due", &sql_desk_by_due, NULL, "due_order" }, { 0 },
};

static bool is_narrowed(const struct param *filters)
{
    for (const struct param *p = filters; p->name; p++)
        if (p->kind != PARAM_ABSENT)
            return true;
    return false;
}

/* All in another order than that of their last change. Each filter has no index in each order: a stretch is walked through then. */
static struct err *view_sorted(struct ctx *c, const struct list_order *order, const struct param *filters)
{
    const struct query *end = strcmp(order->name, "due") == 0 ? &sql_desk_by_due_end : &sql_desk_by_created_end;
    const struct param *params = PARAMS(filters[0], filters[1], filters[2], filters[3], P_INT("stretch", is_narrowed(filters) ? SEARCH_STRETCH : PAGE_STRETCH));
    bool is_cut = false;
    TRY(doc_page_walk(c, "tickets", order->list, order->column, params, end, &is_cut));
    doc_set_bool(web_page(c), "is_cut", is_cut);
    return NULL;
}

static struct err *view_all(struct ctx *c)
{
    struct param client = filter_id(c, "client");
    struct word_search words = word_filter(c, "search");
    client.name = "of_client";                         /* :client is whom one acts for */
    const struct param *filters = PARAMS(filter_choice(c, "status", desk_statuses), filter_id(c, "priority"), filter_id(c, "assignee"), client);
    const struct list_order *order = list_order(c, desk_orders);
    if (words.is_any) {                                /* the last changed first, and no other order */
        doc_set_text(doc_get_mut(web_page(c), "filters"), "sort", "");
        return desk_search(c, &words, filters);
    }
    return order == desk_orders ? doc_page(c, "tickets", order->list, order->column, filters) : view_sorted(c, order, filters);
}

/* Filters and orders that a tab does not have stand empty on its page. */
static void filters_none(struct ctx *c)
{
    static const char *const names[] = { "search", "client", "status", "assignee", "sort" };
    struct doc *filters = doc_get_mut(web_page(c), "filters");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        doc_set_text(filters, names[i], "");
}

static struct err *view_show(struct ctx *c, const char *view, int64_t today_ms)
{
    if (!*view)
        return view_all(c);
    struct param priority = filter_id(c, "priority");
    filters_none(c);
    if (strcmp(view, "mine") == 0)
        return doc_page(c, "tickets", &sql_desk_mine, "changed_at", PARAMS(P_INT("of_member", c->who.member_id), priority, filter_choice(c, "status", desk_statuses)));
    if (strcmp(view, "free") == 0)
        return doc_page(c, "tickets", &sql_desk_free, "changed_at", PARAMS(priority, filter_choice(c, "status", desk_statuses)));
    int64_t until_ms = strcmp(view, "late") == 0 ? c->now_ms : today_ms;
    return doc_page(c, "tickets", &sql_desk_due_list, "due_at", PARAMS(P_INT("until", until_ms), priority, filter_id(c, "assignee")));
}

static struct err *queue_options(struct ctx *c)
{
    struct doc *priorities = NULL, *members = NULL;
    TRY(ctx_rows(c, &sql_desk_priorities, NULL, &priorities));
    TRY(ctx_rows(c, &sql_desk_members, NULL, &members));
    filter_choices(c, "status", desk_statuses);
    filter_options(c, "priority", priorities);
    filter_options(c, "assignee", members);
    doc_set(web_page(c), "members", members);
    doc_set(web_page(c), "priorities", priorities);
    return NULL;
}

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* What was ticked stays so where the page comes again. */
static void chosen_mark(struct ctx *c)
{
    int64_t ids[BULK_MOST];
    size_t count = form_ids(c, "ticket_ids", ids, BULK_MOST);
    struct doc *rows = doc_get_mut(c->doc, "tickets");
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_bool(doc_at_mut(rows, i), "is_chosen", is_among(ids, count, doc_int_of(doc_at(rows, i), "id")));
}

struct err *desk_list(struct ctx *c)
{
    int64_t today_ms = 0;
    TRY(due_today(c, &today_ms));
    struct param asked = filter_choice(c, "view", views);
    const char *view = asked.kind == PARAM_TEXT ? asked.data : "";
    bool is_all = !*view;
    form_show(c, desk_bulk_form);
    doc_set_bool(web_page(c), "is_cut", false);
    TRY(view_show(c, view, today_ms));
    TRY(due_mark(c, doc_get_mut(c->doc, "tickets")));
    chosen_mark(c);
    TRY(tabs_show(c, view, today_ms));
    const struct doc *filters = doc_get(web_page(c), "filters");
    bool is_filtered = *doc_text_of(filters, "status") || *doc_text_of(filters, "priority") || *doc_text_of(filters, "assignee") || *doc_text_of(filters, "search")
        || *doc_text_of(filters, "client");
    doc_set_bool(web_page(c), "is_filtered", is_filtered);
    doc_set_bool(web_page(c), "is_all", is_all);
    doc_set_bool(web_page(c), "has_status", is_all || strcmp(view, "mine") == 0 || strcmp(view, "free") == 0);
    doc_set_bool(web_page(c), "has_assignee", strcmp(view, "mine") != 0 && strcmp(view, "free") != 0);
    doc_set_bool(web_page(c), "can_set", ctx_may(c, RIGHT_ORGANIZATION_MANAGE));
    doc_set_bool(web_page(c), "can_export", is_all && ctx_may(c, RIGHT_CLIENT_READ) && (ctx_may(c, RIGHT_EXPORT_ALL) || is_filtered));
    return queue_options(c);
}

/* ---- What to treat next ---- */

/* One's own before nobody's; what is due before the rest, what is due first before what is due later; then what has waited longest. */
struct err *desk_next(struct ctx *c)
{
    struct doc *next = NULL;
    TRY(ctx_maybe(c, &sql_desk_next_mine, PARAMS(P_INT("of_member", c->who.member_id)), &next));
    if (!next)
        TRY(ctx_maybe(c, &sql_desk_next_free, NULL, &next));
    doc_set(c->doc, "next", next ? next : doc_text(c->arena, NULL));
    if (next)
        reply_see(c, NULL, TICKET_HREF, web_space(c), (long long)doc_int_of(next, "id"));
    return NULL;
}
