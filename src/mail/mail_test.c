/* X-5 from the queue to the wire: a mail server of a few lines on the loopback takes what is sent; on both databases. */
#include "lib/world.h"
#include <ctype.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/mail.h"
#include "mail/smtp_toy.h"
#include "tpl/tpl.h"

/* ---- Help ---- */

static const struct tpl_source sources[] = {
#define SOURCE(name, text) { name, text, sizeof text - 1 }
    SOURCE("mail_probe.txt", "Subject: {{title}}\n\nBonjour {{to_name}},\n\n.un point en tête, et ça : {{title}}\n{{link}}\n"),
    SOURCE("mail_probe.html", "<!doctype html><p>Bonjour {{to_name}}, <a href=\"{{link}}\">{{title}}</a></p>"),
    { 0 },
};

static struct ctx probe_ctx(struct world_test *w)
{
    static const struct tpl_lang langs[] = { { 0 } };
    struct ctx c;
    struct tpl_set *tpl = NULL;
    world_ctx(w, &c);
    must(tpl_set_new(c.arena, sources, langs, &tpl));
    c.tpl = tpl;
    return c;
}

static int64_t froid_id(struct world_test *w) { return world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"); }

/* Nothing waits but what a test queues. */
static void mails_clear(struct world_test *w) { world_run_sql(w, "UPDATE mail SET state = 'sent' WHERE state = 'queued'"); }

static void probe_queue(struct world_test *w, const char *title, const char *to_name, int64_t link_id)
{
    struct ctx c = probe_ctx(w);
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "title", title);
    const struct mail m = { .template = "mail_probe", .to_email = "claire@bellerive.example", .to_name = to_name, .lang = "en", .org_id = froid_id(w),
        .link_id = link_id };
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(mail_queue(&c, &m, data));
    must(db_commit(c.db, c.arena));
}

static int send_to(struct world_test *w, const char *smtp_url)
{
    struct ctx c = probe_ctx(w);
    const struct mail_settings settings = { smtp_url, "", "", "mandat@sillage.example" };
    int handled = -1;
    must(mail_send_due(&c, &settings, 20, &handled));
    assert_false(db_in_transaction(c.db));
    return handled;
}

static int send_port(struct world_test *w, int port) { return send_to(w, world_text(w, "smtp://127.0.0.1:%d", port)); }

static const char *probe(struct world_test *w, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM mail WHERE kind = 'mail_probe' ORDER BY id DESC LIMIT 1", column));
}

/* The value of a header, unfolded; "" where there is none. The text part's own headers come behind those of the message. */
static const char *header(struct world_test *w, const char *letter, const char *name)
{
    letter = world_text(w, "\r\n%s", letter);
    const char *at = strcasestr(letter, world_text(w, "\r\n%s: ", name)), *end = strstr(letter, "\r\n\r\n");
    if (!at || at > end)
        return "";
    at += strlen(name) + 4;
    const char *stop = strstr(at, "\r\n");
    while (stop[2] == ' ' || stop[2] == '\t')
        stop = strstr(stop + 2, "\r\n");
    return arena_copy(world_arena(w), at, (size_t)(stop - at));
}

static unsigned base64_digit(char ch)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, ch);
    return at && ch ? (unsigned)(at - digits) : 0;
}

/* Encoded words (RFC 2047, B) as the reader sees them; white space between two of them is none. */
static const char *words_read(struct world_test *w, const char *value)
{
    struct buf out;
    buf_init(&out, world_arena(w), 4096);
    for (const char *at = value; (at = strstr(at, "=?UTF-8?B?"));)
        for (at += 10; *at && *at != '?'; at += 4) {
            unsigned bits = base64_digit(at[0]) << 18 | base64_digit(at[1]) << 12 | base64_digit(at[2]) << 6 | base64_digit(at[3]);
            for (int i = 0; i < 3 - (at[2] == '=') - (at[3] == '='); i++)
                buf_char(&out, (char)(bits >> (16 - 8 * i)));
        }
    return buf_end(&out);
}

/* What stands behind the headers, its parts decoded. */
static const char *quoted_read(struct world_test *w, const char *letter)
{
    char *out = arena_text(world_arena(w), strstr(letter, "\r\n\r\n")), *to = out;
    for (const char *at = out; *at; at++)
        if (at[0] == '=' && strncmp(at + 1, "\r\n", 2) == 0) {
            at += 2;
        } else if (at[0] == '=' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2])) {
            *to++ = (char)strtol((char[]){ at[1], at[2], 0 }, NULL, 16);
            at += 2;
        } else {
            *to++ = *at;
        }
    *to = '\0';
    return out;
}

/* ---- Sent ---- */

WORLD_TEST(x_5_a_message_arrives_once_with_both_parts)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    mails_clear(w);
    probe_queue(w, "Chambre froide", "Claire Delmas", 0);
    assert_int_equal(send_port(w, t->port), 1);
    assert_int_equal(send_port(w, t->port), 0);
    toy_stop(t);
    assert_int_equal(t->count, 1);
    const char *letter = t->letters[0];
    assert_string_equal(header(w, letter, "Subject"), "Chambre froide");
    assert_string_equal(header(w, letter, "From"), "\"Froid Atlantique\" <mandat@sillage.example>");
    assert_string_equal(header(w, letter, "To"), "\"Claire Delmas\" <claire@bellerive.example>");
    assert_string_equal(header(w, letter, "Message-ID"), world_text(w, "<%s@sillage.example>", probe(w, "id")));
    assert_string_equal(header(w, letter, "Auto-Submitted"), "auto-generated");
    assert_string_equal(header(w, letter, "Content-Language"), "en");
    assert_non_null(strstr(header(w, letter, "Content-Type"), "multipart/alternative"));
    const char *read = quoted_read(w, letter), *text = strstr(read, "text/plain; charset=utf-8"), *html = strstr(read, "text/html; charset=utf-8");
    assert_true(text && html && text < html);
    assert_non_null(strstr(text, "\r\nBonjour Claire Delmas,\r\n\r\n..un point en tête, et ça : Chambre froide\r\n"));   /* the dot doubled on the way */
    assert_non_null(strstr(html, "<p>Bonjour Claire Delmas, "));
    assert_string_equal(probe(w, "state"), "sent");
    assert_string_equal(probe(w, "sent_at"), world_text(w, "%lld", (long long)world_now(w)));
    toy_free(t);
}

WORLD_TEST(x_5_what_is_rolled_back_is_never_sent)
{
    struct ctx c = probe_ctx(w);
    struct doc *data = doc_map(c.arena);
    doc_set_text(data, "title", "Jamais");
    const struct mail m = { .template = "mail_probe", .to_email = "claire@bellerive.example", .to_name = "", .lang = "fr" };
    mails_clear(w);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(mail_queue(&c, &m, data));
    db_rollback(c.db);
    assert_int_equal(send_to(w, ""), 0);
    assert_string_equal(probe(w, "id"), "");
}

WORLD_TEST(x_5_without_a_mail_server_messages_are_kept_only)
{
    mails_clear(w);
    probe_queue(w, "Boîte de démonstration", "Claire", 0);
    assert_int_equal(send_to(w, ""), 1);
    assert_string_equal(probe(w, "state"), "sent");
}

/* ---- The server is down ---- */

WORLD_TEST(x_5_a_server_that_is_down_gets_the_message_once_when_it_is_back)
{
    struct toy *t = toy_open(0);
    int port = t->port;
    toy_free(t);   /* nobody listens there now */
    mails_clear(w);
    probe_queue(w, "Plus tard", "Claire", 0);
    assert_int_equal(send_port(w, port), 1);
    assert_string_equal(probe(w, "state"), "queued");
    assert_string_equal(probe(w, "tries"), "1");
    assert_string_not_equal(probe(w, "last_error"), "");
    assert_int_equal(send_port(w, port), 0);   /* not at once */
    world_pass(w, CLOCK_MINUTE_MS);
    assert_int_equal(send_port(w, port), 1);
    world_pass(w, 4 * CLOCK_MINUTE_MS);
    assert_int_equal(send_port(w, port), 0);   /* five minutes, the second time */
    world_pass(w, CLOCK_MINUTE_MS);
    t = toy_open(0);
    toy_start(t);
    assert_int_equal(send_port(w, t->port), 1);
    world_pass(w, CLOCK_DAY_MS);
    assert_int_equal(send_port(w, t->port), 0);
    toy_stop(t);
    assert_int_equal(t->count, 1);
    assert_string_equal(probe(w, "state"), "sent");
    assert_string_equal(probe(w, "last_error"), "");
    toy_free(t);
}

WORLD_TEST(x_5_after_three_days_a_message_is_given_up)
{
    mails_clear(w);
    probe_queue(w, "Trop tard", "Claire", 0);
    int turns = 0;
    for (; strcmp(probe(w, "state"), "queued") == 0 && turns < 20; turns++) {
        (void)send_port(w, 1);
        world_pass(w, 12 * CLOCK_HOUR_MS);
    }
    assert_string_equal(probe(w, "state"), "failed");
    assert_in_range(turns, 7, 9);
}

WORLD_TEST(x_5_a_server_that_dies_while_it_takes_a_message_gets_it_again_under_the_same_id)
{
    struct toy *t = toy_open(0);
    t->hangs_up = true;
    toy_start(t);
    mails_clear(w);
    probe_queue(w, "Deux fois", "Claire", 0);
    assert_int_equal(send_port(w, t->port), 1);
    toy_stop(t);
    assert_string_equal(probe(w, "state"), "queued");
    t->hangs_up = false;
    toy_start(t);
    world_pass(w, CLOCK_MINUTE_MS);
    assert_int_equal(send_port(w, t->port), 1);
    toy_stop(t);
    assert_int_equal(t->count, 2);
    assert_string_equal(header(w, t->letters[0], "Message-ID"), header(w, t->letters[1], "Message-ID"));
    assert_string_equal(header(w, t->letters[0], "Date"), header(w, t->letters[1], "Date"));
    toy_free(t);
}

/* A recipient who does not exist will not do so tomorrow; a sender or a password that is refused can be mended. */
WORLD_TEST(x_5_only_a_refused_recipient_ends_the_tries)
{
    static const struct { const char *refuse, *state; } cases[] = {
        { "RCPT 550 no such user\r\n", "failed" }, { "RCPT 451 later\r\n", "queued" }, { "MAIL 550 who are you\r\n", "queued" },
        { "DATA 554 no\r\n", "queued" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct toy *t = toy_open(0);
        t->refuse = cases[i].refuse;
        toy_start(t);
        mails_clear(w);
        probe_queue(w, "Refus", "Claire", 0);
        assert_int_equal(send_port(w, t->port), 1);
        toy_stop(t);
        assert_int_equal(t->count, 0);
        assert_string_equal(probe(w, "state"), cases[i].state);
        toy_free(t);
    }
}

/* ---- Several senders ---- */

struct sender { struct world_test *w; struct arena arena; struct ctx c; int port, handled; struct err *e; };

static void *sender_run(void *arg)
{
    struct sender *s = arg;
    char url[64];
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", s->port);
    const struct mail_settings settings = { url, "", "", "mandat@sillage.example" };
    s->e = mail_send_due(&s->c, &settings, 100, &s->handled);
    return NULL;
}

static void sender_open(struct sender *s, struct world_test *w, int port)
{
    *s = (struct sender){ .w = w, .port = port, .c = probe_ctx(w) };
    arena_init(&s->arena, (size_t)64 * 1024 * 1024);
    s->c.arena = &s->arena;
    s->c.db = world_db_new(w, &s->arena);
}

WORLD_TEST(x_5_two_servers_send_each_message_once)
{
    enum { MESSAGES = 24 };
    struct toy *t = toy_open(0);
    struct sender senders[2];
    pthread_t threads[2];
    toy_start(t);
    mails_clear(w);
    for (int i = 0; i < MESSAGES; i++)
        probe_queue(w, world_text(w, "Message %d.", i), "Claire", 0);
    for (int i = 0; i < 2; i++)
        sender_open(&senders[i], w, t->port);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sender_run, &senders[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    toy_stop(t);
    assert_int_equal(senders[0].handled + senders[1].handled, MESSAGES);
    assert_int_equal(t->count, MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
        int found = 0;
        for (int n = 0; n < t->count; n++)
            found += strcmp(header(w, t->letters[n], "Subject"), world_text(w, "Message %d.", i)) == 0;
        assert_int_equal(found, 1);
    }
    for (int i = 0; i < 2; i++) {
        must(senders[i].e);
        db_close(senders[i].c.db);
        arena_free(&senders[i].arena);
    }
    toy_free(t);
}

/* ---- Headers ---- */

WORLD_TEST(x_5_no_text_becomes_a_header)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    mails_clear(w);
    probe_queue(w, "Été\r\nBcc: evil@evil.example\r\n\r\nfin", "Claire\r\nBcc: evil@evil.example", 0);
    probe_queue(w, "Plain\nBcc: evil@evil.example", "\"Claire\" <evil@evil.example>\\", 0);
    assert_int_equal(send_port(w, t->port), 2);
    toy_stop(t);
    assert_int_equal(t->count, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(header(w, t->letters[i], "Bcc"), "");
        const char *to = header(w, t->letters[i], "To");
        assert_string_equal(strrchr(to, ' '), " <claire@bellerive.example>");
        assert_true(*to == '"' || text_starts(to, "=?UTF-8?B?"));   /* what stands before is a name, quoted or encoded */
    }
    assert_string_equal(words_read(w, header(w, t->letters[0], "Subject")), "Été");
    assert_string_equal(words_read(w, header(w, t->letters[1], "To")), "\"Claire\" <evil@evil.example>\\");
    toy_free(t);
}

WORLD_TEST(x_5_a_long_subject_is_folded_and_cut_between_letters)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    mails_clear(w);
    struct buf title;
    buf_init(&title, world_arena(w), 4096);
    buf_char(&title, 'x');
    while (title.len < 400)
        buf_text(&title, "é");
    probe_queue(w, buf_end(&title), "Claire", 0);
    assert_int_equal(send_port(w, t->port), 1);
    toy_stop(t);
    const char *subject = header(w, t->letters[0], "Subject"), *read = words_read(w, subject);
    assert_int_equal(strlen(read), 199);
    assert_memory_equal(read, buf_end(&title), 199);
    for (const char *line = subject; line; line = strstr(line, "\r\n") ? strstr(line, "\r\n") + 2 : NULL)
        assert_in_range(strcspn(line, "\r"), 1, 76);
    toy_free(t);
}

/* ---- Links ---- */

static int64_t link_new(struct world_test *w)
{
    struct ctx c = probe_ctx(w);
    int64_t link_id = 0;
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(mail_link_new(&c, world_number(w, "SELECT MIN(id) FROM person"), 0, &link_id));
    must(db_commit(c.db, c.arena));
    return link_id;
}

static bool file_has(struct world_test *w, const char *path, const char *text)
{
    struct stat info;
    AUTO(file) FILE *in = fopen(path, "rbe");
    if (!in || fstat(fileno(in), &info) != 0)
        fail_msg("no file %s", path);
    char *bytes = arena_alloc(world_arena(w), (size_t)info.st_size);
    size_t len = fread(bytes, 1, (size_t)info.st_size, in);
    return memmem(bytes, len, text, strlen(text)) != NULL;
}

WORLD_TEST(x_5_a_links_secret_is_in_the_message_and_nowhere_else)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    mails_clear(w);
    int64_t link_id = link_new(w);
    struct ctx c = probe_ctx(w);
    const char *address = mail_link_address(&c, link_id), *word = strrchr(address, '/') + 1;
    assert_true(text_starts(address, "http://localhost:8080/account/password/"));
    probe_queue(w, "Votre lien", "Claire", link_id);
    assert_int_equal(send_port(w, t->port), 1);
    toy_stop(t);
    const char *read = quoted_read(w, t->letters[0]), *first = strstr(read, word);
    assert_non_null(first);
    assert_non_null(strstr(first + 1, word));   /* text and HTML */
    assert_null(strstr(read, "@LINK@"));
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mail_body WHERE text LIKE '%%%s%%' OR html LIKE '%%%s%%'", word, word)), 0);
    if (world_kind(w) == DB_SQLITE) {
        assert_false(file_has(w, world_address(w), word));
        assert_false(file_has(w, world_text(w, "%s-wal", world_address(w)), word));
        assert_true(file_has(w, world_text(w, "%s-wal", world_address(w)), "@LINK@"));   /* this way of looking does find */
    }
    toy_free(t);
}

WORLD_TEST(a_links_word_is_read_by_the_server_that_made_it)
{
    struct ctx c = probe_ctx(w);
    int64_t read_id = 0;
    char *word = arena_text(c.arena, strrchr(mail_link_address(&c, 123456789), '/') + 1);
    assert_true(mail_link_read(&c, word, &read_id));
    assert_int_equal(read_id, 123456789);
    for (char *at = word; *at; at++) {
        char was = *at;
        *at = was == 'A' ? 'B' : 'A';
        assert_false(mail_link_read(&c, word, &read_id));
        *at = was;
    }
    assert_false(mail_link_read(&c, "", &read_id));
    assert_false(mail_link_read(&c, world_text(w, "%sA", word), &read_id));
    struct secret_key other = *c.key;
    other.bytes[0] ^= 1;
    c.key = &other;
    assert_false(mail_link_read(&c, word, &read_id));
}

WORLD_TEST(a_newer_link_ends_the_older_ones)
{
    int64_t old = link_new(w), newer = link_new(w);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mail_link WHERE id = %lld AND used_at IS NULL", (long long)old)), 0);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mail_link WHERE id = %lld AND used_at IS NULL", (long long)newer)), 1);
}

/* ---- The whole way ---- */

#define CLAIRE "claire.delmas@bellerive.example"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static int turns_send(struct world_test *w, int port)
{
    int all = 0;
    for (int handled = 1; handled > 0 && all < 50; all += handled)
        handled = send_port(w, port);
    return all;
}

WORLD_TEST(x_5_a_ticket_is_filed_while_the_mail_server_is_down)
{
    struct toy *t = toy_open(0);
    int port = t->port;
    toy_free(t);
    mails_clear(w);
    const char *form = world_text(w, "title=Sans+courrier&type_id=%s&priority_id=%s&description=Rien+ne+part.",
        world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = " FORG),
        world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = " FORG));
    assert_status(world_post(w, CLAIRE, "/p/froid-atlantique/tickets", form), 303);
    int64_t queued = world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued'");
    assert_true(queued > 1);
    assert_int_equal(turns_send(w, port), queued);                  /* each tried once, one a turn, all put off */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 1"), queued);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket WHERE title = 'Sans courrier'"), 1);
    world_pass(w, 2 * CLOCK_MINUTE_MS);
    t = toy_open(0);
    toy_start(t);
    assert_int_equal(turns_send(w, t->port), queued);
    world_pass(w, CLOCK_DAY_MS);
    assert_int_equal(turns_send(w, t->port), 0);
    toy_stop(t);
    assert_int_equal(t->count, queued);
    for (int i = 0; i < t->count; i++)
        for (int n = 0; n < i; n++)
            assert_string_not_equal(header(w, t->letters[i], "Message-ID"), header(w, t->letters[n], "Message-ID"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE state <> 'sent'"), 0);
    toy_free(t);
}

/* Our own server dies between sending and marking: once more, under the same id, and not before its claim is over. */
WORLD_TEST(x_5_sent_and_not_marked_is_sent_again_when_the_claim_is_over)
{
    bool is_sqlite = world_kind(w) == DB_SQLITE;
    struct toy *t = toy_open(0);
    struct ctx c = probe_ctx(w);
    int handled = 0;
    toy_start(t);
    mails_clear(w);
    probe_queue(w, "Encore", "Claire", 0);
    if (!is_sqlite)
        world_run_sql(w, "CREATE FUNCTION mark_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'gone'; END $$");
    world_run_sql(w, is_sqlite ? "CREATE TRIGGER mark_late BEFORE UPDATE OF state ON mail BEGIN SELECT RAISE(ABORT, 'gone'); END"
        : "CREATE TRIGGER mark_late BEFORE UPDATE OF state ON mail FOR EACH ROW EXECUTE FUNCTION mark_refuse()");
    const struct mail_settings settings = { world_text(w, "smtp://127.0.0.1:%d", t->port), "", "", "mandat@sillage.example" };
    assert_non_null(mail_send_due(&c, &settings, 20, &handled));
    assert_false(db_in_transaction(c.db));
    world_run_sql(w, is_sqlite ? "DROP TRIGGER mark_late" : "DROP TRIGGER mark_late ON mail");
    assert_string_equal(probe(w, "state"), "queued");
    world_pass(w, 10 * CLOCK_MINUTE_MS - 1);
    assert_int_equal(send_port(w, t->port), 0);
    world_pass(w, 1);
    assert_int_equal(send_port(w, t->port), 1);
    world_pass(w, CLOCK_DAY_MS);
    assert_int_equal(send_port(w, t->port), 0);
    toy_stop(t);
    assert_int_equal(t->count, 2);
    assert_string_equal(header(w, t->letters[0], "Message-ID"), header(w, t->letters[1], "Message-ID"));
    toy_free(t);
}

/* Somebody writes for a long time: looking whether there is mail does not wait for them. */
WORLD_TEST(looking_for_mail_takes_nobodys_turn)
{
    struct db *other = world_db_new(w, world_arena(w));
    mails_clear(w);
    must(db_begin(other, world_arena(w), DB_WRITE));
    int64_t from_us = clock_monotonic_us();
    assert_int_equal(send_port(w, 1), 0);
    assert_true(clock_monotonic_us() - from_us < 2000000);
    db_close(other);
}

/* What would be read as encoded words is encoded: nobody's title turns into another. */
WORLD_TEST(x_5_a_title_that_looks_encoded_arrives_as_typed)
{
    struct toy *t = toy_open(0);
    toy_start(t);
    mails_clear(w);
    probe_queue(w, "=?UTF-8?B?Qm9uam91cg==?=", "=?UTF-8?Q?Claire?=", 0);
    assert_int_equal(send_port(w, t->port), 1);
    toy_stop(t);
    assert_string_equal(words_read(w, header(w, t->letters[0], "Subject")), "=?UTF-8?B?Qm9uam91cg==?=");
    assert_string_equal(words_read(w, header(w, t->letters[0], "To")), "=?UTF-8?Q?Claire?=");
    toy_free(t);
}

/* Neither a link's secret nor an address is logged, whether the message leaves or not. */
WORLD_TEST(x_5_the_log_has_neither_secret_nor_address)
{
    struct toy *t = toy_open(0);
    mails_clear(w);
    int64_t link_id = link_new(w);
    struct ctx c = probe_ctx(w);
    const char *word = strrchr(mail_link_address(&c, link_id), '/') + 1, *path = world_text(w, "%s/log", world_app(w)->spool);
    probe_queue(w, "Votre lien", "Claire", link_id);
    fflush(stderr);
    int kept = dup(2), fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    dup2(fd, 2);
    log_quiet(0);
    t->refuse = "RCPT 451 later\r\n";
    toy_start(t);
    int first = send_port(w, t->port);
    toy_stop(t);
    t->refuse = NULL;
    toy_start(t);
    world_pass(w, CLOCK_MINUTE_MS);
    int second = send_port(w, t->port);
    toy_stop(t);
    log_quiet(1);
    dup2(kept, 2);
    close(kept);
    close(fd);
    assert_int_equal(first + second, 2);
    assert_int_equal(t->count, 1);
    assert_true(file_has(w, path, "\"event\":\"mail\""));
    assert_false(file_has(w, path, word));
    assert_false(file_has(w, path, "claire@bellerive"));
    unlink(path);
    toy_free(t);
}

WORLD_MAIN("mail",
    WORLD_CASE(x_5_a_message_arrives_once_with_both_parts),
    WORLD_CASE(x_5_what_is_rolled_back_is_never_sent),
    WORLD_CASE(x_5_without_a_mail_server_messages_are_kept_only),
    WORLD_CASE(x_5_a_server_that_is_down_gets_the_message_once_when_it_is_back),
    WORLD_CASE(x_5_after_three_days_a_message_is_given_up),
    WORLD_CASE(x_5_a_server_that_dies_while_it_takes_a_message_gets_it_again_under_the_same_id),
    WORLD_CASE(x_5_only_a_refused_recipient_ends_the_tries),
    WORLD_CASE(x_5_two_servers_send_each_message_once),
    WORLD_CASE(x_5_no_text_becomes_a_header),
    WORLD_CASE(x_5_a_long_subject_is_folded_and_cut_between_letters),
    WORLD_CASE(x_5_a_links_secret_is_in_the_message_and_nowhere_else),
    WORLD_CASE(a_links_word_is_read_by_the_server_that_made_it),
    WORLD_CASE(a_newer_link_ends_the_older_ones),
    WORLD_CASE(x_5_a_ticket_is_filed_while_the_mail_server_is_down),
    WORLD_CASE(x_5_sent_and_not_marked_is_sent_again_when_the_claim_is_over),
    WORLD_CASE(looking_for_mail_takes_nobodys_turn),
    WORLD_CASE(x_5_a_title_that_looks_encoded_arrives_as_typed),
    WORLD_CASE(x_5_the_log_has_neither_secret_nor_address))
