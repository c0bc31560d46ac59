/* Method and path → one row of the features' tables. */
#include <string.h>
#include "base/text.h"
#include "web/inside.h"

/* Slugs and words: what may stand in a part that is no id. */
static bool is_word(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", text[i]))
            return false;
    return len > 0 && len <= 100;
}

static bool is_id(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return len > 0 && len <= 18 && text[0] != '0';
}

static bool part_matches(const char *pattern, size_t pattern_len, const char *part, size_t len)
{
    if (pattern[0] != ':')
        return pattern_len == len && memcmp(pattern, part, len) == 0;
    const char *name = pattern + 1;
    size_t name_len = pattern_len - 1;
    bool takes_word = (name_len == 3 && !memcmp(name, "org", 3)) || (name_len == 6 && !memcmp(name, "portal", 6)) || (name_len == 4 && !memcmp(name, "word", 4));
    return takes_word ? is_word(part, len) : is_id(part, len);
}

/* Walks pattern and path side by side; params (may be NULL) get what the ':' parts stand for. */
static bool route_matches(struct arena *a, const char *pattern, const char *path, struct pair **params)
{
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t pattern_len = strcspn(pattern, "/"), len = strcspn(path, "/");
        if (!part_matches(pattern, pattern_len, path, len))
            return pattern_len == 0 && len == 0 && !*pattern && !*path;
        if (params && pattern[0] == ':') {
            struct pair *pair = ARENA_NEW(a, struct pair);
            *pair = (struct pair){ arena_copy(a, pattern + 1, pattern_len - 1), arena_copy(a, path, len), *params };
            *params = pair;
        }
        pattern += pattern_len;
        path += len;
    }
    return !*pattern && !*path;
}

struct err *route_find(struct ctx *c)
{
    struct web *w = c->web;
    enum method method = w->request.method == METHOD_HEAD ? METHOD_GET : w->request.method;
    bool other_method = false;
    for (const struct feature *const *f = c->app->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++) {
            if (!route_matches(c->arena, r->pattern, w->request.path, NULL))
                continue;
            if (r->method != method) {
                other_method = true;
                continue;
            }
            w->route = r;
            route_matches(c->arena, r->pattern, w->request.path, &w->params);
            return NULL;
        }
    return ERR(c->arena, other_method ? ERR_METHOD : ERR_NOT_FOUND, "no route");
}

const char *path_text(const struct ctx *c, const char *name)
{
    const char *value = pair_value(c->web->params, name);
    return value ? value : "";
}

int64_t path_id(const struct ctx *c, const char *name)
{
    int64_t id = 0;
    return text_int(path_text(c, name), &id) ? id : 0;
}
