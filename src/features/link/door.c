/* The door of a link (L-8). Asking for it, however often and by whatever, changes nothing: its button sends the secret, and the opening counts then.
   What is not said: an id that is none and a wrong secret are one page; whether a link stands is said to who has its secret alone. */
#include <string.h>
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "features/link/inside.h"
#include "features/queries.h"
#include "mandate/queries.h"
#include "mail/mail.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"

enum { OPENINGS_AN_HOUR = 100, ASKED_AN_HOUR = 10, ASKED_A_DAY = 3, CODES_AN_HOUR = 5, CODES_A_DAY = 20 };

const struct field link_door_form[] = {
    { "secret", FIELD_PASSWORD, N_("Adresse complète du lien"), .max = 400 },   /* the kind that no page gives back */
    { 0 },
};

const struct field link_code_form[] = {
    { "code", FIELD_TEXT, N_("Code reçu par e-mail"), REQUIRED, .max = 12, .autocomplete = "one-time-code" },
    { 0 },
};

const struct field link_ask_form[] = {
    { "name", FIELD_TEXT, N_("Votre nom"), REQUIRED, .max = 100, .autocomplete = "name" },
    { "email", FIELD_EMAIL, N_("Votre e-mail"), REQUIRED, .autocomplete = "email" },
    { 0 },
};

static int64_t link_id(const struct ctx *c) { return path_id(c, "link"); }

/* ---- The page ---- */

struct err *link_door(struct ctx *c)
{
    struct doc *link = NULL;
    bool is_open = false;
    TRY(link_is_open(c, link_id(c), &is_open));
    if (is_open) {      /* the empty fragment: else the browser carries the secret's over */
        reply_see(c, NULL, "/l/%lld/jobs#", (long long)link_id(c));
        return NULL;
    }
    TRY(link_find(c, link_id(c), &link));
    doc_set_text(c->doc, "org_name", doc_text_of(link, "org_name"));
    form_show(c, link_door_form);
    return link ? web_brand(c, 'l', doc_text_of(link, "slug")) : NULL;
}

/* ---- What it answers ---- */

/* Nothing was done. Who has not shown the secret learns nothing, not even whose it is. */
static struct err *shut(struct ctx *c, const struct doc *link, const char *reason)
{
    journal_skip(c);
    c->who = authority_nobody(0);
    doc_set_text(c->doc, "reason", reason);
    doc_set_text(c->doc, "org_name", doc_text_of(link, "org_name"));
    doc_set_text(web_page(c), "door", arena_printf(c->arena, "/l/%lld", (long long)link_id(c)));
    form_show(c, link_ask_form);
    reply_status(c, link ? ERR_FORBIDDEN : ERR_NOT_FOUND);
    return link ? web_brand(c, 'l', doc_text_of(link, "slug")) : NULL;
}

static struct err *opened(struct ctx *c)
{
    journal_object(c, "link", link_id(c));
    reply_see(c, NULL, "/l/%lld/jobs", (long long)link_id(c));
    return NULL;
}

/* It stood when it was looked at, and not any more when it was taken: said as it is by now. */
static struct err *opened_or_late(struct ctx *c, struct err *e)
{
    struct doc *link = NULL;
    if (!e)
        return opened(c);
    if (e->code != ERR_CONFLICT)
        return e;
    TRY(link_find(c, link_id(c), &link));
    const char *state = link_state(link, c->now_ms);
    return shut(c, link, text_same(state, "active") ? "renewed" : state);
}

/* ---- The code (L-8) ---- */

/* "c…@bellerive.example": whom to ask for it, and no address for a stranger. */
static const char *email_hidden(struct ctx *c, const char *email)
{
    const char *at = strchr(email, '@');
    return at && at != email ? arena_printf(c->arena, "%.1s…%s", email, at) : "";
}

static struct err *code_waiting(struct ctx *c, struct doc **ret_link, struct doc **ret_waiting)
{
    int64_t browser_id = 0;
    TRY(link_find(c, link_id(c), ret_link));
    TRY(link_browser(c, &browser_id));
    return browser_id ? link_waiting(c, link_id(c), browser_id, ret_waiting) : NULL;
}

static struct err *contact_of(struct ctx *c, const struct doc *link, struct doc **ret_contact)
{
    struct authority before = c->who;
    link_enter(c, link);
    struct err *e = ctx_maybe(c, &sql_link_contact, PARAMS(P_INT("of_contact", doc_int_of(link, "contact_id"))), ret_contact);
    c->who = before;
    return e;
}

struct err *link_code_show(struct ctx *c)
{
    struct doc *link = NULL, *waiting = NULL, *contact = NULL;
    TRY(code_waiting(c, &link, &waiting));
    if (!link || !waiting) {
        reply_see(c, NULL, "/l/%lld", (long long)link_id(c));
        return NULL;
    }
    TRY(contact_of(c, link, &contact));
    doc_set_text(c->doc, "org_name", doc_text_of(link, "org_name"));
    doc_set_text(c->doc, "email", email_hidden(c, doc_text_of(contact, "email")));
    doc_set_int(c->doc, "minutes", LINK_CODE_MINUTES);
    form_show(c, link_code_form);
    return web_brand(c, 'l', doc_text_of(link, "slug"));
}

static struct err *code_send(struct ctx *c, const struct doc *link, const struct doc *contact, int64_t code_id)
{
    struct doc *data = doc_map(c->arena);
    doc_set_int(data, "minutes", LINK_CODE_MINUTES);
    return mail_queue(c, &(struct mail){ .template = "mail_link_code", .to_email = doc_text_of(contact, "email"), .to_name = doc_text_of(contact, "name"),
        .lang = doc_text_of(contact, "lang"), .org_id = doc_int_of(link, "org_id"), .link_id = code_id, .link_kind = "code" }, data);
}

/* The session waits; the code goes to the contact of the link. */
static struct err *code_begin(struct ctx *c, const struct doc *link, struct link_visit *visit)
{
    struct doc *contact = NULL;
    int64_t session_id = 0;
    TRY(contact_of(c, link, &contact));
    if (!contact)
        return shut(c, link, "no_contact");
    visit->code_id = ctx_id(c);
    struct err *e = link_open(c, link, visit, &session_id);
    if (e)
        return opened_or_late(c, e);
    TRY(code_send(c, link, contact, visit->code_id));
    journal_skip(c);
    reply_see(c, NULL, "/l/%lld/code", (long long)link_id(c));
    return NULL;
}

struct proof { int64_t session_id; };   /* from prepare to handler: the code was right */

static struct err *code_look(struct ctx *c, struct proof *proof)
{
    struct doc *link = NULL, *waiting = NULL;
    int64_t code_id = 0;
    TRY(code_waiting(c, &link, &waiting));
    if (!link || !waiting)
        return NULL;
    link_enter(c, link);
    TRY(link_code_try(c, doc_int_of(waiting, "id"), &code_id));
    const char *typed = form_text(c, "code"), *right = code_id ? mail_link_address_of(c, "code", code_id) : "";
    if (code_id && strlen(typed) == strlen(right) && secret_same(typed, right, strlen(right)))
        proof->session_id = doc_int_of(waiting, "id");
    return NULL;
}

/* Before the act, in a transaction of its own: a wrong one stays counted whatever becomes of the form. */
struct err *link_code_prepare(struct ctx *c)
{
    struct proof *proof = ARENA_NEW(c->arena, struct proof);
    c->own = proof;
    *proof = (struct proof){ 0 };
    TRY(limit_count(c, "link code", web_remote(c), OPENINGS_AN_HOUR, CLOCK_HOUR_MS));
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = code_look(c, proof);
    if (!e)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    c->who = authority_nobody(0);
    TRY(e);
    return proof->session_id ? NULL : form_error(c, "code", N_("Ce code n’est pas le bon, ou il a expiré. Rouvrez le lien pour en recevoir un autre."));
}

struct err *link_code(struct ctx *c)
{
    const struct proof *proof = c->own;
    struct doc *link = NULL;
    TRY(link_find(c, link_id(c), &link));
    if (!link)
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    link_enter(c, link);
    return opened_or_late(c, link_proved(c, link, proof->session_id));
}

/* ---- The button ---- */

/* Would this press send a code? Asked of who has the secret of a link that stands; of anybody else: no. */
static struct err *code_due(struct ctx *c, bool *ret_is_due)
{
    struct doc *link = NULL;
    int64_t browser_id = 0;
    bool is_open = false;
    TRY(link_find(c, link_id(c), &link));
    if (!link || !link_is_secret(c, link, text_trim(c->arena, form_text(c, "secret"))) || !text_same(link_state(link, c->now_ms), "active"))
        return NULL;
    TRY(link_is_open(c, link_id(c), &is_open));
    if (is_open)
        return NULL;
    TRY(link_browser(c, &browser_id));
    link_enter(c, link);
    return link_asks_code(c, link, browser_id, link_network(c), ret_is_due);
}

/* From wherever it is pressed: a link that went round fills nobody's mailbox, and each code has but a few tries. */
static struct err *code_limit(struct ctx *c)
{
    bool is_due = false;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = code_due(c, &is_due);
    db_rollback(c->db);
    c->who = authority_nobody(0);
    TRY(e);
    if (!is_due)
        return NULL;
    TRY(limit_count(c, "link codes of an hour", path_text(c, "link"), CODES_AN_HOUR, CLOCK_HOUR_MS));
    return limit_count(c, "link codes of a day", path_text(c, "link"), CODES_A_DAY, CLOCK_DAY_MS);
}

struct err *link_opening_prepare(struct ctx *c)
{
    TRY(limit_count(c, "link open", web_remote(c), OPENINGS_AN_HOUR, CLOCK_HOUR_MS));
    return code_limit(c);
}

static struct err *visit_begin(struct ctx *c, const struct doc *link)
{
    struct link_visit visit = { .network = link_network(c), .agent = link_agent(c) };
    bool asks_code = false;
    int64_t session_id = 0;
    TRY(link_browser(c, &visit.browser_id));
    link_enter(c, link);
    TRY(link_asks_code(c, link, visit.browser_id, visit.network, &asks_code));
    TRY(link_browser_renew(c, &visit.browser_id));
    return asks_code ? code_begin(c, link, &visit) : opened_or_late(c, link_open(c, link, &visit, &session_id));
}

struct err *link_opening(struct ctx *c)
{
    struct doc *link = NULL;
    bool is_open = false;
    TRY(link_find(c, link_id(c), &link));
    if (!link || !link_is_secret(c, link, text_trim(c->arena, form_text(c, "secret"))))
        return shut(c, NULL, "unknown");
    TRY(link_is_open(c, link_id(c), &is_open));
    if (is_open) {      /* the page before, sent once more */
        journal_skip(c);
        reply_see(c, NULL, "/l/%lld/jobs", (long long)link_id(c));
        return NULL;
    }
    const char *state = link_state(link, c->now_ms);
    return text_same(state, "active") ? visit_begin(c, link) : shut(c, link, state);
}

struct err *link_closing(struct ctx *c)
{
    TRY(link_close(c));
    journal_object(c, "link", link_id(c));
    reply_see(c, "link_closed", "/l/%lld", (long long)link_id(c));
    return NULL;
}

/* ---- Another one asked for ---- */

/* Counted for any id alike, so that the answer tells nothing of it. */
struct err *link_ask_prepare(struct ctx *c)
{
    TRY(limit_count(c, "link asked from", web_remote(c), ASKED_AN_HOUR, CLOCK_HOUR_MS));
    return limit_count(c, "link asked", path_text(c, "link"), ASKED_A_DAY, CLOCK_DAY_MS);
}

struct err *link_ask_show(struct ctx *c)
{
    form_show(c, link_ask_form);
    return NULL;
}

static struct err *ask_tell(struct ctx *c, const struct doc *link, const struct doc *reader)
{
    struct doc *data = doc_map(c->arena);
    doc_set_text(data, "name", form_text(c, "name"));
    doc_set_text(data, "email", form_text(c, "email"));
    doc_set_text(data, "client_name", doc_text_of(link, "client_name"));
    doc_set_int(data, "link_id", doc_int_of(link, "id"));
    return mail_queue(c, &(struct mail){ .template = "mail_link_asked", .to_email = doc_text_of(reader, "email"), .to_name = doc_text_of(reader, "name"),
        .lang = doc_text_of(reader, "lang"), .org_id = doc_int_of(link, "org_id"), .is_office = true }, data);
}

/* To who gave it, or, where they have left, to the administrators. A link that is none: the same answer, and nothing more. */
struct err *link_ask(struct ctx *c)
{
    struct doc *link = NULL, *readers = NULL;
    journal_skip(c);
    TRY(link_find(c, link_id(c), &link));
    if (!link)
        return NULL;
    c->who = authority_nobody(doc_int_of(link, "org_id"));
    TRY(ctx_rows(c, &sql_register_grantor, PARAMS(P_INT("of_mandate", link_id(c))), &readers));
    if (!doc_count(readers))
        TRY(ctx_rows(c, &sql_register_administrators, NULL, &readers));
    for (size_t i = 0; i < doc_count(readers); i++)
        TRY(ask_tell(c, link, doc_at(readers, i)));
    c->who = authority_nobody(0);
    return NULL;
}
