/* Cells by what a column says of them, the heading, and what is wrong. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "tpl/tpl.h"

/* ---- What is wrong ---- */

/* The text in the reader's language, with its %s. */
static const char *complaint_text(struct import *im, struct complaint what)
{
    struct arena *a = im->c->arena;
    const char *text = im->c->tpl ? tpl_text(im->c->tpl, im->c->lang, what.message) : what.message, *hole = strstr(text, "%s");
    return hole && what.detail ? arena_printf(a, "%.*s%s%s", (int)(hole - text), text, what.detail, hole + 2) : text;
}

void import_complain(struct import *im, const char *column, struct complaint what)
{
    if (im->row) {
        im->refused += !im->row->is_refused && im->is_looked_at;
        im->row->is_refused = true;
    }
    if (!im->is_looked_at)
        return;
    im->error_count++;
    if ((int64_t)doc_count(im->errors) >= im->ask->errors_most)
        return;
    struct doc *error = doc_map(im->c->arena);
    doc_set_int(error, "row", im->line);
    doc_set_text(error, "column", column);
    doc_set_text(error, "message", complaint_text(im, what));
    doc_push(im->errors, error);
}

/* ---- The heading ---- */

static int column_find(struct import *im, const char *heading)
{
    const char *key = text_name_key(&im->scratch, heading);
    for (size_t i = 0; i < im->kind->column_count; i++)
        for (const char *const *name = im->kind->columns[i].names; *name; name++)
            if (strcmp(text_name_key(&im->scratch, *name), key) == 0)
                return (int)i;
    return -1;
}

static void column_miss(struct import *im, const struct import_column *column, const char *message)
{
    COMPLAIN(im, tpl_text(im->c->tpl, im->c->lang, column->label), message, NULL);
}

static bool columns_are_there(struct import *im)
{
    const struct import_column *whose = NULL;
    bool is_fine = true, is_said = false;
    for (size_t i = im->kind->column_count; i-- > 0;) {
        const struct import_column *column = &im->kind->columns[i];
        whose = column->is_whose ? column : whose;
        is_said |= column->is_whose && im->place[i] >= 0;
    }
    for (size_t i = 0; i < im->kind->column_count; i++)
        if (im->kind->columns[i].is_required && im->place[i] < 0) {
            column_miss(im, &im->kind->columns[i], N_("Il manque cette colonne."));
            is_fine = false;
        }
    if (whose && !is_said)
        column_miss(im, whose, N_("Il manque le client : son numéro ou son nom."));
    return is_fine && (!whose || is_said);
}

bool import_heading(struct import *im, const struct csv_row *row)
{
    bool is_fine = true;
    im->width = row->count;
    im->headings = ARENA_ARRAY(&im->keep, const char *, im->width + 1);
    for (size_t i = 0; i < im->kind->column_count; i++)
        im->place[i] = -1;
    for (size_t i = 0; i < row->count; i++) {
        const char *heading = im->headings[i] = text_trim(&im->keep, row->cells[i]);
        int column = column_find(im, heading);
        if (column < 0) {
            if (*heading)
                doc_push(im->ignored, doc_text(im->c->arena, heading));
        } else if (im->place[column] >= 0) {
            COMPLAIN(im, heading, N_("Cette colonne est là deux fois."), NULL);
            is_fine = false;
        } else {
            im->place[column] = (int)i;
            im->heading[column] = heading;
        }
    }
    return is_fine & columns_are_there(im);
}

/* ---- A row ---- */

/* An export puts an apostrophe before what a spreadsheet would run as a formula: taken off again. */
static const char *cell_bare(const char *text)
{
    return text[0] == '\'' && text[1] && strchr("=+-@\t", text[1]) ? text + 1 : text;
}

static const char *cell_wrong(struct import *im, const struct import_column *column, const char **value)
{
    const char *text = *value;
    if (!*text)
        return column->is_required ? N_("À remplir : cette colonne est obligatoire.") : NULL;
    if (strstr(text, "\xef\xbf\xbd"))
        return N_("Des caractères sont illisibles : enregistrez le fichier en UTF-8.");
    if (!text_is_clean(text, column->has_lines))
        return strpbrk(text, "\n\t") ? N_("Un saut de ligne ne peut pas être là.") : N_("Des caractères sont illisibles : enregistrez le fichier en UTF-8.");
    if (text_chars(text) > (size_t)column->max)
        return N_("Trop long : %s caractères au plus.");
    return column->check ? column->check(&im->scratch, text, value) : NULL;
}

/* The column where a row goes wrong; the last one where it has more. */
static const char *heading_at(const struct import *im, size_t at) { return im->headings[at < im->width ? at : im->width - 1]; }

static void row_wrong(struct import *im, const struct csv_row *row)
{
    const char *all = arena_printf(&im->scratch, "%zu", im->width);
    if (row->fault)
        COMPLAIN(im, heading_at(im, row->fault_at), row->fault == CSV_QUOTE ? N_("Un guillemet n’est pas fermé, ou se ferme au milieu d’une cellule.")
            : N_("La ligne est trop longue, ou a trop de colonnes."), NULL);
    else
        COMPLAIN(im, heading_at(im, row->count), row->count < im->width ? N_("La ligne s’arrête trop tôt : l’en-tête a %s colonnes.")
            : N_("La ligne a trop de cellules : l’en-tête a %s colonnes."), all);
}

const char *import_value(const struct import *im, int column) { return im->values[column] ? im->values[column] : ""; }

struct param import_given(const struct import *im, const char *name, int column)
{
    return *import_value(im, column) ? P_TEXT(name, import_value(im, column)) : P_NULL(name);
}

void import_values(struct import *im, const struct csv_row *row)
{
    for (size_t i = 0; i < im->kind->column_count; i++)
        im->values[i] = NULL;
    if (row->fault || row->count != im->width) {
        row_wrong(im, row);
        return;
    }
    for (size_t i = 0; i < im->kind->column_count; i++) {
        if (im->place[i] < 0)
            continue;
        const struct import_column *column = &im->kind->columns[i];
        im->values[i] = cell_bare(text_trim(&im->scratch, row->cells[im->place[i]]));
        const char *wrong = cell_wrong(im, column, &im->values[i]);
        if (wrong)
            COMPLAIN(im, im->heading[i], wrong, arena_printf(&im->scratch, "%d", column->max));
    }
}
