#include "web/http.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "web/http_inside.h"

enum { SCRATCH_BYTES = 4 * 1024 * 1024, END_WITHIN_S = 10 };

/* Keeps libmicrohttpd from decoding anything: %00 would cut a text. We work with the raw target. */
static size_t leave_escaped(void *http, struct MHD_Connection *connection, char *text)
{
    (void)http;
    (void)connection;
    return strlen(text);
}

/* MHD_OPTION_STRICT_FOR_CLIENT stays off: what it refuses it drops without an answer, or we refuse as well. */
static struct err *start_daemon(struct arena *a, struct http *h)
{
    const struct http_settings *s = &h->settings;
    h->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL, exchange_handle, h,
        MHD_OPTION_LISTEN_SOCKET, h->listen_fd,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_close, h,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_open, h,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, h,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->header_bytes * 5,   /* room for what is over the limit, for a thousand cookies, and to answer. All of it is zeroed at each request */
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->idle_s,
        MHD_OPTION_END);
    return h->daemon ? NULL : ERR(a, ERR_INTERNAL, "libmicrohttpd does not start: %s", strerror(errno));
}

static struct err *start_workers(struct arena *a, struct http *h)
{
    for (int i = 0; i <= h->settings.workers; i++) {
        struct worker *w = &h->workers[i];
        w->http = h;
        w->queue = i < h->settings.workers ? &h->work : &h->hash;
        int code = pthread_create(&w->thread, NULL, worker_main, w);
        if (code != 0)
            return ERR(a, ERR_INTERNAL, "a worker thread does not start: %s", strerror(code));
        w->is_started = true;
    }
    return NULL;
}

static struct err *start(struct arena *a, struct http *h)
{
    TRY(http_listen(a, h->settings.listen, &h->listen_fd, &h->socket_path));
    TRY(start_workers(a, h));
    return start_daemon(a, h);
}

struct err *http_open(struct arena *a, struct app *app, const struct http_settings *settings, const struct http_calls *calls, struct http **ret_http)
{
    struct http *h = calloc(1, sizeof *h);
    struct worker *workers = calloc((size_t)settings->workers + 1, sizeof *workers);
    if (!h || !workers)
        log_die("no memory");
    *h = (struct http){ .app = app, .settings = *settings, .calls = *calls, .listen_fd = -1, .workers = workers };
    arena_init(&h->scratch, SCRATCH_BYTES);
    queue_init(&h->work, settings->queue);
    queue_init(&h->hash, settings->hash_queue);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->none, NULL);
    struct err *e = start(a, h);
    if (e)
        http_close(h);
    else
        *ret_http = h;
    return e;
}

int http_port(const struct http *h)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof address;
    if (getsockname(h->listen_fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)(const void *)&address)->sin6_port);
    return 0;
}

/* Ending */

static void stop_listening(struct http *h)
{
    if (h->daemon)
        MHD_quiesce_daemon(h->daemon);
    if (h->listen_fd >= 0)
        shutdown(h->listen_fd, SHUT_RDWR);   /* not closed yet: libmicrohttpd's thread may be about to accept */
    if (h->socket_path)
        unlink(h->socket_path);
}

static void wait_for_exchanges(struct http *h)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += END_WITHIN_S;
    pthread_mutex_lock(&h->lock);
    h->is_ending = true;
    while (h->exchanges > 0 && pthread_cond_timedwait(&h->none, &h->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&h->lock);
}

/* libmicrohttpd may not stop while a connection is suspended: first nobody enters any more, then the workers finish what they
   have in hand, then who still waits is given back. */
static void stop_workers(struct http *h)
{
    queue_end(&h->work);
    queue_end(&h->hash);
    for (int i = 0; i <= h->settings.workers; i++)
        if (h->workers[i].is_started)
            pthread_join(h->workers[i].thread, NULL);
    queue_turn_away(&h->work);
    queue_turn_away(&h->hash);
}

void http_close(struct http *h)
{
    if (!h)
        return;
    stop_listening(h);
    wait_for_exchanges(h);
    stop_workers(h);
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    if (h->listen_fd >= 0)
        close(h->listen_fd);
    queue_free(&h->work);
    queue_free(&h->hash);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->none);
    arena_free(&h->scratch);
    free(h->workers);
    free(h->socket_path);
    free(h);
}
