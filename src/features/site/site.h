#pragma once
/* Sites of clients and the equipment there, in the back office: lists, sheets, what a client's sheet shows of both. Who sees jobs sees
   them, who manages jobs changes them. The portal and what is done there come on this ground. */
#include "web/web.h"

extern const struct feature site_feature;

/* Takes the next number: "S-00042". */
struct err *site_number(struct ctx *c, const char **ret_number) MUST_CHECK;
/* Takes `count` numbers in a row, above any given before and above `floor`; the first of them. With count 0 none is taken. */
struct err *site_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first) MUST_CHECK;
const char *site_number_text(struct arena *a, int64_t number);
