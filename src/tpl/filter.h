#pragma once
/* Filters: what may stand behind | in a tag, and the escaping of everything a tag writes. */
#include <stdbool.h>
#include "doc/doc.h"
#include "tpl/format.h"

/* name, what it takes; in the order people read them */
#define FILTERS(X) \
    X(DATE, "date") X(DATETIME, "datetime") X(TIME, "time") X(AGO, "ago") X(MOMENT, "moment") X(DAY, "day") X(MONEY, "money") X(SIZE, "size") \
    X(NUMBER, "number") X(INITIALS, "initials") X(LINES, "lines") X(UPPER, "upper") X(URL, "url") X(JSON, "json") X(SIREN, "siren") X(DE, "de")

enum filter {
    FILTER_NONE,
#define X(word, name) FILTER_##word,
    FILTERS(X)
#undef X
};

bool filter_find(const char *name, size_t len, enum filter *ret_filter);
const char *filter_name(enum filter filter);

void text_write(struct buf *out, const char *text, size_t len, bool is_html);   /* escaped in HTML */

/* False where the filter cannot take such a value; then nothing was written. A null is written as nothing. */
bool filter_write(const struct format *f, enum filter filter, const struct doc *value, bool is_html, struct buf *out);
