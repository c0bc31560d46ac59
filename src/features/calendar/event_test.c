/* A job as an entry of a calendar (L-7): what stands in it, whatever strangers wrote, and that somebody else's program reads it. */
#include "lib/world.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "features/calendar/event.h"

static const char evil[] = "Fuite, \"froid\"; \\ 100 %\r\nEND:VEVENT\r\nBEGIN:VALARM\nATTENDEE:mailto:x@evil.example";
static const char faces[] = "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀 été";

static struct event usual(void)
{
    return (struct event){ .uid = "job-1192@mandat.example", .sequence = 3, .start_ms = INT64_C(1795354200000), .end_ms = INT64_C(1795361400000),
        .changed_ms = INT64_C(1795300000000), .summary = "I-1192 · Chambre froide", .location = "1 quai de la Douane, 29200 Brest", .description = "Ligne un\nLigne deux" };
}

static const char *written(struct world_test *w, const struct event *events, size_t count, const char *method, const char *name)
{
    const char *text = NULL;
    must(event_write(world_arena(w), &(struct event_list){ method, name, events, count }, &text));
    return text;
}

static const char *written_one(struct world_test *w, struct event event) { return written(w, &event, 1, "PUBLISH", NULL); }

static int lines_starting(const char *text, const char *start)
{
    int count = 0;
    for (const char *line = text; line && *line; line = strstr(line, "\r\n"), line = line ? line + 2 : NULL)
        count += strncmp(line, start, strlen(start)) == 0;
    return count;
}

#define assert_line(text_, line_) assert_non_null(strstr((text_), "\r\n" line_ "\r\n"))

WORLD_TEST(l_7_a_job_is_an_event_with_all_that_a_calendar_asks_for)
{
    const char *text = written_one(w, usual());
    assert_true(strncmp(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", 37) == 0);
    assert_line(text, "METHOD:PUBLISH");
    assert_line(text, "UID:job-1192@mandat.example");
    assert_line(text, "SEQUENCE:3");
    assert_line(text, "DTSTART:20261122T133000Z");
    assert_line(text, "DTEND:20261122T153000Z");
    assert_line(text, "DTSTAMP:20261121T222640Z");
    assert_line(text, "SUMMARY:I-1192 · Chambre froide");
    assert_line(text, "LOCATION:1 quai de la Douane\\, 29200 Brest");
    assert_line(text, "DESCRIPTION:Ligne un\\nLigne deux");
    assert_line(text, "STATUS:CONFIRMED");
    assert_string_equal(text, written_one(w, usual()));       /* nothing in it depends on when it was asked for */
}

WORLD_TEST(l_7_what_is_cancelled_says_so)
{
    struct event event = usual();
    event.is_cancelled = true;
    const char *text = written(w, &event, 1, "CANCEL", NULL);
    assert_line(text, "METHOD:CANCEL");
    assert_line(text, "STATUS:CANCELLED");
    assert_line(text, "UID:job-1192@mandat.example");
}

WORLD_TEST(l_7_a_strangers_words_are_words)
{
    struct event event = usual();
    event.summary = event.location = event.description = evil;
    const char *text = written(w, &event, 1, "PUBLISH", evil);
    assert_int_equal(lines_starting(text, "BEGIN:VALARM"), 0);
    assert_int_equal(lines_starting(text, "ATTENDEE"), 0);
    assert_int_equal(lines_starting(text, "END:VEVENT"), 1);
    event.summary = "\x01\x02 a\x7f\t\x1b" "b";
    text = written_one(w, event);
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 && *p != '\r' && *p != '\n')
            fail_msg("a control character: %d", *p);
    assert_non_null(strstr(text, "SUMMARY:"));
}

WORLD_TEST(l_7_no_line_is_longer_than_75_bytes_and_no_character_is_cut)
{
    struct event event = usual();
    event.summary = faces;
    event.description = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
    const char *text = written_one(w, event);
    for (const char *line = text; *line; line = strstr(line, "\r\n") + 2) {
        size_t len = (size_t)(strstr(line, "\r\n") - line);
        if (len > 75 || ((unsigned char)line[0] & 0xc0) == 0x80 || (line[0] == ' ' && ((unsigned char)line[1] & 0xc0) == 0x80))
            fail_msg("%zu bytes: %.80s", len, line);
        assert_null(memchr(line, '\n', len));
    }
}

WORLD_TEST(l_7_a_feed_of_many_and_of_none)
{
    struct event events[500];
    for (int i = 0; i < 500; i++) {
        events[i] = usual();
        events[i].uid = world_text(w, "job-%d@mandat.example", i);
    }
    const char *text = written(w, events, 500, "PUBLISH", "Interventions");
    assert_int_equal(lines_starting(text, "BEGIN:VEVENT"), 500);
    assert_line(text, "NAME:Interventions");
    assert_line(text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    text = written(w, NULL, 0, "PUBLISH", "Interventions");
    assert_int_equal(lines_starting(text, "BEGIN:VEVENT"), 0);
    assert_int_equal(lines_starting(text, "END:VCALENDAR"), 1);
}

/* What somebody else's reader understood, a line each. */
static const char *understood(struct world_test *w, const char *text)
{
    char path[] = "/tmp/mandat-event-XXXXXX", out[8192];
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    FILE *reader = popen(world_text(w, "/usr/bin/python3 " TESTS_FOLDER "/lib/ical_read.py %s 2>&1", path), "r");
    assert_non_null(reader);
    size_t len = fread(out, 1, sizeof out - 1, reader);
    out[len] = '\0';
    assert_int_equal(pclose(reader), 0);
    unlink(path);
    return arena_text(world_arena(w), out);
}

WORLD_TEST(l_7_somebody_elses_program_reads_it)
{
    struct event event = usual();
    event.summary = evil;
    event.description = faces;
    const char *read = understood(w, written_one(w, event));
    assert_non_null(strstr(read, "METHOD PUBLISH\n"));
    assert_non_null(strstr(read, "UID job-1192@mandat.example\nSEQUENCE 3\nSTATUS CONFIRMED\n"));
    assert_non_null(strstr(read, "SUMMARY Fuite, \"froid\"; \\ 100 %|END:VEVENT|BEGIN:VALARM|ATTENDEE:mailto:x@evil.example\n"));
    assert_non_null(strstr(read, world_text(w, "DESCRIPTION %s\n", faces)));
    assert_non_null(strstr(read, "DTSTART 1795354200.0\nDTEND 1795361400.0\n"));
}

WORLD_MAIN("event", WORLD_CASE(l_7_a_job_is_an_event_with_all_that_a_calendar_asks_for), WORLD_CASE(l_7_what_is_cancelled_says_so), WORLD_CASE(l_7_a_strangers_words_are_words),
    WORLD_CASE(l_7_no_line_is_longer_than_75_bytes_and_no_character_is_cut), WORLD_CASE(l_7_a_feed_of_many_and_of_none), WORLD_CASE(l_7_somebody_elses_program_reads_it))
