/* Clients, contacts and their access to the portal, as the back office lives them, on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"         /* sees clients, changes none */
#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"

static const char *contact_id(struct world_test *w, const char *email) { return world_value(w, world_text(w, "SELECT id FROM contact WHERE email = '%s'", email)); }

static const char *sheet(struct world_test *w, const char *email, const char *rest) { return world_text(w, OFFICE "/contacts/%s%s", contact_id(w, email), rest); }

static int64_t mandates(struct world_test *w, const char *email, const char *part)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'access' AND state = 'active' AND holder_contact_id = %s AND detail = '%s'", contact_id(w, email), part));
}

static int64_t mails(struct world_test *w, const char *kind) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = '%s'", kind)); }

static struct answer *give(struct world_test *w, const char *email, const char *part)
{
    return world_post(w, ADMIN, sheet(w, email, world_text(w, "/access/%s", part)), world_text(w, "email=%s", text_url_encode(world_arena(w), email)));
}

/* ---- C-1, C-2 ---- */

WORLD_TEST(c_1_the_sheet_shows_three_values_and_who_gave_them)
{
    struct answer *page = world_get(w, ADMIN, sheet(w, CLAIRE, ""));
    assert_status(page, 200);
    assert_has(page, "Détails");
    assert_has(page, "Accès à l'espace client");
    assert_has(page, "Gestion des données personnelles");
    assert_has(page, "Gestion des tickets");
    assert_has(page, "Accès aux factures");
    assert_has(page, "Oui");
    assert_has(page, "par Sabine Cozic");
    assert_has(page, "data-edit");
    const struct doc *access = doc_get(world_get(w, ADMIN, sheet(w, BRUNO, ".json"))->doc, "access");
    assert_int_equal(doc_count(access), 4);     /* and « Suivi des interventions » (C-13) */
    for (size_t i = 0; i < 4; i++)
        assert_false(doc_bool_of(doc_at(access, i), "is_given"));
    assert_not(world_get(w, AGENT, sheet(w, CLAIRE, "")), "data-edit");      /* who may not give sees, and changes nothing */
}

WORLD_TEST(c_2_the_window_explains_and_asks_and_does_nothing)
{
    struct answer *page = world_get(w, ADMIN, sheet(w, BRUNO, "/access/tickets"));
    assert_status(page, 200);
    assert_has(page, "Donner Accès");
    assert_has(page, BRUNO);
    assert_has(page, "Bruno Aubry peut voir tous les tickets du client Hôtel Bellerive");
    assert_int_equal(mandates(w, BRUNO, "tickets"), 0);
    assert_status(world_get(w, ADMIN, sheet(w, BRUNO, "/access/everything")), 404);
}

WORLD_TEST(c_2_somebody_without_a_password_gets_a_link_to_set_one)
{
    struct answer *given = give(w, BRUNO, "tickets");
    assert_status(given, 303);
    assert_int_equal(mandates(w, BRUNO, "tickets"), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person WHERE email_key = '" BRUNO "' AND password_hash IS NULL"), 1);
    const char *mail = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_access_password' AND m.to_email = '" BRUNO "'");
    assert_non_null(strstr(mail, "Définir mon mot de passe"));
    assert_non_null(strstr(mail, "Gestion des tickets"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_access_password' AND link_id IS NOT NULL"), 1);
    assert_has(world_get(w, ADMIN, given->location), "Oui");
    assert_status(world_get(w, BRUNO, PORTAL "/tickets"), 200);
    assert_string_equal(world_value(w, "SELECT wording FROM mandate WHERE kind = 'access' ORDER BY id DESC LIMIT 1"),
        "Bruno Aubry peut voir tous les tickets du client Hôtel Bellerive, en ouvrir et y répondre dans l’espace client.");
    struct answer *twice = give(w, BRUNO, "tickets");
    assert_status(twice, 422);
    assert_has(twice, "Cet accès est déjà donné.");
}

WORLD_TEST(c_2_somebody_with_a_password_is_told_where_to_sign_in)
{
    assert_status(world_get(w, SOPHIE, PORTAL "/tickets"), 403);
    assert_status(give(w, SOPHIE, "tickets"), 303);
    const char *mail = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_access_given' AND m.to_email = '" SOPHIE "'");
    assert_non_null(strstr(mail, "http://localhost:8080" PORTAL));
    assert_int_equal(mails(w, "mail_access_password"), 0);
    assert_status(world_get(w, SOPHIE, PORTAL "/tickets"), 200);
}

WORLD_TEST(c_2_no_address_says_so_and_leaves_nothing_half_done)
{
    const char *id = contact_id(w, BRUNO);
    int64_t people = world_number(w, "SELECT COUNT(*) FROM person");
    world_run_sql(w, world_text(w, "UPDATE contact SET email = '', email_key = '' WHERE id = %s", id));
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets", id)), "pas d’adresse e-mail");
    struct answer *refused = world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets", id), "email=");
    assert_status(refused, 422);
    assert_has(refused, "pas d’adresse e-mail");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person"), people);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE holder_contact_id = %s", id)), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), 0);
}

WORLD_TEST(c_2_unticking_withdraws_from_the_next_page_on)
{
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    struct answer *ask = world_get(w, ADMIN, sheet(w, CLAIRE, "/access/tickets"));
    assert_has(ask, "Ce qui prend fin");
    assert_status(world_post(w, ADMIN, sheet(w, CLAIRE, "/access/tickets/end"), ""), 303);
    assert_int_equal(mandates(w, CLAIRE, "tickets"), 0);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 403);
    assert_int_equal(mails(w, "mail_access_ended"), 1);
    assert_status(world_post(w, ADMIN, sheet(w, CLAIRE, "/access/tickets/end"), ""), 409);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE object_kind = 'contact' ORDER BY at DESC, number DESC LIMIT 1"), "contact_access_end");
}

WORLD_TEST(c_2_an_address_that_changed_under_the_window_is_asked_again)
{
    struct answer *late = world_post(w, ADMIN, sheet(w, BRUNO, "/access/tickets"), "email=someone.else%40bellerive.example");
    assert_status(late, 422);
    assert_has(late, "vient de changer");
    assert_int_equal(mandates(w, BRUNO, "tickets"), 0);
}

/* A wrong address that got a link must open nothing once it is corrected. */
WORLD_TEST(c_2_a_corrected_address_takes_the_access_from_who_never_set_a_password)
{
    const char *id = contact_id(w, BRUNO);
    assert_status(give(w, BRUNO, "tickets"), 303);
    assert_status(world_get(w, BRUNO, PORTAL "/tickets"), 200);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/edit", id), "first_name=Bruno&last_name=Aubry&lang=fr&email=b.aubry%40bellerive.example"), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE state = 'active' AND holder_contact_id = %s", id)), 0);
    struct answer *after = world_get(w, BRUNO, PORTAL "/tickets");
    assert_true(after->status == 404 || after->status == 403);
    assert_status(give(w, "b.aubry@bellerive.example", "tickets"), 303);
    assert_status(world_get(w, "b.aubry@bellerive.example", PORTAL "/tickets"), 200);
}

WORLD_TEST(c_2_a_corrected_address_leaves_the_login_of_who_has_a_password)
{
    const char *id = contact_id(w, CLAIRE);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/edit", id), "first_name=Claire&last_name=Delmas&lang=en&email=c.delmas%40bellerive.example"), 303);
    assert_status(world_get(w, CLAIRE, PORTAL "/tickets"), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM person WHERE email = '" CLAIRE "'"), 1);
}

WORLD_TEST(c_2_who_may_not_give_cannot)
{
    assert_status(world_get(w, AGENT, sheet(w, BRUNO, "/access/tickets")), 403);
    assert_status(world_post(w, AGENT, sheet(w, BRUNO, "/access/tickets"), "email=" BRUNO), 403);
    assert_status(world_post(w, AGENT, sheet(w, CLAIRE, "/access/tickets/end"), ""), 403);
    assert_int_equal(mandates(w, CLAIRE, "tickets"), 1);
}

/* ---- Lists, search, create and change ---- */

WORLD_TEST(clients_are_found_by_the_beginnings_of_words)
{
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=bellerive+hotel"), "Hôtel Bellerive");
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=C-00482"), "Hôtel Bellerive");
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=zzz"), "Aucun client trouvé");
    assert_has(world_get(w, ADMIN, OFFICE "/contacts?search=aubry"), "Bruno Aubry");
    assert_has(world_get(w, ADMIN, OFFICE "/contacts?search=sophie.lemoine%40bellerive"), "Sophie Lemoine");
}

WORLD_TEST(clients_are_listed_by_name_in_pages)
{
    struct answer *list = world_get(w, ADMIN, OFFICE "/clients.json");
    int64_t seen = 0;
    const char *before = "";
    for (;;) {
        const struct doc *rows = doc_get(list->doc, "clients");
        for (size_t i = 0; i < doc_count(rows); i++, seen++) {
            assert_true(strcmp(doc_text_of(doc_at(rows, i), "name_key"), before) >= 0);
            before = doc_text_of(doc_at(rows, i), "name_key");
        }
        const char *next = doc_text_of(doc_get(list->doc, "page"), "next");
        if (!*next)
            break;
        list = world_get(w, ADMIN, world_text(w, OFFICE "/clients.json%s", next));
    }
    assert_int_equal(seen, world_number(w, "SELECT COUNT(*) FROM client WHERE org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"));
}

WORLD_TEST(a_client_and_a_contact_are_created_and_changed)
{
    int64_t last = world_number(w, "SELECT MAX(CAST(SUBSTR(number, 3) AS INTEGER)) FROM client WHERE org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')");
    struct answer *made = world_post(w, ADMIN, OFFICE "/clients", "kind=company&name=Fum%C3%A9e+du+Large&siren=&city=Guingamp");
    assert_status(made, 303);
    assert_has(world_get(w, ADMIN, made->location), world_text(w, "C-%05lld", (long long)last + 1));
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=guingamp"), "Fumée du Large");
    const char *id = world_value(w, "SELECT id FROM client WHERE name = 'Fumée du Large'");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/edit", id), "kind=company&name=Fumoir+du+Large&city=Paimpol"), 303);
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=guingamp"), "Aucun client trouvé");
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/contacts", id), "first_name=Anne&last_name=L%27Hostis&lang=fr&email=anne%40fumoir.example"), 303);
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/clients/%s", id)), "Anne L&#39;Hostis");
    struct answer *wrong = world_post(w, ADMIN, OFFICE "/clients", "kind=company&name=Faux&siren=123456789");
    assert_status(wrong, 422);
    assert_has(wrong, "SIREN n’existe pas");
}

WORLD_TEST(x_2_somebody_elses_client_or_contact_does_not_exist)
{
    const char *contact = contact_id(w, CLAIRE), *host = "camille.vasseur@hexanode.example";
    const char *client = world_value(w, "SELECT id FROM client WHERE name = 'Hôtel Bellerive'");
    struct answer *theirs = world_get(w, host, world_text(w, "/o/hexanode/contacts/%s", contact)), *none = world_get(w, host, "/o/hexanode/contacts/4711");
    assert_status(theirs, 404);
    assert_string_equal(theirs->body, none->body);
    assert_status(world_get(w, host, world_text(w, "/o/hexanode/clients/%s", client)), 404);
    assert_status(world_post(w, host, world_text(w, "/o/hexanode/contacts/%s/access/tickets/end", contact), ""), 404);
    assert_status(world_post(w, host, world_text(w, "/o/hexanode/contacts/%s/edit", contact), "first_name=A&last_name=B&lang=fr"), 404);
    assert_status(world_post(w, host, world_text(w, "/o/hexanode/clients/%s/contacts", client), "first_name=A&last_name=B&lang=fr"), 404);
    assert_int_equal(mandates(w, CLAIRE, "tickets"), 1);
}

WORLD_TEST(x_4_a_search_that_was_cut_says_so)
{
    static const struct { const char *kind, *list; } lists[] = { { "client", "clients" }, { "contact", "contacts" }, { "site", "sites" }, { "equipment", "equipment" } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        world_run_sql(w, world_text(w, "INSERT INTO word (org_id, kind, word, id) SELECT o.id, '%s', 'zwx' || n.i, n.i FROM organization o, "
            "(WITH RECURSIVE m (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM m WHERE i < 2000) SELECT i FROM m) n WHERE o.slug = 'froid-atlantique'", lists[i].kind));
        assert_not(world_get(w, ADMIN, world_text(w, OFFICE "/%s?search=zwx", lists[i].list)), "trouve beaucoup");
        world_run_sql(w, world_text(w, "INSERT INTO word (org_id, kind, word, id) SELECT id, '%s', 'zwxy', 1 FROM organization WHERE slug = 'froid-atlantique'", lists[i].kind));
        assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/%s?search=zwx", lists[i].list)), "trouve beaucoup");
        assert_not(world_get(w, ADMIN, world_text(w, OFFICE "/%s?search=zwxy", lists[i].list)), "trouve beaucoup");
    }
}

WORLD_MAIN("client", WORLD_CASE(x_4_a_search_that_was_cut_says_so),
    WORLD_CASE(c_1_the_sheet_shows_three_values_and_who_gave_them), WORLD_CASE(c_2_the_window_explains_and_asks_and_does_nothing),
    WORLD_CASE(c_2_somebody_without_a_password_gets_a_link_to_set_one), WORLD_CASE(c_2_somebody_with_a_password_is_told_where_to_sign_in),
    WORLD_CASE(c_2_no_address_says_so_and_leaves_nothing_half_done), WORLD_CASE(c_2_unticking_withdraws_from_the_next_page_on),
    WORLD_CASE(c_2_an_address_that_changed_under_the_window_is_asked_again),
    WORLD_CASE(c_2_a_corrected_address_takes_the_access_from_who_never_set_a_password),
    WORLD_CASE(c_2_a_corrected_address_leaves_the_login_of_who_has_a_password), WORLD_CASE(c_2_who_may_not_give_cannot),
    WORLD_CASE(clients_are_found_by_the_beginnings_of_words), WORLD_CASE(clients_are_listed_by_name_in_pages),
    WORLD_CASE(a_client_and_a_contact_are_created_and_changed), WORLD_CASE(x_2_somebody_elses_client_or_contact_does_not_exist))
