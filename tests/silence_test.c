/* What an answer tells nobody: whether an address is known, by its words, its length or the work behind it. Work is counted in statements, not in
   time: SQLite is asked to tell each one. */
#include <sqlite3.h>
#include <string.h>
#include "base/text.h"
#include "features/demo/demo.h"
#include "lib/routes.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"            /* here a login without a password */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define NOBODY "claire.delmaz@bellerive.example"
#define SOPHIA "sophia.lemoine@bellerive.example"            /* is nobody, and no longer than she */
#define PORTAL "/p/froid-atlantique"

/* ---- Counting ---- */

static struct buf told;      /* the statements since the last look, a line each */

static int tell(unsigned what, void *context, void *statement, void *text)
{
    (void)what;
    (void)context;
    (void)statement;
    buf_printf(&told, "%s\n", (const char *)text);
    return 0;
}

/* Called by SQLite for each connection that is opened. */
static int tell_all(sqlite3 *connection, const char **error, const void *api)
{
    (void)error;
    (void)api;
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, tell, NULL);
}

/* The statements of one request, by a store of its own: its connections are opened while they are listened to, the one that writes too. */
static const char *work_of(struct world_test *w, const char *target, const char *form, struct answer **ret_answer)
{
    struct arena arena;
    struct store *store = NULL;
    struct db *db = NULL;
    arena_init(&arena, (size_t)32 * 1024 * 1024);
    buf_init(&told, world_arena(w), 1024 * 1024);
    sqlite3_auto_extension((void (*)(void))(uintptr_t)tell_all);
    assert_null(store_open(&arena, world_address(w), &store));
    assert_null(db_open(store, &arena, &db));
    assert_null(db_begin(db, &arena, DB_WRITE));
    db_rollback(db);
    sqlite3_cancel_auto_extension((void (*)(void))(uintptr_t)tell_all);
    const char *body = world_text(w, "form_token=%s&%s", world_token(w, NULL), form);
    *ret_answer = world_ask(w, world_arena(w), db, &(struct world_request){ .cookie = "", .method = METHOD_POST, .target = target,
        .type = "application/x-www-form-urlencoded", .body = body, .len = strlen(body) });
    db_close(db);
    store_close(store);
    arena_free(&arena);
    return buf_end(&told);
}

/* Both do the same and say the same. */
static void same(struct world_test *w, const char *target, const char *known, const char *unknown, int status)
{
    struct answer *one = NULL, *other = NULL;
    const char *work = work_of(w, target, known, &one), *work_of_other = work_of(w, target, unknown, &other);
    assert_status(one, status);
    assert_status(other, status);
    assert_string_equal(one->location, other->location);
    if (world_kind(w) == DB_SQLITE) {
        assert_non_null(strstr(work, "INTO attempt"));
        assert_string_equal(work, work_of_other);
    }
    assert_int_equal(one->len, other->len);
    for (const struct pair *a = one->headers, *b = other->headers; a || b; a = a->next, b = b->next) {
        assert_true(a && b);
        assert_string_equal(a->name, b->name);
        assert_string_equal(a->value, b->value);
    }
}

/* ---- Tests ---- */

WORLD_TEST(x_1_forgotten_does_the_same_work_for_all)
{
    same(w, "/account/password/forgot", "portal=froid-atlantique&email=" CLAIRE, "portal=froid-atlantique&email=" NOBODY, 303);
    same(w, "/account/password/forgot", "email=" SOPHIE, "email=" NOBODY, 303);
    same(w, "/account/password/forgot.json", "email=" ADMIN, "email=" NOBODY, 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_password'"), 0);
    assert_int_equal(world_work(w), 6);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_password'"), 3);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'password_mail'"), 3);
}

/* Wrong, unknown, without a password: one answer after the same work (and one hashing each, see secret.h). */
WORLD_TEST(x_1_the_door_does_the_same_work_for_all)
{
    world_run_sql(w, "UPDATE person SET password_hash = NULL WHERE email = '" SOPHIE "'");
    same(w, "/sign-in", "password=faux&email=" CLAIRE, "password=faux&email=" NOBODY, 422);
    same(w, PORTAL "/sign-in", "password=faux&email=" SOPHIE, "password=faux&email=" SOPHIA, 422);
    same(w, PORTAL "/sign-in.json", "password=" DEMO_PASSWORD "&email=" SOPHIE, "password=" DEMO_PASSWORD "&email=" NOBODY, 422);
}

WORLD_MAIN("silence", WORLD_CASE(x_1_forgotten_does_the_same_work_for_all), WORLD_CASE(x_1_the_door_does_the_same_work_for_all))
