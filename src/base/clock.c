#include "base/clock.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Years are counted from 1 March of year 0, so that the leap day is the last of its year; 400 years have 146097 days. */
void clock_civil(int64_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t shifted = day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t in_era = shifted - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;   /* 0 is March */
    *ret_day = (int)(in_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(year + era * 400 + (month >= 10));
}

int64_t clock_day(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t in_era = y - era * 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static bool digits_read(const char *text, int count, int *ret_number)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool clock_day_read(const char *iso, int64_t *ret_day)
{
    int year, month, day, y, m, d;
    if (!iso || strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-')
        return false;
    if (!digits_read(iso, 4, &year) || !digits_read(iso + 5, 2, &month) || !digits_read(iso + 8, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1)
        return false;
    int64_t number = clock_day(year, month, day);
    clock_civil(number, &y, &m, &d);   /* 31 April comes back as 1 May */
    if (y != year || m != month || d != day)
        return false;
    *ret_day = number;
    return true;
}

void clock_iso_write(char ret_text[CLOCK_ISO_SIZE], int64_t time_ms)
{
    int64_t limit = INT64_C(9999) * 366 * CLOCK_DAY_MS;   /* four digits of year are enough for anybody's clock */
    if (time_ms > limit || time_ms < -limit)
        time_ms = 0;
    int64_t day = time_ms / CLOCK_DAY_MS, rest = time_ms % CLOCK_DAY_MS;
    if (rest < 0) {
        rest += CLOCK_DAY_MS;
        day--;
    }
    int year, month, number;
    clock_civil(day, &year, &month, &number);
    snprintf(ret_text, CLOCK_ISO_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, number, (int)(rest / CLOCK_HOUR_MS),
             (int)(rest / CLOCK_MINUTE_MS % 60), (int)(rest / CLOCK_SECOND_MS % 60), (int)(rest % 1000));
}

char *clock_iso(struct arena *a, int64_t time_ms)
{
    char text[CLOCK_ISO_SIZE];
    clock_iso_write(text, time_ms);
    return arena_text(a, text);
}
