#pragma once
/* The demonstration's world for tests in process: an application on a fresh copy of the filled database, a clock that only
   the test moves, requests as a person through the same life that the server runs, no socket.

   A test file ends with WORLD_MAIN and has each of its cases run on SQLite and, where MANDAT_TEST_POSTGRESQL names a cluster, on
   PostgreSQL. One thread, unless a test opens further connections by world_db. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "doc/doc.h"
#include "web/inside.h"

struct world_part { const char *name; const char *file_name; const char *data; size_t len; };   /* file_name NULL: a field; ends with name NULL */

struct answer {
    int status;
    const char *type, *body, *location, *cookie;   /* "" where absent; cookie: what Set-Cookie gave, its value alone */
    const struct pair *headers;                     /* all that the answer sets itself */
    size_t len;
    struct doc *doc;                                /* where it is JSON */
};

/* A request with everything said. headers: instead of Sec-Fetch-Site: same-origin (one with an empty name: none at all). between: called
   when half of the body has come. */
struct world_request {
    const char *cookie;
    enum method method;
    const char *target, *type, *body;
    size_t len;
    const struct pair *headers;
    const char *remote;                             /* NULL: the usual one */
    void (*between)(void *arg);
    void *between_arg;
};

struct answer *answer_new(struct arena *a, const struct reply *reply);      /* what a reply says, in memory of one's own */
const char *answer_header(const struct answer *answer, const char *name);   /* "" where absent */

struct world_test;

struct world_test *world_open(enum db_kind kind);  /* NULL: this database is not there (skip) */
void world_close(struct world_test *w);
void world_pause(struct world_test *w);            /* closes the test's connection, before a fork; world_value goes on */
void world_resume(struct world_test *w);
void world_finish(void);                           /* once, after the last: WORLD_MAIN does it */

struct app *world_app(struct world_test *w);
struct arena *world_arena(struct world_test *w);
void world_pass(struct world_test *w, int64_t ms);                       /* the clock goes on */
void world_support_stands(struct world_test *w);                            /* no support of the world's ends, no request dies, before the test's own do */
int64_t world_now(struct world_test *w);
struct db *world_db(struct world_test *w);                               /* the connection of the test itself */
struct db *world_db_new(struct world_test *w, struct arena *a);          /* one more, closed by the caller */
enum db_kind world_kind(struct world_test *w);
const char *world_address(struct world_test *w);                         /* of the database: SQLite's file, PostgreSQL's address */
void world_ctx(struct world_test *w, struct ctx *ret_ctx);               /* a context of nobody, on the test's connection, at the world's time */

/* who: an e-mail address of the world ("claire.delmas@bellerive.example"), signed in at the first use; NULL: nobody. */
struct answer *world_get(struct world_test *w, const char *who, const char *target);
/* form: "title=…&body=…" urlencoded; the token of the session is added. */
struct answer *world_post(struct world_test *w, const char *who, const char *target, const char *form);
struct answer *world_post_parts(struct world_test *w, const char *who, const char *target, const struct world_part *parts);
/* A POST exactly as given: cookie (may be ""), type and body are the caller's. */
struct answer *world_send(struct world_test *w, const char *cookie, enum method method, const char *target, const char *type, const char *body, size_t len);
/* The same over a connection and an arena of the caller's: this one from any thread. */
struct answer *world_ask(struct world_test *w, struct arena *a, struct db *db, const struct world_request *ask);
/* The form of a new ticket at « Froid Atlantique » with one file of these bytes, by Claire Delmas: to be sent by world_ask. */
struct world_request world_ticket_ask(struct world_test *w, const char *title, const char *bytes);
const char *world_cookie(struct world_test *w, const char *who);
void world_cookie_keep(struct world_test *w, const char *who, const struct answer *answer);   /* what an answer gave in place of it, as a browser does */
const char *world_token(struct world_test *w, const char *who);

/* Runs the jobs that are queued and due, of all features; what recurs is left alone. Returns how many ran; one that fails fails the test. */
int world_work(struct world_test *w);

/* One value of the first row of a query in the test's own words. SQLite and PostgreSQL alike; text of the value, "" for NULL or no row. */
const char *world_value(struct world_test *w, const char *sql);
void world_run_sql(struct world_test *w, const char *sql);
const char *world_try(struct world_test *w, const char *sql);            /* "", or why it was refused */
int64_t world_number(struct world_test *w, const char *sql);             /* the same as a number; none: the test fails */
/* A hash of every table, a line each; over every row but those of the organization `but_org_id` (0: of none). */
const char *world_digest(struct world_test *w, int64_t but_org_id);
const char *world_state(struct world_test *w);                           /* the same of all, and how many files there are: to compare what must not change */
void world_sound(struct world_test *w);                                  /* the journal proves itself, or the test fails */
const char *world_text(struct world_test *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t world_person(struct world_test *w, const char *email);           /* the id of who signs in with it; nobody: the test fails */
int world_files_left(struct world_test *w);                              /* files in the spool */
int world_files_kept(struct world_test *w);                              /* files kept, of whatever test of this program */

#define WORLD_TEST(name) static void name(struct world_test *w)
typedef void world_function(struct world_test *w);
struct world_case { const char *name; world_function *run; };
#define WORLD_CASE(name) { #name, name }
int world_main(const char *group, const struct world_case *cases, size_t count);
#define WORLD_MAIN(group, ...) \
    int main(void) { static const struct world_case cases[] = { __VA_ARGS__ }; return world_main(group, cases, sizeof cases / sizeof *cases); }

void must(const struct err *e);                                          /* an error fails the test, and says where it came from */

#define assert_status(answer_, status_) do { if ((answer_)->status != (status_)) fail_msg("status %d, wanted %d: %.600s", (answer_)->status, (status_), (answer_)->body); } while (0)
#define assert_has(answer_, text_) do { if (!strstr((answer_)->body, (text_))) fail_msg("not there: %s\nin: %.3000s", (text_), (answer_)->body); } while (0)
#define assert_not(answer_, text_) do { if (strstr((answer_)->body, (text_))) fail_msg("there: %s", (text_)); } while (0)
