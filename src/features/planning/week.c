/* See week.h. */
#include "features/planning/week.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "tpl/tpl.h"

enum { WEEK_DAYS = 7, THURSDAY = 3, YEAR_FIRST = 2000, YEAR_LAST = 2199 };

static int64_t monday_of(int64_t day) { return day - ((day + THURSDAY) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS; }   /* day 0 was a Thursday */

struct week week_of(int64_t day)
{
    int year, month, number;
    struct week week = { .first_day = monday_of(day) };
    clock_civil(week.first_day + THURSDAY, &year, &month, &number);
    week.year = year;
    week.number = (int)((week.first_day - monday_of(clock_day(year, 1, 4))) / WEEK_DAYS) + 1;
    return week;
}

static bool digits_read(const char *text, int count, int *ret_number)
{
    *ret_number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret_number = *ret_number * 10 + text[i] - '0';
    }
    return true;
}

bool week_read(const char *text, struct week *ret_week)
{
    int year, number;
    if (strlen(text) != 8 || memcmp(text + 4, "-W", 2) != 0 || !digits_read(text, 4, &year) || !digits_read(text + 6, 2, &number))
        return false;
    if (year < YEAR_FIRST || year > YEAR_LAST || number < 1)
        return false;
    struct week week = week_of(monday_of(clock_day(year, 1, 4)) + (int64_t)(number - 1) * WEEK_DAYS);
    *ret_week = week;
    return week.year == year;       /* a year has 52 weeks or 53 */
}

const char *week_text(struct arena *a, struct week week) { return arena_printf(a, "%04d-W%02d", week.year, week.number); }

struct week week_next(struct week week, int weeks) { return week_of(week.first_day + (int64_t)weeks * WEEK_DAYS); }

/* ---- Times as they are typed ---- */

bool wall_time_read(const char *text, int64_t *ret_minute)
{
    int hours, minutes;
    if (strlen(text) != 5 || text[2] != ':' || !digits_read(text, 2, &hours) || !digits_read(text + 3, 2, &minutes))
        return false;
    *ret_minute = hours * 60 + minutes;
    return hours < 24 && minutes < 60;
}

const char *wall_time_text(struct arena *a, int minute) { return arena_printf(a, "%02d:%02d", minute / 60 % 24, minute % 60); }

/* ---- Names ---- */

static const char *say(const struct ctx *c, const char *french) { return tpl_text(c->tpl, c->lang, french); }

const char *day_name(const struct ctx *c, int64_t day)
{
    static const char *const names[WEEK_DAYS] = { N_("Lundi"), N_("Mardi"), N_("Mercredi"), N_("Jeudi"), N_("Vendredi"), N_("Samedi"), N_("Dimanche") };
    return say(c, names[day - monday_of(day)]);
}

const char *day_short(struct ctx *c, int64_t day)
{
    static const char *const months[] = { N_("janv."), N_("févr."), N_("mars"), N_("avr."), N_("mai"), N_("juin"), N_("juil."), N_("août"), N_("sept."), N_("oct."),
        N_("nov."), N_("déc.") };
    int year, month, number;
    clock_civil(day, &year, &month, &number);
    return arena_printf(c->arena, "%d\u00a0%s", number, say(c, months[month - 1]));
}

const char *day_long(struct ctx *c, int64_t day)
{
    static const char *const months[] = { N_("janvier"), N_("février"), N_("mars"), N_("avril"), N_("mai"), N_("juin"), N_("juillet"), N_("août"), N_("septembre"),
        N_("octobre"), N_("novembre"), N_("décembre") };
    int year, month, number;
    clock_civil(day, &year, &month, &number);
    return arena_printf(c->arena, "%d\u00a0%s", number, say(c, months[month - 1]));
}

const char *minutes_text(struct ctx *c, int64_t minutes)
{
    if (minutes < 60)
        return arena_printf(c->arena, "%lld\u00a0min", (long long)minutes);
    if (minutes % 60 == 0)
        return arena_printf(c->arena, "%lld\u00a0h", (long long)(minutes / 60));
    return arena_printf(c->arena, "%lld\u00a0h\u00a0%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}
