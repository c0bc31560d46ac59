#include "web/filter.h"
#include <string.h>
#include <strings.h>

enum { TARGET_MAX = 4096, HEADERS_MAX = 64, LENGTH_DIGITS_MAX = 18 };

/* What was seen of the headers that decide where a body ends or for whom a request is. More than one of any is ambiguous. */
struct seen {
    const struct filter_header *host, *length, *coding, *type, *authorization, *origin, *site, *expect;
};

static bool is_token_char(unsigned char ch)   /* RFC 9110, 5.6.2 */
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch && strchr("!#$%&'*+-.^_`|~", ch));
}

static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_token_char((unsigned char)text[i]))
            return false;
    return len > 0;
}

static bool has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)text[i];
        if ((ch < 0x20 && ch != '\t') || ch == 0x7f)
            return true;
    }
    return false;
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

static const char *check_target(const char *target)
{
    size_t len = strlen(target);
    if (target[0] != '/')
        return "target is no path";
    if (len > TARGET_MAX)
        return "target too long";
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)target[i];
        if (ch <= 0x20 || ch >= 0x7f || ch == '#')
            return "character in target";
    }
    return strstr(target, "%00") ? "NUL in target" : NULL;
}

static const struct filter_header **find_slot(struct seen *seen, const struct filter_header *header)
{
    const struct { const char *name; const struct filter_header **slot; } slots[] = {
        { "host", &seen->host }, { "content-length", &seen->length }, { "transfer-encoding", &seen->coding },
        { "content-type", &seen->type }, { "authorization", &seen->authorization }, { "origin", &seen->origin },
        { "sec-fetch-site", &seen->site }, { "expect", &seen->expect },
    };
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (is_word(header->name, header->name_len, slots[i].name))
            return slots[i].slot;
    return NULL;
}

static const char *check_headers(const struct filter_in *in, struct seen *seen)
{
    if (in->header_count > HEADERS_MAX)
        return "too many headers";
    for (size_t i = 0; i < in->header_count; i++) {
        const struct filter_header *header = &in->headers[i];
        if (!is_token(header->name, header->name_len))
            return "header name";
        if (has_control(header->value, header->value_len))
            return "control character in a header";
        const struct filter_header **slot = find_slot(seen, header);
        if (slot && *slot)
            return "header twice";
        if (slot)
            *slot = header;
    }
    return NULL;
}

static const char *check_host(const struct filter_in *in, const struct filter_header *host)
{
    if (!host)   /* HTTP/1.0 knew no Host: such a request reaches only what needs none */
        return strcmp(in->version, "HTTP/1.0") == 0 ? NULL : "no host";
    for (size_t i = 0; in->hosts[i]; i++)
        if (is_word(host->value, host->value_len, in->hosts[i]))
            return NULL;
    return "foreign host";
}

static const char *read_length(const struct filter_header *header, int64_t *ret_length)
{
    int64_t length = 0;
    if (header->value_len == 0 || header->value_len > LENGTH_DIGITS_MAX)
        return "content length";
    for (size_t i = 0; i < header->value_len; i++) {
        char ch = header->value[i];
        if (ch < '0' || ch > '9')
            return "content length";
        length = length * 10 + (ch - '0');
    }
    *ret_length = length;
    return NULL;
}

/* Where the body ends (RFC 9112, 6): one way of saying it, and only the two that everybody reads alike. */
static const char *check_length(const struct filter_in *in, const struct seen *seen, int64_t *ret_length)
{
    *ret_length = 0;
    if (seen->coding) {
        if (seen->length)
            return "length and transfer encoding";
        if (seen->coding->value_len != 7 || memcmp(seen->coding->value, "chunked", 7) != 0)
            return "transfer encoding";
        if (strcmp(in->version, "HTTP/1.1") != 0)
            return "transfer encoding in HTTP/1.0";
        *ret_length = -1;
        return NULL;
    }
    return seen->length ? read_length(seen->length, ret_length) : NULL;
}

/* Methods that programs know are let in, to be told what an address takes; no others. A body comes with those that have one everywhere. */
static bool check_method(const char *method, bool *ret_has_body)
{
    static const struct { const char *word; bool has_body; } known[] = {
        { "GET", false }, { "HEAD", false }, { "OPTIONS", false }, { "POST", true }, { "PUT", true }, { "PATCH", true }, { "DELETE", false },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].word, method) == 0) {
            *ret_has_body = known[i].has_body;
            return true;
        }
    return false;
}

const char *filter_check(const struct filter_in *in, int64_t *ret_length)
{
    struct seen seen = { 0 };
    int64_t length = 0;
    bool has_body = false;
    if (!check_method(in->method, &has_body))
        return "method";
    if (strcmp(in->version, "HTTP/1.1") != 0 && strcmp(in->version, "HTTP/1.0") != 0)
        return "version";
    const char *why = check_target(in->target);
    if (!why)
        why = check_headers(in, &seen);
    if (!why)
        why = check_host(in, seen.host);
    if (!why)
        why = check_length(in, &seen, &length);
    if (!why && length != 0 && !has_body)
        why = "body where there can be none";
    if (!why && seen.expect && !is_word(seen.expect->value, seen.expect->value_len, "100-continue"))
        why = "expectation";
    if (!why)
        *ret_length = length;
    return why;
}
