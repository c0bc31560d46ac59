#pragma once
/* Tickets in the back office: the queue, one ticket, and what the support team does to it (C-8). */
#include "web/web.h"

extern const struct field desk_form[], desk_comment_form[], desk_status_form[], desk_assign_form[], desk_priority_form[];

handler desk_list, desk_pick, desk_new, desk_create, desk_show, desk_comment, desk_status, desk_assign, desk_priority, desk_file;
