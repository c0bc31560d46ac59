/* Rows of clients: checked against the others and the database, then written. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

/* Numbers of our own form say where counting goes on. */
static void number_count(struct import *im, const char *number)
{
    int64_t counted = 0;
    if (text_starts(number, "C-") && strlen(number) <= 14 && text_int(number + 2, &counted) && counted > im->highest)
        im->highest = counted;
}

struct err *client_row_check(struct import *im)
{
    const char *number = import_value(im, CLIENT_NUMBER), *heading = im->heading[CLIENT_NUMBER];
    if (!*number) {
        im->unnumbered += !im->row->is_refused;
        return NULL;
    }
    number_count(im, number);
    int64_t before = seen_before(&im->seen, &im->keep, number, im->line);
    if (before)
        COMPLAIN(im, heading, N_("Ce numéro est déjà à la ligne %s."), arena_printf(&im->scratch, "%lld", (long long)before));
    struct doc *row = NULL;
    if (before || !im->is_looked_at || im->is_first)
        return NULL;
    TRY(ctx_maybe(&im->own, &sql_import_client_find, PARAMS(P_TEXT("number", number)), &row));
    im->row->existing_id = doc_int_of(row, "id");
    if (row && !im->ask->is_update)
        COMPLAIN(im, heading, N_("Un client porte déjà ce numéro."), NULL);
    return NULL;
}

/* Counting goes on behind the file's own numbers; what has none gets those that follow. */
struct err *client_rows_begin(struct import *im)
{
    return im->highest || im->unnumbered ? client_numbers(&im->own, im->highest, im->unnumbered, &im->highest) : NULL;
}

static struct err *client_add(struct import *im)
{
    struct ctx *c = &im->own;
    int64_t id = ctx_id(c);
    const char *number = import_value(im, CLIENT_NUMBER), *kind = import_value(im, CLIENT_KIND);
    const char *name = import_value(im, CLIENT_NAME), *city = import_value(im, CLIENT_CITY);
    if (!*number)
        number = client_number_text(c->arena, im->highest++);
    TRY(ctx_run(c, &sql_client_add, PARAMS(P_TEXT("number", number), P_TEXT("kind", *kind ? kind : "company"), P_INT("id", id),
        P_TEXT("name", name), P_TEXT("name_key", text_name_key(c->arena, name)), P_TEXT("siren", import_value(im, CLIENT_SIREN)),
        P_TEXT("street", import_value(im, CLIENT_STREET)), P_TEXT("postcode", import_value(im, CLIENT_POSTCODE)), P_TEXT("city", city),
        P_TEXT("email", import_value(im, CLIENT_EMAIL)), P_TEXT("phone", import_value(im, CLIENT_PHONE)))));
    if (*import_value(im, CLIENT_INFORMATION) || *import_value(im, CLIENT_NOTES))
        TRY(ctx_run(c, &sql_client_text_put, PARAMS(P_INT("id", id), P_TEXT("information", import_value(im, CLIENT_INFORMATION)),
            P_TEXT("notes", import_value(im, CLIENT_NOTES)))));
    const char *words[] = { name, number, city, NULL };
    return word_batch_add(c, &im->words, id, words);
}

static struct err *client_change(struct import *im)
{
    struct ctx *c = &im->own;
    struct doc *row = NULL;
    const struct param id = P_INT("id", im->row->existing_id);
    TRY(ctx_row(c, &sql_import_client_put, PARAMS(id, import_given(im, "kind", CLIENT_KIND), import_given(im, "name", CLIENT_NAME),
        P_TEXT("name_key", text_name_key(c->arena, import_value(im, CLIENT_NAME))), import_given(im, "siren", CLIENT_SIREN), import_given(im, "street", CLIENT_STREET),
        import_given(im, "postcode", CLIENT_POSTCODE), import_given(im, "city", CLIENT_CITY), import_given(im, "email", CLIENT_EMAIL), import_given(im, "phone", CLIENT_PHONE)), &row));
    if (*import_value(im, CLIENT_INFORMATION) || *import_value(im, CLIENT_NOTES)) {
        TRY(ctx_run_any(c, &sql_import_client_text_begin, PARAMS(id), NULL));
        TRY(ctx_run(c, &sql_import_client_text_put, PARAMS(id, import_given(im, "information", CLIENT_INFORMATION), import_given(im, "notes", CLIENT_NOTES))));
    }
    const char *words[] = { doc_text_of(row, "name"), doc_text_of(row, "number"), doc_text_of(row, "city"), NULL };
    return word_put(c, "client", im->row->existing_id, words);
}

struct err *client_row_write(struct import *im) { return im->row->existing_id ? client_change(im) : client_add(im); }
