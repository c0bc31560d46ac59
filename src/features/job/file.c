/* Files of a job: attachments that the client sees or the team alone, and photos. What is removed is let go of, with the pictures
   made of it. */
#include <string.h>
#include "base/text.h"
#include "features/gallery/gallery.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "features/transfer/transfer.h"
#include "tpl/tpl.h"
#include "web/file.h"

enum { FILES_OF_A_JOB = 100 };

static const struct choice audiences[] = { { "shared", N_("Visible par le client") }, { "private", N_("Privé : l’équipe seule") }, { 0 } };

const struct field job_file_form[] = {
    { "files", FIELD_FILES, N_("Fichiers"), REQUIRED, .max = JOB_FILES_MOST, .hint = N_("Dix au plus, 20 Mo chacun : documents, images, archives.") },
    { "audience", FIELD_CHOICE, N_("Visible par"), REQUIRED, .choices = audiences },
    { 0 },
};

static struct param of_job(struct ctx *c) { return P_INT("of_job", path_id(c, "job")); }
static struct param of_file(struct ctx *c) { return P_INT("of_file", path_id(c, "jobfile")); }

struct err *job_file_keep(struct ctx *c, int64_t job_id, const char *kind, bool is_private, const struct upload *u, const char *by)
{
    const char *hash = NULL;
    int64_t id = ctx_id(c);
    TRY(file_keep(c, u, &hash));
    TRY(ctx_run(c, &sql_job_file_add, PARAMS(P_INT("id", id), P_INT("of_job", job_id), P_TEXT("kind", kind), P_TEXT("hash", hash), P_TEXT("name", u->name), P_TEXT("type", u->type),
        P_INT("size_bytes", u->size_bytes), P_INT("is_private", is_private), P_TEXT("added_name", by))));
    return job_picture_added(c, id);
}

struct err *job_file_add(struct ctx *c)
{
    struct doc *files = NULL;
    int64_t id = path_id(c, "job");
    int count = 0;
    TRY(job_own_check(c, id));
    TRY(ctx_rows(c, &sql_job_files, PARAMS(of_job(c)), &files));
    for (const struct upload *u = form_files(c, "files"); u; u = u->next, count++) {
        if (doc_count(files) + (size_t)count >= FILES_OF_A_JOB)
            return form_error(c, "files", N_("Une intervention garde cent pièces jointes au plus : supprimez-en d’abord."));
        TRY(job_file_keep(c, id, "attachment", text_same(form_text(c, "audience"), "private"), u, ctx_author(c)));
    }
    journal_object(c, "job", id);
    journal_number(c, "files", count);
    journal_text(c, "audience", form_text(c, "audience"));
    return job_done(c, id, "job_file_added");
}

struct err *job_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_job_file_show, PARAMS(of_job(c), of_file(c)), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}

static struct err *file_done(struct ctx *c, const struct doc *file, const char *notice)
{
    journal_object(c, "job", path_id(c, "job"));
    journal_text(c, "file", doc_text_of(file, "name"));
    return job_done(c, path_id(c, "job"), notice);
}

static struct err *file_show_to(struct ctx *c, bool is_private)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_job_file_share, PARAMS(of_job(c), of_file(c), P_INT("is_private", is_private)), &file));
    return file_done(c, file, "job_file_shared");
}

struct err *job_file_share(struct ctx *c) { return file_show_to(c, false); }
struct err *job_file_hide(struct ctx *c) { return file_show_to(c, true); }

struct err *job_file_removing(struct ctx *c)
{
    TRY(job_load(c, NULL));
    return doc_row(c, "file", &sql_job_file_show, PARAMS(of_job(c), of_file(c)));
}

/* In the order of their hashes, as all who keep or leave several do. */
static struct err *let_go(struct ctx *c, const struct doc *file)
{
    const char *hashes[] = { doc_text_of(file, "hash"), doc_text_of(file, "shown_hash"), doc_text_of(file, "small_hash") }, *last = "";
    for (int done = 0; done < 3; done++) {
        const char *next = NULL;
        for (int i = 0; i < 3; i++)
            if (strcmp(hashes[i], last) > 0 && (!next || strcmp(hashes[i], next) < 0))
                next = hashes[i];
        if (!next)
            break;
        TRY(file_let_go(c, next));
        last = next;
    }
    return NULL;
}

struct err *job_file_remove(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_job_file_remove, PARAMS(of_job(c), of_file(c)), &file));
    TRY(let_go(c, file));
    return file_done(c, file, "job_file_removed");
}
