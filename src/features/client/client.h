#pragma once
/* Customers of an organization and the people there: list, search, sheet, create, change (client.c, contact.c), and what of the
   client space a contact may see (access.c: C-1, C-2). Other features use the search by words. */
#include "features/client/word.h"

extern const struct feature client_feature;

/* Nine digits whose Luhn sum is right, spaces taken out; "" where it is none. */
const char *client_siren(struct arena *a, const char *text);

/* Takes `count` numbers in a row, above any given before and above `floor`; the first of them. With count 0 none is taken. */
struct err *client_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first) MUST_CHECK;
/* What the tabs of a client’s sheet (client_head.html) and those of the lists (client_lists.html) depend on. */
void client_tabs(struct ctx *c);

const char *client_number_text(struct arena *a, int64_t number);   /* C-00482 */
