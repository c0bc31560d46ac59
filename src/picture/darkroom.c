/* The process between the server and vipsthumbnail: on one side a socket and two files with each message, on the other develop(). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "picture/picture.h"

enum { FILES = 2, ANSWER_MS = 60 * 1000, SOCKET = 3 };

struct darkroom { int socket; pid_t pid; };

union files_room { struct cmsghdr head; char room[CMSG_SPACE(FILES * sizeof(int))]; };

/* ---- The server's side ---- */

_Noreturn static void program_run(const char *program, int socket, pid_t parent)
{
    const char *const words[] = { program, "darkroom", NULL }, *const environment[] = { "LC_ALL=C", NULL };
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (socket == SOCKET)
        fcntl(socket, F_SETFD, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent && (socket == SOCKET || dup2(socket, SOCKET) == SOCKET)
        && syscall(SYS_close_range, (unsigned)SOCKET + 1, ~0U, 0) == 0)
        execve(program, (char *const *)(uintptr_t)words, (char *const *)(uintptr_t)environment);
    _exit(127);
}

struct err *darkroom_open(struct arena *a, const char *program, struct darkroom **ret_darkroom)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return ERR(a, ERR_INTERNAL, "the darkroom's socket: %s", strerror(errno));
    pid_t self = getpid(), pid = fork();
    if (pid == 0)
        program_run(program, ends[1], self);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return ERR(a, ERR_INTERNAL, "the darkroom: %s", strerror(errno));
    }
    struct darkroom *d = ARENA_NEW(a, struct darkroom);
    *d = (struct darkroom){ ends[0], pid };
    *ret_darkroom = d;
    return NULL;
}

void darkroom_end(struct darkroom *d) { kill(d->pid, SIGKILL); }     /* ours, and not yet waited for; what it was making dies with it */

void darkroom_close(struct darkroom *d)
{
    if (!d)
        return;
    darkroom_end(d);
    close(d->socket);
    while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static bool ask_send(int socket, uint32_t side, const int files[FILES])
{
    struct darkroom_ask ask = { side };
    struct iovec bytes = { &ask, sizeof ask };
    union files_room room = { 0 };
    struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room.room, .msg_controllen = sizeof room.room };
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(FILES * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
    memcpy(CMSG_DATA(head), files, FILES * sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof ask;
}

static enum picture_outcome answer_wait(int socket)
{
    struct darkroom_answer answer;
    struct pollfd wait = { .fd = socket, .events = POLLIN };
    int ready = 0;
    do
        ready = poll(&wait, 1, ANSWER_MS);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0 || recv(socket, &answer, sizeof answer, MSG_DONTWAIT) != (ssize_t)sizeof answer)
        return PICTURE_LATER;
    return answer.outcome == PICTURE_MADE ? PICTURE_MADE : answer.outcome == PICTURE_REFUSED ? PICTURE_REFUSED : PICTURE_LATER;
}

/* What came out of the fence is read as a stranger's: a JPEG of the size asked for, or nothing. */
static bool made_read(struct arena *a, int fd, int side, const void **ret_data, size_t *ret_len)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0 || about.st_size > PICTURE_MADE_BYTES)
        return false;
    size_t len = (size_t)about.st_size;
    unsigned char *data = arena_raw(a, len);
    if (pread(fd, data, len, 0) != (ssize_t)len)
        return false;
    struct picture_about looks = picture_look(data, len);
    if (looks.kind != PICTURE_JPEG || looks.width < 1 || looks.height < 1 || looks.width > side || looks.height > side)
        return false;
    *ret_data = data;
    *ret_len = len;
    return true;
}

enum picture_outcome darkroom_make(struct darkroom *d, struct arena *a, int fd, int side, const void **ret_data, size_t *ret_len)
{
    AUTO(fd) int made = memfd_create("picture", MFD_CLOEXEC);
    if (!d || made < 0 || !ask_send(d->socket, (uint32_t)side, (const int[FILES]){ fd, made }))
        return PICTURE_LATER;
    enum picture_outcome outcome = answer_wait(d->socket);
    return outcome == PICTURE_MADE && !made_read(a, made, side, ret_data, ret_len) ? PICTURE_REFUSED : outcome;
}

/* ---- The process ---- */

/* One message with its two files; false at the end. */
static bool ask_take(int socket, struct darkroom_ask *ask, int files[FILES])
{
    struct iovec bytes = { ask, sizeof *ask };
    union files_room room = { 0 };
    struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room.room, .msg_controllen = sizeof room.room };
    ssize_t got = 0;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (got != (ssize_t)sizeof *ask || !head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(FILES * sizeof(int)))
        return false;
    memcpy(files, CMSG_DATA(head), FILES * sizeof(int));
    return true;
}

int darkroom_serve(int socket)
{
    struct darkroom_ask ask;
    int files[FILES];
    signal(SIGINT, SIG_IGN);            /* a terminal's: the server ends first, and this with it */
    while (ask_take(socket, &ask, files)) {
        bool is_known = ask.side == PICTURE_SMALL || ask.side == PICTURE_SHOWN;
        struct darkroom_answer answer = { is_known ? develop(files[0], files[1], ask.side) : PICTURE_REFUSED };
        close(files[0]);
        close(files[1]);
        if (send(socket, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer)
            break;
    }
    return 0;
}
