/* From state to state, by form. Whoever comes too late is told how the job stands now (409); what was typed wrong is said at its field. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { LENGTH_LEAST = 5, LENGTH_MOST = 24 * 60, START_USUAL = 8 * 60 };

const struct field job_plan_form[] = {
    { "member_id", FIELD_ID, N_("Technicien"), REQUIRED },
    { "day", FIELD_TEXT, N_("Jour"), REQUIRED, .max = 10 },
    { "start", FIELD_TEXT, N_("Début"), REQUIRED, .max = 5 },
    { "length", FIELD_TEXT, N_("Durée"), REQUIRED, .max = 12, .hint = N_("Par exemple 2 h, 1 h 30 ou 45 min.") },
    { "is_told", FIELD_BOOL, N_("Prévenir le client") },
    { 0 },
};
const struct field job_finish_form[] = { { "report", FIELD_LONG, N_("Rapport"), REQUIRED, .max = 20000, .hint = N_("Le client le lit dans son espace.") }, { 0 } };
const struct field job_cancel_form[] = {
    { "reason", FIELD_LONG, N_("Motif"), REQUIRED, .max = 1000, .hint = N_("Le client le lit aussi.") },
    { "is_told", FIELD_BOOL, N_("Prévenir le client") },
    { 0 },
};

/* ---- Too late ---- */

static const struct { const char *state, *said; } standing[] = {
    { "to_plan", N_("Cette intervention est maintenant à planifier.") }, { "planned", N_("Cette intervention est maintenant planifiée.") },
    { "started", N_("Cette intervention est maintenant en cours.") }, { "done", N_("Cette intervention est maintenant terminée.") },
    { "cancelled", N_("Cette intervention est maintenant annulée.") },
};

struct err *job_conflict(struct ctx *c, int64_t id, struct err *e)
{
    struct doc *row = NULL;
    if (!e || e->code != ERR_CONFLICT)
        return e;
    TRY(ctx_row(c, &sql_job_exists, PARAMS(P_INT("of_job", id)), &row));
    for (size_t i = 0; i < sizeof standing / sizeof *standing; i++)
        if (strcmp(standing[i].state, doc_text_of(row, "state")) == 0)
            return reply_conflict(c, standing[i].said, "%s/jobs/%lld", web_space(c), (long long)id);
    return e;
}

bool job_is_own(const struct ctx *c, const struct doc *job)
{
    return ctx_may(c, RIGHT_JOB_MANAGE) || (c->who.member_id && doc_int_of(job, "member_id") == c->who.member_id);
}

struct err *job_own_check(struct ctx *c, int64_t id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_job_technician_is, PARAMS(P_INT("of_job", id)), &row));
    return job_is_own(c, row) ? NULL : ERR(c->arena, ERR_FORBIDDEN, "the job is somebody else's");
}

/* What every act ends with. */
static struct err *act_end(struct ctx *c, int64_t id, struct err *e, const char *notice)
{
    TRY(job_conflict(c, id, e));
    return job_done(c, id, notice);
}

/* « Prévenir le client »: a date, and its end. */
static struct err *told(struct ctx *c, int64_t id, enum job_step step) { return form_bool(c, "is_told") ? job_tell(c, id, step) : NULL; }

/* ---- Planning ---- */

/* A day and a time of the form as a moment; days gone by and times that no clock shows are refused. */
static struct err *start_read(struct ctx *c, int64_t *ret_ms)
{
    int64_t day = 0, today = 0;
    int minute = 0, now_minute = 0;
    TRY(job_day_of(c, c->now_ms, &today, &now_minute));
    if (!clock_day_read(form_text(c, "day"), &day))
        return form_error(c, "day", N_("Indiquez un jour, comme 2027-03-31."));
    if (day < today)
        return form_error(c, "day", N_("Ce jour est passé."));
    if (day > today + 3 * 366)
        return form_error(c, "day", N_("Ce jour est trop loin : trois ans au plus."));
    if (!job_minute_read(form_text(c, "start"), &minute))
        return form_error(c, "start", N_("Indiquez une heure, comme 08:30."));
    TRY(job_moment(c, day, minute, ret_ms));
    return *ret_ms < 0 ? form_error(c, "start", N_("Cette heure n’existe pas ce jour-là : les horloges avancent d’une heure.")) : NULL;
}

struct err *job_plan_read(struct ctx *c, struct job_plan_wish *ret_wish)
{
    int64_t minutes = 0;
    struct job_plan_wish wish = { .member_id = form_id(c, "member_id") };
    TRY(start_read(c, &wish.start_ms));
    if (!job_length_read(form_text(c, "length"), &minutes))
        return form_error(c, "length", N_("Indiquez une durée, comme 2 h, 1 h 30 ou 45 min."));
    if (minutes < LENGTH_LEAST || minutes > LENGTH_MOST)
        return form_error(c, "length", N_("La fin vient après le début : de 5 minutes à 24 heures."));
    wish.end_ms = wish.start_ms + minutes * CLOCK_MINUTE_MS;
    *ret_wish = wish;
    return NULL;
}

/* Planned anew it begins with what stands; else with the next morning and what such a job usually takes. */
struct err *job_plan_show(struct ctx *c, const struct doc *job)
{
    struct doc *technicians = NULL;
    int64_t day = 0, start_ms = doc_int_of(job, "planned_start"), minutes = doc_int_of(job, "minutes");
    int minute = 0;
    TRY(ctx_rows(c, &sql_job_technicians, NULL, &technicians));
    form_show(c, job_plan_form);
    TRY(job_day_of(c, start_ms ? start_ms : c->now_ms + CLOCK_DAY_MS, &day, &minute));
    form_value(c, "day", job_day_text(c->arena, day));
    form_value(c, "start", job_minute_text(c->arena, start_ms ? minute : START_USUAL));
    form_value(c, "length", job_length_text(c->arena, start_ms ? (doc_int_of(job, "planned_end") - start_ms) / CLOCK_MINUTE_MS : minutes));
    form_value_id(c, "member_id", doc_int_of(job, "member_id"));
    form_value(c, "is_told", "1");
    form_options(c, "member_id", technicians, doc_int_of(job, "member_id") ? NULL : N_("Choisir"));
    return NULL;
}

struct err *job_planning(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(job_load(c, &job));
    return job_plan_show(c, job);
}

struct err *job_planned(struct ctx *c)
{
    struct job_plan_wish wish = { 0 };
    struct doc *row = NULL;
    int64_t id = path_id(c, "job");
    TRY(ctx_row(c, &sql_job_exists, PARAMS(P_INT("of_job", id)), &row));
    TRY(job_plan_read(c, &wish));
    TRY(act_end(c, id, job_plan(c, id, wish.member_id, wish.start_ms, wish.end_ms), "job_planned"));
    return told(c, id, JOB_STEP_PLANNED);
}

/* Whoever was told the date learns that it no longer stands. */
struct err *job_unplanned(struct ctx *c)
{
    int64_t id = path_id(c, "job");
    TRY(job_conflict(c, id, job_unplan(c, id)));
    TRY(job_tell(c, id, JOB_STEP_UNPLANNED));
    return job_done(c, id, "job_unplanned");
}

/* ---- The work ---- */

struct err *job_left(struct ctx *c)
{
    TRY(job_own_check(c, path_id(c, "job")));
    return act_end(c, path_id(c, "job"), job_leave(c, path_id(c, "job")), "job_left");
}

struct err *job_arrived(struct ctx *c)
{
    TRY(job_own_check(c, path_id(c, "job")));
    return act_end(c, path_id(c, "job"), job_arrive(c, path_id(c, "job")), "job_arrived");
}

struct err *job_finishing(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(job_load(c, &job));
    TRY(job_own_check(c, path_id(c, "job")));
    form_show(c, job_finish_form);
    form_value(c, "report", doc_text_of(job, "report"));
    return NULL;
}

struct err *job_finished(struct ctx *c)
{
    TRY(job_own_check(c, path_id(c, "job")));
    return act_end(c, path_id(c, "job"), job_finish(c, path_id(c, "job"), form_text(c, "report")), "job_finished");
}

/* ---- Given up, taken up again ---- */

struct err *job_cancelling(struct ctx *c)
{
    TRY(job_load(c, NULL));
    form_show(c, job_cancel_form);
    form_value(c, "is_told", "1");
    return NULL;
}

struct err *job_cancelled(struct ctx *c)
{
    TRY(act_end(c, path_id(c, "job"), job_cancel(c, path_id(c, "job"), form_text(c, "reason")), "job_cancelled"));
    return told(c, path_id(c, "job"), JOB_STEP_CANCELLED);
}

struct err *job_reopened(struct ctx *c) { return act_end(c, path_id(c, "job"), job_reopen(c, path_id(c, "job")), "job_reopened"); }
