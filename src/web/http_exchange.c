#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "web/http_inside.h"

/* All of this runs on libmicrohttpd's thread. It calls exchange_handle once when the headers are there, once for each piece
   of the body, once when all was read, and again after each resumption. An answer in the first of these closes the
   connection, so that a normal answer waits for the last. */

enum { SLOW_AFTER_US = 30 * 1000 * 1000, SLOW_BYTES_A_SECOND = 1024 };

static void count(struct http *h, int more)
{
    pthread_mutex_lock(&h->lock);
    h->exchanges += more;
    if (h->exchanges == 0)
        pthread_cond_broadcast(&h->none);
    pthread_mutex_unlock(&h->lock);
}

static bool is_ending(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    bool ending = h->is_ending;
    pthread_mutex_unlock(&h->lock);
    return ending;
}

/* libmicrohttpd would take the parameters apart next, for nobody, and where its room does not suffice for thousands of them the
   connection would hang. The text lies in its own buffer, which it writes to itself a moment later: it is cut behind the '?'. */
static void parameters_cut(const char *uri)
{
    char *mark = strchr((char *)(uintptr_t)uri, '?');
    if (mark && mark[1])
        mark[1] = '\0';
}

/* The first thing called: the target before anything was done to it. */
void *exchange_open(void *http, const char *uri, struct MHD_Connection *connection)
{
    size_t len = uri ? strlen(uri) : 0;
    struct exchange *ex = calloc(1, sizeof *ex + len + 1);
    if (!ex)
        log_die("no memory");
    if (len)
        memcpy(ex->target, uri, len);
    if (len)
        parameters_cut(uri);
    ex->http = http;
    ex->connection = connection;
    return ex;
}

void exchange_close(void *http, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode code)
{
    struct exchange *ex = *exchange;
    (void)connection;
    (void)code;
    if (!ex)
        return;
    if (ex->reply && ex->reply->fd >= 0 && !ex->is_fd_taken)
        close(ex->reply->fd);
    body_close(ex->reader);   /* lies in the unit's arena */
    if (ex->unit)
        ex->http->calls.unit_close(ex->unit);
    if (ex->is_counted)
        count(http, -1);
    free(ex);
    *exchange = NULL;
}

/* Replies */

static struct MHD_Response *make_response(struct exchange *ex, const struct reply *reply)
{
    if (reply->fd >= 0) {
        struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)reply->fd_bytes, reply->fd);
        ex->is_fd_taken = response != NULL;
        return response;
    }
    void *data = (void *)(uintptr_t)reply->data;   /* not copied: lives until exchange_close, or for ever */
    return MHD_create_response_from_buffer(reply->len, data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct exchange *ex, const struct reply *reply)
{
    struct MHD_Response *response = make_response(ex, reply);
    if (!response)
        return MHD_NO;
    if (reply->type)
        MHD_add_response_header(response, "Content-Type", reply->type);
    for (const struct pair *pair = reply->headers; pair; pair = pair->next)
        MHD_add_response_header(response, pair->name, pair->value);
    if (reply->close || is_ending(ex->http))
        MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(ex->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Whether the rest of a refused body is worth reading before the answer: who sends it would not look for one earlier. */
static bool may_drain(const struct exchange *ex)
{
    const struct request *r = ex->request;
    return r->content_length <= ex->http->settings.drain_bytes && !*request_header(r, "expect");
}

/* Too much of a body that nobody wants. libmicrohttpd takes no answer here; the few bytes of one go straight to the socket. */
static enum MHD_Result cut(struct exchange *ex)
{
    static const char last[] = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info && send(info->connect_fd, last, sizeof last - 1, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        log_event("body_cut", LOG_INT("bytes", ex->body_bytes));
    return MHD_NO;
}

/* Head */

static enum MHD_Result refuse(struct exchange *ex, const char *why)
{
    log_event("request_refused", LOG_TEXT("why", why));
    ex->step = STEP_REPLY;
    ex->reply = &reply_bad;
    return send_reply(ex, &reply_bad);
}

/* True: it is a worker's now, and may have been given back already: not to be looked at before the next call. */
static bool enter(struct exchange *ex, bool is_new)
{
    if (queue_enter(&ex->http->work, ex, is_new))
        return true;
    ex->step = STEP_REPLY;
    ex->reply = &reply_busy;
    return false;
}

/* Own style sheets and pictures need no unit: an arena of the transport serves for the look at them. */
static bool find_fixed(struct exchange *ex, const struct request *r)
{
    struct http *h = ex->http;
    if (r->method == METHOD_POST || !h->calls.fixed)
        return false;
    ex->reply = h->calls.fixed(h->app, r);
    if (ex->reply)
        ex->step = STEP_REPLY;
    return ex->reply != NULL;
}

/* NULL, or why the request is refused. Else it is a worker's (*ret_is_away) or has its reply. */
static const char *begin(struct exchange *ex, const char *method, const char *version, bool *ret_is_away)
{
    struct http *h = ex->http;
    int64_t length;
    struct request look = { 0 };
    const char *why = exchange_read(ex, method, version, &length);
    if (why)
        return why;
    arena_reset(&h->scratch);
    why = exchange_fill(ex, &h->scratch, &look, method, length);
    if (why || find_fixed(ex, &look))
        return why;
    ex->request = h->calls.unit_open(h->app, &ex->unit);
    why = exchange_fill(ex, h->calls.unit_arena(ex->unit), ex->request, method, length);
    if (!why)
        *ret_is_away = enter(ex, true);
    return why;
}

static enum MHD_Result at_head(struct exchange *ex, const char *method, const char *version)
{
    bool is_away = false;
    if (!ex->is_counted)      /* under way from its whole head on: whoever never ends one does not hold up the end of the server */
        count(ex->http, 1);
    ex->is_counted = true;
    const char *why = ex->step == STEP_NEW ? begin(ex, method, version, &is_away) : NULL;
    if (why)
        return refuse(ex, why);
    if (is_away)
        return MHD_YES;
    if (ex->step == STEP_REPLY && ex->request && ex->request->content_length != 0 && !may_drain(ex))
        return send_reply(ex, ex->reply);
    ex->phase = PHASE_BODY;   /* returning without an answer lets the body in; "100 Continue" is sent now and not earlier */
    ex->body_since_us = clock_monotonic_us();
    return MHD_YES;
}

/* Body */

bool exchange_is_slow(int64_t bytes, int64_t took_us)
{
    return took_us > SLOW_AFTER_US && bytes < took_us / (1000 * 1000) * SLOW_BYTES_A_SECOND;
}

static enum MHD_Result at_piece(struct exchange *ex, const char *data, size_t len)
{
    ex->body_bytes += (int64_t)len;
    if (exchange_is_slow(ex->body_bytes, clock_monotonic_us() - ex->body_since_us))
        return MHD_NO;
    if (ex->step == STEP_BODY && body_piece(ex->reader, data, len))   /* the error itself comes again from body_end */
        ex->is_in_error = true;
    if (ex->step == STEP_REPLY || ex->is_in_error)
        ex->waste_bytes += (int64_t)len;
    return ex->waste_bytes > ex->http->settings.drain_bytes ? cut(ex) : MHD_YES;
}

static enum MHD_Result at_whole(struct exchange *ex)
{
    ex->phase = PHASE_WHOLE;
    if (ex->step == STEP_BODY && enter(ex, false))
        return MHD_YES;
    return send_reply(ex, ex->reply);
}

enum MHD_Result exchange_handle(void *http, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *len, void **exchange)
{
    struct exchange *ex = *exchange;
    (void)http;
    (void)connection;
    (void)url;
    if (*len > 0) {
        size_t all = *len;
        *len = 0;
        return at_piece(ex, data, all);
    }
    return ex->phase == PHASE_HEAD ? at_head(ex, method, version) : at_whole(ex);
}
