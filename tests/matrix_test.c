/* Who may what: every route of every feature, asked by one person of each kind, against the reviewed table in
   tests/matrix.txt. A security review is reading that file's diff. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"
#include "lib/golden.h"
#include "lib/routes.h"

#define PASSING "(303 where it leads on, 200, 409 or 422 where the empty form is refused)"

enum { COLUMNS = 12, OTHER_CLIENT = 4 };

/* In the order of the table's columns. */
static const struct { const char *head, *who, *email; } people[COLUMNS] = {
    { "nobody", "not signed in", NULL },
    { "contact", "contact of Hôtel Bellerive: personal data, tickets, invoices, jobs", "claire.delmas@bellerive.example" },
    { "invoices", "contact of Hôtel Bellerive: invoices alone", "sophie.lemoine@bellerive.example" },
    { "nothing", "contact of Hôtel Bellerive: a login and no access", "bruno.aubry@bellerive.example" },
    { "other", "contact of another client of Froid Atlantique, with tickets", "" },
    { "stranger", "administrator of Hexanode", "camille.vasseur@hexanode.example" },
    { "admin", "membership, administrator", "sabine.cozic@froid-atlantique.example" },
    { "manager", "membership, manager", "yann.le-goff@froid-atlantique.example" },
    { "accountant", "membership, accountant", "comptable@froid-atlantique.example" },
    { "technician", "membership, technician", "karim.benali@froid-atlantique.example" },
    { "support", "membership, support_agent", "gaelle.riou@froid-atlantique.example" },
    { "collab.", "membership, collaborator", "collaborateur@froid-atlantique.example" },
};

/* A world to ask in; another one once something was done in it. */
struct scene {
    struct world_test *w;
    struct side side;
    const char *emails[COLUMNS];
    bool is_own;
};

static void member_make(struct world_test *w, const struct side *side, int number, const char *email, const char *role)
{
    long long org = (long long)side->org_id;
    world_run_sql(w, world_text(w, "INSERT INTO person (id, email, email_key, first_name, last_name, created_at) VALUES (%d, '%s', '%s', 'Une', 'Personne', 1)",
        number, email, email));
    world_run_sql(w, world_text(w, "INSERT INTO member (org_id, id, person_id, created_at) VALUES (%lld, %d, %d, 1)", org, number, number));
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) "
        "VALUES (%lld, %d, 'membership', '%s', 'active', %d, %d, 1, 1)", org, number, role, number, number));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES (%d, %lld, %d)", number, org, number));
}

static void scene_people(struct scene *s)
{
    struct world_test *w = s->w;
    long long org = (long long)s->side.org_id;
    for (int i = 0; i < COLUMNS; i++)
        s->emails[i] = people[i].email;
    member_make(w, &s->side, 31, people[8].email, "accountant");
    member_make(w, &s->side, 32, people[11].email, "collaborator");
    world_run_sql(w, world_text(w, "INSERT INTO person (id, email, email_key, first_name, last_name, created_at) VALUES (33, '%s', '%s', 'Bruno', 'Aubry', 1)",
        people[3].email, people[3].email));
    world_run_sql(w, world_text(w, "UPDATE contact SET person_id = 33 WHERE org_id = %lld AND email_key = '%s'", org, people[3].email));
    s->emails[OTHER_CLIENT] = world_value(w, world_text(w, "SELECT p.email FROM mandate d JOIN contact ct ON ct.org_id = d.org_id AND ct.id = d.holder_contact_id "
        "JOIN person p ON p.id = ct.person_id WHERE d.org_id = %lld AND d.kind = 'access' AND d.detail = 'tickets' AND ct.client_id <> %s ORDER BY p.email LIMIT 1",
        org, side_value(&s->side, "client")));
}

static void scene_open(struct scene *s, struct world_test *w)
{
    s->is_own = !w;
    s->w = w ? w : world_open(DB_SQLITE);
    s->side = side_make(s->w, "froid-atlantique", "Hôtel Bellerive");
    scene_people(s);
}

static void scene_close(struct scene *s)
{
    if (s->is_own)
        world_close(s->w);
}

static void scene_renew(struct scene *s)
{
    scene_close(s);
    scene_open(s, NULL);
}

/* ---- One cell ---- */

/* The address of a route for somebody: ":session" is their own. */
static const char *cell_address(struct scene *s, const struct route *r, const char *email)
{
    struct side own = s->side;
    if (email && strstr(r->pattern, ":session")) {
        world_cookie(s->w, email);
        const char *id = world_value(s->w, world_text(s->w, "SELECT MAX(s.id) FROM session s JOIN person p ON p.id = s.person_id WHERE p.email = '%s'", email));
        for (int i = 0; own.values[i].name; i++)
            if (strcmp(own.values[i].name, "session") == 0)
                own.values[i].value = id;
    }
    return route_address(s->w, r, &own, &own, 0);
}

static const char *decision(const struct answer *answer, const struct route *r, const char *who)
{
    switch (answer->status) {
    case 200: case 409: case 422: return "may";
    case 401: return "sign-in";
    case 403: return "403";
    case 404: return "404";
    default: fail_msg("%s for %s: status %d: %.500s", r->pattern, who, answer->status, answer->body);
    }
    return "";
}

/* The page decides as the document does. */
static void cell_page(struct scene *s, const char *address, const char *email, const struct answer *document)
{
    struct answer *page = world_get(s->w, email, address);
    bool leads_to_door = page->status == 303 && (strstr(page->location, "/sign-in") || (text_starts(page->location, "/l/") && document->status == 401));
    int wanted = leads_to_door ? 401 : page->status == 303 ? 200 : page->status;
    if (wanted != document->status)
        fail_msg("%s for %s: the page says %d, the document %d", address, email ? email : "nobody", page->status, document->status);
}

static const char *cell(struct scene *s, const struct route *r, int column)
{
    const char *email = s->emails[column], *address = cell_address(s, r, email), *api = world_text(s->w, "/api/1%s", address);
    if (r->is_raw) {      /* bytes, at one address alone */
        struct answer *bytes = world_get(s->w, email, address);
        return bytes->status == 303 && (strstr(bytes->location, "/sign-in") || text_starts(bytes->location, "/l/")) ? "sign-in" : decision(bytes, r, people[column].head);
    }
    if (r->method == METHOD_GET) {
        struct answer *document = world_get(s->w, email, api);
        cell_page(s, address, email, document);
        return decision(document, r, people[column].head);
    }
    struct answer *done = world_post(s->w, email, api, "");
    const char *word = decision(done, r, people[column].head);
    if (done->status == 200)
        scene_renew(s);
    return word;
}

/* ---- The table ---- */

static void line_add(struct scene *s, const struct route *r, struct buf *out)
{
    buf_printf(out, "%-4s %-44s %-20s %-20s", r->method == METHOD_GET ? "GET" : "POST", r->pattern, r->name, right_word(r->right));
    for (int column = 0; column < COLUMNS; column++)
        buf_printf(out, column + 1 < COLUMNS ? " %-10s" : " %s", cell(s, r, column));
    buf_text(out, "\n");
}

static void head_add(struct buf *out)
{
    buf_text(out, "Who may what: every route, asked by one person of each kind. Written by tests/matrix_test.c, read by people; a change here is a\n"
        "change of who may what. The addresses are those of rows of Hôtel Bellerive, a client of Froid Atlantique, and forms are sent empty.\n\n"
        "may      the act or the page itself answers " PASSING "\n"
        "sign-in  nobody is signed in: to the door\n403      inside the space, without the right; or who works there, at its portal\n404      as if it did not exist\n\n");
    for (int column = 0; column < COLUMNS; column++)
        buf_printf(out, "%-10s %s\n", people[column].head, people[column].who);
    buf_printf(out, "\n%-4s %-44s %-20s %-20s", "", "", "", "");
    for (int column = 0; column < COLUMNS; column++)
        buf_printf(out, column + 1 < COLUMNS ? " %-10s" : " %s", people[column].head);
    buf_text(out, "\n");
}

static const char *table_make(struct scene *s)
{
    static struct arena kept;   /* longer than any world */
    struct buf out;
    arena_init(&kept, (size_t)16 * 1024 * 1024);
    buf_init(&out, &kept, 1024 * 1024);
    head_add(&out);
    const struct route **routes = routes_all(s->w);
    size_t count = 0;
    while (routes[count])
        count++;
    const struct route **all = arena_copy(&kept, routes, (count + 1) * sizeof *routes);
    for (size_t i = 0; i < count; i++)
        line_add(s, all[i], &out);
    const char *table = buf_end(&out);
    golden_check(&kept, "matrix.txt", table, true);
    arena_free(&kept);
    return NULL;
}

/* The other database decides the same: its pages are asked for, nothing is sent. */
static void table_sample(struct scene *s)
{
    struct world_test *w = s->w;
    const char *table = golden_read(world_arena(w), "matrix.txt");
    for (const struct route **r = routes_all(w); *r; r++) {
        if ((*r)->method != METHOD_GET)
            continue;
        struct buf out;
        buf_init(&out, world_arena(w), 2000);
        line_add(s, *r, &out);
        if (!strstr(table, buf_end(&out)))
            fail_msg("not in tests/matrix.txt: %s", buf_end(&out));
    }
}

WORLD_TEST(who_may_what)
{
    struct scene s = { 0 };
    bool is_sqlite = store_kind(world_app(w)->store) == DB_SQLITE;
    scene_open(&s, is_sqlite ? NULL : w);
    if (is_sqlite)
        table_make(&s);
    else
        table_sample(&s);
    scene_close(&s);
}

WORLD_TEST(health_answers)
{
    struct answer *answer = world_get(w, NULL, "/health");
    assert_status(answer, 200);
    assert_string_equal(answer->body, "ok\n");
}

WORLD_TEST(ticket_list_is_the_clients_alone)   /* C-6 */
{
    struct answer *answer = world_get(w, "claire.delmas@bellerive.example", "/p/froid-atlantique/tickets.json");
    assert_status(answer, 200);
    assert_int_equal(doc_count(doc_get(answer->doc, "tickets")), 50);
}

WORLD_MAIN("matrix", WORLD_CASE(who_may_what), WORLD_CASE(health_answers), WORLD_CASE(ticket_list_is_the_clients_alone))
