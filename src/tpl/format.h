#pragma once
/* How people write dates, amounts and sizes, by language and zone. Writes into a small place of the caller's, never
   more than FORMAT_SIZE bytes with the NUL, and returns the bytes without it. Nothing here needs HTML escaping. Takes no
   memory; names of months come from ICU once. Any thread. */
#include <stdint.h>
#include "tpl/tpl.h"
#include "tpl/zone.h"

enum { FORMAT_SIZE = 128 };

struct words;

struct day_text { int64_t day; size_t len; char text[FORMAT_SIZE]; struct zone_span span; };

struct format {
    const struct words *words;
    const struct zone *zone;
    int64_t now_ms;
    struct day_text *last;               /* the day written last, and its offset: the rows of a list often share them. NULL: none is kept */
};

void format_init(struct format *f, const struct tpl_reader *reader);
const char *format_locale(const struct format *f);                                       /* for ICU: "fr" */
int format_plural(const char *lang, int64_t number);                                     /* 0: first form */

size_t format_day(const struct format *f, char *ret_text, int64_t day);                  /* 19 nov. 2026 */
size_t format_date(const struct format *f, char *ret_text, int64_t time_ms);             /* the same, of a time */
size_t format_datetime(const struct format *f, char *ret_text, int64_t time_ms);         /* 19 nov. 2026 à 13:52 */
size_t format_time(const struct format *f, char *ret_text, int64_t time_ms);             /* 13:52 */
size_t format_ago(const struct format *f, char *ret_text, int64_t time_ms);              /* il y a 4 min; hier à 18:20; else the date */
size_t format_moment(const struct format *f, char *ret_text, int64_t time_ms);           /* 13:52 where it is today; else le 19 nov. 2026 à 13:52: as it stands behind « depuis » and « avant » */
size_t format_number(const struct format *f, char *ret_text, int64_t number);            /* 1 234 */
size_t format_money(const struct format *f, char *ret_text, int64_t amount_cents);       /* 1 234,56 € */
size_t format_size(const struct format *f, char *ret_text, int64_t size_bytes);          /* 1,8 Mo */
