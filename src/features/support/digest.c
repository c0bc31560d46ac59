/* « Recevoir un résumé » on « Accès support »: chosen by each administrator for themself, and the job that writes it. */
#include "base/clock.h"
#include "base/text.h"
#include "features/support/support_inside.h"
#include "mail/mail.h"
#include "mandate/support.h"
#include "tpl/tpl.h"

static const struct choice everies[] = { { "never", N_("jamais") }, { "day", N_("chaque jour") }, { "week", N_("chaque semaine") }, { 0 } };

const struct field support_digest_form[] = { { "every", FIELD_CHOICE, N_("Recevoir un résumé"), REQUIRED, .choices = everies,
    .hint = N_("Qui est venu, pourquoi, combien de temps et combien d’actes. Rien quand personne n’est venu.") }, { 0 } };

struct err *support_digest_show(struct ctx *c)
{
    const char *every = NULL;
    bool can_choose = ctx_may(c, RIGHT_MANDATE_MANAGE) && c->who.member_id;
    doc_set_bool(web_page(c), "can_choose", can_choose);
    form_show(c, support_digest_form);
    if (!can_choose)
        return NULL;
    TRY(support_digest_chosen(c, &every));
    form_value(c, "every", every);
    return NULL;
}

struct err *support_digest(struct ctx *c)
{
    if (!c->who.member_id)
        return ERR(c->arena, ERR_FORBIDDEN, "a summary is a member's");
    TRY(support_digest_choose(c, form_text(c, "every")));
    journal_object(c, "member", c->who.member_id);
    journal_text(c, "every", form_text(c, "every"));
    reply_see(c, "support_digest_chosen", "%s/support", web_space(c));
    return NULL;
}

/* ---- The job ---- */

static struct doc *visits_told(struct ctx *c, const struct doc *visits)
{
    struct doc *told = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(visits) && i < VISITS_TOLD; i++) {
        const struct doc *row = doc_at(visits, i);
        struct doc *visit = doc_map(c->arena);
        int64_t minutes = (doc_int_of(row, "ended_at") - doc_int_of(row, "started_at") + CLOCK_MINUTE_MS - 1) / CLOCK_MINUTE_MS;
        doc_set_text(visit, "collaborator_name", doc_text_of(row, "collaborator_name"));
        doc_set_text(visit, "partner_name", doc_text_of(row, "partner_name"));
        doc_set_text(visit, "reason", doc_text_of(row, "reason"));
        doc_set_int(visit, "started_at", doc_int_of(row, "started_at"));
        doc_set_int(visit, "minutes", minutes);
        doc_set_int(visit, "act_count", doc_int_of(row, "act_count"));
        doc_push(told, visit);
    }
    return told;
}

struct err *support_digests_job(struct ctx *c, const struct doc *data)
{
    struct doc *due = NULL, *visits = NULL;
    struct authority nobody = c->who;
    (void)data;
    TRY(support_digests_due_take(c, &due));
    for (size_t i = 0; i < doc_count(due); i++) {
        const struct doc *to = doc_at(due, i);
        int64_t org_id = doc_int_of(to, "org_id");
        c->who = (struct authority){ .org_id = org_id, .person_name = "", .person_email = "", .granted_by = "" };
        TRY(support_digest_take(c, to, &visits));
        if (!doc_count(visits))
            continue;
        struct doc *told = doc_map(c->arena);
        doc_set(told, "visits", visits_told(c, visits));
        doc_set_bool(told, "has_more", doc_count(visits) > VISITS_TOLD);
        doc_set_text(told, "org_name", doc_text_of(to, "org_name"));
        doc_set_text(told, "org_slug", doc_text_of(to, "org_slug"));
        TRY(mail_queue(c, &(struct mail){ .template = "mail_support_digest", .to_email = doc_text_of(to, "email"), .to_name = doc_text_of(to, "name"),
            .lang = doc_text_of(to, "lang"), .org_id = org_id }, told));
    }
    c->who = nobody;
    return NULL;
}
