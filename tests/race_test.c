/* An access withdrawn while a form is being sent or an upload runs: no late success, ever (S-11, M-5), on both databases.

   One thread sends comments through the life of a request, every other one with a file; when half of a body has come it wakes the other
   thread, which withdraws after a moment that is different each time. The withdrawal counts the comments inside its own transaction, after it has
   taken the mandate's row: whoever wrote a comment under that mandate had the row until they had committed, so the comments counted are all
   there will be. One more afterwards is a late success. That this can fail was seen: with authority_hold giving
   NULL at once PostgreSQL fails in the first round; SQLite, which has one writer at a time, when gate_hold does not load the authority again either. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/world.h"
#include "mandate/access.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

enum { ACCESS_ROUNDS = 1000, SESSION_ROUNDS = 200, POSTS = 2, MOMENT_US = 2000 };

struct race {
    struct world_test *w;
    struct arena poster_arena, taker_arena;
    struct db *poster_db, *taker_db;
    const char *cookie, *token, *target, *session_id;
    int64_t contact_id, person_id, org_id;
    int round, wakes, done, refused;
    bool is_session;                   /* it is the session that ends, not the access */
    int64_t counted;
    sem_t go;
    struct err *taker_error;
};

/* ---- Plain queries of the tests ---- */

static const char *const no_names[] = { NULL };
static const char *const one_name[] = { "session_id", NULL };
static const struct query_text count_text = { "SELECT COUNT(*) AS comments FROM comment", (const unsigned char *)"\xff" };
static const struct query count_comments = { "count_comments", __FILE__, false, true, no_names, no_names, &count_text, &count_text };
static const struct query_text end_sqlite = { "UPDATE session SET ended_at = 1 WHERE id = ?1", (const unsigned char *)"\0\xff" };
static const struct query_text end_postgresql = { "UPDATE session SET ended_at = 1 WHERE id = $1", (const unsigned char *)"\0\xff" };
static const struct query end_session = { "end_session", __FILE__, true, true, one_name, no_names, &end_sqlite, &end_postgresql };
static const struct query_text open_sqlite = { "UPDATE session SET ended_at = NULL WHERE id = ?1", (const unsigned char *)"\0\xff" };
static const struct query_text open_postgresql = { "UPDATE session SET ended_at = NULL WHERE id = $1", (const unsigned char *)"\0\xff" };
static const struct query open_session = { "open_session", __FILE__, true, true, one_name, no_names, &open_sqlite, &open_postgresql };

static struct err *comments_count(struct db *db, struct arena *a, int64_t *ret_count)
{
    struct doc *row = NULL;
    TRY(db_row(db, a, &count_comments, PARAMS(P_INT("nothing", 0)), &row));
    *ret_count = doc_int_of(row, "comments");
    return NULL;
}

/* ---- The one who withdraws ---- */

static void taker_ctx(struct race *r, struct ctx *c)
{
    world_ctx(r->w, c);
    c->db = r->taker_db;
    c->arena = &r->taker_arena;
    c->who.person_id = r->person_id;
    c->who.org_id = r->org_id;
}

static struct err *taken(struct race *r, struct ctx *c)
{
    TRY(db_begin(c->db, c->arena, r->round % 4 < 2 ? DB_WRITE : DB_ACT));   /* alone, and as a form does: perhaps committed together with the comment */
    if (r->is_session)
        TRY(ctx_run(c, &end_session, PARAMS(P_INT("session_id", strtoll(r->session_id, NULL, 10)))));
    else
        TRY(access_take(c, r->contact_id, "tickets"));
    TRY(comments_count(c->db, c->arena, &r->counted));
    return db_commit(c->db, c->arena);
}

static struct err *given(struct race *r, struct ctx *c)
{
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    if (r->is_session)
        TRY(ctx_run(c, &open_session, PARAMS(P_INT("session_id", strtoll(r->session_id, NULL, 10)))));
    else
        TRY(access_give(c, r->contact_id, "tickets", "", NULL));
    return db_commit(c->db, c->arena);
}

static void *taker_run(void *arg)
{
    struct race *r = arg;
    struct ctx c;
    taker_ctx(r, &c);
    sem_wait(&r->go);
    usleep((useconds_t)(rand() % MOMENT_US));
    r->taker_error = taken(r, &c);
    db_rollback(c.db);
    return NULL;
}

/* ---- The one who writes ---- */

static void half_sent(void *arg)
{
    struct race *r = arg;
    if (r->wakes++ == r->round / 2 % POSTS)
        sem_post(&r->go);
}

static void post(struct race *r, int number)
{
    struct arena *a = &r->poster_arena;
    struct world_request ask = { .cookie = r->cookie, .method = METHOD_POST, .target = r->target, .type = "application/x-www-form-urlencoded",
        .between = half_sent, .between_arg = r };
    ask.body = arena_printf(a, "form_token=%s&body=Tour+%d.%d", r->token, r->round, number);
    if (r->round % 2) {
        ask.type = "multipart/form-data; boundary=edge";
        ask.body = arena_printf(a, "--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n--edge\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\nTour %d.%d\r\n"
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"releve.txt\"\r\nContent-Type: text/plain\r\n\r\n%d.%d %s %d %02000d\r\n--edge--\r\n",
            r->token, r->round, number, r->round, number, r->is_session ? "session" : "access", (int)world_kind(r->w), 0);
    }
    ask.len = strlen(ask.body);
    struct answer *answer = world_ask(r->w, a, r->poster_db, &ask);
    if (answer->status == 303 && strstr(answer->location, "ticket_commented"))
        r->done++;
    else if (answer->status == 403 || answer->status == 404 || answer->status == 401)
        r->refused++;
    else
        fail_msg("status %d: %.300s", answer->status, answer->body);
}

static void round_run(struct race *r)
{
    pthread_t taker;
    struct ctx c;
    int64_t after = 0;
    r->wakes = 0;
    assert_int_equal(pthread_create(&taker, NULL, taker_run, r), 0);
    for (int i = 0; i < POSTS; i++)
        post(r, i);
    pthread_join(taker, NULL);
    if (r->taker_error)
        fail_msg("round %d: %s (%s)", r->round, r->taker_error->detail, r->taker_error->where);
    must(db_begin(r->poster_db, &r->poster_arena, DB_READ));
    must(comments_count(r->poster_db, &r->poster_arena, &after));
    db_rollback(r->poster_db);
    if (after != r->counted)
        fail_msg("round %d: %lld comments when it was withdrawn, %lld afterwards", r->round, (long long)r->counted, (long long)after);
    taker_ctx(r, &c);
    must(given(r, &c));
    arena_reset(&r->poster_arena);
    arena_reset(&r->taker_arena);
}

static void race_run(struct world_test *w, bool is_session, int rounds)
{
    struct race r = { .w = w, .is_session = is_session };
    arena_init(&r.poster_arena, (size_t)64 << 20);
    arena_init(&r.taker_arena, (size_t)64 << 20);
    r.poster_db = world_db_new(w, &r.poster_arena);
    r.taker_db = world_db_new(w, &r.taker_arena);
    sem_init(&r.go, 0, 0);
    r.cookie = world_cookie(w, CLAIRE);
    r.token = world_token(w, CLAIRE);
    r.session_id = world_value(w, "SELECT MAX(id) FROM session");
    r.target = world_text(w, "/p/froid-atlantique/tickets/%s/comments", world_value(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " FORG));
    r.contact_id = world_number(w, "SELECT id FROM contact WHERE email = '" CLAIRE "'");
    r.person_id = world_number(w, "SELECT id FROM person WHERE email = '" ADMIN "'");
    r.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    int64_t comments = world_number(w, "SELECT COUNT(*) FROM comment"), mails = world_number(w, "SELECT COUNT(*) FROM mail"), rows = world_number(w, "SELECT COUNT(*) FROM file");
    /* Who is in charge, and the members who follow: each gets one for each comment. */
    int64_t readers = 1 + world_number(w, "SELECT COUNT(*) FROM ticket_follower f JOIN ticket t ON t.org_id = f.org_id AND t.id = f.ticket_id "
        "WHERE t.number = 1208 AND t.org_id = " FORG " AND (f.member_id IS NULL OR f.member_id <> t.assignee_id) AND (f.contact_id IS NULL OR f.contact_id <> t.contact_id)");
    int kept = world_files_kept(w);
    srand(20261122);
    for (r.round = 0; r.round < rounds; r.round++)
        round_run(&r);
    print_message("%d done, %d refused\n", r.done, r.refused);
    assert_true(r.done > rounds / 10 && r.refused > rounds / 10);        /* it was a race */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM comment"), comments + r.done);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails + r.done * readers);
    assert_int_equal(world_files_kept(w) - kept, world_number(w, "SELECT COUNT(*) FROM file") - rows);
    assert_int_equal(world_files_left(w), 0);
    world_sound(w);
    db_close(r.poster_db);
    db_close(r.taker_db);
    sem_destroy(&r.go);
    arena_free(&r.poster_arena);
    arena_free(&r.taker_arena);
}

WORLD_TEST(m_5_an_access_withdrawn_while_a_form_or_a_file_is_sent) { race_run(w, false, ACCESS_ROUNDS); }
WORLD_TEST(x_1_a_session_ended_while_a_form_or_a_file_is_sent) { race_run(w, true, SESSION_ROUNDS); }

WORLD_MAIN("race", WORLD_CASE(m_5_an_access_withdrawn_while_a_form_or_a_file_is_sent), WORLD_CASE(x_1_a_session_ended_while_a_form_or_a_file_is_sent))
