/* Imports in the back office: a file is sent, a job looks at it stretch by stretch, the page shows how far it is and what is wrong,
   and, once asked, a second job writes it in one transaction. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "features/transfer/import.h"
#include "features/transfer/page.h"
#include "mandate/support.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/file.h"
#include "work/work.h"

enum { PROGRESS_BYTES = 32, STRETCH = 5000, ERRORS_KEPT = 5000, FILE_MOST_BYTES = 20 * 1024 * 1024 };

static const struct choice import_modes[] = { { "all", N_("Tout ou rien") }, { "good", N_("Les lignes correctes") }, { 0 } };

const struct field import_form[] = {
    { "files", FIELD_FILES, N_("Fichier CSV"), REQUIRED, .max = 1, .hint = N_("Un fichier .csv de 20 Mo et de 100 000 lignes au plus, en UTF-8 ou Windows-1252, séparé par ; , ou tabulation.") },
    { "is_update", FIELD_BOOL, N_("Mettre à jour ce qui existe déjà, au lieu de le signaler comme une erreur") },
    { 0 },
};
const struct field import_go_form[] = { { "mode", FIELD_CHOICE, N_("Que faut-il importer ?"), REQUIRED, .choices = import_modes }, { 0 } };

/* ---- Sending a file ---- */

/* Besides the right of the route, that to what the file would change. */
static struct err *import_may(struct ctx *c, const char *kind)
{
    return ctx_may(c, RIGHT_CLIENT_WRITE) && ctx_may(c, import_kind_of(kind)->right) ? NULL : ERR(c->arena, ERR_FORBIDDEN, "may not import %s", kind);
}

static struct err *import_page(struct ctx *c, const char *kind)
{
    TRY(import_may(c, kind));
    doc_set_text(c->doc, "kind", kind);
    doc_set_bool(web_page(c), "can_update", !import_kind_of(kind)->is_new_only);
    TRY(doc_rows(c, "imports", &sql_import_list, PARAMS(P_TEXT("kind", kind))));
    doc_set(web_page(c), "columns", import_columns(c, kind));
    form_show(c, import_form);
    return NULL;
}

struct err *import_clients(struct ctx *c) { return import_page(c, "clients"); }
struct err *import_contacts(struct ctx *c) { return import_page(c, "contacts"); }
struct err *import_sites(struct ctx *c) { return import_page(c, "sites"); }
struct err *import_equipment(struct ctx *c) { return import_page(c, "equipment"); }
struct err *import_jobs(struct ctx *c) { return import_page(c, "jobs"); }

static bool is_csv(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".txt") == 0);
}

static struct err *job_queue(struct ctx *c, const char *kind, int64_t id, int64_t run_at_ms)
{
    struct doc *data = doc_map(c->arena);
    doc_set_int(data, "run", id);
    doc_set_int(data, "person", c->who.person_id);      /* keys without _id: such a number would come back from JSON as text */
    doc_set_int(data, "under", c->who.mandate_id);
    if (c->who.support_id) {
        doc_set_int(data, "mandate", c->who.mandate_id);
        doc_set_int(data, "support", c->who.support_id);
    }
    return work_queue(c, c->who.org_id, kind, data, run_at_ms);
}

static struct err *import_look(struct ctx *c, const char *kind)
{
    const struct upload *file = form_files(c, "files");
    const char *hash = NULL;
    int64_t id = ctx_id(c);
    TRY(import_may(c, kind));
    if (!file)
        return form_error(c, "files", N_("Choisissez le fichier à importer."));
    if (!is_csv(file->name))
        return form_error(c, "files", N_("Ce fichier n’est pas un CSV : enregistrez la feuille au format « CSV »."));
    TRY(file_keep(c, file, &hash));
    TRY(ctx_run(c, &sql_import_add, PARAMS(P_INT("id", id), P_TEXT("kind", kind), P_INT("is_update", form_bool(c, "is_update")), P_TEXT("lang", c->lang),
        P_TEXT("name", file->name), P_TEXT("hash", hash))));
    TRY(job_queue(c, "import_look", id, c->now_ms));
    TRY(job_queue(c, "import_end", id, c->now_ms + FILES_LAST_DAYS * CLOCK_DAY_MS));
    journal_object(c, "import", id);
    journal_text(c, "file", file->name);
    journal_text(c, "hash", hash);
    reply_see(c, NULL, "%s/imports/%lld", web_space(c), (long long)id);
    return NULL;
}

struct err *import_clients_look(struct ctx *c) { return import_look(c, "clients"); }
struct err *import_contacts_look(struct ctx *c) { return import_look(c, "contacts"); }
struct err *import_sites_look(struct ctx *c) { return import_look(c, "sites"); }
struct err *import_equipment_look(struct ctx *c) { return import_look(c, "equipment"); }
struct err *import_jobs_look(struct ctx *c) { return import_look(c, "jobs"); }

/* ---- How far the writing is ---- */

/* It is one transaction, of which nobody sees anything before its end (and on SQLite nobody else writes): how far it is stands in a small
   file beside the uploads under way. A server elsewhere does not see it, and its page says no more than that the import goes on. */
struct progress { const char *path, *stop_path; int fd; };

static const char *progress_path(struct ctx *c, int64_t id)
{
    return c->app && c->app->drafts ? arena_printf(c->arena, "%s/import-%lld", c->app->drafts, (long long)id) : NULL;
}

/* The same the other way: a file there asks it to stop, for nothing else reaches it before its end. */
static const char *stop_path(struct ctx *c, int64_t id)
{
    const char *path = progress_path(c, id);
    return path ? arena_printf(c->arena, "%s.stop", path) : NULL;
}

static bool stop_asked(void *arg)
{
    const struct progress *p = arg;
    return p->stop_path && access(p->stop_path, F_OK) == 0;
}

static void progress_put(void *arg, int64_t done, int64_t count)
{
    const struct progress *p = arg;
    char text[PROGRESS_BYTES + 1];
    snprintf(text, sizeof text, "%15lld %15lld\n", (long long)done, (long long)count);
    if (p->fd >= 0 && pwrite(p->fd, text, PROGRESS_BYTES, 0) < 0)
        return;     /* nothing hangs on it */
}

static void progress_show(struct ctx *c, int64_t id)
{
    char text[PROGRESS_BYTES + 1] = "";
    long long done = 0, count = 0;
    const char *path = progress_path(c, id);
    AUTO(fd) int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || pread(fd, text, PROGRESS_BYTES, 0) != PROGRESS_BYTES || sscanf(text, "%15lld %15lld", &done, &count) != 2)
        done = count = 0;
    doc_set_int(web_page(c), "progress_done", done);
    doc_set_int(web_page(c), "progress_count", count);
}

/* ---- What came of it ---- */

static struct param of_import(struct ctx *c) { return P_INT("of_import", path_id(c, "import")); }

/* The import of the address, for who may see it. */
static struct err *import_of(struct ctx *c, struct doc **ret_import)
{
    TRY(ctx_row(c, &sql_import_show, PARAMS(of_import(c)), ret_import));
    return import_may(c, doc_text_of(*ret_import, "kind"));
}

struct err *import_show(struct ctx *c)
{
    struct doc *import = NULL;
    TRY(import_of(c, &import));
    doc_set(c->doc, "import", import);
    doc_set_text(web_page(c), "list_label", web_text(c, import_kind_of(doc_text_of(import, "kind"))->label));
    const char *state = doc_text_of(import, "state");
    bool is_running = strcmp(state, "checking") == 0 || strcmp(state, "writing") == 0;
    TRY(doc_page(c, "errors", &sql_import_error_list, "number", PARAMS(of_import(c))));
    doc_set_bool(web_page(c), "is_running", is_running);
    doc_set_bool(web_page(c), "can_cancel", is_running || strcmp(state, "checked") == 0);
    doc_set_bool(web_page(c), "can_go", strcmp(state, "checked") == 0 && doc_int_of(import, "added") + doc_int_of(import, "changed") > 0);
    doc_set_bool(web_page(c), "has_refused", doc_int_of(import, "refused") > 0);
    doc_set_bool(web_page(c), "has_errors", doc_int_of(import, "error_count") > 0);
    doc_set_bool(web_page(c), "has_unlisted", doc_int_of(import, "error_count") > ERRORS_KEPT);
    form_show(c, import_go_form);
    doc_set_int(web_page(c), "progress_done", doc_int_of(import, "row_done"));
    doc_set_int(web_page(c), "progress_count", doc_int_of(import, "row_count"));
    if (strcmp(state, "writing") == 0)
        progress_show(c, doc_int_of(import, "id"));
    if (is_running)
        reply_header(c, "Refresh", "2");             /* the page comes again by itself, with or without a script */
    return NULL;
}

struct err *import_errors(struct ctx *c)
{
    struct doc *import = NULL, *errors = NULL;
    struct buf out;
    TRY(import_of(c, &import));
    TRY(ctx_rows(c, &sql_import_error_all, PARAMS(of_import(c)), &errors));
    buf_init(&out, c->arena, (size_t)16 * 1024 * 1024);
    TRY(doc_csv(c->arena, errors, &out));
    reply_bytes(c, "text/csv; charset=utf-8", buf_end(&out), out.len);
    reply_header(c, "Content-Disposition", "attachment; filename=\"import-errors.csv\"");
    return NULL;
}

struct err *import_go(struct ctx *c)
{
    struct doc *import = NULL;
    int64_t id = path_id(c, "import");
    TRY(import_of(c, &import));
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_import_start, PARAMS(P_INT("id", id), P_TEXT("mode", form_text(c, "mode"))), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the import is not waiting to be written");
    TRY(job_queue(c, "import_write", id, c->now_ms));
    journal_object(c, "import", id);
    journal_text(c, "mode", form_text(c, "mode"));
    reply_see(c, NULL, "%s/imports/%lld", web_space(c), (long long)id);
    return NULL;
}

/* Before the transaction: where the import is being written, what asks it to stop must be there while this act waits for it. */
struct err *import_cancel_prepare(struct ctx *c)
{
    struct doc *import = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = import_of(c, &import);
    const char *path = !e && strcmp(doc_text_of(import, "state"), "writing") == 0 ? stop_path(c, doc_int_of(import, "id")) : NULL;
    db_rollback(c->db);
    AUTO(fd) int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    return e;
}

/* Not wanted any more: nothing was written, nothing will be. One that was being written has been undone by now, or is through. */
struct err *import_cancel(struct ctx *c)
{
    struct doc *import = NULL;
    int64_t id = path_id(c, "import"), changed = 0;
    TRY(import_of(c, &import));
    TRY(ctx_run_any(c, &sql_import_cancel, PARAMS(P_INT("id", id)), &changed));
    const char *path = stop_path(c, id);
    if (path)
        unlink(path);
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the import is over");
    journal_object(c, "import", id);
    journal_text(c, "file", doc_text_of(import, "name"));
    reply_see(c, "import_cancelled", "%s/imports/%lld", web_space(c), (long long)id);
    return NULL;
}

/* ---- The jobs ---- */

/* Acts for whoever asked for this job, under their mandate; inside a support session with both names (S-12). */
static struct err *import_as(struct ctx *c, const struct doc *data)
{
    c->who.person_id = doc_int_of(data, "person");
    c->who.mandate_id = doc_int_of(data, "under");
    return doc_int_of(data, "support") ? support_as(c, doc_int_of(data, "support")) : NULL;
}

/* Acts for whoever brought the file, in their language. NULL: the state is another one by now. */
static struct err *import_take(struct ctx *c, const struct doc *data, const char *state, struct doc **ret_import)
{
    TRY(ctx_maybe(c, &sql_import_take, PARAMS(P_INT("id", doc_int_of(data, "run")), P_TEXT("state", state)), ret_import));
    if (!*ret_import)
        return NULL;
    c->who.person_id = doc_int_of(*ret_import, "person_id");
    c->who.mandate_id = doc_int_of(*ret_import, "mandate_id");
    c->lang = doc_text_of(*ret_import, "lang");
    return NULL;
}

static struct err *errors_keep(struct ctx *c, int64_t id, int64_t first, const struct doc *errors)
{
    for (size_t i = 0; i < doc_count(errors); i++) {
        const struct doc *error = doc_at(errors, i);
        TRY(ctx_run(c, &sql_import_error_add, PARAMS(P_INT("id", id), P_INT("number", first + (int64_t)i), P_INT("line", doc_int_of(error, "row")),
            P_TEXT("column_name", doc_text_of(error, "column")), P_TEXT("message", doc_text_of(error, "message")))));
    }
    return NULL;
}

static struct err *import_ask_of(struct ctx *c, const struct doc *import, struct import_ask *ask)
{
    const char *data = NULL;
    *ask = (struct import_ask){ .kind = doc_text_of(import, "kind"), .is_update = doc_bool_of(import, "is_update") };
    TRY(file_read(c, doc_text_of(import, "hash"), FILE_MOST_BYTES, &data, &ask->len));
    ask->data = data;
    return NULL;
}

struct err *import_look_run(struct ctx *c, const struct doc *data)
{
    struct doc *import = NULL, *report = NULL;
    struct import_ask ask;
    TRY(import_take(c, data, "checking", &import));
    if (!import)
        return NULL;
    TRY(import_ask_of(c, import, &ask));
    int64_t id = doc_int_of(import, "id"), kept = doc_int_of(import, "error_count");
    ask.from = doc_int_of(import, "row_done");
    ask.count = STRETCH;
    ask.errors_most = kept < ERRORS_KEPT ? (int)(ERRORS_KEPT - kept) : 0;
    TRY(import_run(c, &ask, &report));
    if (kept < ERRORS_KEPT)
        TRY(errors_keep(c, id, kept, doc_get(report, "errors")));
    int64_t rows = doc_int_of(report, "rows"), done = ask.from + STRETCH < rows && doc_bool_of(report, "is_readable") ? ask.from + STRETCH : rows;
    TRY(ctx_run(c, &sql_import_progress, PARAMS(P_INT("id", id), P_TEXT("state", done < rows ? "checking" : "checked"), P_INT("row_count", rows),
        P_INT("row_done", done), P_INT("added", doc_int_of(report, "added")), P_INT("changed", doc_int_of(report, "changed")),
        P_INT("refused", doc_int_of(report, "refused")), P_INT("error_count", doc_int_of(report, "error_count")))));
    return done < rows ? job_queue(c, "import_look", id, c->now_ms) : NULL;
}

static struct err *import_write(struct ctx *c, struct import_ask *ask, int64_t id, struct doc **ret_report)
{
    struct progress progress = { progress_path(c, id), stop_path(c, id), -1 };
    if (progress.path)
        progress.fd = open(progress.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ask->progress = progress_put;
    ask->is_stopped = stop_asked;
    ask->progress_arg = &progress;
    struct err *e = import_run(c, ask, ret_report);
    ask->progress = NULL;
    ask->is_stopped = NULL;
    ask->progress_arg = NULL;          /* it ends with this function */
    if (progress.fd >= 0) {
        close(progress.fd);
        unlink(progress.path);
    }
    return e;
}

/* Everything is looked at once more: what was right may be wrong by now. */
struct err *import_write_run(struct ctx *c, const struct doc *data)
{
    struct doc *import = NULL, *report = NULL;
    struct import_ask ask;
    bool is_over = false;
    TRY(support_over(c, data, &is_over));
    if (is_over)
        return ctx_run_any(c, &sql_import_stop, PARAMS(P_INT("id", doc_int_of(data, "run"))), NULL);
    TRY(import_take(c, data, "writing", &import));
    if (!import)
        return NULL;
    if (doc_int_of(data, "person"))
        TRY(import_as(c, data));
    TRY(import_ask_of(c, import, &ask));
    int64_t id = doc_int_of(import, "id");
    ask.mode = strcmp(doc_text_of(import, "mode"), "all") == 0 ? IMPORT_ALL : IMPORT_GOOD;
    ask.errors_most = ERRORS_KEPT;
    TRY(import_write(c, &ask, id, &report));
    bool is_written = doc_bool_of(report, "is_written");
    TRY(ctx_run_any(c, &sql_import_error_clear, PARAMS(P_INT("id", id)), NULL));
    TRY(errors_keep(c, id, 0, doc_get(report, "errors")));
    TRY(ctx_run(c, &sql_import_end, PARAMS(P_INT("id", id), P_TEXT("state", is_written ? "done" : "refused"), P_INT("row_count", doc_int_of(report, "rows")),
        P_INT("added", doc_int_of(report, "added")), P_INT("changed", doc_int_of(report, "changed")), P_INT("refused", doc_int_of(report, "refused")),
        P_INT("error_count", doc_int_of(report, "error_count")))));
    return is_written ? import_journal(c, doc_text_of(import, "name"), report) : NULL;
}

/* A week later: the file and what was wrong with it go, the line of the list stays. */
struct err *import_end_run(struct ctx *c, const struct doc *data)
{
    struct doc *import = NULL;
    const struct param id = P_INT("id", doc_int_of(data, "run"));
    TRY(ctx_maybe(c, &sql_import_let_go, PARAMS(id), &import));
    TRY(ctx_run_any(c, &sql_import_error_clear, PARAMS(id), NULL));
    return import ? file_let_go(c, doc_text_of(import, "hash")) : NULL;
}
