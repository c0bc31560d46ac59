/* What a link reaches (L-2): every route of the table, found by itself, asked with the cookie of a link to one job, one site, one client. Whatever is not its own
   space is not there for it; inside, an id outside its scope answers as one that is none, to the byte but for ids, in the address and in a form. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "lib/links.h"
#include "lib/routes.h"

#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define SITES "SELECT MIN(id) FROM site WHERE org_id = " FORG " AND client_id = "

enum { SCOPES = 3, OTHERS = 2, RENDERINGS = 3, PAGES_LEAST = 2 };
static const char *const scopes[SCOPES] = { "client", "site", "job" };
static const char *const renderings[RENDERINGS][2] = { { "", "" }, { "", ".json" }, { "/api/1", "" } };

/* A client with two sites, a machine and a job on each; another client with the same. */
struct spot { const char *site, *job, *machine, *photo, *attachment, *jobfile; };
struct scene {
    struct world_test *w;
    struct side own;                       /* what is within every scope: one site, its job */
    struct spot beside, elsewhere;        /* of the same client, outside a site or a job; and another client's */
    struct visitor v;
    int64_t link, session;
};

static struct spot place_make(struct world_test *w, const char *client, const char *number)
{
    const char *org = world_value(w, "SELECT " FORG), *type = world_value(w, "SELECT MIN(id) FROM job_type WHERE org_id = " FORG);
    struct spot p = { world_text(w, "88000%s1", number), world_text(w, "88000%s2", number), world_text(w, "88000%s3", number), world_text(w, "88000%s4", number),
        world_text(w, "88000%s5", number), world_text(w, "88000%s6", number) };
    world_run_sql(w, world_text(w, "INSERT INTO site (org_id, id, client_id, number, name, name_key, created_at, changed_at) VALUES (%s, %s, %s, 'L-%s', 'Ailleurs', 'ailleurs', 1, 1)", org, p.site, client, number));
    world_run_sql(w, world_text(w, "INSERT INTO equipment (org_id, id, client_id, site_id, name, name_key, state, created_at, changed_at) VALUES (%s, %s, %s, %s, 'Machine', 'machine', 'in_service', 1, 1)",
        org, p.machine, client, p.site));
    world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, finished_at, planned_start, planned_end, asked_how, asked_name, created_at, changed_at) "
        "VALUES (%s, %s, 5500%s, %s, %s, %s, 'Ailleurs', 'done', 2, 1, 2, 'office', 'B', 1, 1)", org, p.job, number, client, type, p.site));
    world_run_sql(w, world_text(w, "INSERT INTO job_text (org_id, job_id, description) VALUES (%s, %s, 'Ailleurs')", org, p.job));
    world_run_sql(w, world_text(w, "INSERT INTO job_file (org_id, id, job_id, kind, hash, shown_hash, small_hash, picture_state, name, type, size_bytes, added_name, created_at) "
        "SELECT org_id, %s, %s, 'photo', MIN(hash), MIN(hash), MIN(hash), 'ready', 'a.jpg', 'image/jpeg', 1, 'B', 1 FROM file WHERE org_id = %s AND size_bytes > 0 GROUP BY org_id", p.photo, p.job, org));
    world_run_sql(w, world_text(w, "INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, added_name, created_at) "
        "SELECT org_id, %s, %s, 'attachment', MIN(hash), 'a.txt', 'text/plain', 1, 'B', 1 FROM file WHERE org_id = %s AND size_bytes > 0 GROUP BY org_id", p.jobfile, p.job, org));
    world_run_sql(w, world_text(w, "INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at) "
        "SELECT org_id, %s, %s, MIN(hash), 'a.txt', 'text/plain', 1, 1, 'B', 1 FROM file WHERE org_id = %s AND size_bytes > 0 GROUP BY org_id", p.attachment, client, org));
    return p;
}

static void side_set(struct side *side, const char *name, const char *value)
{
    for (int i = 0; side->values[i].name; i++)
        if (strcmp(side->values[i].name, name) == 0)
            side->values[i].value = value;
}

static void scene_open(struct world_test *w, struct scene *s, const char *scope)
{
    *s = (struct scene){ .w = w, .own = side_make(w, "froid-atlantique", "Hôtel Bellerive"), .v = { .w = w } };
    const char *client = side_value(&s->own, "client");
    if (!*world_value(w, "SELECT id FROM site WHERE id = 8800071")) {
        place_make(w, client, "7");
        place_make(w, client, "8");
        place_make(w, world_value(w, world_text(w, "SELECT MIN(id) FROM client WHERE org_id = " FORG " AND id <> %s", client)), "9");
    }
    s->beside = (struct spot){ "8800081", "8800082", "8800083", "8800084", "8800095", "8800086" };      /* a client's own files are no site's: another client's */
    s->elsewhere = (struct spot){ "8800091", "8800092", "8800093", "8800094", "8800095", "8800096" };
    static const char *const names[] = { "site", "site_id", "job", "job_id", "equipment", "equipment_id", "photo", "attachment", "jobfile", NULL };
    static const char *const values[] = { "8800071", "8800071", "8800072", "8800072", "8800073", "8800073", "8800074", "8800075", "8800076" };
    for (int i = 0; names[i]; i++)
        side_set(&s->own, names[i], values[i]);
    bool is_job = strcmp(scope, "job") == 0, is_site = strcmp(scope, "site") == 0;
    s->link = link_made(w, &(struct link_wish){ .client_id = strtoll(client, NULL, 10), .site_id = is_site ? 8800071 : 0, .job_id = is_job ? 8800072 : 0, .can_ask = true });
    side_set(&s->own, "link", world_text(w, "%lld", (long long)s->link));
    assert_status(visitor_open(&s->v, s->link, link_made_secret(w, s->link)), 303);
    s->session = visitor_session(&s->v, s->link);
}

static struct side side_of(const struct scene *s, const struct spot *p)
{
    struct side side = s->own;
    const char *const names[] = { "site", "site_id", "job", "job_id", "equipment", "equipment_id", "photo", "attachment", "jobfile" };
    const char *const values[] = { p->site, p->site, p->job, p->job, p->machine, p->machine, p->photo, p->attachment, p->jobfile };
    for (int i = 0; i < 9; i++)
        side_set(&side, names[i], values[i]);
    return side;
}

static struct answer *ask(struct scene *s, const struct route *r, const char *address, const char *form, int rendering)
{
    const char *target = world_text(s->w, "%s%s%s", renderings[rendering][0], address, renderings[rendering][1]);
    return r->method == METHOD_GET ? visitor_get(&s->v, target) : visitor_post(&s->v, s->session, target, form);
}

/* The body without ids and tokens. */
static const char *plain(struct world_test *w, const char *body)
{
    static const char token[] = "name=\"form_token\" value=\"";
    struct buf out;
    buf_init(&out, world_arena(w), (size_t)2 * 1024 * 1024);
    for (const char *at = body; *at;) {
        size_t digits = strspn(at, "0123456789"), skip = digits > 5 ? digits : text_starts(at, token) ? sizeof token - 1 + strcspn(at + sizeof token - 1, "\"") : 0;
        if (!skip)
            buf_add(&out, at, 1);
        at += skip ? skip : 1;
    }
    return buf_end(&out);
}

static void same(struct scene *s, const char *what, const struct answer *foreign, const struct answer *none)
{
    if (foreign->status != none->status || strcmp(plain(s->w, foreign->body), plain(s->w, none->body)) != 0 || strcmp(plain(s->w, foreign->location), plain(s->w, none->location)) != 0)
        fail_msg("%s: told apart from what does not exist: %d %s\n%.1500s\n---- %d %s\n%.1500s", what, foreign->status, foreign->location, foreign->body, none->status, none->location, none->body);
}

/* ---- Outside its space: as for nobody at all ---- */

static void nothing_outside(struct scene *s, const char *scope)
{
    struct visitor nobody = { .w = s->w };
    int tried = 0;
    for (const struct route **r = routes_all(s->w); *r; r++) {
        if (route_is_of(*r, 'l') || (*r)->right == RIGHT_PUBLIC)
            continue;
        const char *address = route_address(s->w, *r, &s->own, &s->own, 0), *form = (*r)->method == METHOD_POST ? route_form(s->w, *r, &s->own, &s->own, -1) : "";
        for (int i = 0; i < ((*r)->is_raw ? 1 : RENDERINGS); i++, tried++) {
            const char *target = world_text(s->w, "%s%s%s", renderings[i][0], address, renderings[i][1]);
            struct answer *theirs = ask(s, *r, address, form, i);
            struct answer *nobodys = (*r)->method == METHOD_GET ? visitor_get(&nobody, target) : visitor_post(&nobody, 0, target, form);
            same(s, world_text(s->w, "link to a %s at %s", scope, target), theirs, nobodys);
            if (theirs->status == 200)
                fail_msg("link to a %s: %s answers", scope, target);
        }
    }
    assert_true(tried > 300);
}

/* ---- Inside: ids outside the scope ---- */

static void ids_outside(struct scene *s, const char *scope, const struct spot *p, int *tried)
{
    struct side other = side_of(s, p), none = side_unknown(&s->own);
    side_set(&none, "link", side_value(&s->own, "link"));
    for (const struct route **r = routes_all(s->w); *r; r++) {
        const char *names[ROUTE_IDS];
        int ids = route_is_of(*r, 'l') && (*r)->right != RIGHT_PUBLIC ? route_ids(*r, names) : 0;
        for (unsigned mask = 2; ids > 1 && mask < 1u << ids; mask += 2)                     /* the first id is the link's own */
            for (int i = 0; i < ((*r)->is_raw ? 1 : RENDERINGS); i++, ++*tried) {
                const char *form = (*r)->method == METHOD_POST ? route_form(s->w, *r, &s->own, &s->own, -1) : "";
                struct answer *foreign = ask(s, *r, route_address(s->w, *r, &s->own, &other, mask), form, i);
                same(s, world_text(s->w, "link to a %s: %s", scope, (*r)->pattern), foreign, ask(s, *r, route_address(s->w, *r, &s->own, &none, mask), form, i));
                assert_status(foreign, 404);
            }
        for (int field = 0; ids > 0 && (*r)->method == METHOD_POST && field < route_id_fields(*r); field++, ++*tried) {
            const char *address = route_address(s->w, *r, &s->own, &s->own, 0);
            if (strcmp(route_form(s->w, *r, &s->own, &other, field), route_form(s->w, *r, &s->own, &s->own, field)) == 0)
                continue;                                                                 /* a field that is no place's */
            struct answer *foreign = ask(s, *r, address, route_form(s->w, *r, &s->own, &other, field), 0);
            same(s, world_text(s->w, "link to a %s: form of %s", scope, (*r)->pattern), foreign, ask(s, *r, address, route_form(s->w, *r, &s->own, &none, field), 0));
            if (foreign->status < 400)
                fail_msg("link to a %s: %s takes an id outside its scope: %d", scope, (*r)->pattern, foreign->status);
        }
    }
}

/* The same walk within: it answers, so that the 404 above says something; and nothing of what lies outside is named. */
static void much_inside(struct scene *s, const char *scope)
{
    int open = 0;
    bool is_job = strcmp(scope, "job") == 0;
    for (const struct route **r = routes_all(s->w); *r; r++) {
        if (!route_is_of(*r, 'l') || (*r)->method != METHOD_GET || (*r)->right == RIGHT_PUBLIC)
            continue;
        struct answer *answer = ask(s, *r, route_address(s->w, *r, &s->own, &s->own, 0), "", (*r)->is_raw ? 0 : 1);
        open += answer->status == 200;
        bool is_narrower = is_job || (strcmp(scope, "site") == 0 && strstr((*r)->pattern, "/shared/"));   /* the client's own files are no site's */
        if (answer->status != 200 && answer->status != 303 && !(is_narrower && answer->status == 404))
            fail_msg("link to a %s: %s answers %d", scope, (*r)->pattern, answer->status);
        if (is_job && (*r)->right == RIGHT_JOB_ASK)
            assert_status(answer, 404);                                                   /* from one job no job is asked for */
        if (strstr(answer->body, s->elsewhere.job) || (strcmp(scope, "client") != 0 && (strstr(answer->body, s->beside.job) || strstr(answer->body, s->beside.machine))))
            fail_msg("link to a %s: %s names what lies outside", scope, (*r)->pattern);
    }
    if (open < PAGES_LEAST)
        print_message("link to a %s: only %d pages answer\n", scope, open);
}

WORLD_TEST(l_2_a_link_reaches_its_scope_and_nothing_else)
{
    for (int i = 0; i < SCOPES; i++) {
        struct scene s;
        int tried = 0;
        scene_open(w, &s, scopes[i]);
        const char *before = world_digest(w, 0);
        nothing_outside(&s, scopes[i]);
        ids_outside(&s, scopes[i], &s.elsewhere, &tried);
        if (strcmp(scopes[i], "client") != 0)
            ids_outside(&s, scopes[i], &s.beside, &tried);
        assert_string_equal(before, world_digest(w, 0));     /* nothing was written by trying */
        much_inside(&s, scopes[i]);
    }
}

/* Another link's space, of the same client even, with the cookie of this one: as a link that is none. */
WORLD_TEST(l_2_the_cookie_of_one_link_opens_no_other)
{
    struct scene s;
    scene_open(w, &s, "client");
    int64_t other = link_made(w, &(struct link_wish){ .client_id = strtoll(side_value(&s.own, "client"), NULL, 10), .can_ask = true });
    struct side theirs = s.own, none = s.own;
    side_set(&theirs, "link", world_text(w, "%lld", (long long)other));
    side_set(&none, "link", world_text(w, "%lld", (long long)other + 1));
    for (const struct route **r = routes_all(w); *r; r++)
        for (int i = 0; route_is_of(*r, 'l') && (*r)->right != RIGHT_PUBLIC && i < ((*r)->is_raw ? 1 : RENDERINGS); i++) {
            const char *form = (*r)->method == METHOD_POST ? route_form(w, *r, &s.own, &s.own, -1) : "";
            struct answer *answer = ask(&s, *r, route_address(w, *r, &theirs, &theirs, 0), form, i);
            same(&s, (*r)->pattern, answer, ask(&s, *r, route_address(w, *r, &none, &none, 0), form, i));
            assert_true(answer->status == 303 || answer->status == 401);
        }
}

WORLD_MAIN("link reach", WORLD_CASE(l_2_a_link_reaches_its_scope_and_nothing_else), WORLD_CASE(l_2_the_cookie_of_one_link_opens_no_other))
