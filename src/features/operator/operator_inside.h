#pragma once
/* What the files of this room share. */
#include "features/operator/operator.h"

/* ask.c: an organization's own page of its partnership. */
handler partner_profile, partner_ask, partner_ask_prepare, partner_ask_cancel;
extern const struct field partner_ask_form[];

/* list.c: the operator's list, and one organization of it. */
handler operator_list, operator_show, partner_withdraw_show;

/* answer.c: what the operator decides. */
handler partner_approve, partner_refuse, partner_withdraw;
extern const struct field partner_approve_form[], partner_answer_form[];
/* One more step in an organization's history. */
struct err *partner_event(struct ctx *c, int64_t org_id, const char *what, const char *note) MUST_CHECK;

/* left.c: what a partner had ends. Queued in the act that withdraws it; `entry` is that act's number in the operator's log. */
struct err *partner_left_queue(struct ctx *c, int64_t partner_id, int64_t entry) MUST_CHECK;
struct err *partner_left_run(struct ctx *c, const struct doc *data) MUST_CHECK;
