#pragma once
/* Time. A unit of work reads the clock once, when it starts (ctx.now_ms); tests set it. Milliseconds UTC since 1970. */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

int64_t clock_now_ms(void);
int64_t clock_monotonic_us(void);                        /* for measuring only */
char *clock_iso(struct arena *a, int64_t time_ms);       /* "2026-11-22T02:00:00.123Z" */

/* Days of the Gregorian calendar, counted from 1970-01-01 (day 0); month 1 to 12. */
void clock_civil(int64_t day, int *ret_year, int *ret_month, int *ret_day);
int64_t clock_day(int year, int month, int day);
bool clock_day_read(const char *iso, int64_t *ret_day);  /* "2026-11-19" and nothing else; days that exist only */

#define CLOCK_ISO_SIZE 32
void clock_iso_write(char ret_text[CLOCK_ISO_SIZE], int64_t time_ms);   /* as clock_iso, without an arena */

#define CLOCK_SECOND_MS INT64_C(1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS (24 * CLOCK_HOUR_MS)
