/* Fuzz target: the bytes of a connection, over a socket to the real transport with a toy life behind it. Whatever comes is
   answered in HTTP or not at all; at the end every request that was begun has been given up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "web/http_toy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WAIT_US = 20 * 1000 };   /* a request that was not whole gets no answer until the connection has been idle for long */

static struct app app;
static struct sockaddr_un place = { .sun_family = AF_UNIX };

static void toy_end(void)
{
    toy_stop(&app);
    unlink(place.sun_path);
}

static void toy_begin(void)
{
    char listen[sizeof place.sun_path + 8];
    snprintf(place.sun_path, sizeof place.sun_path, "/tmp/http_fuzz_%d", (int)getpid());
    snprintf(listen, sizeof listen, "unix:%s", place.sun_path);
    toy_start(&app, &(struct toy_size){ 2, 20, 5 }, listen);
    app.is_gate_open = true;
    atexit(toy_end);
}

static int connection_open(void)
{
    struct timeval wait = { .tv_usec = WAIT_US };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&place, sizeof place) != 0)
        abort();
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char piece[16 * 1024], start[10] = "";
    size_t len = 0;
    ssize_t got;
    if (!place.sun_path[0])
        toy_begin();
    int fd = connection_open();
    say(fd, (const char *)data, size);
    shutdown(fd, SHUT_WR);
    while ((got = recv(fd, piece, sizeof piece, 0)) > 0) {
        for (ssize_t i = 0; i < got && len < sizeof start - 1; i++)
            start[len++] = piece[i];
        len = len < sizeof start - 1 ? len : sizeof start - 1;
    }
    close(fd);
    if (len && strncmp(start, "HTTP/1.1 ", len) != 0)
        abort();
    return 0;
}
