#include "../../../tests/lib/world.h"
#include <string.h>
#include "features/demo/demo.h"

WORLD_TEST(root_leads_to_the_people)
{
    struct answer *a = world_get(w, NULL, "/");
    assert_status(a, 303);
    assert_string_equal(a->location, "/demo");
}

/* Every button signs in and leads to a page that answers. */
WORLD_TEST(every_person_can_be_entered)
{
    struct answer *index = world_get(w, NULL, "/demo.json");
    assert_status(index, 200);
    assert_string_equal(doc_text_of(index->doc, "password"), DEMO_PASSWORD);
    const struct doc *rows = doc_get(index->doc, "personas");
    assert_int_equal(doc_count(rows), 12);
    for (size_t i = 0; i < doc_count(rows); i++) {
        const char *email = doc_text_of(doc_at(rows, i), "email");
        struct answer *in = world_post(w, NULL, "/demo/sign-in", arena_printf(world_arena(w), "persona=%s", doc_text_of(doc_at(rows, i), "key")));
        assert_status(in, 303);
        assert_true(strlen(in->cookie) > 40);
        assert_status(world_get(w, email, in->location), 200);
    }
}

WORLD_TEST(nobody_else_can)
{
    struct answer *a = world_post(w, NULL, "/demo/sign-in", "persona=nobody");
    assert_status(a, 404);
    assert_string_equal(a->cookie, "");
}


WORLD_TEST(world_is_rich_enough)
{
    assert_in_range(world_number(w, "SELECT COUNT(*) FROM client c JOIN organization o ON o.id = c.org_id WHERE o.slug = 'froid-atlantique'"), 130, 160);
    assert_in_range(world_number(w, "SELECT COUNT(*) FROM ticket t JOIN organization o ON o.id = t.org_id WHERE o.slug = 'froid-atlantique'"), 400, 450);
    assert_in_range(world_number(w, "SELECT COUNT(*) FROM ticket t JOIN client c ON c.org_id = t.org_id AND c.id = t.client_id WHERE c.name = 'Hôtel Bellerive'"), 70, 90);
    assert_int_equal(world_number(w, "SELECT COUNT(DISTINCT status) FROM ticket"), 4);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM (SELECT org_id FROM client GROUP BY org_id HAVING COUNT(*) > 50) x"), 6);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM attachment a JOIN ticket t ON t.org_id = a.org_id AND t.id = a.ticket_id WHERE t.number = 1208"), 3);
}

WORLD_TEST(contact_has_four_accesses_and_the_colleague_nothing)
{
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate m JOIN person p ON p.id = m.holder_person_id JOIN person s ON s.id = m.agreed_by "
        "WHERE p.email_key = 'claire.delmas@bellerive.example' AND s.last_name = 'Cozic' AND m.state = 'active'"), 4);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person WHERE email_key = 'bruno.aubry@bellerive.example'"), 0);
    assert_string_equal(world_value(w, "SELECT password_hash FROM person WHERE email_key = 'maelle.guyader@lanterne.example'"), "");
}

/* The check digit by Luhn, worked out again from the right. */
static bool is_siren(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        int twice = (digits[8 - i] - '0') * 2;
        sum += i % 2 ? twice / 10 + twice % 10 : twice / 2;
    }
    return strlen(digits) == 9 && sum % 10 == 0;
}

WORLD_TEST(every_siren_checks)
{
    const char *last = "";
    int count = 0;
    while (*(last = world_value(w, arena_printf(world_arena(w), "SELECT MIN(siren) FROM client WHERE siren > '%s'", last)))) {
        if (!is_siren(last))
            fail_msg("not a SIREN: %s", last);
        count++;
    }
    assert_true(count > 300);
}

/* What a contact writes arrives in the mailbox, with its link as an address that can be opened. */
WORLD_TEST(mailbox_shows_what_was_sent)
{
    const char *who = "claire.delmas@bellerive.example";
    const char *type = world_value(w, "SELECT MIN(y.id) FROM ticket_type y JOIN organization o ON o.id = y.org_id WHERE o.slug = 'froid-atlantique'");
    const char *priority = world_value(w, "SELECT MIN(y.id) FROM ticket_priority y JOIN organization o ON o.id = y.org_id WHERE o.slug = 'froid-atlantique'");
    const struct world_part parts[] = { { "title", NULL, "Un essai", 8 }, { "type_id", NULL, type, strlen(type) }, { "priority_id", NULL, priority, strlen(priority) },
        { "description", NULL, "Bonjour", 7 }, { 0 } };
    assert_status(world_post_parts(w, who, "/p/froid-atlantique/tickets", parts), 303);
    struct answer *a = world_get(w, NULL, "/demo/mail.json");
    assert_status(a, 200);
    const struct doc *mail = doc_at(doc_get(a->doc, "mails"), 0);
    assert_non_null(strstr(doc_text_of(mail, "subject"), "Un essai"));
    assert_true(doc_count(doc_get(mail, "links")) > 0);
    assert_null(strstr(doc_text_of(mail, "text"), "@LINK@"));
    struct answer *page = world_get(w, NULL, "/demo/mail");
    assert_has(page, "Un essai");
    struct answer *html = world_get(w, NULL, arena_printf(world_arena(w), "/demo/mail/%s/html", doc_text_of(mail, "id")));
    assert_status(html, 200);
    assert_has(html, "Un essai");
    assert_status(world_get(w, NULL, "/demo/mail/1/html"), 404);
}

/* L-7: what goes with a message is there to be opened. */
WORLD_TEST(demo_mail_shows_the_file_of_a_message)
{
    static const char id[] = "4321";
    world_run_sql(w, "INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, subject, state, next_at, created_at) VALUES (4321, 0, 'a', 'b', 'c', 'd', 'e', 'sent', 1, 1)");
    world_run_sql(w, "INSERT INTO mail_body (mail_id, text, html) VALUES (4321, 'a', 'b')");
    world_run_sql(w, world_text(w, "INSERT INTO mail_file (mail_id, name, type, text) VALUES (%s, 'I-1192.ics', 'text/calendar; charset=utf-8; method=PUBLISH', 'BEGIN:VCALENDAR')", id));
    world_run_sql(w, world_text(w, "UPDATE mail SET created_at = %lld WHERE id = %s", (long long)world_now(w), id));
    assert_has(world_get(w, NULL, "/demo/mail"), world_text(w, "/demo/mail/%s/file", id));
    struct answer *file = world_get(w, NULL, world_text(w, "/demo/mail/%s/file", id));
    assert_status(file, 200);
    assert_string_equal(file->body, "BEGIN:VCALENDAR");
    assert_string_equal(answer_header(file, "Content-Disposition"), "attachment; filename=\"I-1192.ics\"");
    assert_string_equal(file->type, "text/calendar; charset=utf-8; method=PUBLISH");
    assert_status(world_get(w, NULL, "/demo/mail/1/file"), 404);
}

WORLD_MAIN("demo", WORLD_CASE(root_leads_to_the_people), WORLD_CASE(every_person_can_be_entered), WORLD_CASE(nobody_else_can), WORLD_CASE(world_is_rich_enough),
    WORLD_CASE(contact_has_four_accesses_and_the_colleague_nothing), WORLD_CASE(every_siren_checks), WORLD_CASE(mailbox_shows_what_was_sent), WORLD_CASE(demo_mail_shows_the_file_of_a_message))
