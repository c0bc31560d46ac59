#include "app/backup_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/text.h"

enum { PIECE = 128 * 1024, MANIFEST_MOST = 256 * 1024 * 1024, NAME_HASH = 2 * SECRET_HASH, OPEN_FOLDERS = 16 };

void backup_fault(struct doc *faults, struct arena *a, const char *path, const char *what)
{
    struct doc *fault = doc_map(a);
    doc_set_text(fault, "path", path);
    doc_set_text(fault, "what", what);
    doc_push(faults, fault);
}

static struct err *cannot(struct arena *a, const char *path, const char *what)
{
    int code = errno;
    return ERR(a, code == ENOENT ? ERR_NOT_FOUND : ERR_BUSY, "%s %s: %s", path, what, strerror(code));
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

struct err *part_copy(struct arena *a, const char *from, const char *to, struct backup_part *ret_part)
{
    AUTO(fd) int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    AUTO(fd) int out = in >= 0 && to ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    AUTO(heap) void *memory = malloc(PIECE);
    crypto_hash_sha256_state state;
    unsigned char hash[SECRET_HASH];
    int64_t size = 0;
    ssize_t n = 0;
    char *piece = memory;
    if (in < 0 || !piece)
        return cannot(a, from, "cannot be read");   // NOLINT(clang-analyzer-unix.Malloc): AUTO(heap) gives it back
    if (to && out < 0)
        return cannot(a, to, "cannot be written");
    crypto_hash_sha256_init(&state);
    while ((n = read(in, piece, PIECE)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        crypto_hash_sha256_update(&state, (const unsigned char *)piece, (unsigned long long)n);
        size += n;
        if (to && !write_all(out, piece, (size_t)n))
            return cannot(a, to, "cannot be written");
    }
    if (n < 0)
        return cannot(a, from, "cannot be read");
    crypto_hash_sha256_final(&state, hash);
    *ret_part = (struct backup_part){ to ? to : from, text_hex(a, hash, sizeof hash), size };
    return NULL;
}

struct err *part_folders(struct arena *a, const char *base, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = arena_printf(a, "%s/%.*s", base, (int)(slash - path), path);
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return cannot(a, folder, "cannot be made");
    }
    return NULL;
}

struct err *folder_flush(struct arena *a, const char *path)
{
    AUTO(fd) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || syncfs(fd) != 0 || fsync(fd) != 0 ? cannot(a, path, "cannot be synced") : NULL;
}

bool folder_is_empty(const char *path, const char *may_hold)
{
    DIR *folder = opendir(path);
    bool is_empty = folder || errno == ENOENT;
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && strcmp(entry->d_name, may_hold) != 0)
            is_empty = false;
    if (folder)
        closedir(folder);
    return is_empty;
}

static int one_remove(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

void folder_remove(const char *path) { nftw(path, one_remove, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT); }

/* ---- The manifest ---- */

static struct doc *manifest_doc(struct arena *a, const struct manifest *m)
{
    struct doc *all = doc_map(a), *files = doc_list(a), *logs = doc_list(a);
    doc_set_text(all, "format", "mandat-backup-1");
    doc_set_int(all, "made_at", m->made_at_ms);
    doc_set_text(all, "database", m->database);
    doc_set_text(all, "schema", m->schema);
    for (size_t i = 0; i < m->head_count; i++) {
        struct doc *log = doc_map(a);
        doc_set_text(log, "log", arena_printf(a, "%lld", (long long)m->heads[i].log));
        doc_set_int(log, "size", m->heads[i].size);
        doc_set_text(log, "hash", m->heads[i].hash);
        doc_push(logs, log);
    }
    for (size_t i = 0; i < m->part_count; i++) {
        struct doc *file = doc_map(a);
        doc_set_text(file, "path", m->parts[i].path);
        doc_set_int(file, "size_bytes", m->parts[i].size_bytes);
        doc_set_text(file, "sha256", m->parts[i].hash);
        doc_push(files, file);
    }
    doc_set(all, "logs", logs);
    doc_set(all, "files", files);
    return all;
}

static struct err *text_put(struct arena *a, const char *folder, const char *name, const char *text, size_t len)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);
    AUTO(fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 || !write_all(fd, text, len) || fsync(fd) != 0 ? cannot(a, path, "cannot be written") : NULL;
}

static const char *sum_line(struct arena *a, const char *hash) { return arena_printf(a, "%s  manifest.json\n", hash); }

struct err *manifest_write(struct arena *a, const char *folder, struct manifest *m)
{
    struct buf json;
    unsigned char hash[SECRET_HASH];
    buf_init(&json, a, MANIFEST_MOST);
    doc_json(manifest_doc(a, m), &json);
    buf_char(&json, '\n');
    if (json.is_full)
        return ERR(a, ERR_INTERNAL, "the manifest is over its ceiling");
    TRY(text_put(a, folder, "manifest.json", buf_end(&json), json.len));
    secret_sha256(hash, buf_end(&json), json.len);
    m->hash = text_hex(a, hash, sizeof hash);
    const char *line = sum_line(a, m->hash);
    TRY(folder_flush(a, folder));                       /* all the rest is there before the word that it is */
    TRY(text_put(a, folder, "manifest.sha256", line, strlen(line)));
    return folder_flush(a, folder);
}

static struct err *text_get(struct arena *a, const char *folder, const char *name, const char **ret_text, size_t *ret_len)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);
    AUTO(file) FILE *f = fopen(path, "re");
    struct stat about;
    if (!f || fstat(fileno(f), &about) != 0 || about.st_size > MANIFEST_MOST)
        return ERR(a, ERR_INVALID, "%s is not there or cannot be read: this is no finished backup", path);
    char *text = arena_alloc(a, (size_t)about.st_size + 1);
    *ret_len = fread(text, 1, (size_t)about.st_size, f);
    *ret_text = text;
    return NULL;
}

static bool is_hash(const char *text) { return strlen(text) == NAME_HASH && strspn(text, "0123456789abcdef") == NAME_HASH; }

/* Only the names a backup can have: a manifest from elsewhere leads nowhere else. */
static bool is_part_path(const char *path)
{
    if (strcmp(path, "mandat.db") == 0 || strcmp(path, "database.pgdump") == 0)
        return true;
    return strncmp(path, "files/", 6) == 0 && strlen(path) == 6 + 3 + NAME_HASH && path[8] == '/' && is_hash(path + 9) && memcmp(path + 6, path + 9, 2) == 0;
}

static struct err *manifest_lists(struct arena *a, const struct doc *all, struct manifest *m)
{
    const struct doc *files = doc_get(all, "files"), *logs = doc_get(all, "logs");
    struct backup_part *parts = ARENA_ARRAY(a, struct backup_part, doc_count(files) + 1);
    struct epoch_head *heads = ARENA_ARRAY(a, struct epoch_head, doc_count(logs) + 1);
    for (size_t i = 0; i < doc_count(files); i++) {
        const struct doc *file = doc_at(files, i);
        parts[i] = (struct backup_part){ doc_text_of(file, "path"), doc_text_of(file, "sha256"), doc_int_of(file, "size_bytes") };
        if (!is_part_path(parts[i].path) || !is_hash(parts[i].hash))
            return ERR(a, ERR_INVALID, "manifest.json names a file that no backup has: %s", parts[i].path);
    }
    for (size_t i = 0; i < doc_count(logs); i++) {
        const struct doc *log = doc_at(logs, i);
        heads[i] = (struct epoch_head){ .size = doc_int_of(log, "size"), .hash = doc_text_of(log, "hash") };
        if (!text_int(doc_text_of(log, "log"), &heads[i].log) || !is_hash(heads[i].hash))
            return ERR(a, ERR_INVALID, "manifest.json: a log is not as it should be");
    }
    m->parts = parts;
    m->part_count = doc_count(files);
    m->heads = heads;
    m->head_count = doc_count(logs);
    return NULL;
}

struct err *manifest_read(struct arena *a, const char *folder, struct manifest *ret_manifest)
{
    const char *sum = "", *text = "";
    size_t sum_len = 0, len = 0;
    unsigned char hash[SECRET_HASH];
    struct doc *all = NULL;
    struct manifest m = { 0 };
    TRY(text_get(a, folder, "manifest.sha256", &sum, &sum_len));
    TRY(text_get(a, folder, "manifest.json", &text, &len));
    secret_sha256(hash, text, len);
    m.hash = text_hex(a, hash, sizeof hash);
    if (strcmp(sum, sum_line(a, m.hash)) != 0 || strlen(sum) != sum_len)
        return ERR(a, ERR_INVALID, "manifest.json and manifest.sha256 do not agree: one of them was changed");
    struct err *e = doc_read_json(a, text, len, &all);
    if (e || strcmp(doc_text_of(all, "format"), "mandat-backup-1") != 0)
        return ERR(a, ERR_INVALID, "manifest.json is not the manifest of a backup that this program knows");
    m.made_at_ms = doc_int_of(all, "made_at");
    m.database = doc_text_of(all, "database");
    m.schema = doc_text_of(all, "schema");
    TRY(manifest_lists(a, all, &m));
    *ret_manifest = m;
    return NULL;
}
