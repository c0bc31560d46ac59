#include "web/body.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/secret.h"
#include "base/text.h"
#include "web/webio_test.h"

#define MULTIPART "multipart/form-data; boundary=XyZ"
#define URLENCODED "application/x-www-form-urlencoded"

static struct arena arena;
static char spool[] = "/tmp/body_test_XXXXXX";
static struct body_limits limits;
static struct body_reader *reader;
static struct body body;

static int setup(void **state)
{
    (void)state;
    strcpy(spool + strlen(spool) - 6, "XXXXXX");
    if (!mkdtemp(spool))
        return -1;
    arena_init(&arena, 4 * 1024 * 1024);
    limits = (struct body_limits){ .body_bytes = 1024 * 1024, .field_bytes = 1000, .file_bytes = 100 * 1000, .fields = 5, .files = 2, .spool = spool };
    reader = NULL;
    memset(&body, 0, sizeof body);
    return 0;
}

static int spooled(void)
{
    int count = 0;
    DIR *folder = opendir(spool);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static int teardown(void **state)
{
    (void)state;
    body_close(reader);
    int left = spooled();
    arena_free(&arena);
    return rmdir(spool) == 0 && left == 0 ? 0 : -1;
}

/* Reads text in pieces of `step` bytes, 0: in one. */
static struct err *read_in(const char *type, const char *text, size_t len, size_t step)
{
    body_close(reader);
    reader = NULL;
    struct err *e = body_open(&arena, type, &limits, &reader);
    if (e)
        return e;
    for (size_t at = 0, size; at < len; at += size) {
        size = step && len - at > step ? step : len - at;
        e = body_piece(reader, text + at, size);
    }
    struct err *end = body_end(reader, &body);
    assert_true(!e || e == end);   /* the first error stays the error */
    return end;
}

static struct err *read_text(const char *type, const char *text)
{
    return read_in(type, text, strlen(text), 0);
}

static const char *field(const char *name)
{
    const char *value = pair_value(body.fields, name);
    return value ? value : "(none)";
}

static void urlencoded(void **state)
{
    static const char text[] = "title=Panne%20d%27eau&note=a+b%0D%0Ac&empty=&bare&&x=1%3D%26=%C3%A9";
    (void)state;
    for (size_t step = 0; step < sizeof text; step++) {
        assert_null(read_in(URLENCODED "; charset=utf-8", text, strlen(text), step));
        assert_true(body.is_complete);
        assert_string_equal(field("title"), "Panne d'eau");
        assert_string_equal(field("note"), "a b\r\nc");
        assert_string_equal(field("empty"), "");
        assert_string_equal(field("bare"), "");
        assert_string_equal(field("x"), "1=&=é");
        assert_null(body.uploads);
        arena_reset(&arena);
        reader = NULL;
    }
    assert_null(read_text(URLENCODED, ""));
    assert_null(body.fields);
}

static void urlencoded_refused(void **state)
{
    static const char *const texts[] = { "a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=\xff", "=x", "%0a=x", "a=%4&b=1" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err *e = read_text(URLENCODED, texts[i]);
        if (!e)
            fail_msg("let through: %s", texts[i]);
        assert_int_equal(e->code, ERR_BAD);
        assert_false(body.is_complete);
    }
    assert_int_equal(read_in(URLENCODED, "a=b\0c", 5, 0)->code, ERR_BAD);
}

static void other_types(void **state)
{
    static const char *const types[] = {
        "", "text/plain", "application/json", "application/x-www-form-urlencodedx", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a b\"", "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary", "multipart/mixed; boundary=a",
        "multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct err *e = read_text(types[i], "");
        if (!e || e->code != ERR_TYPE)
            fail_msg("taken: %s", types[i]);
    }
}

static void a_limit_keeps_the_rest(void **state)
{
    char text[4000] = "title=Panne&long=";
    (void)state;
    memset(text + strlen(text), 'x', 999);
    strcat(text, "\xc3\xa9&last=here");   /* the limit falls into a character */
    struct err *e = read_text(URLENCODED, text);
    assert_int_equal(e->code, ERR_TOO_LARGE);
    assert_string_equal(e->field, "long");
    assert_int_equal(strlen(field("long")), 999);
    assert_string_equal(field("title"), "Panne");
    assert_string_equal(field("last"), "here");
    assert_false(body.is_complete);
}

static void too_many_fields(void **state)
{
    struct err *e = read_text(URLENCODED, "a=1&b=2&c=3&d=4&e=5&f=6");
    (void)state;
    assert_int_equal(e->code, ERR_TOO_LARGE);
    assert_string_equal(field("e"), "5");
    assert_string_equal(field("f"), "(none)");
}

static void too_large_a_body(void **state)
{
    (void)state;
    limits.body_bytes = 10;
    assert_null(read_text(URLENCODED, "a=12345678"));
    assert_int_equal(read_text(URLENCODED, "a=123456789")->code, ERR_TOO_LARGE);
}

/* However many fields and however long the limits allow, the arena's end is never met: that would end the process. */
static void the_arena_never_fills(void **state)
{
    struct arena small;
    struct body_reader *r = NULL;
    char piece[1024];
    (void)state;
    arena_init(&small, 64 * 1024);
    memset(piece, 'x', sizeof piece);
    memcpy(piece, "&a=", 3);
    limits.fields = 1000 * 1000;
    limits.field_bytes = limits.body_bytes = INT64_MAX;
    assert_null(body_open(&small, URLENCODED, &limits, &r));
    struct err *e = NULL;
    for (int i = 0; i < 1000; i++)
        e = body_piece(r, piece, i % 2 ? sizeof piece : 4);
    assert_int_equal(e->code, ERR_TOO_LARGE);
    body_close(r);
    arena_free(&small);
}

#define PART(name, text) "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" text "\r\n"
#define FILE_PART(name, file, text) \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\nContent-Type: x/y\r\n\r\n" text "\r\n"
#define LAST "--XyZ--\r\n"

static void multipart(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0";
    static char text[1000];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", PART("title", "Panne\r\n--Xy\r\n-") FILE_PART("none", "", "") "--XyZ\r\nContent-Disposition: form-data; "
        "name=\"files\"; filename=\"C:\\\\photos\\\\\xc3\xa9t\xc3\xa9 %22x%22.png\"\r\n\r\n");
    memcpy(text + len, png, sizeof png);
    len += sizeof png;
    len += (size_t)snprintf(text + len, sizeof text - len, "%s", "\r\n" FILE_PART("files", "/etc/../vide.txt", "") LAST);
    unsigned char hash[32];
    secret_sha256(hash, png, sizeof png);
    (void)state;
    for (size_t step = 0; step < len; step += step < 80 ? 1 : 37) {
        assert_null(read_in(MULTIPART, text, len, step));
        assert_string_equal(field("title"), "Panne\r\n--Xy\r\n-");
        assert_string_equal(field("none"), "(none)");
        const struct upload *one = body.uploads, *two = one->next;
        assert_string_equal(one->field, "files");
        assert_string_equal(one->name, "été \"x\".png");
        assert_string_equal(one->type, "image/png");
        assert_int_equal(one->size_bytes, sizeof png);
        assert_memory_equal(one->hash, hash, sizeof hash);
        struct stat about;
        assert_int_equal(stat(one->spool_path, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0600);
        assert_int_equal(about.st_size, sizeof png);
        assert_string_equal(two->name, "vide.txt");
        assert_int_equal(two->size_bytes, 0);
        assert_null(two->next);
        assert_int_equal(spooled(), 2);
    }
}

static void type_is_by_content(void **state)
{
    (void)state;
    assert_null(read_text(MULTIPART, FILE_PART("f", "facture.pdf", "MZ\x90 not a document") FILE_PART("f", "a.exe", "%PDF-1.7\n") LAST));
    assert_string_not_equal(body.uploads->type, "application/pdf");
    assert_string_equal(body.uploads->next->type, "application/pdf");
}

static void what_was_kept_stays(void **state)
{
    char kept[100];
    (void)state;
    assert_null(read_text(MULTIPART, FILE_PART("f", "a", "x") FILE_PART("f", "b", "y") LAST));
    snprintf(kept, sizeof kept, "%s/kept", spool);
    assert_int_equal(rename(body.uploads->spool_path, kept), 0);
    body_close(reader);
    reader = NULL;
    assert_int_equal(spooled(), 1);
    assert_int_equal(unlink(kept), 0);
}

static void file_limits_keep_the_rest(void **state)
{
    static char text[200 * 1000];
    (void)state;
    size_t len = (size_t)sprintf(text, "%s", PART("a", "1") "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n");
    memset(text + len, 'x', 150 * 1000);
    strcpy(text + len + 150 * 1000, "\r\n" PART("b", "2") LAST);
    struct err *e = read_in(MULTIPART, text, strlen(text), 4096);
    assert_int_equal(e->code, ERR_TOO_LARGE);
    assert_string_equal(e->field, "f");
    assert_string_equal(field("a"), "1");
    assert_string_equal(field("b"), "2");
    assert_null(body.uploads);
    assert_int_equal(spooled(), 0);
    e = read_text(MULTIPART, FILE_PART("f", "1", "x") FILE_PART("f", "2", "x") FILE_PART("f", "3", "x") PART("b", "2") LAST);
    assert_int_equal(e->code, ERR_TOO_LARGE);
    assert_string_equal(field("b"), "2");
    assert_null(body.uploads);
}

static void files_where_none_are_taken(void **state)
{
    (void)state;
    limits.spool = NULL;
    assert_null(read_text(MULTIPART, FILE_PART("f", "", "") PART("a", "1") LAST));
    struct err *e = read_text(MULTIPART, FILE_PART("f", "x", "") LAST);
    assert_int_equal(e->code, ERR_BAD);
    assert_string_equal(e->field, "f");
    limits.spool = "/nowhere/at/all";
    assert_int_equal(read_text(MULTIPART, FILE_PART("f", "x", "") LAST)->code, ERR_BUSY);
}

static void file_names(void **state)
{
    static const struct { const char *sent, *shown; } cases[] = {
        { "a\\\"b", "a\"b" },
        { "\xe9t\xe9.txt", "_t_.txt" },
        { "a\x01\x1b[31mb", "a[31mb" },
        { "exe\xe2\x80\xae" "fdp.txt", "exefdp.txt" },
        { "a%0D%0Ab", "ab" },
        { "a%41", "a%41" },
        { "x/", "_" },
        { "..", ".." },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = arena_printf(&arena, "--XyZ\r\ncontent-disposition:form-data;name=f;filename=\"%s\"\r\n\r\nx\r\n--XyZ--", cases[i].sent);
        assert_null(read_text(MULTIPART, text));
        assert_string_equal(body.uploads->name, cases[i].shown);
    }
    char text[2000] = "--XyZ\r\nContent-Disposition: form-data; filename=\"x";   /* odd, so that the cut falls into a character */
    for (int i = 0; i < 300; i++)
        strcat(text, "é");
    strcat(text, "\"; name=f\r\n\r\nx\r\n" LAST);
    assert_null(read_text(MULTIPART, text));
    assert_int_equal(strlen(body.uploads->name), 199);
    assert_true(text_is_utf8(body.uploads->name, 199));
    assert_string_equal(body.uploads->field, "f");
}

static void multipart_refused(void **state)
{
    static const char *const texts[] = {
        "", "x", "--XyZ", "--XyZ\r\n", "\r\n" PART("a", "1") LAST, "preamble\r\n" PART("a", "1") LAST, PART("a", "1"), PART("a", "1") "--XyZ-", PART("a", "1") "--XyZ",
        PART("a", "1") "--XyZ  \r\n", PART("a", "1") LAST "epilogue", "--XyZ\r\n\r\n1\r\n" LAST, "--XyZ\nContent-Disposition: form-data; name=a\n\n1\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n" LAST, "--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n" LAST,
        "--XyZ\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n" LAST, "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n" LAST,
        "--XyZ\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n" LAST, "--XyZ\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n1\r\n" LAST,
        "--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1\r\n" LAST,
        "--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n" LAST,
        "--XyZ\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n" LAST, "--XyZ\r\nContent-Disposition: form-data; name=a\r\nno colon\r\n\r\n1\r\n" LAST,
        PART("\xff", "1") LAST, PART("a", "\xff") LAST, PART("a%0A", "1") LAST,
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t step = 0; step < 3; step++) {
            struct err *e = read_in(MULTIPART, texts[i], strlen(texts[i]), step);
            if (!e || e->code != ERR_BAD)
                fail_msg("let through: %s", texts[i]);
        }
    static char text[5000] = "--XyZ\r\nX: ";
    memset(text + 10, 'x', 4200);
    assert_int_equal(read_text(MULTIPART, text)->code, ERR_BAD);
    static const char nul[] = "--XyZ\r\nContent-Disposition: form-data; name=a\0b\r\n\r\n1\r\n" LAST;
    assert_int_equal(read_in(MULTIPART, nul, sizeof nul - 1, 0)->code, ERR_BAD);
}

static void cut_in_the_middle(void **state)
{
    static const char text[] = PART("a", "1") FILE_PART("f", "x", "some bytes");
    (void)state;
    for (size_t len = 0; len < sizeof text; len++) {
        assert_int_equal(read_in(MULTIPART, text, len, 0)->code, ERR_BAD);
        body_close(reader);
        reader = NULL;
        assert_int_equal(spooled(), 0);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest body_tests[] = {
    T(urlencoded), T(urlencoded_refused), T(other_types), T(a_limit_keeps_the_rest), T(too_many_fields), T(too_large_a_body),
    T(the_arena_never_fills), T(multipart), T(type_is_by_content), T(what_was_kept_stays), T(file_limits_keep_the_rest),
    T(files_where_none_are_taken), T(file_names), T(multipart_refused), T(cut_in_the_middle),
};
const size_t body_tests_count = sizeof body_tests / sizeof *body_tests;
