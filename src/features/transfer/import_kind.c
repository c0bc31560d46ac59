/* What can be imported: the columns of each kind, what their headings may say, and what is wrong with a cell by itself. */
#include "features/transfer/import.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
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

static const char *state_check(struct arena *a, const char *text, const char **ret_value)
{
    static const char *const words[][2] = {
        { "en service", "in_service" }, { "in service", "in_service" }, { "actif", "in_service" }, { "installe", "in_service" },
        { "en reserve", "stored" }, { "stored", "stored" }, { "in store", "stored" }, { "stock", "stored" }, { "en stock", "stored" },
        { "hors service", "retired" }, { "retired", "retired" }, { "out of service", "retired" }, { "reforme", "retired" }, { 0 },
    };
    return word_check(a, text, words, ret_value) ? N_("État inconnu : écrivez « en service », « en réserve » ou « hors service ».") : NULL;
}

/* 2027-03-31, or the day first as spreadsheets in French have it: 31/03/2027. What is kept is the first form. */
static const char *day_check(struct arena *a, const char *text, const char **ret_value)
{
    int day = 0, month = 0, year = 0, end = 0;
    int64_t on = 0;
    char between = 0, again = 0;
    if (sscanf(text, "%2d%c%2d%c%4d%n", &day, &between, &month, &again, &year, &end) == 5 && !text[end] && between == again && strchr("/.-", between))
        text = arena_printf(a, "%04d-%02d-%02d", year, month, day);
    *ret_value = text;
    return clock_day_read(text, &on) ? NULL : N_("Ce n’est pas un jour : écrivez 2027-03-31 ou 31/03/2027.");
}

static const char *job_state_check(struct arena *a, const char *text, const char **ret_value)
{
    static const char *const words[][2] = {
        { "a planifier", "to_plan" }, { "to plan", "to_plan" }, { "a faire", "to_plan" }, { "terminee", "done" }, { "termine", "done" }, { "done", "done" }, { "faite", "done" },
        { "finished", "done" }, { 0 },
    };
    return word_check(a, text, words, ret_value) ? N_("État inconnu : écrivez « à planifier » ou « terminée ».") : NULL;
}

/* I-1192, or the number alone. */
static const char *job_number_check(struct arena *a, const char *text, const char **ret_value)
{
    int64_t number = 0;
    const char *bare = strncasecmp(text, "I-", 2) == 0 ? text + 2 : text;
    if (strlen(bare) > 12 || !text_int(bare, &number) || number < 1)
        return N_("Ce n’est pas un numéro d’intervention : écrivez I-1192 ou 1192, ou laissez vide.");
    *ret_value = arena_printf(a, "%lld", (long long)number);
    return NULL;
}

/* A day and a time of it, as spreadsheets have them, or as an export says it: "2025-03-31 14:30", "31/03/2025 14:30", "2025-03-31T13:30:00.000Z".
   What is kept is "2025-03-31T14:30", with Z where it is the world's time. A day alone is its noon. */
static const char *time_check(struct arena *a, const char *text, const char **ret_value)
{
    const char *message = N_("Ce n’est pas un moment : écrivez 2027-03-31 14:30 ou 31/03/2027 14:30.");
    const char *day = arena_printf(a, "%.*s", (int)strcspn(text, "T "), text), *rest = text + strlen(day);
    int hour = 12, minute = 0, end = 0;
    if (day_check(a, day, &day))
        return message;
    if (*rest && (sscanf(rest + 1, "%2d%*1[:h]%2d%n", &hour, &minute, &end) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59))
        return message;
    const char *after = *rest ? rest + 1 + end : rest;
    if (*after && after[strspn(after, ":0123456789.Z")])
        return message;
    *ret_value = arena_printf(a, "%.10sT%02d:%02d%s", day, hour, minute, strchr(after, 'Z') ? "Z" : "");
    return NULL;
}

/* ---- Columns ---- */

#define CLIENT_NUMBERS "N° client", "Nº client", "No client", "Num client", "Numéro client", "Numéro de client", "Numéro du client", "Code client", \
    "Référence client", "Client number", "Client no", "Client n°", "Customer number", "Customer no", "Client id"
#define EMAILS NAMES("E-mail", "Email", "Mail", "Courriel", "Adresse e-mail", "Adresse email", "Adresse mail", "Email address")
#define PHONES NAMES("Téléphone", "Tél", "Tel", "Téléphone fixe", "N° de téléphone", "Numéro de téléphone", "Phone", "Phone number", "Telephone")
#define CLIENT_NAMES NAMES("Client", "Nom du client", "Société", "Entreprise", "Raison sociale", "Customer", "Client name", "Customer name", "Company", "Company name")
#define SITE_NUMBERS "N° site", "Nº site", "No site", "Num site", "Numéro site", "Numéro de site", "Numéro du site", "Code site", "Site number", "Site no"
#define STREET { N_("Adresse"), NAMES("Adresse", "Rue", "Voie", "Adresse postale", "Adresse principale", "Address", "Street", "Street address"), 200 }
#define POSTCODE { N_("Code postal"), NAMES("Code postal", "CP", "Postcode", "Postal code", "Zip", "Zip code"), 12, .check = postcode_check }
#define CITY { N_("Ville"), NAMES("Ville", "Commune", "City", "Town"), 100 }
#define INFORMATION { N_("Informations"), NAMES("Informations", "Information", "Informations complémentaires", "Infos", "Further information", "Additional information"), \
    4000, .has_lines = true }
#define NOTES { N_("Notes internes"), NAMES("Notes internes", "Notes", "Note", "Remarques", "Commentaire", "Commentaires", "Internal notes", "Remarks"), 4000, .has_lines = true }
/* Whose it is: by number or by name, and one of the two must be there. */
#define OF_CLIENT_NUMBER { N_("N° client"), NAMES(CLIENT_NUMBERS), 40, .is_whose = true }
#define OF_CLIENT { N_("Client"), CLIENT_NAMES, 200, .is_whose = true }

static const struct import_column client_columns[CLIENT_COLUMNS] = {
    [CLIENT_NUMBER] = { N_("N° client"), NAMES(CLIENT_NUMBERS, "N°", "Numéro", "Number", "Code", "Référence", "Reference"), 40 },
    [CLIENT_NAME] = { N_("Nom"), NAMES("Nom", "Raison sociale", "Raison sociale ou nom", "Nom du client", "Client", "Société", "Entreprise", "Name", "Company",
        "Company name", "Client name", "Customer", "Customer name"), 200, .is_required = true },
    [CLIENT_KIND] = { N_("Type"), NAMES("Type", "Type de client", "Kind", "Client type", "Customer type"), 40, .check = kind_check },
    [CLIENT_SIREN] = { N_("SIREN"), NAMES("SIREN", "N° SIREN", "Numéro SIREN", "SIREN number"), 30, .check = siren_check },
    [CLIENT_STREET] = STREET,
    [CLIENT_POSTCODE] = POSTCODE,
    [CLIENT_CITY] = CITY,
    [CLIENT_EMAIL] = { N_("E-mail"), EMAILS, 254, .check = email_check },
    [CLIENT_PHONE] = { N_("Téléphone"), PHONES, 30, .check = phone_check },
    [CLIENT_INFORMATION] = INFORMATION,
    [CLIENT_NOTES] = NOTES,
};

static const struct import_column contact_columns[CONTACT_COLUMNS] = {
    [CONTACT_FIRST] = { N_("Prénom"), NAMES("Prénom", "First name", "Given name", "Firstname"), 100, .is_required = true },
    [CONTACT_LAST] = { N_("Nom"), NAMES("Nom", "Nom de famille", "Nom du contact", "Last name", "Family name", "Surname", "Lastname", "Name"), 100, .is_required = true },
    [CONTACT_JOB] = { N_("Fonction"), NAMES("Fonction", "Poste", "Métier", "Titre", "Job title", "Job", "Title", "Position", "Role"), 100 },
    [CONTACT_EMAIL] = { N_("E-mail"), EMAILS, 254, .check = email_check },
    [CONTACT_PHONE] = { N_("Téléphone"), PHONES, 30, .check = phone_check },
    [CONTACT_LANG] = { N_("Langue"), NAMES("Langue", "Langue des e-mails", "Language", "Lang"), 20, .check = lang_check },
    [CONTACT_CLIENT_NUMBER] = { N_("N° client"), NAMES(CLIENT_NUMBERS), 40 },
    [CONTACT_CLIENT] = { N_("Client"), CLIENT_NAMES, 200 },
    [CONTACT_NOTES] = NOTES,
};

static const struct import_column site_columns[SITE_COLUMNS] = {
    [SITE_NUMBER] = { N_("N° site"), NAMES(SITE_NUMBERS, "N°", "Numéro", "Number", "Code", "Référence", "Reference"), 40 },
    [SITE_NAME] = { N_("Nom"), NAMES("Nom", "Site", "Nom du site", "Lieu", "Name", "Site name"), 200, .is_required = true },
    [SITE_CLIENT_NUMBER] = OF_CLIENT_NUMBER,
    [SITE_CLIENT] = OF_CLIENT,
    [SITE_STREET] = STREET,
    [SITE_POSTCODE] = POSTCODE,
    [SITE_CITY] = CITY,
    [SITE_CONTACT] = { N_("Contact"), NAMES("Contact", "Contact sur place", "Nom du contact", "E-mail du contact", "On-site contact", "Contact name", "Contact email"), 254 },
    [SITE_INFORMATION] = INFORMATION,
    [SITE_NOTES] = NOTES,
};

static const struct import_column equipment_columns[EQUIPMENT_COLUMNS] = {
    [EQUIPMENT_NAME] = { N_("Équipement"), NAMES("Équipement", "Nom", "Nom de l’équipement", "Désignation", "Appareil", "Machine", "Name", "Equipment"), 200, .is_required = true },
    [EQUIPMENT_MODEL] = { N_("Modèle"), NAMES("Modèle", "Référence", "Model"), 100 },
    [EQUIPMENT_SERIAL] = { N_("N° de série"), NAMES("N° de série", "Nº de série", "No de série", "N° série", "Numéro de série", "Série", "Serial number", "Serial", "Serial no"), 100 },
    [EQUIPMENT_CLIENT_NUMBER] = OF_CLIENT_NUMBER,
    [EQUIPMENT_CLIENT] = OF_CLIENT,
    [EQUIPMENT_SITE_NUMBER] = { N_("N° site"), NAMES(SITE_NUMBERS), 40 },
    [EQUIPMENT_SITE] = { N_("Site"), NAMES("Site", "Nom du site", "Lieu", "Site name"), 200 },
    [EQUIPMENT_INSTALLED] = { N_("Mis en service le"), NAMES("Mis en service le", "Mise en service", "Date de mise en service", "Installé le", "Date d’installation", "Installed on", "Installed",
        "In service since"), 10, .check = day_check },
    [EQUIPMENT_WARRANTY] = { N_("Fin de la garantie"), NAMES("Fin de la garantie", "Fin de garantie", "Garantie", "Garantie jusqu’au", "Warranty end", "End of warranty", "Warranty until",
        "Warranty"), 10, .check = day_check },
    [EQUIPMENT_STATE] = { N_("État"), NAMES("État", "Statut", "State", "Status"), 40, .check = state_check },
    [EQUIPMENT_INFORMATION] = INFORMATION,
    [EQUIPMENT_NOTES] = NOTES,
};

static const struct import_column job_columns[JOB_COLUMNS] = {
    [JOB_NUMBER] = { N_("N°"), NAMES("N°", "Nº", "No", "Numéro", "N° intervention", "N° d’intervention", "Intervention", "Number", "Job number", "Job"), 20, .check = job_number_check },
    [JOB_CLIENT_NUMBER] = OF_CLIENT_NUMBER,
    [JOB_CLIENT] = OF_CLIENT,
    [JOB_SITE_NUMBER] = { N_("N° site"), NAMES(SITE_NUMBERS), 40 },
    [JOB_SITE] = { N_("Site"), NAMES("Site", "Nom du site", "Lieu", "Site name"), 200 },
    [JOB_TYPE] = { N_("Type"), NAMES("Type", "Type d’intervention", "Nature", "Job type", "Kind"), 100, .is_required = true },
    [JOB_DESCRIPTION] = { N_("Description"), NAMES("Description", "Objet", "Demande", "Motif", "Titre", "Title", "Subject"), 4000, .is_required = true, .has_lines = true },
    [JOB_STATE] = { N_("État"), NAMES("État", "Statut", "State", "Status"), 40, .check = job_state_check },
    [JOB_ASKED] = { N_("Demandée le"), NAMES("Demandée le", "Date de demande", "Créée le", "Asked on", "Created on", "Requested on"), 40, .check = time_check },
    [JOB_START] = { N_("Début"), NAMES("Début", "Arrivée", "Start", "Arrival"), 40, .check = time_check },
    [JOB_END] = { N_("Fin"), NAMES("Fin", "Terminée le", "Faite le", "Date", "Départ", "End", "Done on", "Finished on"), 40, .check = time_check },
    [JOB_TECHNICIAN] = { N_("Technicien"), NAMES("Technicien", "Intervenant", "Technician"), 200 },
    [JOB_SERIAL] = { N_("N° de série"), NAMES("N° de série", "Nº de série", "No de série", "N° série", "Numéro de série", "Serial number", "Serial"), 100 },
    [JOB_REPORT] = { N_("Rapport"), NAMES("Rapport", "Compte rendu", "Report"), 20000, .has_lines = true },
    [JOB_INFORMATION] = INFORMATION,
    [JOB_NOTES] = NOTES,
};

/* ---- Kinds ---- */

static const struct import_kind kinds[] = {
    { "clients", N_("Clients"), "import_clients", "client", RIGHT_CLIENT_WRITE, client_columns, CLIENT_COLUMNS, false, &sql_import_client_any,
        client_rows_begin, client_row_check, client_row_write },
    { "contacts", N_("Contacts"), "import_contacts", "contact", RIGHT_CLIENT_WRITE, contact_columns, CONTACT_COLUMNS, false, &sql_import_contact_any,
        NULL, contact_row_check, contact_row_write },
    { "sites", N_("Sites"), "import_sites", "site", RIGHT_JOB_MANAGE, site_columns, SITE_COLUMNS, false, &sql_import_site_any,
        site_rows_begin, site_row_check, site_row_write },
    { "equipment", N_("Équipements"), "import_equipment", "equipment", RIGHT_JOB_MANAGE, equipment_columns, EQUIPMENT_COLUMNS, false, &sql_import_equipment_any,
        NULL, equipment_row_check, equipment_row_write },
    { "jobs", N_("Interventions"), "import_jobs", "job", RIGHT_JOB_MANAGE, job_columns, JOB_COLUMNS, true, &sql_import_job_any,
        job_rows_begin, job_row_check, job_row_write },
};

const struct import_kind *import_kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

bool import_is_kind(const char *name) { return import_kind_of(name); }

struct doc *import_columns(struct ctx *c, const char *kind_name)
{
    const struct import_kind *kind = import_kind_of(kind_name);
    struct doc *list = doc_list(c->arena);
    for (size_t i = 0; i < kind->column_count; i++) {
        struct doc *column = doc_map(c->arena);
        doc_set_text(column, "label", web_text(c, kind->columns[i].label));
        doc_set_bool(column, "is_required", kind->columns[i].is_required);
        doc_set_bool(column, "is_whose", kind->columns[i].is_whose);
        doc_push(list, column);
    }
    return list;
}
