/* Kinds of job of one's own (L-7): name, usual length, whether clients may choose it. One that is put aside stays on the jobs that have it; none is deleted.
   Every change takes the counter of jobs first, so that two at once follow one another. */
#include "base/text.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { TYPES_MOST = 50, MINUTES_LEAST = 5, MINUTES_MOST = 24 * 60 };

static const struct choice ways[] = { { "up", N_("Monter") }, { "down", N_("Descendre") }, { 0 } };
static const struct choice states[] = { { "active", N_("Remettre en service") }, { "aside", N_("Mettre de côté") }, { 0 } };
static const struct field no_form[] = { { 0 } };

const struct field job_type_form[] = {
    { "name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 60 },
    { "length", FIELD_TEXT, N_("Durée habituelle"), REQUIRED, .max = 12, .hint = N_("Par exemple 2 h, 1 h 30 ou 45 min.") },
    { "is_offered", FIELD_BOOL, N_("Les clients peuvent le choisir en demandant une intervention") },
    { 0 },
};
const struct field job_type_move_form[] = { { "way", FIELD_CHOICE, N_("Sens"), REQUIRED, .choices = ways }, { 0 } };
const struct field job_type_state_form[] = { { "state", FIELD_CHOICE, N_("État"), REQUIRED, .choices = states }, { 0 } };

static const struct { const char *name; int minutes; } usual[] = { { N_("Dépannage"), 120 }, { N_("Entretien"), 120 }, { N_("Installation"), 240 } };

static struct err *types_done(struct ctx *c)
{
    reply_see(c, "job_types_changed", "%s/settings/jobs", web_space(c));
    return NULL;
}

static struct err *rows_take(struct ctx *c, struct doc **ret_rows)
{
    TRY(ctx_run(c, &sql_job_type_take, NULL));
    return ctx_rows(c, &sql_job_type_list, NULL, ret_rows);
}

static const struct doc *row_of(const struct doc *rows, int64_t id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == id)
            return doc_at(rows, i);
    return NULL;
}

/* The type of the address among all, taken. */
static struct err *row_take(struct ctx *c, struct doc **ret_rows, const struct doc **ret_row)
{
    TRY(rows_take(c, ret_rows));
    *ret_row = row_of(*ret_rows, path_id(c, "jobtype"));
    if (!*ret_row)
        return ERR(c->arena, ERR_NOT_FOUND, "no such type of job");
    journal_object(c, "job_type", doc_int_of(*ret_row, "id"));
    journal_text(c, "name", doc_text_of(*ret_row, "name"));
    return NULL;
}

/* ---- The page ---- */

struct err *job_types(struct ctx *c)
{
    TRY(doc_rows(c, "types", &sql_job_type_list, NULL));
    struct doc *types = doc_get_mut(c->doc, "types");
    for (size_t i = 0; i < doc_count(types); i++) {
        doc_set_bool(doc_at_mut(types, i), "is_first", i == 0);
        doc_set_bool(doc_at_mut(types, i), "is_last", i + 1 == doc_count(types));
        doc_set_text(doc_at_mut(types, i), "length", job_length_text(c->arena, doc_int_of(doc_at(types, i), "minutes")));
    }
    form_show(c, no_form);
    return NULL;
}

struct err *job_type_new(struct ctx *c)
{
    form_show(c, job_type_form);
    form_value(c, "length", "2 h");
    form_value(c, "is_offered", "1");
    return NULL;
}

struct err *job_type_edit(struct ctx *c)
{
    TRY(doc_row(c, "type", &sql_job_type_any, PARAMS(P_INT("of_type", path_id(c, "jobtype")))));
    const struct doc *type = doc_get(c->doc, "type");
    form_show(c, job_type_form);
    form_value(c, "name", doc_text_of(type, "name"));
    form_value(c, "length", job_length_text(c->arena, doc_int_of(type, "minutes")));
    if (doc_bool_of(type, "is_offered"))
        form_value(c, "is_offered", "1");
    return NULL;
}

/* After a refusal; what does not exist is said before what is wrong. */
struct err *job_type_again(struct ctx *c)
{
    TRY(job_type_edit(c));
    c->doc = doc_map(c->arena);
    return job_types(c);
}

/* ---- Added, changed ---- */

static struct err *type_read(struct ctx *c, const struct doc *rows, int64_t own_id, int64_t *ret_minutes)
{
    const char *key = text_name_key(c->arena, form_text(c, "name"));
    if (!*key)
        return form_error(c, "name", N_("Un nom a au moins une lettre."));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") != own_id && text_same(key, text_name_key(c->arena, doc_text_of(doc_at(rows, i), "name"))))
            return form_error(c, "name", N_("Un type porte déjà ce nom."));
    if (!own_id && doc_count(rows) >= TYPES_MOST)
        return form_error(c, "name", N_("Il y a déjà 50 types : renommez-en un."));
    if (!job_length_read(form_text(c, "length"), ret_minutes))
        return form_error(c, "length", N_("Indiquez une durée, comme 2 h, 1 h 30 ou 45 min."));
    if (*ret_minutes < MINUTES_LEAST || *ret_minutes > MINUTES_MOST)
        return form_error(c, "length", N_("De 5 minutes à 24 heures."));
    return NULL;
}

static struct err *type_add(struct ctx *c, int64_t id, const char *name, int64_t minutes, size_t position, bool is_offered)
{
    return ctx_run(c, &sql_job_type_add, PARAMS(P_INT("id", id), P_TEXT("name", name), P_TEXT("name_key", text_name_key(c->arena, name)), P_INT("minutes", minutes),
        P_INT("position", position), P_INT("is_offered", is_offered)));
}

struct err *job_type_create(struct ctx *c)
{
    struct doc *rows = NULL;
    int64_t id = ctx_id(c), minutes = 0;
    TRY(rows_take(c, &rows));
    TRY(type_read(c, rows, 0, &minutes));
    TRY(type_add(c, id, form_text(c, "name"), minutes, doc_count(rows), form_bool(c, "is_offered")));
    journal_object(c, "job_type", id);
    journal_text(c, "name", form_text(c, "name"));
    return types_done(c);
}

struct err *job_type_update(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    int64_t minutes = 0;
    TRY(row_take(c, &rows, &row));
    TRY(type_read(c, rows, doc_int_of(row, "id"), &minutes));
    TRY(ctx_run(c, &sql_job_type_put, PARAMS(P_INT("of_type", doc_int_of(row, "id")), P_TEXT("name", form_text(c, "name")),
        P_TEXT("name_key", text_name_key(c->arena, form_text(c, "name"))), P_INT("minutes", minutes), P_INT("is_offered", form_bool(c, "is_offered")))));
    journal_text(c, "new_name", form_text(c, "name"));
    return types_done(c);
}

/* The usual ones, for an organization that has none yet. */
struct err *job_types_usual(struct ctx *c)
{
    struct doc *rows = NULL;
    TRY(rows_take(c, &rows));
    if (doc_count(rows))
        journal_skip(c);
    for (size_t i = 0; !doc_count(rows) && i < sizeof usual / sizeof *usual; i++)
        TRY(type_add(c, ctx_id(c), web_text(c, usual[i].name), usual[i].minutes, i, true));
    return types_done(c);
}

/* ---- Order, put aside ---- */

struct err *job_type_move(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    bool is_up = text_same(form_text(c, "way"), "up");
    TRY(row_take(c, &rows, &row));
    size_t count = doc_count(rows), at = 0;
    while (doc_at(rows, at) != row)
        at++;
    if (is_up ? at == 0 : at + 1 == count) {
        journal_skip(c);
        return types_done(c);
    }
    size_t other = is_up ? at - 1 : at + 1;
    for (size_t i = 0; i < count; i++) {
        size_t place = i == at ? other : i == other ? at : i;
        TRY(ctx_run(c, &sql_job_type_place, PARAMS(P_INT("of_type", doc_int_of(doc_at(rows, i), "id")), P_INT("position", place))));
    }
    journal_text(c, "way", form_text(c, "way"));
    return types_done(c);
}

static int active_count(const struct doc *rows)
{
    int count = 0;
    for (size_t i = 0; i < doc_count(rows); i++)
        count += doc_bool_of(doc_at(rows, i), "is_active");
    return count;
}

struct err *job_type_state(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    bool is_active = text_same(form_text(c, "state"), "active");
    TRY(row_take(c, &rows, &row));
    if (!is_active && doc_bool_of(row, "is_active") && active_count(rows) == 1)
        return form_error(c, "page", N_("C’est le dernier type en service : sans lui, plus personne ne pourrait créer une intervention."));
    if (doc_bool_of(row, "is_active") == is_active)
        journal_skip(c);
    TRY(ctx_run(c, &sql_job_type_state, PARAMS(P_INT("of_type", doc_int_of(row, "id")), P_INT("is_active", is_active))));
    journal_text(c, "state", form_text(c, "state"));
    return types_done(c);
}
