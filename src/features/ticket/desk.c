#include "features/ticket/desk.h"
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/due.h"
#include "features/ticket/follower.h"
#include "features/ticket/template.h"
#include "features/ticket/ticket.h"
#include "features/ticket/tie.h"
#include "tpl/tpl.h"

const struct choice desk_statuses[] = {
    { "new", N_("Nouveau") }, { "open", N_("En cours") }, { "waiting", N_("Réponse du client attendue") }, { "resolved", N_("Résolu") }, { 0 },
};
static const struct choice desk_statuses_after[] = {
    { "waiting", N_("Réponse du client attendue") }, { "open", N_("En cours") }, { "resolved", N_("Résolu") }, { 0 },
};
static const struct choice desk_kinds[] = { { "answer", N_("Répondre") }, { "note", N_("Note interne") }, { 0 } };

const struct field desk_form[] = {
    { "title", FIELD_TEXT, N_("Titre"), REQUIRED, .max = 200 },
    { "type_id", FIELD_ID, N_("Type"), REQUIRED },
    { "priority_id", FIELD_ID, N_("Priorité"), REQUIRED },
    { "description", FIELD_LONG, N_("Description"), REQUIRED, .max = 20000, .hint = N_("Le contact la reçoit par e-mail et la voit dans son espace.") },
    TICKET_FILES,
    { 0 },
};
const struct field desk_comment_form[] = {
    { "body", FIELD_LONG, N_("Votre réponse"), .max = 20000 },
    TICKET_FILES,
    { "status_after", FIELD_CHOICE, N_("Statut après la réponse"), .choices = desk_statuses_after },
    { "kind", FIELD_CHOICE, N_("Réponse ou note interne"), REQUIRED, .choices = desk_kinds },
    { 0 },
};
const struct field desk_status_form[] = {
    { "status", FIELD_CHOICE, N_("Statut"), REQUIRED, .choices = desk_statuses },
    { "old", FIELD_CHOICE, N_("Statut"), REQUIRED, .choices = desk_statuses },
    { 0 },
};
const struct field desk_assign_form[] = { { "member_id", FIELD_ID, N_("Responsable") }, { 0 } };
const struct field desk_priority_form[] = { { "priority_id", FIELD_ID, N_("Priorité"), REQUIRED }, { 0 } };

/* ---- A ticket for a contact who asked by other ways ---- */

struct err *desk_pick(struct ctx *c)
{
    struct word_search words = word_filter(c, "search");
    if (words.is_any)
        return doc_rows(c, "contacts", &sql_desk_contacts, PARAMS(WORD_PARAMS(words)));
    doc_set(c->doc, "contacts", doc_list(c->arena));
    return NULL;
}

static struct err *desk_contact(struct ctx *c, struct doc **ret_contact)
{
    return ctx_row(c, &sql_desk_contact, PARAMS(P_INT("of_contact", path_id(c, "contact"))), ret_contact);
}

struct err *desk_new(struct ctx *c)
{
    struct doc *contact = NULL;
    TRY(desk_contact(c, &contact));
    doc_set(c->doc, "contact", contact);
    form_show(c, desk_form);
    return ticket_choices_show(c);
}

struct err *desk_create(struct ctx *c)
{
    struct doc *contact = NULL;
    TRY(desk_contact(c, &contact));
    if (!doc_int_of(contact, "client_id"))
        return form_error(c, "contact", N_("Ce contact n’est rattaché à aucun client : rattachez-le d’abord."));
    TRY(ticket_choice_check(c));
    int64_t id = 0;
    TRY(ticket_open(c, &(struct ticket_draft){
        .client_id = doc_int_of(contact, "client_id"), .contact_id = doc_int_of(contact, "id"), .title = form_text(c, "title"),
        .type_id = form_id(c, "type_id"), .priority_id = form_id(c, "priority_id"), .status = "open",
        .description = form_text(c, "description"), .files = form_files(c, "files") }, &id));
    TRY(ticket_mail_answer(c, id, form_text(c, "description"), true));
    c->journal.on_behalf_client_id = doc_int_of(contact, "client_id");
    reply_see(c, "desk_created", TICKET_HREF, web_space(c), (long long)id);
    return NULL;
}

/* ---- One ticket ---- */

static struct doc *side_options(struct ctx *c, const struct doc *rows, int64_t chosen)
{
    struct doc *options = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *option = doc_map(c->arena);
        int64_t id = doc_int_of(doc_at(rows, i), "id");
        doc_set_int(option, "value", id);
        doc_set_text(option, "label", doc_text_of(doc_at(rows, i), "name"));
        doc_set_bool(option, "is_selected", id == chosen);
        doc_push(options, option);
    }
    return options;
}

static struct doc *status_options(struct ctx *c, const char *chosen)
{
    struct doc *options = doc_list(c->arena);
    for (const struct choice *status = desk_statuses; status->value; status++) {
        struct doc *option = doc_map(c->arena);
        doc_set_text(option, "value", status->value);
        doc_set_text(option, "label", web_text(c, status->label));
        doc_set_bool(option, "is_selected", strcmp(status->value, chosen) == 0);
        doc_push(options, option);
    }
    return options;
}

/* The three small forms beside the conversation. */
static struct err *desk_side(struct ctx *c, const struct doc *ticket)
{
    struct doc *priorities = NULL, *members = NULL;
    TRY(ctx_rows(c, &sql_desk_side_priorities, PARAMS(P_INT("priority_id", doc_int_of(ticket, "priority_id"))), &priorities));
    TRY(ctx_rows(c, &sql_desk_members, NULL, &members));
    doc_set(web_page(c), "statuses", status_options(c, doc_text_of(ticket, "status")));
    doc_set(web_page(c), "priorities", side_options(c, priorities, doc_int_of(ticket, "priority_id")));
    doc_set(web_page(c), "members", side_options(c, members, doc_int_of(ticket, "assignee_id")));
    doc_set_bool(web_page(c), "can_see_client", ctx_may(c, RIGHT_CLIENT_READ));
    return NULL;
}

/* An answer to begin with: "?template=ID" fills the box. */
static struct err *desk_templates(struct ctx *c)
{
    struct doc *all = NULL, *chosen = NULL;
    int64_t id = 0;
    TRY(ctx_rows(c, &sql_template_list, NULL, &all));
    if (text_int(query_text(c, "template"), &id))
        TRY(template_fill(c, id, doc_get(c->doc, "ticket"), &chosen));
    doc_set(web_page(c), "templates", side_options(c, all, chosen ? id : 0));
    doc_set(c->doc, "template", chosen ? chosen : doc_text(c->arena, NULL));
    if (chosen)
        form_value(c, "body", doc_text_of(chosen, "body"));
    return NULL;
}

struct err *desk_show(struct ctx *c)
{
    int64_t id = path_id(c, "ticket");
    TRY(doc_row(c, "ticket", &sql_desk_show, PARAMS(P_INT("ticket", id))));
    TRY(conversation_show(c, &sql_desk_comments, &sql_desk_attachments, id));
    form_show(c, desk_comment_form);
    form_value(c, "status_after", "waiting");
    TRY(desk_templates(c));
    TRY(followers_show(c, doc_get(c->doc, "ticket")));
    TRY(ties_show(c, id));
    TRY(due_mark_one(c, doc_get_mut(c->doc, "ticket")));
    return desk_side(c, doc_get(c->doc, "ticket"));
}

struct err *desk_take(struct ctx *c, struct doc **ret_ticket)
{
    TRY(ctx_row(c, &sql_desk_take, PARAMS(P_INT("ticket", path_id(c, "ticket"))), ret_ticket));
    journal_object(c, "ticket", doc_int_of(*ret_ticket, "id"));
    journal_number(c, "number", doc_int_of(*ret_ticket, "number"));
    return NULL;
}

struct err *desk_done(struct ctx *c, const struct doc *ticket, const char *notice)
{
    reply_see(c, notice, TICKET_HREF, web_space(c), (long long)doc_int_of(ticket, "id"));
    return NULL;
}

static struct err *desk_note(struct ctx *c, const struct doc *ticket, const struct comment_draft *draft)
{
    TRY(comment_add(c, draft));                        /* the ticket is not touched: a client must not see that a note came */
    TRY(ticket_mail_note(c, draft->ticket_id, draft->body));
    journal_text(c, "kind", "note");
    return desk_done(c, ticket, "desk_noted");
}

struct err *desk_comment(struct ctx *c)
{
    bool is_note = strcmp(form_text(c, "kind"), "note") == 0;
    struct doc *ticket = NULL;
    TRY(desk_take(c, &ticket));
    struct comment_draft draft = { .ticket_id = doc_int_of(ticket, "id"), .kind = is_note ? "note" : "answer", .is_internal = is_note,
        .body = form_text(c, "body"), .files = form_files(c, "files") };
    if (!*draft.body && !draft.files)
        return form_error(c, "body", N_("Écrivez une réponse ou joignez un fichier."));
    if (is_note)
        return desk_note(c, ticket, &draft);
    const char *after = form_text(c, "status_after");
    TRY(comment_add(c, &draft));
    TRY(ticket_put(c, ticket, *after ? after : "waiting", true));
    TRY(ticket_mail_answer(c, draft.ticket_id, draft.body, false));
    return desk_done(c, ticket, "desk_answered");
}

/* ---- Acts: of the forms beside a ticket, and of the queue's, on a ticket that was taken ---- */

struct err *act_status(struct ctx *c, const struct doc *ticket, const char *status, bool *ret_is_done)
{
    *ret_is_done = !text_same(status, doc_text_of(ticket, "status"));
    journal_text(c, "status", status);
    return *ret_is_done ? ticket_put(c, ticket, status, false) : NULL;
}

static struct err *name_of(struct ctx *c, const struct query *q, const char *param, int64_t id, const char **ret_name)
{
    struct doc *row = NULL;
    *ret_name = "";
    if (id)
        TRY(ctx_maybe(c, q, PARAMS(P_INT(param, id)), &row));
    if (row)
        *ret_name = doc_text_of(row, "name");
    return NULL;
}

struct err *act_assign(struct ctx *c, const struct doc *ticket, int64_t member_id, bool *ret_is_done)
{
    const char *old_name = NULL, *name = NULL;
    int64_t old_id = doc_int_of(ticket, "assignee_id"), id = doc_int_of(ticket, "id");
    *ret_is_done = member_id != old_id;
    if (member_id == old_id)
        return NULL;
    TRY(name_of(c, &sql_desk_member, "member_id", member_id, &name));
    if (member_id && !*name)
        return form_error(c, "page", N_("Cette personne ne fait plus partie de l’équipe."));
    TRY(name_of(c, &sql_desk_member, "member_id", old_id, &old_name));
    TRY(ctx_run(c, &sql_desk_set_assignee, PARAMS(P_INT("ticket", id), P_ID("assignee", member_id))));
    journal_text(c, "assignee", name);
    return ticket_event(c, id, "assignee", old_name, name);
}

/* One that was closed can be kept, not chosen. */
struct err *act_priority(struct ctx *c, const struct doc *ticket, int64_t priority_id, bool *ret_is_done)
{
    struct doc *row = NULL;
    const char *old_name = NULL, *status = doc_text_of(ticket, "status");
    int64_t old_id = doc_int_of(ticket, "priority_id"), id = doc_int_of(ticket, "id");
    *ret_is_done = priority_id != old_id;
    if (priority_id == old_id)
        return NULL;
    TRY(ctx_maybe(c, &sql_desk_priority, PARAMS(P_INT("priority_id", priority_id)), &row));
    if (!row || !doc_bool_of(row, "is_open"))
        return form_error(c, "page", N_("Choisissez une priorité de la liste."));
    struct due due = due_after(due_of(ticket), status, status, doc_int_of(row, "due_hours"), c->now_ms);
    TRY(name_of(c, &sql_desk_priority, "priority_id", old_id, &old_name));
    TRY(ctx_run(c, &sql_desk_set_priority, PARAMS(P_INT("ticket", id), P_INT("priority_id", priority_id), DUE_PARAMS(due))));
    journal_text(c, "priority", doc_text_of(row, "name"));
    return ticket_event(c, id, "priority", old_name, doc_text_of(row, "name"));
}

/* Back to the ticket; nothing changed after all leaves nothing in the journal. */
static struct err *desk_changed(struct ctx *c, const struct doc *ticket, bool is_done)
{
    if (!is_done)
        journal_skip(c);
    return desk_done(c, ticket, is_done ? "desk_changed" : NULL);
}

struct err *desk_status(struct ctx *c)
{
    const char *status = form_text(c, "status");
    struct doc *ticket = NULL;
    bool is_done = false;
    TRY(desk_take(c, &ticket));
    if (!text_same(status, doc_text_of(ticket, "status")) && !text_same(form_text(c, "old"), doc_text_of(ticket, "status")))
        return form_error(c, "page", N_("Le statut a changé entre-temps : voyez ce qui s’est passé, puis recommencez."));
    TRY(act_status(c, ticket, status, &is_done));
    return desk_changed(c, ticket, is_done);
}

struct err *desk_assign(struct ctx *c)
{
    struct doc *ticket = NULL;
    bool is_done = false;
    TRY(desk_take(c, &ticket));
    TRY(act_assign(c, ticket, form_id(c, "member_id"), &is_done));
    return desk_changed(c, ticket, is_done);
}

struct err *desk_priority(struct ctx *c)
{
    struct doc *ticket = NULL;
    bool is_done = false;
    TRY(desk_take(c, &ticket));
    TRY(act_priority(c, ticket, form_id(c, "priority_id"), &is_done));
    return desk_changed(c, ticket, is_done);
}

struct err *desk_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_desk_file, PARAMS(P_INT("ticket", path_id(c, "ticket")), P_INT("file", path_id(c, "file"))), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}
