/* Dates, amounts, texts: the filters as templates use them, in both languages. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "tpl/format.h"
#include "tpl/tpl_test.h"
#include "tpl/zone.h"

#define NBSP "\u00a0"
#define THIN "\u202f"
#define NOV_19 INT64_C(1795092720000)   /* 2026-11-19 12:52 UTC */

static const struct tpl_reader french = { "fr", "Europe/Paris", NOV_19 }, english = { "en", "Europe/London", NOV_19 };



static const char *shown(const struct tpl_reader *reader, size_t (*format)(const struct format *, char *, int64_t), int64_t number)
{
    struct format f;
    char text[FORMAT_SIZE];
    format_init(&f, reader);
    size_t len = format(&f, text, number);
    assert_int_equal(len, strlen(text));
    return arena_text(&test_arena, text);
}
#define FR(format, number) shown(&french, format, number)
#define EN(format, number) shown(&english, format, number)

static void dates(void **state)
{
    (void)state;
    assert_string_equal(FR(format_date, NOV_19), "19" NBSP "nov." NBSP "2026");
    assert_string_equal(EN(format_date, NOV_19), "19" NBSP "Nov" NBSP "2026");
    assert_string_equal(FR(format_datetime, NOV_19), "19" NBSP "nov." NBSP "2026 à 13:52");
    assert_string_equal(EN(format_datetime, NOV_19), "19" NBSP "Nov" NBSP "2026, 12:52");
    assert_string_equal(FR(format_time, NOV_19 - 13 * CLOCK_HOUR_MS), "00:52");
    assert_string_equal(FR(format_date, INT64_C(1785535200000)), "1" NBSP "août" NBSP "2026");   /* 31 July, 22:00 UTC */
    assert_string_equal(EN(format_day, 20411), "19" NBSP "Nov" NBSP "2025");
    assert_string_equal(FR(format_day, -1), "31" NBSP "déc." NBSP "1969");
    assert_string_equal(tpl_date(&test_arena, &french, NOV_19), "19" NBSP "nov." NBSP "2026");
    assert_string_equal(tpl_datetime(&test_arena, NULL, NOV_19), "19" NBSP "nov." NBSP "2026 à 13:52");
    FR(format_datetime, INT64_MIN), FR(format_ago, INT64_MAX), FR(format_ago, INT64_MIN), FR(format_day, INT64_MAX);   /* no overflow */
}

static void zones(void **state)
{
    (void)state;
    const struct zone *paris = zone_get("Europe/Paris"), *kathmandu = zone_get("Asia/Kathmandu");
    const int64_t spring = INT64_C(1774746000000);   /* 2026-03-29 01:00 UTC */
    assert_ptr_equal(zone_get("Europe/Paris"), paris);
    assert_int_equal(zone_offset_ms(paris, spring - 1), CLOCK_HOUR_MS);
    assert_int_equal(zone_offset_ms(paris, spring), 2 * CLOCK_HOUR_MS);
    assert_int_equal(zone_offset_ms(paris, INT64_C(4087713600000)), 2 * CLOCK_HOUR_MS);   /* July 2099: behind the table */
    assert_int_equal(zone_offset_ms(paris, INT64_C(-946771200000)), 0);                   /* January 1940: before it, on London time */
    assert_int_equal(zone_offset_ms(kathmandu, spring), 5 * CLOCK_HOUR_MS + 45 * CLOCK_MINUTE_MS);
    int64_t day = zone_day(paris, spring);
    assert_int_equal(zone_minute(paris, spring), 3 * 60);                                /* 2:00 to 3:00 is not there */
    assert_int_equal(zone_minute(paris, spring - 1), 1 * 60 + 59);
    assert_int_equal(zone_moment_ms(paris, day, 3 * 60), spring);
    assert_int_equal(zone_minute(paris, zone_moment_ms(paris, day, 2 * 60 + 30)), 3 * 60 + 30);
    assert_int_equal(zone_moment_ms(paris, day + 1, 0) - zone_moment_ms(paris, day, 0), 23 * CLOCK_HOUR_MS);
    assert_int_equal(zone_day(paris, INT64_C(-7200001)), -1);                            /* before 1970 days go on downwards */
    assert_int_equal(zone_offset_ms(zone_get("Nowhere/At all"), spring), 0);
    assert_int_equal(zone_offset_ms(zone_get(""), spring), 0);
    assert_int_equal(zone_offset_ms(zone_get("America/St_Johns"), spring), -(2 * CLOCK_HOUR_MS + 30 * CLOCK_MINUTE_MS));
}

static void how_long_ago(void **state)
{
    (void)state;
    assert_string_equal(FR(format_ago, NOV_19 - 10 * CLOCK_SECOND_MS), "à l’instant");
    assert_string_equal(FR(format_ago, NOV_19 + 10 * CLOCK_SECOND_MS), "à l’instant");   /* clocks differ a little */
    assert_string_equal(FR(format_ago, NOV_19 - 4 * CLOCK_MINUTE_MS), "il y a 4" NBSP "min");
    assert_string_equal(EN(format_ago, NOV_19 - 4 * CLOCK_MINUTE_MS), "4" NBSP "min ago");
    assert_string_equal(FR(format_ago, NOV_19 - 3 * CLOCK_HOUR_MS), "il y a 3" NBSP "h");
    assert_string_equal(FR(format_ago, NOV_19 - 19 * CLOCK_HOUR_MS - 32 * CLOCK_MINUTE_MS), "hier à 18:20");
    assert_string_equal(EN(format_ago, NOV_19 - 19 * CLOCK_HOUR_MS - 32 * CLOCK_MINUTE_MS), "yesterday at 17:20");
    assert_string_equal(FR(format_ago, NOV_19 - 2 * CLOCK_DAY_MS), "17" NBSP "nov." NBSP "2026");
    assert_string_equal(FR(format_ago, NOV_19 + CLOCK_HOUR_MS), "19" NBSP "nov." NBSP "2026 à 14:52");
}

/* Of today the hour alone is said. */
static void moments(void **state)
{
    (void)state;
    assert_string_equal(FR(format_moment, NOV_19), "13:52");
    assert_string_equal(EN(format_moment, NOV_19 + CLOCK_HOUR_MS), "13:52");
    assert_string_equal(FR(format_moment, NOV_19 - 2 * CLOCK_DAY_MS), "le 17" NBSP "nov." NBSP "2026 à 13:52");
    assert_string_equal(EN(format_moment, NOV_19 - 2 * CLOCK_DAY_MS), "17" NBSP "Nov" NBSP "2026, 12:52");
}

static void amounts(void **state)
{
    (void)state;
    assert_string_equal(FR(format_money, 123456), "1" THIN "234,56" NBSP "€");
    assert_string_equal(EN(format_money, 123456), "€1,234.56");
    assert_string_equal(FR(format_money, 5), "0,05" NBSP "€");
    assert_string_equal(EN(format_money, -100000000), "-€1,000,000.00");
    assert_string_equal(FR(format_number, 1234), "1" THIN "234");
    assert_string_equal(EN(format_number, -1234567), "-1,234,567");
    assert_string_equal(FR(format_number, 999), "999");
    assert_string_equal(EN(format_number, INT64_MIN), "-9,223,372,036,854,775,808");
}

static void sizes(void **state)
{
    (void)state;
    static const struct { int64_t size_bytes; const char *text; } cases[] = {
        { 0, "0" NBSP "o" }, { 999, "999" NBSP "o" }, { 1000, "1" NBSP "ko" }, { 1849, "1,8" NBSP "ko" }, { 1850, "1,9" NBSP "ko" },
        { 9950, "10" NBSP "ko" }, { 15400, "15" NBSP "ko" }, { 999499, "999" NBSP "ko" }, { 999500, "1" NBSP "Mo" },
        { 1800000, "1,8" NBSP "Mo" }, { INT64_C(2500000000), "2,5" NBSP "Go" }, { INT64_C(5000000000000000), "5" THIN "000" NBSP "To" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(FR(format_size, cases[i].size_bytes), cases[i].text);
    assert_string_equal(EN(format_size, 1800000), "1.8" NBSP "MB");
}

static void filters_in_templates(void **state)
{
    (void)state;
    static const struct { const char *template, *data, *expected; } cases[] = {
        { "{{x|day}}", "{\"x\":\"2026-11-19\"}", "19" NBSP "nov." NBSP "2026" },
        { "{{ x | money }}", "{\"x\":150}", "1,50" NBSP "€" },
        { "({{x|date}}{{x|lines}}{{y|day}}{{y|lines}}{{y|initials}})", "{\"x\":null,\"y\":\"\"}", "()" },
        { "{{x|initials}}", "{\"x\":\"Claire Delmas\"}", "CD" },
        { "{{x|initials}}", "{\"x\":\"  élodie de la  œuvre\\n\"}", "ÉŒ" },
        { "{{x|initials}}", "{\"x\":\"Claire\"}", "C" },
        { "{{x|upper}}", "{\"x\":\"straße & été\"}", "STRASSE &amp; ÉTÉ" },
        { "{{x|url}} {{n|url}}", "{\"x\":\"a b&é\",\"n\":12}", "a%20b%26%C3%A9 12" },
        { "{{x|lines}}", "{\"x\":\"one <b>\\r\\ntwo\\n \\n\\n\\nthree\\n\"}", "<p>one &lt;b&gt;<br>\ntwo</p>\n<p>three</p>" },
        { "{{{x|lines}}}", "{\"x\":\"<i>\"}", "<p>&lt;i&gt;</p>" },
        { "{{x|json}} {{{x|json}}}", "{\"x\":{\"a\":\"<\"}}", "{&quot;a&quot;:&quot;\\u003c&quot;} {\"a\":\"\\u003c\"}" },
        { "{{x|date}} {{l|upper}}.", "{\"x\":\"no time\",\"l\":[]}", "no time ." },
        { "{{x|siren}} {{y|siren}}", "{\"x\":\"732829320\",\"y\":\"12 <\"}", "732" NBSP "829" NBSP "320 12 &lt;" },
        { "{{a|de}}, {{b|de}}, {{c|de}}, {{d|de}}, {{e|de}}, {{f|de}}, {{g|de}}.", "{\"a\":\"Inès\",\"b\":\"Malo\",\"c\":\"Élodie\",\"d\":\"Hélène\",\"e\":\"Hamid\",\"f\":\"Yves\",\"g\":\"Yann\"}",
            "d’Inès, de Malo, d’Élodie, d’Hélène, de Hamid, d’Yves, de Yann." },
        { "({{x|de}}{{y|de}})", "{\"x\":null,\"y\":\"\"}", "()" },
        { "{{x|wrong}}", "{}", "error: template:1: there is no filter wrong" },
        { "{{x|upper|url}}", "{}", "error: template:1: there is no filter upper|url" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(test_once(cases[i].template, cases[i].data, NULL), cases[i].expected);
}

int format_tests(void)
{
    const struct CMUnitTest tests[] = { T(dates), T(zones), T(how_long_ago), T(moments), T(amounts), T(sizes), T(filters_in_templates) };
    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
