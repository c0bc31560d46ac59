/* One dossier, and acts on one or on many: a support asked for, asked again, detached, entered (S-4, S-8, S-10, S-11). */
#include "base/id.h"
#include "base/text.h"
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "features/support/support.h"
#include "mandate/dossier.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "tpl/tpl.h"

static const struct choice acts[] = { { "assign", N_("Affecter un support") }, { "detach", N_("Détacher") }, { "resend", N_("Relancer") }, { 0 } };

const struct field dossier_ask_form[] = {
    { "member_id", FIELD_ID, N_("Collaborateur"), REQUIRED },
    { "level", FIELD_CHOICE, N_("Niveau demandé"), REQUIRED, .choices = support_levels },
    { "hours", FIELD_CHOICE, N_("Durée demandée"), REQUIRED, .choices = support_lengths },
    { "reason", FIELD_LONG, N_("Raison"), REQUIRED, .max = REASON_MOST, .hint = N_("Le client la lit dans la demande.") },
    { 0 },
};
const struct field dossier_assign_form[] = {
    { "dossier_ids", FIELD_IDS, N_("Dossiers"), .max = DOSSIERS_CHOSEN },
    { "is_all", FIELD_BOOL, N_("Tous ceux du filtre") },
    { "is_begun", FIELD_BOOL, N_("Le formulaire seulement") },
    { "member_id", FIELD_ID, N_("Collaborateur") },
    { "level", FIELD_CHOICE, N_("Niveau demandé"), REQUIRED, .choices = support_levels },
    { "hours", FIELD_CHOICE, N_("Durée demandée"), REQUIRED, .choices = support_lengths },
    { "reason", FIELD_LONG, N_("Raison"), .max = REASON_MOST, .hint = N_("Le client la lit dans la demande.") },
    { 0 },
};
const struct field dossier_act_form[] = {
    { "dossier_ids", FIELD_IDS, N_("Dossiers"), .max = DOSSIERS_CHOSEN },
    { "is_all", FIELD_BOOL, N_("Tous ceux du filtre") },
    { "act", FIELD_CHOICE, N_("Action"), REQUIRED, .choices = acts },
    { "member_id", FIELD_ID, N_("Collaborateur") },
    { "level", FIELD_CHOICE, N_("Niveau demandé"), .choices = support_levels },
    { "hours", FIELD_CHOICE, N_("Durée demandée"), .choices = support_lengths },
    { "reason", FIELD_LONG, N_("Raison"), .max = REASON_MOST },
    { 0 },
};
const struct field dossier_enter_form[] = { { "reason", FIELD_TEXT, N_("Motif de la session"), REQUIRED, .max = REASON_MOST,
    .hint = N_("Le client le lit, avec votre nom.") }, { 0 } };

/* ---- Shown ---- */

struct err *dossier_options(struct ctx *c, const struct field *form)
{
    static const char *const kept[] = { "search", "state", "ends", "support", NULL };   /* the list's filter goes along, for « Tous ceux du filtre » */
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_partner_collaborators, NULL, &people));
    for (size_t i = 0; i < doc_count(people); i++)
        doc_set_bool(doc_at_mut(people, i), "is_chosen", doc_int_of(doc_at(people, i), "id") == form_id(c, "member_id"));
    doc_set(web_page(c), "collaborators", people);
    doc_set_text(web_page(c), "filter", query_kept(c, kept));
    form_show(c, form);
    form_value(c, "level", "management");
    form_value(c, "hours", "2160");
    return NULL;
}

/* What is asked for, and whether it may go out again already: by who manages dossiers, and by whom it is asked for (S-8). */
static struct err *request_show(struct ctx *c, const struct doc *row)
{
    int64_t request_id = doc_int_of(row, "request_id"), again_at = 0;
    bool may = ctx_may(c, RIGHT_PARTNER_MANAGE) || doc_bool_of(row, "is_asked_for_me");
    if (request_id)
        TRY(support_letters_next(c, doc_int_of(row, "client_org_id"), request_id, &again_at));
    doc_set_int(c->doc, "again_at", again_at);
    doc_set_bool(c->doc, "can_ask_again", may && again_at && again_at <= c->now_ms);
    doc_set_bool(web_page(c), "is_sent_lately", again_at > c->now_ms);
    return NULL;
}

static struct err *dossier_row(struct ctx *c, int64_t dossier_id, struct doc **ret_row)
{
    return ctx_row(c, &sql_dossier_show, PARAMS(P_INT("dossier", dossier_id)), ret_row);
}

struct err *dossier_show(struct ctx *c)
{
    static const char *const texts[] = { "name", "city", "state", "level", "note", "reason", "member_name", "request_member_name", NULL };
    static const char *const numbers[] = { "id", "ends_at", "asked_at", NULL };
    struct doc *row = NULL, *dossier = doc_map(c->arena);
    TRY(dossier_row(c, path_id(c, "dossier"), &row));
    doc_pick_texts(dossier, row, texts);
    doc_pick_ints(dossier, row, numbers);
    doc_set_bool(dossier, "is_lasting", doc_bool_of(row, "is_lasting"));
    doc_set_bool(web_page(c), "is_endless", doc_bool_of(row, "is_lasting") && text_same(doc_text_of(row, "state"), "active"));
    doc_set_bool(dossier, "is_mine", doc_bool_of(row, "is_mine"));
    doc_set_bool(dossier, "has_request", doc_int_of(row, "request_id") != 0);
    doc_set(c->doc, "dossier", dossier);
    doc_set_bool(c->doc, "can_manage", ctx_may(c, RIGHT_PARTNER_MANAGE) && dossier_is_followed(row));
    doc_set_bool(c->doc, "can_enter", ctx_may(c, RIGHT_DOSSIER_ENTER) && doc_bool_of(row, "is_mine"));
    TRY(request_show(c, row));
    TRY(dossier_waiting_show(c, doc_int_of(row, "id")));
    doc_set_bool(web_page(c), "can_invite", ctx_may(c, RIGHT_PARTNER_MANAGE) && doc_int_of(doc_get(c->doc, "waiting"), "sent_at"));
    TRY(dossier_options(c, dossier_ask_form));
    struct doc *ready = doc_list(c->arena), *people = doc_get_mut(web_page(c), "collaborators");
    for (size_t i = 0; i < doc_count(people); i++)
        if (doc_bool_of(doc_at(people, i), "is_ready"))
            doc_push(ready, doc_at_mut(people, i));
    form_options(c, "member_id", ready, NULL);
    form_value(c, "reason", doc_text_of(row, "reason"));
    return NULL;
}

/* ---- Asked ---- */

/* One support asked for, with its letters and its line in the journal. */
static struct err *ask_one(struct ctx *c, int64_t dossier_id)
{
    struct support_wish wish = { .dossier_id = dossier_id, .member_id = form_id(c, "member_id"), .level = form_text(c, "level"), .reason = form_text(c, "reason") };
    int64_t org_id = 0, mandate_id = 0;
    struct doc *request = NULL;
    if (!text_int(form_text(c, "hours"), &wish.hours))
        return form_error(c, "hours", N_("Choisissez une durée."));
    struct err *e = support_ask(c, &wish, &org_id, &mandate_id);
    if (e && e->code == ERR_CONFLICT)
        return form_error(c, "member_id", N_("Cette personne n’a pas encore défini son mot de passe, ou ne fait plus partie du support."));
    if (e && e->code == ERR_NOT_FOUND)
        return form_error(c, "page", N_("Un des dossiers n’est plus suivi : rien n’a été demandé."));
    if (e && e->code == ERR_TOO_MANY)
        return form_error(c, "page", N_("Cinq demandes à un même client ont été retirées ou remplacées depuis hier : rien n’a été demandé, attendez demain."));
    TRY(e);
    TRY(ctx_row(c, &sql_support_request_show, PARAMS(P_INT("at_org", org_id), P_INT("of_mandate", mandate_id)), &request));
    TRY(support_letters(c, org_id, mandate_id, NULL));
    journal_object(c, "dossier", dossier_id);
    journal_text(c, "client", doc_text_of(request, "org_name"));
    journal_text(c, "collaborator", doc_text_of(request, "collaborator_name"));
    journal_text(c, "level", wish.level);
    journal_number(c, "mandate_id", mandate_id);
    return NULL;
}

struct err *dossier_ask(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(dossier_row(c, path_id(c, "dossier"), &row));
    TRY(ask_one(c, path_id(c, "dossier")));
    reply_see(c, "dossier_asked", "%s/dossiers/%lld", web_space(c), (long long)path_id(c, "dossier"));
    return NULL;
}

/* S-8: the request goes out again, with a limit on how often. */
static struct err *resend_one(struct ctx *c, int64_t dossier_id)
{
    struct doc *row = NULL;
    TRY(dossier_row(c, dossier_id, &row));
    if (!doc_int_of(row, "request_id"))
        return form_error(c, "page", N_("Un des dossiers n’a pas de demande en attente."));
    struct err *e = support_letters_again(c, doc_int_of(row, "client_org_id"), doc_int_of(row, "request_id"));
    if (e && e->code == ERR_TOO_MANY)
        return form_error(c, "page", N_("Une demande est déjà partie il y a moins de 24 heures."));
    TRY(e);
    journal_object(c, "dossier", dossier_id);
    return NULL;
}

struct err *dossier_resend(struct ctx *c)
{
    TRY(resend_one(c, path_id(c, "dossier")));
    reply_see(c, "dossier_resent", "%s/dossiers/%lld", web_space(c), (long long)path_id(c, "dossier"));
    return NULL;
}

/* ---- Detached (S-10): the support ends, the dossier stays ---- */

static struct err *detach_one(struct ctx *c, int64_t dossier_id)
{
    struct doc *row = NULL;
    TRY(dossier_row(c, dossier_id, &row));
    int64_t org_id = doc_int_of(row, "client_org_id"), support_id = doc_int_of(row, "support_id"), request_id = doc_int_of(row, "request_id");
    if (!support_id && !request_id)
        return form_error(c, "page", N_("Un des dossiers n’a pas de support à détacher."));
    if (request_id)
        TRY(support_unask(c, org_id, request_id));
    journal_object(c, "dossier", dossier_id);
    journal_text(c, "client", doc_text_of(row, "name"));
    if (!support_id)
        return NULL;
    TRY(support_end(c, org_id, support_id, "partner"));
    TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "support_detached", .object_kind = "mandate", .object_id = support_id, .is_wanted = true }));
    return support_tell_end(c, org_id, support_id, "partner");
}

struct err *dossier_detach_show(struct ctx *c) { return dossier_show(c); }

struct err *dossier_detach(struct ctx *c)
{
    TRY(detach_one(c, path_id(c, "dossier")));
    reply_see(c, "dossier_detached", "%s/dossiers/%lld", web_space(c), (long long)path_id(c, "dossier"));
    return NULL;
}

/* ---- Given up (S-11): by the collaborator themself ---- */

struct err *dossier_renounce(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(dossier_row(c, path_id(c, "dossier"), &row));
    int64_t org_id = doc_int_of(row, "client_org_id"), support_id = doc_int_of(row, "support_id");
    if (!doc_bool_of(row, "is_mine"))
        return ERR(c->arena, ERR_NOT_FOUND, "not this person's dossier");
    TRY(support_end(c, org_id, support_id, "given up"));
    TRY(support_tell_end(c, org_id, support_id, "given up"));
    TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "support_renounced", .object_kind = "mandate", .object_id = support_id, .is_wanted = true }));
    journal_object(c, "dossier", path_id(c, "dossier"));
    journal_text(c, "client", doc_text_of(row, "name"));
    reply_see(c, "dossier_renounced", "%s/dossiers", web_space(c));
    return NULL;
}

/* ---- Many at once: all of them or none ---- */

static struct err *act_one(struct ctx *c, const char *act, int64_t dossier_id, struct journal_draft begun)
{
    begun.payload = NULL;
    c->journal = begun;
    TRY(text_same(act, "assign") ? ask_one(c, dossier_id) : text_same(act, "detach") ? detach_one(c, dossier_id) : resend_one(c, dossier_id));
    return journal_write(c);
}

/* The ids ticked, or all of the filter that the address carries; smallest first, so that two of these at once do not block one another. */
static struct err *chosen_ids(struct ctx *c, int64_t *ret_ids, size_t *ret_count)
{
    struct doc *rows = NULL;
    if (!form_bool(c, "is_all")) {
        *ret_count = form_ids(c, "dossier_ids", ret_ids, DOSSIERS_CHOSEN);
        return NULL;
    }
    TRY(dossiers_filtered(c, &rows));
    if (doc_count(rows) > DOSSIERS_AT_ONCE)
        return form_error(c, "page", N_("Plus de 1 000 dossiers : resserrez le filtre."));
    for (size_t i = 0; i < doc_count(rows); i++)
        ret_ids[i] = doc_int_of(doc_at(rows, i), "id");
    *ret_count = id_sort(ret_ids, doc_count(rows));
    return NULL;
}

/* The same act on each of them. */
static struct err *act_all(struct ctx *c, const char *act, const int64_t *ids, size_t count)
{
    struct journal_draft begun = c->journal;
    for (size_t i = 0; i < count; i++)
        TRY(act_one(c, act, ids[i], begun));
    journal_skip(c);                                  /* each has its own */
    reply_see(c, text_same(act, "assign") ? "dossiers_asked" : text_same(act, "detach") ? "dossiers_detached" : "dossiers_resent", "%s/dossiers", web_space(c));
    return NULL;
}

struct err *dossier_act(struct ctx *c)
{
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, DOSSIERS_AT_ONCE);
    size_t count = 0;
    TRY(chosen_ids(c, ids, &count));
    if (!count)
        return form_error(c, "page", N_("Cochez d’abord les dossiers concernés."));
    if (text_same(form_text(c, "act"), "assign") && (!form_id(c, "member_id") || !*form_text(c, "level") || !*form_text(c, "hours") || !*form_text(c, "reason")))
        return form_error(c, "page", N_("Choisissez le collaborateur, le niveau et la durée, et donnez la raison."));
    return act_all(c, form_text(c, "act"), ids, count);
}

/* ---- « Affecter un support » to many (S-4): a window over the list, and a page of its own where there is no script ---- */

struct err *dossier_assign_show(struct ctx *c)
{
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, DOSSIERS_AT_ONCE);
    size_t count = 0;
    struct doc *list = doc_list(c->arena), *page = web_page(c);
    TRY(chosen_ids(c, ids, &count));
    for (size_t i = 0; i < count && !form_bool(c, "is_all"); i++) {
        struct doc *one = doc_map(c->arena);
        doc_set_int(one, "id", ids[i]);
        doc_push(list, one);
    }
    TRY(dossier_options(c, dossier_assign_form));
    doc_set(page, "chosen", list);
    doc_set_int(page, "chosen_count", (int64_t)count);
    doc_set_bool(page, "is_all", form_bool(c, "is_all"));
    return NULL;
}

struct err *dossier_assign(struct ctx *c)
{
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, DOSSIERS_AT_ONCE);
    size_t count = 0;
    TRY(chosen_ids(c, ids, &count));
    if (!count)
        return form_error(c, "page", N_("Cochez d’abord les dossiers concernés."));
    if (form_bool(c, "is_begun"))                      /* from the list, by its button */
        return form_go_on(c);
    if (!form_id(c, "member_id"))
        return form_error(c, "member_id", N_("Choisissez le collaborateur."));
    if (!*form_text(c, "reason"))
        return form_error(c, "reason", N_("Donnez la raison : le client la lit dans la demande."));
    return act_all(c, "assign", ids, count);
}

/* ---- Entered (S-8, S-14) ---- */

static struct err *enter(struct ctx *c, const char *reason)
{
    struct doc *row = NULL;
    TRY(support_enter(c, path_id(c, "dossier"), reason, &row));
    int64_t org_id = doc_int_of(row, "org_id"), mandate_id = doc_int_of(row, "mandate_id"), session_id = doc_int_of(row, "session_id");
    journal_object(c, "dossier", path_id(c, "dossier"));
    journal_number(c, "support_session", session_id);
    c->journal.reason = reason;
    if (doc_bool_of(row, "is_new")) {
        struct doc *payload = doc_map(c->arena);
        doc_set_text(payload, "by", c->who.person_name);
        TRY(support_tell_session(c, org_id, mandate_id, "entered", reason));
        TRY(journal_write_at(c, org_id, &(struct journal_draft){ .action = "support_entered", .object_kind = "support_session", .object_id = session_id,
            .reason = reason, .payload = payload, .is_wanted = true }));
    }
    TRY(session_renew(c));
    reply_see(c, "support_entered", "/o/%s", doc_text_of(row, "slug"));
    return NULL;
}

struct err *dossier_enter(struct ctx *c) { return enter(c, form_text(c, "reason")); }

/* The request once more; its notice says so, or when it may go out next. */
static struct err *open_asked(struct ctx *c, const struct doc *row, const char **ret_notice)
{
    struct err *e = support_letters_again(c, doc_int_of(row, "client_org_id"), doc_int_of(row, "request_id"));
    *ret_notice = e ? "dossier_sent_lately" : "dossier_resent";
    if (e && e->code == ERR_TOO_MANY) {
        journal_skip(c);
        return NULL;
    }
    journal_object(c, "dossier", path_id(c, "dossier"));
    journal_text(c, "client", doc_text_of(row, "name"));
    return e;
}

/* « Ouvrir » (S-8): in, for whom it was agreed to, with the reason of the assignment; else the request goes out again, not too often; else the dossier
   says what is to be done first. */
struct err *dossier_open(struct ctx *c)
{
    struct doc *row = NULL;
    const char *notice = NULL;
    TRY(dossier_row(c, path_id(c, "dossier"), &row));
    int64_t request_id = doc_int_of(row, "request_id");
    if (doc_bool_of(row, "is_mine") && ctx_may(c, RIGHT_DOSSIER_ENTER))
        return enter(c, doc_text_of(row, "reason"));
    if (request_id && (ctx_may(c, RIGHT_PARTNER_MANAGE) || doc_bool_of(row, "is_asked_for_me"))) {
        TRY(open_asked(c, row, &notice));
    } else {
        journal_skip(c);
        notice = !request_id && !doc_int_of(row, "support_id") ? "dossier_assign_first" : NULL;
    }
    reply_see(c, notice, "%s/dossiers/%lld", web_space(c), (long long)path_id(c, "dossier"));
    return NULL;
}
