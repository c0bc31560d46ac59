/* Who may have the paper of which job, and what is read for it. */
#include "features/sheet/sheet.h"
#include <string.h>
#include "features/job/job.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "features/sheet/inside.h"
#include "picture/picture.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/file.h"

/* ---- Pictures: those that were made small, as they lie in their file ---- */

static struct err *picture_read(struct ctx *c, const char *hash, const char *label, struct draw_picture *ret_picture, bool *ret_is_there)
{
    const char *data = NULL;
    size_t len = 0;
    *ret_is_there = false;
    struct err *e = *hash ? file_read(c, hash, PICTURE_MADE_BYTES, &data, &len) : NULL;
    if (e && e->code != ERR_NOT_FOUND)
        return e;
    if (e || !data)
        return NULL;
    struct picture_about about = picture_look((const unsigned char *)data, len);
    *ret_is_there = about.kind == PICTURE_JPEG && picture_is_fit(&about);
    *ret_picture = (struct draw_picture){ data, len, (int)about.width, (int)about.height, label };
    return NULL;
}

static struct err *photos_read(struct ctx *c, int64_t job_id, struct sheet *s)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_sheet_pictures, PARAMS(P_INT("of_job", job_id), P_TEXT("of_kind", "photo")), &rows));
    for (size_t i = doc_count(rows); i-- > 0;) {        /* the oldest first */
        const struct doc *row = doc_at(rows, i);
        bool is_there = false;
        if (s->photo_count < SHEET_PHOTOS)
            TRY(picture_read(c, doc_text_of(row, "small_hash"), doc_text_of(row, "name"), &s->photos[s->photo_count], &is_there));
        s->photo_count += is_there;
        s->photos_left += !is_there;
    }
    return NULL;
}

static struct err *signature_read(struct ctx *c, int64_t job_id, struct sheet *s)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_sheet_pictures, PARAMS(P_INT("of_job", job_id), P_TEXT("of_kind", "signature")), &rows));
    return doc_count(rows) ? picture_read(c, doc_text_of(doc_at(rows, 0), "small_hash"), NULL, &s->signature, &s->has_signature) : NULL;
}

/* A logo that is a JPEG is put in as it is; of any other kind the initials stand in its colour, for nothing is decoded here. */
static struct err *logo_read(struct ctx *c, struct sheet *s)
{
    return strcmp(doc_text_of(s->org, "logo_type"), "image/jpeg") == 0 ? picture_read(c, doc_text_of(s->org, "logo"), NULL, &s->logo, &s->has_logo) : NULL;
}

/* ---- Routes ---- */

/* What of a job is drawn: all for the team, for a client what its pages show. */
struct sheet_parts { bool has_report, has_equipment, has_photos, has_signature; };

static struct err *sheet_reply(struct ctx *c, struct doc *job, struct sheet_parts has)
{
    struct doc *org = NULL, *equipment = doc_list(c->arena);
    struct sheet s = { .c = c, .job = job, .has_report = has.has_report };
    const void *data = NULL;
    size_t len = 0;
    int64_t id = doc_int_of(job, "id");
    TRY(ctx_row(c, &sql_sheet_organization, NULL, &org));
    if (has.has_equipment)
        TRY(ctx_rows(c, &sql_sheet_equipment, PARAMS(P_INT("of_job", id), P_ANY("only_site", c->who.site_id, P_INT("only_site", c->who.site_id))), &equipment));
    s.org = org;
    s.equipment = equipment;
    if (has.has_photos)
        TRY(photos_read(c, id, &s));
    if (has.has_signature)
        TRY(signature_read(c, id, &s));
    TRY(logo_read(c, &s));
    TRY(paper_draw(&s, &data, &len));
    const char *number = job_number_text(c->arena, doc_int_of(job, "number"));
    reply_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s-%s.pdf\"", strcmp(c->lang, "en") == 0 ? "job-sheet" : "bon-intervention", number));
    reply_header(c, "Content-Security-Policy", "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    reply_bytes(c, "application/pdf", data, len);
    return NULL;
}

static struct err *job_sheet(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(ctx_row(c, &sql_sheet_job, PARAMS(P_INT("of_job", path_id(c, "job"))), &job));
    return sheet_reply(c, job, (struct sheet_parts){ true, true, true, true });
}

static void texts_off(struct doc *job, bool is_on, const char *const *names)
{
    for (; !is_on && *names; names++)
        doc_set_text(job, *names, "");
}

/* As the page of the job: what is switched off stands on no paper either, and a link to one site or job does not say where its client is. */
static void job_narrow(struct ctx *c, struct doc *job, const struct portal_options *o, bool is_done)
{
    static const char *const client[] = { "client_number", "client_street", "client_postcode", "client_city", NULL }, *const site[] = { "site_name", "site_number", NULL },
        *const contact[] = { "contact_name", "contact_phone", "contact_email", NULL }, *const information[] = { "information", NULL },
        *const signed_by[] = { "signed_name", "refused_reason", NULL };
    texts_off(job, !c->who.site_id && !c->who.job_id, client);
    texts_off(job, o->is_on[PORTAL_SITES], site);
    texts_off(job, o->is_on[PORTAL_CONTACT], contact);
    texts_off(job, o->is_on[PORTAL_INFORMATION], information);
    texts_off(job, is_done, signed_by);
}

/* The client's: where the option for reports is on (L-6). The report stands on it once the job is done. */
static struct err *portal_sheet(struct ctx *c)
{
    struct doc *job = NULL;
    struct portal_options o;
    const struct authority *who = &c->who;
    TRY(portal_need(c, PORTAL_REPORTS, &o));
    TRY(ctx_row(c, &sql_sheet_client_job, PARAMS(P_INT("of_job", path_id(c, "job")), P_ANY("only_site", who->site_id, P_INT("only_site", who->site_id)),
        P_ANY("only_job", who->job_id, P_INT("only_job", who->job_id))), &job));
    bool is_done = strcmp(doc_text_of(job, "state"), "done") == 0;
    job_narrow(c, job, &o, is_done);
    return sheet_reply(c, job, (struct sheet_parts){ is_done, o.is_on[PORTAL_EQUIPMENT], o.is_on[PORTAL_PHOTOS], is_done });
}

static const struct route sheet_routes[] = {
    GET("/o/:org/jobs/:job/sheet", JOB_READ, job_sheet, .is_raw = true),
    GET("/p/:portal/jobs/:job/sheet", JOB_READ, portal_sheet, .is_raw = true),
    GET("/l/:link/jobs/:job/sheet", JOB_READ, portal_sheet, .is_raw = true),
    { 0 },
};

const struct feature sheet_feature = { "sheet", sheet_routes, NULL, NULL };
