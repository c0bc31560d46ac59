/* The bytes of an entry (M-4): the form written down in docs/decisions/0004-journal.md, and nothing else that says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mandate/entry.h"

#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static struct arena arena;

static const struct entry plain = { .log = 7, .number = 3, .at_ms = INT64_C(1795354200123), .person_id = 21, .for_client_id = 14, .mandate_id = 16,
    .reason = "", .action = "ticket_create", .object_kind = "ticket", .object_id = 1208, .outcome = "done", .prev = ZERO, .payload = "" };
static const char plain_bytes[] = "{\"v\":1,\"log\":\"7\",\"n\":3,\"at\":\"2026-11-22T13:30:00.123Z\",\"actor\":\"person:21\",\"for\":\"client:14\",\"mandate\":\"mandate:16\","
    "\"reason\":\"\",\"action\":\"ticket_create\",\"object\":\"ticket:1208\",\"outcome\":\"done\",\"prev\":\"" ZERO "\",\"payload\":\"\"}";

static int setup(void **state)
{
    (void)state;
    secret_init();
    arena_init(&arena, 16 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char *bytes_of(const struct entry *e)
{
    struct buf out;
    buf_init(&out, &arena, ENTRY_MOST);
    entry_bytes(e, &out);
    assert_false(out.is_full);
    return buf_end(&out);
}

static bool is_read(const char *bytes)
{
    struct entry e;
    struct err *wrong = entry_read(&arena, bytes, &e);
    assert_true(!wrong || wrong->code == ERR_INVALID);
    return !wrong;
}

static void same_entry(const struct entry *a, const struct entry *b)
{
    assert_int_equal(a->log, b->log);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->at_ms, b->at_ms);
    assert_int_equal(a->person_id, b->person_id);
    assert_int_equal(a->for_client_id, b->for_client_id);
    assert_int_equal(a->mandate_id, b->mandate_id);
    assert_string_equal(a->reason, b->reason);
    assert_string_equal(a->action, b->action);
    assert_string_equal(a->object_kind, b->object_kind);
    assert_int_equal(a->object_id, b->object_id);
    assert_string_equal(a->outcome, b->outcome);
    assert_string_equal(a->prev, b->prev);
    assert_string_equal(a->payload, b->payload);
}

static void m_4_the_bytes_are_those_of_the_decision(void **state)
{
    (void)state;
    assert_string_equal(bytes_of(&plain), plain_bytes);
    struct entry server = plain;
    server.log = server.person_id = server.for_client_id = server.mandate_id = server.object_id = 0;
    server.object_kind = "";
    assert_string_equal(bytes_of(&server), "{\"v\":1,\"log\":\"0\",\"n\":3,\"at\":\"2026-11-22T13:30:00.123Z\",\"actor\":\"server\",\"for\":\"\",\"mandate\":\"\","
        "\"reason\":\"\",\"action\":\"ticket_create\",\"object\":\"\",\"outcome\":\"done\",\"prev\":\"" ZERO "\",\"payload\":\"\"}");
}

static void m_4_strings_are_escaped_as_rfc_8785_has_it(void **state)
{
    (void)state;
    struct entry e = plain;
    e.reason = "\b\t\n\f\r \x01\x1f\x7f \"\\/ é\xe2\x80\xa8 \xf0\x9f\x98\x80";
    assert_non_null(strstr(bytes_of(&e), "\"reason\":\"\\b\\t\\n\\f\\r \\u0001\\u001f\x7f \\\"\\\\/ é\xe2\x80\xa8 \xf0\x9f\x98\x80\""));
}

static void m_4_what_was_written_is_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "Congés d’été", "\"\\\b\f\n\r\t\x01", "a:b", ":", "server", "person:1" };
    static const int64_t ids[] = { 0, 1, 42, INT64_MAX };
    struct entry e = plain, back;
    for (size_t i = 0; i < 7 * 4 * 3; i++) {
        e.reason = texts[i % 7];
        e.outcome = texts[(i + 3) % 7];
        e.action = texts[(i + 5) % 7];
        e.log = ids[i % 4];
        e.person_id = ids[(i + 1) % 4];
        e.for_client_id = ids[(i + 2) % 4];
        e.mandate_id = ids[i / 4 % 4];
        e.object_id = ids[i / 7 % 4];
        e.object_kind = e.object_id ? "ticket" : "";
        e.number = (int64_t)i + 1;
        e.at_ms = (int64_t)i * 86399999 * 40;
        e.payload = i % 2 ? ZERO : "";
        if (entry_read(&arena, bytes_of(&e), &back))
            fail_msg("not read: %s", bytes_of(&e));
        same_entry(&e, &back);
    }
}

/* Each says the same to a lenient reader. */
static void m_4_another_spelling_is_refused(void **state)
{
    (void)state;
    static const struct { const char *from, *to; } spellings[] = {
        { "{\"v\"", " {\"v\"" }, { "{\"v\"", "{ \"v\"" }, { "\"\"}", "\"\"} " }, { "\"\"}", "\"\"}{}" }, { "\"\"}", "\"\",\"more\":1}" }, { "\"v\":1", "\"v\":2" }, { "\"v\":1,", "" },
        { "\"v\":1", "\"v\":1,\"v\":1" }, { "\"n\":3", "\"n\":3.0" }, { "\"n\":3", "\"n\":\"3\"" }, { "\"n\":3", "\"n\":03" }, { "\"n\":3", "\"n\":3e0" }, { "\"n\":3", "\"n\":null" },
        { "\"log\":\"7\"", "\"log\":7" }, { "\"log\":\"7\"", "\"log\":\"07\"" }, { "\"log\":\"7\"", "\"log\":\"\"" }, { "\"log\":\"7\"", "\"log\":\"seven\"" },
        { "\"log\":\"7\"", "\"log\":\"99999999999999999999\"" },
        { ".123Z", ".1230Z" }, { ".123Z", "Z" }, { ".123Z", ".123+00:00" }, { "T13", "t13" }, { "11-22T", "11-31T" }, { "2026-11", "2026-1" }, { "2026", " 2026" }, { "T13:30", "T13:60" },
        { "person:21", "person:021" }, { "person:21", "person:+21" }, { "person:21", "person:0" }, { "person:21", "member:21" }, { "person:21", "person:" }, { "person:21", "" },
        { "client:14", "Client:14" }, { "client:14", "client:" }, { "mandate:16", "mandate:-0" }, { "mandate:16", "16" }, { "ticket:1208", "ticket:01208" },
        { "ticket_create", "ticket\\u005fcreate" }, { "done", "\\u0064one" }, { "\"reason\":\"\"", "\"reason\":\"\\/\"" }, { "\"reason\":\"\"", "\"reason\":\"\\u000a\"" },
        { "\"reason\":\"\"", "\"reason\":\"\\u001F\"" }, { "\"reason\":\"\"", "\"reason\":\"\\u00e9\"" }, { "\"reason\":\"\"", "\"reason\":null" }, { "\"reason\":\"\",", "" },
        { "\"payload\":\"\"", "\"payload\":null" }, { "\"prev\"", "\"Prev\"" }, { "\"reason\":\"\",\"action\":\"ticket_create\"", "\"action\":\"ticket_create\",\"reason\":\"\"" },
    };
    assert_true(is_read(plain_bytes));
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const char *at = strstr(plain_bytes, spellings[i].from);
        assert_non_null(at);
        const char *text = arena_printf(&arena, "%.*s%s%s", (int)(at - plain_bytes), plain_bytes, spellings[i].to, at + strlen(spellings[i].from));
        if (is_read(text))
            fail_msg("taken: %s for %s", spellings[i].to, spellings[i].from);
    }
    static const char *const others[] = { "", "{}", "[]", "null", "1", "\"x\"", "{", "not JSON" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(is_read(others[i]));
}

/* Every byte of the plain one, each of its bits: nothing that is read back is taken for what was written. */
static void m_4_a_changed_bit_is_another_entry_or_none(void **state)
{
    (void)state;
    struct arena scratch;
    arena_init(&scratch, 16 << 20);
    for (size_t bit = 0; bit < 8 * (sizeof plain_bytes - 1); bit++) {
        char text[sizeof plain_bytes];
        struct entry e;
        memcpy(text, plain_bytes, sizeof text);
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        if (!entry_read(&scratch, text, &e))
            assert_string_not_equal(bytes_of(&e), plain_bytes);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

/* RFC 6962, 2.1: the hash of a leaf; the vectors are those of its reference implementation. */
static void m_4_the_hash_is_a_leaf_of_rfc_6962(void **state)
{
    (void)state;
    unsigned char hash[SECRET_HASH];
    entry_hash(hash, "", 0);
    assert_string_equal(text_hex(&arena, hash, sizeof hash), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    entry_hash(hash, "\x00", 1);
    assert_string_equal(text_hex(&arena, hash, sizeof hash), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    entry_hash(hash, "\x10", 1);
    assert_string_equal(text_hex(&arena, hash, sizeof hash), "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(m_4_the_bytes_are_those_of_the_decision, setup, teardown),
        cmocka_unit_test_setup_teardown(m_4_strings_are_escaped_as_rfc_8785_has_it, setup, teardown),
        cmocka_unit_test_setup_teardown(m_4_what_was_written_is_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(m_4_another_spelling_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(m_4_a_changed_bit_is_another_entry_or_none, setup, teardown),
        cmocka_unit_test_setup_teardown(m_4_the_hash_is_a_leaf_of_rfc_6962, setup, teardown),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
