/* C-2: whom « Donner Accès » finds behind an address, what leaves, and what nobody learns by it. On both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define HOST "camille.vasseur@hexanode.example"              /* has a password, and belongs to another organization */
#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"                /* no person yet */
#define SOPHIE "sophie.lemoine@bellerive.example"            /* has a password; invoices alone */
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

static const char *contact_of(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT id FROM contact WHERE org_id = " FORG " AND email = '%s' ORDER BY id DESC LIMIT 1", email));
}

static struct answer *give(struct world_test *w, const char *contact, const char *email, const char *part)
{
    return world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/%s", contact, part), world_text(w, "email=%s", text_url_encode(world_arena(w), email)));
}

/* One more contact, by the page that makes them. */
static const char *contact_add(struct world_test *w, const char *client_id, const char *first_name, const char *email, const char *lang)
{
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/contacts", client_id),
        world_text(w, "first_name=%s&last_name=Deuxi%%C3%%A8me&lang=%s&email=%s", first_name, lang, text_url_encode(world_arena(w), email))), 303);
    return world_value(w, world_text(w, "SELECT id FROM contact WHERE first_name = '%s' AND last_name = 'Deuxième'", first_name));
}

static const char *client_of(struct world_test *w, const char *contact) { return world_value(w, world_text(w, "SELECT client_id FROM contact WHERE id = %s", contact)); }

static const char *mail_text(struct world_test *w, const char *kind, const char *email)
{
    return world_value(w, world_text(w, "SELECT m.subject || ' ' || b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = '%s' AND m.to_email = '%s' ORDER BY m.id DESC LIMIT 1", kind, email));
}

static int64_t mandates(struct world_test *w, const char *contact)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'access' AND state = 'active' AND holder_contact_id = %s", contact));
}

WORLD_TEST(c_2_the_same_address_on_two_contacts_of_a_client_is_one_person_with_two_accesses)
{
    const char *first = contact_of(w, CLAIRE), *second = contact_add(w, client_of(w, first), "Accueil", CLAIRE, "fr");
    int64_t people = world_number(w, "SELECT COUNT(*) FROM person"), before = mandates(w, first);
    assert_status(give(w, second, CLAIRE, "invoices"), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person"), people);
    assert_int_equal(mandates(w, first), before);
    assert_int_equal(mandates(w, second), 1);
    assert_status(world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%s&back=" PORTAL, second)), 303);
    assert_status(world_get(w, CLAIRE, PORTAL "/invoices"), 200);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 403);          /* what the other contact was given is not this one's */
    assert_status(world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%s&back=" PORTAL, first)), 303);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
}

WORLD_TEST(c_2_the_same_address_at_two_clients_opens_both_one_at_a_time)
{
    const char *garage = world_value(w, "SELECT id FROM client WHERE org_id = " FORG " AND name <> 'Hôtel Bellerive' ORDER BY id LIMIT 1");
    const char *second = contact_add(w, garage, "Ailleurs", CLAIRE, "fr");
    assert_status(give(w, second, CLAIRE, "tickets"), 303);
    assert_has(world_get(w, CLAIRE, PORTAL "/tickets"), "Vous agissez pour");
    const char *first = world_value(w, world_text(w, "SELECT MIN(id) FROM contact WHERE org_id = " FORG " AND email = '" CLAIRE "'"));
    const char *ticket = world_value(w, world_text(w, "SELECT id FROM ticket WHERE org_id = " FORG " AND client_id = %s ORDER BY id LIMIT 1", client_of(w, first)));
    assert_status(world_post(w, CLAIRE, PORTAL "/acting-for", world_text(w, "contact=%s&back=" PORTAL, second)), 303);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", ticket)), 303);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets/end", second), ""), 303);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/tickets/%s", ticket)), 200);     /* the other client's access goes on */
}

WORLD_TEST(c_2_a_person_known_elsewhere_gets_in_and_nothing_of_it_shows)
{
    const char *client = client_of(w, contact_of(w, CLAIRE));
    const char *known = contact_add(w, client, "Camille", HOST, "fr"), *unknown = contact_add(w, client, "Nul", "nul.autre@bellerive.example", "fr");
    struct answer *to_known = give(w, known, HOST, "tickets"), *to_unknown = give(w, unknown, "nul.autre@bellerive.example", "tickets");
    assert_status(to_known, 303);
    assert_string_equal(strchr(to_known->location, '?'), strchr(to_unknown->location, '?'));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person WHERE email_key = '" HOST "'"), 1);
    struct answer *sheet = world_get(w, ADMIN, to_known->location);
    assert_not(sheet, "Hexanode");
    assert_not(sheet, "Vasseur");                                         /* the contact is called Camille Deuxième here */
    assert_not(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s.json", known)), "exanode\"");
    assert_non_null(strstr(mail_text(w, "mail_access_given", HOST), "mot de passe habituel"));
    assert_status(world_get(w, HOST, PORTAL "/tickets"), 200);
    assert_status(world_get(w, HOST, OFFICE "/tickets"), 404);
}

WORLD_TEST(c_2_a_closed_portal_is_said_and_nothing_is_half_done)
{
    const char *bruno = contact_of(w, BRUNO);
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'froid-atlantique'");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets", bruno)), "L’espace client n’est pas ouvert");
    struct answer *refused = give(w, bruno, BRUNO, "tickets");
    assert_status(refused, 422);
    assert_has(refused, "ouvrez-le d’abord dans les réglages");
    assert_int_equal(mandates(w, bruno), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person WHERE email_key = '" BRUNO "'"), 0);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 404);
}

WORLD_TEST(c_2_two_windows_give_once_and_write_once)
{
    const char *bruno = contact_of(w, BRUNO);
    assert_status(give(w, bruno, BRUNO, "tickets"), 303);
    struct answer *second = give(w, bruno, BRUNO, "tickets");
    assert_status(second, 422);
    assert_has(second, "déjà donné");
    assert_int_equal(mandates(w, bruno), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE to_email = '" BRUNO "'"), 1);
    assert_status(give(w, bruno, BRUNO, "personal"), 303);                /* another part is another act, and the newest link alone works */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_link l JOIN person p ON p.id = l.person_id WHERE p.email_key = '" BRUNO "' AND l.used_at IS NULL"), 1);
}

WORLD_TEST(c_2_all_three_words_are_in_the_language_of_the_contact)
{
    const char *client = client_of(w, contact_of(w, CLAIRE));
    const char *english = contact_add(w, client, "Emily", "emily.stone@bellerive.example", "en");
    assert_status(give(w, english, "emily.stone@bellerive.example", "tickets"), 303);
    const char *invited = mail_text(w, "mail_access_password", "emily.stone@bellerive.example");
    assert_non_null(strstr(invited, "Set my password"));
    assert_non_null(strstr(invited, "@LINK@"));                           /* the secret is in no row, and no password is anywhere */
    assert_null(strstr(invited, "mot de passe"));
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets/end", english), ""), 303);
    assert_null(strstr(mail_text(w, "mail_access_ended", "emily.stone@bellerive.example"), "a retiré"));
    world_run_sql(w, "UPDATE contact SET lang = 'en' WHERE email = '" SOPHIE "'");
    assert_status(give(w, contact_of(w, SOPHIE), SOPHIE, "tickets"), 303);
    const char *given = mail_text(w, "mail_access_given", SOPHIE);
    assert_non_null(strstr(given, "Sign in here"));
    assert_null(strstr(given, "Connectez-vous"));
    world_run_sql(w, "UPDATE contact SET lang = 'fr' WHERE email = '" SOPHIE "'");
    assert_status(give(w, contact_of(w, SOPHIE), SOPHIE, "personal"), 303);
    assert_non_null(strstr(mail_text(w, "mail_access_given", SOPHIE), "Connectez-vous ici"));
}

/* C-1: each of the three by itself, for a person who had none of them. */
WORLD_TEST(c_1_each_value_opens_its_page_at_once_and_closes_it_at_the_next_request)
{
    static const struct { const char *part, *path; } parts[] = { { "personal", "/personal" }, { "tickets", "/tickets" }, { "invoices", "/invoices" } };
    const char *bruno = contact_of(w, BRUNO);
    for (size_t i = 0; i < 3; i++) {
        assert_status(give(w, bruno, BRUNO, parts[i].part), 303);
        for (size_t k = 0; k < 3; k++)
            assert_status(world_get(w, BRUNO, world_text(w, PORTAL "%s", parts[k].path)), k == i ? 200 : 403);
        assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/%s/end", bruno, parts[i].part), ""), 303);
        assert_int_equal(world_get(w, BRUNO, world_text(w, PORTAL "%s", parts[i].path))->status, 404);
    }
}

WORLD_MAIN("contact_access",
    WORLD_CASE(c_2_the_same_address_on_two_contacts_of_a_client_is_one_person_with_two_accesses), WORLD_CASE(c_2_the_same_address_at_two_clients_opens_both_one_at_a_time),
    WORLD_CASE(c_2_a_person_known_elsewhere_gets_in_and_nothing_of_it_shows), WORLD_CASE(c_2_a_closed_portal_is_said_and_nothing_is_half_done),
    WORLD_CASE(c_2_two_windows_give_once_and_write_once), WORLD_CASE(c_2_all_three_words_are_in_the_language_of_the_contact),
    WORLD_CASE(c_1_each_value_opens_its_page_at_once_and_closes_it_at_the_next_request))
