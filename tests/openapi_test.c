/* docs/openapi.yaml is what the program writes, and has every route, each once. After a route or a form has
   changed: MANDAT_GOLDEN=write, or `mandat openapi > docs/openapi.yaml`. */
#include "lib/world.h"
#include <stdio.h>
#include <string.h>
#include "app/feature_list.h"
#include "app/openapi.h"
#include "lib/golden.h"

static const char *spec(struct world_test *w)
{
    struct buf out;
    buf_init(&out, world_arena(w), (size_t)16 * 1024 * 1024);
    openapi_write(features, world_app(w)->tpl, &out);
    assert_false(out.is_full);
    return buf_end(&out);
}

static int occurrences(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

WORLD_TEST(x_3_the_description_in_docs_is_what_the_program_writes)
{
    golden_check(world_arena(w), "../docs/openapi.yaml", spec(w), world_kind(w) == DB_SQLITE);
}

/* "/o/:org/clients" as the description writes it. */
static const char *path_of(struct world_test *w, const struct route *r)
{
    const char *pattern = r->pattern;
    struct buf out;
    buf_init(&out, world_arena(w), 2000);
    buf_text(&out, r->is_raw ? "\n  " : "\n  /api/1");
    for (const char *at = pattern; *at && strcmp(pattern, "/") != 0; at++) {
        size_t len = *at == ':' ? strcspn(at + 1, "/") : 0;
        if (!len)
            buf_char(&out, *at);
        else
            buf_printf(&out, "{%.*s}", (int)len, at + 1);
        at += len;
    }
    buf_text(&out, ":\n");
    return buf_end(&out);
}

WORLD_TEST(x_3_every_route_is_described_once_and_nothing_else)
{
    const char *text = spec(w);
    int routes = 0, posts = 0;
    for (const struct feature *const *f = features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++) {
            routes++;
            posts += r->method == METHOD_POST;
            if (occurrences(text, path_of(w, r)) != 1)
                fail_msg("%s stands %d times", r->pattern, occurrences(text, path_of(w, r)));
            if (occurrences(text, world_text(w, "operationId: %s\n", r->name)) != 1)
                fail_msg("%s is no operation", r->name);
        }
    assert_true(routes > 40);
    assert_int_equal(occurrences(text, "operationId: "), routes);
    assert_int_equal(occurrences(text, "\n    post:\n"), posts);
    assert_int_equal(occurrences(text, "\n    get:\n"), routes - posts);
    assert_null(strstr(text, "/demo"));
}

WORLD_TEST(x_3_forms_are_described_as_they_are_checked)
{
    const char *text = spec(w), *form = strstr(text, "\n    ticket_create_form:\n");
    assert_non_null(form);
    assert_true(strstr(form, "required: [title") != NULL);
    assert_non_null(strstr(text, "contentMediaType: application/octet-stream"));
    assert_non_null(strstr(text, "enum: [\"company\", \"private\"]"));
    assert_non_null(strstr(text, "{ name: assignee, in: query, "));
    assert_non_null(strstr(text, "\n  /p/{portal}/tickets/{ticket}/files/{file}:\n"));
    assert_non_null(strstr(text, "\n  /health:\n"));
    assert_non_null(strstr(text, "security: []"));
    assert_non_null(strstr(text, "security: [{ token: [] }]"));
}

WORLD_MAIN("openapi", WORLD_CASE(x_3_the_description_in_docs_is_what_the_program_writes), WORLD_CASE(x_3_every_route_is_described_once_and_nothing_else),
    WORLD_CASE(x_3_forms_are_described_as_they_are_checked))
