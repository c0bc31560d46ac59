/* Who is told how often that somebody of a partner came (S-12, S-14). */
#include "base/clock.h"
#include "base/text.h"
#include "mandate/queries.h"
#include "mandate/support.h"

enum { DIGEST_HOUR = 5 };   /* UTC: before work begins in Europe */

int64_t support_digest_next(int64_t from_ms, const char *every)
{
    int64_t day = from_ms / CLOCK_DAY_MS;
    if (from_ms % CLOCK_DAY_MS >= DIGEST_HOUR * CLOCK_HOUR_MS)
        day++;
    while (text_same(every, "week") && day % 7 != 4)   /* day 0 was a Thursday */
        day++;
    return day * CLOCK_DAY_MS + DIGEST_HOUR * CLOCK_HOUR_MS;
}

struct err *support_digest_choose(struct ctx *c, const char *every)
{
    if (text_same(every, "never"))
        return ctx_run_any(c, &sql_support_digest_drop, PARAMS(P_INT("of_member", c->who.member_id)), NULL);
    return ctx_run(c, &sql_support_digest_put, PARAMS(P_TEXT("every", every), P_INT("next_at", support_digest_next(c->now_ms, every))));
}

struct err *support_digest_chosen(struct ctx *c, const char **ret_every)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_support_digest_show, NULL, &row));
    *ret_every = row ? doc_text_of(row, "every") : "never";
    return NULL;
}

struct err *support_digests_due_take(struct ctx *c, struct doc **ret_rows)
{
    struct doc *rows = NULL, *kept = doc_list(c->arena);
    struct authority nobody = c->who;
    TRY(ctx_rows(c, &sql_support_digests_due, NULL, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        if (doc_bool_of(row, "is_administrator")) {
            doc_push(kept, row);
            continue;
        }
        c->who.org_id = doc_int_of(row, "org_id");
        TRY(ctx_run_any(c, &sql_support_digest_drop, PARAMS(P_INT("of_member", doc_int_of(row, "member_id"))), NULL));
    }
    c->who = nobody;
    *ret_rows = kept;
    return NULL;
}

struct err *support_digest_take(struct ctx *c, const struct doc *due, struct doc **ret_visits)
{
    struct param since = P_INT("since_at", doc_int_of(due, "since_at"));
    int64_t changed = 0;
    *ret_visits = doc_list(c->arena);
    TRY(ctx_run_any(c, &sql_support_digest_told, PARAMS(P_INT("of_member", doc_int_of(due, "member_id")), since,
        P_INT("next_at", support_digest_next(c->now_ms, doc_text_of(due, "every")))), &changed));
    return changed ? ctx_rows(c, &sql_support_digest_visits, PARAMS(since), ret_visits) : NULL;
}
