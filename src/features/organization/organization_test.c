/* C-0, C-3 and the first pages, on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"
#include "features/demo/demo.h"
#include "features/organization/brand.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define OTHER "camille.vasseur@hexanode.example"
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"

/* The smallest PNG there is: one pixel. */
static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c" "c\xf8\xff\xff?\0\5\xfe\2\xfe\xa7\x35\x81\x84\0\0\0\0IEND\xae" "B`\x82";

#define SETTINGS(color, rest) "name=Froid+Atlantique&tagline=Le+froid%2C+sans+souci&brand_color=%23" color "&street=12+rue+des+Embruns&postcode=44600&city=Saint-Nazaire" \
    "&email=contact%40froid-atlantique.example&phone=02+61+91+40+12" rest

static const char *settings_value(struct world_test *w, const char *column)
{
    return world_value(w, arena_printf(world_arena(w), "SELECT %s FROM organization WHERE slug = 'froid-atlantique'", column));
}

/* ---- First pages ---- */

WORLD_TEST(the_portal_begins_with_the_clients_latest_tickets)
{
    struct answer *page = world_get(w, CLAIRE, PORTAL);
    assert_status(page, 200);
    assert_has(page, "Bonjour Claire Delmas");
    assert_has(page, PORTAL "/tickets/new");
    assert_int_equal(doc_count(doc_get(world_get(w, CLAIRE, PORTAL ".json")->doc, "tickets")), 5);
    assert_status(world_get(w, OTHER, PORTAL), 404);
    assert_status(world_get(w, NULL, PORTAL), 303);
}

WORLD_TEST(the_office_begins_with_what_waits_for_the_team)
{
    struct answer *page = world_get(w, AGENT, OFFICE);           /* who does field work begins with the day (planning_test.c) */
    assert_status(page, 200);
    assert_has(page, "Tickets à traiter");
    struct answer *json = world_get(w, AGENT, OFFICE ".json");
    const struct doc *tickets = doc_get(json->doc, "tickets");
    assert_int_equal(doc_count(tickets), 8);
    for (size_t i = 0; i < doc_count(tickets); i++) {
        const char *status = doc_text_of(doc_at(tickets, i), "status");
        assert_true(strcmp(status, "new") == 0 || strcmp(status, "open") == 0);
        if (i)
            assert_true(doc_int_of(doc_at(tickets, i), "changed_at") <= doc_int_of(doc_at(tickets, i - 1), "changed_at"));
    }
    struct answer *without = world_get(w, TECHNICIAN, OFFICE);
    assert_status(without, 200);
    assert_not(without, "Tickets à traiter");
    assert_not(without, OFFICE "/settings");
    assert_status(world_get(w, OTHER, OFFICE), 404);
}

/* ---- C-0 ---- */

WORLD_TEST(c_0_the_settings_show_the_portals_address_and_switch_it)
{
    struct answer *page = world_get(w, ADMIN, OFFICE "/settings");
    assert_status(page, 200);
    assert_has(page, "http://localhost:8080/p/froid-atlantique");
    assert_has(page, "data-copy=\"portal-url\"");
    assert_has(page, "Copier");
    assert_status(world_post(w, ADMIN, OFFICE "/settings", SETTINGS("0d4f9c", "")), 303);
    assert_status(world_get(w, CLAIRE, PORTAL), 404);
    assert_status(world_get(w, NULL, PORTAL "/sign-in"), 404);
    assert_status(world_post(w, ADMIN, OFFICE "/settings", SETTINGS("0d4f9c", "&is_portal_open=1")), 303);
    assert_status(world_get(w, CLAIRE, PORTAL), 200);
    assert_status(world_get(w, NULL, PORTAL "/sign-in"), 200);
    assert_has(world_get(w, NULL, PORTAL "/sign-in"), "Le froid, sans souci");
    assert_non_null(strstr(world_value(w, "SELECT entry FROM journal WHERE action = 'organization_update' ORDER BY number DESC LIMIT 1"), "organization"));
}

WORLD_TEST(c_0_the_settings_are_the_administrators)
{
    assert_status(world_get(w, TECHNICIAN, OFFICE "/settings"), 403);
    assert_status(world_post(w, TECHNICIAN, OFFICE "/settings", SETTINGS("0d4f9c", "")), 403);
    assert_status(world_post(w, OTHER, OFFICE "/settings", SETTINGS("0d4f9c", "")), 404);
    assert_status(world_get(w, CLAIRE, OFFICE "/settings"), 404);
}

/* ---- The brand ---- */

WORLD_TEST(a_colour_too_light_is_refused_with_one_that_will_do)
{
    struct answer *page = world_post(w, ADMIN, OFFICE "/settings", SETTINGS("77bbee", "&is_portal_open=1"));
    assert_status(page, 422);
    const char *darker = brand_darker(world_arena(w), "#77bbee");
    assert_has(page, darker);
    assert_true(brand_contrast(darker) >= 450 && brand_contrast(darker) < 500);
    assert_string_equal(settings_value(w, "brand_color"), "#0d4f9c");
    assert_int_equal(brand_contrast("#ffffff"), 100);
    assert_int_equal(brand_contrast("#000000"), 2100);
    assert_int_equal(brand_contrast("#767676"), 454);   /* WCAG's own example of just enough */
    assert_true(brand_contrast("#777777") < 450);
    assert_string_equal(brand_darker(world_arena(w), "#0b5563"), "#0b5563");
}

WORLD_TEST(c_3_the_brand_is_served_and_changes_its_address)
{
    struct answer *style = world_get(w, NULL, "/brand/froid-atlantique.css?v=1");
    assert_status(style, 200);
    assert_string_equal(style->type, "text/css; charset=utf-8");
    assert_string_equal(style->body, ":root{--m-brand:#0d4f9c}\n");
    struct answer *logo = world_get(w, NULL, "/brand/froid-atlantique.logo?v=1");
    assert_status(logo, 200);
    assert_string_equal(logo->type, "image/svg+xml");
    assert_has(logo, "<svg");
    assert_string_equal(answer_header(logo, "Cross-Origin-Resource-Policy"), "cross-origin");     /* it stands in mails */
    assert_string_equal(answer_header(style, "Cross-Origin-Resource-Policy"), "same-origin");
    assert_status(world_post(w, ADMIN, OFFICE "/settings", SETTINGS("8a1c4a", "&is_portal_open=1&logo_remove=1")), 303);
    assert_string_equal(settings_value(w, "brand_version"), "2");
    assert_has(world_get(w, NULL, PORTAL "/sign-in"), "/brand/froid-atlantique.css?v=2");
    assert_has(world_get(w, NULL, "/brand/froid-atlantique.css?v=2"), "#8a1c4a");
    assert_status(world_get(w, NULL, "/brand/froid-atlantique.logo?v=2"), 404);
}

WORLD_TEST(x_2_the_brand_of_a_closed_portal_tells_strangers_nothing)
{
    assert_status(world_get(w, NULL, "/brand/nobody.css"), 404);
    assert_status(world_get(w, NULL, "/brand/sillage.css"), 404);
    assert_status(world_get(w, CLAIRE, "/brand/sillage.logo"), 404);
    assert_status(world_get(w, "herve.lannuzel@sillage.example", "/brand/sillage.css"), 200);
    assert_status(world_get(w, "herve.lannuzel@sillage.example", "/brand/sillage.logo"), 200);
    assert_status(world_get(w, NULL, "/brand/froid-atlantique.png"), 404);
    assert_status(world_get(w, NULL, "/brand/froid-atlantique"), 404);
}

static struct answer *logo_send(struct world_test *w, const char *file_name, const char *data, size_t len)
{
    const struct world_part parts[] = {
        { "name", NULL, "Froid Atlantique", 0 }, { "brand_color", NULL, "#0d4f9c", 0 }, { "is_portal_open", NULL, "1", 0 },
        { "logo", file_name, data, len }, { 0 },
    };
    return world_post_parts(w, ADMIN, OFFICE "/settings", parts);
}

WORLD_TEST(a_logo_is_a_picture_by_its_content_and_small)
{
    static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    struct arena *a = world_arena(w);
    assert_status(logo_send(w, "logo.svg", svg, sizeof svg - 1), 422);
    assert_status(logo_send(w, "logo.png", svg, sizeof svg - 1), 422);
    char *large = arena_alloc(a, 600 * 1024);
    memcpy(large, png, sizeof png - 1);
    struct answer *page = logo_send(w, "logo.png", large, 600 * 1024);
    assert_status(page, 422);
    assert_has(page, "512");
    assert_status(logo_send(w, "logo.png", png, sizeof png - 1), 303);
    struct answer *logo = world_get(w, NULL, "/brand/froid-atlantique.logo");
    assert_string_equal(logo->type, "image/png");
    assert_int_equal(logo->len, sizeof png - 1);
    assert_memory_equal(logo->body, png, sizeof png - 1);
    assert_int_equal(world_files_left(w), 0);
}

WORLD_MAIN("organization",
    WORLD_CASE(the_portal_begins_with_the_clients_latest_tickets),
    WORLD_CASE(the_office_begins_with_what_waits_for_the_team),
    WORLD_CASE(c_0_the_settings_show_the_portals_address_and_switch_it),
    WORLD_CASE(c_0_the_settings_are_the_administrators),
    WORLD_CASE(a_colour_too_light_is_refused_with_one_that_will_do),
    WORLD_CASE(c_3_the_brand_is_served_and_changes_its_address),
    WORLD_CASE(x_2_the_brand_of_a_closed_portal_tells_strangers_nothing),
    WORLD_CASE(a_logo_is_a_picture_by_its_content_and_small))
