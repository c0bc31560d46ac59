/* Rows of sites: whose they are, whether they are there already, then written. A client has no two sites of one name. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "features/site/site.h"
#include "tpl/tpl.h"

/* Numbers of our own form say where counting goes on. */
static void number_count(struct import *im, const char *number)
{
    int64_t counted = 0;
    if (!*number)
        im->unnumbered += !im->row->is_refused && !im->row->existing_id;
    else if (text_starts(number, "S-") && strlen(number) <= 14 && text_int(number + 2, &counted) && counted > im->highest)
        im->highest = counted;
}

/* Twice in the file: by what the row says of its client, and, where that was looked up, by the client itself. */
static bool is_double(struct import *im, const char *number, const char *own_key)
{
    struct arena *a = &im->scratch;
    const char *said = arena_printf(a, "s\n%s\n%s\n%s", own_key, import_value(im, SITE_CLIENT_NUMBER), text_name_key(a, import_value(im, SITE_CLIENT)));
    const char *message = N_("Ce site est déjà à la ligne %s.");
    if (*number && import_is_double(im, arena_printf(a, "n\n%s", number), SITE_NUMBER, N_("Ce numéro est déjà à la ligne %s.")))
        return true;
    return import_is_double(im, said, SITE_NAME, message)
        || (im->row->client_id && import_is_double(im, arena_printf(a, "c\n%s\n%lld", own_key, (long long)im->row->client_id), SITE_NAME, message));
}

static struct err *existing_by_number(struct import *im, const char *number)
{
    struct doc *row = NULL;
    if (!*number)
        return NULL;
    TRY(ctx_maybe(&im->own, &sql_import_site_find, PARAMS(P_TEXT("number", number)), &row));
    im->row->existing_id = doc_int_of(row, "id");
    if (row && doc_int_of(row, "client_id") != im->row->client_id)
        COMPLAIN(im, im->heading[SITE_NUMBER], N_("Un site d’un autre client porte déjà ce numéro."), NULL);
    else if (row && !im->ask->is_update)
        COMPLAIN(im, im->heading[SITE_NUMBER], N_("Un site porte déjà ce numéro."), NULL);
    return NULL;
}

/* A site of that name changes only where the row does not say that it is another one. */
static struct err *existing_by_name(struct import *im, const char *number, const char *own_key)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(&im->own, &sql_import_site_named, PARAMS(P_INT("of_client", im->row->client_id), P_TEXT("name_key", own_key)), &rows));
    int64_t id = doc_int_of(doc_at(rows, 0), "id");
    bool is_itself = id && doc_count(rows) == 1 && (id == im->row->existing_id || !*number);
    if (id && (!is_itself || !im->ask->is_update))
        COMPLAIN(im, im->heading[SITE_NAME], N_("Ce client a déjà un site de ce nom."), NULL);
    else if (id)
        im->row->existing_id = id;
    return NULL;
}

static struct err *site_find(struct import *im, const char *number)
{
    const char *own_key = im->row->name_key = text_name_key(&im->scratch, import_value(im, SITE_NAME));
    TRY(import_client_must(im, (struct import_place){ SITE_CLIENT_NUMBER, SITE_CLIENT }));
    TRY(import_contact_find(im, SITE_CONTACT));
    if (!*own_key || is_double(im, number, own_key) || !im->row->client_id || im->is_first)
        return NULL;
    TRY(existing_by_number(im, number));
    return im->row->is_refused ? NULL : existing_by_name(im, number, own_key);
}

struct err *site_row_check(struct import *im)
{
    const char *number = import_value(im, SITE_NUMBER);
    TRY(site_find(im, number));
    number_count(im, number);
    return NULL;
}

/* Counting goes on behind the file's own numbers; what has none gets those that follow. */
struct err *site_rows_begin(struct import *im)
{
    return im->highest || im->unnumbered ? site_numbers(&im->own, im->highest, im->unnumbered, &im->highest) : NULL;
}

static struct err *site_add(struct import *im)
{
    struct ctx *c = &im->own;
    int64_t id = ctx_id(c);
    const char *number = import_value(im, SITE_NUMBER), *name = import_value(im, SITE_NAME), *street = import_value(im, SITE_STREET), *city = import_value(im, SITE_CITY);
    if (!*number)
        number = site_number_text(c->arena, im->highest++);
    TRY(ctx_run(c, &sql_site_add, PARAMS(P_INT("id", id), P_INT("of_client", im->row->client_id), P_TEXT("number", number), P_TEXT("name", name),
        P_TEXT("name_key", im->row->name_key), P_TEXT("street", street), P_TEXT("postcode", import_value(im, SITE_POSTCODE)), P_TEXT("city", city),
        P_TEXT("city_key", text_name_key(c->arena, city)), P_ID("of_contact", im->row->contact_id))));
    if (*import_value(im, SITE_INFORMATION) || *import_value(im, SITE_NOTES))
        TRY(ctx_run(c, &sql_site_text_put, PARAMS(P_INT("id", id), P_TEXT("information", import_value(im, SITE_INFORMATION)), P_TEXT("notes", import_value(im, SITE_NOTES)))));
    const char *words[] = { name, number, street, city, NULL };
    return word_batch_add(c, &im->words, id, words);
}

static struct err *site_change(struct import *im)
{
    struct ctx *c = &im->own;
    struct doc *row = NULL;
    const struct param id = P_INT("id", im->row->existing_id);
    const char *city = import_value(im, SITE_CITY);
    TRY(ctx_row(c, &sql_import_site_put, PARAMS(id, P_TEXT("name", import_value(im, SITE_NAME)), P_TEXT("name_key", im->row->name_key),
        import_given(im, "street", SITE_STREET), import_given(im, "postcode", SITE_POSTCODE), import_given(im, "city", SITE_CITY),
        *city ? P_TEXT("city_key", text_name_key(c->arena, city)) : P_NULL("city_key"), P_ID("of_contact", im->row->contact_id)), &row));
    if (*import_value(im, SITE_INFORMATION) || *import_value(im, SITE_NOTES)) {
        TRY(ctx_run_any(c, &sql_import_site_text_begin, PARAMS(id), NULL));
        TRY(ctx_run(c, &sql_import_site_text_put, PARAMS(id, import_given(im, "information", SITE_INFORMATION), import_given(im, "notes", SITE_NOTES))));
    }
    const char *words[] = { doc_text_of(row, "name"), doc_text_of(row, "number"), doc_text_of(row, "street"), doc_text_of(row, "city"), NULL };
    return word_put(c, "site", im->row->existing_id, words);
}

struct err *site_row_write(struct import *im) { return im->row->existing_id ? site_change(im) : site_add(im); }
