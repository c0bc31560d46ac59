#include "base/base_test.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/secret.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 4 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            unsigned char *data = arena_alloc(&arena, size);
            assert_int_equal((uintptr_t)data % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(data[i], 0);
            memset(data, 0xaa, size);
        }
        arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
    }
    char *large = arena_alloc(&arena, 3 << 20);
    assert_int_equal(large[(3 << 20) - 1], 0);
}

static void arena_texts(void **state)
{
    (void)state;
    char wide[600];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    assert_null(arena_text(&arena, NULL));
    assert_string_equal(arena_printf(&arena, "%d %s", 4, "min"), "4 min");
    assert_string_equal(arena_printf(&arena, "%s", wide), wide);
    assert_int_equal(((char *)arena_copy(&arena, "abc", 2))[2], 0);
    char *grown = arena_grow(&arena, arena_copy(&arena, "ab", 2), 3, 5000);
    assert_string_equal(grown, "ab");
    assert_int_equal(grown[4999], 0);
    char *first = arena_text(&arena, "first");
    arena_text(&arena, "second");
    assert_ptr_not_equal(arena_grow(&arena, first, 6, 100), first);
}

#if defined(__SANITIZE_ADDRESS__)
static void arena_is_seen_by_the_sanitizer(void **state)
{
    (void)state;
    char *one = arena_alloc(&arena, 10), *two = arena_alloc(&arena, 10);
    assert_false(__asan_address_is_poisoned(one + 9));
    assert_true(__asan_address_is_poisoned(one + 10));
    assert_true(__asan_address_is_poisoned(one + 31));
    arena_reset(&arena);
    assert_true(__asan_address_is_poisoned(two));
}
#endif

/* What a child process does instead of returning. */
static int status_of(void (*act)(void))
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        int sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(sink, 2);
        act();
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void take_too_much(void)
{
    struct arena small;
    arena_init(&small, 1000);
    for (int i = 0; i < 11; i++)
        arena_alloc(&small, 96);
}

static void take_absurdly_much(void)
{
    struct arena small;
    arena_init(&small, SIZE_MAX);
    arena_alloc(&small, SIZE_MAX / 2);
}

static void arena_ends_the_process_at_its_ceiling(void **state)
{
    (void)state;
    assert_int_equal(status_of(take_too_much), 70);
#if !defined(__SANITIZE_ADDRESS__)   /* the sanitizer has its own word on absurd sizes */
    assert_int_equal(status_of(take_absurdly_much), 70);
#else
    (void)take_absurdly_much;
#endif
}

static void buf_grows_to_its_ceiling(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, &arena, 1000);
    assert_string_equal(buf_end(&b), "");
    for (int i = 0; i < 100; i++)
        buf_printf(&b, "%09d,", i);
    assert_int_equal(b.len, 1000);
    assert_false(b.is_full);
    assert_memory_equal(b.data + 990, "000000099,", 11);
    buf_char(&b, 'x');
    assert_true(b.is_full);
    assert_int_equal(strlen(buf_end(&b)), 1000);
    buf_init(&b, &arena, 5);
    buf_text(&b, "abc");
    buf_printf(&b, "%s", "def");
    buf_char(&b, 'd');   /* there would be room: but a text with a hole in it is worse than a short one */
    assert_true(b.is_full);
    assert_string_equal(buf_end(&b), "abc");
    buf_init(&b, &arena, 1000);
    static const int64_t numbers[] = { 0, 7, -10, 1234567890, INT64_MAX, INT64_MIN };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        buf_int(&b, numbers[i]), buf_char(&b, ' ');
    assert_string_equal(buf_end(&b), "0 7 -10 1234567890 9223372036854775807 -9223372036854775808 ");
}

static void clock_knows_the_calendar(void **state)
{
    (void)state;
    int64_t day = 0;
    int y, m, d;
    assert_string_equal(clock_iso(&arena, INT64_C(1795312800123)), "2026-11-22T02:00:00.123Z");
    assert_string_equal(clock_iso(&arena, -1), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_iso(&arena, 0), "1970-01-01T00:00:00.000Z");
    assert_true(clock_day_read("2024-02-29", &day));
    assert_int_equal(day, 19782);
    static const char *const bad[] = { "2026-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "2026-4-1", "2026-04-01 ", "", "2026/04/01", "2026-04-0a" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(clock_day_read(bad[i], &day));
    for (int64_t n = -800000; n < 800000; n += 13) {
        clock_civil(n, &y, &m, &d);
        assert_int_equal(clock_day(y, m, d), n);
    }
    assert_true(clock_now_ms() > INT64_C(1700000000000));
    int64_t before = clock_monotonic_us();
    assert_true(clock_monotonic_us() >= before);
}

static void *draw_ids(void *ret_ids)
{
    int64_t *ids = ret_ids;
    for (int i = 0; i < 20000; i++)
        ids[i] = id_new(INT64_C(1795312800000));
    return NULL;
}

static int compare_ids(const void *one, const void *two)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)two;
    return (a > b) - (a < b);
}

static void ids_are_ordered_and_never_given_twice(void **state)
{
    (void)state;
    id_init(5);
    int64_t first = id_new(INT64_C(1795312800000));
    assert_int_equal(id_time_ms(first), INT64_C(1795312800000));
    assert_int_equal(first >> 12 & 1023, 5);
    assert_true(id_new(INT64_C(1795312700000)) > first);   /* the clock stepped back */
    static int64_t ids[4 * 20000];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw_ids, ids + 20000 * i), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 1; i < 20000; i++)
        assert_true(ids[i] > ids[i - 1]);
    qsort(ids, 80000, sizeof(int64_t), compare_ids);
    for (int i = 1; i < 80000; i++)
        assert_true(ids[i] > ids[i - 1]);
    id_init(5);
    assert_int_equal(id_new(INT64_C(1795312800000)), first);   /* a test gets its fixed ids */
    id_init(0);
    assert_true(id_new(0) > 0);
}

static void log_writes_one_line_of_json(void **state)
{
    (void)state;
    int pipes[2], saved = dup(2);
    char line[5000] = "", huge[5000];
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], 2);
    log_event("request", LOG_TEXT("route", "a\"\\\n\x7f\xc3\xa9"), LOG_INT("status", 200), LOG_TEXT("none", NULL), LOG_TEXT("bad", "\xff!"));
    log_quiet(1);
    log_event("unsaid");
    log_quiet(0);
    ssize_t len = read(pipes[0], line, sizeof line - 1);
    memset(huge, '\x01', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    log_event("huge", LOG_TEXT("text", huge), LOG_INT("after", 1));
    char second[5000] = "";
    ssize_t second_len = read(pipes[0], second, sizeof second - 1);
    dup2(saved, 2);
    close(saved), close(pipes[0]), close(pipes[1]);
    assert_true(len > 0 && second_len > 0);
    assert_non_null(strstr(line, ",\"event\":\"request\",\"route\":\"a\\\"\\\\\\u000a\\u007fé\",\"status\":200,\"none\":null,\"bad\":\"?!\"}\n"));
    assert_null(strstr(line, "unsaid"));
    assert_non_null(strstr(second, "\"event\":\"huge\",\"after\":1}\n"));
}

static void hashes_and_macs(void **state)
{
    (void)state;
    unsigned char one[SECRET_HASH], two[SECRET_HASH];
    struct secret_key key = { { 1 } }, form, link;
    secret_sha256(one, "abc", 3);
    assert_memory_equal(one, "\xba\x78\x16\xbf\x8f\x01\xcf\xea", 8);   /* FIPS 180-4 */
    secret_sha256_two(two, "a", 1, "bc", 2);
    assert_true(secret_same(one, two, SECRET_HASH));
    secret_derive(&form, &key, "form");
    secret_derive(&link, &key, "mail-link");
    assert_false(secret_same(&form, &link, SECRET_HASH));
    secret_derive(&link, &key, "form");
    assert_true(secret_same(&form, &link, SECRET_HASH));
    struct secret_key rfc4231 = { "Jefe" };   /* padded with zeros, which HMAC does anyway */
    secret_mac(one, &rfc4231, "what do ya want for nothing?", 28);
    assert_memory_equal(one, "\x5b\xdc\xc1\x46\xbf\x60\x75\x4e", 8);
    struct secret_mac_start start;
    secret_mac_begin(&start, &key, "form");
    secret_mac(one, &form, "same", 4);
    for (int i = 0; i < 2; i++) {   /* what was begun serves again */
        secret_mac_from(two, &start, "same", 4);
        assert_true(secret_same(one, two, SECRET_HASH));
    }
    secret_random(one, SECRET_HASH);
    secret_random(two, SECRET_HASH);
    assert_false(secret_same(one, two, SECRET_HASH));
}

static void key_file_is_made_once_and_kept_private(void **state)
{
    (void)state;
    char folder[] = "/tmp/base_test_XXXXXX";
    struct secret_key one, two;
    struct stat info;
    assert_non_null(mkdtemp(folder));
    char *path = arena_printf(&arena, "%s/key", folder);
    assert_non_null(secret_key_load(&arena, path, false, &one));
    assert_null(secret_key_load(&arena, path, true, &one));
    assert_null(secret_key_load(&arena, path, true, &two));
    assert_true(secret_same(&one, &two, sizeof one));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_nlink, 1);
    chmod(path, 0644);
    assert_non_null(secret_key_load(&arena, path, true, &two));
    chmod(path, 0600);
    assert_int_equal(truncate(path, 60), 0);
    struct err *e = secret_key_load(&arena, path, true, &two);
    assert_non_null(e);
    assert_memory_equal(e->where, "src/base/secret.c:", 18);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);   /* no draft stays behind */
}

static int64_t check_time_us(const char *hash)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t start = clock_monotonic_us();
        assert_false(secret_password_check(hash, "wrong"));
        int64_t took = clock_monotonic_us() - start;
        best = took < best ? took : best;
    }
    return best;
}

static void passwords(void **state)
{
    (void)state;
    const char *hash = NULL;
    assert_null(secret_password_hash(&arena, "une phrase assez longue", &hash));
    assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_true(secret_password_check(hash, "une phrase assez longue"));
    assert_false(secret_password_check(NULL, ""));
    int64_t known = check_time_us(hash), unknown = check_time_us(NULL);
    assert_true(unknown > known / 3 && known > unknown / 3);   /* the same work; far apart where the hash were not even tried */
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(arena_gives_zeroed_aligned_memory), T(arena_texts),
#if defined(__SANITIZE_ADDRESS__)
        T(arena_is_seen_by_the_sanitizer),
#endif
        T(arena_ends_the_process_at_its_ceiling), T(buf_grows_to_its_ceiling), T(clock_knows_the_calendar),
        T(ids_are_ordered_and_never_given_twice), T(log_writes_one_line_of_json), T(hashes_and_macs),
        T(key_file_is_made_once_and_kept_private), T(passwords),
    };
    secret_init();
    int failed = cmocka_run_group_tests_name("base", tests, NULL, NULL);
    return failed + _cmocka_run_group_tests("text", text_tests, text_tests_count, NULL, NULL);
}
