/* Rows of contacts: whose they are, whether they are there already, then written. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const char *value_of(const struct import *im, int column) { return im->values[column] ? im->values[column] : ""; }

static const char *name_key(struct import *im)
{
    return text_name_key(&im->scratch, arena_printf(&im->scratch, "%s %s", value_of(im, CONTACT_LAST), value_of(im, CONTACT_FIRST)));
}

/* Rows of one client mostly stand together: what was found last is remembered. */
static struct err *client_by_number(struct import *im, const char *number, int64_t *ret_id)
{
    struct doc *row = NULL;
    if (im->last_number && strcmp(im->last_number, number) == 0) {
        *ret_id = im->last_client;
        return NULL;
    }
    TRY(ctx_maybe(&im->own, &sql_import_client_find, PARAMS(P_TEXT("number", number)), &row));
    im->last_client = *ret_id = doc_int_of(row, "id");
    im->last_number = arena_text(&im->keep, number);
    return NULL;
}

static struct err *client_by_name(struct import *im, const char *name, int64_t *ret_id)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(&im->own, &sql_import_client_named, PARAMS(P_TEXT("name_key", text_name_key(&im->scratch, name))), &rows));
    if (doc_count(rows) > 1) {
        COMPLAIN(im, im->heading[CONTACT_CLIENT], N_("Plusieurs clients portent ce nom : donnez leur numéro."), NULL);
        return NULL;
    }
    *ret_id = doc_int_of(doc_at(rows, 0), "id");
    if (!*ret_id)                                      /* some write the number there */
        TRY(client_by_number(im, name, ret_id));
    if (!*ret_id)
        COMPLAIN(im, im->heading[CONTACT_CLIENT], N_("Aucun client ne porte ce nom."), NULL);
    return NULL;
}

/* The number decides where there is one; without number and name it is a contact without a client (C-4). */
static struct err *client_find(struct import *im)
{
    const char *number = value_of(im, CONTACT_CLIENT_NUMBER), *name = value_of(im, CONTACT_CLIENT);
    if (!*number)
        return *name ? client_by_name(im, name, &im->row->client_id) : NULL;
    TRY(client_by_number(im, number, &im->row->client_id));
    if (!im->row->client_id)
        COMPLAIN(im, im->heading[CONTACT_CLIENT_NUMBER], N_("Aucun client ne porte ce numéro."), NULL);
    return NULL;
}

struct err *contact_row_check(struct import *im)
{
    const char *email = value_of(im, CONTACT_EMAIL);
    if (im->is_looked_at)
        TRY(client_find(im));
    const char *email_key = im->row->email_key = text_email_key(&im->scratch, email), *own_key = im->row->name_key = name_key(im);
    if (im->row->is_refused || !*email)                /* without an address two may well have the same name */
        return NULL;
    const char *all = arena_printf(&im->scratch, "%s\n%s\n%s\n%s", email_key, own_key, value_of(im, CONTACT_CLIENT_NUMBER), value_of(im, CONTACT_CLIENT));
    int64_t before = seen_before(&im->seen, &im->keep, all, im->line);
    struct doc *row = NULL;
    if (before)
        COMPLAIN(im, im->heading[CONTACT_EMAIL], N_("Ce contact est déjà à la ligne %s."), arena_printf(&im->scratch, "%lld", (long long)before));
    if (before || !im->is_looked_at || im->is_first)
        return NULL;
    TRY(ctx_maybe(&im->own, &sql_import_contact_find, PARAMS(P_TEXT("email_key", email_key), P_TEXT("name_key", own_key),
        P_ID("of_client", im->row->client_id)), &row));
    im->row->existing_id = doc_int_of(row, "id");
    if (row && !im->ask->is_update)
        COMPLAIN(im, im->heading[CONTACT_EMAIL], N_("Ce client a déjà un contact de ce nom avec cette adresse."), NULL);
    return NULL;
}

static struct err *contact_add(struct import *im)
{
    struct ctx *c = &im->own;
    int64_t id = ctx_id(c);
    const char *first = value_of(im, CONTACT_FIRST), *last = value_of(im, CONTACT_LAST), *email = value_of(im, CONTACT_EMAIL), *lang = value_of(im, CONTACT_LANG);
    TRY(ctx_run(c, &sql_contact_add, PARAMS(P_INT("id", id), P_ID("of_client", im->row->client_id), P_TEXT("first_name", first), P_TEXT("last_name", last),
        P_TEXT("name_key", im->row->name_key), P_TEXT("job_title", value_of(im, CONTACT_JOB)), P_TEXT("email", email),
        P_TEXT("email_key", im->row->email_key), P_TEXT("phone", value_of(im, CONTACT_PHONE)), P_TEXT("lang", *lang ? lang : "fr"),
        P_TEXT("notes", value_of(im, CONTACT_NOTES)))));
    const char *words[] = { last, first, email, NULL };
    return word_batch_add(c, &im->words, id, words);
}

/* An empty cell leaves what is there. Name, address and client are what it was found by. */
static struct param given(const struct import *im, const char *name, int column)
{
    return *value_of(im, column) ? P_TEXT(name, value_of(im, column)) : P_NULL(name);
}

static struct err *contact_change(struct import *im)
{
    return ctx_run(&im->own, &sql_import_contact_put, PARAMS(P_INT("id", im->row->existing_id), given(im, "job_title", CONTACT_JOB),
        given(im, "phone", CONTACT_PHONE), given(im, "lang", CONTACT_LANG), given(im, "notes", CONTACT_NOTES)));
}

struct err *contact_row_write(struct import *im) { return im->row->existing_id ? contact_change(im) : contact_add(im); }
