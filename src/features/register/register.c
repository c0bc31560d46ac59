#include "features/register/register.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/register/why.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"
#include "work/work.h"

static const struct choice kinds[] = {
#define KIND(name, word, label, sentence) { word, label },
#include "mandate/kinds.def"
#undef KIND
    { 0 },
};
static const struct choice states[] = { { "active", N_("En vigueur") }, { "requested", N_("Demandés") }, { "ended", N_("Terminés") },
    { "refused", N_("Refusés") }, { "expired", N_("Sans réponse") }, { 0 } };

/* ---- A card ---- */

/* Rights as sentences, but the entrance that goes without saying. A membership is told by its role. */
static struct doc *card_rights(struct ctx *c, enum mandate_kind kind, const char *detail)
{
    struct doc *list = doc_list(c->arena);
    rights_set given = kind == MANDATE_KINDS || kind == MANDATE_MEMBERSHIP ? 0 : mandate_gives(kind, detail);
    for (int right = RIGHT_SPACE_OPEN + 1; right < RIGHTS; right++)
        if (given & RIGHT_BIT(right)) {
            struct doc *row = doc_map(c->arena);
            doc_set_text(row, "word", right_word((enum right)right));
            doc_set_text(row, "sentence", web_text(c, right_sentence((enum right)right)));
            doc_push(list, row);
        }
    return list;
}

/* What a card shows beside the row: label, rights, how much of its time has gone. */
static void card_fill(struct ctx *c, struct doc *row)
{
    enum mandate_kind kind = mandate_kind_read(doc_text_of(row, "kind"));
    int64_t start = doc_int_of(row, "starts_at"), end = doc_int_of(row, "ends_at"), gone = c->now_ms - start;
    doc_set_text(row, "label", kind == MANDATE_KINDS ? "" : web_text(c, mandate_label(kind)));
    doc_set(row, "rights", card_rights(c, kind, doc_text_of(row, "detail")));
    doc_set_int(row, "past_percent", end <= start ? 0 : gone >= end - start ? 100 : gone > 0 ? gone * 100 / (end - start) : 0);
    doc_set_int(row, "left_days", end > c->now_ms ? (end - c->now_ms + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS : 0);
}

static void cards_fill(struct ctx *c, const char *key)
{
    struct doc *rows = doc_get_mut(c->doc, key);
    for (size_t i = 0; i < doc_count(rows); i++)
        card_fill(c, doc_at_mut(rows, i));
}

/* Who may end which: accesses whoever gives them, the rest whoever manages mandates. */
static bool may_end(const struct ctx *c, const struct doc *row)
{
    bool is_access = text_same(doc_text_of(row, "kind"), "access");
    return text_same(doc_text_of(row, "state"), "active") && (ctx_may(c, RIGHT_MANDATE_MANAGE) || (is_access && ctx_may(c, RIGHT_ACCESS_GRANT)));
}

/* ---- Lists (M-1) ---- */

static struct err *mandate_list(struct ctx *c)
{
    struct param state = filter_choice(c, "state", states), kind = filter_choice(c, "kind", kinds);
    if (state.kind != PARAM_TEXT)
        state = P_TEXT("state", "active");
    filter_choices(c, "state", states);
    filter_choices(c, "kind", kinds);
    doc_set_bool(web_page(c), "is_ended_tab", strcmp(state.data, "ended") == 0);
    TRY(doc_page(c, "mandates", &sql_register_list, "id", PARAMS(state, kind)));
    cards_fill(c, "mandates");
    struct doc *rows = doc_get_mut(c->doc, "mandates");
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_bool(doc_at_mut(rows, i), "can_end", may_end(c, doc_at(rows, i)));
    return NULL;
}

static struct err *mandate_mine(struct ctx *c)
{
    TRY(doc_rows(c, "mandates", &sql_register_mine, NULL));
    cards_fill(c, "mandates");
    return NULL;
}

/* ---- One mandate (M-3, M-6) ---- */

/* Consent record of ISO/IEC TS 27560, as far as its fields have a meaning here. Times in milliseconds UTC. */
static struct doc *receipt(struct ctx *c, const struct doc *m)
{
    struct doc *r = doc_map(c->arena), *events = doc_list(c->arena);
    static const struct { const char *key, *event; } times[] = { { "created_at", "recorded" }, { "starts_at", "given" }, { "ended_at", "ended" } };
    doc_set_text(r, "schema_version", "ISO/IEC TS 27560:2023");
    doc_set_int(r, "record_id", doc_int_of(m, "id"));
    doc_set_text(r, "controller", doc_text_of(m, "organization_name"));
    doc_set_text(r, "holder", doc_text_of(m, "holder_name"));
    doc_set_text(r, "on_behalf_of", doc_text_of(m, "client_name"));
    doc_set_text(r, "purpose", doc_text_of(m, "label"));
    doc_set(r, "allowed", card_rights(c, mandate_kind_read(doc_text_of(m, "kind")), doc_text_of(m, "detail")));
    doc_set_text(r, "wording", doc_text_of(m, "wording"));
    doc_set_int(r, "granted_at", doc_int_of(m, "starts_at"));
    doc_set_text(r, "granted_by", doc_text_of(m, "given_by_name"));
    doc_set_text(r, "agreed_how", doc_text_of(m, "agreed_how"));
    if (doc_int_of(m, "ends_at"))
        doc_set_int(r, "valid_until", doc_int_of(m, "ends_at"));
    else
        doc_set_null(r, "valid_until");
    doc_set_text(r, "withdrawal_method", arena_printf(c->arena, "%s%s/mandates/%lld/end", web_address(c), web_space(c), (long long)doc_int_of(m, "id")));
    doc_set_text(r, "state", doc_text_of(m, "state"));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (doc_int_of(m, times[i].key)) {
            struct doc *event = doc_map(c->arena);
            doc_set_text(event, "event", times[i].event);
            doc_set_int(event, "event_at", doc_int_of(m, times[i].key));
            doc_push(events, event);
        }
    doc_set(r, "events", events);
    return r;
}

static struct err *mandate_row(struct ctx *c)
{
    TRY(doc_row(c, "mandate", &sql_register_show, PARAMS(P_INT("of_mandate", path_id(c, "mandate")))));
    struct doc *row = doc_get_mut(c->doc, "mandate");
    card_fill(c, row);
    doc_set_bool(row, "can_end", may_end(c, row));
    return NULL;
}

static struct err *mandate_show(struct ctx *c)
{
    TRY(mandate_row(c));
    doc_set(c->doc, "receipt", receipt(c, doc_get(c->doc, "mandate")));
    return doc_page(c, "entries", &sql_register_journal, "id", PARAMS(P_INT("of_mandate", path_id(c, "mandate"))));
}

/* ---- The end (M-1, M-5) ---- */

static struct err *end_tell(struct ctx *c, int64_t mandate_id, const char *label, const char *why)
{
    struct doc *people = NULL;
    TRY(ctx_row(c, &sql_register_people, PARAMS(P_INT("of_mandate", mandate_id)), &people));
    static const char *const sides[][3] = { { "holder_email", "holder_name", "holder_lang" }, { "grantor_email", "grantor_name", "grantor_lang" } };
    for (int i = 0; i < 2; i++) {
        const char *email = doc_text_of(people, sides[i][0]), *lang = doc_text_of(people, sides[i][2]);
        if (!*email || (i == 1 && text_same(email, doc_text_of(people, "holder_email"))))
            continue;
        struct doc *data = doc_map(c->arena);
        doc_set_text(data, "label", tpl_text(c->tpl, lang, label));
        doc_set_text(data, "holder_name", doc_text_of(people, "holder_name"));
        doc_set_text(data, "by_name", c->who.person_name);
        doc_set_text(data, "why", why);
        TRY(mail_queue(c, &(struct mail){ .template = "mail_mandate_ended", .to_email = email, .to_name = doc_text_of(people, sides[i][1]),
            .lang = lang, .org_id = c->who.org_id }, data));
    }
    return NULL;
}

static struct err *mandate_ending(struct ctx *c)
{
    TRY(mandate_row(c));
    return doc_bool_of(doc_get(c->doc, "mandate"), "can_end") ? NULL : ERR(c->arena, ERR_CONFLICT, "not to be ended from here");
}

static struct err *mandate_stop(struct ctx *c)
{
    struct doc *m = NULL;
    int64_t id = path_id(c, "mandate");
    TRY(ctx_row(c, &sql_register_show, PARAMS(P_INT("of_mandate", id)), &m));
    if (!text_same(doc_text_of(m, "state"), "active"))
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    if (!may_end(c, m))
        return ERR(c->arena, ERR_FORBIDDEN, "who gives accesses ends accesses");
    enum mandate_kind kind = mandate_kind_read(doc_text_of(m, "kind"));
    journal_object(c, "mandate", id);
    if (kind == MANDATE_MEMBERSHIP)
        TRY(membership_end(c, doc_int_of(m, "holder_member_id")));
    else
        TRY(mandate_end(c, id, doc_int_of(m, "holder_person_id"), "withdrawn"));
    TRY(end_tell(c, id, mandate_label(kind), "withdrawn"));
    reply_see(c, "mandate_ended", "%s/mandates", web_space(c));
    return NULL;
}

/* Those past their date, each an entry in its organization's log; both sides are told. */
static struct err *mandate_expiry(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct doc *due = NULL;
    struct authority nobody = c->who;
    TRY(mandates_due(c, &due));
    for (size_t i = 0; i < doc_count(due); i++) {
        const struct doc *row = doc_at(due, i);
        c->who = (struct authority){ .org_id = doc_int_of(row, "org_id"), .person_name = "", .person_email = "", .granted_by = "" };
        TRY(mandate_end(c, doc_int_of(row, "id"), doc_int_of(row, "holder_person_id"), "date"));
        TRY(end_tell(c, doc_int_of(row, "id"), mandate_label(mandate_kind_read(doc_text_of(row, "kind"))), "date"));
        c->journal = (struct journal_draft){ .action = "mandate_expiry", .object_kind = "mandate", .object_id = doc_int_of(row, "id"), .is_wanted = true };
        TRY(journal_write(c));
    }
    c->journal = (struct journal_draft){ 0 };
    c->who = nobody;
    return NULL;
}

static const struct work_kind register_works[] = { { "mandate_expiry", mandate_expiry, CLOCK_MINUTE_MS, 0 }, { 0 } };

static const struct route register_routes[] = {
    GET ("/o/:org/mandates",              MANDATE_READ, mandate_list),
    GET ("/o/:org/mandates/:mandate",     MANDATE_READ, mandate_show),
    GET ("/o/:org/mandates/:mandate/end", MANDATE_READ, mandate_ending),
    POST("/o/:org/mandates/:mandate/end", ACCESS_GRANT, mandate_stop),
    GET ("/o/:org/why",                   MANDATE_READ, why_show),
    GET ("/account/mandates",             SELF,         mandate_mine),
    { 0 },
};

static const struct place register_places[] = { { 'o', RIGHT_MANDATE_READ, "/mandates", N_("Accès & mandats") }, { 0 } };

const struct feature register_feature = { .name = "register", .routes = register_routes, .places = register_places, .works = register_works };
