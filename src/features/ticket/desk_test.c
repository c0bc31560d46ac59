/* The back office's queue, its settings, templates and due times (C-10), on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/ticket/ticket.h"

#define CONTACT "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define HOST "camille.vasseur@hexanode.example"
#define PORTAL "/p/froid-atlantique"
#define DESK "/o/froid-atlantique/tickets"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static const char *id_of(struct world_test *w, const char *table, const char *name)
{
    return world_value(w, world_text(w, "SELECT id FROM %s WHERE org_id = " ORG " AND name = '%s'", table, name));
}

static const char *ticket_id(struct world_test *w, int number) { return world_value(w, world_text(w, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = %d", number)); }

static const char *ticket_value(struct world_test *w, const char *id, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM ticket WHERE id = %s", column, id));
}

static int64_t entries(struct world_test *w, const char *action)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = '%s'", action));
}

/* ---- Types and priorities ---- */

WORLD_TEST(c_10_types_are_added_renamed_ordered_and_closed)
{
    const char *page = DESK "/settings", *fault = id_of(w, "ticket_type", "Panne");
    assert_status(world_get(w, ADMIN, page), 200);
    assert_status(world_get(w, AGENT, page), 403);                   /* ORGANIZATION_MANAGE */
    assert_status(world_post(w, ADMIN, DESK "/types", "name=Livraison"), 303);
    const char *added = id_of(w, "ticket_type", "Livraison");
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/types/%s", added), "name=Livraisons"), 303);
    assert_has(world_get(w, CONTACT, PORTAL "/tickets/new"), "Livraisons");
    int64_t before = world_number(w, world_text(w, "SELECT position FROM ticket_type WHERE id = %s", added));
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/types/%s/move", added), "way=up"), 303);
    assert_true(world_number(w, world_text(w, "SELECT position FROM ticket_type WHERE id = %s", added)) < before);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/types/%s/state", fault), "state=closed"), 303);
    assert_not(world_get(w, CONTACT, PORTAL "/tickets/new"), "Panne");
    assert_has(world_get(w, AGENT, world_text(w, DESK "/%s", ticket_id(w, 1208))), "Panne");      /* old tickets keep it */
    const char *form = world_text(w, "title=A&type_id=%s&priority_id=%s&description=b", fault, id_of(w, "ticket_priority", "Haute"));
    assert_has(world_post(w, CONTACT, PORTAL "/tickets", form), "de la liste");
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/types/%s/state", fault), "state=open"), 303);
    assert_status(world_post(w, CONTACT, PORTAL "/tickets", form), 303);
    assert_true(entries(w, "type_create") == 1 && entries(w, "type_state") == 2);
}

WORLD_TEST(c_10_settings_refuse_what_cannot_be)
{
    const char *normal = id_of(w, "ticket_priority", "Normale");
    struct answer *twice = world_post(w, ADMIN, DESK "/types", "name=PANNE");
    assert_status(twice, 422);
    assert_has(twice, "Un type porte déjà ce nom.");
    assert_has(twice, "value=\"PANNE\"");
    assert_has(world_post(w, ADMIN, world_text(w, DESK "/priorities/%s/state", normal), "state=closed"), "par défaut ne peut pas être fermée");
    assert_has(world_post(w, ADMIN, DESK "/priorities", "name=Lente&tone=low&due_hours=1,5"), "nombre d’heures entier");
    world_run_sql(w, world_text(w, "UPDATE ticket_type SET is_open = 0 WHERE org_id = " ORG " AND name <> 'Panne'"));
    assert_has(world_post(w, ADMIN, world_text(w, DESK "/types/%s/state", id_of(w, "ticket_type", "Panne")), "state=closed"), "dernier type ouvert");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket_type WHERE is_open = 1 AND org_id = " ORG), 1);
    const char *theirs = world_value(w, "SELECT MIN(id) FROM ticket_type WHERE org_id <> " ORG);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/types/%s", theirs), "name=Volé"), 404);
    assert_int_equal(entries(w, "type_create"), 0);
}

WORLD_TEST(c_10_another_default_priority_is_proposed)
{
    const char *low = id_of(w, "ticket_priority", "Basse");
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/priorities/%s/default", low), ""), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket_priority WHERE is_default = 1 AND org_id = " ORG), 1);
    assert_has(world_get(w, CONTACT, PORTAL "/tickets/new"), world_text(w, "value=\"%s\" selected", low));
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/priorities/%s", low), "name=Basse&tone=normal&due_hours=200"), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT due_hours FROM ticket_priority WHERE id = %s", low)), 200);
}

/* ---- Templates ---- */

WORLD_TEST(c_10_a_template_fills_the_answer)
{
    const char *ticket = ticket_id(w, 1208), *page = world_text(w, DESK "/%s", ticket);
    assert_status(world_post(w, AGENT, DESK "/templates", "name=Passage&body=Bonjour+{contact},+{ticket}+%22{titre}%22+chez+{client}.+{moi}"), 303);
    const char *id = id_of(w, "answer_template", "Passage");
    assert_has(world_get(w, AGENT, page), "Passage");
    struct answer *filled = world_get(w, AGENT, world_text(w, "%s?template=%s", page, id));
    assert_has(filled, "Bonjour Claire Delmas, T-1208 ");
    assert_has(filled, "chez Hôtel Bellerive. Gaëlle Riou</textarea>");
    assert_string_equal(doc_text_of(doc_get(world_get(w, AGENT, world_text(w, DESK "/%s.json?template=%s", ticket, id))->doc, "template"), "name"), "Passage");
    assert_status(world_get(w, AGENT, world_text(w, "%s?template=4711", page)), 200);
    assert_status(world_post(w, AGENT, world_text(w, DESK "/templates/%s", id), "name=Passage&body=Demain."), 303);
    assert_has(world_get(w, AGENT, world_text(w, "%s?template=%s", page, id)), ">Demain.</textarea>");
    assert_status(world_post(w, AGENT, world_text(w, DESK "/templates/%s/delete", id), ""), 303);
    assert_string_equal(id_of(w, "answer_template", "Passage"), "");
}

WORLD_TEST(c_10_templates_refuse_what_would_go_wrong)
{
    assert_has(world_post(w, AGENT, DESK "/templates", "name=A&body=Bonjour+{contct}"), "n’est pas connu");
    assert_status(world_post(w, AGENT, DESK "/templates", "name=A&body=Un+{ reste }"), 303);
    assert_has(world_post(w, AGENT, DESK "/templates", "name=a&body=b"), "Un modèle porte déjà ce nom.");
    assert_status(world_get(w, TECHNICIAN, DESK "/templates"), 403);
    const char *id = id_of(w, "answer_template", "A");
    assert_status(world_get(w, HOST, world_text(w, "/o/hexanode/tickets/templates/%s", id)), 404);
    assert_status(world_post(w, HOST, world_text(w, "/o/hexanode/tickets/templates/%s/delete", id), ""), 404);
    assert_string_equal(id_of(w, "answer_template", "A"), id);
}

/* ---- Due times ---- */

WORLD_TEST(c_10_due_times_stand_still_while_the_client_is_awaited)
{
    (void)w;
    const int64_t hour = CLOCK_HOUR_MS;
    struct due due = due_after((struct due){ 0 }, "", "new", 4, 100 * hour);
    assert_int_equal(due.at_ms, 104 * hour);
    due = due_after(due, "new", "waiting", 4, 101 * hour);
    assert_int_equal(due.at_ms, 0);
    due = due_after(due, "waiting", "open", 4, 151 * hour);          /* 50 hours later: three are left */
    assert_int_equal(due.at_ms, 154 * hour);
    assert_int_equal(due_after(due, "open", "open", 24, 152 * hour).at_ms, 174 * hour);      /* another priority, the same beginning */
    assert_int_equal(due_after(due, "open", "open", 0, 152 * hour).at_ms, 0);
    due = due_after(due, "open", "resolved", 4, 153 * hour);
    assert_int_equal(due.at_ms, 0);
    assert_int_equal(due_after(due, "resolved", "open", 4, 200 * hour).at_ms, 204 * hour);   /* opened again: anew */
    due = (struct due){ .at_ms = 500 * hour, .from_ms = 100 * hour, .is_by_hand = true };
    due = due_after(due, "open", "waiting", 4, 101 * hour);
    assert_int_equal(due.at_ms, 500 * hour);                          /* promised */
    due.is_by_hand = false;
    assert_int_equal(due_after(due, "waiting", "waiting", 4, 120 * hour).at_ms, 0);
}

WORLD_TEST(c_10_a_ticket_is_due_by_its_priority_and_by_hand)
{
    const char *form = world_text(w, "title=Urgent&type_id=%s&priority_id=%s&description=b", id_of(w, "ticket_type", "Panne"), id_of(w, "ticket_priority", "Urgente"));
    assert_status(world_post(w, CONTACT, PORTAL "/tickets", form), 303);
    const char *id = world_value(w, "SELECT id FROM ticket WHERE title = 'Urgent'");
    int64_t hours = world_number(w, "SELECT due_hours FROM ticket_priority WHERE name = 'Urgente' AND org_id = " ORG), opened = world_now(w);
    assert_string_equal(ticket_value(w, id, "due_at"), world_text(w, "%lld", (long long)(opened + hours * CLOCK_HOUR_MS)));
    assert_status(world_post(w, AGENT, world_text(w, DESK "/%s/comments", id), "kind=answer&body=Quoi+?"), 303);
    assert_string_equal(ticket_value(w, id, "due_at"), "");
    world_pass(w, 10 * CLOCK_HOUR_MS);
    assert_status(world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%s/comments", id), "body=Ceci."), 303);
    assert_string_equal(ticket_value(w, id, "due_at"), world_text(w, "%lld", (long long)(opened + (hours + 10) * CLOCK_HOUR_MS)));
    const char *changed = ticket_value(w, id, "changed_at"), *address = world_text(w, DESK "/%s/due", id);
    assert_status(world_post(w, AGENT, address, "due_on=2026-12-24&due_time=17:30"), 303);
    assert_string_equal(ticket_value(w, id, "due_at"), "1798129800000");      /* 16:30 UTC: Paris in winter */
    assert_string_equal(ticket_value(w, id, "changed_at"), changed);          /* nothing for the client to see */
    assert_has(world_get(w, AGENT, world_text(w, DESK "/%s", id)), "a fixé l’échéance au");
    assert_not(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%s", id)), "échéance");
    assert_has(world_post(w, AGENT, address, "due_on=2026-02-30"), "n’est pas une date");
    assert_status(world_post(w, AGENT, address, "due_on="), 303);
    assert_string_equal(ticket_value(w, id, "due_at"), world_text(w, "%lld", (long long)(opened + (hours + 10) * CLOCK_HOUR_MS)));
}

WORLD_TEST(c_10_what_is_late_and_what_is_due_today_is_found)
{
    world_run_sql(w, "UPDATE ticket SET due_at = NULL");
    world_run_sql(w, world_text(w, "UPDATE ticket SET due_at = %lld WHERE org_id = " ORG " AND number = 1208", (long long)world_now(w) - 1000));
    world_run_sql(w, world_text(w, "UPDATE ticket SET due_at = %lld WHERE org_id = " ORG " AND number = 1209", (long long)world_now(w) + CLOCK_HOUR_MS));
    world_run_sql(w, world_text(w, "UPDATE ticket SET due_at = %lld WHERE org_id = " ORG " AND number = 1205", (long long)world_now(w) + 3 * CLOCK_DAY_MS));
    const struct doc *late = doc_get(world_get(w, AGENT, DESK ".json?view=late")->doc, "tickets"), *today = doc_get(world_get(w, AGENT, DESK ".json?view=today")->doc, "tickets");
    assert_int_equal(doc_count(late), 1);
    assert_int_equal(doc_int_of(doc_at(late, 0), "number"), 1208);
    assert_string_equal(doc_text_of(doc_at(late, 0), "due_tone"), "late");
    assert_int_equal(doc_count(today), 2);
    assert_string_equal(doc_text_of(doc_at(today, 1), "due_tone"), "soon");
    assert_has(world_get(w, AGENT, DESK "?view=late"), "En retard");
}

/* ---- The queue ---- */

static const char *member_of(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " ORG " AND p.email = '%s'", email));
}

WORLD_TEST(c_10_the_tabs_show_what_is_mine_and_what_is_nobodys)
{
    const char *me = member_of(w, AGENT);
    int64_t mine = world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket WHERE org_id = " ORG " AND status <> 'resolved' AND assignee_id = %s", me));
    const struct doc *rows = doc_get(world_get(w, AGENT, DESK ".json?view=mine")->doc, "tickets");
    assert_int_equal(doc_count(rows), mine);
    rows = doc_get(world_get(w, AGENT, DESK ".json?view=free")->doc, "tickets");
    assert_true(doc_count(rows) > 0);
    for (size_t i = 0; i < doc_count(rows); i++)
        assert_string_equal(doc_text_of(doc_at(rows, i), "assignee_name"), "");
    assert_has(world_get(w, AGENT, DESK), world_text(w, "Mes tickets<span class=\"m-count\">%lld</span>", (long long)mine));
    world_run_sql(w, world_text(w, "UPDATE ticket SET assignee_id = %s, status = 'open' WHERE org_id = " ORG, me));
    assert_has(world_get(w, AGENT, DESK), "Mes tickets<span class=\"m-count\">50+</span>");
}

WORLD_TEST(c_10_the_next_ticket_is_the_most_pressing_of_mine_then_of_nobodys)
{
    const char *me = member_of(w, AGENT);
    world_run_sql(w, "UPDATE ticket SET status = 'resolved', due_at = NULL");
    assert_has(world_get(w, AGENT, DESK "/next"), "Rien n’attend");
    world_run_sql(w, "UPDATE ticket SET status = 'new', assignee_id = NULL WHERE org_id = " ORG " AND number = 1209");
    assert_string_equal(world_get(w, AGENT, DESK "/next")->location, world_text(w, DESK "/%s", ticket_id(w, 1209)));
    world_run_sql(w, world_text(w, "UPDATE ticket SET status = 'open', assignee_id = %s WHERE org_id = " ORG " AND number IN (1208, 1205)", me));
    world_run_sql(w, world_text(w, "UPDATE ticket SET due_at = 5 WHERE org_id = " ORG " AND number = 1208"));
    assert_string_equal(world_get(w, AGENT, DESK "/next")->location, world_text(w, DESK "/%s", ticket_id(w, 1208)));
    world_run_sql(w, "UPDATE ticket SET status = 'waiting' WHERE org_id = " ORG " AND number = 1208");
    assert_string_equal(world_get(w, AGENT, DESK "/next")->location, world_text(w, DESK "/%s", ticket_id(w, 1205)));
}

WORLD_TEST(c_10_several_at_once_are_changed_and_journaled_each)
{
    const char *one = ticket_id(w, 1208), *other = ticket_id(w, 1209), *me = member_of(w, AGENT);
    struct answer *done = world_post(w, AGENT, DESK "?view=free&priority=", world_text(w, "ticket_ids=%s&ticket_ids=%s&ticket_ids=%s&act=assign&member_id=%s", one, other, one, me));
    assert_status(done, 303);
    assert_has(world_get(w, AGENT, done->location), "Les tickets cochés sont mis à jour.");
    assert_non_null(strstr(done->location, DESK "?view=free"));
    assert_string_equal(ticket_value(w, one, "assignee_id"), me);
    assert_string_equal(ticket_value(w, other, "assignee_id"), me);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE action = 'desk_bulk' AND object_id IN (%s, %s)", one, other)), 2);
    assert_status(world_post(w, AGENT, DESK, world_text(w, "ticket_ids=%s&act=assign&member_id=%s", one, me)), 303);
    assert_int_equal(entries(w, "desk_bulk"), 2);                     /* it was so already */
    assert_status(world_post(w, AGENT, DESK, world_text(w, "ticket_ids=%s&ticket_ids=%s&act=status&status=resolved", one, other)), 303);
    assert_string_equal(ticket_value(w, other, "status"), "resolved");
    assert_status(world_post(w, AGENT, DESK, world_text(w, "ticket_ids=%s&act=priority&priority_id=%s", one, id_of(w, "ticket_priority", "Basse"))), 303);
    assert_string_equal(ticket_value(w, one, "priority_id"), id_of(w, "ticket_priority", "Basse"));
}

WORLD_TEST(c_10_several_at_once_are_all_or_none)
{
    const char *one = ticket_id(w, 1208), *theirs = world_value(w, "SELECT MIN(id) FROM ticket WHERE org_id <> " ORG);
    const char *stands = ticket_value(w, one, "status");
    struct answer *refused = world_post(w, AGENT, DESK, world_text(w, "ticket_ids=%s&ticket_ids=%s&act=status&status=resolved", one, theirs));
    assert_status(refused, 422);
    assert_has(refused, "rien n’a été changé");
    assert_string_equal(ticket_value(w, one, "status"), stands);
    assert_int_equal(entries(w, "desk_bulk"), 0);
    refused = world_post(w, AGENT, DESK, world_text(w, "ticket_ids=%s&act=status&status=", one));
    assert_has(refused, "Choisissez un statut");
    assert_has(refused, world_text(w, "value=\"%s\" aria-label=\"Choisir T-1208", one));
    assert_has(world_post(w, AGENT, DESK, "act=assign&member_id="), "Cochez d’abord");
    const char *many = "act=status&status=open";
    for (int i = 1; i <= 51; i++)
        many = world_text(w, "%s&ticket_ids=%d", many, i);
    assert_status(world_post(w, AGENT, DESK, many), 422);
    assert_status(world_post(w, TECHNICIAN, DESK, world_text(w, "ticket_ids=%s&act=status&status=open", one)), 403);
}

/* ---- Search ---- */

/* 1,500 tickets have the word; the one wanted is the oldest of them. */
WORLD_TEST(c_10_a_search_finds_behind_many_that_have_the_word)
{
    const char *wanted = world_value(w, "SELECT id FROM ticket WHERE org_id = " ORG " ORDER BY changed_at LIMIT 1");
    world_run_sql(w, world_text(w, "WITH RECURSIVE n(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < 2600) "
        "INSERT INTO ticket (org_id, id, number, client_id, contact_id, title, type_id, priority_id, status, created_at, changed_at) "
        "SELECT t.org_id, n.n, 100000 + n.n, t.client_id, t.contact_id, 'Copie', t.type_id, t.priority_id, 'open', 1, %lld + n.n FROM ticket t CROSS JOIN n WHERE t.id = %s",
        (long long)world_now(w), wanted));
    world_run_sql(w, "INSERT INTO word (org_id, kind, word, id) SELECT org_id, 'ticket', 'copieuse', id FROM ticket WHERE title = 'Copie'");
    world_run_sql(w, "INSERT INTO word_of (org_id, kind, id, words) SELECT org_id, 'ticket', id, ' copieuse' FROM ticket WHERE title = 'Copie'");
    world_run_sql(w, world_text(w, "INSERT INTO word (org_id, kind, word, id) SELECT org_id, 'ticket', 'copieuse', id FROM ticket WHERE id = %s", wanted));
    world_run_sql(w, world_text(w, "UPDATE word_of SET words = words || ' copieuse' WHERE kind = 'ticket' AND id = %s", wanted));
    world_run_sql(w, world_text(w, "UPDATE ticket SET status = 'waiting' WHERE id = %s", wanted));
    world_run_sql(w, world_text(w, "UPDATE ticket SET status = 'resolved' WHERE org_id = " ORG " AND status = 'waiting' AND id <> %s", wanted));
    assert_has(world_get(w, AGENT, DESK "?search=copieuse&status=waiting"), wanted);          /* the filter is inside: found at once */
    const char *target = DESK ".json?search=copieuse";
    int pages = 0;
    for (bool is_found = false; !is_found; pages++) {
        struct answer *page = world_get(w, AGENT, target);
        const struct doc *rows = doc_get(page->doc, "tickets");
        for (size_t i = 0; i < doc_count(rows); i++)
            is_found |= strcmp(doc_text_of(doc_at(rows, i), "id"), wanted) == 0;
        if (pages > 70)
            fail_msg("not found; page %d: %s, %zu rows", pages, target, doc_count(rows));
        target = world_text(w, DESK ".json%s", doc_text_of(doc_get(page->doc, "page"), "next"));
    }
    assert_true(pages > 50);
    struct answer *two = world_get(w, AGENT, DESK "?search=copieuse+zzzz");
    assert_has(two, "Chercher plus loin");                             /* nothing among the newest: it says that more may follow */
}

WORLD_MAIN("desk",
    WORLD_CASE(c_10_types_are_added_renamed_ordered_and_closed), WORLD_CASE(c_10_settings_refuse_what_cannot_be),
    WORLD_CASE(c_10_another_default_priority_is_proposed), WORLD_CASE(c_10_a_template_fills_the_answer), WORLD_CASE(c_10_templates_refuse_what_would_go_wrong),
    WORLD_CASE(c_10_due_times_stand_still_while_the_client_is_awaited), WORLD_CASE(c_10_a_ticket_is_due_by_its_priority_and_by_hand),
    WORLD_CASE(c_10_what_is_late_and_what_is_due_today_is_found), WORLD_CASE(c_10_the_tabs_show_what_is_mine_and_what_is_nobodys),
    WORLD_CASE(c_10_the_next_ticket_is_the_most_pressing_of_mine_then_of_nobodys), WORLD_CASE(c_10_several_at_once_are_changed_and_journaled_each),
    WORLD_CASE(c_10_several_at_once_are_all_or_none), WORLD_CASE(c_10_a_search_finds_behind_many_that_have_the_word))
