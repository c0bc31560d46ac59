/* « Pourquoi ? » (M-2): somebody and a thing → the mandate that allows it, or what is missing. The gate's own function is asked. */
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/register/inside.h"
#include "mandate/queries.h"
#include "mandate/why.h"
#include "tpl/tpl.h"

/* What is asked: a right by its word, or a ticket, client or contact ("ticket:12") and the right that opens its page in each space;
   RIGHTS: it has none there. name: "" also where who asks may not see it. client_id: of which client it is, 0: of the organization. */
struct thing { enum right as_member, as_contact; const char *name; int64_t client_id; bool is_thing; };

/* Who is asked about: a person, a program by its token, or whoever has a link. */
struct subject { int64_t person_id, token_id; const char *name; int64_t contact_id, link_id; };   /* contact_id: as which contact, 0: the first */

static enum right right_read(const char *word)
{
    for (int right = RIGHT_SPACE_OPEN; right < RIGHTS; right++)
        if (strcmp(right_word((enum right)right), word) == 0)
            return (enum right)right;
    return RIGHTS;
}

/* "ticket:12" where it is one; a thing that is not here does not exist. Its title or name is for who may open it, here in the portal or there. */
static struct err *thing_find(struct ctx *c, const char *what, struct thing *ret_thing)
{
    static const struct { const char *prefix, *param; const struct query *query; enum right as_member, as_contact; const char *name, *client; } kinds[] = {
        { "ticket:", "of_ticket", &sql_why_ticket, RIGHT_TICKET_MANAGE, RIGHT_TICKET_READ, "title", "client_id" },
        { "client:", "of_client", &sql_why_client, RIGHT_CLIENT_READ, RIGHTS, "name", "id" },
        { "contact:", "of_contact", &sql_why_contact, RIGHT_CLIENT_READ, RIGHTS, "name", "client_id" },
    };
    struct doc *row = NULL;
    int64_t id = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_starts(what, kinds[i].prefix) && text_int(what + strlen(kinds[i].prefix), &id)) {
            TRY(ctx_row(c, kinds[i].query, PARAMS(P_INT(kinds[i].param, id)), &row));
            enum right seen = c->who.contact_id ? kinds[i].as_contact : kinds[i].as_member;
            *ret_thing = (struct thing){ kinds[i].as_member, kinds[i].as_contact, seen != RIGHTS && ctx_may(c, seen) ? doc_text_of(row, kinds[i].name) : "",
                doc_int_of(row, kinds[i].client), true };
            return NULL;
        }
    return NULL;
}

static struct err *thing_read(struct ctx *c, const char *what, struct thing *ret_thing)
{
    TRY(thing_find(c, what, ret_thing));
    enum right right = right_read(*what ? what : "space_open");
    if (!ret_thing->is_thing && right == RIGHTS)
        return ERR(c->arena, ERR_NOT_FOUND, "no such thing");
    if (!ret_thing->is_thing)
        *ret_thing = (struct thing){ right, right, "", 0, false };
    return NULL;
}

/* ---- The answer ---- */

static void side_mandate(struct ctx *c, struct doc *side, const struct authority *who)
{
    bool is_own = who->person_id == c->who.person_id;
    doc_set_int(side, "mandate_id", who->mandate_id);
    doc_set_text(side, "label", web_text(c, mandate_label(who->kind)));
    doc_set_text(side, "granted_by", who->granted_by);
    doc_set_int(side, "granted_at", who->granted_at);
    doc_set_text(side, "sheet", is_own ? arena_printf(c->arena, "/account/mandates/%lld", (long long)who->mandate_id)
        : arena_printf(c->arena, "%s/%lld", register_base(c), (long long)who->mandate_id));
}

/* A link opens the client's side alone. */
static struct err *who_ask(struct ctx *c, const struct subject *s, bool as_contact, enum right asked, struct authority *ret_who)
{
    struct doc *token = NULL;
    const char *name = NULL;
    if (s->link_id && !as_contact)
        return *ret_who = authority_nobody(0), NULL;
    if (s->link_id)
        return why_ask_link(c, s->link_id, asked, ret_who, &name);
    if (s->token_id)
        return why_ask_token(c, s->token_id, as_contact, asked, ret_who, &token);
    return why_ask(c, s->person_id, as_contact, s->contact_id, asked, ret_who);
}

/* One side, the back office or the portal: what the gate would say, and whether the thing lies within. */
static struct err *side_ask(struct ctx *c, const struct subject *s, bool as_contact, const struct thing *t, struct doc **ret_side)
{
    struct authority who;
    struct doc *space = NULL, *side = doc_map(c->arena);
    enum right right = as_contact ? t->as_contact : t->as_member, asked = right == RIGHTS ? RIGHT_SPACE_OPEN : right;
    TRY(ctx_row(c, &sql_contact_space, NULL, &space));
    TRY(who_ask(c, s, as_contact, asked, &who));
    bool is_there = who.org_id && right != RIGHTS && (!as_contact || s->link_id || doc_bool_of(space, "is_portal_open"));
    bool has_right = is_there && (who.rights & RIGHT_BIT(right));
    bool is_within = !as_contact || !t->is_thing || t->client_id == who.client_id;
    doc_set_bool(side, "is_there", is_there);
    doc_set_bool(side, "is_contact", as_contact);
    doc_set_bool(side, "has_right", has_right);
    doc_set_bool(side, "is_allowed", has_right && is_within);
    doc_set_text(side, "sentence", web_text(c, right_sentence(asked)));
    if (has_right && is_within)
        side_mandate(c, side, &who);
    *ret_side = side;
    return NULL;
}

static void rights_offered(struct ctx *c, const struct thing *t, rights_set offered)
{
    struct doc *rights = doc_list(c->arena);
    for (int right = RIGHT_SPACE_OPEN; right < RIGHTS; right++) {
        if (!(offered & RIGHT_BIT(right)))
            continue;
        struct doc *option = doc_map(c->arena);
        doc_set_text(option, "value", right_word((enum right)right));
        doc_set_text(option, "label", web_text(c, right_sentence((enum right)right)));
        doc_set_bool(option, "is_selected", !t->is_thing && right == (int)t->as_contact);
        doc_push(rights, option);
    }
    doc_set(web_page(c), "rights", rights);
}

static void answer(struct ctx *c, const struct subject *s, const struct thing *t, struct doc *sides)
{
    bool is_allowed = false, is_there = false;
    for (size_t i = 0; i < doc_count(sides); i++) {
        is_allowed |= doc_bool_of(doc_at(sides, i), "is_allowed");
        is_there |= doc_bool_of(doc_at(sides, i), "is_there");
    }
    enum right right = t->as_contact == RIGHTS ? t->as_member : t->as_contact;
    doc_set_text(c->doc, "name", s->name);
    doc_set_int(c->doc, "person_id", s->person_id);
    doc_set_int(c->doc, "token_id", s->token_id);
    doc_set_int(c->doc, "link_id", s->link_id);
    doc_set_bool(c->doc, "is_self", !s->token_id && !s->link_id && s->person_id == c->who.person_id);
    doc_set_bool(c->doc, "is_allowed", is_allowed);
    doc_set_bool(c->doc, "none_there", !is_there);
    doc_set(c->doc, "sides", sides);
    doc_set_text(c->doc, "sentence", web_text(c, right_sentence(right)));
    doc_set_text(c->doc, "thing_name", t->name);
}

/* Whom the address names; nobody: oneself. portal: only people of one's own client. */
static struct err *subject_read(struct ctx *c, struct param portal, struct subject *ret_subject)
{
    struct doc *person = NULL;
    int64_t id = 0;
    if (!text_int(query_text(c, "who"), &id) || id <= 0 || id == c->who.person_id) {
        *ret_subject = (struct subject){ c->who.person_id, 0, c->who.person_name, c->who.contact_id };
        return NULL;
    }
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        return ERR(c->arena, ERR_FORBIDDEN, "others are asked about by who sees mandates");
    TRY(ctx_row(c, &sql_register_person, PARAMS(P_INT("of_person", id), portal), &person));
    *ret_subject = (struct subject){ id, 0, doc_text_of(person, "name") };
    return NULL;
}

/* ---- The back office ---- */

/* People to choose from, by name: for who has not said whom. */
static struct err *people_offered(struct ctx *c)
{
    bool can_choose = ctx_may(c, RIGHT_MANDATE_READ);
    struct word_search words = can_choose ? word_filter(c, "person") : word_search(c, "");
    doc_set_bool(web_page(c), "can_choose", can_choose);
    doc_set_bool(web_page(c), "is_searched", words.is_any);
    if (!words.is_any)
        return NULL;
    return doc_rows(c, "people", &sql_register_people, PARAMS(WORD_PARAMS(words)));
}

static struct err *token_subject(struct ctx *c, int64_t token_id, struct subject *ret_subject)
{
    struct doc *token = NULL;
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        return ERR(c->arena, ERR_FORBIDDEN, "others are asked about by who sees mandates");
    TRY(ctx_row(c, &sql_register_token, PARAMS(P_INT("of_token", token_id)), &token));
    *ret_subject = (struct subject){ doc_int_of(token, "person_id"), token_id, doc_text_of(token, "name") };
    return NULL;
}

static struct err *link_subject(struct ctx *c, int64_t link_id, struct subject *ret_subject)
{
    struct authority who;
    const char *name = NULL;
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        return ERR(c->arena, ERR_FORBIDDEN, "others are asked about by who sees mandates");
    TRY(why_ask_link(c, link_id, RIGHT_SPACE_OPEN, &who, &name));
    *ret_subject = (struct subject){ .name = arena_printf(c->arena, "%s, %s", web_text(c, N_("Quiconque a l’adresse")), name), .link_id = link_id };
    return NULL;
}

/* Somebody who is a contact of several clients is asked about as one of them: the one the address names, else the one whose thing it is. */
static struct err *client_chosen(struct ctx *c, const struct thing *t, struct subject *s)
{
    int64_t asked_id = 0;
    if (!text_int(query_text(c, "contact"), &asked_id))
        asked_id = 0;
    TRY(doc_rows(c, "clients", &sql_register_contacts, PARAMS(P_INT("of_person", s->token_id || s->link_id ? 0 : s->person_id))));
    struct doc *rows = doc_get_mut(c->doc, "clients");
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        bool is_asked = doc_int_of(row, "id") == asked_id, is_of_thing = !asked_id && t->client_id && doc_int_of(row, "client_id") == t->client_id;
        if (is_asked || is_of_thing)
            s->contact_id = doc_int_of(row, "id");
    }
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_bool(doc_at_mut(rows, i), "is_chosen", s->contact_id ? doc_int_of(doc_at(rows, i), "id") == s->contact_id : i == 0);
    doc_set_text(web_page(c), "what", text_url_encode(c->arena, query_text(c, "what")));
    return NULL;
}

struct err *why_show(struct ctx *c)
{
    struct thing thing = { 0 };
    struct subject subject = { 0 };
    struct doc *office = NULL, *portal = NULL, *sides = doc_list(c->arena);
    int64_t token_id = 0, link_id = 0;
    TRY(people_offered(c));
    if (text_int(query_text(c, "link"), &link_id) && link_id > 0)
        TRY(link_subject(c, link_id, &subject));
    else if (text_int(query_text(c, "token"), &token_id) && token_id > 0)
        TRY(token_subject(c, token_id, &subject));
    else
        TRY(subject_read(c, P_ABSENT("portal"), &subject));
    TRY(thing_read(c, query_text(c, "what"), &thing));
    TRY(client_chosen(c, &thing, &subject));
    TRY(side_ask(c, &subject, false, &thing, &office));
    TRY(side_ask(c, &subject, true, &thing, &portal));
    doc_push(sides, office);
    doc_push(sides, portal);
    answer(c, &subject, &thing, sides);
    rights_offered(c, &thing, ~UINT64_C(0));
    return NULL;
}

/* ---- The portal: of oneself, or, for who manages the client's mandates, of its other contacts ---- */

static rights_set rights_of_contacts(void)
{
    rights_set all = 0, given = 0;
    const char *part = NULL;
    for (size_t i = 0; mandate_gives_at(MANDATE_ACCESS, i, &part, &given); i++)
        all |= given;
    return all;
}

struct err *portal_why(struct ctx *c)
{
    struct thing thing = { 0 };
    struct subject subject = { 0 };
    struct doc *side = NULL, *sides = doc_list(c->arena);
    const char *what = query_text(c, "what");
    bool is_colon = strchr(what, ':') != NULL;
    TRY(subject_read(c, P_INT("portal", 1), &subject));
    TRY(thing_read(c, what, &thing));
    if (is_colon && thing.client_id != c->who.client_id)
        return ERR(c->arena, ERR_NOT_FOUND, "of another client");
    TRY(side_ask(c, &subject, true, &thing, &side));
    doc_push(sides, side);
    answer(c, &subject, &thing, sides);
    rights_offered(c, &thing, rights_of_contacts());
    doc_set_bool(web_page(c), "can_choose", ctx_may(c, RIGHT_MANDATE_READ));
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        return NULL;
    TRY(doc_rows(c, "people", &sql_register_colleagues, NULL));
    struct doc *people = doc_get_mut(c->doc, "people");
    for (size_t i = 0; i < doc_count(people); i++)
        doc_set_bool(doc_at_mut(people, i), "is_selected", doc_int_of(doc_at(people, i), "id") == subject.person_id);
    return NULL;
}
