/* The week, and what waits to be planned. */
#include "features/planning/planning.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/planning/absence.h"
#include "features/planning/board.h"
#include "features/planning/day.h"
#include "features/planning/plan.h"
#include "features/queries.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/asset.h"

enum { NEW_HOURS = 24 };

/* ---- Beside the week ---- */

static void todo_mark(struct ctx *c, struct doc *job)
{
    const char *how = doc_text_of(job, "asked_how");
    bool is_asked = text_same(how, "link") || text_same(how, "portal");
    doc_set_bool(job, "is_new", is_asked && c->now_ms - doc_int_of(job, "created_at") < NEW_HOURS * CLOCK_HOUR_MS);
}

/* A few first; all that are read with "?all=1". */
static struct err *todos_show(struct ctx *c, const struct board *b)
{
    struct doc *rows = NULL, *count = NULL, *todos = doc_list(c->arena);
    bool is_all = *query_text(c, "all");
    TRY(ctx_row(c, &sql_planning_waiting_count, PARAMS(P_ABSENT("is_urgent"), P_INT("most", COUNT_MOST + 1)), &count));
    TRY(ctx_rows(c, &sql_planning_waiting, PARAMS(P_INT("most", is_all ? TODOS_MOST : TODOS_FIRST)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        todo_mark(c, doc_at_mut(rows, i));
        doc_push(todos, row_copy(c, doc_at_mut(rows, i)));
        if (ctx_may(c, RIGHT_JOB_MANAGE))
            plan_begin(c, b, doc_at_mut(todos, i));
    }
    doc_set(web_page(c), "todos", todos);
    int64_t total = doc_int_of(count, "count"), more = total - (int64_t)doc_count(rows);
    doc_set(c->doc, "to_plan", rows);
    doc_set_int(c->doc, "to_plan_count", total > COUNT_MOST ? COUNT_MOST : total);
    doc_set_bool(c->doc, "is_to_plan_more", total > COUNT_MOST);
    doc_set_int(web_page(c), "more_count", more > 0 && !is_all ? more : 0);
    doc_set_bool(web_page(c), "is_all", is_all);
    return doc_rows(c, "wished", &sql_planning_wished, PARAMS(P_INT("most", TODOS_FIRST)));
}

static void week_show(struct ctx *c, const struct board *b)
{
    struct doc *week = doc_map(c->arena);
    const struct doc *columns = doc_get(web_page(c), "columns");
    int64_t last = doc_int_of(doc_at(columns, doc_count(columns) - 1), "day");
    int64_t job_count = 0;
    int year, month, day, first_year, first_month, first;
    for (size_t i = 0; i < doc_count(b->jobs); i++)
        job_count += !doc_bool_of(doc_at(b->jobs, i), "is_off");
    clock_civil(last, &year, &month, &day);
    clock_civil(b->week.first_day, &first_year, &first_month, &first);
    doc_set_int(week, "number", b->week.number);
    doc_set_int(week, "year", b->week.year);
    doc_set_text(week, "code", week_text(c->arena, b->week));
    doc_set_int(week, "starts_at", b->starts_at);
    doc_set_int(week, "ends_at", b->ends_at);
    doc_set_int(week, "job_count", job_count);
    doc_set_int(week, "technician_count", (int64_t)doc_count(doc_get(c->doc, "technicians")));
    doc_set_bool(week, "is_cut", b->is_cut);
    doc_set(c->doc, "week", week);
    doc_set_text(web_page(c), "first_day", first_month == month ? arena_printf(c->arena, "%d", first) : day_long(c, b->week.first_day));
    doc_set_text(web_page(c), "last_day", arena_printf(c->arena, "%s\u00a0%d", day_long(c, last), year));
    doc_set_text(web_page(c), "before", week_text(c->arena, week_next(b->week, -1)));
    doc_set_int(web_page(c), "before_number", week_next(b->week, -1).number);
    doc_set_text(web_page(c), "after", week_text(c->arena, week_next(b->week, 1)));
    doc_set_int(web_page(c), "after_number", week_next(b->week, 1).number);
}

/* The day a narrow window shows: the one asked for, else today, else Monday. */
static int64_t day_chosen(struct ctx *c, const struct board *b)
{
    int64_t day = 0;
    if (clock_day_read(query_text(c, "day"), &day) && day >= b->week.first_day && day < b->week.first_day + 7)
        return day;
    return b->today >= b->week.first_day && b->today < b->week.first_day + 7 ? b->today : b->week.first_day;
}

static struct err *planning(struct ctx *c)
{
    struct board b;
    struct week week;
    bool has_week = week_read(query_text(c, "week"), &week);
    TRY(board_read(c, has_week ? &week : NULL, &b));
    TRY(todos_show(c, &b));
    board_show(c, &b, day_chosen(c, &b));
    week_show(c, &b);
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_JOB_MANAGE));
    doc_set_bool(web_page(c), "can_work", ctx_may(c, RIGHT_JOB_WORK));
    doc_set_text(web_page(c), "field_script", asset_url(c->app->assets, "field.js"));
    return undo_show(c);
}

/* ---- Routes ---- */

static const struct route planning_routes[] = {
    GET ("/o/:org/planning",                           JOB_READ,   planning),
    GET ("/o/:org/planning/jobs/:job",                 JOB_MANAGE, planning_job),
    POST("/o/:org/planning/jobs/:job",                 JOB_MANAGE, planning_put, .form = plan_form, AGAIN(planning_job)),
    POST("/o/:org/planning/jobs/:job/undo",            JOB_MANAGE, planning_undo, .form = undo_form, AGAIN(planning_job)),
    GET ("/o/:org/planning/day",                       JOB_WORK,   planning_day),
    POST("/o/:org/planning/jobs/:job/leave",           JOB_WORK,   planning_leave),
    POST("/o/:org/planning/jobs/:job/arrive",          JOB_WORK,   planning_arrive),
    GET ("/o/:org/planning/jobs/:job/report",          JOB_WORK,   planning_report),
    POST("/o/:org/planning/jobs/:job/report",          JOB_WORK,   planning_finish, .form = report_form, AGAIN(planning_report)),
    GET ("/o/:org/planning/absences",                  JOB_MANAGE, absence_list),
    POST("/o/:org/planning/absences",                  JOB_MANAGE, absence_create, .form = absence_form, AGAIN(absence_list)),
    POST("/o/:org/planning/absences/:absence/remove",  JOB_MANAGE, absence_remove),
    GET ("/o/:org/planning/technicians/:technician",       JOB_MANAGE, technician_edit),
    POST("/o/:org/planning/technicians/:technician",       JOB_MANAGE, technician_update, .form = technician_form, AGAIN(technician_edit)),
    { 0 },
};

static const struct place planning_places[] = {
    { 'o', RIGHT_JOB_READ, "/planning", N_("Planning") },
    { 'o', RIGHT_JOB_WORK, "/planning/day", N_("Ma journée"), .in_profile = true },
    { 0 },
};

const struct feature planning_feature = { .name = "planning", .routes = planning_routes, .places = planning_places };
