#pragma once
/* Time. A unit of work reads the clock once, when it starts (ctx.now_ms); tests set it. Milliseconds UTC since 1970. */
#include <stdint.h>
#include "base/arena.h"

int64_t clock_now_ms(void);
int64_t clock_monotonic_us(void);                        /* for measuring only */
char *clock_iso(struct arena *a, int64_t time_ms);       /* "2026-11-22T02:00:00.123Z" */

#define CLOCK_SECOND_MS INT64_C(1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS (24 * CLOCK_HOUR_MS)
