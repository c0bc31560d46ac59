#include "mandate/ctx.h"
#include <assert.h>
#include <string.h>
#include "base/id.h"

enum { PARAMS_MOST = 60, BOUND = 8 };

/* The names that only the context may bind. */
static size_t ctx_bind(struct ctx *c, struct param *out)
{
    const struct param bound[BOUND] = {
        P_INT("now", c->now_ms),
        P_INT("org", c->who.org_id), P_INT("client", c->who.client_id), P_INT("person", c->who.person_id),
        P_INT("contact", c->who.contact_id), P_INT("member", c->who.member_id), P_INT("session", c->who.session_id),
        P_INT("mandate", c->who.mandate_id),
    };
    memcpy(out, bound, sizeof bound);
    return BOUND;
}

/* The caller's parameters behind those of the context. */
static const struct param *ctx_params(struct ctx *c, const struct param *params)
{
    size_t given = 0;
    while (params && params[given].name)
        given++;
    assert(given + BOUND <= PARAMS_MOST);
    struct param *all = ARENA_ARRAY(c->arena, struct param, given + BOUND + 1);
    size_t count = ctx_bind(c, all);
    for (const struct param *p = params; p && p->name; p++) {
        for (size_t i = 0; i < BOUND; i++)
            assert(p->name[0] != all[i].name[0] || strcmp(p->name, all[i].name) != 0);   /* bound by the context, cannot be passed */
        all[count++] = *p;
    }
    return all;
}

static void ctx_note(struct ctx *c, const struct query *q)
{
    if (c->queries_used)
        doc_push(c->queries_used, doc_text(c->arena, q->name));
}

struct err *ctx_rows(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_rows)
{
    ctx_note(c, q);
    return db_rows(c->db, c->arena, q, ctx_params(c, params), ret_rows);
}

struct err *ctx_maybe(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_row)
{
    ctx_note(c, q);
    return db_row(c->db, c->arena, q, ctx_params(c, params), ret_row);
}

struct err *ctx_row(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_row)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, q, params, &row));
    if (!row)
        return ERR(c->arena, ERR_NOT_FOUND, "%s gave no row", q->name);
    *ret_row = row;
    return NULL;
}

struct err *ctx_run_any(struct ctx *c, const struct query *q, const struct param *params, int64_t *ret_changed)
{
    ctx_note(c, q);
    return db_run(c->db, c->arena, q, ctx_params(c, params), ret_changed);
}

struct err *ctx_run(struct ctx *c, const struct query *q, const struct param *params)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, q, params, &changed));
    return changed ? NULL : ERR(c->arena, ERR_NOT_FOUND, "%s changed no row", q->name);
}

struct err *doc_rows(struct ctx *c, const char *key, const struct query *q, const struct param *params)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, q, params, &rows));
    doc_set(c->doc, key, rows);
    return NULL;
}

struct err *doc_row(struct ctx *c, const char *key, const struct query *q, const struct param *params)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, q, params, &row));
    doc_set(c->doc, key, row);
    return NULL;
}

struct err *doc_maybe(struct ctx *c, const char *key, const struct query *q, const struct param *params)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, q, params, &row));
    if (row)
        doc_set(c->doc, key, row);
    else
        doc_set_null(c->doc, key);
    return NULL;
}

int64_t ctx_id(struct ctx *c) { return id_new(c->now_ms); }

bool ctx_may(const struct ctx *c, enum right right) { return (c->who.rights & RIGHT_BIT(right)) != 0; }

const char *ctx_author(struct ctx *c)
{
    return c->who.support_id ? arena_printf(c->arena, "%s, %s", c->who.person_name, c->who.partner_name) : c->who.person_name;
}
