/* « Créer une entreprise » (S-15): a client organization made by its partner, and the dossier born with it (M-5). Nobody is inside before the
   administrator it names has accepted; the partner itself never is.

   Whether an organization with this SIREN is here already is told to nobody: the form says in any case how to invite one that is, and makes another. */
#include "base/clock.h"
#include "base/text.h"
#include "features/member/member.h"
#include "features/organization/organization.h"
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"

enum { CREATIONS_A_DAY = 100, ADDRESS_A_DAY = 10, WORDING_MOST = 2000 };

const struct field dossier_create_form[] = {
    { "name", FIELD_TEXT, N_("Nom de l’entreprise"), REQUIRED, .max = 120 },
    { "siren", FIELD_TEXT, N_("SIREN"), REQUIRED, .max = 20, .hint = N_("Neuf chiffres.") },
    { "street", FIELD_TEXT, N_("Adresse"), .max = 200 },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12 },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100 },
    { "email", FIELD_EMAIL, N_("Email de l’entreprise"), .max = 254 },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "admin_first_name", FIELD_TEXT, N_("Prénom"), REQUIRED, .max = 100 },
    { "admin_last_name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 100 },
    { "admin_email", FIELD_EMAIL, N_("Email"), REQUIRED, .max = 254, .hint = N_("L’invitation part là, et ne vaut que pour cette adresse.") },
    { 0 },
};

struct err *dossier_create_limit(struct ctx *c)
{
    const char *email_key = text_email_key(c->arena, form_text(c, "admin_email"));
    TRY(limit_count(c, "administrator named", arena_printf(c->arena, "%lld %s", (long long)c->who.org_id, email_key), ADDRESS_A_DAY, CLOCK_DAY_MS));
    return limit_count(c, "dossiers created", arena_printf(c->arena, "%lld", (long long)c->who.org_id), CREATIONS_A_DAY, CLOCK_DAY_MS);
}

struct err *dossier_create_show(struct ctx *c)
{
    form_show(c, dossier_create_form);
    return NULL;
}

/* ---- Checked ---- */

/* "412 003 172" as people write it. */
static const char *siren_of(struct ctx *c, const char *typed)
{
    char *digits = arena_text(c->arena, typed), *to = digits;
    for (const char *from = digits; *from; from++)
        if (*from != ' ' && *from != '.')
            *to++ = *from;
    *to = '\0';
    return digits;
}

static struct err *create_check(struct ctx *c, const char *siren)
{
    struct doc *followed = NULL, *own = NULL;
    if (!organization_siren_checks(siren))
        return form_error(c, "siren", N_("Ce n’est pas un SIREN : neuf chiffres, dont le dernier contrôle les autres."));
    TRY(ctx_maybe(c, &sql_dossier_of_siren, PARAMS(P_TEXT("siren", siren)), &followed));
    if (followed)
        return form_error(c, "siren", N_("Vous suivez déjà une entreprise avec ce SIREN."));
    TRY(ctx_maybe(c, &sql_partner_person, PARAMS(P_TEXT("email_key", text_email_key(c->arena, form_text(c, "admin_email")))), &own));
    return own ? form_error(c, "admin_email", N_("Cette personne travaille pour vous : l’administrateur d’une entreprise cliente est l’un des siens.")) : NULL;
}

struct err *dossier_wording(struct ctx *c, const char *how, const char *partner_name, const char *org_name, const char **ret_wording)
{
    struct buf out;
    struct doc *data = doc_map(c->arena);
    buf_init(&out, c->arena, WORDING_MOST);
    doc_set_text(data, "how", how);
    doc_set_text(data, "partner_name", partner_name);
    doc_set_text(data, "org_name", org_name);
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "dossier_wording.txt", data, &out));
    *ret_wording = text_trim(c->arena, buf_end(&out));
    return NULL;
}

/* ---- Made ---- */

static struct err *partner_row(struct ctx *c, struct doc **ret_partner) { return ctx_row(c, &sql_member_partner, NULL, ret_partner); }

/* Its administrator is invited, in the new organization's name. */
static struct err *administrator_invite(struct ctx *c, int64_t client_org_id, const struct invitation *i)
{
    int64_t partner_id = c->who.org_id, member_id = 0, offer_id = 0;
    c->who.org_id = client_org_id;
    TRY(invitation_send(c, i, &member_id, &offer_id));
    c->who.org_id = partner_id;
    return dossier_joining(c, client_org_id, offer_id);
}

static struct err *organization_make(struct ctx *c, const char *siren, int64_t *ret_id)
{
    return organization_create(c, &(struct organization_new){ .name = form_text(c, "name"), .legal_name = form_text(c, "name"), .siren = siren,
        .street = form_text(c, "street"), .postcode = form_text(c, "postcode"), .city = form_text(c, "city"), .email = form_text(c, "email"),
        .phone = form_text(c, "phone") }, ret_id);
}

/* What the organization's own log begins with. */
static struct err *created_entry(struct ctx *c, int64_t client_org_id, const struct doc *partner)
{
    struct doc *payload = doc_map(c->arena);
    doc_set_text(payload, "name", form_text(c, "name"));
    doc_set_text(payload, "partner", doc_text_of(partner, "name"));
    return journal_write_at(c, client_org_id, &(struct journal_draft){ .action = "organization_created", .object_kind = "organization", .object_id = client_org_id,
        .payload = payload, .is_wanted = true });
}

struct err *dossier_create(struct ctx *c)
{
    const char *siren = siren_of(c, form_text(c, "siren")), *wording = "";
    int64_t client_org_id = 0, dossier_id = 0;
    struct doc *partner = NULL;
    TRY(create_check(c, siren));
    TRY(partner_row(c, &partner));
    TRY(organization_make(c, siren, &client_org_id));
    TRY(dossier_wording(c, "born", doc_text_of(partner, "name"), form_text(c, "name"), &wording));
    TRY(dossier_new(c, client_org_id, "born", wording, &dossier_id, NULL));
    TRY(administrator_invite(c, client_org_id, &(struct invitation){ .first_name = form_text(c, "admin_first_name"), .last_name = form_text(c, "admin_last_name"),
        .email = form_text(c, "admin_email"), .title = "", .role = "administrator", .partner = partner }));
    TRY(created_entry(c, client_org_id, partner));
    journal_object(c, "dossier", dossier_id);
    journal_text(c, "client", form_text(c, "name"));
    reply_see(c, "dossier_created", "%s/dossiers/%lld", web_space(c), (long long)dossier_id);
    return NULL;
}

/* ---- While nobody has accepted ---- */

static struct err *waiting_row(struct ctx *c, struct doc **ret_row)
{
    TRY(ctx_row(c, &sql_dossier_waiting, PARAMS(P_INT("dossier", path_id(c, "dossier"))), ret_row));
    return NULL;
}

/* Whom the organization waits for, for the dossier's page; null where it waits for nobody. */
struct err *dossier_waiting_show(struct ctx *c, int64_t dossier_id)
{
    struct doc *row = NULL, *waiting = doc_map(c->arena);
    TRY(ctx_maybe(c, &sql_dossier_waiting, PARAMS(P_INT("dossier", dossier_id)), &row));
    if (!row) {
        doc_set_null(c->doc, "waiting");
        return NULL;
    }
    doc_set_text(waiting, "name", doc_text_of(row, "admin_name"));
    doc_set_text(waiting, "email", doc_text_of(row, "email"));
    doc_set_int(waiting, "sent_at", doc_int_of(row, "sent_at"));
    doc_set_int(waiting, "expires_at", doc_int_of(row, "expires_at"));
    doc_set_bool(waiting, "is_expired", doc_int_of(row, "expires_at") <= c->now_ms);
    doc_set(c->doc, "waiting", waiting);
    return NULL;
}

struct err *dossier_create_resend_prepare(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = waiting_row(c, &row);
    db_rollback(c->db);
    TRY(e);
    return invitation_again_limit(c, doc_int_of(row, "member_id"));
}

/* Another link to the same address; where the offer has died of its age, another offer. */
struct err *dossier_create_resend(struct ctx *c)
{
    struct doc *row = NULL, *partner = NULL;
    TRY(ctx_run(c, &sql_dossier_take, PARAMS(P_INT("dossier", path_id(c, "dossier")))));
    TRY(waiting_row(c, &row));
    TRY(partner_row(c, &partner));
    int64_t client_org_id = doc_int_of(row, "client_org_id"), partner_id = c->who.org_id;
    if (text_same(doc_text_of(row, "offer_state"), "requested")) {
        c->who.org_id = client_org_id;
        TRY(invitation_again(c, doc_int_of(row, "joining_id"), "administrator", partner));
        c->who.org_id = partner_id;
    } else {
        TRY(administrator_invite(c, client_org_id, &(struct invitation){ .first_name = doc_text_of(row, "first_name"), .last_name = doc_text_of(row, "last_name"),
            .email = doc_text_of(row, "email"), .title = "", .role = "administrator", .partner = partner }));
    }
    journal_object(c, "dossier", path_id(c, "dossier"));
    reply_see(c, "member_resent", "%s/dossiers/%lld", web_space(c), (long long)path_id(c, "dossier"));
    return NULL;
}

/* Taken back: the offer, its link and the dossier are over. Accepted in the meantime: nothing is. */
struct err *dossier_create_withdraw(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(ctx_run(c, &sql_dossier_take, PARAMS(P_INT("dossier", path_id(c, "dossier")))));
    TRY(waiting_row(c, &row));
    int64_t client_org_id = doc_int_of(row, "client_org_id"), offer_id = doc_int_of(row, "joining_id"), partner_id = c->who.org_id;
    c->who.org_id = client_org_id;
    TRY(invitation_close(c, offer_id));
    c->who.org_id = partner_id;
    if (text_same(doc_text_of(row, "offer_state"), "requested")) {
        struct err *e = membership_drop(c, client_org_id, offer_id, false);
        if (e && e->code == ERR_CONFLICT)
            return form_error(c, "page", N_("L’administrateur vient d’accepter : le dossier est ouvert."));
        TRY(e);
    }
    TRY(dossier_drop(c, client_org_id, doc_int_of(row, "mandate_id"), "taken back"));
    TRY(journal_write_at(c, client_org_id, &(struct journal_draft){ .action = "organization_taken_back", .object_kind = "organization", .object_id = client_org_id,
        .is_wanted = true }));
    journal_object(c, "dossier", path_id(c, "dossier"));
    journal_text(c, "client", doc_text_of(row, "name"));
    reply_see(c, "dossier_taken_back", "%s/dossiers", web_space(c));
    return NULL;
}
