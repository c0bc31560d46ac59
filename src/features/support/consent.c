/* The page that answers a request for support (S-6). Opening it, however often and by whoever, changes nothing: only its forms answer, by an
   administrator who is signed in, or who types the code sent to the mailbox that the letter went to. */
#include "base/clock.h"
#include "base/text.h"
#include "features/support/support_inside.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "tpl/tpl.h"

enum { CODES_AN_HOUR = 20, TRIES_AN_HOUR = 30 };

static const struct choice term_choices[] = { { "until", N_("Temporaire") }, { "lasting", N_("Durable") }, { 0 } };

/* Each field once: the page shows all of them, an answer takes its own. */
#define FIELDS_GRANTED \
    { "level", FIELD_CHOICE, N_("Niveau"), REQUIRED, .choices = support_levels }, \
    { "term", FIELD_CHOICE, N_("Durée"), REQUIRED, .choices = term_choices }, \
    { "hours", FIELD_CHOICE, N_("Jusqu’à"), .choices = support_lengths }
#define FIELD_CODE { "code", FIELD_TEXT, N_("Code reçu par e-mail"), .max = 12, .autocomplete = "one-time-code" }
#define FIELD_NOTE \
    { "note", FIELD_LONG, N_("Raison du refus"), REQUIRED, .max = NOTE_MOST, .hint = N_("Elle est transmise à qui demande et reste au journal.") }

const struct field consent_form[] = { FIELDS_GRANTED, FIELD_CODE, { 0 } };
const struct field consent_refuse_form[] = { FIELD_NOTE, FIELD_CODE, { 0 } };
static const struct field consent_page_form[] = { FIELDS_GRANTED, FIELD_CODE, FIELD_NOTE, { 0 } };

/* ---- The page ---- */

/* A letter to somebody who is no administrator there any more opens nothing: neither the page, which goes on saying what became of it, nor a code. */
static struct err *letter_find(struct ctx *c, struct doc **ret_letter)
{
    struct doc *people = NULL;
    int64_t link_id = 0;
    if (!mail_link_read_of(c, support_link, path_text(c, "word"), &link_id))
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    TRY(ctx_row(c, &sql_support_letter_find, PARAMS(P_INT("link_id", link_id)), ret_letter));
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", doc_int_of(*ret_letter, "org_id"))), &people));
    for (size_t i = 0; i < doc_count(people); i++)
        if (doc_int_of(doc_at(people, i), "person_id") == doc_int_of(*ret_letter, "person_id"))
            return NULL;
    return ERR(c->arena, ERR_NOT_FOUND, "no administrator any more");
}

/* What may be granted: what was asked for, or less. */
static void levels_show(struct ctx *c, const struct doc *request)
{
    struct doc *levels = doc_list(c->arena);
    const char *asked = doc_text_of(request, "level"), *typed = form_text(c, "level");
    for (const struct choice *choice = support_levels; choice->value; choice++) {
        struct doc *level = doc_map(c->arena);
        doc_set_text(level, "value", choice->value);
        doc_set_text(level, "label", web_text(c, choice->label));
        doc_set_bool(level, "is_asked", text_same(choice->value, asked));
        doc_set_bool(level, "is_off", !support_level_within(choice->value, asked));
        doc_set_bool(level, "is_checked", text_same(choice->value, *typed ? typed : asked));
        doc_push(levels, level);
    }
    doc_set(web_page(c), "levels", levels);
}

static void lengths_show(struct ctx *c, const struct doc *request)
{
    struct doc *lengths = doc_list(c->arena);
    int64_t asked = doc_int_of(request, "hours"), chosen = asked, typed = 0;   /* lasting asked for: no date stands there until one is chosen */
    if (text_int(form_text(c, "hours"), &typed) && typed)
        chosen = typed;
    for (const struct choice *choice = support_lengths; choice->value; choice++) {
        struct doc *length = doc_map(c->arena);
        int64_t hours = 0;
        if (!text_int(choice->value, &hours) || !hours || !support_hours_within(hours, asked))
            continue;
        doc_set_text(length, "value", choice->value);
        doc_set_text(length, "label", web_text(c, choice->label));
        doc_set_int(length, "until_at", support_end_at(c->now_ms, hours));
        doc_set_bool(length, "is_asked", hours == asked);
        doc_set_bool(length, "is_selected", hours == chosen);
        doc_push(lengths, length);
    }
    doc_set(web_page(c), "lengths", lengths);
    const char *term = form_text(c, "term");
    doc_set_bool(web_page(c), "can_last", asked == 0);
    doc_set_bool(web_page(c), "is_lasting_chosen", asked == 0 && (*term ? text_same(term, "lasting") : true));
}

/* The request as the page shows it; nothing of the client's beside its name, for the address alone opens this. */
static struct err *request_put(struct ctx *c, int64_t org_id, int64_t mandate_id, struct doc **ret_request)
{
    static const char *const shown[] = { "level", "reason", "answer", "note", "org_name", "partner_name", "partner_legal_name", "partner_siren", "partner_street",
        "partner_postcode", "partner_city", "partner_phone", "partner_email", "collaborator_name", "asked_by_name", "asked_by_title", "answered_by_name", "replaced_name", NULL };
    static const char *const numbers[] = { "hours", "asked_at", "dies_at", "answered_at", "mandate_id", NULL };
    struct doc *row = NULL, *request = doc_map(c->arena);
    TRY(ctx_row(c, &sql_support_request_show, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &row));
    doc_pick_texts(request, row, shown);
    doc_pick_ints(request, row, numbers);
    doc_set(c->doc, "request", request);
    bool is_open = !*doc_text_of(row, "answer") && doc_int_of(row, "dies_at") > c->now_ms && doc_bool_of(row, "is_partner");
    doc_set_bool(c->doc, "is_open", is_open);
    doc_set_bool(web_page(c), "is_own", doc_int_of(row, "holder_person_id") == c->who.person_id && c->who.person_id);
    static const char *const facts[] = { "is_inside", "is_signed_in", "is_blocked", "can_send", "has_code" };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        doc_set_bool(web_page(c), facts[i], false);     /* said by who shows the page */
    form_show(c, consent_page_form);
    levels_show(c, row);
    lengths_show(c, row);
    if (ret_request)
        *ret_request = row;
    return NULL;
}

/* May who is signed in answer for this organization? Leaves the context as it was. */
static struct err *is_decider(struct ctx *c, int64_t org_id, bool *ret_is)
{
    struct authority asking = c->who;
    *ret_is = false;
    if (!asking.person_id)
        return NULL;
    c->who.is_delegating = false;     /* in their own right: never inside a support session */
    struct err *e = authority_load(c, org_id, false, 0, RIGHT_MANDATE_MANAGE);
    *ret_is = !e && ctx_may(c, RIGHT_MANDATE_MANAGE);
    c->who = asking;
    return e;
}

struct err *consent_show(struct ctx *c)
{
    struct doc *letter = NULL, *row = NULL;
    bool is_signed_in = false;
    TRY(letter_find(c, &letter));
    int64_t org_id = doc_int_of(letter, "org_id");
    TRY(request_put(c, org_id, doc_int_of(letter, "mandate_id"), &row));
    TRY(is_decider(c, org_id, &is_signed_in));
    struct doc *page = web_page(c);
    bool is_blocked = doc_int_of(letter, "code_tries") >= CODE_TRIES;
    doc_set_bool(page, "is_signed_in", is_signed_in);
    doc_set_bool(page, "is_blocked", !is_signed_in && is_blocked);
    doc_set_bool(page, "can_send", !is_signed_in && !is_blocked && doc_int_of(letter, "code_count") < CODES_MOST);
    doc_set_bool(page, "has_code", !is_signed_in && !is_blocked && doc_int_of(letter, "code_until") > c->now_ms);
    doc_set_text(page, "email", doc_text_of(letter, "email"));
    doc_set_text(page, "word", path_text(c, "word"));
    doc_set_text(page, "action", arena_printf(c->arena, "/account/support/%s", path_text(c, "word")));
    doc_set_text(page, "support_path", is_signed_in ? arena_printf(c->arena, "/o/%s/support", doc_text_of(row, "org_slug")) : "");
    return web_brand(c, 'o', doc_text_of(row, "partner_slug"));
}

/* ---- The code ---- */

struct err *consent_code_prepare(struct ctx *c)
{
    TRY(limit_count(c, "support code", path_text(c, "word"), CODES_AN_HOUR, CLOCK_HOUR_MS));
    return limit_count(c, "support code from", web_remote(c), CODES_AN_HOUR, CLOCK_HOUR_MS);
}

struct err *consent_code(struct ctx *c)
{
    struct doc *letter = NULL;
    TRY(letter_find(c, &letter));
    journal_skip(c);
    TRY(support_code_send(c, letter));
    reply_see(c, "support_code_sent", "/account/support/%s", path_text(c, "word"));
    return NULL;
}

struct proof { int64_t link_id, code_id; };   /* from prepare to handler: the code was right */

static struct err *code_check(struct ctx *c, const struct doc *letter, const char *code, struct proof *proof)
{
    struct doc *row = NULL;
    int64_t link_id = doc_int_of(letter, "link_id");
    TRY(ctx_maybe(c, &sql_support_code_try, PARAMS(P_INT("link_id", link_id), P_INT("tries_most", CODE_TRIES)), &row));
    if (!row)
        return NULL;
    if (!text_same(code, mail_link_address_of(c, support_code, doc_int_of(row, "code_id"))))
        return NULL;
    *proof = (struct proof){ link_id, doc_int_of(row, "code_id") };
    return ctx_run(c, &sql_support_code_right, PARAMS(P_INT("link_id", link_id)));
}

/* Looks at the code before the act, in a transaction of its own: a wrong one stays counted whatever becomes of the form. */
struct err *consent_prepare(struct ctx *c)
{
    struct proof *proof = ARENA_NEW(c->arena, struct proof);
    struct doc *letter = NULL;
    bool is_signed_in = false;
    const char *code = form_text(c, "code");
    c->own = proof;
    *proof = (struct proof){ 0 };
    TRY(limit_count(c, "support answer", web_remote(c), TRIES_AN_HOUR, CLOCK_HOUR_MS));
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = letter_find(c, &letter);
    if (!e)
        e = is_decider(c, doc_int_of(letter, "org_id"), &is_signed_in);
    if (!e && !is_signed_in && *code)
        e = code_check(c, letter, code, proof);
    if (!e)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    TRY(e);
    if (is_signed_in || proof->link_id)
        return NULL;
    if (doc_int_of(letter, "code_tries") + (*code != '\0') >= CODE_TRIES)
        return form_error(c, "code", N_("Trois codes faux : ce lien n’en accepte plus. La demande tient toujours ; connectez-vous pour y répondre."));
    return form_error(c, "code", *code ? N_("Ce code n’est pas le bon, ou il a expiré.") : N_("Connectez-vous, ou demandez un code et saisissez-le ici."));
}

/* ---- Answered ---- */

/* From here on the act is the administrator's, in the client's space: by their own session, or by the code in the mailbox. */
static struct err *decider_enter(struct ctx *c, const struct doc *letter, const char **ret_how)
{
    const struct proof *proof = c->own;
    int64_t org_id = doc_int_of(letter, "org_id");
    *ret_how = "form";
    if (proof && proof->link_id) {
        int64_t spent = 0;
        TRY(ctx_run_any(c, &sql_support_code_spend, PARAMS(P_INT("link_id", proof->link_id), P_INT("code_id", proof->code_id)), &spent));
        if (!spent)
            return form_error(c, "code", N_("Ce code n’est pas le bon, ou il a expiré."));
        *ret_how = "code";
        c->who = (struct authority){ .person_id = doc_int_of(letter, "person_id"), .person_name = doc_text_of(letter, "name"), .person_email = doc_text_of(letter, "email"),
            .granted_by = "" };
    }
    c->who.is_delegating = false;
    TRY(authority_load(c, org_id, false, 0, RIGHT_MANDATE_MANAGE));
    if (!ctx_may(c, RIGHT_MANDATE_MANAGE))
        return ERR(c->arena, ERR_NOT_FOUND, "no administrator of this organization");
    return authority_hold(c);
}

static struct err *answer_grant(struct ctx *c, int64_t mandate_id, const char *how)
{
    struct doc *request = NULL;
    struct support_grant grant = { .mandate_id = mandate_id, .level = form_text(c, "level"), .how = how };
    const struct param *which = PARAMS(P_INT("at_org", c->who.org_id), P_INT("of_mandate", mandate_id));
    int64_t replaced_id = 0;
    /* A date chosen beside « Durable » counts: of two answers the lesser one is what was agreed to. */
    if ((!text_int(form_text(c, "hours"), &grant.hours) || !grant.hours) && text_same(form_text(c, "term"), "until"))
        return form_error(c, "hours", N_("Choisissez jusqu’à quand."));
    TRY(ctx_row(c, &sql_support_request_show, which, &request));
    if (!support_level_within(grant.level, doc_text_of(request, "level")))
        return form_error(c, "level", N_("Ce niveau n’a pas été demandé."));
    if (!support_hours_within(grant.hours, doc_int_of(request, "hours")))
        return form_error(c, "hours", N_("Cette durée dépasse ce qui a été demandé."));
    TRY(support_wording(c, request, grant.level, grant.hours, &grant.wording));
    TRY(support_grant(c, &grant, &replaced_id));
    journal_object(c, "mandate", mandate_id);
    journal_text(c, "collaborator", doc_text_of(request, "collaborator_name"));
    journal_text(c, "partner", doc_text_of(request, "partner_name"));
    journal_text(c, "level", grant.level);
    journal_text(c, "how", how);
    if (replaced_id)
        TRY(support_tell_end(c, c->who.org_id, replaced_id, "replaced"));
    TRY(ctx_row(c, &sql_support_request_show, which, &request));
    return support_tell(c, request, SUPPORT_GRANTED, "");
}

static struct err *answer_refuse(struct ctx *c, int64_t mandate_id)
{
    struct doc *request = NULL;
    TRY(support_refuse(c, mandate_id, form_text(c, "note")));
    TRY(ctx_row(c, &sql_support_request_show, PARAMS(P_INT("at_org", c->who.org_id), P_INT("of_mandate", mandate_id)), &request));
    journal_object(c, "mandate", mandate_id);
    journal_text(c, "collaborator", doc_text_of(request, "collaborator_name"));
    journal_text(c, "note", form_text(c, "note"));
    return support_tell(c, request, SUPPORT_REFUSED, "");
}

/* Answered in the meantime, by a colleague say: the page says by whom. */
static struct err *answer_late(struct ctx *c, struct err *e)
{
    return e && e->code == ERR_CONFLICT ? form_error(c, "page", N_("Cette demande a déjà reçu une réponse, ou ne tient plus.")) : e;
}

struct err *consent_grant(struct ctx *c)
{
    struct doc *letter = NULL;
    const char *how = NULL;
    TRY(letter_find(c, &letter));
    TRY(decider_enter(c, letter, &how));
    TRY(answer_late(c, answer_grant(c, doc_int_of(letter, "mandate_id"), how)));
    reply_see(c, "support_granted", "/account/support/%s", path_text(c, "word"));
    return NULL;
}

struct err *consent_refuse(struct ctx *c)
{
    struct doc *letter = NULL;
    const char *how = NULL;
    TRY(letter_find(c, &letter));
    TRY(decider_enter(c, letter, &how));
    TRY(answer_late(c, answer_refuse(c, doc_int_of(letter, "mandate_id"))));
    reply_see(c, "support_refused", "/account/support/%s", path_text(c, "word"));
    return NULL;
}

/* ---- The same, inside the client's back office ---- */

struct err *support_request(struct ctx *c)
{
    TRY(request_put(c, c->who.org_id, path_id(c, "request"), NULL));
    doc_set_bool(web_page(c), "is_signed_in", ctx_may(c, RIGHT_MANDATE_MANAGE));
    doc_set_bool(web_page(c), "is_inside", true);
    doc_set_text(web_page(c), "action", arena_printf(c->arena, "%s/support/requests/%lld", web_space(c), (long long)path_id(c, "request")));
    return NULL;
}

struct err *support_request_grant(struct ctx *c)
{
    TRY(answer_late(c, answer_grant(c, path_id(c, "request"), "form")));
    reply_see(c, "support_granted", "%s/support", web_space(c));
    return NULL;
}

struct err *support_request_refuse(struct ctx *c)
{
    TRY(answer_late(c, answer_refuse(c, path_id(c, "request"))));
    reply_see(c, "support_refused", "%s/support", web_space(c));
    return NULL;
}
