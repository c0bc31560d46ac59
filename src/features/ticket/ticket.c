#include "features/ticket/ticket.h"
#include <string.h>
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/desk.h"
#include "features/ticket/due.h"
#include "features/ticket/follower.h"
#include "features/ticket/template.h"
#include "features/ticket/tie.h"
#include "tpl/tpl.h"

static const struct choice ticket_statuses[] = {
    { "new", N_("Nouveau") }, { "open", N_("En cours") }, { "waiting", N_("Votre réponse attendue") }, { "resolved", N_("Résolu") }, { 0 },
};

static const struct field ticket_form[] = {
    { "title", FIELD_TEXT, N_("Titre"), REQUIRED, .max = 200 },
    { "type_id", FIELD_ID, N_("Type"), REQUIRED },
    { "priority_id", FIELD_ID, N_("Priorité"), REQUIRED },
    { "description", FIELD_LONG, N_("Description"), REQUIRED, .max = 20000, .hint = N_("Ce qui se passe, depuis quand, et ce qui est urgent pour vous.") },
    TICKET_FILES,
    { 0 },
};

static const struct field ticket_comment_form[] = {
    { "body", FIELD_LONG, N_("Votre commentaire"), .max = 20000 },
    TICKET_FILES,
    { "resolve", FIELD_BOOL, N_("Marquer comme résolu") },
    { 0 },
};

static const struct list_order ticket_orders[] = { { "changed", &sql_ticket_list, NULL, "changed_at" }, { "created", &sql_ticket_by_created, NULL, "id" }, { 0 } };

/* C-6. */
static struct err *ticket_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, ticket_orders);
    struct doc *contacts = NULL, *priorities = NULL;
    struct param contact = filter_id(c, "contact");
    contact.name = "of_contact";                       /* :contact is who asks */
    TRY(doc_page(c, "tickets", order->list, order->column,
        PARAMS(filter_choice(c, "status", ticket_statuses), filter_id(c, "priority"), contact)));
    TRY(ctx_rows(c, &sql_ticket_contacts, NULL, &contacts));
    TRY(ctx_rows(c, &sql_ticket_priorities, NULL, &priorities));
    filter_choices(c, "status", ticket_statuses);
    filter_options(c, "priority", priorities);
    filter_options(c, "contact", contacts);
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_TICKET_WRITE));
    return NULL;
}

/* C-8. */
static struct err *ticket_new(struct ctx *c)
{
    form_show(c, ticket_form);
    return ticket_choices_show(c);
}

static struct err *ticket_create(struct ctx *c)
{
    if (!c->who.client_id || !c->who.contact_id)
        return ERR(c->arena, ERR_FORBIDDEN, "a ticket on the portal is a contact's, of a client");
    TRY(ticket_choice_check(c));
    int64_t id = 0;
    TRY(ticket_open(c, &(struct ticket_draft){
        .client_id = c->who.client_id, .contact_id = c->who.contact_id, .title = form_text(c, "title"),
        .type_id = form_id(c, "type_id"), .priority_id = form_id(c, "priority_id"), .status = "new",
        .description = form_text(c, "description"), .files = form_files(c, "files") }, &id));
    TRY(ticket_mail_new(c, id, form_text(c, "description")));
    reply_see(c, "ticket_created", TICKET_HREF, web_space(c), (long long)id);
    return NULL;
}

struct err *ticket_ask(struct ctx *c, const struct ticket_wish *wish, int64_t *ret_id)
{
    struct doc *usual = NULL;
    TRY(ctx_maybe(c, &sql_ticket_usual, NULL, &usual));
    if (!usual)
        return ERR(c->arena, ERR_CONFLICT, "no open type or priority");
    TRY(ticket_open(c, &(struct ticket_draft){
        .client_id = c->who.client_id, .contact_id = c->who.contact_id, .title = wish->title, .type_id = doc_int_of(usual, "type_id"),
        .priority_id = doc_int_of(usual, "priority_id"), .status = "new", .description = wish->description, .files = wish->files }, ret_id));
    return ticket_mail_new(c, *ret_id, wish->description);
}

/* A link in a mail leads to a ticket of one client while its reader acts for another: on to the page that says so. For anybody else it does
   not exist. A token acts for one client alone. */
static struct err *ticket_missing(struct ctx *c, int64_t id)
{
    struct doc *elsewhere = NULL;
    TRY(c->who.session_id ? ctx_maybe(c, &sql_ticket_elsewhere, PARAMS(P_INT("ticket", id)), &elsewhere) : NULL);
    if (!elsewhere)
        return ERR(c->arena, ERR_NOT_FOUND, "no such ticket");
    reply_see(c, NULL, TICKET_HREF "/client", web_space(c), (long long)id);
    return NULL;
}

static struct err *ticket_elsewhere(struct ctx *c)
{
    int64_t id = path_id(c, "ticket");
    TRY(doc_row(c, "elsewhere", &sql_ticket_elsewhere, PARAMS(P_INT("ticket", id))));
    doc_set_text(web_page(c), "back", arena_printf(c->arena, TICKET_HREF, web_space(c), (long long)id));
    if (doc_int_of(doc_get(c->doc, "elsewhere"), "client_id") == c->who.client_id)   /* changed meanwhile */
        reply_see(c, NULL, TICKET_HREF, web_space(c), (long long)id);
    return NULL;
}

/* C-7. */
static struct err *ticket_show(struct ctx *c)
{
    int64_t id = path_id(c, "ticket");
    TRY(doc_maybe(c, "ticket", &sql_ticket_show, PARAMS(P_INT("ticket", id))));
    if (doc_kind(doc_get(c->doc, "ticket")) != DOC_MAP)
        return ticket_missing(c, id);
    TRY(conversation_show(c, &sql_ticket_comments, &sql_ticket_attachments, id));
    TRY(followers_show_portal(c, doc_get(c->doc, "ticket")));
    TRY(ties_show_portal(c, id));
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_TICKET_WRITE));
    form_show(c, ticket_comment_form);
    return NULL;
}

struct err *ticket_take(struct ctx *c, struct doc **ret_ticket)
{
    TRY(ctx_row(c, &sql_ticket_take, PARAMS(P_INT("ticket", path_id(c, "ticket"))), ret_ticket));
    journal_object(c, "ticket", doc_int_of(*ret_ticket, "id"));
    journal_number(c, "number", doc_int_of(*ret_ticket, "number"));
    return NULL;
}

static struct err *ticket_comment(struct ctx *c)
{
    const char *body = form_text(c, "body");
    const struct upload *files = form_files(c, "files");
    bool is_resolved = form_bool(c, "resolve"), is_said = *body || files;
    struct doc *ticket = NULL;
    TRY(ticket_take(c, &ticket));
    int64_t id = doc_int_of(ticket, "id");
    if (!is_said && !is_resolved)
        return form_error(c, "body", N_("Écrivez un commentaire ou joignez un fichier."));
    if (is_said)
        TRY(comment_add(c, &(struct comment_draft){ .ticket_id = id, .kind = "answer", .body = body, .files = files }));
    TRY(ticket_put(c, ticket, is_resolved ? "resolved" : status_answered(ticket), is_said));
    if (is_said)
        TRY(ticket_mail_comment(c, id, body));
    reply_see(c, is_resolved ? "ticket_resolved" : "ticket_commented", TICKET_HREF, web_space(c), (long long)id);
    return NULL;
}

static struct err *ticket_resolve(struct ctx *c)
{
    struct doc *ticket = NULL;
    TRY(ticket_take(c, &ticket));
    if (strcmp(doc_text_of(ticket, "status"), "resolved") == 0)
        journal_skip(c);
    else
        TRY(ticket_put(c, ticket, "resolved", false));
    reply_see(c, "ticket_resolved", TICKET_HREF, web_space(c), (long long)doc_int_of(ticket, "id"));
    return NULL;
}

static struct err *ticket_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_ticket_file, PARAMS(P_INT("ticket", path_id(c, "ticket")), P_INT("file", path_id(c, "file"))), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}

static const struct route ticket_routes[] = {
    GET ("/p/:portal/tickets",                       TICKET_READ,   ticket_list),
    GET ("/p/:portal/tickets/new",                   TICKET_WRITE,  ticket_new),
    POST("/p/:portal/tickets",                       TICKET_WRITE,  ticket_create, .form = ticket_form, AGAIN(ticket_new)),
    GET ("/p/:portal/tickets/:ticket",               TICKET_READ,   ticket_show),
    GET ("/p/:portal/tickets/:ticket/client",        TICKET_READ,   ticket_elsewhere),
    POST("/p/:portal/tickets/:ticket/comments",      TICKET_WRITE,  ticket_comment, .form = ticket_comment_form, AGAIN(ticket_show)),
    POST("/p/:portal/tickets/:ticket/resolve",       TICKET_WRITE,  ticket_resolve),
    POST("/p/:portal/tickets/:ticket/followers",     TICKET_WRITE,  ticket_follower_add, .form = ticket_follower_form, AGAIN(ticket_show)),
    POST("/p/:portal/tickets/:ticket/followers/:follower/end", TICKET_WRITE, ticket_follower_end),
    GET ("/p/:portal/tickets/:ticket/files/:file",   TICKET_READ,   ticket_file, .is_raw = true),

    GET ("/o/:org/tickets",                          TICKET_MANAGE, desk_list),
    POST("/o/:org/tickets",                          TICKET_MANAGE, desk_bulk, .form = desk_bulk_form, AGAIN(desk_list)),
    GET ("/o/:org/tickets/next",                     TICKET_MANAGE, desk_next),
    GET ("/o/:org/tickets/new",                      TICKET_MANAGE, desk_pick),
    GET ("/o/:org/contacts/:contact/tickets/new",    TICKET_MANAGE, desk_new),
    POST("/o/:org/contacts/:contact/tickets",        TICKET_MANAGE, desk_create, .form = desk_form, AGAIN(desk_new)),
    GET ("/o/:org/tickets/:ticket",                  TICKET_MANAGE, desk_show),
    POST("/o/:org/tickets/:ticket/comments",         TICKET_MANAGE, desk_comment, .form = desk_comment_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/status",           TICKET_MANAGE, desk_status, .form = desk_status_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/assign",           TICKET_MANAGE, desk_assign, .form = desk_assign_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/priority",         TICKET_MANAGE, desk_priority, .form = desk_priority_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/due",              TICKET_MANAGE, desk_due, .form = desk_due_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/follow",           TICKET_MANAGE, desk_follow, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/followers",        TICKET_MANAGE, desk_follower_add, .form = desk_follower_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/followers/:follower/end", TICKET_MANAGE, desk_follower_end),
    POST("/o/:org/tickets/:ticket/ties",             TICKET_MANAGE, desk_tie, .form = desk_tie_form, AGAIN(desk_show)),
    POST("/o/:org/tickets/:ticket/ties/:tie/end",    TICKET_MANAGE, desk_tie_end),
    GET ("/o/:org/tickets/:ticket/files/:file",      TICKET_MANAGE, desk_file, .is_raw = true),

    GET ("/o/:org/tickets/templates",                TICKET_MANAGE, template_list),
    GET ("/o/:org/tickets/templates/new",            TICKET_MANAGE, template_new),
    POST("/o/:org/tickets/templates",                TICKET_MANAGE, template_create, .form = template_form, AGAIN(template_new)),
    GET ("/o/:org/tickets/templates/:template",      TICKET_MANAGE, template_edit),
    POST("/o/:org/tickets/templates/:template",      TICKET_MANAGE, template_update, .form = template_form, AGAIN(template_edit)),
    POST("/o/:org/tickets/templates/:template/delete", TICKET_MANAGE, template_delete),

    GET ("/o/:org/tickets/settings",                 ORGANIZATION_MANAGE, desk_settings),
    GET ("/o/:org/tickets/types/new",                ORGANIZATION_MANAGE, type_new),
    POST("/o/:org/tickets/types",                    ORGANIZATION_MANAGE, type_create, .form = type_form, AGAIN(type_new)),
    GET ("/o/:org/tickets/types/:type",              ORGANIZATION_MANAGE, type_edit),
    POST("/o/:org/tickets/types/:type",              ORGANIZATION_MANAGE, type_update, .form = type_form, AGAIN(type_edit)),
    POST("/o/:org/tickets/types/:type/move",         ORGANIZATION_MANAGE, type_move, .form = settings_move_form, .again = type_again, .again_name = "desk_settings"),
    POST("/o/:org/tickets/types/:type/state",        ORGANIZATION_MANAGE, type_state, .form = settings_state_form, .again = type_again, .again_name = "desk_settings"),
    GET ("/o/:org/tickets/priorities/new",           ORGANIZATION_MANAGE, priority_new),
    POST("/o/:org/tickets/priorities",               ORGANIZATION_MANAGE, priority_create, .form = priority_form, AGAIN(priority_new)),
    GET ("/o/:org/tickets/priorities/:priority",     ORGANIZATION_MANAGE, priority_edit),
    POST("/o/:org/tickets/priorities/:priority",     ORGANIZATION_MANAGE, priority_update, .form = priority_form, AGAIN(priority_edit)),
    POST("/o/:org/tickets/priorities/:priority/move",    ORGANIZATION_MANAGE, priority_move, .form = settings_move_form, .again = priority_again, .again_name = "desk_settings"),
    POST("/o/:org/tickets/priorities/:priority/state",   ORGANIZATION_MANAGE, priority_state, .form = settings_state_form, .again = priority_again, .again_name = "desk_settings"),
    POST("/o/:org/tickets/priorities/:priority/default", ORGANIZATION_MANAGE, priority_default, .again = priority_again, .again_name = "desk_settings"),
    { 0 },
};

static const struct place ticket_places[] = {
    { 'p', RIGHT_TICKET_READ, "/tickets", N_("Tickets") },
    { 'o', RIGHT_TICKET_MANAGE, "/tickets", N_("Tickets") },
    { 0 },
};

const struct feature ticket_feature = { .name = "ticket", .routes = ticket_routes, .places = ticket_places };
