/* The first page of a company that does field work: today, what is late, what waits, and how the weeks go. Every number ends at a count. */
#include "features/planning/planning.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/planning/board.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { DAY_SHOWN = 50, LIST_SHOWN = 3, WEEKS = 10, WEEK_COUNT_MOST = 200, ENDING_DAYS = 30, RATING_DAYS = 90, RATINGS_MOST = 200, LOAD_SHOWN = 12 };
enum { CHART_HIGH = 93, CHART_FOOT = 112, CHART_STEP = 34 };    /* units of the drawing */

/* "50+" where there are more than are counted. */
static void number_set(struct doc *map, const char *key, int64_t count, int64_t most)
{
    doc_set_int(map, key, count > most ? most : count);
}

static struct err *count_read(struct ctx *c, const struct query *q, const struct param *params, int64_t *ret_count)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, q, params, &row));
    *ret_count = doc_int_of(row, "count");
    return NULL;
}

/* ---- Today ---- */

/* The line « maintenant » stands before the first that is still to come. */
static void now_mark(struct ctx *c, struct doc *rows)
{
    bool is_marked = false;
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *job = doc_at_mut(rows, i);
        bool is_first = !is_marked && doc_int_of(job, "planned_start") > c->now_ms;
        doc_set_bool(job, "is_after_now", is_first);
        is_marked |= is_first;
    }
    doc_set_bool(web_page(c), "now_is_last", !is_marked && doc_count(rows) > 0);
}

static struct err *today_show(struct ctx *c, const struct board *b, struct doc *field)
{
    struct doc *rows = NULL, *shown = doc_list(c->arena);
    int64_t starts_at = zone_moment_ms(b->zone, b->today, 0), count = 0, done = 0, live = 0;
    TRY(ctx_rows(c, &sql_planning_week, PARAMS(P_INT("starts_at", starts_at), P_INT("ends_at", zone_moment_ms(b->zone, b->today + 1, 0)), P_INT("most", DAY_SHOWN + 1)), &rows));
    doc_set_bool(field, "is_today_more", doc_count(rows) > DAY_SHOWN);
    if (doc_count(rows) > DAY_SHOWN)
        doc_drop_last(rows);
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *job = doc_at_mut(rows, i);
        job_mark(c, job);
        count += !doc_bool_of(job, "is_off");
        done += doc_bool_of(job, "is_done");
        live += doc_bool_of(job, "is_live");
        doc_set_int(job, "late_minutes", doc_bool_of(job, "is_late") ? (c->now_ms - doc_int_of(job, "planned_start")) / CLOCK_MINUTE_MS : 0);
        doc_push(shown, row_copy(c, job));
        doc_set_text(doc_at_mut(shown, i), "late_text", minutes_text(c, doc_int_of(job, "late_minutes")));
    }
    now_mark(c, shown);
    doc_set(web_page(c), "day_rows", shown);
    doc_set_int(field, "today_count", count);
    doc_set_int(field, "done_count", done);
    doc_set_int(field, "live_count", live);
    doc_set(c->doc, "day", rows);
    return NULL;
}

static struct err *late_show(struct ctx *c, const struct board *b, struct doc *field)
{
    int64_t count = 0, today = 0;
    const struct param most = P_INT("most", COUNT_MOST + 1);
    TRY(count_read(c, &sql_planning_late_count, PARAMS(P_ABSENT("starts_at"), most), &count));
    TRY(count_read(c, &sql_planning_late_count, PARAMS(P_INT("starts_at", zone_moment_ms(b->zone, b->today, 0)), most), &today));
    number_set(field, "late_count", count, COUNT_MOST);
    number_set(field, "late_today_count", today, COUNT_MOST);
    doc_set_bool(field, "is_late_more", count > COUNT_MOST);
    return doc_rows(c, "late", &sql_planning_late, PARAMS(P_INT("most", LIST_SHOWN)));
}

static struct err *waiting_show(struct ctx *c, struct doc *field)
{
    int64_t count = 0, urgent = 0;
    const struct param most = P_INT("most", COUNT_MOST + 1);
    TRY(count_read(c, &sql_planning_waiting_count, PARAMS(P_ABSENT("is_urgent"), most), &count));
    TRY(count_read(c, &sql_planning_waiting_count, PARAMS(P_INT("is_urgent", 1), most), &urgent));
    number_set(field, "to_plan_count", count, COUNT_MOST);
    number_set(field, "urgent_count", urgent, COUNT_MOST);
    doc_set_bool(field, "is_to_plan_more", count > COUNT_MOST);
    return doc_rows(c, "to_plan", &sql_planning_waiting, PARAMS(P_INT("most", LIST_SHOWN)));
}

/* ---- Weeks ---- */

static struct err *week_counts(struct ctx *c, const struct board *b, struct week week, int64_t *ret_done, int64_t *ret_open)
{
    static const char *const states[] = { "done", "planned", "started" };
    const struct param starts = P_INT("starts_at", zone_moment_ms(b->zone, week.first_day, 0)), ends = P_INT("ends_at", zone_moment_ms(b->zone, week.first_day + 7, 0));
    *ret_open = 0;
    for (size_t i = 0; i < 3; i++) {
        int64_t count = 0;
        TRY(count_read(c, &sql_planning_week_count, PARAMS(P_TEXT("in_state", states[i]), starts, ends, P_INT("most", WEEK_COUNT_MOST)), &count));
        if (i == 0)
            *ret_done = count;
        else
            *ret_open += count;
    }
    return NULL;
}

static void bar_draw(struct doc *bar, int index, int64_t tallest)
{
    int64_t done = doc_int_of(bar, "done_count"), all = done + doc_int_of(bar, "open_count");
    int64_t high = tallest ? all * CHART_HIGH / tallest : 0, high_done = tallest ? done * CHART_HIGH / tallest : 0;
    doc_set_int(bar, "x", index * CHART_STEP + 2);
    doc_set_int(bar, "middle", index * CHART_STEP + 15);
    doc_set_int(bar, "y", CHART_FOOT - high);
    doc_set_int(bar, "high", high);
    doc_set_int(bar, "y_done", CHART_FOOT - high_done);
    doc_set_int(bar, "high_done", high_done);
    doc_set_int(bar, "y_text", CHART_FOOT - high - 4);
}

static struct err *weeks_show(struct ctx *c, const struct board *b, struct doc *field)
{
    struct doc *bars = doc_list(c->arena);
    int64_t tallest = 0;
    for (int i = 0; i < WEEKS; i++) {
        struct week week = week_next(b->week, i - WEEKS + 1);
        struct doc *bar = doc_map(c->arena);
        int64_t done = 0, open = 0;
        TRY(week_counts(c, b, week, &done, &open));
        doc_set_int(bar, "number", week.number);
        doc_set_int(bar, "done_count", done);
        doc_set_int(bar, "open_count", open);
        doc_set_int(bar, "job_count", done + open);
        doc_set_bool(bar, "is_now", i == WEEKS - 1);
        tallest = done + open > tallest ? done + open : tallest;
        doc_push(bars, bar);
    }
    struct doc *page_bars = doc_list(c->arena);
    for (int i = 0; i < WEEKS; i++) {
        struct doc *drawn = doc_map(c->arena);
        doc_pick_ints(drawn, doc_at(bars, (size_t)i), (const char *const[]){ "number", "done_count", "open_count", "job_count", NULL });
        doc_set_bool(drawn, "is_now", i == WEEKS - 1);
        bar_draw(drawn, i, tallest);
        doc_push(page_bars, drawn);
    }
    doc_set(c->doc, "weeks", bars);
    doc_set(web_page(c), "bars", page_bars);
    doc_set_int(field, "week_done_count", doc_int_of(doc_at(bars, WEEKS - 1), "done_count"));
    doc_set_int(field, "week_job_count", doc_int_of(doc_at(bars, WEEKS - 1), "job_count"));
    doc_set_int(field, "first_week", doc_int_of(doc_at(bars, 0), "number"));
    doc_set_int(field, "last_week", b->week.number);
    return NULL;
}

static int64_t minutes_of(const struct doc *rows, int64_t member_id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "member_id") == member_id)
            return doc_int_of(doc_at(rows, i), "planned_minutes");
    return 0;
}

static struct err *load_show(struct ctx *c, const struct board *b)
{
    struct doc *rows = NULL, *technicians = NULL, *load = doc_list(c->arena), *bars = doc_list(c->arena);
    TRY(ctx_rows(c, &sql_planning_load, PARAMS(P_INT("starts_at", b->starts_at), P_INT("ends_at", b->ends_at), P_INT("most", WEEK_MOST)), &rows));
    TRY(ctx_rows(c, &sql_job_technicians, NULL, &technicians));
    for (size_t i = 0; i < doc_count(technicians) && doc_count(load) < LOAD_SHOWN; i++) {
        const struct doc *technician = doc_at(technicians, i);
        int64_t minutes = minutes_of(rows, doc_int_of(technician, "id")), week = doc_int_of(technician, "week_minutes");
        if (!minutes && !text_same(doc_text_of(technician, "role"), "technician"))
            continue;
        struct doc *line = doc_map(c->arena);
        doc_set_text(line, "name", doc_text_of(technician, "first_name"));
        doc_set_int(line, "planned_minutes", minutes);
        doc_set_int(line, "week_minutes", week);
        doc_push(load, line);
        struct doc *shown = row_copy(c, line);
        doc_set_text(shown, "planned_text", minutes_text(c, minutes));
        doc_set_int(shown, "percent", week && minutes < week ? minutes * 100 / week : minutes ? 100 : 0);
        doc_push(bars, shown);
    }
    doc_set(c->doc, "load", load);
    doc_set(web_page(c), "load_bars", bars);
    return NULL;
}

/* ---- What else waits ---- */

static struct err *ending_show(struct ctx *c)
{
    doc_set_bool(web_page(c), "sees_mandates", ctx_may(c, RIGHT_MANDATE_READ));
    if (!ctx_may(c, RIGHT_MANDATE_READ))
        return NULL;
    TRY(doc_rows(c, "ending", &sql_planning_ending, PARAMS(P_INT("until", c->now_ms + ENDING_DAYS * CLOCK_DAY_MS), P_INT("most", LIST_SHOWN))));
    struct doc *rows = doc_get_mut(c->doc, "ending"), *shown = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        doc_set_int(row, "left_days", (doc_int_of(row, "ends_at") - c->now_ms) / CLOCK_DAY_MS);
        doc_push(shown, row_copy(c, row));
        doc_set_text(doc_at_mut(shown, i), "label", web_text(c, mandate_label(mandate_kind_read(doc_text_of(row, "kind")))));
    }
    doc_set(web_page(c), "ending_rows", shown);
    return NULL;
}

static struct err *tickets_show(struct ctx *c, struct doc *field)
{
    struct doc *row = NULL;
    bool sees = ctx_may(c, RIGHT_TICKET_MANAGE);
    doc_set_bool(web_page(c), "sees_tickets", sees);
    if (!sees)
        return NULL;
    TRY(ctx_row(c, &sql_planning_tickets, PARAMS(P_INT("most", COUNT_MOST + 1)), &row));
    number_set(field, "ticket_count", doc_int_of(row, "count"), COUNT_MOST);
    doc_set_bool(field, "is_ticket_more", doc_int_of(row, "count") > COUNT_MOST);
    doc_set_int(field, "due_at", doc_int_of(row, "due_at"));
    return NULL;
}

/* In tenths of a star, rounded. */
static struct err *rating_show(struct ctx *c, struct doc *field)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_planning_rating, PARAMS(P_INT("starts_at", c->now_ms - RATING_DAYS * CLOCK_DAY_MS), P_INT("most", RATINGS_MOST)), &row));
    int64_t count = doc_int_of(row, "count"), tenths = count ? (doc_int_of(row, "stars") * 20 + count) / (2 * count) : 0;
    doc_set_int(field, "rating_count", count);
    doc_set_int(field, "rating_tenths", tenths);
    doc_set_text(web_page(c), "rating_text", arena_printf(c->arena, text_same(c->lang, "fr") ? "%lld,%lld" : "%lld.%lld", (long long)tenths / 10, (long long)tenths % 10));
    return NULL;
}

struct err *planning_home(struct ctx *c)
{
    struct doc *any = NULL, *field = NULL;
    struct board b = { 0 };
    doc_set_null(c->doc, "field");
    if (!ctx_may(c, RIGHT_JOB_READ))
        return NULL;
    TRY(ctx_maybe(c, &sql_planning_any, NULL, &any));
    if (!any)
        return NULL;
    TRY(job_zone(c, &b.zone));
    b.today = zone_day(b.zone, c->now_ms);
    b.week = week_of(b.today);
    b.starts_at = zone_moment_ms(b.zone, b.week.first_day, 0);
    b.ends_at = zone_moment_ms(b.zone, b.week.first_day + 7, 0);
    doc_set(c->doc, "field", field = doc_map(c->arena));
    TRY(today_show(c, &b, field));
    TRY(late_show(c, &b, field));
    TRY(waiting_show(c, field));
    TRY(weeks_show(c, &b, field));
    TRY(load_show(c, &b));
    TRY(ending_show(c));
    TRY(rating_show(c, field));
    doc_set_text(web_page(c), "today_name", day_name(c, b.today));
    doc_set_text(web_page(c), "today_long", day_long(c, b.today));
    doc_set_text(web_page(c), "week_code", week_text(c->arena, b.week));
    doc_set_text(web_page(c), "today_iso", job_day_text(c->arena, b.today));
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_JOB_MANAGE));
    doc_set_bool(web_page(c), "can_work", ctx_may(c, RIGHT_JOB_WORK));
    return tickets_show(c, field);
}
