/* The fence around a running server, tried from inside: a child process enters it and does what a server does and what it never does. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "app/sandbox.h"
#include "base/log.h"

static char mine[64], other[64];

#define MUST(what) do { if (!(what)) { fprintf(stderr, "in the fence: %s (%s)\n", #what, strerror(errno)); return 1; } } while (0)
#define DENIED(call, code) do { errno = 0; if ((call) >= 0 || errno != (code)) { fprintf(stderr, "not refused: %s (%s)\n", #call, strerror(errno)); return 1; } } while (0)

static void *thread_run(void *arg)
{
    *(int *)arg = open(other, O_RDONLY | O_DIRECTORY) < 0 && errno == EACCES ? 1 : 0;
    return NULL;
}

static int files_try(const char *below)
{
    char path[160], moved[160];
    snprintf(path, sizeof path, "%s/spool", mine);
    MUST(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/spool/a", mine);
    snprintf(moved, sizeof moved, "%s/b", mine);
    MUST(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) >= 0);
    MUST(link(path, moved) == 0 && unlink(path) == 0);             /* as uploads go from the spool to the kept files */
    MUST(open("/usr/share", O_RDONLY | O_DIRECTORY) >= 0);
    DENIED(open(below, O_RDONLY), EACCES);
    DENIED(open(other, O_RDONLY | O_DIRECTORY), EACCES);
    DENIED(open("/etc/shadow", O_RDONLY), EACCES);
    DENIED(open("/usr/mandat-was-here", O_WRONLY | O_CREAT, 0600), EACCES);
    return 0;
}

static int calls_try(void)
{
    struct addrinfo *found = NULL;
    int is_fenced = 0;
    pthread_t thread;
    char word[] = "true", *const words[] = { word, NULL };
    MUST(getaddrinfo("localhost", "25", NULL, &found) == 0);
    MUST(pthread_create(&thread, NULL, thread_run, &is_fenced) == 0 && pthread_join(thread, NULL) == 0);
    DENIED(execv("/bin/true", words), EPERM);
    DENIED(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM);
    DENIED(mount("none", "/tmp", "tmpfs", 0, NULL), EPERM);
    DENIED(syscall(SYS_bpf, 0, NULL, 0), EPERM);
    DENIED(syscall(SYS_unshare, 0), EPERM);
    DENIED(syscall(SYS_io_uring_setup, 1, NULL), EPERM);
    DENIED(socket(AF_PACKET, SOCK_RAW, 0), EPERM);
    MUST(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 && socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
    return 0;
}

static int in_fence(int (*try)(void))
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        struct arena a;
        arena_init(&a, (size_t)1024 * 1024);
        log_quiet(1);
        struct err *e = sandbox_enter(&a, &(struct sandbox_ask){ (const char *const[]){ mine, "/nowhere", NULL }, (const char *const[]){ NULL } });
        _exit(e ? 2 : try());
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer);
#else
    return false;
#endif
}

static int files_of_other(void)
{
    char path[160];
    snprintf(path, sizeof path, "%s/secret", other);
    return files_try(path);
}

static void files_are_fenced(void **state)
{
    (void)state;
    if (is_sanitized() || syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 2)
        skip();
    assert_int_equal(in_fence(files_of_other), 0);
}

static void calls_are_fenced(void **state)
{
    (void)state;
    if (is_sanitized())
        skip();
    assert_int_equal(in_fence(calls_try), 0);
}

static int folders_make(void **state)
{
    (void)state;
    char path[160];
    snprintf(mine, sizeof mine, "/tmp/sandbox-mine-XXXXXX");
    snprintf(other, sizeof other, "/tmp/sandbox-other-XXXXXX");
    if (!mkdtemp(mine) || !mkdtemp(other))
        return -1;
    snprintf(path, sizeof path, "%s/secret", other);
    FILE *f = fopen(path, "w");
    return f ? fclose(f) : -1;
}

static int folders_remove(void **state)
{
    static const char *const names[] = { "b", "spool/a", "spool" };
    (void)state;
    char path[160];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", mine, names[i]);
        remove(path);
    }
    snprintf(path, sizeof path, "%s/secret", other);
    remove(path);
    return remove(mine) | remove(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(files_are_fenced), cmocka_unit_test(calls_are_fenced) };
    return cmocka_run_group_tests_name("sandbox", tests, folders_make, folders_remove);
}
