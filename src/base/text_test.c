#include "base/base_test.h"
#include <string.h>
#include "base/text.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void utf8_is_checked(void **state)
{
    (void)state;
    static const char *const good[] = { "", "a", "Écart", "€", "🙂", "\xf4\x8f\xbf\xbf" };
    static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xc3", "\xe2\x82" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
    assert_false(text_is_utf8("a\0b", 3));
}

static void controls_are_found(void **state)
{
    (void)state;
    assert_true(text_is_clean("Écart d’été", false));
    assert_false(text_is_clean("a\nb", false));
    assert_true(text_is_clean("a\r\n\tb", true));
    assert_false(text_is_clean("a\x1b[0m", true));
    assert_false(text_is_clean("a\x7f", true));
    assert_false(text_is_clean("a\xc2\x85", true));   /* C1 */
    assert_false(text_is_clean("a\xff", true));
}

static void small_conversions(void **state)
{
    (void)state;
    int64_t number = 7;
    assert_int_equal(text_chars("é€🙂a"), 4);
    assert_string_equal(text_trim(&arena, " \t\xc2\xa0 a\r\nb \xe2\x80\xaf\n"), "a\nb");
    assert_string_equal(text_trim(&arena, "  \r\n"), "");
    assert_string_equal(text_trim(&arena, "x"), "x");
    assert_true(text_starts("/l/12", "/l/"));
    assert_false(text_starts("/l", "/l/"));
    assert_true(text_same(NULL, NULL));
    assert_false(text_same(NULL, ""));
    assert_true(text_int("-9223372036854775808", &number) && number == INT64_MIN);
    assert_true(text_int("9223372036854775807", &number) && number == INT64_MAX);
    assert_true(text_int("-0", &number) && number == 0);
    static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "-9223372036854775809", "99999999999999999999" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_int(bad[i], &number));
    assert_string_equal(text_url_encode(&arena, "a b/é~-._"), "a%20b%2F%C3%A9~-._");
}

static void keys_compare_what_people_mean(void **state)
{
    (void)state;
    assert_string_equal(text_email_key(&arena, " Claire.DELMAS@Bellerive.Example "), "claire.delmas@bellerive.example");
    assert_string_equal(text_email_key(&arena, "ﬁN@x"), "fin@x");
    assert_string_equal(text_name_key(&arena, "Écart"), "ecart");
    assert_string_equal(text_name_key(&arena, "  L’Hôtel — Bellerive,  (S.A.S.) "), "l hotel bellerive s a s");
    assert_string_equal(text_name_key(&arena, "E\xcc\x81" "cart"), "ecart");
    assert_string_equal(text_name_key(&arena, "Cœur Straße"), "coeur strasse");
    assert_string_equal(text_name_key(&arena, "!?"), "");
    for (int ch = 1; ch < 0x80; ch++) {              /* with a letter behind it that is not ASCII, ICU decides */
        char plain[] = { 'X', (char)ch, 'Y', 0 }, other[] = { 'X', (char)ch, 'Y', '\xc3', '\xa9', 0 };
        assert_string_equal(text_name_key(&arena, other), arena_printf(&arena, "%se", text_name_key(&arena, plain)));
        assert_string_equal(text_email_key(&arena, other), arena_printf(&arena, "%s\xc3\xa9", text_email_key(&arena, plain)));
    }
    assert_string_equal(text_name_key(&arena, "ﷺ"), text_name_key(&arena, "صلى الله عليه وسلم"));   /* one becomes eighteen */
    assert_string_equal(text_name_key(&arena, "\xff"), "\xef\xbf\xbd");
}

static void emails_as_browsers_take_them(void **state)
{
    (void)state;
    static const char *const good[] = { "a@b", "claire.delmas+x@bellerive.example", "a@a-b.c" };
    static const char *const bad[] = { "", "a", "@b", "a@", "a@b.", "a@.b", "a@-b", "a@b-", "a b@c", "a@b c", "é@b", "a@b@c", "a@b..c" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_is_email(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_email(bad[i]));
    char label[80] = "a@";
    memset(label + 2, 'b', 63);
    assert_true(text_is_email(label));
    label[65] = 'b';
    assert_false(text_is_email(label));
    char longest[256];
    memset(longest, 'a', 255);
    memcpy(longest + 252, "@b", 3);
    assert_true(text_is_email(longest));
    memcpy(longest + 252, "a@b", 4);
    assert_false(text_is_email(longest));
}

static void base64url_has_one_text_a_value(void **state)
{
    (void)state;
    unsigned char *data = NULL;
    size_t len = 9;
    assert_string_equal(text_hex(&arena, "\x00\xff\x10", 3), "00ff10");
    assert_string_equal(text_base64url(&arena, "\xfb\xff", 2), "-_8");
    assert_true(text_base64url_read(&arena, "-_8", &data, &len));
    assert_int_equal(len, 2);
    assert_memory_equal(data, "\xfb\xff", 2);
    assert_true(text_base64url_read(&arena, "", &data, &len) && len == 0);
    static const char *const bad[] = { "-_9", "-_8=", "+/8", "-", "-_8 ", " -_8", "-_\n8" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_base64url_read(&arena, bad[i], &data, &len));
}

static void words_of_a_key_are_cut_between_characters(void **state)
{
    (void)state;
    const char *key = text_name_key(&arena, "Hôtel  Bellerive"), *word = NULL;
    assert_string_equal(text_word_next(&arena, &key), "hotel");
    assert_string_equal(text_word_next(&arena, &key), "bellerive");
    assert_null(text_word_next(&arena, &key));
    char longest[TEXT_WORD_BYTES + 8];
    memset(longest, 'a', TEXT_WORD_BYTES - 1);
    strcpy(longest + TEXT_WORD_BYTES - 1, "\xd0\xb6 b");             /* a letter of two bytes across the edge */
    key = longest;
    word = text_word_next(&arena, &key);
    assert_int_equal(strlen(word), TEXT_WORD_BYTES - 1);
    assert_string_equal(text_word_next(&arena, &key), "b");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest text_tests[] = {
    T(utf8_is_checked), T(controls_are_found), T(small_conversions), T(keys_compare_what_people_mean),
    T(emails_as_browsers_take_them), T(base64url_has_one_text_a_value),
    T(words_of_a_key_are_cut_between_characters),
};
const size_t text_tests_count = sizeof text_tests / sizeof *text_tests;
