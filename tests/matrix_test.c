/* The world's first check: every place answers, and the matrix of who may what. */
#include "lib/world.h"
#include <string.h>

WORLD_TEST(health_answers)
{
    struct answer *answer = world_get(w, NULL, "/health");
    assert_status(answer, 200);
    assert_string_equal(answer->body, "ok\n");
}

WORLD_TEST(ticket_list_is_the_clients_alone)   /* C-6 */
{
    struct answer *answer = world_get(w, "claire.delmas@bellerive.example", "/p/froid-atlantique/tickets.json");
    assert_status(answer, 200);
    assert_int_equal(doc_count(doc_get(answer->doc, "tickets")), 50);
}

WORLD_MAIN("matrix", WORLD_CASE(health_answers), WORLD_CASE(ticket_list_is_the_clients_alone))
