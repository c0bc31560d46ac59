/* T-7, X-2: a person who is a contact of two clients of one organization acts for one of them at a time, in each window for the one its
   page was drawn for, or not at all. On both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"
#define MARTINE "martine.duval@garage-duval.example"
#define PORTAL "/p/froid-atlantique"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define TICKET_FORM "title=Vitrine+en+panne&type_id=%s&priority_id=%s&description=Elle+ne+refroidit+plus"

static int64_t contact_of(struct world_test *w, const char *email) { return world_number(w, world_text(w, "SELECT id FROM contact WHERE email = '%s'", email)); }

/* Somebody with tickets of another client of the same organization; from now on it is Claire who is this contact, too. */
static int64_t second_contact(struct world_test *w)
{
    int64_t id = world_number(w, "SELECT m.holder_contact_id FROM mandate m JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id "
        "WHERE m.org_id = " FORG " AND m.kind = 'access' AND m.detail = 'tickets' AND m.state = 'active' AND cl.name <> 'Hôtel Bellerive' ORDER BY m.id LIMIT 1");
    const char *claire = world_value(w, "SELECT id FROM person WHERE email = '" CLAIRE "'");
    world_run_sql(w, world_text(w, "UPDATE contact SET person_id = %s WHERE id = %lld", claire, (long long)id));
    world_run_sql(w, world_text(w, "DELETE FROM mandate_holder WHERE mandate_id IN (SELECT id FROM mandate WHERE holder_contact_id = %lld)", (long long)id));
    world_run_sql(w, world_text(w, "UPDATE mandate SET holder_person_id = %s WHERE holder_contact_id = %lld", claire, (long long)id));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT %s, org_id, id FROM mandate WHERE holder_contact_id = %lld AND state = 'active'",
        claire, (long long)id));
    return id;
}

static const char *client_name(struct world_test *w, int64_t contact_id)
{
    return world_value(w, world_text(w, "SELECT cl.name FROM contact ct JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id WHERE ct.id = %lld", (long long)contact_id));
}

static const char *a_ticket(struct world_test *w, int64_t contact_id)
{
    return world_value(w, world_text(w, "SELECT t.id FROM ticket t JOIN contact ct ON ct.org_id = t.org_id AND ct.client_id = t.client_id WHERE ct.id = %lld ORDER BY t.id LIMIT 1",
        (long long)contact_id));
}

static struct answer *choose(struct world_test *w, int64_t contact_id)
{
    return world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%lld&back=" PORTAL "/tickets", (long long)contact_id));
}

static int64_t tickets_of(struct world_test *w, int64_t contact_id)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket t JOIN contact ct ON ct.org_id = t.org_id AND ct.client_id = t.client_id WHERE ct.id = %lld", (long long)contact_id));
}

/* The value of the last field of this name in a page. */
static const char *value_in(struct world_test *w, const struct answer *page, const char *name)
{
    const char *mark = world_text(w, "name=\"%s\" value=\"", name), *at = NULL;
    for (const char *p = page->body; (p = strstr(p, mark)); p++)
        at = p + strlen(mark);
    if (!at)
        fail_msg("no field %s in %.2000s", name, page->body);
    return arena_copy(world_arena(w), at, strcspn(at, "\""));
}

static struct answer *ticket_send(struct world_test *w, const char *token, const char *suffix)
{
    const char *body = world_text(w, "form_token=%s&" TICKET_FORM, token, world_value(w, "SELECT MIN(id) FROM ticket_type WHERE org_id = " FORG),
        world_value(w, "SELECT MIN(id) FROM ticket_priority WHERE org_id = " FORG));
    return world_send(w, world_cookie(w, CLAIRE), METHOD_POST, world_text(w, PORTAL "/tickets%s", suffix), "application/x-www-form-urlencoded", body, strlen(body));
}

WORLD_TEST(t_7_the_portal_says_for_whom_one_acts_and_lets_one_choose)
{
    assert_not(world_get(w, CLAIRE, PORTAL), "Vous agissez pour");
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    struct answer *page = world_get(w, CLAIRE, PORTAL "/tickets");
    assert_has(page, "Vous agissez pour");
    assert_has(page, world_text(w, "value=\"%lld\"", (long long)first));
    assert_has(page, world_text(w, "value=\"%lld\"", (long long)second));
    struct answer *chosen = choose(w, second);
    assert_status(chosen, 303);
    assert_string_equal(chosen->location, PORTAL "/tickets?notice=client_chosen");
    assert_has(world_get(w, CLAIRE, PORTAL), world_text(w, "<b>%s</b>", client_name(w, second)));
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, second))), 200);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, first))), 303);
    assert_status(choose(w, first), 303);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, second))), 303);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, first))), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'client_choose'"), 2);
}

WORLD_TEST(x_2_nobody_acts_for_a_client_that_is_not_theirs)
{
    int64_t second = second_contact(w);
    assert_status(choose(w, second), 303);
    assert_status(choose(w, contact_of(w, BRUNO)), 404);
    assert_status(choose(w, contact_of(w, MARTINE)), 404);                /* of another organization */
    assert_status(choose(w, 4242), 404);
    assert_status(world_post(w, MARTINE, PORTAL "/acting-for", world_text(w, "contact=%lld", (long long)contact_of(w, MARTINE))), 404);
    assert_has(world_get(w, CLAIRE, PORTAL), world_text(w, "<b>%s</b>", client_name(w, second)));
    struct answer *out = world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%lld&back=//evil.example", (long long)second));
    assert_string_equal(out->location, PORTAL "?notice=client_chosen");
}

WORLD_TEST(t_7_a_form_of_another_window_does_not_act_for_the_client_chosen_here)
{
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    choose(w, first);
    const char *token = value_in(w, world_get(w, CLAIRE, PORTAL "/tickets/new"), "form_token");
    int64_t before[2] = { tickets_of(w, first), tickets_of(w, second) };
    choose(w, second);                                                    /* in the other window */
    struct answer *refused = ticket_send(w, token, "");
    assert_status(refused, 409);
    assert_has(refused, "Cette page était ouverte pour un autre client");
    assert_has(refused, client_name(w, first));
    assert_has(refused, client_name(w, second));
    assert_has(refused, "Elle ne refroidit plus");                        /* nothing typed is lost */
    struct answer *json = ticket_send(w, token, ".json");
    assert_status(json, 409);
    assert_has(json, "Cette page était ouverte pour un autre client");
    assert_int_equal(tickets_of(w, first), before[0]);
    assert_int_equal(tickets_of(w, second), before[1]);
    /* Sent again as it stands on that page: still not for the second; once the first is chosen again, for the first. */
    const char *kept = value_in(w, refused, "form_token");
    assert_status(ticket_send(w, kept, ""), 409);
    choose(w, first);
    assert_status(ticket_send(w, kept, ""), 303);
    assert_int_equal(tickets_of(w, first), before[0] + 1);
    assert_int_equal(tickets_of(w, second), before[1]);
}

WORLD_TEST(t_7_a_token_cannot_be_written_for_another_client)
{
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    choose(w, first);
    const char *token = value_in(w, world_get(w, CLAIRE, PORTAL "/tickets/new"), "form_token"), *dot = strchr(token, '.'), *mac = strrchr(token, '.');
    choose(w, second);
    int64_t before = tickets_of(w, second);
    assert_int_not_equal(ticket_send(w, world_text(w, "%.*s.%lld%s", (int)(dot - token), token, (long long)second, mac), "")->status, 303);
    assert_int_not_equal(ticket_send(w, world_text(w, "%.*s.0%s", (int)(dot - token), token, mac), "")->status, 303);
    assert_int_equal(tickets_of(w, second), before);
}

struct other_window { struct world_test *w; int64_t contact_id; };

static void choose_between(void *arg)
{
    struct other_window *o = arg;
    world_run_sql(o->w, world_text(o->w, "UPDATE session_client SET contact_id = %lld", (long long)o->contact_id));
}

WORLD_TEST(t_7_the_choice_of_another_window_counts_while_a_form_is_coming)
{
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    choose(w, first);
    const char *token = value_in(w, world_get(w, CLAIRE, PORTAL "/tickets/new"), "form_token");
    int64_t before = tickets_of(w, second);
    const char *body = world_text(w, "form_token=%s&" TICKET_FORM, token, world_value(w, "SELECT MIN(id) FROM ticket_type WHERE org_id = " FORG),
        world_value(w, "SELECT MIN(id) FROM ticket_priority WHERE org_id = " FORG));
    struct other_window other = { w, second };
    struct arena *a = world_arena(w);
    struct db *db = world_db_new(w, a);
    struct answer *answer = world_ask(w, a, db, &(struct world_request){ .cookie = world_cookie(w, CLAIRE), .method = METHOD_POST, .target = PORTAL "/tickets",
        .type = "application/x-www-form-urlencoded", .body = body, .len = strlen(body), .between = choose_between, .between_arg = &other });
    db_close(db);
    assert_status(answer, 409);
    assert_int_equal(tickets_of(w, second), before);
}

/* What was chosen is withdrawn: the next page is that of the other client, and says so; a form of the one that has ended does nothing. */
WORLD_TEST(m_5_a_choice_gives_nothing_that_has_ended)
{
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    choose(w, second);
    const char *token = value_in(w, world_get(w, CLAIRE, PORTAL "/tickets/new"), "form_token");
    int64_t before = tickets_of(w, first);
    world_run_sql(w, world_text(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE holder_contact_id = %lld", (long long)second));
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, second))), 404);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", a_ticket(w, first))), 200);
    assert_status(ticket_send(w, token, ""), 409);
    assert_int_equal(tickets_of(w, first), before);
    assert_status(choose(w, second), 404);
}

/* Somebody of a third client, with tickets there. */
static const char *third_contact(struct world_test *w, int64_t second)
{
    return world_value(w, world_text(w, "SELECT p.email FROM mandate m JOIN person p ON p.id = m.holder_person_id WHERE m.org_id = " FORG " AND m.kind = 'access' AND m.detail = 'tickets' "
        "AND m.state = 'active' AND p.email <> '" CLAIRE "' AND m.scope_client_id <> (SELECT client_id FROM contact WHERE id = %lld) AND m.scope_client_id <> "
        "(SELECT id FROM client WHERE name = 'Hôtel Bellerive' AND org_id = " FORG ") ORDER BY m.id DESC LIMIT 1", (long long)second));
}

/* C-10, T-7: the link of a mail leads on to the client it is about, for who has access there, and to nothing for anybody else. */
WORLD_TEST(c_10_a_ticket_of_the_other_client_says_whose_it_is)
{
    int64_t second = second_contact(w);
    const char *third = third_contact(w, second), *theirs = a_ticket(w, second), *address = world_text(w, PORTAL "/tickets/%s", theirs), *page_of = world_text(w, "%s/client", address);
    assert_status(choose(w, contact_of(w, CLAIRE)), 303);
    struct answer *answer = world_get(w, CLAIRE, address);
    assert_status(answer, 303);
    assert_string_equal(answer->location, page_of);
    struct answer *page = world_get(w, CLAIRE, page_of);
    assert_has(page, world_text(w, "Ce ticket est chez %s", client_name(w, second)));
    assert_status(world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%lld&back=%s", (long long)second, address)), 303);
    assert_status(world_get(w, CLAIRE, address), 200);
    assert_status(world_get(w, third, address), 404);                                          /* a contact of another client alone */
    assert_status(world_get(w, third, page_of), 404);
    assert_status(choose(w, contact_of(w, CLAIRE)), 303);
    world_run_sql(w, world_text(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE holder_contact_id = %lld AND detail = 'tickets'", (long long)second));
    assert_status(world_get(w, CLAIRE, address), 404);                                         /* a contact there, but not of tickets */
    assert_status(world_get(w, CLAIRE, page_of), 404);
}

/* M-2: the staff asks about somebody who is a contact of two clients as the one it means, or as the one whose ticket it is. */
WORLD_TEST(m_2_a_contact_of_two_clients_is_asked_about_for_each)
{
    static const char sabine[] = "sabine.cozic@froid-atlantique.example";
    int64_t first = contact_of(w, CLAIRE), second = second_contact(w);
    const char *claire = world_value(w, "SELECT id FROM person WHERE email = '" CLAIRE "'"), *why = world_text(w, "/o/froid-atlantique/why?who=%s", claire);
    struct answer *page = world_get(w, sabine, why);
    assert_has(page, "Chez quel client");
    assert_has(page, client_name(w, first));
    assert_has(page, client_name(w, second));
    struct answer *theirs = world_get(w, sabine, world_text(w, "%s&what=ticket:%s", why, a_ticket(w, second)));
    assert_has(theirs, "Permis");
    assert_not(theirs, "Pas permis");
    struct answer *others = world_get(w, sabine, world_text(w, "%s&contact=%lld&what=ticket:%s", why, (long long)first, a_ticket(w, second)));
    assert_has(others, "Pas permis");
    assert_not(world_get(w, sabine, world_text(w, "/o/froid-atlantique/why?who=%s", world_value(w, world_text(w, "SELECT id FROM person WHERE email = '%s'", third_contact(w, second))))), "Chez quel client");
}

/* C-10: an address that mail did not reach, or that wants no invitation, is written to again; who did it is in the journal. */
WORLD_TEST(c_10_an_address_is_written_to_again)
{
    static const char sabine[] = "sabine.cozic@froid-atlantique.example";
    const char *address = world_text(w, "/o/froid-atlantique/contacts/%lld", (long long)contact_of(w, CLAIRE)), *unmute = world_text(w, "%s/unmute", address);
    assert_not(world_get(w, sabine, address), "Écrire de nouveau à cette adresse");
    world_run_sql(w, "INSERT INTO mail_mute (org_id, email_key, why, created_at) SELECT " FORG ", '" CLAIRE "', 'unsubscribed', 1");
    world_run_sql(w, "INSERT INTO mail_bounce (org_id, email_key, bounced_at) SELECT " FORG ", '" CLAIRE "', 1");
    assert_has(world_get(w, sabine, address), "Ne reçoit plus vos invitations");
    assert_status(world_post(w, "gaelle.riou@froid-atlantique.example", unmute, ""), 403);
    assert_status(world_post(w, sabine, unmute, ""), 303);
    assert_int_equal(world_number(w, "SELECT (SELECT COUNT(*) FROM mail_mute) + (SELECT COUNT(*) FROM mail_bounce)"), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'contact_unmute' AND object_kind = 'contact'"), 1);
    assert_not(world_get(w, sabine, address), "Écrire de nouveau à cette adresse");
    assert_status(world_post(w, sabine, unmute, "again=1"), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'contact_unmute'"), 1);
}

WORLD_MAIN("choice",
    WORLD_CASE(t_7_the_portal_says_for_whom_one_acts_and_lets_one_choose), WORLD_CASE(x_2_nobody_acts_for_a_client_that_is_not_theirs),
    WORLD_CASE(t_7_a_form_of_another_window_does_not_act_for_the_client_chosen_here), WORLD_CASE(t_7_a_token_cannot_be_written_for_another_client),
    WORLD_CASE(t_7_the_choice_of_another_window_counts_while_a_form_is_coming), WORLD_CASE(m_5_a_choice_gives_nothing_that_has_ended),
    WORLD_CASE(c_10_a_ticket_of_the_other_client_says_whose_it_is),
    WORLD_CASE(m_2_a_contact_of_two_clients_is_asked_about_for_each), WORLD_CASE(c_10_an_address_is_written_to_again))
