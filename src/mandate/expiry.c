/* The end of a mandate, of any kind, by somebody or by its date (M-5). */
#include "mandate/access.h"
#include "mandate/queries.h"

struct err *mandate_end(struct ctx *c, int64_t mandate_id, int64_t holder_person_id, const char *why)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_mandate_end, PARAMS(P_INT("of_mandate", mandate_id), P_ID("ended_by", c->who.person_id), P_TEXT("ended_why", why)), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    return ctx_run_any(c, &sql_mandate_unhold, PARAMS(P_INT("of_mandate", mandate_id), P_INT("holder_id", holder_person_id)), NULL);
}

struct err *mandates_due(struct ctx *c, struct doc **ret_rows) { return ctx_rows(c, &sql_mandate_due, NULL, ret_rows); }
