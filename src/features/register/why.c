/* « Pourquoi ? » (M-2): a person and a thing → the mandate that allows it, or what is missing. */
#include "features/register/why.h"
#include "mandate/why.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "mandate/queries.h"
#include "web/web.h"

/* What is asked: a right by its word, or a ticket ("ticket:12") and the right that opens it. */
struct thing { enum right as_member, as_contact; const struct doc *ticket; };

static enum right right_read(const char *word)
{
    for (int right = RIGHT_SPACE_OPEN; right < RIGHTS; right++)
        if (strcmp(right_word((enum right)right), word) == 0)
            return (enum right)right;
    return RIGHTS;
}

static struct err *thing_read(struct ctx *c, const char *what, struct thing *ret_thing)
{
    struct doc *ticket = NULL;
    int64_t id = 0;
    if (text_starts(what, "ticket:") && text_int(what + 7, &id)) {
        TRY(ctx_row(c, &sql_why_ticket, PARAMS(P_INT("of_ticket", id)), &ticket));
        *ret_thing = (struct thing){ RIGHT_TICKET_MANAGE, RIGHT_TICKET_READ, ticket };
        return NULL;
    }
    enum right right = right_read(*what ? what : "ticket_read");
    if (right == RIGHTS)
        return ERR(c->arena, ERR_NOT_FOUND, "no such thing");
    *ret_thing = (struct thing){ right, right, NULL };
    return NULL;
}

/* One side, the back office or the portal: what the gate would say, and whether the thing lies within. */
static struct err *side_ask(struct ctx *c, int64_t person_id, bool as_contact, const struct thing *t, struct doc **ret_side)
{
    struct authority who;
    struct doc *space = NULL, *side = doc_map(c->arena);
    enum right right = as_contact ? t->as_contact : t->as_member;
    TRY(ctx_row(c, &sql_contact_space, NULL, &space));
    TRY(why_ask(c, person_id, as_contact, right, &who));
    bool is_there = who.org_id && (!as_contact || doc_bool_of(space, "is_portal_open"));
    bool has_right = is_there && (who.rights & RIGHT_BIT(right));
    bool is_within = !as_contact || !t->ticket || doc_int_of(t->ticket, "client_id") == who.client_id;
    doc_set_bool(side, "is_there", is_there);
    doc_set_bool(side, "is_contact", as_contact);
    doc_set_bool(side, "has_right", has_right);
    doc_set_bool(side, "is_allowed", has_right && is_within);
    doc_set_text(side, "sentence", web_text(c, right_sentence(right)));
    if (has_right && is_within) {
        doc_set_int(side, "mandate_id", who.mandate_id);
        doc_set_text(side, "label", web_text(c, mandate_label(who.kind)));
        doc_set_text(side, "granted_by", who.granted_by);
        doc_set_int(side, "granted_at", who.granted_at);
    }
    *ret_side = side;
    return NULL;
}

struct err *why_show(struct ctx *c)
{
    struct thing thing = { 0 };
    struct doc *person = NULL, *office = NULL, *portal = NULL, *sides = doc_list(c->arena), *rights = doc_list(c->arena);
    const char *what = query_text(c, "what");
    int64_t person_id = 0;
    if (!text_int(query_text(c, "who"), &person_id) || person_id <= 0)
        person_id = c->who.person_id;     /* nobody is said: oneself */
    TRY(ctx_row(c, &sql_register_person, PARAMS(P_INT("of_person", person_id)), &person));
    TRY(thing_read(c, what, &thing));
    TRY(side_ask(c, person_id, false, &thing, &office));
    TRY(side_ask(c, person_id, true, &thing, &portal));
    doc_push(sides, office);
    doc_push(sides, portal);
    doc_set_text(c->doc, "name", doc_text_of(person, "name"));
    doc_set_int(c->doc, "person_id", person_id);
    doc_set_bool(c->doc, "is_allowed", doc_bool_of(office, "is_allowed") || doc_bool_of(portal, "is_allowed"));
    doc_set(c->doc, "sides", sides);
    doc_set_text(c->doc, "sentence", web_text(c, right_sentence(thing.as_contact)));
    doc_set_text(c->doc, "ticket_title", thing.ticket ? doc_text_of(thing.ticket, "title") : "");
    for (int right = RIGHT_SPACE_OPEN; right < RIGHTS; right++) {
        struct doc *option = doc_map(c->arena);
        doc_set_text(option, "value", right_word((enum right)right));
        doc_set_text(option, "label", web_text(c, right_sentence((enum right)right)));
        doc_set_bool(option, "is_selected", !thing.ticket && right == (int)thing.as_contact);
        doc_push(rights, option);
    }
    doc_set(web_page(c), "rights", rights);
    return NULL;
}
