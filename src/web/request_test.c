#include "web/request.h"
#include <string.h>
#include "base/secret.h"
#include "web/webio_test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct request read_target(const char *target)
{
    struct request r = { .target = target };
    struct err *e = request_target(&arena, &r);
    if (e)
        fail_msg("%s: %s", target, e->detail);
    return r;
}

static void paths(void **state)
{
    static const struct { const char *target, *path, *extension; bool is_api; } cases[] = {
        { "/", "/", "", false },
        { "/p/hexanode/tickets", "/p/hexanode/tickets", "", false },
        { "/p/hexanode/", "/p/hexanode/", "", false },
        { "/p/hexanode/tickets.json?a=b", "/p/hexanode/tickets", "json", false },
        { "/o/x/invoices.csv", "/o/x/invoices", "csv", false },
        { "/o/x/invoices.pdf", "/o/x/invoices.pdf", "", false },
        { "/api/1/p/x/tickets", "/p/x/tickets", "", true },
        { "/api/1/p/x/tickets.json", "/p/x/tickets", "json", true },
        { "/api/1", "/", "", true },
        { "/api/1.json", "/", "json", true },
        { "/api/10", "/api/10", "", false },
        { "/a%20b/%C3%A9t%C3%A9", "/a b/été", "", false },
        { "/a+b", "/a+b", "", false },
        { "/a%2e%2Ejson", "/a.", "json", false },
        { "/%2541", "/%41", "", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request r = read_target(cases[i].target);
        assert_string_equal(r.path, cases[i].path);
        assert_string_equal(r.extension, cases[i].extension);
        assert_int_equal(r.is_api, cases[i].is_api);
    }
}

static void odd_targets(void **state)
{
    static const char *const targets[] = {
        "", "a", "//", "//evil.example/", "/a//b", "/.", "/..", "/a/./b", "/a/../b", "/a/..", "/%2e%2e/a", "/a%00b", "/a%", "/a%4", "/a%zz",
        "/%ff", "/%c0%af", "/a%0ab", "/a%7f", "/a%2fb", "/a%5Cb", "/?a=%", "/?a=%00", "/?%00=a", "/?a=%ff", "/?a=%01", "/?%0a=b",
    };
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct request r = { .target = targets[i] };
        struct err *e = request_target(&arena, &r);
        if (!e)
            fail_msg("let through: %s", targets[i]);
        assert_int_equal(e->code, ERR_BAD);
    }
}

static void queries(void **state)
{
    struct request r = read_target("/x?a=1&&b=deux+mots&c&a=2&=v&d=%26%3D%2B&e=x=y&f=l%0D%0Am&");
    (void)state;
    assert_string_equal(request_query(&r, "a"), "1");
    assert_string_equal(request_query(&r, "b"), "deux mots");
    assert_string_equal(request_query(&r, "c"), "");
    assert_string_equal(request_query(&r, "d"), "&=+");
    assert_string_equal(request_query(&r, "e"), "x=y");
    assert_string_equal(request_query(&r, "f"), "l\r\nm");
    assert_string_equal(request_query(&r, "nothing"), "");
    assert_non_null(pair_value(r.query, "c"));
    assert_null(pair_value(r.query, "nothing"));
    assert_string_equal(r.query->next->next->next->value, "2");
    assert_null(read_target("/x?").query);
}

static void cookies(void **state)
{
    struct pair second = { "cookie", "sid=late; z=26", NULL };
    struct pair first = { "cookie", "xsid=no; sid=abc== ;theme=dark; empty=;sid=other", &second };
    struct pair host = { "host", "localhost", &first };
    struct request r = { .headers = &host };
    (void)state;
    assert_string_equal(request_cookie(&r, &arena, "sid"), "abc==");
    assert_string_equal(request_cookie(&r, &arena, "theme"), "dark");
    assert_string_equal(request_cookie(&r, &arena, "empty"), "");
    assert_string_equal(request_cookie(&r, &arena, "z"), "26");
    assert_string_equal(request_cookie(&r, &arena, "si"), "");
    assert_string_equal(request_header(&r, "host"), "localhost");
    assert_string_equal(request_header(&r, "accept"), "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = { T(paths), T(odd_targets), T(queries), T(cookies) };
    secret_init();
    int failed = cmocka_run_group_tests_name("request", tests, NULL, NULL);
    failed += _cmocka_run_group_tests("filter", filter_tests, filter_tests_count, NULL, NULL);
    return failed + _cmocka_run_group_tests("body", body_tests, body_tests_count, NULL, NULL);
}
