/* The columns of each list that is exported, and a row of it as a line of the file. */
#include "features/transfer/export_row.h"
#include <string.h>
#include "base/clock.h"
#include "tpl/tpl.h"

/* Headings are those that an import understands. */
static const struct export_column client_columns[] = {
    { "number", N_("N° client") }, { "name", N_("Nom") }, { "kind", N_("Type") }, { "siren", N_("SIREN") }, { "street", N_("Adresse") },
    { "postcode", N_("Code postal") }, { "city", N_("Ville") }, { "email", N_("E-mail") }, { "phone", N_("Téléphone") },
    { "information", N_("Informations") }, { "notes", N_("Notes internes") }, { 0 },
};
static const struct export_column contact_columns[] = {
    { "first_name", N_("Prénom") }, { "last_name", N_("Nom") }, { "job_title", N_("Fonction") }, { "email", N_("E-mail") }, { "phone", N_("Téléphone") },
    { "lang", N_("Langue") }, { "client_number", N_("N° client") }, { "client_name", N_("Client") }, { "notes", N_("Notes internes") }, { 0 },
};
static const struct export_column ticket_columns[] = {
    { "number", N_("Ticket") }, { "title", N_("Titre") }, { "client_name", N_("Client") }, { "contact_name", N_("Contact") }, { "status", N_("Statut") },
    { "priority_name", N_("Priorité") }, { "assignee_name", N_("Responsable") }, { "comment_count", N_("Commentaires") }, { "changed_at", N_("Modifié") }, { 0 },
};

static const struct export_column mandate_columns[] = {
    { "id", N_("Mandat") }, { "kind", N_("Nature") }, { "detail", N_("Détail") }, { "state", N_("État") }, { "holder_name", N_("Titulaire") },
    { "holder_org_name", N_("Entreprise du titulaire") }, { "program_name", N_("Programme") }, { "client_name", N_("Client") }, { "given_by_name", N_("Accordé par") },
    { "created_at", N_("Demandé ou accordé") }, { "starts_at", N_("Début") }, { "ends_at", N_("Fin prévue") }, { "ended_at", N_("Terminé") },
    { "ended_by_name", N_("Terminé par") }, { "ended_why", N_("Raison de la fin") }, { "used_at", N_("Dernier usage") }, { 0 },
};

static const struct export_column site_columns[] = {
    { "number", N_("N° site") }, { "name", N_("Nom") }, { "client_number", N_("N° client") }, { "client_name", N_("Client") }, { "street", N_("Adresse") },
    { "postcode", N_("Code postal") }, { "city", N_("Ville") }, { "contact_name", N_("Contact") }, { "information", N_("Informations") },
    { "notes", N_("Notes internes") }, { 0 },
};
static const struct export_column equipment_columns[] = {
    { "name", N_("Équipement") }, { "model", N_("Modèle") }, { "serial", N_("N° de série") }, { "client_number", N_("N° client") }, { "client_name", N_("Client") },
    { "site_number", N_("N° site") }, { "site_name", N_("Site") }, { "installed_on", N_("Mis en service le") }, { "warranty_on", N_("Fin de la garantie") },
    { "state", N_("État") }, { "information", N_("Informations") }, { "notes", N_("Notes internes") }, { 0 },
};

static const struct export_column job_columns[] = {
    { "number", N_("N°") }, { "client_number", N_("N° client") }, { "client_name", N_("Client") }, { "site_number", N_("N° site") }, { "site_name", N_("Site") },
    { "type_name", N_("Type") }, { "description", N_("Description") }, { "state", N_("État") }, { "created_at", N_("Demandée le") }, { "planned_start", N_("Prévue le") },
    { "planned_end", N_("Prévue jusqu’à") }, { "arrived_at", N_("Début") }, { "finished_at", N_("Fin") }, { "technician_name", N_("Technicien") },
    { "street", N_("Adresse") }, { "postcode", N_("Code postal") }, { "city", N_("Ville") }, { "contact_name", N_("Contact") }, { "report", N_("Rapport") },
    { "information", N_("Informations") }, { "notes", N_("Notes internes") }, { 0 },
};

static const struct export_list lists[] = {
    { "clients", client_columns, false }, { "contacts", contact_columns, false }, { "tickets", ticket_columns, true, "T-" }, { "mandates", mandate_columns, true },
    { "sites", site_columns, false }, { "equipment", equipment_columns, false }, { "jobs", job_columns, false, "I-" },
};

const struct export_list *export_list_of(const char *kind)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].kind, kind) == 0)
            return &lists[i];
    return &lists[0];
}

static const char *export_text(struct ctx *c, const char *french) { return tpl_text(c->tpl, c->lang, french); }

/* A word of ours as the reader has it. */
static const char *word_text(struct ctx *c, const char *key, const char *word)
{
    static const struct { const char *key, *word, *label; } words[] = {
        { "kind", "company", N_("Entreprise") }, { "kind", "private", N_("Particulier") }, { "lang", "fr", N_("français") }, { "lang", "en", N_("anglais") },
        { "status", "new", N_("Nouveau") }, { "status", "open", N_("En cours") }, { "status", "waiting", N_("Réponse du client attendue") },
        { "status", "resolved", N_("Résolu") }, { "state", "active", N_("En vigueur") }, { "state", "requested", N_("Demandé") }, { "state", "ended", N_("Terminé") },
        { "state", "refused", N_("Refusé") }, { "state", "expired", N_("Sans réponse") }, { "state", "in_service", N_("En service") },
        { "state", "stored", N_("En réserve") }, { "state", "retired", N_("Hors service") },
        { "state", "to_plan", N_("À planifier") }, { "state", "planned", N_("Planifiée") }, { "state", "started", N_("En cours") }, { "state", "done", N_("Terminée") },
        { "state", "cancelled", N_("Annulée") },
        { "detail", "administrator", N_("Administrateur") }, { "detail", "manager", N_("Gestionnaire") }, { "detail", "accountant", N_("Comptable") },
        { "detail", "technician", N_("Technicien") }, { "detail", "support_agent", N_("Agent de support") }, { "detail", "collaborator", N_("Support technique") },
        { "detail", "read", N_("Lecture seule") }, { "detail", "management", N_("Gestion") }, { "detail", "accounting", N_("Gestion et comptabilité") },
        { "detail", "personal", N_("Gestion des données personnelles") }, { "detail", "tickets", N_("Gestion des tickets") }, { "detail", "invoices", N_("Accès aux factures") },
        { "detail", "jobs", N_("Suivi des interventions") }, { "detail", "services", N_("Prestations") }, { "detail", "orders", N_("Commandes et paiement") },
        { "detail", "contacts", N_("Contacts techniques et administratifs") }, { "detail", "all", N_("Tout l’espace du client") },
        { "ended_why", "date", N_("à sa date") }, { "ended_why", "withdrawn", N_("retiré") }, { "ended_why", "partner", N_("retiré par le partenaire") },
        { "ended_why", "taken back", N_("retiré par le partenaire") }, { "ended_why", "partner left", N_("ce n’est plus un partenaire") },
        { "ended_why", "given up", N_("rendu par le titulaire") }, { "ended_why", "renounced", N_("rendu par le titulaire") },
        { "ended_why", "detached", N_("dossier détaché") }, { "ended_why", "replaced", N_("remplacé par un autre") }, { "ended_why", "refused", N_("refusé") },
        { "ended_why", "declined", N_("refusé") }, { "ended_why", "died", N_("sans réponse") }, { "ended_why", "unanswered", N_("sans réponse") },
        { "ended_why", "collaborator removed", N_("la personne ne travaille plus pour le partenaire") },
        { "ended_why", "collaborator", N_("la personne ne travaille plus pour le partenaire") }, { "ended_why", "membership", N_("la personne n’est plus membre") },
        { "ended_why", "access", N_("la personne n’a plus d’accès à l’espace client") }, { "ended_why", "moved", N_("le contact est passé chez un autre client") },
        { "ended_why", "placeless", N_("le contact n’est plus rattaché à un client") },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].key, key) == 0 && strcmp(words[i].word, word) == 0)
            return export_text(c, words[i].label);
    enum mandate_kind kind = strcmp(key, "kind") == 0 ? mandate_kind_read(word) : MANDATE_KINDS;
    return kind == MANDATE_KINDS ? word : export_text(c, mandate_label(kind));
}

static bool ends_with(const char *key, const char *end)
{
    size_t len = strlen(key);
    return len > 3 && strcmp(key + len - 3, end) == 0;
}

static bool is_time(const char *key) { return ends_with(key, "_at") || strcmp(key, "planned_start") == 0 || strcmp(key, "planned_end") == 0; }

static void cell_write(struct ctx *c, const struct export_list *list, const struct doc *row, const char *key, struct buf *out)
{
    const struct doc *value = doc_get(row, key);
    char time[CLOCK_ISO_SIZE];
    if (doc_kind(value) == DOC_TEXT) {
        doc_csv_text(out, word_text(c, key, doc_as_text(value)));
    } else if (doc_kind(value) == DOC_INT && is_time(key)) {
        clock_iso_write(time, doc_as_int(value));
        buf_text(out, time);
    } else if (doc_kind(value) == DOC_INT && ends_with(key, "_on")) {
        clock_iso_write(time, doc_as_int(value) * CLOCK_DAY_MS);
        buf_printf(out, "%.10s", time);
    } else if (doc_kind(value) == DOC_INT) {
        buf_printf(out, "%s%lld", strcmp(key, "number") == 0 && list->number ? list->number : "", (long long)doc_as_int(value));
    }
}

void export_row_write(struct ctx *c, const struct export_list *list, const struct doc *row, struct buf *out)
{
    for (const struct export_column *column = list->columns; column->key; column++) {
        if (column != list->columns)
            buf_char(out, ';');
        if (row)
            cell_write(c, list, row, column->key, out);
        else
            doc_csv_text(out, export_text(c, column->label));
    }
    buf_text(out, "\r\n");
}
