/* The help button: from a portal to the organization, from a back office to the operator, on both databases. */
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/world.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SABINE "sabine.cozic@froid-atlantique.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define CAMILLE "camille.vasseur@hexanode.example"
#define HERVE "herve.lannuzel@sillage.example"
#define INES "ines.rolland@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define PORTAL "/p/froid-atlantique"
#define OFFICE "/o/froid-atlantique"
#define DESK "/o/sillage/tickets"
#define FROID "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define SILLAGE "(SELECT id FROM organization WHERE slug = 'sillage')"
#define ASK "title=Export+impossible&description=Le+bouton+ne+fait+rien.&page=/o/froid-atlantique/clients"

static int64_t count(struct world_test *w, const char *what) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM %s", what)); }

static const char *newest(struct world_test *w, const char *what)
{
    return world_value(w, world_text(w, "SELECT %s FROM ticket t JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id "
        "JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE t.org_id = " SILLAGE " ORDER BY t.number DESC LIMIT 1", what));
}

static const char *last_entry(struct world_test *w, const char *org, const char *what)
{
    return world_value(w, world_text(w, "SELECT %s FROM journal WHERE org_id = %s ORDER BY number DESC LIMIT 1", what, org));
}

WORLD_TEST(x_10_every_page_of_a_space_has_the_button)
{
    assert_has(world_get(w, CLAIRE, PORTAL "/tickets"), "href=\"" PORTAL "/help?from=" PORTAL "/tickets\"");
    assert_has(world_get(w, SABINE, OFFICE "/clients"), "href=\"" OFFICE "/help?from=" OFFICE "/clients\"");
    assert_has(world_get(w, INES, "/partner/cabinet-lanterne/dossiers"), "href=\"/o/cabinet-lanterne/help?from=/partner/cabinet-lanterne/dossiers\"");
    assert_not(world_get(w, NULL, PORTAL "/sign-in"), "m-help");
    assert_not(world_get(w, SABINE, "/account"), "m-help");                     /* outside every space: nobody's */
    assert_not(world_get(w, SABINE, OFFICE "/clients/777777777777777777"), "777777777777777777");
    assert_has(world_get(w, SABINE, OFFICE "/help?from=" OFFICE "/clients"), "value=\"" OFFICE "/clients\"");
    assert_not(world_get(w, SABINE, OFFICE "/help?from=https://elsewhere.example/"), "elsewhere.example");
    assert_not(world_get(w, SABINE, OFFICE "/help?from=" OFFICE "xyz"), "xyz\"");
}

WORLD_TEST(x_10_a_contact_asks_the_organization)
{
    int64_t before = count(w, "ticket WHERE org_id = " FROID), elsewhere = count(w, "ticket WHERE org_id <> " FROID);
    assert_has(world_get(w, CLAIRE, PORTAL "/help?from=" PORTAL "/tickets"), "value=\"" PORTAL "/tickets\"");
    struct answer *a = world_post(w, CLAIRE, PORTAL "/help", ASK);
    assert_status(a, 303);
    assert_non_null(strstr(a->location, PORTAL "/tickets/"));
    struct answer *ticket = world_get(w, CLAIRE, a->location);
    assert_has(ticket, "Export impossible");
    assert_has(ticket, "/o/froid-atlantique/clients");
    assert_int_equal(count(w, "ticket WHERE org_id = " FROID), before + 1);
    assert_int_equal(count(w, "ticket WHERE org_id <> " FROID), elsewhere);
    assert_string_equal(last_entry(w, FROID, "action"), "help_portal_ask");
    assert_true(count(w, "mail WHERE kind = 'mail_ticket_new'") > 0);
}

WORLD_TEST(x_10_without_the_tickets_the_page_says_how_to_reach)
{
    world_run_sql(w, "UPDATE mandate SET detail = 'services' WHERE org_id = " FROID " AND kind = 'access' AND state = 'active' AND detail IN ('tickets', 'all') "
        "AND holder_contact_id IN (SELECT id FROM contact WHERE org_id = " FROID " AND email = '" CLAIRE "')");
    struct answer *page = world_get(w, CLAIRE, PORTAL "/help");
    assert_status(page, 200);
    assert_has(page, "href=\"mailto:contact@froid-atlantique.example\"");
    assert_has(page, "href=\"tel:");
    assert_not(page, "name=\"title\"");
    assert_status(world_post(w, CLAIRE, PORTAL "/help", ASK), 403);
}

WORLD_TEST(x_10_an_organization_asks_the_operator)
{
    int64_t clients = count(w, "client WHERE org_id = " SILLAGE), own = count(w, "ticket WHERE org_id = " FROID), mandates = count(w, "mandate");
    int64_t entries = count(w, "journal");
    const char *bound = world_value(w, "SELECT operator_client_id FROM organization WHERE slug = 'froid-atlantique'");
    struct answer *a = world_post(w, KARIM, OFFICE "/help", ASK);
    assert_status(a, 303);
    struct answer *page = world_get(w, KARIM, a->location);
    assert_has(page, world_text(w, "T-%s", newest(w, "t.number")));
    assert_has(page, "Export impossible");
    assert_not(page, "/sillage");                                               /* its portal is closed, and he could not get in */
    assert_string_equal(newest(w, "t.client_id"), bound);
    assert_string_equal(newest(w, "ct.email"), KARIM);
    assert_string_equal(newest(w, "ct.person_id"), "");
    assert_int_equal(count(w, "client WHERE org_id = " SILLAGE), clients);      /* the one it was bound to */
    assert_int_equal(count(w, "ticket WHERE org_id = " FROID), own);
    assert_int_equal(count(w, "mandate"), mandates);                            /* nothing is opened by it */
    assert_int_equal(count(w, "journal"), entries + 2);
    assert_string_equal(last_entry(w, FROID, "action"), "help_office_ask");
    assert_string_equal(last_entry(w, FROID, "object_kind"), "help");
    assert_string_equal(last_entry(w, SILLAGE, "action"), "help_office_ask");
    assert_string_equal(last_entry(w, SILLAGE, "object_id"), newest(w, "t.id"));
    world_sound(w);
    assert_has(world_get(w, HERVE, DESK), "Export impossible");
    assert_has(world_get(w, HERVE, world_text(w, DESK "/%s", newest(w, "t.id"))), "Froid Atlantique");
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    assert_int_equal(count(w, "contact WHERE org_id = " SILLAGE " AND email = '" KARIM "'"), 1);
}

/* what one asked is shown to them alone, and nothing of the operator's besides. */
WORLD_TEST(x_10_nobody_else_sees_what_was_asked)
{
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    const char *id = newest(w, "t.id"), *client = newest(w, "t.client_id");
    assert_not(world_get(w, SABINE, OFFICE "/help"), "Export impossible");
    assert_not(world_get(w, CAMILLE, "/o/hexanode/help"), "Export impossible");
    assert_not(world_get(w, SABINE, OFFICE "/tickets"), "Export impossible");
    assert_status(world_get(w, SABINE, world_text(w, OFFICE "/tickets/%s", id)), 404);
    assert_status(world_get(w, KARIM, world_text(w, DESK "/%s", id)), 404);
    assert_status(world_get(w, SABINE, world_text(w, "/o/sillage/clients/%s", client)), 404);
    assert_status(world_get(w, CAMILLE, OFFICE "/help"), 404);
    assert_status(world_post(w, CAMILLE, OFFICE "/help", ASK), 404);
    /* bound by mistake to another's client: the others' requests stay theirs, for they are another contact's */
    world_run_sql(w, world_text(w, "UPDATE organization SET operator_client_id = %s WHERE slug = 'hexanode'", client));
    assert_not(world_get(w, CAMILLE, "/o/hexanode/help"), "Export impossible");
}

WORLD_TEST(x_10_an_organization_the_operator_does_not_know)
{
    world_run_sql(w, "UPDATE organization SET operator_client_id = NULL WHERE slug = 'froid-atlantique'");
    int64_t clients = count(w, "client WHERE org_id = " SILLAGE);
    assert_status(world_get(w, KARIM, OFFICE "/help"), 200);
    assert_int_equal(count(w, "client WHERE org_id = " SILLAGE), clients);      /* looking makes nothing */
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    assert_status(world_post(w, SABINE, OFFICE "/help", ASK), 303);
    assert_int_equal(count(w, "client WHERE org_id = " SILLAGE), clients + 1);
    assert_string_equal(newest(w, "cl.name"), "Froid Atlantique");
    assert_string_equal(newest(w, "cl.id"), world_value(w, "SELECT operator_client_id FROM organization WHERE slug = 'froid-atlantique'"));
    assert_has(world_get(w, HERVE, "/o/sillage/clients?search=froid"), "Froid Atlantique");
    /* one that names a client of another's, or none any more, is none */
    world_run_sql(w, "UPDATE organization SET operator_client_id = (SELECT MIN(id) FROM client WHERE org_id = " FROID ") WHERE slug = 'froid-atlantique'");
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    assert_int_equal(count(w, "client WHERE org_id = " SILLAGE), clients + 2);
    world_sound(w);
}

struct asker { struct world_test *w; struct arena arena; struct db *db; const char *cookie, *body; pthread_barrier_t *start; int status; };

static void *ask_at_once(void *arg)
{
    struct asker *k = arg;
    pthread_barrier_wait(k->start);
    k->status = world_ask(k->w, &k->arena, k->db, &(struct world_request){ .cookie = k->cookie, .method = METHOD_POST, .target = OFFICE "/help",
        .type = "application/x-www-form-urlencoded", .body = k->body, .len = strlen(k->body) })->status;
    return NULL;
}

/* Two people of an organization that the operator does not know yet, on connections of their own: one client comes of it. */
WORLD_TEST(x_10_two_at_once_make_one_client)
{
    const char *who[] = { KARIM, SABINE };
    struct asker k[2] = { 0 };
    pthread_t thread[2];
    pthread_barrier_t start;
    world_run_sql(w, "UPDATE organization SET operator_client_id = NULL WHERE slug = 'froid-atlantique'");
    int64_t clients = count(w, "client WHERE org_id = " SILLAGE);
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        k[i] = (struct asker){ .w = w, .cookie = world_cookie(w, who[i]), .start = &start,
            .body = world_text(w, ASK "&form_token=%s", text_url_encode(world_arena(w), world_token(w, who[i]))) };
        arena_init(&k[i].arena, (size_t)64 * 1024 * 1024);
        k[i].db = world_db_new(w, &k[i].arena);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask_at_once, &k[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 2; i++) {
        db_close(k[i].db);
        arena_free(&k[i].arena);
    }
    pthread_barrier_destroy(&start);
    assert_true(k[0].status == 303 && k[1].status == 303);
    assert_int_equal(count(w, "client WHERE org_id = " SILLAGE), clients + 1);
    assert_int_equal(count(w, "ticket WHERE org_id = " SILLAGE " AND title = 'Export impossible'"), 2);
    world_sound(w);
}

WORLD_TEST(x_10_the_same_form_twice_is_one_ticket)
{
    const char *body = world_text(w, ASK "&form_token=%s", text_url_encode(world_arena(w), world_token(w, KARIM))), *cookie = world_cookie(w, KARIM);
    int64_t before = count(w, "ticket");
    for (int i = 0; i < 2; i++)
        assert_status(world_send(w, cookie, METHOD_POST, OFFICE "/help", "application/x-www-form-urlencoded", body, strlen(body)), 303);
    assert_int_equal(count(w, "ticket"), before + 1);
}

WORLD_TEST(x_10_files_go_along_and_wrong_ones_stay_at_their_field)
{
    const struct world_part good[] = { { "title", NULL, "Avec une pièce", strlen("Avec une pièce") }, { "description", NULL, "Voir.", 5 }, { "files", "note.txt", "bonjour\n", 8 }, { 0 } };
    const struct world_part bad[] = { { "title", NULL, "Sans", 4 }, { "description", NULL, "Voir.", 5 }, { "files", "a.exe", "MZ\0\1\2\3", 6 }, { 0 } };
    assert_status(world_post_parts(w, KARIM, OFFICE "/help", good), 303);
    assert_int_equal(count(w, world_text(w, "attachment WHERE org_id = " SILLAGE " AND ticket_id = %s", newest(w, "t.id"))), 1);
    struct answer *a = world_post_parts(w, KARIM, OFFICE "/help", bad);
    assert_status(a, 422);
    assert_has(a, "value=\"Sans\"");
    assert_has(a, OFFICE "/clients");                                           /* the page is the organization's again, not the operator's */
    assert_status(world_post(w, KARIM, OFFICE "/help", "title=&description="), 422);
    assert_int_equal(count(w, "ticket WHERE title = 'Sans'"), 0);
}

WORLD_TEST(x_10_the_operators_own_people_ask_in_their_own_queue)
{
    int64_t entries = count(w, "journal");
    assert_status(world_post(w, HERVE, "/o/sillage/help", ASK), 303);
    assert_has(world_get(w, HERVE, "/o/sillage/help"), "href=\"" DESK "\"");
    assert_string_equal(newest(w, "cl.name"), "Sillage");
    assert_string_equal(newest(w, "ct.email"), HERVE);
    assert_int_equal(count(w, "journal"), entries + 1);
    world_sound(w);
}

/* Who may get into the operator's portal is led there; who may not, is not. */
WORLD_TEST(x_10_the_operators_portal_where_one_can_sign_in)
{
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    world_run_sql(w, "UPDATE organization SET is_portal_open = 1 WHERE slug = 'sillage'");
    assert_not(world_get(w, KARIM, OFFICE "/help"), "/p/sillage/tickets");
    assert_status(world_post(w, HERVE, world_text(w, "/o/sillage/contacts/%s/access/tickets", newest(w, "ct.id")), "email=" KARIM), 303);
    assert_has(world_get(w, KARIM, OFFICE "/help"), "href=\"/p/sillage/tickets\"");
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'sillage'");
    assert_not(world_get(w, KARIM, OFFICE "/help"), "/p/sillage/tickets");
}

WORLD_TEST(x_10_without_an_operator_the_page_says_so)
{
    world_run_sql(w, "UPDATE organization SET is_operator = 0");
    assert_has(world_get(w, KARIM, OFFICE "/help"), "Personne ne répond encore");
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 409);
}

WORLD_TEST(x_10_floods_are_stopped)
{
    int64_t before = count(w, "ticket");
    for (int i = 0; i < 20; i++)
        assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 429);
    assert_status(world_post(w, SABINE, OFFICE "/help", ASK), 303);
    assert_int_equal(count(w, "ticket"), before + 21);
    world_pass(w, CLOCK_HOUR_MS + 1);
    assert_status(world_post(w, KARIM, OFFICE "/help", ASK), 303);
}

/* In a session of support there is no button, and nothing to ask in the client's name. */
WORLD_TEST(x_10_not_in_the_name_of_whom_one_supports)
{
    const char *dossier = world_value(w, "SELECT d.id FROM dossier d JOIN organization o ON o.id = d.client_org_id WHERE o.slug = 'boulangerie-tivoli'");
    const char *member = world_value(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = '" INES "'");
    assert_status(world_post(w, SOLENE, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/ask", dossier),
        world_text(w, "member_id=%s&level=management&hours=168&reason=TVA", member)), 303);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/requests/%s",
        world_value(w, "SELECT mandate_id FROM support_request WHERE answer = '' AND org_id = (SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')")), "level=management&term=until&hours=24"), 303);
    struct answer *in = world_post(w, INES, world_text(w, "/partner/cabinet-lanterne/dossiers/%s/enter", dossier), "reason=TVA");
    assert_status(in, 303);
    const char *cookie = world_text(w, "%s", in->cookie);
    struct answer *clients = world_send(w, cookie, METHOD_GET, "/o/boulangerie-tivoli/clients", "", "", 0);
    assert_status(clients, 200);
    assert_not(clients, "m-help");
    assert_status(world_send(w, cookie, METHOD_GET, "/o/boulangerie-tivoli/help", "", "", 0), 403);
}

WORLD_MAIN("help", WORLD_CASE(x_10_every_page_of_a_space_has_the_button), WORLD_CASE(x_10_a_contact_asks_the_organization),
    WORLD_CASE(x_10_without_the_tickets_the_page_says_how_to_reach), WORLD_CASE(x_10_an_organization_asks_the_operator),
    WORLD_CASE(x_10_nobody_else_sees_what_was_asked), WORLD_CASE(x_10_an_organization_the_operator_does_not_know), WORLD_CASE(x_10_two_at_once_make_one_client),
    WORLD_CASE(x_10_the_same_form_twice_is_one_ticket), WORLD_CASE(x_10_files_go_along_and_wrong_ones_stay_at_their_field),
    WORLD_CASE(x_10_the_operators_own_people_ask_in_their_own_queue), WORLD_CASE(x_10_the_operators_portal_where_one_can_sign_in),
    WORLD_CASE(x_10_without_an_operator_the_page_says_so), WORLD_CASE(x_10_floods_are_stopped), WORLD_CASE(x_10_not_in_the_name_of_whom_one_supports))
