/* What the operator decides about an organization: a partner, not one, none any more. In both logs, the organization's citing the operator's. */
#include "base/text.h"
#include "features/operator/operator_inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

const struct field partner_approve_form[] = { { "asked_at", FIELD_HIDDEN, N_("Demande lue"), .max = 20 }, { 0 } };
const struct field partner_answer_form[] = { { "asked_at", FIELD_HIDDEN, N_("Demande lue"), .max = 20 }, { "note", FIELD_LONG, N_("Raison"), REQUIRED, .max = 500, .hint = N_("Les administrateurs de l’entreprise la lisent.") }, { 0 } };

struct err *partner_event(struct ctx *c, int64_t org_id, const char *what, const char *note)
{
    return ctx_run(c, &sql_partner_event_add, PARAMS(P_INT("organization_id", org_id), P_INT("id", ctx_id(c)), P_TEXT("what", what), P_TEXT("note", note)));
}

static struct err *answer_mails(struct ctx *c, const struct doc *org, const char *answer)
{
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", doc_int_of(org, "id"))), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = doc_map(c->arena);
        doc_set_text(data, "org_name", doc_text_of(org, "name"));
        doc_set_text(data, "org_slug", doc_text_of(org, "slug"));
        doc_set_text(data, "answer", answer);
        doc_set_text(data, "note", form_text(c, "note"));
        TRY(mail_queue(c, &(struct mail){ .template = "mail_partner_answered", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = c->who.org_id }, data));
    }
    return NULL;
}

/* Into the history, told to the organization's administrators, written in both logs. ret_entry: the number in the operator's. */
static struct err *answered(struct ctx *c, const struct doc *org, const char *what, int64_t *ret_entry)
{
    int64_t id = doc_int_of(org, "id");
    TRY(partner_event(c, id, what, form_text(c, "note")));
    TRY(answer_mails(c, org, what));
    journal_object(c, "organization", id);
    journal_text(c, "name", doc_text_of(org, "name"));
    c->journal.reason = form_text(c, "note");
    TRY(journal_write_cited(c, id, arena_printf(c->arena, "partner_%s", what), form_text(c, "note"), ret_entry));
    reply_see(c, arena_printf(c->arena, "partner_%s", what), "%s/organizations/%lld", web_space(c), (long long)id);
    return NULL;
}

static struct err *organization_row(struct ctx *c, struct doc **ret_org)
{
    return ctx_row(c, &sql_operator_organization, PARAMS(P_INT("organization_id", path_id(c, "organization"))), ret_org);
}

static struct err *partner_change(struct ctx *c, bool is_partner)
{
    const struct param which = P_INT("organization_id", path_id(c, "organization"));
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_partner_set, PARAMS(which, P_INT("is_partner", is_partner)), &changed));
    if (!changed)
        return form_error(c, "page", is_partner ? N_("Cette entreprise est déjà partenaire.") : N_("Cette entreprise n’est pas partenaire."));
    return ctx_run(c, &sql_partner_ask_answer, PARAMS(which, P_TEXT("ask_state", is_partner ? "approved" : "ended"), P_TEXT("note", form_text(c, "note"))));
}

/* The request that was read is the one that stands: taken back or asked anew meanwhile, it wants reading again. */
static struct err *request_stands(struct ctx *c)
{
    int64_t asked_at = 0, taken = 0;
    if (!text_int(form_text(c, "asked_at"), &asked_at))
        return NULL;
    TRY(ctx_run_any(c, &sql_partner_ask_take, PARAMS(P_INT("organization_id", path_id(c, "organization")), P_INT("asked_at", asked_at)), &taken));
    return taken ? NULL : form_error(c, "page", N_("La demande a changé entre-temps : relisez-la."));
}

/* Approved again before the job has ended what there was, its accesses would count once more: first they end, then it begins anew. */
static struct err *nothing_is_left(struct ctx *c)
{
    struct doc *touched = NULL;
    TRY(ctx_row(c, &sql_partner_touched, PARAMS(P_INT("organization_id", path_id(c, "organization"))), &touched));
    if (doc_int_of(touched, "dossier_count") || doc_int_of(touched, "letter_count"))
        return form_error(c, "page", N_("Ce que le partenariat d’avant avait ouvert n’est pas encore refermé : réessayez dans un instant."));
    return NULL;
}

struct err *partner_approve(struct ctx *c)
{
    struct doc *org = NULL;
    int64_t entry = 0;
    TRY(organization_row(c, &org));
    if (!doc_bool_of(org, "is_partner")) {
        TRY(request_stands(c));
        TRY(nothing_is_left(c));
    }
    TRY(partner_change(c, true));
    return answered(c, org, text_same(doc_text_of(org, "ask_state"), "asked") ? "approved" : "made", &entry);
}

struct err *partner_refuse(struct ctx *c)
{
    struct doc *org = NULL;
    int64_t changed = 0, entry = 0;
    TRY(organization_row(c, &org));
    TRY(request_stands(c));
    TRY(ctx_run_any(c, &sql_partner_ask_refuse, PARAMS(P_INT("organization_id", path_id(c, "organization")), P_TEXT("note", form_text(c, "note"))), &changed));
    if (!changed)
        return form_error(c, "page", N_("Aucune demande n’attend de réponse."));
    return answered(c, org, "refused", &entry);
}

/* Its space is closed and its accesses count no more with this commit (gate, authority_of_support); the job writes their end down and tells both sides. */
struct err *partner_withdraw(struct ctx *c)
{
    struct doc *org = NULL;
    int64_t entry = 0;
    TRY(organization_row(c, &org));
    TRY(partner_change(c, false));
    TRY(answered(c, org, "withdrawn", &entry));
    return partner_left_queue(c, doc_int_of(org, "id"), entry);
}
