/* Lists: filters from the address, one page of rows, where the next one begins. */
#include <string.h>
#include "base/text.h"
#include "web/inside.h"

enum { PAGE_ROWS = 50, FILTER_MOST = 100, LIST_PARAMS = 24 };

static struct doc *filters(struct ctx *c)
{
    struct doc *map = doc_get_mut(c->web->page, "filters");
    if (!map) {
        map = doc_map(c->arena);
        doc_set_bool(map, "is_active", false);
        doc_set(c->web->page, "filters", map);
    }
    return map;
}

/* Remembers a filter's value for the page; "" is no filter. */
static void filter_set(struct ctx *c, const char *name, const char *value)
{
    doc_set_text(filters(c), name, value);
    if (*value)
        doc_set_bool(filters(c), "is_active", true);
}

struct param filter_text(struct ctx *c, const char *name)
{
    const char *value = text_trim(c->arena, request_query(&c->web->request, name));
    if (text_chars(value) > FILTER_MOST || !text_is_clean(value, false))
        value = "";
    filter_set(c, name, value);
    return P_ANY(name, *value, P_TEXT(name, value));
}

struct param filter_choice(struct ctx *c, const char *name, const struct choice *choices)
{
    const char *asked = request_query(&c->web->request, name), *value = "";
    for (const struct choice *choice = choices; choice->value; choice++)
        if (strcmp(choice->value, asked) == 0)
            value = choice->value;
    filter_set(c, name, value);
    return P_ANY(name, *value, P_TEXT(name, value));
}

struct param filter_id(struct ctx *c, const char *name)
{
    const char *value = request_query(&c->web->request, name);
    int64_t id = 0;
    if (!text_int(value, &id) || id <= 0)
        value = "";
    filter_set(c, name, value);
    return P_ANY(name, *value, P_INT(name, id));
}

const struct list_order *list_order(struct ctx *c, const struct list_order *orders)
{
    const struct list_order *chosen = orders;
    for (const struct list_order *order = orders; order->name; order++)
        if (strcmp(order->name, request_query(&c->web->request, "sort")) == 0)
            chosen = order;
    doc_set_text(filters(c), "sort", chosen->name);
    return chosen;
}

static void filter_option(struct ctx *c, struct doc *options, const char *name, const char *value, const char *label)
{
    struct doc *option = doc_map(c->arena);
    doc_set_text(option, "value", value);
    doc_set_text(option, "label", label);
    doc_set_bool(option, "is_selected", *value && text_same(doc_text_of(filters(c), name), value));
    doc_push(options, option);
}

void filter_options(struct ctx *c, const char *name, const struct doc *rows)
{
    struct doc *options = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++)
        filter_option(c, options, name, arena_printf(c->arena, "%lld", (long long)doc_int_of(doc_at(rows, i), "id")), doc_text_of(doc_at(rows, i), "name"));
    doc_set(filters(c), arena_printf(c->arena, "%s_options", name), options);
}

void filter_choices(struct ctx *c, const char *name, const struct choice *choices)
{
    struct doc *options = doc_list(c->arena);
    for (const struct choice *choice = choices; choice->value; choice++)
        filter_option(c, options, name, choice->value, web_text(c, choice->label));
    doc_set(filters(c), arena_printf(c->arena, "%s_options", name), options);
}

enum { CURSOR_MAC = 9 };

/* "i1790000000000.4711" or "tgarage duval.4711" behind a MAC, as base64url: where the next page begins. The MAC keeps a cursor
   of one list from being tried on another, where its type would not fit the column. */
static void cursor_mac(struct ctx *c, const char *column, const char *text, unsigned char ret_mac[SECRET_HASH])
{
    const char *both = arena_printf(c->arena, "cursor %s %s", column, text);
    secret_mac_from(ret_mac, &c->app->form_mac, both, strlen(both));
}

static bool cursor_read(struct ctx *c, const char *column, struct param *ret_after, struct param *ret_id)
{
    unsigned char *data = NULL;
    size_t len = 0;
    const char *text = request_query(&c->web->request, "after");
    if (!*text || strlen(text) > 600 || !text_base64url_read(c->arena, text, &data, &len) || len <= CURSOR_MAC
        || !text_is_utf8((const char *)data + CURSOR_MAC, len - CURSOR_MAC))
        return false;
    unsigned char mac[SECRET_HASH];
    char *cursor = arena_copy(c->arena, data + CURSOR_MAC, len - CURSOR_MAC), *dot = strrchr(cursor, '.');
    cursor_mac(c, column, cursor, mac);
    if (!secret_same(mac, data, CURSOR_MAC))
        return false;
    int64_t id = 0, number = 0;
    if (!dot || !text_int(dot + 1, &id))
        return false;
    *dot = '\0';
    *ret_id = P_INT("page_id", id);
    if (cursor[0] == 't')
        *ret_after = P_TEXT("page_after", cursor + 1);
    else if (cursor[0] == 'i' && text_int(cursor + 1, &number))
        *ret_after = P_INT("page_after", number);
    else
        return false;
    return true;
}

/* The query string of this page with another cursor (NULL: the first page). */
static const char *page_query(struct ctx *c, const char *cursor)
{
    struct buf out;
    buf_init(&out, c->arena, 8192);
    for (const struct pair *p = c->web->request.query; p; p = p->next)
        if (strcmp(p->name, "after") != 0 && strcmp(p->name, "notice") != 0 && *p->value)
            buf_printf(&out, "%c%s=%s", out.len ? '&' : '?', text_url_encode(c->arena, p->name), text_url_encode(c->arena, p->value));
    if (cursor)
        buf_printf(&out, "%cafter=%s", out.len ? '&' : '?', cursor);
    return out.len ? buf_end(&out) : cursor ? "" : c->web->request.path;
}

static const char *cursor_of(struct ctx *c, const struct doc *row, const char *column)
{
    const struct doc *value = doc_get(row, column);
    const char *text = doc_kind(value) == DOC_INT ? arena_printf(c->arena, "i%lld.%lld", (long long)doc_as_int(value), (long long)doc_int_of(row, "id"))
        : arena_printf(c->arena, "t%s.%lld", doc_as_text(value), (long long)doc_int_of(row, "id"));
    struct buf out;
    unsigned char mac[SECRET_HASH];
    cursor_mac(c, column, text, mac);
    buf_init(&out, c->arena, 4096);
    buf_add(&out, mac, CURSOR_MAC);
    buf_text(&out, text);
    return text_base64url(c->arena, buf_end(&out), out.len);
}

/* The list's own parameters, and where this page begins; one row more than a page has says whether there is another. */
static struct param *page_params(struct ctx *c, const char *column, const struct param *params, bool *ret_is_first)
{
    struct param *all = ARENA_ARRAY(c->arena, struct param, LIST_PARAMS + 1);
    size_t count = 0;
    for (const struct param *p = params; p && p->name && count < LIST_PARAMS - 3; p++)
        all[count++] = *p;
    struct param after = P_ABSENT("page_after"), id = P_ABSENT("page_id");
    *ret_is_first = !cursor_read(c, column, &after, &id);
    all[count++] = after;
    all[count++] = id;
    all[count++] = P_INT("page_limit", PAGE_ROWS + 1);
    return all;
}

/* The rows of a page, and what stands around them; where the next one begins behind `last`, NULL: nowhere. */
static void page_show(struct ctx *c, const char *key, struct doc *rows, const char *column, bool is_first, const struct doc *last)
{
    struct doc *page = doc_map(c->arena);
    doc_set(c->doc, key, rows);
    doc_set_bool(page, "is_first", is_first);
    doc_set_bool(page, "has_more", last != NULL);
    doc_set_int(page, "count", (int64_t)doc_count(rows));
    doc_set_text(page, "next", last ? page_query(c, cursor_of(c, last, column)) : NULL);
    doc_set_text(page, "first", page_query(c, NULL));
    doc_set(c->doc, "page", page);
}

/* Drops the row that only says that there are more; the last of this page then, else NULL. */
static const struct doc *last_of_more(struct doc *rows)
{
    if (doc_count(rows) <= PAGE_ROWS)
        return NULL;
    doc_drop_last(rows);
    return doc_at(rows, doc_count(rows) - 1);
}

struct err *doc_page(struct ctx *c, const char *key, const struct query *q, const char *column, const struct param *params)
{
    struct doc *rows = NULL;
    bool is_first = false;
    TRY(ctx_rows(c, q, page_params(c, column, params, &is_first), &rows));
    const struct doc *last = last_of_more(rows);
    page_show(c, key, rows, column, is_first, last);
    return NULL;
}

struct err *doc_page_walk(struct ctx *c, const char *key, const struct query *q, const char *column, const struct param *params, const struct query *end, bool *ret_is_cut)
{
    struct doc *rows = NULL, *walked = NULL;
    bool is_first = false;
    const struct param *all = page_params(c, column, params, &is_first);
    TRY(ctx_rows(c, q, all, &rows));
    const struct doc *last = last_of_more(rows);
    if (!last)
        TRY(ctx_maybe(c, end, all, &walked));
    *ret_is_cut = walked && doc_bool_of(walked, "is_cut");
    page_show(c, key, rows, column, is_first, *ret_is_cut ? walked : last);
    return NULL;
}

const char *query_kept(struct ctx *c, const char *const *names)
{
    const char *made = "";
    for (; *names; names++)
        if (*query_text(c, *names))
            made = arena_printf(c->arena, "%s%c%s=%s", made, *made ? '&' : '?', *names, text_url_encode(c->arena, query_text(c, *names)));
    return made;
}
