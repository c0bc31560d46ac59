/* « Galerie »: the photos of a job, for the team and for the client. */
#include "features/gallery/gallery.h"
#include <string.h>
#include "features/gallery/inside.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "web/file.h"
#include "work/work.h"

#define IN_SITE(c) P_ANY("in_site", (c)->who.site_id, P_INT("in_site", (c)->who.site_id))
#define IN_JOB(c) P_ANY("in_job", (c)->who.job_id, P_INT("in_job", (c)->who.job_id))

/* ---- What both see ---- */

/* A client sees what is shared and was made; the team everything. */
static struct param shared_only(bool is_client) { return P_ANY("shared", is_client, P_INT("shared", 0)); }

static struct err *photos_show(struct ctx *c, bool is_client)
{
    int64_t job_id = path_id(c, "job");
    int64_t place = 0;
    bool is_waiting = false;
    TRY(doc_rows(c, "photos", &sql_gallery_photos, PARAMS(P_INT("of_job", job_id), shared_only(is_client))));
    struct doc *photos = doc_get_mut(c->doc, "photos");
    for (size_t i = 0; i < doc_count(photos); i++) {
        const char *state = doc_text_of(doc_at(photos, i), "picture_state");
        doc_set_int(doc_at_mut(photos, i), "place", strcmp(state, "ready") == 0 ? ++place : 0);
        is_waiting |= strcmp(state, "queued") == 0;
    }
    doc_set_int(c->doc, "count", (int64_t)doc_count(photos));
    doc_set_text(web_page(c), "gallery", arena_printf(c->arena, "%s/jobs/%lld/photos", web_space(c), (long long)job_id));
    if (is_waiting)
        reply_header(c, "Refresh", "3");
    return NULL;
}

/* One of them, with those before and behind it. What is not ready has no page. */
static struct err *photo_show(struct ctx *c, bool is_client)
{
    struct doc *rows = NULL, *found = NULL;
    const struct doc *before = NULL, *after = NULL;
    int64_t place = 0, ready = 0;
    TRY(ctx_rows(c, &sql_gallery_photos, PARAMS(P_INT("of_job", path_id(c, "job")), shared_only(is_client)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        if (strcmp(doc_text_of(row, "picture_state"), "ready") != 0)
            continue;
        ready++;
        if (found && !after)
            after = row;
        if (doc_int_of(row, "id") == path_id(c, "photo")) {
            found = doc_at_mut(rows, i);
            place = ready;
        } else if (!found) {
            before = row;
        }
    }
    if (!found)
        return ERR(c->arena, ERR_NOT_FOUND, "no such photo, or none to look at");
    doc_set_int(found, "place", place);
    doc_set_int(found, "previous_id", doc_int_of(before, "id"));
    doc_set_int(found, "next_id", doc_int_of(after, "id"));
    doc_set(c->doc, "photo", found);
    doc_set_int(c->doc, "count", ready);
    doc_set_text(web_page(c), "gallery", arena_printf(c->arena, "%s/jobs/%lld/photos", web_space(c), (long long)path_id(c, "job")));
    return NULL;
}

enum which { SMALL, LARGE, ORIGINAL };

static struct err *photo_send(struct ctx *c, bool is_client, enum which which)
{
    struct doc *photo = NULL;
    TRY(ctx_row(c, &sql_gallery_photo, PARAMS(P_INT("of_job", path_id(c, "job")), P_INT("of_photo", path_id(c, "photo")), shared_only(is_client)), &photo));
    if (which == ORIGINAL)
        return reply_file(c, doc_text_of(photo, "hash"), doc_text_of(photo, "type"), doc_text_of(photo, "name"));
    const char *hash = doc_text_of(photo, which == SMALL ? "small_hash" : "shown_hash");
    return reply_file(c, hash, "image/jpeg", arena_printf(c->arena, "photo-%lld.jpg", (long long)path_id(c, "photo")));
}

/* ---- The team ---- */

static struct err *office_job(struct ctx *c) { return doc_row(c, "job", &sql_gallery_job, PARAMS(P_INT("of_job", path_id(c, "job")))); }

static struct err *job_photos(struct ctx *c)
{
    TRY(office_job(c));
    return photos_show(c, false);
}

static struct err *job_photo(struct ctx *c)
{
    TRY(office_job(c));
    return photo_show(c, false);
}

static struct err *job_photo_small(struct ctx *c) { return photo_send(c, false, SMALL); }
static struct err *job_photo_large(struct ctx *c) { return photo_send(c, false, LARGE); }
static struct err *job_photo_original(struct ctx *c) { return photo_send(c, false, ORIGINAL); }

/* ---- The client: where the option is on, and the plan has it (L-6) ---- */

static struct err *client_job(struct ctx *c)
{
    struct portal_options options;
    TRY(portal_need(c, PORTAL_PHOTOS, &options));
    if (!options.has_gallery)
        return ERR(c->arena, ERR_NOT_FOUND, "the plan has no gallery");
    return doc_row(c, "job", &sql_gallery_client_job, PARAMS(P_INT("of_job", path_id(c, "job")), IN_SITE(c), IN_JOB(c)));
}

static struct err *portal_photos(struct ctx *c)
{
    TRY(client_job(c));
    return photos_show(c, true);
}

static struct err *portal_photo(struct ctx *c)
{
    TRY(client_job(c));
    return photo_show(c, true);
}

static struct err *portal_photo_small(struct ctx *c)
{
    TRY(client_job(c));
    return photo_send(c, true, SMALL);
}

static struct err *portal_photo_large(struct ctx *c)
{
    TRY(client_job(c));
    return photo_send(c, true, LARGE);
}

static const struct route gallery_routes[] = {
    GET("/o/:org/jobs/:job/photos", JOB_READ, job_photos),
    GET("/o/:org/jobs/:job/photos/:photo", JOB_READ, job_photo),
    GET("/o/:org/jobs/:job/photos/:photo/small", JOB_READ, job_photo_small, .is_raw = true),
    GET("/o/:org/jobs/:job/photos/:photo/large", JOB_READ, job_photo_large, .is_raw = true),
    GET("/o/:org/jobs/:job/photos/:photo/original", JOB_READ, job_photo_original, .is_raw = true),
    GET("/p/:portal/jobs/:job/photos", JOB_READ, portal_photos),
    GET("/l/:link/jobs/:job/photos", JOB_READ, portal_photos),
    GET("/p/:portal/jobs/:job/photos/:photo", JOB_READ, portal_photo),
    GET("/l/:link/jobs/:job/photos/:photo", JOB_READ, portal_photo),
    GET("/p/:portal/jobs/:job/photos/:photo/small", JOB_READ, portal_photo_small, .is_raw = true),
    GET("/l/:link/jobs/:job/photos/:photo/small", JOB_READ, portal_photo_small, .is_raw = true),
    GET("/p/:portal/jobs/:job/photos/:photo/large", JOB_READ, portal_photo_large, .is_raw = true),
    GET("/l/:link/jobs/:job/photos/:photo/large", JOB_READ, portal_photo_large, .is_raw = true),
    { 0 },
};

static const struct work_kind gallery_works[] = { { .name = "picture_make", .make = picture_make, .run = picture_keep }, { 0 } };

const struct feature gallery_feature = { "gallery", gallery_routes, NULL, gallery_works };
