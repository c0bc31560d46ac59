/* See day.h. */
#include "features/planning/day.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/job/job.h"
#include "features/planning/board.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { DAY_MOST = 50, MACHINES_MOST = 200, LEFT_MOST = 10, LEFT_DAYS = 14 };

/* ---- Whose it is ---- */

struct err *own_job(struct ctx *c, struct doc **ret_job)
{
    TRY(ctx_row(c, &sql_planning_own, PARAMS(P_INT("of_job", path_id(c, "job"))), ret_job));
    return job_is_own(c, *ret_job) ? NULL : ERR(c->arena, ERR_FORBIDDEN, "the job is another technician's");
}

/* ---- The page ---- */

static void equipment_join(struct ctx *c, struct doc *jobs, struct doc *machines)
{
    for (size_t i = 0; i < doc_count(jobs); i++)
        doc_set(doc_at_mut(jobs, i), "equipment", doc_list(c->arena));
    for (size_t k = 0; k < doc_count(machines); k++)
        for (size_t i = 0; i < doc_count(jobs); i++)
            if (doc_int_of(doc_at(jobs, i), "id") == doc_int_of(doc_at(machines, k), "job_id"))
                doc_push(doc_get_mut(doc_at_mut(jobs, i), "equipment"), doc_at_mut(machines, k));
}

/* A number as a telephone takes it. */
static const char *dial(struct ctx *c, const char *phone)
{
    struct buf out;
    buf_init(&out, c->arena, 40);
    for (; *phone; phone++)
        if ((*phone >= '0' && *phone <= '9') || (*phone == '+' && !out.len))
            buf_add(&out, phone, 1);
    return buf_end(&out);
}

static void day_mark(struct ctx *c, struct doc *jobs)
{
    for (size_t i = 0; i < doc_count(jobs); i++) {
        struct doc *job = doc_at_mut(jobs, i);
        bool is_planned = text_same(doc_text_of(job, "state"), "planned");
        job_mark(c, job);
        doc_set_bool(job, "can_leave", is_planned && !doc_int_of(job, "left_at"));
        doc_set_bool(job, "can_arrive", is_planned);
        doc_set_text(job, "contact_dial", dial(c, doc_text_of(job, "contact_phone")));
    }
}

/* Whose day: one's own; of who plans, anybody's. */
static struct err *day_member(struct ctx *c, int64_t *ret_id)
{
    int64_t id = 0;
    struct doc *member = NULL;
    *ret_id = c->who.member_id;
    doc_set_null(c->doc, "technician");
    if (!ctx_may(c, RIGHT_JOB_MANAGE) || !text_int(query_text(c, "member"), &id) || id == c->who.member_id)
        return NULL;
    TRY(ctx_row(c, &sql_planning_technician, PARAMS(P_INT("of_member", id)), &member));
    doc_set(c->doc, "technician", member);
    *ret_id = id;
    return NULL;
}

static void day_around(struct ctx *c, int64_t day, int64_t today)
{
    struct doc *page = web_page(c);
    doc_set_text(page, "day_name", day_name(c, day));
    doc_set_text(page, "day_long", day_long(c, day));
    doc_set_text(page, "day_iso", job_day_text(c->arena, day));
    doc_set_text(page, "before", job_day_text(c->arena, day - 1));
    doc_set_text(page, "after", job_day_text(c->arena, day + 1));
    doc_set_bool(page, "is_today", day == today);
}

struct err *planning_day(struct ctx *c)
{
    const struct zone *zone = NULL;
    struct doc *machines = NULL;
    int64_t member_id = 0, day = 0;
    TRY(job_zone(c, &zone));
    TRY(day_member(c, &member_id));
    int64_t today = zone_day(zone, c->now_ms);
    if (!clock_day_read(query_text(c, "day"), &day) || day < today - 366 || day > today + 366)
        day = today;
    const struct param member = P_INT("of_member", member_id), from = P_INT("starts_at", zone_moment_ms(zone, day, 0)), upto = P_INT("ends_at", zone_moment_ms(zone, day + 1, 0));
    TRY(doc_rows(c, "jobs", &sql_planning_day, PARAMS(member, from, upto, P_INT("most", DAY_MOST))));
    TRY(ctx_rows(c, &sql_planning_day_equipment, PARAMS(member, from, upto, P_INT("most", MACHINES_MOST)), &machines));
    TRY(doc_rows(c, "left", &sql_planning_left, PARAMS(member, P_INT("starts_at", zone_moment_ms(zone, today - LEFT_DAYS, 0)), P_INT("ends_at", zone_moment_ms(zone, today, 0)),
        P_INT("most", LEFT_MOST))));
    equipment_join(c, doc_get_mut(c->doc, "jobs"), machines);
    day_mark(c, doc_get_mut(c->doc, "jobs"));
    day_mark(c, doc_get_mut(c->doc, "left"));
    day_around(c, day, today);
    bool is_own = member_id == c->who.member_id;
    doc_set_int(web_page(c), "of_member", is_own ? 0 : member_id);
    doc_set_bool(web_page(c), "is_own", is_own);
    return is_own ? calendar_show(c, true) : NULL;
}

/* ---- On the way, arrived ---- */

/* Back to the day it is of; of somebody else's, theirs. Where it stands elsewhere by now, that is said and nothing done. */
static struct err *step_done(struct ctx *c, const struct doc *job, struct err *e, const char *notice)
{
    const struct zone *zone = NULL;
    bool is_own = doc_int_of(job, "member_id") == c->who.member_id;
    if (e && e->code != ERR_CONFLICT)
        return e;
    if (e)
        journal_skip(c);
    TRY(job_zone(c, &zone));
    reply_see(c, e ? "planning_changed" : notice, "%s/planning/day?day=%s%s", web_space(c), job_day_text(c->arena, zone_day(zone, doc_int_of(job, "planned_start"))),
        is_own ? "" : arena_printf(c->arena, "&member=%lld", (long long)doc_int_of(job, "member_id")));
    return NULL;
}

struct err *planning_leave(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(own_job(c, &job));
    return step_done(c, job, job_leave(c, doc_int_of(job, "id")), "job_left");
}

struct err *planning_arrive(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(own_job(c, &job));
    return step_done(c, job, job_arrive(c, doc_int_of(job, "id")), "job_arrived");
}
