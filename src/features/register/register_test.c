/* The register, « Pourquoi ? » and the end of mandates, on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/register/register.h"
#include "work/work.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define MANAGER "yann.le-goff@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define HOST "camille.vasseur@hexanode.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"       /* her colleague, with invoices alone */
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"
#define FROID "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static const char *mandate_of(struct world_test *w, const char *email, const char *detail)
{
    return world_value(w, world_text(w, "SELECT m.id FROM mandate m JOIN person p ON p.id = m.holder_person_id WHERE m.org_id = " FROID " AND m.detail = '%s' "
        "AND p.email = '%s' AND m.state = 'active'", detail, email));
}

static int64_t mails(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_mandate_ended'"); }

WORLD_TEST(m_1_the_register_lists_and_filters)
{
    assert_has(world_get(w, ADMIN, OFFICE "/mandates"), "Ce que d’autres peuvent chez nous");
    const struct doc *members = doc_get(world_get(w, ADMIN, OFFICE "/mandates.json?kind=membership")->doc, "mandates");
    assert_int_equal(doc_count(members), 6);
    assert_status(world_get(w, AGENT, OFFICE "/mandates"), 403);
    assert_has(world_get(w, CLAIRE, "/account/mandates"), "Froid Atlantique");
}

WORLD_TEST(m_1_ended_in_the_register_counts_from_the_next_request)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", id)), "Mettre fin");
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);                      /* the page alone does nothing */
    int64_t before = mails(w);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", id), ""), 303);
    assert_int_not_equal(world_get(w, CLAIRE, PORTAL "/tickets")->status, 200);
    assert_int_equal(mails(w), before + 2);                                           /* both sides */
    assert_has(world_get(w, ADMIN, OFFICE "/mandates?state=ended"), "Claire Delmas");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", id), ""), 409);
}

WORLD_TEST(m_1_nobody_ends_what_is_not_theirs)
{
    const char *id = mandate_of(w, CLAIRE, "tickets"), *member = mandate_of(w, AGENT, "support_agent");
    assert_status(world_post(w, AGENT, world_text(w, OFFICE "/mandates/%s/end", id), ""), 403);
    assert_status(world_post(w, CLAIRE, world_text(w, OFFICE "/mandates/%s/end", id), ""), 404);
    assert_status(world_post(w, MANAGER, world_text(w, OFFICE "/mandates/%s/end", member), ""), 403);   /* gives accesses, not memberships */
    struct answer *theirs = world_get(w, HOST, world_text(w, "/o/hexanode/mandates/%s", id)), *none = world_get(w, HOST, "/o/hexanode/mandates/4711");
    assert_status(theirs, 404);
    assert_string_equal(theirs->body, none->body);
    assert_status(world_post(w, HOST, world_text(w, "/o/hexanode/mandates/%s/end", id), ""), 404);
    assert_string_equal(mandate_of(w, CLAIRE, "tickets"), id);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", mandate_of(w, ADMIN, "administrator")), ""), 409);   /* the last one */
}

WORLD_TEST(m_6_the_receipt_has_its_fields)
{
    static const char *const fields[] = { "schema_version", "record_id", "controller", "holder", "purpose", "allowed", "wording", "granted_at", "agreed_how",
        "valid_until", "withdrawal_method", "state", "events" };
    const struct doc *receipt = doc_get(world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%s.json", mandate_of(w, CLAIRE, "tickets")))->doc, "receipt");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!doc_get(receipt, fields[i]))
            fail_msg("the receipt has no %s", fields[i]);
    assert_string_equal(doc_text_of(receipt, "holder"), "Claire Delmas");
}

WORLD_TEST(m_3_acts_under_a_mandate_are_on_its_sheet)
{
    const char *id = mandate_of(w, ADMIN, "administrator");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", mandate_of(w, CLAIRE, "invoices")), ""), 303);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%s", id)), "Sabine Cozic a mis fin au mandat");
}

static void job_run(struct world_test *w)
{
    struct ctx c;
    bool ran = false;
    const struct work_kind *kind = register_feature.works;
    world_ctx(w, &c);
    do {
        struct err *e = work_run_one(&c, &kind, 1, &ran);
        if (e)
            fail_msg("%s (%s)", e->detail, e->where);
    } while (ran && c.now_ms != world_now(w));
}

WORLD_TEST(m_5_a_mandate_ends_at_its_date_and_both_sides_are_told)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE id = %s", (long long)(world_now(w) + CLOCK_HOUR_MS), id));
    job_run(w);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    world_pass(w, 2 * CLOCK_HOUR_MS);
    int64_t before = mails(w);
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ended_why FROM mandate WHERE id = %s", id)), "endeddate");
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate_holder WHERE mandate_id = %s", id)), 0);
    assert_int_equal(mails(w), before + 2);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = 'mandate_expiry' AND object_id = %s", id)), 1);
}

/* ---- M-5: warnings, requests, the ground ---- */

static int64_t mails_of(struct world_test *w, const char *kind) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s'", kind)); }

static void ends_in(struct world_test *w, const char *id, int64_t ms)
{
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE id = %s", (long long)(world_now(w) + ms), id));
}

WORLD_TEST(m_5_warned_30_7_and_1_days_before_once_each)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    world_support_stands(w);
    ends_in(w, id, 31 * CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 0);
    static const struct { int pass_days, mails; } steps[] = { { 1, 2 }, { 10, 2 }, { 13, 4 }, { 6, 6 }, { 0, 6 } };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        world_pass(w, steps[i].pass_days * CLOCK_DAY_MS + CLOCK_HOUR_MS / 12);
        job_run(w);
        assert_int_equal(mails_of(w, "mail_mandate_ending"), steps[i].mails);      /* both sides */
    }
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate_warning WHERE mandate_id = %s", id)), 3);
    world_pass(w, CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(mails(w), 2);                                                  /* and word at the end */
}

static int64_t told(struct world_test *w, const char *kind, const char *side, const char *id)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s' AND to_email = (SELECT p.email FROM mandate m JOIN person p ON p.id = m.%s WHERE m.id = %s)", kind, side, id));
}

/* The same for somebody of a partner: who agreed and who helps are warned three times each, and at the end both are told. */
WORLD_TEST(s_14_support_is_warned_of_at_30_7_and_1_days_and_told_at_the_end)
{
    world_support_stands(w);
    const char *id = world_value(w, "SELECT MIN(id) FROM mandate WHERE kind = 'support' AND state = 'active' AND agreed_by IS NOT NULL");
    static const char *const sides[] = { "holder_person_id", "agreed_by" };
    ends_in(w, id, 31 * CLOCK_DAY_MS);
    world_run_sql(w, world_text(w, "UPDATE mandate SET starts_at = 1 WHERE id = %s", id));
    static const struct { int pass_days, warned; } steps[] = { { 0, 0 }, { 1, 1 }, { 10, 1 }, { 13, 2 }, { 6, 3 } };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        world_pass(w, steps[i].pass_days * CLOCK_DAY_MS + CLOCK_HOUR_MS / 12);
        job_run(w);
        for (int side = 0; side < 2; side++)
            assert_int_equal(told(w, "mail_mandate_ending", sides[side], id), steps[i].warned);
    }
    int64_t ended = told(w, "mail_support_ended", sides[1], id);
    world_pass(w, CLOCK_DAY_MS);
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", id)), "ended");
    assert_int_equal(told(w, "mail_support_ended", sides[1], id), ended + 1);
    assert_true(told(w, "mail_support_ended", sides[0], id) >= 1);
}

/* « Durable » is asked again: the first warning brings the request, once, and the access goes on until its end. */
WORLD_TEST(s_14_lasting_support_is_asked_for_again_before_its_end)
{
    world_support_stands(w);
    const char *id = world_value(w, "SELECT MIN(d.support_id) FROM dossier d JOIN support_request r ON r.org_id = d.client_org_id AND r.mandate_id = d.support_id "
        "WHERE d.request_id IS NULL AND r.is_lasting = 1 AND r.answer = 'granted'");
    const char *asked = world_text(w, "SELECT COUNT(*) FROM support_request WHERE replaces_id = %s AND answer = '' AND hours = 0", id);
    const char *other = world_value(w, "SELECT MIN(d.support_id) FROM dossier d JOIN support_request r ON r.org_id = d.client_org_id AND r.mandate_id = d.support_id "
        "WHERE d.request_id IS NULL AND r.is_lasting = 0 AND r.answer = 'granted'");
    world_run_sql(w, world_text(w, "UPDATE mandate SET starts_at = 1 WHERE id IN (%s, %s)", id, other));
    ends_in(w, id, 31 * CLOCK_DAY_MS);
    ends_in(w, other, 31 * CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(world_number(w, asked), 0);
    int64_t letters = mails_of(w, "mail_support_asked");
    world_pass(w, CLOCK_DAY_MS + CLOCK_HOUR_MS);
    job_run(w);
    assert_int_equal(world_number(w, asked), 1);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM support_request WHERE replaces_id = %s AND answer = ''", other)), 0);
    assert_true(mails_of(w, "mail_support_asked") > letters);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'support_asked_again'"), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", id)), "active");
    letters = mails_of(w, "mail_support_asked");
    world_pass(w, CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(world_number(w, asked), 1);
    assert_int_equal(mails_of(w, "mail_support_asked"), letters);
}

WORLD_TEST(m_5_given_for_less_than_the_distance_only_the_smaller_ones)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    world_support_stands(w);
    world_run_sql(w, world_text(w, "UPDATE mandate SET starts_at = %lld WHERE id = %s", (long long)world_now(w), id));
    ends_in(w, id, 10 * CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 0);
    world_pass(w, 4 * CLOCK_DAY_MS);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 2);
}

WORLD_TEST(m_5_after_a_long_stop_one_warning_not_three)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    world_support_stands(w);
    ends_in(w, id, 40 * CLOCK_DAY_MS);
    world_pass(w, 39 * CLOCK_DAY_MS + CLOCK_HOUR_MS);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 2);
    assert_string_equal(world_value(w, world_text(w, "SELECT days FROM mandate_warning WHERE mandate_id = %s", id)), "1");
}

WORLD_TEST(m_5_a_run_that_did_not_commit_did_nothing)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    world_support_stands(w);
    struct ctx c;
    ends_in(w, id, 5 * CLOCK_DAY_MS);
    world_ctx(w, &c);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(register_feature.works->run(&c, doc_map(c.arena)));
    db_rollback(c.db);                                                              /* killed before the commit */
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 0);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 2);
    world_pass(w, CLOCK_HOUR_MS);
    job_run(w);
    assert_int_equal(mails_of(w, "mail_mandate_ending"), 2);
}

WORLD_TEST(m_5_requests_die_invitations_after_7_days_others_after_20)
{
    struct answer *sent = world_post(w, ADMIN, OFFICE "/members", "first_name=Nora&last_name=Le+Bris&email=nora@neuve.example&title=&role=manager");
    assert_status(sent, 303);
    const char *invited = world_value(w, "SELECT mandate_id FROM member_invitation WHERE email = 'nora@neuve.example'");
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " FROID ", 999, 'payer', 'requested', "
        "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne'), %lld, %lld", (long long)world_now(w), (long long)world_now(w)));
    world_pass(w, 10 * CLOCK_HOUR_MS);
    const char *member = world_value(w, "SELECT member_id FROM member_invitation WHERE email = 'nora@neuve.example'");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/members/%s/resend", member), ""), 303);
    world_pass(w, 7 * CLOCK_DAY_MS - 5 * CLOCK_HOUR_MS);
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", invited)), "requested");    /* sent again, it lives on */
    world_pass(w, 6 * CLOCK_HOUR_MS);
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ended_why FROM mandate WHERE id = %s", invited)), "expiredunanswered");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_mandate_unanswered' AND to_email IN ('" ADMIN "', 'nora@neuve.example')"), 1);   /* to who asked; who was silent is not written to */
    assert_string_equal(world_value(w, "SELECT state FROM mandate WHERE id = 999"), "requested");
    world_pass(w, 13 * CLOCK_DAY_MS);
    job_run(w);
    assert_string_equal(world_value(w, "SELECT state FROM mandate WHERE id = 999"), "expired");
}

WORLD_TEST(m_5_what_it_rests_on_has_gone)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    const char *token = world_text(w, "space=o/froid-atlantique&name=Caisse&ends_on=2027-03-01&may_ticket_read=1");
    assert_status(world_post(w, AGENT, "/account/tokens", token), 200);
    const char *token_id = world_value(w, "SELECT MAX(mandate_id) FROM token");
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", id)), "active");
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", token_id)), "active");
    world_run_sql(w, "UPDATE contact SET client_id = (SELECT MIN(id) FROM client c WHERE c.org_id = contact.org_id AND c.id <> contact.client_id) WHERE email = '" CLAIRE "'");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", mandate_of(w, AGENT, "support_agent")), ""), 303);
    world_pass(w, 2 * CLOCK_MINUTE_MS);
    job_run(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ended_why FROM mandate WHERE id = %s", id)), "endedmoved");
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ended_why FROM mandate WHERE id = %s", token_id)), "endedmembership");
    assert_true(world_number(w, "SELECT COUNT(*) FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_mandate_ended' AND b.text LIKE '%autre client%'") >= 2);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = 'mandate_groundless' AND object_id = %s", id)), 1);
}

/* ---- M-1: the portal, one's own, elsewhere ---- */

static void give_all(struct world_test *w, const char *email)
{
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_contact_id, scope_client_id, agreed_by, starts_at, created_at) "
        "SELECT ct.org_id, 998, 'access', 'all', 'active', ct.person_id, ct.id, ct.client_id, (SELECT id FROM person WHERE email = '" ADMIN "'), 1, 1 FROM contact ct WHERE ct.email = '%s'", email));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT person_id, org_id, 998 FROM contact WHERE email = '%s'", email));
}

WORLD_TEST(m_1_a_contact_sees_their_own_and_with_all_those_of_the_client)
{
    struct answer *own = world_get(w, CLAIRE, PORTAL "/mandates");
    assert_has(own, "Claire Delmas");
    assert_not(own, "Lemoine");                                                    /* a colleague with an access */
    const char *hers = mandate_of(w, SOPHIE, "invoices");
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/mandates/%s", hers)), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/mandates/%s/end", hers), ""), 404);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/mandates/%s", mandate_of(w, CLAIRE, "tickets"))), 200);
    const char *sophie = world_value(w, "SELECT id FROM person WHERE email = '" SOPHIE "'");
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/why?who=%s", sophie)), 403);
    assert_not(world_get(w, CLAIRE, PORTAL "/why"), "Lemoine");
    give_all(w, CLAIRE);
    assert_has(world_get(w, CLAIRE, PORTAL "/mandates"), "Lemoine");
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/why?who=%s", sophie)), "Lemoine");
    const char *other = world_value(w, world_text(w, "SELECT m.id FROM mandate m WHERE m.org_id = " FROID " AND m.kind = 'access' AND m.state = 'active' AND m.scope_client_id <> "
        "(SELECT client_id FROM contact WHERE email = '" CLAIRE "') LIMIT 1"));
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/mandates/%s", other)), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/mandates/%s/end", other), ""), 404);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/mandates/%s/end", hers), ""), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %s", hers)), "ended");
    struct answer *told = world_get(w, SOPHIE, world_text(w, "/account/mandates/%s", hers));
    assert_status(told, 200);                                                      /* the receipt stays */
    assert_not(told, "Claire");                                                    /* a colleague she may not see: the client has ended it */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" SOPHIE "' AND b.text LIKE '%Claire%'"), 0);
}

WORLD_TEST(m_1_the_holder_gives_up_their_own)
{
    const char *id = mandate_of(w, CLAIRE, "tickets"), *hers = mandate_of(w, SOPHIE, "invoices"), *last = mandate_of(w, ADMIN, "administrator");
    assert_has(world_get(w, CLAIRE, "/account/mandates"), "Mettre fin");
    assert_has(world_get(w, CLAIRE, world_text(w, "/account/mandates/%s/end", id)), "recevez un e-mail");
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    assert_status(world_post(w, CLAIRE, world_text(w, "/account/mandates/%s/end", hers), ""), 404);
    assert_status(world_get(w, CLAIRE, world_text(w, "/account/mandates/%s", hers)), 404);
    int64_t before = mails(w);
    assert_status(world_post(w, CLAIRE, world_text(w, "/account/mandates/%s/end", id), ""), 303);
    assert_int_equal(mails(w), before + 2);
    assert_string_equal(world_value(w, world_text(w, "SELECT state || ended_why FROM mandate WHERE id = %s", id)), "endedrenounced");
    assert_int_not_equal(world_get(w, CLAIRE, PORTAL "/tickets")->status, 200);
    assert_status(world_post(w, CLAIRE, world_text(w, "/account/mandates/%s/end", id), ""), 409);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE org_id = " FROID " AND action = 'mandate_renounce' AND object_id = %s", id)), 1);
    struct answer *stays = world_post(w, ADMIN, world_text(w, "/account/mandates/%s/end", last), "");
    assert_status(stays, 422);
    assert_has(stays, "dernier administrateur");
    assert_status(world_post(w, AGENT, world_text(w, "/account/mandates/%s/end", mandate_of(w, AGENT, "support_agent")), ""), 303);
    assert_status(world_get(w, AGENT, OFFICE), 404);
}

WORLD_TEST(m_1_what_we_may_elsewhere_is_ours_alone)
{
    static const char *const slugs[] = { "cabinet-lanterne", "boulangerie-tivoli" };
    struct answer *ours = world_get(w, "solene.kerbrat@lanterne.example", "/o/cabinet-lanterne/mandates/elsewhere.json");
    int64_t held = world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE state = 'active' AND holder_org_id = (SELECT id FROM organization WHERE slug = '%s')", slugs[0]));
    assert_true(held >= 2);
    assert_int_equal(doc_count(doc_get(ours->doc, "mandates")), held < 50 ? held : 50);      /* a page */
    assert_int_equal(doc_count(doc_get(world_get(w, "nadia.ferrand@tivoli.example", "/o/boulangerie-tivoli/mandates/elsewhere.json")->doc, "mandates")), 0);
}

WORLD_TEST(m_1_found_by_the_name_of_holder_or_client)
{
    static const struct { const char *search; bool finds; } searches[] = { { "claire+delmas", true }, { "bellerive", true }, { "hotel+bell", true }, { "sabine", true },
        { "vasseur", false }, { "claire+zzz", false } };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        const struct doc *found = doc_get(world_get(w, ADMIN, world_text(w, OFFICE "/mandates.json?search=%s", searches[i].search))->doc, "mandates");
        if ((doc_count(found) > 0) != searches[i].finds)
            fail_msg("%s: %d found", searches[i].search, (int)doc_count(found));
    }
    assert_has(world_get(w, ADMIN, OFFICE "/why?person=delmas"), "Hôtel Bellerive");
    assert_true(text_starts(world_get(w, ADMIN, OFFICE "/mandates.csv")->type, "text/csv"));
}

WORLD_TEST(m_1_an_ended_access_can_be_given_again)
{
    const char *id = mandate_of(w, CLAIRE, "tickets");
    struct answer *done = world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%s/end", id), "");
    assert_has(world_get(w, ADMIN, done->location), "Redonner");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets", world_value(w, "SELECT id FROM contact WHERE email = '" CLAIRE "'"))), "Donner Accès");
}

WORLD_TEST(m_3_lines_say_who_did_what_to_which_thing)
{
    const char *ticket = world_value(w, "SELECT id FROM ticket WHERE org_id = " FROID " AND number = 1208");
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/tickets/%s/comments", ticket), "body=Merci"), 303);
    struct answer *sheet = world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%s", mandate_of(w, CLAIRE, "tickets")));
    assert_has(sheet, world_text(w, "Claire Delmas a répondu au ticket <a href=\"" OFFICE "/tickets/%s\">T-1208</a>", ticket));
}

/* ---- M-2: the page and the gate agree ---- */

static const char *const people[] = { ADMIN, MANAGER, AGENT, "karim.benali@froid-atlantique.example", CLAIRE, SOPHIE };

/* A thing of the page, and the address whose answer the gate decides; '%s' is a ticket. */
static const struct { const char *what, *office, *portal; } things[] = {
    { "ticket:%s", OFFICE "/tickets/%s", PORTAL "/tickets/%s" }, { "client:%s", OFFICE "/clients/%s", NULL }, { "contact:%s", OFFICE "/contacts/%s", NULL },
    { "member_read", OFFICE "/members", NULL }, { "ticket_read", NULL, PORTAL "/tickets" },     { "client_read", OFFICE "/clients", NULL }, { "client_write", OFFICE "/clients/new", NULL }, { "organization_manage", OFFICE "/settings", NULL },
    { "mandate_read", OFFICE "/mandates", NULL }, { "space_open", OFFICE, PORTAL }, { "ticket_write", NULL, PORTAL "/tickets/new" },
};

static bool is_answered(struct world_test *w, const char *who, const char *pattern, const char *id)
{
    const char *mark = pattern ? strstr(pattern, "%s") : NULL;
    if (!pattern)
        return false;
    return world_get(w, who, mark ? world_text(w, "%.*s%s", (int)(mark - pattern), pattern, id) : pattern)->status == 200;
}

/* The id that a thing's "%s" stands for: any of that kind. */
static const char *thing_id(struct world_test *w, const char *what, int offset)
{
    const char *table = text_starts(what, "client:") ? "client" : text_starts(what, "contact:") ? "contact" : "ticket";
    return world_value(w, world_text(w, "SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %d", table, offset % 300));
}

static const char *thing_text(struct world_test *w, const char *what, const char *id)
{
    const char *mark = strstr(what, "%s");
    return mark ? world_text(w, "%.*s%s", (int)(mark - what), what, id) : what;
}

WORLD_TEST(m_2_the_page_and_the_gate_agree_on_500_random_pairs)
{
    uint64_t seed = 20261122;
    int allowed = 0;
    give_all(w, SOPHIE);
    for (int i = 0; i < 500; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const char *who = people[(seed >> 33) % (sizeof people / sizeof *people)];
        size_t n = i % 3 ? (seed >> 40) % 3 : (seed >> 40) % (sizeof things / sizeof *things);
        const char *id = thing_id(w, things[n].what, (int)((seed >> 45) % 700)), *what = thing_text(w, things[n].what, id);
        const char *person = world_value(w, world_text(w, "SELECT id FROM person WHERE email = '%s'", who));
        struct answer *why = world_get(w, ADMIN, world_text(w, OFFICE "/why.json?who=%s&what=%s", person, what));
        if (why->status == 404) {                                       /* of another organization: there is no such thing for anybody here */
            assert_false(is_answered(w, who, things[n].office, id) || is_answered(w, who, things[n].portal, id));
            continue;
        }
        const struct doc *sides = doc_get(why->doc, "sides");
        bool office = doc_bool_of(doc_at(sides, 0), "is_allowed"), portal = doc_bool_of(doc_at(sides, 1), "is_allowed");
        if (things[n].office && office != is_answered(w, who, things[n].office, id))
            fail_msg("%s, %s, office: the page says %d", who, what, office);
        if (things[n].portal && portal != is_answered(w, who, things[n].portal, id))
            fail_msg("%s, %s, portal: the page says %d", who, what, portal);
        allowed += office || portal;
    }
    assert_in_range(allowed, 50, 450);
}

/* A contact asks about themself: the portal's page says what the portal does. */
WORLD_TEST(m_2_the_portal_s_page_and_the_gate_agree)
{
    static const struct { const char *what, *path; } asked[] = { { "ticket_read", PORTAL "/tickets" }, { "ticket_write", PORTAL "/tickets/new" },
        { "space_open", PORTAL "/mandates" } };
    static const char *const contacts[] = { CLAIRE, SOPHIE };
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
            struct answer *why = world_get(w, contacts[p], world_text(w, PORTAL "/why.json?what=%s", asked[i].what));
            assert_status(why, 200);
            assert_int_equal(doc_bool_of(why->doc, "is_allowed"), world_get(w, contacts[p], asked[i].path)->status == 200);
        }
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/why?what=client:%s", world_value(w, "SELECT MAX(id) FROM client WHERE org_id = " FROID))), 404);
    assert_has(world_get(w, CLAIRE, PORTAL "/tickets"), PORTAL "/why?what=ticket_read");
    assert_has(world_get(w, AGENT, OFFICE "/tickets"), OFFICE "/why?what=ticket_");
    assert_status(world_get(w, AGENT, OFFICE "/why?what=ticket_read"), 200);                            /* of oneself, anybody may ask */
    assert_status(world_get(w, AGENT, world_text(w, OFFICE "/why?who=%s", world_value(w, "SELECT id FROM person WHERE email = '" CLAIRE "'"))), 403);
}

/* A program: its token's page and what its requests get. */
WORLD_TEST(m_2_the_page_and_the_gate_agree_on_tokens)
{
    static const struct { const char *what, *path; } asked[] = { { "ticket_manage", OFFICE "/tickets" }, { "client_read", OFFICE "/clients" },
        { "member_read", OFFICE "/members" }, { "mandate_read", OFFICE "/mandates" }, { "organization_manage", OFFICE "/settings" } };
    struct answer *made = world_post(w, ADMIN, "/account/tokens", "space=o/froid-atlantique&name=Caisse&ends_on=2027-03-01&may_ticket_read=1&may_ticket_manage=1&may_mandate_read=1");
    assert_status(made, 200);
    const char *at = strstr(made->body, "value=\"mdt_"), *id = world_value(w, "SELECT MAX(mandate_id) FROM token");
    assert_non_null(at);
    struct pair bearer = { "authorization", world_text(w, "Bearer %.47s", at + strlen("value=\"")), NULL };
    int allowed = 0;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        bool says = doc_bool_of(world_get(w, ADMIN, world_text(w, OFFICE "/why.json?token=%s&what=%s", id, asked[i].what))->doc, "is_allowed");
        struct answer *got = world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = "", .method = METHOD_GET,
            .target = world_text(w, "/api/1%s", asked[i].path), .type = "", .body = "", .headers = &bearer });
        assert_int_equal(says, got->status == 200);
        allowed += says;
    }
    assert_int_equal(allowed, 2);
}

WORLD_TEST(m_2_the_page_names_the_mandate_or_what_is_missing)
{
    const char *person = world_value(w, "SELECT id FROM person WHERE email = '" CLAIRE "'");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=ticket_read", person)), mandate_of(w, CLAIRE, "tickets"));
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=journal_read", person)), "Il manque");
    const char *stranger = world_value(w, "SELECT id FROM person WHERE email = '" HOST "'");
    assert_status(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=ticket_read", stranger)), 404);
}

/* Who may not open a thing learns no more of it than that it is there: no title, no name. */
WORLD_TEST(m_2_the_page_names_no_thing_that_one_may_not_see)
{
    const char *ticket = world_value(w, "SELECT t.id FROM ticket t JOIN contact ct ON ct.id = t.contact_id WHERE ct.email = '" CLAIRE "' AND t.number = 1208");
    const char *title = world_value(w, world_text(w, "SELECT title FROM ticket WHERE id = %s", ticket)), *colleague = world_value(w, "SELECT id FROM contact WHERE email = '" SOPHIE "'");
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/why.json?what=ticket:%s", ticket)), title);
    assert_not(world_get(w, SOPHIE, world_text(w, PORTAL "/why.json?what=ticket:%s", ticket)), title);
    assert_not(world_get(w, CLAIRE, world_text(w, PORTAL "/why.json?what=contact:%s", colleague)), "Lemoine");
    assert_has(world_get(w, AGENT, world_text(w, OFFICE "/why.json?what=ticket:%s", ticket)), title);
    world_run_sql(w, world_text(w, "UPDATE mandate SET detail = 'accountant' WHERE id = %s", mandate_of(w, AGENT, "support_agent")));
    assert_not(world_get(w, AGENT, world_text(w, OFFICE "/why.json?what=ticket:%s", ticket)), title);
    assert_not(world_get(w, AGENT, world_text(w, OFFICE "/why.json?what=contact:%s", colleague)), "Lemoine");
    assert_not(world_get(w, AGENT, world_text(w, OFFICE "/why.json?what=client:%s", world_value(w, "SELECT client_id FROM contact WHERE email = '" CLAIRE "'"))), "Bellerive");
}

WORLD_MAIN("register",
    WORLD_CASE(m_1_the_register_lists_and_filters), WORLD_CASE(m_1_ended_in_the_register_counts_from_the_next_request),
    WORLD_CASE(m_1_nobody_ends_what_is_not_theirs), WORLD_CASE(m_6_the_receipt_has_its_fields), WORLD_CASE(m_3_acts_under_a_mandate_are_on_its_sheet),
    WORLD_CASE(m_5_a_mandate_ends_at_its_date_and_both_sides_are_told), WORLD_CASE(m_5_warned_30_7_and_1_days_before_once_each), WORLD_CASE(s_14_support_is_warned_of_at_30_7_and_1_days_and_told_at_the_end),
    WORLD_CASE(s_14_lasting_support_is_asked_for_again_before_its_end),
    WORLD_CASE(m_5_given_for_less_than_the_distance_only_the_smaller_ones), WORLD_CASE(m_5_after_a_long_stop_one_warning_not_three),
    WORLD_CASE(m_5_a_run_that_did_not_commit_did_nothing), WORLD_CASE(m_5_requests_die_invitations_after_7_days_others_after_20),
    WORLD_CASE(m_5_what_it_rests_on_has_gone), WORLD_CASE(m_1_a_contact_sees_their_own_and_with_all_those_of_the_client),
    WORLD_CASE(m_1_the_holder_gives_up_their_own), WORLD_CASE(m_1_what_we_may_elsewhere_is_ours_alone),
    WORLD_CASE(m_1_found_by_the_name_of_holder_or_client), WORLD_CASE(m_1_an_ended_access_can_be_given_again),
    WORLD_CASE(m_3_lines_say_who_did_what_to_which_thing), WORLD_CASE(m_2_the_page_and_the_gate_agree_on_500_random_pairs),
    WORLD_CASE(m_2_the_portal_s_page_and_the_gate_agree), WORLD_CASE(m_2_the_page_and_the_gate_agree_on_tokens),
    WORLD_CASE(m_2_the_page_names_the_mandate_or_what_is_missing), WORLD_CASE(m_2_the_page_names_no_thing_that_one_may_not_see))
