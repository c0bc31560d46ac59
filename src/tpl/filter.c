#include "tpl/filter.h"
#include <string.h>
#include <unicode/ustring.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

static const char *const names[] = {
    [FILTER_NONE] = "",
#define X(word, name) [FILTER_##word] = (name),
    FILTERS(X)
#undef X
};

bool filter_find(const char *name, size_t len, enum filter *ret_filter)
{
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
            *ret_filter = (enum filter)i;
            return true;
        }
    }
    return false;
}

const char *filter_name(enum filter filter)
{
    return names[filter];
}

static const struct { char text[7]; unsigned char len; } entities[256] = {
    ['&'] = { "&amp;", 5 }, ['<'] = { "&lt;", 4 }, ['>'] = { "&gt;", 4 }, ['"'] = { "&quot;", 6 }, ['\''] = { "&#39;", 5 },
};

static const bool is_special[256] = { ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true };

typedef unsigned char sixteen __attribute__((vector_size(16)));

static bool has_special(const char *sixteen_bytes)
{
    sixteen bytes;
    uint64_t halves[2];
    memcpy(&bytes, sixteen_bytes, sizeof bytes);
    sixteen found = (sixteen)((bytes == '&') | (bytes == '<') | (bytes == '>') | (bytes == '"') | (bytes == '\''));
    memcpy(halves, &found, sizeof halves);
    return halves[0] | halves[1];
}

/* The first character that must be escaped, or the end. Most texts have none: they are looked through sixteen bytes at a time. */
static const char *special_find(const char *at, const char *end)
{
    while (end - at >= 16 && !has_special(at))
        at += 16;
    while (at < end && !is_special[(unsigned char)*at])
        at++;
    return at;
}

void text_write(struct buf *out, const char *text, size_t len, bool is_html)
{
    const char *end = text + len, *at = is_html ? special_find(text, end) : end;
    while (at < end) {
        unsigned char ch = (unsigned char)*at;
        buf_add(out, text, (size_t)(at - text));
        buf_add(out, entities[ch].text, entities[ch].len);
        text = at + 1;
        at = special_find(text, end);
    }
    buf_add(out, text, (size_t)(end - text));
}

static char *upper(const struct format *f, struct arena *a, const char *text, size_t len)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = (int32_t)len + 1, upper_len = 0, wide_len = 0;
    UChar *wide = ARENA_ARRAY(a, UChar, size), *big = ARENA_ARRAY(a, UChar, 3 * size);   /* no letter becomes more than three */
    u_strFromUTF8WithSub(wide, size, &wide_len, text, (int32_t)len, 0xfffd, NULL, &code);
    upper_len = u_strToUpper(big, 3 * size, wide, wide_len, format_locale(f), &code);
    char *ret = arena_alloc(a, 9 * (size_t)size);
    u_strToUTF8(ret, 9 * size, NULL, big, upper_len, &code);
    if (U_FAILURE(code))
        log_die(u_errorName(code));
    return ret;
}

static size_t char_len(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xc0) == 0x80)
        len++;
    return len;
}

static void letter_write(const struct format *f, const char *word, bool is_html, struct buf *out)
{
    word = upper(f, out->arena, word, char_len(word));
    text_write(out, word, strlen(word), is_html);
}

/* First letters of the first and the last word. */
static void initials_write(const struct format *f, const char *text, bool is_html, struct buf *out)
{
    static const char blanks[] = " \t\r\n";
    const char *first = text + strspn(text, blanks), *last = first;
    for (const char *at = first; *at; at += strspn(at, blanks)) {
        last = at;
        at += strcspn(at, blanks);
    }
    if (*first)
        letter_write(f, first, is_html, out);
    if (last != first)
        letter_write(f, last, is_html, out);
}

static size_t line_end_len(const char *at)
{
    return *at == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/* A line end is a <br>, an empty line (or several, or with blanks on them) a new paragraph. */
static const char *gap_write(const char *at, struct buf *out)
{
    int ends = 0;
    for (size_t len; (len = line_end_len(at)); ends++) {
        at += len;
        const char *next = at + strspn(at, " \t");
        if (line_end_len(next))
            at = next;
    }
    buf_text(out, ends > 1 ? "</p>\n<p>" : "<br>\n");
    return at;
}

static void lines_write(const char *text, bool is_html, struct buf *out)
{
    text = text_trim(out->arena, text);
    if (!*text)
        return;
    if (!is_html) {
        buf_text(out, text);
        return;
    }
    buf_text(out, "<p>");
    while (*text) {
        if (line_end_len(text)) {
            text = gap_write(text, out);
            continue;
        }
        size_t len = strcspn(text, "\n");
        text_write(out, text, len, true);
        text += len;
    }
    buf_text(out, "</p>");
}

static void json_write(const struct doc *value, bool is_html, struct buf *out)
{
    struct buf json;
    buf_init(&json, out->arena, out->ceiling_bytes);
    doc_json(value, &json);
    out->is_full = out->is_full || json.is_full;
    text_write(out, buf_end(&json), json.len, is_html);
}

/* Nine digits by threes; what is none stays as it is. */
static void siren_write(const char *text, bool is_html, struct buf *out)
{
    enum { DIGITS = 9, GROUP = 3 };
    if (strlen(text) != DIGITS || strspn(text, "0123456789") != DIGITS) {
        text_write(out, text, strlen(text), is_html);
        return;
    }
    for (int at = 0; at < DIGITS; at += GROUP) {
        buf_text(out, at ? "\xc2\xa0" : "");
        buf_add(out, text + at, GROUP);
    }
}

/* Before these a French « de » loses its vowel: a, e, i, o, u, their accents, œ; h as people's names mostly have it (d’Hélène, but de Hamid); y before a
   consonant (d’Yves, but de Yann). */
static bool is_elided(const char *name)
{
    static const char *const accented[] = { "à", "â", "ä", "é", "è", "ê", "ë", "î", "ï", "ô", "ö", "û", "ü", "œ", "æ", "À", "Â", "Ä", "É", "È", "Ê", "Ë", "Î", "Ï", "Ô", "Ö", "Û", "Ü", "Œ", "Æ" };
    enum { ACCENTED = sizeof accented / sizeof *accented };
    bool is_h = *name == 'h' || *name == 'H';
    if (*name == 'y' || *name == 'Y')
        return name[1] && !strchr("aeiouyAEIOUY", name[1]);
    name += is_h;
    if (*name && strchr(is_h ? "eiou" : "aeiouAEIOU", *name))
        return true;
    for (int i = 0; i < ACCENTED; i++)
        if (text_starts(name, accented[i]))
            return true;
    return false;
}

/* « de Malo », « d’Inès »; in other languages the name alone. */
static void de_write(const struct format *f, const char *name, bool is_html, struct buf *out)
{
    if (*name && text_starts(format_locale(f), "fr"))
        buf_text(out, is_elided(name) ? "d’" : "de ");
    text_write(out, name, strlen(name), is_html);
}

static bool text_filter_write(const struct format *f, enum filter filter, const struct doc *value, bool is_html, struct buf *out)
{
    const char *text = doc_as_text(value);
    int64_t day;
    char place[FORMAT_SIZE];
    switch (filter) {
    case FILTER_DAY:
        if (!clock_day_read(text, &day))
            return !*text;
        buf_add(out, place, format_day(f, place, day));
        return true;
    case FILTER_INITIALS: initials_write(f, text, is_html, out); return true;
    case FILTER_LINES: lines_write(text, is_html, out); return true;
    case FILTER_UPPER:
        text = upper(f, out->arena, text, doc_text_len(value));
        text_write(out, text, strlen(text), is_html);
        return true;
    case FILTER_URL: buf_text(out, text_url_encode(out->arena, text)); return true;
    case FILTER_SIREN: siren_write(text, is_html, out); return true;
    case FILTER_DE: de_write(f, text, is_html, out); return true;
    default: return false;
    }
}

static bool number_filter_write(const struct format *f, enum filter filter, int64_t number, struct buf *out)
{
    char place[FORMAT_SIZE];
    size_t len;
    switch (filter) {
    case FILTER_DATE: len = format_date(f, place, number); break;
    case FILTER_DATETIME: len = format_datetime(f, place, number); break;
    case FILTER_TIME: len = format_time(f, place, number); break;
    case FILTER_AGO: len = format_ago(f, place, number); break;
    case FILTER_MOMENT: len = format_moment(f, place, number); break;
    case FILTER_DAY: len = format_day(f, place, number); break;
    case FILTER_MONEY: len = format_money(f, place, number); break;
    case FILTER_SIZE: len = format_size(f, place, number); break;
    case FILTER_NUMBER: len = format_number(f, place, number); break;
    case FILTER_URL: buf_int(out, number); return true;
    default: return false;
    }
    buf_add(out, place, len);
    return true;
}

bool filter_write(const struct format *f, enum filter filter, const struct doc *value, bool is_html, struct buf *out)
{
    enum doc_kind kind = doc_kind(value);
    if (filter == FILTER_JSON) {
        json_write(value, is_html, out);
        return true;
    }
    if (kind == DOC_NULL)
        return true;
    if (kind == DOC_TEXT)
        return text_filter_write(f, filter, value, is_html, out);
    return kind == DOC_INT && number_filter_write(f, filter, doc_as_int(value), out);
}
