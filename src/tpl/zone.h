#pragma once
/* Offsets of time zones. ICU knows them and takes microseconds to say; so each zone's changes are asked once and
   kept in a table that never changes, for the life of the process (a few kilobytes a zone, as many zones as there
   are). Any thread may ask. */
#include <stdint.h>

struct zone;

const struct zone *zone_get(const char *name);                          /* "Europe/Paris"; UTC where there is no such zone */
int64_t zone_offset_ms(const struct zone *zone, int64_t time_ms);       /* to be added to UTC */

/* The clock on a wall there: which day (since 1970) and which minute of it a moment is; and the moment of a minute of a day. What the clock jumps over is
   answered with another time on the clock: as much later as it is put forward. */
int64_t zone_day(const struct zone *zone, int64_t time_ms);
int zone_minute(const struct zone *zone, int64_t time_ms);
int64_t zone_moment_ms(const struct zone *zone, int64_t day, int64_t minute);

/* The stretch of time around one in which the offset stays; of no length where that is not known. */
struct zone_span { int64_t from_ms, to_ms, offset_ms; };
struct zone_span zone_span_at(const struct zone *zone, int64_t time_ms);
