/* What goes wrong on the way to an act (X-6, C-7, C-8): the message stands where it belongs, what was typed is kept, nothing is half done. After
   every refusal all tables, the kept files and the spool are what they were. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "lib/routes.h"
#include "mandate/journal.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TICKETS "/p/froid-atlantique/tickets"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define URLENCODED "application/x-www-form-urlencoded"

/* ---- What must not change ---- */

static int64_t tickets(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM ticket"); }

static const char *kind_id(struct world_test *w) { return world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = " FORG); }
static const char *priority_id(struct world_test *w) { return world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = " FORG); }

static const char *form_of(struct world_test *w, const char *title, const char *description)
{
    return world_text(w, "title=%s&type_id=%s&priority_id=%s&description=%s", title, kind_id(w), priority_id(w), description);
}

enum { FILES_FROM = 4, PARTS_MOST = 20 };

/* A ticket's form with files; they are put behind the four fields. */
static void parts_of(struct world_test *w, struct world_part parts[PARTS_MOST])
{
    memset(parts, 0, PARTS_MOST * sizeof *parts);
    parts[0] = (struct world_part){ .name = "title", .data = "Relevé joint" };
    parts[1] = (struct world_part){ .name = "type_id", .data = kind_id(w) };
    parts[2] = (struct world_part){ .name = "priority_id", .data = priority_id(w) };
    parts[3] = (struct world_part){ .name = "description", .data = "La vitrine chauffe depuis ce matin." };
}

static char *filled(struct world_test *w, size_t len, char ch)
{
    char *text = arena_alloc(world_arena(w), len + 1);
    memset(text, ch, len);
    return text;
}

static void again(struct answer *page, const char *message)
{
    assert_status(page, 422);
    assert_has(page, message);
    assert_has(page, "Relevé joint");
    assert_has(page, "La vitrine chauffe depuis ce matin.");
    assert_has(page, "href=\"#f-files\"");
}

/* ---- Texts ---- */

WORLD_TEST(c_8_an_empty_title)
{
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    struct answer *page = world_post(w, CLAIRE, TICKETS, form_of(w, "+%C2%A0+", "La+vitrine+chauffe."));
    assert_status(page, 422);
    assert_has(page, "Ce champ est obligatoire.");
    assert_has(page, "href=\"#f-title\"");
    assert_has(page, "La vitrine chauffe.");
    assert_has(page, world_text(w, "<option value=\"%s\" selected", kind_id(w)));
    struct answer *json = world_post(w, CLAIRE, TICKETS ".json", form_of(w, "", "La+vitrine+chauffe."));
    assert_status(json, 422);
    assert_string_equal(doc_text_of(doc_at(doc_get(json->doc, "errors"), 0), "field"), "title");
    assert_string_equal(before, world_state(w));
}

WORLD_TEST(c_8_ten_megabytes_of_description)
{
    struct world_part parts[PARTS_MOST];
    char *large = filled(w, 10000000, 'x');
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    struct answer *page = world_post(w, CLAIRE, TICKETS, form_of(w, "Tr%C3%A8s+long", large));
    assert_status(page, 422);
    assert_has(page, "Ce texte est trop long.");
    assert_has(page, "href=\"#f-description\"");
    assert_has(page, "Très long");
    assert_has(page, "xxxxxxxxxx");
    assert_true(page->len < 1000000);
    parts_of(w, parts);
    parts[3].data = large;
    parts[4] = (struct world_part){ .name = "files", .file_name = "releve.txt", .data = "06:50 -11,0" };
    page = world_post_parts(w, CLAIRE, TICKETS, parts);
    assert_status(page, 422);
    assert_has(page, "Ce texte est trop long.");
    assert_has(page, "Relevé joint");
    large[20001] = 0;
    page = world_post(w, CLAIRE, TICKETS, form_of(w, "Un+de+trop", large));
    assert_status(page, 422);
    assert_has(page, "Ce texte est trop long.");
    assert_string_equal(before, world_state(w));
    large[20000] = 0;
    assert_status(world_post(w, CLAIRE, TICKETS, form_of(w, "Juste", large)), 303);
}

WORLD_TEST(c_8_too_many_fields)
{
    struct buf form;
    buf_init(&form, world_arena(w), 100000);
    for (int i = 0; i < 150; i++)
        buf_printf(&form, "x%d=1&", i);
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    assert_status(world_post(w, CLAIRE, TICKETS, world_text(w, "%s&%s", form_of(w, "Beaucoup", "Trop"), buf_end(&form))), 422);
    assert_string_equal(before, world_state(w));
}

WORLD_TEST(what_is_no_text_is_refused)
{
    static const struct { const char *title; int status; } titles[] = {
        { "a%01b", 422 }, { "a%0Ab", 422 }, { "a%0Db", 422 }, { "a%09b", 422 }, { "a%7Fb", 422 }, { "a%C2%85b", 422 }, { "a%1Bb", 422 },
        { "a%00b", 400 }, { "a%FFb", 400 }, { "a%C3", 400 }, { "a%ED%A0%80b", 400 }, { "a%C0%AFb", 400 }, { "a%F5%80%80%80", 400 }, { "a%", 400 }, { "a%4", 400 }, { "a%zz", 400 },
    };
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        struct answer *page = world_post(w, CLAIRE, TICKETS, form_of(w, titles[i].title, "Texte"));
        if (page->status != titles[i].status)
            fail_msg("%s: %d", titles[i].title, page->status);
    }
    assert_status(world_post(w, CLAIRE, TICKETS, form_of(w, "Titre", "a%0Bb")), 422);
    assert_string_equal(before, world_state(w));
    assert_status(world_post(w, CLAIRE, TICKETS, form_of(w, "Titre", "a%0D%0Ab%09c%0Ad")), 303);
    assert_string_equal(world_value(w, "SELECT body FROM comment WHERE kind = 'opening' ORDER BY id DESC LIMIT 1"), "a\nb\tc\nd");
}

/* ---- Files ---- */

WORLD_TEST(x_6_a_program_named_as_a_document)
{
    static const struct { const char *name, *bytes; size_t len; const char *message; } files[] = {
        { "rapport.pdf", "MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0\0\0\0\0\0\0\0\0", 36, "Le contenu d’un fichier ne correspond pas à son nom." },
        { "photo.png", "#!/bin/sh\nrm -r /\n", 0, "Le contenu d’un fichier ne correspond pas à son nom." },
        { "notes.txt", "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0>\0\1\0\0\0", 24, "Le contenu d’un fichier ne correspond pas à son nom." },
        { "photo.jpg", "<html><script>alert(1)</script></html>", 0, "Le contenu d’un fichier ne correspond pas à son nom." },
        { "setup.exe", "MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff", 14, "Ce type de fichier ne peut pas être joint." },
        { "page.html", "<html></html>", 0, "Ce type de fichier ne peut pas être joint." },
        { "rapport", "%PDF-1.7\n", 0, "Ce type de fichier ne peut pas être joint." },
        { "rapport.pdf.exe", "%PDF-1.7\n", 0, "Ce type de fichier ne peut pas être joint." },
    };
    struct world_part parts[PARTS_MOST];
    world_cookie(w, CLAIRE);
    parts_of(w, parts);
    const char *before = world_state(w);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        parts[FILES_FROM] = (struct world_part){ .name = "files", .file_name = "releve.txt", .data = "06:50 -11,0" };          /* a good one, kept before the bad one is met */
        parts[FILES_FROM + 1] = (struct world_part){ .name = "files", .file_name = files[i].name, .data = files[i].bytes, .len = files[i].len };
        again(world_post_parts(w, CLAIRE, TICKETS, parts), files[i].message);
    }
    assert_string_equal(before, world_state(w));
    parts[FILES_FROM + 1] = (struct world_part){ 0 };
    assert_status(world_post_parts(w, CLAIRE, TICKETS, parts), 303);
    assert_int_equal(world_files_left(w), 0);
}

WORLD_TEST(x_6_too_large_too_many_or_empty)
{
    enum { MOST = 20 * 1024 * 1024 };
    struct world_part parts[PARTS_MOST];
    char *large = filled(w, MOST + 1, 'x');
    world_cookie(w, CLAIRE);
    const char *before = world_state(w), *limit = "Un fichier dépasse la taille permise (20 Mo par fichier, 10 fichiers au plus).";
    parts_of(w, parts);
    parts[FILES_FROM] = (struct world_part){ .name = "files", .file_name = "journal.log", .data = large, .len = MOST + 1 };
    again(world_post_parts(w, CLAIRE, TICKETS, parts), limit);
    assert_string_equal(before, world_state(w));
    for (int i = 0; i < 11; i++)
        parts[FILES_FROM + i] = (struct world_part){ .name = "files", .file_name = world_text(w, "releve-%d.txt", i), .data = world_text(w, "%d;-11,0;relevé\r\n", i) };
    again(world_post_parts(w, CLAIRE, TICKETS, parts), limit);
    assert_string_equal(before, world_state(w));
    parts[FILES_FROM + 10] = (struct world_part){ 0 };
    const char *nothing = world_text(w, "--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nRelevé joint\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nLa vitrine chauffe depuis ce matin.\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"vide.txt\"\r\n\r\n\r\n--edge--\r\n", world_token(w, CLAIRE));
    again(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, "multipart/form-data; boundary=edge", nothing, strlen(nothing)), "Un des fichiers est vide.");
    assert_string_equal(before, world_state(w));
    assert_status(world_post_parts(w, CLAIRE, TICKETS, parts), 303);                   /* ten are fine */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM attachment a JOIN ticket t ON t.org_id = a.org_id AND t.id = a.ticket_id WHERE t.title = 'Relevé joint'"), 10);
    assert_int_equal(world_files_left(w), 0);
    parts[FILES_FROM] = (struct world_part){ .name = "files", .file_name = "journal.log", .data = large, .len = MOST };
    parts[FILES_FROM + 1] = (struct world_part){ 0 };
    assert_status(world_post_parts(w, CLAIRE, TICKETS, parts), 303);                   /* and so are twenty megabytes */
}

/* The connection is lost in the middle: what was spooled goes with the request. */
WORLD_TEST(x_6_an_upload_that_breaks_off)
{
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    struct arena a;
    struct body_reader *reader = NULL;
    arena_init(&a, (size_t)16 << 20);
    const struct body_limits limits = { .body_bytes = 1 << 20, .field_bytes = 1000, .file_bytes = 1 << 20, .fields = 10, .files = 10, .spool = world_app(w)->spool };
    assert_null(body_open(&a, "multipart/form-data; boundary=edge", &limits, &reader));
    const char *half = "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nentier\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"b.txt\"\r\n\r\nla moiti";
    assert_null(body_piece(reader, half, strlen(half)));
    assert_int_equal(world_files_left(w), 2);
    body_close(reader);
    arena_free(&a);
    struct answer *page = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, "multipart/form-data; boundary=edge", half, strlen(half));
    assert_status(page, 400);
    assert_string_equal(before, world_state(w));
}

/* ---- The same form twice ---- */

WORLD_TEST(c_8_a_form_sent_twice_is_done_once)
{
    int64_t before = tickets(w), mails = world_number(w, "SELECT COUNT(*) FROM mail");
    const char *body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form_of(w, "Une+fois", "Texte"));
    struct answer *first = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, URLENCODED, body, strlen(body));
    int64_t told = world_number(w, "SELECT COUNT(*) FROM mail") - mails;
    assert_status(first, 303);
    for (int i = 0; i < 3; i++) {
        world_pass(w, CLOCK_HOUR_MS);
        struct answer *second = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, URLENCODED, body, strlen(body));
        assert_status(second, 303);
        assert_string_equal(second->location, first->location);
    }
    assert_int_equal(tickets(w), before + 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails + told);
    body = world_text(w, "form_token=%s&%s", pair_value(&(struct pair){ "t", arena_copy(world_arena(w), body + 11, strcspn(body + 11, "&")), NULL }, "t"), form_of(w, "Autre+chose", "Texte"));
    assert_status(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, URLENCODED, body, strlen(body)), 303);    /* back, changed, sent: another act */
    assert_int_equal(tickets(w), before + 2);
}

struct sender { struct world_test *w; struct db *db; struct arena arena; pthread_t thread; const char *cookie, *body; pthread_barrier_t *start; struct answer *answer; };

static void *sender_run(void *arg)
{
    struct sender *s = arg;
    pthread_barrier_wait(s->start);
    s->answer = world_ask(s->w, &s->arena, s->db, &(struct world_request){ .cookie = s->cookie, .method = METHOD_POST, .target = TICKETS, .type = URLENCODED, .body = s->body, .len = strlen(s->body) });
    return NULL;
}

WORLD_TEST(c_8_a_form_sent_twice_at_the_same_moment_is_done_once)
{
    enum { ROUNDS = 50 };
    struct sender s[2] = { 0 };
    pthread_barrier_t start;
    int64_t before = tickets(w);
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        s[i] = (struct sender){ .w = w, .db = world_db_new(w, world_arena(w)), .cookie = world_cookie(w, CLAIRE), .start = &start };
        arena_init(&s[i].arena, (size_t)64 << 20);
    }
    for (int round = 0; round < ROUNDS; round++) {
        s[0].body = s[1].body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form_of(w, "Ensemble", "Texte"));
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&s[i].thread, NULL, sender_run, &s[i]), 0);
        for (int i = 0; i < 2; i++)
            pthread_join(s[i].thread, NULL);
        assert_status(s[0].answer, 303);
        assert_status(s[1].answer, 303);
        assert_string_equal(s[0].answer->location, s[1].answer->location);
    }
    assert_int_equal(tickets(w), before + ROUNDS);
    for (int i = 0; i < 2; i++) {
        db_close(s[i].db);
        arena_free(&s[i].arena);
    }
    pthread_barrier_destroy(&start);
}

/* ---- Sessions and tokens ---- */

static const char *token_on(struct world_test *w, const struct answer *page)
{
    const char *at = strstr(page->body, "name=\"form_token\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"form_token\" value=\"");
    return arena_copy(world_arena(w), at, strcspn(at, "\""));
}

static const char *sign_in_anew(struct world_test *w)
{
    struct answer *entered = world_post(w, NULL, "/demo/sign-in", "persona=contact");
    assert_status(entered, 303);
    assert_true(*entered->cookie);
    return entered->cookie;
}

WORLD_TEST(c_8_a_form_of_a_session_that_ended_keeps_what_was_typed)
{
    const char *old = world_cookie(w, CLAIRE), *form = form_of(w, "Longuement+r%C3%A9fl%C3%A9chi", "Premi%C3%A8re+ligne%0ASeconde+%22ligne%22");
    const char *body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form);
    int64_t tickets_before = tickets(w);
    world_pass(w, 13 * CLOCK_HOUR_MS);
    const char *before = world_state(w);
    struct answer *page = world_send(w, old, METHOD_POST, TICKETS, URLENCODED, body, strlen(body));
    assert_status(page, 401);
    assert_has(page, "Votre session a pris fin avant l’envoi.");
    assert_has(page, "Longuement réfléchi");
    assert_has(page, "Première ligne\nSeconde &quot;ligne&quot;");
    assert_has(page, "/p/froid-atlantique/sign-in");
    assert_has(page, world_text(w, "name=\"type_id\" value=\"%s\"", kind_id(w)));
    assert_string_equal(before, world_state(w));
    const char *cookie = sign_in_anew(w);
    for (int i = 0; i < 2; i++) {        /* the old token, and the one of the page that nobody was signed in on */
        const char *stale = i ? world_text(w, "form_token=%s&%s", token_on(w, page), form) : body;
        struct answer *shown = world_send(w, cookie, METHOD_POST, TICKETS, URLENCODED, stale, strlen(stale));
        assert_status(shown, 422);
        assert_has(shown, "Cette page avait été ouverte dans une session qui a pris fin.");
        assert_has(shown, "Longuement réfléchi");
        assert_has(shown, "Première ligne\nSeconde &quot;ligne&quot;");
        assert_int_equal(tickets(w), tickets_before);
        if (!i)
            continue;
        const char *fresh = world_text(w, "form_token=%s&%s", token_on(w, shown), form);
        assert_status(world_send(w, cookie, METHOD_POST, TICKETS, URLENCODED, fresh, strlen(fresh)), 303);
    }
    assert_int_equal(tickets(w), tickets_before + 1);
}

static void session_stop(void *arg)
{
    struct world_test *w = arg;
    world_run_sql(w, "UPDATE session SET ended_at = 1");
}

static void access_stop(void *arg)
{
    struct world_test *w = arg;
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'access' AND detail = 'tickets' AND holder_contact_id = (SELECT id FROM contact WHERE email = '" CLAIRE "')");
}

/* The session, or the access, ends when half of the body has come. */
WORLD_TEST(s_11_what_ends_while_the_form_comes_ends_before_the_act)
{
    struct world_request ask = { .cookie = world_cookie(w, CLAIRE), .method = METHOD_POST, .target = TICKETS, .type = URLENCODED, .between_arg = w };
    ask.body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form_of(w, "Commenc%C3%A9+avant", "Termin%C3%A9+apr%C3%A8s"));
    ask.len = strlen(ask.body);
    for (int i = 0; i < 2; i++) {
        int64_t before = tickets(w), kept = world_files_kept(w);
        ask.between = i ? session_stop : access_stop;
        struct answer *page = world_ask(w, world_arena(w), world_db(w), &ask);
        assert_status(page, i ? 401 : 404);
        if (i)
            assert_has(page, "Commencé avant");
        assert_int_equal(tickets(w), before);
        assert_int_equal(world_files_kept(w), kept);
        world_run_sql(w, "UPDATE mandate SET state = 'active', ended_at = NULL WHERE kind = 'access' AND detail = 'tickets' AND holder_contact_id = (SELECT id FROM contact WHERE email = '" CLAIRE "')");
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'ticket_create'"), 0);
}

WORLD_TEST(a_token_that_is_missing_or_somebody_elses)
{
    const char *form = form_of(w, "Relev%C3%A9+joint", "La+vitrine+chauffe+depuis+ce+matin."), *own = world_token(w, CLAIRE), *cookie = world_cookie(w, CLAIRE);
    const char *tokens[] = { NULL, "", ".", "a.b", world_token(w, SOPHIE), world_token(w, NULL), world_text(w, "%sA", own), world_text(w, "%.*s", (int)strlen(own) - 1, own), filled(w, 5000, 'x') };
    const char *before = world_state(w), *resolve = world_text(w, TICKETS "/%s/resolve", world_value(w, "SELECT id FROM ticket WHERE number = 1208 AND org_id = " FORG));
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        const char *body = tokens[i] ? world_text(w, "form_token=%s&%s", tokens[i], form) : form;
        struct answer *page = world_send(w, cookie, METHOD_POST, TICKETS, URLENCODED, body, strlen(body));
        assert_status(page, 422);
        assert_has(page, "La vitrine chauffe depuis ce matin.");
        body = tokens[i] ? world_text(w, "form_token=%s", tokens[i]) : "";
        assert_status(world_send(w, cookie, METHOD_POST, resolve, URLENCODED, body, strlen(body)), 403);
    }
    assert_string_equal(before, world_state(w));
}

/* ---- From another site ---- */

static void never(void *arg) { (void)arg; fail_msg("the body was asked for"); }

WORLD_TEST(what_another_site_sends_is_refused_before_its_body)
{
    static const struct pair none = { "", "", NULL }, local = { "origin", "http://localhost:8080", NULL }, foreign = { "origin", "https://evil.example", NULL };
    const struct { struct pair header; int status; } cases[] = {
        { { "sec-fetch-site", "cross-site", NULL }, 403 }, { { "sec-fetch-site", "same-site", NULL }, 403 }, { { "sec-fetch-site", "cross-site", (struct pair *)&local }, 403 },
        { { "origin", "https://evil.example", NULL }, 403 }, { { "origin", "null", NULL }, 403 }, { { "origin", "http://localhost:8080.evil.example", NULL }, 403 },
        { { "origin", "http://localhost", NULL }, 403 }, { { "origin", "localhost:8080", NULL }, 403 }, { none, 403 },
        { { "sec-fetch-site", "same-origin", (struct pair *)&foreign }, 303 }, { local, 303 }, { { "sec-fetch-site", "none", NULL }, 303 },
    };
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world_request ask = { .cookie = world_cookie(w, CLAIRE), .method = METHOD_POST, .target = TICKETS, .type = URLENCODED, .headers = &cases[i].header };
        ask.body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form_of(w, "Ailleurs", "Texte"));
        ask.len = strlen(ask.body);
        ask.between = cases[i].status == 403 ? never : NULL;
        struct answer *page = world_ask(w, world_arena(w), world_db(w), &ask);
        if (page->status != cases[i].status)
            fail_msg("case %zu: %d", i, page->status);
        if (cases[i].status == 403 && cases[i + 1].status != 403)
            assert_string_equal(before, world_state(w));
    }
}

WORLD_TEST(only_the_two_kinds_of_form_are_taken)
{
    static const char *const types[] = { "text/plain", "application/json", "", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=edge", "application/x-www-form-urlencodedx" };
    const char *body = world_text(w, "form_token=%s&%s", world_token(w, CLAIRE), form_of(w, "Autrement", "Texte")), *before = world_state(w);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct answer *page = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, types[i], body, strlen(body));
        if (page->status != 415)
            fail_msg("%s: %d", types[i], page->status);
    }
    assert_string_equal(before, world_state(w));
    assert_status(world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, "Application/X-WWW-Form-Urlencoded; charset=UTF-8", body, strlen(body)), 303);
}

/* ---- What fails at the last moment ---- */

WORLD_TEST(what_fails_behind_the_act_leaves_neither_rows_nor_files)
{
    bool is_sqlite = world_kind(w) == DB_SQLITE;
    struct world_part parts[PARTS_MOST];
    world_cookie(w, CLAIRE);
    parts_of(w, parts);
    parts[FILES_FROM] = (struct world_part){ .name = "files", .file_name = "releve.txt", .data = world_text(w, "de justesse %d", (int)is_sqlite) };
    if (!is_sqlite)
        world_run_sql(w, "CREATE FUNCTION late_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$");
    /* PostgreSQL: at the commit itself; SQLite: at the last statement before it (its commit is made to fail in faults_test.c) */
    world_run_sql(w, is_sqlite ? "CREATE TRIGGER late BEFORE UPDATE OF hash ON journal_head BEGIN SELECT RAISE(ABORT, 'not now'); END"
        : "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON journal_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late_refuse()");
    const char *before = world_state(w);
    struct answer *page = world_post_parts(w, CLAIRE, TICKETS, parts);
    assert_true(page->status >= 400);
    assert_string_equal(before, world_state(w));
    world_run_sql(w, is_sqlite ? "DROP TRIGGER late" : "DROP TRIGGER late ON journal_head");
    int kept = world_files_kept(w);
    assert_status(world_post_parts(w, CLAIRE, TICKETS, parts), 303);
    assert_int_equal(world_files_kept(w), kept + 1);
    assert_int_equal(world_files_left(w), 0);
}

/* ---- GET and HEAD ---- */

/* What the next test and all of these rest on: whoever changes whatever, it is another state; and the state before it, where it is taken back. */
WORLD_TEST(a_state_tells_every_change)
{
    static const char *const changes[] = {
        "UPDATE client SET city = city || 'x' WHERE id = (SELECT MAX(id) FROM client)", "UPDATE client SET city = substr(city, 1, length(city) - 1) WHERE id = (SELECT MAX(id) FROM client)",
        "UPDATE organization SET phone = phone || '0' WHERE slug = 'froid-atlantique'", "UPDATE session SET seen_at = seen_at + 1", "CREATE TABLE more (id BIGINT)", "INSERT INTO more VALUES (NULL)",
        "INSERT INTO more VALUES (NULL)", "DELETE FROM more", "DROP TABLE more",
    };
    enum { CHANGES = sizeof changes / sizeof *changes };
    const char *states[CHANGES + 1];
    world_cookie(w, CLAIRE);
    states[0] = world_state(w);
    for (int i = 0; i < CHANGES; i++) {
        world_run_sql(w, changes[i]);
        states[i + 1] = world_state(w);
        assert_string_not_equal(states[i], states[i + 1]);
    }
    assert_string_equal(states[0], states[2]);
    assert_string_equal(states[5], states[8]);
    const char *without = world_digest(w, side_make(w, "froid-atlantique", "Hôtel Bellerive").org_id);
    world_cookie(w, CLAIRE);
    const char *before = world_state(w);
    assert_string_not_equal(without, world_digest(w, 0));
    struct answer *page = world_post(w, CLAIRE, TICKETS, form_of(w, "Autre", "Texte"));     /* by the application's connection */
    assert_status(page, 303);
    assert_string_not_equal(before, world_state(w));
}


static void read_by_all(struct world_test *w, const struct route *r, const char *address)
{
    static const char *const people[] = { CLAIRE, ADMIN, NULL };
    for (size_t i = 0; i < 3; i++) {
        struct answer *page = world_get(w, people[i], address);
        assert_true(page->status < 500);
        struct answer *head = world_send(w, world_cookie(w, people[i]), METHOD_HEAD, address, "", "", 0);
        assert_int_equal(head->status, page->status);
        if (!r->is_raw)
            world_get(w, people[i], world_text(w, "%s.json", address));
    }
}

/* Every route, as people who may see much and as nobody. PostgreSQL is looked at once, behind the last one: it takes long. */
WORLD_TEST(get_and_head_change_nothing)
{
    struct side side = side_make(w, "froid-atlantique", "Hôtel Bellerive");
    world_cookie(w, CLAIRE);
    world_cookie(w, ADMIN);
    const char *before = world_state(w);
    for (const struct route *const *r = routes_all(w); *r; r++) {
        if ((*r)->method != METHOD_GET)
            continue;
        const char *address = route_address(w, *r, &side, &side, 0);
        read_by_all(w, *r, address);
        if (world_kind(w) == DB_SQLITE && strcmp(before, world_state(w)) != 0)
            fail_msg("%s changed something:\n%s\nfrom\n%s", address, world_state(w), before);
    }
    assert_string_equal(before, world_state(w));
}

WORLD_MAIN("life",
    WORLD_CASE(c_8_an_empty_title), WORLD_CASE(c_8_ten_megabytes_of_description), WORLD_CASE(c_8_too_many_fields), WORLD_CASE(what_is_no_text_is_refused),
    WORLD_CASE(x_6_a_program_named_as_a_document), WORLD_CASE(x_6_too_large_too_many_or_empty), WORLD_CASE(x_6_an_upload_that_breaks_off),
    WORLD_CASE(c_8_a_form_sent_twice_is_done_once), WORLD_CASE(c_8_a_form_sent_twice_at_the_same_moment_is_done_once),
    WORLD_CASE(c_8_a_form_of_a_session_that_ended_keeps_what_was_typed), WORLD_CASE(s_11_what_ends_while_the_form_comes_ends_before_the_act),
    WORLD_CASE(a_token_that_is_missing_or_somebody_elses), WORLD_CASE(what_another_site_sends_is_refused_before_its_body),
    WORLD_CASE(only_the_two_kinds_of_form_are_taken), WORLD_CASE(what_fails_behind_the_act_leaves_neither_rows_nor_files),
    WORLD_CASE(a_state_tells_every_change), WORLD_CASE(get_and_head_change_nothing))
