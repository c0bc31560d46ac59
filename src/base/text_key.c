#include "base/text.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include "base/log.h"

/* UTF-16, which is what ICU speaks. Its normalizers are made once by ICU itself and are safe from any thread. */
struct units { UChar *data; int32_t len; };

static void must(UErrorCode code)
{
    if (U_FAILURE(code))
        log_die(u_errorName(code));
}

static struct units units_from(struct arena *a, const char *text)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = (int32_t)strlen(text) + 1;   /* never more units than bytes */
    struct units u = { ARENA_ARRAY(a, UChar, size), 0 };
    u_strFromUTF8WithSub(u.data, size, &u.len, text, -1, 0xfffd, NULL, &code);
    must(code);
    return u;
}

static char *units_text(struct arena *a, struct units u)
{
    UErrorCode code = U_ZERO_ERROR;
    char *ret = arena_alloc(a, 3 * (size_t)u.len + 1);
    u_strToUTF8(ret, 3 * u.len + 1, NULL, u.data, u.len, &code);
    must(code);
    return ret;
}

static struct units normalize(struct arena *a, const UNormalizer2 *form, struct units in)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = 2 * in.len + 16;
    struct units out = { ARENA_ARRAY(a, UChar, size), 0 };
    out.len = unorm2_normalize(form, in.data, in.len, out.data, size, &code);
    if (code == U_BUFFER_OVERFLOW_ERROR) {   /* one ligature can become eighteen letters */
        code = U_ZERO_ERROR;
        out.data = ARENA_ARRAY(a, UChar, out.len + 1);
        out.len = unorm2_normalize(form, in.data, in.len, out.data, out.len + 1, &code);
    }
    must(code);
    return out;
}

static struct units fold(struct arena *a, const char *text)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&code);
    must(code);
    return normalize(a, form, units_from(a, text));
}

/* Most names and addresses are ASCII: their keys need no table. NULL where the text is not. What ICU says of
   ASCII: letters are folded, P*, Z* and Cc are gaps, symbols ($+<=>^`|~) stay. */
static char *ascii_key(struct arena *a, const char *text, bool has_gaps)
{
    static const char symbols[] = "$+<=>^`|~";
    char *out = arena_alloc(a, strlen(text) + 1);
    size_t len = 0;
    bool is_gap = false;
    for (const char *p = text; *p; p++) {
        unsigned char ch = (unsigned char)*p;
        if (ch >= 0x80)
            return NULL;
        bool is_upper = ch >= 'A' && ch <= 'Z', is_kept = is_upper || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || strchr(symbols, ch);
        if (has_gaps && !is_kept) {
            is_gap = true;
            continue;
        }
        if (is_gap && len)
            out[len++] = ' ';
        is_gap = false;
        out[len++] = (char)(is_upper ? ch + ('a' - 'A') : ch);
    }
    return out;
}

char *text_email_key(struct arena *a, const char *email)
{
    char *key = ascii_key(a, text_trim(a, email), false);
    if (key)
        return key;
    return units_text(a, fold(a, text_trim(a, email)));
}

/* œ and æ are letters to Unicode and two letters to a French reader. */
static const char *ligature(UChar32 point)
{
    return point == 0x153 ? "oe" : point == 0xe6 ? "ae" : NULL;
}

char *text_name_key(struct arena *a, const char *name)
{
    char *key = ascii_key(a, name, true);
    if (key)
        return key;
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKDInstance(&code);
    must(code);
    struct units in = normalize(a, form, fold(a, name)), out = { ARENA_ARRAY(a, UChar, 2 * in.len + 1), 0 };
    bool is_gap = false;
    for (int32_t i = 0; i < in.len;) {
        UChar32 point;
        U16_NEXT(in.data, i, in.len, point);
        uint32_t kind = U_GET_GC_MASK(point);
        const char *two = ligature(point);
        if (kind & U_GC_M_MASK)
            continue;
        if (kind & (U_GC_P_MASK | U_GC_Z_MASK | U_GC_CC_MASK)) {
            is_gap = true;
            continue;
        }
        if (is_gap && out.len)
            out.data[out.len++] = ' ';
        is_gap = false;
        if (two) {
            out.data[out.len++] = (UChar)two[0];
            point = (unsigned char)two[1];
        }
        U16_APPEND_UNSAFE(out.data, out.len, point);
    }
    return units_text(a, out);
}

const char *text_word_next(struct arena *a, const char **key)
{
    if (!**key)
        return NULL;
    size_t len = strcspn(*key, " "), kept = len;
    if (kept > TEXT_WORD_BYTES)
        for (kept = TEXT_WORD_BYTES; kept && ((unsigned char)(*key)[kept] & 0xC0) == 0x80;)
            kept--;
    const char *word = arena_copy(a, *key, kept);
    *key += len + ((*key)[len] == ' ');
    return word;
}
