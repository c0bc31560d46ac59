/* The sheet of a job: all there is to know of it, what can be done with it now, and its history. */
#include <string.h>
#include "base/text.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "features/register/register.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"

struct err *job_load(struct ctx *c, struct doc **ret_job)
{
    TRY(doc_row(c, "job", &sql_job_show, PARAMS(P_INT("of_job", path_id(c, "job")))));
    struct doc *job = doc_get_mut(c->doc, "job");
    doc_set_text(job, "number_text", job_number_text(c->arena, doc_int_of(job, "number")));
    job_rights(c);
    if (ret_job)
        *ret_job = job;
    return NULL;
}

struct err *job_done(struct ctx *c, int64_t id, const char *notice)
{
    reply_see(c, notice, "%s/jobs/%lld", web_space(c), (long long)id);
    return NULL;
}

/* Where a map program finds it; nothing is asked of anybody before it is pressed. */
static void place_show(struct ctx *c, const struct doc *job)
{
    const char *place = text_trim(c->arena, arena_printf(c->arena, "%s %s %s", doc_text_of(job, "street"), doc_text_of(job, "postcode"), doc_text_of(job, "city")));
    doc_set_text(web_page(c), "map_href", *place ? arena_printf(c->arena, "geo:0,0?q=%s", text_url_encode(c->arena, place)) : "");
}

/* Digits and a leading plus: what a telephone takes. */
static const char *phone_href(struct arena *a, const char *phone)
{
    char *href = arena_text(a, phone), *to = href;
    for (const char *at = phone; *at; at++)
        if ((*at >= '0' && *at <= '9') || (*at == '+' && at == phone))
            *to++ = *at;
    *to = '\0';
    return *href ? arena_printf(a, "tel:%s", href) : "";
}

/* What may be done with it now, by its state and one's rights; the acts decide it once more. */
static void acts_show(struct ctx *c, const struct doc *job)
{
    struct doc *page = web_page(c);
    const char *state = doc_text_of(job, "state");
    bool plans = ctx_may(c, RIGHT_JOB_MANAGE), works = ctx_may(c, RIGHT_JOB_WORK) && job_is_own(c, job);
    bool to_plan = !strcmp(state, "to_plan"), planned = !strcmp(state, "planned"), started = !strcmp(state, "started"), is_over = !strcmp(state, "done") || !strcmp(state, "cancelled");
    doc_set_bool(page, "can_plan", plans && (to_plan || planned));
    doc_set_bool(page, "can_unplan", plans && planned);
    doc_set_bool(page, "can_leave", works && planned && !doc_bool_of(job, "is_on_way"));
    doc_set_bool(page, "can_arrive", works && planned);
    doc_set_bool(page, "can_finish", works && started);
    doc_set_bool(page, "can_cancel", plans && !is_over);
    doc_set_bool(page, "can_reopen", plans && is_over);
    doc_set_bool(page, "can_attach", works);
    doc_set_bool(page, "can_see_client", ctx_may(c, RIGHT_CLIENT_READ));
    doc_set_bool(page, "can_see_mandate", ctx_may(c, RIGHT_MANDATE_READ) && doc_int_of(job, "asked_mandate_id"));
    doc_set_bool(page, "can_link", ctx_may(c, RIGHT_LINK_MANAGE));
    doc_set_bool(page, "can_see_history", ctx_may(c, RIGHT_JOURNAL_READ));
}

struct err *job_show(struct ctx *c)
{
    struct doc *job = NULL;
    const struct param *of_job = PARAMS(P_INT("of_job", path_id(c, "job")));
    TRY(job_load(c, &job));
    TRY(doc_rows(c, "equipment", &sql_job_machines_of, of_job));
    TRY(doc_rows(c, "files", &sql_job_files, of_job));
    TRY(doc_row(c, "kept", &sql_job_file_counts, of_job));
    doc_set_text(web_page(c), "phone_href", phone_href(c->arena, doc_text_of(job, "contact_phone")));
    place_show(c, job);
    acts_show(c, job);
    form_show(c, job_file_form);
    form_value(c, "audience", "shared");
    return NULL;
}

/* Who did what to it, the last first, for who reads the journal. */
struct err *job_history(struct ctx *c)
{
    TRY(job_load(c, NULL));
    TRY(doc_page(c, "entries", &sql_journal_of_object, "id", PARAMS(P_TEXT("object_kind", "job"), P_INT("object_id", path_id(c, "job")))));
    return lines_tell(c, doc_get_mut(c->doc, "entries"));
}
