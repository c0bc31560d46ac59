/* M-4, X-8. Backups: made while others write, brought back and proved; a changed byte is named; a new epoch is open in every
   log. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sqlite3.h>
#include "app/backup.h"
#include "app/backup_file.h"
#include "base/text.h"
#include "lib/world.h"
#include "mandate/journal.h"

#define CLAIRE "claire.delmas@bellerive.example"

static char scratch[64];

static const char *place(struct world_test *w, const char *name) { return world_text(w, "%s/%s", scratch, name); }

static void scratch_make(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/mandat-backup-XXXXXX");
    assert_non_null(mkdtemp(scratch));
}

static struct doc *make(struct world_test *w, const char *folder)
{
    struct doc *report = NULL;
    must(backup_make(world_arena(w), &(struct backup_ask){ world_address(w), world_app(w)->files, folder, world_now(w) }, &report));
    return report;
}

static struct err *restore(struct world_test *w, const char *folder, const char *data, struct doc **ret_report)
{
    return backup_restore(world_arena(w), &(struct restore_ask){ folder, data, "", "", world_now(w) }, ret_report);
}

static struct doc *verify(struct world_test *w, const char *path)
{
    struct store *store = NULL;
    struct db *db = NULL;
    struct doc *report = NULL;
    must(store_open(world_arena(w), path, &store));
    must(db_open(store, world_arena(w), &db));
    must(journal_verify(world_arena(w), db, &report));
    assert_int_equal(doc_count(doc_get(report, "faults")), 0);
    db_close(db);
    store_close(store);
    return report;
}

/* Answers to a ticket, one after the other, until told to end. */
struct writer { struct world_test *w; struct db *db; struct arena arena; const char *cookie, *target, *token; _Atomic int is_over, done; };

static void *writer_run(void *arg)
{
    struct writer *r = arg;
    for (int i = 0; !r->is_over && i < 2000; i++) {
        arena_reset(&r->arena);
        const char *body = arena_printf(&r->arena, "body=Encore+%d&form_token=%s", i, text_url_encode(&r->arena, r->token));
        struct answer *answer = world_ask(r->w, &r->arena, r->db, &(struct world_request){ .cookie = r->cookie, .method = METHOD_POST, .target = r->target,
            .type = "application/x-www-form-urlencoded", .body = body, .len = strlen(body) });
        r->done += answer->status == 303;
    }
    return NULL;
}

static const char *ticket_of_claire(struct world_test *w)
{
    struct answer *list = world_get(w, CLAIRE, "/p/froid-atlantique/tickets.json");
    assert_status(list, 200);
    return doc_text_of(doc_at(doc_get(list->doc, "tickets"), 0), "id");
}

WORLD_TEST(made_while_others_write)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    scratch_make();
    struct writer r = { .w = w, .cookie = world_cookie(w, CLAIRE), .token = world_token(w, CLAIRE) };
    struct doc *report = NULL;
    pthread_t thread;
    r.target = world_text(w, "/p/froid-atlantique/tickets/%s/comments", ticket_of_claire(w));
    arena_init(&r.arena, (size_t)64 * 1024 * 1024);
    r.db = world_db_new(w, world_arena(w));
    int64_t before = world_number(w, "SELECT SUM(size) FROM journal_head");
    pthread_create(&thread, NULL, writer_run, &r);
    for (int i = 0; i < 3000 && !r.done; i++)
        usleep(1000);
    struct doc *made = make(w, place(w, "one"));
    r.is_over = 1;
    pthread_join(thread, NULL);
    db_close(r.db);
    arena_free(&r.arena);
    assert_true(r.done > 0);
    assert_int_equal(doc_count(doc_get(made, "faults")), 0);
    assert_true(doc_int_of(made, "files") > 1);
    assert_true(doc_int_of(made, "entries") >= before);
    assert_true(access(place(w, "one/server.key"), F_OK) != 0);

    must(restore(w, place(w, "one"), place(w, "data"), &report));
    assert_true(doc_bool_of(report, "is_restored"));
    assert_int_equal(doc_int_of(report, "entries"), doc_int_of(made, "entries"));
    assert_int_equal(doc_int_of(report, "epoch"), 1);
    assert_false(doc_bool_of(report, "is_key_there"));
    struct doc *proved = verify(w, place(w, "data/mandat.db"));
    assert_int_equal(doc_int_of(proved, "entries"), doc_int_of(made, "entries") + doc_int_of(made, "logs"));
    folder_remove(scratch);
}

/* What a log says after a restore: its next entry cites the head that the backup had. A restored one is backed up and restored again. */
WORLD_TEST(epochs_follow_each_other)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    struct doc *report = NULL;
    struct manifest m = { 0 };
    sqlite3 *db = NULL;
    sqlite3_stmt *next = NULL;
    scratch_make();
    make(w, place(w, "one"));
    mkdir(place(w, "data"), 0700);
    FILE *key = fopen(place(w, "data/server.key"), "w");
    fclose(key);
    must(restore(w, place(w, "one"), place(w, "data"), &report));
    assert_true(doc_bool_of(report, "is_key_there"));
    must(manifest_read(world_arena(w), place(w, "one"), &m));
    assert_true(m.head_count > 1);

    assert_int_equal(sqlite3_open_v2(place(w, "data/mandat.db"), &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT entry FROM journal WHERE org_id = ? AND number = ?", -1, &next, NULL), SQLITE_OK);
    for (size_t i = 0; i < m.head_count; i++) {
        sqlite3_bind_int64(next, 1, m.heads[i].log);
        sqlite3_bind_int64(next, 2, m.heads[i].size + 1);
        assert_int_equal(sqlite3_step(next), SQLITE_ROW);
        const char *entry = (const char *)sqlite3_column_text(next, 0);
        assert_non_null(strstr(entry, "\"action\":\"epoch_open\""));
        assert_non_null(strstr(entry, world_text(w, "\"object\":\"journal:%lld\"", (long long)m.heads[i].size)));
        assert_non_null(strstr(entry, world_text(w, "\"reason\":\"head %s, manifest %s\"", m.heads[i].hash, m.hash)));
        assert_non_null(strstr(entry, world_text(w, "\"prev\":\"%s\"", m.heads[i].hash)));
        sqlite3_reset(next);
    }
    sqlite3_finalize(next);
    sqlite3_close(db);

    must(backup_make(world_arena(w), &(struct backup_ask){ place(w, "data/mandat.db"), place(w, "data/files"), place(w, "two"), world_now(w) }, &report));
    must(restore(w, place(w, "two"), place(w, "again"), &report));
    assert_int_equal(doc_int_of(report, "epoch"), 2);
    folder_remove(scratch);
}

static void byte_turn(const char *path, off_t at)
{
    unsigned char byte = 0;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    if (at < 0)
        at = lseek(fd, 0, SEEK_END) / 2;
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void refused(struct world_test *w, const char *name)
{
    struct doc *report = NULL;
    struct err *e = restore(w, place(w, "one"), place(w, "data"), &report);
    const char *said = e ? e->detail : doc_text_of(doc_at(doc_get(report, "faults"), 0), "path");
    if (!strstr(said, name))
        fail_msg("%s is not named: %s", name, said);
    assert_true(e || (!doc_bool_of(report, "is_restored") && doc_count(doc_get(report, "faults")) == 1));
    assert_true(folder_is_empty(place(w, "data"), ""));
}

WORLD_TEST(a_changed_byte_is_named)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    struct manifest m = { 0 };
    struct doc *report = NULL;
    scratch_make();
    make(w, place(w, "one"));
    must(manifest_read(world_arena(w), place(w, "one"), &m));
    assert_true(m.part_count > 1);
    for (size_t i = 0; i < m.part_count; i++) {
        const char *path = world_text(w, "%s/one/%s", scratch, m.parts[i].path);
        for (int at = -1; at <= 0; at++) {
            byte_turn(path, at);
            refused(w, m.parts[i].path);
            byte_turn(path, at);
        }
        const char *away = place(w, "away");
        rename(path, away);
        refused(w, m.parts[i].path);
        rename(away, path);
    }
    static const char *const names[] = { "manifest.json", "manifest.sha256" };
    for (size_t i = 0; i < 2; i++)
        for (int at = -1; at <= 0; at++) {
            byte_turn(world_text(w, "%s/one/%s", scratch, names[i]), at);
            refused(w, names[i]);
            byte_turn(world_text(w, "%s/one/%s", scratch, names[i]), at);
        }
    must(restore(w, place(w, "one"), place(w, "data"), &report));       /* and as it was, it is fine */
    assert_true(doc_bool_of(report, "is_restored"));
    assert_non_null(restore(w, place(w, "one"), place(w, "data"), &report));   /* never over what is there */
    folder_remove(scratch);
}

WORLD_TEST(what_is_damaged_before_is_said)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    struct manifest m = { 0 };
    struct doc *report = NULL;
    scratch_make();
    make(w, place(w, "one"));
    must(restore(w, place(w, "one"), place(w, "data"), &report));
    must(manifest_read(world_arena(w), place(w, "one"), &m));
    const char *path = m.parts[1].path;
    byte_turn(world_text(w, "%s/data/%s", scratch, path), -1);
    must(backup_make(world_arena(w), &(struct backup_ask){ place(w, "data/mandat.db"), place(w, "data/files"), place(w, "two"), world_now(w) }, &report));
    assert_int_equal(doc_count(doc_get(report, "faults")), 1);
    assert_string_equal(doc_text_of(doc_at(doc_get(report, "faults"), 0), "path"), path);
    assert_non_null(backup_make(world_arena(w), &(struct backup_ask){ place(w, "data/mandat.db"), place(w, "data/files"), place(w, "two"), world_now(w) }, &report));
    folder_remove(scratch);
}

/* The files and the manifest are ours, the dump is pg_dump's; the database that pg_restore filled is proved and gets its epoch. */
WORLD_TEST(postgresql_by_its_own_tool)
{
    if (world_kind(w) != DB_POSTGRESQL)
        return;
    struct doc *report = NULL;
    scratch_make();
    struct backup_ask ask = { world_address(w), world_app(w)->files, place(w, "one"), world_now(w) };
    struct err *e = backup_make(world_arena(w), &ask, &report);
    assert_non_null(e);
    assert_non_null(strstr(e->detail, "pg_dump --format=custom"));
    FILE *dump = fopen(place(w, "one/database.pgdump"), "w");
    fputs("dump", dump);
    fclose(dump);
    must(backup_make(world_arena(w), &ask, &report));
    int64_t entries = doc_int_of(report, "entries"), logs = doc_int_of(report, "logs");
    e = restore(w, place(w, "one"), place(w, "data"), &report);
    assert_non_null(e);
    assert_non_null(strstr(e->detail, "pg_restore"));
    must(backup_restore(world_arena(w), &(struct restore_ask){ place(w, "one"), place(w, "data"), world_address(w), "", world_now(w) }, &report));
    assert_true(doc_bool_of(report, "is_restored"));
    assert_int_equal(doc_int_of(report, "lost"), 0);
    assert_int_equal(world_number(w, "SELECT SUM(size) FROM journal_head"), entries + logs);
    folder_remove(scratch);
}

WORLD_MAIN("backup", WORLD_CASE(made_while_others_write), WORLD_CASE(epochs_follow_each_other), WORLD_CASE(a_changed_byte_is_named),
    WORLD_CASE(what_is_damaged_before_is_said), WORLD_CASE(postgresql_by_its_own_tool))
