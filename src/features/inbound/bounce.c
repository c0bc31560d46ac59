/* Addresses that mail does not reach. A report is believed where our own signed Message-ID stands in it, or where it came to an address
   that we made: anybody else could say so of anybody. */
#include "base/text.h"
#include "features/inbound/inside.h"
#include "features/queries.h"

static struct err *bounce_mark(struct ctx *c, int64_t org_id, const char *email_key, const char *said)
{
    int64_t before = c->who.org_id;
    c->who.org_id = org_id;
    struct err *e = *email_key ? ctx_run_any(c, &sql_inbound_bounce_put, PARAMS(P_TEXT("email_key", email_key), P_TEXT("said", said)), NULL) : NULL;
    c->who.org_id = before;
    return e;
}

struct err *bounce_take(struct ctx *c, const struct arrival *in, const char **ret_why)
{
    const struct inbound *mail = in->ask->mail;
    struct doc *sent = NULL;
    int64_t mail_id = 0;
    *ret_why = mail->is_report && !mail->is_failure ? "report" : "bounce_unknown";
    if (mail->is_report && !mail->is_failure)
        return NULL;                                   /* late, or arrived after all */
    if (reply_mail_find(c, mail->report, &mail_id))
        TRY(ctx_maybe(c, &sql_inbound_of_mail, PARAMS(P_INT("mail_id", mail_id)), &sent));
    if (sent) {
        *ret_why = "bounce";
        return bounce_mark(c, doc_int_of(sent, "org_id"), text_email_key(c->arena, doc_text_of(sent, "to_email")), mail->status);
    }
    if (!in->person || !mail->is_report)
        return NULL;
    *ret_why = "bounce";
    return bounce_mark(c, in->to.org_id, doc_text_of(in->person, "email_key"), mail->status);
}

struct err *bounce_end(struct ctx *c, const char *email_key)
{
    return ctx_run_any(c, &sql_inbound_bounce_end, PARAMS(P_TEXT("email_key", email_key)), NULL);
}
