#pragma once
/* Messages: written in the transaction of the act that causes them, rendered then, sent later by the worker, retried with
   back-off, sent once. A link's secret is no part of the row: the text holds @LINK@ where the worker puts the address,
   derived from the server's key when it sends. */
#include "mail/reply.h"

/* A file that goes with a message: text of at most MAIL_FILE_MOST bytes. */
enum { MAIL_FILE_MOST = 64 * 1024 };
struct mail_file {
    const char *name;           /* "I-1192.ics": letters, digits, '-', '_' and '.' */
    const char *type;           /* "text/calendar; charset=utf-8; method=PUBLISH" */
    const char *text;           /* its lines end in CRLF */
};

struct mail {
    const char *template;       /* "mail_ticket_answer": renders mail_ticket_answer.txt (first line "Subject: …", then a blank line) and .html */
    const char *to_email;
    const char *to_name;
    const char *lang;           /* the reader's */
    int64_t org_id;             /* whose brand; 0: the server's */
    int64_t link_id;            /* mail_link.id, or that of a link of another kind; 0: none */
    const char *link_kind;      /* NULL: "password" */
    bool links_itself;          /* the link is that of the message: its id is this one's (« Ne plus recevoir ») */
    bool is_office;             /* to somebody of the organization's back office: white label stands on it (S-15) */
    const struct mail_file *file;   /* NULL: none */
    struct reply_to reply;      /* what it can be answered about (mail/reply.h); ticket_id 0: nothing */
};

/* Queues one message. `data` is the template's document; "base", "brand" (name, brand_color: whose brand it wears), "org" (name, slug, brand_color, address, email, phone) and "to_name" and "has_reply" are added. */
struct err *mail_queue(struct ctx *c, const struct mail *m, struct doc *data) MUST_CHECK;

/* A password link for a person: makes the mail_link row (7 days), ends older unused ones of the same person and kind. */
struct err *mail_link_new(struct ctx *c, int64_t person_id, int64_t org_id, int64_t *ret_link_id) MUST_CHECK;
/* The address of a link and back: "/account/password/<id and MAC>"; false where it was not made by this server. A link of another kind is
   "/account/KIND/…", and its word opens nothing else. Of the kind "code" it is six digits to type, as secret as a link: neither stands in a row. */
const char *mail_link_address(struct ctx *c, int64_t link_id);
bool mail_link_read(struct ctx *c, const char *word, int64_t *ret_link_id);
/* The kind of a secure link's address (mandate/link.h) as it is now; link_id is the link's. */
const char *mail_secure_link(struct ctx *c, int64_t generation);
const char *mail_link_address_of(struct ctx *c, const char *kind, int64_t link_id);
bool mail_link_read_of(struct ctx *c, const char *kind, const char *word, int64_t *ret_link_id);

/* How messages leave. */
struct mail_settings {
    const char *smtp_url;       /* "smtp://host:587", "smtps://…"; "" : kept only (the demonstration's mailbox shows them) */
    const char *smtp_user, *smtp_password;
    const char *from_email;
    bool (*is_ending)(void *arg);   /* NULL: never. Yes: no further message is begun, and a mail server that has not yet taken one is not waited for */
    void *ending_arg;
};

/* Sends what is due: at most `most` messages, each taken, sent and marked by itself. Returns how many were handled, so that the worker knows
   whether to look again at once. Failure of one: tries + 1, next_at by back-off (1, 5, 15 min, 1 h, 4 h, 12 h …), 'failed' after 3 days. */
struct err *mail_send_due(struct ctx *c, const struct mail_settings *s, int most, int *ret_handled) MUST_CHECK;

/* Throws away messages in a state ("sent", "failed") that left (or were given up) before; the oldest `most` of them. */
struct err *mail_purge(struct ctx *c, const char *state, int64_t before_ms, int most, int64_t *ret_gone) MUST_CHECK;
