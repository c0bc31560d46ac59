#include <errno.h>
#include <fcntl.h>
#include <magic.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "web/body_reader.h"

enum { RANDOM_BYTES = 16, MAGIC_LOOKS_AT_BYTES = 256 * 1024, SHORT_BYTES = 64 };

static struct err *no_spool(struct body_reader *r, const char *what)
{
    int code = errno;
    return ERR(r->arena, ERR_BUSY, "the spool cannot be written: %s: %s", what, strerror(code));
}

struct err *spool_start(struct body_reader *r)
{
    unsigned char random[RANDOM_BYTES];
    randombytes_buf(random, sizeof random);
    const char *path = arena_printf(r->arena, "%s/%s.part", r->limits.spool, text_hex(r->arena, random, sizeof random));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return no_spool(r, "open");
    r->spool = (struct spool){ .fd = fd, .path = path };
    crypto_hash_sha256_init(&r->spool.hash);
    return NULL;
}

struct err *spool_add(struct body_reader *r, const char *data, size_t len)
{
    crypto_hash_sha256_update(&r->spool.hash, (const unsigned char *)data, len);
    r->spool.size_bytes += (int64_t)len;
    while (len > 0) {
        ssize_t done = write(r->spool.fd, data, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return no_spool(r, "write");
        data += done;
        len -= (size_t)done;
    }
    return NULL;
}

void spool_drop(struct body_reader *r)
{
    if (r->spool.fd < 0)
        return;
    close(r->spool.fd);
    unlink(r->spool.path);
    r->spool.fd = -1;
}

struct err *spool_end(struct body_reader *r, const char *file_name)
{
    if (close(r->spool.fd) != 0) {   /* where a quota or a network disk says no late */
        r->spool.fd = -1;
        unlink(r->spool.path);
        return no_spool(r, "close");
    }
    r->spool.fd = -1;
    struct upload *upload = ARENA_NEW(r->arena, struct upload);
    upload->field = arena_text(r->arena, buf_end(&r->name));
    upload->name = arena_text(r->arena, file_name);
    upload->spool_path = r->spool.path;
    upload->type = "";
    upload->size_bytes = r->spool.size_bytes;
    crypto_hash_sha256_final(&r->spool.hash, upload->hash);
    *r->upload_tail = upload;
    r->upload_tail = &upload->next;
    return NULL;
}

/* Opening the table of types takes milliseconds and a handle serves one thread: each thread keeps its own. */
static pthread_key_t magic_key;
static pthread_once_t magic_once = PTHREAD_ONCE_INIT;

static void magic_end(void *handle)
{
    magic_close(handle);
}

static void magic_key_make(void)
{
    pthread_key_create(&magic_key, magic_end);
}

static magic_t magic_mine(void)
{
    pthread_once(&magic_once, magic_key_make);
    magic_t handle = pthread_getspecific(magic_key);
    if (handle)
        return handle;
    handle = magic_open(MAGIC_MIME_TYPE);
    if (!handle)
        return NULL;
    size_t bytes = MAGIC_LOOKS_AT_BYTES;
    if (magic_load(handle, NULL) != 0 || magic_setparam(handle, MAGIC_PARAM_BYTES_MAX, &bytes) != 0 || pthread_setspecific(magic_key, handle) != 0) {
        magic_close(handle);
        return NULL;
    }
    return handle;
}

/* A few letters are text, for which libmagic has no opinion: "very short file". */
static bool is_short_text(const char *path)
{
    char bytes[SHORT_BYTES + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (fd >= 0)
        close(fd);
    if (len < 1 || len > SHORT_BYTES || memchr(bytes, 0, (size_t)len))
        return false;
    bytes[len] = '\0';
    return text_is_utf8(bytes, (size_t)len) && text_is_clean(bytes, true);
}

/* A library that cannot look is our failure, not a file of the wrong type. */
struct err *spool_type(struct arena *a, const char *path, const char **ret_type)
{
    magic_t handle = magic_mine();
    const char *type = handle ? magic_file(handle, path) : NULL;
    if (!type)
        return ERR(a, ERR_BUSY, "the type of an upload cannot be told: %s", handle && magic_error(handle) ? magic_error(handle) : "libmagic or its table cannot be opened");
    bool is_text = strcmp(type, "application/octet-stream") == 0 && is_short_text(path);
    *ret_type = is_text ? "text/plain" : arena_text(a, type);
    return NULL;
}

struct err *upload_of_file(struct arena *a, const char *name, const char *path, struct upload **ret_upload)
{
    unsigned char piece[16 * 1024];
    crypto_hash_sha256_state hash;
    struct upload *upload = ARENA_NEW(a, struct upload);
    AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = -1;
    crypto_hash_sha256_init(&hash);
    while (fd >= 0 && (len = read(fd, piece, sizeof piece)) > 0) {
        crypto_hash_sha256_update(&hash, piece, (size_t)len);
        upload->size_bytes += len;
    }
    if (len < 0)
        return ERR(a, ERR_BUSY, "the spool cannot be read: %s", strerror(errno));
    crypto_hash_sha256_final(&hash, upload->hash);
    upload->field = "files";
    upload->name = arena_text(a, name);
    upload->spool_path = arena_text(a, path);
    TRY(spool_type(a, path, &upload->type));
    *ret_upload = upload;
    return NULL;
}
