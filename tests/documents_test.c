/* docs/routes.md and docs/mandates.md are what the program writes. After a route, a kind or a right has changed: MANDAT_GOLDEN=write. */
#include "lib/world.h"
#include <string.h>
#include "app/documents.h"
#include "app/feature_list.h"
#include "lib/golden.h"

static struct buf fresh(struct world_test *w)
{
    struct buf out;
    buf_init(&out, world_arena(w), (size_t)4 * 1024 * 1024);
    return out;
}

WORLD_TEST(the_routes_in_docs_are_those_of_the_program)
{
    struct buf out = fresh(w);
    routes_write(features, &out);
    assert_false(out.is_full);
    assert_non_null(strstr(buf_end(&out), "| POST | `/p/:portal/tickets` | ticket_write | `ticket_create` |"));
    assert_null(strstr(buf_end(&out), "/demo"));
    golden_check(world_arena(w), "../docs/routes.md", buf_end(&out), world_kind(w) == DB_SQLITE);
}

WORLD_TEST(the_mandates_in_docs_are_those_of_the_program)
{
    struct buf out = fresh(w);
    mandates_write(world_app(w)->tpl, &out);
    assert_false(out.is_full);
    for (int kind = 0; kind < MANDATE_KINDS; kind++)
        assert_non_null(strstr(buf_end(&out), world_text(w, "\n## %s\n", mandate_word((enum mandate_kind)kind))));
    for (int right = 0; right < RIGHTS; right++)
        assert_non_null(strstr(buf_end(&out), world_text(w, "\n| %s | ", right_word((enum right)right))));
    golden_check(world_arena(w), "../docs/mandates.md", buf_end(&out), world_kind(w) == DB_SQLITE);
}

WORLD_MAIN("documents", WORLD_CASE(the_routes_in_docs_are_those_of_the_program), WORLD_CASE(the_mandates_in_docs_are_those_of_the_program))
