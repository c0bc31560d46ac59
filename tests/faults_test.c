/* The disk is full, the commit fails, the database goes away: an honest answer, no false success, nothing half done, and it goes on when the fault
   ends. */
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "lib/proxy.h"
#include "lib/routes.h"
#include "mail/mail.h"
#include "mandate/journal.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define TICKETS "/p/froid-atlantique/tickets"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define HONEST "Rien n’a été enregistré"

/* ---- Help ---- */

static int64_t titled(struct world_test *w, const char *title) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket WHERE title = '%s'", title)); }

static struct answer *send_on(struct world_test *w, struct db *db, const struct world_request *ask) { return world_ask(w, world_arena(w), db, ask); }

/* What is written beyond this offset of any file fails, as on a full disk. 0: no limit any more. */
static void disk_limit(size_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* ---- Disk full ---- */

WORLD_TEST(an_upload_on_a_full_disk)
{
    char *bytes = arena_alloc(world_arena(w), 1000001);
    memset(bytes, 'x', 1000000);
    struct world_request ask = world_ticket_ask(w, "Plein", bytes);
    const char *before = world_state(w);
    disk_limit(100000);
    struct answer *page = send_on(w, world_db(w), &ask);
    disk_limit(0);
    assert_status(page, 503);
    assert_has(page, HONEST);
    assert_string_equal(before, world_state(w));
    assert_status(send_on(w, world_db(w), &ask), 303);
    assert_int_equal(titled(w, "Plein"), 1);
    assert_int_equal(world_files_left(w), 0);
}

/* Each page that the act writes to SQLite's log fails in turn, until there is room for all of them. */
WORLD_TEST(each_write_of_the_database_on_a_full_disk)
{
    struct stat log;
    int refused = 0, status = 503;
    if (world_kind(w) != DB_SQLITE)
        return;
    struct world_request ask = world_ticket_ask(w, "Serré", "06:50 -11,0");
    assert_int_equal(stat(world_text(w, "%s-wal", world_address(w)), &log), 0);
    const char *before = world_state(w);
    for (size_t room = 0; status == 503 && room < 1000000; room += 4096 + 24) {
        disk_limit((size_t)log.st_size + room + 1);
        struct answer *page = send_on(w, world_db(w), &ask);
        disk_limit(0);
        status = page->status;
        if (status != 503)
            break;
        refused++;
        assert_has(page, HONEST);
        assert_string_equal(before, world_state(w));
    }
    assert_int_equal(status, 303);
    assert_true(refused > 10);
    assert_int_equal(titled(w, "Serré"), 1);
    assert_int_equal(world_files_left(w), 0);
    assert_status(world_get(w, CLAIRE, TICKETS), 200);
    world_sound(w);
    print_message("%d writes failed in turn\n", refused);
}

/* ---- A commit that fails ---- */

/* A reference that is looked at no earlier than at the commit, broken by tickets of one title. */
static void commit_break(struct world_test *w, const char *title)
{
    world_run_sql(w, "CREATE TABLE late (person_id BIGINT REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED)");
    if (world_kind(w) == DB_SQLITE) {
        world_run_sql(w, world_text(w, "CREATE TRIGGER late_in AFTER INSERT ON ticket WHEN NEW.title = '%s' BEGIN INSERT INTO late VALUES (-1); END", title));
        return;
    }
    world_run_sql(w, "CREATE FUNCTION late_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO late VALUES (-1); RETURN NEW; END $$");
    world_run_sql(w, world_text(w, "CREATE TRIGGER late_in AFTER INSERT ON ticket FOR EACH ROW WHEN (NEW.title = '%s') EXECUTE FUNCTION late_in()", title));
}

static void commit_mend(struct world_test *w) { world_run_sql(w, world_kind(w) == DB_SQLITE ? "DROP TRIGGER late_in" : "DROP TRIGGER late_in ON ticket"); }

WORLD_TEST(a_commit_that_fails_leaves_neither_rows_nor_files)
{
    struct world_request ask = world_ticket_ask(w, "Condamné", world_text(w, "de justesse %d", (int)world_kind(w)));
    commit_break(w, "Condamné");
    const char *before = world_state(w);
    for (int i = 0; i < 3; i++) {
        struct answer *page = send_on(w, world_db(w), &ask);
        assert_true(page->status >= 400);
        assert_string_equal(before, world_state(w));
    }
    commit_mend(w);
    assert_status(send_on(w, world_db(w), &ask), 303);
    assert_int_equal(titled(w, "Condamné"), 1);
    assert_int_equal(world_number(w, "SELECT MAX(number) FROM journal WHERE org_id = " FORG), world_number(w, "SELECT size FROM journal_head WHERE org_id = " FORG));
    world_sound(w);
}

struct sender { struct world_test *w; struct db *db; struct arena arena; pthread_t thread; struct world_request ask; pthread_barrier_t *start; int status; };

static void *sender_run(void *arg)
{
    struct sender *s = arg;
    pthread_barrier_wait(s->start);
    s->status = world_ask(s->w, &s->arena, s->db, &s->ask)->status;
    arena_reset(&s->arena);
    return NULL;
}

/* Two acts with the same bytes, of which one does not come about: the other's are there, whoever was first. */
WORLD_TEST(bytes_that_another_act_has_kept_stay)
{
    enum { ROUNDS = 60 };
    struct sender s[2] = { 0 };
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    commit_break(w, "Condamné");
    for (int i = 0; i < 2; i++) {
        s[i] = (struct sender){ .w = w, .db = world_db_new(w, world_arena(w)), .start = &start };
        arena_init(&s[i].arena, (size_t)64 << 20);
    }
    for (int round = 0; round < ROUNDS; round++) {
        const char *bytes = world_text(w, "tour %d de la base %d", round, (int)world_kind(w));
        unsigned char hash[SECRET_HASH];
        for (int i = 0; i < 2; i++) {
            s[i].ask = world_ticket_ask(w, i ? "Condamné" : "Heureux", bytes);
            assert_int_equal(pthread_create(&s[i].thread, NULL, sender_run, &s[i]), 0);
        }
        for (int i = 0; i < 2; i++)
            pthread_join(s[i].thread, NULL);
        assert_int_equal(s[0].status, 303);
        assert_true(s[1].status >= 400);
        secret_sha256(hash, bytes, strlen(bytes));
        const char *hex = text_hex(world_arena(w), hash, sizeof hash);
        if (access(world_text(w, "%s/%.2s/%s", world_app(w)->files, hex, hex), R_OK) != 0)
            fail_msg("round %d: the bytes are gone", round);
    }
    assert_int_equal(titled(w, "Condamné"), 0);
    assert_int_equal(titled(w, "Heureux"), ROUNDS);
    for (int i = 0; i < 2; i++) {
        db_close(s[i].db);
        arena_free(&s[i].arena);
    }
    pthread_barrier_destroy(&start);
}

/* ---- The database goes away ---- */

/* Somebody else writes and does not end: SQLite's five seconds, then an answer. Reading goes on all the time. */
WORLD_TEST(another_program_that_keeps_writing)
{
    sqlite3 *other = NULL;
    if (world_kind(w) != DB_SQLITE)
        return;
    struct world_request ask = world_ticket_ask(w, "Attendre", "06:50");
    const char *before = world_state(w);
    assert_int_equal(sqlite3_open(world_address(w), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct answer *page = send_on(w, world_db(w), &ask);
    assert_status(page, 503);
    assert_has(page, HONEST);
    assert_status(world_get(w, CLAIRE, TICKETS), 200);
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    assert_string_equal(before, world_state(w));
    assert_status(send_on(w, world_db(w), &ask), 303);
}

/* The server ends our connection in the middle of the act. */
WORLD_TEST(a_connection_that_is_lost_within_the_act)
{
    if (world_kind(w) != DB_POSTGRESQL)
        return;
    struct world_request ask = world_ticket_ask(w, "Perdu", "perdu en route");
    world_run_sql(w, "CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END $$");
    world_run_sql(w, "CREATE TRIGGER lost AFTER INSERT ON mail FOR EACH ROW EXECUTE FUNCTION lost()");
    const char *before = world_state(w);
    struct answer *page = send_on(w, world_db(w), &ask);
    assert_status(page, 503);
    assert_has(page, HONEST);
    assert_string_equal(before, world_state(w));
    world_run_sql(w, "DROP TRIGGER lost ON mail");
    assert_status(send_on(w, world_db(w), &ask), 303);
    assert_int_equal(titled(w, "Perdu"), 1);
    world_sound(w);
}

static void admin_run(const char *sql)
{
    PGconn *admin = PQconnectdb(getenv("MANDAT_TEST_POSTGRESQL"));
    PQclear(PQexec(admin, sql));
    PQfinish(admin);
}

WORLD_TEST(a_database_that_takes_nobody_in)
{
    if (world_kind(w) != DB_POSTGRESQL)
        return;
    struct world_request ask = world_ticket_ask(w, "Absent", "absent");
    struct ctx c;
    int handled = 0;
    const char *before = world_state(w), *name = world_value(w, "SELECT current_database()");
    admin_run(world_text(w, "ALTER DATABASE %s ALLOW_CONNECTIONS false", name));
    admin_run(world_text(w, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name));
    for (int i = 0; i < 2; i++) {
        assert_status(world_get(w, CLAIRE, TICKETS), 503);
        assert_status(world_get(w, NULL, TICKETS ".json"), 503);
        struct answer *page = send_on(w, world_db(w), &ask);
        assert_status(page, 503);
        assert_has(page, HONEST);
    }
    world_ctx(w, &c);
    struct err *e = mail_send_due(&c, &(struct mail_settings){ "", "", "", "" }, 20, &handled);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_BUSY);
    admin_run(world_text(w, "ALTER DATABASE %s ALLOW_CONNECTIONS true", name));
    assert_status(world_get(w, CLAIRE, TICKETS), 200);
    assert_string_equal(before, world_state(w));
    assert_status(send_on(w, world_db(w), &ask), 303);
    assert_null(mail_send_due(&c, &(struct mail_settings){ "", "", "", "" }, 20, &handled));
}

/* The connection is lost at the commit, before or behind it: what is said is what is true, and sent again it is not done twice. */
WORLD_TEST(a_connection_that_is_lost_at_the_commit)
{
    if (world_kind(w) != DB_POSTGRESQL)
        return;
    struct proxy *p = proxy_open(world_address(w), world_app(w)->spool);
    struct store *store = NULL;
    struct db *db = NULL;
    assert_null(store_open(world_arena(w), world_text(w, "%s", p->address), &store));
    assert_null(db_open(store, world_arena(w), &db));
    for (int i = 0; i < 2; i++) {
        const char *title = i ? "Fait" : "Défait", *other = NULL;
        struct world_request ask = world_ticket_ask(w, title, world_text(w, "à la fin %d", i));
        int kept = world_files_kept(w);
        p->cut = i ? PROXY_CUT_BEHIND : PROXY_CUT_BEFORE;
        struct answer *page = send_on(w, db, &ask);
        assert_int_equal(p->cut, PROXY_WHOLE);
        assert_status(page, i ? 303 : 503);
        if (!i)
            assert_has(page, HONEST);
        assert_int_equal(titled(w, title), i);
        assert_int_equal(world_files_kept(w), kept + i);
        other = send_on(w, db, &ask)->location;
        assert_int_equal(titled(w, title), 1);
        assert_int_equal(world_files_kept(w), kept + 1);
        if (i)
            assert_string_equal(other, page->location);
    }
    world_sound(w);
    db_close(db);
    store_close(store);
    proxy_close(p);
}

/* Done or not, and nobody there to be asked: the answer does not claim to know. Sent again, it is done once. */
WORLD_TEST(x_8_a_connection_that_is_lost_at_the_commit_and_stays_away)
{
    if (world_kind(w) != DB_POSTGRESQL)
        return;
    struct proxy *p = proxy_open(world_address(w), world_app(w)->spool);
    struct store *store = NULL;
    struct db *db = NULL;
    assert_null(store_open(world_arena(w), world_text(w, "%s", p->address), &store));
    assert_null(db_open(store, world_arena(w), &db));
    for (int i = 0; i < 2; i++) {
        const char *title = i ? "Fait sans réponse" : "Perdu sans réponse";
        struct world_request ask = world_ticket_ask(w, title, world_text(w, "sans réponse %d", i));
        p->is_away = true;
        p->cut = i ? PROXY_CUT_BEHIND : PROXY_CUT_BEFORE;
        struct answer *page = send_on(w, db, &ask);
        assert_status(page, 503);
        assert_not(page, HONEST);
        assert_has(page, "cela a pu être fait ou non");
        assert_int_equal(titled(w, title), i);
        p->is_away = false;
        assert_status(send_on(w, db, &ask), 303);
        assert_int_equal(titled(w, title), 1);
    }
    world_sound(w);
    db_close(db);
    store_close(store);
    proxy_close(p);
}

WORLD_MAIN("faults",
    WORLD_CASE(an_upload_on_a_full_disk), WORLD_CASE(each_write_of_the_database_on_a_full_disk), WORLD_CASE(a_commit_that_fails_leaves_neither_rows_nor_files),
    WORLD_CASE(bytes_that_another_act_has_kept_stay), WORLD_CASE(another_program_that_keeps_writing), WORLD_CASE(a_connection_that_is_lost_within_the_act),
    WORLD_CASE(a_database_that_takes_nobody_in), WORLD_CASE(a_connection_that_is_lost_at_the_commit),
    WORLD_CASE(x_8_a_connection_that_is_lost_at_the_commit_and_stays_away))
