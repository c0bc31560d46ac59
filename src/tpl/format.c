#include "tpl/format.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>
#include "base/clock.h"
#include "base/log.h"

#define NBSP "\u00a0"    /* keeps a date or an amount on one line */
#define THIN "\u202f"

/* One row a language. What CLDR says, without asking it a hundred times a page. */
struct words {
    const char *lang, *locale;
    const char *group, *decimal;
    const char *euro_before, *euro_behind;
    const char *at;                           /* between date and time */
    const char *just_now;
    const char *minutes_before, *minutes_behind, *hours_before, *hours_behind;
    const char *yesterday;                    /* before the time */
    const char *on;                           /* before the day, in a sentence */
    const char *units[5];                     /* bytes, then thousands of them */
    int64_t one_below;                        /* the first plural form is for numbers below this … */
    int64_t one_from;                         /* … and from this on */
    struct piece { char text[24]; size_t len; } months[12];   /* with what parts them from day and year */
};

static struct words all_words[] = {
    { "fr", "fr_FR", THIN, ",", "", NBSP "€", " à ", "à l’instant", "il y a ", NBSP "min", "il y a ", NBSP "h", "hier à ", "le ",
      { "o", "ko", "Mo", "Go", "To" }, 2, 0, { { "", 0 } } },
    { "en", "en_GB", ",", ".", "€", "", ", ", "just now", "", NBSP "min ago", "", NBSP "h ago", "yesterday at ", "",
      { "B", "kB", "MB", "GB", "TB" }, 2, 1, { { "", 0 } } },
};
enum { LANGS = sizeof all_words / sizeof *all_words };

static void months_read(struct words *words)
{
    UErrorCode code = U_ZERO_ERROR;
    UDateFormat *format = udat_open(UDAT_NONE, UDAT_MEDIUM, words->locale, NULL, 0, NULL, 0, &code);
    for (int i = 0; i < 12 && U_SUCCESS(code); i++) {
        UChar wide[16];
        int32_t len = udat_getSymbols(format, UDAT_SHORT_MONTHS, i, wide, 16, &code);
        char name[16] = "";
        if (U_SUCCESS(code))
            u_strToUTF8(name, sizeof name, NULL, wide, len, &code);
        words->months[i].len = (size_t)snprintf(words->months[i].text, sizeof words->months[i].text, NBSP "%s" NBSP, name);
    }
    if (U_FAILURE(code))
        log_die("ICU has no names of months");
    udat_close(format);
}

static void all_months_read(void)
{
    for (int i = 0; i < LANGS; i++)
        months_read(&all_words[i]);
}

static const struct words *words_of(const char *lang)
{
    for (int i = 0; i < LANGS; i++)
        if (strcmp(all_words[i].lang, lang) == 0)
            return &all_words[i];
    return &all_words[0];
}

void format_init(struct format *f, const struct tpl_reader *reader)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, all_months_read);
    f->words = words_of(reader && reader->lang ? reader->lang : "fr");
    f->zone = zone_get(reader && reader->zone ? reader->zone : "Europe/Paris");
    f->now_ms = reader ? reader->now_ms : 0;
    f->last = NULL;
}

const char *format_locale(const struct format *f)
{
    return f->words->locale;
}

int format_plural(const char *lang, int64_t number)
{
    const struct words *words = words_of(lang);
    if (number < 0)
        number = number == INT64_MIN ? INT64_MAX : -number;
    return number < words->one_from || number >= words->one_below;
}

/* Small texts put together; the longest there can be is far below FORMAT_SIZE, and the rest is cut all the same. */
struct place { char *text; size_t len; };

static void put(struct place *p, const char *text)
{
    while (*text && p->len < FORMAT_SIZE - 1)   /* a few bytes each: no call is worth it */
        p->text[p->len++] = *text++;
    p->text[p->len] = 0;
}

/* Copied whole, whatever its length: that takes no loop. */
static void put_piece(struct place *p, const struct piece *piece)
{
    if (FORMAT_SIZE - p->len <= sizeof piece->text)
        return;
    memcpy(p->text + p->len, piece->text, sizeof piece->text);
    p->len += piece->len;
}

static void put_two(struct place *p, int number)
{
    if (FORMAT_SIZE - p->len < 3)
        return;
    p->text[p->len++] = (char)('0' + number / 10 % 10);
    p->text[p->len++] = (char)('0' + number % 10);
    p->text[p->len] = 0;
}

static void put_number(struct place *p, uint64_t number, const char *group)
{
    char digits[24], *at = digits + sizeof digits - 1;
    int len = 0;
    if (number < 100) {
        if (number >= 10)
            put_two(p, (int)number);
        else
            put(p, (char[]){ (char)('0' + number), 0 });
        return;
    }
    *at = 0;
    for (; number || !len; number /= 10, len++)
        *--at = (char)('0' + number % 10);
    if (len <= 3 || !*group) {
        put(p, at);
        return;
    }
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            put(p, group);
        put(p, (char[]){ at[i], 0 });
    }
}

static uint64_t put_sign(struct place *p, int64_t number)
{
    if (number >= 0)
        return (uint64_t)number;
    put(p, "-");
    return 0 - (uint64_t)number;
}

static void day_write(struct place *p, const struct words *words, int64_t day)
{
    int year, month, number;
    clock_civil(day, &year, &month, &number);
    put_number(p, (uint64_t)number, "");
    put_piece(p, &words->months[month - 1]);
    if (year >= 1000 && year <= 9999) {
        put_two(p, year / 100);
        put_two(p, year % 100);
    } else {
        put_number(p, put_sign(p, year), "");
    }
}

static void put_day(struct place *p, const struct format *f, int64_t day)
{
    struct day_text *last = f->last;
    if (!last) {
        day_write(p, f->words, day);
        return;
    }
    if (!last->len || last->day != day) {
        struct place own = { last->text, 0 };
        day_write(&own, f->words, day);
        last->len = own.len;
        last->day = day;
    }
    memcpy(p->text + p->len, last->text, last->len + 1);   /* dates stand first, or alone */
    p->len += last->len;
}

/* A time on the reader's wall. */
struct wall { int64_t day; int minute; };

/* The stretch between two changes of the clocks that the last time was in: the rows of a list share it. */
static int64_t offset_of(const struct format *f, int64_t time_ms)
{
    struct day_text *last = f->last;
    if (!last)
        return zone_offset_ms(f->zone, time_ms);
    if (time_ms < last->span.from_ms || time_ms >= last->span.to_ms)
        last->span = zone_span_at(f->zone, time_ms);
    return last->span.offset_ms;
}

static struct wall wall_of(const struct format *f, int64_t time_ms)
{
    const int64_t limit = INT64_C(100000) * 366 * CLOCK_DAY_MS;   /* no arithmetic goes over on a made-up number */
    if (time_ms > limit || time_ms < -limit)
        time_ms = time_ms < 0 ? -limit : limit;
    int64_t local = time_ms + offset_of(f, time_ms);
    int64_t day = local / CLOCK_DAY_MS - (local % CLOCK_DAY_MS < 0);
    return (struct wall){ day, (int)((local - day * CLOCK_DAY_MS) / CLOCK_MINUTE_MS) };
}

static void put_time(struct place *p, struct wall wall)
{
    put_two(p, wall.minute / 60);
    put(p, ":");
    put_two(p, wall.minute % 60);
}

size_t format_day(const struct format *f, char *ret_text, int64_t day)
{
    const int64_t limit = INT64_C(100000) * 366;
    struct place p = { ret_text, 0 };
    put_day(&p, f, day > limit ? limit : day < -limit ? -limit : day);
    return p.len;
}

size_t format_date(const struct format *f, char *ret_text, int64_t time_ms)
{
    return format_day(f, ret_text, wall_of(f, time_ms).day);
}

size_t format_datetime(const struct format *f, char *ret_text, int64_t time_ms)
{
    struct place p = { ret_text, 0 };
    struct wall wall = wall_of(f, time_ms);
    put_day(&p, f, wall.day);
    put(&p, f->words->at);
    put_time(&p, wall);
    return p.len;
}

size_t format_time(const struct format *f, char *ret_text, int64_t time_ms)
{
    struct place p = { ret_text, 0 };
    put_time(&p, wall_of(f, time_ms));
    return p.len;
}

static void put_ago(struct place *p, const char *before, int64_t count, const char *behind)
{
    put(p, before);
    put_number(p, (uint64_t)count, "");
    put(p, behind);
}

size_t format_ago(const struct format *f, char *ret_text, int64_t time_ms)
{
    struct place p = { ret_text, 0 };
    const struct words *words = f->words;
    struct wall then = wall_of(f, time_ms), now = wall_of(f, f->now_ms);
    int64_t ago_ms;
    if (__builtin_sub_overflow(f->now_ms, time_ms, &ago_ms) || ago_ms < -CLOCK_MINUTE_MS) {
        return format_datetime(f, ret_text, time_ms);   /* it lies ahead */
    } else if (ago_ms < CLOCK_MINUTE_MS) {
        put(&p, words->just_now);
    } else if (ago_ms < CLOCK_HOUR_MS) {
        put_ago(&p, words->minutes_before, ago_ms / CLOCK_MINUTE_MS, words->minutes_behind);
    } else if (then.day == now.day) {
        put_ago(&p, words->hours_before, ago_ms / CLOCK_HOUR_MS, words->hours_behind);
    } else if (then.day == now.day - 1) {
        put(&p, words->yesterday);
        put_time(&p, then);
    } else {
        put_day(&p, f, then.day);
    }
    return p.len;
}

size_t format_moment(const struct format *f, char *ret_text, int64_t time_ms)
{
    struct place p = { ret_text, 0 };
    if (wall_of(f, time_ms).day == wall_of(f, f->now_ms).day)
        return format_time(f, ret_text, time_ms);
    put(&p, f->words->on);
    return p.len + format_datetime(f, ret_text + p.len, time_ms);
}

size_t format_number(const struct format *f, char *ret_text, int64_t number)
{
    struct place p = { ret_text, 0 };
    put_number(&p, put_sign(&p, number), f->words->group);
    return p.len;
}

size_t format_money(const struct format *f, char *ret_text, int64_t amount_cents)
{
    struct place p = { ret_text, 0 };
    uint64_t cents = put_sign(&p, amount_cents);
    put(&p, f->words->euro_before);
    put_number(&p, cents / 100, f->words->group);
    put(&p, f->words->decimal);
    put_two(&p, (int)(cents % 100));
    put(&p, f->words->euro_behind);
    return p.len;
}

/* Steps of a thousand; below ten with one decimal, where it is not 0. */
size_t format_size(const struct format *f, char *ret_text, int64_t size_bytes)
{
    struct place p = { ret_text, 0 };
    uint64_t size = put_sign(&p, size_bytes), unit_bytes = 1;
    int unit = 0;
    while (unit < 4 && size >= unit_bytes * 1000 - unit_bytes / 2) {   /* 999 950 is already one of the next */
        unit_bytes *= 1000;
        unit++;
    }
    uint64_t tenths = size / unit_bytes * 10 + (size % unit_bytes * 10 + unit_bytes / 2) / unit_bytes;
    if (tenths < 100 && tenths % 10) {
        put_number(&p, tenths / 10, "");
        put(&p, f->words->decimal);
        put_number(&p, tenths % 10, "");
    } else {
        put_number(&p, size / unit_bytes + (size % unit_bytes >= (unit_bytes + 1) / 2), f->words->group);
    }
    put(&p, NBSP);
    put(&p, f->words->units[unit]);
    return p.len;
}

const char *tpl_date(struct arena *a, const struct tpl_reader *reader, long long time_ms)
{
    struct format f;
    char text[FORMAT_SIZE];
    format_init(&f, reader);
    return arena_copy(a, text, format_date(&f, text, time_ms));
}

const char *tpl_datetime(struct arena *a, const struct tpl_reader *reader, long long time_ms)
{
    struct format f;
    char text[FORMAT_SIZE];
    format_init(&f, reader);
    return arena_copy(a, text, format_datetime(&f, text, time_ms));
}
