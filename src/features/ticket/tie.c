#include "features/ticket/tie.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/desk.h"
#include "tpl/tpl.h"

enum { TIES_MOST = 50 };

static const struct choice relations[] = { { "related", N_("Lier") }, { "duplicate", N_("Fermer comme doublon de") }, { 0 } };

const struct field desk_tie_form[] = {
    { "number", FIELD_TEXT, N_("Numéro de l’autre ticket"), .max = 20 },
    { "relation", FIELD_CHOICE, N_("Lien"), REQUIRED, .choices = relations },
    { 0 },
};

/* What a ticket can be tied to, as the database knows it, and how its rows are read. A feature whose things can be tied adds its line here
   and its kind to the table's list (migrations/0020_desk.sql says how); the sheet shows each kind under its own key. */
static const struct { const char *kind, *key; const struct query *desk, *portal; } tie_kinds[] = {
    { "ticket", "ties", &sql_tie_list, &sql_tie_list_portal },
};

static struct err *kinds_show(struct ctx *c, int64_t ticket_id, bool is_portal)
{
    for (size_t i = 0; i < sizeof tie_kinds / sizeof *tie_kinds; i++)
        TRY(doc_rows(c, tie_kinds[i].key, is_portal ? tie_kinds[i].portal : tie_kinds[i].desk, PARAMS(P_INT("ticket", ticket_id))));
    return NULL;
}

struct err *ties_show(struct ctx *c, int64_t ticket_id)
{
    doc_set_text(web_page(c), "tie_number", form_text(c, "number"));    /* there when a number was refused: it stays to be mended */
    return kinds_show(c, ticket_id, false);
}

struct err *ties_show_portal(struct ctx *c, int64_t ticket_id) { return kinds_show(c, ticket_id, true); }

/* "T-1208", "1208". */
static bool number_read(const char *text, int64_t *ret_number)
{
    if ((*text == 'T' || *text == 't') && text[1] == '-')
        text += 2;
    return text_int(text, ret_number) && *ret_number > 0;
}

/* The other ticket by its number, and both taken in the order of their ids. */
static struct err *both_take(struct ctx *c, struct doc **ret_ticket, struct doc **ret_other)
{
    struct doc *found = NULL;
    int64_t number = 0, id = path_id(c, "ticket");
    TRY(ctx_row(c, &sql_tie_ticket, PARAMS(P_INT("ticket", id)), &found));
    if (number_read(form_text(c, "number"), &number))
        TRY(ctx_maybe(c, &sql_tie_find, PARAMS(P_INT("number", number)), ret_other));
    if (!number || !*ret_other)
        return form_error(c, "page", N_("Il n’y a pas de ticket de ce numéro."));
    int64_t other_id = doc_int_of(*ret_other, "id");
    if (other_id == id)
        return form_error(c, "page", N_("Un ticket ne se lie pas à lui-même."));
    if (other_id < id)
        TRY(ctx_row(c, &sql_desk_take, PARAMS(P_INT("ticket", other_id)), ret_other));
    TRY(desk_take(c, ret_ticket));
    return other_id < id ? NULL : ctx_row(c, &sql_desk_take, PARAMS(P_INT("ticket", other_id)), ret_other);
}

static const char *shown(struct ctx *c, const struct doc *ticket)
{
    return arena_printf(c->arena, "T-%lld %s", (long long)doc_int_of(ticket, "number"), doc_text_of(ticket, "title"));
}

/* Closes with an answer that says where it goes on. */
static struct err *duplicate_close(struct ctx *c, const struct doc *ticket, const struct doc *other)
{
    struct doc *contact = NULL;
    int64_t id = doc_int_of(ticket, "id");
    if (doc_int_of(ticket, "client_id") != doc_int_of(other, "client_id"))
        return form_error(c, "page", N_("Un doublon est un ticket du même client. Liez-les plutôt."));
    if (text_same(doc_text_of(ticket, "status"), "resolved"))
        return form_error(c, "page", N_("Ce ticket est déjà résolu."));
    TRY(ctx_row(c, &sql_tie_contact, PARAMS(P_INT("of_contact", doc_int_of(ticket, "contact_id"))), &contact));
    const char *format = tpl_text(c->tpl, doc_text_of(contact, "lang"), N_("Ce ticket dit la même chose qu’un autre, où la suite se passe :"));
    const char *body = arena_printf(c->arena, "%s\n\n%s", format, shown(c, other));
    TRY(comment_add(c, &(struct comment_draft){ .ticket_id = id, .kind = "answer", .body = body }));
    TRY(ticket_put(c, ticket, "resolved", true));
    return ticket_mail_answer(c, id, body, false);
}

/* Both sheets say it; only inside, since the other may be another client's. */
static struct err *tie_events(struct ctx *c, const struct doc *ticket, const struct doc *other)
{
    TRY(comment_add(c, &(struct comment_draft){ .ticket_id = doc_int_of(ticket, "id"), .kind = "tie", .is_internal = true, .new_value = shown(c, other) }));
    return comment_add(c, &(struct comment_draft){ .ticket_id = doc_int_of(other, "id"), .kind = "tie", .is_internal = true, .new_value = shown(c, ticket) });
}

struct err *desk_tie(struct ctx *c)
{
    struct doc *ticket = NULL, *other = NULL, *known = NULL, *all = NULL;
    const char *relation = form_text(c, "relation");
    TRY(both_take(c, &ticket, &other));
    int64_t id = doc_int_of(ticket, "id"), other_id = doc_int_of(other, "id");
    TRY(ctx_rows(c, &sql_tie_between, PARAMS(P_INT("ticket", id), P_INT("other", other_id)), &known));
    TRY(ctx_rows(c, &sql_tie_list, PARAMS(P_INT("ticket", id)), &all));
    if (doc_count(all) >= TIES_MOST)
        return form_error(c, "page", N_("Ce ticket a déjà 50 liens : c’est le plus possible."));
    if (doc_count(known) && strcmp(relation, "related") == 0)
        return form_error(c, "page", N_("Ces tickets sont déjà liés."));
    if (strcmp(relation, "duplicate") == 0)
        TRY(duplicate_close(c, ticket, other));
    if (doc_count(known))                             /* related so far: now it says more */
        TRY(ctx_run(c, &sql_tie_drop, PARAMS(P_INT("ticket", id), P_INT("tie", doc_int_of(doc_at(known, 0), "id")))));
    TRY(ctx_run(c, &sql_tie_add, PARAMS(P_INT("id", ctx_id(c)), P_INT("ticket", id), P_TEXT("kind", "ticket"), P_INT("object_id", other_id), P_TEXT("relation", relation))));
    TRY(tie_events(c, ticket, other));
    journal_text(c, "relation", relation);
    journal_number(c, "other", doc_int_of(other, "number"));
    return desk_done(c, ticket, strcmp(relation, "duplicate") == 0 ? "desk_duplicate" : "desk_tied");
}

struct err *desk_tie_end(struct ctx *c)
{
    struct doc *ticket = NULL;
    TRY(desk_take(c, &ticket));
    TRY(ctx_run(c, &sql_tie_drop, PARAMS(P_INT("ticket", doc_int_of(ticket, "id")), P_INT("tie", path_id(c, "tie")))));
    return desk_done(c, ticket, "desk_changed");
}
