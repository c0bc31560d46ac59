/* Days and times as the organization's clocks show them. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "tpl/zone.h"

struct err *job_zone(struct ctx *c, const struct zone **ret_zone)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_job_zone, NULL, &row));
    *ret_zone = zone_get(doc_text_of(row, "zone"));
    return NULL;
}

struct err *job_moment(struct ctx *c, int64_t day, int minute, int64_t *ret_ms)
{
    const struct zone *zone = NULL;
    TRY(job_zone(c, &zone));
    int64_t at_ms = zone_moment_ms(zone, day, minute);
    bool is_there = zone_day(zone, at_ms) == day && zone_minute(zone, at_ms) == minute;
    *ret_ms = is_there ? at_ms : -1;
    return NULL;
}

struct err *job_day_of(struct ctx *c, int64_t at_ms, int64_t *ret_day, int *ret_minute)
{
    const struct zone *zone = NULL;
    TRY(job_zone(c, &zone));
    *ret_day = zone_day(zone, at_ms);
    *ret_minute = zone_minute(zone, at_ms);
    return NULL;
}

const char *job_day_text(struct arena *a, int64_t day)
{
    int year = 0, month = 0, date = 0;
    clock_civil(day, &year, &month, &date);
    return arena_printf(a, "%04d-%02d-%02d", year, month, date);
}

const char *job_minute_text(struct arena *a, int minute) { return arena_printf(a, "%02d:%02d", minute / 60, minute % 60); }

/* Digits, at most four of them; where they end. */
static const char *digits_read(const char *text, int64_t *ret_number)
{
    int64_t number = 0;
    int count = 0;
    for (; *text >= '0' && *text <= '9' && count < 5; text++, count++)
        number = number * 10 + (*text - '0');
    *ret_number = number;
    return count && count < 5 ? text : NULL;
}

static const char *spaces_skip(const char *text)
{
    while (*text == ' ' || text_starts(text, "\xc2\xa0") || text_starts(text, "\xe2\x80\xaf"))
        text += *text == ' ' ? 1 : text[0] == '\xc2' ? 2 : 3;
    return text;
}

bool job_minute_read(const char *text, int *ret_minute)
{
    int64_t hour = 0, minute = 0;
    const char *at = digits_read(text, &hour), *rest = at && (*at == ':' || *at == 'h') ? digits_read(at + 1, &minute) : NULL;
    if (!rest || *rest || hour > 23 || minute > 59)
        return false;
    *ret_minute = (int)(hour * 60 + minute);
    return true;
}

const char *job_length_text(struct arena *a, int64_t minutes)
{
    if (minutes < 60)
        return arena_printf(a, "%lld min", (long long)minutes);
    return minutes % 60 ? arena_printf(a, "%lld h %02lld", (long long)(minutes / 60), (long long)(minutes % 60)) : arena_printf(a, "%lld h", (long long)(minutes / 60));
}

bool job_length_read(const char *text, int64_t *ret_minutes)
{
    int64_t first = 0, second = 0;
    const char *at = digits_read(spaces_skip(text), &first);
    if (!at)
        return false;
    at = spaces_skip(at);
    if (!*at || strcmp(at, "min") == 0)
        return *ret_minutes = first, true;
    if (*at != 'h' && *at != 'H' && *at != ':')
        return false;
    bool is_hours_alone = *at != ':';
    at = spaces_skip(at + 1);
    if (!*at)
        return *ret_minutes = first * 60, is_hours_alone;
    const char *rest = digits_read(at, &second);
    *ret_minutes = first * 60 + second;
    return rest && !*rest && second < 60;
}
