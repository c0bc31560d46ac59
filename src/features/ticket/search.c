#include "features/ticket/search.h"
#include <string.h>
#include "features/queries.h"
#include "web/web.h"

enum { PARAMS_MOST = 24 };

/* The first word stands in where there are fewer than three: the query takes always three. */
static struct param word_or(struct param p, struct param first, const char *name)
{
    if (p.kind == PARAM_ABSENT)
        p = first;
    p.name = name;
    return p;
}

static bool is_word(const char *name) { return strncmp(name, "word", 4) == 0; }

/* The filters and the three words together. */
static struct param *search_params(struct ctx *c, const struct word_search *s, const struct param *filters)
{
    struct param *all = ARENA_ARRAY(c->arena, struct param, PARAMS_MOST + 1);
    const struct param own[] = { s->word, s->word_end, word_or(s->word2, s->word, "word2"), word_or(s->word3, s->word, "word3"), P_INT("stretch", SEARCH_STRETCH) };
    size_t count = sizeof own / sizeof *own;
    memcpy(all, own, sizeof own);
    for (const struct param *p = filters; p->name && count < PARAMS_MOST; p++)
        if (!is_word(p->name))
            all[count++] = *p;
    return all;
}

/* Is the first word had by so few that its index gives all of them? */
static struct err *is_narrow(struct ctx *c, const struct param *params, bool *ret_is_narrow)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_desk_search_count, params, &row));
    *ret_is_narrow = doc_int_of(row, "tickets") <= SEARCH_FEW && doc_int_of(row, "of_clients") <= SEARCH_FEW;
    return NULL;
}

struct err *desk_search(struct ctx *c, const struct word_search *words, const struct param *filters)
{
    const struct param *params = search_params(c, words, filters);
    bool narrow = false, is_cut = false;
    TRY(is_narrow(c, params, &narrow));
    if (narrow)
        return doc_page(c, "tickets", &sql_desk_search, "changed_at", params);
    TRY(doc_page_walk(c, "tickets", &sql_desk_walk, "changed_at", params, &sql_desk_walk_end, &is_cut));
    doc_set_bool(web_page(c), "is_cut", is_cut);
    return NULL;
}

/* The next stretch begins behind a row. */
static void params_go_on(struct param *params, const struct doc *row)
{
    for (struct param *p = params; p->name; p++) {
        if (strcmp(p->name, "page_after") == 0)
            *p = P_INT("page_after", doc_int_of(row, "changed_at"));
        else if (strcmp(p->name, "page_id") == 0)
            *p = P_INT("page_id", doc_int_of(row, "id"));
    }
}

struct err *search_rows(struct ctx *c, const struct word_search *words, const struct param *filters, size_t most, struct doc **ret_rows)
{
    struct param *params = search_params(c, words, filters);
    struct doc *rows = NULL, *end = NULL;
    bool narrow = false;
    TRY(is_narrow(c, params, &narrow));
    if (narrow)
        return ctx_rows(c, &sql_desk_search, params, ret_rows);
    *ret_rows = doc_list(c->arena);
    do {
        TRY(ctx_rows(c, &sql_desk_walk, params, &rows));
        for (size_t i = 0; i < doc_count(rows) && doc_count(*ret_rows) < most; i++)
            doc_push(*ret_rows, doc_at_mut(rows, i));
        TRY(ctx_maybe(c, &sql_desk_walk_end, params, &end));
        if (end)
            params_go_on(params, end);
    } while (doc_count(*ret_rows) < most && end && doc_bool_of(end, "is_cut"));
    return NULL;
}
