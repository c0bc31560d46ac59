#pragma once
/* What site.c and equipment.c share; for this folder alone. */
#include "web/web.h"

/* The client of the address into the document: what the pages here say of it. */
struct err *site_client(struct ctx *c, int64_t client_id) MUST_CHECK;
/* Whose list a filter by client makes it, for the page; "" where it is everybody's. */
struct err *site_filter_client(struct ctx *c, const struct param *client) MUST_CHECK;
void site_page_rights(struct ctx *c);

/* A select of what one client has: `list` (:of_client) gives two hundred at most, so one that is chosen and lies behind them is asked for by itself, with
   `one` (:of_client, :of_choice). none: the first option, which chooses nothing. */
struct client_choice { const char *field, *none; const struct query *list, *one; int64_t client_id, chosen_id; };
struct err *client_choice(struct ctx *c, const struct client_choice *of) MUST_CHECK;

extern const struct field equipment_form[];
struct err *equipment_list(struct ctx *c) MUST_CHECK;
struct err *equipment_new(struct ctx *c) MUST_CHECK;
struct err *equipment_create(struct ctx *c) MUST_CHECK;
struct err *equipment_show(struct ctx *c) MUST_CHECK;
struct err *equipment_edit(struct ctx *c) MUST_CHECK;
struct err *equipment_update(struct ctx *c) MUST_CHECK;
struct err *client_equipment(struct ctx *c) MUST_CHECK;
/* A page of what stands at a site. */
struct err *equipment_of_site(struct ctx *c, int64_t site_id) MUST_CHECK;
