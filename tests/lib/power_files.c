/* The calls by which the program keeps files, with a memory of what is on disk: the test is linked with --wrap of each. Libraries' own calls are not
   touched (SQLite goes through power_vfs.c). */
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/power_vfs.h"

enum { WORD_MOST = 160, SECTIONS = 256 };

bool power_lies_files;

/* What is on disk for certain: names below the folder ("ab", "ab/<hash>"), and "=<inode>" for bytes. It only grows. */
static struct { char folder[300]; char (*words)[WORD_MOST]; size_t count, size; } safe;

static void safe_add(const char *word)
{
    if (safe.count == safe.size) {
        safe.size = safe.size ? 2 * safe.size : 1024;
        safe.words = realloc(safe.words, safe.size * sizeof *safe.words);
        if (!safe.words)
            abort();
    }
    snprintf(safe.words[safe.count++], WORD_MOST, "%s", word);
}

static bool safe_has(const char *word, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(safe.words[i], word) == 0)
            return true;
    return false;
}

static void safe_add_once(const char *word)
{
    if (!safe_has(word, safe.count))
        safe_add(word);
}

static void bytes_safe(const struct stat *about)
{
    char word[WORD_MOST];
    snprintf(word, sizeof word, "=%llu", (unsigned long long)about->st_ino);
    safe_add_once(word);
}

/* All names of a folder: "" is the one of files/, "ab" one below. */
static void names_safe(const char *below, bool with_bytes)
{
    char path[700], word[WORD_MOST];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", safe.folder, below);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(word, sizeof word, "%s%s%.80s", below, *below ? "/" : "", entry->d_name);
        safe_add_once(word);
        snprintf(path, sizeof path, "%s/%s", safe.folder, word);
        if (with_bytes && stat(path, &about) == 0)
            bytes_safe(&about);
    }
    if (folder)
        closedir(folder);
}

void power_files_start(const char *folder)
{
    char section[4];
    safe.count = 0;
    snprintf(safe.folder, sizeof safe.folder, "%s", folder);
    names_safe("", true);
    for (unsigned i = 0; i < SECTIONS; i++) {
        snprintf(section, sizeof section, "%02x", i);
        names_safe(section, true);
    }
}

size_t power_files_now(void) { return safe.count; }

bool power_file_is_safe(const char *hash, size_t at)
{
    char word[WORD_MOST], path[700];
    struct stat about;
    snprintf(word, sizeof word, "%.2s", hash);
    if (!safe_has(word, at))
        return false;
    snprintf(word, sizeof word, "%.2s/%s", hash, hash);
    snprintf(path, sizeof path, "%s/%s", safe.folder, word);
    if (!safe_has(word, at) || stat(path, &about) != 0)
        return false;
    snprintf(word, sizeof word, "=%llu", (unsigned long long)about.st_ino);
    return safe_has(word, at);
}

/* ---- The calls ---- */

int __wrap_fsync(int fd);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_link(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_close(int fd);
int __real_fsync(int fd);
ssize_t __real_write(int fd, const void *data, size_t len);
int __real_open(const char *path, int flags, ...);
int __real_link(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __real_close(int fd);

static int refused(void)
{
    errno = EIO;
    return -1;
}

int __wrap_fsync(int fd)
{
    struct stat about;
    char link[40], path[600];
    size_t len = strlen(safe.folder);
    if (power_fails(POWER_FILES))
        return refused();
    if (power_lies_files || fstat(fd, &about) != 0)
        return 0;
    if (!S_ISDIR(about.st_mode)) {
        bytes_safe(&about);
        return __real_fsync(fd);
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t got = readlink(link, path, sizeof path - 1);
    path[got > 0 ? got : 0] = '\0';
    if (len && strncmp(path, safe.folder, len) == 0)
        names_safe(path[len] ? path + len + 1 : "", false);
    return __real_fsync(fd);
}

/* Only what goes to files: the log does not. */
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    struct stat about;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && fd > 2 && power_fails(POWER_FILES))
        return refused();
    return __real_write(fd, data, len);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return power_fails(POWER_FILES) ? refused() : __real_open(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return power_fails(POWER_FILES) ? refused() : __real_open(path, flags | O_LARGEFILE, mode);
}

int __wrap_link(const char *from, const char *to) { return power_fails(POWER_FILES) ? refused() : __real_link(from, to); }
int __wrap_mkdir(const char *path, mode_t mode) { return power_fails(POWER_FILES) ? refused() : __real_mkdir(path, mode); }

/* A close that fails has closed all the same. */
int __wrap_close(int fd)
{
    struct stat about;
    bool fails = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && power_fails(POWER_FILES);
    int rc = __real_close(fd);
    return fails ? refused() : rc;
}
