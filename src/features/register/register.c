/* The register of an organization: lists, one mandate's sheet, its end; the folder's table of routes. */
#include "features/register/register.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/register/inside.h"
#include "mandate/queries.h"
#include "features/register/tell.h"
#include "mandate/access.h"
#include "mandate/journal.h"
#include "mandate/support.h"

const struct choice register_states[] = { { "active", N_("En vigueur") }, { "requested", N_("Demandés") }, { "ended", N_("Terminés") },
    { "refused", N_("Refusés") }, { "expired", N_("Sans réponse") }, { 0 } };

/* Who may end which: accesses and links whoever gives them, the rest whoever manages mandates. */
static bool may_end(const struct ctx *c, const struct doc *row)
{
    bool is_access = text_same(doc_text_of(row, "kind"), "access"), is_link = text_same(doc_text_of(row, "kind"), "link");
    return text_same(doc_text_of(row, "state"), "active") && (ctx_may(c, RIGHT_MANDATE_MANAGE) || (is_access && ctx_may(c, RIGHT_ACCESS_GRANT))
        || (is_link && ctx_may(c, RIGHT_LINK_MANAGE)));
}

/* A card of the back office, with what only it has: its end, « Pourquoi ? », and an ended access given again. */
static void office_card(struct ctx *c, struct doc *row)
{
    bool is_token = text_same(doc_text_of(row, "kind"), "token"), is_access = text_same(doc_text_of(row, "kind"), "access");
    bool is_active = text_same(doc_text_of(row, "state"), "active"), is_ended = text_same(doc_text_of(row, "state"), "ended");
    int64_t person = doc_int_of(row, "holder_person_id");
    card_fill(c, row, register_base(c));
    doc_set_bool(row, "can_end", may_end(c, row));
    if (is_active && text_same(doc_text_of(row, "kind"), "link"))
        doc_set_text(row, "why_path", arena_printf(c->arena, "%s/why?link=%lld", web_space(c), (long long)doc_int_of(row, "id")));
    if (is_active && person)
        doc_set_text(row, "why_path", arena_printf(c->arena, "%s/why?%s=%lld", web_space(c), is_token ? "token" : "who",
            (long long)(is_token ? doc_int_of(row, "id") : person)));
    doc_set_text(row, "again_path", !is_ended || !is_access || !ctx_may(c, RIGHT_ACCESS_GRANT) ? "" : arena_printf(c->arena, "%s/contacts/%lld/access/%s",
        web_space(c), (long long)doc_int_of(row, "holder_contact_id"), doc_text_of(row, "detail")));
}

/* ---- Lists (M-1) ---- */

static struct err *mandate_list(struct ctx *c)
{
    struct param state = register_state(c, register_states), kind = filter_choice(c, "kind", register_kinds);
    struct word_search words = word_filter(c, "search");
    filter_choices(c, "state", register_states);
    filter_choices(c, "kind", register_kinds);
    doc_set_bool(web_page(c), "can_export", ctx_may(c, RIGHT_EXPORT_ALL));
    doc_set_bool(web_page(c), "is_ended_tab", strcmp(state.data, "ended") == 0);
    TRY(doc_page(c, "mandates", words.is_any ? &sql_register_search : &sql_register_list, "id", PARAMS(state, kind, WORD_PARAMS(words))));
    struct doc *rows = doc_get_mut(c->doc, "mandates");
    for (size_t i = 0; i < doc_count(rows); i++)
        office_card(c, doc_at_mut(rows, i));
    return NULL;
}

static struct err *mandate_elsewhere(struct ctx *c)
{
    struct param state = register_state(c, register_states);
    filter_choices(c, "state", register_states);
    TRY(doc_page(c, "mandates", &sql_register_elsewhere, "org_id", PARAMS(state)));
    cards_fill(c, "mandates", "");
    return NULL;
}

/* ---- One mandate (M-3, M-6) ---- */

static struct err *mandate_row(struct ctx *c)
{
    TRY(doc_row(c, "mandate", &sql_register_show, PARAMS(P_INT("of_mandate", path_id(c, "mandate")), P_ABSENT("portal"), P_ABSENT("own"))));
    office_card(c, doc_get_mut(c->doc, "mandate"));
    return NULL;
}

static struct err *mandate_show(struct ctx *c)
{
    TRY(mandate_row(c));
    return sheet_fill(c, register_base(c));
}

/* ---- The end (M-1, M-5) ---- */

static struct err *mandate_ending(struct ctx *c)
{
    TRY(mandate_row(c));
    return doc_bool_of(doc_get(c->doc, "mandate"), "can_end") ? NULL : ERR(c->arena, ERR_CONFLICT, "not to be ended from here");
}

/* A membership ends by its own rules: the last administrator stays, a collaborator's clients hear of it. */
static struct err *stop(struct ctx *c, const struct doc *m)
{
    if (mandate_kind_read(doc_text_of(m, "kind")) != MANDATE_MEMBERSHIP)
        return mandate_end(c, doc_int_of(m, "id"), doc_int_of(m, "holder_person_id"), "withdrawn");
    bool is_collaborator = text_same(doc_text_of(m, "detail"), "collaborator");
    return is_collaborator ? tell_collaborator_end(c, m) : membership_end(c, doc_int_of(m, "holder_member_id"));
}

static struct err *mandate_stop(struct ctx *c)
{
    struct doc *m = NULL;
    int64_t id = path_id(c, "mandate"), support_id = 0;
    TRY(ctx_row(c, &sql_register_show, PARAMS(P_INT("of_mandate", id), P_ABSENT("portal"), P_ABSENT("own")), &m));
    if (!text_same(doc_text_of(m, "state"), "active"))
        return ERR(c->arena, ERR_CONFLICT, "the mandate is not active any more");
    if (!may_end(c, m))
        return ERR(c->arena, ERR_FORBIDDEN, "who gives accesses ends accesses");
    journal_object(c, "mandate", id);
    if (mandate_kind_read(doc_text_of(m, "kind")) == MANDATE_DOSSIER)
        TRY(support_standing(c, id, &support_id));
    TRY(stop(c, m));
    TRY(tell_ended(c, id, "withdrawn"));
    if (support_id)     /* it went with its dossier */
        TRY(tell_ended(c, support_id, "withdrawn"));
    reply_see(c, "mandate_ended", "%s/mandates/%lld", web_space(c), (long long)id);
    return NULL;
}

static const struct work_kind register_works[] = { { "mandate_expiry", mandate_expiry, CLOCK_MINUTE_MS, 0 }, { 0 } };

static const struct route register_routes[] = {
    GET ("/o/:org/mandates",                 MANDATE_READ,   mandate_list),
    GET ("/o/:org/mandates/elsewhere",       MANDATE_READ,   mandate_elsewhere),
    GET ("/o/:org/mandates/:mandate",        MANDATE_READ,   mandate_show),
    GET ("/o/:org/mandates/:mandate/end",    MANDATE_READ,   mandate_ending),
    POST("/o/:org/mandates/:mandate/end",    ACCESS_GRANT,   mandate_stop),
    GET ("/o/:org/why",                      SPACE_OPEN,     why_show),
    GET ("/p/:portal/mandates",              SPACE_OPEN,     client_mandates),
    GET ("/p/:portal/mandates/:mandate",     SPACE_OPEN,     client_mandate),
    GET ("/p/:portal/mandates/:mandate/end", SPACE_OPEN,     client_mandate_ending),
    POST("/p/:portal/mandates/:mandate/end", SPACE_OPEN,     client_mandate_stop),
    GET ("/p/:portal/why",                   SPACE_OPEN,     portal_why),
    GET ("/account/mandates",                SELF,           mandate_mine),
    GET ("/account/mandates/:mandate",       SELF,           mandate_own),
    GET ("/account/mandates/:mandate/end",   SELF,           mandate_renouncing),
    POST("/account/mandates/:mandate/end",   SELF,           mandate_renounce, AGAIN(mandate_renouncing)),
    { 0 },
};

static const struct place register_places[] = {
    { 'o', RIGHT_MANDATE_READ, "/mandates", N_("Accès & mandats") },
    { 'p', RIGHT_SPACE_OPEN, "/mandates", N_("Accès & mandats"), .in_profile = true },
    { 0 },
};

const struct feature register_feature = { .name = "register", .routes = register_routes, .places = register_places, .works = register_works };
