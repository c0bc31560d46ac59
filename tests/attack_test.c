/* What somebody tries who means no good, where no other file of tests has it: odd files, words that become something else, fields that no form has,
   another's token, a lock on somebody else's door. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/demo/demo.h"
#include "lib/routes.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define TICKETS "/p/froid-atlantique/tickets"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define NEWEST "(SELECT MAX(id) FROM ticket)"

static const char *first_of(struct world_test *w, const char *table) { return world_value(w, world_text(w, "SELECT MIN(id) FROM %s WHERE org_id = " FORG, table)); }

static const char *ticket_fields(struct world_test *w, const char *title)
{
    return world_text(w, "title=%s&description=Essai&type_id=%s&priority_id=%s", text_url_encode(world_arena(w), title), first_of(w, "ticket_type"), first_of(w, "ticket_priority"));
}

/* ---- Files ---- */

static struct answer *attach(struct world_test *w, const char *name, const char *data, size_t len)
{
    const struct world_part parts[] = { { "title", NULL, "Avec un fichier", 0 }, { "description", NULL, "Voir le fichier.", 0 },
        { "type_id", NULL, first_of(w, "ticket_type"), 0 }, { "priority_id", NULL, first_of(w, "ticket_priority"), 0 }, { "files", name, data, len }, { 0 } };
    return world_post_parts(w, CLAIRE, TICKETS, parts);
}

static const char *kept(struct world_test *w, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM attachment WHERE org_id = " FORG " ORDER BY id DESC LIMIT 1", column));
}

/* By what is inside, however little that is. */
WORLD_TEST(x_6_small_files_and_odd_ones)
{
    static const char gif[] = "GIF89a/*\1\0\1\0\200\0\0*/=1;alert(document.domain)//;";
    static const struct { const char *name, *data; size_t len; int status; } files[] = {
        { "a.txt", "a", 1, 303 }, { "b.txt", "é", 2, 303 }, { "c.csv", "1;", 2, 303 }, { "nul.txt", "a\0b", 3, 422 }, { "latin.txt", "\xe9", 1, 422 },
        { "page.html", "<!doctype html><script>alert(1)</script>", 40, 422 }, { "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 59, 422 },
        { "a.png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 59, 422 }, { "a.pdf", "MZ\x90\0\3\0\0\0", 8, 422 }, { "a.exe", "MZ\x90\0\3\0\0\0", 8, 422 },
        { "noending", "a", 1, 422 }, { ".txt", "bonjour", 7, 303 }, { "a.txt.exe", "bonjour", 7, 422 },
        { "page.txt", "<!doctype html><script>alert(1)</script>", 40, 303 }, { "a.xml", "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>", 66, 422 },
        { "b.xml", "<?xml version=\"1.0\"?><note><a>1</a></note>", 41, 303 },
        { "both.gif", gif, sizeof gif - 1, 303 },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct answer *a = attach(w, files[i].name, files[i].data, files[i].len);
        if (a->status != files[i].status)
            fail_msg("%s: %d, wanted %d", files[i].name, a->status, files[i].status);
        if (a->status != 303)
            continue;
        const char *address = world_text(w, TICKETS "/%s/files/%s", world_value(w, "SELECT " NEWEST), kept(w, "id"));
        struct answer *got = world_get(w, CLAIRE, address);
        assert_status(got, 200);
        assert_int_equal(got->len, files[i].len);
        assert_memory_equal(got->body, files[i].data, got->len);
        assert_non_null(strstr(answer_header(got, "Content-Disposition"), "attachment; "));
        assert_true(text_starts(answer_header(got, "Content-Security-Policy"), "sandbox; default-src 'none'"));
        assert_string_equal(answer_header(got, "X-Content-Type-Options"), "nosniff");
        assert_true(!strstr(got->type, "html") && !strstr(got->type, "xml") && !strstr(got->type, "svg"));
    }
    assert_int_equal(world_files_left(w), 0);
}

WORLD_TEST(x_6_an_empty_file_is_told_so)
{
    const char *form = world_text(w, "--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nVide\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nVide\r\n--edge\r\nContent-Disposition: form-data; name=\"type_id\"\r\n\r\n%s\r\n"
        "--edge\r\nContent-Disposition: form-data; name=\"priority_id\"\r\n\r\n%s\r\n--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"vide.txt\"\r\n\r\n\r\n--edge--\r\n",
        world_token(w, CLAIRE), first_of(w, "ticket_type"), first_of(w, "ticket_priority"));
    struct answer *a = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS ".json", "multipart/form-data; boundary=edge", form, strlen(form));
    assert_status(a, 422);
    assert_has(a, "Un des fichiers est vide.");
}

/* Turned around, with a path, markup or a line end in it, endless: kept as what it is, and never a header of its own. */
WORLD_TEST(x_6_names_that_deceive)
{
    static const struct { const char *sent, *name; } names[] = {
        { "facture\xe2\x80\xae" "fdp.txt", "facturefdp.txt" }, { "a\xe2\x80\x8f" "b\xe2\x81\xa6" ".txt", "ab.txt" }, { "../../etc/passwd.txt", "passwd.txt" },
        { "C:\\\\Windows\\\\a.txt", "a.txt" }, { "a;b='c'.txt", "a;b='c'.txt" }, { "<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_status(attach(w, names[i].sent, "bonjour", 7), 303);
        assert_string_equal(kept(w, "name"), names[i].name);
        const char *ticket = world_value(w, "SELECT " NEWEST);
        assert_not(world_get(w, CLAIRE, world_text(w, TICKETS "/%s", ticket)), "<img src=x");
        const char *header = answer_header(world_get(w, CLAIRE, world_text(w, TICKETS "/%s/files/%s", ticket, kept(w, "id"))), "Content-Disposition");
        assert_null(strpbrk(header, "\r\n\"<>"));
    }
    char endless[601];
    memset(endless, 'x', 600);
    memcpy(endless + 590, "é.txt", 7);
    assert_status(attach(w, endless, "bonjour", 7), 303);
    assert_true(strlen(kept(w, "name")) <= 200);
    assert_non_null(strstr(kept(w, "name"), "x.txt"));
}

/* ---- Words ---- */

/* a spreadsheet runs nothing that somebody typed. */
WORLD_TEST(x_4_words_are_no_formulas)
{
    static const char *const evil[] = { "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)" };
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++)
        assert_status(world_post(w, CLAIRE, TICKETS, ticket_fields(w, evil[i])), 303);
    struct answer *csv = world_get(w, CLAIRE, TICKETS ".csv");
    assert_status(csv, 200);
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        assert_has(csv, world_text(w, "\"'%s", evil[i]));
        assert_not(csv, world_text(w, ";%s", evil[i]));
        assert_not(csv, world_text(w, "\"%s", evil[i]));
    }
    assert_has(world_get(w, CLAIRE, TICKETS), "=cmd|");
}

/* ---- Forms ---- */

/* Only what the form's table has reaches anything. */
WORLD_TEST(fields_that_no_form_has_change_nothing)
{
    const char *others = world_value(w, "SELECT MIN(id) FROM client WHERE org_id = " FORG " AND name <> 'Hôtel Bellerive'");
    const char *form = world_text(w, "%s&status=resolved&client_id=%s&org_id=1&number=1&id=1&is_open=0&contact_id=1&assignee_id=1&created_at=1&rights=65535&role=administrator",
        ticket_fields(w, "Avec plus"), others);
    struct answer *a = world_post(w, CLAIRE, TICKETS, form);
    if (a->status == 303) {
        assert_string_equal(world_value(w, "SELECT status FROM ticket WHERE id = " NEWEST), "new");
        assert_string_equal(world_value(w, "SELECT cl.name FROM ticket t JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE t.id = " NEWEST), "Hôtel Bellerive");
        assert_true(world_number(w, "SELECT number FROM ticket WHERE id = " NEWEST) > 1);
        assert_true(world_number(w, "SELECT created_at FROM ticket WHERE id = " NEWEST) > 1);
    } else {
        assert_status(a, 400);
    }
}

/* A token is one session's own; so is nobody's. */
WORLD_TEST(a_form_with_the_token_of_another_session)
{
    const char *tokens[] = { world_token(w, ADMIN), world_token(w, NULL), "", "x" };
    int64_t before = world_number(w, "SELECT COUNT(*) FROM ticket");
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        const char *body = world_text(w, "form_token=%s&%s", tokens[i], ticket_fields(w, "Volé"));
        struct answer *a = world_send(w, world_cookie(w, CLAIRE), METHOD_POST, TICKETS, "application/x-www-form-urlencoded", body, strlen(body));
        assert_true(a->status >= 400 && a->status < 500);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM ticket"), before);
}

WORLD_TEST(cookies_that_are_none)
{
    char vast[8001];
    memset(vast, 'A', 8000);
    vast[8000] = '\0';
    const char *cookies[] = { vast, "' OR 1=1 --", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", world_text(w, "%s%s", world_cookie(w, CLAIRE), "A") };
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++)
        assert_status(world_send(w, cookies[i], METHOD_GET, TICKETS ".json", "", "", 0), 401);
}

/* ---- The door ---- */

static int try_door(struct world_test *w, const char *remote, const char *email, const char *password)
{
    const char *body = world_text(w, "form_token=%s&email=%s&password=%s", world_token(w, NULL), email, password);
    return world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = "", .method = METHOD_POST, .target = "/sign-in", .remote = remote,
        .type = "application/x-www-form-urlencoded", .body = body, .len = strlen(body) })->status;
}

/* who tries one account from everywhere is stopped, and does not thereby shut out its owner where they were signed in lately. */
WORLD_TEST(x_1_a_locked_account_lets_its_owner_in)
{
    int stopped = 0;
    assert_int_equal(try_door(w, "198.51.100.7", CLAIRE, DEMO_PASSWORD), 303);
    world_pass(w, CLOCK_DAY_MS);
    for (int i = 0; i < 110; i++)
        stopped += try_door(w, world_text(w, "203.0.113.%d", i), CLAIRE, "faux") == 429;
    assert_true(stopped >= 9);
    assert_int_equal(try_door(w, "203.0.113.200", CLAIRE, DEMO_PASSWORD), 429);      /* also with the right word: nothing is learned */
    assert_int_equal(try_door(w, "198.51.100.7", CLAIRE, DEMO_PASSWORD), 303);
    assert_int_equal(try_door(w, "203.0.113.200", ADMIN, DEMO_PASSWORD), 303);
    world_pass(w, 31 * CLOCK_DAY_MS);
    for (int i = 0; i < 101; i++)
        try_door(w, world_text(w, "203.0.113.%d", i), CLAIRE, "faux");
    assert_int_equal(try_door(w, "198.51.100.9", CLAIRE, DEMO_PASSWORD), 429);
}

WORLD_MAIN("attack", WORLD_CASE(x_6_small_files_and_odd_ones), WORLD_CASE(x_6_an_empty_file_is_told_so), WORLD_CASE(x_6_names_that_deceive),
    WORLD_CASE(x_4_words_are_no_formulas), WORLD_CASE(fields_that_no_form_has_change_nothing), WORLD_CASE(a_form_with_the_token_of_another_session),
    WORLD_CASE(cookies_that_are_none), WORLD_CASE(x_1_a_locked_account_lets_its_owner_in))
