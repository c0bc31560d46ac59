#include "web/request.h"
#include <string.h>
#include <strings.h>
#include "base/text.h"

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F')
        return ch - 'A' + 10;
    return -1;
}

int request_escape(const char *two)
{
    int high = hex_digit(two[0]);
    int low = high < 0 ? -1 : hex_digit(two[1]);
    return low < 0 ? -1 : high * 16 + low;
}

/* Decodes percent escapes once. NULL where an escape is bad, stands for NUL, or gives no well-formed UTF-8. */
static char *decode(struct arena *a, const char *text, size_t len, bool plus_is_space)
{
    char *out = arena_alloc(a, len + 1);
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        int byte = (unsigned char)text[i];
        if (byte == '%') {
            byte = len - i > 2 ? request_escape(text + i + 1) : -1;
            if (byte <= 0)
                return NULL;
            i += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        out[used++] = (char)byte;
    }
    return text_is_utf8(out, used) ? out : NULL;
}

/* A slash that was escaped would be another path after decoding than before: nobody honest sends it. */
static bool hides_a_slash(const char *path, size_t len)
{
    for (size_t i = 0; i + 2 < len; i++)
        if (path[i] == '%' && (strncasecmp(path + i, "%2f", 3) == 0 || strncasecmp(path + i, "%5c", 3) == 0))
            return true;
    return false;
}

static bool has_odd_segment(const char *path)
{
    for (const char *at = path; at; at = strchr(at + 1, '/')) {
        size_t len = strcspn(at + 1, "/");
        bool is_last = at[1 + len] == 0;
        if ((len == 0 && !is_last) || (len == 1 && at[1] == '.') || (len == 2 && at[1] == '.' && at[2] == '.'))
            return true;
    }
    return false;
}

static void take_extension(struct request *r, char *path)
{
    static const char *const known[] = { "json", "csv" };
    size_t len = strlen(path);
    r->extension = "";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t size = strlen(known[i]);
        if (len > size + 1 && path[len - size - 1] == '.' && strcmp(path + len - size, known[i]) == 0) {
            path[len - size - 1] = 0;
            r->extension = known[i];
            return;
        }
    }
}

static const char *take_api(struct request *r, const char *path)
{
    static const char prefix[] = "/api/1";
    size_t len = sizeof prefix - 1;
    r->is_api = strncmp(path, prefix, len) == 0 && (path[len] == '/' || path[len] == 0);
    if (!r->is_api)
        return path;
    return path[len] ? path + len : "/";
}

static struct err *read_path(struct arena *a, struct request *r, size_t len)
{
    if (len == 0 || r->target[0] != '/' || hides_a_slash(r->target, len))
        return ERR(a, ERR_BAD, "no path we understand");
    char *path = decode(a, r->target, len, false);
    if (!path || !text_is_clean(path, false) || has_odd_segment(path))
        return ERR(a, ERR_BAD, "a path that is badly written");
    take_extension(r, path);
    r->path = take_api(r, path);
    return NULL;
}

static struct err *read_query(struct arena *a, struct request *r, const char *query)
{
    struct pair **tail = &r->query;
    *tail = NULL;
    while (*query) {
        size_t len = strcspn(query, "&");
        size_t name_len = 0;
        while (name_len < len && query[name_len] != '=')
            name_len++;
        size_t value_at = name_len < len ? name_len + 1 : len;
        if (len > 0) {
            struct pair *pair = ARENA_NEW(a, struct pair);
            pair->name = decode(a, query, name_len, true);
            pair->value = decode(a, query + value_at, len - value_at, true);
            if (!pair->name || !pair->value || !text_is_clean(pair->name, false) || !text_is_clean(pair->value, true))
                return ERR(a, ERR_BAD, "a query that is badly written");
            *tail = pair;
            tail = &pair->next;
        }
        query += len + (query[len] == '&');
    }
    return NULL;
}

struct err *request_target(struct arena *a, struct request *r)
{
    size_t path_len = strcspn(r->target, "?");
    TRY(read_path(a, r, path_len));
    return read_query(a, r, r->target[path_len] ? r->target + path_len + 1 : "");
}

const char *pair_value(const struct pair *list, const char *name)
{
    for (; list; list = list->next)
        if (strcmp(list->name, name) == 0)
            return list->value;
    return NULL;
}

const char *request_header(const struct request *r, const char *name)
{
    const char *value = pair_value(r->headers, name);
    return value ? value : "";
}

const char *request_query(const struct request *r, const char *name)
{
    const char *value = pair_value(r->query, name);
    return value ? value : "";
}

/* The value of one cookie in one Cookie header (RFC 6265, 4.2.1), or NULL. */
static const char *find_cookie(struct arena *a, const char *header, const char *name)
{
    size_t name_len = strlen(name);
    while (*header) {
        header += strspn(header, " \t;");
        size_t len = strcspn(header, ";");
        if (len > name_len && header[name_len] == '=' && strncmp(header, name, name_len) == 0) {
            const char *value = header + name_len + 1;
            size_t value_len = len - name_len - 1;
            while (value_len && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t'))
                value_len--;
            return arena_copy(a, value, value_len);
        }
        header += len;
    }
    return NULL;
}

const char *request_cookie(const struct request *r, struct arena *a, const char *name)
{
    for (const struct pair *at = r->headers; at; at = at->next) {
        const char *value = strcmp(at->name, "cookie") == 0 ? find_cookie(a, at->value, name) : NULL;
        if (value)
            return value;
    }
    return "";
}
