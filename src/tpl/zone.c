#include "tpl/zone.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>
#include "base/clock.h"
#include "base/log.h"

#define FROM_MS INT64_C(0)                   /* 1970 */
#define TO_MS INT64_C(2840140800000)         /* 2060: later times are asked one by one */
enum { NAME_SIZE = 64, CHANGES_MAX = 512 };

struct zone {
    struct zone *next;
    char name[NAME_SIZE];
    int count;                               /* of changes; offsets has one more */
    int64_t *changes_ms;
    int64_t *offsets_ms;                     /* [i] holds before changes_ms[i], the last one after all */
};

static _Atomic(struct zone *) zones;
static struct zone utc = { .name = "UTC" };

static int64_t offset_at(UCalendar *calendar, int64_t time_ms)
{
    UErrorCode code = U_ZERO_ERROR;
    ucal_setMillis(calendar, (UDate)time_ms, &code);
    int64_t offset = ucal_get(calendar, UCAL_ZONE_OFFSET, &code) + (int64_t)ucal_get(calendar, UCAL_DST_OFFSET, &code);
    return U_FAILURE(code) ? 0 : offset;
}

static UCalendar *calendar_open(const char *name)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar wide[NAME_SIZE], canonical[NAME_SIZE];
    UBool is_system = 0;
    if (strlen(name) >= NAME_SIZE)
        return NULL;
    u_uastrcpy(wide, name);
    ucal_getCanonicalTimeZoneID(wide, -1, canonical, NAME_SIZE, &is_system, &code);
    if (U_FAILURE(code) || !is_system)
        return NULL;
    UCalendar *calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &code);
    return U_FAILURE(code) ? NULL : calendar;
}

static struct zone *zone_make(UCalendar *calendar, const char *name)
{
    int64_t changes[CHANGES_MAX];
    int count = 0;
    UErrorCode code = U_ZERO_ERROR;
    UDate at = (UDate)FROM_MS;
    ucal_setMillis(calendar, at, &code);
    while (count < CHANGES_MAX && ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at, &code) && at < (UDate)TO_MS) {
        changes[count++] = (int64_t)at;
        ucal_setMillis(calendar, at, &code);
    }
    struct zone *zone = calloc(1, sizeof *zone + (2 * (size_t)count + 1) * sizeof(int64_t));
    if (!zone)
        log_die("no memory");
    memcpy(zone->name, name, strlen(name));
    zone->count = count;
    zone->changes_ms = (int64_t *)(zone + 1);
    zone->offsets_ms = zone->changes_ms + count;
    zone->offsets_ms[0] = offset_at(calendar, FROM_MS);
    for (int i = 0; i < count; i++) {
        zone->changes_ms[i] = changes[i];
        zone->offsets_ms[i + 1] = offset_at(calendar, changes[i]);
    }
    return zone;
}

const struct zone *zone_get(const char *name)
{
    for (struct zone *zone = atomic_load(&zones); zone; zone = zone->next)
        if (strcmp(zone->name, name) == 0)
            return zone;
    UCalendar *calendar = calendar_open(name);
    if (!calendar)
        return &utc;
    struct zone *zone = zone_make(calendar, name);
    ucal_close(calendar);
    zone->next = atomic_load(&zones);
    while (!atomic_compare_exchange_weak(&zones, &zone->next, zone))
        ;   /* two threads may add the same zone: the first one found is as good as the other */
    return zone;
}

static int64_t offset_ask(const struct zone *zone, int64_t time_ms)
{
    UCalendar *calendar = calendar_open(zone->name);
    int64_t offset = calendar ? offset_at(calendar, time_ms) : 0;
    if (calendar)
        ucal_close(calendar);
    return offset;
}

struct zone_span zone_span_at(const struct zone *zone, int64_t time_ms)
{
    if (zone == &utc)
        return (struct zone_span){ INT64_MIN, INT64_MAX, 0 };
    if (time_ms < FROM_MS || time_ms >= TO_MS)
        return (struct zone_span){ time_ms, time_ms, offset_ask(zone, time_ms) };
    int low = 0, high = zone->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (time_ms < zone->changes_ms[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return (struct zone_span){ low ? zone->changes_ms[low - 1] : FROM_MS, low < zone->count ? zone->changes_ms[low] : TO_MS, zone->offsets_ms[low] };
}

int64_t zone_offset_ms(const struct zone *zone, int64_t time_ms)
{
    return zone_span_at(zone, time_ms).offset_ms;
}

int64_t zone_day(const struct zone *zone, int64_t time_ms)
{
    int64_t local_ms = time_ms + zone_offset_ms(zone, time_ms);
    return local_ms / CLOCK_DAY_MS - (local_ms % CLOCK_DAY_MS < 0);
}

int zone_minute(const struct zone *zone, int64_t time_ms)
{
    return (int)((time_ms + zone_offset_ms(zone, time_ms) - zone_day(zone, time_ms) * CLOCK_DAY_MS) / CLOCK_MINUTE_MS);
}

int64_t zone_moment_ms(const struct zone *zone, int64_t day, int64_t minute)
{
    int64_t local_ms = day * CLOCK_DAY_MS + minute * CLOCK_MINUTE_MS;
    int64_t near_ms = local_ms - zone_offset_ms(zone, local_ms);
    return local_ms - zone_offset_ms(zone, near_ms);
}
