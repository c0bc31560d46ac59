/* One job as its client sees it, and the files it may have. */
#include "base/clock.h"
#include "features/calendar/calendar.h"
#include "features/gallery/gallery.h"
#include "features/portal/inside.h"
#include "features/queries.h"
#include "tpl/zone.h"

/* From midnight to midnight where the organization is; an hour is missing or twice there on two days a year. */
static struct err *today(struct ctx *c, int64_t *ret_starts, int64_t *ret_ends)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_portal_organization, NULL, &row));
    const struct zone *zone = zone_get(doc_text_of(row, "zone"));
    int64_t day = zone_day(zone, c->now_ms);
    *ret_starts = zone_moment_ms(zone, day, 0);
    *ret_ends = zone_moment_ms(zone, day + 1, 0);
    return NULL;
}

static struct err *job_row(struct ctx *c, const struct portal_options *options)
{
    int64_t starts = 0, ends = 0;
    TRY(today(c, &starts, &ends));
    return doc_row(c, "job", &sql_portal_job_show, PARAMS(P_INT("of_job", path_id(c, "job")), P_INT("day_starts", starts), P_INT("day_ends", ends), IN_SITE(c), IN_JOB(c),
        ONLY_SITE(c), P_INT("sees_reports", options->is_on[PORTAL_REPORTS]), P_INT("sees_photos", options->is_on[PORTAL_PHOTOS]), SEES(options)));
}

/* What was brought with it or shared by the team. */
static struct err *job_files(struct ctx *c, const struct portal_options *options, int64_t id)
{
    struct doc *files = doc_list(c->arena);
    if (options->is_on[PORTAL_ATTACHMENTS])
        TRY(ctx_rows(c, &sql_portal_job_files, PARAMS(P_INT("of_job", id)), &files));
    for (size_t i = 0; i < doc_count(files); i++)
        doc_set_text(doc_at_mut(files, i), "href", arena_printf(c->arena, JOB_HREF "/files/%lld", web_space(c), (long long)id, (long long)doc_int_of(doc_at(files, i), "id")));
    doc_set(c->doc, "attachments", files);
    return NULL;
}

static void job_off(struct doc *job, const struct portal_options *options)
{
    static const char *const information[] = { "information", NULL }, *const contact[] = { "contact_name", "contact_phone", "contact_email", NULL };
    portal_off(job, options->is_on[PORTAL_INFORMATION], information);
    portal_off(job, options->is_on[PORTAL_CONTACT], contact);
}

struct err *portal_job_show(struct ctx *c)
{
    struct portal_options options;
    struct doc *equipment = doc_list(c->arena);
    TRY(portal_open(c, &options));
    TRY(job_row(c, &options));
    int64_t id = path_id(c, "job");
    if (options.is_on[PORTAL_EQUIPMENT])
        TRY(ctx_rows(c, &sql_portal_job_equipment, PARAMS(P_INT("of_job", id), IN_SITE(c)), &equipment));
    doc_set(c->doc, "equipment", equipment);
    job_off(doc_get_mut(c->doc, "job"), &options);
    doc_set_bool(web_page(c), "can_open_site", options.is_on[PORTAL_SITES] && !c->who.job_id);
    TRY(job_files(c, &options, id));
    TRY(job_voice(c, id, options.is_on[PORTAL_DATES], options.is_on[PORTAL_RATING]));
    if (c->who.job_id)
        return doc_row(c, "client", &sql_portal_client_name, NULL);
    doc_set_null(c->doc, "client");
    return NULL;
}

struct err *portal_job_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(portal_need(c, PORTAL_ATTACHMENTS, NULL));
    TRY(ctx_row(c, &sql_portal_job_file, PARAMS(P_INT("of_job", path_id(c, "job")), P_INT("of_file", path_id(c, "jobfile")), IN_SITE(c), IN_JOB(c)), &file));
    return picture_reply(c, file);
}

/* Files of the client's sheet: for whoever sees the whole client. */
struct err *portal_shared_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(scope_wide(c));
    if (c->who.site_id)
        return ERR(c->arena, ERR_NOT_FOUND, "the client's own files are no site's");
    TRY(portal_need(c, PORTAL_ATTACHMENTS, NULL));
    TRY(ctx_row(c, &sql_portal_shared_file, PARAMS(P_INT("of_file", path_id(c, "attachment"))), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}
