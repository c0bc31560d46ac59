/* What stands in a message: dates of the organization's own zone, and nothing that a stranger's words could turn into markup or a header. And when it
   is noted that it has left. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "lib/world.h"
#include "mail/mail.h"
#include "mail/smtp_toy.h"
#include "tpl/tpl.h"

static const struct tpl_source sources[] = {
#define SOURCE(name, text) { name, text, sizeof text - 1 }
    SOURCE("mail_day.txt", "Subject: {{title}}\n\n{{at|datetime}} {{title}}\n"),
    SOURCE("mail_day.html", "<p title=\"{{title}}\">{{at|datetime}}</p>"),
    { 0 },
};

static const char *written(struct world_test *w, const char *title, const char *column)
{
    static const struct tpl_lang langs[] = { { 0 } };
    struct ctx c;
    struct tpl_set *tpl = NULL;
    world_ctx(w, &c);
    assert_null(tpl_set_new(c.arena, sources, langs, &tpl));
    c.tpl = tpl;
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "title", title);
    doc_set_int(data, "at", INT64_C(1795354200000));     /* 22 November 2026, 13:30 UTC */
    const struct mail m = { .template = "mail_day", .to_email = "claire@bellerive.example", .to_name = title, .lang = "fr",
        .org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'") };
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(mail_queue(&c, &m, data));
    assert_null(db_commit(c.db, c.arena));
    return world_value(w, world_text(w, "SELECT %s FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_day' ORDER BY m.id DESC LIMIT 1", column));
}

WORLD_TEST(x_5_dates_are_of_the_organizations_zone)
{
    assert_non_null(strstr(written(w, "Un", "b.text"), "14:30"));
    world_run_sql(w, "UPDATE organization SET zone = 'America/Martinique' WHERE slug = 'froid-atlantique'");
    assert_non_null(strstr(written(w, "Un", "b.text"), "09:30"));
    assert_non_null(strstr(written(w, "Un", "b.html"), "09:30"));
}

WORLD_TEST(x_5_a_strangers_words_are_words)
{
    static const char evil[] = "\"><script>alert(1)</script><a href=x>\r\nBcc: all@evil.example";
    const char *html = written(w, evil, "b.html");
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "\">&lt;"));
    assert_non_null(strstr(html, "&lt;script&gt;"));
    assert_null(strpbrk(written(w, evil, "m.subject"), "\r\n"));
    assert_null(strpbrk(written(w, evil, "m.to_name"), "\r\n"));
}

/* ---- Leaving ---- */

struct quit { struct world_test *w; int count; char state[20]; };

static const char *state_now(struct world_test *w) { return world_value(w, "SELECT state FROM mail WHERE kind = 'mail_day'"); }

/* On the mail server's thread, while the sender waits for the answer. */
static void quit_seen(void *arg)
{
    struct quit *q = arg;
    q->count++;
    snprintf(q->state, sizeof q->state, "%s", state_now(q->w));
}

/* Whoever dies while it says goodbye, or waits for the answer to it, has noted the yes (docs/decisions/0012). */
WORLD_TEST(x_5_what_was_taken_is_noted_before_the_goodbye)
{
    struct quit q = { .w = w };
    struct toy *t = toy_open(0);
    struct ctx c;
    int handled = 0;
    t->at_quit = quit_seen;
    t->at_quit_arg = &q;
    toy_start(t);
    world_run_sql(w, "UPDATE mail SET state = 'sent' WHERE state = 'queued'");
    written(w, "Noté", "b.text");
    assert_string_equal(state_now(w), "queued");
    world_ctx(w, &c);
    assert_null(mail_send_due(&c, &(struct mail_settings){ .smtp_url = world_text(w, "smtp://127.0.0.1:%d", t->port), .smtp_user = "", .smtp_password = "", .from_email = "mandat@localhost" }, 20, &handled));
    toy_stop(t);
    assert_int_equal(handled, 1);
    assert_int_equal(q.count, 1);
    assert_string_equal(q.state, "sent");
    toy_free(t);
}

WORLD_MAIN("letter", WORLD_CASE(x_5_what_was_taken_is_noted_before_the_goodbye), WORLD_CASE(x_5_dates_are_of_the_organizations_zone), WORLD_CASE(x_5_a_strangers_words_are_words))
