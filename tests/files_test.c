/* Kept files when several acts, or several servers, meet: the same files in opposite order, bytes that no row names, the spool of a
   server that is gone. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "app/health.h"
#include "app/spool.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/world.h"
#include "mandate/journal.h"
#include "web/file.h"
#include "work/work.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

enum { ROUNDS = 3 };

static const char *hash_of(struct world_test *w, const char *bytes)
{
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, bytes, strlen(bytes));
    return text_hex(world_arena(w), hash, sizeof hash);
}

static const char *path_of(struct world_test *w, const char *hash) { return world_text(w, "%s/%.2s/%s", world_app(w)->files, hash, hash); }
static bool is_there(const char *path) { return access(path, F_OK) == 0; }

/* ---- Two acts with the same two files ---- */

struct sender { struct world_test *w; struct db *db; struct arena arena; pthread_t thread; struct world_request ask; pthread_barrier_t *start; int status; };

static void *sender_run(void *arg)
{
    struct sender *s = arg;
    pthread_barrier_wait(s->start);
    s->status = world_ask(s->w, &s->arena, s->db, &s->ask)->status;
    arena_reset(&s->arena);
    return NULL;
}

static struct world_request comment_ask(struct world_test *w, const char *who, const char *ticket, const char *first, const char *second)
{
    struct world_request ask = { .cookie = world_cookie(w, who), .method = METHOD_POST, .type = "multipart/form-data; boundary=edge" };
    ask.target = world_text(w, "/%s/froid-atlantique/tickets/%s/comments", strcmp(who, CLAIRE) == 0 ? "p" : "o", ticket);
    ask.body = world_text(w, "--edge\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nanswer\r\n--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"un.txt\"\r\n\r\n%s\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"deux.txt\"\r\n\r\n%s\r\n--edge--\r\n", world_token(w, who), first, second);
    ask.len = strlen(ask.body);
    return ask;
}

/* Each would wait for the file that the other has: they take them in one order, whatever the order in the form. */
WORLD_TEST(x_8_the_same_files_in_opposite_order_do_not_wait_for_each_other)
{
    struct sender s[2] = { 0 };
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    const char *tickets[2] = { world_value(w, "SELECT MIN(id) FROM ticket WHERE client_id = (SELECT client_id FROM contact WHERE email = '" CLAIRE "')"),
        world_value(w, "SELECT MAX(id) FROM ticket WHERE client_id = (SELECT client_id FROM contact WHERE email = '" CLAIRE "')") };
    for (int i = 0; i < 2; i++) {
        s[i] = (struct sender){ .w = w, .db = world_db_new(w, world_arena(w)), .start = &start };
        arena_init(&s[i].arena, (size_t)64 << 20);
    }
    if (world_kind(w) == DB_POSTGRESQL) {       /* time for the other between the first file and the second */
        world_run_sql(w, "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$");
        world_run_sql(w, "CREATE TRIGGER slow AFTER INSERT ON attachment FOR EACH ROW EXECUTE FUNCTION slow()");
    }
    for (int round = 0; round < ROUNDS; round++) {
        const char *bytes[2] = { world_text(w, "croisé %d a %d", round, (int)world_kind(w)), world_text(w, "croisé %d b %d", round, (int)world_kind(w)) };
        for (int i = 0; i < 2; i++) {
            s[i].ask = comment_ask(w, i ? ADMIN : CLAIRE, tickets[i], bytes[i], bytes[1 - i]);
            assert_int_equal(pthread_create(&s[i].thread, NULL, sender_run, &s[i]), 0);
        }
        for (int i = 0; i < 2; i++)
            pthread_join(s[i].thread, NULL);
        assert_int_equal(s[0].status, 303);
        assert_int_equal(s[1].status, 303);
    }
    for (int i = 0; i < 2; i++) {
        db_close(s[i].db);
        arena_free(&s[i].arena);
    }
    pthread_barrier_destroy(&start);
}

/* ---- Bytes that no row names ---- */

static void bytes_put(struct world_test *w, const char *hash, const char *bytes)
{
    mkdir(world_text(w, "%s/%.2s", world_app(w)->files, hash), 0700);
    FILE *f = fopen(path_of(w, hash), "we");
    assert_non_null(f);
    fputs(bytes, f);
    fclose(f);
}

static int swept(struct world_test *w, const char *hash)
{
    struct ctx c;
    int gone = 0;
    world_ctx(w, &c);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(file_sweep(&c, (int)strtol(world_text(w, "%.2s", hash), NULL, 16), &gone));
    assert_null(db_commit(c.db, c.arena));
    return gone;
}

/* The world's clock, that far behind this machine's: what a file system notes is the machine's. */
static void clock_after_today(struct world_test *w, int64_t ms)
{
    int64_t behind_ms = (int64_t)time(NULL) * 1000 - world_now(w);
    world_pass(w, behind_ms + ms);
}

/* A server died between keeping a file and committing: the bytes go after a day, and never those that a row names. */
WORLD_TEST(x_6_bytes_that_no_row_names_go_after_a_day)
{
    const char *orphan = hash_of(w, world_text(w, "orphelin %d", (int)world_kind(w)));
    const char *bytes = world_text(w, "gardé %d", (int)world_kind(w)), *kept = hash_of(w, bytes);
    struct world_request ask = comment_ask(w, CLAIRE, world_value(w, "SELECT MIN(id) FROM ticket WHERE client_id = (SELECT client_id FROM contact WHERE email = '" CLAIRE "')"), bytes, "autre");
    assert_int_equal(world_ask(w, world_arena(w), world_db(w), &ask)->status, 303);
    bytes_put(w, orphan, "orphelin");
    bytes_put(w, world_text(w, "%.2s-not-a-hash", orphan), "x");
    clock_after_today(w, 23 * CLOCK_HOUR_MS);
    assert_int_equal(swept(w, orphan), 0);
    assert_true(is_there(path_of(w, orphan)));
    world_pass(w, 2 * CLOCK_HOUR_MS);
    swept(w, kept);
    swept(w, orphan);
    assert_false(is_there(path_of(w, orphan)));
    assert_true(is_there(path_of(w, kept)));
    assert_true(is_there(path_of(w, world_text(w, "%.2s-not-a-hash", orphan))));
}

struct sweeper { struct world_test *w; struct db *db; struct arena arena; const char *hash; int gone; };

static void *sweeper_run(void *arg)
{
    struct sweeper *s = arg;
    struct ctx c;
    world_ctx(s->w, &c);
    c.db = s->db;
    c.arena = &s->arena;
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(file_sweep(&c, (int)strtol(arena_copy(&s->arena, s->hash, 2), NULL, 16), &s->gone));
    assert_null(db_commit(c.db, c.arena));
    return NULL;
}

/* Old bytes of a dead act are kept again by a new one just when they are swept: the sweep waits for it, and leaves them. */
WORLD_TEST(x_6_bytes_that_an_act_is_about_to_name_stay)
{
    const char *bytes = world_text(w, "repris %d", (int)world_kind(w)), *hash = hash_of(w, bytes), *kept = NULL;
    struct sweeper s = { .w = w, .hash = hash };
    struct ctx c;
    pthread_t thread;
    arena_init(&s.arena, (size_t)16 << 20);
    s.db = world_db_new(w, &s.arena);
    bytes_put(w, hash, bytes);
    clock_after_today(w, 25 * CLOCK_HOUR_MS);
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " FORG);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(file_put(&c, bytes, strlen(bytes), "text/plain", &kept));
    assert_string_equal(kept, hash);
    assert_int_equal(pthread_create(&thread, NULL, sweeper_run, &s), 0);
    usleep(200000);
    assert_null(db_commit(c.db, c.arena));
    pthread_join(thread, NULL);
    assert_true(is_there(path_of(w, hash)));
    db_close(s.db);
    arena_free(&s.arena);
}

/* The recurring job comes to every folder within a day. */
WORLD_TEST(x_6_every_folder_is_swept_within_a_day)
{
    const struct work_kind *kind = health_feature.works;
    struct ctx c;
    assert_string_equal(kind->name, "file_sweep");
    const char *orphan = hash_of(w, world_text(w, "oublié %d", (int)world_kind(w)));
    bytes_put(w, orphan, "oublié");
    clock_after_today(w, 25 * CLOCK_HOUR_MS);
    for (int64_t passed = 0; passed < CLOCK_DAY_MS && is_there(path_of(w, orphan)); passed += kind->every_ms, world_pass(w, kind->every_ms)) {
        world_ctx(w, &c);
        assert_null(db_begin(c.db, c.arena, DB_WRITE));
        assert_null(kind->run(&c, doc_map(c.arena)));
        db_rollback(c.db);
    }
    assert_false(is_there(path_of(w, orphan)));
}

/* ---- The spool ---- */

static void file_make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
}

/* what runs elsewhere is left alone; what a dead server left is removed by the next. */
WORLD_TEST(x_8_a_server_that_starts_leaves_the_uploads_of_others_alone)
{
    const char *root = world_text(w, "%s/roots", world_app(w)->spool), *path[3] = { 0 };
    int lock[3] = { 0 };
    if (world_kind(w) != DB_SQLITE)
        return;
    assert_int_equal(mkdir(root, 0700), 0);
    file_make(world_text(w, "%s/export-7.csv", root));                  /* a draft under way */
    file_make(world_text(w, "%s/old.part", root));
    assert_int_equal(utimensat(AT_FDCWD, world_text(w, "%s/old.part", root), (struct timespec[2]){ { .tv_sec = 5 }, { .tv_sec = 5 } }, 0), 0);
    for (int i = 0; i < 2; i++) {
        assert_null(spool_open(world_arena(w), root, &path[i], &lock[i]));
        file_make(world_text(w, "%s/up.part", path[i]));
    }
    assert_true(is_there(world_text(w, "%s/up.part", path[0])));
    assert_true(is_there(world_text(w, "%s/export-7.csv", root)));
    assert_false(is_there(world_text(w, "%s/old.part", root)));
    close(lock[0]);                                                      /* the first has died */
    assert_null(spool_open(world_arena(w), root, &path[2], &lock[2]));
    assert_false(is_there(path[0]));
    assert_true(is_there(world_text(w, "%s/up.part", path[1])));
    for (int i = 1; i < 3; i++) {
        spool_close(path[i], lock[i]);
        assert_false(is_there(path[i]));
    }
    unlink(world_text(w, "%s/export-7.csv", root));
    unlink(world_text(w, "%s/.lock", root));
    rmdir(root);
}

WORLD_MAIN("files",
    WORLD_CASE(x_8_the_same_files_in_opposite_order_do_not_wait_for_each_other), WORLD_CASE(x_6_bytes_that_no_row_names_go_after_a_day),
    WORLD_CASE(x_6_bytes_that_an_act_is_about_to_name_stay), WORLD_CASE(x_6_every_folder_is_swept_within_a_day),
    WORLD_CASE(x_8_a_server_that_starts_leaves_the_uploads_of_others_alone))
