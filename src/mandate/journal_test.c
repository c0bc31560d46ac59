/* The journal: one entry an act, in its transaction (M-3); whatever is changed in it by hand is named (M-4). */
#include <pthread.h>
#include "mandate/journal_test.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"        /* sees invoices alone */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define PORTAL "/p/froid-atlantique"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

enum { LOG = 77, OTHER_LOG = 78 };                       /* logs of the tests alone */

static int64_t entries(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM journal"); }
static int64_t size_of(struct world_test *w) { return world_number(w, "SELECT size FROM journal_head WHERE org_id = " FORG); }

static const char *ticket(struct world_test *w, const char *rest)
{
    return world_text(w, PORTAL "/tickets/%s%s", world_value(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " FORG), rest);
}

/* ---- M-3 ---- */

WORLD_TEST(m_3_an_act_leaves_one_entry)
{
    int64_t before = entries(w), size = size_of(w);
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), "body=Toujours+en+panne."), 303);
    assert_int_equal(entries(w), before + 1);
    assert_int_equal(size_of(w), size + 1);
    struct entry e;
    fine(entry_read(world_arena(w), world_value(w, world_text(w, "SELECT entry FROM journal WHERE number = %lld AND org_id = " FORG, (long long)size + 1)), &e));
    assert_int_equal(e.log, world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"));
    assert_int_equal(e.number, size + 1);
    assert_int_equal(e.at_ms, world_now(w));
    assert_int_equal(e.person_id, world_number(w, "SELECT id FROM person WHERE email = '" CLAIRE "'"));
    assert_int_equal(e.for_client_id, world_number(w, "SELECT client_id FROM contact WHERE email = '" CLAIRE "'"));
    assert_int_equal(e.mandate_id, world_number(w, "SELECT m.id FROM mandate m JOIN contact c ON c.org_id = m.org_id AND c.id = m.holder_contact_id "
        "WHERE c.email = '" CLAIRE "' AND m.kind = 'access' AND m.detail = 'tickets' AND m.state = 'active'"));
    assert_string_equal(e.action, "ticket_comment");
    assert_string_equal(e.object_kind, "ticket");
    assert_int_equal(e.object_id, world_number(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " FORG));
    assert_string_equal(e.outcome, "done");
    assert_int_equal(strlen(e.payload), 64);
    assert_non_null(strstr(world_value(w, world_text(w, "SELECT payload FROM journal_payload WHERE number = %lld AND org_id = " FORG, (long long)size + 1)), "192.0.2.7"));
    sound(w);
}

WORLD_TEST(m_3_an_act_on_oneself_is_in_the_servers_log)
{
    assert_status(world_post(w, CLAIRE, "/sign-out", ""), 303);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = 0"), "sign_out");
    assert_int_equal(size_of(w), 1);
    sound(w);
}

WORLD_TEST(m_3_a_refused_act_leaves_none)
{
    int64_t before = entries(w), size = size_of(w);
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), "body="), 422);
    assert_status(world_post(w, SOPHIE, ticket(w, "/comments"), "body=Bonjour"), 403);
    assert_status(world_post(w, CLAIRE, PORTAL "/tickets/4711/comments", "body=Bonjour"), 404);
    assert_status(world_post(w, CLAIRE, PORTAL "/tickets", "title=X&type_id=1&priority_id=1&description=Y"), 422);
    assert_status(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, ticket(w, "/resolve"), "application/x-www-form-urlencoded", "form_token=a.b", 14), 403);
    assert_status(world_get(w, CLAIRE, ticket(w, "")), 200);
    assert_int_equal(entries(w), before);
    assert_int_equal(size_of(w), size);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal_payload"), 0);
    const char *body = world_text(w, "form_token=%s&body=Une+fois.", world_token(w, CLAIRE));
    for (int i = 0; i < 3; i++)
        assert_status(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, ticket(w, "/comments"), "application/x-www-form-urlencoded", body, strlen(body)), 303);
    assert_int_equal(entries(w), before + 1);
    assert_int_equal(size_of(w), size + 1);
    sound(w);
}

/* What fails as late as can be, behind the entry itself: neither act nor entry nor a gap in the numbers. */
WORLD_TEST(m_3_what_fails_at_the_very_end_leaves_no_gap)
{
    bool is_sqlite = world_kind(w) == DB_SQLITE;
    int64_t readers = 0;                  /* of the ticket: each gets a mail for each comment */
    if (!is_sqlite)
        world_run_sql(w, "CREATE FUNCTION head_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$");
    for (int i = 1; i <= 3; i++) {
        world_run_sql(w, is_sqlite ? "CREATE TRIGGER head_late BEFORE UPDATE OF hash ON journal_head BEGIN SELECT RAISE(ABORT, 'not now'); END"
            : "CREATE TRIGGER head_late BEFORE UPDATE OF hash ON journal_head FOR EACH ROW EXECUTE FUNCTION head_refuse()");
        struct answer *late = world_post(w, CLAIRE, ticket(w, "/comments"), "body=Trop+tard.");
        assert_true(late->status >= 400);
        world_run_sql(w, is_sqlite ? "DROP TRIGGER head_late" : "DROP TRIGGER head_late ON journal_head");
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM comment WHERE body = 'Trop tard.'"), 0);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), (i - 1) * readers);
        assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), world_text(w, "body=Juste+%d.", i)), 303);
        readers = i == 1 ? world_number(w, "SELECT COUNT(*) FROM mail") : readers;
        assert_true(readers > 0);
        assert_int_equal(size_of(w), 1 + i);
        assert_int_equal(world_number(w, "SELECT MAX(number) FROM journal WHERE org_id = " FORG), 1 + i);
    }
    sound(w);
}

WORLD_TEST(m_3_what_is_too_long_is_refused_and_never_cut)
{
    struct ctx c;
    char *large = arena_alloc(world_arena(w), 70001);
    memset(large, 'x', 70000);
    for (int i = 0; i < 2; i++) {
        world_ctx(w, &c);
        c.who.org_id = LOG;
        c.journal = (struct journal_draft){ .action = "client_update", .is_wanted = true, .reason = i ? large : NULL };
        if (!i)
            journal_text(&c, "notes", large);
        fine(db_begin(c.db, c.arena, DB_WRITE));
        struct err *e = journal_write(&c);
        assert_non_null(e);
        assert_int_equal(e->code, ERR_INTERNAL);
        db_rollback(c.db);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal_head WHERE org_id = 77"), 0);
}

/* ---- Two at once ---- */

struct writer { struct world_test *w; struct db *db; struct arena arena; pthread_t thread; };

static void *writer_run(void *arg)
{
    struct writer *own = arg;
    for (int i = 0; i < 100; i++) {
        struct ctx c;
        world_ctx(own->w, &c);
        c.db = own->db;
        c.arena = &own->arena;
        c.who.org_id = LOG;
        c.journal = (struct journal_draft){ .action = "ticket_comment", .is_wanted = true };
        journal_number(&c, "i", i);
        if (db_begin(c.db, c.arena, DB_WRITE) || journal_write(&c))
            return NULL;
        if (i % 7 == 3)
            db_rollback(c.db);
        else if (db_commit(c.db, c.arena))
            return NULL;
        c.journal.payload = NULL;
        arena_reset(&own->arena);
    }
    return own;
}

WORLD_TEST(m_3_two_at_once_leave_no_gap_in_a_log_that_is_new)
{
    struct writer writers[2] = { 0 };
    for (int i = 0; i < 2; i++) {
        writers[i].w = w;
        arena_init(&writers[i].arena, (size_t)64 << 20);
        writers[i].db = world_db_new(w, world_arena(w));
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&writers[i].thread, NULL, writer_run, &writers[i]), 0);
    for (int i = 0; i < 2; i++) {
        void *whole = NULL;
        pthread_join(writers[i].thread, &whole);
        assert_non_null(whole);
        db_close(writers[i].db);
        arena_free(&writers[i].arena);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE org_id = 77"), 172);
    assert_int_equal(world_number(w, "SELECT MAX(number) FROM journal WHERE org_id = 77"), 172);
    sound(w);
}

/* ---- M-4: what may not be done, and what shows where it was ---- */

WORLD_TEST(m_4_the_tables_refuse_to_be_changed)
{
    log_fill(w, LOG, 3);
    static const char *const changes[] = { "UPDATE journal SET action = 'x'", "UPDATE journal SET at = at + 1 WHERE org_id = 77", "DELETE FROM journal",
        "DELETE FROM journal WHERE org_id = 77 AND number = 3", "UPDATE journal_payload SET payload = '{}'", "UPDATE journal_payload SET salt = salt WHERE org_id = 77" };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        assert_non_null(strstr(world_try(w, changes[i]), "append-only"));
    if (world_kind(w) == DB_POSTGRESQL)
        assert_non_null(strstr(world_try(w, "TRUNCATE journal"), "append-only"));
    sound(w);
}

static const char *quoted(struct world_test *w, const char *text)
{
    struct buf out;
    buf_init(&out, world_arena(w), 40000);
    buf_char(&out, '\'');
    for (const char *p = text; *p; p++)
        buf_printf(&out, *p == '\'' ? "''" : "%c", *p);
    buf_char(&out, '\'');
    return buf_end(&out);
}

static void column_put(struct world_test *w, const char *table, int number, const char *column, const char *value)
{
    world_run_sql(w, world_text(w, "UPDATE %s SET %s = %s WHERE org_id = 77 AND number = %d", table, column, value, number));
}

/* Each byte of a text in turn, and it back again. */
static void text_bytes(struct world_test *w, const char *table, int number, const char *column)
{
    const char *text = world_value(w, world_text(w, "SELECT %s FROM %s WHERE org_id = 77 AND number = %d", column, table, number));
    for (size_t i = 0; text[i]; i++) {
        char *changed = arena_text(world_arena(w), text);
        changed[i] ^= 1;
        column_put(w, table, number, column, quoted(w, changed));
        named(w, LOG, number, world_text(w, "%s byte %zu", column, i));
    }
    column_put(w, table, number, column, quoted(w, arena_printf(world_arena(w), "%s ", text)));
    named(w, LOG, number, "one more space");
    column_put(w, table, number, column, "''");
    named(w, LOG, number, "emptied");
    column_put(w, table, number, column, quoted(w, text));
}

static const char *bytes_literal(struct world_test *w, const char *hex)
{
    return world_kind(w) == DB_SQLITE ? world_text(w, "x'%s'", hex) : world_text(w, "'\\x%s'", hex);
}

static void blob_bytes(struct world_test *w, const char *table, int number, const char *column)
{
    bool is_sqlite = world_kind(w) == DB_SQLITE;
    const char *hex = world_value(w, world_text(w, "SELECT %s(%s%s) FROM %s WHERE org_id = 77 AND number = %d", is_sqlite ? "hex" : "encode", column,
        is_sqlite ? "" : ", 'hex'", table, number));
    for (size_t i = 0; hex[i]; i++) {
        char *changed = arena_text(world_arena(w), hex);
        changed[i] = changed[i] == '7' ? 'A' : '7';
        column_put(w, table, number, column, bytes_literal(w, changed));
        named(w, LOG, number, world_text(w, "%s digit %zu", column, i));
    }
    column_put(w, table, number, column, bytes_literal(w, world_text(w, "%s00", hex)));
    named(w, LOG, number, "one more byte");
    column_put(w, table, number, column, bytes_literal(w, hex));
}

WORLD_TEST(m_4_any_byte_of_any_column_is_named)
{
    log_fill(w, LOG, 12);
    journal_open_up(w);
    sound(w);
    text_bytes(w, "journal", 5, "entry");
    text_bytes(w, "journal", 5, "action");
    text_bytes(w, "journal", 5, "object_kind");
    blob_bytes(w, "journal", 5, "hash");
    blob_bytes(w, "journal", 12, "hash");
    blob_bytes(w, "journal_payload", 5, "salt");
    text_bytes(w, "journal_payload", 5, "payload");
    static const char *const numbers[] = { "at", "object_id", "mandate_id" };
    for (int i = 0; i < 3; i++)
        for (int bit = 0; bit < 48; bit++) {
            const char *change = world_text(w, "(%s | (CAST(1 AS BIGINT) << %d)) - (%s & (CAST(1 AS BIGINT) << %d))", numbers[i], bit, numbers[i], bit);
            column_put(w, "journal", 5, numbers[i], change);
            named(w, LOG, 5, world_text(w, "%s bit %d", numbers[i], bit));
            column_put(w, "journal", 5, numbers[i], change);
        }
    sound(w);
    static const char *const moved[] = { "org_id = 78", "org_id = -1", "number = 400", "number = -5", "org_id = 0, number = 1" };
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        world_run_sql(w, world_text(w, "UPDATE journal SET %s WHERE org_id = 77 AND number = 5", moved[i]));
        named(w, LOG, 5, moved[i]);
        world_run_sql(w, "UPDATE journal SET org_id = 77, number = 5 WHERE (org_id = 77 AND number NOT BETWEEN 1 AND 12) OR org_id IN (78, 0, -1)");
        sound(w);
    }
    if (world_kind(w) == DB_SQLITE) {   /* PostgreSQL keeps no NUL in a text */
        column_put(w, "journal", 5, "entry", "entry || char(0) || 'behind'");
        named(w, LOG, 5, "behind a NUL");
        column_put(w, "journal", 5, "entry", "substr(entry, 1, instr(entry, char(0)) - 1)");
        column_put(w, "journal_payload", 5, "payload", "payload || char(0)");
        named(w, LOG, 5, "a NUL behind the payload");
    }
}

/* An entry whose columns, bytes and hash all say the same, but not what was written. */
WORLD_TEST(m_4_a_row_written_anew_with_its_hash_is_named_by_the_next)
{
    log_fill(w, LOG, 12);
    journal_open_up(w);
    for (int number = 5; number <= 12; number += 7) {
        struct entry e;
        struct buf bytes;
        unsigned char hash[SECRET_HASH];
        fine(entry_read(world_arena(w), world_value(w, world_text(w, "SELECT entry FROM journal WHERE org_id = 77 AND number = %d", number)), &e));
        e.person_id = 4711;
        buf_init(&bytes, world_arena(w), ENTRY_MOST);
        entry_bytes(&e, &bytes);
        entry_hash(hash, buf_end(&bytes), bytes.len);
        column_put(w, "journal", number, "entry", quoted(w, buf_end(&bytes)));
        column_put(w, "journal", number, "hash", bytes_literal(w, text_hex(world_arena(w), hash, sizeof hash)));
        named(w, LOG, number == 12 ? 12 : 6, "the link is broken");
    }
}

WORLD_TEST(m_4_rows_that_go_come_or_change_places_are_named)
{
    log_fill(w, LOG, 12);
    journal_open_up(w);
    world_run_sql(w, "CREATE TABLE kept AS SELECT * FROM journal WHERE org_id = 77");
    const char *anew = "INSERT INTO journal SELECT * FROM kept";
    static const struct { const char *change; int number; } changes[] = {
        { "DELETE FROM journal WHERE org_id = 77 AND number = 1", 1 },
        { "DELETE FROM journal WHERE org_id = 77 AND number = 6", 6 },
        { "DELETE FROM journal WHERE org_id = 77 AND number = 12", 12 },
        { "DELETE FROM journal WHERE org_id = 77 AND number BETWEEN 4 AND 9", 4 },
        { "DELETE FROM journal WHERE org_id = 77", 1 },
        { "UPDATE journal SET number = CASE number WHEN 4 THEN -9 ELSE -4 END WHERE org_id = 77 AND number IN (4, 9)", 4 },
        { "INSERT INTO journal SELECT org_id, 13, at, action, object_kind, object_id, mandate_id, entry, hash FROM kept WHERE number = 12", 13 },
        { "INSERT INTO journal SELECT org_id, 40, at, action, object_kind, object_id, mandate_id, entry, hash FROM kept WHERE number = 12", 40 },
        { "INSERT INTO journal SELECT org_id, 0, at, action, object_kind, object_id, mandate_id, entry, hash FROM kept WHERE number = 12", 0 },
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        world_run_sql(w, changes[i].change);
        world_run_sql(w, "UPDATE journal SET number = -number WHERE org_id = 77 AND number < 0");
        named(w, LOG, changes[i].number, changes[i].change);
        if (i == 5)
            named(w, LOG, 9, changes[i].change);
        world_run_sql(w, "DELETE FROM journal WHERE org_id = 77");
        world_run_sql(w, anew);
        sound(w);
    }
}

/* One more entry, chained as it should be, by somebody who forgot the head; and one who remembered it but not the chain. */
WORLD_TEST(m_4_a_row_appended_by_hand_is_named)
{
    log_fill(w, LOG, 3);
    const char *size = world_value(w, "SELECT size FROM journal_head WHERE org_id = 77");
    world_run_sql(w, "CREATE TABLE kept AS SELECT * FROM journal_head WHERE org_id = 77");
    log_fill(w, LOG, 1);
    world_run_sql(w, world_text(w, "UPDATE journal_head SET size = %s, hash = (SELECT hash FROM kept) WHERE org_id = 77", size));
    named(w, LOG, 4, "behind the head");
    world_run_sql(w, "UPDATE journal_head SET size = 4 WHERE org_id = 77");
    named(w, LOG, 4, "the head's hash");
    world_run_sql(w, "UPDATE journal_head SET hash = (SELECT hash FROM journal WHERE org_id = 77 AND number = 4) WHERE org_id = 77");
    sound(w);
    world_run_sql(w, "UPDATE journal_head SET size = 6 WHERE org_id = 77");
    named(w, LOG, 5, "a head that is ahead");
    world_run_sql(w, "DELETE FROM journal_head WHERE org_id = 77");
    named(w, LOG, 4, "no head");
    world_run_sql(w, "INSERT INTO journal_head SELECT 79, 4, hash FROM kept");
    named(w, 79, 1, "a head alone");
    world_run_sql(w, "UPDATE journal_head SET org_id = 77 WHERE org_id = 79");
    named(w, LOG, 4, "the head of another time");
}

/* ---- Payloads ---- */

static void erase(struct world_test *w, int64_t log, int64_t number)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who.person_id = 2001;
    fine(db_begin(c.db, c.arena, DB_WRITE));
    fine(journal_erase(&c, log, number));
    fine(db_commit(c.db, c.arena));
}

WORLD_TEST(m_4_a_payload_is_erased_by_an_entry_and_by_nothing_else)
{
    log_fill(w, LOG, 12);
    log_fill(w, OTHER_LOG, 12);
    erase(w, LOG, 5);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal_payload WHERE org_id = 77 AND number = 5"), 0);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = 77 AND number = 13"), "journal_erase");
    struct entry e;
    fine(entry_read(world_arena(w), world_value(w, "SELECT entry FROM journal WHERE org_id = 77 AND number = 13"), &e));
    assert_string_equal(e.object_kind, "journal");
    assert_int_equal(e.object_id, 5);
    assert_int_equal(e.person_id, 2001);
    sound(w);
    world_run_sql(w, "DELETE FROM journal_payload WHERE org_id = 78 AND number = 5");          /* erased in the log beside, not here */
    named(w, OTHER_LOG, 5, "deleted by hand");
    world_run_sql(w, "DELETE FROM journal_payload WHERE org_id = 77 AND number = 7");
    named(w, LOG, 7, "deleted by hand");
}

WORLD_TEST(m_4_a_payload_moved_or_made_up_is_named)
{
    log_fill(w, LOG, 12);
    journal_open_up(w);
    world_run_sql(w, "INSERT INTO journal_payload SELECT org_id, 3, salt, payload FROM journal_payload WHERE org_id = 77 AND number = 5");
    named(w, LOG, 3, "a payload for an entry that had none");
    world_run_sql(w, "UPDATE journal_payload SET number = 13 WHERE org_id = 77 AND number = 3");
    named(w, LOG, 13, "a payload without an entry");
    world_run_sql(w, "UPDATE journal_payload SET org_id = 91 WHERE org_id = 77 AND number = 13");
    named(w, 91, 13, "a payload in a log that is not there");
    world_run_sql(w, "DELETE FROM journal_payload WHERE org_id = 91");
    sound(w);
    world_run_sql(w, "UPDATE journal_payload SET number = -number WHERE org_id = 77 AND number IN (5, 7)");
    world_run_sql(w, "UPDATE journal_payload SET number = 12 + number WHERE org_id = 77 AND number IN (-5, -7)");
    named(w, LOG, 5, "changed places");
    named(w, LOG, 7, "changed places");
}

WORLD_TEST(m_4_an_entry_whose_payload_is_gone_cannot_be_erased_again)
{
    struct ctx c;
    log_fill(w, LOG, 12);
    erase(w, LOG, 5);
    world_ctx(w, &c);
    for (int number = 3; number <= 5; number += 2) {   /* the one never had a payload, the other has none any more */
        fine(db_begin(c.db, c.arena, DB_WRITE));
        struct err *e = journal_erase(&c, LOG, number);
        assert_non_null(e);
        assert_int_equal(e->code, ERR_NOT_FOUND);
        db_rollback(c.db);
    }
    assert_int_equal(world_number(w, "SELECT size FROM journal_head WHERE org_id = 77"), 13);
}

/* More than the walk takes at a time; the rows on both sides of each seam. */
WORLD_TEST(m_4_a_long_log_is_walked_to_its_end)
{
    log_fill(w, LOG, 1203);
    sound(w);
    journal_open_up(w);
    static const int numbers[] = { 1, 500, 501, 1000, 1001, 1203 };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        column_put(w, "journal", numbers[i], "at", "at + 1");
        named(w, LOG, numbers[i], "at");
        column_put(w, "journal", numbers[i], "at", "at - 1");
    }
    sound(w);
    world_run_sql(w, "UPDATE journal SET mandate_id = mandate_id + 1 WHERE org_id = 77");
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    const struct doc *report = verify(w, &a);
    assert_int_equal(doc_count(doc_get(report, "faults")), 100);      /* and no more than that */
    arena_free(&a);
}

WORLD_MAIN("journal",
    WORLD_CASE(m_3_an_act_leaves_one_entry), WORLD_CASE(m_3_an_act_on_oneself_is_in_the_servers_log), WORLD_CASE(m_3_a_refused_act_leaves_none),
    WORLD_CASE(m_3_what_fails_at_the_very_end_leaves_no_gap), WORLD_CASE(m_3_what_is_too_long_is_refused_and_never_cut),
    WORLD_CASE(m_3_two_at_once_leave_no_gap_in_a_log_that_is_new), WORLD_CASE(m_4_the_tables_refuse_to_be_changed),
    WORLD_CASE(m_4_any_byte_of_any_column_is_named), WORLD_CASE(m_4_a_row_written_anew_with_its_hash_is_named_by_the_next),
    WORLD_CASE(m_4_rows_that_go_come_or_change_places_are_named), WORLD_CASE(m_4_a_row_appended_by_hand_is_named),
    WORLD_CASE(m_4_a_payload_is_erased_by_an_entry_and_by_nothing_else), WORLD_CASE(m_4_a_payload_moved_or_made_up_is_named),
    WORLD_CASE(m_4_an_entry_whose_payload_is_gone_cannot_be_erased_again), WORLD_CASE(m_4_a_long_log_is_walked_to_its_end))
