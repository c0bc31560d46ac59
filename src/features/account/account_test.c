/* X-1 and C-3 from outside: the doors, passwords, sessions, on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/account/account_inside.h"
#include "features/demo/demo.h"
#include "mail/mail.h"
#include "work/work.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"                /* a contact who has nothing yet */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define PORTAL "/p/froid-atlantique"
#define GOOD "quatre canots et un phare"

static struct answer *enter(struct world_test *w, const char *door, const char *email, const char *password, const char *back)
{
    struct arena *a = world_arena(w);
    return world_post(w, NULL, door, world_text(w, "email=%s&password=%s&back=%s", text_url_encode(a, email), text_url_encode(a, password), text_url_encode(a, back)));
}

static struct answer *get_as(struct world_test *w, const char *cookie, const char *target) { return world_send(w, cookie, METHOD_GET, target, "", "", 0); }

static const char *person(struct world_test *w, const char *email) { return world_value(w, world_text(w, "SELECT id FROM person WHERE email_key = '%s'", email)); }

/* Form tokens differ from page to page: what is left is compared. */
static const char *without_tokens(struct world_test *w, const struct answer *answer)
{
    char *body = arena_text(world_arena(w), answer->body);
    for (char *at = body; (at = strstr(at, "name=\"form_token\" value=\"")) != NULL;)
        for (at += strlen("name=\"form_token\" value=\""); *at && *at != '"'; at++)
            *at = '.';
    return body;
}

/* ---- Doors ---- */

WORLD_TEST(c_3_the_portals_door_carries_name_and_logo)
{
    struct answer *page = world_get(w, NULL, PORTAL "/sign-in");
    assert_status(page, 200);
    assert_has(page, "Froid Atlantique");
    assert_has(page, "/brand/froid-atlantique.css?v=");
    assert_has(page, "/brand/froid-atlantique.logo?v=");
    assert_has(page, "autocomplete=\"current-password\"");
    struct answer *plain = world_get(w, NULL, "/sign-in");
    assert_status(plain, 200);
    assert_not(plain, "/brand/");
    assert_status(world_get(w, NULL, "/p/nobody/sign-in"), 404);
    assert_string_equal(world_get(w, NULL, "/")->location, "/demo");   /* where there is a demonstration, it comes first */
}

WORLD_TEST(x_1_the_right_password_opens_the_space)
{
    struct answer *in = enter(w, PORTAL "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    assert_status(in, 303);
    assert_string_equal(in->location, PORTAL);
    assert_int_equal(strlen(in->cookie), 43);
    assert_status(get_as(w, in->cookie, PORTAL "/tickets"), 200);
    in = enter(w, "/sign-in", "  Sabine.COZIC@froid-atlantique.example ", DEMO_PASSWORD, "");
    assert_string_equal(in->location, "/o/froid-atlantique");
}

WORLD_TEST(x_1_the_cookie_stands_nowhere_and_the_actor_is_right)
{
    struct answer *in = enter(w, PORTAL "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, in->cookie, strlen(in->cookie));
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM session WHERE hash = '%s'", text_hex(world_arena(w), hash, sizeof hash))), 1);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM session WHERE hash = '%s'", in->cookie)), 0);
    const char *entry = world_value(w, "SELECT entry FROM journal WHERE org_id = 0 ORDER BY number DESC LIMIT 1");
    assert_non_null(strstr(entry, "session_open"));
    assert_non_null(strstr(entry, person(w, CLAIRE)));
    assert_null(strstr(entry, CLAIRE));
}

WORLD_TEST(x_1_wrong_unknown_and_without_password_look_the_same)
{
    world_run_sql(w, world_text(w, "UPDATE person SET password_hash = NULL WHERE id = %s", person(w, "karim.benali@froid-atlantique.example")));
    const char *emails[] = { CLAIRE, "nobody@nowhere.example", "karim.benali@froid-atlantique.example" };
    const char *first = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct answer *out = enter(w, PORTAL "/sign-in", emails[i], i == 2 ? DEMO_PASSWORD : "not the password at all", "");
        assert_status(out, 422);
        assert_string_equal(out->cookie, "");
        assert_has(out, "m-error");
        assert_has(out, emails[i]);
        assert_not(out, "not the password at all");
        char *body = arena_text(world_arena(w), without_tokens(w, out)), *at = strstr(body, emails[i]);
        memmove(at, at + strlen(emails[i]), strlen(at + strlen(emails[i])) + 1);
        if (first)
            assert_string_equal(body, first);
        first = body;
    }
}

WORLD_TEST(x_1_attempts_are_limited)
{
    for (int i = 0; i < 10; i++)
        assert_status(enter(w, "/sign-in", CLAIRE, "wrong", ""), 422);
    assert_status(enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, ""), 429);
    assert_status(enter(w, "/sign-in", ADMIN, DEMO_PASSWORD, ""), 303);   /* another account */
    world_pass(w, 16 * CLOCK_MINUTE_MS);
    assert_status(enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, ""), 303);
}

WORLD_TEST(x_1_one_address_is_limited_over_all_accounts)
{
    for (int i = 0; i < 30; i++)
        assert_status(enter(w, "/sign-in", world_text(w, "somebody%d@nowhere.example", i), "wrong", ""), 422);
    assert_status(enter(w, "/sign-in", "somebody@nowhere.example", "wrong", ""), 429);
    for (int i = 0; i < 20; i++)
        (void)world_post(w, NULL, "/account/password/forgot", world_text(w, "email=who%d%%40nowhere.example", i));
    assert_status(world_post(w, NULL, "/account/password/forgot", "email=who%40nowhere.example"), 429);
}

WORLD_TEST(x_1_no_way_leads_to_another_host)
{
    static const char *const bad[] = { "https://evil.example/", "//evil.example/", "/\\evil.example", "\\evil", "evil", "/a b", "/a\nb", "/é" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct answer *in = enter(w, "/sign-in", ADMIN, DEMO_PASSWORD, bad[i]);
        assert_status(in, 303);
        assert_string_equal(in->location, "/o/froid-atlantique");
        struct answer *page = world_get(w, NULL, world_text(w, "/sign-in?back=%s", text_url_encode(world_arena(w), bad[i])));
        if (page->status == 200)   /* control characters in an address are no request at all */
            assert_not(page, "name=\"back\" value=\"h");
        struct answer *lang = world_post(w, NULL, "/language", world_text(w, "lang=en&back=%s", text_url_encode(world_arena(w), bad[i])));
        assert_true(lang->status == 422 || strcmp(lang->location, "/") == 0);
    }
    struct answer *in = enter(w, "/sign-in", ADMIN, DEMO_PASSWORD, "/o/froid-atlantique/tickets?status=new");
    assert_string_equal(in->location, "/o/froid-atlantique/tickets?status=new");
}

WORLD_TEST(x_1_a_portal_that_is_not_theirs_leads_to_the_list_of_spaces)
{
    struct answer *in = enter(w, "/p/hexanode/sign-in", CLAIRE, DEMO_PASSWORD, "/p/hexanode/tickets");
    assert_status(in, 303);
    assert_string_equal(in->location, "/account/spaces");
    struct answer *page = get_as(w, in->cookie, in->location);
    assert_status(page, 200);
    assert_has(page, PORTAL);
    assert_not(page, "/p/hexanode");
}

/* ---- Sessions ---- */

WORLD_TEST(x_1_signing_out_ends_the_session)
{
    const char *cookie = world_cookie(w, CLAIRE);
    assert_status(get_as(w, cookie, PORTAL), 200);
    struct answer *out = world_post(w, CLAIRE, "/sign-out", "");
    assert_status(out, 303);
    assert_string_equal(out->location, PORTAL "/sign-in?notice=signed_out");
    assert_string_equal(out->cookie, "");
    struct answer *page = get_as(w, cookie, PORTAL "/tickets?status=new");
    assert_status(page, 303);
    assert_string_equal(page->location, PORTAL "/sign-in?back=%2Fp%2Ffroid-atlantique%2Ftickets%3Fstatus%3Dnew");
    assert_status(get_as(w, cookie, PORTAL "/tickets.json"), 401);
}

WORLD_TEST(x_1_sessions_are_shown_and_ended_one_or_all)
{
    struct answer *one = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, ""), *two = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    world_run_sql(w, "UPDATE session SET agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'");
    struct answer *page = world_get(w, CLAIRE, "/account");
    assert_status(page, 200);
    assert_has(page, "Déconnecter");
    assert_has(page, "Cet appareil");
    assert_has(page, "Firefox sur Linux");
    assert_has(page, "192.0.2.7");
    const char *first = world_value(w, world_text(w, "SELECT MIN(id) FROM session WHERE person_id = %s", person(w, CLAIRE)));
    assert_status(world_post(w, ADMIN, world_text(w, "/account/sessions/%s/end", first), ""), 404);   /* somebody else's */
    assert_status(get_as(w, one->cookie, "/account"), 200);
    assert_string_equal(world_post(w, CLAIRE, world_text(w, "/account/sessions/%s/end", first), "")->location, "/account?notice=session_closed");
    assert_status(get_as(w, one->cookie, "/account.json"), 401);
    assert_status(get_as(w, two->cookie, "/account.json"), 200);
    assert_status(world_post(w, CLAIRE, "/account/sessions/end-others", ""), 303);
    assert_status(get_as(w, two->cookie, "/account.json"), 401);
    assert_status(world_get(w, CLAIRE, "/account"), 200);
}

WORLD_TEST(x_1_a_session_not_used_ends_by_itself)
{
    struct answer *in = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    world_pass(w, 11 * CLOCK_HOUR_MS);
    assert_status(get_as(w, in->cookie, "/account"), 200);
    world_pass(w, 2 * CLOCK_HOUR_MS);
    assert_status(get_as(w, in->cookie, "/account"), 303);
    assert_status(get_as(w, in->cookie, "/account.json"), 401);
}

/* ---- Passwords ---- */

static const char *link_of(struct world_test *w)
{
    int64_t id = 0;
    struct ctx c = { .arena = world_arena(w), .key = &world_app(w)->key, .address = world_app(w)->address };
    assert_true(text_int(world_value(w, "SELECT MAX(id) FROM mail_link"), &id));
    return mail_link_address(&c, id) + strlen(c.address);
}

static const char *ask(struct world_test *w, const char *email)
{
    struct answer *asked = world_post(w, NULL, "/account/password/forgot", world_text(w, "portal=froid-atlantique&email=%s", text_url_encode(world_arena(w), email)));
    assert_status(asked, 303);
    assert_string_equal(asked->location, PORTAL "/sign-in?notice=password_mailed");
    assert_int_equal(world_work(w), 1);
    return link_of(w);
}

static struct answer *set(struct world_test *w, const char *link, const char *password)
{
    return world_post(w, NULL, link, world_text(w, "password=%s", text_url_encode(world_arena(w), password)));
}

WORLD_TEST(x_1_forgotten_says_the_same_to_all_and_mails_whom_it_knows)
{
    assert_has(world_get(w, NULL, "/account/password/forgot?portal=froid-atlantique"), "Froid Atlantique");
    struct answer *unknown = world_post(w, NULL, "/account/password/forgot", "portal=froid-atlantique&email=nobody%40nowhere.example");
    assert_int_equal(world_work(w), 1);
    assert_null(strstr(world_value(w, "SELECT data FROM work WHERE kind = 'password_mail'"), "nowhere"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_password'"), 0);
    ask(w, CLAIRE);
    assert_string_equal(unknown->location, PORTAL "/sign-in?notice=password_mailed");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_password'"), 1);
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_password'"), CLAIRE);
    assert_string_equal(world_value(w, "SELECT from_name FROM mail WHERE kind = 'mail_password'"), "Froid Atlantique");
    const char *body = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_password'");
    assert_non_null(strstr(body, "@LINK@"));
    assert_null(strstr(body, "/account/password/"));
}

WORLD_TEST(x_1_a_link_is_opened_often_and_works_once)
{
    struct answer *before = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    const char *link = ask(w, CLAIRE);
    for (int i = 0; i < 3; i++) {
        struct answer *page = world_get(w, NULL, link);
        assert_status(page, 200);
        assert_has(page, "autocomplete=\"new-password\"");
        assert_has(page, "Froid Atlantique");
    }
    assert_status(set(w, link, "court"), 422);
    assert_status(set(w, link, "motdepasse1234"), 422);
    assert_status(set(w, link, "Claire-Delmas-Bellerive"), 422);   /* their own words */
    struct answer *in = set(w, link, GOOD);
    assert_status(in, 303);
    assert_string_equal(in->location, PORTAL "?notice=password_changed");
    assert_status(get_as(w, in->cookie, PORTAL "/tickets"), 200);
    assert_status(get_as(w, before->cookie, "/account.json"), 401);   /* who was in is out */
    assert_status(set(w, link, "un autre phare et dix canots"), 422);
    struct answer *again = world_get(w, NULL, link);
    assert_has(again, "Ce lien ne vaut plus");
    assert_not(again, "type=\"password\"");
    assert_status(enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, ""), 422);
    assert_status(enter(w, "/sign-in", CLAIRE, GOOD, ""), 303);
}

WORLD_TEST(x_1_a_link_dies_after_seven_days_and_by_a_newer_one)
{
    const char *old = ask(w, CLAIRE), *link = ask(w, CLAIRE);
    assert_string_not_equal(old, link);
    assert_status(set(w, old, GOOD), 422);
    world_pass(w, 7 * CLOCK_DAY_MS - CLOCK_MINUTE_MS);
    assert_has(world_get(w, NULL, link), "type=\"password\"");
    world_pass(w, 2 * CLOCK_MINUTE_MS);
    assert_not(world_get(w, NULL, link), "type=\"password\"");
    assert_status(set(w, link, GOOD), 422);
    assert_status(enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, ""), 303);
}

WORLD_TEST(x_1_a_made_up_link_does_not_exist)
{
    char *link = arena_text(world_arena(w), ask(w, CLAIRE));
    assert_status(world_get(w, NULL, "/account/password/AAAAAAAAAAAAAAAAAAAAAAAA"), 404);
    char *last = link + strlen("/account/password/") + 5;
    *last = *last == 'A' ? 'B' : 'A';
    assert_status(world_get(w, NULL, link), 404);
    assert_status(set(w, link, GOOD), 404);
}

WORLD_TEST(x_1_a_password_is_changed_by_who_knows_it)
{
    struct answer *other = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    const char *link = ask(w, CLAIRE);
    assert_status(world_post(w, CLAIRE, "/account/password", "current=wrong&password=quatre+canots+et+un+phare"), 422);
    assert_status(world_post(w, CLAIRE, "/account/password", "current=" DEMO_PASSWORD "&password=azertyuiop12"), 422);
    struct answer *changed = world_post(w, CLAIRE, "/account/password", "current=" DEMO_PASSWORD "&password=quatre+canots+et+un+phare");
    assert_status(changed, 303);
    assert_status(world_get(w, CLAIRE, "/account"), 200);
    assert_status(get_as(w, other->cookie, "/account.json"), 401);
    assert_not(world_get(w, NULL, link), "type=\"password\"");
    assert_status(enter(w, "/sign-in", CLAIRE, GOOD, ""), 303);
}

/* ---- The rest ---- */

WORLD_TEST(the_language_is_kept_in_a_cookie_and_with_the_person)
{
    struct answer *set_to = world_post(w, CLAIRE, "/language", "lang=en&back=%2Faccount");
    assert_status(set_to, 303);
    assert_string_equal(set_to->location, "/account");
    assert_string_equal(set_to->cookie, "en");
    assert_string_equal(world_value(w, world_text(w, "SELECT lang FROM person WHERE id = %s", person(w, CLAIRE))), "en");
    assert_has(world_get(w, CLAIRE, "/account"), "<html lang=\"en\"");
    assert_string_equal(world_post(w, NULL, "/language", "lang=en&back=%2Fsign-in")->location, "/sign-in");
    assert_status(world_post(w, NULL, "/language", "lang=de&back=%2F"), 422);
    const char *bare = "form_token=a.b&lang=en&back=%2Fl%2F1%2Fjobs";      /* L-3: a page behind a secure link has its own session, which nobody but that page knows */
    struct answer *behind = world_send(w, "", METHOD_POST, "/language", "application/x-www-form-urlencoded", bare, strlen(bare));
    assert_status(behind, 303);
    assert_string_equal(behind->location, "/l/1/jobs");
}

WORLD_TEST(what_has_ended_long_since_is_thrown_away)
{
    struct answer *in = enter(w, "/sign-in", CLAIRE, DEMO_PASSWORD, "");
    ask(w, CLAIRE);
    assert_int_equal(strlen(in->cookie), 43);
    for (int day = 0; day < 2; day++) {
        struct arena a;
        arena_init(&a, (size_t)8 * 1024 * 1024);
        struct ctx c = { .arena = &a, .db = world_db(w), .now_ms = world_now(w) };
        assert_null(db_begin(c.db, &a, DB_WRITE));
        for (const struct work_kind *kind = account_feature.works; kind->name; kind++)
            assert_null(kind->run(&c, NULL));
        assert_null(db_commit(c.db, &a));
        arena_free(&a);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM session") > 0, day == 0);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM attempt") > 0, day == 0);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_link") > 0, day == 0);
        world_pass(w, 45 * CLOCK_DAY_MS);
    }
}

/* Sent long ago goes, with its text; what waits stays however old it is. Jobs alike. */
WORLD_TEST(x_5_messages_and_jobs_do_not_stay_for_ever)
{
    ask(w, CLAIRE);
    world_run_sql(w, "UPDATE mail SET state = 'sent', sent_at = next_at WHERE state = 'queued'");
    ask(w, CLAIRE);
    int64_t waiting = world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued'"), sent = world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'sent'");
    assert_true(waiting > 0 && sent > 0);
    world_run_sql(w, "INSERT INTO work (id, org_id, kind, data, state, run_at, created_at) VALUES (1, 0, 'old', '{}', 'queued', 1, 1)");
    for (int turn = 0; turn < 3; turn++) {
        struct ctx c;
        world_ctx(w, &c);
        assert_null(db_begin(c.db, c.arena, DB_WRITE));
        for (const struct work_kind *kind = account_feature.works; kind->name; kind++)
            assert_null(kind->run(&c, NULL));
        assert_null(db_commit(c.db, c.arena));
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE kind = 'password_mail'"), turn == 0 ? 2 : 0);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE kind = 'old'"), 1);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued'"), waiting);
        assert_true(turn == 2 ? world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'sent'") == 0 : world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'sent'") > 0);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_body"), world_number(w, "SELECT COUNT(*) FROM mail"));
        world_pass(w, turn == 0 ? 8 * CLOCK_DAY_MS : 91 * CLOCK_DAY_MS);
    }
}

WORLD_TEST(devices_are_named_by_browser_and_system)
{
    static const struct { const char *agent, *browser, *system; } known[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge", "Windows" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone" },
        { "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android" },
        { "", "", "" },
    };
    (void)w;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *browser = NULL, *system = NULL;
        device_read(known[i].agent, &browser, &system);
        assert_string_equal(browser, known[i].browser);
        assert_string_equal(system, known[i].system);
    }
}

WORLD_MAIN("account",
    WORLD_CASE(c_3_the_portals_door_carries_name_and_logo),
    WORLD_CASE(x_1_the_right_password_opens_the_space),
    WORLD_CASE(x_1_the_cookie_stands_nowhere_and_the_actor_is_right),
    WORLD_CASE(x_1_wrong_unknown_and_without_password_look_the_same),
    WORLD_CASE(x_1_attempts_are_limited),
    WORLD_CASE(x_1_one_address_is_limited_over_all_accounts),
    WORLD_CASE(x_1_no_way_leads_to_another_host),
    WORLD_CASE(x_1_a_portal_that_is_not_theirs_leads_to_the_list_of_spaces),
    WORLD_CASE(x_1_signing_out_ends_the_session),
    WORLD_CASE(x_1_sessions_are_shown_and_ended_one_or_all),
    WORLD_CASE(x_1_a_session_not_used_ends_by_itself),
    WORLD_CASE(x_1_forgotten_says_the_same_to_all_and_mails_whom_it_knows),
    WORLD_CASE(x_1_a_link_is_opened_often_and_works_once),
    WORLD_CASE(x_1_a_link_dies_after_seven_days_and_by_a_newer_one),
    WORLD_CASE(x_1_a_made_up_link_does_not_exist),
    WORLD_CASE(x_1_a_password_is_changed_by_who_knows_it),
    WORLD_CASE(the_language_is_kept_in_a_cookie_and_with_the_person),
    WORLD_CASE(what_has_ended_long_since_is_thrown_away),
    WORLD_CASE(x_5_messages_and_jobs_do_not_stay_for_ever),
    WORLD_CASE(devices_are_named_by_browser_and_system))
