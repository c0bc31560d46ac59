/* Access of contacts (C-1) and what holds for every mandate (M-5): given, taken, found again by each request, and never more than it says. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"
#include "mandate/access.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"        /* has a login, sees invoices alone */
#define BRUNO "bruno.aubry@bellerive.example"            /* has no login */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define PORTAL "/p/froid-atlantique"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static void failed(const struct err *e, enum err_code code)
{
    if (!e || e->code != code)
        fail_msg("wanted %d, got %d: %s", (int)code, e ? (int)e->code : 0, e ? e->detail : "");
}

static int64_t contact_id(struct world_test *w, const char *email) { return world_number(w, world_text(w, "SELECT id FROM contact WHERE email = '%s'", email)); }
/* Somebody with tickets of another client of the same organization, and no invoices. */
static const char *neighbour(struct world_test *w)
{
    return world_value(w, "SELECT ct.email FROM mandate m JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id "
        "WHERE m.org_id = " FORG " AND m.kind = 'access' AND m.detail = 'tickets' AND m.state = 'active' AND cl.name <> 'Hôtel Bellerive' AND NOT EXISTS (SELECT 1 FROM mandate o "
        "WHERE o.org_id = m.org_id AND o.holder_contact_id = m.holder_contact_id AND o.detail = 'invoices') ORDER BY m.id LIMIT 1");
}

/* As a member of Froid Atlantique, in a write transaction. */
static void office(struct world_test *w, struct ctx *c, const char *email)
{
    world_ctx(w, c);
    c->who.person_id = world_person(w, email);
    c->who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c->db, c->arena, DB_WRITE));
}

static struct err *act_end(struct ctx *c, struct err *e)
{
    if (!e)
        return db_commit(c->db, c->arena);
    db_rollback(c->db);
    return e;
}

static struct err *give(struct world_test *w, const char *email, const char *part)
{
    struct ctx c;
    office(w, &c, ADMIN);
    return act_end(&c, access_give(&c, contact_id(w, email), part, "Ce qui est convenu.", NULL));
}

static struct err *take(struct world_test *w, const char *email, const char *part)
{
    struct ctx c;
    office(w, &c, ADMIN);
    return act_end(&c, access_take(&c, contact_id(w, email), part));
}

static struct err *bind(struct world_test *w, const char *email, int64_t person)
{
    struct ctx c;
    office(w, &c, ADMIN);
    return act_end(&c, access_bind(&c, contact_id(w, email), person));
}

static const char *mandate(struct world_test *w, const char *email, const char *part, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM mandate WHERE kind = 'access' AND detail = '%s' AND holder_contact_id = %lld ORDER BY id DESC LIMIT 1",
        column, part, (long long)contact_id(w, email)));
}

static int64_t holders(struct world_test *w, const char *email)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate_holder WHERE person_id = %lld", (long long)world_person(w, email)));
}

static const char *ticket(struct world_test *w, const char *rest)
{
    return world_text(w, PORTAL "/tickets/%s%s", world_value(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " FORG), rest);
}

/* ---- C-1: given and taken ---- */

WORLD_TEST(c_1_given_once_taken_once_and_given_again)
{
    int64_t before = holders(w, SOPHIE);
    failed(take(w, SOPHIE, "tickets"), ERR_CONFLICT);
    must(give(w, SOPHIE, "tickets"));
    const char *first = mandate(w, SOPHIE, "tickets", "id");
    assert_string_equal(mandate(w, SOPHIE, "tickets", "state"), "active");
    assert_string_equal(mandate(w, SOPHIE, "tickets", "wording"), "Ce qui est convenu.");
    assert_int_equal(strtoll(mandate(w, SOPHIE, "tickets", "starts_at"), NULL, 10), world_now(w));
    assert_int_equal(strtoll(mandate(w, SOPHIE, "tickets", "agreed_by"), NULL, 10), world_person(w, ADMIN));
    assert_int_equal(strtoll(mandate(w, SOPHIE, "tickets", "holder_person_id"), NULL, 10), world_person(w, SOPHIE));
    assert_string_equal(mandate(w, SOPHIE, "tickets", "scope_client_id"), world_value(w, "SELECT client_id FROM contact WHERE email = '" SOPHIE "'"));
    assert_int_equal(holders(w, SOPHIE), before + 1);
    failed(give(w, SOPHIE, "tickets"), ERR_CONFLICT);
    assert_string_equal(mandate(w, SOPHIE, "tickets", "id"), first);
    assert_int_equal(holders(w, SOPHIE), before + 1);
    world_pass(w, 60000);
    must(take(w, SOPHIE, "tickets"));
    assert_string_equal(mandate(w, SOPHIE, "tickets", "state"), "ended");
    assert_int_equal(strtoll(mandate(w, SOPHIE, "tickets", "ended_at"), NULL, 10), world_now(w));
    assert_int_equal(strtoll(mandate(w, SOPHIE, "tickets", "ended_by"), NULL, 10), world_person(w, ADMIN));
    assert_string_equal(mandate(w, SOPHIE, "tickets", "ended_why"), "withdrawn");
    assert_int_equal(holders(w, SOPHIE), before);
    failed(take(w, SOPHIE, "tickets"), ERR_CONFLICT);
    must(give(w, SOPHIE, "tickets"));
    assert_string_not_equal(mandate(w, SOPHIE, "tickets", "id"), first);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE id = %s AND state = 'ended'", first)), 1);
    assert_status(world_get(w, SOPHIE, PORTAL "/tickets"), 200);
}

WORLD_TEST(c_1_no_such_part_and_no_such_contact)
{
    struct ctx c;
    failed(give(w, SOPHIE, "everything"), ERR_BAD);
    failed(give(w, SOPHIE, ""), ERR_BAD);
    failed(give(w, SOPHIE, "administrator"), ERR_BAD);
    office(w, &c, ADMIN);
    failed(act_end(&c, access_give(&c, 4711, "tickets", "", NULL)), ERR_NOT_FOUND);
    office(w, &c, ADMIN);
    failed(act_end(&c, access_take(&c, contact_id(w, "leo.fabre@studio-pixel.example"), "tickets")), ERR_NOT_FOUND);   /* of another organization */
    office(w, &c, ADMIN);
    failed(act_end(&c, access_give(&c, contact_id(w, "leo.fabre@studio-pixel.example"), "invoices", "", NULL)), ERR_NOT_FOUND);
}

WORLD_TEST(c_1_a_person_found_later_holds_what_was_given_before)
{
    must(give(w, BRUNO, "tickets"));
    must(give(w, BRUNO, "invoices"));
    must(take(w, BRUNO, "invoices"));
    const char *other = neighbour(w);
    int64_t person = world_person(w, other), before = holders(w, other);
    must(bind(w, BRUNO, person));
    must(bind(w, BRUNO, person));                                     /* twice is once */
    assert_int_equal(holders(w, other), before + 1);
    assert_int_equal(strtoll(mandate(w, BRUNO, "tickets", "holder_person_id"), NULL, 10), person);
    failed(bind(w, BRUNO, world_person(w, CLAIRE)), ERR_CONFLICT);         /* a contact is one person's */
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM contact WHERE email = '" BRUNO "' AND person_id = %lld", (long long)person)), 1);
}

struct giver { struct world_test *w; struct ctx c; struct arena arena; pthread_t thread; int64_t contact; int given; };

static void *giver_run(void *arg)
{
    struct giver *g = arg;
    struct err *e = db_begin(g->c.db, &g->arena, DB_WRITE);
    if (!e)
        e = access_give(&g->c, g->contact, "tickets", "", NULL);
    if (!e)
        e = db_commit(g->c.db, &g->arena);
    db_rollback(g->c.db);
    g->given = e ? (int)e->code : 1;
    return NULL;
}

WORLD_TEST(c_1_two_who_give_at_once_give_once)
{
    struct giver g[2] = { 0 };
    for (int i = 0; i < 2; i++) {
        world_ctx(w, &g[i].c);
        arena_init(&g[i].arena, (size_t)16 << 20);
        g[i].c.who.person_id = world_person(w, ADMIN);
        g[i].c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
        g[i].c.arena = &g[i].arena;
        g[i].c.db = world_db_new(w, world_arena(w));
        g[i].contact = contact_id(w, SOPHIE);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&g[i].thread, NULL, giver_run, &g[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(g[i].thread, NULL);
    assert_int_equal(g[0].given + g[1].given, 1 + ERR_CONFLICT);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE holder_contact_id = %lld AND detail = 'tickets'", (long long)g[0].contact)), 1);
    for (int i = 0; i < 2; i++) {
        db_close(g[i].c.db);
        arena_free(&g[i].arena);
    }
}

/* ---- M-5 ---- */

WORLD_TEST(m_5_nobody_widens_their_own)
{
    int64_t before = world_number(w, "SELECT COUNT(*) FROM mandate");
    world_run_sql(w, world_text(w, "UPDATE contact SET person_id = %lld WHERE email = '" BRUNO "'", (long long)world_person(w, ADMIN)));
    failed(give(w, BRUNO, "tickets"), ERR_FORBIDDEN);
    struct answer *page = world_post(w, ADMIN, world_text(w, "/o/froid-atlantique/contacts/%lld/access/tickets", (long long)contact_id(w, BRUNO)), "email=" BRUNO);
    assert_true(page->status == 403 || page->status == 422);
    world_run_sql(w, "UPDATE contact SET person_id = NULL, email = '" ADMIN "', email_key = '" ADMIN "' WHERE email = '" BRUNO "'");   /* found by the address alone */
    page = world_post(w, ADMIN, world_text(w, "/o/froid-atlantique/contacts/%lld/access/tickets", (long long)contact_id(w, ADMIN)), "email=" ADMIN);
    assert_true(page->status == 403 || page->status == 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate"), before);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM contact WHERE email = '" ADMIN "' AND person_id IS NOT NULL"), 0);
}

WORLD_TEST(m_5_withdrawn_counts_from_the_next_request_in_every_window)
{
    const char *other = world_cookie(w, CLAIRE), *comment = "body=Toujours+en+panne.";
    const char *file = world_value(w, "SELECT id FROM attachment WHERE name = 'afficheur-06h55.png'");
    const char *pages[] = { PORTAL "/tickets", PORTAL "/tickets.json", "/api/1" PORTAL "/tickets", PORTAL "/tickets/new", ticket(w, ""), ticket(w, ".json"),
        ticket(w, world_text(w, "/files/%s", file)) };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_status(world_send(w, other, METHOD_GET, pages[i], "", "", 0), 200);
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), comment), 303);
    must(take(w, CLAIRE, "tickets"));
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_status(world_send(w, other, METHOD_GET, pages[i], "", "", 0), 403);
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), comment), 403);
    must(take(w, CLAIRE, "invoices"));
    must(take(w, CLAIRE, "personal"));
    must(take(w, CLAIRE, "jobs"));
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_status(world_send(w, other, METHOD_GET, pages[i], "", "", 0), 404);       /* nothing left: no such place */
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), comment), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM comment WHERE body = 'Toujours en panne.'"), 1);
}

WORLD_TEST(m_5_a_mandate_past_its_date_gives_nothing)
{
    const char *claire = world_text(w, "holder_contact_id = %lld AND detail = 'tickets'", (long long)contact_id(w, CLAIRE));
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE %s", (long long)world_now(w) + 3600000, claire));
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = %lld WHERE kind = 'membership' AND holder_person_id = %lld", (long long)world_now(w) + 3600000, (long long)world_person(w, AGENT)));
    world_pass(w, 3599999);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    assert_status(world_get(w, AGENT, "/o/froid-atlantique/tickets"), 200);
    world_pass(w, 1);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 403);
    assert_status(world_post(w, CLAIRE, ticket(w, "/comments"), "body=Trop+tard"), 403);
    assert_status(world_get(w, CLAIRE, PORTAL), 200);                  /* the others go on */
    assert_status(world_get(w, AGENT, "/o/froid-atlantique/tickets"), 404);
    assert_not(world_get(w, AGENT, "/account"), "/o/froid-atlantique");    /* nor is it shown as a place to go to */
    world_run_sql(w, world_text(w, "UPDATE mandate SET ends_at = NULL, starts_at = %lld WHERE %s", (long long)world_now(w) + 1, claire));
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 403);
    world_pass(w, 1);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
}

WORLD_TEST(m_5_only_what_is_active_gives)
{
    static const char *const states[] = { "requested", "refused", "expired", "ended" };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        world_run_sql(w, world_text(w, "UPDATE mandate SET state = '%s', ended_at = CASE WHEN '%s' = 'ended' THEN CAST(1 AS BIGINT) END WHERE holder_contact_id = %lld AND detail = 'tickets'", states[i], states[i], (long long)contact_id(w, CLAIRE)));
        assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 403);
    }
}

/* C-11: nor does a contact who changes clients see the new one's things by an access to the old. */
WORLD_TEST(m_5_an_access_is_on_one_client)
{
    world_run_sql(w, "UPDATE contact SET client_id = (SELECT id FROM client WHERE org_id = " FORG " AND name <> 'Hôtel Bellerive' ORDER BY id LIMIT 1) WHERE email = '" CLAIRE "'");
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 404);
    assert_status(world_get(w, CLAIRE, ticket(w, "")), 404);
}

/* A person with two clients acts for one of them at a time, with what that one gave. */
WORLD_TEST(m_5_rights_of_two_clients_are_not_added_up)
{
    struct ctx c;
    const char *other = neighbour(w);
    world_run_sql(w, world_text(w, "UPDATE contact SET person_id = %lld WHERE email = '%s'", (long long)world_person(w, SOPHIE), other));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT %lld, org_id, id FROM mandate WHERE holder_contact_id = %lld", (long long)world_person(w, SOPHIE), (long long)contact_id(w, other)));
    int64_t clients[2] = { world_number(w, "SELECT client_id FROM contact WHERE email = '" SOPHIE "'"), world_number(w, world_text(w, "SELECT client_id FROM contact WHERE email = '%s'", other)) };
    for (int i = 0; i < 2; i++) {
        office(w, &c, SOPHIE);
        must(authority_load(&c, c.who.org_id, true, contact_id(w, i ? other : SOPHIE), RIGHT_TICKET_READ));
        assert_int_equal(c.who.client_id, clients[i]);
        assert_int_equal(c.who.contact_id, contact_id(w, i ? other : SOPHIE));
        assert_int_equal(ctx_may(&c, RIGHT_TICKET_READ), i == 1);
        assert_int_equal(ctx_may(&c, RIGHT_INVOICE_READ), i == 0);
        db_rollback(c.db);
    }
}

WORLD_TEST(m_5_a_write_takes_the_mandate_and_the_session)
{
    struct ctx c;
    world_cookie(w, CLAIRE);
    office(w, &c, CLAIRE);
    c.who.session_id = world_number(w, world_text(w, "SELECT MAX(id) FROM session WHERE person_id = %lld", (long long)c.who.person_id));
    c.who.mandate_id = strtoll(mandate(w, CLAIRE, "tickets", "id"), NULL, 10);
    must(act_end(&c, authority_hold(&c)));
    assert_string_equal(mandate(w, CLAIRE, "tickets", "hold_count"), "1");
    must(take(w, CLAIRE, "tickets"));
    must(db_begin(c.db, c.arena, DB_WRITE));
    failed(act_end(&c, authority_hold(&c)), ERR_NOT_FOUND);
    world_run_sql(w, world_text(w, "UPDATE session SET ended_at = 1 WHERE id = %lld", (long long)c.who.session_id));
    must(db_begin(c.db, c.arena, DB_WRITE));
    failed(act_end(&c, authority_hold(&c)), ERR_SIGN_IN);
    assert_string_equal(mandate(w, CLAIRE, "tickets", "hold_count"), "1");
}

/* ---- What kinds give ---- */

#define B(name) RIGHT_BIT(RIGHT_##name)

WORLD_TEST(s_7_no_level_of_support_gives_what_stays_with_the_client)
{
    static const char *const levels[] = { "read", "management", "accounting" };
    const rights_set never = B(MEMBER_READ) | B(MEMBER_MANAGE) | B(MANDATE_READ) | B(MANDATE_MANAGE) | B(ACCESS_GRANT) | B(LINK_MANAGE) | B(CONTACT_NAME)
        | B(SUBSCRIPTION_READ) | B(SUBSCRIPTION_MANAGE) | B(BANK_WRITE) | B(EXPORT_ALL) | B(ERASE) | B(TOKEN_MANAGE) | B(ORGANIZATION_MANAGE)
        | B(PARTNER_MANAGE) | B(DOSSIER_ENTER) | B(OPERATE) | B(ORDER_PLACE) | B(ORDER_FOR);
    const rights_set writes = B(TICKET_WRITE) | B(TICKET_MANAGE) | B(CLIENT_WRITE) | B(JOB_WORK) | B(JOB_MANAGE) | B(SERVICE_MANAGE) | B(INVOICE_WRITE) | B(PURCHASE_WRITE);
    (void)w;
    for (size_t i = 0; i < 3; i++) {
        assert_true(mandate_gives(MANDATE_SUPPORT, levels[i]) & B(SPACE_OPEN));
        assert_true((mandate_gives(MANDATE_SUPPORT, levels[i]) & never) == 0);
    }
    assert_true((mandate_gives(MANDATE_SUPPORT, "read") & writes) == 0);
    assert_true((mandate_gives(MANDATE_SUPPORT, "management") & (B(INVOICE_WRITE) | B(PURCHASE_WRITE))) == 0);
}

WORLD_TEST(s_13_an_accountant_has_accounting_and_no_more)
{
    (void)w;
    assert_true(mandate_gives(MANDATE_MEMBERSHIP, "accountant") == (B(SPACE_OPEN) | B(INVOICE_READ) | B(INVOICE_WRITE) | B(PURCHASE_READ) | B(PURCHASE_WRITE)));
}

WORLD_TEST(p_5_a_payer_has_the_subscription_and_no_more)
{
    (void)w;
    assert_true(mandate_gives(MANDATE_PAYER, "") == (B(SUBSCRIPTION_READ) | B(SUBSCRIPTION_MANAGE)));
}

WORLD_TEST(m_5_no_kind_gives_what_is_nobodys_to_give)
{
    static const char *const details[] = { "", "administrator", "manager", "accountant", "technician", "support_agent", "collaborator", "read", "management", "accounting",
        "see", "ask", "personal", "tickets", "invoices", "jobs", "services", "orders", "contacts", "all" };
    const rights_set staff = B(TICKET_MANAGE) | B(CLIENT_READ) | B(CLIENT_WRITE) | B(ACCESS_GRANT) | B(MEMBER_READ) | B(MEMBER_MANAGE) | B(JOURNAL_READ) | B(JOB_MANAGE) | B(JOB_WORK)
        | B(INVOICE_WRITE) | B(PURCHASE_READ) | B(ORGANIZATION_MANAGE) | B(EXPORT_ALL) | B(ERASE) | B(BANK_WRITE) | B(PRIVACY_MANAGE) | B(LINK_MANAGE) | B(SERVICE_MANAGE);
    (void)w;
    for (int kind = 0; kind < MANDATE_KINDS; kind++)
        for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
            rights_set given = mandate_gives((enum mandate_kind)kind, details[i]);
            assert_true((given & (B(PUBLIC) | B(SELF))) == 0);
            assert_true((given & mandate_ground(true, false) & B(OPERATE)) == 0 && (given & mandate_ground(false, true) & B(DOSSIER_READ)) == 0);   /* the operator's, a partner's */
            assert_true(kind == MANDATE_MEMBERSHIP || kind == MANDATE_SUPPORT || (given & staff) == 0);
        }
    assert_true(mandate_gives(MANDATE_TOKEN, "") == 0);                 /* what its person may, or less: of itself nothing */
    assert_true(mandate_gives(MANDATE_ACCESS, "administrator") == 0);
    assert_true(mandate_gives(MANDATE_MEMBERSHIP, "tickets") == 0);
    assert_true(mandate_gives(MANDATE_KINDS, "") == 0);
}

WORLD_TEST(kinds_and_rights_have_words_of_their_own)
{
    (void)w;
    for (int i = 0; i < RIGHTS; i++) {
        assert_true(*right_word((enum right)i) && *right_sentence((enum right)i));
        for (int n = 0; n < i; n++)
            assert_string_not_equal(right_word((enum right)i), right_word((enum right)n));
    }
    for (int kind = 0; kind < MANDATE_KINDS; kind++) {
        assert_int_equal(mandate_kind_read(mandate_word((enum mandate_kind)kind)), kind);
        assert_true(*mandate_label((enum mandate_kind)kind) && *mandate_sentence((enum mandate_kind)kind));
    }
    assert_int_equal(mandate_kind_read("nothing"), MANDATE_KINDS);
    assert_int_equal(mandate_kind_read(""), MANDATE_KINDS);
}

WORLD_MAIN("access",
    WORLD_CASE(c_1_given_once_taken_once_and_given_again), WORLD_CASE(c_1_no_such_part_and_no_such_contact),
    WORLD_CASE(c_1_a_person_found_later_holds_what_was_given_before), WORLD_CASE(c_1_two_who_give_at_once_give_once),
    WORLD_CASE(m_5_nobody_widens_their_own), WORLD_CASE(m_5_withdrawn_counts_from_the_next_request_in_every_window),
    WORLD_CASE(m_5_a_mandate_past_its_date_gives_nothing), WORLD_CASE(m_5_only_what_is_active_gives), WORLD_CASE(m_5_an_access_is_on_one_client),
    WORLD_CASE(m_5_rights_of_two_clients_are_not_added_up), WORLD_CASE(m_5_a_write_takes_the_mandate_and_the_session),
    WORLD_CASE(s_7_no_level_of_support_gives_what_stays_with_the_client), WORLD_CASE(s_13_an_accountant_has_accounting_and_no_more),
    WORLD_CASE(p_5_a_payer_has_the_subscription_and_no_more), WORLD_CASE(m_5_no_kind_gives_what_is_nobodys_to_give),
    WORLD_CASE(kinds_and_rights_have_words_of_their_own))
