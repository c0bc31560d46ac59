#include "features/ticket/follower.h"
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/desk.h"
#include "tpl/tpl.h"

const struct field desk_follower_form[] = { { "contact_id", FIELD_ID, N_("Contact") }, { "member_id", FIELD_ID, N_("Membre") }, { 0 } };
const struct field ticket_follower_form[] = { { "contact_id", FIELD_ID, N_("Contact"), REQUIRED }, { 0 } };

/* ---- On the sheet ---- */

static bool is_among(const struct doc *rows, const char *key, int64_t id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), key) == id)
            return true;
    return false;
}

/* Those of `rows` that do not follow yet. */
static struct doc *rest_of(struct ctx *c, struct doc *rows, const struct doc *followers, const char *key, int64_t but_id)
{
    struct doc *rest = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++) {
        int64_t id = doc_int_of(doc_at(rows, i), "id");
        if (id != but_id && !is_among(followers, key, id))
            doc_push(rest, doc_at_mut(rows, i));
    }
    return rest;
}

struct err *followers_show(struct ctx *c, const struct doc *ticket)
{
    struct doc *contacts = NULL, *members = NULL;
    TRY(doc_rows(c, "followers", &sql_follower_list, PARAMS(P_INT("ticket", doc_int_of(ticket, "id")))));
    const struct doc *followers = doc_get(c->doc, "followers");
    TRY(ctx_rows(c, &sql_follower_contacts, PARAMS(P_INT("of_client", doc_int_of(ticket, "client_id"))), &contacts));
    TRY(ctx_rows(c, &sql_desk_members, NULL, &members));
    doc_set(web_page(c), "new_contacts", rest_of(c, contacts, followers, "contact_id", doc_int_of(ticket, "contact_id")));
    doc_set(web_page(c), "new_members", rest_of(c, members, followers, "member_id", c->who.member_id));
    doc_set_bool(web_page(c), "is_following", c->who.member_id && is_among(followers, "member_id", c->who.member_id));
    doc_set_bool(web_page(c), "can_follow", c->who.member_id != 0);
    return NULL;
}

struct err *followers_show_portal(struct ctx *c, const struct doc *ticket)
{
    struct doc *contacts = NULL;
    bool is_own = c->who.contact_id && c->who.contact_id == doc_int_of(ticket, "contact_id") && ctx_may(c, RIGHT_TICKET_WRITE);
    TRY(doc_rows(c, "followers", &sql_follower_list_portal, PARAMS(P_INT("ticket", doc_int_of(ticket, "id")))));
    struct doc *followers = doc_get_mut(c->doc, "followers");
    for (size_t i = 0; i < doc_count(followers); i++)
        doc_set_bool(doc_at_mut(followers, i), "can_end", is_own || (c->who.contact_id && doc_int_of(doc_at(followers, i), "contact_id") == c->who.contact_id));
    TRY(ctx_rows(c, &sql_follower_contacts, PARAMS(P_INT("of_client", c->who.client_id)), &contacts));
    doc_set_bool(web_page(c), "can_follow", c->who.contact_id && c->who.contact_id != doc_int_of(ticket, "contact_id") && ctx_may(c, RIGHT_TICKET_WRITE)
        && !is_among(followers, "contact_id", c->who.contact_id));
    doc_set_int(web_page(c), "own_contact_id", c->who.contact_id);
    doc_set(web_page(c), "new_contacts", is_own ? rest_of(c, contacts, followers, "contact_id", c->who.contact_id) : doc_list(c->arena));
    return NULL;
}

/* ---- Added ---- */

static struct err *most_check(struct ctx *c, int64_t ticket_id)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_follower_list, PARAMS(P_INT("ticket", ticket_id)), &rows));
    return doc_count(rows) < FOLLOWERS_MOST ? NULL : form_error(c, "page", N_("Vingt personnes suivent déjà ce ticket : c’est le plus possible."));
}

/* *ret_is_new: false where they follow already. */
static struct err *follower_add(struct ctx *c, int64_t ticket_id, int64_t member_id, int64_t contact_id, bool *ret_is_new)
{
    int64_t changed = 0;
    TRY(most_check(c, ticket_id));
    TRY(ctx_run_any(c, &sql_follower_add, PARAMS(P_INT("id", ctx_id(c)), P_INT("ticket", ticket_id), P_ID("of_member", member_id), P_ID("of_contact", contact_id)), &changed));
    *ret_is_new |= changed > 0;
    return NULL;
}

/* A contact of the ticket's client who has the tickets; whoever the ticket is of is told anyway. */
static struct err *contact_add(struct ctx *c, const struct doc *ticket, int64_t contact_id, bool *ret_is_new)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_follower_contact, PARAMS(P_INT("of_contact", contact_id), P_INT("of_client", doc_int_of(ticket, "client_id"))), &row));
    if (!row)
        return form_error(c, "page", N_("Ce contact n’est pas de l’entreprise du ticket."));
    if (contact_id == doc_int_of(ticket, "contact_id"))
        return NULL;
    if (!doc_bool_of(row, "has_tickets"))
        return form_error(c, "page", N_("Ce contact n’a pas accès aux tickets : il faut d’abord le lui donner, sur sa fiche."));
    TRY(follower_add(c, doc_int_of(ticket, "id"), 0, contact_id, ret_is_new));
    journal_text(c, "follower", doc_text_of(row, "name"));
    return *ret_is_new ? ticket_event(c, doc_int_of(ticket, "id"), "follower", "", doc_text_of(row, "name")) : NULL;
}

static struct err *member_add(struct ctx *c, const struct doc *ticket, int64_t member_id, bool *ret_is_new)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_desk_member, PARAMS(P_INT("member_id", member_id)), &row));
    if (!row)
        return form_error(c, "page", N_("Cette personne ne fait plus partie de l’équipe."));
    journal_text(c, "follower", doc_text_of(row, "name"));
    return follower_add(c, doc_int_of(ticket, "id"), member_id, 0, ret_is_new);
}

static struct err *follower_done(struct ctx *c, const struct doc *ticket, bool is_done, const char *notice)
{
    if (!is_done)
        journal_skip(c);
    return desk_done(c, ticket, is_done ? notice : NULL);
}

struct err *desk_follow(struct ctx *c)
{
    struct doc *ticket = NULL;
    bool is_new = false;
    TRY(desk_take(c, &ticket));
    if (!c->who.member_id)
        return ERR(c->arena, ERR_FORBIDDEN, "only a member follows");
    TRY(member_add(c, ticket, c->who.member_id, &is_new));
    return follower_done(c, ticket, is_new, "follower_added");
}

struct err *desk_follower_add(struct ctx *c)
{
    struct doc *ticket = NULL;
    bool is_new = false;
    TRY(desk_take(c, &ticket));
    if (!form_id(c, "contact_id") && !form_id(c, "member_id"))
        return form_error(c, "page", N_("Choisissez qui suivra le ticket."));
    if (form_id(c, "contact_id"))
        TRY(contact_add(c, ticket, form_id(c, "contact_id"), &is_new));
    if (form_id(c, "member_id"))
        TRY(member_add(c, ticket, form_id(c, "member_id"), &is_new));
    return follower_done(c, ticket, is_new, "follower_added");
}

/* The ticket's own contact adds colleagues; a colleague adds themself. */
struct err *ticket_follower_add(struct ctx *c)
{
    struct doc *ticket = NULL;
    bool is_new = false;
    TRY(ticket_take(c, &ticket));
    if (!c->who.contact_id || (c->who.contact_id != doc_int_of(ticket, "contact_id") && c->who.contact_id != form_id(c, "contact_id")))
        return form_error(c, "page", N_("Seul le contact de ce ticket y ajoute des collègues."));
    TRY(contact_add(c, ticket, form_id(c, "contact_id"), &is_new));
    return follower_done(c, ticket, is_new, "follower_added");
}

/* ---- Gone ---- */

static struct err *follower_drop(struct ctx *c, const struct doc *ticket, const struct doc *row)
{
    TRY(ctx_run(c, &sql_follower_drop, PARAMS(P_INT("ticket", doc_int_of(ticket, "id")), P_INT("follower", doc_int_of(row, "id")))));
    journal_text(c, "follower", doc_text_of(row, "name"));
    return desk_done(c, ticket, "follower_ended");
}

static struct err *follower_of(struct ctx *c, const struct query *list, const struct doc *ticket, const struct doc **ret_row)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, list, PARAMS(P_INT("ticket", doc_int_of(ticket, "id"))), &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == path_id(c, "follower")) {
            *ret_row = doc_at(rows, i);
            return NULL;
        }
    return ERR(c->arena, ERR_NOT_FOUND, "follows this ticket no more");
}

struct err *desk_follower_end(struct ctx *c)
{
    struct doc *ticket = NULL;
    const struct doc *row = NULL;
    TRY(desk_take(c, &ticket));
    TRY(follower_of(c, &sql_follower_list, ticket, &row));
    return follower_drop(c, ticket, row);
}

/* Whoever the ticket is of ends any contact's, a contact their own. */
struct err *ticket_follower_end(struct ctx *c)
{
    struct doc *ticket = NULL;
    const struct doc *row = NULL;
    TRY(ticket_take(c, &ticket));
    TRY(follower_of(c, &sql_follower_list_portal, ticket, &row));
    if (!c->who.contact_id || (c->who.contact_id != doc_int_of(ticket, "contact_id") && c->who.contact_id != doc_int_of(row, "contact_id")))
        return ERR(c->arena, ERR_FORBIDDEN, "somebody else's following of somebody else's ticket");
    return follower_drop(c, ticket, row);
}
