#pragma once
/* What the two sides of a mandate are told by mail, and the job that ends mandates. For this folder's files; each call queues its mails in the
   caller's transaction and speaks of a mandate of the context's organization. Which side is told of a kind says one table in tell.c. */
#include "mandate/ctx.h"
#include "work/work.h"

/* It has ended: why as kept in ended_why ("withdrawn", "date", a word of mandate_lost). */
struct err *tell_ended(struct ctx *c, int64_t mandate_id, const char *why) MUST_CHECK;
/* S-10, S-11: a partner's collaborator is none any more; what they had with its clients ends in the same act, and these are told. m: of register_show. */
struct err *tell_collaborator_end(struct ctx *c, const struct doc *m) MUST_CHECK;
/* It ends in at most so many days. */
struct err *tell_ending(struct ctx *c, int64_t mandate_id, int days) MUST_CHECK;
/* Nobody answered the request. */
struct err *tell_unanswered(struct ctx *c, int64_t mandate_id) MUST_CHECK;

/* The job for all kinds (end.c): dates, requests, the ground, warnings. One bounded stretch a run, in one transaction with its mails. */
struct err *mandate_expiry(struct ctx *c, const struct doc *data) MUST_CHECK;
