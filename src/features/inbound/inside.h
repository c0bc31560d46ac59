#pragma once
/* Inside inbound: what its files share. */
#include "features/inbound/inbound.h"
#include "mail/reply.h"

enum { ASIDE_DAYS = 30, ASIDE_MOST = 500, LANDED_AN_HOUR = 20 };

/* One message on its way. */
struct arrival {
    const struct inbound_ask *ask;
    struct reply_to to;             /* what its address names, where that was made here */
    const struct doc *person;       /* the addressee: person_id, email, email_key, lang, name */
    const char *from_key;
    const char *hash;               /* what it is known by when it comes again */
};

/* Sets it aside for the staff of c->who.org_id, under reason; ticket_id 0: not known. hash: of the kept message, or "". *ret_end says whether there was room. */
struct err *aside_put(struct ctx *c, const struct inbound_ask *ask, const char *reason, int64_t ticket_id, const char *hash, enum inbound_end *ret_end) MUST_CHECK;

/* A report that says a mail of ours did not arrive: the address is marked. */
struct err *bounce_take(struct ctx *c, const struct arrival *in, const char **ret_why) MUST_CHECK;
/* A mail came from there, or the address is another one: it is no longer marked. */
struct err *bounce_end(struct ctx *c, const char *email_key) MUST_CHECK;

extern const struct field inbound_form[];
handler inbound_list, inbound_show, inbound_file, inbound_add;
struct err *inbound_purge_run(struct ctx *c, const struct doc *data) MUST_CHECK;
