/* Parameters, columns, optional clauses, constraints, explain: the same on both databases. */
#include "db_test.h"
#include <string.h>
#include "base/text.h"

static struct err *item_add(struct world *w, int64_t id, const char *name, int64_t price_cents)
{
    return db_run(w->db, &w->arena, &sql_item_add,
                  PARAMS(P_INT("org", 7), P_ID("id", id), P_TEXT("name", name), P_NULL("note"), P_INT("price_cents", price_cents),
                         P_NULL("data"), P_INT("is_open", id % 2), P_NULL("has_files"), P_INT("now", 1000 * id)), NULL);
}

static void items_add(struct world *w, int64_t count)
{
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    for (int64_t id = 1; id <= count; id++)
        FINE(item_add(w, id, arena_printf(&w->arena, "item %03d", (int)id), 100));
    FINE(db_commit(w->db, &w->arena));
}

static void values_come_back_as_they_went_in(void **state)
{
    struct world *w = world_of(state);
    struct doc *row = NULL;
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(db_run(w->db, &w->arena, &sql_item_add,
                PARAMS(P_INT("org", INT64_MAX), P_INT("id", INT64_MIN), P_TEXT("name", "Écart « 日本 » 'x' \\ $1"), P_TEXT("note", ""),
                       P_INT("price_cents", INT64_C(5000000000)), P_BYTES("data", "\0\xff\x01", 3), P_INT("is_open", 1),
                       P_INT("has_files", 0), P_INT("now", INT64_C(1763776800123))), NULL));
    FINE(db_row(w->db, &w->arena, &sql_item_get, PARAMS(P_INT("org", INT64_MAX), P_INT("id", INT64_MIN)), &row));
    assert_true(doc_int_of(row, "org_id") == INT64_MAX && doc_int_of(row, "id") == INT64_MIN);
    assert_string_equal(doc_text_of(row, "name"), "Écart « 日本 » 'x' \\ $1");
    assert_int_equal(doc_kind(doc_get(row, "note")), DOC_TEXT);
    assert_string_equal(doc_text_of(row, "note"), "");
    assert_true(doc_int_of(row, "price_cents") == INT64_C(5000000000));
    assert_string_equal(doc_text_of(row, "data"), "AP8B");
    assert_int_equal(doc_kind(doc_get(row, "is_open")), DOC_BOOL);
    assert_true(doc_bool_of(row, "is_open"));
    assert_int_equal(doc_kind(doc_get(row, "has_files")), DOC_BOOL);
    assert_false(doc_bool_of(row, "has_files"));
    assert_string_equal(doc_text_of(row, "quoted"), ":name");
    assert_string_equal(doc_key_at(row, 0), "id");
    FINE(db_commit(w->db, &w->arena));
}

static void null_is_null(void **state)
{
    struct world *w = world_of(state);
    struct doc *row = NULL;
    items_add(w, 1);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    FINE(db_row(w->db, &w->arena, &sql_item_get, PARAMS(P_INT("org", 7), P_ID("id", 1)), &row));
    for (const char *const *key = (const char *const[]){ "note", "data", "has_files", NULL }; *key; key++) {
        assert_non_null(doc_get(row, *key));
        assert_int_equal(doc_kind(doc_get(row, *key)), DOC_NULL);
    }
    FINE(db_row(w->db, &w->arena, &sql_item_get, PARAMS(P_INT("org", 7), P_ID("id", 0)), &row));
    assert_null(row);                     /* id 0 is NULL, and equals nothing */
    FINE(db_commit(w->db, &w->arena));
}

/* PostgreSQL guesses the type of a parameter that was NULL at first, and here it guesses a narrow one. */
static void null_first_does_not_narrow_what_follows(void **state)
{
    struct world *w = world_of(state);
    struct doc *row = NULL;
    items_add(w, 1);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    FINE(db_row(w->db, &w->arena, &sql_item_later, PARAMS(P_INT("org", 7), P_NULL("more")), &row));
    assert_int_equal(doc_kind(doc_get(row, "soon_at")), DOC_NULL);
    FINE(db_row(w->db, &w->arena, &sql_item_later, PARAMS(P_INT("org", 7), P_INT("more", INT64_C(1763776800123))), &row));
    assert_true(doc_int_of(row, "soon_at") == INT64_C(1763776800128));
    FINE(db_row(w->db, &w->arena, &sql_item_later, PARAMS(P_INT("org", 7), P_NULL("more")), &row));
    assert_int_equal(doc_kind(doc_get(row, "soon_at")), DOC_NULL);
    FINE(db_commit(w->db, &w->arena));
}

static int64_t list_count(struct world *w, const struct param *params, int64_t *ret_first)
{
    struct doc *list = NULL;
    FINE(db_rows(w->db, &w->arena, &sql_item_list, params, &list));
    *ret_first = doc_int_of(doc_at(list, 0), "id");
    return (int64_t)doc_count(list);
}

static void clauses_come_and_go(void **state)
{
    struct world *w = world_of(state);
    int64_t first = 0;
    items_add(w, 9);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    for (int round = 0; round < 2; round++) {   /* again: the statements are kept */
        assert_int_equal(list_count(w, PARAMS(P_INT("org", 7), P_INT("page_limit", 50)), &first), 9);
        assert_int_equal(first, 9);
        assert_int_equal(list_count(w, PARAMS(P_INT("org", 7), P_TEXT("name", "item 004"), P_INT("page_limit", 50)), &first), 1);
        assert_int_equal(first, 4);
        assert_int_equal(list_count(w, PARAMS(P_INT("page_limit", 2), P_ABSENT("name"), P_INT("org", 7), P_INT("page_after", 6000),
                                              P_ID("page_id", 6)), &first), 2);
        assert_int_equal(first, 5);
        assert_int_equal(list_count(w, PARAMS(P_INT("org", 7), P_TEXT("name", "item 004"), P_INT("page_limit", 50),
                                              P_INT("page_after", 4000), P_ID("page_id", 4)), &first), 0);
        assert_int_equal(list_count(w, PARAMS(P_INT("org", 7), P_INT("page_limit", 50), P_NULL("name")), &first), 0);   /* NULL is given */
    }
    FINE(db_commit(w->db, &w->arena));
}

static void sums_are_integers_and_flags_are_booleans(void **state)
{
    struct world *w = world_of(state);
    struct doc *row = NULL;
    items_add(w, 3);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    FINE(db_row(w->db, &w->arena, &sql_item_sums, PARAMS(P_INT("org", 7)), &row));
    assert_int_equal(doc_int_of(row, "count"), 3);
    assert_int_equal(doc_kind(doc_get(row, "total_cents")), DOC_INT);
    assert_int_equal(doc_int_of(row, "total_cents"), 300);
    assert_int_equal(doc_kind(doc_get(row, "is_large")), DOC_BOOL);
    assert_true(doc_bool_of(row, "is_large"));
    assert_string_equal(doc_text_of(row, "last_name"), "item 003");
    FAILED(db_row(w->db, &w->arena, &sql_item_average, PARAMS(P_INT("org", 7)), &row), ERR_INTERNAL);
    db_rollback(w->db);
}

static void changes_are_counted_and_returned(void **state)
{
    struct world *w = world_of(state);
    int64_t changed = -1;
    struct doc *list = NULL, *row = NULL;
    items_add(w, 4);
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(db_run(w->db, &w->arena, &sql_item_change, PARAMS(P_INT("org", 7), P_INT("more", 1), P_NULL("note")), &changed));
    assert_int_equal(changed, 4);
    FINE(db_run(w->db, &w->arena, &sql_item_change, PARAMS(P_INT("org", 7), P_INT("more", 1), P_TEXT("note", "x"), P_ID("id", 9)), &changed));
    assert_int_equal(changed, 0);
    FINE(db_rows(w->db, &w->arena, &sql_item_close, PARAMS(P_INT("org", 7)), &list));
    assert_int_equal(doc_count(list), 2);
    FINE(db_run(w->db, &w->arena, &sql_item_add_once, PARAMS(P_INT("org", 7), P_ID("id", 4), P_TEXT("name", "y"), P_INT("now", 1)), &changed));
    assert_int_equal(changed, 0);
    FINE(db_run(w->db, &w->arena, &sql_item_add_once, PARAMS(P_INT("org", 7), P_ID("id", 5), P_TEXT("name", "y"), P_INT("now", 1)), &changed));
    assert_int_equal(changed, 1);
    FINE(db_row(w->db, &w->arena, &sql_item_take, PARAMS(P_INT("org", 7)), &row));
    assert_int_equal(doc_int_of(row, "id"), 1);
    FINE(db_commit(w->db, &w->arena));
}

static void refused(struct world *w, struct err *(*act)(struct world *), enum err_code code)
{
    int64_t count = 0;
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(item_add(w, 2, "kept by nobody", 1));
    FAILED(act(w), code);
    /* The transaction has failed: nothing goes any more, and what was done before is not kept. */
    FAILED(item_add(w, 3, "too late", 1), ERR_INTERNAL);
    FAILED(db_commit(w->db, &w->arena), ERR_INTERNAL);
    FINE(db_begin(w->db, &w->arena, DB_READ));
    list_count(w, PARAMS(P_INT("org", 7), P_INT("page_limit", 50)), &count);
    assert_int_equal(count, 1);
    FINE(db_commit(w->db, &w->arena));
}

static struct err *same_key(struct world *w) { return item_add(w, 1, "other", 1); }
static struct err *same_name(struct world *w) { return item_add(w, 3, "item 001", 1); }
static struct err *negative(struct world *w) { return item_add(w, 3, "third", -1); }
static struct err *nameless(struct world *w) { return item_add(w, 3, NULL, 1); }
static struct err *wrong_type(struct world *w)
{
    return db_run(w->db, &w->arena, &sql_item_add_once, PARAMS(P_INT("org", 7), P_TEXT("id", "x"), P_TEXT("name", "y"), P_INT("now", 1)), NULL);
}
static struct err *trigger(struct world *w)
{
    static const unsigned char no_slots[] = { 255 };
    static const struct query_text text = { "DELETE FROM counter", no_slots };
    static const char *const none[] = { NULL };
    static const struct query q = { "by_hand", "db_test.c", true, false, none, none, &text, &text };
    return db_run(w->db, &w->arena, &q, PARAMS(), NULL);
}

static void constraints_are_conflicts(void **state)
{
    struct world *w = world_of(state);
    items_add(w, 1);
    refused(w, same_key, ERR_CONFLICT);
    refused(w, same_name, ERR_CONFLICT);
    refused(w, negative, ERR_CONFLICT);
    refused(w, trigger, ERR_CONFLICT);
    refused(w, nameless, ERR_INTERNAL);    /* a bug, not a state of things */
    refused(w, wrong_type, ERR_INTERNAL);
}

static void deferred_constraint_is_a_conflict_of_the_commit(void **state)
{
    struct world *w = world_of(state);
    struct err *e = NULL;
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    FINE(db_run(w->db, &w->arena, &sql_part_add, PARAMS(P_INT("org", 7), P_ID("id", 1), P_ID("item", 1)), NULL));
    e = db_commit(w->db, &w->arena);
    FAILED(e, ERR_CONFLICT);
    assert_false(text_starts(e->detail, "unknown outcome"));
    assert_false(db_in_transaction(w->db));
    FINE(db_begin(w->other, &w->arena, DB_WRITE));   /* the lock was given back */
    FINE(db_commit(w->other, &w->arena));
}

static int64_t visited(struct world *w, const struct query *q, const struct param *params, int64_t returned)
{
    struct doc *plan = NULL;
    FINE(db_explain(w->db, &w->arena, q, params, &plan));
    assert_int_equal(doc_int_of(plan, "rows_returned"), returned);
    assert_true(*doc_text_of(plan, "plan"));
    return doc_int_of(plan, "rows_visited");
}

static void explain_counts_the_rows_visited(void **state)
{
    struct world *w = world_of(state);
    items_add(w, 400);
    FINE(db_begin(w->db, &w->arena, DB_WRITE));
    assert_in_range(visited(w, &sql_item_scan, PARAMS(P_INT("org", 7), P_TEXT("note", "none")), 0), 390, 410);   /* the table has no rowid: an estimate on SQLite */
    assert_in_range(visited(w, &sql_item_tail, PARAMS(P_INT("org", 7), P_INT("now", 300000), P_TEXT("note", "none")), 0), 90, 410);
    assert_in_range(visited(w, &sql_item_one, PARAMS(P_INT("org", 7), P_ID("id", 3)), 1), 1, 8);
    struct doc *before = NULL, *after = NULL;
    FINE(db_row(w->db, &w->arena, &sql_item_sums, PARAMS(P_INT("org", 7)), &before));
    assert_in_range(visited(w, &sql_item_change, PARAMS(P_INT("org", 7), P_INT("more", 1), P_NULL("note")), 0), 390, 1700);
    FINE(db_row(w->db, &w->arena, &sql_item_sums, PARAMS(P_INT("org", 7)), &after));
    assert_int_equal(doc_int_of(before, "total_cents"), doc_int_of(after, "total_cents"));   /* it was undone */
    assert_in_range(visited(w, &sql_item_list, PARAMS(P_INT("org", 7), P_INT("page_limit", 50)), 50), 50, 401);
    FINE(db_commit(w->db, &w->arena));
}

const struct CMUnitTest query_tests[] = {
    BOTH(values_come_back_as_they_went_in), BOTH(null_is_null), BOTH(null_first_does_not_narrow_what_follows), BOTH(clauses_come_and_go),
    BOTH(sums_are_integers_and_flags_are_booleans), BOTH(changes_are_counted_and_returned), BOTH(constraints_are_conflicts),
    BOTH(deferred_constraint_is_a_conflict_of_the_commit), BOTH(explain_counts_the_rows_visited),
};
const size_t query_test_count = sizeof query_tests / sizeof *query_tests;
