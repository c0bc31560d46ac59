/* What support reaches, and from when on nothing any more (S-8, S-10, S-11): every route of the client's space, found by itself, answers a
   collaborator without consent as in an organization that does not exist, to the byte, in every rendering, from the very next request. In the
   middle of an upload, of a list and of an export as well. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/support.h"

#define SPACE "/o/froid-atlantique"
#define NOWHERE "/o/nulle-part"

/* ---- Every route ---- */

static const char *const renderings[][2] = { { "", "" }, { "", ".json" }, { "/api/1", "" }, { "", ".csv" } };
enum { RENDERINGS = sizeof renderings / sizeof *renderings, RENDERINGS_FEW = 2, ROUTES_OPEN_LEAST = 30 };

static bool is_of_client(const struct route *r)
{
    return (route_is_of(r, 'o') || route_is_of(r, 'p')) && r->right != RIGHT_PUBLIC;
}

static struct answer *ask(struct support_scene *s, const char *who, const struct route *r, const struct side *at, int rendering)
{
    const char *target = world_printf(s->w, "%s%s%s", renderings[rendering][0], route_address(s->w, r, at, at, 0), renderings[rendering][1]);
    return r->method == METHOD_GET ? world_get(s->w, who, target) : world_post(s->w, who, target, route_form(s->w, r, &s->side, &s->side, -1));
}

/* Nothing of the client's is there for them, and trying leaves nothing behind. */
static void nothing_for(struct support_scene *s, const char *who, const char *when, int rendering_count)
{
    struct side none = s->side;
    int tried = 0;
    none.slug = "nulle-part";
    world_cookie(s->w, who);
    const char *before = world_digest(s->w, 0);
    for (const struct route **r = routes_all(s->w); *r; r++)
        for (int i = 0; is_of_client(*r) && i < rendering_count; i++, tried++) {
            struct answer *theirs = ask(s, who, *r, &s->side, i);
            answers_same(world_printf(s->w, "%s: %s%s", when, (*r)->pattern, renderings[i][1]), theirs, ask(s, who, *r, &none, i));
            assert_status(theirs, 404);
        }
    assert_true(tried > 200);
    assert_string_equal(before, world_digest(s->w, 0));
}

/* The same walk while they may: how many addresses answer. What is not theirs is refused, and does not look as if it were not there. */
static void much_for(struct support_scene *s, const char *who)
{
    int open = 0;
    for (const struct route **r = routes_all(s->w); *r; r++)
        if (route_is_of(*r, 'o') && (*r)->method == METHOD_GET)
            open += ask(s, who, *r, &s->side, 0)->status == 200;
    if (open < ROUTES_OPEN_LEAST)
        fail_msg("only %d addresses answer during the session: the walk proves little", open);
}

WORLD_TEST(s_8_before_consent_and_after_a_refusal_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    nothing_for(&s, SUPPORT_INES, "before", RENDERINGS);
    support_scene_ask(&s, SUPPORT_INES, "accounting");
    nothing_for(&s, SUPPORT_INES, "asked for", RENDERINGS_FEW);
    assert_status(world_post(w, SUPPORT_SABINE, world_printf(w, SPACE "/support/requests/%s/refuse", s.mandate), "note=non"), 303);
    nothing_for(&s, SUPPORT_INES, "refused", RENDERINGS_FEW);
}

WORLD_TEST(s_11_after_the_end_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    much_for(&s, SUPPORT_INES);
    support_scene_withdraw(&s);
    nothing_for(&s, SUPPORT_INES, "withdrawn", RENDERINGS);
    support_scene_inside(&s, SUPPORT_INES, "management");
    assert_status(world_post(w, SUPPORT_INES, support_scene_at(&s, "renounce"), ""), 303);
    nothing_for(&s, SUPPORT_INES, "given up", RENDERINGS_FEW);
    support_scene_inside(&s, SUPPORT_INES, "management");
    world_run_sql(w, "UPDATE support_session SET ends_at = 9000000000000000000 WHERE ended_at IS NULL AND org_id = " SUPPORT_ORG);    /* the mandate's end alone */
    world_pass(w, 24 * CLOCK_HOUR_MS - 1);
    world_run_sql(w, world_printf(w, "UPDATE session SET seen_at = %lld", (long long)world_now(w)));
    assert_status(world_get(w, SUPPORT_INES, SPACE "/clients"), 200);
    world_pass(w, 1);
    nothing_for(&s, SUPPORT_INES, "past its date", RENDERINGS_FEW);
}

WORLD_TEST(s_10_removed_or_detached_nothing_is_there)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    assert_status(world_post(w, SUPPORT_SOLENE, support_scene_at(&s, "detach"), ""), 303);
    nothing_for(&s, SUPPORT_INES, "detached", RENDERINGS_FEW);
    support_scene_inside(&s, SUPPORT_INES, "management");
    const char *at = world_printf(w, "/partner/cabinet-lanterne/collaborators/%s/remove", support_scene_member(&s, SUPPORT_INES));
    assert_status(world_post(w, SUPPORT_SOLENE, at, ""), 303);
    nothing_for(&s, SUPPORT_INES, "removed", RENDERINGS_FEW);
}

WORLD_MAIN("support reach", WORLD_CASE(s_8_before_consent_and_after_a_refusal_nothing_is_there), WORLD_CASE(s_11_after_the_end_nothing_is_there),
    WORLD_CASE(s_10_removed_or_detached_nothing_is_there))
