/* « Inviter une entreprise existante » (S-15), from both ends. Every address gets a row and a letter alike: whether it is anybody's here is told to nobody,
   and which organization it is the partner learns when one accepts. Opening the link changes nothing; the form behind it answers, once, by an
   administrator who is signed in with the address that was invited. */
#include "base/clock.h"
#include "base/text.h"
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

enum { INVITE_DAYS = 20, INVITES_A_DAY = 50, ADDRESS_A_DAY = 3, RESEND_HOURS = 24, REFUSED_DAYS = 30 };

static const char LINK[] = "dossier";

const struct field dossier_invite_form[] = {
    { "email", FIELD_EMAIL, N_("Email de son administrateur"), REQUIRED, .max = 254, .hint = N_("L’invitation part là, et ne vaut que pour cette adresse.") },
    { 0 },
};
const struct field dossier_accept_form[] = { { "client_org_id", FIELD_ID, N_("Entreprise"), REQUIRED }, { 0 } };

struct err *dossier_invite_limit(struct ctx *c)
{
    return limit_count(c, "dossiers invited", arena_printf(c->arena, "%lld", (long long)c->who.org_id), INVITES_A_DAY, CLOCK_DAY_MS);
}

/* Taken back and invited again is a letter once more: an address gets so many of a partner. */
struct err *dossier_invite_prepare(struct ctx *c)
{
    const char *email_key = text_email_key(c->arena, form_text(c, "email"));
    TRY(dossier_invite_limit(c));
    return limit_count(c, "dossier invited", arena_printf(c->arena, "%lld %s", (long long)c->who.org_id, email_key), ADDRESS_A_DAY, CLOCK_DAY_MS);
}

/* ---- In the partner's space ---- */

static const struct field no_form[] = { { 0 } };   /* what is wrong with an act on the list */

struct err *dossier_invite_list(struct ctx *c)
{
    form_show(c, no_form);
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_PARTNER_MANAGE));
    return doc_page(c, "invitations", &sql_dossier_invite_list, "id", NULL);
}

struct err *dossier_invite_new(struct ctx *c)
{
    form_show(c, dossier_invite_form);
    return NULL;
}

/* A letter in the reader's language where there is one; the same look-up for every address. */
static struct err *invite_mail(struct ctx *c, const char *email, const char *email_key, int64_t link_id)
{
    static const char *const named[] = { "legal_name", "siren", "street", "postcode", "city", "phone", "email" };
    struct doc *data = doc_map(c->arena), *partner = NULL, *person = NULL;
    TRY(ctx_row(c, &sql_member_partner, NULL, &partner));
    TRY(ctx_maybe(c, &sql_member_person, PARAMS(P_TEXT("email_key", email_key)), &person));
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        doc_set_text(data, arena_printf(c->arena, "partner_%s", named[i]), doc_text_of(partner, named[i]));
    doc_set_text(data, "by_name", c->who.person_name);
    doc_set_int(data, "expires_at", c->now_ms + INVITE_DAYS * CLOCK_DAY_MS);
    return mail_queue(c, &(struct mail){ .template = "mail_dossier_invited", .to_email = email, .to_name = "", .lang = person ? doc_text_of(person, "lang") : c->lang,
        .org_id = c->who.org_id, .link_id = link_id, .link_kind = LINK }, data);
}

/* What speaks against it is what this partner itself has done, and nothing else. */
static struct err *invite_check(struct ctx *c, const char *email_key)
{
    struct doc *standing = NULL, *own = NULL;
    TRY(ctx_maybe(c, &sql_dossier_invite_standing, PARAMS(P_TEXT("email_key", email_key), P_INT("since", c->now_ms - REFUSED_DAYS * CLOCK_DAY_MS)), &standing));
    if (standing)
        return form_error(c, "email", text_same(doc_text_of(standing, "answer"), "declined") ? N_("Cette adresse a refusé il y a moins de 30 jours.")
            : N_("Cette adresse est déjà invitée."));
    TRY(ctx_maybe(c, &sql_partner_person, PARAMS(P_TEXT("email_key", email_key)), &own));
    return own ? form_error(c, "email", N_("Cette personne travaille pour vous.")) : NULL;
}

struct err *dossier_invite_create(struct ctx *c)
{
    const char *email = form_text(c, "email"), *email_key = text_email_key(c->arena, email);
    int64_t id = ctx_id(c), link_id = ctx_id(c), made = 0;
    TRY(invite_check(c, email_key));
    TRY(ctx_run_any(c, &sql_dossier_invite_clear, PARAMS(P_TEXT("email_key", email_key)), NULL));
    TRY(ctx_run_any(c, &sql_dossier_invite_add, PARAMS(P_INT("id", id), P_INT("link_id", link_id), P_TEXT("email", email), P_TEXT("email_key", email_key),
        P_INT("expires_at", c->now_ms + INVITE_DAYS * CLOCK_DAY_MS)), &made));
    if (!made)
        return form_error(c, "email", N_("Cette adresse est déjà invitée."));
    TRY(invite_mail(c, email, email_key, link_id));
    journal_object(c, "dossier_invite", id);
    journal_text(c, "email", email);
    reply_see(c, "dossier_invited", "%s/invitations", web_space(c));
    return NULL;
}

struct err *dossier_invite_resend(struct ctx *c)
{
    struct doc *row = NULL, *there = NULL;
    int64_t id = path_id(c, "invite"), link_id = ctx_id(c);
    TRY(ctx_row(c, &sql_dossier_invite_show, PARAMS(P_INT("invite", id)), &there));
    TRY(ctx_maybe(c, &sql_dossier_invite_renew, PARAMS(P_INT("invite", id), P_INT("link_id", link_id), P_INT("expires_at", c->now_ms + INVITE_DAYS * CLOCK_DAY_MS),
        P_INT("sent_before", c->now_ms - RESEND_HOURS * CLOCK_HOUR_MS)), &row));
    if (!row)
        return form_error(c, "page", *doc_text_of(there, "answer") ? N_("Cette invitation a déjà une réponse.") : N_("Elle est déjà partie il y a moins de 24 heures."));
    TRY(invite_mail(c, doc_text_of(row, "email"), doc_text_of(row, "email_key"), link_id));
    journal_object(c, "dossier_invite", id);
    reply_see(c, "member_resent", "%s/invitations", web_space(c));
    return NULL;
}

struct err *dossier_invite_withdraw(struct ctx *c)
{
    struct doc *there = NULL;
    int64_t id = path_id(c, "invite"), changed = 0;
    TRY(ctx_row(c, &sql_dossier_invite_show, PARAMS(P_INT("invite", id)), &there));
    TRY(ctx_run_any(c, &sql_dossier_invite_withdraw, PARAMS(P_INT("invite", id)), &changed));
    if (!changed)
        return form_error(c, "page", N_("Cette invitation a déjà une réponse."));
    journal_object(c, "dossier_invite", id);
    reply_see(c, "dossier_invite_withdrawn", "%s/invitations", web_space(c));
    return NULL;
}

/* ---- Read, by who has the link ---- */

/* The invitation of this address; NULL where it was answered, taken back, sent again, has expired, or its sender is no partner any more. */
static struct err *invite_find(struct ctx *c, struct doc **ret_invite)
{
    int64_t link_id = 0;
    if (!mail_link_read_of(c, LINK, path_text(c, "word"), &link_id))
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    return ctx_maybe(c, &sql_dossier_invite_find, PARAMS(P_INT("link_id", link_id)), ret_invite);
}

static bool is_reader(struct ctx *c, const struct doc *invite)
{
    return c->who.person_id && text_same(text_email_key(c->arena, c->who.person_email), doc_text_of(invite, "email_key"));
}

static struct err *own_organizations(struct ctx *c, const struct doc *invite, struct doc **ret_rows)
{
    return ctx_rows(c, &sql_dossier_invite_organizations, PARAMS(P_INT("partner_id", doc_int_of(invite, "partner_id"))), ret_rows);
}

/* Which of the reader's organizations; where there is one to choose, it is chosen. */
static struct err *organizations_show(struct ctx *c, const struct doc *invite)
{
    struct doc *rows = NULL, *only = NULL;
    int free_count = 0;
    TRY(own_organizations(c, invite, &rows));
    int64_t chosen = form_id(c, "client_org_id");
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        doc_set_bool(row, "is_checked", doc_int_of(row, "id") == chosen);
        if (!doc_bool_of(row, "is_dossier") && ++free_count == 1)
            only = row;
    }
    if (free_count == 1)
        doc_set_bool(only, "is_checked", true);
    doc_set(c->doc, "organizations", rows);
    doc_set_bool(web_page(c), "can_accept", free_count > 0);
    return NULL;
}

struct err *dossier_invite_show(struct ctx *c)
{
    static const char *const shown[] = { "partner_name", "partner_legal_name", "partner_siren", "partner_street", "partner_postcode", "partner_city", "partner_phone",
        "partner_email", "asked_by_name", "email", NULL };
    struct doc *row = NULL, *invite = doc_map(c->arena);
    TRY(invite_find(c, &row));
    bool is_own = row && is_reader(c, row);
    doc_set_bool(c->doc, "is_open", row != NULL);
    doc_set(c->doc, "organizations", doc_list(c->arena));
    doc_set_bool(web_page(c), "can_accept", false);
    doc_set_bool(web_page(c), "is_own", is_own);
    doc_set_bool(web_page(c), "must_sign_in", row && !c->who.person_id);
    doc_set_bool(web_page(c), "is_somebody_else", row && c->who.person_id && !is_own);
    doc_set_text(web_page(c), "word", path_text(c, "word"));
    form_show(c, dossier_accept_form);
    doc_set(c->doc, "invitation", invite);
    doc_pick_texts(invite, row, shown);
    doc_set_int(invite, "expires_at", doc_int_of(row, "expires_at"));
    if (is_own)
        TRY(organizations_show(c, row));
    return row ? web_brand(c, 'o', doc_text_of(row, "partner_slug")) : NULL;
}

/* ---- Answered ---- */

#define GONE N_("Cette invitation ne vaut plus.")
#define SOMEBODY_ELSE N_("Cette invitation est pour quelqu’un d’autre : connectez-vous avec l’adresse à laquelle elle a été envoyée.")

static struct err *invite_take(struct ctx *c, const struct doc *invite, const char *answer)
{
    int64_t taken = 0;
    TRY(ctx_run_any(c, &sql_dossier_invite_answer, PARAMS(P_INT("link_id", doc_int_of(invite, "link_id")), P_TEXT("answer", answer)), &taken));
    return taken ? NULL : form_error(c, "page", GONE);
}

/* Who invited is told; of which organization, only where it accepted. */
static struct err *answer_mail(struct ctx *c, const struct doc *invite, const struct doc *org, int64_t dossier_id)
{
    struct doc *data = doc_map(c->arena);
    doc_set_text(data, "email", doc_text_of(invite, "email"));
    doc_set_text(data, "client_name", doc_text_of(org, "name"));
    doc_set_int(data, "dossier_id", dossier_id);
    doc_set_bool(data, "is_accepted", org != NULL);
    return mail_queue(c, &(struct mail){ .template = "mail_dossier_answered", .to_email = doc_text_of(invite, "asked_by_email"), .to_name = doc_text_of(invite, "asked_by_name"),
        .lang = doc_text_of(invite, "asked_by_lang"), .org_id = doc_int_of(invite, "partner_id") }, data);
}

/* All administrators of the organization are told what one of them agreed to. */
static struct err *accepted_mails(struct ctx *c, const struct doc *invite, int64_t client_org_id, int64_t mandate_id)
{
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", client_org_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = doc_map(c->arena);
        doc_set_text(data, "by_name", c->who.person_name);
        doc_set_text(data, "partner_name", doc_text_of(invite, "partner_name"));
        doc_set_int(data, "mandate_id", mandate_id);
        TRY(mail_queue(c, &(struct mail){ .template = "mail_dossier_accepted", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = client_org_id, .is_office = true }, data));
    }
    return NULL;
}

/* The one of the reader's organizations that the form names. Another's and one that is none are answered alike. */
static struct err *organization_chosen(struct ctx *c, const struct doc *invite, const struct doc **ret_org)
{
    struct doc *rows = NULL;
    *ret_org = NULL;
    TRY(own_organizations(c, invite, &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == form_id(c, "client_org_id"))
            *ret_org = doc_at(rows, i);
    if (!*ret_org)
        return form_error(c, "client_org_id", N_("Choisissez une entreprise que vous administrez."));
    return doc_bool_of(*ret_org, "is_dossier") ? form_error(c, "client_org_id", N_("Cette entreprise est déjà un de ses dossiers.")) : NULL;
}

/* From here on the act is the administrator's, in the organization's space and in their own right. */
static struct err *administrator_enter(struct ctx *c, int64_t client_org_id)
{
    c->who.is_delegating = false;
    TRY(authority_load(c, client_org_id, false, 0, RIGHT_MANDATE_MANAGE));
    if (!c->who.org_id || !ctx_may(c, RIGHT_MANDATE_MANAGE))
        return form_error(c, "client_org_id", N_("Choisissez une entreprise que vous administrez."));
    return authority_hold(c);
}

/* The dossier is the partner's to have and the organization's to give: made in the one's space, agreed to in the other's. */
static struct err *dossier_agree(struct ctx *c, const struct doc *invite, const struct doc *org, int64_t *ret_dossier_id, int64_t *ret_mandate_id)
{
    int64_t client_org_id = c->who.org_id;
    const char *wording = "";
    TRY(dossier_wording(c, "asked", doc_text_of(invite, "partner_name"), doc_text_of(org, "name"), &wording));
    c->who.org_id = doc_int_of(invite, "partner_id");
    struct err *e = dossier_new(c, client_org_id, "asked", wording, ret_dossier_id, ret_mandate_id);
    c->who.org_id = client_org_id;
    if (e && e->code == ERR_CONFLICT)
        return form_error(c, "client_org_id", N_("Cette entreprise est déjà un de ses dossiers."));
    TRY(e);
    return dossier_answer(c, *ret_mandate_id, true);
}

struct err *dossier_invite_accept(struct ctx *c)
{
    struct doc *invite = NULL;
    const struct doc *org = NULL;
    int64_t dossier_id = 0, mandate_id = 0;
    TRY(invite_find(c, &invite));
    if (!invite)
        return form_error(c, "page", GONE);
    if (!is_reader(c, invite))
        return form_error(c, "page", SOMEBODY_ELSE);
    TRY(organization_chosen(c, invite, &org));
    TRY(invite_take(c, invite, "accepted"));
    TRY(administrator_enter(c, doc_int_of(org, "id")));
    TRY(dossier_agree(c, invite, org, &dossier_id, &mandate_id));
    TRY(ctx_run(c, &sql_dossier_invite_became, PARAMS(P_INT("link_id", doc_int_of(invite, "link_id")), P_INT("dossier_id", dossier_id))));
    TRY(answer_mail(c, invite, org, dossier_id));
    TRY(accepted_mails(c, invite, c->who.org_id, mandate_id));
    TRY(journal_write_at(c, doc_int_of(invite, "partner_id"), &(struct journal_draft){ .action = "dossier_joined", .object_kind = "dossier", .object_id = dossier_id,
        .is_wanted = true }));
    journal_object(c, "mandate", mandate_id);
    journal_text(c, "partner", doc_text_of(invite, "partner_name"));
    reply_see(c, "dossier_agreed", "/o/%s/mandates", doc_text_of(org, "slug"));
    return NULL;
}

/* Who has the link may say no, signed in or not, but not as somebody else. An act in the partner's log: no organization is named. */
struct err *dossier_invite_decline(struct ctx *c)
{
    struct doc *invite = NULL;
    TRY(invite_find(c, &invite));
    if (!invite)
        return form_error(c, "page", GONE);
    if (c->who.person_id && !is_reader(c, invite))
        return form_error(c, "page", SOMEBODY_ELSE);
    TRY(invite_take(c, invite, "declined"));
    TRY(answer_mail(c, invite, NULL, 0));
    c->who.org_id = doc_int_of(invite, "partner_id");
    journal_object(c, "dossier_invite", doc_int_of(invite, "id"));
    reply_see(c, "member_declined", "%s", c->who.person_id ? "/account/organizations" : "/sign-in");
    return NULL;
}
