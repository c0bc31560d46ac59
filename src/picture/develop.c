/* One picture in a child: limits, fence, vipsthumbnail from its standard input to its standard output. Killed by its number where it takes too long. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "picture/picture.h"

#define PROGRAM "/usr/bin/vipsthumbnail"
enum { CPU_S = 12, WALL_MS = 45 * 1000, FILES_MOST = 64, NICE = 10, EXIT_NOT_THERE = 127, EXIT_NO_FENCE = 126 };
static const rlim_t memory_bytes = (rlim_t)1024 * 1024 * 1024;

/* ---- The fence ---- */

/* The libraries may be read, the program and its loader run; all else does not exist to it. Where the kernel has no Landlock the calls below hold. */
static bool files_fence(void)
{
    static const struct { const char *path; uint64_t access; } open_to_it[] = {
        { "/usr", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR }, { "/lib", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR },
        { "/lib64", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR }, { "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE },
        { PROGRAM, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE },
        { "/lib64/ld-linux-x86-64.so.2", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE },
        { "/lib/ld-linux-aarch64.so.1", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE },
    };
    struct landlock_ruleset_attr attr = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };   /* all that the first version knows */
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM;
    bool holds = true;
    for (size_t i = 0; i < sizeof open_to_it / sizeof *open_to_it && holds; i++) {
        int fd = open(open_to_it[i].path, O_PATH | O_CLOEXEC);
        struct landlock_path_beneath_attr rule = { .allowed_access = open_to_it[i].access, .parent_fd = fd };
        if (fd >= 0)                        /* what is not there needs no leave */
            holds = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
        if (fd >= 0)
            close(fd);
    }
    holds = holds && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return holds;
}

/* All that vipsthumbnail asks of the kernel from its start to its end (looked up with strace); whatever else is refused with EPERM. */
static const char *const allowed[] = {
    "execve", "exit", "exit_group", "brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "openat", "open", "close", "close_range", "read", "write", "readv",
    "writev", "pread64", "pwrite64", "lseek", "fstat", "stat", "lstat", "newfstatat", "statx", "fstatfs", "statfs", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getdents64", "getcwd", "ioctl", "fcntl", "dup", "dup2", "dup3", "pipe2", "futex", "rseq", "set_robust_list",
    "set_tid_address", "arch_prctl", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "sched_getaffinity", "sched_yield",
    "sched_getparam", "sched_getscheduler", "get_mempolicy", "set_mempolicy", "getrandom", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrusage",
    "prlimit64", "getrlimit", "sysinfo", "uname", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "poll", "ppoll",
    "restart_syscall", "tgkill", "membarrier", "getcpu", "prctl", "ftruncate", "fadvise64",
};

static int calls_list(scmp_filter_ctx filter)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !failed; i++) {
        int number = seccomp_syscall_resolve_name(allowed[i]);
        if (number != __NR_SCMP_ERROR)
            failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
        if (failed == -EDOM || failed == -EINVAL)
            failed = 0;                     /* not of this processor */
    }
    if (!failed)                            /* threads, never a process; clone3 hides what is asked of it, so the C library is to take clone */
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    if (!failed)
        failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return failed ? failed : seccomp_load(filter);
}

static bool calls_fence(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool holds = filter && calls_list(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return holds;
}

static bool limit(int what, rlim_t most)
{
    struct rlimit to = { most, most };
    return setrlimit((__rlimit_resource_t)what, &to) == 0;
}

static bool limits(void)
{
    return limit(RLIMIT_CPU, CPU_S) && limit(RLIMIT_AS, memory_bytes) && limit(RLIMIT_FSIZE, PICTURE_MADE_BYTES) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MOST);
}

/* ---- The child ---- */

static bool files_place(int from, int to)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    return nothing >= 0 && lseek(from, 0, SEEK_SET) == 0 && dup2(from, 0) == 0 && dup2(to, 1) == 1 && dup2(nothing, 2) == 2 && syscall(SYS_close_range, 3U, ~0U, 0) == 0;
}

_Noreturn static void child_run(int from, int to, uint32_t side, pid_t parent)
{
    static const char *const environment[] = { "LC_ALL=C", "HOME=/nonexistent", "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1", "VIPS_NOVECTOR=1", "MALLOC_ARENA_MAX=1", NULL };
    char size[32];
    snprintf(size, sizeof size, "%ux%u>", side, side);
    const char *const words[] = { PROGRAM, "stdin[fail_on=truncated]", "--size", size, "--export-profile", "srgb", "--output", ".jpg[Q=82,strip,background=255,optimize_coding]", NULL };
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(EXIT_NO_FENCE);
    (void)setpriority(PRIO_PROCESS, 0, NICE);       /* a service manager may forbid it */
    if (!files_place(from, to) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !files_fence() || !calls_fence() || !limits())   /* the limits last: making the filter takes memory */
        _exit(EXIT_NO_FENCE);
    execve(PROGRAM, (char *const *)(uintptr_t)words, (char *const *)(uintptr_t)environment);
    _exit(EXIT_NOT_THERE);
}

/* Waits for the child's end, but not for ever. */
static bool child_wait(pid_t child, int *ret_status)
{
    int about = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd wait = { .fd = about, .events = POLLIN };
    int ended = about >= 0 ? poll(&wait, 1, WALL_MS) : 0;
    if (about >= 0)
        close(about);
    if (ended <= 0)
        kill(child, SIGKILL);               /* ours, and not yet waited for: the number is still its own */
    while (waitpid(child, ret_status, 0) < 0 && errno == EINTR)
        ;
    return ended > 0;
}

enum picture_outcome develop(int from, int to, uint32_t side)
{
    int status = 0;
    pid_t self = getpid(), child = fork();
    if (child == 0)
        child_run(from, to, side, self);
    if (child < 0 || !child_wait(child, &status))
        return PICTURE_LATER;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return PICTURE_MADE;
    bool never_began = WIFEXITED(status) && (WEXITSTATUS(status) == EXIT_NOT_THERE || WEXITSTATUS(status) == EXIT_NO_FENCE);
    return never_began ? PICTURE_LATER : PICTURE_REFUSED;
}
