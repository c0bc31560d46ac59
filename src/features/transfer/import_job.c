/* Rows of jobs, for bringing a history over: to plan, or done with its times. Nobody is written to. What has a number is known by it; what has none is
   the same where client, site, type, first line and end are. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "tpl/tpl.h"
#include "tpl/zone.h"

/* ---- What a row says ---- */

static bool is_done(const struct import *im)
{
    const char *state = import_value(im, JOB_STATE);
    return *state ? strcmp(state, "done") == 0 : *import_value(im, JOB_END);
}

static int two_digits(const char *text) { return (text[0] - '0') * 10 + text[1] - '0'; }

/* A time as its column has left it, "2025-03-31T14:30", by the clock of the organization; with Z by the world's. */
static int64_t time_of(const struct import *im, int column)
{
    const char *text = import_value(im, column);
    int64_t day = 0;
    if (!*text || !clock_day_read(arena_printf(im->own.arena, "%.10s", text), &day))
        return 0;
    int64_t at = day * CLOCK_DAY_MS + two_digits(text + 11) * CLOCK_HOUR_MS + two_digits(text + 14) * CLOCK_MINUTE_MS;
    return strchr(text, 'Z') ? at : at - zone_offset_ms(im->zone, at - zone_offset_ms(im->zone, at));
}

static struct param when(const char *name, int64_t at_ms) { return at_ms ? P_INT(name, at_ms) : P_NULL(name); }

static void only_done(struct import *im, int column)
{
    if (*import_value(im, column))
        COMPLAIN(im, im->heading[column], N_("Seulement pour une intervention terminée."), NULL);
}

static void times_check(struct import *im)
{
    int64_t start_ms = time_of(im, JOB_START), end_ms = time_of(im, JOB_END);
    if (!is_done(im)) {
        only_done(im, JOB_START);
        only_done(im, JOB_END);
        only_done(im, JOB_TECHNICIAN);
        only_done(im, JOB_REPORT);
    } else if (!end_ms) {
        COMPLAIN(im, im->heading[im->place[JOB_END] >= 0 ? JOB_END : JOB_STATE], N_("À remplir : quand elle a été terminée."), NULL);
    } else if (end_ms > im->c->now_ms) {
        COMPLAIN(im, im->heading[JOB_END], N_("Une intervention terminée ne l’est pas dans l’avenir."), NULL);
    } else if (start_ms && start_ms >= end_ms) {
        COMPLAIN(im, im->heading[JOB_END], N_("La fin est avant le début."), NULL);
    }
}

/* ---- What it names ---- */

static struct err *type_find(struct import *im)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(&im->own, &sql_import_job_type, PARAMS(P_TEXT("name_key", text_name_key(&im->scratch, import_value(im, JOB_TYPE)))), &row));
    im->row->type_id = doc_int_of(row, "id");
    if (!row)
        COMPLAIN(im, im->heading[JOB_TYPE], N_("Aucun type d’intervention ne porte ce nom."), NULL);
    return NULL;
}

/* By the name as lists say it, first name first, or as they sort it. */
static struct err *technician_find(struct import *im)
{
    const char *key = text_name_key(&im->scratch, import_value(im, JOB_TECHNICIAN)), *turned = key;
    struct doc *row = NULL;
    for (const char *space = key; *key && space && !row; space = strchr(space + 1, ' ')) {
        turned = space == key ? key : arena_printf(&im->scratch, "%s %.*s", space + 1, (int)(space - key), key);
        TRY(ctx_maybe(&im->own, &sql_import_job_technician, PARAMS(P_TEXT("name_key", turned)), &row));
    }
    im->row->member_id = doc_int_of(row, "id");
    if (*key && !row)
        COMPLAIN(im, im->heading[JOB_TECHNICIAN], N_("Aucun membre ne porte ce nom."), NULL);
    return NULL;
}

static struct err *machine_find(struct import *im)
{
    const char *serial_key = text_name_key(&im->scratch, import_value(im, JOB_SERIAL));
    struct doc *row = NULL;
    if (!*serial_key || !im->row->client_id)
        return NULL;
    TRY(ctx_maybe(&im->own, &sql_import_job_machine, PARAMS(P_TEXT("serial_key", serial_key), P_INT("of_client", im->row->client_id)), &row));
    im->row->equipment_id = doc_int_of(row, "id");
    if (!row)
        COMPLAIN(im, im->heading[JOB_SERIAL], N_("Ce client n’a pas d’équipement de ce numéro de série."), NULL);
    return NULL;
}

/* ---- Is it there already? ---- */

static bool is_double(struct import *im, const char *number)
{
    struct arena *a = &im->scratch;
    if (*number)
        return import_is_double(im, arena_printf(a, "n\n%s", number), JOB_NUMBER, N_("Ce numéro est déjà à la ligne %s."));
    const char *said = arena_printf(a, "s\n%s\n%s\n%s\n%s\n%s\n%s\n%s", import_value(im, JOB_CLIENT_NUMBER), text_name_key(a, import_value(im, JOB_CLIENT)),
        import_value(im, JOB_SITE_NUMBER), text_name_key(a, import_value(im, JOB_SITE)), text_name_key(a, import_value(im, JOB_TYPE)), import_value(im, JOB_END),
        job_title(a, import_value(im, JOB_DESCRIPTION)));
    return import_is_double(im, said, JOB_DESCRIPTION, N_("Cette intervention est déjà à la ligne %s."));
}

static struct err *existing_find(struct import *im, const char *number)
{
    struct doc *row = NULL;
    int64_t counted = 0;
    if (text_int(number, &counted))
        TRY(ctx_maybe(&im->own, &sql_import_job_find, PARAMS(P_INT("number", counted)), &row));
    else
        TRY(ctx_maybe(&im->own, is_done(im) ? &sql_import_job_done : &sql_import_job_waiting, PARAMS(P_INT("of_client", im->row->client_id),
            P_ID("of_site", im->row->site_id), P_INT("of_type", im->row->type_id), P_TEXT("title", job_title(&im->scratch, import_value(im, JOB_DESCRIPTION))),
            when("finished_at", time_of(im, JOB_END))), &row));
    if (row)
        COMPLAIN(im, im->heading[*number ? JOB_NUMBER : JOB_DESCRIPTION], *number ? N_("Une intervention porte déjà ce numéro.") : N_("Cette intervention est déjà là."), NULL);
    return NULL;
}

static void number_count(struct import *im, const char *number)
{
    int64_t counted = 0;
    if (!text_int(number, &counted))
        im->unnumbered += !im->row->is_refused;
    else if (counted > im->highest)
        im->highest = counted;
}

struct err *job_row_check(struct import *im)
{
    const char *number = import_value(im, JOB_NUMBER);
    if (!im->zone) {
        struct doc *row = NULL;
        TRY(ctx_row(&im->own, &sql_import_job_begin, NULL, &row));
        im->zone = zone_get(doc_text_of(row, "zone"));
        im->who = arena_text(&im->keep, doc_text_of(row, "person_name"));
    }
    TRY(import_client_must(im, (struct import_place){ JOB_CLIENT_NUMBER, JOB_CLIENT }));
    TRY(import_site_find(im, (struct import_place){ JOB_SITE_NUMBER, JOB_SITE }));
    times_check(im);
    if (im->is_looked_at && !im->row->is_refused) {
        TRY(type_find(im));
        TRY(technician_find(im));
        TRY(machine_find(im));
    }
    if (!is_double(im, number) && im->row->client_id && !im->row->is_refused)
        TRY(existing_find(im, number));
    number_count(im, number);
    return NULL;
}

/* ---- Writing ---- */

struct err *job_rows_begin(struct import *im)
{
    return im->highest || im->unnumbered ? job_numbers(&im->own, im->highest, im->unnumbered, &im->highest) : NULL;
}

static struct err *job_texts(struct import *im, int64_t id)
{
    struct ctx *c = &im->own;
    TRY(ctx_run(c, &sql_import_job_text_add, PARAMS(P_INT("id", id), P_TEXT("description", import_value(im, JOB_DESCRIPTION)),
        P_TEXT("information", import_value(im, JOB_INFORMATION)), P_TEXT("report", import_value(im, JOB_REPORT)), P_TEXT("notes", import_value(im, JOB_NOTES)))));
    return im->row->equipment_id ? ctx_run(c, &sql_job_equipment_add, PARAMS(P_INT("id", id), P_INT("of_equipment", im->row->equipment_id))) : NULL;
}

struct err *job_row_write(struct import *im)
{
    struct ctx *c = &im->own;
    struct doc *place = NULL;
    int64_t id = ctx_id(c), number = 0, start_ms = time_of(im, JOB_START), end_ms = time_of(im, JOB_END), asked_ms = time_of(im, JOB_ASKED);
    const char *title = job_title(c->arena, import_value(im, JOB_DESCRIPTION));
    if (!text_int(import_value(im, JOB_NUMBER), &number))
        number = im->highest++;
    TRY(ctx_row(c, &sql_import_job_place, PARAMS(P_INT("of_client", im->row->client_id), P_ID("of_site", im->row->site_id)), &place));
    TRY(ctx_run(c, &sql_import_job_add, PARAMS(P_INT("id", id), P_INT("number", number), P_INT("of_client", im->row->client_id), P_INT("of_type", im->row->type_id),
        P_ID("of_site", im->row->site_id), P_TEXT("title", title), P_TEXT("in_state", is_done(im) ? "done" : "to_plan"), P_ID("of_technician", im->row->member_id),
        when("starts_at", start_ms), when("ends_at", start_ms ? end_ms : 0), when("finished_at", end_ms), P_TEXT("street", doc_text_of(place, "street")),
        P_TEXT("postcode", doc_text_of(place, "postcode")), P_TEXT("city", doc_text_of(place, "city")), P_ID("of_contact", doc_int_of(place, "contact_id")),
        P_TEXT("contact_name", doc_text_of(place, "contact_name")), P_TEXT("contact_phone", doc_text_of(place, "contact_phone")),
        P_TEXT("contact_email", doc_text_of(place, "contact_email")), P_TEXT("asked_name", im->who),
        P_INT("created_at", asked_ms ? asked_ms : start_ms ? start_ms : end_ms ? end_ms : c->now_ms))));
    TRY(job_texts(im, id));
    const char *words[] = { job_number_text(c->arena, number), doc_text_of(place, "client_name"), doc_text_of(place, "site_name"), doc_text_of(place, "city"), title, NULL };
    return word_batch_add(c, &im->words, id, words);
}
