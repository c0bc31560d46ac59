/* What every answer carries, whatever it is: a page, a document, a refusal, a way on, a file, a picture. */
#include "lib/world.h"
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "features/demo/demo.h"
#include "lib/routes.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define PORTAL "/p/froid-atlantique"

static const char *header(const struct answer *answer, const char *name)
{
    const char *value = NULL;
    for (const struct pair *p = answer->headers; p; p = p->next)
        if (strcasecmp(p->name, name) == 0) {
            if (value)
                fail_msg("%s twice", name);
            value = p->value;
        }
    return value ? value : "";
}

static void has_words(const struct answer *answer, const char *name, const char *words)
{
    const char *value = header(answer, name);
    if (!strstr(value, words))
        fail_msg("%s is '%s', without %s", name, value, words);
}

static void carries_all(const struct answer *answer)
{
    has_words(answer, "X-Content-Type-Options", "nosniff");
    has_words(answer, "Referrer-Policy", "no-referrer");
    has_words(answer, "Content-Security-Policy", "default-src 'none'");
    has_words(answer, "Content-Security-Policy", "base-uri 'none'");
    has_words(answer, "Content-Security-Policy", "frame-ancestors 'none'");
    has_words(answer, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    if (strstr(header(answer, "Content-Security-Policy"), "script-src 'unsafe") || *header(answer, "Access-Control-Allow-Origin"))
        fail_msg("a policy that is too wide");
    if (!*answer->type || (text_starts(answer->type, "text/") && !strstr(answer->type, "charset=utf-8")))
        fail_msg("the type '%s'", answer->type);
}

WORLD_TEST(every_answer_carries_them)
{
    world_app(w)->address = "https://mandat.example";
    struct side side = side_make(w, "froid-atlantique", "Hôtel Bellerive");
    const char *file = world_text(w, PORTAL "/tickets/%s/files/%s", side_value(&side, "ticket"), side_value(&side, "file"));
    const char *const targets[] = { PORTAL, PORTAL "/tickets.json", PORTAL "/tickets.csv", PORTAL "/nowhere", "/o/hexanode", "/sign-in", file, "/brand/froid-atlantique.css" };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct answer *answer = world_get(w, CLAIRE, targets[i]);
        carries_all(answer);
        if (!text_starts(targets[i], "/brand/"))
            has_words(answer, "Cache-Control", "no-store");
    }
    carries_all(world_get(w, NULL, PORTAL "/tickets"));                                   /* on to the sign-in */
    carries_all(world_post(w, CLAIRE, PORTAL "/tickets", "title="));                      /* 422 */
    carries_all(world_send(w, "", METHOD_POST, PORTAL "/tickets", "text/plain", "", 0));  /* from nowhere */
    has_words(world_get(w, CLAIRE, file), "Content-Disposition", "attachment; filename*=UTF-8''");
    has_words(world_get(w, CLAIRE, file), "Content-Security-Policy", "sandbox");
}

WORLD_TEST(the_cookie_is_the_servers_alone)
{
    struct answer *answer = world_post(w, NULL, PORTAL "/sign-in", world_text(w, "email=%s&password=%s", text_url_encode(world_arena(w), CLAIRE),
        text_url_encode(world_arena(w), DEMO_PASSWORD)));
    assert_status(answer, 303);
    has_words(answer, "Set-Cookie", "__Host-mandat=");
    has_words(answer, "Set-Cookie", "; Path=/;");
    has_words(answer, "Set-Cookie", "; HttpOnly; SameSite=Lax; Secure");
    assert_null(strstr(header(answer, "Set-Cookie"), "Domain"));
}

WORLD_TEST(a_page_says_who_made_it_where_that_is_wanted)
{
    assert_not(world_get(w, CLAIRE, PORTAL "/tickets"), "<!-- ticket_list");
    world_app(w)->shows_makers = true;
    struct answer *answer = world_get(w, CLAIRE, PORTAL "/tickets");
    assert_has(answer, "<!-- ticket_list src/features/ticket/ticket.c:");
    assert_has(answer, "ticket_list.html\n");
    assert_has(answer, " ticket_list ");
    assert_not(world_get(w, CLAIRE, PORTAL "/tickets.json"), "<!--");
}

WORLD_MAIN("headers", WORLD_CASE(a_page_says_who_made_it_where_that_is_wanted), WORLD_CASE(every_answer_carries_them), WORLD_CASE(the_cookie_is_the_servers_alone))
