/* Secure links (L-1, L-2, L-8): the door, the opening and what it counts, the narrow session and its ends, the code, another link asked for. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/link/link.h"
#include "lib/links.h"
#include "mail/mail.h"
#include "mandate/access.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT MIN(id) FROM client WHERE org_id = " FORG " AND name = 'Hôtel Bellerive')"
#define CONTACT "(SELECT MIN(id) FROM contact WHERE org_id = " FORG " AND email_key = '" CLAIRE "')"

static struct link_wish wish_make(struct world_test *w)
{
    return (struct link_wish){ .client_id = world_number(w, "SELECT " BELLERIVE), .can_ask = true };
}

static int64_t openings(struct world_test *w, int64_t link)
{
    return world_number(w, world_text(w, "SELECT openings FROM link WHERE mandate_id = %lld", (long long)link));
}

static const char *jobs_of(struct world_test *w, int64_t link) { return world_text(w, "/l/%lld/jobs", (long long)link); }
static const char *door_of(struct world_test *w, int64_t link) { return world_text(w, "/l/%lld", (long long)link); }

static void assert_open(struct visitor *v, int64_t link)
{
    assert_status(visitor_get(v, jobs_of(v->w, link)), 200);
}

/* Behind it nothing is there any more: to the door. */
static void assert_shut(struct visitor *v, int64_t link)
{
    struct answer *answer = visitor_get(v, jobs_of(v->w, link));
    assert_status(answer, 303);
    assert_string_equal(answer->location, door_of(v->w, link));
    assert_status(visitor_get(v, world_text(v->w, "%s.json", jobs_of(v->w, link))), 401);
}

static void assert_reason(struct answer *answer, int status, const char *text)
{
    assert_status(answer, status);
    assert_has(answer, text);
    assert_string_equal(answer->location, "");
}

WORLD_TEST(l_8_a_get_counts_nothing_and_the_button_opens)
{
    struct link_wish wish = wish_make(w);
    int64_t link = link_made(w, &wish);
    struct visitor scanner = { w }, v = { w };
    for (int i = 0; i < 3; i++) {
        struct answer *door = visitor_get(&scanner, door_of(w, link));
        assert_status(door, 200);
        assert_has(door, "Froid Atlantique");
        assert_has(door, "Ouvrir");
        assert_not(door, "Hôtel Bellerive");            /* whose space, and nothing of what lies in it */
        assert_string_equal(answer_header(door, "Referrer-Policy"), "no-referrer");
    }
    assert_int_equal(openings(w, link), 0);
    assert_null(scanner.cookie);
    struct answer *opened = visitor_open(&v, link, link_made_secret(w, link));
    assert_status(opened, 303);
    assert_string_equal(opened->location, jobs_of(w, link));
    assert_int_equal(strlen(v.cookie), 43);
    assert_non_null(strstr(answer_header(opened, "Set-Cookie"), "HttpOnly; SameSite=Lax"));
    assert_int_equal(openings(w, link), 1);
    struct answer *page = visitor_get(&v, jobs_of(w, link));
    assert_status(page, 200);
    assert_has(page, "Ouvert par un lien sécurisé");
    assert_has(page, "Donné par Sabine Cozic");
    assert_not(page, "/sign-out");
    assert_not(page, "/account");
    assert_status(visitor_get(&v, door_of(w, link)), 303);
    assert_status(visitor_open(&v, link, link_made_address(w, link)), 303);     /* again, and the whole address: open already, counted once */
    assert_int_equal(openings(w, link), 1);
    assert_string_equal(world_value(w, world_text(w, "SELECT network FROM link_opening WHERE mandate_id = %lld", (long long)link)), "192.0.2.0/24");
}

WORLD_TEST(l_8_an_unknown_id_and_a_wrong_secret_look_the_same)
{
    struct link_wish wish = wish_make(w);
    int64_t link = link_made(w, &wish), none = link + 1;
    struct visitor v = { w };
    const char *secret = link_made_secret(w, link);
    struct answer *wrong = visitor_open(&v, link, world_text(w, "%.31s%c", secret, secret[31] == 'A' ? 'B' : 'A'));
    struct answer *unknown = visitor_open(&v, none, secret);
    assert_status(wrong, 404);
    assert_status(unknown, 404);
    assert_not(wrong, "Froid Atlantique");
    assert_int_equal(wrong->len, unknown->len);
    for (int i = 0; i < 2; i++) {
        struct answer *asked = visitor_post(&v, 0, world_text(w, "/l/%lld/ask", (long long)(i ? none : link)), "name=Une+personne&email=une@personne.example");
        assert_status(asked, 200);
        assert_not(asked, "Froid Atlantique");
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_link_asked'"), 1);
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_link_asked'"), ADMIN);
    assert_status(visitor_open(&v, link, ""), 404);
    assert_int_equal(openings(w, link), 0);
    assert_null(v.cookie);
}

static void office_act(struct world_test *w, int64_t link, struct err *act(struct ctx *c, int64_t link_id))
{
    struct ctx c;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " FORG);
    c.who.person_id = world_person(w, ADMIN);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(act(&c, link));
    must(db_commit(c.db, c.arena));
}

static struct err *withdraw(struct ctx *c, int64_t link_id) { return mandate_end(c, link_id, 0, "withdrawn"); }

WORLD_TEST(l_1_paused_renewed_withdrawn_past_and_used_up_say_so_and_end_at_once)
{
    struct link_wish wish = wish_make(w);
    wish.ends_at = world_now(w) + 10 * CLOCK_DAY_MS;
    wish.most_openings = 3;
    int64_t link = link_made(w, &wish);
    struct visitor v = { w }, other = { w };
    const char *first = link_made_secret(w, link);
    assert_status(visitor_open(&v, link, first), 303);
    assert_open(&v, link);
    office_act(w, link, link_pause);
    assert_shut(&v, link);
    assert_reason(visitor_open(&v, link, first), 403, "a suspendu ce lien");
    office_act(w, link, link_resume);
    assert_shut(&v, link);                                   /* what was open stays closed */
    assert_status(visitor_open(&v, link, first), 303);
    assert_status(visitor_open(&other, link, first), 303);
    struct visitor third = { w };
    assert_reason(visitor_open(&third, link, first), 403, "autant de fois");
    assert_open(&v, link);                                   /* who is in stays in */
    office_act(w, link, link_renew);
    assert_shut(&v, link);
    assert_shut(&other, link);
    assert_status(visitor_open(&v, link, first), 404);       /* the address before is as good as none */
    const char *second = link_made_secret(w, link);
    assert_string_not_equal(first, second);
    assert_status(visitor_open(&v, link, second), 303);
    assert_open(&v, link);
    world_pass(w, 10 * CLOCK_DAY_MS);
    assert_shut(&v, link);
    assert_reason(visitor_open(&v, link, second), 403, "sa date de fin");
    link = link_made(w, &(struct link_wish){ .client_id = wish.client_id });
    assert_status(visitor_open(&v, link, link_made_secret(w, link)), 303);
    office_act(w, link, withdraw);
    assert_shut(&v, link);
    assert_reason(visitor_open(&v, link, link_made_secret(w, link)), 403, "a retiré ce lien");
}

WORLD_TEST(l_8_the_narrow_session_is_neither_the_persons_nor_lasting)
{
    struct link_wish wish = wish_make(w);
    int64_t one = link_made(w, &wish), two = link_made(w, &wish);
    struct visitor v = { w };
    assert_status(visitor_open(&v, one, link_made_secret(w, one)), 303);
    const char *before = v.cookie;
    struct visitor both = { w, v.cookie, CLAIRE, NULL };
    struct answer *page = visitor_get(&both, jobs_of(w, one));
    assert_status(page, 200);
    assert_not(page, "Claire Delmas</b>");                   /* who is signed in is nobody here */
    struct visitor claire = { w, NULL, CLAIRE, NULL };
    assert_shut(&claire, one);
    struct visitor admin = { w, NULL, ADMIN, NULL };
    assert_shut(&admin, one);
    assert_status(visitor_get(&v, "/p/froid-atlantique/tickets"), 303);
    assert_status(visitor_get(&v, "/p/froid-atlantique/tickets.json"), 401);
    struct visitor swapped = { w, "", NULL, NULL };           /* the link's cookie under the name of the person's */
    struct answer *answer = world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = v.cookie, .method = METHOD_GET, .target = "/p/froid-atlantique/tickets.json", .type = "", .body = "" });
    assert_status(answer, 401);
    assert_shut(&swapped, one);
    assert_shut(&v, two);
    assert_status(visitor_open(&v, two, link_made_secret(w, two)), 303);
    assert_string_not_equal(before, v.cookie);               /* renewed at each opening, one for all links of the browser */
    assert_open(&v, one);
    assert_open(&v, two);
    struct visitor old = { w, before, NULL, NULL };
    assert_shut(&old, one);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM link_browser WHERE hash = '%s'", v.cookie)), 0);
    int64_t session = visitor_session(&v, one);
    assert_status(visitor_post(&v, session, world_text(w, "/l/%lld/close", (long long)two), ""), 403);     /* another link's form */
    assert_status(visitor_post(&v, session, world_text(w, "/l/%lld/close", (long long)one), ""), 303);
    assert_shut(&v, one);
    assert_open(&v, two);
    world_pass(w, LINK_IDLE_HOURS * CLOCK_HOUR_MS);
    assert_shut(&v, two);
}

WORLD_TEST(l_8_an_opening_and_an_act_are_in_the_journal_under_the_link)
{
    struct link_wish wish = wish_make(w);
    int64_t link = link_made(w, &wish);
    struct visitor v = { w };
    assert_status(visitor_open(&v, link, link_made_secret(w, link)), 303);
    assert_status(visitor_post(&v, visitor_session(&v, link), world_text(w, "/l/%lld/close", (long long)link), ""), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM journal WHERE org_id = " FORG " AND mandate_id = %lld AND action IN ('link_opening', 'link_closing')", (long long)link)), 2);
    struct answer *sheet = world_get(w, ADMIN, world_text(w, "/o/froid-atlantique/mandates/%lld", (long long)link));
    assert_status(sheet, 200);
    assert_has(sheet, "s’est ouvert");
    world_sound(w);
}

static const char *code_of(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    return world_text(w, "%s", mail_link_address_of(&c, "code", world_number(w, "SELECT code_id FROM link_opening WHERE code_id IS NOT NULL ORDER BY id DESC LIMIT 1")));
}

static const char *code_wrong(struct world_test *w) { return strcmp(code_of(w), "123456") ? "123456" : "654321"; }

static struct answer *code_try(struct visitor *v, int64_t link, const char *code)
{
    return visitor_post(v, 0, world_text(v->w, "/l/%lld/code", (long long)link), world_text(v->w, "code=%s", code));
}

static void code_asked(struct visitor *v, int64_t link)
{
    struct answer *answer = visitor_open(v, link, link_made_secret(v->w, link));
    assert_status(answer, 303);
    assert_string_equal(answer->location, world_text(v->w, "/l/%lld/code", (long long)link));
    assert_shut(v, link);
}

WORLD_TEST(l_8_a_place_never_seen_and_a_long_silence_ask_for_a_code)
{
    struct link_wish wish = wish_make(w);
    wish.asks_code = true;
    wish.contact_id = world_number(w, "SELECT " CONTACT);
    int64_t link = link_made(w, &wish);
    struct visitor v = { w };
    code_asked(&v, link);
    assert_int_equal(openings(w, link), 0);                  /* counted when it opens */
    struct answer *page = visitor_get(&v, world_text(w, "/l/%lld/code", (long long)link));
    assert_has(page, "c…@bellerive.example");
    assert_not(page, CLAIRE);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_link_code' AND to_email = '" CLAIRE "'"), 1);
    assert_status(code_try(&v, link, code_wrong(w)), 422);
    assert_status(code_try(&v, link, code_of(w)), 303);
    assert_open(&v, link);
    assert_int_equal(openings(w, link), 1);
    struct visitor near = { w }, far = { .w = w, .remote = "198.51.100.9" }, same = { w, v.cookie, NULL, "198.51.100.9" };
    assert_string_equal(visitor_open(&near, link, link_made_secret(w, link))->location, jobs_of(w, link));      /* a network that is known */
    code_asked(&far, link);
    for (int i = 0; i < LINK_CODE_TRIES; i++)
        assert_status(code_try(&far, link, code_wrong(w)), 422);
    assert_status(code_try(&far, link, code_of(w)), 422);    /* no try is left */
    world_run_sql(w, world_text(w, "UPDATE link_opening SET ended_at = 1 WHERE mandate_id = %lld", (long long)link));
    assert_string_equal(visitor_open(&same, link, link_made_secret(w, link))->location, jobs_of(w, link));      /* a browser that is known */
    world_pass(w, LINK_QUIET_DAYS * CLOCK_DAY_MS);
    code_asked(&same, link);
    const char *late = code_of(w);
    world_pass(w, LINK_CODE_MINUTES * CLOCK_MINUTE_MS);
    assert_status(code_try(&same, link, late), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'link_code'"), 1);
}

/* Whoever has the address of a link that went round: neither the contact's mailbox nor the code's tries are theirs, from however many places. */
WORLD_TEST(l_8_codes_are_limited_by_link_and_not_by_place_alone)
{
    struct link_wish wish = wish_make(w);
    int answered[2] = { 0, 0 };
    wish.asks_code = true;
    wish.contact_id = world_number(w, "SELECT " CONTACT);
    int64_t link = link_made(w, &wish), other = link_made(w, &wish);
    for (int i = 0; i < 12; i++) {
        struct visitor v = { .w = w, .remote = world_text(w, "198.51.%d.9", i) };
        struct answer *answer = visitor_open(&v, link, link_made_secret(w, link));
        answered[answer->status == 429] += answer->status == 429 || answer->status == 303;
    }
    assert_int_equal(answered[0], 5);
    assert_int_equal(answered[1], 7);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_link_code'"), 5);
    struct visitor stranger = { .w = w, .remote = "203.0.113.9" }, at_other = { .w = w, .remote = "203.0.114.9" };
    assert_status(visitor_open(&stranger, link, "no-such-secret"), 404);      /* who has no secret learns nothing of it */
    code_asked(&at_other, other);
    for (int hour = 0; hour < 6; hour++) {
        world_pass(w, CLOCK_HOUR_MS + CLOCK_MINUTE_MS);
        for (int i = 0; i < 6; i++) {
            struct visitor v = { .w = w, .remote = world_text(w, "198.52.%d.9", i) };
            visitor_open(&v, link, link_made_secret(w, link));
        }
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_link_code'"), 21);
    world_pass(w, CLOCK_DAY_MS + CLOCK_MINUTE_MS);
    struct visitor v = { .w = w, .remote = "198.53.1.9" };
    code_asked(&v, link);
}

WORLD_TEST(l_2_a_link_gives_no_more_than_its_scope)
{
    struct link_wish wish = wish_make(w);
    const char *job = world_value(w, "SELECT MIN(id) FROM job WHERE org_id = " FORG " AND client_id = " BELLERIVE);
    wish.job_id = strtoll(job, NULL, 10);
    int64_t link = link_made(w, &wish);
    assert_string_equal(world_value(w, world_text(w, "SELECT detail FROM mandate WHERE id = %lld", (long long)link)), "see");
    struct ctx c;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " FORG);
    int64_t id = 0;
    wish.client_id = world_number(w, "SELECT MIN(id) FROM client WHERE org_id = " FORG " AND id <> " BELLERIVE);
    must(db_begin(c.db, c.arena, DB_WRITE));
    struct err *e = link_give(&c, &wish, &id);               /* another client's job */
    assert_true(e && e->code == ERR_NOT_FOUND);
    db_rollback(c.db);
    struct visitor v = { w };
    world_run_sql(w, world_text(w, "UPDATE mandate SET detail = 'ask' WHERE id = %lld", (long long)link));      /* whatever the row says */
    assert_status(visitor_open(&v, link, link_made_secret(w, link)), 303);
    assert_not(visitor_get(&v, jobs_of(w, link)), "Créer une intervention");
}

/* ---- The back office (L-1) ---- */

#define OFFICE "/o/froid-atlantique"

static int64_t created(struct world_test *w, const char *form)
{
    struct answer *answer = world_post(w, ADMIN, world_text(w, OFFICE "/clients/%s/links", world_value(w, "SELECT " BELLERIVE)), form);
    assert_status(answer, 303);
    assert_non_null(strstr(answer->location, "?notice=link_created"));
    return strtoll(strrchr(answer->location, '/') + 1, NULL, 10);
}

static const char *link_path(struct world_test *w, int64_t link, const char *what)
{
    return world_text(w, OFFICE "/links/%lld%s", (long long)link, what);
}

WORLD_TEST(l_1_given_on_the_sheet_shown_again_and_limited)
{
    const char *sheet = world_text(w, OFFICE "/clients/%s", world_value(w, "SELECT " BELLERIVE));
    struct answer *details = world_get(w, ADMIN, world_text(w, "%s/details", sheet));
    assert_status(details, 200);
    assert_has(details, "Lien sécurisé");
    assert_has(world_get(w, ADMIN, sheet), "Détails");
    int64_t link = created(w, "scope=client&can_ask=1&ends_on=2027-01-31&most_openings=20");
    const char *address = link_made_address(w, link);
    for (int i = 0; i < 2; i++) {                            /* at any time, not once */
        struct answer *shown = world_get(w, ADMIN, i ? world_text(w, "%s/links", sheet) : link_path(w, link, ""));
        assert_has(shown, address);
        assert_has(shown, "Copier");
        assert_has(shown, "Envoyer par e-mail");
    }
    assert_not(world_get(w, ADMIN, OFFICE "/links"), strchr(address, '#'));             /* no list carries it */
    assert_not(world_get(w, ADMIN, OFFICE "/links.json"), strchr(address, '#') + 1);
    assert_status(world_get(w, "karim.benali@froid-atlantique.example", link_path(w, link, "")), 403);
    assert_int_equal(world_number(w, world_text(w, "SELECT ends_at FROM mandate WHERE id = %lld", (long long)link)), INT64_C(1801436399999));   /* the last moment of 31 January in Paris */
    assert_has(world_get(w, ADMIN, link_path(w, link, "")), "2027-01-31");
    struct visitor v = { w };
    assert_status(visitor_open(&v, link, strchr(address, '#') + 1), 303);
    struct answer *openings_page = world_get(w, ADMIN, link_path(w, link, ".json"));
    assert_int_equal(doc_count(doc_get(openings_page->doc, "openings")), 1);
    assert_true(doc_int_of(doc_get(openings_page->doc, "link"), "used_at") > 0);           /* used when it was opened, whatever traces say later */
    assert_status(world_post(w, ADMIN, link_path(w, link, ""), "ends_on=&most_openings=1"), 303);
    assert_string_equal(doc_text_of(doc_get(world_get(w, ADMIN, link_path(w, link, ".json"))->doc, "link"), "link_state"), "used_up");
    assert_status(world_post(w, ADMIN, link_path(w, link, ""), "most_openings=0"), 422);
    assert_status(world_post(w, ADMIN, link_path(w, link, ""), "ends_on=2020-01-01"), 422);
    assert_status(world_post(w, ADMIN, link_path(w, link, ""), "asks_code=1"), 422);      /* to nobody */
    assert_status(world_post(w, ADMIN, link_path(w, link, "/pause"), ""), 303);
    assert_shut(&v, link);
    assert_has(world_get(w, ADMIN, OFFICE "/links?state=paused"), "Suspendu");
    assert_status(world_post(w, ADMIN, link_path(w, link, "/pause"), ""), 409);           /* paused already */
    assert_status(world_post(w, ADMIN, link_path(w, link, "/resume"), ""), 303);
    assert_status(world_post(w, ADMIN, link_path(w, link, "/renew"), ""), 303);
    assert_string_not_equal(link_made_address(w, link), address);
    assert_has(world_get(w, ADMIN, link_path(w, link, "")), link_made_address(w, link));
    assert_status(world_post(w, ADMIN, link_path(w, link, "/withdraw"), ""), 303);
    assert_not(world_get(w, ADMIN, link_path(w, link, "")), link_made_secret(w, link));
    assert_status(world_post(w, ADMIN, link_path(w, link, "/renew"), ""), 409);
    world_sound(w);
}

WORLD_TEST(l_2_a_site_or_a_job_of_another_client_is_none)
{
    const char *path = world_text(w, OFFICE "/clients/%s/links", world_value(w, "SELECT " BELLERIVE));
    const char *site = world_value(w, "SELECT MIN(id) FROM site WHERE org_id = " FORG " AND client_id = " BELLERIVE);
    const char *other = world_value(w, "SELECT MIN(id) FROM site WHERE org_id = " FORG " AND client_id <> " BELLERIVE);
    assert_status(world_post(w, ADMIN, path, world_text(w, "scope=site&site_id=%s", other)), 422);
    assert_status(world_post(w, ADMIN, path, world_text(w, "scope=job&job_id=%s", world_value(w, "SELECT MIN(id) FROM job WHERE org_id = " FORG " AND client_id <> " BELLERIVE))), 422);
    assert_status(world_post(w, ADMIN, path, "scope=site"), 422);
    int64_t link = created(w, world_text(w, "scope=site&site_id=%s&can_ask=1", site));
    assert_int_equal(world_number(w, world_text(w, "SELECT scope_site_id FROM mandate WHERE id = %lld", (long long)link)), strtoll(site, NULL, 10));
    assert_has(world_get(w, ADMIN, world_text(w, "%s?site=%s", path, site)), link_made_address(w, link));
    assert_not(world_get(w, ADMIN, path), link_made_address(w, link));                    /* asked for all of the client: another link */
}

/* The secret is put in when the letter leaves, and stands in no row. */
WORLD_TEST(l_8_a_mailed_link_keeps_its_secret_out_of_the_rows)
{
    int64_t link = created(w, "scope=client");
    const char *contact = world_value(w, "SELECT " CONTACT);
    assert_status(world_post(w, ADMIN, link_path(w, link, "/mail"), world_text(w, "contact_id=%s&note=Bonjour", contact)), 303);
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_link_given'");
    assert_non_null(strstr(text, "@LINK@"));
    assert_null(strstr(text, link_made_secret(w, link)));
    struct ctx c;
    world_ctx(w, &c);
    assert_string_equal(mail_link_address_of(&c, world_value(w, "SELECT link_kind FROM mail WHERE kind = 'mail_link_given'"), link), link_made_address(w, link));
    assert_status(world_post(w, ADMIN, link_path(w, link, "/mail"), world_text(w, "contact_id=%s", world_value(w, "SELECT MIN(id) FROM contact WHERE org_id = " FORG " AND client_id <> " BELLERIVE))), 422);
}

/* The register tells of it as of any mandate (M-1, M-2, M-6), and ends it. */
WORLD_TEST(m_1_a_link_stands_in_the_register_and_ends_there)
{
    int64_t link = created(w, "scope=client&can_ask=1&ends_on=2027-01-31");
    struct visitor v = { w };
    assert_status(visitor_open(&v, link, link_made_secret(w, link)), 303);
    struct answer *list = world_get(w, ADMIN, OFFICE "/mandates?kind=link");
    assert_has(list, "Quiconque a l’adresse");
    struct answer *sheet = world_get(w, ADMIN, world_text(w, OFFICE "/mandates/%lld", (long long)link));
    assert_has(sheet, "Quiconque a l’adresse de ce lien voit, sans compte");
    assert_has(sheet, "janv.\u00a02027 inclus");
    struct answer *why = world_get(w, ADMIN, world_text(w, OFFICE "/why?link=%lld&what=job_ask", (long long)link));
    assert_has(why, "Permis");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/why?link=%lld&what=ticket_read", (long long)link)), "Pas permis");
    assert_status(world_get(w, "camille.vasseur@hexanode.example", world_text(w, "/o/hexanode/why?link=%lld", (long long)link)), 404);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/mandates/%lld/end", (long long)link), ""), 303);
    assert_shut(&v, link);
    assert_has(world_get(w, ADMIN, OFFICE "/links?state=ended"), "Retiré");
}

/* The address is typed by who asks, and proved by the contact's own mailbox. */
WORLD_TEST(l_8_what_was_asked_through_a_link_is_the_contacts_who_proves_the_address)
{
    struct ctx c;
    const char *type = world_value(w, "SELECT MIN(id) FROM job_type WHERE org_id = " FORG);
    static const char *const asked[][2] = { { "770001", "Claire.Delmas@bellerive.example" }, { "770002", "somebody.else@bellerive.example" } };
    for (int i = 0; i < 2; i++)
        world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, asked_how, asked_name, contact_email, created_at, changed_at) "
            "SELECT " FORG ", %s, %s, " BELLERIVE ", %s, 'Fuite', 'to_plan', 'link', 'Claire', '%s', 1, 1", asked[i][0], asked[i][0], type, asked[i][1]));
    world_ctx(w, &c);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(link_claim_person(&c, world_person(w, CLAIRE)));
    must(db_commit(c.db, c.arena));
    assert_string_equal(world_value(w, "SELECT asked_contact_id FROM job WHERE id = 770001"), world_value(w, "SELECT " CONTACT));
    assert_string_equal(world_value(w, "SELECT asked_contact_id FROM job WHERE id = 770002"), "");
    world_sound(w);
}

WORLD_MAIN("link", WORLD_CASE(l_8_a_get_counts_nothing_and_the_button_opens), WORLD_CASE(l_8_an_unknown_id_and_a_wrong_secret_look_the_same),
    WORLD_CASE(l_1_paused_renewed_withdrawn_past_and_used_up_say_so_and_end_at_once), WORLD_CASE(l_8_the_narrow_session_is_neither_the_persons_nor_lasting),
    WORLD_CASE(l_8_an_opening_and_an_act_are_in_the_journal_under_the_link), WORLD_CASE(l_8_a_place_never_seen_and_a_long_silence_ask_for_a_code),
    WORLD_CASE(l_8_codes_are_limited_by_link_and_not_by_place_alone), WORLD_CASE(l_2_a_link_gives_no_more_than_its_scope), WORLD_CASE(l_1_given_on_the_sheet_shown_again_and_limited),
    WORLD_CASE(l_2_a_site_or_a_job_of_another_client_is_none), WORLD_CASE(l_8_a_mailed_link_keeps_its_secret_out_of_the_rows),
    WORLD_CASE(m_1_a_link_stands_in_the_register_and_ends_there), WORLD_CASE(l_8_what_was_asked_through_a_link_is_the_contacts_who_proves_the_address))
