/* The reader of CSV: encodings, delimiters, quotes, lines, and what is wrong with a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "doc/csv_read.h"

/* Rows as "line:cell|cell|…" with one space between; a fault as "line!n". */
static const char *read_all(struct arena *a, const char *text, size_t len)
{
    struct csv_reader r;
    struct csv_row row;
    struct buf out;
    buf_init(&out, a, 1024 * 1024);
    csv_open(&r, text, len);
    while (csv_next(&r, a, &row)) {
        buf_printf(&out, "%s%lld", out.len ? " " : "", (long long)row.line);
        if (row.fault)
            buf_printf(&out, "!%d", (int)row.fault);
        for (size_t i = 0; i < row.count; i++)
            buf_printf(&out, "%c%s", i ? '|' : ':', row.cells[i]);
    }
    return buf_end(&out);
}

static void assert_reads(const char *text, const char *wanted)
{
    struct arena a;
    arena_init(&a, (size_t)64 * 1024 * 1024);
    assert_string_equal(read_all(&a, text, strlen(text)), wanted);
    arena_free(&a);
}

static void delimiters_are_found_in_the_heading(void **state)
{
    (void)state;
    assert_reads("a;b\n1;2,5\n", "1:a|b 2:1|2,5");
    assert_reads("a,b\r\n1,2;5", "1:a|b 2:1|2;5");
    assert_reads("a\tb\n1\t2\n", "1:a|b 2:1|2");
    assert_reads("\"x;y;z\",b\n1,2\n", "1:x;y;z|b 2:1|2");
    assert_reads("sep=,\na,b;c\n", "2:a|b;c");
    assert_reads("alone\nx\n", "1:alone 2:x");
}

static void encodings_are_found(void **state)
{
    (void)state;
    assert_reads("\xef\xbb\xbfnom;ville\n\xc3\x89lan;Orl\xc3\xa9" "ans\n", "1:nom|ville 2:Élan|Orléans");
    assert_reads("nom;ville\n\xc9lan;L\x92H\xf4pital \x80\n", "1:nom|ville 2:Élan|L’Hôpital €");
    assert_reads("nom\n\x81\xe9\n", "1:nom 2:\xef\xbf\xbdé");
    assert_reads("\xc3\xa9t\xc3\xa9\nbad\xff\nno\xc3\xabl\n", "1:été 2:bad\xef\xbf\xbd 3:noël");   /* UTF-8 with one spoilt byte */
    assert_reads("\xff\xfe" "a;b\n", "");
}

static void quotes_keep_delimiters_quotes_and_lines(void **state)
{
    (void)state;
    assert_reads("a;b\n\"x;\"\"y\"\"\";\"one\r\ntwo\"\nlast;\n", "1:a|b 2:x;\"y\"|one\ntwo 4:last|");
    assert_reads("a;b\nit's 5\" wide;2\n", "1:a|b 2:it's 5\" wide|2");
    assert_reads("a\rb\r\nc\n\n\n;;\nd", "1:a 2:b 3:c 7:d");
}

static void a_stray_quote_costs_its_own_line_alone(void **state)
{
    (void)state;
    assert_reads("a;b\n1;\"open\n2;two\n3;three\n", "1:a|b 2!1 3:2|two 4:3|three");
    assert_reads("a;b\n1;\"open\n2;\"two\"\n3;three\n", "1:a|b 2!1 3:2|two 4:3|three");
    assert_reads("a;b\n1;\"shut\" behind\n2;two\n", "1:a|b 2!1 3:2|two");
}

static void what_is_too_large_is_said(void **state)
{
    (void)state;
    struct arena a;
    struct buf text;
    arena_init(&a, (size_t)64 * 1024 * 1024);
    buf_init(&text, &a, 1024 * 1024);
    buf_text(&text, "a\n");
    for (int i = 0; i < CSV_CELL_BYTES + 10; i++)
        buf_char(&text, 'x');
    buf_text(&text, "\nb\n");
    for (int i = 0; i <= CSV_CELLS_MOST; i++)
        buf_char(&text, ';');
    buf_text(&text, "\nc\n");
    assert_string_equal(read_all(&a, buf_end(&text), text.len), "1:a 2!2 3:b 4!2 5:c");
    arena_free(&a);
}

static void lines_are_counted(void **state)
{
    (void)state;
    assert_int_equal(csv_lines("a\nb\n", 4), 2);
    assert_int_equal(csv_lines("a\nb", 3), 2);
    assert_int_equal(csv_lines("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delimiters_are_found_in_the_heading), cmocka_unit_test(encodings_are_found),
        cmocka_unit_test(quotes_keep_delimiters_quotes_and_lines), cmocka_unit_test(a_stray_quote_costs_its_own_line_alone),
        cmocka_unit_test(what_is_too_large_is_said), cmocka_unit_test(lines_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
