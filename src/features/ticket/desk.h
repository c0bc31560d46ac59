#pragma once
/* Tickets in the back office (C-8, C-10): the queue (queue.c, bulk.c), one ticket and what the support team does to it (desk.c), its types
   and priorities (settings.c). */
#include "web/web.h"

enum { BULK_MOST = 50 };

extern const struct choice desk_statuses[];
extern const struct field desk_form[], desk_comment_form[], desk_status_form[], desk_assign_form[], desk_priority_form[], desk_bulk_form[];
extern const struct field type_form[], priority_form[], settings_move_form[], settings_state_form[];

handler desk_list, desk_next, desk_bulk;
handler desk_pick, desk_new, desk_create, desk_show, desk_comment, desk_status, desk_assign, desk_priority, desk_file;
handler desk_settings, type_new, type_create, type_edit, type_update, type_move, type_state, type_again;
handler priority_new, priority_create, priority_edit, priority_update, priority_move, priority_state, priority_default, priority_again;

/* The ticket of the address, taken for the rest of the transaction and named in the journal; and back to it after an act. */
struct err *desk_take(struct ctx *c, struct doc **ret_ticket) MUST_CHECK;
struct err *desk_done(struct ctx *c, const struct doc *ticket, const char *notice) MUST_CHECK;

/* Acts on a ticket that was taken; is_done false: it was so already. */
struct err *act_status(struct ctx *c, const struct doc *ticket, const char *status, bool *ret_is_done) MUST_CHECK;
struct err *act_assign(struct ctx *c, const struct doc *ticket, int64_t member_id, bool *ret_is_done) MUST_CHECK;
struct err *act_priority(struct ctx *c, const struct doc *ticket, int64_t priority_id, bool *ret_is_done) MUST_CHECK;
