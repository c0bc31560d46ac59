/* X-3, M-1, M-5: tokens of the API, on both databases: what one may, until when, under whom, and what it never may. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define PORTAL "/p/froid-atlantique"
#define OFFICE "/o/froid-atlantique"
#define API "/api/1"

static const char *org(struct world_test *w) { return world_value(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"); }

static const char *day_after(struct world_test *w, int days)
{
    int year = 0, month = 0, date = 0;
    clock_civil(world_now(w) / CLOCK_DAY_MS + days, &year, &month, &date);
    return world_text(w, "%04d-%02d-%02d", year, month, date);
}

/* A token as its page gives it; `rights` as boxes: "may_ticket_read=1&may_ticket_write=1". */
static struct answer *token_ask(struct world_test *w, const char *who, const char *space, const char *rights, int days)
{
    return world_post(w, who, "/account/tokens", world_text(w, "space=%s&name=Robot&ends_on=%s&%s", text_url_encode(world_arena(w), space), day_after(w, days), rights));
}

static const char *token_make(struct world_test *w, const char *who, const char *space, const char *rights, int days)
{
    struct answer *page = token_ask(w, who, space, rights, days);
    assert_status(page, 200);
    const char *at = strstr(page->body, "value=\"mdt_");
    if (!at)
        fail_msg("no secret on the page: %.3000s", page->body);
    return world_text(w, "%.47s", at + strlen("value=\""));
}

static const char *newest(struct world_test *w) { return world_value(w, "SELECT MAX(mandate_id) FROM token"); }

/* A request by a program: the token, no cookie, nothing that a browser says. */
static struct answer *call_with(struct world_test *w, const char *cookie, const char *token, enum method method, const char *target, const char *form, const char *lang)
{
    struct pair language = { "accept-language", lang, NULL };
    struct pair bearer = { "authorization", world_text(w, "Bearer %s", token), *lang ? &language : NULL };
    return world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = cookie, .method = method, .target = target,
        .type = form ? "application/x-www-form-urlencoded" : "", .body = form ? form : "", .len = form ? strlen(form) : 0, .headers = &bearer });
}

static struct answer *call(struct world_test *w, const char *token, const char *target) { return call_with(w, "", token, METHOD_GET, target, NULL, ""); }
static struct answer *act(struct world_test *w, const char *token, const char *target, const char *form) { return call_with(w, "", token, METHOD_POST, target, form, ""); }

static void assert_problem(const struct answer *answer, int status)
{
    assert_status(answer, status);
    assert_true(text_starts(answer->type, "application/problem+json"));
    assert_string_equal(doc_text_of(answer->doc, "type"), "about:blank");
    assert_int_equal(doc_int_of(answer->doc, "status"), status);
    assert_true(*doc_text_of(answer->doc, "title") != '\0');
}

static const char *ticket_form(struct world_test *w)
{
    return world_text(w, "title=Essai&description=Par%%20un%%20programme&type_id=%s&priority_id=%s",
        world_value(w, world_text(w, "SELECT MIN(id) FROM ticket_type WHERE org_id = %s", org(w))),
        world_value(w, world_text(w, "SELECT MIN(id) FROM ticket_priority WHERE org_id = %s", org(w))));
}

WORLD_TEST(m_6_who_makes_a_token_has_its_receipt_by_mail)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30), *id = newest(w);
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_token_created' AND m.to_email = '" CLAIRE "'");
    assert_non_null(strstr(text, world_text(w, "/account/mandates/%s", id)));
    assert_non_null(strstr(text, "Voir les tickets."));
    assert_null(strstr(text, token));                                   /* what it is worth stands in no mail */
    assert_null(strstr(text, "mdt_"));
    assert_status(world_get(w, CLAIRE, world_text(w, "/account/mandates/%s", id)), 200);
}

/* ---- What a token may ---- */

WORLD_TEST(x_3_a_token_reads_what_was_chosen_for_it_and_no_more)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30);
    struct answer *list = call(w, token, API PORTAL "/tickets"), *page = world_get(w, CLAIRE, PORTAL "/tickets.json");
    assert_status(list, 200);
    assert_string_equal(list->body, page->body);                       /* everything a page shows */
    assert_status(call(w, token, PORTAL "/tickets.json"), 200);
    assert_status(call(w, token, PORTAL "/tickets"), 200);
    assert_true(text_starts(call(w, token, PORTAL "/tickets")->type, "application/json"));
    assert_true(text_starts(call(w, token, API PORTAL "/tickets.csv")->type, "application/json"));   /* /api/1 is JSON */
    assert_true(text_starts(call(w, token, PORTAL "/tickets.csv")->type, "text/csv"));
    assert_status(call(w, token, API PORTAL), 200);                    /* to be in the space goes with every token */
    assert_problem(call(w, token, API PORTAL "/tickets/new"), 403);
    assert_problem(act(w, token, API PORTAL "/tickets", ticket_form(w)), 403);
}

WORLD_TEST(m_5_a_token_writes_under_its_own_mandate_without_cookie_or_form_token)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1&may_ticket_write=1", 30), *id = newest(w);
    int64_t before = world_number(w, "SELECT COUNT(*) FROM ticket");
    struct answer *made = act(w, token, API PORTAL "/tickets", ticket_form(w));
    assert_status(made, 200);
    assert_true(text_starts(doc_text_of(made->doc, "see"), PORTAL "/tickets/"));
    assert_null(strchr(doc_text_of(made->doc, "see"), '?'));
    assert_string_equal(made->location, "");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket"), before + 1);
    assert_status(call(w, token, world_text(w, API "%s", doc_text_of(made->doc, "see"))), 200);
    assert_string_equal(world_value(w, world_text(w, "SELECT mandate_id FROM journal WHERE org_id = %s AND action = 'ticket_create' ORDER BY number DESC LIMIT 1", org(w))), id);
    struct answer *wrong = act(w, token, API PORTAL "/tickets", "title=&description=");
    assert_problem(wrong, 422);
    assert_has(wrong, "{\"field\":\"title\",\"message\":\"Ce champ est obligatoire.\"}");
    assert_true(*doc_text_of(doc_at(doc_get(wrong->doc, "errors"), 0), "message") != '\0');
}

WORLD_TEST(x_3_a_request_with_token_and_cookie_is_the_tokens_alone)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30), *cookie = world_cookie(w, CLAIRE);
    assert_problem(call_with(w, cookie, token, METHOD_POST, API PORTAL "/tickets", ticket_form(w), ""), 403);
    assert_problem(call_with(w, cookie, "mdt_no", METHOD_GET, API PORTAL "/tickets", NULL, ""), 401);
    assert_problem(call_with(w, cookie, "", METHOD_GET, API PORTAL "/tickets", NULL, ""), 401);
    assert_problem(call_with(w, world_cookie(w, ADMIN), token, METHOD_GET, API OFFICE "/clients", NULL, ""), 404);
}

WORLD_TEST(x_2_a_token_has_one_space_and_no_account)
{
    const char *token = token_make(w, ADMIN, "o/froid-atlantique", "may_client_read=1", 30);
    assert_status(call(w, token, API OFFICE "/clients"), 200);
    struct answer *none = call(w, token, API "/o/personne/clients"), *other = call(w, token, API "/o/hexanode/clients");
    assert_problem(none, 404);
    assert_problem(other, 404);
    assert_string_equal(none->body, other->body);
    assert_problem(call(w, token, API PORTAL "/tickets"), 404);
    assert_problem(call(w, token, API "/account"), 403);
    assert_problem(call(w, token, API "/account/tokens"), 403);
    assert_problem(act(w, token, API "/account/tokens", "name=Autre"), 403);
    assert_problem(act(w, token, API "/sign-out", ""), 403);
    assert_problem(act(w, token, API "/language", "lang=en"), 403);
}

/* ---- Until when ---- */

WORLD_TEST(x_3_a_token_ends_on_its_day)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 2);
    world_pass(w, 2 * CLOCK_DAY_MS);                                   /* its last day, 14:30 in Paris */
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    world_pass(w, 9 * CLOCK_HOUR_MS);                                  /* 23:30 */
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    world_pass(w, CLOCK_HOUR_MS);
    assert_problem(call(w, token, API PORTAL "/tickets"), 401);
}

WORLD_TEST(x_3_a_token_has_a_last_day_within_a_year)
{
    const char *wrong[] = { "", "demain", "2026-13-01", "2026-11-21", "2027-11-23" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_status(world_post(w, CLAIRE, "/account/tokens", world_text(w, "space=p/froid-atlantique&name=R&may_ticket_read=1&ends_on=%s", wrong[i])), 422);
    assert_status(world_post(w, CLAIRE, "/account/tokens", "space=p/froid-atlantique&name=R&may_ticket_read=1&ends_on=2027-11-22"), 200);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM token"), 1);
}

WORLD_TEST(m_1_a_revoked_token_is_refused_at_the_next_request)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30), *id = newest(w);
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    assert_status(world_post(w, ADMIN, world_text(w, "/account/tokens/%s/end", id), ""), 404);   /* somebody else's */
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    assert_status(world_post(w, CLAIRE, world_text(w, "/account/tokens/%s/end", id), ""), 303);
    assert_problem(call(w, token, API PORTAL "/tickets"), 401);
    assert_not(world_get(w, CLAIRE, "/account/tokens"), "Robot");
    assert_string_equal(world_value(w, world_text(w, "SELECT action FROM journal WHERE org_id = %s ORDER BY number DESC LIMIT 1", org(w))), "token_end");
    assert_status(world_post(w, CLAIRE, world_text(w, "/account/tokens/%s/end", id), ""), 404);
}

/* ---- Under whom ---- */

WORLD_TEST(m_5_an_access_withdrawn_takes_the_tokens_with_it)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1&may_ticket_write=1", 30);
    const char *contact = world_value(w, world_text(w, "SELECT id FROM contact WHERE org_id = %s AND email = '" CLAIRE "'", org(w)));
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/access/tickets/end", contact), ""), 303);
    assert_problem(call(w, token, API PORTAL "/tickets"), 403);        /* inside for the parts that are left */
    assert_problem(act(w, token, API PORTAL "/tickets", ticket_form(w)), 403);
    world_run_sql(w, world_text(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE org_id = %s AND holder_contact_id = %s AND kind = 'access' AND state = 'active'", org(w), contact));
    assert_problem(call(w, token, API PORTAL "/tickets"), 404);
}

WORLD_TEST(m_5_a_token_never_has_more_than_its_person)
{
    struct answer *page = token_ask(w, CLAIRE, "p/froid-atlantique", "may_client_read=1&may_operate=1", 30);
    assert_status(page, 422);                                           /* nothing of it is hers to give */
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1&may_client_write=1&may_token_manage=1&may_self=1&may_public=1", 30);
    assert_string_equal(world_value(w, "SELECT rights FROM token"), "space_open ticket_read");
    assert_status(token_ask(w, CLAIRE, "o/froid-atlantique", "may_client_read=1", 30), 422);   /* no member there */
    assert_status(token_ask(w, CLAIRE, "p/hexanode", "may_ticket_read=1", 30), 422);
    assert_status(token_ask(w, CLAIRE, "x/froid-atlantique", "may_ticket_read=1", 30), 422);
    world_run_sql(w, "UPDATE token SET rights = 'ticket_read client_read no_such_right'");     /* even where the row says so */
    assert_problem(call(w, token, API OFFICE "/clients"), 404);
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
}

WORLD_TEST(x_3_a_token_is_nobody_on_pages_open_to_all_and_traceable_elsewhere)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30), *id = newest(w);
    world_app(w)->traces = traces_open();
    assert_status(call(w, token, API), 200);
    assert_not(call(w, token, API "/sign-in"), "Delmas");
    assert_problem(call(w, "mdt_0000000000000000000000000000000000000000000", API), 401);
    assert_has(world_get(w, CLAIRE, "/account/tokens"), "jamais utilis");
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    struct ctx c;
    world_ctx(w, &c);
    assert_null(traces_flush(world_app(w)->traces, &c));
    assert_int_equal(world_number(w, world_text(w, "SELECT used_at FROM mandate_trace WHERE mandate_id = %s", id)), world_now(w));
    assert_not(world_get(w, CLAIRE, "/account/tokens"), "jamais utilis");
    traces_close(world_app(w)->traces);
    world_app(w)->traces = NULL;
}

/* ---- The secret, the page, the limit, the language ---- */

WORLD_TEST(x_3_the_secret_is_shown_once_and_kept_nowhere)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30);
    assert_int_equal(strlen(token), 47);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM token WHERE hash LIKE '%%%s%%' OR name LIKE '%%%s%%'", token + 4, token + 4)), 0);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal_payload WHERE payload LIKE '%%%s%%'", token + 4)), 0);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE wording LIKE '%%%s%%'", token + 4)), 0);
    struct answer *list = world_get(w, CLAIRE, "/account/tokens");
    assert_status(list, 200);
    assert_has(list, "Robot");
    assert_not(list, token + 4);
    assert_string_equal(world_value(w, "SELECT kind FROM mandate WHERE id = (SELECT mandate_id FROM token)"), "token");
}

WORLD_TEST(x_3_the_form_sent_twice_makes_one_token)
{
    const char *form = world_text(w, "form_token=%s&space=p/froid-atlantique&name=R&may_ticket_read=1&ends_on=%s", world_token(w, CLAIRE), day_after(w, 9));
    const char *cookie = world_cookie(w, CLAIRE), *type = "application/x-www-form-urlencoded";
    assert_status(world_send(w, cookie, METHOD_POST, "/account/tokens", type, form, strlen(form)), 200);
    struct answer *again = world_send(w, cookie, METHOD_POST, "/account/tokens", type, form, strlen(form));
    assert_status(again, 303);
    assert_string_equal(again->location, "/account/tokens");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM token"), 1);
}

WORLD_TEST(x_3_the_page_offers_what_the_person_has_there)
{
    struct answer *page = world_get(w, CLAIRE, "/account/tokens/new?space=p/froid-atlantique");
    assert_status(page, 200);
    assert_has(page, "may_ticket_read");
    assert_not(page, "name=\"may_client_read");
    assert_not(page, "name=\"may_space_open");
    struct answer *none = world_get(w, CLAIRE, "/account/tokens/new?space=o/froid-atlantique");
    assert_status(none, 200);
    assert_not(none, "name=\"may_");
    struct answer *admin = world_get(w, ADMIN, "/account/tokens/new?space=o/froid-atlantique");
    assert_has(admin, "may_client_write");
    assert_not(admin, "name=\"may_token_manage");
}

WORLD_TEST(x_3_a_token_has_600_calls_a_minute)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30), *other = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 31);
    world_app(w)->token_counts = token_counts_open();
    for (int i = 0; i < 600; i++)
        assert_status(call(w, token, "/brand/froid-atlantique.css"), 200);      /* the cheapest one */
    assert_problem(call(w, token, API PORTAL "/tickets"), 429);
    assert_status(call(w, other, API PORTAL "/tickets"), 200);
    world_pass(w, CLOCK_MINUTE_MS);
    assert_status(call(w, token, API PORTAL "/tickets"), 200);
    token_counts_close(world_app(w)->token_counts);
    world_app(w)->token_counts = NULL;
}

WORLD_TEST(x_3_problems_speak_the_language_that_was_asked_for)
{
    const char *token = token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_read=1", 30);
    assert_has(call_with(w, "", token, METHOD_GET, API PORTAL "/tickets/1", NULL, "en"), "This page");
    assert_has(call_with(w, "", token, METHOD_GET, API PORTAL "/tickets/1", NULL, "fr"), "Cette page");
    assert_has(call_with(w, "", token, METHOD_GET, API "/nothing/there", NULL, "en"), "This page");
    assert_has(call_with(w, "", "mdt_x", METHOD_GET, API PORTAL "/tickets", NULL, "en-GB,en;q=0.9"), "Sign in");
    assert_problem(world_get(w, NULL, API PORTAL "/tickets"), 401);
    assert_problem(world_get(w, CLAIRE, API "/rien"), 404);
    assert_problem(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, API PORTAL "/tickets", "application/x-www-form-urlencoded", "title=x", 7), 422);
    struct answer *typed = call_with(w, "", token_make(w, CLAIRE, "p/froid-atlantique", "may_ticket_write=1", 30), METHOD_POST, API PORTAL "/tickets", NULL, "");
    assert_problem(typed, typed->status == 415 ? 415 : 422);
}

WORLD_MAIN("token", WORLD_CASE(m_6_who_makes_a_token_has_its_receipt_by_mail), WORLD_CASE(x_3_a_token_reads_what_was_chosen_for_it_and_no_more), WORLD_CASE(m_5_a_token_writes_under_its_own_mandate_without_cookie_or_form_token),
    WORLD_CASE(x_3_a_request_with_token_and_cookie_is_the_tokens_alone), WORLD_CASE(x_2_a_token_has_one_space_and_no_account),
    WORLD_CASE(x_3_a_token_ends_on_its_day), WORLD_CASE(x_3_a_token_has_a_last_day_within_a_year),
    WORLD_CASE(m_1_a_revoked_token_is_refused_at_the_next_request), WORLD_CASE(m_5_an_access_withdrawn_takes_the_tokens_with_it),
    WORLD_CASE(m_5_a_token_never_has_more_than_its_person), WORLD_CASE(x_3_a_token_is_nobody_on_pages_open_to_all_and_traceable_elsewhere),
    WORLD_CASE(x_3_the_secret_is_shown_once_and_kept_nowhere), WORLD_CASE(x_3_the_form_sent_twice_makes_one_token),
    WORLD_CASE(x_3_the_page_offers_what_the_person_has_there), WORLD_CASE(x_3_a_token_has_600_calls_a_minute),
    WORLD_CASE(x_3_problems_speak_the_language_that_was_asked_for))
