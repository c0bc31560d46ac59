/* Rows of equipment: whose it is and where, whether it is there already, then written. One model has a serial number once. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

/* A day as its column has left it: NULL where it is empty. */
static struct param day_of(const struct import *im, const char *name, int column)
{
    int64_t on = 0;
    return clock_day_read(import_value(im, column), &on) ? P_INT(name, on) : P_NULL(name);
}

static void days_check(struct import *im)
{
    struct param installed = day_of(im, "installed_on", EQUIPMENT_INSTALLED), warranty = day_of(im, "warranty_on", EQUIPMENT_WARRANTY);
    if (installed.kind == PARAM_INT && warranty.kind == PARAM_INT && warranty.number < installed.number)
        COMPLAIN(im, im->heading[EQUIPMENT_WARRANTY], N_("La garantie finit avant la mise en service."), NULL);
}

/* By its serial number; what has none is the same where it has the same name and model at the same place. */
static bool is_double(struct import *im, const char *serial_key, const char *own_key)
{
    struct arena *a = &im->scratch;
    const char *model = import_value(im, EQUIPMENT_MODEL), *message = N_("Cet équipement est déjà à la ligne %s.");
    if (*serial_key)
        return import_is_double(im, arena_printf(a, "n\n%s\n%s", serial_key, model), EQUIPMENT_SERIAL, message);
    const char *said = arena_printf(a, "s\n%s\n%s\n%s\n%s\n%s\n%s", own_key, model, import_value(im, EQUIPMENT_CLIENT_NUMBER), text_name_key(a, import_value(im, EQUIPMENT_CLIENT)),
        import_value(im, EQUIPMENT_SITE_NUMBER), text_name_key(a, import_value(im, EQUIPMENT_SITE)));
    const char *known = arena_printf(a, "c\n%s\n%s\n%lld\n%lld", own_key, model, (long long)im->row->client_id, (long long)im->row->site_id);
    return import_is_double(im, said, EQUIPMENT_NAME, message) || (im->row->client_id && import_is_double(im, known, EQUIPMENT_NAME, message));
}

static struct err *existing_by_serial(struct import *im, const char *serial_key)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(&im->own, &sql_import_equipment_find, PARAMS(P_TEXT("serial_key", serial_key), P_TEXT("model", import_value(im, EQUIPMENT_MODEL))), &row));
    im->row->existing_id = doc_int_of(row, "id");
    if (row && doc_int_of(row, "client_id") != im->row->client_id)
        COMPLAIN(im, im->heading[EQUIPMENT_SERIAL], N_("Un équipement d’un autre client a déjà ce modèle et ce numéro de série."), NULL);
    else if (row && !im->ask->is_update)
        COMPLAIN(im, im->heading[EQUIPMENT_SERIAL], N_("Un équipement de ce modèle a déjà ce numéro de série."), NULL);
    return NULL;
}

static struct err *existing_by_name(struct import *im, const char *own_key)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(&im->own, &sql_import_equipment_named, PARAMS(P_INT("of_client", im->row->client_id), P_ID("of_site", im->row->site_id), P_TEXT("name_key", own_key),
        P_TEXT("model", import_value(im, EQUIPMENT_MODEL))), &row));
    im->row->existing_id = doc_int_of(row, "id");
    if (row && !im->ask->is_update)
        COMPLAIN(im, im->heading[EQUIPMENT_NAME], N_("Cet équipement est déjà là : un numéro de série le distinguerait."), NULL);
    return NULL;
}

struct err *equipment_row_check(struct import *im)
{
    const char *serial_key = text_name_key(&im->scratch, import_value(im, EQUIPMENT_SERIAL));
    const char *own_key = im->row->name_key = text_name_key(&im->scratch, import_value(im, EQUIPMENT_NAME));
    TRY(import_client_must(im, (struct import_place){ EQUIPMENT_CLIENT_NUMBER, EQUIPMENT_CLIENT }));
    TRY(import_site_find(im, (struct import_place){ EQUIPMENT_SITE_NUMBER, EQUIPMENT_SITE }));
    days_check(im);
    if (!*own_key || is_double(im, serial_key, own_key) || !im->row->client_id || im->row->is_refused || im->is_first)
        return NULL;
    return *serial_key ? existing_by_serial(im, serial_key) : existing_by_name(im, own_key);
}

static struct err *equipment_add(struct import *im)
{
    struct ctx *c = &im->own;
    int64_t id = ctx_id(c);
    const char *name = import_value(im, EQUIPMENT_NAME), *model = import_value(im, EQUIPMENT_MODEL), *serial = import_value(im, EQUIPMENT_SERIAL);
    const char *state = import_value(im, EQUIPMENT_STATE);
    TRY(ctx_run(c, &sql_equipment_add, PARAMS(P_INT("id", id), P_INT("of_client", im->row->client_id), P_ID("of_site", im->row->site_id), P_TEXT("name", name),
        P_TEXT("name_key", im->row->name_key), P_TEXT("model", model), P_TEXT("serial", serial), P_TEXT("serial_key", text_name_key(c->arena, serial)),
        day_of(im, "installed_on", EQUIPMENT_INSTALLED), day_of(im, "warranty_on", EQUIPMENT_WARRANTY), P_TEXT("in_state", *state ? state : "in_service"))));
    if (*import_value(im, EQUIPMENT_INFORMATION) || *import_value(im, EQUIPMENT_NOTES))
        TRY(ctx_run(c, &sql_equipment_text_put, PARAMS(P_INT("id", id), P_TEXT("information", import_value(im, EQUIPMENT_INFORMATION)),
            P_TEXT("notes", import_value(im, EQUIPMENT_NOTES)))));
    const char *words[] = { name, model, serial, NULL };
    return word_batch_add(c, &im->words, id, words);
}

static struct err *equipment_change(struct import *im)
{
    struct ctx *c = &im->own;
    struct doc *row = NULL;
    const struct param id = P_INT("id", im->row->existing_id);
    TRY(ctx_row(c, &sql_import_equipment_put, PARAMS(id, P_ID("of_site", im->row->site_id), P_TEXT("name", import_value(im, EQUIPMENT_NAME)),
        P_TEXT("name_key", im->row->name_key), day_of(im, "installed_on", EQUIPMENT_INSTALLED), day_of(im, "warranty_on", EQUIPMENT_WARRANTY),
        import_given(im, "in_state", EQUIPMENT_STATE)), &row));
    if (*import_value(im, EQUIPMENT_INFORMATION) || *import_value(im, EQUIPMENT_NOTES)) {
        TRY(ctx_run_any(c, &sql_import_equipment_text_begin, PARAMS(id), NULL));
        TRY(ctx_run(c, &sql_import_equipment_text_put, PARAMS(id, import_given(im, "information", EQUIPMENT_INFORMATION), import_given(im, "notes", EQUIPMENT_NOTES))));
    }
    const char *words[] = { doc_text_of(row, "name"), doc_text_of(row, "model"), doc_text_of(row, "serial"), NULL };
    return word_put(c, "equipment", im->row->existing_id, words);
}

struct err *equipment_row_write(struct import *im) { return im->row->existing_id ? equipment_change(im) : equipment_add(im); }
