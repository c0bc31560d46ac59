#pragma once
/* Due times (C-10): the hours of a ticket's priority, counted from its opening. They stand still while the client's answer is awaited,
   end when the ticket is resolved, and begin anew when it is opened again. One promised by hand is moved by nothing but a hand
   and the ticket's end. */
#include "web/web.h"

/* What a ticket's row keeps; 0: none. */
struct due { int64_t at_ms, from_ms, paused_ms; bool is_by_hand; };

/* What becomes of it when the status goes from `before` to `after` (the same: only the priority's hours may have changed; "" before: just
   opened). hours 0: the priority has no due time. */
struct due due_after(struct due due, const char *before, const char *after, int64_t hours, int64_t now_ms);

/* Of a ticket's row as it was taken, and back into a query. */
struct due due_of(const struct doc *ticket);
#define DUE_PARAMS(d) P_ID("due_at", (d).at_ms), P_INT("due_from_at", (d).from_ms), P_ID("due_paused_at", (d).paused_ms), P_INT("is_due_by_hand", (d).is_by_hand)

/* Marks rows that have due_at with "due_tone": "late", "soon" (today), "later", or "" without. */
struct err *due_mark(struct ctx *c, struct doc *rows) MUST_CHECK;
/* One ticket's, and what its form begins with: page keys "due_on", "due_time". */
struct err *due_mark_one(struct ctx *c, struct doc *row) MUST_CHECK;

/* The end of the organization's day. */
struct err *due_today(struct ctx *c, int64_t *ret_end_ms) MUST_CHECK;

extern const struct field desk_due_form[];
handler desk_due;
