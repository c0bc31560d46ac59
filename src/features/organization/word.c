/* What an organization is sorted and found by in the operator's list: made here, whenever what it is called changes. */
#include <string.h>
#include "base/text.h"
#include "features/organization/organization.h"
#include "features/queries.h"

enum { WORDS_OF_ONE = 24, WORD_BYTES_MOST = 60, WORDED_AT_ONCE = 200 };

struct err *organization_words(struct ctx *c, int64_t org_id)
{
    struct doc *row = NULL;
    const struct param which = P_INT("of_org", org_id);
    TRY(ctx_row(c, &sql_organization_called, PARAMS(which), &row));
    char *rest = text_name_key(c->arena, arena_printf(c->arena, "%s %s %s %s %s", doc_text_of(row, "name"), doc_text_of(row, "siren"), doc_text_of(row, "city"),
        doc_text_of(row, "legal_name"), doc_text_of(row, "slug")));
    TRY(ctx_run_any(c, &sql_organization_word_clear, PARAMS(which), NULL));
    for (int count = 0; rest && count < WORDS_OF_ONE; count++) {
        const char *word = strsep(&rest, " ");
        if (*word && strlen(word) <= WORD_BYTES_MOST)
            TRY(ctx_run_any(c, &sql_organization_word_add, PARAMS(P_TEXT("word", word), which), NULL));
    }
    return ctx_run(c, &sql_organization_worded, PARAMS(which, P_TEXT("name_key", text_name_key(c->arena, doc_text_of(row, "name")))));
}

struct err *organization_words_run(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_organization_unworded, PARAMS(P_INT("at_once", WORDED_AT_ONCE)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        TRY(organization_words(c, doc_int_of(doc_at(rows, i), "id")));
    return NULL;
}
