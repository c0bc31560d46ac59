#pragma once
/* Answers written beforehand: their pages, and one filled in for a ticket. */
#include "web/web.h"

extern const struct field template_form[];

handler template_list, template_new, template_edit, template_create, template_update, template_delete;

/* { id, name, body } with the words in braces put in, for a ticket as desk_show has it; NULL where it does not exist. */
struct err *template_fill(struct ctx *c, int64_t template_id, const struct doc *ticket, struct doc **ret_template) MUST_CHECK;
