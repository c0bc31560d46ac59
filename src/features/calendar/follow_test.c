/* Calendars to follow (L-7): what one shows, and that it dies with what it rests on. On both databases. */
#include "lib/links.h"
#include "lib/world.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "features/calendar/follow.h"
#include "mandate/access.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define CLIENT "(SELECT MIN(id) FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define CONTACT "(SELECT MIN(id) FROM contact WHERE org_id = " ORG " AND email_key = '" CLAIRE "')"
#define KARIMS "(SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = '" KARIM "')"
#define PORTAL "/p/froid-atlantique"
#define OFFICE "/o/froid-atlantique"

static void contact_may(struct world_test *w)
{
    struct ctx c;
    if (world_number(w, "SELECT COUNT(*) FROM mandate WHERE org_id = " ORG " AND kind = 'access' AND state = 'active' AND detail IN ('jobs', 'all') AND holder_contact_id = " CONTACT))
        return;
    world_ctx(w, &c);
    c.who = authority_nobody(world_number(w, "SELECT " ORG));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(access_give(&c, world_number(w, "SELECT " CONTACT), "jobs", "x", NULL));
    must(db_commit(c.db, c.arena));
}

/* Where the last calendar that was made is. */
static const char *path_last(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    struct doc *calendar = doc_map(c.arena);
    doc_set_int(calendar, "id", world_number(w, "SELECT MAX(id) FROM calendar"));
    doc_set_int(calendar, "generation", world_number(w, "SELECT generation FROM calendar ORDER BY id DESC LIMIT 1"));
    return strstr(follow_address(&c, calendar), "/cal/");
}

static int events_of(const struct answer *a)
{
    int count = 0;
    for (const char *at = a->body; (at = strstr(at, "\r\nBEGIN:VEVENT\r\n")); at++)
        count++;
    return count;
}

static struct answer *feed(struct world_test *w, const char *path) { return world_get(w, NULL, path); }

/* Every entry is of a job that this says. */
static void assert_all(struct world_test *w, const struct answer *a, const char *where)
{
    static const char mark[] = "\r\nUID:mandat-job-";
    for (const char *at = a->body; (at = strstr(at, mark)); at++)
        assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND id = %.*s AND %s", (int)strspn(at + sizeof mark - 1, "0123456789"), at + sizeof mark - 1, where)), 1);
}

static const char *window(struct world_test *w)
{
    int64_t day = world_now(w) - world_now(w) % CLOCK_DAY_MS;
    return world_text(w, "planned_start >= %lld", (long long)(day - 100 * CLOCK_DAY_MS));
}

static const char *page_address(struct world_test *w, const char *who)
{
    struct answer *page = world_get(w, who, OFFICE "/calendar");
    const char *at = strstr(page->body, "id=\"calendar-url\" value=\"");
    assert_status(page, 200);
    return at ? world_text(w, "%.*s", (int)strcspn(at + 25, "\""), at + 25) : "";
}

WORLD_TEST(l_7_a_technician_follows_their_own_jobs)
{
    assert_string_equal(page_address(w, KARIM), "");
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);        /* one, not two */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM calendar"), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'calendar_make'"), 1);
    const char *path = path_last(w);
    assert_non_null(strstr(page_address(w, KARIM), path));
    struct answer *a = feed(w, path);
    assert_status(a, 200);
    assert_string_equal(a->type, "text/calendar; charset=utf-8");
    assert_true(events_of(a) > 5);
    assert_int_equal(events_of(a), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND member_id = " KARIMS " AND %s", window(w))));
    assert_all(w, a, "member_id = " KARIMS);
    assert_has(a, "X-WR-CALNAME");
    assert_status(world_get(w, AGENT, OFFICE "/calendar"), 403);             /* JOB_WORK */
}

WORLD_TEST(l_7_a_feed_is_asked_again_and_is_the_same)
{
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);
    const char *path = path_last(w);
    struct answer *a = feed(w, path);
    const char *etag = answer_header(a, "ETag");
    assert_true(strlen(etag) == 34);
    struct pair site = { "sec-fetch-site", "none", NULL }, known = { "if-none-match", etag, &site };
    world_pass(w, CLOCK_MINUTE_MS);
    const struct world_request ask = { .cookie = "", .method = METHOD_GET, .target = path, .type = "", .body = "", .headers = &known };
    struct answer *same = world_ask(w, world_arena(w), world_db(w), &ask);
    assert_status(same, 304);
    assert_int_equal(same->len, 0);
    world_run_sql(w, "UPDATE job SET plan_count = plan_count + 1, changed_at = changed_at + 1000 WHERE member_id = " KARIMS " AND planned_start > 0");
    same = world_ask(w, world_arena(w), world_db(w), &ask);
    assert_status(same, 200);
    assert_string_not_equal(answer_header(same, "ETag"), etag);
}

/* An answer but for the address it was asked at. */
static const char *without(struct world_test *w, const char *body, const char *path)
{
    struct buf out;
    const char *word = path + 5;
    buf_init(&out, world_arena(w), 100000);
    for (const char *at; (at = strstr(body, word)); body = at + strlen(word))
        buf_add(&out, body, (size_t)(at - body));
    buf_text(&out, body);
    return buf_end(&out);
}

WORLD_TEST(l_7_renewed_withdrawn_unknown_and_wrong_are_the_same_404)
{
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);
    const char *first = path_last(w), *unknown = "/cal/AAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics";
    assert_status(world_post(w, KARIM, OFFICE "/calendar/renew", ""), 303);
    const char *second = path_last(w);
    assert_string_not_equal(first, second);
    assert_status(feed(w, second), 200);
    char *wrong = arena_text(world_arena(w), second);
    wrong[40] = wrong[40] == 'A' ? 'B' : 'A';
    struct answer *none = feed(w, unknown);
    assert_status(none, 404);
    const char *paths[] = { first, wrong, "/cal/wrong-wrong.ics", "/cal/unknown-unknown", world_text(w, "%.*s", (int)strlen(second) - 4, second) };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct answer *a = feed(w, paths[i]);
        assert_status(a, 404);
        assert_string_equal(without(w, a->body, paths[i]), without(w, none->body, unknown));
    }
    assert_status(world_post(w, KARIM, OFFICE "/calendar/end", ""), 303);
    assert_status(feed(w, second), 404);
    assert_status(world_post(w, KARIM, OFFICE "/calendar/renew", ""), 404);
    assert_string_equal(page_address(w, KARIM), "");
}

WORLD_TEST(l_7_a_technicians_feed_dies_with_the_membership)
{
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);
    const char *path = path_last(w);
    assert_status(feed(w, path), 200);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE org_id = " ORG " AND kind = 'membership' AND holder_member_id = " KARIMS);
    assert_status(feed(w, path), 404);
}

WORLD_TEST(l_7_a_contacts_feed_shows_the_client_and_dies_with_the_access)
{
    contact_may(w);
    assert_has(world_get(w, CLAIRE, PORTAL "/jobs"), "action=\"" PORTAL "/calendar\"");
    struct answer *made = world_post(w, CLAIRE, PORTAL "/calendar", "back=" PORTAL "/jobs");
    assert_status(made, 303);
    assert_string_equal(made->location, PORTAL "/jobs?notice=calendar_made#calendar");
    const char *path = path_last(w);
    assert_has(world_get(w, CLAIRE, PORTAL "/jobs"), path);
    const char *json = world_get(w, CLAIRE, PORTAL "/jobs.json")->body;
    assert_null(strstr(json, "/cal/"));                                      /* for the page alone */
    struct answer *a = feed(w, path);
    assert_status(a, 200);
    assert_true(events_of(a) > 0);
    assert_int_equal(events_of(a), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND %s", window(w))));
    assert_all(w, a, "client_id = " CLIENT);
    assert_has(a, PORTAL "/jobs/");
    assert_not(a, OFFICE);
    world_run_sql(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) SELECT " ORG ", 0, 'calendar', 0");
    assert_status(feed(w, path), 404);                                       /* L-6: the part is off */
    assert_status(world_post(w, CLAIRE, PORTAL "/calendar", ""), 404);
    assert_not(world_get(w, CLAIRE, PORTAL "/jobs"), "/cal/");
    world_run_sql(w, "DELETE FROM portal_option");
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'froid-atlantique'");
    assert_status(feed(w, path), 404);
    world_run_sql(w, "UPDATE organization SET is_portal_open = 1 WHERE slug = 'froid-atlantique'");
    assert_status(feed(w, path), 200);
    world_run_sql(w, "UPDATE contact SET client_id = (SELECT MIN(id) FROM client WHERE org_id = " ORG " AND id <> " CLIENT ") WHERE id = " CONTACT);
    assert_status(feed(w, path), 404);                                       /* C-11: whoever moves sees nothing of before */
    world_run_sql(w, world_text(w, "UPDATE contact SET client_id = " CLIENT " WHERE org_id = " ORG " AND email_key = '" CLAIRE "'"));
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE org_id = " ORG " AND kind = 'access' AND holder_contact_id = (SELECT id FROM contact WHERE org_id = " ORG " AND email_key = '" CLAIRE "')");
    assert_status(feed(w, path), 404);
}

static struct visitor link_opened(struct world_test *w, struct link_wish wish, int64_t *ret_link_id)
{
    struct visitor v = { .w = w };
    wish.client_id = world_number(w, "SELECT " CLIENT);
    wish.wording = "x";
    *ret_link_id = link_made(w, &wish);
    assert_status(visitor_open(&v, *ret_link_id, link_made_secret(w, *ret_link_id)), 303);
    return v;
}

static struct answer *link_calendar(struct visitor *v, int64_t link_id)
{
    return visitor_post(v, visitor_session(v, link_id), world_text(v->w, "/l/%lld/calendar", (long long)link_id), "");
}

WORLD_TEST(l_7_a_links_feed_dies_with_the_link)
{
    int64_t link_id = 0;
    struct visitor v = link_opened(w, (struct link_wish){ 0 }, &link_id);
    const char *list = world_text(w, "/l/%lld/jobs", (long long)link_id);
    assert_has(visitor_get(&v, list), world_text(w, "action=\"/l/%lld/calendar\"", (long long)link_id));
    struct answer *made = visitor_post(&v, visitor_session(&v, link_id), world_text(w, "/l/%lld/calendar", (long long)link_id), world_text(w, "back=%s", list));
    assert_status(made, 303);
    assert_string_equal(made->location, world_text(w, "%s?notice=calendar_made#calendar", list));
    assert_has(visitor_get(&v, list), path_last(w));
    const char *path = path_last(w);
    struct answer *a = feed(w, path);
    assert_status(a, 200);
    assert_true(events_of(a) > 0);
    assert_all(w, a, "client_id = " CLIENT);
    assert_not(a, "http");
    world_run_sql(w, world_text(w, "UPDATE link SET paused_at = 1 WHERE mandate_id = %lld", (long long)link_id));
    assert_status(feed(w, path), 404);
    world_run_sql(w, world_text(w, "UPDATE link SET paused_at = NULL WHERE mandate_id = %lld", (long long)link_id));
    assert_status(feed(w, path), 200);
    struct ctx c;
    world_ctx(w, &c);
    c.who = authority_nobody(world_number(w, "SELECT " ORG));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(link_renew(&c, link_id));
    must(db_commit(c.db, c.arena));
    assert_status(feed(w, path), 404);                                       /* whoever had the old address has nothing of it */
    assert_status(visitor_open(&v, link_id, link_made_secret(w, link_id)), 303);
    assert_status(link_calendar(&v, link_id), 303);
    path = path_last(w);
    assert_status(feed(w, path), 200);
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE id = %lld", (long long)world_now(w), (long long)link_id));
    assert_status(feed(w, path), 404);
}

WORLD_TEST(l_7_a_links_feed_is_as_narrow_as_the_link)
{
    int64_t link_id = 0;
    const char *site = world_value(w, "SELECT MIN(site_id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND site_id IS NOT NULL AND planned_start IS NOT NULL");
    int64_t site_id = 0;
    assert_true(text_int(site, &site_id));
    struct visitor v = link_opened(w, (struct link_wish){ .site_id = site_id }, &link_id);
    assert_status(link_calendar(&v, link_id), 303);
    struct answer *a = feed(w, path_last(w));
    assert_true(events_of(a) > 0);
    assert_all(w, a, world_text(w, "client_id = " CLIENT " AND site_id = %s", site));
    assert_int_equal(events_of(a), world_number(w, world_text(w, "SELECT COUNT(*) FROM job WHERE org_id = " ORG " AND site_id = %s AND %s", site, window(w))));
    v = link_opened(w, (struct link_wish){ .job_id = world_number(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT) }, &link_id);
    assert_status(link_calendar(&v, link_id), 404);                          /* one job is no calendar */
}

WORLD_TEST(l_7_a_feed_is_bounded_in_time_and_size)
{
    assert_status(world_post(w, KARIM, OFFICE "/calendar", ""), 303);
    const char *path = path_last(w);
    world_run_sql(w, "UPDATE job SET planned_start = planned_start - 30000000000, planned_end = planned_end - 30000000000 WHERE planned_start IS NOT NULL");
    assert_int_equal(events_of(feed(w, path)), 0);                           /* all of them a year ago */
    world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, member_id, planned_start, planned_end, asked_how, asked_name, created_at, changed_at) "
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 700) SELECT " ORG ", 700000 + i, 700000 + i, " CLIENT ", (SELECT MIN(id) FROM job_type WHERE org_id = " ORG
        "), 'a', 'planned', " KARIMS ", %lld + i * 1000, %lld + i * 1000 + 500, 'office', 'b', 1, 1 FROM n", (long long)world_now(w), (long long)world_now(w)));
    assert_int_equal(events_of(feed(w, path)), 350);
    const char *before = world_state(w);
    assert_status(feed(w, path), 200);
    assert_string_equal(before, world_state(w));                             /* a reading writes nothing */
}

static bool file_has(const char *path, const char *text)
{
    static char bytes[64 * 1024 * 1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, bytes, sizeof bytes);
    if (fd >= 0)
        close(fd);
    assert_true(len > 0 || fd < 0);
    return len > 0 && memmem(bytes, (size_t)len, text, strlen(text));
}

/* The secret stands in no log and in no table. */
WORLD_TEST(l_7_the_secret_of_a_feed_is_written_nowhere)
{
    const char *log = world_text(w, "%s/log", world_app(w)->spool);
    static char text[200000];
    fflush(stderr);
    int kept = dup(2), fd = open(log, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    dup2(fd, 2);
    log_quiet(0);
    int made = world_post(w, KARIM, OFFICE "/calendar", "")->status;
    const char *path = path_last(w);
    int read = feed(w, path)->status, wrong = feed(w, world_text(w, "%sx", path))->status;
    log_quiet(1);
    dup2(kept, 2);
    close(kept);
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    close(fd);
    unlink(log);
    assert_true(made == 303 && read == 200 && wrong == 404 && len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "calendar_feed"));
    const char *secret = world_text(w, "%.40s", path + 16);
    assert_null(strstr(text, secret));
    for (int i = 0; i < 2 && world_kind(w) == DB_SQLITE; i++)
        assert_false(file_has(world_text(w, "%s%s", world_address(w), i ? "-wal" : ""), secret));
}

WORLD_MAIN("follow", WORLD_CASE(l_7_a_technician_follows_their_own_jobs), WORLD_CASE(l_7_a_feed_is_asked_again_and_is_the_same),
    WORLD_CASE(l_7_renewed_withdrawn_unknown_and_wrong_are_the_same_404), WORLD_CASE(l_7_a_technicians_feed_dies_with_the_membership),
    WORLD_CASE(l_7_a_contacts_feed_shows_the_client_and_dies_with_the_access), WORLD_CASE(l_7_a_links_feed_dies_with_the_link), WORLD_CASE(l_7_a_links_feed_is_as_narrow_as_the_link),
    WORLD_CASE(l_7_a_feed_is_bounded_in_time_and_size), WORLD_CASE(l_7_the_secret_of_a_feed_is_written_nowhere))
