/* What is written to whom about support: the request, the code, the answer, the end. */
#include "base/clock.h"
#include "base/text.h"
#include "features/support/support_inside.h"
#include "mail/mail.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "tpl/tpl.h"

enum { WORDING_MOST = 4000 };

const struct choice support_levels[] = { { "read", N_("Lecture seule") }, { "management", N_("Gestion") }, { "accounting", N_("Gestion et comptabilité") }, { 0 } };
const struct choice support_lengths[] = { { "3", N_("3 h") }, { "24", N_("24 h") }, { "168", N_("7 jours") }, { "720", N_("30 jours") }, { "2160", N_("90 jours") },
    { "8760", N_("1 an") }, { "0", N_("durable") }, { 0 } };

const char support_link[] = "support";
const char support_code[] = "code";

static struct err *request_row(struct ctx *c, int64_t org_id, int64_t mandate_id, struct doc **ret_row)
{
    return ctx_row(c, &sql_support_request_show, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), ret_row);
}

/* A copy for one letter: mail_queue completes the document it is given. */
static struct doc *letter_data(struct ctx *c, const struct doc *request)
{
    static const char *const texts[] = { "level", "reason", "note", "answer", "org_name", "org_slug", "partner_name", "partner_slug", "partner_legal_name",
        "partner_siren", "partner_street", "partner_postcode", "partner_city", "partner_phone", "partner_email", "collaborator_name", "asked_by_name", "asked_by_title",
        "answered_by_name", "replaced_name", NULL };
    static const char *const numbers[] = { "hours", "dies_at", "ends_at", "asked_at", "mandate_id", "dossier_id", NULL };
    struct doc *data = doc_map(c->arena);
    doc_pick_texts(data, request, texts);
    doc_pick_ints(data, request, numbers);
    doc_set_bool(data, "is_lasting", doc_bool_of(request, "is_lasting"));
    return data;
}

struct err *support_wording(struct ctx *c, const struct doc *request, const char *level, int64_t hours, const char **ret_wording)
{
    struct buf out;
    struct doc *data = letter_data(c, request);
    buf_init(&out, c->arena, WORDING_MOST);
    doc_set_text(data, "level", level);
    doc_set_int(data, "hours", hours);
    doc_set_int(data, "until_at", support_end_at(c->now_ms, hours));
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "support_wording.txt", data, &out));
    *ret_wording = text_trim(c->arena, buf_end(&out));
    return NULL;
}

/* ---- The request (S-5) ---- */

struct err *support_letters(struct ctx *c, int64_t org_id, int64_t mandate_id, int *ret_count)
{
    struct doc *request = NULL, *people = NULL, *operator = NULL;
    TRY(request_row(c, org_id, mandate_id, &request));
    TRY(ctx_maybe(c, &sql_support_operator, NULL, &operator));
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", org_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = letter_data(c, request);
        int64_t link_id = ctx_id(c);
        doc_set_int(data, "until_at", support_end_at(c->now_ms, doc_int_of(request, "hours")));
        doc_set_text(data, "operator_name", doc_text_of(operator, "name"));
        doc_set_text(data, "operator_email", doc_text_of(operator, "email"));
        doc_set_text(data, "operator_street", doc_text_of(operator, "street"));
        doc_set_text(data, "operator_postcode", doc_text_of(operator, "postcode"));
        doc_set_text(data, "operator_city", doc_text_of(operator, "city"));
        TRY(ctx_run(c, &sql_support_letter_add, PARAMS(P_INT("link_id", link_id), P_INT("at_org", org_id), P_INT("of_mandate", mandate_id),
            P_INT("person_id", doc_int_of(person, "person_id")), P_TEXT("email_key", doc_text_of(person, "email_key")))));
        TRY(mail_queue(c, &(struct mail){ .template = "mail_support_asked", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = doc_int_of(request, "partner_id"), .link_id = link_id, .link_kind = support_link }, data));
    }
    if (ret_count)
        *ret_count = (int)doc_count(people);
    return NULL;
}

struct err *support_letters_again(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *request = NULL;
    int64_t changed = 0;
    TRY(request_row(c, org_id, mandate_id, &request));
    if (doc_int_of(request, "partner_id") != c->who.org_id || *doc_text_of(request, "answer"))
        return ERR(c->arena, ERR_NOT_FOUND, "no open request of this partner");
    TRY(ctx_run_any(c, &sql_support_request_resend, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id),
        P_INT("sent_before", c->now_ms - RESEND_HOURS * CLOCK_HOUR_MS)), &changed));
    return changed ? support_letters(c, org_id, mandate_id, NULL) : ERR(c->arena, ERR_TOO_MANY, "was sent within the last %d hours", RESEND_HOURS);
}

struct err *support_letters_lasting(struct ctx *c, int64_t mandate_id)
{
    int64_t request_id = 0;
    TRY(support_ask_again(c, mandate_id, &request_id));
    if (!request_id)
        return NULL;
    TRY(support_letters(c, c->who.org_id, request_id, NULL));
    return journal_write_at(c, c->who.org_id, &(struct journal_draft){ .action = "support_asked_again", .object_kind = "mandate", .object_id = request_id, .is_wanted = true });
}

struct err *support_letters_next(struct ctx *c, int64_t org_id, int64_t mandate_id, int64_t *ret_at)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_support_request_sent, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &row));
    *ret_at = row ? doc_int_of(row, "sent_at") + RESEND_HOURS * CLOCK_HOUR_MS : 0;
    return NULL;
}

/* ---- The code that proves the mailbox (S-6) ---- */

struct err *support_code_send(struct ctx *c, const struct doc *letter)
{
    int64_t changed = 0, code_id = ctx_id(c);
    struct doc *request = NULL;
    TRY(request_row(c, doc_int_of(letter, "org_id"), doc_int_of(letter, "mandate_id"), &request));
    TRY(ctx_run_any(c, &sql_support_code_new, PARAMS(P_INT("link_id", doc_int_of(letter, "link_id")), P_INT("code_id", code_id),
        P_INT("until", c->now_ms + CODE_MINUTES * CLOCK_MINUTE_MS), P_INT("tries_most", CODE_TRIES), P_INT("codes_most", CODES_MOST)), &changed));
    if (!changed)
        return form_error(c, "code", N_("Aucun autre code ne peut être envoyé pour cette demande : connectez-vous pour répondre."));
    return mail_queue(c, &(struct mail){ .template = "mail_support_code", .to_email = doc_text_of(letter, "email"), .to_name = doc_text_of(letter, "name"),
        .lang = doc_text_of(letter, "lang"), .org_id = doc_int_of(request, "partner_id"), .link_id = code_id, .link_kind = support_code }, letter_data(c, request));
}

/* ---- Told to both sides ---- */

static struct err *word_mail(struct ctx *c, const struct doc *request, enum support_word word, const char *why, const struct mail *to)
{
    static const char *const templates[] = { [SUPPORT_GRANTED] = "mail_support_granted", [SUPPORT_REFUSED] = "mail_support_refused", [SUPPORT_ENDED] = "mail_support_ended" };
    struct doc *data = letter_data(c, request);
    struct mail m = *to;
    m.template = templates[word];
    if (word == SUPPORT_GRANTED)     /* what was agreed to, not what was asked for */
        doc_set_text(data, "level", doc_text_of(request, "level_given"));
    doc_set_text(data, "by_name", c->who.person_name);
    doc_set_text(data, "why", why);
    doc_set_bool(data, "is_partner", m.org_id == doc_int_of(request, "partner_id"));
    return mail_queue(c, &m, data);
}

struct err *support_tell(struct ctx *c, const struct doc *request, enum support_word word, const char *why)
{
    int64_t org_id = doc_int_of(request, "org_id"), partner_id = doc_int_of(request, "partner_id");
    const char *asker = doc_text_of(request, "asked_by_email"), *collaborator = doc_text_of(request, "collaborator_email");
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", org_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        TRY(word_mail(c, request, word, why, &(struct mail){ .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = org_id, .is_office = true }));
    }
    TRY(word_mail(c, request, word, why, &(struct mail){ .to_email = asker, .to_name = doc_text_of(request, "asked_by_name"), .lang = doc_text_of(request, "asked_by_lang"),
        .org_id = partner_id }));
    if (word == SUPPORT_REFUSED || text_same(asker, collaborator))
        return NULL;
    return word_mail(c, request, word, why, &(struct mail){ .to_email = collaborator, .to_name = doc_text_of(request, "collaborator_name"),
        .lang = doc_text_of(request, "collaborator_lang"), .org_id = partner_id });
}

struct err *support_tell_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why)
{
    struct doc *request = NULL;
    TRY(request_row(c, org_id, mandate_id, &request));
    return support_tell(c, request, SUPPORT_ENDED, why);
}

static struct err *lost_one(struct ctx *c, const struct doc *at, const char *name)
{
    int64_t org_id = doc_int_of(at, "org_id"), mandate_id = doc_int_of(at, "mandate_id");
    struct doc *payload = doc_map(c->arena);
    doc_set_text(payload, "collaborator", name);
    doc_set_text(payload, "state", doc_text_of(at, "state"));
    TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "collaborator_removed", .object_kind = "mandate", .object_id = mandate_id, .payload = payload,
        .is_wanted = true }));
    return text_same(doc_text_of(at, "state"), "active") ? support_tell_end(c, org_id, mandate_id, "collaborator removed") : NULL;
}

struct err *support_tell_lost(struct ctx *c, const struct doc *rows, const char *name)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        TRY(lost_one(c, doc_at(rows, i), name));
    journal_number(c, "dossiers", (int64_t)doc_count(rows));
    return NULL;
}

struct err *support_tell_session(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *word, const char *reason)
{
    struct doc *request = NULL, *people = NULL;
    TRY(request_row(c, org_id, mandate_id, &request));
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", org_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = letter_data(c, request);
        doc_set_text(data, "word", word);
        doc_set_text(data, "why", reason);
        doc_set_int(data, "now_at", c->now_ms);
        TRY(mail_queue(c, &(struct mail){ .template = "mail_support_session", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = org_id, .is_office = true }, data));
    }
    return NULL;
}

struct err *support_tell_died(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *request = NULL;
    TRY(request_row(c, org_id, mandate_id, &request));
    return mail_queue(c, &(struct mail){ .template = "mail_support_died", .to_email = doc_text_of(request, "asked_by_email"), .to_name = doc_text_of(request, "asked_by_name"),
        .lang = doc_text_of(request, "asked_by_lang"), .org_id = doc_int_of(request, "partner_id") }, letter_data(c, request));
}
