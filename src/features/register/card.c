/* A mandate as it is shown: card, receipt (M-6), what was done under it (M-3). */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/register/inside.h"
#include "mandate/queries.h"
#include "features/register/register.h"
#include "mandate/access.h"
#include "mandate/token.h"

const struct choice register_kinds[] = {
#define KIND(name, word, label, sentence) { word, label },
#include "mandate/kinds.def"
#undef KIND
    { 0 },
};

struct param register_state(struct ctx *c, const struct choice *states)
{
    struct param state = filter_choice(c, "state", states);
    return state.kind == PARAM_TEXT ? state : P_TEXT("state", "active");
}

const char *register_base(struct ctx *c) { return arena_printf(c->arena, "%s/mandates", web_space(c)); }

/* ---- A card ---- */

static rights_set rights_of(const struct doc *m)
{
    enum mandate_kind kind = mandate_kind_read(doc_text_of(m, "kind"));
    if (kind == MANDATE_TOKEN)
        return token_rights_read(doc_text_of(m, "token_rights"));
    return kind == MANDATE_KINDS || kind == MANDATE_MEMBERSHIP ? 0 : mandate_gives(kind, doc_text_of(m, "detail"));
}

/* A sentence stands alone; on a chip it ends without its period. */
static const char *chip_text(struct ctx *c, const char *sentence)
{
    size_t len = strlen(sentence);
    return len && sentence[len - 1] == '.' ? arena_copy(c->arena, sentence, len - 1) : sentence;
}

/* Rights as sentences, but the entrance that goes without saying. A membership is told by its role. */
static struct doc *card_rights(struct ctx *c, const struct doc *m)
{
    struct doc *list = doc_list(c->arena);
    rights_set given = rights_of(m);
    for (int right = RIGHT_SPACE_OPEN + 1; right < RIGHTS; right++)
        if (given & RIGHT_BIT(right)) {
            struct doc *row = doc_map(c->arena);
            const char *sentence = web_text(c, right_sentence((enum right)right));
            doc_set_text(row, "word", right_word((enum right)right));
            doc_set_text(row, "sentence", sentence);
            doc_set_text(row, "chip", chip_text(c, sentence));
            doc_push(list, row);
        }
    return list;
}

/* A link is nobody's by name, and on a part of what the client has. */
static void card_link(struct ctx *c, struct doc *row)
{
    int64_t job = doc_int_of(row, "job_number");
    const char *site = doc_text_of(row, "site_name");
    doc_set_text(row, "party_name", web_text(c, N_("Quiconque a l’adresse")));
    doc_set_text(row, "holder_name", doc_text_of(row, "party_name"));
    doc_set_text(row, "object_sub", job ? arena_printf(c->arena, "I-%lld", (long long)job) : *site ? site : web_text(c, N_("toute l’activité")));
}

static void card_parties(struct doc *row, enum mandate_kind kind)
{
    const char *program = doc_text_of(row, "program_name"), *client = doc_text_of(row, "client_name"), *org = doc_text_of(row, "organization_name");
    bool is_client = *client != '\0';
    doc_set_bool(row, "is_program", kind == MANDATE_TOKEN);
    doc_set_text(row, "party_name", *program ? program : doc_text_of(row, "holder_name"));
    doc_set_text(row, "party_sub", *program ? doc_text_of(row, "holder_name") : doc_text_of(row, "holder_org_name"));
    doc_set_text(row, "object_name", is_client ? client : org);
    doc_set_text(row, "object_sub", is_client ? org : "");
    doc_set_text(row, "part", kind == MANDATE_ACCESS ? doc_text_of(row, "detail") : "");
    doc_set_text(row, "role", kind == MANDATE_MEMBERSHIP ? doc_text_of(row, "detail") : "");
}

void card_fill(struct ctx *c, struct doc *row, const char *base)
{
    enum mandate_kind kind = mandate_kind_read(doc_text_of(row, "kind"));
    int64_t start = doc_int_of(row, "starts_at"), end = doc_int_of(row, "ends_at"), gone = c->now_ms - start;
    bool is_asked = text_same(doc_text_of(row, "state"), "requested");
    int64_t falls_at = doc_int_of(row, "answer_by") ? doc_int_of(row, "answer_by") : doc_int_of(row, "created_at") + ANSWER_DAYS * CLOCK_DAY_MS;
    doc_set_text(row, "label", kind == MANDATE_KINDS ? "" : web_text(c, mandate_label(kind)));
    doc_set(row, "rights", card_rights(c, row));
    card_parties(row, kind);
    if (kind == MANDATE_LINK)
        card_link(c, row);
    doc_set_int(row, "past_percent", end <= start ? 0 : gone >= end - start ? 100 : gone > 0 ? gone * 100 / (end - start) : 0);
    doc_set_int(row, "left_days", end > c->now_ms ? (end - c->now_ms + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS : 0);
    doc_set_bool(row, "is_asked", is_asked);
    doc_set_bool(row, "is_born", text_same(doc_text_of(row, "agreed_how"), "born"));   /* M-5: with what it rests on */
    doc_set_int(row, "falls_at", is_asked ? falls_at : 0);
    doc_set_text(row, "sheet", *base ? arena_printf(c->arena, "%s/%lld", base, (long long)doc_int_of(row, "id")) : "");
    doc_set_text(row, "why_path", "");
    if (!doc_get(row, "can_end"))
        doc_set_bool(row, "can_end", false);
}

void cards_fill(struct ctx *c, const char *key, const char *base)
{
    struct doc *rows = doc_get_mut(c->doc, key);
    for (size_t i = 0; i < doc_count(rows); i++)
        card_fill(c, doc_at_mut(rows, i), base);
}

void names_hide(struct ctx *c, struct doc *row)
{
    static const char *const names[][3] = { { "given_by_name", "agreed_by", "is_given_by_staff" }, { "ended_by_name", "ended_by", "is_ended_by_staff" } };
    for (size_t i = 0; i < 2; i++)
        if (*doc_text_of(row, names[i][0]) && doc_int_of(row, names[i][1]) != c->who.person_id && !doc_bool_of(row, names[i][2]))
            doc_set_text(row, names[i][0], *doc_text_of(row, "client_name") ? doc_text_of(row, "client_name") : doc_text_of(row, "organization_name"));
}

struct err *register_contact_cards(struct ctx *c, const char *key, int64_t contact_id)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_register_contact, PARAMS(P_INT("of_contact", contact_id)), &rows));
    bool sees = ctx_may(c, RIGHT_MANDATE_READ), gives = ctx_may(c, RIGHT_ACCESS_GRANT);
    doc_set(web_page(c), key, rows);
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        card_fill(c, row, sees ? register_base(c) : "");
        doc_set_bool(row, "can_end", sees && gives);
    }
    return NULL;
}

/* ---- The receipt ---- */

static void receipt_events(struct ctx *c, struct doc *r, const struct doc *m)
{
    static const struct { const char *key, *event; } times[] = { { "created_at", "recorded" }, { "starts_at", "given" }, { "ended_at", "ended" } };
    struct doc *events = doc_list(c->arena);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (doc_int_of(m, times[i].key)) {
            struct doc *event = doc_map(c->arena);
            doc_set_text(event, "event", times[i].event);
            doc_set_int(event, "event_at", doc_int_of(m, times[i].key));
            doc_push(events, event);
        }
    doc_set(r, "events", events);
}

/* Consent record of ISO/IEC TS 27560, as far as its fields have a meaning here. Times in milliseconds UTC. */
static struct doc *receipt(struct ctx *c, const struct doc *m, const char *base)
{
    struct doc *r = doc_map(c->arena);
    doc_set_text(r, "schema_version", "ISO/IEC TS 27560:2023");
    doc_set_int(r, "record_id", doc_int_of(m, "id"));
    doc_set_text(r, "controller", doc_text_of(m, "organization_name"));
    doc_set_text(r, "holder", doc_text_of(m, "holder_name"));
    doc_set_text(r, "on_behalf_of", doc_text_of(m, "client_name"));
    doc_set_text(r, "purpose", doc_text_of(m, "label"));
    doc_set(r, "allowed", card_rights(c, m));
    doc_set_text(r, "wording", doc_text_of(m, "wording"));
    doc_set_int(r, "granted_at", doc_int_of(m, "starts_at"));
    doc_set_text(r, "granted_by", doc_text_of(m, "given_by_name"));
    doc_set_text(r, "agreed_how", doc_text_of(m, "agreed_how"));
    if (doc_int_of(m, "ends_at"))
        doc_set_int(r, "valid_until", doc_int_of(m, "ends_at"));
    else
        doc_set_null(r, "valid_until");
    doc_set_text(r, "withdrawal_method", arena_printf(c->arena, "%s%s/%lld/end", web_address(c), base, (long long)doc_int_of(m, "id")));
    doc_set_text(r, "state", doc_text_of(m, "state"));
    receipt_events(c, r, m);
    return r;
}

struct err *sheet_fill(struct ctx *c, const char *base)
{
    const struct doc *m = doc_get(c->doc, "mandate");
    doc_set(c->doc, "receipt", receipt(c, m, base));
    TRY(doc_page(c, "entries", &sql_register_journal, "id", PARAMS(P_INT("of_mandate", doc_int_of(m, "id")))));
    return lines_tell(c, doc_get_mut(c->doc, "entries"));
}
