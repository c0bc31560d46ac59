/* Visits that recur by contract, in the back office: list, made, changed, paused, ended. */
#include "features/visit/visit.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "features/visit/inside.h"
#include "tpl/tpl.h"
#include "work/work.h"

static const struct choice every[] = {
    { "1", N_("Chaque mois") }, { "2", N_("Tous les deux mois") }, { "3", N_("Chaque trimestre") }, { "4", N_("Tous les quatre mois") }, { "6", N_("Chaque semestre") },
    { "12", N_("Chaque année") }, { "24", N_("Tous les deux ans") }, { "36", N_("Tous les trois ans") }, { "60", N_("Tous les cinq ans") }, { 0 },
};
static const struct choice views[] = { { "off", N_("En pause ou finies") }, { 0 } };

static const struct field recurrence_form[] = {
    { "description", FIELD_LONG, N_("Description"), REQUIRED, .max = 20000, .hint = N_("Sa première ligne est le titre. Chaque intervention la reprend, et le client la voit.") },
    { "type_id", FIELD_ID, N_("Type"), REQUIRED },
    { "site_id", FIELD_ID, N_("Site") },
    { "every_months", FIELD_CHOICE, N_("Revient"), REQUIRED, .choices = every },
    { "next_on", FIELD_TEXT, N_("Prochaine visite le"), REQUIRED, .max = 10 },
    { "lead_days", FIELD_TEXT, N_("Créer l’intervention, en jours avant"), REQUIRED, .max = 3 },
    { "ends_on", FIELD_TEXT, N_("Fin du contrat"), .max = 10 },
    { 0 },
};

static struct param of_visit(struct ctx *c) { return P_INT("of_visit", path_id(c, "recurrence")); }

/* ---- List ---- */

static const char *every_text(struct ctx *c, int64_t months)
{
    int64_t value = 0;
    for (const struct choice *choice = every; choice->value; choice++)
        if (text_int(choice->value, &value) && value == months)
            return web_text(c, choice->label);
    return "";
}

static struct err *recurrence_list(struct ctx *c)
{
    bool is_off = filter_choice(c, "view", views).kind == PARAM_TEXT;
    struct param client = filter_id(c, "client");
    client.name = "of_client";
    TRY(doc_page(c, "visits", &sql_recurrence_list, "next_on", PARAMS(P_INT("is_active", !is_off), client)));
    struct doc *rows = doc_get_mut(c->doc, "visits");
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_text(doc_at_mut(rows, i), "every", every_text(c, doc_int_of(doc_at(rows, i), "every_months")));
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_JOB_MANAGE));
    return NULL;
}

/* ---- Made and changed ---- */

struct typed { int64_t next_on, lead_days, months, day_of_month; struct param ends_on; };

static struct err *days_read(struct ctx *c, struct typed *t)
{
    int64_t ends_on = 0;
    int year = 0, month = 0, date = 0;
    if (!clock_day_read(form_text(c, "next_on"), &t->next_on))
        return form_error(c, "next_on", N_("Indiquez un jour, comme 2027-03-31."));
    if (*form_text(c, "ends_on") && !clock_day_read(form_text(c, "ends_on"), &ends_on))
        return form_error(c, "ends_on", N_("Indiquez un jour, comme 2027-03-31."));
    if (*form_text(c, "ends_on") && ends_on < t->next_on)
        return form_error(c, "ends_on", N_("La fin vient avant la prochaine visite."));
    t->ends_on = *form_text(c, "ends_on") ? P_INT("ends_on", ends_on) : P_NULL("ends_on");
    clock_civil(t->next_on, &year, &month, &date);
    t->day_of_month = date;
    return NULL;
}

static struct err *typed_read(struct ctx *c, const struct doc *was, struct typed *t)
{
    TRY(days_read(c, t));
    if (was && t->next_on == doc_int_of(was, "next_on") && doc_int_of(was, "day_of_month"))
        t->day_of_month = doc_int_of(was, "day_of_month");     /* the 28th that is meant as the 31st stays so */
    if (t->next_on < c->now_ms / CLOCK_DAY_MS && (!was || t->next_on != doc_int_of(was, "next_on")))
        return form_error(c, "next_on", N_("Ce jour est passé."));
    if (!text_int(form_text(c, "every_months"), &t->months))
        t->months = 12;
    if (!text_int(form_text(c, "lead_days"), &t->lead_days) || t->lead_days < 1 || t->lead_days > VISIT_LEAD_MOST)
        return form_error(c, "lead_days", N_("De 1 à 120 jours."));
    if (t->lead_days >= t->months * 28)
        return form_error(c, "lead_days", N_("Moins de jours que d’une visite à l’autre."));
    return NULL;
}

static struct err *checked(struct ctx *c, int64_t client_id, const struct doc *was)
{
    struct doc *type = NULL;
    if (!was || form_id(c, "type_id") != doc_int_of(was, "type_id"))
        TRY(ctx_maybe(c, &sql_job_type_of, PARAMS(P_INT("of_type", form_id(c, "type_id"))), &type));
    if (!type && (!was || form_id(c, "type_id") != doc_int_of(was, "type_id")))
        return form_error(c, "type_id", N_("Ce type d’intervention n’est pas proposé."));
    return job_places_check(c, &(struct job_new){ .client_id = client_id, .site_id = form_id(c, "site_id") });
}

#define TYPED_PARAMS(c, t) P_ID("of_site", form_id(c, "site_id")), P_INT("of_type", form_id(c, "type_id")), P_TEXT("title", job_title((c)->arena, form_text(c, "description"))), \
    P_TEXT("description", form_text(c, "description")), P_INT("every_months", (t).months), P_INT("lead_days", (t).lead_days), P_INT("next_on", (t).next_on), (t).ends_on, \
    P_INT("day_of_month", (t).day_of_month)

static struct err *done(struct ctx *c, int64_t id, const char *title, const char *notice)
{
    journal_object(c, "visit", id);
    journal_text(c, "title", title);
    reply_see(c, notice, "%s/visits", web_space(c));
    return NULL;
}

static struct err *choices_show(struct ctx *c, int64_t client_id, int64_t type_id, int64_t site_id)
{
    struct doc *types = NULL, *sites = NULL, *type = NULL;
    TRY(ctx_rows(c, &sql_job_types_active, NULL, &types));
    TRY(ctx_rows(c, &sql_equipment_sites, PARAMS(P_INT("of_client", client_id)), &sites));
    bool is_there = !type_id;
    for (size_t i = 0; i < doc_count(types); i++)
        is_there |= doc_int_of(doc_at(types, i), "id") == type_id;
    if (!is_there)
        TRY(ctx_maybe(c, &sql_job_type_any, PARAMS(P_INT("of_type", type_id)), &type));
    if (type)
        doc_push(types, type);
    form_value_id(c, "type_id", type_id);
    form_value_id(c, "site_id", site_id);
    form_options(c, "type_id", types, NULL);
    form_options(c, "site_id", sites, N_("Aucun site"));
    return NULL;
}

static struct err *recurrence_new(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_job_client, PARAMS(P_INT("of_client", path_id(c, "client")))));
    form_show(c, recurrence_form);
    form_value(c, "every_months", "12");
    form_value_id(c, "lead_days", VISIT_LEAD_USUAL);
    return choices_show(c, path_id(c, "client"), 0, 0);
}

static struct err *recurrence_create(struct ctx *c)
{
    struct doc *client = NULL;
    struct typed t = { 0 };
    int64_t id = ctx_id(c);
    TRY(ctx_row(c, &sql_job_client, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    TRY(typed_read(c, NULL, &t));
    TRY(checked(c, doc_int_of(client, "id"), NULL));
    TRY(ctx_run(c, &sql_recurrence_add, PARAMS(P_INT("id", id), P_INT("of_client", doc_int_of(client, "id")), TYPED_PARAMS(c, t))));
    c->journal.on_behalf_client_id = doc_int_of(client, "id");
    return done(c, id, job_title(c->arena, form_text(c, "description")), "visit_kept");
}

static struct err *recurrence_edit(struct ctx *c)
{
    TRY(doc_row(c, "visit", &sql_recurrence_show, PARAMS(of_visit(c))));
    const struct doc *visit = doc_get(c->doc, "visit");
    form_show(c, recurrence_form);
    form_value(c, "description", doc_text_of(visit, "description"));
    form_value_id(c, "every_months", doc_int_of(visit, "every_months"));
    form_value_id(c, "lead_days", doc_int_of(visit, "lead_days"));
    form_value(c, "next_on", job_day_text(c->arena, doc_int_of(visit, "next_on")));
    if (doc_kind(doc_get(visit, "ends_on")) == DOC_INT)
        form_value(c, "ends_on", job_day_text(c->arena, doc_int_of(visit, "ends_on")));
    return choices_show(c, doc_int_of(visit, "client_id"), doc_int_of(visit, "type_id"), doc_int_of(visit, "site_id"));
}

static struct err *recurrence_update(struct ctx *c)
{
    struct doc *was = NULL;
    struct typed t = { 0 };
    TRY(ctx_row(c, &sql_recurrence_show, PARAMS(of_visit(c)), &was));
    TRY(typed_read(c, was, &t));
    TRY(checked(c, doc_int_of(was, "client_id"), was));
    TRY(ctx_run(c, &sql_recurrence_put, PARAMS(of_visit(c), TYPED_PARAMS(c, t))));
    return done(c, doc_int_of(was, "id"), job_title(c->arena, form_text(c, "description")), "visit_kept");
}

/* ---- Paused, taken up again, ended ---- */

static struct err *state_put(struct ctx *c, bool is_active)
{
    struct doc *was = NULL, *row = NULL;
    TRY(ctx_row(c, &sql_recurrence_show, PARAMS(of_visit(c)), &was));
    if (is_active && doc_bool_of(was, "is_ended"))
        return reply_conflict(c, N_("Ce contrat est fini : changez d’abord sa fin."), "%s/visits/%lld", web_space(c), (long long)doc_int_of(was, "id"));
    TRY(ctx_maybe(c, &sql_recurrence_state, PARAMS(of_visit(c), P_INT("is_active", is_active)), &row));
    if (!row)
        journal_skip(c);
    return done(c, doc_int_of(was, "id"), doc_text_of(was, "title"), "visit_kept");
}

static struct err *recurrence_pause(struct ctx *c) { return state_put(c, false); }
static struct err *recurrence_resume(struct ctx *c) { return state_put(c, true); }

static struct err *recurrence_end(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_recurrence_end, PARAMS(of_visit(c), P_INT("ends_on", c->now_ms / CLOCK_DAY_MS - 1)), &row));
    return done(c, doc_int_of(row, "id"), doc_text_of(row, "title"), "visit_ended");
}

static struct err *make_run(struct ctx *c, const struct doc *data)
{
    (void)data;
    return visits_make(c);
}

static const struct route visit_routes[] = {
    GET ("/o/:org/visits",                          JOB_READ,   recurrence_list),
    GET ("/o/:org/clients/:client/visits/new",      JOB_MANAGE, recurrence_new),
    POST("/o/:org/clients/:client/visits",          JOB_MANAGE, recurrence_create, .form = recurrence_form, AGAIN(recurrence_new)),
    GET ("/o/:org/visits/:recurrence",              JOB_MANAGE, recurrence_edit),
    POST("/o/:org/visits/:recurrence",              JOB_MANAGE, recurrence_update, .form = recurrence_form, AGAIN(recurrence_edit)),
    POST("/o/:org/visits/:recurrence/pause",        JOB_MANAGE, recurrence_pause),
    POST("/o/:org/visits/:recurrence/resume",       JOB_MANAGE, recurrence_resume),
    POST("/o/:org/visits/:recurrence/end",          JOB_MANAGE, recurrence_end),
    { 0 },
};
static const struct work_kind visit_works[] = { { "visits_make", make_run, CLOCK_HOUR_MS, 0 }, { 0 } };

const struct feature visit_feature = { .name = "visit", .routes = visit_routes, .works = visit_works };
