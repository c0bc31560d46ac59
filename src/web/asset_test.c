#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "web/asset.h"

static const unsigned char plain[] = "body{}", gz[] = "gz", br[] = "b";
static const struct asset table[] = {
    { "style.css", "/assets/style.0123abcd.css", "text/css", "immutable", "0123abcd", plain, gz, br, 6, 2, 1 },
    { "mark.svg", "/assets/mark.svg", "image/svg+xml", "max-age=3600", "4567", plain, gz, br, 6, 2, 1 },
    { "mark.svg", "/favicon.ico", "image/svg+xml", "max-age=3600", "4567", plain, gz, br, 6, 2, 1 },
    { 0 },
};

static const struct reply *ask(const struct asset_set *set, const char *path, const char *accept, const char *match)
{
    struct pair known = { "if-none-match", match, NULL }, coding = { "accept-encoding", accept, &known };
    struct request r = { .method = METHOD_GET, .path = path, .extension = "", .headers = &coding };
    return asset_reply(set, &r);
}

static void coding_is_what_the_browser_takes(void **state)
{
    const struct asset_set *set = *state;
    static const struct { const char *accept; size_t len; } cases[] = {
        { "gzip, deflate, br", 1 }, { "br", 1 }, { "gzip;q=1.0, br;q=0.5", 1 }, { "gzip", 2 }, { "gzip, br;q=0", 2 },
        { "br;q=0.0", 6 }, { "", 6 }, { "brotli", 6 }, { "identity", 6 }, { "*", 6 }, { " , ,", 6 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ask(set, "/assets/style.0123abcd.css", cases[i].accept, "")->len, cases[i].len);
}

static void known_bytes_are_not_sent_again(void **state)
{
    const struct reply *reply = ask(*state, "/assets/style.0123abcd.css", "br", "W/\"x\", \"0123abcd-br\"");
    assert_int_equal(reply->status, 304);
    assert_int_equal(reply->len, 0);
    assert_string_equal(pair_value(reply->headers, "ETag"), "\"0123abcd-br\"");
    assert_int_equal(ask(*state, "/assets/style.0123abcd.css", "br", "\"0123\"")->status, 200);
}

static void only_exact_names(void **state)
{
    assert_null(ask(*state, "/assets/style.css", "", ""));
    assert_null(ask(*state, "/assets/", "", ""));
    assert_non_null(ask(*state, "/favicon.ico", "", ""));
    struct request post = { .method = METHOD_POST, .path = "/assets/mark.svg" };
    assert_null(asset_reply(*state, &post));
    assert_string_equal(asset_url(*state, "style.css"), "/assets/style.0123abcd.css");
    assert_null(asset_url(*state, "nothing.css"));
}

static struct arena arena;

static int set_up(void **state)
{
    arena_init(&arena, 1 << 20);
    *state = asset_set_new(&arena, table);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(coding_is_what_the_browser_takes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(known_bytes_are_not_sent_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_exact_names, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("asset", tests, NULL, NULL);
}
