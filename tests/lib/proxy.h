#pragma once
/* Stands between a client and PostgreSQL on a socket of its own, for tests: passes everything on, until it is told to lose the connection at the
   next COMMIT, before the server has it or behind it (then it is done, and the client does not learn so), and to let nobody in afterwards. One connection at a
   time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum proxy_cut { PROXY_WHOLE, PROXY_CUT_BEFORE, PROXY_CUT_BEHIND };

struct proxy {
    pthread_t thread;
    int fd, end[2];
    char path[200], server[200], address[600];
    atomic_int cut;              /* enum proxy_cut; PROXY_WHOLE again once it was done */
    atomic_bool is_away;         /* whoever comes is sent away */
};

static inline int proxy_connect(const char *path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    snprintf(to.sun_path, sizeof to.sun_path, "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

/* False: this connection has come to its end. */
static inline bool proxy_pass(struct proxy *p, int from, int to, bool is_client)
{
    char bytes[65536];
    ssize_t len = read(from, bytes, sizeof bytes);
    bool is_commit = is_client && len > 0 && memmem(bytes, (size_t)len, "COMMIT", sizeof "COMMIT") != NULL;
    int cut = is_commit ? atomic_exchange(&p->cut, PROXY_WHOLE) : PROXY_WHOLE;
    if (len <= 0 || cut == PROXY_CUT_BEFORE || send(to, bytes, (size_t)len, MSG_NOSIGNAL) != len)
        return false;
    if (cut == PROXY_CUT_BEHIND)
        return read(to, bytes, sizeof bytes) < 0;   /* the server's answer: it is done */
    return true;
}

static inline void proxy_talk(struct proxy *p, int client)
{
    int server = proxy_connect(p->server);
    for (bool goes_on = server >= 0; goes_on;) {
        struct pollfd fds[3] = { { client, POLLIN, 0 }, { server, POLLIN, 0 }, { p->end[0], POLLIN, 0 } };
        poll(fds, 3, -1);
        goes_on = !fds[2].revents;
        if (goes_on && fds[0].revents)
            goes_on = proxy_pass(p, client, server, true);
        if (goes_on && fds[1].revents)
            goes_on = proxy_pass(p, server, client, false);
    }
    close(client);
    if (server >= 0)
        close(server);
}

static inline void *proxy_run(void *arg)
{
    struct proxy *p = arg;
    for (;;) {
        struct pollfd fds[2] = { { p->fd, POLLIN, 0 }, { p->end[0], POLLIN, 0 } };
        poll(fds, 2, -1);
        if (fds[1].revents)
            return NULL;
        int client = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0 && p->is_away && p->cut == PROXY_WHOLE)
            close(client);
        else if (client >= 0)
            proxy_talk(p, client);
    }
}

/* address: "postgresql:///NAME?host=FOLDER&…"; the proxy's socket lies in `folder`. */
static inline struct proxy *proxy_open(const char *address, const char *folder)
{
    struct proxy *p = calloc(1, sizeof *p);
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    const char *host = strstr(address, "host="), *behind = host ? host + strcspn(host, "&") : NULL;
    assert_non_null(host);
    snprintf(p->server, sizeof p->server, "%.*s/.s.PGSQL.5432", (int)(behind - host - 5), host + 5);
    snprintf(p->address, sizeof p->address, "%.*shost=%s%s", (int)(host - address), address, folder, behind);
    snprintf(p->path, sizeof p->path, "%s/.s.PGSQL.5432", folder);
    assert_true(strlen(p->path) < sizeof at.sun_path);
    snprintf(at.sun_path, sizeof at.sun_path, "%.100s", p->path);
    p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->fd, 5), 0);
    assert_int_equal(pipe(p->end), 0);
    assert_int_equal(pthread_create(&p->thread, NULL, proxy_run, p), 0);
    return p;
}

static inline void proxy_close(struct proxy *p)
{
    assert_int_equal(write(p->end[1], "", 1), 1);
    pthread_join(p->thread, NULL);
    close(p->fd);
    close(p->end[0]);
    close(p->end[1]);
    unlink(p->path);
    free(p);
}
