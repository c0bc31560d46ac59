/* Support by consent, below the pages: asked, agreed to, inside, out (S-4 to S-14); the client's space opens to nobody before and after (S-8). */
#include "mandate/support.h"
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/journal.h"

#define INES "ines.rolland@lanterne.example"
#define HUGO "hugo.marchetti@lanterne.example"
#define MAELLE "maelle.guyader@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define DOSSIER "(SELECT id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI ")"
#define CLIENTS "/o/boulangerie-tivoli/clients"

static int64_t member_id(struct world_test *w, const char *email)
{
    return world_number(w, world_text(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '%s')", email));
}

/* In a write transaction, as somebody in an organization. */
static void at(struct world_test *w, struct ctx *c, const char *email, const char *org)
{
    world_ctx(w, c);
    c->who.person_id = world_person(w, email);
    c->who.org_id = world_number(w, world_text(w, "SELECT id FROM organization WHERE slug = '%s'", org));
    must(db_begin(c->db, c->arena, DB_WRITE));
}

static struct err *done(struct ctx *c, struct err *e)
{
    if (!e)
        return db_commit(c->db, c->arena);
    db_rollback(c->db);
    return e;
}

static struct err *ask(struct world_test *w, const char *collaborator, const char *level, int64_t hours, int64_t *ret_mandate_id)
{
    struct ctx c;
    int64_t org_id = 0, dossier_id = world_number(w, "SELECT id FROM dossier WHERE id = " DOSSIER), member = member_id(w, collaborator);
    at(w, &c, SOLENE, "cabinet-lanterne");
    return done(&c, support_ask(&c, &(struct support_wish){ dossier_id, member, level, hours, "écart de TVA" }, &org_id, ret_mandate_id));
}

static struct err *grant(struct world_test *w, int64_t mandate_id, const char *level, int64_t hours)
{
    struct ctx c;
    int64_t replaced_id = 0;
    at(w, &c, NADIA, "boulangerie-tivoli");
    return done(&c, support_grant(&c, &(struct support_grant){ mandate_id, level, hours, "form", "le texte" }, &replaced_id));
}

static struct err *enter(struct world_test *w, const char *collaborator)
{
    struct ctx c;
    struct doc *row = NULL;
    world_cookie(w, collaborator);
    int64_t dossier_id = world_number(w, "SELECT id FROM dossier WHERE id = " DOSSIER);
    int64_t session_id = world_number(w, world_text(w, "SELECT id FROM session WHERE ended_at IS NULL AND person_id = (SELECT id FROM person WHERE email = '%s')", collaborator));
    at(w, &c, collaborator, "cabinet-lanterne");
    c.who.session_id = session_id;
    return done(&c, support_enter(&c, dossier_id, "écart de TVA", &row));
}

static void granted(struct world_test *w, const char *collaborator, const char *level, int64_t *ret_mandate_id)
{
    must(ask(w, collaborator, level, 24, ret_mandate_id));
    must(grant(w, *ret_mandate_id, level, 24));
}

static void refused(const struct err *e, enum err_code code)
{
    if (!e || e->code != code)
        fail_msg("wanted %d, got %d: %s", (int)code, e ? (int)e->code : 0, e ? e->detail : "");
}

static const char *dossier_state(struct world_test *w) { return world_value(w, "SELECT state FROM dossier WHERE id = " DOSSIER); }

WORLD_TEST(nothing_opens_before_consent_S8)
{
    int64_t id = 0;
    assert_status(world_get(w, INES, CLIENTS), 404);
    refused(enter(w, INES), ERR_NOT_FOUND);
    must(ask(w, INES, "management", 24, &id));
    assert_string_equal(dossier_state(w), "asked");
    refused(enter(w, INES), ERR_NOT_FOUND);
    assert_status(world_get(w, INES, CLIENTS), 404);
    must(grant(w, id, "management", 24));
    assert_string_equal(dossier_state(w), "active");
    assert_status(world_get(w, INES, CLIENTS), 303);                        /* the mandate alone opens nothing, it leads to the dossier: a session is entered, with its reason (S-14) */
    refused(enter(w, HUGO), ERR_NOT_FOUND);                                 /* each access is one person's (S-12) */
    must(enter(w, INES));
    assert_status(world_get(w, INES, CLIENTS), 200);
    assert_status(world_get(w, HUGO, CLIENTS), 404);
    assert_status(world_get(w, SOLENE, CLIENTS), 404);
    assert_status(world_get(w, INES, "/o/atelier-morin/clients"), 404);     /* another dossier of hers, not agreed to */
}

WORLD_TEST(levels_and_lengths_are_at_most_what_was_asked_for_S14)
{
    int64_t id = 0;
    assert_true(support_level_within("read", "management") && support_level_within("accounting", "accounting"));
    assert_false(support_level_within("accounting", "management") || support_level_within("", "read") || support_level_within("owner", "accounting"));
    assert_true(support_hours_within(24, 168) && support_hours_within(24, 0) && support_hours_within(0, 0));
    assert_false(support_hours_within(0, 8760) || support_hours_within(168, 24) || support_hours_within(25, 168) || support_hours_within(-3, 0));
    must(ask(w, INES, "management", 24, &id));
    refused(grant(w, id, "accounting", 24), ERR_BAD);
    refused(grant(w, id, "management", 0), ERR_BAD);
    must(grant(w, id, "read", 3));                                          /* less, and for less long (S-6) */
    assert_int_equal(world_number(w, world_text(w, "SELECT ends_at - starts_at FROM mandate WHERE id = %lld", (long long)id)), 3 * CLOCK_HOUR_MS);
    refused(grant(w, id, "read", 3), ERR_CONFLICT);                         /* once */
    must(enter(w, INES));
    assert_status(world_get(w, INES, CLIENTS), 200);
    assert_status(world_get(w, INES, "/o/boulangerie-tivoli/clients/new"), 403);
}

WORLD_TEST(what_would_outlast_it_is_never_open_S7)
{
    static const char *const closed[] = { "members", "members/new", "settings", "mandates", "clients/export", NULL };
    int64_t id = 0;
    granted(w, INES, "accounting", &id);
    must(enter(w, INES));
    for (const char *const *page = closed; *page; page++) {
        struct answer *a = world_get(w, INES, world_text(w, "/o/boulangerie-tivoli/%s", *page));
        if (a->status != 403 && a->status != 404)
            fail_msg("%s: %d", *page, a->status);
    }
    rights_set all = mandate_gives(MANDATE_SUPPORT, "read") | mandate_gives(MANDATE_SUPPORT, "management") | mandate_gives(MANDATE_SUPPORT, "accounting");
    static const enum right never[] = { RIGHT_MEMBER_READ, RIGHT_MEMBER_MANAGE, RIGHT_MANDATE_READ, RIGHT_MANDATE_MANAGE, RIGHT_ACCESS_GRANT, RIGHT_EMAIL_WRITE,
        RIGHT_SUBSCRIPTION_READ, RIGHT_SUBSCRIPTION_MANAGE, RIGHT_BANK_WRITE, RIGHT_EXPORT_ALL, RIGHT_ERASE, RIGHT_TOKEN_MANAGE, RIGHT_ORGANIZATION_MANAGE,
        RIGHT_JOURNAL_READ, RIGHT_PARTNER_MANAGE, RIGHT_DOSSIER_ENTER, RIGHT_OPERATE, RIGHT_LINK_MANAGE, RIGHT_CONTACT_NAME, RIGHT_PRIVACY_MANAGE };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_false(all & RIGHT_BIT(never[i]));
}

WORLD_TEST(whoever_takes_over_needs_consent_anew_S10)
{
    int64_t ines = 0, hugo = 0;
    granted(w, INES, "management", &ines);
    must(enter(w, INES));
    must(ask(w, HUGO, "management", 24, &hugo));
    assert_string_equal(dossier_state(w), "active");                        /* hers stands until the answer */
    assert_status(world_get(w, INES, CLIENTS), 200);
    refused(enter(w, HUGO), ERR_NOT_FOUND);
    must(grant(w, hugo, "management", 24));
    assert_status(world_get(w, INES, CLIENTS), 404);
    assert_string_equal(world_value(w, world_text(w, "SELECT ended_why FROM mandate WHERE id = %lld", (long long)ines)), "replaced");
    refused(enter(w, INES), ERR_NOT_FOUND);
    must(enter(w, HUGO));
    assert_status(world_get(w, HUGO, CLIENTS), 200);
}

WORLD_TEST(a_withdrawal_counts_from_the_next_request_S11)
{
    int64_t id = 0;
    struct ctx c;
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    assert_status(world_get(w, INES, CLIENTS), 200);
    int64_t org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'boulangerie-tivoli'");
    at(w, &c, NADIA, "boulangerie-tivoli");
    must(done(&c, mandate_end(&c, id, world_person(w, INES), "withdrawn")));
    assert_status(world_get(w, INES, CLIENTS), 404);
    assert_string_equal(dossier_state(w), "ended");
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM support_session WHERE org_id = %lld AND ended_why = 'mandate'", (long long)org_id)), 1);
    refused(enter(w, INES), ERR_NOT_FOUND);
    at(w, &c, INES, "boulangerie-tivoli");
    refused(done(&c, support_end(&c, org_id, id, "given up")), ERR_CONFLICT);
}

WORLD_TEST(a_collaborator_removed_has_nothing_and_comes_back_with_nothing_S10)
{
    int64_t id = 0, open = 0, member = member_id(w, INES), new_member = 0;
    struct ctx c;
    struct doc *rows = NULL;
    int64_t had = world_number(w, world_text(w, "SELECT COUNT(*) FROM dossier WHERE (member_id = %lld OR request_member_id = %lld) AND state IN ('active', 'asked')",
        (long long)member, (long long)member));
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    must(ask(w, INES, "management", 168, &open));                           /* an extension, asked for and open */
    at(w, &c, SOLENE, "cabinet-lanterne");
    must(done(&c, collaborator_end(&c, member, &rows)));
    assert_int_equal(doc_count(rows), had + 1);
    assert_status(world_get(w, INES, CLIENTS), 404);
    assert_status(world_get(w, INES, "/o/cabinet-lanterne"), 404);
    assert_string_equal(dossier_state(w), "ended");
    refused(grant(w, open, "management", 24), ERR_CONFLICT);
    at(w, &c, SOLENE, "cabinet-lanterne");
    must(done(&c, membership_give(&c, c.who.org_id, world_person(w, INES), "collaborator", "Support technique", &new_member)));
    refused(enter(w, INES), ERR_NOT_FOUND);
    assert_status(world_get(w, INES, CLIENTS), 404);
}

/* The same by the register's page, for somebody who is of the staff as well: that mandate and no other, and all support with it. */
WORLD_TEST(a_collaborator_ended_in_the_register_has_nothing_S10)
{
    int64_t id = 0, staff = 0, lanterne = world_number(w, "SELECT id FROM organization WHERE slug = 'cabinet-lanterne'");
    struct ctx c;
    granted(w, INES, "management", &id);
    at(w, &c, SOLENE, "cabinet-lanterne");
    must(done(&c, membership_give(&c, lanterne, world_person(w, INES), "support_agent", "Assistance", &staff)));
    const char *of = world_text(w, "FROM mandate WHERE org_id = %lld AND holder_person_id = %lld AND kind = 'membership'", (long long)lanterne, (long long)world_person(w, INES));
    const char *collaborator = world_value(w, world_text(w, "SELECT id %s AND detail = 'collaborator' AND state = 'active'", of));
    assert_int_equal(world_post(w, SOLENE, world_text(w, "/o/cabinet-lanterne/mandates/%s/end", collaborator), "")->status, 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT state %s AND detail = 'collaborator'", of)), "ended");
    assert_string_equal(world_value(w, world_text(w, "SELECT state %s AND detail = 'support_agent'", of)), "active");
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %lld", (long long)id)), "ended");
}

WORLD_TEST(the_partner_must_be_one_and_the_collaborator_have_a_password_S0_S4)
{
    int64_t id = 0;
    refused(ask(w, MAELLE, "management", 24, &id), ERR_CONFLICT);           /* « Invitation envoyée » */
    refused(ask(w, SOLENE, "management", 24, &id), ERR_CONFLICT);           /* an administrator, no collaborator */
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    assert_status(world_get(w, INES, CLIENTS), 200);
    world_run_sql(w, "UPDATE organization SET is_partner = 0 WHERE slug = 'cabinet-lanterne'");
    assert_status(world_get(w, INES, CLIENTS), 404);
}

WORLD_TEST(nobody_agrees_to_their_own_mandate_M5)
{
    int64_t id = 0, replaced_id = 0, new_member = 0;
    struct ctx c;
    must(ask(w, INES, "management", 24, &id));
    at(w, &c, NADIA, "boulangerie-tivoli");
    must(done(&c, membership_give(&c, c.who.org_id, world_person(w, INES), "administrator", "", &new_member)));
    at(w, &c, INES, "boulangerie-tivoli");
    refused(done(&c, support_grant(&c, &(struct support_grant){ id, "management", 24, "form", "" }, &replaced_id)), ERR_FORBIDDEN);
}

WORLD_TEST(a_session_has_its_hour_and_its_reason_S14)
{
    int64_t id = 0;
    struct ctx c;
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    assert_int_equal(world_number(w, "SELECT ends_at - started_at FROM support_session WHERE org_id = " TIVOLI), 60 * CLOCK_MINUTE_MS);
    assert_status(world_get(w, INES, CLIENTS), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_trace WHERE org_id = " TIVOLI " AND route = 'client_list'"), 1);   /* S-12: on record before it was seen */
    world_run_sql(w, "UPDATE support_session SET ends_at = started_at WHERE org_id = " TIVOLI);
    assert_status(world_get(w, INES, CLIENTS), 303);                        /* to the dossier, to open another */
    struct doc *rows = NULL;
    at(w, &c, INES, "cabinet-lanterne");
    c.now_ms += 1000;
    must(done(&c, support_sessions_close(&c, &rows)));
    assert_int_equal(doc_count(rows), 1);
    assert_string_equal(doc_text_of(doc_at(rows, 0), "ended_why"), "time");
}

WORLD_TEST(both_names_stand_in_both_logs_S12)
{
    int64_t id = 0;
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    int64_t before = world_number(w, "SELECT size FROM journal_head WHERE org_id = " LANTERNE);
    int64_t client = world_number(w, "SELECT id FROM client WHERE org_id = " TIVOLI " ORDER BY id LIMIT 1");
    struct answer *a = world_post(w, INES, world_text(w, "/o/boulangerie-tivoli/clients/%lld/contacts/new", (long long)client), "first_name=Jean&last_name=Test&lang=fr");
    if (a->status != 303)
        a = world_post(w, INES, world_text(w, "/o/boulangerie-tivoli/clients/%lld/contacts", (long long)client), "first_name=Jean&last_name=Test&lang=fr");
    assert_status(a, 303);
    const char *payload = world_value(w, "SELECT payload FROM journal_payload WHERE org_id = " TIVOLI " ORDER BY number DESC LIMIT 1");
    assert_non_null(strstr(payload, "Inès Rolland"));
    assert_non_null(strstr(payload, "Cabinet Lanterne"));
    assert_non_null(strstr(world_value(w, "SELECT entry FROM journal WHERE org_id = " TIVOLI " ORDER BY number DESC LIMIT 1"), "\"reason\":\"écart de TVA\""));
    assert_int_equal(world_number(w, "SELECT size FROM journal_head WHERE org_id = " LANTERNE), before + 1);
    struct doc *report = NULL;
    struct ctx c;
    world_ctx(w, &c);
    must(journal_verify(c.arena, c.db, &report));
    assert_int_equal(doc_count(doc_get(report, "faults")), 0);
}

WORLD_TEST(requests_die_after_twenty_days_S6)
{
    int64_t id = 0;
    struct ctx c;
    struct doc *rows = NULL;
    world_support_stands(w);
    must(ask(w, INES, "management", 24, &id));
    at(w, &c, SOLENE, "cabinet-lanterne");
    c.now_ms += 20 * CLOCK_DAY_MS + 1;
    must(done(&c, support_requests_close(&c, &rows)));
    assert_int_equal(doc_count(rows), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM mandate WHERE id = %lld", (long long)id)), "expired");
    assert_string_equal(dossier_state(w), "none");
    refused(grant(w, id, "management", 24), ERR_CONFLICT);
}

WORLD_TEST(a_dossier_that_ends_takes_its_support_along_S10)
{
    int64_t id = 0;
    struct ctx c;
    granted(w, INES, "management", &id);
    must(enter(w, INES));
    int64_t org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'boulangerie-tivoli'");
    int64_t mandate = world_number(w, "SELECT mandate_id FROM dossier WHERE id = " DOSSIER);
    at(w, &c, SOLENE, "cabinet-lanterne");
    must(done(&c, dossier_end(&c, org_id, mandate, "detached")));
    assert_status(world_get(w, INES, CLIENTS), 404);
    assert_string_equal(dossier_state(w), "left");
    refused(ask(w, INES, "management", 24, &id), ERR_NOT_FOUND);
    /* Asked again, it needs the client's own answer. */
    int64_t dossier_id = 0, again = 0;
    at(w, &c, SOLENE, "cabinet-lanterne");
    must(done(&c, dossier_new(&c, org_id, "asked", "", &dossier_id, &again)));
    refused(ask(w, INES, "management", 24, &id), ERR_NOT_FOUND);
    at(w, &c, NADIA, "boulangerie-tivoli");
    must(done(&c, dossier_answer(&c, again, true)));
    must(ask(w, INES, "management", 24, &id));
}

WORLD_MAIN("support", WORLD_CASE(nothing_opens_before_consent_S8), WORLD_CASE(levels_and_lengths_are_at_most_what_was_asked_for_S14),
    WORLD_CASE(what_would_outlast_it_is_never_open_S7), WORLD_CASE(whoever_takes_over_needs_consent_anew_S10),
    WORLD_CASE(a_withdrawal_counts_from_the_next_request_S11), WORLD_CASE(a_collaborator_removed_has_nothing_and_comes_back_with_nothing_S10),
    WORLD_CASE(a_collaborator_ended_in_the_register_has_nothing_S10), WORLD_CASE(the_partner_must_be_one_and_the_collaborator_have_a_password_S0_S4), WORLD_CASE(nobody_agrees_to_their_own_mandate_M5),
    WORLD_CASE(a_session_has_its_hour_and_its_reason_S14), WORLD_CASE(both_names_stand_in_both_logs_S12), WORLD_CASE(requests_die_after_twenty_days_S6),
    WORLD_CASE(a_dossier_that_ends_takes_its_support_along_S10))
