#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include "base/text.h"
#include "web/filter.h"
#include "web/http_inside.h"

enum { HEADERS_SEEN_MAX = 65 };   /* one more than the filter allows */

struct collected {
    struct filter_header headers[HEADERS_SEEN_MAX];
    size_t count;
    size_t bytes;          /* what these headers take on the wire, where they are written plainly */
    bool is_plain;
};

/* White space between colon and value, -1 where anything else stands there. Both texts still lie where they were received. */
static int64_t gap(const char *name, size_t name_len, const char *value)
{
    const char *colon = name + name_len;
    if ((uintptr_t)value <= (uintptr_t)colon || (uintptr_t)value - (uintptr_t)colon > 1024)
        return -1;
    for (const char *at = colon + 1; at < value; at++)
        if (*at != ' ' && *at != '\t')
            return -1;
    return value - colon - 1;
}

static enum MHD_Result collect(void *collected, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value, size_t value_len)
{
    struct collected *c = collected;
    (void)kind;
    if (c->count == HEADERS_SEEN_MAX)
        return MHD_NO;
    c->headers[c->count++] = (struct filter_header){ name, name_len, value ? value : "", value_len };
    int64_t space = value ? gap(name, name_len, value) : -1;
    if (space < 0)
        c->is_plain = false;
    else
        c->bytes += name_len + 1 + (size_t)space + value_len + 2;
    return MHD_YES;
}

/* libmicrohttpd 0.9.75 joins folded lines (to the header's name), cuts lines at a NUL, takes a line that starts with one
   for the end of the headers, takes bare line feeds for line ends and skips spaces in the request line, all without a
   word. But it tells how many bytes the head had: if what it handed over, written plainly, has another length, it swallowed something. */
static bool is_all_there(const struct exchange *ex, const struct collected *c, const char *method, const char *version, size_t head_bytes)
{
    size_t line = strlen(method) + 1 + strlen(ex->target) + 1 + strlen(version) + 2;
    return c->is_plain && line + c->bytes + 2 == head_bytes;
}

static size_t head_size(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

const char *exchange_read(struct exchange *ex, const char *method, const char *version, int64_t *ret_length)
{
    struct collected c = { .is_plain = true };
    size_t head_bytes = head_size(ex->connection);
    MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, collect, &c);
    struct filter_in in = { method, ex->target, version, c.headers, c.count, ex->http->settings.hosts };
    const char *why = filter_check(&in, ret_length);
    if (!why && head_bytes > ex->http->settings.header_bytes)
        why = "headers too long";
    if (!why && !is_all_there(ex, &c, method, version, head_bytes))
        why = "something between the headers";
    return why;
}

/* Filling */

/* The filter has let through only those whose names it knows. */
static enum method method_of(const char *word)
{
    static const struct { const char *word; enum method method; } known[] = {
        { "GET", METHOD_GET }, { "HEAD", METHOD_HEAD }, { "POST", METHOD_POST }, { "OPTIONS", METHOD_OPTIONS },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].word, word) == 0)
            return known[i].method;
    return METHOD_OTHER;
}

struct filling { struct arena *arena; struct pair **tail; };

static enum MHD_Result fill_header(void *filling, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value, size_t value_len)
{
    struct filling *f = filling;
    struct pair *pair = ARENA_NEW(f->arena, struct pair);
    char *lower = arena_copy(f->arena, name, name_len), *text = arena_copy(f->arena, value, value_len);
    (void)kind;
    for (char *at = lower; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    if (!text_is_utf8(text, value_len))   /* a header may be in any coding; a database takes only text */
        for (char *at = text; *at; at++)
            if ((unsigned char)*at >= 0x80)
                *at = '?';
    pair->name = lower;
    pair->value = text;
    *f->tail = pair;
    f->tail = &pair->next;
    return MHD_YES;
}

static const char *peer(struct exchange *ex, struct arena *a)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, text, sizeof text);
    else if (info && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, text, sizeof text);
    return arena_text(a, text);
}

/* The last address of the last X-Forwarded-For is what our own proxy saw; those before it are the visitor's words. */
static const char *forwarded(const struct request *r, struct arena *a)
{
    const char *last = "";
    for (const struct pair *pair = r->headers; pair; pair = pair->next)
        if (strcmp(pair->name, "x-forwarded-for") == 0)
            last = pair->value;
    const char *comma = strrchr(last, ',');
    const char *address = text_trim(a, comma ? comma + 1 : last);
    unsigned char number[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, address, number) == 1 || inet_pton(AF_INET6, address, number) == 1 ? address : "";
}

const char *exchange_fill(struct exchange *ex, struct arena *a, struct request *r, const char *method, int64_t length)
{
    struct filling f = { a, &r->headers };
    r->method = method_of(method);
    r->target = arena_text(a, ex->target);
    r->content_length = length;
    MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, fill_header, &f);
    r->remote = ex->http->settings.trust_forwarded ? forwarded(r, a) : "";
    if (!*r->remote)
        r->remote = peer(ex, a);
    struct err *e = request_target(a, r);
    return e ? e->detail : NULL;
}
