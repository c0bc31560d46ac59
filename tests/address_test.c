/* What an address answers to whatever is asked of it: slashes, methods, endings. Over every route of the tables. */
#include <string.h>
#include "base/text.h"
#include "lib/routes.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define HOST_ADMIN "camille.vasseur@hexanode.example"
#define LIST "/p/froid-atlantique/tickets"

static struct answer *ask(struct world_test *w, const char *who, enum method method, const char *target)
{
    return world_send(w, world_cookie(w, who), method, target, "", "", 0);
}

WORLD_TEST(a_slash_too_many_leads_on)
{
    struct answer *a = ask(w, CLAIRE, METHOD_GET, LIST "/");
    assert_status(a, 308);
    assert_string_equal(a->location, LIST);
    assert_string_equal(ask(w, CLAIRE, METHOD_HEAD, LIST "/?status=open")->location, LIST "?status=open");
    assert_string_equal(ask(w, NULL, METHOD_GET, "/api/1" LIST "/?x=%20")->location, "/api/1" LIST "?x=%20");
    assert_string_equal(ask(w, NULL, METHOD_GET, "/sign-in/")->location, "/sign-in");
    assert_status(ask(w, NULL, METHOD_GET, "/nothing/"), 404);
    assert_status(ask(w, NULL, METHOD_GET, "/sign-in/.json"), 404);
    assert_status(world_post(w, CLAIRE, LIST "/", "title=x"), 404);      /* a form is sent nowhere else */
    assert_status(ask(w, NULL, METHOD_GET, "/"), 303);
}

WORLD_TEST(a_method_that_is_not_taken_hears_which_are)
{
    struct answer *a = ask(w, CLAIRE, METHOD_OTHER, LIST);
    assert_status(a, 405);
    assert_string_equal(answer_header(a, "Allow"), "GET, HEAD, POST, OPTIONS");
    a = ask(w, CLAIRE, METHOD_GET, "/sign-out");
    assert_status(a, 405);
    assert_string_equal(answer_header(a, "Allow"), "POST, OPTIONS");
    a = world_post(w, NULL, "/account/spaces.json", "");
    assert_status(a, 405);
    assert_string_equal(answer_header(a, "Allow"), "GET, HEAD, OPTIONS");
    assert_int_equal(doc_int_of(a->doc, "status"), 405);
    a = ask(w, NULL, METHOD_OPTIONS, LIST);
    assert_status(a, 204);
    assert_string_equal(answer_header(a, "Allow"), "GET, HEAD, POST, OPTIONS");
    assert_string_equal(answer_header(a, "Access-Control-Allow-Origin"), "");
    assert_int_equal(a->len, 0);
    assert_status(ask(w, NULL, METHOD_OPTIONS, "/nothing"), 404);
    assert_string_equal(answer_header(ask(w, NULL, METHOD_OTHER, "/nothing"), "Allow"), "");
}

/* Head by head the same answer as GET, for somebody who may and for a stranger. */
WORLD_TEST(head_works_wherever_get_does)
{
    static const char *const people[] = { NULL, ADMIN, CLAIRE };
    struct side side = side_make(w, "froid-atlantique", "Hôtel Bellerive");
    int opened = 0;
    for (const struct route **r = routes_all(w); *r; r++)
        for (size_t i = 0; (*r)->method == METHOD_GET && i < sizeof people / sizeof *people; i++) {
            const char *address = route_address(w, *r, &side, NULL, 0);
            struct answer *get = ask(w, people[i], METHOD_GET, address), *head = ask(w, people[i], METHOD_HEAD, address);
            opened += get->status == 200;
            if (get->status != head->status || strcmp(get->type, head->type) != 0 || strcmp(get->location, head->location) != 0)
                fail_msg("%s: %d and %d", address, get->status, head->status);
        }
    assert_true(opened > 30);
}

/* Bytes are bytes: no JSON, no table of a file, a style sheet or a health check. */
WORLD_TEST(x_3_what_is_raw_has_one_address)
{
    struct side side = side_make(w, "froid-atlantique", "Hôtel Bellerive");
    int raw = 0;
    for (const struct route **r = routes_all(w); *r; r++) {
        if (!(*r)->is_raw)
            continue;
        raw++;
        const char *address = route_address(w, *r, &side, NULL, 0), *who = route_is_of(*r, 'p') ? CLAIRE : ADMIN;
        int status = ask(w, who, METHOD_GET, address)->status;
        assert_status(ask(w, who, METHOD_GET, world_text(w, "%s.json", address)), 404);
        assert_status(ask(w, who, METHOD_GET, world_text(w, "%s.csv", address)), 404);
        assert_status(ask(w, who, METHOD_GET, world_text(w, "/api/1%s", address)), 404);
        if (strcmp((*r)->pattern, "/health") == 0)
            assert_int_equal(status, 200);
    }
    assert_true(raw > 4);
}

/* Who works there is told that this is the wrong door; to others a portal of somebody else's stays one that is none. */
WORLD_TEST(x_2_staff_at_the_portal_of_their_own)
{
    static const char *const strangers[] = { "leo.fabre@studio-pixel.example", HOST_ADMIN };
    struct answer *a = ask(w, ADMIN, METHOD_GET, LIST);
    assert_status(a, 403);
    assert_has(a, "Vous n’avez pas d’accès à cet espace client.");
    assert_has(a, "href=\"/o/froid-atlantique\"");
    a = ask(w, ADMIN, METHOD_GET, LIST "/123456789012345");              /* whatever stands behind it */
    assert_status(a, 403);
    assert_status(world_post(w, ADMIN, LIST, "title=x"), 403);
    a = ask(w, ADMIN, METHOD_GET, LIST ".json");
    assert_status(a, 403);
    assert_not(a, "Froid");
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        if (!*world_value(w, world_text(w, "SELECT id FROM person WHERE email = '%s'", strangers[i])))
            fail_msg("nobody of that name: %s", strangers[i]);
        struct answer *here = ask(w, strangers[i], METHOD_GET, LIST), *nowhere = ask(w, strangers[i], METHOD_GET, "/p/froid-pacifique/tickets");
        assert_status(here, 404);
        assert_not(here, "Froid Atlantique");
        assert_not(here, "/o/froid-atlantique");
        assert_int_equal(nowhere->status, 404);
        assert_int_equal(here->len, nowhere->len);
    }
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'froid-atlantique'");
    assert_status(ask(w, ADMIN, METHOD_GET, LIST), 404);
    world_run_sql(w, "UPDATE organization SET is_portal_open = 1 WHERE slug = 'froid-atlantique'");
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'membership' AND holder_person_id = (SELECT id FROM person WHERE email = '" ADMIN "')");
    assert_status(ask(w, ADMIN, METHOD_GET, LIST), 404);
}

WORLD_MAIN("address", WORLD_CASE(x_2_staff_at_the_portal_of_their_own), WORLD_CASE(a_slash_too_many_leads_on), WORLD_CASE(a_method_that_is_not_taken_hears_which_are),
    WORLD_CASE(head_works_wherever_get_does), WORLD_CASE(x_3_what_is_raw_has_one_address))
