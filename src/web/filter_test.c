#include "web/filter.h"
#include <string.h>
#include "web/webio_test.h"

static const char *const hosts[] = { "portail.example", "localhost:8080", NULL };

struct header { const char *name, *value; };

static const char *check(const char *method, const char *target, const char *version, const struct header *headers, int64_t *ret_length)
{
    struct filter_header list[80];
    struct filter_in in = { method, target, version, list, 0, hosts };
    for (; headers[in.header_count].name; in.header_count++) {
        const struct header *header = &headers[in.header_count];
        list[in.header_count] = (struct filter_header){ header->name, strlen(header->name), header->value, strlen(header->value) };
    }
    return filter_check(&in, ret_length);
}

#define HEADERS(...) (const struct header[]){ { "Host", "portail.example" }, __VA_ARGS__ __VA_OPT__(,) { NULL, NULL } }
#define ONLY(...) (const struct header[]){ __VA_ARGS__ __VA_OPT__(,) { NULL, NULL } }

static void fine(void **state)
{
    int64_t length = 77;
    (void)state;
    assert_null(check("GET", "/", "HTTP/1.1", HEADERS(), &length));
    assert_int_equal(length, 0);
    assert_null(check("HEAD", "/a?b=%20c&d", "HTTP/1.1", ONLY({ "hOST", "Localhost:8080" }), &length));
    assert_null(check("POST", "/", "HTTP/1.1", HEADERS({ "Content-Length", "123456789012345678" }), &length));
    assert_int_equal(length, INT64_C(123456789012345678));
    assert_null(check("POST", "/", "HTTP/1.1", HEADERS({ "transfer-encoding", "chunked" }, { "Expect", "100-Continue" }), &length));
    assert_int_equal(length, -1);
    assert_null(check("GET", "/", "HTTP/1.1", HEADERS({ "Content-Length", "0" }, { "Cookie", "a=b" }, { "Cookie", "c=d" }), &length));
    assert_null(check("GET", "/", "HTTP/1.1", HEADERS({ "User-Agent", "a\tb \xe9" }, { "Upgrade", "websocket" }, { "X", "" }), &length));
    assert_null(check("GET", "/", "HTTP/1.0", ONLY(), &length));
}

struct refusal { const char *why, *method, *target, *version; struct header headers[4]; };
#define H { "Host", "portail.example" }

static const struct refusal refusals[] = {
    { "two hosts", "GET", "/", "HTTP/1.1", { H, H } },
    { "no host", "GET", "/", "HTTP/1.1", { { "X", "y" } } },
    { "foreign host", "GET", "/", "HTTP/1.1", { { "Host", "evil.example" } } },
    { "host with another port", "GET", "/", "HTTP/1.1", { { "Host", "portail.example:81" } } },
    { "host that starts like ours", "GET", "/", "HTTP/1.1", { { "Host", "portail.example.evil" } } },
    { "empty host", "GET", "/", "HTTP/1.1", { { "Host", "" } } },
    { "foreign host in HTTP/1.0", "GET", "/", "HTTP/1.0", { { "Host", "evil.example" } } },
    { "two lengths", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "3" }, { "Content-Length", "4" } } },
    { "two equal lengths", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "3" }, { "content-length", "3" } } },
    { "length and coding", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "3" }, { "Transfer-Encoding", "chunked" } } },
    { "length with sign", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "+3" } } },
    { "length with minus", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "-3" } } },
    { "length with space", "POST", "/", "HTTP/1.1", { H, { "Content-Length", " 3" } } },
    { "length in hex", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "0x3" } } },
    { "length list", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "3, 3" } } },
    { "empty length", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "" } } },
    { "19 digits", "POST", "/", "HTTP/1.1", { H, { "Content-Length", "0000000000000000003" } } },
    { "coding gzip", "POST", "/", "HTTP/1.1", { H, { "Transfer-Encoding", "gzip, chunked" } } },
    { "coding written otherwise", "POST", "/", "HTTP/1.1", { H, { "Transfer-Encoding", "Chunked" } } },
    { "coding with space", "POST", "/", "HTTP/1.1", { H, { "Transfer-Encoding", "chunked " } } },
    { "coding twice", "POST", "/", "HTTP/1.1", { H, { "Transfer-Encoding", "chunked" }, { "Transfer-Encoding", "chunked" } } },
    { "coding in HTTP/1.0", "POST", "/", "HTTP/1.0", { H, { "Transfer-Encoding", "chunked" } } },
    { "space before the colon", "GET", "/", "HTTP/1.1", { H, { "X ", "y" } } },
    { "space in a name", "GET", "/", "HTTP/1.1", { H, { "X Y", "y" } } },
    { "folded line's name", "GET", "/", "HTTP/1.1", { H, { " X", "y" } } },
    { "empty name", "GET", "/", "HTTP/1.1", { H, { "", "y" } } },
    { "name not ASCII", "GET", "/", "HTTP/1.1", { H, { "\xc3\xa9", "y" } } },
    { "bare CR", "GET", "/", "HTTP/1.1", { H, { "X", "a\rb" } } },
    { "bare LF", "GET", "/", "HTTP/1.1", { H, { "X", "a\nb" } } },
    { "DEL", "GET", "/", "HTTP/1.1", { H, { "X", "a\x7f" } } },
    { "escape", "GET", "/", "HTTP/1.1", { H, { "X", "\x1b[31m" } } },
    { "type twice", "POST", "/", "HTTP/1.1", { H, { "Content-Type", "a/b" }, { "Content-Type", "a/b" } } },
    { "origin twice", "POST", "/", "HTTP/1.1", { H, { "Origin", "a" }, { "Origin", "b" } } },
    { "expectation", "POST", "/", "HTTP/1.1", { H, { "Expect", "200-ok" } } },
    { "body on GET", "GET", "/", "HTTP/1.1", { H, { "Content-Length", "3" } } },
    { "chunked body on HEAD", "HEAD", "/", "HTTP/1.1", { H, { "Transfer-Encoding", "chunked" } } },
    { "method", "TRACE", "/", "HTTP/1.1", { H } },
    { "small method", "get", "/", "HTTP/1.1", { H } },
    { "no method", "", "/", "HTTP/1.1", { H } },
    { "version", "GET", "/", "HTTP/1.2", { H } },
    { "old version", "GET", "/", "HTTP/0.9", { H } },
    { "absolute target", "GET", "http://portail.example/", "HTTP/1.1", { H } },
    { "no target", "GET", "", "HTTP/1.1", { H } },
    { "star", "GET", "*", "HTTP/1.1", { H } },
    { "NUL in target", "GET", "/a%00b", "HTTP/1.1", { H } },
    { "NUL in query", "GET", "/a?b=%00", "HTTP/1.1", { H } },
    { "space in target", "GET", "/a b", "HTTP/1.1", { H } },
    { "fragment", "GET", "/a#b", "HTTP/1.1", { H } },
    { "not ASCII in target", "GET", "/\xc3\xa9", "HTTP/1.1", { H } },
    { "CR in target", "GET", "/a\rb", "HTTP/1.1", { H } },
    { "DEL in target", "GET", "/a\x7f", "HTTP/1.1", { H } },
};

static void refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *it = &refusals[i];
        struct header headers[5] = { 0 };
        int64_t length = 77;
        memcpy(headers, it->headers, sizeof it->headers);
        if (!check(it->method, it->target, it->version, headers, &length))
            fail_msg("let through: %s", it->why);
        assert_int_equal(length, 77);
    }
}

static void measures(void **state)
{
    char target[4098] = "/";
    struct header headers[66] = { H };
    int64_t length;
    (void)state;
    memset(target + 1, 'a', 4096);
    assert_non_null(check("GET", target, "HTTP/1.1", HEADERS(), &length));
    target[4096] = 0;
    assert_null(check("GET", target, "HTTP/1.1", HEADERS(), &length));
    for (size_t i = 1; i < 65; i++)
        headers[i] = (struct header){ "X", "y" };
    assert_non_null(check("GET", "/", "HTTP/1.1", headers, &length));
    headers[64] = (struct header){ 0 };
    assert_null(check("GET", "/", "HTTP/1.1", headers, &length));
}

static void hidden_bytes(void **state)
{
    int64_t length;
    const struct filter_header nul[] = { { "Host", 4, "portail.example", 15 }, { "X", 1, "a\0b", 3 } };
    struct filter_in in = { "GET", "/", "HTTP/1.1", nul, 2, hosts };
    (void)state;
    assert_non_null(filter_check(&in, &length));
    in.header_count = 1;
    assert_null(filter_check(&in, &length));
}

const struct CMUnitTest filter_tests[] = {
    cmocka_unit_test(fine), cmocka_unit_test(refused), cmocka_unit_test(measures), cmocka_unit_test(hidden_bytes),
};
const size_t filter_tests_count = sizeof filter_tests / sizeof *filter_tests;
