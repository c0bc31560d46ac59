/* The end of a mandate, of any kind, by somebody or by its date (M-5). */
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/queries.h"
#include "mandate/support.h"

struct err *mandate_end(struct ctx *c, int64_t mandate_id, int64_t holder_person_id, const char *why)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_mandate_end, PARAMS(P_INT("of_mandate", mandate_id), P_ID("ended_by", c->who.person_id), P_TEXT("ended_why", why)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    TRY(ctx_run_any(c, &sql_mandate_unhold, PARAMS(P_INT("of_mandate", mandate_id), P_INT("holder_id", holder_person_id)), NULL));
    switch (mandate_kind_read(doc_text_of(row, "kind"))) {
    case MANDATE_SUPPORT: return support_ended(c, c->who.org_id, mandate_id);
    case MANDATE_DOSSIER: return dossier_ended(c, c->who.org_id, mandate_id, why);
    default: return NULL;
    }
}

struct err *mandates_due(struct ctx *c, struct doc **ret_rows) { return ctx_rows(c, &sql_mandate_due, NULL, ret_rows); }
