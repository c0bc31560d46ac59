/* Method and path → one row of the features' tables. */
#include <string.h>
#include "base/text.h"
#include "web/inside.h"

/* Slugs and words: what may stand in a part that is no id. */
static bool is_word(const char *text, size_t len)
{
    static const bool is_fine[256] = { ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['-'] = true, ['_'] = true, ['.'] = true };
    for (size_t i = 0; i < len; i++)
        if (!is_fine[(unsigned char)text[i]])
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

/* Files and style sheets are what they are: at their own address alone, in no other form. */
static bool route_is_at(struct ctx *c, const struct route *r, const char *path)
{
    const struct request *request = &c->web->request;
    return route_matches(c->arena, r->pattern, path, NULL) && !(r->is_raw && (request->is_api || *request->extension));
}

static const struct route *route_at(struct ctx *c, const char *path, enum method method)
{
    for (const struct feature *const *f = c->app->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++)
            if (r->method == method && route_is_at(c, r, path))
                return r;
    return NULL;
}

/* An address with a slash too many: on to the one without, with whatever was asked of it. */
static bool slash_ends(struct ctx *c)
{
    const char *path = c->web->request.path, *target = c->web->request.target;
    size_t len = strlen(path), target_len = strcspn(target, "?");
    if (len < 2 || path[len - 1] != '/' || target[target_len - 1] != '/' || !route_at(c, arena_copy(c->arena, path, len - 1), METHOD_GET))
        return false;
    reply_redirect(c, 308, arena_printf(c->arena, "%.*s%s", (int)target_len - 1, target, target + target_len));
    return true;
}

/* No handler for this method here. What the address takes is told, to OPTIONS as an answer. */
static struct err *route_other(struct ctx *c)
{
    struct web *w = c->web;
    bool has_get = route_at(c, w->request.path, METHOD_GET), has_post = route_at(c, w->request.path, METHOD_POST);
    bool is_read = w->request.method == METHOD_GET || w->request.method == METHOD_HEAD;
    if (!has_get && !has_post)
        return is_read && slash_ends(c) ? NULL : ERR(c->arena, ERR_NOT_FOUND, "no route");
    w->allow = arena_printf(c->arena, "%s%sOPTIONS", has_get ? "GET, HEAD, " : "", has_post ? "POST, " : "");
    if (w->request.method != METHOD_OPTIONS)
        return ERR(c->arena, ERR_METHOD, "no route of this method");
    reply_empty(c, 204);
    return NULL;
}

struct err *route_find(struct ctx *c)
{
    struct web *w = c->web;
    enum method method = w->request.method == METHOD_HEAD ? METHOD_GET : w->request.method;
    w->route = route_at(c, w->request.path, method);
    if (!w->route)
        return route_other(c);
    route_matches(c->arena, w->route->pattern, w->request.path, &w->params);
    return NULL;
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
