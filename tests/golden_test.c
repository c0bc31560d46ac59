/* The pages that people see most, and the documents they are made from, as somebody last read them (tests/golden/): in both
   languages, at the world's fixed time, the same to the byte on both databases. A column that is renamed changes the API;
   here it shows. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"
#include "lib/golden.h"
#include "lib/routes.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SABINE "sabine.cozic@froid-atlantique.example"

enum { IDS_MOST = 2000, ID_DIGITS = 15 };

/* An id, a form's token and a fingerprint are others each time: ids become #1, #2 … in the order they come. */
struct plain { const char *ids[IDS_MOST]; int count; struct arena *a; };

static int id_number(struct plain *p, const char *digits, size_t len)
{
    for (int i = 0; i < p->count; i++)
        if (strlen(p->ids[i]) == len && strncmp(p->ids[i], digits, len) == 0)
            return i + 1;
    assert_true(p->count < IDS_MOST);
    p->ids[p->count++] = arena_copy(p->a, digits, len);
    return p->count;
}

/* How much of the text is a value that differs each time and that is written as "…". */
static size_t changing(const char *at, size_t *ret_kept)
{
    static const char token[] = "name=\"form_token\" value=\"", asset[] = "/assets/";
    *ret_kept = 0;
    if (text_starts(at, token)) {
        *ret_kept = sizeof token - 1;
        return sizeof token - 1 + strcspn(at + sizeof token - 1, "\"");
    }
    if (text_starts(at, asset)) {
        *ret_kept = sizeof asset - 1;
        return sizeof asset - 1 + strcspn(at + sizeof asset - 1, "\"#");
    }
    return 0;
}

static const char *plain_text(struct arena *a, const char *text)
{
    struct plain p = { .a = a };
    struct buf out;
    buf_init(&out, a, (size_t)4 * 1024 * 1024);
    for (const char *at = text; *at;) {
        size_t kept = 0, skip = changing(at, &kept), digits = strspn(at, "0123456789");
        if (skip) {
            buf_add(&out, at, kept);
            buf_text(&out, "…");
        } else if (digits >= ID_DIGITS) {
            buf_printf(&out, "#%d", id_number(&p, at, digits));
            skip = digits;
        } else {
            skip = digits ? digits : 1;
            buf_add(&out, at, skip);
        }
        at += skip;
    }
    return buf_end(&out);
}

/* A document is one line: here a line for each value, so that a diff can be read. */
static const char *json_lines(struct arena *a, const char *json)
{
    struct buf out;
    bool is_quoted = false;
    int depth = 0;
    buf_init(&out, a, (size_t)4 * 1024 * 1024);
    for (const char *at = json; *at; at++) {
        is_quoted ^= *at == '"' && (at == json || at[-1] != '\\');
        bool opens = !is_quoted && strchr("{[", *at), closes = !is_quoted && strchr("}]", *at);
        depth += opens - closes;
        if (closes)
            buf_printf(&out, "\n%*s", 2 * depth, "");
        buf_add(&out, at, 1);
        if (opens || (!is_quoted && *at == ','))
            buf_printf(&out, "\n%*s", 2 * depth, "");
    }
    buf_text(&out, "\n");
    return buf_end(&out);
}

static const char *page_get(struct world_test *w, const char *who, const char *address, const char *lang, const char *suffix)
{
    const char *cookie = world_text(w, "%s; lang=%s", world_cookie(w, who), lang);
    struct answer *answer = world_send(w, cookie, METHOD_GET, world_text(w, "%s%s", address, suffix), "", "", 0);
    assert_status(answer, 200);
    return answer->body;
}

/* A page for each language; the document is the same in both. */
static void page_check(struct world_test *w, const char *name, const char *who, const char *address)
{
    static const char *const langs[] = { "fr", "en" };
    struct arena *a = world_arena(w);
    bool may_write = store_kind(world_app(w)->store) == DB_SQLITE;
    for (int i = 0; i < 2; i++)
        golden_check(a, world_text(w, "golden/%s.%s.html", name, langs[i]), plain_text(a, page_get(w, who, address, langs[i], "")), may_write);
    const char *document = page_get(w, who, address, "fr", ".json");
    golden_check(a, world_text(w, "golden/%s.json", name), plain_text(a, json_lines(a, document)), may_write);
    assert_string_equal(document, page_get(w, who, address, "en", ".json"));
}

WORLD_TEST(sign_in) { page_check(w, "portal_sign_in", NULL, "/p/froid-atlantique/sign-in"); }

WORLD_TEST(ticket_list) { page_check(w, "ticket_list", CLAIRE, "/p/froid-atlantique/tickets"); }

WORLD_TEST(ticket_show)
{
    page_check(w, "ticket_show", CLAIRE, world_text(w, "/p/froid-atlantique/tickets/%s", world_value(w, "SELECT t.id FROM ticket t "
        "JOIN organization o ON o.id = t.org_id WHERE o.slug = 'froid-atlantique' AND t.number = 1208")));
}

WORLD_TEST(portal_job_list) { page_check(w, "portal_job_list", CLAIRE, "/p/froid-atlantique/jobs"); }

WORLD_TEST(portal_job_new) { page_check(w, "portal_job_new", CLAIRE, "/p/froid-atlantique/jobs/new"); }

WORLD_TEST(client_show)
{
    page_check(w, "client_show", SABINE, world_text(w, "/o/froid-atlantique/clients/%s", world_value(w, "SELECT id FROM client WHERE name = 'Hôtel Bellerive'")));
}

WORLD_TEST(contact_show)
{
    page_check(w, "contact_show", SABINE, world_text(w, "/o/froid-atlantique/contacts/%s", world_value(w, "SELECT id FROM contact WHERE email_key = '" CLAIRE "'")));
}

WORLD_TEST(planning)
{
    page_check(w, "planning", SABINE, "/o/froid-atlantique/planning");
}

WORLD_TEST(office_home)
{
    page_check(w, "office_home", SABINE, "/o/froid-atlantique");
}

WORLD_MAIN("golden", WORLD_CASE(sign_in), WORLD_CASE(ticket_list), WORLD_CASE(ticket_show), WORLD_CASE(portal_job_list), WORLD_CASE(portal_job_new), WORLD_CASE(client_show), WORLD_CASE(contact_show), WORLD_CASE(planning), WORLD_CASE(office_home))
