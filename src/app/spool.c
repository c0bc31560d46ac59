#include "app/spool.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/secret.h"
#include "base/text.h"

enum { RANDOM_BYTES = 8, LOOSE_AGE_S = 24 * 3600 };
static const char LOCK[] = ".lock";

static struct err *fault(struct arena *a, const char *path)
{
    return ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
}

/* The lock of a folder; -1: somebody else has it (or it cannot be had). */
static int lock_take(struct arena *a, const char *folder, int how)
{
    int fd = open(arena_printf(a, "%s/%s", folder, LOCK), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || flock(fd, how) == 0)
        return fd;
    close(fd);
    return -1;
}

static void folder_empty(const char *path)
{
    char name[4096];
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(name);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

/* A folder goes where its lock is free. A loose file is a job's draft, or an upload of an older version: it goes after a day. */
static void left_behind(struct arena *a, const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return;
    if (!S_ISDIR(about.st_mode)) {
        if (about.st_mtime < time(NULL) - LOOSE_AGE_S)
            unlink(path);
        return;
    }
    int lock = lock_take(a, path, LOCK_EX | LOCK_NB);
    if (lock >= 0) {
        folder_empty(path);
        close(lock);
    }
}

static void spool_sweep(struct arena *a, const char *root)
{
    DIR *folder = opendir(root);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            left_behind(a, arena_printf(a, "%s/%s", root, entry->d_name));
    if (folder)
        closedir(folder);
}

static struct err *spool_make(struct arena *a, const char *root, const char **ret_path, int *ret_lock)
{
    unsigned char random[RANDOM_BYTES];
    secret_random(random, sizeof random);
    const char *path = arena_printf(a, "%s/%ld-%s", root, (long)getpid(), text_hex(a, random, sizeof random));
    if (mkdir(path, 0700) != 0)
        return fault(a, path);
    int lock = lock_take(a, path, LOCK_EX | LOCK_NB);
    if (lock < 0)
        return fault(a, path);
    *ret_path = path;
    *ret_lock = lock;
    return NULL;
}

/* One at a time: between making a folder and locking it nobody looks. */
struct err *spool_open(struct arena *a, const char *root, const char **ret_path, int *ret_lock)
{
    AUTO(fd) int turn = lock_take(a, root, LOCK_EX);
    if (turn < 0)
        return fault(a, root);
    spool_sweep(a, root);
    return spool_make(a, root, ret_path, ret_lock);
}

void spool_close(const char *path, int lock)
{
    folder_empty(path);
    close(lock);
}
