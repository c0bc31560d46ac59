/* Who follows a ticket and is told of it, and tickets tied to one another (C-10), on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"            /* sees invoices alone, until she is given the tickets */
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define MANAGER "yann.le-goff@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define PORTAL "/p/froid-atlantique/tickets"
#define OFFICE "/o/froid-atlantique"
#define DESK OFFICE "/tickets"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static const char *ticket_id(struct world_test *w, int number) { return world_value(w, world_text(w, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = %d", number)); }

static const char *contact_id(struct world_test *w, const char *email) { return world_value(w, world_text(w, "SELECT id FROM contact WHERE org_id = " ORG " AND email_key = '%s'", email)); }

static void access_give_to(struct world_test *w, const char *email)
{
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets", contact_id(w, email)), world_text(w, "email=%s", email)), 303);
}

static int64_t told(struct world_test *w, const char *kind, const char *email)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s' AND to_email = '%s'", kind, email));
}

static void answer(struct world_test *w, const char *who, const char *id, const char *kind)
{
    assert_status(world_post(w, who, world_text(w, DESK "/%s/comments", id), world_text(w, "kind=%s&body=Un+mot", kind)), 303);
}

WORLD_TEST(c_10_a_member_follows_and_is_told_of_answers_and_notes)
{
    const char *id = ticket_id(w, 1199), *page = world_text(w, DESK "/%s", id);
    assert_has(world_get(w, MANAGER, page), "Suivre</button>");
    assert_status(world_post(w, MANAGER, world_text(w, "%s/follow", page), ""), 303);
    answer(w, AGENT, id, "answer");
    answer(w, AGENT, id, "note");
    assert_int_equal(told(w, "mail_ticket_followed", MANAGER), 2);
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_ticket_followed' ORDER BY m.id DESC LIMIT 1");
    assert_non_null(strstr(text, "note interne"));
    assert_non_null(strstr(text, "/o/froid-atlantique/tickets/"));
    answer(w, MANAGER, id, "answer");                                 /* not of one's own words */
    assert_int_equal(told(w, "mail_ticket_followed", MANAGER), 2);
    const char *follower = world_value(w, world_text(w, "SELECT id FROM ticket_follower WHERE ticket_id = %s", id));
    assert_status(world_post(w, MANAGER, world_text(w, "%s/followers/%s/end", page, follower), ""), 303);
    answer(w, AGENT, id, "note");
    assert_int_equal(told(w, "mail_ticket_followed", MANAGER), 2);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'desk_follow'"), 1);
}

WORLD_TEST(c_10_a_contact_follows_only_with_the_tickets_access)
{
    const char *id = ticket_id(w, 1208), *form = world_text(w, "contact_id=%s", contact_id(w, SOPHIE));
    struct answer *refused = world_post(w, AGENT, world_text(w, DESK "/%s/followers", id), form);
    assert_status(refused, 422);
    assert_has(refused, "pas accès aux tickets");
    access_give_to(w, SOPHIE);
    assert_status(world_post(w, AGENT, world_text(w, DESK "/%s/followers", id), form), 303);
    answer(w, AGENT, id, "answer");
    answer(w, AGENT, id, "note");
    assert_int_equal(told(w, "mail_ticket_answer", SOPHIE), 1);       /* never of a note */
    assert_int_equal(told(w, "mail_ticket_answer", CLAIRE), 1);
    assert_non_null(strstr(world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" SOPHIE "' AND m.kind = 'mail_ticket_answer'"), "que vous suivez"));
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets/end", contact_id(w, SOPHIE)), ""), 303);
    answer(w, AGENT, id, "answer");
    assert_int_equal(told(w, "mail_ticket_answer", SOPHIE), 1);       /* the access is gone, and so are the messages */
    const char *elsewhere = world_value(w, "SELECT MIN(ct.id) FROM contact ct JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id WHERE ct.org_id = " ORG " AND cl.name <> 'Hôtel Bellerive'");
    assert_has(world_post(w, AGENT, world_text(w, DESK "/%s/followers", id), world_text(w, "contact_id=%s", elsewhere)), "de l’entreprise du ticket");
}

WORLD_TEST(c_10_the_tickets_contact_lets_a_colleague_follow)
{
    access_give_to(w, SOPHIE);
    const char *id = world_value(w, world_text(w, "SELECT MAX(id) FROM ticket WHERE org_id = " ORG " AND contact_id = %s", contact_id(w, CLAIRE)));
    const char *address = world_text(w, PORTAL "/%s/followers", id), *form = world_text(w, "contact_id=%s", contact_id(w, SOPHIE));
    assert_has(world_post(w, SOPHIE, address, world_text(w, "contact_id=%s", contact_id(w, "bruno.aubry@bellerive.example"))), "Seul le contact");
    assert_has(world_get(w, SOPHIE, world_text(w, PORTAL "/%s", id)), "Suivre</button>");
    assert_has(world_get(w, CLAIRE, world_text(w, PORTAL "/%s", id)), "Sophie Lemoine</option>");
    assert_status(world_post(w, CLAIRE, address, form), 303);
    int64_t before = told(w, "mail_ticket_answer", SOPHIE);
    assert_status(world_post(w, CLAIRE, world_text(w, PORTAL "/%s/comments", id), "body=Encore+ceci"), 303);
    assert_int_equal(told(w, "mail_ticket_answer", SOPHIE), before + 1);
    assert_int_equal(told(w, "mail_ticket_answer", CLAIRE), 0);       /* her own words */
    assert_status(world_post(w, SOPHIE, world_text(w, PORTAL "/%s/comments", id), "body=Et+cela"), 303);
    assert_int_equal(told(w, "mail_ticket_answer", CLAIRE), 1);       /* a colleague's are told to whom the ticket is of */
    const char *follower = world_value(w, world_text(w, "SELECT id FROM ticket_follower WHERE ticket_id = %s AND contact_id = %s", id, contact_id(w, SOPHIE)));
    assert_status(world_post(w, SOPHIE, world_text(w, PORTAL "/%s/followers/%s/end", id, follower), ""), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket_follower WHERE id = %s", follower)), 0);
}

WORLD_TEST(c_10_tied_tickets_are_shown_on_both_and_to_whom_may_see_them)
{
    const char *id = ticket_id(w, 1208), *other = ticket_id(w, 1209);
    const char *strange = world_value(w, "SELECT MAX(t.number) FROM ticket t JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE t.org_id = " ORG " AND cl.name <> 'Hôtel Bellerive'");
    const char *address = world_text(w, DESK "/%s/ties", id);
    assert_status(world_post(w, AGENT, address, "number=T-1209&relation=related"), 303);
    assert_status(world_post(w, AGENT, address, world_text(w, "number=%s&relation=related", strange)), 303);
    assert_has(world_post(w, AGENT, address, "number=1209&relation=related"), "déjà liés");
    assert_has(world_post(w, AGENT, address, "number=1208&relation=related"), "à lui-même");
    assert_has(world_post(w, AGENT, address, "number=abc&relation=related"), "pas de ticket de ce numéro");
    assert_has(world_get(w, AGENT, world_text(w, DESK "/%s", other)), "T-1208");
    struct answer *seen = world_get(w, CLAIRE, world_text(w, PORTAL "/%s", id));
    assert_has(seen, "T-1209");
    assert_not(seen, world_text(w, "T-%s", strange));                 /* another client's does not exist for her */
    assert_not(world_get(w, CLAIRE, world_text(w, PORTAL "/%s.json", id)), world_text(w, "\"number\":%s", strange));
    const char *tie = world_value(w, world_text(w, "SELECT id FROM ticket_tie WHERE object_id = %s", other));
    assert_status(world_post(w, AGENT, world_text(w, DESK "/%s/ties/%s/end", other, tie), ""), 303);
    assert_not(world_get(w, CLAIRE, world_text(w, PORTAL "/%s", id)), "T-1209");
}

WORLD_TEST(c_10_a_duplicate_is_closed_with_an_answer)
{
    const char *id = ticket_id(w, 1209), *address = world_text(w, DESK "/%s/ties", id);
    const char *strange = world_value(w, "SELECT MAX(t.number) FROM ticket t JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE t.org_id = " ORG " AND cl.name <> 'Hôtel Bellerive'");
    assert_has(world_post(w, AGENT, address, world_text(w, "number=%s&relation=duplicate", strange)), "du même client");
    assert_string_equal(world_value(w, world_text(w, "SELECT status FROM ticket WHERE id = %s", id)), "new");
    assert_status(world_post(w, AGENT, address, "number=1208&relation=duplicate"), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT status FROM ticket WHERE id = %s", id)), "resolved");
    struct answer *page = world_get(w, CLAIRE, world_text(w, PORTAL "/%s", id));
    assert_has(page, "dit la même chose qu’un autre");
    assert_has(page, "celui-ci en est un doublon");
    assert_has(world_get(w, AGENT, world_text(w, DESK "/%s", ticket_id(w, 1208))), "doublon de celui-ci");
    assert_has(world_post(w, AGENT, address, "number=1208&relation=duplicate"), "déjà résolu");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_ticket_answer'"), 1);
}

WORLD_MAIN("follower",
    WORLD_CASE(c_10_a_member_follows_and_is_told_of_answers_and_notes), WORLD_CASE(c_10_a_contact_follows_only_with_the_tickets_access),
    WORLD_CASE(c_10_the_tickets_contact_lets_a_colleague_follow), WORLD_CASE(c_10_tied_tickets_are_shown_on_both_and_to_whom_may_see_them),
    WORLD_CASE(c_10_a_duplicate_is_closed_with_an_answer))
