/* Texts of a message: made clean, read out of HTML, cut where the quotation begins. */
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/text.h"
#include "mail/inbound.h"

/* ---- Clean ---- */

/* Bytes of the well-formed character at the beginning; 0: none is. */
static size_t utf8_len(const char *text, size_t len)
{
    unsigned char first = (unsigned char)*text;
    size_t want = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    return want <= len && text_is_utf8(text, want) ? want : 0;
}

const char *inbound_clean(struct arena *a, const char *text, size_t len, int chars_most, bool with_lines, bool *is_cut)
{
    struct buf out;
    int chars = 0;
    buf_init(&out, a, 3 * len + 16);
    for (size_t i = 0, size = 0; i < len; i += size) {
        unsigned char ch = (unsigned char)text[i];
        size = 1;
        if (ch == '\r' && i + 1 < len && text[i + 1] == '\n')
            continue;
        if (chars++ == chars_most) {
            if (is_cut)
                *is_cut = true;
            break;
        }
        if (ch < 0x20 || ch == 0x7f) {
            buf_char(&out, with_lines && (ch == '\n' || ch == '\r') ? '\n' : ch == '\t' && with_lines ? '\t' : ' ');
            continue;
        }
        size = utf8_len(text + i, len - i);
        bool is_control = size == 2 && ch == 0xc2 && (unsigned char)text[i + 1] < 0xa0;
        if (size && !is_control)
            buf_add(&out, text + i, size);
        else if (!size)
            buf_text(&out, "\xef\xbf\xbd");
        size = size ? size : 1;
    }
    return buf_end(&out);
}

/* ---- HTML ---- */

struct html {
    struct buf out;
    const char *at, *end;
    int quotes;                /* blockquotes that are open */
    int lines;                 /* line ends that wait: 1 or 2 */
    bool has_space;            /* a space that waits */
    bool is_pre;
};

enum { QUOTES_MOST = 5, HTML_MOST = 1024 * 1024 };

static void html_break(struct html *h, int lines)
{
    h->lines = h->lines > lines ? h->lines : lines;
    h->has_space = false;
}

/* Line ends and quotation marks are written before the next character that is seen. */
static void html_ready(struct html *h)
{
    bool is_begin = !h->out.len;
    for (int i = 0; i < h->lines && !is_begin; i++)
        buf_char(&h->out, '\n');
    if (h->lines || is_begin)
        for (int i = 0; i < h->quotes && i < QUOTES_MOST; i++)
            buf_text(&h->out, "> ");
    else if (h->has_space)
        buf_char(&h->out, ' ');
    h->lines = 0;
    h->has_space = false;
}

static void html_put(struct html *h, const char *text, size_t len)
{
    html_ready(h);
    buf_add(&h->out, text, len);
}

static bool is_name(const char *tag, size_t len, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == len && strncasecmp(tag, *names, len) == 0)
            return true;
    return false;
}

/* Behind the end of an element whose text nobody reads. */
static void html_skip(struct html *h, const char *name, size_t len)
{
    for (; h->at < h->end; h->at++)
        if (*h->at == '<' && h->at + 2 + len <= h->end && h->at[1] == '/' && strncasecmp(h->at + 2, name, len) == 0)
            return;
}

static void html_tag(struct html *h)
{
    static const char *const unread[] = { "script", "style", "head", "title", "template", "noscript", "svg", NULL };
    static const char *const lines[] = { "br", "div", "tr", "li", "hr", "table", "blockquote", "address", "dt", "dd", "section", "article", NULL };
    static const char *const blocks[] = { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "dl", NULL };
    const char *tag = ++h->at;
    bool is_end = tag < h->end && *tag == '/';
    tag += is_end;
    size_t len = 0;
    while (tag + len < h->end && ((tag[len] | 32) >= 'a' && (tag[len] | 32) <= 'z' ? true : len && tag[len] >= '0' && tag[len] <= '9'))
        len++;
    const char *close = memchr(tag, '>', (size_t)(h->end - tag));
    h->at = close ? close + 1 : h->end;
    if (!is_end && is_name(tag, len, unread))
        html_skip(h, tag, len);
    if (is_name(tag, len, (const char *const[]){ "blockquote", NULL }))
        h->quotes = is_end ? (h->quotes ? h->quotes - 1 : 0) : h->quotes + 1;
    if (is_name(tag, len, (const char *const[]){ "pre", NULL }))
        h->is_pre = !is_end;
    if (is_name(tag, len, (const char *const[]){ "br", NULL }) && h->lines)
        h->lines = h->lines < 2 ? h->lines + 1 : 2;
    else if (is_name(tag, len, lines))
        html_break(h, 1);
    if (is_name(tag, len, blocks))
        html_break(h, 2);
    if (is_name(tag, len, (const char *const[]){ "td", "th", NULL }))
        h->has_space = true;
}

/* "<!-- … -->", "<!doctype …>", "<?…>". */
static void html_declaration(struct html *h)
{
    bool is_comment = h->end - h->at >= 4 && memcmp(h->at, "<!--", 4) == 0;
    const char *close = is_comment ? memmem(h->at, (size_t)(h->end - h->at), "-->", 3) : memchr(h->at, '>', (size_t)(h->end - h->at));
    h->at = close ? close + (is_comment ? 3 : 1) : h->end;
}

static void code_put(struct html *h, unsigned long code)
{
    char text[5] = { 0 };
    if (code < 0x80)
        text[0] = (char)code;
    else if (code < 0x800)
        memcpy(text, (char[]){ (char)(0xc0 | code >> 6), (char)(0x80 | (code & 63)) }, 2);
    else if (code < 0x10000)
        memcpy(text, (char[]){ (char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)) }, 3);
    else
        memcpy(text, (char[]){ (char)(0xf0 | code >> 18), (char)(0x80 | (code >> 12 & 63)), (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)) }, 4);
    if (code == 0xa0 || code <= 0x20)
        h->has_space = true;
    else if (code < 0x7f || code >= 0xa0)
        html_put(h, text, strlen(text));
}

static unsigned long code_read(const char *name, size_t len)
{
    static const struct { const char *name; unsigned code; } known[] = {
        { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", 0xa0 }, { "eacute", 0xe9 }, { "egrave", 0xe8 },
        { "ecirc", 0xea }, { "euml", 0xeb }, { "agrave", 0xe0 }, { "acirc", 0xe2 }, { "ccedil", 0xe7 }, { "icirc", 0xee }, { "iuml", 0xef },
        { "ocirc", 0xf4 }, { "ugrave", 0xf9 }, { "ucirc", 0xfb }, { "Eacute", 0xc9 }, { "Agrave", 0xc0 }, { "laquo", 0xab }, { "raquo", 0xbb },
        { "rsquo", 0x2019 }, { "lsquo", 0x2018 }, { "ldquo", 0x201c }, { "rdquo", 0x201d }, { "hellip", 0x2026 }, { "ndash", 0x2013 },
        { "mdash", 0x2014 }, { "euro", 0x20ac }, { "oelig", 0x153 }, { "deg", 0xb0 }, { "copy", 0xa9 }, { "bull", 0x2022 },
    };
    unsigned long code = 0;
    if (*name == '#') {
        bool is_hex = len > 1 && (name[1] | 32) == 'x';
        for (size_t i = is_hex ? 2 : 1; i < len && code <= 0x10ffff; i++) {
            int low = name[i] | 32, digit = name[i] >= '0' && name[i] <= '9' ? name[i] - '0' : is_hex && low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
            if (digit == 99)
                return 0;
            code = code * (is_hex ? 16 : 10) + (unsigned long)digit;
        }
        return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : code;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0)
            return known[i].code;
    return 0;
}

static void html_entity(struct html *h)
{
    size_t most = (size_t)(h->end - h->at) < 12 ? (size_t)(h->end - h->at) : 12, len = 1;
    while (len < most && h->at[len] != ';' && h->at[len] != ' ' && h->at[len] != '&')
        len++;
    unsigned long code = len > 1 && len < most && h->at[len] == ';' ? code_read(h->at + 1, len - 1) : 0;
    if (code)
        code_put(h, code);
    else
        html_put(h, "&", 1);
    h->at += code ? len + 1 : 1;
}

static void html_char(struct html *h)
{
    if (*h->at == '\n' && h->is_pre)
        html_break(h, 1);
    else if (*h->at == ' ' || *h->at == '\n' || *h->at == '\t')
        h->has_space = true;
    else
        html_put(h, h->at, 1);
    h->at++;
}

const char *inbound_html_text(struct arena *a, const char *html, size_t len)
{
    struct html h = { .at = html, .end = html + len };
    buf_init(&h.out, a, HTML_MOST);
    while (h.at < h.end && !h.out.is_full) {
        bool has_next = h.at + 1 < h.end;
        char next = has_next ? h.at[1] : 0;
        if (*h.at == '<' && (next == '!' || next == '?'))
            html_declaration(&h);
        else if (*h.at == '<' && has_next && (next == '/' || ((next | 32) >= 'a' && (next | 32) <= 'z')))
            html_tag(&h);
        else if (*h.at == '&')
            html_entity(&h);
        else
            html_char(&h);
    }
    return inbound_clean(a, buf_end(&h.out), h.out.len, HTML_MOST, true, NULL);
}

/* ---- What was answered, without what is quoted ---- */

struct line { const char *at; size_t len; };   /* without its end, and without white space around */

static struct line line_at(const char *text)
{
    struct line l = { text, strcspn(text, "\n") };
    while (l.len && (*l.at == ' ' || *l.at == '\t' || *l.at == '*')) {
        l.at++;
        l.len--;
    }
    while (l.len && (l.at[l.len - 1] == ' ' || l.at[l.len - 1] == '\t' || l.at[l.len - 1] == '*'))
        l.len--;
    return l;
}

static const char *line_next(const char *text)
{
    const char *end = strchr(text, '\n');
    return end ? end + 1 : text + strlen(text);
}

static bool line_begins(struct line l, const char *start) { return l.len >= strlen(start) && strncasecmp(l.at, start, strlen(start)) == 0; }
static bool line_ends(struct line l, const char *end)
{
    size_t len = strlen(end);
    return l.len >= len && strncasecmp(l.at + l.len - len, end, len) == 0;
}
static bool line_is_quote(struct line l) { return l.len && *l.at == '>'; }
static bool line_has_marker(struct line l)
{
    return memmem(l.at, l.len, INBOUND_MARKER, sizeof INBOUND_MARKER - 1) || memmem(l.at, l.len, INBOUND_MARKER_EN, sizeof INBOUND_MARKER_EN - 1);
}

/* « Le 3 mars 2026 à 10:12, Froid Atlantique <…> a écrit : », which mail programs break into two or three lines. Where the next one begins; NULL: it is none. */
static const char *wrote_end(const char *text)
{
    static const char *const ends[] = { "a écrit :", "a écrit\u00a0:", "a écrit\u202f:", "a écrit:", "wrote:", NULL };
    struct line l = line_at(text);
    if (!line_begins(l, "Le ") && !line_begins(l, "On "))
        return NULL;
    for (int lines = 0; lines < 3 && *text; lines++, text = line_next(text)) {
        l = line_at(text);
        for (const char *const *end = ends; *end; end++)
            if (line_ends(l, *end))
                return line_next(text);
    }
    return NULL;
}

/* What other programs put above a message they quote. */
static bool is_original(const char *text)
{
    static const char *const rules[] = { "-----Message d'origine", "-----Message d’origine", "-----Original Message", "----- Message d'origine", "----- Original Message",
        "---------- Forwarded message", "---------- Message transféré", NULL };
    struct line l = line_at(text);
    for (const char *const *rule = rules; *rule; rule++)
        if (line_begins(l, *rule))
            return true;
    bool is_rule = line_begins(l, "________________________________");
    if (is_rule)
        l = line_at(text = line_next(text));
    if (!line_begins(l, "De :") && !line_begins(l, "De\u00a0:") && !line_begins(l, "From:"))
        return false;
    l = line_at(line_next(text));
    return line_begins(l, "Envoyé") || line_begins(l, "Sent:") || line_begins(l, "Date");
}

/* Answers between the quoted lines, or below them: nothing can be cut without losing some. */
static bool is_interleaved(const char *text)
{
    bool has_quote = false;
    for (; *text; text = line_next(text)) {
        struct line l = line_at(text);
        if (line_is_quote(l))
            has_quote = true;
        else if (l.len && has_quote)
            return true;
    }
    return false;
}

static size_t answer_end(const char *text)
{
    bool is_below_quote = false;
    for (const char *at = text; *at; at = line_next(at)) {
        struct line l = line_at(at);
        if (line_has_marker(l) && !is_below_quote)
            return (size_t)(at - text);
        const char *below = wrote_end(at);
        while (below && *below && !line_at(below).len)
            below = line_next(below);
        if (below)
            return line_is_quote(line_at(below)) && is_interleaved(below) ? strlen(text) : (size_t)(at - text);
        if (is_original(at))
            return (size_t)(at - text);
        is_below_quote |= line_is_quote(l) && !line_has_marker(l);
    }
    return strlen(text);
}

const char *inbound_answer(struct arena *a, const char *text)
{
    const char *answer = text_trim(a, arena_copy(a, text, answer_end(text)));
    return *answer ? answer : text_trim(a, text);
}
