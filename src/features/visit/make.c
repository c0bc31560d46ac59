/* The job that makes jobs: one for each visit whose day is near. The visit moves on in the same statement that takes it, so that two servers, or one that died
   in between, make one job and no more. After a standstill one job stands for all that was missed. */
#include "base/clock.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "features/visit/inside.h"

int64_t visit_next(int64_t day, int months, int day_of_month)
{
    int year = 0, month = 0, date = 0;
    clock_civil(day, &year, &month, &date);
    int from_zero = month - 1 + months, next_year = year + from_zero / 12, next_month = from_zero % 12 + 1;
    int64_t first = clock_day(next_year, next_month, 1), behind = next_month == 12 ? clock_day(next_year + 1, 1, 1) : clock_day(next_year, next_month + 1, 1);
    int wanted = day_of_month ? day_of_month : date;
    return first + wanted - 1 < behind ? first + wanted - 1 : behind - 1;
}

/* The day this job is for, and the one after it: what was missed meanwhile is passed over. */
static void days_of(const struct doc *visit, int64_t today, int64_t *ret_on, int64_t *ret_next)
{
    int months = (int)doc_int_of(visit, "every_months"), day_of_month = (int)doc_int_of(visit, "day_of_month");
    int64_t on = doc_int_of(visit, "next_on"), next = visit_next(on, months, day_of_month);
    while (next - doc_int_of(visit, "lead_days") <= today) {
        on = next;
        next = visit_next(on, months, day_of_month);
    }
    *ret_on = on;
    *ret_next = next;
}

/* A type that was put aside since: the first in use stands in, for the visit is owed all the same. */
static struct err *type_find(struct ctx *c, int64_t type_id, int64_t *ret_type_id)
{
    struct doc *row = NULL, *all = NULL;
    TRY(ctx_maybe(c, &sql_job_type_of, PARAMS(P_INT("of_type", type_id)), &row));
    if (!row)
        TRY(ctx_rows(c, &sql_job_types_active, NULL, &all));
    *ret_type_id = row ? type_id : doc_count(all) ? doc_int_of(doc_at(all, 0), "id") : 0;
    return NULL;
}

/* Where and whom: the site's own, else the client's. */
static struct err *place_find(struct ctx *c, const struct doc *visit, struct job_new *job)
{
    struct doc *client = NULL, *site = NULL, *contact = NULL, *first = NULL;
    const struct param of_client = P_INT("of_client", job->client_id);
    TRY(ctx_row(c, &sql_job_client, PARAMS(of_client), &client));
    job->site_id = doc_int_of(visit, "site_id");
    if (job->site_id)
        TRY(ctx_maybe(c, &sql_job_site_row, PARAMS(of_client, P_INT("of_site", job->site_id)), &site));
    const struct doc *from = site && *doc_text_of(site, "street") ? site : client;
    job->street = doc_text_of(from, "street");
    job->postcode = doc_text_of(from, "postcode");
    job->city = doc_text_of(from, "city");
    job->contact_id = site ? doc_int_of(site, "contact_id") : 0;
    if (!job->contact_id)
        TRY(ctx_maybe(c, &sql_job_contact_first, PARAMS(of_client), &first));
    job->contact_id = first ? doc_int_of(first, "id") : job->contact_id;
    if (job->contact_id)
        TRY(ctx_maybe(c, &sql_job_contact_row, PARAMS(of_client, P_INT("of_contact", job->contact_id)), &contact));
    job->contact_name = doc_text_of(contact, "name");
    job->contact_phone = doc_text_of(contact, "phone");
    job->contact_email = doc_text_of(contact, "email");
    return NULL;
}

static struct err *job_make(struct ctx *c, const struct doc *visit, int64_t type_id, int64_t on, int64_t today)
{
    int64_t id = 0;
    struct job_new job = { .client_id = doc_int_of(visit, "client_id"), .type_id = type_id, .description = doc_text_of(visit, "description"),
        .before_on = on >= today ? P_INT("before_on", on) : P_NULL("before_on"), .asked_how = "contract", .asked_name = doc_text_of(visit, "title"), .visit_id = doc_int_of(visit, "id") };
    TRY(place_find(c, visit, &job));
    TRY(job_add(c, &job, &id, NULL));
    return journal_write_at(c, c->who.org_id, &(struct journal_draft){ .action = "visit_due", .reason = "contract", .object_kind = "job", .object_id = id, .is_wanted = true });
}

static struct err *visit_make(struct ctx *c, const struct doc *due)
{
    struct doc *visit = NULL;
    int64_t id = doc_int_of(due, "id"), today = c->now_ms / CLOCK_DAY_MS, on = 0, next = 0, type_id = 0, taken = 0;
    c->who = authority_nobody(doc_int_of(due, "org_id"));
    TRY(ctx_maybe(c, &sql_recurrence_show, PARAMS(P_INT("of_visit", id)), &visit));
    if (!visit || doc_int_of(visit, "next_on") != doc_int_of(due, "next_on"))      /* another server was faster: it is due no more */
        return NULL;
    TRY(type_find(c, doc_int_of(visit, "type_id"), &type_id));
    if (!type_id)                   /* nothing could be made: it waits until there is a type again */
        return NULL;
    bool is_over = doc_kind(doc_get(visit, "ends_on")) == DOC_INT && doc_int_of(visit, "ends_on") < doc_int_of(visit, "next_on");
    days_of(visit, today, &on, &next);
    TRY(ctx_run_any(c, &sql_recurrence_take, PARAMS(P_INT("of_visit", id), P_INT("was_on", doc_int_of(visit, "next_on")), P_INT("next_on", next)), &taken));
    return taken && !is_over ? job_make(c, visit, type_id, on, today) : NULL;
}

struct err *visits_make(struct ctx *c)
{
    struct doc *due = NULL;
    TRY(ctx_rows(c, &sql_recurrence_due, PARAMS(P_INT("today", c->now_ms / CLOCK_DAY_MS), P_INT("most_days", VISIT_LEAD_MOST)), &due));
    for (size_t i = 0; i < doc_count(due); i++)
        TRY(visit_make(c, doc_at(due, i)));
    return NULL;
}
