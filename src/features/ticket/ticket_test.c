/* Tickets as a contact and as the support team live them, on both databases. */
#include "lib/world.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

#define CONTACT "claire.delmas@bellerive.example"
#define COLLEAGUE "sophie.lemoine@bellerive.example"        /* sees invoices alone */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define STRANGER "leo.fabre@studio-pixel.example"            /* a contact with tickets of another organization */
#define PORTAL "/p/froid-atlantique"
#define DESK "/o/froid-atlantique"
#define FORG " org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static int64_t ticket_id(struct world_test *w, int number) { return world_number(w, world_text(w, "SELECT id FROM ticket WHERE number = %d AND" FORG, number)); }

static const char *ticket_value(struct world_test *w, int64_t id, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM ticket WHERE id = %lld", column, (long long)id));
}

static int64_t mails(struct world_test *w, const char *kind) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s'", kind)); }

/* Somebody with tickets of another client of the same organization. */
static const char *neighbour(struct world_test *w)
{
    return world_value(w, "SELECT p.email FROM mandate m JOIN person p ON p.id = m.holder_person_id JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id "
        "WHERE m.kind = 'access' AND m.detail = 'tickets' AND m.state = 'active' AND cl.name <> 'Hôtel Bellerive' "
        "AND m.org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique') ORDER BY m.id LIMIT 1");
}

static const char *form_new(struct world_test *w, const char *title)
{
    const char *type = world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND" FORG);
    const char *priority = world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND" FORG);
    return world_text(w, "title=%s&type_id=%s&priority_id=%s&description=La+vitrine+chauffe.%%0D%%0A%%0D%%0AMerci.", title, type, priority);
}

/* ---- C-6 ---- */

WORLD_TEST(c_6_the_list_has_every_ticket_of_the_client_last_changed_first)
{
    struct answer *list = world_get(w, CONTACT, PORTAL "/tickets.json");
    assert_status(list, 200);
    const struct doc *rows = doc_get(list->doc, "tickets");
    int64_t all = world_number(w, "SELECT COUNT(*) FROM ticket t JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE cl.name = 'Hôtel Bellerive'"), seen = 0;
    int64_t before = INT64_MAX;
    for (const char *next = "";;) {
        for (size_t i = 0; i < doc_count(rows); i++, seen++) {
            assert_true(doc_int_of(doc_at(rows, i), "changed_at") <= before);
            before = doc_int_of(doc_at(rows, i), "changed_at");
        }
        next = doc_text_of(doc_get(list->doc, "page"), "next");
        if (!*next)
            break;
        list = world_get(w, CONTACT, world_text(w, PORTAL "/tickets.json%s", next));
        rows = doc_get(list->doc, "tickets");
    }
    assert_int_equal(seen, all);
    assert_true(all > 50);
    struct answer *page = world_get(w, CONTACT, PORTAL "/tickets");
    assert_status(page, 200);
    assert_has(page, "Chambre froide négative");
    assert_has(page, "T-1208");
}

WORLD_TEST(c_6_filters_by_status_priority_and_contact)
{
    const char *urgent = world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'urgent' AND" FORG);
    const char *bruno = world_value(w, "SELECT id FROM contact WHERE email = 'bruno.aubry@bellerive.example'");
    struct answer *list = world_get(w, CONTACT, world_text(w, PORTAL "/tickets.json?status=resolved&priority=%s&contact=%s", urgent, bruno));
    assert_status(list, 200);
    const struct doc *rows = doc_get(list->doc, "tickets");
    assert_true(doc_count(rows) >= 1);
    for (size_t i = 0; i < doc_count(rows); i++) {
        assert_string_equal(doc_text_of(doc_at(rows, i), "status"), "resolved");
        assert_string_equal(doc_text_of(doc_at(rows, i), "priority_tone"), "urgent");
        assert_string_equal(doc_text_of(doc_at(rows, i), "contact_name"), "Bruno Aubry");
    }
    struct answer *none = world_get(w, CONTACT, world_text(w, PORTAL "/tickets?status=new&priority=%s&contact=%s", urgent, bruno));
    assert_has(none, "Aucun ticket pour ces filtres");
}

WORLD_TEST(c_6_a_row_opens_the_ticket_and_its_conversation)
{
    int64_t id = ticket_id(w, 1208);
    struct answer *page = world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id));
    assert_status(page, 200);
    assert_has(page, "sonne depuis");
    assert_has(page, "rapport-I-1187.pdf");
    assert_has(page, "a passé la priorité de");
    assert_has(page, "a pris le ticket en charge");
    assert_not(page, "Remorque froide réservée");      /* an internal note */
    const struct doc *doc = world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld.json", (long long)id))->doc;
    const struct doc *comments = doc_get(doc, "comments");
    assert_string_equal(doc_text_of(doc_at(comments, 0), "kind"), "opening");
    assert_string_equal(doc_text_of(doc_at(doc_get(doc_at(comments, 0), "attachments"), 0), "name"), "afficheur-06h55.png");
}

/* ---- C-8 ---- */

WORLD_TEST(c_8_a_new_ticket_is_at_once_with_the_support_team)
{
    int64_t last = world_number(w, "SELECT last FROM ticket_counter WHERE" FORG), told = mails(w, "mail_ticket_new");
    assert_status(world_get(w, CONTACT, PORTAL "/tickets/new"), 200);
    struct answer *made = world_post(w, CONTACT, PORTAL "/tickets", form_new(w, "Vitrine+trop+chaude"));
    assert_status(made, 303);
    assert_has(world_get(w, CONTACT, made->location), "Vitrine trop chaude");
    const struct doc *queue = doc_get(world_get(w, AGENT, DESK "/tickets.json")->doc, "tickets");
    assert_string_equal(doc_text_of(doc_at(queue, 0), "title"), "Vitrine trop chaude");
    assert_string_equal(doc_text_of(doc_at(queue, 0), "status"), "new");
    assert_int_equal(doc_int_of(doc_at(queue, 0), "number"), last + 1);
    assert_int_equal(mails(w, "mail_ticket_new"), told + 2);      /* administrator and support agent; no technician, no manager */
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE object_kind = 'ticket' ORDER BY number DESC LIMIT 1"), "ticket_create");
    assert_has(world_get(w, AGENT, DESK "/tickets?search=vitrine+chaude"), "Vitrine trop chaude");
}

WORLD_TEST(c_8_attachments_are_kept_and_served_to_the_client_alone)
{
    const char *type = world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND" FORG);
    const char *priority = world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND" FORG);
    const struct world_part parts[] = { { .name = "title", .data = "Avec un relevé" }, { .name = "type_id", .data = type },
        { .name = "priority_id", .data = priority }, { .name = "description", .data = "Voici." },
        { .name = "files", .file_name = "releve.csv", .data = "heure;temperature\r\n06:50;-11,0\r\n" }, { 0 } };
    struct answer *made = world_post_parts(w, CONTACT, PORTAL "/tickets", parts);
    assert_status(made, 303);
    assert_int_equal(world_files_left(w), 0);
    int64_t id = world_number(w, "SELECT id FROM ticket WHERE title = 'Avec un relevé'");
    int64_t file = world_number(w, world_text(w, "SELECT id FROM attachment WHERE ticket_id = %lld", (long long)id));
    const char *mine = world_text(w, PORTAL "/tickets/%lld/files/%lld", (long long)id, (long long)file);
    struct answer *bytes = world_get(w, CONTACT, mine);
    assert_status(bytes, 200);
    assert_string_equal(bytes->body, "heure;temperature\r\n06:50;-11,0\r\n");
    assert_status(world_get(w, AGENT, world_text(w, DESK "/tickets/%lld/files/%lld", (long long)id, (long long)file)), 200);
    assert_status(world_get(w, neighbour(w), mine), 404);
}

WORLD_TEST(c_8_a_wrong_input_keeps_what_was_typed_and_does_nothing)
{
    int64_t before = world_number(w, "SELECT COUNT(*) FROM ticket"), last = world_number(w, "SELECT last FROM ticket_counter WHERE" FORG);
    struct answer *again = world_post(w, CONTACT, PORTAL "/tickets", form_new(w, ""));
    assert_status(again, 422);
    assert_has(again, "La vitrine chauffe.");
    assert_has(again, "href=\"#f-title\"");
    again = world_post(w, CONTACT, PORTAL "/tickets", "title=Un+titre&type_id=1&priority_id=2&description=Texte");
    assert_status(again, 422);
    assert_has(again, "de la liste");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket"), before);
    assert_int_equal(world_number(w, "SELECT last FROM ticket_counter WHERE" FORG), last);
    assert_int_equal(mails(w, "mail_ticket_new"), 0);
}

WORLD_TEST(c_8_the_team_opens_a_ticket_for_a_contact)
{
    const char *bruno = world_value(w, "SELECT id FROM contact WHERE email = 'bruno.aubry@bellerive.example'");
    assert_has(world_get(w, AGENT, DESK "/tickets/new?search=aubry+bruno"), world_text(w, "/contacts/%s/tickets/new", bruno));
    assert_has(world_get(w, AGENT, world_text(w, DESK "/contacts/%s/tickets/new", bruno)), "Bruno Aubry");
    struct answer *made = world_post(w, AGENT, world_text(w, DESK "/contacts/%s/tickets", bruno), form_new(w, "Demande+par+telephone"));
    assert_status(made, 303);
    assert_has(world_get(w, CONTACT, PORTAL "/tickets"), "Demande par telephone");
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_ticket_answer' ORDER BY id DESC LIMIT 1"), "bruno.aubry@bellerive.example");
}

/* ---- C-7 ---- */

WORLD_TEST(c_7_a_comment_puts_a_waiting_ticket_back_to_open)
{
    int64_t id = ticket_id(w, 1205), count = world_number(w, world_text(w, "SELECT comment_count FROM ticket WHERE id = %lld", (long long)id));
    assert_string_equal(ticket_value(w, id, "status"), "waiting");
    world_pass(w, 60000);
    struct answer *made = world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/comments", (long long)id), "body=Vendredi+convient.");
    assert_status(made, 303);
    assert_string_equal(ticket_value(w, id, "status"), "open");
    assert_int_equal(atoi(ticket_value(w, id, "comment_count")), count + 1);
    assert_int_equal(world_number(w, world_text(w, "SELECT changed_at FROM ticket WHERE id = %lld", (long long)id)), world_now(w));
    assert_int_equal(mails(w, "mail_ticket_comment"), 1);           /* to who is in charge, nobody else */
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_ticket_comment'"), ADMIN);
    assert_has(world_get(w, CONTACT, made->location), "Vendredi convient.");
}

WORLD_TEST(c_7_marked_as_resolved_with_and_without_a_word_and_opened_again)
{
    int64_t id = ticket_id(w, 1208), plain = ticket_id(w, 1199);
    assert_status(world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/comments", (long long)id), "body=Merci.&resolve=1"), 303);
    assert_string_equal(ticket_value(w, id, "status"), "resolved");
    assert_has(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id)), "a marqué le ticket comme résolu");
    assert_status(world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/resolve", (long long)plain), ""), 303);
    assert_string_equal(ticket_value(w, plain, "status"), "resolved");
    assert_status(world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/comments", (long long)id), "body=Encore+en+panne."), 303);
    assert_string_equal(ticket_value(w, id, "status"), "open");
    assert_has(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id)), "a rouvert le ticket");
}

WORLD_TEST(c_7_an_empty_comment_is_refused_at_its_place)
{
    int64_t id = ticket_id(w, 1208);
    struct answer *again = world_post(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/comments", (long long)id), "body=++");
    assert_status(again, 422);
    assert_has(again, "Écrivez un commentaire ou joignez un fichier.");
    assert_has(again, "sonne depuis");
}

WORLD_TEST(c_7_an_answer_of_the_team_waits_for_the_client_and_is_mailed)
{
    int64_t id = ticket_id(w, 1208);
    assert_status(world_post(w, AGENT, world_text(w, DESK "/tickets/%lld/comments", (long long)id), "kind=answer&body=Karim+passe+demain.&status_after="), 303);
    assert_string_equal(ticket_value(w, id, "status"), "waiting");
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_ticket_answer'"), CONTACT);
    const char *mail = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_ticket_answer'");
    assert_non_null(strstr(mail, "Karim passe demain."));
    assert_non_null(strstr(mail, world_text(w, "http://localhost:8080" PORTAL "/tickets/%lld", (long long)id)));
    assert_has(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id)), "Karim passe demain.");
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)id), "kind=answer&body=Et+moi+aussi.&status_after=open"), 303);
    assert_string_equal(ticket_value(w, id, "status"), "open");
    struct answer *page = world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id));
    assert_has(page, "Karim passe demain.");                        /* both are kept */
    assert_has(page, "Et moi aussi.");
}

/* ---- C-10 ---- */

WORLD_TEST(c_10_an_internal_note_does_not_exist_for_the_client)
{
    int64_t id = ticket_id(w, 1208);
    const char *before = ticket_value(w, id, "changed_at");
    world_pass(w, 60000);
    const struct world_part parts[] = { { .name = "kind", .data = "note" }, { .name = "body", .data = "Client difficile, à ménager." },
        { .name = "files", .file_name = "devis-interne.csv", .data = "a;b\r\n1;2\r\n" }, { 0 } };
    assert_status(world_post_parts(w, AGENT, world_text(w, DESK "/tickets/%lld/comments", (long long)id), parts), 303);
    assert_string_equal(ticket_value(w, id, "changed_at"), before);
    assert_int_equal(mails(w, "mail_ticket_answer"), 0);
    int64_t file = world_number(w, "SELECT id FROM attachment WHERE name = 'devis-interne.csv'");
    struct answer *page = world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id));
    assert_not(page, "ménager");
    assert_not(page, "devis-interne");
    assert_not(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld.json", (long long)id)), "ménager");
    assert_status(world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld/files/%lld", (long long)id, (long long)file)), 404);
    assert_has(world_get(w, ADMIN, world_text(w, DESK "/tickets/%lld", (long long)id)), "ménager");
    assert_status(world_get(w, ADMIN, world_text(w, DESK "/tickets/%lld/files/%lld", (long long)id, (long long)file)), 200);
}

WORLD_TEST(c_10_status_assignment_and_priority_leave_their_lines)
{
    int64_t id = ticket_id(w, 1209);
    const char *low = world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'low' AND" FORG);
    const char *member = world_value(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = '" AGENT "'");
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/status", (long long)id), "status=open&old=new"), 303);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/assign", (long long)id), world_text(w, "member_id=%s", member)), 303);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/priority", (long long)id), world_text(w, "priority_id=%s", low)), 303);
    assert_string_equal(ticket_value(w, id, "status"), "open");
    assert_string_equal(ticket_value(w, id, "assignee_id"), member);
    struct answer *page = world_get(w, CONTACT, world_text(w, PORTAL "/tickets/%lld", (long long)id));
    assert_has(page, "a mis le ticket en cours");
    assert_has(page, "a confié le ticket à Gaëlle Riou");
    assert_has(page, "a passé la priorité de");
    assert_has(world_get(w, AGENT, world_text(w, DESK "/tickets?assignee=%s&status=open&priority=%s", member, low)), "Badge d’accès");
}

WORLD_TEST(c_10_a_status_changed_in_between_is_said_not_overwritten)
{
    int64_t id = ticket_id(w, 1209);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/status", (long long)id), "status=resolved&old=new"), 303);
    struct answer *late = world_post(w, AGENT, world_text(w, DESK "/tickets/%lld/status", (long long)id), "status=open&old=new");
    assert_status(late, 422);
    assert_has(late, "a changé entre-temps");
    assert_string_equal(ticket_value(w, id, "status"), "resolved");
}

/* ---- who may not ---- */

WORLD_TEST(x_2_somebody_elses_ticket_answers_as_one_that_does_not_exist)
{
    int64_t id = ticket_id(w, 1208);
    const char *other = neighbour(w);
    struct answer *theirs = world_get(w, other, world_text(w, PORTAL "/tickets/%lld", (long long)id)), *none = world_get(w, other, PORTAL "/tickets/4711");
    assert_status(theirs, 404);
    assert_string_equal(theirs->body, none->body);
    assert_status(world_post(w, other, world_text(w, PORTAL "/tickets/%lld/comments", (long long)id), "body=Bonjour"), 404);
    assert_status(world_post(w, other, world_text(w, PORTAL "/tickets/%lld/resolve", (long long)id), ""), 404);
    assert_string_equal(ticket_value(w, id, "status"), "open");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM comment WHERE body = 'Bonjour'"), 0);
    assert_status(world_get(w, "camille.vasseur@hexanode.example", world_text(w, "/o/hexanode/tickets/%lld", (long long)id)), 404);
    assert_status(world_post(w, "camille.vasseur@hexanode.example", world_text(w, "/o/hexanode/tickets/%lld/comments", (long long)id), "kind=note&body=Bonjour"), 404);
}

WORLD_TEST(x_2_without_the_right_there_is_no_ticket)
{
    assert_status(world_get(w, COLLEAGUE, PORTAL "/tickets"), 403);
    assert_status(world_post(w, COLLEAGUE, PORTAL "/tickets", form_new(w, "Non")), 403);
    assert_status(world_get(w, TECHNICIAN, DESK "/tickets"), 403);
    assert_status(world_get(w, STRANGER, PORTAL "/tickets"), 404);
    assert_status(world_get(w, CONTACT, DESK "/tickets"), 404);
    assert_status(world_get(w, NULL, PORTAL "/tickets"), 303);
}

WORLD_MAIN("ticket",
    WORLD_CASE(c_6_the_list_has_every_ticket_of_the_client_last_changed_first), WORLD_CASE(c_6_filters_by_status_priority_and_contact),
    WORLD_CASE(c_6_a_row_opens_the_ticket_and_its_conversation), WORLD_CASE(c_8_a_new_ticket_is_at_once_with_the_support_team),
    WORLD_CASE(c_8_attachments_are_kept_and_served_to_the_client_alone), WORLD_CASE(c_8_a_wrong_input_keeps_what_was_typed_and_does_nothing),
    WORLD_CASE(c_8_the_team_opens_a_ticket_for_a_contact), WORLD_CASE(c_7_a_comment_puts_a_waiting_ticket_back_to_open),
    WORLD_CASE(c_7_marked_as_resolved_with_and_without_a_word_and_opened_again), WORLD_CASE(c_7_an_empty_comment_is_refused_at_its_place),
    WORLD_CASE(c_7_an_answer_of_the_team_waits_for_the_client_and_is_mailed), WORLD_CASE(c_10_an_internal_note_does_not_exist_for_the_client),
    WORLD_CASE(c_10_status_assignment_and_priority_leave_their_lines), WORLD_CASE(c_10_a_status_changed_in_between_is_said_not_overwritten),
    WORLD_CASE(x_2_somebody_elses_ticket_answers_as_one_that_does_not_exist), WORLD_CASE(x_2_without_the_right_there_is_no_ticket))
