/* The acts on jobs: see job.h. */
#include <string.h>
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/client/client.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static struct param of_job(int64_t id) { return P_INT("of_job", id); }

/* ---- A new one ---- */

const char *job_title(struct arena *a, const char *description)
{
    size_t line = strcspn(description, "\r\n"), len = line;      /* a program may send either alone: a title stands in lists and subjects */
    if (line > JOB_TITLE_MOST) {
        for (len = JOB_TITLE_MOST; len > JOB_TITLE_MOST / 2 && description[len] != ' '; len--)
            ;
        while (len > 0 && ((unsigned char)description[len] & 0xc0) == 0x80)     /* never within a letter */
            len--;
    }
    return arena_printf(a, "%.*s%s", (int)len, description, len < line ? "…" : "");
}

const char *job_number_text(struct arena *a, int64_t number) { return arena_printf(a, "I-%lld", (long long)number); }

struct err *job_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first)
{
    struct doc *row = NULL;
    const struct param *params = PARAMS(P_INT("floor", floor), P_INT("count", count));
    TRY(ctx_maybe(c, &sql_job_number, params, &row));
    if (!row) {
        TRY(ctx_run_any(c, &sql_job_number_begin, NULL, NULL));
        TRY(ctx_row(c, &sql_job_number, params, &row));
    }
    *ret_first = doc_int_of(row, "number") - count + 1;
    return NULL;
}

/* What a form named must be there, and the same client's. */
static struct err *must_be(struct ctx *c, const struct query *q, const struct param *params, const char *field, const char *message)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, q, params, &row));
    return row ? NULL : form_error(c, field, message);
}

struct err *job_places_check(struct ctx *c, const struct job_new *job)
{
    const struct param client = P_INT("of_client", job->client_id);
    if (job->site_id)
        TRY(must_be(c, &sql_job_site_of, PARAMS(client, P_INT("of_site", job->site_id)), "site_id", N_("Ce site n’est pas de ce client.")));
    if (job->contact_id)
        TRY(must_be(c, &sql_job_contact_of, PARAMS(client, P_INT("of_contact", job->contact_id)), "contact_id", N_("Ce contact n’est pas de ce client.")));
    for (size_t i = 0; i < job->equipment_count; i++)
        TRY(must_be(c, &sql_job_equipment_of, PARAMS(client, P_INT("of_equipment", job->equipment_ids[i])), "equipment_id", N_("Cet équipement n’est pas de ce client.")));
    return NULL;
}

static struct err *new_check(struct ctx *c, const struct job_new *job)
{
    TRY(must_be(c, &sql_job_type_of, PARAMS(P_INT("of_type", job->type_id)), "type_id", N_("Ce type d’intervention n’est pas proposé.")));
    return job_places_check(c, job);
}

static const char *or_empty(const char *text) { return text ? text : ""; }

static struct err *row_add(struct ctx *c, const struct job_new *job, int64_t id, int64_t number)
{
    struct param before_on = job->before_on.kind == PARAM_INT ? job->before_on : P_NULL("before_on");
    return ctx_run(c, &sql_job_add, PARAMS(P_INT("id", id), P_INT("number", number), P_INT("of_client", job->client_id), P_INT("of_type", job->type_id),
        P_ID("of_site", job->site_id), P_TEXT("title", job_title(c->arena, job->description)), P_INT("is_urgent", job->is_urgent), before_on,
        P_TEXT("street", or_empty(job->street)), P_TEXT("postcode", or_empty(job->postcode)), P_TEXT("city", or_empty(job->city)),
        P_ID("of_contact", job->contact_id), P_TEXT("contact_name", or_empty(job->contact_name)), P_TEXT("contact_phone", or_empty(job->contact_phone)),
        P_TEXT("contact_email", or_empty(job->contact_email)), P_TEXT("asked_how", job->asked_how), P_ID("asked_contact", job->asked_contact_id),
        P_ID("asked_mandate", c->who.mandate_id), P_TEXT("asked_name", or_empty(job->asked_name)), P_ID("of_visit", job->visit_id)));
}

struct err *job_words(struct ctx *c, int64_t id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_job_words, PARAMS(of_job(id)), &row));
    const char *texts[] = { job_number_text(c->arena, doc_int_of(row, "number")), doc_text_of(row, "client_name"), doc_text_of(row, "site_name"),
        doc_text_of(row, "city"), doc_text_of(row, "title"), NULL };
    return word_put(c, "job", id, texts);
}

struct err *job_add(struct ctx *c, const struct job_new *job, int64_t *ret_id, int64_t *ret_number)
{
    int64_t id = ctx_id(c), number = 0;
    TRY(new_check(c, job));
    TRY(job_numbers(c, 0, 1, &number));
    TRY(row_add(c, job, id, number));
    TRY(ctx_run(c, &sql_job_text_add, PARAMS(P_INT("id", id), P_TEXT("description", job->description), P_TEXT("information", or_empty(job->information)),
        P_TEXT("notes", or_empty(job->notes)))));
    for (size_t i = 0; i < job->equipment_count; i++)
        TRY(ctx_run(c, &sql_job_equipment_add, PARAMS(P_INT("id", id), P_INT("of_equipment", job->equipment_ids[i]))));
    TRY(job_words(c, id));
    journal_object(c, "job", id);
    journal_text(c, "number", job_number_text(c->arena, number));
    journal_text(c, "asked", job->asked_how);
    *ret_id = id;
    if (ret_number)
        *ret_number = number;
    return strcmp(job->asked_how, "office") == 0 ? NULL : job_tell(c, id, strcmp(job->asked_how, "contract") == 0 ? JOB_STEP_VISIT : JOB_STEP_ASKED);
}

/* ---- From state to state ---- */

static struct err *state_change(struct ctx *c, const struct query *q, const struct param *params, int64_t id)
{
    int64_t changed = 0;
    struct doc *row = NULL;
    TRY(ctx_run_any(c, q, params, &changed));
    if (!changed) {
        TRY(ctx_row(c, &sql_job_exists, PARAMS(of_job(id)), &row));
        return ERR(c->arena, ERR_CONFLICT, "the job is %s by now", doc_text_of(row, "state"));
    }
    journal_object(c, "job", id);
    return NULL;
}

struct err *job_plan(struct ctx *c, int64_t id, int64_t member_id, int64_t start_ms, int64_t end_ms)
{
    struct doc *member = NULL;
    TRY(ctx_maybe(c, &sql_job_technician_of, PARAMS(P_INT("of_member", member_id)), &member));
    if (!member)
        return form_error(c, "member_id", N_("Cette personne ne fait pas d’interventions ici."));
    TRY(state_change(c, &sql_job_plan, PARAMS(of_job(id), P_INT("of_member", member_id), P_INT("starts_at", start_ms), P_INT("ends_at", end_ms)), id));
    journal_text(c, "technician", doc_text_of(member, "name"));
    journal_number(c, "start", start_ms);
    journal_number(c, "end", end_ms);
    return job_wish_planned(c, id);
}

struct err *job_unplan(struct ctx *c, int64_t id)
{
    TRY(state_change(c, &sql_job_unplan, PARAMS(of_job(id)), id));
    return job_tell(c, id, JOB_STEP_UNPLANNED);     /* whoever had been told the date */
}


struct err *job_leave(struct ctx *c, int64_t id)
{
    TRY(state_change(c, &sql_job_leave, PARAMS(of_job(id)), id));
    return job_tell(c, id, JOB_STEP_LEFT);
}


struct err *job_arrive(struct ctx *c, int64_t id)
{
    TRY(state_change(c, &sql_job_arrive, PARAMS(of_job(id)), id));
    return job_wish_over(c, id);
}

struct err *job_finish(struct ctx *c, int64_t id, const char *report)
{
    TRY(state_change(c, &sql_job_finish, PARAMS(of_job(id)), id));
    TRY(ctx_run(c, &sql_job_report_put, PARAMS(of_job(id), P_TEXT("report", report))));
    return job_tell(c, id, JOB_STEP_DONE);
}

struct err *job_cancel(struct ctx *c, int64_t id, const char *reason)
{
    TRY(state_change(c, &sql_job_cancel, PARAMS(of_job(id), P_TEXT("reason", reason)), id));
    journal_text(c, "reason", reason);
    return job_wish_over(c, id);
}

struct err *job_reopen(struct ctx *c, int64_t id)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_job_reopen_done, PARAMS(of_job(id)), &changed));
    if (!changed)
        return state_change(c, &sql_job_reopen_cancelled, PARAMS(of_job(id)), id);
    journal_object(c, "job", id);
    return NULL;
}
