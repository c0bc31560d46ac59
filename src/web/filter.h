#pragma once
/* The first thing that happens to a request, before any byte of its body: a strict look at the raw target and at all
   headers, because libmicrohttpd 0.9.75 lets request smuggling through (docs/decisions). Anything ambiguous is 400
   and the connection closes. Pure: no allocation, no state; a fuzz target and the tests call it directly. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filter_header { const char *name; size_t name_len; const char *value; size_t value_len; };

struct filter_in {
    const char *method; const char *target; const char *version;
    const struct filter_header *headers; size_t header_count;
    const char *const *hosts;       /* allowed Host values, lower case, with port where not the default; ends with NULL */
};

/* NULL: fine, and *ret_length is the body's length (-1 chunked, 0 none). Else why not, for the log. */
const char *filter_check(const struct filter_in *in, int64_t *ret_length);
