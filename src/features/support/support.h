#pragma once
/* Support by consent, as people see it (S-5, S-6, S-11, S-14): the letter that asks, the page that answers, what is told to whom. The rules are in
   src/mandate/support.h. */
#include "web/web.h"

extern const struct feature support_feature;

/* Levels, and lengths in hours ("0": lasting), as they are chosen from and shown (S-14). */
extern const struct choice support_levels[], support_lengths[];

/* Sends the request to every administrator of the client organization, each with a link of their own (S-5). In the partner's act. ret_count may be NULL. */
struct err *support_letters(struct ctx *c, int64_t org_id, int64_t mandate_id, int *ret_count) MUST_CHECK;
/* The same request once more; at most once in RESEND_HOURS: ERR_TOO_MANY, and ERR_NOT_FOUND where it is not open or another partner's. */
struct err *support_letters_again(struct ctx *c, int64_t org_id, int64_t mandate_id) MUST_CHECK;
/* A lasting access of the context's organization is asked for once more, where it is one (S-14): request, letters, a line in the log. For the job that warns. */
struct err *support_letters_lasting(struct ctx *c, int64_t mandate_id) MUST_CHECK;
/* When the request may go out once more: a time that may have passed. 0: it is not open, or another partner's. */
struct err *support_letters_next(struct ctx *c, int64_t org_id, int64_t mandate_id, int64_t *ret_at) MUST_CHECK;
/* The text a client agrees to, in the reader's language; kept with the mandate (M-6). request: a row of support_request_show. */
struct err *support_wording(struct ctx *c, const struct doc *request, const char *level, int64_t hours, const char **ret_wording) MUST_CHECK;
/* Tells both sides that an access has ended, and what exactly (S-11). why: as in support_end. */
struct err *support_tell_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* What a collaborator had went with them (S-10, S-11): a line in each client's log, both sides told where there was an access, the number of dossiers on
   the act's own line. rows: of collaborator_end. */
struct err *support_tell_lost(struct ctx *c, const struct doc *rows, const char *name) MUST_CHECK;
/* Tells the client's administrators that somebody came in, or went (S-14). word: "entered", "left". */
struct err *support_tell_session(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *word, const char *reason) MUST_CHECK;
