#include "lib/power_vfs.h"
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, NAME_MOST = 400 };

/* One change that is not synced: bytes at a place, or (data NULL) a new length. */
struct change { sqlite3_int64 at; size_t len; unsigned char *data; };

struct shadow {                          /* a watched file */
    char name[NAME_MOST];
    unsigned char *synced;               /* what is on disk for certain */
    size_t len;
    bool has_name;                       /* its folder was synced since it was made */
    bool is_gone;
    struct change *changes;
    int count, size;
    struct shadow *next;
};

struct file { sqlite3_file base; struct shadow *shadow; bool syncs_folder; sqlite3_file *real; };

static struct {
    sqlite3_vfs vfs, *under;
    struct shadow *shadows;
    power_point *call;
    void *arg;
    sqlite3 *last;
    enum power_part part;
    int left;                            /* calls until one fails; 0: none */
    bool goes_on, has_failed, is_busy;
} disk;
bool power_lies;

/* ---- Faults ---- */

void power_fail(enum power_part part, int nth, bool goes_on)
{
    disk.part = part;
    disk.left = nth;
    disk.goes_on = goes_on;
    disk.has_failed = false;
}

bool power_failed(void) { return disk.has_failed; }

bool power_fails(enum power_part part)
{
    if (disk.part != part || (!disk.left && !(disk.goes_on && disk.has_failed)))
        return false;
    if (disk.left && --disk.left)
        return false;
    disk.has_failed = true;
    return true;
}

/* ---- What is remembered ---- */

static void *grown(void *old, size_t len)
{
    void *data = realloc(old, len ? len : 1);
    if (!data)
        abort();
    return data;
}

static void point(bool is_sync)
{
    if (!disk.call || disk.is_busy)
        return;
    disk.is_busy = true;
    disk.call(disk.arg, is_sync);
    disk.is_busy = false;
}

static struct shadow *shadow_find(const char *name)
{
    for (struct shadow *s = disk.shadows; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

static bool is_watched(const char *name)
{
    const char *base = name ? strrchr(name, '/') : NULL;
    return base && strncmp(base, "/test.db", 8) == 0;
}

static void change_add(struct shadow *s, sqlite3_int64 at, size_t len, const void *data)
{
    if (s->count == s->size) {
        s->size = s->size ? 2 * s->size : 64;
        s->changes = grown(s->changes, (size_t)s->size * sizeof *s->changes);
    }
    struct change *change = &s->changes[s->count++];
    *change = (struct change){ at, len, NULL };
    if (data)
        change->data = memcpy(grown(NULL, len), data, len);
}

static void length_put(unsigned char **data, size_t *len, size_t new_len)
{
    *data = grown(*data, new_len);
    if (new_len > *len)
        memset(*data + *len, 0, new_len - *len);
    *len = new_len;
}

static void bytes_put(unsigned char **data, size_t *len, size_t at, const unsigned char *from, size_t count)
{
    if (at + count > *len)
        length_put(data, len, at + count);
    memcpy(*data + at, from, count);
}

static void shadow_synced(struct shadow *s)
{
    for (int i = 0; i < s->count; i++) {
        struct change *change = &s->changes[i];
        if (change->data)
            bytes_put(&s->synced, &s->len, (size_t)change->at, change->data, change->len);
        else
            length_put(&s->synced, &s->len, (size_t)change->at);
        free(change->data);
    }
    s->count = 0;
}

/* ---- A cut ---- */

static uint64_t mixed(uint64_t a, uint64_t b)
{
    uint64_t x = a * 0x9e3779b97f4a7c15u ^ (b + 0x7f4a7c15u) * 0xbf58476d1ce4e5b9u;
    x ^= x >> 31;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 29;
}

/* How many of the changes a sector got: a disk keeps the order within one, and none between two. */
static int sector_got(const struct shadow *s, size_t sector, enum power_loss how, unsigned seed)
{
    switch (how) {
    case POWER_ALL_LOST: return 0;
    case POWER_NONE_LOST: return s->count;
    case POWER_PREFIX: return (int)(mixed(seed, 1) % (unsigned)(s->count + 1));
    default: return (int)(mixed(seed, sector + 7) % (unsigned)(s->count + 1));
    }
}

/* A prefix ends within a change. */
static bool is_got(const struct shadow *s, int number, size_t sector, size_t first, enum power_loss how, unsigned seed)
{
    int got = sector_got(s, sector, how, seed);
    return number < got || (how == POWER_PREFIX && number == got && sector - first < mixed(seed, 2) % 9);
}

static void change_left(const struct shadow *s, int number, enum power_loss how, unsigned seed, unsigned char **data, size_t *len)
{
    const struct change *change = &s->changes[number];
    size_t at = (size_t)change->at, end = at + change->len;
    if (!change->data) {
        if (is_got(s, number, SIZE_MAX / 2, SIZE_MAX / 2, how, seed))
            length_put(data, len, at);
        return;
    }
    for (size_t from = at, to; from < end; from = to) {
        to = (from / SECTOR + 1) * SECTOR < end ? (from / SECTOR + 1) * SECTOR : end;
        if (is_got(s, number, from / SECTOR, at / SECTOR, how, seed))
            bytes_put(data, len, from, change->data + (from - at), to - from);
    }
}

static void shadow_left(const struct shadow *s, const char *to, enum power_loss how, unsigned seed)
{
    bool is_lost = !s->has_name && (how == POWER_ALL_LOST || (how == POWER_ANY && mixed(seed, 3) % 2));
    if (is_lost || s->is_gone)
        return;
    size_t len = s->len;
    unsigned char *data = memcpy(grown(NULL, len), s->synced, len);
    for (int i = 0; i < s->count; i++)
        change_left(s, i, how, seed, &data, &len);
    FILE *f = fopen(to, "wb");
    if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0)
        abort();
    free(data);
}

void power_cut(const char *address, const char *to, enum power_loss how, unsigned seed)
{
    size_t len = strlen(address);
    char path[NAME_MOST + 100];
    for (const struct shadow *s = disk.shadows; s; s = s->next)
        if (strncmp(s->name, address, len) == 0) {
            snprintf(path, sizeof path, "%s%s", to, s->name + len);
            shadow_left(s, path, how, seed);
        }
}

void power_watch(power_point *call, void *arg)
{
    disk.call = call;
    disk.arg = arg;
}

/* ---- The calls ---- */

#define REAL(f) (((struct file *)(f))->real)
#define CALL(f, name, ...) (REAL(f)->pMethods->name(REAL(f), ##__VA_ARGS__))

static int f_close(sqlite3_file *f) { return CALL(f, xClose); }
static int f_read(sqlite3_file *f, void *to, int len, sqlite3_int64 at) { return CALL(f, xRead, to, len, at); }

static int f_write(sqlite3_file *f, const void *data, int len, sqlite3_int64 at)
{
    struct shadow *s = ((struct file *)f)->shadow;
    if (s && power_fails(POWER_DATABASE))
        return SQLITE_IOERR_WRITE;
    if (s) {
        point(false);
        change_add(s, at, (size_t)len, data);
    }
    return CALL(f, xWrite, data, len, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct shadow *s = ((struct file *)f)->shadow;
    if (s && power_fails(POWER_DATABASE))
        return SQLITE_IOERR_TRUNCATE;
    if (s) {
        point(false);
        change_add(s, size, 0, NULL);
    }
    return CALL(f, xTruncate, size);
}

static void folder_synced(const char *name)
{
    size_t len = (size_t)(strrchr(name, '/') - name);
    for (struct shadow *s = disk.shadows; s; s = s->next)
        s->has_name |= strncmp(s->name, name, len + 1) == 0 && !strchr(s->name + len + 1, '/');
}

static int f_sync(sqlite3_file *f, int flags)
{
    struct file *file = (struct file *)f;
    struct shadow *s = file->shadow;
    if (s && power_fails(POWER_DATABASE))
        return SQLITE_IOERR_FSYNC;
    if (s)
        point(true);
    int rc = CALL(f, xSync, flags);
    if (!s || rc != SQLITE_OK || power_lies)
        return rc;
    shadow_synced(s);
    if (file->syncs_folder)
        folder_synced(s->name);
    file->syncs_folder = false;
    point(true);
    return SQLITE_OK;
}

static int f_size(sqlite3_file *f, sqlite3_int64 *ret_size) { return CALL(f, xFileSize, ret_size); }
static int f_lock(sqlite3_file *f, int how) { return CALL(f, xLock, how); }
static int f_unlock(sqlite3_file *f, int how) { return CALL(f, xUnlock, how); }
static int f_reserved(sqlite3_file *f, int *ret_is) { return CALL(f, xCheckReservedLock, ret_is); }
static int f_control(sqlite3_file *f, int what, void *arg) { return CALL(f, xFileControl, what, arg); }
static int f_sector(sqlite3_file *f) { return CALL(f, xSectorSize); }
static int f_traits(sqlite3_file *f) { return CALL(f, xDeviceCharacteristics); }

static int f_shm_map(sqlite3_file *f, int page, int size, int extends, void volatile **ret_at)
{
    if (((struct file *)f)->shadow && power_fails(POWER_DATABASE))
        return SQLITE_IOERR_SHMMAP;
    return CALL(f, xShmMap, page, size, extends, ret_at);
}

static int f_shm_lock(sqlite3_file *f, int at, int count, int how) { return CALL(f, xShmLock, at, count, how); }
static void f_shm_barrier(sqlite3_file *f) { CALL(f, xShmBarrier); }
static int f_shm_unmap(sqlite3_file *f, int deletes) { return CALL(f, xShmUnmap, deletes); }

static const sqlite3_io_methods methods = { .iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate, .xSync = f_sync,
    .xFileSize = f_size, .xLock = f_lock, .xUnlock = f_unlock, .xCheckReservedLock = f_reserved, .xFileControl = f_control, .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_traits, .xShmMap = f_shm_map, .xShmLock = f_shm_lock, .xShmBarrier = f_shm_barrier, .xShmUnmap = f_shm_unmap };

/* What lies there when a file is first opened is on disk. */
static struct shadow *shadow_make(const char *name, sqlite3_file *real, bool is_new)
{
    sqlite3_int64 len = 0;
    struct shadow *s = calloc(1, sizeof *s);
    if (!s || strlen(name) >= sizeof s->name || real->pMethods->xFileSize(real, &len) != SQLITE_OK)
        abort();
    snprintf(s->name, sizeof s->name, "%s", name);
    s->synced = grown(NULL, (size_t)len);
    s->len = (size_t)len;
    if (len && real->pMethods->xRead(real, s->synced, (int)len, 0) != SQLITE_OK)
        abort();
    s->has_name = !is_new;
    s->next = disk.shadows;
    disk.shadows = s;
    return s;
}

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
    struct file *file = (struct file *)f;
    int is_there = 0;
    (void)vfs;
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    if (is_watched(name) && power_fails(POWER_DATABASE))
        return SQLITE_CANTOPEN;
    if (name)
        disk.under->xAccess(disk.under, name, SQLITE_ACCESS_EXISTS, &is_there);
    int rc = disk.under->xOpen(disk.under, name, file->real, flags, ret_flags);
    if (!file->real->pMethods)
        return rc;
    f->pMethods = &methods;
    if (rc != SQLITE_OK || !is_watched(name))
        return rc;
    file->shadow = shadow_find(name);
    if (!file->shadow)
        file->shadow = shadow_make(name, file->real, !is_there);
    else if (!is_there)
        file->shadow->has_name = file->shadow->is_gone = false;
    file->syncs_folder = !is_there && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));    /* as the usual one does */
    return rc;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int syncs)
{
    struct shadow *s = shadow_find(name);
    (void)vfs;
    if (s && power_fails(POWER_DATABASE))
        return SQLITE_IOERR_DELETE;
    if (s) {
        s->is_gone = true;
        s->len = 0;
        shadow_synced(s);
        s->len = 0;
    }
    return disk.under->xDelete(disk.under, name, syncs);
}

static int connection_seen(sqlite3 *db, const char **ret_error, const struct sqlite3_api_routines *api)
{
    (void)ret_error, (void)api;
    disk.last = db;
    return SQLITE_OK;
}

sqlite3 *power_connection(void) { return disk.last; }

void power_open(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    disk.under = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.under;
    disk.vfs.iVersion = 2;
    disk.vfs.szOsFile = (int)sizeof(struct file) + disk.under->szOsFile;
    disk.vfs.zName = "power";
    disk.vfs.xOpen = v_open;
    disk.vfs.xDelete = v_delete;
    int rc = sqlite3_vfs_register(&disk.vfs, 1);
    assert(rc == SQLITE_OK);
    (void)rc;
    sqlite3_auto_extension((void (*)(void))(uintptr_t)connection_seen);
}
