/* See board.h. */
#include "features/planning/board.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { WORK_FROM = 8 * 60, WORK_UPTO = 18 * 60, WEEK_DAYS = 7, WORK_DAYS = 5 };

static bool counts(const struct doc *job) { return !text_same(doc_text_of(job, "state"), "cancelled"); }
static bool is_ahead(const struct doc *job) { return text_same(doc_text_of(job, "state"), "planned") || text_same(doc_text_of(job, "state"), "started"); }

struct doc *row_copy(struct ctx *c, struct doc *row)
{
    struct doc *copy = doc_map(c->arena);
    for (size_t i = 0; i < doc_count(row); i++)
        doc_set(copy, doc_key_at(row, i), doc_get_mut(row, doc_key_at(row, i)));
    return copy;
}

/* ---- Hours ---- */

static struct doc *row_of(struct doc *rows, int64_t member_id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "id") == member_id)
            return doc_at_mut(rows, i);
    return NULL;
}

static void add(struct doc *row, const char *key, int64_t more) { doc_set_int(row, key, doc_int_of(row, key) + more); }

/* Of a working day what an absence takes, in minutes. */
static int64_t away_minutes(const struct board *b, const struct doc *absence, int64_t day, int64_t day_minutes)
{
    int64_t from = zone_moment_ms(b->zone, day, WORK_FROM), upto = zone_moment_ms(b->zone, day, WORK_UPTO), starts = doc_int_of(absence, "starts_at"), ends = doc_int_of(absence, "ends_at");
    int64_t away = (ends < upto ? ends : upto) - (starts > from ? starts : from);
    return away <= 0 ? 0 : away / CLOCK_MINUTE_MS < day_minutes ? away / CLOCK_MINUTE_MS : day_minutes;
}

static void hours_count(const struct board *b)
{
    for (size_t i = 0; i < doc_count(b->technicians); i++) {
        doc_set_int(doc_at_mut(b->technicians, i), "planned_minutes", 0);
        doc_set_int(doc_at_mut(b->technicians, i), "away_minutes", 0);
    }
    for (size_t i = 0; i < doc_count(b->jobs); i++) {
        const struct doc *job = doc_at(b->jobs, i);
        struct doc *row = row_of(b->technicians, doc_int_of(job, "member_id"));
        if (row && counts(job))
            add(row, "planned_minutes", (doc_int_of(job, "planned_end") - doc_int_of(job, "planned_start")) / CLOCK_MINUTE_MS);
    }
    for (size_t i = 0; i < doc_count(b->absences); i++) {
        struct doc *row = row_of(b->technicians, doc_int_of(doc_at(b->absences, i), "member_id"));
        for (int day = 0; row && day < WORK_DAYS; day++)
            add(row, "away_minutes", away_minutes(b, doc_at(b->absences, i), b->week.first_day + day, doc_int_of(row, "week_minutes") / WORK_DAYS));
    }
    for (size_t i = 0; i < doc_count(b->technicians); i++) {
        struct doc *row = doc_at_mut(b->technicians, i);
        int64_t free_minutes = doc_int_of(row, "week_minutes") - doc_int_of(row, "planned_minutes") - doc_int_of(row, "away_minutes");
        doc_set_int(row, "free_minutes", free_minutes > 0 ? free_minutes : 0);
    }
}

/* ---- Reading ---- */

struct err *board_read(struct ctx *c, const struct week *week, struct board *ret_board)
{
    struct board b = { 0 };
    TRY(job_zone(c, &b.zone));
    b.today = zone_day(b.zone, c->now_ms);
    b.week = week ? *week : week_of(b.today);
    b.starts_at = zone_moment_ms(b.zone, b.week.first_day, 0);
    b.ends_at = zone_moment_ms(b.zone, b.week.first_day + WEEK_DAYS, 0);
    const struct param starts = P_INT("starts_at", b.starts_at), ends = P_INT("ends_at", b.ends_at);
    TRY(ctx_rows(c, &sql_job_technicians, NULL, &b.technicians));
    TRY(ctx_rows(c, &sql_planning_week, PARAMS(starts, ends, P_INT("most", WEEK_MOST + 1)), &b.jobs));
    TRY(ctx_rows(c, &sql_planning_absences, PARAMS(starts, ends, P_INT("most", ABSENCES_MOST)), &b.absences));
    b.is_cut = doc_count(b.jobs) > WEEK_MOST;
    if (b.is_cut)
        doc_drop_last(b.jobs);
    hours_count(&b);
    *ret_board = b;
    return NULL;
}

/* ---- How a job stands ---- */

void job_mark(struct ctx *c, struct doc *job)
{
    const char *state = doc_text_of(job, "state");
    bool is_planned = text_same(state, "planned"), is_left = is_planned && doc_int_of(job, "left_at");
    bool is_late = is_planned && doc_int_of(job, "planned_start") < c->now_ms && !doc_int_of(job, "arrived_at");
    doc_set_bool(job, "is_done", text_same(state, "done"));
    doc_set_bool(job, "is_live", text_same(state, "started"));
    doc_set_bool(job, "is_off", text_same(state, "cancelled"));
    doc_set_bool(job, "is_late", is_late);
    doc_set_bool(job, "is_on_way", is_left && !is_late);
    doc_set_bool(job, "is_planned", is_planned && !is_late && !is_left);
}

static bool overlap(const struct doc *one, const char *one_start, const char *one_end, const struct doc *other)
{
    return doc_int_of(one, one_start) < doc_int_of(other, "planned_end") && doc_int_of(other, "planned_start") < doc_int_of(one, one_end);
}

/* What is still to come and lies over something else of the same technician. */
static void clashes_mark(const struct board *b)
{
    size_t count = doc_count(b->jobs);
    for (size_t i = 0; i < count; i++)
        doc_set_bool(doc_at_mut(b->jobs, i), "is_clash", false);
    for (size_t i = 0; i < count; i++) {
        struct doc *job = doc_at_mut(b->jobs, i);
        for (size_t k = i + 1; k < count && doc_int_of(doc_at(b->jobs, k), "planned_start") < doc_int_of(job, "planned_end"); k++) {
            struct doc *other = doc_at_mut(b->jobs, k);
            if (doc_int_of(job, "member_id") != doc_int_of(other, "member_id") || !is_ahead(job) || !is_ahead(other) || !overlap(job, "planned_start", "planned_end", other))
                continue;
            doc_set_bool(job, "is_clash", true);
            doc_set_bool(other, "is_clash", true);
        }
        for (size_t k = 0; k < doc_count(b->absences); k++) {
            const struct doc *away = doc_at(b->absences, k);
            if (doc_int_of(away, "member_id") == doc_int_of(job, "member_id") && is_ahead(job) && overlap(away, "starts_at", "ends_at", job))
                doc_set_bool(job, "is_clash", true);
        }
    }
}

/* ---- Rows and columns ---- */

static bool has_on(const struct board *b, int64_t day)
{
    int64_t from = zone_moment_ms(b->zone, day, 0), upto = zone_moment_ms(b->zone, day + 1, 0);
    for (size_t i = 0; i < doc_count(b->jobs); i++)
        if (zone_day(b->zone, doc_int_of(doc_at(b->jobs, i), "planned_start")) == day)
            return true;
    for (size_t i = 0; i < doc_count(b->absences); i++)
        if (doc_int_of(doc_at(b->absences, i), "starts_at") < upto && doc_int_of(doc_at(b->absences, i), "ends_at") > from)
            return true;
    return false;
}

static struct doc *days_of(struct ctx *c, const struct board *b, int64_t chosen)
{
    struct doc *days = doc_list(c->arena);
    for (int i = 0; i < WEEK_DAYS; i++) {
        int64_t day = b->week.first_day + i;
        if (i >= WORK_DAYS && day != b->today && day != chosen && !has_on(b, day))
            continue;
        struct doc *map = doc_map(c->arena);
        int year, month, number;
        clock_civil(day, &year, &month, &number);
        doc_set_int(map, "day", day);
        doc_set_text(map, "day_iso", job_day_text(c->arena, day));
        doc_set_text(map, "day_name", day_name(c, day));
        doc_set_text(map, "day_short", day_short(c, day));
        doc_set_text(map, "day_tiny", arena_printf(c->arena, "%.3s.", day_name(c, day)));
        doc_set_int(map, "day_number", number);
        doc_set_bool(map, "is_today", day == b->today);
        doc_set_bool(map, "is_chosen", day == chosen);
        doc_push(days, map);
    }
    return days;
}

static void cell_fill(const struct board *b, struct doc *cell, int64_t member_id, int64_t day)
{
    struct doc *jobs = doc_get_mut(cell, "jobs"), *absences = doc_get_mut(cell, "absences");
    int64_t from = zone_moment_ms(b->zone, day, 0), upto = zone_moment_ms(b->zone, day + 1, 0);
    for (size_t i = 0; i < doc_count(b->jobs); i++) {
        struct doc *job = doc_at_mut(b->jobs, i);
        int64_t start = doc_int_of(job, "planned_start");
        if (start >= upto)
            break;
        if (doc_int_of(job, "member_id") == member_id && start >= from)
            doc_push(jobs, job);
    }
    for (size_t i = 0; i < doc_count(b->absences); i++) {
        struct doc *away = doc_at_mut(b->absences, i);
        if (doc_int_of(away, "member_id") == member_id && doc_int_of(away, "starts_at") < upto && doc_int_of(away, "ends_at") > from)
            doc_push(absences, away);
    }
    doc_set_bool(cell, "is_free", !doc_count(jobs) && !doc_count(absences));
}

static struct doc *cells_of(struct ctx *c, const struct board *b, const struct doc *days, int64_t member_id)
{
    struct doc *cells = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(days); i++) {
        const struct doc *day = doc_at(days, i);
        struct doc *cell = doc_map(c->arena);
        doc_set(cell, "jobs", doc_list(c->arena));
        doc_set(cell, "absences", doc_list(c->arena));
        doc_set_text(cell, "day_iso", doc_text_of(day, "day_iso"));
        doc_set_text(cell, "day_label", arena_printf(c->arena, "%s %s", doc_text_of(day, "day_name"), doc_text_of(day, "day_short")));
        doc_set_bool(cell, "is_today", doc_bool_of(day, "is_today"));
        doc_set_bool(cell, "is_chosen", doc_bool_of(day, "is_chosen"));
        cell_fill(b, cell, member_id, doc_int_of(day, "day"));
        doc_push(cells, cell);
    }
    return cells;
}

static bool is_named(const struct doc *rows, int64_t member_id)
{
    bool is_there = false;
    for (size_t i = 0; i < doc_count(rows) && !is_there; i++)
        is_there = doc_int_of(doc_at(rows, i), "member_id") == member_id;
    return is_there;
}

/* Who did jobs in this week and is no technician any more keeps a row. */
static void former_add(struct ctx *c, const struct board *b)
{
    for (size_t i = 0; i < doc_count(b->jobs); i++) {
        const struct doc *job = doc_at(b->jobs, i);
        int64_t id = doc_int_of(job, "member_id");
        if (!id || row_of(b->technicians, id))
            continue;
        struct doc *row = doc_map(c->arena);
        doc_set_int(row, "id", id);
        doc_set_text(row, "name", doc_text_of(job, "member_name"));
        doc_set_text(row, "first_name", doc_text_of(job, "first_name"));
        doc_set_text(row, "role", "former");
        doc_set_text(row, "phone", "");
        doc_set_int(row, "week_minutes", 0);
        doc_set_int(row, "planned_minutes", 0);
        doc_set_int(row, "away_minutes", 0);
        doc_set_int(row, "free_minutes", 0);
        doc_push(b->technicians, row);
    }
}

void board_show(struct ctx *c, struct board *b, int64_t chosen)
{
    struct doc *columns = days_of(c, b, chosen), *rows = doc_list(c->arena), *technicians = doc_list(c->arena);
    clashes_mark(b);
    for (size_t i = 0; i < doc_count(b->jobs); i++)
        job_mark(c, doc_at_mut(b->jobs, i));
    former_add(c, b);
    for (size_t i = 0; i < doc_count(b->technicians); i++) {
        struct doc *row = doc_at_mut(b->technicians, i);
        int64_t id = doc_int_of(row, "id");
        if (!text_same(doc_text_of(row, "role"), "technician") && !is_named(b->jobs, id) && !is_named(b->absences, id))
            continue;
        doc_push(technicians, row);
        struct doc *shown = row_copy(c, row);
        doc_set_text(shown, "planned_text", minutes_text(c, doc_int_of(row, "planned_minutes")));
        doc_set_text(shown, "week_text", minutes_text(c, doc_int_of(row, "week_minutes")));
        doc_set(shown, "cells", cells_of(c, b, columns, id));
        doc_push(rows, shown);
    }
    doc_set(c->doc, "technicians", technicians);
    doc_set(c->doc, "jobs", b->jobs);
    doc_set(c->doc, "absences", b->absences);
    doc_set(web_page(c), "columns", columns);
    doc_set(web_page(c), "rows", rows);
}

/* ---- To choose from ---- */

static int64_t freest(const struct doc *rows)
{
    int64_t id = 0, most = -1;
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        if (!text_same(doc_text_of(row, "role"), "technician") || doc_int_of(row, "free_minutes") <= most)
            continue;
        id = doc_int_of(row, "id");
        most = doc_int_of(row, "free_minutes");
    }
    return id ? id : doc_count(rows) ? doc_int_of(doc_at(rows, 0), "id") : 0;
}

struct doc *board_technicians(struct ctx *c, const struct board *b, int64_t chosen, int64_t *ret_chosen)
{
    struct doc *options = doc_list(c->arena);
    if (!chosen)
        chosen = freest(b->technicians);
    for (size_t i = 0; i < doc_count(b->technicians); i++) {
        const struct doc *row = doc_at(b->technicians, i);
        int64_t id = doc_int_of(row, "id"), free_minutes = doc_int_of(row, "free_minutes");
        if (text_same(doc_text_of(row, "role"), "former"))
            continue;
        struct doc *option = doc_map(c->arena);
        const char *how = free_minutes ? arena_printf(c->arena, "%s %s", minutes_text(c, free_minutes), web_text(c, N_("libres"))) : web_text(c, N_("complet"));
        doc_set_int(option, "value", id);
        doc_set_text(option, "label", arena_printf(c->arena, "%s, %s", doc_text_of(row, "name"), how));
        doc_set_bool(option, "is_selected", id == chosen);
        doc_push(options, option);
    }
    if (ret_chosen)
        *ret_chosen = chosen;
    return options;
}
