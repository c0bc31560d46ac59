#pragma once
/* Answers by e-mail (C-10, X-5): a message becomes a comment of the person it comes from, or is set aside for the staff, or is dropped.
   Reading it is src/mail/inbound.h; who may is asked of the gate's own functions, as that person, now. */
#include "mail/inbound.h"
#include "web/web.h"

extern const struct feature inbound_feature;

enum inbound_end {
    INBOUND_LANDED,     /* a comment */
    INBOUND_ASIDE,      /* kept in « E-mails écartés » */
    INBOUND_DROPPED,    /* no person's, seen before, or nobody knows for whom */
};

struct inbound_ask {
    const struct inbound *mail;
    const void *bytes;              /* the whole message, kept where a part of it could not become a comment */
    size_t len;
    const char *recipient;          /* of the envelope; NULL: what the message's own headers say */
    bool is_from_nobody;            /* the envelope's sender is empty */
};

/* In the caller's write transaction; journals the act, and leaves authority and journal of the context as they were. An error means that
   nothing must be committed. ret_why: one word for the log. */
struct err *inbound_take(struct ctx *c, const struct inbound_ask *ask, enum inbound_end *ret_end, const char **ret_why) MUST_CHECK;
