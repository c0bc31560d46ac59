#pragma once
/* Inside of the transport, shared by http.c (start and end), http_listen.c, http_exchange.c (libmicrohttpd's thread) and
   http_lane.c (workers). Nobody else includes this.

   Who may touch a struct exchange: libmicrohttpd's thread while its connection runs; the worker that took it out of a
   queue while the connection is suspended. The queue's lock hands it one way, resuming hands it back; a suspended
   connection is neither read nor closed by the library, so an exchange never dies under a worker. */
#include <microhttpd.h>
#include <pthread.h>
#include "web/body.h"
#include "web/http.h"

enum phase {          /* how far libmicrohttpd has read the request */
    PHASE_HEAD,       /* its headers. A reply given now closes the connection */
    PHASE_BODY,       /* the body is coming: no reply can be given */
    PHASE_WHOLE,      /* all of it */
};

enum step {           /* what we are at */
    STEP_NEW,
    STEP_LANE,        /* in a queue or with a worker; suspended */
    STEP_BODY,        /* reading the body for the unit */
    STEP_REPLY,       /* the reply stands; what comes of the body is thrown away */
};

struct exchange {     /* one request and its reply */
    struct http *http;
    struct MHD_Connection *connection;
    enum phase phase;
    enum step step;
    void *unit;                     /* NULL where none was needed */
    struct request *request;
    struct body_reader *reader;
    bool is_counted;                /* among http.exchanges */
    bool is_body_told;
    bool is_in_error;               /* the reader said so: the rest is waste */
    int64_t body_bytes, waste_bytes;
    int64_t body_since_us;
    const struct reply *reply;
    bool is_fd_taken;               /* libmicrohttpd closes it */
    struct exchange *next;          /* in a queue */
    char target[];                  /* raw */
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct exchange *first, **last;
    int count, count_max;
    bool is_ended;
};

struct worker {
    struct http *http;
    struct queue *queue;
    pthread_t thread;
    bool is_started;
    void *own;
    int64_t failed_us;              /* when own could last not be had; 0: never */
};

struct http {
    struct app *app;
    struct http_settings settings;
    struct http_calls calls;
    struct MHD_Daemon *daemon;
    int listen_fd;
    char *socket_path;              /* of a UNIX socket, else NULL */
    struct arena scratch;           /* a request before it has a unit; libmicrohttpd's thread only */
    struct queue work, hash;
    struct worker *workers;         /* settings.workers, and one more for the hash lane */
    pthread_mutex_t lock;           /* for the two below */
    pthread_cond_t none;
    int exchanges;                  /* whose head is whole */
    bool is_ending;
};

/* http_listen.c: a socket that listens; *ret_path is the UNIX socket's, from malloc, else NULL. */
struct err *http_listen(struct arena *a, const char *listen, int *ret_fd, char **ret_path) MUST_CHECK;

/* http_exchange.c */
void *exchange_open(void *http, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_handle(void *http, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *len, void **exchange);
void exchange_close(void *http, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode code);
bool exchange_is_slow(int64_t bytes, int64_t took_us);

/* http_request.c: the request that libmicrohttpd has read. NULL: fine; else why it is refused. */
const char *exchange_read(struct exchange *ex, const char *method, const char *version, int64_t *ret_length);
const char *exchange_fill(struct exchange *ex, struct arena *a, struct request *r, const char *method, int64_t length);

/* http_lane.c */
extern const struct reply reply_bad, reply_busy, reply_many;
void queue_init(struct queue *q, int count_max);
void queue_free(struct queue *q);
bool queue_enter(struct queue *q, struct exchange *ex, bool is_new);   /* suspends and puts it in; false: full (counts for new ones only) or ended */
void queue_end(struct queue *q);                                       /* workers leave; nobody enters any more */
void queue_turn_away(struct queue *q);                                 /* after the workers left: who still waits is told so */
void *worker_main(void *worker);
