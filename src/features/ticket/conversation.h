#pragma once
/* What portal and back office both do to a ticket, each inside the caller's transaction. A ticket is taken first
   (ticket_take or desk_take), which also decides whether it exists for who asks; the rest takes its id from there. */
#include "web/web.h"

#define TICKET_HREF "%s/tickets/%lld"   /* web_space, id */

struct ticket_draft {
    int64_t client_id, contact_id;      /* whose ticket it is */
    const char *title;
    int64_t type_id, priority_id;
    const char *description;
    const char *status;
    const struct upload *files;
};

/* Opens a ticket: number, description, attachments, words for searching, line in the journal. No mail. */
struct err *ticket_open(struct ctx *c, const struct ticket_draft *draft, int64_t *ret_id) MUST_CHECK;

/* The portal's ticket of the address, taken for the rest of the transaction and named in the journal. */
struct err *ticket_take(struct ctx *c, struct doc **ret_ticket) MUST_CHECK;

/* One line of the conversation. */
struct comment_draft {
    int64_t ticket_id;
    const char *kind;                   /* "opening", "answer", "note"; "status", "priority", "assignee" for a change */
    bool is_internal;
    const char *body;
    const char *old_value, *new_value;  /* of a change; names as they are now, words for a status */
    const struct upload *files;
};
struct err *comment_add(struct ctx *c, const struct comment_draft *draft) MUST_CHECK;

/* Where a ticket stands once its client has written: with the team again. */
const char *status_answered(const struct doc *ticket);

/* Sets the status after an answer (is_answer), or by itself; a change by itself leaves its line in the conversation. */
struct err *ticket_put(struct ctx *c, const struct doc *ticket, const char *status, bool is_answer) MUST_CHECK;
struct err *ticket_event(struct ctx *c, int64_t ticket_id, const char *kind, const char *old_value, const char *new_value) MUST_CHECK;

/* The newest lines into the document as "comments", oldest of them first, each with its attachments and their addresses. */
struct err *conversation_show(struct ctx *c, const struct query *comments, const struct query *attachments, int64_t ticket_id) MUST_CHECK;

/* Type and priority of a form exist; else the message at the field. */
struct err *ticket_choice_check(struct ctx *c) MUST_CHECK;
/* Types and priorities into the document and into the form's options. */
struct err *ticket_choices_show(struct ctx *c) MUST_CHECK;

/* ---- Messages (ticket_mail.c), at most 20 each ---- */
struct err *ticket_mail_new(struct ctx *c, int64_t ticket_id, const char *description) MUST_CHECK;     /* to the support team */
struct err *ticket_mail_comment(struct ctx *c, int64_t ticket_id, const char *body) MUST_CHECK;        /* to whoever is in charge, else the team; to who follows */
struct err *ticket_mail_note(struct ctx *c, int64_t ticket_id, const char *body) MUST_CHECK;           /* to the members who follow */
struct err *ticket_mail_answer(struct ctx *c, int64_t ticket_id, const char *body, bool is_opening) MUST_CHECK;  /* to the contact and who follows */
