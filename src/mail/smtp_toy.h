#pragma once
/* A mail server of a few lines for tests: listens on the loopback, takes one connection after the other on a thread of its own and
   keeps what it was sent. Letters and count are read after toy_stop, or while nothing is being sent. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/err.h"

enum { LETTERS_MOST = 64, LETTER_BYTES = 16384 };

struct toy {
    pthread_t thread;
    int fd, port, end[2];
    const char *refuse;          /* "RCPT 550 …": this command gets that answer; NULL: all are taken */
    bool hangs_up;               /* takes the message and says nothing: a server that dies at the worst moment */
    void (*at_quit)(void *arg);  /* NULL: nothing; called before the goodbye is answered */
    void *at_quit_arg;
    int count;
    char letters[LETTERS_MOST][LETTER_BYTES];
};

static inline void toy_say(int fd, const char *line)
{
    if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
        perror("toy");
}

static inline bool toy_line(FILE *in, char *line, size_t size)
{
    return fgets(line, (int)size, in) != NULL;
}

/* From DATA to the dot. */
static inline void toy_letter(struct toy *t, FILE *in)
{
    char line[2048], *letter = t->letters[t->count];
    size_t len = 0;
    while (toy_line(in, line, sizeof line) && strcmp(line, ".\r\n") != 0)
        if (len + strlen(line) < LETTER_BYTES)
            len += (size_t)snprintf(letter + len, LETTER_BYTES - len, "%s", line);
    t->count += t->count < LETTERS_MOST - 1;
}

static inline const char *toy_answer(const struct toy *t, const char *line)
{
    if (t->refuse && strncmp(line, t->refuse, 4) == 0)
        return t->refuse + 5;
    return strncmp(line, "DATA", 4) == 0 ? "354 go on\r\n" : strncmp(line, "QUIT", 4) == 0 ? "221 bye\r\n" : "250 toy\r\n";
}

static inline void toy_talk(struct toy *t, int fd)
{
    char line[2048];
    AUTO(file) FILE *in = fdopen(fd, "r");
    toy_say(fd, "220 toy\r\n");
    while (toy_line(in, line, sizeof line)) {
        const char *answer = toy_answer(t, line);
        if (t->at_quit && strncmp(line, "QUIT", 4) == 0)
            t->at_quit(t->at_quit_arg);
        toy_say(fd, answer);
        if (strncmp(answer, "354", 3) == 0) {
            toy_letter(t, in);
            if (t->hangs_up)
                return;
            toy_say(fd, "250 taken\r\n");
        }
    }
}

static inline void *toy_run(void *arg)
{
    struct toy *t = arg;
    struct pollfd polled[2] = { { .fd = t->fd, .events = POLLIN }, { .fd = t->end[0], .events = POLLIN } };
    while (poll(polled, 2, -1) > 0 && !polled[1].revents)
        if (polled[0].revents) {
            int fd = accept4(t->fd, NULL, NULL, SOCK_CLOEXEC);
            struct timeval limit = { .tv_sec = 10 };
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            toy_talk(t, fd);
        }
    return NULL;
}

/* port 0: one that is free. */
static inline struct toy *toy_open(int port)
{
    struct toy *t = calloc(1, sizeof *t);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
    socklen_t size = sizeof address;
    int yes = 1;
    t->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(t->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(t->fd, (struct sockaddr *)&address, size) != 0 || listen(t->fd, 16) != 0 || getsockname(t->fd, (struct sockaddr *)&address, &size) != 0
        || pipe(t->end) != 0)
        fail_msg("no mail server on the loopback");
    t->port = ntohs(address.sin_port);
    return t;
}

static inline void toy_start(struct toy *t)
{
    assert_int_equal(pthread_create(&t->thread, NULL, toy_run, t), 0);
}

static inline void toy_stop(struct toy *t)
{
    assert_int_equal(write(t->end[1], "x", 1), 1);
    pthread_join(t->thread, NULL);
    assert_int_equal(read(t->end[0], &(char){ 0 }, 1), 1);
}

static inline void toy_free(struct toy *t)
{
    close(t->fd);
    close(t->end[0]);
    close(t->end[1]);
    free(t);
}
