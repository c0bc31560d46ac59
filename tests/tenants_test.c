/* whatever belongs to somebody else answers exactly as what does not exist, to the byte, in every rendering and for
   every route; and no query gives or changes a row of another organization. Routes, forms and queries are found by
   themselves: a new one is tested without a line here. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"
#include "lib/queries.h"
#include "lib/routes.h"
#include "mandate/access.h"

/* Somebody in their own space, who tries what is the other side's. */
struct intruder { const char *email; char space; struct side own, other; };

enum { INTRUDERS = 4 };

/* They follow their own jobs, too, and the plan has « Galerie ». */
static void jobs_give(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, world_text(w, "SELECT MIN(org_id) FROM contact WHERE email = '%s'", email));
    world_run_sql(w, world_text(w, "INSERT INTO organization_option (org_id, name, since_at) VALUES (%lld, 'gallery', 1) ON CONFLICT DO NOTHING", (long long)c.who.org_id));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(access_give(&c, world_number(w, world_text(w, "SELECT MIN(id) FROM contact WHERE email = '%s'", email)), "jobs", "", NULL));
    must(db_commit(c.db, c.arena));
}

static void intruders_make(struct world_test *w, struct intruder out[INTRUDERS])
{
    struct side bellerive = side_make(w, "froid-atlantique", "Hôtel Bellerive"), pixel = side_make(w, "hexanode", "Studio Pixel");
    const char *another = world_value(w, world_text(w, "SELECT MIN(p.email) FROM mandate d JOIN contact ct ON ct.org_id = d.org_id AND ct.id = d.holder_contact_id "
        "JOIN person p ON p.id = ct.person_id WHERE d.org_id = %lld AND d.kind = 'access' AND d.detail = 'tickets' AND ct.client_id <> %s "
        "AND EXISTS (SELECT 1 FROM ticket t WHERE t.org_id = d.org_id AND t.client_id = ct.client_id)", (long long)bellerive.org_id, side_value(&bellerive, "client")));
    const char *client = world_value(w, world_text(w, "SELECT cl.name FROM contact ct JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id WHERE ct.email = '%s'", another));
    out[0] = (struct intruder){ "camille.vasseur@hexanode.example", 'o', pixel, bellerive };                     /* a member of another organization */
    out[1] = (struct intruder){ "leo.fabre@studio-pixel.example", 'p', pixel, bellerive };                       /* a contact of another organization */
    out[2] = (struct intruder){ "leo.fabre@studio-pixel.example", 'p', pixel, side_make(w, "hexanode", "Garage Duval") };
    out[3] = (struct intruder){ another, 'p', side_make(w, "froid-atlantique", client), bellerive };             /* a contact of another client */
    jobs_give(w, "leo.fabre@studio-pixel.example");
    jobs_give(w, another);
    for (int i = 0; i < INTRUDERS; i++)
        world_cookie(w, out[i].email);   /* signed in before anything is compared */
}

/* Nothing has changed but how often was tried; else which tables did. */
static void same_rows(struct world_test *w, const char *before)
{
    int changed = 0;
    char *old = arena_text(world_arena(w), before), *new = arena_text(world_arena(w), world_digest(w, 0));
    for (char *a, *b; (a = strsep(&old, "\n")) && (b = strsep(&new, "\n"));)
        if (strcmp(a, b) != 0 && !text_starts(a, "attempt "))
            print_message("  %.*s\n", (int)strcspn(a, " "), a), changed++;
    assert_int_equal(changed, 0);
}

static void answers_same(const char *what, const struct answer *foreign, const struct answer *unknown)
{
    if (foreign->status != unknown->status || strcmp(foreign->type, unknown->type) != 0 || strcmp(foreign->location, unknown->location) != 0
        || foreign->len != unknown->len || memcmp(foreign->body, unknown->body, foreign->len) != 0)
        fail_msg("%s: somebody else's and none are told apart: %d %s\n%.2000s\n---- %d %s\n%.2000s", what, foreign->status, foreign->location, foreign->body,
            unknown->status, unknown->location, unknown->body);
}

/* ---- Addresses ---- */

static const char *const renderings[][2] = { { "", "" }, { "", ".json" }, { "/api/1", "" }, { "", ".csv" } };
enum { RENDERINGS = sizeof renderings / sizeof *renderings };

static struct answer *ask(struct world_test *w, const struct intruder *in, const struct route *r, const char *address, int rendering, const char *form)
{
    const char *target = world_text(w, "%s%s%s", renderings[rendering][0], address, renderings[rendering][1]);
    return r->method == METHOD_GET ? world_get(w, in->email, target) : world_post(w, in->email, target, form);
}

static void compare(struct world_test *w, const struct intruder *in, const struct route *r, const char *foreign, const char *unknown)
{
    const char *forms[] = { route_form(w, r, &in->own, &in->own, -1), "" };
    for (int rendering = 0; rendering < RENDERINGS; rendering++)
        for (int i = 0; i < (r->method == METHOD_POST ? 2 : 1); i++) {
            struct answer *theirs = ask(w, in, r, foreign, rendering, forms[i]);
            answers_same(world_text(w, "%s%s for %s", foreign, renderings[rendering][1], in->email), theirs, ask(w, in, r, unknown, rendering, forms[i]));
            assert_status(theirs, 404);
        }
}

/* With every choice of the address's ids being somebody else's. */
static int route_try(struct world_test *w, const struct intruder *in, const struct route *r)
{
    const char *names[ROUTE_IDS];
    int ids = route_ids(r, names);
    struct side none = side_unknown(&in->other);
    for (unsigned mask = 1; mask < 1u << ids; mask++)
        compare(w, in, r, route_address(w, r, &in->own, &in->other, mask), route_address(w, r, &in->own, &none, mask));
    return ids;
}

WORLD_TEST(x_2_an_id_of_somebody_else_does_not_exist)
{
    struct intruder in[INTRUDERS];
    intruders_make(w, in);
    int tried = 0;
    const char *before = world_digest(w, 0);
    for (int i = 0; i < INTRUDERS; i++)
        for (const struct route **r = routes_all(w); *r; r++)
            if (route_is_of(*r, in[i].space) || route_is_of(*r, 0))
                tried += route_try(w, &in[i], *r) > 0;
    assert_true(tried > 20);
    same_rows(w, before);   /* nothing was written */
}

/* The same addresses with one's own ids: they are right, so the 404 above was not for another reason. */
WORLD_TEST(x_2_the_same_addresses_exist_for_their_owner)
{
    struct intruder in[INTRUDERS];
    intruders_make(w, in);
    for (int i = 0; i < INTRUDERS; i++)
        for (const struct route **r = routes_all(w); *r; r++) {
            const char *names[ROUTE_IDS];
            if (!route_is_of(*r, in[i].space) || !route_ids(*r, names) || (*r)->method != METHOD_GET)
                continue;
            const char *address = route_address(w, *r, &in[i].own, &in[i].own, 0);
            struct answer *answer = world_get(w, in[i].email, address);
            if (answer->status != 200 && answer->status != 303)
                fail_msg("%s for %s: %d", address, in[i].email, answer->status);
        }
}

/* A whole space of others: as one that nobody has. */
WORLD_TEST(x_2_a_space_of_others_does_not_exist)
{
    struct intruder in[INTRUDERS];
    intruders_make(w, in);
    for (int i = 0; i < 2; i++) {
        struct intruder there = in[i];
        struct side none = there.other;
        there.own = there.other;
        none.slug = "nulle-part";
        for (const struct route **r = routes_all(w); *r; r++)
            if ((route_is_of(*r, 'o') || route_is_of(*r, 'p')) && (*r)->right != RIGHT_PUBLIC)
                compare(w, &there, *r, route_address(w, *r, &there.other, &there.other, 0), route_address(w, *r, &none, &none, 0));
    }
}

/* ---- Ids inside forms and filters ---- */

/* What may differ between two answers: a page's token, and the ids that were sent. Taken out of both alike. */
static const char *without(struct world_test *w, const char *body, const char *const ids[2])
{
    static const char token[] = "name=\"form_token\" value=\"";
    struct buf out;
    buf_init(&out, world_arena(w), (size_t)4 * 1024 * 1024);
    const char first[] = { ids[0][0], ids[1][0], token[0], '\0' };
    for (const char *at = body; *at;) {
        size_t skip = text_starts(at, ids[0]) ? strlen(ids[0]) : text_starts(at, ids[1]) ? strlen(ids[1]) : 0, plain = 1 + strcspn(at + 1, first);
        if (text_starts(at, token))
            skip = sizeof token - 1 + strcspn(at + sizeof token - 1, "\"");
        if (skip)
            buf_text(&out, "…");
        else
            buf_add(&out, at, plain);
        at += skip ? skip : plain;
    }
    return buf_end(&out);
}

static void same_but_ids(struct world_test *w, const char *what, const struct answer *foreign, const struct answer *unknown, const char *foreign_id, const char *unknown_id)
{
    const char *const ids[] = { foreign_id, unknown_id };
    const char *one = without(w, foreign->body, ids), *two = without(w, unknown->body, ids);
    if (foreign->status != unknown->status || strcmp(one, two) != 0)
        fail_msg("%s: somebody else's and none are told apart: %d\n%.2000s\n---- %d\n%.2000s", what, foreign->status, one, unknown->status, two);
}

static const struct field *id_field(const struct route *r, int number)
{
    const struct field *f = r->form;
    for (;; f++)
        if (f->kind == FIELD_ID && number-- == 0)
            return f;
}

static void field_try(struct world_test *w, const struct intruder *in, const struct route *r, int number)
{
    struct side none = side_unknown(&in->other);
    const char *field = id_field(r, number)->name, *address = route_address(w, r, &in->own, &in->own, 0);
    for (int rendering = 0; rendering < 2; rendering++) {
        struct answer *theirs = ask(w, in, r, address, rendering, route_form(w, r, &in->own, &in->other, number));
        struct answer *nobodys = ask(w, in, r, address, rendering, route_form(w, r, &in->own, &none, number));
        same_but_ids(w, world_text(w, "%s, field %s", address, field), theirs, nobodys, side_value(&in->other, field), side_value(&none, field));
        if (theirs->status != 422 && theirs->status != 404)
            fail_msg("%s takes somebody else's %s: %d", address, field, theirs->status);
    }
}

WORLD_TEST(x_2_an_id_of_somebody_else_in_a_form_is_refused_as_none)
{
    struct intruder in[INTRUDERS];
    intruders_make(w, in);
    int tried = 0;
    const char *before = world_digest(w, 0);
    for (int i = 0; i < 2; i++)   /* types, priorities and members are an organization's, not a client's */
        for (const struct route **r = routes_all(w); *r; r++)
            for (int number = 0; route_is_of(*r, in[i].space) && number < route_id_fields(*r); number++, tried++)
                field_try(w, &in[i], *r, number);
    assert_true(tried >= 4);
    same_rows(w, before);
    for (int i = 0; i < 2; i++)   /* and the same forms with one's own ids are taken */
        for (const struct route **r = routes_all(w); *r; r++)
            if (route_is_of(*r, in[i].space) && route_id_fields(*r))
                assert_status(world_post(w, in[i].email, route_address(w, *r, &in[i].own, &in[i].own, 0), route_form(w, *r, &in[i].own, &in[i].own, -1)), 303);
}

WORLD_TEST(x_2_an_id_of_somebody_else_in_a_filter_finds_nothing)
{
    static const struct { const char *filter, *value; } filters[] = {
        { "client", "client" }, { "contact", "contact" }, { "priority", "priority_id" }, { "assignee", "member_id" }, { "type", "type_id" }, { "ticket", "ticket" },
    };
    struct intruder in[INTRUDERS];
    intruders_make(w, in);
    for (int i = 0; i < INTRUDERS; i++)
        for (const struct route **r = routes_all(w); *r; r++) {
            const char *names[ROUTE_IDS];
            if ((*r)->method != METHOD_GET || !route_is_of(*r, in[i].space) || route_ids(*r, names))
                continue;
            for (size_t n = 0; n < sizeof filters / sizeof *filters; n++) {
                const char *address = route_address(w, *r, &in[i].own, &in[i].own, 0), *id = side_value(&in[i].other, filters[n].value), *none = "777777777777777777";
                struct answer *theirs = world_get(w, in[i].email, world_text(w, "%s.json?%s=%s", address, filters[n].filter, id));
                struct answer *nobodys = world_get(w, in[i].email, world_text(w, "%s.json?%s=%s", address, filters[n].filter, none));
                same_but_ids(w, world_text(w, "%s?%s", address, filters[n].filter), theirs, nobodys, id, none);
            }
        }
}

/* ---- Queries ---- */

enum { STRANGER = 5151 };

/* Reaches something although every parameter but the organization, the person and the session is another's. Read each line: it is
   what keeps tenants apart outside the SQL. One that is no longer needed fails the test as well. */
static const struct { const char *query, *why; } allowed[] = {
    { "desk_counts", "one row, of zeros" }, { "desk_search_count", "the same" },
    { "desk_zone", "the zone of the organization whose query it is" }, { "job_zone", "the same" }, { "import_job_begin", "the same" },
    { "job_search_count", "one row, of zero" }, { "word_cut", "the same" }, { "job_counts", "the same" }, { "job_file_counts", "the same" },
    { "planning_waiting_count", "one row, of zero" }, { "planning_late_count", "the same" }, { "planning_week_count", "the same" }, { "planning_tickets", "the same" },
    { "planning_rating", "the same" }, { "planning_photo_count", "the same" },
    { "portal_counts", "one row, of zeros" }, { "portal_asked_lately", "the same" }, { "portal_brought_lately", "the same" }, { "portal_organization", "one's own organization" },
    { "organization_show", "one's own organization" }, { "partner_ask_show", "one's own organization" }, { "personal_company", "one's own organization" }, { "sheet_organization", "one's own organization" }, { "contact_space", "one's own organization" }, { "ticket_number", "one's own counter" },
    { "account_show", "oneself" }, { "account_secret", "oneself" }, { "account_sessions", "oneself" }, { "session_hold", "one's own session" }, { "session_renew", "one's own session" },
    { "form_once_put", "of one's own session" },
    { "contact_person", "people are the server's: the one that the contact's row names" }, { "contact_person_add", "people are the server's" },
    { "contact_person_by_email", "people are the server's: the one with the contact's address, named to nobody" },
    { "member_space", "one's own organization" }, { "white_label_show", "one's own organization" }, { "member_partner", "one's own organization" }, { "member_lang", "people are the server's: the one that the member's row names" },
    { "member_person", "people are the server's: the one with the address that is invited, named to nobody" }, { "member_person_add", "people are the server's" },
    { "membership_person", "people are the server's: the one that the membership names" },
    { "session_insert", "of who has just signed in" }, { "session_stop_all", "of who changed their password" }, { "session_seen", "traces: the session's own id" },
    { "link_browser_insert", "browsers are the server's: the one that opens a link" }, { "link_browser_renew", "browsers are the server's, as above" }, { "link_session_seen", "traces: the session's own id" },
    { "password_put", "of who signed in, or of a mailed link" }, { "password_links_end", "of who signed in, or of a mailed link" },
    { "password_link_take", "of a mailed link, whose id stands behind a MAC" },
    { "mail_link_insert", "for the person a message goes to" }, { "mail_link_end_older", "of the person a newer one goes to" }, { "attempt_count", "limits: a key that is a hash" },
    { "mail_insert", "whose brand it wears: said by who queues it, 0 is the server" }, { "mail_body_insert", "of the message just made" },
    { "mail_file_insert", "of the message just made" },
    { "work_insert", "whose job it is: said by who queues it, 0 is the server" },
    { "session_purge", "the server cleans up" }, { "form_seen_purge", "the server cleans up" }, { "attempt_purge", "the server cleans up" }, { "link_purge", "the server cleans up" },
    { "holder_insert", "of the mandate just made" }, { "mandate_trace_put", "traces: of the mandate used" },
    { "journal_head_make", "which log: journal_write says" }, { "journal_head_take", "which log: journal_write says" },
    { "journal_head_put", "which log: journal_write says" }, { "journal_insert", "which log: journal_write says" },
    { "journal_payload_insert", "which log: journal_write says" }, { "journal_payload_delete", "which log: journal_erase says" },
    { "member_insert", "membership_give: the organization is said by who offers" }, { "membership_insert", "membership_give, as above" },
    { "member_name_put", "membership_give, as above" }, { "member_collaborator_mark", "membership_give, as above" }, { "member_word_clear", "membership_give, as above" }, { "member_word_add", "membership_give, as above" },
    { "membership_accept", "accepted by a person who is in no organization's space: the invitation names it" }, { "membership_drop", "declined, as above" },
    { "demo_organization_insert", "the demonstration is filled" }, { "demo_organization_client", "the demonstration is filled" },
    { "demo_person_insert", "the demonstration is filled" },
    { "help_organization", "one's own organization" }, { "help_organization_take", "one's own organization" },
    { "help_person", "oneself" },
    { "file_lock", "gives that the lock is taken (PostgreSQL)" },
};
enum { ALLOWED = sizeof allowed / sizeof *allowed };

static bool is_allowed(const struct query *q, bool used[ALLOWED])
{
    for (size_t i = 0; i < ALLOWED; i++)
        if (strcmp(allowed[i].query, q->name) == 0)
            return used[i] = true;
    return false;
}

/* An organization with nothing in it, and somebody there: whatever is given to them is somebody else's. */
static void stranger_make(struct world_test *w)
{
    queries_fill(w, 0);
    world_run_sql(w, "INSERT INTO organization (id, slug, name, created_at) VALUES (5151, 'etrangere', 'Étrangère', 1)");
    world_run_sql(w, "INSERT INTO person (id, email, email_key, first_name, last_name, created_at) VALUES (5151, 'e@e.example', 'e@e.example', 'E', 'E', 1)");
    world_run_sql(w, "INSERT INTO session (id, hash, person_id, remote, agent, created_at, seen_at, expires_at) VALUES (5151, 'e', 5151, '', '', 1, 1, 9000000000000000000)");
    query_param_set("org", STRANGER);
    query_param_set("person", STRANGER);
    query_param_set("session", STRANGER);
}

/* A refusal by a constraint gives and changes nothing. */
static struct err *refused_or(struct err *e) { return e && e->code == ERR_CONFLICT ? NULL : e; }

static size_t rows_given(struct world_test *w, const struct query *q, unsigned clauses)
{
    struct doc *rows = doc_list(world_arena(w));
    struct err *e = db_begin(world_db(w), world_arena(w), q->is_write ? DB_WRITE : DB_READ);
    e = refused_or(e ? e : db_rows(world_db(w), world_arena(w), q, query_params(w, q, clauses), &rows));
    db_rollback(world_db(w));
    if (e)
        fail_msg("%s: %s", q->name, e->detail);
    return doc_count(rows);
}

/* is_kept: the change stays. */
static int64_t rows_changed(struct world_test *w, const struct query *q, bool is_kept)
{
    int64_t changed = 0;
    struct err *e = db_begin(world_db(w), world_arena(w), DB_WRITE), *wrong;
    e = e ? e : db_run(world_db(w), world_arena(w), q, query_params(w, q, query_variants(q) - 1), &changed);
    wrong = refused_or(e);
    if (!e && is_kept)
        wrong = db_commit(world_db(w), world_arena(w));
    db_rollback(world_db(w));
    if (wrong)
        fail_msg("%s: %s", q->name, wrong->detail);
    return e ? 0 : changed;
}

static int read_faults(struct world_test *w, const struct query *const *all, bool used[ALLOWED])
{
    int faults = 0;
    for (const struct query *const *q = all; *q; q++) {
        size_t given = 0;
        for (unsigned clauses = 0; !(*q)->is_across && clauses < query_variants(*q); clauses++)
            given += rows_given(w, *q, clauses);
        if (!given || is_allowed(*q, used))
            continue;
        print_message("%s (%s) gives rows of somebody else\n", (*q)->name, (*q)->file);
        faults++;
    }
    return faults;
}

/* What is written lies in the stranger's own organization: outside it, every row is as it was. */
static int write_faults(struct world_test *w, const struct query *const *all, bool used[ALLOWED])
{
    struct buf done;
    buf_init(&done, world_arena(w), 20000);
    const char *before = world_digest(w, STRANGER);
    for (const struct query *const *q = all; *q; q++)
        if ((*q)->is_write && !(*q)->is_across && rows_changed(w, *q, false) && !is_allowed(*q, used)) {
            rows_changed(w, *q, true);
            buf_printf(&done, " %s", (*q)->name);
        }
    const char *after = world_digest(w, STRANGER);
    if (strcmp(before, after) == 0)
        return 0;
    print_message("one of these changes rows of somebody else:%s; in:\n", buf_end(&done));
    char *old = arena_text(world_arena(w), before), *new = arena_text(world_arena(w), after);
    for (char *a, *b; (a = strsep(&old, "\n")) && (b = strsep(&new, "\n"));)
        if (strcmp(a, b) != 0)
            print_message("  %.*s\n", (int)strcspn(a, " "), a);
    return 1;
}

static int needless(const bool used[ALLOWED])
{
    int count = 0;
    for (size_t i = 0; i < ALLOWED; i++)
        if (!used[i] && strcmp(allowed[i].query, "file_lock") != 0) {
            print_message("%s reaches nothing of others: its line in `allowed` is not needed\n", allowed[i].query);
            count++;
        }
    return count;
}

WORLD_TEST(x_2_no_query_gives_a_stranger_anything)
{
    bool used[ALLOWED] = { false };
    const struct query **all = queries_all(w);
    stranger_make(w);
    int faults = read_faults(w, all, used);
    faults += write_faults(w, all, used);
    faults += needless(used);
    if (faults)
        fail_msg("%d queries", faults);
}

WORLD_MAIN("tenants", WORLD_CASE(x_2_an_id_of_somebody_else_does_not_exist), WORLD_CASE(x_2_the_same_addresses_exist_for_their_owner),
    WORLD_CASE(x_2_a_space_of_others_does_not_exist), WORLD_CASE(x_2_an_id_of_somebody_else_in_a_form_is_refused_as_none),
    WORLD_CASE(x_2_an_id_of_somebody_else_in_a_filter_finds_nothing), WORLD_CASE(x_2_no_query_gives_a_stranger_anything))
