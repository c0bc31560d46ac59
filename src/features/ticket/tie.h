#pragma once
/* Ties of a ticket (C-10): another ticket that it has to do with, or that says the same. */
#include "web/web.h"

extern const struct field desk_tie_form[];

handler desk_tie, desk_tie_end;

/* "ties" in the document: { id, relation, is_from, other_id, number, title, status }; the portal's are those with tickets of the same client. */
struct err *ties_show(struct ctx *c, int64_t ticket_id) MUST_CHECK;
struct err *ties_show_portal(struct ctx *c, int64_t ticket_id) MUST_CHECK;
