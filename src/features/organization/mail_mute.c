/* « Ne plus recevoir ces invitations », « ces messages »: the link at the foot of an invitation, or of what is told of a job (L-7). Opening it does nothing, mail scanners open every link; the
   button mutes the address for this organization, for messages of that sort alone. The link names the message, so nothing about anybody else can be asked with it. */
#include "base/text.h"
#include "features/organization/portal_invite.h"
#include "features/queries.h"
#include "mail/mail.h"

static struct err *mute_find(struct ctx *c, struct doc **ret_mail)
{
    int64_t mail_id = 0;
    if (!mail_link_read_of(c, MAIL_MUTE_LINK, path_text(c, "word"), &mail_id))
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    TRY(ctx_maybe(c, &sql_mail_mute_find, PARAMS(P_INT("mail_id", mail_id)), ret_mail));
    return *ret_mail ? NULL : ERR(c->arena, ERR_NOT_FOUND, "the message is gone");
}

struct err *mail_mute_show(struct ctx *c)
{
    struct doc *mail = NULL;
    TRY(mute_find(c, &mail));
    doc_set_text(c->doc, "email", doc_text_of(mail, "to_email"));
    doc_set_text(c->doc, "org_name", doc_text_of(mail, "org_name"));
    doc_set_bool(c->doc, "is_of_job", doc_bool_of(mail, "is_of_job"));
    doc_set_bool(c->doc, "is_done", text_same(query_text(c, "done"), "1"));
    doc_set_text(web_page(c), "word", path_text(c, "word"));
    return doc_bool_of(mail, "is_portal_open") ? web_brand(c, 'p', doc_text_of(mail, "slug")) : NULL;
}

/* An act in the organization's space, by nobody who is signed in. */
struct err *mail_mute(struct ctx *c)
{
    struct doc *mail = NULL;
    TRY(mute_find(c, &mail));
    c->who.org_id = doc_int_of(mail, "org_id");
    TRY(ctx_run_any(c, doc_bool_of(mail, "is_of_job") ? &sql_mail_mute_jobs : &sql_mail_mute_add, PARAMS(P_TEXT("email_key", text_email_key(c->arena, doc_text_of(mail, "to_email")))), NULL));
    journal_object(c, "mail", doc_int_of(mail, "id"));
    journal_text(c, "email", doc_text_of(mail, "to_email"));
    reply_see(c, NULL, "/account/mute/%s?done=1", path_text(c, "word"));
    return NULL;
}
