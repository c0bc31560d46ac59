/* C-10, X-5: `mandat mail-in` as Postfix starts it: a process of its own, a message on its standard input, a status that says what to do. */
#include "lib/world.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include <sqlite3.h>
#include "mail/reply.h"

#define CONTACT "claire.delmas@bellerive.example"
#define FORG " org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static char data[64];

/* A data folder as a server of this world has it. */
static void data_make(struct world_test *w)
{
    char key[80] = "";
    snprintf(data, sizeof data, "/tmp/mandat-mail-in-XXXXXX");
    assert_non_null(mkdtemp(data));
    mkdir(world_text(w, "%s/files", data), 0700);
    mkdir(world_text(w, "%s/spool", data), 0700);
    for (size_t i = 0; i < 32; i++)
        snprintf(key + 2 * i, 3, "%02x", world_app(w)->key.bytes[i]);
    FILE *f = fopen(world_text(w, "%s/server.key", data), "w");
    assert_non_null(f);
    fprintf(f, "%s\n", key);
    fclose(f);
    chmod(world_text(w, "%s/server.key", data), 0600);
    world_run_sql(w, world_text(w, "VACUUM INTO '%s/mandat.db'", data));
}

static void data_remove(struct world_test *w)
{
    chmod(data, 0700);
    assert_int_equal(system(world_text(w, "rm -rf %s", data)), 0);
}

static const char *value(struct world_test *w, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open(world_text(w, "%s/mandat.db", data), &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    const char *text = sqlite3_step(st) == SQLITE_ROW ? world_text(w, "%s", (const char *)sqlite3_column_text(st, 0)) : "";
    sqlite3_finalize(st);
    sqlite3_close(db);
    return text;
}

/* Its status; words end with NULL. */
static int run(const char *message, size_t len, const char *domain, const char *const *words)
{
    const char *argv[16] = { MANDAT_PROGRAM, "mail-in" };
    int count = 2, status = 0;
    for (; *words; words++)
        argv[count++] = *words;
    char name[] = "/tmp/mandat-message-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(write(fd, message, len), (ssize_t)len);
    lseek(fd, 0, SEEK_SET);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fd, STDIN_FILENO);
        int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, STDERR_FILENO);
        setenv("MANDAT_MAIL_REPLY_DOMAIN", domain, 1);
        execv(MANDAT_PROGRAM, (char *const *)argv);
        _exit(99);
    }
    close(fd);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int run_in(const char *message, const char *to)
{
    const char *words[] = { "--data", data, to ? "--to" : NULL, to, NULL };
    return run(message, strlen(message), "reponses.example", words);
}

static const char *address(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    struct reply_to to = { .org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"),
        .ticket_id = world_number(w, "SELECT id FROM ticket WHERE number = 1208 AND" FORG),
        .contact_id = world_number(w, "SELECT id FROM contact WHERE email_key = '" CONTACT "' AND" FORG) };
    return reply_address(&c, &to);
}

WORLD_TEST(c_10_a_message_on_standard_input_becomes_a_comment)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    data_make(w);
    const char *text = world_text(w, "From postfix Sun Nov 22 10:00:00 2026\nFrom: <" CONTACT ">\nTo: liste@ailleurs.example\nMessage-ID: <un@a>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nPar le tuyau.\n"
        "--x\nContent-Disposition: attachment; filename=a.txt\n\nBonjour\n--x--\n");
    assert_int_equal(run_in(text, address(w)), EX_OK);                          /* the envelope's recipient counts */
    assert_string_equal(value(w, "SELECT body FROM comment WHERE body LIKE 'Par le%'"), "Par le tuyau.");
    assert_string_equal(value(w, "SELECT a.name FROM attachment a JOIN comment m ON m.id = a.comment_id WHERE m.body LIKE 'Par le%'"), "a.txt");
    assert_string_equal(value(w, "SELECT COUNT(*) FROM journal WHERE action = 'ticket_answer_mailed'"), "1");
    assert_int_equal(run_in(text, address(w)), EX_OK);                          /* once more: done already */
    assert_int_equal(run_in(world_text(w, "From: <x@y.example>\nTo: <%s>\nMessage-ID: <deux@a>\n\nBonjour\n", address(w)), NULL), EX_OK);
    assert_int_equal(run_in("From: <x@y.example>\nTo: <z@y.example>\n\nBonjour\n", NULL), EX_OK);   /* nobody knows for whom: no bounce to who may be invented */
    assert_string_equal(value(w, "SELECT COUNT(*) FROM journal WHERE action = 'ticket_answer_mailed'"), "1");
    assert_string_equal(value(w, "SELECT COUNT(*) FROM inbound_mail WHERE reason = 'sender'"), "1");
    unlink(world_text(w, "%s/spool/.lock", data));
    assert_int_equal(rmdir(world_text(w, "%s/spool", data)), 0);                   /* nothing is left there */
    data_remove(w);
}

WORLD_TEST(c_10_what_is_no_message_and_what_is_too_large_is_refused)
{
    enum { TOO_LARGE = 36 * 1024 * 1024 };
    if (world_kind(w) != DB_SQLITE)
        return;
    data_make(w);
    const char *in[] = { "--data", data, NULL }, *odd[] = { "--data", data, "--what", "x", NULL };
    assert_int_equal(run_in("", NULL), EX_DATAERR);
    char *big = malloc(TOO_LARGE);
    assert_non_null(big);
    memset(big, 'x', TOO_LARGE);
    assert_int_equal(run(big, TOO_LARGE, "reponses.example", in), EX_DATAERR);
    free(big);
    assert_int_equal(run("x", 1, "reponses.example", odd), EX_USAGE);
    assert_int_equal(run("From: a@b\n\nx", 12, "", in), EX_UNAVAILABLE);
    data_remove(w);
}

WORLD_TEST(c_10_a_fault_says_try_again_and_leaves_nothing)
{
    if (world_kind(w) != DB_SQLITE)
        return;
    data_make(w);
    const char *text = world_text(w, "From: <" CONTACT ">\nTo: <%s>\nMessage-ID: <trois@a>\n\nPlus tard.\n", address(w));
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(world_text(w, "%s/mandat.db", data), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TRIGGER full BEFORE INSERT ON comment BEGIN SELECT RAISE(FAIL, 'disk full'); END", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(run_in(text, NULL), EX_TEMPFAIL);                          /* the write fails in the middle */
    assert_string_equal(value(w, "SELECT COUNT(*) FROM inbound_seen"), "0");       /* and it counts as never seen */
    assert_int_equal(sqlite3_exec(db, "DROP TRIGGER full", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(rename(world_text(w, "%s/mandat.db", data), world_text(w, "%s/away.db", data)), 0);
    assert_int_equal(run_in(text, NULL), EX_TEMPFAIL);                          /* no database */
    FILE *f = fopen(world_text(w, "%s/mandat.db", data), "w");
    fputs("this is no database, whatever its name says; long enough to be looked at by whoever opens it", f);
    fclose(f);
    assert_int_equal(run_in(text, NULL), EX_TEMPFAIL);
    assert_int_equal(rename(world_text(w, "%s/away.db", data), world_text(w, "%s/mandat.db", data)), 0);
    assert_int_equal(rename(world_text(w, "%s/server.key", data), world_text(w, "%s/away.key", data)), 0);
    assert_int_equal(run_in(text, NULL), EX_TEMPFAIL);                          /* no key: and none is made */
    assert_true(access(world_text(w, "%s/server.key", data), F_OK) != 0);
    assert_int_equal(rename(world_text(w, "%s/away.key", data), world_text(w, "%s/server.key", data)), 0);
    assert_int_equal(run_in(text, NULL), EX_OK);
    assert_string_equal(value(w, "SELECT body FROM comment WHERE body LIKE 'Plus tard%'"), "Plus tard.");
    data_remove(w);
}

WORLD_MAIN("mail-in",
    WORLD_CASE(c_10_a_message_on_standard_input_becomes_a_comment),
    WORLD_CASE(c_10_what_is_no_message_and_what_is_too_large_is_refused),
    WORLD_CASE(c_10_a_fault_says_try_again_and_leaves_nothing))
