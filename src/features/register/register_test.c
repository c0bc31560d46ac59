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
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%s", id)), "mandate_stop");
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

/* ---- M-2: the page and the gate agree ---- */

static const char *const people[] = { ADMIN, MANAGER, AGENT, "karim.benali@froid-atlantique.example", CLAIRE };

/* A thing of the page, and the address whose answer the gate decides; '%s' is a ticket. */
static const struct { const char *what, *office, *portal; } things[] = {
    { "ticket:%s", OFFICE "/tickets/%s", PORTAL "/tickets/%s" },
    { "client_read", OFFICE "/clients", NULL }, { "client_write", OFFICE "/clients/new", NULL }, { "organization_manage", OFFICE "/settings", NULL },
    { "mandate_read", OFFICE "/mandates", NULL }, { "space_open", OFFICE, PORTAL }, { "ticket_write", NULL, PORTAL "/tickets/new" },
};

static bool is_answered(struct world_test *w, const char *who, const char *pattern, const char *ticket)
{
    const char *mark = pattern ? strstr(pattern, "%s") : NULL;
    if (!pattern)
        return false;
    return world_get(w, who, mark ? world_text(w, "%.*s%s", (int)(mark - pattern), pattern, ticket) : pattern)->status == 200;
}

WORLD_TEST(m_2_the_page_and_the_gate_agree_on_500_random_pairs)
{
    uint64_t seed = 20261122;
    int allowed = 0;
    for (int i = 0; i < 500; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const char *who = people[(seed >> 33) % 5];
        size_t n = i % 2 ? 0 : (seed >> 40) % (sizeof things / sizeof *things);
        const char *ticket = world_value(w, world_text(w, "SELECT id FROM ticket ORDER BY id LIMIT 1 OFFSET %d", (int)((seed >> 45) % 700)));
        const char *person = world_value(w, world_text(w, "SELECT id FROM person WHERE email = '%s'", who));
        const char *what = strcmp(things[n].what, "ticket:%s") == 0 ? world_text(w, "ticket:%s", ticket) : things[n].what;
        struct answer *why = world_get(w, ADMIN, world_text(w, OFFICE "/why.json?who=%s&what=%s", person, what));
        const struct doc *sides = doc_get(why->doc, "sides");
        bool office = doc_bool_of(doc_at(sides, 0), "is_allowed"), portal = doc_bool_of(doc_at(sides, 1), "is_allowed");
        if (things[n].office && office != is_answered(w, who, things[n].office, ticket))
            fail_msg("%s, %s, office: the page says %d", who, what, office);
        if (things[n].portal && portal != is_answered(w, who, things[n].portal, ticket))
            fail_msg("%s, %s, portal: the page says %d", who, what, portal);
        allowed += office || portal;
    }
    assert_in_range(allowed, 50, 450);
}

WORLD_TEST(m_2_the_page_names_the_mandate_or_what_is_missing)
{
    const char *person = world_value(w, "SELECT id FROM person WHERE email = '" CLAIRE "'");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=ticket_read", person)), mandate_of(w, CLAIRE, "tickets"));
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=journal_read", person)), "Il manque");
    const char *stranger = world_value(w, "SELECT id FROM person WHERE email = '" HOST "'");
    assert_status(world_get(w, ADMIN, world_text(w, OFFICE "/why?who=%s&what=ticket_read", stranger)), 404);
}

WORLD_MAIN("register",
    WORLD_CASE(m_1_the_register_lists_and_filters), WORLD_CASE(m_1_ended_in_the_register_counts_from_the_next_request),
    WORLD_CASE(m_1_nobody_ends_what_is_not_theirs), WORLD_CASE(m_6_the_receipt_has_its_fields), WORLD_CASE(m_3_acts_under_a_mandate_are_on_its_sheet),
    WORLD_CASE(m_5_a_mandate_ends_at_its_date_and_both_sides_are_told), WORLD_CASE(m_2_the_page_and_the_gate_agree_on_500_random_pairs),
    WORLD_CASE(m_2_the_page_names_the_mandate_or_what_is_missing))
