/* Lines of the journal told as sentences: who did what to which thing. */
#include "features/register/register.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "mandate/entry.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"
#include "web/web.h"

/* What an act is called; one that is not here shows its own name. */
static const struct { const char *action, *said; } acts[] = {
    { "ticket_create", N_("a ouvert le ticket") }, { "ticket_comment", N_("a répondu au ticket") }, { "ticket_resolve", N_("a résolu le ticket") },
    { "desk_create", N_("a ouvert le ticket") }, { "desk_comment", N_("a répondu au ticket") }, { "desk_status", N_("a changé l’état du ticket") },
    { "desk_assign", N_("a affecté le ticket") }, { "desk_priority", N_("a changé la priorité du ticket") },
    { "client_create", N_("a créé le client") }, { "client_update", N_("a modifié le client") },
    { "contact_create", N_("a créé le contact") }, { "contact_update", N_("a modifié le contact") }, { "contact_placed", N_("a rattaché le contact") },
    { "site_create", N_("a créé le site") }, { "site_update", N_("a modifié le site") },
    { "equipment_create", N_("a créé l’équipement") }, { "equipment_update", N_("a modifié l’équipement") },
    { "link_claimed", N_("a retrouvé ses demandes faites par un lien") }, { "link_create", N_("a créé le lien") }, { "link_update", N_("a réglé le lien") }, { "link_send", N_("a envoyé le lien") }, { "link_pausing", N_("a suspendu le lien") },
    { "link_resuming", N_("a repris le lien") }, { "link_renewing", N_("a renouvelé le lien") }, { "link_withdrawing", N_("a retiré le lien") },
    { "link_opening", N_("s’est ouvert") }, { "link_code", N_("s’est ouvert, avec un code") }, { "link_closing", N_("a été refermé") },
    { "job_create", N_("a créé l’intervention") }, { "job_update", N_("a modifié l’intervention") }, { "job_duplicate", N_("a créé l’intervention par copie") },
    { "job_planned", N_("a planifié l’intervention") }, { "job_unplanned", N_("a retiré l’intervention du planning") }, { "job_left", N_("est en route") },
    { "job_arrived", N_("est sur place") }, { "job_finished", N_("a terminé l’intervention") }, { "job_cancelled", N_("a annulé l’intervention") },
    { "job_reopened", N_("a rouvert l’intervention") }, { "job_file_add", N_("a joint des fichiers à l’intervention") },
    { "job_file_share", N_("a partagé un fichier de l’intervention") }, { "job_file_hide", N_("a rendu privé un fichier de l’intervention") },
    { "job_file_remove", N_("a supprimé un fichier de l’intervention") }, { "job_type_create", N_("a ajouté un type d’intervention") },
    { "job_type_update", N_("a modifié un type d’intervention") }, { "job_type_move", N_("a changé l’ordre des types d’intervention") },
    { "recurrence_create", N_("a ajouté une visite au contrat") }, { "recurrence_update", N_("a modifié une visite au contrat") }, { "recurrence_pause", N_("a mis une visite au contrat en pause") },
    { "recurrence_resume", N_("a repris une visite au contrat") }, { "recurrence_end", N_("a mis fin à une visite au contrat") }, { "visit_due", N_("a créé l’intervention d’après le contrat") },
    { "job_type_state", N_("a changé un type d’intervention") }, { "job_types_usual", N_("a ajouté les types d’intervention courants") },
    { "contact_unmute", N_("a remis en service l’adresse du contact") },
    { "contact_access_give", N_("a donné un accès au contact") }, { "contact_access_end", N_("a retiré un accès au contact") },
    { "member_invite", N_("a invité un membre") }, { "member_resend", N_("a renvoyé une invitation") }, { "member_update", N_("a modifié un membre") },
    { "member_remove", N_("a retiré un membre") }, { "member_leave", N_("a quitté l’entreprise") }, { "organization_update", N_("a changé les réglages") },
    { "mandate_stop", N_("a mis fin au mandat") }, { "client_mandate_stop", N_("a mis fin au mandat") }, { "mandate_renounce", N_("a renoncé au mandat") },
    { "partner_ask", N_("a demandé que l’entreprise devienne partenaire") }, { "partner_ask_cancel", N_("a repris la demande de partenariat") },
    { "partner_approve", N_("a fait de l’entreprise un partenaire") }, { "partner_approved", N_("a approuvé la demande de partenariat") },
    { "partner_made", N_("a fait de l’entreprise un partenaire") }, { "partner_refuse", N_("a refusé la demande de partenariat") },
    { "partner_refused", N_("a refusé la demande de partenariat") }, { "partner_withdraw", N_("a retiré le partenariat") },
    { "partner_withdrawn", N_("a retiré le partenariat") }, { "partner_left", N_("a fermé ce qu’un ancien partenaire avait") },
    { "export_create", N_("a demandé un export") }, { "token_create", N_("a créé un jeton d’API") }, { "token_end", N_("a révoqué un jeton d’API") },
    { "consent_grant", N_("a accordé un accès de support") }, { "support_request_grant", N_("a accordé un accès de support") },
    { "consent_refuse", N_("a refusé un accès de support") }, { "support_request_refuse", N_("a refusé un accès de support") },
    { "support_stop", N_("a mis fin à un accès de support") }, { "support_detached", N_("a mis fin à un accès de support") },
    { "support_renounced", N_("a renoncé à un accès de support") }, { "support_digest", N_("a choisi son résumé de l’assistance") },
    { "support_entered", N_("a ouvert une session d’assistance") }, { "support_prolong_hour", N_("a prolongé la session d’assistance") },
    { "support_quit", N_("a quitté la session d’assistance") },
};

static const char *act_said(struct ctx *c, const char *action)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].action, action) == 0)
            return web_text(c, acts[i].said);
    return action;
}

/* What a refused handler belongs to, by the first word of its name; one that is not here shows its own name. */
static const struct { const char *word, *said; } closed[] = {
    { "member_", N_("Membres") }, { "export_", N_("Exports") }, { "token_", N_("Jetons d’API") }, { "organization_", N_("Réglages") }, { "mandate_", N_("Accès & mandats") },
    { "sale_", N_("Ventes") }, { "purchase_", N_("Achats") }, { "support_", N_("Accès support") },
};

/* S-7: tried inside a support session, and refused. */
static const char *refusal_said(struct ctx *c, const char *action)
{
    const char *what = action;
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if (strncmp(action, closed[i].word, strlen(closed[i].word)) == 0)
            what = web_text(c, closed[i].said);
    return arena_printf(c->arena, "%s %s", web_text(c, N_("s’est vu refuser :")), what);
}

/* The names of a page's few actors are looked up once each. */
struct actors { int64_t ids[8]; const char *names[8]; int next; };

static struct err *actor_name(struct ctx *c, struct actors *known, int64_t person_id, const char **ret_name)
{
    struct doc *person = NULL;
    for (int i = 0; i < 8; i++)
        if (person_id && known->ids[i] == person_id)
            return *ret_name = known->names[i], NULL;
    TRY(ctx_maybe(c, &sql_register_actor, PARAMS(P_INT("of_person", person_id)), &person));
    known->ids[known->next] = person_id;
    *ret_name = known->names[known->next] = doc_text_of(person, "name");
    known->next = (known->next + 1) % 8;
    return NULL;
}

static struct err *thing_name(struct ctx *c, const char *kind, int64_t id, const char **ret_name, const char **ret_folder)
{
    struct doc *thing = NULL;
    bool is_office = strncmp(web_space(c), "/o/", 3) == 0;
    *ret_name = *ret_folder = "";
    if (strcmp(kind, "ticket") == 0) {
        TRY(ctx_maybe(c, &sql_why_ticket, PARAMS(P_INT("of_ticket", id)), &thing));
        *ret_name = thing ? arena_printf(c->arena, "T-%lld", (long long)doc_int_of(thing, "number")) : "";
        *ret_folder = ctx_may(c, RIGHT_TICKET_READ) ? "tickets" : "";
    } else if (strcmp(kind, "client") == 0 && is_office) {
        TRY(ctx_maybe(c, &sql_why_client, PARAMS(P_INT("of_client", id)), &thing));
        *ret_folder = "clients";
    } else if (strcmp(kind, "job") == 0 && is_office) {
        TRY(ctx_maybe(c, &sql_why_job, PARAMS(P_INT("of_job", id)), &thing));
        *ret_name = thing ? arena_printf(c->arena, "I-%lld", (long long)doc_int_of(thing, "number")) : "";
        *ret_folder = ctx_may(c, RIGHT_JOB_READ) ? "jobs" : "";
    } else if (strcmp(kind, "contact") == 0 && is_office) {
        TRY(ctx_maybe(c, &sql_why_contact, PARAMS(P_INT("of_contact", id)), &thing));
        *ret_folder = "contacts";
    }
    if (thing && !**ret_name)
        *ret_name = doc_text_of(thing, "name");
    return NULL;
}

static struct err *line_tell(struct ctx *c, struct actors *known, struct doc *row)
{
    struct entry entry;
    const char *actor = "", *name = "", *folder = "", *space = web_space(c);
    int64_t id = doc_int_of(row, "object_id");
    bool is_refused = false;
    if (!entry_read(c->arena, doc_text_of(row, "entry"), &entry)) {
        TRY(actor_name(c, known, entry.person_id, &actor));
        if (!entry.person_id && entry.mandate_id)     /* whoever had the address */
            actor = web_text(c, N_("Le lien sécurisé"));
        is_refused = text_same(entry.outcome, "refused");
    }
    TRY(thing_name(c, doc_text_of(row, "object_kind"), id, &name, &folder));
    doc_set_text(row, "actor_name", actor);
    doc_set_text(row, "said", is_refused ? refusal_said(c, doc_text_of(row, "action")) : act_said(c, doc_text_of(row, "action")));
    doc_set_text(row, "thing", name);
    doc_set_text(row, "thing_path", *name && *folder && *space ? arena_printf(c->arena, "%s/%s/%lld", space, folder, (long long)id) : "");
    doc_set_null(row, "entry");
    return NULL;
}

struct err *lines_tell(struct ctx *c, struct doc *rows)
{
    struct actors known = { 0 };
    for (size_t i = 0; i < doc_count(rows); i++)
        TRY(line_tell(c, &known, doc_at_mut(rows, i)));
    return NULL;
}

/* ---- Pages that were looked at ---- */

/* By the route's name: the longest beginning goes first. */
static const char *page_title(struct ctx *c, const char *route)
{
    static const struct { const char *word, *said; } pages[] = {
        { "office_home", N_("Accueil") }, { "client_list", N_("Clients") }, { "client_", N_("Client") }, { "contact_list", N_("Contacts") }, { "contact_", N_("Contact") },
        { "desk_list", N_("Tickets") }, { "desk_", N_("Ticket") }, { "site_list", N_("Sites") }, { "site_", N_("Site") }, { "equipment_list", N_("Équipements") },
        { "equipment_", N_("Équipement") }, { "job_list", N_("Interventions") }, { "job_", N_("Intervention") }, { "planning_", N_("Planning") },
        { "import_", N_("Importer") }, { "export_", N_("Exports") }, { "sale_", N_("Ventes") }, { "purchase_", N_("Achats") }, { "organization_", N_("Réglages") },
        { "why_", N_("Pourquoi ?") },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strncmp(route, pages[i].word, strlen(pages[i].word)) == 0)
            return web_text(c, pages[i].said);
    return "";
}

/* "/o/slug/clients/123/…" is about a client; 0: about nothing that has a name. */
static int64_t thing_of(struct ctx *c, const char *path, const char **ret_kind)
{
    static const struct { const char *folder, *kind; } folders[] = { { "/clients/", "client" }, { "/contacts/", "contact" }, { "/tickets/", "ticket" }, { "/jobs/", "job" } };
    const char *space = web_space(c), *rest = path + strlen(space);
    int64_t id = 0;
    if (!*space || strncmp(path, space, strlen(space)) != 0)
        return 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t len = strlen(folders[i].folder);
        *ret_kind = folders[i].kind;
        if (strncmp(rest, folders[i].folder, len) == 0)
            return text_int(arena_printf(c->arena, "%.*s", (int)strcspn(rest + len, "/?."), rest + len), &id) ? id : 0;
    }
    return 0;
}

struct err *looks_tell(struct ctx *c, struct doc *rows)
{
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        const char *kind = "", *name = "", *folder = "";
        int64_t id = thing_of(c, doc_text_of(row, "path"), &kind);
        if (id)
            TRY(thing_name(c, kind, id, &name, &folder));
        doc_set_text(row, "title", page_title(c, doc_text_of(row, "route")));
        doc_set_text(row, "thing", name);
        doc_set_text(row, "thing_path", *name && *folder ? arena_printf(c->arena, "%s/%s/%lld", web_space(c), folder, (long long)id) : "");
    }
    return NULL;
}
