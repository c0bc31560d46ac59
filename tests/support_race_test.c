/* Support withdrawn while it is used: no late success, ever (S-11), on both databases; 1,000 races. In turns all of it ends, as by the client's click;
   the mandate alone; the session alone: each of the two is enough, whatever the other still says.

   One thread, the collaborator inside the client's space, answers a ticket (every other time with a file), looks at a page and answers again, through
   the life of a request. At one of the three it wakes the other thread, which withdraws after a moment that is different each time and counts,
   in its own transaction, the answers and the looks there are: whoever left one had taken the mandate's row, so it is all there will be. The
   client's journal is read afterwards, since its numbers are the order of the commits. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/support.h"
#include "mandate/access.h"
#include "mandate/journal.h"

#define SPACE "/o/froid-atlantique"

enum { ROUNDS = 1000, USES = 3, ENDS = 3, MOMENT_US = 2000 };

struct race {
    struct world_test *w;
    struct arena user_arena, taker_arena;
    struct db *user_db, *taker_db;
    const char *cookie, *token, *ticket, *page;
    int64_t sabine_id, ines_id, org_id, mandate_id, visit_id;
    int round, uses, done, seen, refused;
    int64_t counted;
    sem_t go;
    struct err *taker_error;
};

/* ---- Plain queries of the test ---- */

#define FIRST (const unsigned char *)"\0\xff"
#define NO_SLOTS (const unsigned char *)"\xff"
#define TEXTS(name, sqlite, postgresql, slots) static const struct query_text name##_sqlite = { sqlite, slots }, name##_postgresql = { postgresql, slots }
#define PLAIN(name, is_write_, names) static const struct query name = { #name, __FILE__, is_write_, true, names, no_names, &name##_sqlite, &name##_postgresql }

static const char *const no_names[] = { NULL };
static const char *const id_name[] = { "of_id", NULL };
static const char *const holder_names[] = { "of_person", "at_org", "of_id", NULL };
static const unsigned char holder_slots[] = "\0\1\2\xff";

TEXTS(uses_count, "SELECT (SELECT COUNT(*) FROM comment) + (SELECT COUNT(*) FROM support_trace) AS uses", "SELECT (SELECT COUNT(*) FROM comment) + (SELECT COUNT(*) FROM support_trace) AS uses", NO_SLOTS);
PLAIN(uses_count, false, no_names);
TEXTS(mandate_again, "UPDATE mandate SET state = 'active', ended_at = NULL, ended_why = '' WHERE id = ?1", "UPDATE mandate SET state = 'active', ended_at = NULL, ended_why = '' WHERE id = $1", FIRST);
PLAIN(mandate_again, true, id_name);
TEXTS(mandate_over, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE id = ?1", "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE id = $1", FIRST);
PLAIN(mandate_over, true, id_name);
TEXTS(visit_over, "UPDATE support_session SET ended_at = 1, ended_why = 'left' WHERE id = ?1", "UPDATE support_session SET ended_at = 1, ended_why = 'left' WHERE id = $1", FIRST);
PLAIN(visit_over, true, id_name);
TEXTS(visit_again, "UPDATE support_session SET ended_at = NULL, ended_why = '' WHERE id = ?1", "UPDATE support_session SET ended_at = NULL, ended_why = '' WHERE id = $1", FIRST);
PLAIN(visit_again, true, id_name);
TEXTS(holder_again, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    "INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", holder_slots);
PLAIN(holder_again, true, holder_names);

static struct err *count(struct db *db, struct arena *a, int64_t *ret_count)
{
    struct doc *row = NULL;
    TRY(db_row(db, a, &uses_count, PARAMS(P_INT("nothing", 0)), &row));
    *ret_count = doc_int_of(row, "uses");
    return NULL;
}

/* ---- The client ---- */

static void client_ctx(struct race *r, struct ctx *c, const char *action)
{
    world_ctx(r->w, c);
    c->db = r->taker_db;
    c->arena = &r->taker_arena;
    c->who.person_id = r->sabine_id;
    c->who.org_id = r->org_id;
    c->journal = (struct journal_draft){ .action = action, .object_kind = "mandate", .object_id = r->mandate_id, .is_wanted = true };
}

static struct err *withdrawn(struct race *r, struct ctx *c)
{
    int end = r->round / USES % ENDS;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    TRY(end == 1 ? ctx_run(c, &mandate_over, PARAMS(P_INT("of_id", r->mandate_id))) : end == 2 ? ctx_run(c, &visit_over, PARAMS(P_INT("of_id", r->visit_id)))
        : mandate_end(c, r->mandate_id, r->ines_id, "withdrawn"));
    TRY(count(c->db, c->arena, &r->counted));
    TRY(journal_write(c));
    return db_commit(c->db, c->arena);
}

/* As it was, session and all, so that the next round is as this one. */
static struct err *given(struct race *r, struct ctx *c)
{
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    TRY(ctx_run(c, &mandate_again, PARAMS(P_INT("of_id", r->mandate_id))));
    TRY(ctx_run(c, &visit_again, PARAMS(P_INT("of_id", r->visit_id))));
    TRY(ctx_run_any(c, &holder_again, PARAMS(P_INT("of_person", r->ines_id), P_INT("at_org", r->org_id), P_INT("of_id", r->mandate_id)), NULL));
    TRY(journal_write(c));
    return db_commit(c->db, c->arena);
}

static void *taker_run(void *arg)
{
    struct race *r = arg;
    struct ctx c;
    client_ctx(r, &c, "race_withdrawn");
    sem_wait(&r->go);
    usleep((useconds_t)(rand() % MOMENT_US));
    r->taker_error = withdrawn(r, &c);
    db_rollback(c.db);
    return NULL;
}

/* ---- The collaborator ---- */

static void awake(void *arg)
{
    struct race *r = arg;
    if (r->uses++ == r->round % USES)
        sem_post(&r->go);
}

static void told(struct race *r, const struct answer *answer, int *right, bool is_right)
{
    if (is_right)
        ++*right;
    else if (answer->status == 404)
        r->refused++;
    else
        fail_msg("round %d: status %d: %.300s", r->round, answer->status, answer->body);
}

static void answered(struct race *r, int number)
{
    struct arena *a = &r->user_arena;
    struct world_request ask = { .cookie = r->cookie, .method = METHOD_POST, .target = r->ticket, .type = "application/x-www-form-urlencoded", .between = awake, .between_arg = r };
    ask.body = arena_printf(a, "form_token=%s&kind=note&body=Tour+%d.%d", r->token, r->round, number);
    if (r->round % 2 && number) {
        ask.type = "multipart/form-data; boundary=edge";
        ask.body = arena_printf(a, "--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n--edge\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nnote\r\n"
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"releve.txt\"\r\nContent-Type: text/plain\r\n\r\n%d.%d %d %02000d\r\n--edge--\r\n",
            r->token, r->round, number, (int)world_kind(r->w), 0);
    }
    ask.len = strlen(ask.body);
    struct answer *answer = world_ask(r->w, a, r->user_db, &ask);
    told(r, answer, &r->done, answer->status == 303 && strstr(answer->location, "desk_noted"));
}

static void looked(struct race *r)
{
    awake(r);
    struct answer *answer = world_ask(r->w, &r->user_arena, r->user_db, &(struct world_request){ .cookie = r->cookie, .method = METHOD_GET, .target = r->page, .type = "", .body = "" });
    told(r, answer, &r->seen, answer->status == 200);
}

static void round_run(struct race *r)
{
    pthread_t taker;
    struct ctx c;
    int64_t after = 0;
    r->uses = 0;
    assert_int_equal(pthread_create(&taker, NULL, taker_run, r), 0);
    answered(r, 0);
    looked(r);
    answered(r, 1);
    pthread_join(taker, NULL);
    if (r->taker_error)
        fail_msg("round %d: %s (%s)", r->round, r->taker_error->detail, r->taker_error->where);
    must(db_begin(r->user_db, &r->user_arena, DB_READ));
    must(count(r->user_db, &r->user_arena, &after));
    db_rollback(r->user_db);
    if (after != r->counted)
        fail_msg("round %d: %lld answers and looks when it was withdrawn, %lld afterwards", r->round, (long long)r->counted, (long long)after);
    client_ctx(r, &c, "race_given");
    must(given(r, &c));
    arena_reset(&r->user_arena);
    arena_reset(&r->taker_arena);
}

/* ---- The race ---- */

static void race_open(struct race *r, struct world_test *w)
{
    struct support_scene s;
    *r = (struct race){ .w = w };
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    arena_init(&r->user_arena, (size_t)64 << 20);
    arena_init(&r->taker_arena, (size_t)64 << 20);
    r->user_db = world_db_new(w, &r->user_arena);
    r->taker_db = world_db_new(w, &r->taker_arena);
    sem_init(&r->go, 0, 0);
    r->cookie = world_cookie(w, SUPPORT_INES);
    r->token = world_token(w, SUPPORT_INES);
    r->ticket = world_text(w, SPACE "/tickets/%s/comments", world_value(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " SUPPORT_ORG));
    r->page = SPACE "/clients/new.json";
    r->sabine_id = world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_SABINE "'");
    r->ines_id = world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_INES "'");
    r->org_id = s.side.org_id;
    r->mandate_id = strtoll(s.mandate, NULL, 10);
    r->visit_id = world_number(w, "SELECT MAX(id) FROM support_session WHERE org_id = " SUPPORT_ORG);
}

static void race_close(struct race *r)
{
    db_close(r->user_db);
    db_close(r->taker_db);
    sem_destroy(&r->go);
    arena_free(&r->user_arena);
    arena_free(&r->taker_arena);
}

/* Numbers of a log are given in the order of the commits: after each withdrawal nothing of theirs until it was given again. */
static void journal_is_in_order(struct race *r)
{
    assert_int_equal(world_number(r->w, world_text(r->w, "SELECT COUNT(*) FROM journal j WHERE j.org_id = %lld AND j.mandate_id = %lld AND j.action = 'desk_comment' AND "
        "(SELECT k.action FROM journal k WHERE k.org_id = j.org_id AND k.number < j.number AND k.action LIKE 'race%%' ORDER BY k.number DESC LIMIT 1) = 'race_withdrawn'",
        (long long)r->org_id, (long long)r->mandate_id)), 0);
    assert_int_equal(world_number(r->w, "SELECT COUNT(*) FROM journal WHERE action = 'race_withdrawn'"), ROUNDS);
    world_sound(r->w);
}

WORLD_TEST(s_11_support_withdrawn_while_it_is_used)
{
    struct race r;
    race_open(&r, w);
    int64_t comments = world_number(w, "SELECT COUNT(*) FROM comment"), looks = world_number(w, "SELECT COUNT(*) FROM support_trace"), rows = world_number(w, "SELECT COUNT(*) FROM file");
    int kept = world_files_kept(w);
    srand(20261122);
    for (r.round = 0; r.round < ROUNDS; r.round++)
        round_run(&r);
    print_message("%d done, %d seen, %d refused\n", r.done, r.seen, r.refused);
    assert_true(r.done > ROUNDS / 5 && r.seen > ROUNDS / 5 && r.refused > ROUNDS / 5);        /* it was a race */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM comment"), comments + r.done);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_trace"), looks + r.seen);
    assert_int_equal(world_files_kept(w) - kept, world_number(w, "SELECT COUNT(*) FROM file") - rows);
    assert_int_equal(world_files_left(w), 0);
    journal_is_in_order(&r);
    race_close(&r);
}

WORLD_MAIN("support race", WORLD_CASE(s_11_support_withdrawn_while_it_is_used))
