/* Thousands of dossiers (S-4, S-15): the list and each of its filters cost at 5,000 what they cost at 50, and a support is asked for at 1,000 at once,
   whole or not at all, its letters with it. Cost is counted: rows looked at, and on SQLite the steps of its machine for the whole request. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "lib/routes.h"
#include "mandate/access.h"
#include "mandate/journal.h"

#define SABINE "sabine.cozic@froid-atlantique.example"      /* here the administrator of a partner */
#define HUGO "hugo.marchetti@lanterne.example"              /* and a collaborator of hers */
#define NADIA "nadia.ferrand@tivoli.example"                /* administrator of each client */
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define LIST "/partner/froid-atlantique/dossiers"
#define HOME "800000000000000"                              /* ids of what is made here */

enum { FEW = 50, MANY = 5000, AT_ONCE = 1000 };

/* « Froid Atlantique » as a partner, with a collaborator; their member id. */
static const char *partner_make(struct world_test *w)
{
    struct ctx c;
    int64_t member_id = 0;
    world_run_sql(w, "UPDATE organization SET is_partner = 1 WHERE slug = 'froid-atlantique'");
    world_ctx(w, &c);
    c.who.person_id = world_number(w, "SELECT id FROM person WHERE email = '" SABINE "'");
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(membership_give(&c, c.who.org_id, world_number(w, "SELECT id FROM person WHERE email = '" HUGO "'"), "collaborator", "", &member_id));
    must(db_commit(c.db, c.arena));
    return world_text(w, "%lld", (long long)member_id);
}

/* One statement for each number from..upto, made by the database itself. */
static void each(struct world_test *w, int from, int upto, const char *insert_select)
{
    const char *at = strstr(insert_select, "SELECT");
    world_run_sql(w, world_text(w, "%.*s WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) %s FROM n", (int)(at - insert_select), insert_select, from, upto, at));
}

/* Client organizations and their dossiers; `how` is the SQL of what differs: state, member_id, ends_at, city. Names do not come in the order of the ids. */
static void dossiers_make(struct world_test *w, int from, int upto, const char *how)
{
    each(w, from, upto, "INSERT INTO organization (id, slug, name, city, created_at) SELECT " HOME " + i, 'client-' || i, 'Client ' || i, 'Brest', 1");
    each(w, from, upto, world_text(w, "INSERT INTO dossier (org_id, id, client_org_id, mandate_id, name, name_key, state, member_id, ends_at, city, created_at, changed_at) "
        "SELECT " ORG ", " HOME " + i, " HOME " + i, " HOME " + i, 'Client ' || i, 'client ' || ((i * 7919) %% 10007), %s, 1, 1", how));
    each(w, from, upto, "INSERT INTO dossier_word (org_id, word, dossier_id) SELECT " ORG ", 'c' || (100000 + i), " HOME " + i");
    if (world_kind(w) == DB_POSTGRESQL)
        world_run_sql(w, "ANALYZE");
}

/* ---- What the list costs ---- */

static const char *const filters[] = { "", "?state=active", "?support=MEMBER", "?state=active&support=MEMBER", "?ends=1", "?ends=7", "?ends=30", "?search=c100007", "?search=lorient" };
enum { FILTERS = sizeof filters / sizeof *filters };

static int64_t steps;               /* of all statements since the last look */

static int step_count(unsigned what, void *context, void *statement, void *took)
{
    (void)what;
    (void)context;
    (void)took;
    steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

static int step_count_all(sqlite3 *connection, const char **error, const void *api)
{
    (void)error;
    (void)api;
    return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, step_count, NULL);
}

/* Steps of the request on SQLite; on PostgreSQL what its plans look at. */
static int64_t cost_whole(struct world_test *w, const char *target, size_t *ret_rows)
{
    struct arena arena;
    arena_init(&arena, (size_t)32 << 20);
    sqlite3_auto_extension((void (*)(void))(uintptr_t)step_count_all);
    struct db *db = world_db_new(w, &arena);
    sqlite3_cancel_auto_extension((void (*)(void))(uintptr_t)step_count_all);
    const struct world_request ask = { .cookie = world_cookie(w, SABINE), .method = METHOD_GET, .target = target, .type = "", .body = "" };
    world_ask(w, world_arena(w), db, &ask);             /* once for the statements to be prepared */
    steps = 0;
    struct answer *answer = world_ask(w, world_arena(w), db, &ask);
    assert_status(answer, 200);
    *ret_rows = doc_count(doc_get(answer->doc, "dossiers"));
    db_close(db);
    arena_free(&arena);
    return steps;
}

/* PostgreSQL reads a table of this size whole, because that is cheaper; here the question is whether indexes could answer (as in tests/queries_test.c). */
static struct db *db_by_index(struct world_test *w)
{
    static const char *const off[] = { "enable_seqscan", "enable_mergejoin", "enable_hashjoin", "enable_bitmapscan" };
    for (size_t i = 0; i < sizeof off / sizeof *off && world_kind(w) == DB_POSTGRESQL; i++)
        world_run_sql(w, world_text(w, "ALTER DATABASE %s SET %s = off", world_value(w, "SELECT current_database()"), off[i]));
    return world_db_new(w, world_arena(w));
}

static int64_t cost_rows(struct world_test *w, int filter, int64_t member_id)
{
    struct db *db = db_by_index(w);
    struct doc *plan = NULL;
    const struct query *q = filter < 4 ? &sql_dossier_list : filter < 7 ? &sql_dossier_ending : &sql_dossier_search;
    static const int days[] = { 1, 7, 30 };
    const char *word = filter == 7 ? "c100007" : "lorient", *word_end = filter == 7 ? "c100008" : "lorienu";
    const struct param org = P_INT("org", world_number(w, "SELECT " ORG)), person = P_INT("person", 1), most = P_INT("page_limit", 51), after = P_ABSENT("page_after"), id = P_ABSENT("page_id");
    const struct param state = P_ANY("state", filter == 1 || filter == 3, P_TEXT("state", "active")), support = P_ANY("support", filter == 2 || filter == 3, P_INT("support", member_id));
    const struct param until = P_INT("until", world_now(w) + (filter < 4 || filter > 6 ? 0 : days[filter - 4]) * CLOCK_DAY_MS);
    must(db_begin(db, world_arena(w), DB_READ));
    must(db_explain(db, world_arena(w), q, filter < 4 ? PARAMS(org, person, state, support, most, after, id) : filter < 7 ? PARAMS(org, person, until, most, after, id)
        : PARAMS(org, person, P_TEXT("word", word), P_TEXT("word_end", word_end), P_ABSENT("word2"), P_ABSENT("word2_end"), P_ABSENT("word3"), P_ABSENT("word3_end"), most, after, id), &plan));
    db_close(db);
    return doc_int_of(plan, "rows_visited");
}

struct cost { int64_t rows, steps; size_t given; };

static void costs_read(struct world_test *w, const char *member, struct cost out[FILTERS])
{
    for (int i = 0; i < FILTERS; i++) {
        const char *filter = strstr(filters[i], "MEMBER");
        const char *target = filter ? world_text(w, LIST ".json%.*s%s", (int)(filter - filters[i]), filters[i], member) : world_text(w, LIST ".json%s", filters[i]);
        out[i].steps = cost_whole(w, target, &out[i].given);
        out[i].rows = cost_rows(w, i, strtoll(member, NULL, 10));
    }
}

WORLD_TEST(s_4_the_list_and_its_filters_cost_at_5000_dossiers_what_they_cost_at_50)
{
    struct cost few[FILTERS], many[FILTERS];
    const char *member = partner_make(w);
    world_run_sql(w, "DELETE FROM dossier WHERE org_id = " ORG);
    dossiers_make(w, 1, FEW, world_text(w, "'active', %s, %lld, 'Lorient'", member, (long long)world_now(w) + CLOCK_HOUR_MS));
    each(w, 1, FEW, "INSERT INTO dossier_word (org_id, word, dossier_id) SELECT " ORG ", 'lorient', " HOME " + i");
    costs_read(w, member, few);
    dossiers_make(w, FEW + 1, MANY, world_text(w, "CASE WHEN i %% 3 = 0 THEN 'active' ELSE 'none' END, CASE WHEN i %% 2 = 0 THEN %s ELSE NULL END, %lld + i * 60000, 'Brest'",
        member, (long long)world_now(w) + CLOCK_HOUR_MS));
    costs_read(w, member, many);
    for (int i = 0; i < FILTERS; i++) {
        assert_true(few[i].given == many[i].given && few[i].given == (i == 7 ? 1 : FEW));       /* as many on the page, so that costs can be compared */
        if (10 * many[i].rows > 13 * few[i].rows || (world_kind(w) == DB_SQLITE && 10 * many[i].steps > 13 * few[i].steps))
            fail_msg("'%s': %lld rows and %lld steps at %d, %lld and %lld at %d", filters[i], (long long)few[i].rows, (long long)few[i].steps, FEW,
                (long long)many[i].rows, (long long)many[i].steps, MANY);
    }
}

/* ---- A thousand at once ---- */

static int64_t count(struct world_test *w, const char *what) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM %s", what)); }

WORLD_TEST(s_4_a_thousand_are_asked_for_at_once_or_none)
{
    const char *member = partner_make(w), *form = world_text(w, "is_all=1&act=assign&member_id=%s&level=read&hours=24&reason=TVA", member);
    world_run_sql(w, "DELETE FROM dossier WHERE org_id = " ORG);
    dossiers_make(w, 1, AT_ONCE, "'none', NULL, NULL, 'Brest'");
    each(w, 1, AT_ONCE, "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " HOME " + i, " HOME " + i, 'dossier', 'active', " ORG ", 1, 1");
    each(w, 1, AT_ONCE, "INSERT INTO member (org_id, id, person_id, created_at) SELECT " HOME " + i, 1, (SELECT id FROM person WHERE email = '" NADIA "'), 1");
    each(w, 1, AT_ONCE, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) "
        "SELECT " HOME " + i, 1, 'membership', 'administrator', 'active', (SELECT id FROM person WHERE email = '" NADIA "'), 1, 1, 1");
    int64_t requests = count(w, "support_request"), mails = count(w, "mail"), letters = count(w, "support_letter"), lines = count(w, "journal"), mandates = count(w, "mandate");
    /* The six hundredth has left meanwhile, and the partner's copy does not know yet. */
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE id = " HOME " + 600 AND kind = 'dossier'");
    struct answer *answer = world_post(w, SABINE, LIST, form);
    assert_status(answer, 422);
    assert_has(answer, "rien n’a été demandé");
    assert_true(count(w, "support_request") == requests && count(w, "mail") == mails && count(w, "support_letter") == letters && count(w, "journal") == lines && count(w, "mandate") == mandates);
    assert_int_equal(count(w, "dossier WHERE state = 'none' AND org_id = " ORG), AT_ONCE);
    world_run_sql(w, "UPDATE mandate SET state = 'active', ended_at = NULL WHERE id = " HOME " + 600 AND kind = 'dossier'");
    assert_status(world_post(w, SABINE, LIST, form), 303);
    assert_int_equal(count(w, "support_request WHERE answer = '' AND partner_id = " ORG), AT_ONCE);
    assert_int_equal(count(w, "mail WHERE kind = 'mail_support_asked' AND state = 'queued' AND to_email = '" NADIA "'"), AT_ONCE);
    assert_int_equal(count(w, "support_letter"), letters + AT_ONCE);
    assert_int_equal(count(w, "journal WHERE action = 'dossier_act' AND org_id = " ORG), AT_ONCE);
    assert_int_equal(count(w, "dossier WHERE state = 'asked' AND org_id = " ORG), AT_ONCE);
    dossiers_make(w, AT_ONCE + 1, AT_ONCE + 1, "'none', NULL, NULL, 'Brest'");
    assert_has(world_post(w, SABINE, LIST, form), "resserrez le filtre");
    assert_int_equal(count(w, "mail WHERE kind = 'mail_support_asked' AND to_email = '" NADIA "'"), AT_ONCE);
}

WORLD_MAIN("dossiers", WORLD_CASE(s_4_the_list_and_its_filters_cost_at_5000_dossiers_what_they_cost_at_50), WORLD_CASE(s_4_a_thousand_are_asked_for_at_once_or_none))
