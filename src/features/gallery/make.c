/* The two pictures that are shown of a photo. Made by the slow worker: outside any transaction the bytes, in one their rows. */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/secret.h"
#include "base/text.h"
#include "features/gallery/inside.h"
#include "features/queries.h"
#include "features/transfer/transfer.h"
#include "picture/picture.h"
#include "web/app.h"
#include "web/file.h"
#include "work/work.h"

/* What make hands to run. */
struct made { bool is_refused; const void *shown, *small; size_t shown_len, small_len; };

static const char *const types[] = { "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif" };

bool picture_is_type(const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

struct err *job_picture_added(struct ctx *c, int64_t file_id)
{
    struct doc *file = NULL, *data = doc_map(c->arena);
    TRY(ctx_maybe(c, &sql_picture_type, PARAMS(P_INT("of_file", file_id)), &file));
    if (!file || !picture_is_type(doc_text_of(file, "type")))
        return NULL;
    TRY(ctx_run(c, &sql_picture_wait, PARAMS(P_INT("of_file", file_id))));
    doc_set_int(data, "file", file_id);
    return work_queue_slow(c, c->who.org_id, "picture_make", data, c->now_ms);
}

/* ---- What a client is given ---- */

bool picture_is_shown(const struct doc *row) { return !picture_is_type(doc_text_of(row, "type")) || strcmp(doc_text_of(row, "picture_state"), "ready") == 0; }

/* The name keeps its words, the ending says what it is now. */
static const char *shown_name(struct ctx *c, const char *name)
{
    const char *dot = strrchr(name, '.');
    return arena_printf(c->arena, "%.*s.jpg", (int)(dot ? (size_t)(dot - name) : strlen(name)), name);
}

struct err *picture_reply(struct ctx *c, const struct doc *row)
{
    if (!picture_is_type(doc_text_of(row, "type")))
        return reply_file(c, doc_text_of(row, "hash"), doc_text_of(row, "type"), doc_text_of(row, "name"));
    if (!picture_is_shown(row))
        return ERR(c->arena, ERR_NOT_FOUND, "no picture of it is ready");
    return reply_file(c, doc_text_of(row, "shown_hash"), "image/jpeg", shown_name(c, doc_text_of(row, "name")));
}

/* ---- Outside any transaction ---- */

static bool file_is_fit(int fd)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0 || about.st_size > PICTURE_BYTES_MOST)
        return false;
    size_t len = (size_t)about.st_size;
    void *data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);     /* kept under its hash: nobody makes it shorter */
    if (data == MAP_FAILED)
        return false;
    struct picture_about looks = picture_look(data, len);
    munmap(data, len);
    return picture_is_fit(&looks);
}

/* The small one from the one that is shown: a large original is decoded once. */
static enum picture_outcome small_make(struct ctx *c, struct made *made)
{
    AUTO(fd) int fd = memfd_create("shown", MFD_CLOEXEC);
    if (fd < 0 || write(fd, made->shown, made->shown_len) != (ssize_t)made->shown_len)
        return PICTURE_LATER;
    return darkroom_make(c->app->darkroom, c->arena, fd, PICTURE_SMALL, &made->small, &made->small_len);
}

static struct err *source_open(struct ctx *c, const struct doc *data, int *ret_fd)
{
    struct doc *file = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_picture_source, PARAMS(P_INT("of_file", doc_int_of(data, "file"))), &file);
    db_rollback(c->db);
    TRY(e);
    return file ? file_open(c, doc_text_of(file, "hash"), ret_fd) : NULL;
}

struct err *picture_make(struct ctx *c, const struct doc *data)
{
    AUTO(fd) int fd = -1;
    struct made *made = ARENA_NEW(c->arena, struct made);
    enum picture_outcome outcome = PICTURE_REFUSED;
    struct err *e = source_open(c, data, &fd);
    if (e && e->code != ERR_NOT_FOUND)                  /* bytes that are gone make no picture, now or later */
        return e;
    if (!e && fd >= 0 && file_is_fit(fd))
        outcome = darkroom_make(c->app->darkroom, c->arena, fd, PICTURE_SHOWN, &made->shown, &made->shown_len);
    if (outcome == PICTURE_MADE)
        outcome = small_make(c, made);
    if (outcome == PICTURE_LATER)
        return ERR(c->arena, ERR_BUSY, "the darkroom has no time, or no vipsthumbnail");
    made->is_refused = outcome != PICTURE_MADE;
    c->own = made;
    return NULL;
}

/* ---- In the transaction ---- */

/* Kept in the order of their hashes, as all who keep several do. */
static struct err *both_put(struct ctx *c, const struct made *made, const char **ret_shown, const char **ret_small)
{
    unsigned char shown[SECRET_HASH], small[SECRET_HASH];
    secret_sha256(shown, made->shown, made->shown_len);
    secret_sha256(small, made->small, made->small_len);
    if (memcmp(shown, small, SECRET_HASH) > 0)
        TRY(file_put(c, made->small, made->small_len, "image/jpeg", ret_small));
    TRY(file_put(c, made->shown, made->shown_len, "image/jpeg", ret_shown));
    return *ret_small ? NULL : file_put(c, made->small, made->small_len, "image/jpeg", ret_small);
}

struct err *picture_keep(struct ctx *c, const struct doc *data)
{
    const struct made *made = c->own;
    const char *shown = NULL, *small = NULL;
    struct param file = P_INT("of_file", doc_int_of(data, "file"));
    int64_t changed = 0;
    if (made->is_refused)
        return ctx_run_any(c, &sql_picture_refuse, PARAMS(file), NULL);
    TRY(both_put(c, made, &shown, &small));
    TRY(ctx_run_any(c, &sql_picture_ready, PARAMS(file, P_TEXT("shown_hash", shown), P_TEXT("small_hash", small)), &changed));
    if (changed)
        return NULL;
    TRY(file_let_go(c, shown));                         /* the photo went in the meantime */
    return strcmp(shown, small) == 0 ? NULL : file_let_go(c, small);
}
