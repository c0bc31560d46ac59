/* « Devenir partenaire »: what it is, why one asks, how the request stands, taken back. */
#include "base/clock.h"
#include "base/text.h"
#include "features/operator/operator_inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

enum { ASKS_A_DAY = 5 };

const struct field partner_ask_form[] = {
    { "reason", FIELD_LONG, N_("Pourquoi devenir partenaire"), REQUIRED, .max = 2000, .hint = N_("Qui vous accompagnez, et combien d’entreprises. L’éditeur le lit.") },
    { 0 },
};

struct err *partner_profile(struct ctx *c)
{
    TRY(doc_row(c, "partner", &sql_partner_ask_show, NULL));
    const struct doc *row = doc_get(c->doc, "partner");
    bool is_asked = text_same(doc_text_of(row, "state"), "asked");
    doc_set_bool(web_page(c), "is_asked", is_asked && !doc_bool_of(row, "is_partner"));
    doc_set_bool(web_page(c), "can_ask", !is_asked && !doc_bool_of(row, "is_partner"));
    form_show(c, partner_ask_form);
    return doc_rows(c, "events", &sql_partner_history, NULL);
}

struct err *partner_ask_prepare(struct ctx *c)
{
    return limit_count(c, "partner ask", arena_printf(c->arena, "%lld", (long long)c->who.org_id), ASKS_A_DAY, CLOCK_DAY_MS);
}

/* Told to who may answer: the administrators of the operator. */
static struct err *operator_mails(struct ctx *c, const char *org_name)
{
    struct doc *operator_ = NULL, *people = NULL;
    TRY(ctx_maybe(c, &sql_support_operator, NULL, &operator_));
    if (!operator_)
        return NULL;
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", doc_int_of(operator_, "id"))), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = doc_map(c->arena);
        doc_set_text(data, "org_name", org_name);
        doc_set_text(data, "by_name", c->who.person_name);
        doc_set_text(data, "asked_for", form_text(c, "reason"));
        doc_set_text(data, "operator_slug", doc_text_of(operator_, "slug"));
        doc_set_int(data, "organization_id", c->who.org_id);
        TRY(mail_queue(c, &(struct mail){ .template = "mail_partner_asked", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = doc_int_of(operator_, "id") }, data));
    }
    return NULL;
}

struct err *partner_ask(struct ctx *c)
{
    struct doc *row = NULL;
    int64_t changed = 0;
    TRY(ctx_row(c, &sql_partner_ask_show, NULL, &row));
    if (doc_bool_of(row, "is_partner"))
        return form_error(c, "page", N_("Votre entreprise est déjà partenaire."));
    TRY(ctx_run_any(c, &sql_partner_ask_put, PARAMS(P_TEXT("message", form_text(c, "reason"))), &changed));
    if (!changed)
        return form_error(c, "page", N_("Votre demande est déjà partie : l’éditeur n’y a pas encore répondu."));
    TRY(partner_event(c, c->who.org_id, "asked", form_text(c, "reason")));
    TRY(operator_mails(c, doc_text_of(row, "name")));
    journal_object(c, "organization", c->who.org_id);
    journal_text(c, "reason", form_text(c, "reason"));
    reply_see(c, "partner_asked", "%s/partner", web_space(c));
    return NULL;
}

struct err *partner_ask_cancel(struct ctx *c)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_partner_ask_drop, NULL, &changed));
    if (!changed)
        return form_error(c, "page", N_("Aucune demande n’est en attente : il a peut-être été répondu entre-temps."));
    TRY(partner_event(c, c->who.org_id, "cancelled", ""));
    journal_object(c, "organization", c->who.org_id);
    reply_see(c, "partner_ask_cancelled", "%s/partner", web_space(c));
    return NULL;
}
