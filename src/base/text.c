#include "base/text.h"
#include <sodium.h>
#include <string.h>

/* One character of well-formed UTF-8 (RFC 3629: no surrogates, nothing over-long); 0 bytes where there is none. */
static size_t char_read(const unsigned char *at, size_t left, uint32_t *ret_point)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (!left)
        return 0;
    if (at[0] < 0x80) {
        *ret_point = at[0];
        return 1;
    }
    size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || len > left)
        return 0;
    uint32_t point = at[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (at[i] & 0x3fu);
    }
    if (point < smallest[len] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return 0;
    *ret_point = point;
    return len;
}

bool text_is_utf8(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    uint32_t point;
    while (at < end) {
        if (*at && *at < 0x80) {
            at++;
            continue;
        }
        size_t step = char_read(at, (size_t)(end - at), &point);
        if (!step || !point)
            return false;
        at += step;
    }
    return true;
}

bool text_is_clean(const char *text, bool with_lines)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);
    uint32_t point;
    for (size_t step; at < end; at += step) {
        step = char_read(at, (size_t)(end - at), &point);
        if (!step)
            return false;
        bool is_line = point == '\t' || point == '\n' || point == '\r';
        bool is_control = point < 0x20 || (point >= 0x7f && point < 0xa0);
        if (is_control && !(with_lines && is_line))
            return false;
    }
    return true;
}

size_t text_chars(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static bool is_space(uint32_t point)
{
    return (point >= '\t' && point <= '\r') || point == ' ' || point == 0x85 || point == 0xa0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

/* From the first character that is no white space to behind the last one. */
static void find_ends(const char *text, size_t len, size_t *ret_start, size_t *ret_end)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t start = len, end = 0;
    for (size_t at = 0, step; at < len; at += step) {
        uint32_t point = 0;
        step = char_read(bytes + at, len - at, &point);
        bool is_broken = !step;
        step = is_broken ? 1 : step;
        if (!is_broken && is_space(point))
            continue;
        if (start == len)
            start = at;
        end = at + step;
    }
    *ret_start = start;
    *ret_end = end > start ? end : start;
}

char *text_trim(struct arena *a, const char *text)
{
    size_t start, end, len = 0;
    find_ends(text, strlen(text), &start, &end);
    char *ret = arena_copy(a, text + start, end - start);
    for (size_t i = start; i < end; i++)
        if (!(text[i] == '\r' && i + 1 < end && text[i + 1] == '\n'))
            ret[len++] = text[i];
    ret[len] = 0;
    return ret;
}

bool text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool text_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_int(const char *text, int64_t *ret_number)
{
    if (!text)
        return false;
    bool is_negative = *text == '-';
    const char *at = text + is_negative;
    int64_t number = 0;   /* counted downwards: the smallest number has no positive twin */
    if (!*at)
        return false;
    for (; *at; at++) {
        if (*at < '0' || *at > '9' || __builtin_mul_overflow(number, 10, &number) || __builtin_sub_overflow(number, *at - '0', &number))
            return false;
    }
    if (!is_negative && number == INT64_MIN)
        return false;
    *ret_number = is_negative ? number : -number;
    return true;
}

static bool is_alnum(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
}

/* The grammar of « valid e-mail address » in the HTML standard. */
bool text_is_email(const char *email)
{
    const char *at = email, *label;
    if (strlen(email) > 254)
        return false;
    while (*at && (is_alnum(*at) || strchr(".!#$%&'*+/=?^_`{|}~-", *at)))
        at++;
    if (at == email || *at != '@')
        return false;
    do {
        label = ++at;
        while (is_alnum(*at) || *at == '-')
            at++;
        if (at == label || at - label > 63 || *label == '-' || at[-1] == '-')
            return false;
    } while (*at == '.');
    return !*at;
}

char *text_hex(struct arena *a, const void *data, size_t len)
{
    char *ret = arena_alloc(a, 2 * len + 1);
    return sodium_bin2hex(ret, 2 * len + 1, data, len);
}

char *text_base64url(struct arena *a, const void *data, size_t len)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_alloc(a, size), size, data, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool text_base64url_read(struct arena *a, const char *text, unsigned char **ret_data, size_t *ret_len)
{
    size_t text_len = strlen(text), len = 0;
    unsigned char *data = arena_alloc(a, text_len / 4 * 3 + 3);
    if (sodium_base642bin(data, text_len / 4 * 3 + 3, text, text_len, NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *ret_data = data;
    *ret_len = len;
    return true;
}

char *text_url_encode(struct arena *a, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *ret = arena_alloc(a, 3 * strlen(text) + 1), *to = ret;
    for (; *text; text++) {
        if (is_alnum(*text) || strchr("-._~", *text)) {
            *to++ = *text;
        } else {
            *to++ = '%';
            *to++ = hex[(unsigned char)*text >> 4];
            *to++ = hex[*text & 15];
        }
    }
    return ret;
}
