/* Fuzz target: a raw target (up to its first NUL) and, on the next line, a Cookie header. What is understood must be clean. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "web/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_dots(const char *path)
{
    size_t len = strlen(path);
    return strstr(path, "/../") || strstr(path, "/./") || strstr(path, "//") || (len >= 3 && strcmp(path + len - 3, "/..") == 0);
}

static void check(const struct request *r)
{
    if (r->path[0] != '/' || !text_is_clean(r->path, false) || !text_is_utf8(r->path, strlen(r->path)) || (has_dots(r->path) && !*r->extension))
        abort();
    for (const struct pair *pair = r->query; pair; pair = pair->next)
        if (!text_is_utf8(pair->value, strlen(pair->value)) || !text_is_clean(pair->value, true) || !text_is_clean(pair->name, false))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, (size_t)1 << 28);
    char *target = arena_copy(&a, data, size), *line = strchr(target, '\n');
    struct pair cookie = { "cookie", line ? line + 1 : "", NULL };
    if (line)
        *line = 0;
    struct request r = { .target = target, .headers = &cookie };
    if (!request_target(&a, &r))
        check(&r);
    const char *value = request_cookie(&r, &a, "sid");
    if (strlen(value) > strlen(cookie.value) || strchr(value, ';'))
        abort();
    arena_free(&a);
    return 0;
}
