/* A loader for one request over many kept connections on loopback; one thread.

       bench_load PORT REQUEST CONNECTIONS SECONDS [RATE]      one line of JSON

   REQUEST is a file with the bytes to send. Each '@' in it becomes a digit of a number that differs from one sending to the
   next. Without RATE every connection asks again as soon as it has its answer. With it, that many requests begin in each
   second whether answers come or not, and a request's time counts from when it was due: waiting for a free connection is waiting. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MOST = 16 * 1024, PIECE = 256 * 1024, SAMPLES_MOST = 4 * 1000 * 1000, EVENTS = 64 };

struct connection {
    int fd;                     /* -1: closed */
    bool is_busy, is_closing;   /* is_closing: the server ends it after this answer */
    int64_t due_us;
    char head[HEAD_MOST];
    size_t head_len;
    int64_t body_left;          /* -1: the head is not whole yet */
    int status;
};

struct load {
    int epoll, port;
    char *request;
    size_t request_len;
    struct connection *list;
    int count;
    int64_t sent, end_us;
    double rate;
    int64_t start_us, next;     /* number of the next request that is due */
    int64_t done, errors, bytes, by_class[6];
    uint32_t *samples_us;
    size_t sample_count;
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void connection_open(struct load *l, struct connection *c)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)l->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("bench_load: connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
        die("bench_load: epoll");
}

/* A request is far smaller than a socket's buffer. */
static void request_send(struct load *l, struct connection *c, int64_t due_us)
{
    char text[HEAD_MOST];
    uint64_t number = (uint64_t)++l->sent;
    memcpy(text, l->request, l->request_len);
    for (char *at = text + l->request_len; at > text; at--)
        if (at[-1] == '@') {
            at[-1] = (char)('0' + number % 10);
            number /= 10;
        }
    if (c->fd < 0)
        connection_open(l, c);
    c->is_busy = true;
    c->due_us = due_us;
    c->head_len = 0;
    c->body_left = -1;
    if (send(c->fd, text, l->request_len, MSG_NOSIGNAL) != (ssize_t)l->request_len)
        die("bench_load: send");
}

static void answer_end(struct load *l, struct connection *c, int64_t at_us)
{
    c->is_busy = false;
    l->done++;
    l->by_class[c->status / 100 % 6]++;
    if (c->status < 300 && l->sample_count < SAMPLES_MOST)
        l->samples_us[l->sample_count++] = (uint32_t)(at_us - c->due_us);
    if (c->is_closing) {
        close(c->fd);
        c->fd = -1;
    }
    if (l->rate <= 0 && at_us < l->end_us)
        request_send(l, c, at_us);
}

static void head_read(struct connection *c, size_t end)
{
    c->head[end] = 0;
    const char *length = strcasestr(c->head, "content-length:");
    c->status = (int)strtol(c->head + strlen("HTTP/1.1 "), NULL, 10);
    c->is_closing = strcasestr(c->head, "connection: close") != NULL;
    c->body_left = length ? strtoll(length + strlen("content-length:"), NULL, 10) : 0;
}

/* Bytes of the answer; what is behind the head counts as body. */
static void answer_take(struct connection *c, const char *data, size_t len)
{
    if (c->body_left < 0) {
        size_t room = HEAD_MOST - 1 - c->head_len, part = len < room ? len : room;
        memcpy(c->head + c->head_len, data, part);
        c->head_len += part;
        char *end = memmem(c->head, c->head_len, "\r\n\r\n", 4);
        if (!end)
            return;
        size_t head = (size_t)(end + 4 - c->head);
        size_t behind = len - (head - (c->head_len - part));
        head_read(c, head);
        len = behind;
    }
    c->body_left -= (int64_t)len;
}

static void connection_read(struct load *l, struct connection *c, int64_t at_us)
{
    static char piece[PIECE];
    ssize_t len = recv(c->fd, piece, sizeof piece, 0);
    if (len < 0 && errno == EAGAIN)
        return;
    if (len <= 0) {
        close(c->fd);
        c->fd = -1;
        l->errors += c->is_busy;
        c->is_busy = false;
        if (l->rate <= 0)
            request_send(l, c, at_us);
        return;
    }
    l->bytes += len;
    answer_take(c, piece, (size_t)len);
    if (c->body_left == 0)
        answer_end(l, c, at_us);
}

/* Begins what is due, as far as connections are free. */
static void due_send(struct load *l, int64_t at_us)
{
    static int turn;
    for (int tried = 0; tried < l->count; tried++) {
        int64_t due_us = l->start_us + (int64_t)((double)l->next * 1e6 / l->rate);
        if (due_us > at_us || due_us >= l->end_us)
            return;
        struct connection *c = &l->list[turn++ % l->count];
        if (c->is_busy)
            continue;
        l->next++;
        request_send(l, c, due_us);
    }
}

static void load_run(struct load *l, double seconds)
{
    struct epoll_event events[EVENTS];
    l->start_us = now_us();
    l->end_us = l->start_us + (int64_t)(seconds * 1e6);
    for (int i = 0; i < l->count; i++) {
        connection_open(l, &l->list[i]);
        if (l->rate <= 0)
            request_send(l, &l->list[i], l->start_us);
    }
    for (int64_t at_us = now_us(); at_us < l->end_us; at_us = now_us()) {
        if (l->rate > 0)
            due_send(l, at_us);
        int count = epoll_wait(l->epoll, events, EVENTS, 1);
        at_us = now_us();
        for (int i = 0; i < count; i++)
            connection_read(l, events[i].data.ptr, at_us);
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    return one < two ? -1 : one > two;
}

static double percentile_ms(const struct load *l, double part)
{
    return l->sample_count ? l->samples_us[(size_t)(part * (double)(l->sample_count - 1))] / 1000.0 : 0;
}

/* What was due and has no answer yet when time is up counts as that old at least. */
static void waiting_count(struct load *l)
{
    for (int i = 0; i < l->count && l->rate > 0; i++)
        if (l->list[i].is_busy && l->sample_count < SAMPLES_MOST)
            l->samples_us[l->sample_count++] = (uint32_t)(l->end_us - l->list[i].due_us);
}

static void request_load(struct load *l, const char *path)
{
    FILE *f = fopen(path, "re");
    l->request = calloc(1, HEAD_MOST);
    if (!f || !l->request)
        die(path);
    l->request_len = fread(l->request, 1, HEAD_MOST - 1, f);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "bench_load PORT REQUEST CONNECTIONS SECONDS [RATE]\n");
        return 2;
    }
    struct load l = { .epoll = epoll_create1(EPOLL_CLOEXEC), .port = (int)strtol(argv[1], NULL, 10), .count = (int)strtol(argv[3], NULL, 10) };
    double seconds = strtod(argv[4], NULL);
    l.rate = argc > 5 ? strtod(argv[5], NULL) : 0;
    request_load(&l, argv[2]);
    l.list = calloc((size_t)l.count, sizeof *l.list);
    l.samples_us = malloc(SAMPLES_MOST * sizeof *l.samples_us);
    if (!l.list || !l.samples_us)
        die("bench_load: memory");
    for (int i = 0; i < l.count; i++)
        l.list[i].fd = -1;
    load_run(&l, seconds);
    waiting_count(&l);
    qsort(l.samples_us, l.sample_count, sizeof *l.samples_us, by_size);
    printf("{\"rate\":%.1f,\"errors\":%lld,\"s2xx\":%lld,\"s3xx\":%lld,\"s4xx\":%lld,\"s5xx\":%lld,\"bytes\":%lld,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
        (double)l.done / seconds, (long long)l.errors, (long long)l.by_class[2], (long long)l.by_class[3], (long long)l.by_class[4],
        (long long)l.by_class[5], (long long)l.bytes, percentile_ms(&l, 0.5), percentile_ms(&l, 0.99), percentile_ms(&l, 1));
    return 0;
}
