/* The messages of calendar.h: one a step, each once. */
#include "features/calendar/calendar.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/entry.h"
#include "features/calendar/inside.h"
#include "features/queries.h"
#include "mail/mail.h"

/* Requests from outside of an hour after which those who plan are written to no more: the list has them. */
enum { ASKED_AN_HOUR = 30, PLANNERS_MOST = 20 };

static const struct { const char *template; bool has_entry; } letters[JOB_STEPS] = {
    [JOB_STEP_ASKED] = { "mail_job_asked" }, [JOB_STEP_PLANNED] = { "mail_job_planned", true }, [JOB_STEP_UNPLANNED] = { "mail_job_unplanned", true },
    [JOB_STEP_CANCELLED] = { "mail_job_cancelled", true }, [JOB_STEP_LEFT] = { "mail_job_left" }, [JOB_STEP_DONE] = { "mail_job_done" },
    [JOB_STEP_VISIT] = { "mail_job_visit" }, [JOB_STEP_DECLINED] = { "mail_job_declined" },
};

/* A copy for one message: mail_queue completes the document it is given. */
static struct doc *letter_data(struct ctx *c, const struct doc *job)
{
    static const char *const texts[] = { "title", "type_name", "technician", "client_name", "site_name", "street", "postcode", "city", "cancel_reason", "contact_name",
        "asked_name", "asked_how", "description", "wish_part", "wish_reason", "wish_answer", "wish_name", NULL };
    static const char *const numbers[] = { "id", "number", "planned_start", "planned_end", "told_start", "wanted_on", NULL };
    struct doc *data = doc_map(c->arena), *about = doc_map(c->arena);
    doc_pick_texts(about, job, texts);
    doc_pick_ints(about, job, numbers);
    doc_set_bool(about, "has_portal", doc_bool_of(job, "has_portal"));
    doc_set(data, "job", about);
    doc_set_text(data, "stop", "@LINK@");
    return data;
}

static struct err *job_entry(struct ctx *c, struct doc *job, bool is_over, struct mail_file *ret_file)
{
    const char *method = is_over ? "CANCEL" : "PUBLISH", *text = NULL;
    struct event event;
    TRY(entry_event(c, job, ENTRY_CLIENT, doc_text_of(job, "contact_lang"), &event));
    event.is_cancelled = is_over;
    TRY(event_write(c->arena, &(struct event_list){ method, NULL, &event, 1 }, &text));
    *ret_file = (struct mail_file){ arena_printf(c->arena, "I-%lld.ics", (long long)doc_int_of(job, "number")),
        arena_printf(c->arena, "text/calendar; charset=utf-8; method=%s", method), text };
    return NULL;
}

/* What is over no longer has its date in the row: the one that was told goes out of the calendar. */
static void date_told(struct doc *job)
{
    doc_set_int(job, "planned_start", doc_int_of(job, "told_start"));
    doc_set_int(job, "planned_end", doc_int_of(job, "told_end"));
}

static struct err *client_mail(struct ctx *c, struct doc *job, enum job_step step)
{
    bool is_over = step == JOB_STEP_CANCELLED || step == JOB_STEP_UNPLANNED;
    bool has_entry = letters[step].has_entry && (!is_over || doc_int_of(job, "told_start"));
    struct mail_file file;
    const char *email = doc_text_of(job, "contact_email");
    struct doc *muted = NULL;
    if (text_is_email(email))
        TRY(ctx_maybe(c, &sql_tell_muted, PARAMS(P_TEXT("email_key", text_email_key(c->arena, email))), &muted));
    if (!text_is_email(email) || muted)
        return NULL;
    if (is_over && has_entry)
        date_told(job);
    if (has_entry)
        TRY(job_entry(c, job, is_over, &file));
    return mail_queue(c, &(struct mail){ .template = letters[step].template, .to_email = email, .to_name = doc_text_of(job, "contact_name"),
        .lang = doc_text_of(job, "contact_lang"), .org_id = c->who.org_id, .links_itself = true, .link_kind = "mute", .file = has_entry ? &file : NULL }, letter_data(c, job));
}

/* To those who plan. */
static struct err *planners_mail(struct ctx *c, const struct doc *job, const char *template)
{
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_tell_planners, PARAMS(P_INT("most", PLANNERS_MOST)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *to = doc_at(people, i);
        TRY(mail_queue(c, &(struct mail){ .template = template, .to_email = doc_text_of(to, "email"), .to_name = doc_text_of(to, "name"), .lang = doc_text_of(to, "lang"),
            .org_id = c->who.org_id, .is_office = true }, letter_data(c, job)));
    }
    return NULL;
}

struct err *tell_wish(struct ctx *c, int64_t job_id)
{
    struct doc *job = NULL;
    TRY(ctx_row(c, &sql_tell_job, PARAMS(P_INT("of_job", job_id)), &job));
    return planners_mail(c, job, "mail_job_wish");
}

/* What was asked from outside. Not more often an hour than somebody reads. */
static struct err *office_mail(struct ctx *c, const struct doc *job)
{
    struct doc *asked = NULL;
    const char *how = doc_text_of(job, "asked_how");
    if (strcmp(how, "portal") != 0 && strcmp(how, "link") != 0)
        return NULL;
    TRY(ctx_maybe(c, &sql_tell_asked, PARAMS(P_INT("since", c->now_ms - CLOCK_HOUR_MS), P_INT("many", ASKED_AN_HOUR)), &asked));
    if (asked)
        return NULL;
    return planners_mail(c, job, "mail_job_new");
}

static struct err *told_note(struct ctx *c, const struct doc *job, enum job_step step)
{
    const struct param id = P_INT("of_job", doc_int_of(job, "id"));
    if (step == JOB_STEP_PLANNED)
        return ctx_run(c, &sql_told_put, PARAMS(id, P_INT("starts_at", doc_int_of(job, "planned_start")), P_INT("ends_at", doc_int_of(job, "planned_end"))));
    if (step == JOB_STEP_CANCELLED || step == JOB_STEP_UNPLANNED)
        return ctx_run_any(c, &sql_told_end, PARAMS(id), NULL);
    return NULL;
}

/* Nobody is told twice of one date, nor of the end of one that they never heard of. */
static bool is_known(const struct doc *job, enum job_step step)
{
    int64_t told_start = doc_int_of(job, "told_start");
    if (step == JOB_STEP_PLANNED)
        return told_start && told_start == doc_int_of(job, "planned_start") && doc_int_of(job, "told_end") == doc_int_of(job, "planned_end");
    return step == JOB_STEP_UNPLANNED && !told_start;
}

struct err *job_tell(struct ctx *c, int64_t job_id, enum job_step step)
{
    struct doc *job = NULL;
    TRY(ctx_row(c, &sql_tell_job, PARAMS(P_INT("of_job", job_id)), &job));
    if (is_known(job, step))
        return NULL;
    TRY(told_note(c, job, step));
    TRY(client_mail(c, job, step));
    return step == JOB_STEP_ASKED ? office_mail(c, job) : NULL;
}
