/* An invitation from both ends. Opening its link changes nothing; only the forms behind it answer, once. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/member/member_inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"

enum { INVITATION_DAYS = 7, INVITATIONS_AN_HOUR = 100, ADDRESS_A_DAY = 10, RESENDS_AN_HOUR = 5, WORDING_MOST = 2000 };

static const char LINK[] = "invitation";

const struct field member_invite_form[] = {
    { "first_name", FIELD_TEXT, N_("Prénom"), REQUIRED, .max = 100 },
    { "last_name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 100 },
    { "email", FIELD_EMAIL, N_("Email"), REQUIRED, .max = 254, .hint = N_("L’invitation part là, et ne vaut que pour cette adresse.") },
    { "title", FIELD_TEXT, N_("Fonction"), .max = 100, .hint = N_("Comme ses collègues la nomment : « Planification », « Comptabilité ».") },
    { "role", FIELD_CHOICE, N_("Rôle"), REQUIRED, .choices = member_roles },
    { 0 },
};

struct err *member_wording(struct ctx *c, const char *name, const char *role, const char **ret_wording)
{
    struct buf out;
    struct doc *data = doc_map(c->arena), *org = NULL;
    buf_init(&out, c->arena, WORDING_MOST);
    TRY(ctx_row(c, &sql_member_space, NULL, &org));
    doc_set_text(data, "role", role);
    doc_set_text(data, "name", name);
    doc_set_text(data, "org_name", doc_text_of(org, "name"));
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "member_wording.txt", data, &out));
    *ret_wording = text_trim(c->arena, buf_end(&out));
    return NULL;
}

struct err *member_mail(struct ctx *c, const char *template, const struct doc *member)
{
    struct doc *data = doc_map(c->arena), *person = NULL;
    TRY(ctx_row(c, &sql_member_lang, PARAMS(P_INT("person_id", doc_int_of(member, "person_id"))), &person));
    doc_set_text(data, "by_name", c->who.person_name);
    doc_set_text(data, "role", doc_text_of(member, "role"));
    doc_set_text(data, "old_role", doc_text_of(member, "old_role"));
    return mail_queue(c, &(struct mail){ .template = template, .to_email = doc_text_of(member, "email"), .to_name = doc_text_of(member, "name"),
        .lang = doc_text_of(person, "lang"), .org_id = c->who.org_id, .is_office = true }, data);
}

/* ---- Sent ---- */

struct err *member_new(struct ctx *c)
{
    form_show(c, member_invite_form);
    form_value(c, "role", "manager");
    return NULL;
}

/* Also of one address: removed and invited again is a letter once more. */
struct err *invitation_limit(struct ctx *c)
{
    const char *email_key = text_email_key(c->arena, form_text(c, "email"));
    TRY(limit_count(c, "invited", arena_printf(c->arena, "%lld %s", (long long)c->who.org_id, email_key), ADDRESS_A_DAY, CLOCK_DAY_MS));
    return limit_count(c, "invitations", arena_printf(c->arena, "%lld", (long long)c->who.org_id), INVITATIONS_AN_HOUR, CLOCK_HOUR_MS);
}

static bool is_collaborator(const char *role) { return text_same(role, "collaborator"); }

/* A partner that made the organization is named in full, and writes under its own name (S-15). */
static struct err *partner_named(struct ctx *c, struct doc *data, const struct doc *partner)
{
    static const char *const named[] = { "legal_name", "siren", "street", "postcode", "city", "phone", "email" };
    struct doc *org = NULL;
    TRY(ctx_row(c, &sql_member_space, NULL, &org));
    doc_set_text(data, "client_name", doc_text_of(org, "name"));
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        doc_set_text(data, arena_printf(c->arena, "partner_%s", named[i]), doc_text_of(partner, named[i]));
    return NULL;
}

/* letter: person_id, email, name; role. The link's secret is put in when it is sent. */
static struct err *invitation_mail(struct ctx *c, const struct doc *letter, const char *role, int64_t link_id, const struct doc *partner)
{
    struct doc *data = doc_map(c->arena), *person = NULL;
    TRY(ctx_row(c, &sql_member_lang, PARAMS(P_INT("person_id", doc_int_of(letter, "person_id"))), &person));
    doc_set_text(data, "by_name", c->who.person_name);
    doc_set_text(data, "role", role);
    doc_set_bool(data, "has_password", doc_bool_of(person, "has_password"));
    if (partner)
        TRY(partner_named(c, data, partner));
    const char *template = partner ? "mail_organization_created" : is_collaborator(role) ? "mail_collaborator_invited" : "mail_member_invited";
    return mail_queue(c, &(struct mail){ .template = template, .to_email = doc_text_of(letter, "email"), .to_name = doc_text_of(letter, "name"),
        .lang = doc_text_of(person, "lang"), .org_id = partner ? doc_int_of(partner, "id") : c->who.org_id, .link_id = link_id, .link_kind = LINK, .is_office = !partner }, data);
}

/* What an invitation to this role meets; NULL: nothing. */
static const char *invitation_wrong(const struct ctx *c, const struct doc *standing, int64_t person_id, const char *role)
{
    if (standing && text_same(doc_text_of(standing, "state"), "requested"))
        return N_("Cette adresse est déjà invitée : ouvrez son invitation dans la liste pour la renvoyer.");
    if (standing)
        return is_collaborator(role) ? N_("Cette personne est déjà collaboratrice.") : N_("Cette personne est déjà membre.");
    return person_id == c->who.person_id ? N_("Personne ne s’ajoute soi-même : un autre administrateur peut le faire.") : NULL;
}

/* Whose address it is; somebody new is made. What is said of it is the same in both cases. */
static struct err *invited_person(struct ctx *c, const struct invitation *i, const char *email_key, int64_t *ret_person_id)
{
    struct doc *person = NULL, *standing = NULL;
    TRY(ctx_run_any(c, &sql_member_person_add, PARAMS(P_INT("id", ctx_id(c)), P_TEXT("email", i->email), P_TEXT("email_key", email_key),
        P_TEXT("first_name", i->first_name), P_TEXT("last_name", i->last_name), P_TEXT("lang", c->lang)), NULL));
    TRY(ctx_row(c, &sql_member_person, PARAMS(P_TEXT("email_key", email_key)), &person));
    *ret_person_id = doc_int_of(person, "id");
    TRY(ctx_maybe(c, is_collaborator(i->role) ? &sql_collaborator_of_person : &sql_member_of_person, PARAMS(P_INT("person_id", *ret_person_id)), &standing));
    const char *wrong = invitation_wrong(c, standing, *ret_person_id, i->role);
    return wrong ? form_error(c, "email", wrong) : NULL;
}

struct err *invitation_send(struct ctx *c, const struct invitation *i, int64_t *ret_member_id, int64_t *ret_mandate_id)
{
    const char *email_key = text_email_key(c->arena, i->email), *wording = "", *name = arena_printf(c->arena, "%s %s", i->first_name, i->last_name);
    int64_t mandate_id = 0, link_id = ctx_id(c);
    struct membership_offer offer = { .first_name = i->first_name, .last_name = i->last_name, .email = i->email, .title = i->title, .role = i->role,
        .answer_by = c->now_ms + INVITATION_DAYS * CLOCK_DAY_MS };
    TRY(invited_person(c, i, email_key, &offer.person_id));
    TRY(member_wording(c, name, i->role, &wording));
    offer.wording = wording;
    TRY(membership_offer(c, &offer, ret_member_id, &mandate_id));
    TRY(ctx_run(c, &sql_invitation_add, PARAMS(P_INT("mandate_id", mandate_id), P_INT("member_id", *ret_member_id), P_INT("person_id", offer.person_id),
        P_INT("link_id", link_id), P_TEXT("email", offer.email), P_TEXT("email_key", email_key), P_TEXT("first_name", offer.first_name),
        P_TEXT("last_name", offer.last_name), P_INT("expires_at", offer.answer_by))));
    struct doc *letter = doc_map(c->arena);
    doc_set_int(letter, "person_id", offer.person_id);
    doc_set_text(letter, "email", offer.email);
    doc_set_text(letter, "name", name);
    TRY(invitation_mail(c, letter, i->role, link_id, i->partner));
    if (ret_mandate_id)
        *ret_mandate_id = mandate_id;
    journal_object(c, "member", *ret_member_id);
    journal_text(c, "role", i->role);
    journal_text(c, "email", offer.email);
    return NULL;
}

struct err *invitation_address(struct ctx *c, int64_t member_id, const char **ret_address)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_invitation_link, PARAMS(P_INT("of_member", member_id)), &row));
    *ret_address = mail_link_address_of(c, LINK, doc_int_of(row, "link_id"));
    return NULL;
}

struct err *member_invite(struct ctx *c)
{
    int64_t member_id = 0;
    TRY(invitation_send(c, &(struct invitation){ form_text(c, "first_name"), form_text(c, "last_name"), form_text(c, "email"), form_text(c, "title"),
        form_text(c, "role") }, &member_id, NULL));
    reply_see(c, "member_invited", "%s/members", web_space(c));
    return NULL;
}

struct err *invitation_again_limit(struct ctx *c, int64_t member_id)
{
    return limit_count(c, "invitation again", arena_printf(c->arena, "%lld %lld", (long long)c->who.org_id, (long long)member_id), RESENDS_AN_HOUR, CLOCK_HOUR_MS);
}

struct err *member_resend_prepare(struct ctx *c)
{
    struct doc *member = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_row(c, &sql_member_show, PARAMS(P_INT("of_member", path_id(c, "member"))), &member);
    db_rollback(c->db);
    TRY(e);
    return invitation_again_limit(c, path_id(c, "member"));
}

struct err *invitation_again(struct ctx *c, int64_t mandate_id, const char *role, const struct doc *partner)
{
    struct doc *letter = NULL;
    int64_t link_id = ctx_id(c), expires_at = c->now_ms + INVITATION_DAYS * CLOCK_DAY_MS;
    TRY(ctx_maybe(c, &sql_invitation_renew, PARAMS(P_INT("mandate_id", mandate_id), P_INT("link_id", link_id), P_INT("expires_at", expires_at)), &letter));
    if (!letter)
        return ERR(c->arena, ERR_CONFLICT, "was answered in the meantime");
    TRY(mandate_answer_by(c, mandate_id, expires_at));
    return invitation_mail(c, letter, role, link_id, partner);
}

struct err *invitation_close(struct ctx *c, int64_t mandate_id)
{
    return ctx_run_any(c, &sql_invitation_end, PARAMS(P_INT("mandate_id", mandate_id)), NULL);
}

struct err *member_resend(struct ctx *c)
{
    struct doc *member = NULL;
    TRY(member_taken(c, &member));
    TRY(invitation_again(c, doc_int_of(member, "mandate_id"), doc_text_of(member, "role"), NULL));
    reply_see(c, "member_resent", "%s/members", web_space(c));
    return NULL;
}

/* ---- Read ---- */

/* The invitation of this address, NULL where it was answered, withdrawn, sent again or has expired; a link that no server of
   ours made does not exist. */
static struct err *invitation_find(struct ctx *c, struct doc **ret_invitation)
{
    int64_t link_id = 0;
    if (!mail_link_read_of(c, LINK, path_text(c, "word"), &link_id))
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    return ctx_maybe(c, &sql_invitation_open, PARAMS(P_INT("link_id", link_id)), ret_invitation);
}

static void invitation_state(struct ctx *c, const struct doc *invitation)
{
    bool is_signed_in = c->who.person_id != 0, is_own = invitation && c->who.person_id == doc_int_of(invitation, "person_id");
    bool has_password = doc_bool_of(invitation, "has_password");
    doc_set_bool(c->doc, "is_open", invitation != NULL);
    doc_set_bool(web_page(c), "can_accept", is_own && has_password);
    doc_set_bool(web_page(c), "can_join", invitation && !has_password);
    doc_set_bool(web_page(c), "must_sign_in", invitation && has_password && !is_signed_in);
    doc_set_bool(web_page(c), "is_somebody_else", invitation && has_password && is_signed_in && !is_own);
    doc_set_text(web_page(c), "word", path_text(c, "word"));
}

/* Opening it answers nothing: mail scanners open every link. */
struct err *invitation_show(struct ctx *c)
{
    static const char *const shown[] = { "org_name", "by_name", "role", "title", "email", "name", "partner_name", NULL };
    struct doc *row = NULL, *invitation = doc_map(c->arena);
    TRY(invitation_find(c, &row));
    invitation_state(c, row);
    form_show(c, invitation_join_form);
    if (!row) {
        doc_set_null(c->doc, "invitation");
        return NULL;
    }
    doc_pick_texts(invitation, row, shown);
    doc_set_int(invitation, "expires_at", doc_int_of(row, "expires_at"));
    doc_set(c->doc, "invitation", invitation);
    if (!doc_bool_of(row, "is_portal_open"))   /* its pictures are shown to who belongs to it, which the reader does not yet */
        return NULL;
    return web_brand(c, 'o', doc_text_of(row, "slug"));
}

/* ---- Answered ---- */

#define GONE N_("Cette invitation ne vaut plus.")

/* Takes it, once; from here on the act is one of the organization's space. */
static struct err *invitation_take(struct ctx *c, const struct doc *invitation)
{
    int64_t taken = 0;
    if (invitation)
        TRY(ctx_run_any(c, &sql_invitation_take, PARAMS(P_INT("link_id", doc_int_of(invitation, "link_id"))), &taken));
    if (!taken)
        return form_error(c, "page", GONE);
    c->who.org_id = doc_int_of(invitation, "org_id");
    journal_object(c, "member", doc_int_of(invitation, "member_id"));
    journal_text(c, "role", doc_text_of(invitation, "role"));
    journal_number(c, "mandate_id", doc_int_of(invitation, "mandate_id"));
    return NULL;
}

/* Who invited is told. joined: row of dossier_joined, where a partner waits for its first administrator (S-15). */
static struct err *answer_mail(struct ctx *c, const struct doc *invitation, bool is_accepted, const struct doc *joined)
{
    struct doc *data = doc_map(c->arena);
    if (!doc_int_of(invitation, "agreed_by"))
        return NULL;
    doc_set_text(data, "client_name", doc_text_of(joined, "client_name"));
    doc_set_int(data, "dossier_id", doc_int_of(joined, "dossier_id"));
    doc_set_text(data, "name", doc_text_of(invitation, "name"));
    doc_set_text(data, "role", doc_text_of(invitation, "role"));
    doc_set_bool(data, "is_accepted", is_accepted);
    doc_set_bool(data, "has_receipt", is_accepted && !is_collaborator(doc_text_of(invitation, "role")));    /* a partner's register is the operator's */
    doc_set_int(data, "mandate_id", doc_int_of(invitation, "mandate_id"));
    return mail_queue(c, &(struct mail){ .template = joined ? "mail_organization_joined" : "mail_member_answered", .to_email = doc_text_of(invitation, "by_email"),
        .to_name = doc_text_of(invitation, "by_name"), .lang = doc_text_of(invitation, "by_lang"), .org_id = joined ? doc_int_of(joined, "partner_id") : c->who.org_id }, data);
}

/* An organization that a partner made has its first administrator, or will have none: the dossier follows, and the partner's log says so. */
static struct err *answer_told(struct ctx *c, const struct doc *invitation, bool is_accepted)
{
    struct doc *joined = NULL;
    TRY(dossier_joined(c, doc_int_of(invitation, "org_id"), doc_int_of(invitation, "mandate_id"), is_accepted, &joined));
    if (joined)
        TRY(journal_write_at(c, doc_int_of(joined, "partner_id"), &(struct journal_draft){ .action = is_accepted ? "dossier_joined" : "dossier_declined",
            .object_kind = "dossier", .object_id = doc_int_of(joined, "dossier_id"), .is_wanted = true }));
    return answer_mail(c, invitation, is_accepted, joined);
}

/* Who accepted has what was agreed to (M-6), in their language and at the address it was sent to. */
static struct err *joined_mail(struct ctx *c, const struct doc *invitation)
{
    struct doc *data = doc_map(c->arena), *person = NULL;
    TRY(ctx_row(c, &sql_member_lang, PARAMS(P_INT("person_id", doc_int_of(invitation, "person_id"))), &person));
    doc_set_text(data, "role", doc_text_of(invitation, "role"));
    doc_set_int(data, "mandate_id", doc_int_of(invitation, "mandate_id"));
    return mail_queue(c, &(struct mail){ .template = "mail_member_joined", .to_email = doc_text_of(invitation, "email"), .to_name = doc_text_of(invitation, "name"),
        .lang = doc_text_of(person, "lang"), .org_id = c->who.org_id, .is_office = true }, data);
}

static struct err *invitation_done(struct ctx *c, const struct doc *invitation)
{
    TRY(invitation_take(c, invitation));
    TRY(membership_accept(c, doc_int_of(invitation, "org_id"), doc_int_of(invitation, "mandate_id")));
    TRY(answer_told(c, invitation, true));
    TRY(joined_mail(c, invitation));
    bool joins_support = is_collaborator(doc_text_of(invitation, "role"));
    reply_see(c, joins_support ? "collaborator_joined" : "member_joined", joins_support ? "/partner/%s/dossiers" : "/o/%s", doc_text_of(invitation, "slug"));
    return NULL;
}

struct err *invitation_accept(struct ctx *c)
{
    struct doc *invitation = NULL;
    TRY(invitation_find(c, &invitation));
    if (invitation && doc_int_of(invitation, "person_id") != c->who.person_id)
        return form_error(c, "page", N_("Cette invitation est pour quelqu’un d’autre : connectez-vous avec l’adresse à laquelle elle a été envoyée."));
    return invitation_done(c, invitation);
}

struct fresh { int64_t link_id; const char *hash; };   /* from prepare to handler */

struct err *invitation_join_prepare(struct ctx *c)
{
    struct doc *invitation = NULL;
    struct fresh *fresh = ARENA_NEW(c->arena, struct fresh);
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = invitation_find(c, &invitation);
    db_rollback(c->db);
    TRY(e);
    if (!invitation)
        return form_error(c, "page", GONE);
    if (doc_bool_of(invitation, "has_password"))
        return form_error(c, "page", N_("Vous avez déjà un mot de passe : connectez-vous pour accepter."));
    TRY(password_check(c, form_text(c, "password"), invitation));
    fresh->link_id = doc_int_of(invitation, "link_id");
    c->own = fresh;
    return secret_password_hash(c->arena, form_text(c, "password"), &fresh->hash);
}

/* The first password is an act of the person on themself: an entry in the server's own log. */
static struct err *password_entry(struct ctx *c, int64_t person_id)
{
    struct journal_draft kept = c->journal;
    c->journal = (struct journal_draft){ .action = "password_set", .object_kind = "person", .object_id = person_id, .is_wanted = true };
    struct err *e = journal_write(c);
    c->journal = kept;
    return e;
}

/* The first password and the answer in one: for somebody who has none yet (S-3 takes the same way). */
struct err *invitation_join(struct ctx *c)
{
    const struct fresh *fresh = c->own;
    struct doc *invitation = NULL;
    TRY(invitation_find(c, &invitation));
    if (!invitation || doc_bool_of(invitation, "has_password"))   /* somebody else was faster */
        return form_error(c, "page", GONE);
    int64_t person_id = doc_int_of(invitation, "person_id");
    TRY(password_put(c, person_id, fresh->hash, 0));
    TRY(person_enter(c, person_id));
    TRY(password_entry(c, person_id));
    return invitation_done(c, invitation);
}

/* Who has the link may say no, signed in or not; but not as somebody else. */
struct err *invitation_decline(struct ctx *c)
{
    struct doc *invitation = NULL;
    TRY(invitation_find(c, &invitation));
    int64_t person_id = doc_int_of(invitation, "person_id");
    if (invitation && c->who.person_id && c->who.person_id != person_id)
        return form_error(c, "page", N_("Cette invitation est pour quelqu’un d’autre : connectez-vous avec l’adresse à laquelle elle a été envoyée."));
    TRY(invitation_take(c, invitation));
    bool is_signed_in = c->who.person_id != 0;
    c->who.person_id = person_id;
    TRY(membership_drop(c, doc_int_of(invitation, "org_id"), doc_int_of(invitation, "mandate_id"), true));
    TRY(answer_told(c, invitation, false));
    reply_see(c, "member_declined", "%s", is_signed_in ? "/account/organizations" : "/sign-in");
    return NULL;
}
