/* Files that are kept: bytes on disk under their SHA-256, synced before the transaction that names them commits, gone
   again where it does not. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "tpl/tpl.h"
#include "web/file.h"
#include "web/inside.h"
#include "web/queries.h"

enum { FILE_MOST_BYTES = 20 * 1024 * 1024, UPLOADS_MOST = 64, FOLDERS = 256, SWEEP_MOST = 500, SWEEP_AGE_S = 24 * 3600 };

/* What may be attached: the ending of the name and what libmagic finds inside must go together. */
static const struct { const char *ending; const char *type; } allowed[] = {
    { "pdf", "application/pdf" }, { "png", "image/png" }, { "jpg", "image/jpeg" }, { "jpeg", "image/jpeg" }, { "gif", "image/gif" },
    { "webp", "image/webp" }, { "heic", "image/heic" }, { "heic", "image/heif" }, { "heif", "image/heif" }, { "heif", "image/heic" },
    { "txt", "text/*" }, { "log", "text/*" }, { "csv", "text/*" }, { "csv", "application/csv" }, { "md", "text/*" },
    { "eml", "message/rfc822" }, { "eml", "text/*" }, { "ics", "text/calendar" }, { "vcf", "text/vcard" }, { "vcf", "text/x-vcard" },
    { "json", "application/json" }, { "xml", "text/xml" }, { "xml", "application/xml" },
    { "doc", "application/msword" }, { "xls", "application/vnd.ms-excel" }, { "ppt", "application/vnd.ms-powerpoint" },
    { "doc", "application/x-ole-storage" }, { "xls", "application/x-ole-storage" }, { "ppt", "application/x-ole-storage" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" }, { "docx", "application/zip" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }, { "xlsx", "application/zip" },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" }, { "pptx", "application/zip" },
    { "odt", "application/vnd.oasis.opendocument.text" }, { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { "zip", "application/zip" }, { "mp4", "video/mp4" }, { "mov", "video/quicktime" }, { "webm", "video/webm" }, { "m4v", "video/x-m4v" },
    { "mp3", "audio/mpeg" }, { "m4a", "audio/x-m4a" }, { "m4a", "video/mp4" },
};

static bool type_fits(const char *pattern, const char *type)
{
    size_t len = strlen(pattern);
    return pattern[len - 1] == '*' ? strncmp(pattern, type, len - 1) == 0 : strcmp(pattern, type) == 0;
}

const char *file_wrong(const struct upload *u)
{
    const char *dot = strrchr(u->name, '.');
    bool is_known = false;
    if (u->size_bytes > FILE_MOST_BYTES)
        return N_("Un fichier dépasse la taille permise (20 Mo par fichier, 10 fichiers au plus).");
    for (size_t i = 0; dot && i < sizeof allowed / sizeof *allowed; i++) {
        if (strcasecmp(allowed[i].ending, dot + 1) != 0)
            continue;
        is_known = true;
        if (type_fits(allowed[i].type, u->type))
            return NULL;
    }
    return is_known ? N_("Le contenu d’un fichier ne correspond pas à son nom. Vérifiez-le, puis joignez-le de nouveau.")
        : N_("Ce type de fichier ne peut pas être joint. Images, PDF, tableurs, textes et vidéos sont acceptés.");
}

static struct err *file_fault(struct ctx *c, const char *what)
{
    return ERR(c->arena, ERR_BUSY, "%s: %s", what, strerror(errno));
}

static struct err *folder_sync(struct ctx *c, const char *path)
{
    AUTO(fd) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || fsync(fd) != 0 ? file_fault(c, "the files' folder cannot be synced") : NULL;
}

/* Moves the bytes into place. A file that is there already holds the same bytes, but its name may not be on disk yet: whoever placed it may
   have failed, or died, before the folder was synced. */
static struct err *file_place(struct ctx *c, const char *from, const char *hash)
{
    const char *folder = arena_printf(c->arena, "%s/%.2s", c->app->files, hash);
    const char *path = arena_printf(c->arena, "%s/%s", folder, hash);
    AUTO(fd) int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return file_fault(c, "an upload cannot be synced");
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return file_fault(c, "a files' folder cannot be made");
    bool is_new = link(from, path) == 0;
    if (!is_new && errno != EEXIST)
        return file_fault(c, "an upload cannot be kept");
    if (is_new && c->web) {
        struct kept *kept = ARENA_NEW(c->arena, struct kept);
        *kept = (struct kept){ path, c->web->kept };
        c->web->kept = kept;
    }
    TRY(folder_sync(c, folder));
    return folder_sync(c, c->app->files);
}

struct err *file_lock(struct ctx *c, const char *hash)
{
    struct doc *taken = NULL;
    int64_t lock = (int64_t)strtoull(arena_copy(c->arena, hash, 16), NULL, 16);
    return ctx_rows(c, &sql_file_lock, PARAMS(P_TEXT("hash", hash), P_INT("lock", lock)), &taken);
}

static struct err *file_row(struct ctx *c, const unsigned char bytes[SECRET_HASH], const char *from, int64_t size_bytes, const char *type, const char **ret_hash)
{
    const char *hash = text_hex(c->arena, bytes, SECRET_HASH);
    TRY(file_lock(c, hash));
    TRY(ctx_run_any(c, &sql_file_put, PARAMS(P_TEXT("hash", hash), P_INT("size_bytes", size_bytes), P_TEXT("type", type)), NULL));
    TRY(file_place(c, from, hash));
    *ret_hash = hash;
    return NULL;
}

static int hash_order(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* All files of the request are locked before the first is kept, and in one order: two acts that keep the same files never wait for each other. */
static struct err *uploads_lock(struct ctx *c)
{
    const char *hashes[UPLOADS_MOST];
    size_t count = 0;
    if (!c->web || c->web->has_locks)
        return NULL;
    c->web->has_locks = true;
    for (const struct upload *u = c->web->request.body.uploads; u && count < UPLOADS_MOST; u = u->next)
        hashes[count++] = text_hex(c->arena, u->hash, SECRET_HASH);
    qsort(hashes, count, sizeof *hashes, hash_order);
    for (size_t i = 0; i < count; i++)
        TRY(file_lock(c, hashes[i]));
    return NULL;
}

struct err *file_keep(struct ctx *c, const struct upload *u, const char **ret_hash)
{
    const char *wrong = file_wrong(u);
    if (wrong)
        return form_error(c, u->field, wrong);
    TRY(uploads_lock(c));
    return file_row(c, u->hash, u->spool_path, u->size_bytes, u->type, ret_hash);
}

struct err *file_put(struct ctx *c, const void *data, size_t len, const char *type, const char **ret_hash)
{
    unsigned char hash[SECRET_HASH];
    const char *path = arena_printf(c->arena, "%s/put-%lld", c->app->spool, (long long)ctx_id(c));
    secret_sha256(hash, data, len);
    struct err *e = NULL;
    {
        AUTO(file) FILE *f = fopen(path, "wxe");
        if (!f || fwrite(data, 1, len, f) != len || fflush(f) != 0)
            e = file_fault(c, "a file cannot be written");
    }
    if (!e)
        e = file_row(c, hash, path, (int64_t)len, type, ret_hash);
    unlink(path);
    return e;
}

struct err *file_read(struct ctx *c, const char *hash, size_t most_bytes, const char **ret_data, size_t *ret_len)
{
    if (strlen(hash) != 2 * SECRET_HASH || hash[strspn(hash, "0123456789abcdef")])
        return ERR(c->arena, ERR_NOT_FOUND, "no such file");
    AUTO(file) FILE *f = fopen(arena_printf(c->arena, "%s/%.2s/%s", c->app->files, hash, hash), "re");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0 || st.st_size < 0 || (size_t)st.st_size > most_bytes)
        return ERR(c->arena, ERR_NOT_FOUND, "the bytes of %s are gone, or too many", hash);
    char *data = arena_alloc(c->arena, (size_t)st.st_size + 1);
    if (fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
        return ERR(c->arena, ERR_INTERNAL, "the bytes of %s cannot be read", hash);
    *ret_data = data;
    *ret_len = (size_t)st.st_size;
    return NULL;
}

struct err *file_open(struct ctx *c, const char *hash, int *ret_fd)
{
    if (strlen(hash) != 2 * SECRET_HASH || hash[strspn(hash, "0123456789abcdef")])
        return ERR(c->arena, ERR_NOT_FOUND, "no such file");
    int fd = open(arena_printf(c->arena, "%s/%.2s/%s", c->app->files, hash, hash), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR(c->arena, ERR_NOT_FOUND, "the bytes of %s are gone", hash);
    *ret_fd = fd;
    return NULL;
}

struct err *file_forget(struct ctx *c, const char *hash)
{
    struct doc *used = NULL;
    if (strlen(hash) != 2 * SECRET_HASH || hash[strspn(hash, "0123456789abcdef")])
        return NULL;
    TRY(file_lock(c, hash));
    TRY(ctx_maybe(c, &sql_file_used, PARAMS(P_TEXT("hash", hash)), &used));
    if (!used)
        unlink(arena_printf(c->arena, "%s/%.2s/%s", c->app->files, hash, hash));
    return NULL;
}

/* One lock at a time: each in a transaction of its own. */
static struct err *file_drop(struct ctx *c, const char *path)
{
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = file_forget(c, strrchr(path, '/') + 1);
    db_rollback(c->db);
    return e;
}

/* The bytes of an act that did not come about, behind its transaction. From its end on others may have named the same bytes (and where a
   connection was lost while committing it may have come about after all): so they go under the lock, and only where no row names them. Where the
   database cannot be asked they stay, for bytes too many do no harm. */
void file_discard(struct ctx *c)
{
    const struct kept *kept = c->web->kept;
    c->web->kept = NULL;
    for (; kept; kept = kept->next)
        if (file_drop(c, kept->path))
            break;
}

/* ---- Bytes that nobody names ---- */

/* True for a kept file that has lain there for a day: its name was made (ctime) when it was kept. */
static bool is_old(struct ctx *c, const char *folder, const char *name)
{
    struct stat about;
    return strlen(name) == 2 * SECRET_HASH && stat(arena_printf(c->arena, "%s/%s", folder, name), &about) == 0 && S_ISREG(about.st_mode)
        && about.st_ctime < c->now_ms / 1000 - SWEEP_AGE_S;
}

struct err *file_sweep(struct ctx *c, int at, int *ret_gone)
{
    struct dirent **entries = NULL;
    const char *folder = arena_printf(c->arena, "%s/%02x", c->app->files, (unsigned)at % FOLDERS);
    int count = scandir(folder, &entries, NULL, alphasort), asked = 0;
    struct err *e = NULL;
    *ret_gone = 0;
    for (int i = 0; i < count; i++) {
        const char *name = arena_text(c->arena, entries[i]->d_name);
        free(entries[i]);
        struct doc *used = NULL;
        if (e || asked == SWEEP_MOST || !is_old(c, folder, name))
            continue;
        e = ctx_maybe(c, &sql_file_used, PARAMS(P_TEXT("hash", name)), &used);
        if (e || used)
            continue;
        asked++;                       /* nobody yet: asked once more under the lock, in the order of all */
        e = file_forget(c, name);
        *ret_gone += !e && access(arena_printf(c->arena, "%s/%s", folder, name), F_OK) != 0;
    }
    free(entries);
    return e;
}
