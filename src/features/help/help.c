#include "features/help/help.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/help/inside.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"
#include "tpl/tpl.h"

enum { PERSON_AN_HOUR = 20, ORGANIZATION_AN_HOUR = 60, PAGE_MOST = 200 };

static const struct field help_form[] = {
    { "title", FIELD_TEXT, N_("Titre"), REQUIRED, .max = 200 },
    { "description", FIELD_LONG, N_("Description"), REQUIRED, .max = 20000, .hint = N_("Ce que vous vouliez faire, et ce qui s’est passé.") },
    { "page", FIELD_TEXT, N_("Page concernée"), .max = PAGE_MOST, .hint = N_("Celle d’où vous venez. Vous pouvez l’effacer.") },
    TICKET_FILES,
    { 0 },
};

/* Floods: of one person, and of one organization or portal. */
static struct err *help_prepare(struct ctx *c)
{
    TRY(limit_count(c, "help person", arena_printf(c->arena, "%lld", (long long)c->who.person_id), PERSON_AN_HOUR, CLOCK_HOUR_MS));
    return limit_count(c, "help space", arena_printf(c->arena, "%lld", (long long)c->who.org_id), ORGANIZATION_AN_HOUR, CLOCK_HOUR_MS);
}

/* The page they came from is a line of the form: whoever asks sees it, and may take it away. Only a page of this space is put there. */
static void help_form_show(struct ctx *c)
{
    const char *from = query_text(c, "from"), *space = web_space(c);
    form_show(c, help_form);
    if (strlen(from) < PAGE_MOST && text_starts(from, space) && (from[strlen(space)] == '/' || !from[strlen(space)]))
        form_value(c, "page", from);
}

static const char *help_description(const struct ctx *c)
{
    const char *page = form_text(c, "page"), *text = form_text(c, "description");
    return *page ? arena_printf(c->arena, "%s\n\n%s %s", text, web_text(c, N_("Page :")), page) : text;
}

/* Whoever answers, in the document: what a person needs to reach them, no more. */
static void help_answers(struct ctx *c, const struct doc *row)
{
    struct doc *answers = doc_map(c->arena);
    doc_set_text(answers, "name", doc_text_of(row, "name"));
    doc_set_text(answers, "email", doc_text_of(row, "email"));
    doc_set_text(answers, "phone", doc_text_of(row, "phone"));
    doc_set(c->doc, "answers", answers);
}

/* ---- On a portal: the organization ---- */

static struct err *help_portal(struct ctx *c)
{
    struct doc *own = NULL;
    TRY(ctx_row(c, &sql_organization_show, NULL, &own));
    help_answers(c, own);
    doc_set_bool(c->doc, "can_ask", ctx_may(c, RIGHT_TICKET_WRITE));
    help_form_show(c);
    return NULL;
}

static struct err *help_portal_ask(struct ctx *c)
{
    if (!c->who.client_id || !c->who.contact_id)
        return ERR(c->arena, ERR_FORBIDDEN, "a ticket on the portal is a contact's, of a client");
    int64_t id = 0;
    TRY(ticket_ask(c, &(struct ticket_wish){ form_text(c, "title"), help_description(c), form_files(c, "files") }, &id));
    reply_see(c, "ticket_created", "%s/tickets/%lld", web_space(c), (long long)id);
    return NULL;
}

/* ---- In a back office: the operator ---- */

/* Who is there by a session of support helps that organization, and asks nothing in its name: they ask from their own space. */
static struct err *help_office_open(struct ctx *c, struct doc **ret_operator)
{
    if (c->who.support_id)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody asks for help in the name of whom they support");
    return operator_find(c, ret_operator);
}

/* Where what was asked can be followed, for who can get in there; else nowhere but by e-mail. */
static void help_follow(struct ctx *c, const struct doc *operator_, bool may_follow)
{
    const char *slug = doc_text_of(operator_, "slug"), *href = "";
    if (c->who.org_id == doc_int_of(operator_, "id"))
        href = ctx_may(c, RIGHT_TICKET_MANAGE) ? arena_printf(c->arena, "/o/%s/tickets", slug) : "";
    else if (may_follow && doc_bool_of(operator_, "is_portal_open"))
        href = arena_printf(c->arena, "/p/%s/tickets", slug);
    doc_set_text(web_page(c), "follow_href", href);
}

static struct err *help_office(struct ctx *c)
{
    struct doc *operator_ = NULL, *tickets = NULL;
    bool may_follow = false;
    TRY(help_office_open(c, &operator_));
    doc_set_bool(c->doc, "can_ask", operator_ != NULL);
    if (!operator_) {
        doc_set_null(c->doc, "answers");
        doc_set(c->doc, "tickets", doc_list(c->arena));
        return NULL;
    }
    TRY(operator_asked(c, operator_, &tickets, &may_follow));
    help_answers(c, operator_);
    doc_set(c->doc, "tickets", tickets);
    help_follow(c, operator_, may_follow);
    help_form_show(c);
    return NULL;
}

static struct err *help_office_ask(struct ctx *c)
{
    struct doc *operator_ = NULL;
    TRY(help_office_open(c, &operator_));
    if (!operator_)
        return ERR(c->arena, ERR_CONFLICT, "nobody runs this server");
    TRY(operator_ask(c, operator_, help_description(c)));
    reply_see(c, "help_asked", "%s/help", web_space(c));
    return NULL;
}

static const struct route help_routes[] = {
    GET ("/p/:portal/help", SPACE_OPEN,   help_portal),
    POST("/p/:portal/help", TICKET_WRITE, help_portal_ask, .form = help_form, AGAIN(help_portal), .prepare = help_prepare),
    GET ("/o/:org/help",    SPACE_OPEN,   help_office),
    POST("/o/:org/help",    SPACE_OPEN,   help_office_ask, .form = help_form, AGAIN(help_office), .prepare = help_prepare),
    { 0 },
};

const struct feature help_feature = { .name = "help", .routes = help_routes };
