/* A file that goes with a message (L-7): once, as it is, in a part of its own behind both texts; and gone with it. */
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"
#include "mail/mail.h"
#include "mail/smtp_toy.h"
#include "tpl/tpl.h"

static const struct tpl_source sources[] = {
#define SOURCE(name, text) { name, text, sizeof text - 1 }
    SOURCE("mail_entry.txt", "Subject: {{title}}\n\n{{title}}\n"),
    SOURCE("mail_entry.html", "<p>{{title}}</p>"),
    { 0 },
};
static const char entry[] = "BEGIN:VCALENDAR\r\nSUMMARY:.\r\n.\r\nEND:VCALENDAR\r\n";

/* A context that knows this one message, and nothing waits but what is queued here. */
static struct ctx entry_queue(struct world_test *w, const struct mail_file *file)
{
    static const struct tpl_lang langs[] = { { 0 } };
    struct ctx c;
    struct tpl_set *tpl = NULL;
    world_run_sql(w, "UPDATE mail SET state = 'sent' WHERE state = 'queued'");
    world_ctx(w, &c);
    must(tpl_set_new(c.arena, sources, langs, &tpl));
    c.tpl = tpl;
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "title", "Intervention planifiée");
    const struct mail m = { .template = "mail_entry", .to_email = "claire@bellerive.example", .to_name = "Claire", .lang = "fr", .file = file };
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(mail_queue(&c, &m, data));
    must(db_commit(c.db, c.arena));
    return c;
}

static int entry_send(struct world_test *w, struct ctx *c, int port)
{
    const struct mail_settings settings = { port ? world_text(w, "smtp://127.0.0.1:%d", port) : "", "", "", "mandat@sillage.example" };
    int handled = -1;
    must(mail_send_due(c, &settings, 20, &handled));
    return handled;
}

static const struct mail_file file = { "I-1192.ics", "text/calendar; charset=utf-8; method=PUBLISH", entry };

WORLD_TEST(l_7_a_file_goes_with_its_message)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    struct ctx c = entry_queue(w, &file);
    assert_int_equal(entry_send(w, &c, t->port), 1);
    assert_int_equal(entry_send(w, &c, t->port), 0);
    toy_stop(t);
    assert_int_equal(t->count, 1);
    const char *letter = t->letters[0], *mixed = strcasestr(letter, "Content-Type: multipart/mixed; boundary=");
    assert_true(mixed && mixed < strstr(letter, "\r\n\r\n"));
    const char *both = strstr(letter, "Content-Type: multipart/alternative; boundary="), *text = strstr(letter, "Content-Type: text/plain; charset=utf-8"),
        *html = strstr(letter, "Content-Type: text/html; charset=utf-8"), *part = strstr(letter, "Content-Type: text/calendar; charset=utf-8; method=PUBLISH");
    assert_true(both && text && html && part && both < text && text < html && html < part);
    assert_non_null(strstr(letter, "Content-Disposition: attachment; filename=\"I-1192.ics\""));
    assert_non_null(strstr(part, "\r\n\r\nQkVHSU46VkNBTEVOREFSDQpTVU1NQVJZOi4NCi4NCkVORDpWQ0FMRU5EQVINCg==\r\n"));
    toy_free(t);
}

WORLD_TEST(l_7_a_message_without_a_file_is_as_before)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    struct ctx c = entry_queue(w, NULL);
    assert_int_equal(entry_send(w, &c, t->port), 1);
    toy_stop(t);
    assert_non_null(strcasestr(t->letters[0], "Content-Type: multipart/alternative; boundary="));
    assert_null(strstr(t->letters[0], "multipart/mixed"));
    toy_free(t);
}

WORLD_TEST(l_7_a_file_is_gone_with_its_message)
{
    struct ctx c = entry_queue(w, &file);
    int64_t gone = 0;
    assert_int_equal(entry_send(w, &c, 0), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_file f JOIN mail m ON m.id = f.mail_id WHERE m.kind = 'mail_entry'"), 1);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(mail_purge(&c, "sent", c.now_ms + CLOCK_DAY_MS, 10000, &gone));
    must(db_commit(c.db, c.arena));
    assert_true(gone > 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_file"), 0);
}

WORLD_TEST(l_7_what_is_too_large_is_refused)
{
    struct ctx c;
    char *text = arena_alloc(world_arena(w), MAIL_FILE_MOST + 2);
    memset(text, 'a', MAIL_FILE_MOST + 1);
    text[MAIL_FILE_MOST + 1] = '\0';
    c = entry_queue(w, &file);
    const struct mail_file large = { "a.ics", "text/calendar", text };
    must(db_begin(c.db, c.arena, DB_WRITE));
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "title", "a");
    assert_non_null(mail_queue(&c, &(struct mail){ .template = "mail_entry", .to_email = "claire@bellerive.example", .to_name = "", .lang = "fr", .file = &large }, data));
    db_rollback(c.db);
}

WORLD_MAIN("mail_file", WORLD_CASE(l_7_a_file_goes_with_its_message), WORLD_CASE(l_7_a_message_without_a_file_is_as_before), WORLD_CASE(l_7_a_file_is_gone_with_its_message),
    WORLD_CASE(l_7_what_is_too_large_is_refused))
