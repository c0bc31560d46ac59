#pragma once
/* Weeks and days on the wall of an organization: ISO weeks (8601: from Monday; the first of a year has its first Thursday), days that have 23 or 25
   hours, and how their names are written. Times are milliseconds UTC, days are days since 1970. Any thread. */
#include "mandate/ctx.h"
#include "tpl/zone.h"

struct week { int year, number; int64_t first_day; };

struct week week_of(int64_t day);
bool week_read(const char *text, struct week *ret_week);                  /* "2026-W47", of a week that exists, from 2000 to 2199 */
const char *week_text(struct arena *a, struct week week);                 /* the same, written */
struct week week_next(struct week week, int weeks);                       /* that many later; earlier where negative */

bool wall_time_read(const char *text, int64_t *ret_minute);               /* "13:30" */
const char *wall_time_text(struct arena *a, int minute);

/* In the reader's language. */
const char *day_name(const struct ctx *c, int64_t day);                   /* Jeudi */
const char *day_short(struct ctx *c, int64_t day);                        /* 19 nov. */
const char *day_long(struct ctx *c, int64_t day);                         /* 19 novembre */
const char *minutes_text(struct ctx *c, int64_t minutes);                 /* 45 min; 8 h; 1 h 30 */
