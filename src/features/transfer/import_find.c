/* What a row names: its client and its site by number or by name, a contact by name or e-mail address. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

bool import_is_double(struct import *im, const char *text, int column, const char *message)
{
    int64_t before = seen_before(&im->seen, &im->keep, text, im->line);
    if (before)
        COMPLAIN(im, im->heading[column], message, arena_printf(&im->scratch, "%lld", (long long)before));
    return before;
}

/* ---- Clients ---- */

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

static struct err *client_by_name(struct import *im, const char *heading, const char *name, int64_t *ret_id)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(&im->own, &sql_import_client_named, PARAMS(P_TEXT("name_key", text_name_key(&im->scratch, name))), &rows));
    if (doc_count(rows) > 1) {
        COMPLAIN(im, heading, N_("Plusieurs clients portent ce nom : donnez leur numéro."), NULL);
        return NULL;
    }
    *ret_id = doc_int_of(doc_at(rows, 0), "id");
    if (!*ret_id)                                      /* some write the number there */
        TRY(client_by_number(im, name, ret_id));
    if (!*ret_id)
        COMPLAIN(im, heading, N_("Aucun client ne porte ce nom."), NULL);
    return NULL;
}

/* The number decides where there is one. */
struct err *import_client_find(struct import *im, struct import_place at)
{
    const char *number = import_value(im, at.number), *name = import_value(im, at.name);
    if (!im->is_looked_at)
        return NULL;
    if (!*number)
        return *name ? client_by_name(im, im->heading[at.name], name, &im->row->client_id) : NULL;
    TRY(client_by_number(im, number, &im->row->client_id));
    if (!im->row->client_id)
        COMPLAIN(im, im->heading[at.number], N_("Aucun client ne porte ce numéro."), NULL);
    return NULL;
}

struct err *import_client_must(struct import *im, struct import_place at)
{
    if (*import_value(im, at.number) || *import_value(im, at.name))
        return import_client_find(im, at);
    COMPLAIN(im, im->heading[im->place[at.number] >= 0 ? at.number : at.name], N_("À remplir : le client, par son numéro ou son nom."), NULL);
    return NULL;
}

/* ---- Sites ---- */

static struct err *site_by_number(struct import *im, const char *number, bool *ret_is_there)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(&im->own, &sql_import_site_find, PARAMS(P_TEXT("number", number)), &row));
    *ret_is_there = row && doc_int_of(row, "client_id") == im->row->client_id;
    im->row->site_id = *ret_is_there ? doc_int_of(row, "id") : 0;
    return NULL;
}

static struct err *site_by_name(struct import *im, const char *heading, const char *name)
{
    struct doc *rows = NULL;
    bool is_there = false;
    TRY(ctx_rows(&im->own, &sql_import_site_named, PARAMS(P_INT("of_client", im->row->client_id), P_TEXT("name_key", text_name_key(&im->scratch, name))), &rows));
    if (doc_count(rows) > 1) {
        COMPLAIN(im, heading, N_("Plusieurs sites de ce client portent ce nom : donnez leur numéro."), NULL);
        return NULL;
    }
    im->row->site_id = doc_int_of(doc_at(rows, 0), "id");
    if (!doc_count(rows))                              /* some write the number there */
        TRY(site_by_number(im, name, &is_there));
    if (!im->row->site_id)
        COMPLAIN(im, heading, N_("Ce client n’a pas de site de ce nom."), NULL);
    return NULL;
}

struct err *import_site_find(struct import *im, struct import_place at)
{
    const char *number = import_value(im, at.number), *name = import_value(im, at.name);
    bool is_there = false;
    if (!im->row->client_id)
        return NULL;
    if (!*number)
        return *name ? site_by_name(im, im->heading[at.name], name) : NULL;
    TRY(site_by_number(im, number, &is_there));
    if (!is_there)
        COMPLAIN(im, im->heading[at.number], N_("Ce client n’a pas de site de ce numéro."), NULL);
    return NULL;
}

/* ---- Contacts ---- */

static struct err *contact_named(struct import *im, const char *name_key)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(&im->own, &sql_import_contact_named, PARAMS(P_INT("of_client", im->row->client_id), P_TEXT("name_key", name_key)), &row));
    im->row->contact_id = doc_int_of(row, "id");
    return NULL;
}

/* Lists say the first name first, keys the last name: each place where the one may end is tried. */
static struct err *contact_by_name(struct import *im, const char *name)
{
    const char *key = text_name_key(&im->scratch, name);
    TRY(contact_named(im, key));
    for (const char *space = strchr(key, ' '); space && !im->row->contact_id; space = strchr(space + 1, ' '))
        TRY(contact_named(im, arena_printf(&im->scratch, "%s %.*s", space + 1, (int)(space - key), key)));
    return NULL;
}

struct err *import_contact_find(struct import *im, int column)
{
    const char *who = import_value(im, column);
    struct doc *row = NULL;
    if (!im->row->client_id || !*who)
        return NULL;
    if (strchr(who, '@')) {
        TRY(ctx_maybe(&im->own, &sql_import_contact_at, PARAMS(P_INT("of_client", im->row->client_id), P_TEXT("email_key", text_email_key(&im->scratch, who))), &row));
        im->row->contact_id = doc_int_of(row, "id");
    } else {
        TRY(contact_by_name(im, who));
    }
    if (!im->row->contact_id)
        COMPLAIN(im, im->heading[column], N_("Ce client n’a pas ce contact."), NULL);
    return NULL;
}
