/* The end of a job on the spot: report, photos, and the customer's signature, drawn or typed, or why there is none. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "features/job/job.h"
#include "features/planning/board.h"
#include "features/planning/day.h"
#include "features/queries.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/asset.h"

enum { SIGNATURE_BYTES = 200 * 1024, SIGNATURE_SIDE = 2000, PNG_HEAD = 24 };

const struct field report_form[] = {
    { "report", FIELD_LONG, N_("Rapport"), REQUIRED, .max = 10000, .hint = N_("Ce qui a été fait et constaté. Le client le lit.") },
    { "photos", FIELD_FILES, N_("Photos"), .max = JOB_PHOTOS_MOST, .hint = N_("40 au plus, 20 Mo chacune.") },
    { "signed_name", FIELD_TEXT, N_("Nom de la personne qui signe"), .max = 120, .hint = N_("Écrit par elle, il vaut signature.") },
    { "signature", FIELD_FILES, N_("Signature"), .max = 1 },
    { "is_refused", FIELD_BOOL, N_("Le client refuse de signer, ou n’est pas là") },
    { "reason", FIELD_TEXT, N_("Pourquoi"), .max = 300 },
    { 0 },
};

struct err *planning_report(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(own_job(c, &job));
    job_mark(c, job);
    doc_set(c->doc, "job", job);
    form_show(c, report_form);
    form_value(c, "report", doc_text_of(job, "report"));
    form_value(c, "signed_name", doc_text_of(job, "signed_name"));
    doc_set_text(web_page(c), "field_script", asset_url(c->app->assets, "field.js"));
    return NULL;
}

/* ---- The picture of a signature ---- */

/* A PNG begins with its own eight bytes, then a block IHDR whose first two numbers are width and height. */
static bool is_signature(const struct upload *u)
{
    static const unsigned char begin[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };
    unsigned char head[PNG_HEAD];
    AUTO(fd) int fd = open(u->spool_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, head, sizeof head) != (ssize_t)sizeof head || memcmp(head, begin, sizeof begin) != 0)
        return false;
    uint32_t width = (uint32_t)head[16] << 24 | (uint32_t)head[17] << 16 | (uint32_t)head[18] << 8 | head[19];
    uint32_t height = (uint32_t)head[20] << 24 | (uint32_t)head[21] << 16 | (uint32_t)head[22] << 8 | head[23];
    return width > 0 && height > 0 && width <= SIGNATURE_SIDE && height <= SIGNATURE_SIDE;
}

/* ---- What came ---- */

static bool is_of(const struct upload *u, const char *field) { return strcmp(u->field, field) == 0; }

static struct err *photos_check(struct ctx *c, int64_t job_id, int *ret_count)
{
    struct doc *there = NULL;
    *ret_count = 0;
    for (const struct upload *u = form_files(c, "photos"); u; u = u->next) {
        if (!is_of(u, "photos"))
            continue;
        ++*ret_count;
        if (!text_starts(u->type, "image/") || text_starts(u->type, "image/svg"))
            return form_error(c, "photos", N_("Un des fichiers n’est pas une photo."));
    }
    TRY(ctx_row(c, &sql_planning_photo_count, PARAMS(P_INT("of_job", job_id)), &there));
    return doc_int_of(there, "count") + *ret_count > JOB_PHOTOS_MOST ? form_error(c, "photos", N_("Une intervention a 40 photos au plus.")) : NULL;
}

static struct err *signature_check(struct ctx *c, const struct upload *drawn)
{
    bool is_refused = form_bool(c, "is_refused");
    if (is_refused && !*form_text(c, "reason"))
        return form_error(c, "reason", N_("Dites pourquoi il n’y a pas de signature."));
    if (is_refused && (*form_text(c, "signed_name") || drawn))
        return form_error(c, "is_refused", N_("Il y a une signature : décochez, ou effacez-la."));
    if (!is_refused && !*form_text(c, "signed_name"))
        return form_error(c, "signed_name", N_("Écrivez le nom de la personne qui signe, ou dites qu’elle refuse."));
    if (drawn && (drawn->size_bytes > SIGNATURE_BYTES || !is_signature(drawn)))
        return form_error(c, "signature", N_("Cette signature ne peut pas être lue : dessinez-la de nouveau, ou le nom suffit."));
    return NULL;
}

static struct err *signature_put(struct ctx *c, int64_t job_id, const struct upload *drawn)
{
    bool is_refused = form_bool(c, "is_refused");
    if (drawn)
        TRY(job_file_keep(c, job_id, "signature", false, drawn, ctx_author(c)));
    return ctx_run(c, &sql_planning_signed, PARAMS(P_INT("of_job", job_id), P_TEXT("signed_name", form_text(c, "signed_name")),
        is_refused ? P_NULL("signed_at") : P_INT("signed_at", c->now_ms), P_TEXT("reason", is_refused ? form_text(c, "reason") : "")));
}

struct err *planning_finish(struct ctx *c)
{
    struct doc *job = NULL;
    const struct upload *drawn = form_files(c, "signature");
    const struct zone *zone = NULL;
    int photos = 0;
    TRY(own_job(c, &job));
    int64_t id = doc_int_of(job, "id");
    TRY(photos_check(c, id, &photos));
    TRY(signature_check(c, drawn));
    struct err *e = job_finish(c, id, form_text(c, "report"));
    if (e && e->code == ERR_CONFLICT)
        return form_error(c, "job", N_("Entre-temps, cette intervention a changé d’état : elle n’est pas en cours."));
    TRY(e);
    for (const struct upload *u = form_files(c, "photos"); u; u = u->next)
        if (is_of(u, "photos"))
            TRY(job_file_keep(c, id, "photo", false, u, ctx_author(c)));
    TRY(signature_put(c, id, drawn));
    journal_number(c, "photos", photos);
    journal_text(c, "signed", form_bool(c, "is_refused") ? "refused" : drawn ? "drawn" : "typed");
    TRY(job_zone(c, &zone));
    reply_see(c, "job_finished", "%s/planning/day?day=%s", web_space(c), job_day_text(c->arena, zone_day(zone, doc_int_of(job, "planned_start"))));
    return NULL;
}
