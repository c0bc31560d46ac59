/* What clients say back: another date, and what they think of the work (L-7). On both databases. */
#include "lib/links.h"
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "mandate/access.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SABINE "sabine.cozic@froid-atlantique.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define CLIENT "(SELECT MIN(id) FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define CONTACT "(SELECT MIN(id) FROM contact WHERE org_id = " ORG " AND email_key = '" CLAIRE "')"
#define KARIMS "(SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = '" KARIM "')"
#define PORTAL "/p/froid-atlantique"
#define OFFICE "/o/froid-atlantique"

static struct ctx act_begin(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who = authority_nobody(world_number(w, "SELECT " ORG));
    must(db_begin(c.db, c.arena, DB_WRITE));
    return c;
}

/* A job of the client's in two days, or done just now; nothing said about it, nothing else in the mail. */
static const char *job_of(struct world_test *w, const char *state)
{
    const char *id = world_value(w, "SELECT MAX(id) FROM job WHERE org_id = " ORG " AND site_id IS NOT NULL AND client_id = " CLIENT);
    int64_t at = world_now(w) + 2 * CLOCK_DAY_MS;
    world_run_sql(w, "DELETE FROM job_wish");
    world_run_sql(w, "DELETE FROM job_rating");
    world_run_sql(w, "UPDATE mail SET kind = 'old'");
    world_run_sql(w, world_text(w, "UPDATE job SET state = '%s', member_id = " KARIMS ", planned_start = %lld, planned_end = %lld, left_at = NULL, arrived_at = NULL, finished_at = NULL, cancelled_at = NULL, "
        "contact_email = '" CLAIRE "', contact_name = 'Claire Delmas', contact_id = " CONTACT " WHERE id = %s", state, (long long)at, (long long)(at + CLOCK_HOUR_MS), id));
    if (!world_number(w, "SELECT COUNT(*) FROM mandate WHERE org_id = " ORG " AND kind = 'access' AND state = 'active' AND detail IN ('jobs', 'all') AND holder_contact_id = " CONTACT)) {
        struct ctx c = act_begin(w);
        must(access_give(&c, world_number(w, "SELECT " CONTACT), "jobs", "x", NULL));
        must(db_commit(c.db, c.arena));
    }
    return id;
}

static int64_t mails(struct world_test *w, const char *kind) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s'", kind)); }


static const char *wish(struct world_test *w, const char *column) { return world_value(w, world_text(w, "SELECT %s FROM job_wish ORDER BY id DESC LIMIT 1", column)); }

WORLD_TEST(l_7_another_date_is_asked_for_and_the_office_learns_of_it)
{
    const char *id = job_of(w, "planned"), *page = world_text(w, PORTAL "/jobs/%s/wish", id);
    assert_has(world_get(w, CLAIRE, page), "type=\"radio\" name=\"part\" value=\"any\" checked");
    assert_status(world_post(w, CLAIRE, page, "wanted_on=2026-12-01&part=morning&reason=March%C3%A9+ce+jour-l%C3%A0"), 303);
    assert_string_equal(wish(w, "state"), "open");
    assert_string_equal(wish(w, "part"), "morning");
    assert_string_equal(wish(w, "by_name"), "Claire Delmas");
    int64_t day = 0;
    assert_true(clock_day_read("2026-12-01", &day));
    assert_string_equal(wish(w, "wanted_on"), world_text(w, "%lld", (long long)day));
    assert_true(mails(w, "mail_job_wish") >= 1);
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_job_wish' ORDER BY m.id LIMIT 1");
    assert_non_null(strstr(text, "déc.\xc2\xa0" "2026"));
    assert_non_null(strstr(text, "le matin · «"));
    assert_non_null(strstr(text, "Marché ce jour-là"));
    assert_non_null(strstr(text, world_text(w, OFFICE "/jobs/%s/wish", id)));
    assert_has(world_post(w, CLAIRE, page, "part=any&reason=encore"), "attend déjà sa réponse");       /* one waits at a time */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job_wish"), 1);
    assert_has(world_get(w, CLAIRE, page), "attend sa réponse");
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s", id)), "Autre date demandée");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'job_wish_ask'"), 1);
}

WORLD_TEST(l_7_a_wish_that_says_nothing_or_too_much_is_refused_at_its_field)
{
    const char *id = job_of(w, "planned"), *page = world_text(w, PORTAL "/jobs/%s/wish", id);
    static const struct { const char *form, *says; } cases[] = { { "part=any", "Dites quel jour" }, { "part=any&wanted_on=demain", "pas une date" }, { "part=any&wanted_on=2020-01-01", "Ce jour est passé" },
        { "part=any&wanted_on=2036-01-01", "qui vient" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer *a = world_post(w, CLAIRE, page, cases[i].form);
        assert_status(a, 422);
        assert_has(a, cases[i].says);
    }
    assert_has(world_post(w, CLAIRE, page, "part=any&wanted_on=demain&reason=gard%C3%A9"), ">gardé</textarea>");
    assert_status(world_post(w, CLAIRE, page, "part=night&reason=a"), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job_wish"), 0);
    world_run_sql(w, world_text(w, "UPDATE job SET left_at = 1 WHERE id = %s", id));
    assert_has(world_post(w, CLAIRE, page, "part=morning"), "attend plus de date");                    /* somebody is on the way */
    id = job_of(w, "planned");
    for (int i = 0; i < 5; i++) {
        assert_status(world_post(w, CLAIRE, page, world_text(w, "part=morning&reason=%d", i)), 303);
        world_run_sql(w, "UPDATE job_wish SET state = 'declined'");
    }
    assert_has(world_post(w, CLAIRE, page, "part=morning"), "appelez-nous");
}

WORLD_TEST(l_7_a_wish_is_answered_by_another_date)
{
    const char *id = job_of(w, "planned");
    int64_t job_id = 0;
    assert_true(text_int(id, &job_id));
    int64_t start = world_number(w, world_text(w, "SELECT planned_start FROM job WHERE id = %s", id));
    world_run_sql(w, world_text(w, "INSERT INTO job_told (org_id, job_id, planned_start, planned_end, told_at) VALUES (" ORG ", %s, %lld, %lld, 1) ON CONFLICT DO NOTHING", id, (long long)start, (long long)start + 1));
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", id), "part=afternoon"), 303);
    struct ctx c = act_begin(w);
    must(job_plan(&c, job_id, world_number(w, "SELECT " KARIMS), start, start + CLOCK_HOUR_MS));        /* somebody else, at the same time: no answer */
    must(db_commit(c.db, c.arena));
    assert_string_equal(wish(w, "state"), "open");
    c = act_begin(w);
    must(job_plan(&c, job_id, world_number(w, "SELECT " KARIMS), start + CLOCK_DAY_MS, start + CLOCK_DAY_MS + CLOCK_HOUR_MS));
    must(db_commit(c.db, c.arena));
    assert_string_equal(wish(w, "state"), "accepted");
    assert_int_equal(mails(w, "mail_job_planned"), 1);               /* whoever asked is told, box or not */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_file f JOIN mail m ON m.id = f.mail_id WHERE m.kind = 'mail_job_planned' AND m.to_email = '" CLAIRE "'"), 1);
}

WORLD_TEST(l_7_a_wish_is_declined_with_a_word)
{
    const char *id = job_of(w, "planned"), *page = world_text(w, OFFICE "/jobs/%s/wish", id);
    assert_has(world_get(w, SABINE, page), "Aucune demande");
    assert_has(world_post(w, SABINE, page, "answer=Non"), "Aucune demande");
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", id), "part=afternoon&reason=Travaux"), 303);
    assert_has(world_get(w, SABINE, page), "Travaux");
    assert_status(world_get(w, KARIM, page), 403);                   /* JOB_MANAGE */
    assert_status(world_post(w, SABINE, page, "answer="), 422);
    assert_status(world_post(w, SABINE, page, "answer=Plus+rien+avant+Noel"), 303);
    assert_string_equal(wish(w, "state"), "declined");
    assert_string_equal(wish(w, "answered_by"), "Sabine Cozic");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_job_declined' AND m.to_email = '" CLAIRE "' "
        "AND b.text LIKE '%Plus rien avant Noel%' AND b.text LIKE '%reste prévue le%'"), 1);
    assert_status(world_post(w, SABINE, page, "answer=Encore"), 422);
}

WORLD_TEST(l_7_a_wish_is_over_when_the_work_begins_or_is_cancelled)
{
    const char *id = job_of(w, "planned");
    int64_t job_id = 0;
    assert_true(text_int(id, &job_id));
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", id), "part=afternoon"), 303);
    struct ctx c = act_begin(w);
    must(job_arrive(&c, job_id));
    must(db_commit(c.db, c.arena));
    assert_string_equal(wish(w, "state"), "declined");
    id = job_of(w, "planned");
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", id), "part=morning"), 303);
    c = act_begin(w);
    must(job_cancel(&c, job_id, "x"));
    must(db_commit(c.db, c.arena));
    assert_string_equal(wish(w, "state"), "declined");
}

WORLD_TEST(l_7_what_is_done_is_rated_once_and_changed_for_a_week)
{
    const char *id = job_of(w, "planned"), *page = world_text(w, PORTAL "/jobs/%s/rating", id);
    assert_has(world_post(w, CLAIRE, page, "stars=5"), "une fois l’intervention terminée");
    job_of(w, "done");
    assert_has(world_get(w, CLAIRE, page), "type=\"radio\" name=\"stars\" value=\"5\"");
    assert_status(world_post(w, CLAIRE, page, "stars=6"), 422);
    assert_status(world_post(w, CLAIRE, page, "word=sans+note"), 422);
    assert_status(world_post(w, CLAIRE, page, "stars=4&word=Rapide"), 303);
    assert_string_equal(world_value(w, "SELECT stars || ' ' || word || ' ' || by_name FROM job_rating"), "4 Rapide Claire Delmas");
    world_run_sql(w, world_text(w, "UPDATE job_rating SET created_at = %lld", (long long)(world_now(w) - 6 * CLOCK_DAY_MS)));
    assert_status(world_post(w, CLAIRE, page, "stars=2&word=Revenu"), 303);
    assert_string_equal(world_value(w, "SELECT stars || ' ' || word FROM job_rating"), "2 Revenu");
    assert_has(world_get(w, CLAIRE, page), "value=\"2\" checked");
    world_run_sql(w, world_text(w, "UPDATE job_rating SET created_at = %lld", (long long)(world_now(w) - 8 * CLOCK_DAY_MS)));
    assert_has(world_post(w, CLAIRE, page, "stars=5"), "ne change plus");
    assert_int_equal(world_number(w, "SELECT stars FROM job_rating"), 2);
    assert_has(world_get(w, CLAIRE, page), "2 sur 5");
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s", id)), "2 sur 5");
}

/* L-6: what is off is neither on the page nor at its address. */
WORLD_TEST(l_6_a_part_that_is_off_does_not_exist)
{
    const char *id = job_of(w, "planned"), *sheet = world_text(w, PORTAL "/jobs/%s", id);
    assert_has(world_get(w, CLAIRE, sheet), "Demander une autre date");
    world_run_sql(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) SELECT " ORG ", 0, 'dates', 0");
    world_run_sql(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) SELECT " ORG ", 0, 'rating', 0");
    assert_not(world_get(w, CLAIRE, sheet), "Demander une autre date");
    assert_status(world_get(w, CLAIRE, world_text(w, "%s/wish", sheet)), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, "%s/wish", sheet), "part=morning"), 404);
    job_of(w, "done");
    assert_not(world_get(w, CLAIRE, sheet), "Donner mon avis");
    assert_status(world_post(w, CLAIRE, world_text(w, "%s/rating", sheet), "stars=5"), 404);
    world_run_sql(w, "DELETE FROM portal_option WHERE name = 'rating'");
    assert_has(world_get(w, CLAIRE, sheet), "Donner mon avis");
}

/* Somebody else's job is one that never was; so is what a link does not reach. */
WORLD_TEST(l_7_only_what_is_in_reach_is_spoken_of)
{
    const char *id = job_of(w, "planned");
    const char *theirs = world_value(w, "SELECT MAX(id) FROM job WHERE org_id = " ORG " AND client_id <> " CLIENT);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", theirs)), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/wish", theirs), "part=morning"), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/jobs/%s/rating", theirs), "stars=1"), 404);
    struct visitor v = { .w = w };
    struct link_wish one = { .client_id = world_number(w, "SELECT " CLIENT), .job_id = world_number(w, world_text(w, "SELECT %s", id)), .wording = "x" };
    int64_t link_id = link_made(w, &one);
    assert_status(visitor_open(&v, link_id, link_made_secret(w, link_id)), 303);
    const char *other = world_value(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND id <> %s", id));
    assert_status(visitor_get(&v, world_text(w, "/l/%lld/jobs/%s/wish", (long long)link_id, other)), 404);
    assert_status(visitor_post(&v, visitor_session(&v, link_id), world_text(w, "/l/%lld/jobs/%s/wish", (long long)link_id, other), "part=morning"), 404);
    assert_status(visitor_get(&v, world_text(w, "/l/%lld/jobs/%s/wish", (long long)link_id, id)), 200);
    assert_status(visitor_post(&v, visitor_session(&v, link_id), world_text(w, "/l/%lld/jobs/%s/wish", (long long)link_id, id), "part=morning"), 303);
    assert_string_equal(wish(w, "by_name"), "Lien sécurisé");
    assert_string_equal(wish(w, "mandate_id"), world_text(w, "%lld", (long long)link_id));
    struct link_wish site = { .client_id = one.client_id, .site_id = world_number(w, "SELECT MIN(id) FROM site WHERE org_id = " ORG " AND client_id = " CLIENT
        " AND 0 < (SELECT COUNT(*) FROM job j WHERE j.org_id = site.org_id AND j.client_id = site.client_id AND j.site_id <> site.id)"), .wording = "x" };
    link_id = link_made(w, &site);
    assert_status(visitor_open(&v, link_id, link_made_secret(w, link_id)), 303);
    other = world_value(w, world_text(w, "SELECT MAX(id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND site_id <> %lld", (long long)site.site_id));
    assert_status(visitor_post(&v, visitor_session(&v, link_id), world_text(w, "/l/%lld/jobs/%s/rating", (long long)link_id, other), "stars=1"), 404);
}

WORLD_MAIN("voice", WORLD_CASE(l_7_another_date_is_asked_for_and_the_office_learns_of_it), WORLD_CASE(l_7_a_wish_that_says_nothing_or_too_much_is_refused_at_its_field),
    WORLD_CASE(l_7_a_wish_is_answered_by_another_date), WORLD_CASE(l_7_a_wish_is_declined_with_a_word), WORLD_CASE(l_7_a_wish_is_over_when_the_work_begins_or_is_cancelled),
    WORLD_CASE(l_7_what_is_done_is_rated_once_and_changed_for_a_week), WORLD_CASE(l_7_only_what_is_in_reach_is_spoken_of), WORLD_CASE(l_6_a_part_that_is_off_does_not_exist))
