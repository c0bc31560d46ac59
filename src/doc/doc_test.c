#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "doc/inside.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 8 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char *json_of(const struct doc *value)
{
    struct buf out;
    buf_init(&out, &arena, 1 << 20);
    doc_json(value, &out);
    return buf_end(&out);
}

static struct doc *read_ok(const char *json)
{
    struct doc *value = NULL;
    assert_null(doc_read_json(&arena, json, strlen(json), &value));
    return value;
}

static void maps_keep_order_and_one_value_a_key(void **state)
{
    (void)state;
    struct doc *map = doc_map(&arena);
    char key[] = "title";   /* the same text at another address */
    doc_set_text(map, "title", "one");
    doc_set_int(map, "count", 2);
    doc_set_text(map, key, "two");
    doc_set_null(map, "nothing");
    doc_set(map, "none", NULL);
    assert_int_equal(doc_count(map), 4);
    assert_string_equal(doc_key_at(map, 0), "title");
    assert_string_equal(doc_text_of(map, "title"), "two");
    assert_int_equal(doc_int_of(map, "count"), 2);
    assert_non_null(doc_get(map, "nothing"));
    assert_int_equal(doc_kind(doc_get(map, "none")), DOC_NULL);
    assert_null(doc_get(map, "absent"));
    assert_null(doc_get(NULL, "absent"));
    assert_null(doc_get(doc_at(map, 1), "absent"));
    assert_null(doc_key_at(map, 4));
    assert_null(doc_at(map, 4));
    assert_string_equal(doc_text_of(map, "count"), "");
    assert_int_equal(doc_int_of(map, "title"), 0);
}

static void they_grow(void **state)
{
    (void)state;
    struct doc *list = doc_list(&arena), *map = doc_map(&arena);
    for (int i = 0; i < 1000; i++) {
        doc_push(list, doc_int(&arena, i));
        doc_set_int(map, arena_printf(&arena, "key%d", i), i);
    }
    assert_int_equal(doc_count(list), 1000);
    assert_int_equal(doc_as_int(doc_at(list, 999)), 999);
    assert_int_equal(doc_int_of(map, "key999"), 999);
    assert_int_equal(doc_int_of(map, "key0"), 0);
    doc_drop_last(list);
    assert_int_equal(doc_count(list), 999);
    assert_null(doc_at(list, 999));
    struct doc *inner = doc_map(&arena);
    doc_push(list, inner);
    doc_set_bool(doc_at_mut(list, 999), "is_late", true);   /* a value handed over is still the same one */
    assert_true(doc_bool_of(inner, "is_late"));
}

static void hints_are_only_hints(void **state)
{
    (void)state;
    struct doc_hint hint = { 0 };
    struct doc *one = doc_map(&arena), *two = doc_map(&arena);
    doc_set_int(one, "a", 1), doc_set_int(one, "b", 2);
    doc_set_int(two, "b", 3), doc_set_int(two, "c", 4);
    assert_int_equal(doc_as_int(doc_find(one, "b", &hint)), 2);
    assert_int_equal(doc_as_int(doc_find(one, "b", &hint)), 2);
    assert_int_equal(doc_as_int(doc_find(two, "b", &hint)), 3);
    assert_null(doc_find(doc_map(&arena), "b", &hint));
    assert_null(doc_find(NULL, "b", &hint));
    const struct doc_keys with = { 2, (const char *const[]){ "a", "b" } }, without = { 1, (const char *const[]){ "c" } };
    struct doc *three = doc_record(&arena, &with, 0), *four = doc_record(&arena, &without, 0), *five = doc_record(&arena, &with, 0);
    doc_put_int(three, 1, 5), doc_put_int(five, 1, 6);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(doc_as_int(doc_find(three, "b", &hint)), 5);
        assert_null(doc_find(four, "b", &hint));
        assert_int_equal(doc_as_int(doc_find(five, "b", &hint)), 6);
        assert_int_equal(doc_as_int(doc_find(two, "b", &hint)), 3);
    }
}

static void records_become_maps(void **state)
{
    (void)state;
    const struct doc_keys keys = { 3, (const char *const[]){ "id", "name", "is_late" } };
    struct doc *row = doc_record(&arena, &keys, 5), *other = doc_record(&arena, &keys, 0);
    doc_put_int(row, 0, 7);
    doc_put_text(row, 1, "sept", 4);
    doc_put_bool(row, 2, true);
    assert_int_equal(doc_kind(row), DOC_MAP);
    assert_int_equal(doc_count(row), 3);
    assert_string_equal(doc_key_at(row, 1), "name");
    assert_string_equal(doc_as_text(doc_at(row, 1)), "sept");
    assert_true(doc_bool_of(row, "is_late"));
    assert_int_equal(doc_kind(doc_get(other, "name")), DOC_NULL);
    doc_put_text(row, 1, "onze", 4);                     /* no room is left for it */
    assert_string_equal(doc_as_text(doc_at(row, 1)), "onze");
    assert_int_equal(doc_record_text_bytes(row, 100), 10);
    assert_int_equal(doc_record_text_bytes(row, 7), 7);
    doc_put_text(row, 1, "sept", 4);
    const struct doc *name = doc_get(row, "name");
    doc_set_text(row, "name", "huit");
    doc_set_int(row, "more", 9);
    assert_string_equal(doc_as_text(name), "sept");      /* who held it still holds it */
    assert_string_equal(doc_text_of(row, "name"), "huit");
    assert_int_equal(doc_int_of(row, "id"), 7);
    assert_int_equal(doc_int_of(row, "more"), 9);
    assert_int_equal(doc_count(row), 4);
    assert_int_equal(doc_count(other), 3);
}

static void fields_are_picked(void **state)
{
    (void)state;
    static const char *const texts[] = { "name", "note", "city", NULL }, *const numbers[] = { "size", "ends_at", NULL };
    const struct doc *row = read_ok("{\"name\":\"Lanterne\",\"secret\":\"x\",\"note\":null,\"size\":7}");
    struct doc *shown = doc_map(&arena);
    doc_pick_texts(shown, row, texts);
    doc_pick_ints(shown, row, numbers);
    assert_string_equal(json_of(shown), "{\"name\":\"Lanterne\",\"note\":\"\",\"city\":\"\",\"size\":7,\"ends_at\":0}");
    doc_pick_texts(shown, NULL, texts);
    assert_string_equal(doc_text_of(shown, "name"), "");
}

static void truth_is_mustaches(void **state)
{
    (void)state;
    struct doc *list = doc_list(&arena);
    assert_false(doc_as_bool(NULL));
    assert_false(doc_as_bool(list));
    assert_true(doc_as_bool(doc_map(&arena)));
    assert_false(doc_as_bool(doc_text(&arena, "")));
    assert_true(doc_as_bool(doc_text(&arena, "0")));
    assert_false(doc_as_bool(doc_int(&arena, 0)));
    assert_true(doc_as_bool(doc_int(&arena, -1)));
    assert_false(doc_as_bool(doc_bool(false)));
    doc_push(list, NULL);
    assert_true(doc_as_bool(list));
}

static void json_is_written(void **state)
{
    (void)state;
    struct doc *map = doc_map(&arena), *list = doc_list(&arena);
    doc_set_int(map, "id", INT64_C(9007199254740993));
    doc_set_int(map, "client_id", 5);
    doc_set_int(map, "paid", 5);
    doc_set_text(map, "external_id", "x");
    doc_set_bool(map, "is_late", true);
    doc_set_null(map, "due_on");
    doc_push(list, doc_int(&arena, -1));
    doc_push(list, doc_bool(false));
    doc_set(map, "list", list);
    assert_string_equal(json_of(map), "{\"id\":\"9007199254740993\",\"client_id\":\"5\",\"paid\":5,\"external_id\":\"x\",\"is_late\":true,\"due_on\":null,\"list\":[-1,false]}");
    assert_string_equal(json_of(doc_text(&arena, "</script>&\"\\\n\t\x7f€")), "\"\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\u0009\\u007f€\"");
    assert_string_equal(json_of(doc_text(&arena, "a\u2028b\u2029c\xe2")), "\"a\\u2028b\\u2029c\xe2\"");
    assert_string_equal(json_of(NULL), "null");
}

static void json_is_read_back(void **state)
{
    (void)state;
    static const char text[] = "{\"b\":[1,-2,{\"a\":\"é\\u2028\"}],\"a\":{},\"is_x\":true,\"n\":null,\"e\":\"\"}";
    assert_string_equal(json_of(read_ok(text)), "{\"b\":[1,-2,{\"a\":\"é\\u2028\"}],\"a\":{},\"is_x\":true,\"n\":null,\"e\":\"\"}");
    assert_string_equal(json_of(read_ok(" 3 ")), "3");
    struct doc *any = NULL;
    assert_null(doc_read_json_any(&arena, "[1.210,0.1,1e3]", 15, &any));
    assert_string_equal(json_of(any), "[\"1.21\",\"0.1\",\"1e+03\"]");
}

static void json_that_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "{", "{\"a\":1,\"a\":2}", "1.5", "1e3", "[1] 2", "\"\\u0000\"", "\"\xff\"", "{\"a\\u0000b\":1}", "99999999999999999999", "[1,]", "\"\xed\xa0\x80\"" };
    struct doc *value = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err *e = doc_read_json(&arena, bad[i], strlen(bad[i]), &value);
        assert_non_null(e);
        assert_int_equal(e->code, ERR_BAD);
        assert_null(value);
    }
    char deep[140] = "";
    memset(deep, '[', 63);
    memset(deep + 63, ']', 63);
    assert_null(doc_read_json(&arena, deep, 126, &value));
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    value = NULL;
    assert_non_null(doc_read_json(&arena, deep, 130, &value));
}

static void csv_for_spreadsheets(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, &arena, 1000);
    struct doc *rows = read_ok("[{\"name\":\"a;b\",\"note\":\"say \\\"hi\\\"\",\"n\":-5},{\"name\":\"=1+1\",\"n\":null,\"more\":1},{\"note\":\"-x\\ny\",\"n\":true,\"name\":\"é\"}]");
    assert_null(doc_csv(&arena, rows, &out));
    assert_string_equal(buf_end(&out), "\xef\xbb\xbfname;note;n\r\n\"a;b\";\"say \"\"hi\"\"\";-5\r\n\"'=1+1\";;\r\né;\"'-x\ny\";1\r\n");
    buf_init(&out, &arena, 10);
    struct err *e = doc_csv(&arena, rows, &out);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_TOO_LARGE);
    buf_init(&out, &arena, 100);
    assert_null(doc_csv(&arena, doc_list(&arena), &out));
    assert_non_null(doc_csv(&arena, doc_map(&arena), &out));
    assert_non_null(doc_csv(&arena, read_ok("[{\"a\":[]}]"), &out));
    buf_init(&out, &arena, 100);
    assert_null(doc_csv(&arena, read_ok("[{\"a\":[1],\"b\":2,\"c\":{},\"d\":3}]"), &out));   /* a list within a row is no column */
    assert_string_equal(buf_end(&out), "\xef\xbb\xbf" "b;d\r\n2;3\r\n");
    assert_non_null(doc_csv(&arena, read_ok("[1]"), &out));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(maps_keep_order_and_one_value_a_key), T(they_grow), T(hints_are_only_hints), T(records_become_maps), T(fields_are_picked), T(truth_is_mustaches),
        T(json_is_written), T(json_is_read_back), T(json_that_is_refused), T(csv_for_spreadsheets),
    };
    return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
