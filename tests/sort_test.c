/* lists in further orders. Every order shows each row of the list once, page after page, and in that order; a filter stays. */
#include "lib/world.h"
#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define CONTACT "claire.delmas@bellerive.example"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define CLIENT "(SELECT client_id FROM contact WHERE email_key = '" CONTACT "' AND org_id = " ORG ")"

enum { ROWS_MOST = 20000, PAGES_MOST = 400 };

struct list { const char *who, *address, *key, *sql; };

/* All ids of a list, by following its own links. */
static int ids_walked(struct world_test *w, const struct list *list, int64_t *ret_ids)
{
    const char *next = strchr(list->address, '?');
    int count = 0, pages = 0, path_len = (int)strcspn(list->address, "?");
    do {
        struct answer *page = world_get(w, list->who, world_text(w, "%.*s.json%s", path_len, list->address, next ? next : ""));
        assert_status(page, 200);
        const struct doc *rows = doc_get(page->doc, list->key), *around = doc_get(page->doc, "page");
        for (size_t i = 0; i < doc_count(rows); i++) {
            assert_true(text_int(doc_text_of(doc_at(rows, i), "id"), &ret_ids[count]));
            assert_true(++count < ROWS_MOST);
        }
        next = doc_bool_of(around, "has_more") ? doc_text_of(around, "next") : NULL;
        assert_true(++pages < PAGES_MOST);
    } while (next);
    return count;
}

/* The same ids in the words of the test: "7,5,3". */
static void same_order(struct world_test *w, const struct list *list)
{
    static int64_t ids[ROWS_MOST];
    int count = ids_walked(w, list, ids);
    const char *wanted = world_value(w, world_text(w, world_kind(w) == DB_SQLITE ? "SELECT group_concat(id) FROM (%s)" : "SELECT string_agg(CAST(id AS TEXT), ',') FROM (%s) x", list->sql));
    struct buf got;
    buf_init(&got, world_arena(w), 4 * 1024 * 1024);
    for (int i = 0; i < count; i++)
        buf_printf(&got, "%s%lld", i ? "," : "", (long long)ids[i]);
    if (strcmp(buf_end(&got), wanted) != 0)
        fail_msg("%s: %d rows in another order than wanted:\n%.400s\n%.400s", list->address, count, got.data, wanted);
    assert_true(count > 1);
}

#define LATER "COALESCE(due_at, 8640000000000000)"

WORLD_TEST(x_4_each_order_gives_every_row_once_in_that_order)
{
    /* Some are changed now, out of the order of their names and ids; ties are broken by the id. */
    world_run_sql(w, "UPDATE client SET changed_at = changed_at - id % 5 * 86400000 WHERE org_id = " ORG);
    world_run_sql(w, "UPDATE contact SET changed_at = changed_at - id % 7 * 86400000 WHERE org_id = " ORG);
    const struct list lists[] = {
        { ADMIN, "/o/froid-atlantique/clients", "clients", "SELECT id FROM client WHERE org_id = " ORG " ORDER BY name_key, id" },
        { ADMIN, "/o/froid-atlantique/clients?sort=changed", "clients", "SELECT id FROM client WHERE org_id = " ORG " ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/clients?sort=created", "clients", "SELECT id FROM client WHERE org_id = " ORG " ORDER BY id DESC" },
        { ADMIN, "/o/froid-atlantique/contacts?sort=changed", "contacts", "SELECT id FROM contact WHERE org_id = " ORG " ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/contacts?sort=created", "contacts", "SELECT id FROM contact WHERE org_id = " ORG " ORDER BY id DESC" },
        { ADMIN, world_text(w, "/o/froid-atlantique/contacts?sort=changed&client=%s", world_value(w, "SELECT " CLIENT)), "contacts",
            "SELECT id FROM contact WHERE org_id = " ORG " AND client_id = " CLIENT " ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/members?sort=created", "members", "SELECT holder_member_id AS id FROM mandate WHERE org_id = " ORG
            " AND kind = 'membership' AND state IN ('active', 'requested') ORDER BY holder_member_id DESC" },
        { ADMIN, "/o/froid-atlantique/tickets?sort=created", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " ORDER BY id DESC" },
        { ADMIN, "/o/froid-atlantique/tickets?sort=created&status=open", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " AND status = 'open' ORDER BY id DESC" },
        { ADMIN, "/o/froid-atlantique/tickets?sort=due", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " ORDER BY " LATER ", id" },
        { ADMIN, "/o/froid-atlantique/tickets?sort=due&status=open", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " AND status = 'open' ORDER BY " LATER ", id" },
        { CONTACT, "/p/froid-atlantique/tickets?sort=created", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " AND client_id = " CLIENT " ORDER BY id DESC" },
        { CONTACT, "/p/froid-atlantique/tickets?sort=created&status=resolved", "tickets", "SELECT id FROM ticket WHERE org_id = " ORG " AND client_id = " CLIENT
            " AND status = 'resolved' ORDER BY id DESC" },
        { ADMIN, "/o/froid-atlantique/sites", "sites", "SELECT id FROM site WHERE org_id = " ORG " ORDER BY name_key, id" },
        { ADMIN, "/o/froid-atlantique/sites?sort=changed", "sites", "SELECT id FROM site WHERE org_id = " ORG " ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/equipment", "equipment", "SELECT id FROM equipment WHERE org_id = " ORG " ORDER BY name_key, id" },
        { ADMIN, world_text(w, "/o/froid-atlantique/equipment?sort=changed&client=%s", world_value(w, "SELECT " CLIENT)), "equipment",
            "SELECT id FROM equipment WHERE org_id = " ORG " AND client_id = " CLIENT " ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/equipment?sort=changed&state=in_service", "equipment", "SELECT id FROM equipment WHERE org_id = " ORG
            " AND state = 'in_service' ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/equipment?warranty=ended", "equipment", world_text(w, "SELECT id FROM equipment WHERE org_id = " ORG
            " AND warranty_on < %lld ORDER BY warranty_on DESC, id DESC", (long long)(world_now(w) / 86400000)) },
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        same_order(w, &lists[i]);
}

WORLD_TEST(x_4_a_search_is_sorted_too)
{
    const struct list lists[] = {
        { ADMIN, "/o/froid-atlantique/clients?search=c&sort=changed", "clients", "SELECT id FROM client WHERE org_id = " ORG " AND 0 < (SELECT COUNT(*) FROM word v "
            "WHERE v.org_id = client.org_id AND v.kind = 'client' AND v.id = client.id AND v.word >= 'c' AND v.word < 'd') ORDER BY changed_at DESC, id DESC" },
        { ADMIN, "/o/froid-atlantique/clients?search=c&sort=created", "clients", "SELECT id FROM client WHERE org_id = " ORG " AND 0 < (SELECT COUNT(*) FROM word v "
            "WHERE v.org_id = client.org_id AND v.kind = 'client' AND v.id = client.id AND v.word >= 'c' AND v.word < 'd') ORDER BY id DESC" },
        { ADMIN, "/o/froid-atlantique/contacts?search=m&sort=created", "contacts", "SELECT id FROM contact WHERE org_id = " ORG " AND 0 < (SELECT COUNT(*) FROM word v "
            "WHERE v.org_id = contact.org_id AND v.kind = 'contact' AND v.id = contact.id AND v.word >= 'm' AND v.word < 'n') ORDER BY id DESC" },
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        same_order(w, &lists[i]);
}

WORLD_TEST(x_4_the_page_says_its_order_and_keeps_it)
{
    struct answer *page = world_get(w, ADMIN, "/o/froid-atlantique/clients?sort=changed");
    assert_has(page, "<option value=\"changed\" selected>");
    assert_has(page, "aria-sort=\"descending\">Modifié");
    assert_has(page, "sort=changed&amp;after=");
    page = world_get(w, ADMIN, "/o/froid-atlantique/clients?sort=price");                 /* no such order: the usual one */
    assert_has(page, "aria-sort=\"ascending\">Client");
    page = world_get(w, ADMIN, "/o/froid-atlantique/tickets?search=chambre&sort=created");   /* a search has one order, and says no other */
    assert_not(page, "name=\"sort\"");
    /* A place in one order is none in another: the first page comes. */
    struct answer *first = world_get(w, ADMIN, "/o/froid-atlantique/clients.json?sort=changed");
    const char *after = strstr(doc_text_of(doc_get(first->doc, "page"), "next"), "after=");
    assert_non_null(after);
    struct answer *other = world_get(w, ADMIN, world_text(w, "/o/froid-atlantique/clients.json?sort=created&%s", after));
    assert_true(doc_bool_of(doc_get(other->doc, "page"), "is_first"));
}

WORLD_MAIN("sort", WORLD_CASE(x_4_each_order_gives_every_row_once_in_that_order), WORLD_CASE(x_4_a_search_is_sorted_too), WORLD_CASE(x_4_the_page_says_its_order_and_keeps_it))
