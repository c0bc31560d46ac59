/* « Collaborateurs »: a partner's people, invited, invited again, removed, gone by themselves (S-1, S-2, S-3, S-10). */
#include "base/text.h"
#include "features/client/client.h"
#include "features/member/member.h"
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "features/support/support.h"
#include "mandate/access.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"

enum { DOSSIERS_COUNTED = 100 };   /* in the list; more is "more" */

static const struct choice roles[] = { { "collaborator", N_("Support technique") }, { 0 } };

const struct field collaborator_form[] = {
    { "first_name", FIELD_TEXT, N_("Prénom"), REQUIRED, .max = 100 },
    { "last_name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 100 },
    { "email", FIELD_EMAIL, N_("Email"), REQUIRED, .max = 254, .hint = N_("L’invitation part là, et ne vaut que pour cette adresse.") },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "role", FIELD_CHOICE, N_("Rôle"), REQUIRED, .choices = roles },
    { 0 },
};

static const struct field no_form[] = { { 0 } };

/* ---- Shown ---- */

static void rows_complete(struct ctx *c)
{
    struct doc *rows = doc_get_mut(c->doc, "collaborators");
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_bool(doc_at_mut(rows, i), "has_more_dossiers", doc_int_of(doc_at(rows, i), "dossier_count") > DOSSIERS_COUNTED);
}

struct err *collaborator_list(struct ctx *c)
{
    struct word_search words = word_filter(c, "search");
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_PARTNER_MANAGE));
    if (words.is_any)
        TRY(doc_page(c, "collaborators", &sql_collaborator_search, "name_key", PARAMS(WORD_PARAMS(words))));
    else
        TRY(doc_page(c, "collaborators", &sql_collaborator_list, "name_key", NULL));
    rows_complete(c);
    return NULL;
}

/* One of the partner's people, and what they have: the first dossiers by name, and how many. */
static struct err *collaborator_doc(struct ctx *c, int64_t member_id)
{
    const struct param *whose = PARAMS(P_INT("of_member", member_id));
    struct doc *count = NULL;
    TRY(doc_row(c, "collaborator", &sql_collaborator_show, whose));
    TRY(doc_rows(c, "dossiers", &sql_collaborator_dossiers, whose));
    TRY(ctx_row(c, &sql_collaborator_dossier_count, whose, &count));
    doc_set_int(c->doc, "dossier_count", doc_int_of(count, "count"));
    doc_set_int(c->doc, "more_count", doc_int_of(count, "count") - (int64_t)doc_count(doc_get(c->doc, "dossiers")));
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_PARTNER_MANAGE));
    form_show(c, no_form);
    return NULL;
}

struct err *collaborator_show(struct ctx *c) { return collaborator_doc(c, path_id(c, "collaborator")); }
struct err *collaborator_remove_show(struct ctx *c) { return collaborator_doc(c, path_id(c, "collaborator")); }

/* « Entreprises », among the partner's tabs: the same document as on the account. */
struct err *partner_organizations(struct ctx *c) { return member_organizations(c); }

/* ---- Invited (S-2, S-3) ---- */

struct err *collaborator_new(struct ctx *c)
{
    form_show(c, collaborator_form);
    form_value(c, "role", "collaborator");
    return NULL;
}

struct err *collaborator_invite(struct ctx *c)
{
    int64_t member_id = 0;
    TRY(invitation_send(c, &(struct invitation){ form_text(c, "first_name"), form_text(c, "last_name"), form_text(c, "email"), "", form_text(c, "role") }, &member_id, NULL));
    TRY(ctx_run(c, &sql_collaborator_phone_put, PARAMS(P_INT("of_member", member_id), P_TEXT("phone", form_text(c, "phone")))));
    reply_see(c, "member_invited", "%s/collaborators", web_space(c));
    return NULL;
}

/* The collaborator of this address, taken for the rest of the transaction. */
static struct err *collaborator_taken(struct ctx *c, int64_t member_id, struct doc **ret_row)
{
    struct doc *taken = NULL;
    TRY(ctx_row(c, &sql_member_take, PARAMS(P_INT("of_member", member_id)), &taken));
    TRY(ctx_row(c, &sql_collaborator_show, PARAMS(P_INT("of_member", member_id)), ret_row));
    doc_set_int(*ret_row, "person_id", doc_int_of(taken, "person_id"));
    doc_set_text(*ret_row, "role", "collaborator");
    journal_object(c, "member", member_id);
    journal_text(c, "role", "collaborator");
    return NULL;
}

struct err *collaborator_resend_prepare(struct ctx *c)
{
    struct doc *row = NULL;
    int64_t member_id = path_id(c, "collaborator");
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_row(c, &sql_collaborator_show, PARAMS(P_INT("of_member", member_id)), &row);
    db_rollback(c->db);
    TRY(e);
    return invitation_again_limit(c, member_id);
}

struct err *collaborator_resend(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(collaborator_taken(c, path_id(c, "collaborator"), &row));
    TRY(invitation_again(c, doc_int_of(row, "mandate_id"), "collaborator", NULL));
    reply_see(c, "member_resent", "%s/collaborators", web_space(c));
    return NULL;
}

/* ---- Removed, or gone (S-10) ---- */

/* All that the person has with this partner's clients ends, everywhere, in this one act. */
static struct err *collaborator_out(struct ctx *c, const struct doc *row)
{
    struct doc *lost = NULL;
    TRY(invitation_close(c, doc_int_of(row, "mandate_id")));
    TRY(collaborator_end(c, doc_int_of(row, "id"), &lost));
    journal_text(c, "state", doc_text_of(row, "state"));
    return support_tell_lost(c, lost, doc_text_of(row, "name"));
}

struct err *collaborator_remove(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(collaborator_taken(c, path_id(c, "collaborator"), &row));
    TRY(collaborator_out(c, row));
    if (text_same(doc_text_of(row, "state"), "active") && doc_int_of(row, "id") != c->who.member_id)
        TRY(member_mail(c, "mail_member_removed", row));
    reply_see(c, "collaborator_removed", "%s/collaborators", web_space(c));
    return NULL;
}

/* Collaborators alone: an administrator of the partner who is none has nothing to leave here. */
struct err *collaborator_leave_show(struct ctx *c)
{
    return c->who.member_id ? collaborator_doc(c, c->who.member_id) : ERR(c->arena, ERR_NOT_FOUND, "is no collaborator");
}

struct err *collaborator_leave(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(collaborator_taken(c, c->who.member_id, &row));
    TRY(collaborator_out(c, row));
    reply_see(c, "collaborator_left", "/account/organizations");
    return NULL;
}
