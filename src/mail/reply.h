#pragma once
/* The address at which a mail about a ticket is answered: reply+TOKEN@DOMAIN. TOKEN names organization, ticket and addressee and
   carries a MAC by the server's key, so that it is stored nowhere and cannot be made by others; base32 in lower case, since the
   part before @ loses its case on the way. Together with « reply+ » it has 64 characters, the most there may be. */
#include "mandate/ctx.h"

struct reply_to {
    int64_t org_id, ticket_id;   /* ticket_id 0: no answer */
    int64_t contact_id;          /* the addressee: a contact … */
    int64_t member_id;           /* … or a member */
};

/* "" where there is no ticket, or where answers by e-mail are off (ctx.reply_domain). */
const char *reply_address(struct ctx *c, const struct reply_to *r);
/* False where the address is none of ours, or was not made by this server. has_form says which (may be NULL). */
bool reply_read(struct ctx *c, const char *address, struct reply_to *ret_reply, bool *ret_has_form);
/* What a row of `mail` is answered about. */
struct reply_to reply_of_mail(const struct doc *mail);

/* The first part of a message's Message-ID, "ID.MAC", and back from any text that has one in it: what comes back quoted names the mail. */
const char *reply_mail_word(struct ctx *c, int64_t mail_id);
bool reply_mail_find(struct ctx *c, const char *text, int64_t *ret_mail_id);
