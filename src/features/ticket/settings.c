/* Types and priorities of one's own (C-10). What is closed stays on the tickets that have it; new ones cannot choose it.
   Every change takes the organization's counter of tickets first, so that two at once follow one another. */
#include "features/ticket/desk.h"
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { SETTINGS_MOST = 50, DUE_HOURS_MOST = 9999 };

static const struct choice tones[] = { { "low", N_("Discret") }, { "normal", N_("Neutre") }, { "high", N_("Marqué") }, { "urgent", N_("Alerte") }, { 0 } };
static const struct choice ways[] = { { "up", N_("Monter") }, { "down", N_("Descendre") }, { 0 } };
static const struct choice states[] = { { "open", N_("Rouvrir") }, { "closed", N_("Fermer") }, { 0 } };
static const struct field no_form[] = { { 0 } };   /* only its token, and what is wrong with the whole */

const struct field type_form[] = { { "name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 60 }, { 0 } };
const struct field priority_form[] = {
    { "name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 60 },
    { "tone", FIELD_CHOICE, N_("Apparence"), REQUIRED, .choices = tones },
    { "due_hours", FIELD_TEXT, N_("Délai de traitement, en heures"), .max = 4, .hint = N_("Vide : pas d’échéance. Le temps où la réponse du client est attendue ne compte pas.") },
    { 0 },
};
const struct field settings_move_form[] = { { "way", FIELD_CHOICE, N_("Sens"), REQUIRED, .choices = ways }, { 0 } };
const struct field settings_state_form[] = { { "state", FIELD_CHOICE, N_("État"), REQUIRED, .choices = states }, { 0 } };

/* What both have in common. */
struct sort {
    const char *object, *param;     /* in the address and the journal; in the queries */
    const struct query *list, *place, *state;
    const char *same_name, *too_many;
};
static const struct sort types = { "type", "type_id", &sql_settings_types, &sql_type_place, &sql_type_state,
    N_("Un type porte déjà ce nom."), N_("Il y a déjà 50 types : renommez-en un.") };
static const struct sort priorities = { "priority", "priority_id", &sql_settings_priorities, &sql_priority_place, &sql_priority_state,
    N_("Une priorité porte déjà ce nom."), N_("Il y a déjà 50 priorités : renommez-en une.") };

static struct err *rows_take(struct ctx *c, const struct sort *s, struct doc **ret_rows)
{
    TRY(ctx_run(c, &sql_settings_take, NULL));
    return ctx_rows(c, s->list, NULL, ret_rows);
}

static const struct doc *row_of(const struct doc *rows, int64_t id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == id)
            return doc_at(rows, i);
    return NULL;
}

/* The row of the address among all of its sort, taken. */
static struct err *row_take(struct ctx *c, const struct sort *s, struct doc **ret_rows, const struct doc **ret_row)
{
    TRY(rows_take(c, s, ret_rows));
    *ret_row = row_of(*ret_rows, path_id(c, s->object));
    if (!*ret_row)
        return ERR(c->arena, ERR_NOT_FOUND, "no such %s", s->object);
    journal_object(c, s->object, doc_int_of(*ret_row, "id"));
    journal_text(c, "name", doc_text_of(*ret_row, "name"));
    return NULL;
}

static struct err *settings_done(struct ctx *c)
{
    reply_see(c, "settings_changed", "%s/tickets/settings", web_space(c));
    return NULL;
}

/* ---- The page ---- */

static void ends_mark(struct doc *rows)
{
    for (size_t i = 0; i < doc_count(rows); i++) {
        doc_set_bool(doc_at_mut(rows, i), "is_first", i == 0);
        doc_set_bool(doc_at_mut(rows, i), "is_last", i + 1 == doc_count(rows));
    }
}

struct err *desk_settings(struct ctx *c)
{
    TRY(doc_rows(c, "types", &sql_settings_types, NULL));
    TRY(doc_rows(c, "priorities", &sql_settings_priorities, NULL));
    ends_mark(doc_get_mut(c->doc, "types"));
    ends_mark(doc_get_mut(c->doc, "priorities"));
    form_show(c, no_form);
    return NULL;
}

static struct err *row_show(struct ctx *c, const struct sort *s)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, s->list, NULL, &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == path_id(c, s->object)) {
            doc_set(c->doc, s->object, doc_at_mut(rows, i));
            form_value(c, "name", doc_text_of(doc_at(rows, i), "name"));
            return NULL;
        }
    return ERR(c->arena, ERR_NOT_FOUND, "no such %s", s->object);
}

/* After a refusal; what does not exist is said before what is wrong. */
struct err *type_again(struct ctx *c)
{
    TRY(row_show(c, &types));
    c->doc = doc_map(c->arena);
    return desk_settings(c);
}

struct err *priority_again(struct ctx *c)
{
    TRY(row_show(c, &priorities));
    c->doc = doc_map(c->arena);
    return desk_settings(c);
}

struct err *type_new(struct ctx *c)
{
    form_show(c, type_form);
    return NULL;
}

struct err *type_edit(struct ctx *c)
{
    form_show(c, type_form);
    return row_show(c, &types);
}

struct err *priority_new(struct ctx *c)
{
    form_show(c, priority_form);
    form_value(c, "tone", "normal");
    return NULL;
}

struct err *priority_edit(struct ctx *c)
{
    form_show(c, priority_form);
    TRY(row_show(c, &priorities));
    const struct doc *row = doc_get(c->doc, "priority");
    form_value(c, "tone", doc_text_of(row, "tone"));
    if (doc_int_of(row, "due_hours"))
        form_value(c, "due_hours", arena_printf(c->arena, "%lld", (long long)doc_int_of(row, "due_hours")));
    return NULL;
}

/* ---- Added, changed ---- */

static struct err *name_check(struct ctx *c, const struct sort *s, const struct doc *rows, int64_t own_id)
{
    const char *key = text_name_key(c->arena, form_text(c, "name"));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") != own_id && text_same(key, text_name_key(c->arena, doc_text_of(doc_at(rows, i), "name"))))
            return form_error(c, "name", s->same_name);
    if (!own_id && doc_count(rows) >= SETTINGS_MOST)
        return form_error(c, "name", s->too_many);
    return NULL;
}

/* Hours of the form; 0: none. */
static struct err *hours_read(struct ctx *c, int64_t *ret_hours)
{
    const char *text = form_text(c, "due_hours");
    *ret_hours = 0;
    if (*text && (!text_int(text, ret_hours) || *ret_hours < 1 || *ret_hours > DUE_HOURS_MOST))
        return form_error(c, "due_hours", N_("Indiquez un nombre d’heures entier, de 1 à 9999, ou laissez vide."));
    return NULL;
}

struct err *type_create(struct ctx *c)
{
    struct doc *rows = NULL;
    int64_t id = ctx_id(c);
    TRY(rows_take(c, &types, &rows));
    TRY(name_check(c, &types, rows, 0));
    TRY(ctx_run(c, &sql_ticket_type_add, PARAMS(P_INT("id", id), P_TEXT("name", form_text(c, "name")), P_INT("position", doc_count(rows)))));
    journal_object(c, "type", id);
    journal_text(c, "name", form_text(c, "name"));
    return settings_done(c);
}

struct err *type_update(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    TRY(row_take(c, &types, &rows, &row));
    TRY(name_check(c, &types, rows, doc_int_of(row, "id")));
    TRY(ctx_run(c, &sql_type_put, PARAMS(P_INT("type_id", doc_int_of(row, "id")), P_TEXT("name", form_text(c, "name")))));
    journal_text(c, "new_name", form_text(c, "name"));
    return settings_done(c);
}

struct err *priority_create(struct ctx *c)
{
    struct doc *rows = NULL;
    int64_t id = ctx_id(c), hours = 0;
    TRY(hours_read(c, &hours));
    TRY(rows_take(c, &priorities, &rows));
    TRY(name_check(c, &priorities, rows, 0));
    TRY(ctx_run(c, &sql_ticket_priority_add, PARAMS(P_INT("id", id), P_TEXT("name", form_text(c, "name")), P_TEXT("tone", form_text(c, "tone")),
        P_INT("position", doc_count(rows)), P_INT("is_default", doc_count(rows) == 0), P_ID("due_hours", hours))));
    journal_object(c, "priority", id);
    journal_text(c, "name", form_text(c, "name"));
    return settings_done(c);
}

struct err *priority_update(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    int64_t hours = 0;
    TRY(hours_read(c, &hours));
    TRY(row_take(c, &priorities, &rows, &row));
    TRY(name_check(c, &priorities, rows, doc_int_of(row, "id")));
    TRY(ctx_run(c, &sql_priority_put, PARAMS(P_INT("priority_id", doc_int_of(row, "id")), P_TEXT("name", form_text(c, "name")),
        P_TEXT("tone", form_text(c, "tone")), P_ID("due_hours", hours))));
    journal_text(c, "new_name", form_text(c, "name"));
    journal_number(c, "due_hours", hours);
    return settings_done(c);
}

/* ---- Order ---- */

static struct err *move(struct ctx *c, const struct sort *s)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    bool is_up = text_same(form_text(c, "way"), "up");
    TRY(row_take(c, s, &rows, &row));
    size_t count = doc_count(rows), at = 0;
    while (doc_at(rows, at) != row)
        at++;
    if (is_up ? at == 0 : at + 1 == count) {
        journal_skip(c);
        return settings_done(c);
    }
    size_t other = is_up ? at - 1 : at + 1;
    for (size_t i = 0; i < count; i++) {              /* all of them: old positions may be alike */
        size_t place = i == at ? other : i == other ? at : i;
        TRY(ctx_run(c, s->place, PARAMS(P_INT(s->param, doc_int_of(doc_at(rows, i), "id")), P_INT("position", place))));
    }
    journal_text(c, "way", form_text(c, "way"));
    return settings_done(c);
}

struct err *type_move(struct ctx *c) { return move(c, &types); }
struct err *priority_move(struct ctx *c) { return move(c, &priorities); }

/* ---- Closed, open again, default ---- */

static int open_count(const struct doc *rows)
{
    int count = 0;
    for (size_t i = 0; i < doc_count(rows); i++)
        count += doc_bool_of(doc_at(rows, i), "is_open");
    return count;
}

/* Why it cannot be closed; NULL where it can. */
static const char *close_refused(const struct doc *rows, const struct doc *row)
{
    if (doc_bool_of(row, "is_default"))
        return N_("La priorité par défaut ne peut pas être fermée : choisissez-en d’abord une autre.");
    if (doc_bool_of(row, "is_open") && open_count(rows) == 1)
        return N_("C’est le dernier type ouvert : sans lui, plus personne ne pourrait ouvrir un ticket.");
    return NULL;
}

static struct err *state_put(struct ctx *c, const struct sort *s)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    bool is_open = text_same(form_text(c, "state"), "open");
    TRY(row_take(c, s, &rows, &row));
    const char *refused = is_open ? NULL : close_refused(rows, row);
    if (refused)
        return form_error(c, "page", refused);
    if (doc_bool_of(row, "is_open") == is_open)
        journal_skip(c);
    TRY(ctx_run(c, s->state, PARAMS(P_INT(s->param, doc_int_of(row, "id")), P_INT("is_open", is_open))));
    journal_text(c, "state", form_text(c, "state"));
    return settings_done(c);
}

struct err *type_state(struct ctx *c) { return state_put(c, &types); }
struct err *priority_state(struct ctx *c) { return state_put(c, &priorities); }

struct err *priority_default(struct ctx *c)
{
    struct doc *rows = NULL;
    const struct doc *row = NULL;
    TRY(row_take(c, &priorities, &rows, &row));
    if (!doc_bool_of(row, "is_open"))
        return form_error(c, "page", N_("Cette priorité est fermée : rouvrez-la d’abord."));
    TRY(ctx_run(c, &sql_priority_default, PARAMS(P_INT("priority_id", doc_int_of(row, "id")))));
    return settings_done(c);
}
