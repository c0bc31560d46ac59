/* « Demander une autre date »: asked on the portal, answered by those who plan, by another date or by a word. */
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/inside.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { WISHES_MOST = 5, AHEAD_DAYS = 366 };

static const struct choice parts[] = { { "any", N_("Toute la journée") }, { "morning", N_("Le matin") }, { "afternoon", N_("L’après-midi") }, { 0 } };

const struct field wish_form[] = {
    { "wanted_on", FIELD_TEXT, N_("Jour souhaité"), .max = 10 },
    { "part", FIELD_CHOICE, N_("Moment de la journée"), REQUIRED, .choices = parts },
    { "reason", FIELD_LONG, N_("Précisez si besoin"), .max = 500 },
    { 0 },
};
const struct field wish_answer_form[] = { { "answer", FIELD_LONG, N_("Votre réponse au client"), REQUIRED, .max = 500 }, { 0 } };

#define IN_REACH(c) P_ANY("in_site", (c)->who.site_id, P_INT("in_site", (c)->who.site_id)), P_ANY("in_job", (c)->who.job_id, P_INT("in_job", (c)->who.job_id))

/* Before anybody has left for it; one at a time, and not for ever. */
static bool can_wish(const struct ctx *c, const struct doc *job)
{
    bool is_ahead = text_same(doc_text_of(job, "state"), "to_plan")
        || (text_same(doc_text_of(job, "state"), "planned") && !doc_int_of(job, "left_at") && doc_int_of(job, "planned_start") > c->now_ms);
    return is_ahead && !text_same(doc_text_of(job, "wish_state"), "open");
}

static bool can_rate(const struct ctx *c, const struct doc *job)
{
    return text_same(doc_text_of(job, "state"), "done") && (!doc_int_of(job, "stars") || doc_int_of(job, "rated_at") > c->now_ms - RATING_DAYS * CLOCK_DAY_MS);
}

struct err *voice_read(struct ctx *c, int64_t job_id, struct doc **ret_job)
{
    if (!c->who.client_id)
        return ERR(c->arena, ERR_NOT_FOUND, "whoever is no client's has no jobs");
    TRY(ctx_row(c, &sql_voice_job, PARAMS(P_INT("of_job", job_id), IN_REACH(c)), ret_job));
    doc_set_bool(*ret_job, "can_wish", can_wish(c, *ret_job));
    doc_set_bool(*ret_job, "can_rate", can_rate(c, *ret_job));
    return NULL;
}

/* The same, held for the rest of the transaction. */
struct err *voice_take(struct ctx *c, int64_t job_id, struct doc **ret_job)
{
    if (!c->who.client_id)
        return ERR(c->arena, ERR_NOT_FOUND, "whoever is no client's has no jobs");
    TRY(ctx_run(c, &sql_voice_take, PARAMS(P_INT("of_job", job_id), IN_REACH(c))));
    return voice_read(c, job_id, ret_job);
}

struct err *job_voice(struct ctx *c, int64_t job_id, bool takes_dates, bool takes_rating)
{
    struct doc *job = NULL;
    TRY(voice_read(c, job_id, &job));
    doc_set_bool(job, "can_wish", takes_dates && doc_bool_of(job, "can_wish"));
    doc_set_bool(job, "can_rate", takes_rating && doc_bool_of(job, "can_rate"));
    doc_set(web_page(c), "voice", job);
    return NULL;
}

/* Who says it, as it is shown to the team: a contact by name, whoever has a link as such. */
const char *voice_name(struct ctx *c)
{
    return c->who.contact_id ? c->who.person_name : N_("Lien sécurisé");
}

struct err *job_wish_new(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(portal_need(c, PORTAL_DATES, NULL));
    TRY(voice_read(c, path_id(c, "job"), &job));
    doc_set(c->doc, "job", job);
    form_show(c, wish_form);
    form_value(c, "part", "any");
    return NULL;
}

static struct err *wish_day(struct ctx *c, struct param *ret_day)
{
    int64_t day = 0, today = c->now_ms / CLOCK_DAY_MS;
    *ret_day = P_NULL("wanted_on");
    if (!*form_text(c, "wanted_on"))
        return *form_text(c, "reason") || !text_same(form_text(c, "part"), "any") ? NULL : form_error(c, "wanted_on", N_("Dites quel jour, quel moment, ou ce qui ne va pas."));
    if (!clock_day_read(form_text(c, "wanted_on"), &day))
        return form_error(c, "wanted_on", N_("Ce n’est pas une date : écrivez par exemple 2026-12-24."));
    if (day < today)
        return form_error(c, "wanted_on", N_("Ce jour est passé."));
    if (day > today + AHEAD_DAYS)
        return form_error(c, "wanted_on", N_("Choisissez un jour dans l’année qui vient."));
    *ret_day = P_INT("wanted_on", day);
    return NULL;
}

struct err *job_wish_ask(struct ctx *c)
{
    struct doc *job = NULL, *count = NULL;
    struct param day;
    const struct param of_job = P_INT("of_job", path_id(c, "job"));
    TRY(portal_need(c, PORTAL_DATES, NULL));
    TRY(voice_take(c, path_id(c, "job"), &job));
    if (!doc_bool_of(job, "can_wish"))
        return form_error(c, "page", N_("Cette intervention n’attend plus de date, ou une demande attend déjà sa réponse."));
    TRY(ctx_maybe(c, &sql_wish_count, PARAMS(of_job), &count));
    if (count && doc_int_of(count, "count") >= WISHES_MOST)
        return form_error(c, "page", N_("Vous avez déjà demandé plusieurs dates : appelez-nous, ce sera plus simple."));
    TRY(wish_day(c, &day));
    TRY(ctx_run(c, &sql_wish_add, PARAMS(P_INT("id", ctx_id(c)), of_job, day, P_TEXT("part", form_text(c, "part")), P_TEXT("reason", form_text(c, "reason")),
        P_TEXT("by_name", voice_name(c)))));
    TRY(tell_wish(c, path_id(c, "job")));
    journal_object(c, "job", path_id(c, "job"));
    journal_text(c, "reason", form_text(c, "reason"));
    reply_see(c, "wish_asked", "%s/jobs/%lld", web_space(c), (long long)path_id(c, "job"));
    return NULL;
}

/* ---- The office's answer ---- */

struct err *job_wish_show(struct ctx *c)
{
    TRY(doc_row(c, "wish", &sql_wish_show, PARAMS(P_INT("of_job", path_id(c, "job")))));
    form_show(c, wish_answer_form);
    return NULL;
}

static struct err *wish_answer(struct ctx *c, int64_t job_id, const char *state, const char *answer, int64_t *ret_changed)
{
    const char *name = ctx_author(c);
    return ctx_run_any(c, &sql_wish_answer, PARAMS(P_INT("of_job", job_id), P_TEXT("in_state", state), P_TEXT("answer", answer), P_TEXT("by_name", name ? name : "")), ret_changed);
}

struct err *job_wish_decline(struct ctx *c)
{
    int64_t id = path_id(c, "job"), changed = 0;
    struct doc *job = NULL;
    TRY(ctx_row(c, &sql_wish_show, PARAMS(P_INT("of_job", id)), &job));
    TRY(wish_answer(c, id, "declined", form_text(c, "answer"), &changed));
    if (!changed)
        return form_error(c, "page", N_("Aucune demande n’attend de réponse."));
    TRY(job_tell(c, id, JOB_STEP_DECLINED));
    journal_object(c, "job", id);
    reply_see(c, "wish_declined", "%s/jobs/%lld", web_space(c), (long long)id);
    return NULL;
}

struct err *job_wish_planned(struct ctx *c, int64_t job_id)
{
    struct doc *job = NULL;
    TRY(ctx_row(c, &sql_tell_job, PARAMS(P_INT("of_job", job_id)), &job));
    if (!text_same(doc_text_of(job, "wish_state"), "open") || doc_int_of(job, "told_start") == doc_int_of(job, "planned_start"))
        return NULL;
    TRY(wish_answer(c, job_id, "accepted", "", NULL));
    return job_tell(c, job_id, JOB_STEP_PLANNED);
}

struct err *job_wish_over(struct ctx *c, int64_t job_id) { return wish_answer(c, job_id, "declined", "", NULL); }
