/* See plan.h. */
#include "features/planning/plan.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { MINUTES_LEAST = 5, MINUTES_MOST = 24 * 60, AHEAD_DAYS_MOST = 3 * 366, DAY_FROM = 8 * 60, AFTERNOON_FROM = 13 * 60 + 30, NIGHT_UPTO = 6 * 60, NIGHT_FROM = 22 * 60 };

const struct field plan_form[] = {
    { "member_id", FIELD_ID, N_("Technicien"), REQUIRED },
    { "day", FIELD_TEXT, N_("Jour"), REQUIRED, .max = 10 },
    { "start", FIELD_TEXT, N_("Début"), REQUIRED, .max = 5 },
    { "minutes", FIELD_TEXT, N_("Durée"), REQUIRED, .max = 6 },
    { "is_told", FIELD_BOOL, N_("Prévenir le client") },
    { "despite", FIELD_HIDDEN, N_("Malgré"), .max = 300 },
    { "count", FIELD_HIDDEN, N_("Version"), .max = 12 },
    { 0 },
};
const struct field undo_form[] = {
    { "count", FIELD_HIDDEN, N_("Version"), REQUIRED, .max = 12 },
    { "was", FIELD_HIDDEN, N_("Avant"), .max = 70 },
    { "is_told", FIELD_HIDDEN, N_("Prévenir le client"), .max = 1 },
    { 0 },
};

/* ---- What was typed ---- */

struct slot { int64_t member_id, day, minute, minutes, starts_at, ends_at; };

/* Without errors: for the page that asks once more. */
static bool slot_read(struct ctx *c, const struct zone *zone, struct slot *s)
{
    s->member_id = form_id(c, "member_id");
    if (!clock_day_read(form_text(c, "day"), &s->day) || !wall_time_read(form_text(c, "start"), &s->minute) || !text_int(form_text(c, "minutes"), &s->minutes))
        return false;
    s->starts_at = zone_moment_ms(zone, s->day, s->minute);
    s->ends_at = s->starts_at + s->minutes * CLOCK_MINUTE_MS;
    return s->minutes >= MINUTES_LEAST && s->minutes <= MINUTES_MOST;
}

static struct err *slot_check(struct ctx *c, const struct zone *zone, struct slot *s)
{
    int64_t today = zone_day(zone, c->now_ms);
    if (!clock_day_read(form_text(c, "day"), &s->day))
        return form_error(c, "day", N_("Indiquez un jour qui existe, comme 2026-11-30."));
    if (s->day < today)
        return form_error(c, "day", N_("Ce jour est passé."));
    if (s->day > today + AHEAD_DAYS_MOST)
        return form_error(c, "day", N_("Ce jour est trop loin : trois ans au plus."));
    if (!wall_time_read(form_text(c, "start"), &s->minute))
        return form_error(c, "start", N_("Indiquez une heure, comme 13:30."));
    if (!text_int(form_text(c, "minutes"), &s->minutes))
        return form_error(c, "minutes", N_("Indiquez une durée en minutes."));
    if (s->minutes <= 0)
        return form_error(c, "minutes", N_("La fin doit venir après le début."));
    if (s->minutes < MINUTES_LEAST || s->minutes > MINUTES_MOST)
        return form_error(c, "minutes", N_("Une intervention dure de 5 minutes à 24 heures."));
    return slot_read(c, zone, s) ? NULL : form_error(c, "start", N_("Indiquez une heure, comme 13:30."));
}

/* ---- What lies in the way ---- */

static void warn(struct ctx *c, struct doc *list, struct buf *print, const char *kind, const struct doc *row)
{
    struct doc *map = doc_map(c->arena);
    doc_set_text(map, "kind", kind);
    doc_set_text(map, "client_name", doc_text_of(row, "client_name"));
    doc_set_text(map, "label", doc_text_of(row, "label"));
    doc_set_int(map, "number", doc_int_of(row, "number"));
    doc_set_int(map, "from_at", doc_int_of(row, doc_get(row, "planned_start") ? "planned_start" : "starts_at"));
    doc_set_int(map, "upto_at", doc_int_of(row, doc_get(row, "planned_end") ? "planned_end" : "ends_at"));
    doc_push(list, map);
    buf_printf(print, "%s%lld.%lld ", kind, (long long)doc_int_of(row, "id"), (long long)doc_int_of(map, "from_at"));
}

static bool is_night(const struct zone *zone, const struct slot *s)
{
    int end = zone_minute(zone, s->ends_at - 1);
    return s->minute < NIGHT_UPTO || s->minute >= NIGHT_FROM || end >= NIGHT_FROM || zone_day(zone, s->ends_at - 1) != s->day;
}

/* The list, and a word for what it holds: who said « quand même » to it has said it to nothing else. */
static struct err *warnings(struct ctx *c, const struct zone *zone, int64_t job_id, const struct slot *s, struct doc **ret_list, const char **ret_print)
{
    const struct param member = P_INT("of_member", s->member_id), starts = P_INT("starts_at", s->starts_at), ends = P_INT("ends_at", s->ends_at);
    struct doc *jobs = NULL, *absences = NULL, *list = doc_list(c->arena);
    struct buf print;
    buf_init(&print, c->arena, 1000);
    TRY(ctx_rows(c, &sql_planning_clashes, PARAMS(member, starts, ends, P_INT("of_job", job_id)), &jobs));
    TRY(ctx_rows(c, &sql_planning_clashing_absences, PARAMS(member, starts, ends), &absences));
    for (size_t i = 0; i < doc_count(jobs); i++)
        warn(c, list, &print, "job", doc_at(jobs, i));
    for (size_t i = 0; i < doc_count(absences); i++)
        warn(c, list, &print, "absence", doc_at(absences, i));
    if (is_night(zone, s))
        warn(c, list, &print, "night", NULL);
    *ret_list = list;
    *ret_print = text_trim(c->arena, buf_end(&print));
    return NULL;
}

/* ---- The form ---- */

static void length_add(struct ctx *c, struct doc *options, int64_t minutes, int64_t chosen)
{
    struct doc *option = doc_map(c->arena);
    doc_set_int(option, "value", minutes);
    doc_set_text(option, "label", minutes == 480 ? web_text(c, N_("la journée")) : minutes_text(c, minutes));
    doc_set_bool(option, "is_selected", minutes == chosen);
    doc_push(options, option);
}

static struct doc *lengths(struct ctx *c, int64_t chosen)
{
    static const int usual[] = { 30, 60, 90, 120, 180, 240, 480 };
    struct doc *options = doc_list(c->arena);
    bool is_there = chosen < MINUTES_LEAST || chosen > MINUTES_MOST;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (!is_there && chosen < usual[i])
            length_add(c, options, chosen, chosen);
        is_there |= chosen <= usual[i];
        length_add(c, options, usual[i], chosen);
    }
    if (!is_there)
        length_add(c, options, chosen, chosen);
    return options;
}

/* The first day of the week that is not over, tomorrow rather than today. */
static int64_t day_begin(const struct board *b, const struct doc *job)
{
    int64_t wanted = doc_int_of(job, "wanted_on"), day = b->week.first_day;
    if (wanted >= b->today)
        return wanted;
    if (day <= b->today)
        day = b->today + 1;
    int64_t weekday = day - week_of(day).first_day;
    return weekday < 5 ? day : day + 7 - weekday;
}

/* Behind what the technician does already that day, or when the day begins. */
static int start_begin(const struct board *b, const struct doc *job, int64_t member_id, int64_t day)
{
    int start = text_same(doc_text_of(job, "wanted_part"), "afternoon") ? AFTERNOON_FROM : DAY_FROM;
    for (size_t i = 0; i < doc_count(b->jobs); i++) {
        const struct doc *other = doc_at(b->jobs, i);
        int64_t end = doc_int_of(other, "planned_end");
        if (doc_int_of(other, "member_id") != member_id || text_same(doc_text_of(other, "state"), "cancelled") || zone_day(b->zone, end) != day)
            continue;
        if (zone_minute(b->zone, end) > start)
            start = zone_minute(b->zone, end);
    }
    return start < 18 * 60 ? start : DAY_FROM;
}

void plan_begin(struct ctx *c, const struct board *b, struct doc *job)
{
    struct doc *plan = doc_map(c->arena);
    int64_t member_id = doc_int_of(job, "member_id"), start = doc_int_of(job, "planned_start"), minutes = doc_int_of(job, "minutes");
    bool is_planned = start && member_id;
    doc_set(plan, "technicians", board_technicians(c, b, member_id, &member_id));
    int64_t day = is_planned ? zone_day(b->zone, start) : day_begin(b, job);
    if (is_planned)
        minutes = (doc_int_of(job, "planned_end") - start) / CLOCK_MINUTE_MS;
    int minute = is_planned ? zone_minute(b->zone, start) : start_begin(b, job, member_id, day);
    doc_set_text(plan, "day", job_day_text(c->arena, day));
    doc_set_text(plan, "start", wall_time_text(c->arena, minute));
    doc_set_int(plan, "minutes", minutes);
    doc_set(plan, "lengths", lengths(c, minutes));
    doc_set_text(plan, "today", job_day_text(c->arena, b->today));
    doc_set_bool(plan, "is_told", true);
    doc_set(job, "plan", plan);
}

/* What was typed stands in the form again, and what lies in the way beside it. */
static struct err *plan_again(struct ctx *c, const struct board *b, int64_t job_id, struct doc *plan)
{
    struct slot s = { 0 };
    struct doc *list = NULL;
    const char *print = "";
    int64_t minutes = 0;
    if (!text_int(form_text(c, "minutes"), &minutes))
        minutes = 0;
    doc_set(plan, "technicians", board_technicians(c, b, form_id(c, "member_id"), NULL));
    doc_set_text(plan, "day", form_text(c, "day"));
    doc_set_text(plan, "start", form_text(c, "start"));
    doc_set(plan, "lengths", lengths(c, minutes));
    doc_set_bool(plan, "is_told", form_bool(c, "is_told"));
    if (!slot_read(c, b->zone, &s) || s.day < b->today)
        return NULL;
    TRY(warnings(c, b->zone, job_id, &s, &list, &print));
    doc_set(web_page(c), "warnings", list);
    doc_set_text(web_page(c), "despite", print);
    return NULL;
}

struct err *planning_job(struct ctx *c)
{
    struct board b;
    struct week week;
    int64_t id = path_id(c, "job"), member_id = 0;
    bool is_typed = *form_text(c, "day") || *form_text(c, "start");
    TRY(doc_row(c, "job", &sql_planning_job, PARAMS(P_INT("of_job", id))));
    struct doc *job = doc_get_mut(c->doc, "job");
    bool has_week = week_read(query_text(c, "week"), &week);
    TRY(job_zone(c, &b.zone));
    if (!has_week)
        week = week_of(zone_day(b.zone, doc_int_of(job, "planned_start") ? doc_int_of(job, "planned_start") : c->now_ms));
    TRY(board_read(c, &week, &b));
    job_mark(c, job);
    doc_set_bool(web_page(c), "can_plan", text_same(doc_text_of(job, "state"), "to_plan") || text_same(doc_text_of(job, "state"), "planned"));
    doc_set_text(web_page(c), "week", week_text(c->arena, week));
    doc_set(web_page(c), "warnings", doc_list(c->arena));
    doc_set_text(web_page(c), "despite", "");
    struct doc *shown = row_copy(c, job);
    plan_begin(c, &b, shown);
    doc_set(web_page(c), "plan", doc_get_mut(shown, "plan"));
    form_show(c, plan_form);
    if (text_int(query_text(c, "member"), &member_id) && !is_typed)     /* dropped on a technician's day: that is asked about */
        doc_set(doc_get_mut(web_page(c), "plan"), "technicians", board_technicians(c, &b, member_id, NULL));
    return is_typed ? plan_again(c, &b, id, doc_get_mut(web_page(c), "plan")) : NULL;
}

/* ---- Doing it ---- */

static struct err *state_error(struct ctx *c, struct err *e)
{
    return e && e->code == ERR_CONFLICT ? form_error(c, "job", N_("Entre-temps, cette intervention a changé d’état : elle ne peut plus être planifiée ainsi.")) : e;
}

/* Who drew the page saw the job as it is; the row is held from here. */
static struct err *seen_check(struct ctx *c, int64_t id)
{
    struct doc *held = NULL;
    int64_t count = 0;
    TRY(ctx_row(c, &sql_planning_take, PARAMS(P_INT("of_job", id)), &held));
    if (!*form_text(c, "count") || (text_int(form_text(c, "count"), &count) && count == doc_int_of(held, "plan_count")))
        return NULL;
    return form_error(c, "job", N_("Entre-temps, quelqu’un a planifié cette intervention. Voyez où elle en est, puis recommencez s’il le faut."));
}

/* "MEMBER.START.END" of before; "" where it was to plan. */
static const char *was_text(struct ctx *c, const struct doc *job)
{
    if (!text_same(doc_text_of(job, "state"), "planned"))
        return "";
    return arena_printf(c->arena, "%lld.%lld.%lld", (long long)doc_int_of(job, "member_id"), (long long)doc_int_of(job, "planned_start"), (long long)doc_int_of(job, "planned_end"));
}

struct err *planning_put(struct ctx *c)
{
    struct slot s = { 0 };
    const struct zone *zone = NULL;
    struct doc *job = NULL, *list = NULL;
    const char *print = "";
    int64_t id = path_id(c, "job");
    TRY(job_zone(c, &zone));
    TRY(seen_check(c, id));
    TRY(ctx_row(c, &sql_planning_job, PARAMS(P_INT("of_job", id)), &job));
    TRY(slot_check(c, zone, &s));
    TRY(warnings(c, zone, id, &s, &list, &print));
    if (*print && !text_same(form_text(c, "despite"), print))
        return form_go_on(c);
    TRY(state_error(c, job_plan(c, id, s.member_id, s.starts_at, s.ends_at)));
    if (form_bool(c, "is_told"))
        TRY(job_tell(c, id, JOB_STEP_PLANNED));
    journal_number(c, "despite", (int64_t)doc_count(list));
    reply_see(c, NULL, "%s/planning?week=%s&day=%s&done=%lld.%lld.%d&was=%s", web_space(c), week_text(c->arena, week_of(s.day)), form_text(c, "day"), (long long)id,
        (long long)doc_int_of(job, "plan_count") + 1, form_bool(c, "is_told"), was_text(c, job));
    return NULL;
}

/* ---- Taking it back ---- */

struct was { long long member_id, starts_at, ends_at; };

static bool was_read(const char *text, struct was *w)
{
    int end = 0;
    return strlen(text) < 70 && sscanf(text, "%20lld.%20lld.%20lld%n", &w->member_id, &w->starts_at, &w->ends_at, &end) == 3 && !text[end] && w->member_id > 0 && w->starts_at < w->ends_at;
}

struct err *undo_show(struct ctx *c)
{
    struct doc *job = NULL, *undo = NULL;
    struct was w;
    long long id = 0, count = 0;
    int end = 0, is_told = 0;
    const char *done = query_text(c, "done"), *was = query_text(c, "was");
    doc_set_null(web_page(c), "undo");
    if (strlen(done) > 40 || sscanf(done, "%20lld.%12lld.%1d%n", &id, &count, &is_told, &end) != 3 || done[end] || (*was && !was_read(was, &w)))
        return NULL;
    TRY(ctx_maybe(c, &sql_planning_job, PARAMS(P_INT("of_job", id)), &job));
    if (!job || doc_int_of(job, "plan_count") != count || !text_same(doc_text_of(job, "state"), "planned"))
        return NULL;
    undo = doc_map(c->arena);
    doc_pick_ints(undo, job, (const char *const[]){ "id", "number", "planned_start", "planned_end", NULL });
    doc_pick_texts(undo, job, (const char *const[]){ "client_name", "member_name", NULL });
    doc_set_int(undo, "count", count);
    doc_set_text(undo, "was", was);
    doc_set_bool(undo, "is_told", is_told);
    doc_set(web_page(c), "undo", undo);
    return NULL;
}

struct err *planning_undo(struct ctx *c)
{
    struct doc *job = NULL;
    struct was w = { 0 };
    const struct zone *zone = NULL;
    struct doc *held = NULL;
    int64_t id = path_id(c, "job"), count = 0;
    bool is_move = *form_text(c, "was");
    TRY(job_zone(c, &zone));
    TRY(ctx_row(c, &sql_planning_take, PARAMS(P_INT("of_job", id)), &held));
    TRY(ctx_row(c, &sql_planning_job, PARAMS(P_INT("of_job", id)), &job));
    bool is_same = text_int(form_text(c, "count"), &count) && count == doc_int_of(job, "plan_count") && text_same(doc_text_of(job, "state"), "planned");
    const char *week = week_text(c->arena, week_of(zone_day(zone, doc_int_of(job, "planned_start") ? doc_int_of(job, "planned_start") : c->now_ms)));
    if (!is_same || (is_move && !was_read(form_text(c, "was"), &w))) {
        journal_skip(c);
        reply_see(c, "planning_changed", "%s/planning?week=%s", web_space(c), week);
        return NULL;
    }
    TRY(state_error(c, is_move ? job_plan(c, id, w.member_id, w.starts_at, w.ends_at) : job_unplan(c, id)));
    if (form_bool(c, "is_told"))
        TRY(job_tell(c, id, is_move ? JOB_STEP_PLANNED : JOB_STEP_UNPLANNED));
    reply_see(c, "planning_undone", "%s/planning?week=%s", web_space(c), week);
    return NULL;
}
