#pragma once
/* The transport: bytes ↔ struct request and struct reply, by libmicrohttpd. One epoll thread does bytes and nothing
   else; each request is suspended, put in a bounded queue, worked on by a worker thread with its own database
   connection, and resumed. Slow password work goes through a lane of its own (one thread). Full queue: 503 at once; full lane: 429.

   The life of a request itself (life.c) knows nothing of this: it is a function that says where it wants to go on. */
#include <stdint.h>
#include "base/err.h"
#include "web/request.h"

struct app;

enum lane {
    LANE_WORKER,     /* go on at once, on a worker */
    LANE_BODY,       /* go on when the body has been read */
    LANE_HASH,       /* go on in the hashing lane */
    LANE_DONE,       /* the reply stands */
};

/* An answer. Bytes live in the context's arena, or in a file that is sent and closed. */
struct reply {
    int status;
    const char *type;             /* Content-Type */
    const char *data; size_t len;
    int fd;                       /* -1, or a file to send from offset 0, fd_bytes long; the transport closes it */
    int64_t fd_bytes;
    struct pair *headers;         /* more headers, ready to send */
    bool close;                   /* close the connection afterwards */
};

struct http_settings {
    const char *listen;           /* "127.0.0.1:8080", "[::1]:8080" or "unix:/path" */
    const char *const *hosts;     /* see filter.h */
    bool trust_forwarded;         /* behind our own proxy on a UNIX socket: X-Forwarded-For counts */
    int workers;
    int queue;                    /* requests that may wait for a worker */
    int hash_queue;
    int connections;
    int idle_s;                   /* a connection that says nothing */
    int64_t drain_bytes;          /* how much of a refused body is read before giving up */
    size_t header_bytes;          /* 16 KiB: more is refused */
};

struct http;

/* What the transport calls; `unit` is one request's life from head to end, on one thread at a time. */
struct http_calls {
    void *(*thread_open)(struct app *app);                                /* a worker's own things (database connection); NULL: cannot, retried */
    void (*thread_close)(struct app *app, void *own);
    struct request *(*unit_open)(struct app *app, void **ret_unit);       /* a fresh arena and an empty request */
    enum lane (*unit_go)(void *unit, void *own);                          /* one stretch of the life; own is NULL in no lane but BODY */
    const struct body_limits *(*unit_limits)(void *unit);                 /* asked when it wants LANE_BODY; NULL: none is taken (one that comes is ERR_BAD) */
    void (*unit_body)(void *unit, struct err *body_error);                /* the body is whole (NULL), or why not; before it goes on */
    struct reply *(*unit_reply)(void *unit);
    struct arena *(*unit_arena)(void *unit);
    void (*unit_close)(void *unit);                                       /* after the last byte was sent or the connection died */
    const struct reply *(*fixed)(struct app *app, const struct request *r);  /* own style sheets and pictures, answered on the spot; NULL: not one */
};

/* What settings point to must outlive the server; `a` is for the error only. A body refused before its end is read on, up to drain_bytes,
   since libmicrohttpd takes no answer in the middle of one; beyond that the connection ends. */
struct err *http_open(struct arena *a, struct app *app, const struct http_settings *settings, const struct http_calls *calls, struct http **ret_http) MUST_CHECK;
int http_port(const struct http *h);              /* the port in use (listen with port 0) */
void http_close(struct http *h);                  /* stops taking, ends what runs (at most 10 s), joins all threads */
