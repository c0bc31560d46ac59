#pragma once
/* A server for the transport's tests: the real transport, and a life of a request that is a toy. */
#include <stdatomic.h>
#include "web/body.h"
#include "web/http.h"

struct app {
    struct http *http;
    char spool[32];
    struct body_limits limits;       /* of /form */
    atomic_int opened, closed;       /* units */
    atomic_int worked;               /* stretches */
    atomic_int hidden;               /* requests for /hidden: there must be none */
    atomic_int slow_begun;           /* that a worker or the lane holds at the gate */
    atomic_bool is_gate_open;
    atomic_bool has_own;             /* false: workers get no database */
};

struct toy_size { int workers, queue, hash_queue; bool is_without_own; };

void toy_start(struct app *app, const struct toy_size *size, const char *listen);
void toy_stop(struct app *app);
int toy_spooled(const struct app *app);

/* The other side, over a socket. */
bool say(int fd, const char *data, size_t len);
void say_text(int fd, const char *text);
char *hear(int fd, bool *ret_is_closed);            /* all that comes until the end; from malloc; closes fd */
bool starts(const char *answer, int status);
const char *body_of(const char *answer);
