/* Mails about the life of a mandate: to its holder and to whoever agreed to it. */
#include "features/register/tell.h"
#include "base/text.h"
#include "features/support/support.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

/* Kinds of which one side alone is told. */
static const struct kind_mails {
    enum mandate_kind kind;
    bool is_holder_alone;                      /* the holder gave it to themself: there is no other side */
    bool is_silence_quiet;                     /* who did not answer is not told so */
} kind_mails[] = {
    { .kind = MANDATE_TOKEN, .is_holder_alone = true },
    { .kind = MANDATE_MEMBERSHIP, .is_silence_quiet = true },
};

static const struct kind_mails *mails_of(enum mandate_kind kind)
{
    static const struct kind_mails none = { .kind = MANDATE_KINDS };
    for (size_t i = 0; i < sizeof kind_mails / sizeof *kind_mails; i++)
        if (kind_mails[i].kind == kind)
            return &kind_mails[i];
    return &none;
}

/* What is told: of the mandate `m`, under which template. */
struct news { const struct doc *m; const char *template, *why; int days; };

/* Where the reader sees it: the holder among their own, the other side in its register. */
static const char *news_path(struct ctx *c, const struct doc *m, bool is_holder)
{
    long long id = (long long)doc_int_of(m, "id");
    if (is_holder)
        return doc_int_of(m, "holder_person_id") ? arena_printf(c->arena, "/account/mandates/%lld", id) : "/account/organizations";
    return arena_printf(c->arena, "/%c/%s/mandates/%lld", doc_int_of(m, "grantor_client_id") ? 'p' : 'o', doc_text_of(m, "slug"), id);
}

static struct err *news_mail(struct ctx *c, const struct news *n, const struct doc *reader, bool is_holder)
{
    const char *lang = doc_text_of(reader, "lang"), *by = c->who.person_name;
    struct doc *data = doc_map(c->arena);
    if (is_holder && c->who.contact_id && *doc_text_of(n->m, "client_name"))
        by = doc_text_of(n->m, "client_name");   /* a contact acts for the client: the holder need not learn who */
    doc_set_text(data, "label", tpl_text(c->tpl, lang, mandate_label(mandate_kind_read(doc_text_of(n->m, "kind")))));
    bool is_link = mandate_kind_read(doc_text_of(n->m, "kind")) == MANDATE_LINK;
    doc_set_text(data, "holder_name", is_link ? tpl_text(c->tpl, lang, N_("Quiconque a l’adresse")) : doc_text_of(n->m, "holder_name"));
    doc_set_text(data, "client_name", doc_text_of(n->m, "client_name"));
    doc_set_bool(data, "is_holder", is_holder);
    doc_set_text(data, "by_name", by);
    doc_set_text(data, "why", n->why);
    doc_set_int(data, "days", n->days);
    doc_set_int(data, "ends_at", doc_int_of(n->m, "ends_at"));
    doc_set_text(data, "path", news_path(c, n->m, is_holder));
    return mail_queue(c, &(struct mail){ .template = n->template, .to_email = doc_text_of(reader, "email"), .to_name = doc_text_of(reader, "name"),
        .lang = lang, .org_id = c->who.org_id, .is_office = !is_holder && !doc_int_of(n->m, "grantor_client_id") }, data);
}

static struct err *tell_grantors(struct ctx *c, const struct news *n, const char *but_email)
{
    struct doc *readers = NULL;
    const struct param *of = PARAMS(P_INT("of_mandate", doc_int_of(n->m, "id")));
    TRY(ctx_rows(c, &sql_register_grantor, of, &readers));
    if (!doc_count(readers))
        TRY(ctx_rows(c, &sql_register_administrators, NULL, &readers));
    for (size_t i = 0; i < doc_count(readers); i++)
        if (!text_same(doc_text_of(doc_at(readers, i), "email"), but_email))
            TRY(news_mail(c, n, doc_at(readers, i), false));
    return NULL;
}

static struct err *tell(struct ctx *c, const struct news *n, bool tells_holder, bool tells_grantor)
{
    struct doc *holders = NULL;
    const struct param *of = PARAMS(P_INT("of_mandate", doc_int_of(n->m, "id")));
    TRY(ctx_rows(c, &sql_register_holder, of, &holders));
    if (!doc_count(holders))
        TRY(ctx_rows(c, &sql_register_holder_house, of, &holders));
    for (size_t i = 0; i < doc_count(holders) && tells_holder; i++)
        TRY(news_mail(c, n, doc_at(holders, i), true));
    return tells_grantor ? tell_grantors(c, n, doc_count(holders) ? doc_text_of(doc_at(holders, 0), "email") : "") : NULL;
}

static struct err *news_of(struct ctx *c, int64_t mandate_id, struct doc **ret_m, const struct kind_mails **ret_mails)
{
    TRY(ctx_row(c, &sql_register_show, PARAMS(P_INT("of_mandate", mandate_id), P_ABSENT("portal"), P_ABSENT("own")), ret_m));
    *ret_mails = mails_of(mandate_kind_read(doc_text_of(*ret_m, "kind")));
    return NULL;
}

/* Support has its own word, wherever it is ended (S-11). */
static struct err *tell_support_ended(struct ctx *c, int64_t mandate_id, const char *why)
{
    const char *word = text_same(why, "renounced") ? "given up" : text_same(why, "collaborator") ? "collaborator removed" : why;
    return support_tell_end(c, c->who.org_id, mandate_id, word);
}

struct err *tell_ended(struct ctx *c, int64_t mandate_id, const char *why)
{
    struct doc *m = NULL;
    const struct kind_mails *k = NULL;
    TRY(news_of(c, mandate_id, &m, &k));
    if (mandate_kind_read(doc_text_of(m, "kind")) == MANDATE_SUPPORT)
        return tell_support_ended(c, mandate_id, why);
    return tell(c, &(struct news){ m, "mail_mandate_ended", why, 0 }, true, !k->is_holder_alone);
}

struct err *tell_collaborator_end(struct ctx *c, const struct doc *m)
{
    struct doc *lost = NULL;
    TRY(collaborator_end(c, doc_int_of(m, "holder_member_id"), &lost));
    return support_tell_lost(c, lost, doc_text_of(m, "holder_name"));
}

struct err *tell_ending(struct ctx *c, int64_t mandate_id, int days)
{
    struct doc *m = NULL;
    const struct kind_mails *k = NULL;
    TRY(news_of(c, mandate_id, &m, &k));
    TRY(tell(c, &(struct news){ m, "mail_mandate_ending", "", days }, true, !k->is_holder_alone));
    return mandate_kind_read(doc_text_of(m, "kind")) == MANDATE_SUPPORT ? support_letters_lasting(c, mandate_id) : NULL;
}

struct err *tell_unanswered(struct ctx *c, int64_t mandate_id)
{
    struct doc *m = NULL;
    const struct kind_mails *k = NULL;
    TRY(news_of(c, mandate_id, &m, &k));
    return tell(c, &(struct news){ m, "mail_mandate_unanswered", "unanswered", 0 }, !k->is_silence_quiet, true);
}
