#include "app/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/log.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* Rights of newer kernels than Debian 12's headers know. */
#define ACCESS_REFER (1ULL << 13)        /* ABI 2: a file moves between folders (uploads do) */
#define ACCESS_TRUNCATE (1ULL << 14)     /* ABI 3 */

enum { ABI_LEAST = 2, ABI_TRUNCATE = 3 };

static const uint64_t read_only = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | ACCESS_TRUNCATE;
static const uint64_t handled = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR
    | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR
    | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK
    | LANDLOCK_ACCESS_FS_MAKE_SYM | ACCESS_REFER | ACCESS_TRUNCATE;
static const uint64_t writable = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR
    | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | ACCESS_REFER | ACCESS_TRUNCATE;

/* What libraries read of a running system: their data and each other (magic, time zones, ICU, fonts, name services, OpenSSL's providers), how
   names and certificates are found, how many processors there are. */
static const char *const libraries_read[] = { "/usr", "/lib", "/lib64", "/etc/ssl", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/nsswitch.conf",
    "/etc/services", "/etc/protocols", "/etc/gai.conf", "/etc/localtime", "/etc/ld.so.cache", "/etc/magic", "/etc/passwd", "/etc/group",
    "/etc/fonts", "/var/cache/fontconfig", "/run/systemd/resolve", "/sys/devices/system/cpu", "/dev/urandom", "/dev/null", NULL };

static struct err *rule_add(struct arena *a, int rules, const char *path, uint64_t access)
{
    struct stat about;
    AUTO(fd) int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        return NULL;                                     /* what is not there needs no leave */
    struct landlock_path_beneath_attr rule = { .allowed_access = S_ISDIR(about.st_mode) ? access : access & of_files, .parent_fd = fd };
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return ERR(a, ERR_INTERNAL, "Landlock, %s: %s", path, strerror(errno));
    return NULL;
}

static struct err *files_give_up(struct arena *a, const struct sandbox_ask *ask, long abi)
{
    uint64_t known = abi >= ABI_TRUNCATE ? ~0ULL : ~ACCESS_TRUNCATE;
    struct landlock_ruleset_attr attr = { .handled_access_fs = handled & known };
    AUTO(fd) int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return ERR(a, ERR_INTERNAL, "Landlock: %s", strerror(errno));
    for (const char *const *path = libraries_read; *path; path++)
        TRY(rule_add(a, rules, *path, read_only));
    for (const char *const *path = ask->readable; *path; path++)
        TRY(rule_add(a, rules, *path, read_only));
    for (const char *const *path = ask->writable; *path; path++)
        TRY(rule_add(a, rules, *path, writable & known));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        return ERR(a, ERR_INTERNAL, "Landlock: %s", strerror(errno));
    return NULL;
}

/* By name: one that this libseccomp or this processor does not know is left out. */
static const char *const refused[] = {
    "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    "setns", "unshare", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "create_module", "query_module",
    "add_key", "request_key", "keyctl", "swapon", "swapoff", "reboot", "acct", "quotactl", "quotactl_fd", "syslog", "nfsservctl", "lookup_dcookie",
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "vm86", "vm86old",
    "personality", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "mknod", "mknodat", "vhangup", "uselib", "_sysctl", "ustat", "sysfs",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset", "move_pages", "migrate_pages",
};

enum { FAMILY_LAST = AF_NETLINK };      /* UNIX, IPv4, IPv6; netlink is how the C library asks for addresses. No raw packets, no kernel crypto */

static int calls_list(scmp_filter_ctx filter)
{
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    for (size_t i = 0; i < sizeof refused / sizeof *refused && !failed; i++) {
        int number = seccomp_syscall_resolve_name(refused[i]);
        if (number != __NR_SCMP_ERROR)
            failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
        if (failed == -EDOM || failed == -EINVAL)
            failed = 0;                                  /* not of this processor */
    }
    if (!failed)
        failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GT, (scmp_datum_t)FAMILY_LAST));
    return failed ? failed : seccomp_load(filter);
}

static struct err *calls_give_up(struct arena *a)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = filter ? calls_list(filter) : -ENOMEM;
    if (filter)
        seccomp_release(filter);
    return failed ? ERR(a, ERR_INTERNAL, "seccomp: %s", strerror(-failed)) : NULL;
}

struct err *sandbox_enter(struct arena *a, const struct sandbox_ask *ask)
{
    if (IS_SANITIZED)
        return NULL;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi >= ABI_LEAST)
        TRY(files_give_up(a, ask, abi));
    struct err *e = calls_give_up(a);
    log_event("sandbox", LOG_TEXT("files", abi >= ABI_LEAST ? "fenced" : "this kernel has no Landlock that serves (5.19 and newer)"),
        LOG_TEXT("calls", e ? e->detail : "fenced"));    /* a container may forbid it: what is fenced off elsewhere needs no second fence */
    return NULL;
}
