/* What clients are told of a job, step by step (L-7), on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/job/job.h"
#include "mail/mail.h"
#include "mandate/access.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SABINE "sabine.cozic@froid-atlantique.example"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define CLIENT "(SELECT MIN(id) FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define CONTACT "(SELECT MIN(id) FROM contact WHERE org_id = " ORG " AND email_key = '" CLAIRE "')"
#define KARIM "(SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email_key = 'karim.benali@froid-atlantique.example')"

#define NBSP "\xc2\xa0"

static const int64_t start_ms = INT64_C(1795590000000);   /* 25 November 2026, 7:00 UTC: 8:00 in Paris */

/* One act in the organization, as nobody in particular, committed. */
static struct ctx act_begin(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who = authority_nobody(world_number(w, "SELECT " ORG));
    must(db_begin(c.db, c.arena, DB_WRITE));
    return c;
}

static void act_end(struct ctx *c) { must(db_commit(c->db, c->arena)); }

static int64_t job_make(struct world_test *w, const char *how, const char *email)
{
    world_run_sql(w, "UPDATE mail SET kind = 'old'");
    struct ctx c = act_begin(w);
    int64_t id = 0;
    const struct job_new job = { .client_id = world_number(w, "SELECT " CLIENT), .type_id = world_number(w, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG),
        .description = "Vitrine tiède, \"froid\"; coupé\nEt le bac aussi", .street = "1 quai de la Douane", .postcode = "29200", .city = "Brest",
        .contact_id = strcmp(email, CLAIRE) == 0 ? world_number(w, "SELECT " CONTACT) : 0, .contact_name = "Claire Delmas", .contact_email = email, .asked_how = how, .asked_name = "Claire Delmas" };
    must(job_add(&c, &job, &id, NULL));
    act_end(&c);
    return id;
}

static void plan(struct world_test *w, int64_t id, int64_t at_ms)
{
    struct ctx c = act_begin(w);
    must(job_plan(&c, id, world_number(w, "SELECT " KARIM), at_ms, at_ms + 2 * CLOCK_HOUR_MS));
    must(job_tell(&c, id, JOB_STEP_PLANNED));
    act_end(&c);
}

static void cancel(struct world_test *w, int64_t id)
{
    struct ctx c = act_begin(w);
    must(job_cancel(&c, id, "Pièce introuvable"));
    must(job_tell(&c, id, JOB_STEP_CANCELLED));
    act_end(&c);
}

static int64_t mails(struct world_test *w, const char *kind)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s'", kind));
}

static const char *last(struct world_test *w, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM mail m JOIN mail_body b ON b.mail_id = m.id LEFT JOIN mail_file f ON f.mail_id = m.id WHERE m.kind LIKE 'mail_job_%%' "
        "AND m.to_email NOT LIKE '%%@froid-atlantique.example' ORDER BY m.id DESC LIMIT 1", column));
}

#define assert_in(text_, part_) do { if (!strstr((text_), (part_))) fail_msg("not there: %s\nin: %s", (part_), (text_)); } while (0)

WORLD_TEST(l_7_what_is_asked_is_received_and_those_who_plan_are_told)
{
    int64_t id = job_make(w, "portal", CLAIRE);
    assert_int_equal(mails(w, "mail_job_asked"), 1);
    const char *number = world_value(w, world_text(w, "SELECT number FROM job WHERE id = %lld", (long long)id));
    assert_string_equal(last(w, "m.subject"), world_text(w, "[I-%s] Demande d’intervention reçue", number));
    assert_string_equal(last(w, "m.to_email"), CLAIRE);
    assert_in(last(w, "b.text"), world_text(w, "I-%s · Vitrine tiède, \"froid\"; coupé\n", number));
    assert_string_equal(last(w, "f.name"), "");
    assert_true(mails(w, "mail_job_new") >= 1);
    assert_int_equal(mails(w, "mail_job_new"), world_number(w, "SELECT COUNT(*) FROM mandate WHERE org_id = " ORG " AND kind = 'membership' AND state = 'active' AND detail IN ('administrator', 'manager')"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_job_new' AND b.text LIKE '%depuis son espace client%' AND b.text LIKE '%Et le bac aussi%'"), mails(w, "mail_job_new"));
    job_make(w, "office", CLAIRE);
    assert_int_equal(mails(w, "mail_job_asked") + mails(w, "mail_job_new"), 0);       /* the office knows, and says so itself where it wants */
    job_make(w, "contract", CLAIRE);
    assert_int_equal(mails(w, "mail_job_visit"), 1);
    assert_int_equal(mails(w, "mail_job_new"), 0);
}

WORLD_TEST(l_7_those_who_plan_are_not_flooded)
{
    int64_t each = 0;
    job_make(w, "link", "");
    each = mails(w, "mail_job_new");
    for (int i = 0; i < 40; i++)
        job_make(w, "link", "");
    assert_int_equal(mails(w, "mail_job_new"), 0);
    world_pass(w, 2 * CLOCK_HOUR_MS);
    job_make(w, "link", "");
    assert_int_equal(mails(w, "mail_job_new"), each);
}

WORLD_TEST(l_7_a_date_is_told_moved_and_taken_back)
{
    int64_t id = job_make(w, "portal", CLAIRE);
    const char *number = world_value(w, world_text(w, "SELECT number FROM job WHERE id = %lld", (long long)id));
    plan(w, id, start_ms);
    assert_string_equal(last(w, "m.subject"), world_text(w, "[I-%s] Intervention planifiée", number));
    assert_in(last(w, "b.text"), "25" NBSP "nov." NBSP "2026, de 08:00 à 10:00\nTechnicien" NBSP ": Karim Benali\n");
    assert_string_equal(last(w, "f.name"), world_text(w, "I-%s.ics", number));
    assert_string_equal(last(w, "f.type"), "text/calendar; charset=utf-8; method=PUBLISH");
    assert_in(last(w, "f.text"), world_text(w, "\r\nUID:mandat-job-%lld\r\n", (long long)id));
    assert_in(last(w, "f.text"), "\r\nSEQUENCE:1\r\nDTSTART:20261125T070000Z\r\nDTEND:20261125T090000Z\r\n");
    assert_in(last(w, "f.text"), "SUMMARY:Froid Atlantique · Vitrine tiède\\, \"froid\"\\; coupé\r\n");
    assert_in(last(w, "f.text"), "LOCATION:1 quai de la Douane\\, 29200 Brest\r\n");
    plan(w, id, start_ms);                                           /* the same date again: nothing new */
    assert_int_equal(mails(w, "mail_job_planned"), 1);
    plan(w, id, start_ms + CLOCK_DAY_MS);
    assert_string_equal(last(w, "m.subject"), world_text(w, "[I-%s] Intervention déplacée", number));
    assert_in(last(w, "b.text"), "au lieu du 25" NBSP "nov." NBSP "2026 à 08:00");
    assert_in(last(w, "f.text"), "\r\nSEQUENCE:3\r\nDTSTART:20261126T070000Z");
    cancel(w, id);
    assert_string_equal(last(w, "m.subject"), world_text(w, "[I-%s] Intervention annulée", number));
    assert_in(last(w, "b.text"), "Motif" NBSP ": Pièce introuvable");
    assert_string_equal(last(w, "f.type"), "text/calendar; charset=utf-8; method=CANCEL");
    assert_in(last(w, "f.text"), "\r\nMETHOD:CANCEL\r\n");
    assert_in(last(w, "f.text"), "\r\nSEQUENCE:4\r\nDTSTART:20261126T070000Z");
    assert_in(last(w, "f.text"), "\r\nSTATUS:CANCELLED\r\n");
}

WORLD_TEST(l_7_a_date_that_no_longer_stands_leaves_the_calendar)
{
    int64_t id = job_make(w, "portal", CLAIRE);
    struct ctx c = act_begin(w);
    must(job_plan(&c, id, world_number(w, "SELECT " KARIM), start_ms, start_ms + CLOCK_HOUR_MS));      /* the box was not ticked */
    must(job_unplan(&c, id));
    must(job_tell(&c, id, JOB_STEP_UNPLANNED));
    act_end(&c);
    assert_int_equal(mails(w, "mail_job_unplanned"), 0);             /* nobody had heard of it */
    plan(w, id, start_ms);
    c = act_begin(w);
    must(job_unplan(&c, id));
    must(job_tell(&c, id, JOB_STEP_UNPLANNED));
    act_end(&c);
    assert_in(last(w, "b.text"), "25" NBSP "nov." NBSP "2026 à 08:00 ne tient plus");
    assert_in(last(w, "f.text"), "\r\nSEQUENCE:4\r\nDTSTART:20261125T070000Z");
    assert_in(last(w, "f.text"), "\r\nMETHOD:CANCEL\r\n");
    cancel(w, id);
    assert_string_equal(last(w, "f.name"), "");                      /* out of the calendar already */
    assert_in(last(w, "b.text"), "L’intervention est annulée.");
}

WORLD_TEST(l_7_on_the_way_and_done)
{
    int64_t id = job_make(w, "office", CLAIRE);
    plan(w, id, start_ms);
    struct ctx c = act_begin(w);
    must(job_leave(&c, id));
    act_end(&c);
    assert_in(last(w, "m.subject"), "Karim Benali est en route");
    c = act_begin(w);
    must(job_arrive(&c, id));
    must(job_finish(&c, id, "Tout va bien."));
    act_end(&c);
    assert_in(last(w, "m.subject"), "Intervention terminée");
    assert_null(strstr(last(w, "b.text"), "Tout va bien"));          /* where the report is shown is for the portal to say */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind LIKE 'mail_job_%'"), 3);
}

WORLD_TEST(l_7_a_link_is_for_who_has_the_page_and_no_secret)
{
    int64_t id = job_make(w, "portal", CLAIRE);
    const char *page = world_text(w, "/p/froid-atlantique/jobs/%lld", (long long)id);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE org_id = " ORG " AND kind = 'access' AND detail IN ('jobs', 'all')");
    plan(w, id, start_ms);
    assert_null(strstr(last(w, "b.text"), page));
    assert_null(strstr(last(w, "f.text"), "http"));
    struct ctx c = act_begin(w);
    must(access_give(&c, world_number(w, "SELECT " CONTACT), "jobs", "x", NULL));
    act_end(&c);
    plan(w, id, start_ms + CLOCK_HOUR_MS);
    assert_in(last(w, "b.text"), page);
    assert_in(last(w, "b.html"), page);
    assert_in(last(w, "b.text"), "Ne plus recevoir ces messages" NBSP ": @LINK@");
    assert_null(strstr(last(w, "b.text"), "/l/"));
}

WORLD_TEST(l_7_in_the_contacts_language)
{
    world_run_sql(w, "UPDATE contact SET lang = 'en' WHERE email_key = '" CLAIRE "'");
    int64_t id = job_make(w, "portal", CLAIRE);
    plan(w, id, start_ms);
    assert_in(last(w, "m.subject"), "Job scheduled");
    assert_in(last(w, "f.text"), "Technician: Karim Benali");
    assert_string_equal(last(w, "m.lang"), "en");
}

WORLD_TEST(l_7_whoever_wants_none_gets_none)
{
    int64_t id = job_make(w, "portal", "inconnu@ailleurs.example");
    assert_string_equal(last(w, "m.to_email"), "inconnu@ailleurs.example");
    struct ctx c;
    world_ctx(w, &c);
    const char *link = mail_link_address_of(&c, "mute", world_number(w, "SELECT MAX(id) FROM mail WHERE kind = 'mail_job_asked'"));
    const char *path = strstr(link, "/account/mute/");
    assert_has(world_get(w, NULL, path), "au sujet de ses interventions");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job_mute"), 0);
    assert_status(world_post(w, NULL, path, ""), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM job_mute"), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_mute"), 0);
    plan(w, id, start_ms);
    assert_int_equal(mails(w, "mail_job_planned"), 0);
    job_make(w, "portal", "pas une adresse");                        /* and no address is no error */
    assert_int_equal(mails(w, "mail_job_asked"), 0);
}

/* « Prévenir le client », in the back office. */
WORLD_TEST(l_7_the_box_decides_whether_the_client_is_told)
{
    int64_t id = job_make(w, "office", CLAIRE);
    const char *page = world_text(w, "/o/froid-atlantique/jobs/%lld", (long long)id), *form = world_text(w, "member_id=%s&day=2027-01-05&length=2+h", world_value(w, "SELECT " KARIM));
    assert_has(world_get(w, SABINE, world_text(w, "%s/plan", page)), "name=\"is_told\" value=\"1\" checked");
    assert_status(world_post(w, SABINE, world_text(w, "%s/plan", page), world_text(w, "%s&start=08:00", form)), 303);
    assert_int_equal(mails(w, "mail_job_planned"), 0);
    assert_status(world_post(w, SABINE, world_text(w, "%s/plan", page), world_text(w, "%s&start=14:00&is_told=1", form)), 303);
    assert_int_equal(mails(w, "mail_job_planned"), 1);
    assert_status(world_post(w, SABINE, world_text(w, "%s/unplan", page), ""), 303);
    assert_int_equal(mails(w, "mail_job_unplanned"), 1);
    assert_status(world_post(w, SABINE, world_text(w, "%s/cancel", page), "reason=Fini&is_told=1"), 303);
    assert_int_equal(mails(w, "mail_job_cancelled"), 1);
    id = job_make(w, "office", CLAIRE);
    assert_status(world_post(w, SABINE, world_text(w, "/o/froid-atlantique/jobs/%lld/cancel", (long long)id), "reason=Fini"), 303);
    assert_int_equal(mails(w, "mail_job_cancelled"), 0);
}

WORLD_MAIN("tell", WORLD_CASE(l_7_what_is_asked_is_received_and_those_who_plan_are_told), WORLD_CASE(l_7_those_who_plan_are_not_flooded), WORLD_CASE(l_7_a_date_is_told_moved_and_taken_back),
    WORLD_CASE(l_7_a_date_that_no_longer_stands_leaves_the_calendar), WORLD_CASE(l_7_on_the_way_and_done), WORLD_CASE(l_7_a_link_is_for_who_has_the_page_and_no_secret),
    WORLD_CASE(l_7_in_the_contacts_language), WORLD_CASE(l_7_whoever_wants_none_gets_none), WORLD_CASE(l_7_the_box_decides_whether_the_client_is_told))
