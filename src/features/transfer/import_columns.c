/* Columns: what their headings may say, and what is wrong with a cell by itself. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "tpl/tpl.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- Cells ---- */

static const char *email_check(struct arena *a, const char *text, const char **ret_value)
{
    (void)a, (void)ret_value;
    return text_is_email(text) ? NULL : N_("Ce n’est pas une adresse e-mail.");
}

static int digits_of(const char *text)
{
    int count = 0;
    for (; *text; text++)
        count += *text >= '0' && *text <= '9';
    return count;
}

static const char *phone_check(struct arena *a, const char *text, const char **ret_value)
{
    (void)a, (void)ret_value;
    return digits_of(text) >= 4 ? NULL : N_("Ce n’est pas un numéro de téléphone.");
}

static const char *postcode_check(struct arena *a, const char *text, const char **ret_value)
{
    (void)a, (void)ret_value;
    return digits_of(text) ? NULL : N_("Ce n’est pas un code postal.");
}

static const char *siren_check(struct arena *a, const char *text, const char **ret_value)
{
    char *bare = arena_text(a, text), *out = bare;
    for (const char *p = text; *p; p++)          /* spreadsheets put no-break spaces between the groups */
        if ((unsigned char)*p < 0x80 && *p != '.')
            *out++ = *p;
        else if (strncmp(p, "\xc2\xa0", 2) != 0 && strncmp(p, "\xe2\x80\xaf", 3) != 0 && ((unsigned char)*p & 0xc0) != 0x80 && *p != '.')
            *out++ = '?';
    *out = 0;
    *ret_value = client_siren(a, bare);
    return **ret_value ? NULL : N_("Ce numéro SIREN n’existe pas : vérifiez ses neuf chiffres.");
}

static const char *word_check(struct arena *a, const char *text, const char *const (*words)[2], const char **ret_value)
{
    const char *key = text_name_key(a, text);
    for (; (*words)[0]; words++)
        if (strcmp((*words)[0], key) == 0) {
            *ret_value = (*words)[1];
            return NULL;
        }
    return "";
}

static const char *kind_check(struct arena *a, const char *text, const char **ret_value)
{
    static const char *const words[][2] = {
        { "entreprise", "company" }, { "societe", "company" }, { "professionnel", "company" }, { "pro", "company" }, { "company", "company" },
        { "association", "company" }, { "organisation", "company" }, { "business", "company" },
        { "particulier", "private" }, { "prive", "private" }, { "private", "private" }, { "individual", "private" }, { "person", "private" }, { 0 },
    };
    return word_check(a, text, words, ret_value) ? N_("Type inconnu : écrivez « entreprise » ou « particulier ».") : NULL;
}

static const char *lang_check(struct arena *a, const char *text, const char **ret_value)
{
    static const char *const words[][2] = {
        { "fr", "fr" }, { "francais", "fr" }, { "french", "fr" }, { "fr fr", "fr" },
        { "en", "en" }, { "anglais", "en" }, { "english", "en" }, { "en gb", "en" }, { "en us", "en" }, { 0 },
    };
    return word_check(a, text, words, ret_value) ? N_("Langue inconnue : écrivez « français » ou « anglais ».") : NULL;
}

/* ---- Columns ---- */

#define CLIENT_NUMBERS "N° client", "Nº client", "No client", "Num client", "Numéro client", "Numéro de client", "Numéro du client", "Code client", \
    "Référence client", "Client number", "Client no", "Client n°", "Customer number", "Customer no", "Client id"
#define EMAILS NAMES("E-mail", "Email", "Mail", "Courriel", "Adresse e-mail", "Adresse email", "Adresse mail", "Email address")
#define PHONES NAMES("Téléphone", "Tél", "Tel", "Téléphone fixe", "N° de téléphone", "Numéro de téléphone", "Phone", "Phone number", "Telephone")
#define NOTES NAMES("Notes internes", "Notes", "Note", "Remarques", "Commentaire", "Commentaires", "Internal notes", "Remarks")

const struct import_column client_columns[CLIENT_COLUMNS] = {
    [CLIENT_NUMBER] = { N_("N° client"), NAMES(CLIENT_NUMBERS, "N°", "Numéro", "Number", "Code", "Référence", "Reference"), 40 },
    [CLIENT_NAME] = { N_("Nom"), NAMES("Nom", "Raison sociale", "Raison sociale ou nom", "Nom du client", "Client", "Société", "Entreprise", "Name", "Company",
        "Company name", "Client name", "Customer", "Customer name"), 200, .is_required = true },
    [CLIENT_KIND] = { N_("Type"), NAMES("Type", "Type de client", "Kind", "Client type", "Customer type"), 40, .check = kind_check },
    [CLIENT_SIREN] = { N_("SIREN"), NAMES("SIREN", "N° SIREN", "Numéro SIREN", "SIREN number"), 30, .check = siren_check },
    [CLIENT_STREET] = { N_("Adresse"), NAMES("Adresse", "Rue", "Voie", "Adresse postale", "Adresse principale", "Address", "Street", "Street address"), 200 },
    [CLIENT_POSTCODE] = { N_("Code postal"), NAMES("Code postal", "CP", "Postcode", "Postal code", "Zip", "Zip code"), 12, .check = postcode_check },
    [CLIENT_CITY] = { N_("Ville"), NAMES("Ville", "Commune", "City", "Town"), 100 },
    [CLIENT_EMAIL] = { N_("E-mail"), EMAILS, 254, .check = email_check },
    [CLIENT_PHONE] = { N_("Téléphone"), PHONES, 30, .check = phone_check },
    [CLIENT_INFORMATION] = { N_("Informations"), NAMES("Informations", "Information", "Informations complémentaires", "Infos", "Further information", "Additional information"),
        4000, .has_lines = true },
    [CLIENT_NOTES] = { N_("Notes internes"), NOTES, 4000, .has_lines = true },
};

const struct import_column contact_columns[CONTACT_COLUMNS] = {
    [CONTACT_FIRST] = { N_("Prénom"), NAMES("Prénom", "First name", "Given name", "Firstname"), 100, .is_required = true },
    [CONTACT_LAST] = { N_("Nom"), NAMES("Nom", "Nom de famille", "Nom du contact", "Last name", "Family name", "Surname", "Lastname", "Name"), 100, .is_required = true },
    [CONTACT_JOB] = { N_("Fonction"), NAMES("Fonction", "Poste", "Métier", "Titre", "Job title", "Job", "Title", "Position", "Role"), 100 },
    [CONTACT_EMAIL] = { N_("E-mail"), EMAILS, 254, .check = email_check },
    [CONTACT_PHONE] = { N_("Téléphone"), PHONES, 30, .check = phone_check },
    [CONTACT_LANG] = { N_("Langue"), NAMES("Langue", "Langue des e-mails", "Language", "Lang"), 20, .check = lang_check },
    [CONTACT_CLIENT_NUMBER] = { N_("N° client"), NAMES(CLIENT_NUMBERS), 40 },
    [CONTACT_CLIENT] = { N_("Client"), NAMES("Client", "Nom du client", "Société", "Entreprise", "Raison sociale", "Customer", "Client name", "Customer name", "Company",
        "Company name"), 200 },
    [CONTACT_NOTES] = { N_("Notes internes"), NOTES, 4000, .has_lines = true },
};

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
    for (size_t i = 0; i < im->column_count; i++)
        for (const char *const *name = im->columns[i].names; *name; name++)
            if (strcmp(text_name_key(&im->scratch, *name), key) == 0)
                return (int)i;
    return -1;
}

bool import_heading(struct import *im, const struct csv_row *row)
{
    bool is_fine = true;
    im->width = row->count;
    im->headings = ARENA_ARRAY(&im->keep, const char *, im->width + 1);
    for (size_t i = 0; i < im->column_count; i++)
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
    for (size_t i = 0; i < im->column_count; i++)
        if (im->columns[i].is_required && im->place[i] < 0) {
            COMPLAIN(im, tpl_text(im->c->tpl, im->c->lang, im->columns[i].label), N_("Il manque cette colonne."), NULL);
            is_fine = false;
        }
    return is_fine;
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

void import_values(struct import *im, const struct csv_row *row)
{
    for (size_t i = 0; i < im->column_count; i++)
        im->values[i] = NULL;
    if (row->fault || row->count != im->width) {
        row_wrong(im, row);
        return;
    }
    for (size_t i = 0; i < im->column_count; i++) {
        if (im->place[i] < 0)
            continue;
        const struct import_column *column = &im->columns[i];
        im->values[i] = cell_bare(text_trim(&im->scratch, row->cells[im->place[i]]));
        const char *wrong = cell_wrong(im, column, &im->values[i]);
        if (wrong)
            COMPLAIN(im, im->heading[i], wrong, arena_printf(&im->scratch, "%d", column->max));
    }
}

struct doc *import_columns(struct ctx *c, const char *kind)
{
    bool is_contacts = strcmp(kind, "contacts") == 0;
    const struct import_column *columns = is_contacts ? contact_columns : client_columns;
    struct doc *list = doc_list(c->arena);
    for (size_t i = 0; i < (size_t)(is_contacts ? (int)CONTACT_COLUMNS : (int)CLIENT_COLUMNS); i++) {
        struct doc *column = doc_map(c->arena);
        doc_set_text(column, "label", web_text(c, columns[i].label));
        doc_set_bool(column, "is_required", columns[i].is_required);
        doc_push(list, column);
    }
    return list;
}
