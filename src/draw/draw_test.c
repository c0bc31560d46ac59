/* Documents on paper, read back by another program (pdftotext, pdfinfo of poppler): L-7, the « bon d’intervention » stands on this. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "draw/draw.h"

static struct arena arena;
static struct draw_desk *desk;
static const struct draw_about about = { "Bon d’intervention I-1192", "Froid Atlantique", "fr", INT64_C(1795348800000), "#0b5563", "Froid Atlantique, SAS", "Page %d sur %d" };

static void must(const struct err *e)
{
    if (e)
        fail_msg("%s (%s)", e->detail, e->where);
}

/* What another program says of the document: its output, cut. */
static const char *ask(const char *program, const char *behind, const void *data, size_t len)
{
    enum { MOST = 1 << 20 };
    char path[] = "/tmp/draw-test-XXXXXX", line[256];
    char *text = arena_alloc(&arena, MOST);
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, data, len) == (ssize_t)len);
    close(fd);
    snprintf(line, sizeof line, "%s %s %s 2>&1", program, path, behind);
    FILE *out = popen(line, "r");
    size_t got = out ? fread(text, 1, MOST - 1, out) : 0;
    assert_true(out && pclose(out) == 0);
    unlink(path);
    text[got] = '\0';
    return text;
}

static const char *text_of(draw_body *body, void *arg, const void **ret_data, size_t *ret_len)
{
    must(draw_pdf(desk, &arena, &about, body, arg, ret_data, ret_len));
    return ask("pdftotext -layout", "-", *ret_data, *ret_len);
}

#define assert_in(text_, word_) do { if (!strstr((text_), (word_))) fail_msg("not there: %s in %.2000s", (word_), (text_)); } while (0)

static void body_plain(struct draw *d, void *arg)
{
    static const struct draw_pair pairs[] = { { "Client", "Hôtel Bellerive\n12 quai des Brumes" }, { "Vide", "" }, { "Site", "Cuisine centrale" } };
    (void)arg;
    draw_letterhead(d, &(struct draw_letterhead){ NULL, "FA", "Froid Atlantique", "3 rue du Port\n44000 Nantes", "Bon d’intervention", "I-1192", "22 novembre 2026" });
    draw_heading(d, "Intervention");
    draw_pairs(d, pairs, 3);
    draw_text(d, "Remplacement du compresseur, œuvre d’été. Efficacité vérifiée.");
}

static void l7_text_can_be_selected_and_says_what_was_written(void **state)
{
    (void)state;
    const void *data = NULL;
    size_t len = 0;
    const char *text = text_of(body_plain, NULL, &data, &len);
    assert_in(text, "Bon d’intervention");
    assert_in(text, "Hôtel Bellerive");
    assert_in(text, "Remplacement du compresseur, œuvre d’été. Efficacité vérifiée.");
    assert_in(text, "Page 1 sur 1");
    assert_null(strstr(text, "Vide"));
    const char *info = ask("pdfinfo -isodates", "", data, len);
    assert_in(info, "Bon d’intervention I-1192");
    assert_in(info, "Author:          Froid Atlantique");
    assert_in(info, "2026-11-22T12:00:00Z");
    assert_in(info, "A4");
    assert_non_null(memmem(data, len, "/Lang (fr)", 10));
}

static void l7_the_same_content_gives_the_same_bytes(void **state)
{
    (void)state;
    const void *one = NULL, *two = NULL;
    size_t one_len = 0, two_len = 0;
    must(draw_pdf(desk, &arena, &about, body_plain, NULL, &one, &one_len));
    must(draw_pdf(desk, &arena, &about, body_plain, NULL, &two, &two_len));
    assert_int_equal(one_len, two_len);
    assert_memory_equal(one, two, one_len);
}

static void body_plain_text(struct draw *d, void *arg) { draw_text(d, arg); }

static void body_text(struct draw *d, void *arg)
{
    draw_text(d, arg);
    draw_pairs(d, &(struct draw_pair){ "Nom", arg }, 1);
}

static void l7_hostile_text_breaks_nothing(void **state)
{
    (void)state;
    static char long_word[4001], tower[20001];
    memset(long_word, 'm', 4000);
    for (size_t i = 0; i + 2 < sizeof tower; i += 2)      /* one letter under a tower of accents */
        memcpy(tower + i, "\xcc\x81", 2);
    tower[0] = 'a', tower[1] = 'b';
    const char *const texts[] = { long_word, tower, "caf\xe9 \xff\xfe \xc3", "a\x01\x02\x1b[31mb\x7f\xc2\x85" "c", "שלום עולם مرحبا بالعالم", "👩‍👩‍👧‍👦🇫🇷🔥", "\xe2\x80\xae" "evil\xe2\x80\xac",
        "<b>&amp;</b> %s%n%d (\\) endobj", "\n\n\n\n", "" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const void *data = NULL;
        size_t len = 0;
        const char *text = text_of(body_text, (void *)(uintptr_t)texts[i], &data, &len);
        assert_null(strchr(text, '\x1b'));
        if (i == 7)
            assert_in(text, "<b>&amp;</b> %s%n%d (\\) endobj");
        if (i == 2)
            assert_in(text, "caf\xef\xbf\xbd");
        if (i == 3)
            assert_in(text, "a[31mbc");
    }
}

/* A layout takes the square of a word, a paragraph, a letter with its accents: whoever asks for a job by a link may not hold up everybody's documents. */
static void l7_hostile_text_takes_no_longer_than_any_other(void **state)
{
    (void)state;
    enum { MOST_BYTES = 40000, SECONDS_MOST = 4 };
    static const char *const pieces[] = { "\xcc\x81", "W", "\xef\xb7\xba", "ab ", "\xe2\x80\x8b" };
    static char text[MOST_BYTES + 1];
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t size = strlen(pieces[i]), at = 0, len = 0;
        struct timespec from, to;
        const void *data = NULL;
        text[at++] = 'Z';
        for (; at + size <= 20000 * size && at + size <= MOST_BYTES; at += size)
            memcpy(text + at, pieces[i], size);
        text[at] = '\0';
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        must(draw_pdf(desk, &arena, &about, body_plain_text, text, &data, &len));
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        if (to.tv_sec - from.tv_sec >= SECONDS_MOST)
            fail_msg("text %zu: %lld s", i, (long long)(to.tv_sec - from.tv_sec));
    }
}

static void body_table(struct draw *d, void *arg)
{
    static const struct draw_column columns[] = { { "Équipement", 2 }, { "Série", 1 } };
    const char *cells[2 * 200];
    for (int i = 0; i < *(int *)arg; i++) {
        cells[2 * i] = "Groupe froid\nà deux étages";
        cells[2 * i + 1] = "SN-0001";
    }
    draw_table(d, columns, 2, cells, (size_t)*(int *)arg);
}

static int count_of(const char *text, const char *word)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        count++;
    return count;
}

static void l7_a_table_goes_on_under_the_same_head(void **state)
{
    (void)state;
    int rows = 100;
    const void *data = NULL;
    size_t len = 0;
    const char *text = text_of(body_table, &rows, &data, &len);
    int pages = count_of(text, "Page ");
    assert_true(pages > 3);
    assert_int_equal(count_of(text, "Équipement"), pages);
    assert_int_equal(count_of(text, "SN-0001"), 100);
    assert_int_equal(count_of(text, "deux étages"), 100);
}

static void body_endless(struct draw *d, void *arg)
{
    for (int i = 0; i < 3000; i++)
        draw_text(d, arg);
}

static void l7_a_document_without_end_is_refused(void **state)
{
    (void)state;
    const void *data = NULL;
    size_t len = 0;
    char lines[4000];
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = i % 10 ? 'x' : '\n';
    lines[sizeof lines - 1] = '\0';
    struct err *e = draw_pdf(desk, &arena, &about, body_endless, lines, &data, &len);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_TOO_LARGE);
}

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)512 * 1024 * 1024);
    desk = draw_desk_open();
    return desk ? 0 : -1;
}

static int free_arena(void **state)
{
    (void)state;
    draw_desk_close(desk);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(l7_text_can_be_selected_and_says_what_was_written), cmocka_unit_test(l7_the_same_content_gives_the_same_bytes),
        cmocka_unit_test(l7_hostile_text_breaks_nothing), cmocka_unit_test(l7_hostile_text_takes_no_longer_than_any_other), cmocka_unit_test(l7_a_table_goes_on_under_the_same_head), cmocka_unit_test(l7_a_document_without_end_is_refused),
    };
    return cmocka_run_group_tests_name("draw", tests, open_arena, free_arena);
}
