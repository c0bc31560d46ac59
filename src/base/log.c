#include "base/log.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"

/* A line fits a pipe's atomic write; what does not fit is left out, whole items at a time. */
enum { LINE_MAX_BYTES = 4000, TEXT_MAX_BYTES = 800 };

struct line { char data[LINE_MAX_BYTES + 8]; size_t len; };

static atomic_int quiet;

void log_quiet(int is_quiet)
{
    atomic_store(&quiet, is_quiet);
}

static void line_add(struct line *l, const char *text, size_t len)
{
    if (len <= LINE_MAX_BYTES - l->len) {
        memcpy(l->data + l->len, text, len);
        l->len += len;
    }
}

static void line_char(struct line *l, unsigned char ch, bool is_utf8)
{
    char escaped[8];
    if (ch == '"' || ch == '\\') {
        line_add(l, (char[]){ '\\', (char)ch }, 2);
    } else if (ch < 0x20 || ch == 0x7f) {
        snprintf(escaped, sizeof escaped, "\\u%04x", ch);
        line_add(l, escaped, 6);
    } else {
        char plain = ch >= 0x80 && !is_utf8 ? '?' : (char)ch;
        line_add(l, &plain, 1);
    }
}

static void line_quoted(struct line *l, const char *text)
{
    size_t len = strlen(text);
    bool is_utf8 = text_is_utf8(text, len);
    if (len > TEXT_MAX_BYTES) {
        len = TEXT_MAX_BYTES;
        while (is_utf8 && (text[len] & 0xc0) == 0x80)   /* not in the middle of a character */
            len--;
    }
    line_add(l, "\"", 1);
    for (size_t i = 0; i < len; i++)
        line_char(l, (unsigned char)text[i], is_utf8);
    line_add(l, "\"", 1);
}

static void line_item(struct line *l, const struct log_item *item)
{
    size_t before = l->len;
    char number[24];
    line_add(l, ",", 1);
    line_quoted(l, item->key);
    line_add(l, ":", 1);
    if (!item->is_text) {
        snprintf(number, sizeof number, "%lld", (long long)item->number);
        line_add(l, number, strlen(number));
    } else if (item->text) {
        line_quoted(l, item->text);
    } else {
        line_add(l, "null", 4);
    }
    if (l->len > LINE_MAX_BYTES - TEXT_MAX_BYTES)   /* it may have been cut */
        l->len = before;
}

static void line_out(const char *event, const struct log_item *items)
{
    struct line l = { .len = 0 };
    char now[CLOCK_ISO_SIZE];
    clock_iso_write(now, clock_now_ms());
    line_add(&l, "{\"at\":", 6);
    line_quoted(&l, now);
    line_add(&l, ",\"event\":", 9);
    line_quoted(&l, event);
    for (const struct log_item *item = items; item && item->key; item++)
        line_item(&l, item);
    memcpy(l.data + l.len, "}\n", 2);
    ssize_t written = write(STDERR_FILENO, l.data, l.len + 2);
    (void)written;   /* nobody is left to tell */
}

void log_write(const char *event, const struct log_item *items)
{
    if (!atomic_load_explicit(&quiet, memory_order_relaxed))
        line_out(event, items);
}

void log_die(const char *why)
{
    line_out("end", (struct log_item[]){ LOG_TEXT("why", why), { 0 } });
    _exit(70);
}
