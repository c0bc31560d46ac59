/* See absence.h. */
#include "features/planning/absence.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/planning/board.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { LONGEST_DAYS = 366, WEEK_HOURS_MOST = 60, LISTED_MOST = 100 };

const struct field absence_form[] = {
    { "member_id", FIELD_ID, N_("Technicien"), REQUIRED },
    { "label", FIELD_TEXT, N_("Motif"), REQUIRED, .max = 60, .hint = N_("Congé, formation, arrêt : tous ceux qui voient le planning le lisent.") },
    { "first_day", FIELD_TEXT, N_("Du"), REQUIRED, .max = 10 },
    { "first_time", FIELD_TEXT, N_("À partir de"), .max = 5 },
    { "last_day", FIELD_TEXT, N_("Au"), REQUIRED, .max = 10 },
    { "last_time", FIELD_TEXT, N_("Jusqu’à"), .max = 5 },
    { 0 },
};
const struct field technician_form[] = {
    { "hours", FIELD_TEXT, N_("Heures par semaine"), REQUIRED, .max = 5, .hint = N_("Comme 35 ou 37,5. Le planning compte avec elles les heures encore libres.") },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { 0 },
};

/* ---- Absences ---- */

struct err *absence_list(struct ctx *c)
{
    struct doc *technicians = NULL, *rows = doc_list(c->arena);
    TRY(doc_rows(c, "absences", &sql_planning_absence_list, PARAMS(P_INT("most", LISTED_MOST))));
    TRY(doc_rows(c, "technicians", &sql_job_technicians, NULL));
    technicians = doc_get_mut(c->doc, "technicians");
    for (size_t i = 0; i < doc_count(technicians); i++) {
        struct doc *row = row_copy(c, doc_at_mut(technicians, i));
        doc_set_text(row, "week_text", minutes_text(c, doc_int_of(row, "week_minutes")));
        doc_push(rows, row);
    }
    doc_set(web_page(c), "rows", rows);
    form_show(c, absence_form);
    int64_t member_id = 0;
    if (text_int(query_text(c, "member"), &member_id))
        form_value_id(c, "member_id", member_id);
    form_value(c, "first_day", query_text(c, "day"));
    form_value(c, "last_day", query_text(c, "day"));
    form_options(c, "member_id", technicians, web_text(c, N_("Choisissez…")));
    return NULL;
}

static struct err *moment_read(struct ctx *c, const struct zone *zone, const char *day_field, const char *time_field, bool is_end, int64_t *ret_ms)
{
    int64_t day = 0, minute = 0;
    const char *time = form_text(c, time_field);
    if (!clock_day_read(form_text(c, day_field), &day) || day < 0)
        return form_error(c, day_field, N_("Indiquez un jour qui existe, comme 2026-11-30."));
    if (*time && !wall_time_read(time, &minute))
        return form_error(c, time_field, N_("Indiquez une heure, comme 13:30."));
    *ret_ms = zone_moment_ms(zone, day + (is_end && !*time), minute);
    return NULL;
}

struct err *absence_create(struct ctx *c)
{
    const struct zone *zone = NULL;
    struct doc *member = NULL;
    int64_t starts_at = 0, ends_at = 0, id = ctx_id(c);
    TRY(job_zone(c, &zone));
    TRY(ctx_maybe(c, &sql_job_technician_of, PARAMS(P_INT("of_member", form_id(c, "member_id"))), &member));
    if (!member)
        return form_error(c, "member_id", N_("Cette personne ne fait pas d’interventions ici."));
    TRY(moment_read(c, zone, "first_day", "first_time", false, &starts_at));
    TRY(moment_read(c, zone, "last_day", "last_time", true, &ends_at));
    if (ends_at <= starts_at)
        return form_error(c, "last_day", N_("La fin doit venir après le début."));
    if (ends_at <= c->now_ms)
        return form_error(c, "last_day", N_("Cette absence est déjà passée."));
    if (ends_at - starts_at > LONGEST_DAYS * CLOCK_DAY_MS)
        return form_error(c, "last_day", N_("Une absence dure un an au plus."));
    TRY(ctx_run(c, &sql_planning_absence_add, PARAMS(P_INT("id", id), P_INT("of_member", doc_int_of(member, "id")), P_INT("starts_at", starts_at), P_INT("ends_at", ends_at),
        P_TEXT("label", form_text(c, "label")))));
    journal_object(c, "absence", id);
    journal_text(c, "technician", doc_text_of(member, "name"));
    journal_number(c, "start", starts_at);
    journal_number(c, "end", ends_at);
    reply_see(c, "absence_created", "%s/planning/absences", web_space(c));
    return NULL;
}

struct err *absence_remove(struct ctx *c)
{
    int64_t id = path_id(c, "absence");
    TRY(ctx_run(c, &sql_planning_absence_remove, PARAMS(P_INT("of_absence", id))));
    journal_object(c, "absence", id);
    reply_see(c, "absence_removed", "%s/planning/absences", web_space(c));
    return NULL;
}

/* ---- Weeks of technicians ---- */

static struct err *technician_read(struct ctx *c, struct doc **ret_member)
{
    return ctx_row(c, &sql_planning_technician, PARAMS(P_INT("of_member", path_id(c, "technician"))), ret_member);
}

struct err *technician_edit(struct ctx *c)
{
    struct doc *member = NULL;
    TRY(technician_read(c, &member));
    doc_set(c->doc, "technician", member);
    int64_t minutes = doc_int_of(member, "week_minutes");
    form_show(c, technician_form);
    form_value(c, "hours", minutes % 60 ? arena_printf(c->arena, "%lld,%02lld", (long long)minutes / 60, (long long)(minutes % 60 * 100 / 60)) : arena_printf(c->arena, "%lld", (long long)minutes / 60));
    form_value(c, "phone", doc_text_of(member, "phone"));
    return NULL;
}

/* "35", "37,5" or "37.25", as minutes; -1 where it is none of these. */
static int64_t hours_read(const char *text)
{
    int64_t hours = 0, part = 0;
    int digits = 0, decimals = 0;
    for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
        hours = hours * 10 + *text - '0';
    if (*text == ',' || *text == '.')
        for (text++; *text >= '0' && *text <= '9' && decimals < 2; text++, decimals++)
            part = part * 10 + *text - '0';
    if (decimals == 1)
        part *= 10;
    return digits && !*text ? hours * 60 + part * 60 / 100 : -1;
}

struct err *technician_update(struct ctx *c)
{
    struct doc *member = NULL;
    int64_t minutes = hours_read(form_text(c, "hours"));
    TRY(technician_read(c, &member));
    if (minutes < 0 || minutes > WEEK_HOURS_MOST * 60)
        return form_error(c, "hours", N_("Indiquez un nombre d’heures, de 0 à 60."));
    TRY(ctx_run(c, &sql_planning_technician_put, PARAMS(P_INT("of_member", doc_int_of(member, "id")), P_INT("minutes", minutes), P_TEXT("phone", form_text(c, "phone")))));
    journal_object(c, "member", doc_int_of(member, "id"));
    journal_number(c, "week_minutes", minutes);
    reply_see(c, "technician_updated", "%s/planning/absences", web_space(c));
    return NULL;
}
