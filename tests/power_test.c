/* The power is cut, or the disk gives an error, at each moment of an act (lib/power_vfs.h): what was acknowledged is there, nothing is half done, the
   journal verifies; an error is said, and the act goes through when it is over. SQLite alone: PostgreSQL's disk is PostgreSQL's.
   MANDAT_FAULT_ROUNDS: more acts, more moments. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "lib/power_vfs.h"
#include "lib/world.h"
#include "mandate/journal.h"

#define CLAIRE "claire.delmas@bellerive.example"

enum { IMAGES_MOST = 4000, ACTS_MOST = 200 };

static int rounds(void)
{
    const char *said = getenv("MANDAT_FAULT_ROUNDS");
    return said ? (int)strtol(said, NULL, 10) : 0;
}

/* ---- Cuts ---- */

struct image { char address[200]; int acked; size_t files; int way; unsigned seed; };

struct cuts {
    struct world_test *w;
    const char *folder;
    int acked, points, step;         /* one moment of `step` is tried; each sync always */
    unsigned seed;
    struct image images[IMAGES_MOST];
    int count;
    const char *wrong;               /* the first that was lost; NULL: nothing */
};

/* Every way in which a disk may have it. */
static void cut_here(void *arg, bool is_sync)
{
    struct cuts *cuts = arg;
    bool is_tried = is_sync || cuts->points % cuts->step == 0;
    cuts->points++;
    for (int way = 0; is_tried && way < POWER_WAYS && cuts->count < IMAGES_MOST; way++) {
        if (!is_sync && way != (int)(cuts->seed % POWER_WAYS))
            continue;
        struct image *image = &cuts->images[cuts->count++];
        *image = (struct image){ .acked = cuts->acked, .files = power_files_now(), .way = way, .seed = cuts->seed };
        snprintf(image->address, sizeof image->address, "%s/image-%d.db", cuts->folder, cuts->count);
        power_cut(world_address(cuts->w), image->address, way, cuts->seed);
        cuts->seed = cuts->seed * 1103515245 + 12345;
    }
    cuts->seed++;
}

static const char *asked(struct world_test *w, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    const char *value = "";
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
        value = world_text(w, "%s: %s", sql, sqlite3_errmsg(db));
    else if (sqlite3_column_text(stmt, 0))
        value = world_text(w, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return value;
}

/* Bytes of files that a row names and that were not on disk. */
static const char *files_lost(struct world_test *w, sqlite3 *db, size_t at)
{
    sqlite3_stmt *stmt = NULL;
    const char *lost = NULL;
    sqlite3_prepare_v2(db, "SELECT DISTINCT a.hash FROM attachment a JOIN ticket t ON t.org_id = a.org_id AND t.id = a.ticket_id WHERE t.title LIKE 'Coupure %'", -1, &stmt, NULL);
    while (!lost && sqlite3_step(stmt) == SQLITE_ROW)
        if (!power_file_is_safe((const char *)sqlite3_column_text(stmt, 0), at))
            lost = world_text(w, "the bytes of %s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return lost;
}

static const char *journal_wrong(struct world_test *w, const char *address)
{
    struct arena a;
    struct store *store = NULL;
    struct db *db = NULL;
    struct doc *report = NULL;
    const char *wrong = NULL;
    arena_init(&a, (size_t)256 << 20);
    struct err *e = store_open(&a, address, &store);
    if (!e)
        e = db_open(store, &a, &db);
    if (!e)
        e = journal_verify(&a, db, &report);
    if (e || doc_count(doc_get(report, "faults")))
        wrong = world_text(w, "the journal: %s", e ? e->detail : doc_text_of(doc_at(doc_get(report, "faults"), 0), "what"));
    if (db)
        db_close(db);
    if (store)
        store_close(store);
    arena_free(&a);
    return wrong;
}

/* NULL: all that was acknowledged is in it, and nothing of what was not is there in part. */
static const char *image_wrong(struct world_test *w, const struct image *image)
{
    sqlite3 *db = NULL;
    const char *wrong = NULL, *value;
    if (sqlite3_open_v2(image->address, &db, SQLITE_OPEN_READWRITE, "unix") != SQLITE_OK) {
        sqlite3_close(db);
        return "the database is not there";
    }
    value = asked(w, db, "PRAGMA integrity_check");
    if (strcmp(value, "ok") != 0)
        wrong = world_text(w, "integrity: %s", value);
    value = asked(w, db, "SELECT COUNT(*) FROM ticket WHERE title LIKE 'Coupure %'");
    if (!wrong && (strtol(value, NULL, 10) < image->acked || strtol(value, NULL, 10) > image->acked + 1))
        wrong = world_text(w, "%s of %d acknowledged tickets", value, image->acked);
    value = asked(w, db, "SELECT COUNT(*) FROM ticket t WHERE t.title LIKE 'Coupure %' AND (1 <> (SELECT COUNT(*) FROM comment m WHERE m.org_id = t.org_id AND m.ticket_id = t.id)"
        " OR 1 <> (SELECT COUNT(*) FROM journal j WHERE j.org_id = t.org_id AND j.object_kind = 'ticket' AND j.object_id = t.id)"
        " OR 1 <> (SELECT COUNT(*) FROM attachment a WHERE a.org_id = t.org_id AND a.ticket_id = t.id)"
        " OR 0 = (SELECT COUNT(*) FROM mail l JOIN mail_body b ON b.mail_id = l.id WHERE l.subject LIKE '%' || t.title))");
    if (!wrong && strcmp(value, "0") != 0)
        wrong = world_text(w, "%s tickets in part", value);
    if (!wrong)
        wrong = files_lost(w, db, image->files);
    sqlite3_close(db);
    return wrong ? wrong : journal_wrong(w, image->address);
}

static void images_look(struct cuts *cuts)
{
    static const char *const ways[] = { "all lost", "none lost", "a prefix", "any" };
    static const char *const endings[] = { "", "-wal", "-shm" };
    for (int i = 0; i < cuts->count; i++) {
        const struct image *image = &cuts->images[i];
        const char *wrong = cuts->wrong ? NULL : image_wrong(cuts->w, image);
        if (wrong)
            cuts->wrong = world_text(cuts->w, "%s (%s, seed %u, image %d)", wrong, ways[image->way], image->seed, i);
        for (size_t j = 0; j < sizeof endings / sizeof *endings; j++)
            unlink(world_text(cuts->w, "%s%s", image->address, endings[j]));
    }
}

enum how { HOW_FULL, HOW_NORMAL, HOW_OFF, HOW_LYING, HOW_LYING_FILES };

/* Acts, and a checkpoint now and then, with the power cut at every moment of them. Returns what was lost; NULL: nothing. */
static const char *power_run(struct world_test *w, enum how how, int acts, int step)
{
    struct cuts *cuts = calloc(1, sizeof *cuts);
    struct arena arena;
    *cuts = (struct cuts){ .w = w, .folder = world_app(w)->spool, .step = step, .seed = 20261122 };
    arena_init(&arena, (size_t)64 << 20);
    world_token(w, CLAIRE);
    power_files_start(world_app(w)->files);
    struct store *store = NULL;                      /* of its own: its connection that writes is the one opened last */
    struct db *db = NULL;
    assert_null(store_open(&arena, world_address(w), &store));
    assert_null(db_open(store, &arena, &db));
    assert_null(db_begin(db, &arena, DB_WRITE));
    db_rollback(db);
    if (how == HOW_NORMAL || how == HOW_OFF)
        assert_int_equal(sqlite3_exec(power_connection(), how == HOW_OFF ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=NORMAL", NULL, NULL, NULL), SQLITE_OK);
    power_lies = how == HOW_LYING;
    power_lies_files = how == HOW_LYING_FILES;
    int images = 0, points = 0;
    for (int i = 0; i < acts && !cuts->wrong; i++) {
        struct world_request ask = world_ticket_ask(w, world_text(w, "Coupure %04d", i), world_text(w, "coupure %d %d", i, (int)how));
        power_watch(cut_here, cuts);
        assert_status(world_ask(w, world_arena(w), db, &ask), 303);
        cuts->acked++;
        cut_here(cuts, true);                        /* acknowledged, and nothing since */
        if (i % 3 == 2)
            world_run_sql(w, i % 2 ? "PRAGMA wal_checkpoint(RESTART)" : "PRAGMA wal_checkpoint(PASSIVE)");
        power_watch(NULL, NULL);
        images_look(cuts);
        images += cuts->count;
        points = cuts->points;
        cuts->count = 0;
    }
    power_lies = power_lies_files = false;
    print_message("%d acts, %d moments, %d states of the disk looked at\n", cuts->acked, points, images);
    const char *wrong = cuts->wrong;
    db_close(db);
    store_close(store);
    arena_free(&arena);
    free(cuts);
    return wrong;
}

/* X-6, M-4: quality.md, « nothing lost ». */
WORLD_TEST(the_power_is_cut_at_each_moment_and_nothing_acknowledged_is_lost)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *wrong = power_run(w, HOW_FULL, rounds() ? rounds() : 4, rounds() ? 3 : 23);
    if (wrong)
        fail_msg("lost: %s", wrong);
}

/* The same disk under what is not synced loses something: the test can fail. */
WORLD_TEST(a_disk_that_loses_power_under_less_care_loses_acts)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *wrong = power_run(w, HOW_NORMAL, 4, 1000);
    assert_non_null(wrong);
    print_message("synchronous=NORMAL: %s\n", wrong);
}

WORLD_TEST(a_disk_that_loses_power_under_no_care_loses_acts)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *wrong = power_run(w, HOW_OFF, 4, 1000);
    assert_non_null(wrong);
    print_message("synchronous=OFF: %s\n", wrong);
}

WORLD_TEST(a_disk_that_lies_about_its_syncs_loses_acts)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *wrong = power_run(w, HOW_LYING, 4, 1000);
    assert_non_null(wrong);
    print_message("lying: %s\n", wrong);
}

WORLD_TEST(a_disk_that_lies_about_files_loses_files)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *wrong = power_run(w, HOW_LYING_FILES, 4, 1000);
    assert_non_null(wrong);
    assert_non_null(strstr(wrong, "the bytes of"));
}

/* Bytes that a dead server had placed, their name not on disk yet, are kept again: the name is synced now. */
WORLD_TEST(x_6_the_name_of_bytes_that_were_there_already_is_synced)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    const char *bytes = "laissé là sans être inscrit";
    unsigned char hash[SECRET_HASH];
    struct world_request ask = world_ticket_ask(w, "Coupure déjà", bytes);
    secret_sha256(hash, bytes, strlen(bytes));
    const char *hex = text_hex(world_arena(w), hash, sizeof hash);
    power_files_start(world_app(w)->files);
    mkdir(world_text(w, "%s/%.2s", world_app(w)->files, hex), 0700);
    int fd = open(world_text(w, "%s/%.2s/%s", world_app(w)->files, hex, hex), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    assert_int_equal(fsync(fd), 0);
    close(fd);
    assert_false(power_file_is_safe(hex, power_files_now()));
    assert_status(world_ask(w, world_arena(w), world_db(w), &ask), 303);
    assert_true(power_file_is_safe(hex, power_files_now()));
}

/* ---- Errors of the disk ---- */

static const char *counts(struct world_test *w)
{
    return world_text(w, "%s, %d files, %d in the spool", world_value(w, "SELECT (SELECT COUNT(*) FROM ticket) || ' ' || (SELECT COUNT(*) FROM comment) || ' ' || (SELECT COUNT(*) FROM journal) || ' ' ||"
        " (SELECT COUNT(*) FROM mail) || ' ' || (SELECT COUNT(*) FROM attachment) || ' ' || (SELECT COUNT(*) FROM file) || ' ' || (SELECT COUNT(*) FROM form_seen) || ' ' || (SELECT SUM(last) FROM ticket_counter)"),
        world_files_kept(w), world_files_left(w));
}

/* One act on a connection of its own, with the nth call of a kind failing. Returns its status; 0: the connection could not be had, which the
   transport answers with 503. */
static int act_failing(struct world_test *w, const struct world_request *ask, enum power_part part, int nth, bool goes_on, const char **ret_body)
{
    struct arena arena;
    struct db *db = NULL;
    int status = 0;
    arena_init(&arena, (size_t)64 << 20);
    *ret_body = "";
    power_fail(part, nth, goes_on);
    struct err *e = db_open(world_app(w)->store, &arena, &db);
    if (!e) {
        struct answer *answer = world_ask(w, world_arena(w), db, ask);
        status = answer->status;
        *ret_body = answer->body;
        db_close(db);
    }
    bool failed = power_failed();
    power_fail(part, 0, false);
    arena_free(&arena);
    return failed || status != 303 ? status : -303;      /* -303: it went through without a fault */
}

static void errors_run(struct world_test *w, enum power_part part, bool goes_on)
{
    int nth = 1, refused = 0, status = 0;
    for (; status != -303 && nth < 2000; nth++) {
        const char *title = world_text(w, "Erreur %d %d", nth, (int)goes_on), *body = "", *before = counts(w);
        struct world_request ask = world_ticket_ask(w, title, title);
        status = act_failing(w, &ask, part, nth, goes_on, &body);
        int64_t made = world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket WHERE title = '%s'", title));
        if (status == 303 || status == -303) {
            assert_int_equal(made, 1);               /* what failed was not needed */
            continue;
        }
        refused++;
        if (status && status != 503 && status != 500)
            fail_msg("call %d failed, and the answer is %d: %.300s", nth, status, body);
        if (status && !strstr(body, "Rien n’a été enregistré"))
            fail_msg("call %d failed, and the answer says: %.300s", nth, body);
        assert_int_equal(made, 0);
        if (strcmp(before, counts(w)) != 0)
            fail_msg("call %d failed: %s before, %s now", nth, before, counts(w));
        if (nth % 5 == 0)
            assert_status(world_ask(w, world_arena(w), world_db(w), &ask), 303);
    }
    assert_int_equal(status, -303);
    assert_true(refused >= (part == POWER_FILES ? 5 : 10));
    print_message("%d calls failed in turn, %d of them an answer\n", nth - 1, refused);
    const char *wrong = journal_wrong(w, world_address(w));
    if (wrong)
        fail_msg("%s", wrong);
    if (world_kind(w) == DB_SQLITE)
        assert_string_equal(world_value(w, "PRAGMA integrity_check"), "ok");
}

WORLD_TEST(each_call_of_the_database_fails_in_turn)
{
    if (world_kind(w) == DB_SQLITE)
        errors_run(w, POWER_DATABASE, false);
}

WORLD_TEST(each_call_of_the_database_fails_in_turn_and_all_behind_it)
{
    if (world_kind(w) == DB_SQLITE)
        errors_run(w, POWER_DATABASE, true);
}

WORLD_TEST(x_6_each_call_for_a_file_fails_in_turn)
{
    errors_run(w, POWER_FILES, false);
}

WORLD_TEST(x_6_each_call_for_a_file_fails_in_turn_and_all_behind_it)
{
    errors_run(w, POWER_FILES, true);
}

int main(void)
{
    static const struct world_case cases[] = {
        WORLD_CASE(the_power_is_cut_at_each_moment_and_nothing_acknowledged_is_lost), WORLD_CASE(a_disk_that_loses_power_under_less_care_loses_acts),
        WORLD_CASE(a_disk_that_loses_power_under_no_care_loses_acts), WORLD_CASE(a_disk_that_lies_about_its_syncs_loses_acts),
        WORLD_CASE(a_disk_that_lies_about_files_loses_files), WORLD_CASE(x_6_the_name_of_bytes_that_were_there_already_is_synced),
        WORLD_CASE(each_call_of_the_database_fails_in_turn), WORLD_CASE(each_call_of_the_database_fails_in_turn_and_all_behind_it),
        WORLD_CASE(x_6_each_call_for_a_file_fails_in_turn), WORLD_CASE(x_6_each_call_for_a_file_fails_in_turn_and_all_behind_it),
    };
    power_open();
    return world_main("power", cases, sizeof cases / sizeof *cases);
}
