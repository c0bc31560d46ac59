/* Rows of contacts: whose they are, whether they are there already, then written. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const char *name_key(struct import *im)
{
    return text_name_key(&im->scratch, arena_printf(&im->scratch, "%s %s", import_value(im, CONTACT_LAST), import_value(im, CONTACT_FIRST)));
}

struct err *contact_row_check(struct import *im)
{
    const char *email = import_value(im, CONTACT_EMAIL);
    if (im->is_looked_at)
        TRY(import_client_find(im, (struct import_place){ CONTACT_CLIENT_NUMBER, CONTACT_CLIENT }));   /* without one it is a contact without a client (C-4) */
    const char *email_key = im->row->email_key = text_email_key(&im->scratch, email), *own_key = im->row->name_key = name_key(im);
    if (im->row->is_refused || !*email)                /* without an address two may well have the same name */
        return NULL;
    const char *all = arena_printf(&im->scratch, "%s\n%s\n%s\n%s", email_key, own_key, import_value(im, CONTACT_CLIENT_NUMBER), import_value(im, CONTACT_CLIENT));
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
    const char *first = import_value(im, CONTACT_FIRST), *last = import_value(im, CONTACT_LAST), *email = import_value(im, CONTACT_EMAIL), *lang = import_value(im, CONTACT_LANG);
    TRY(ctx_run(c, &sql_contact_add, PARAMS(P_INT("id", id), P_ID("of_client", im->row->client_id), P_TEXT("first_name", first), P_TEXT("last_name", last),
        P_TEXT("name_key", im->row->name_key), P_TEXT("job_title", import_value(im, CONTACT_JOB)), P_TEXT("email", email),
        P_TEXT("email_key", im->row->email_key), P_TEXT("phone", import_value(im, CONTACT_PHONE)), P_TEXT("lang", *lang ? lang : "fr"),
        P_TEXT("notes", import_value(im, CONTACT_NOTES)))));
    const char *words[] = { last, first, email, NULL };
    return word_batch_add(c, &im->words, id, words);
}

static struct err *contact_change(struct import *im)
{
    return ctx_run(&im->own, &sql_import_contact_put, PARAMS(P_INT("id", im->row->existing_id), import_given(im, "job_title", CONTACT_JOB),
        import_given(im, "phone", CONTACT_PHONE), import_given(im, "lang", CONTACT_LANG), import_given(im, "notes", CONTACT_NOTES)));
}

struct err *contact_row_write(struct import *im) { return im->row->existing_id ? contact_change(im) : contact_add(im); }
