#include "web/http_toy.h"
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/text.h"

/* Paths: /echo says what it was asked; /form reads a body and says what was in it; /refuse answers before reading; /none wants a
   body and takes none; /wait and /hash stand at the gate, in a worker and in the lane; /file sends one; /fixed is fixed. */

struct unit {
    struct app *app;
    struct arena arena;
    struct request request;
    struct reply reply;
    struct err *body_error;
    bool was_body, was_hash;
};

static const char *const hosts[] = { "localhost", NULL };

static void *thread_open(struct app *app)
{
    return app->has_own ? app : NULL;
}

static void thread_close(struct app *app, void *own)
{
    assert(own == app);
}

static struct request *unit_open(struct app *app, void **ret_unit)
{
    struct unit *unit = calloc(1, sizeof *unit);
    unit->app = app;
    arena_init(&unit->arena, 8 * 1024 * 1024);
    app->opened++;
    *ret_unit = unit;
    return &unit->request;
}

static void unit_close(void *it)
{
    struct unit *unit = it;
    unit->app->closed++;
    arena_free(&unit->arena);
    free(unit);
}

static enum lane answer(struct unit *unit, int status, const char *text)
{
    static struct pair header = { "X-Toy", "yes", NULL };
    unit->reply = (struct reply){ .status = status, .type = "text/plain", .data = text, .len = strlen(text), .fd = -1, .headers = &header };
    return LANE_DONE;
}

static void stand_at_gate(struct app *app)
{
    app->slow_begun++;
    while (!app->is_gate_open)
        usleep(1000);
}

static enum lane echo(struct unit *unit)
{
    const struct request *r = &unit->request;
    return answer(unit, 200, arena_printf(&unit->arena, "%d %s %s [%s] %s", r->method, r->path, request_query(r, "q"), r->remote, request_header(r, "x-word")));
}

static enum lane form(struct unit *unit)
{
    if (!unit->was_body)
        return LANE_BODY;
    struct buf text;
    buf_init(&text, &unit->arena, 100 * 1000);
    for (const struct pair *pair = unit->request.body.fields; pair; pair = pair->next)
        buf_printf(&text, "%s=%.40s\n", pair->name, pair->value);
    for (const struct upload *upload = unit->request.body.uploads; upload; upload = upload->next)
        buf_printf(&text, "%s: %s %lld %s\n", upload->name, upload->type, (long long)upload->size_bytes, text_hex(&unit->arena, upload->hash, 4));
    if (unit->body_error)
        buf_printf(&text, "error at %s\n", unit->body_error->field ? unit->body_error->field : "-");
    return answer(unit, unit->body_error ? (int)unit->body_error->code : 200, buf_end(&text));
}

static enum lane file(struct unit *unit)
{
    char path[] = "/tmp/http_toy_XXXXXX";
    int fd = mkstemp(path);
    unlink(path);
    bool is_fine = fd >= 0 && ftruncate(fd, 1000 * 1000) == 0;
    assert(is_fine);
    unit->reply = (struct reply){ .status = 200, .type = "application/octet-stream", .fd = fd, .fd_bytes = 1000 * 1000 };
    return LANE_DONE;
}

static enum lane hash(struct unit *unit)
{
    if (!unit->was_hash) {
        unit->was_hash = true;
        return LANE_HASH;
    }
    stand_at_gate(unit->app);
    return answer(unit, 200, "hashed");
}

static enum lane unit_go(void *it, void *own)
{
    struct unit *unit = it;
    const char *path = unit->request.path;
    assert(own == unit->app);
    unit->app->worked++;
    if (strcmp(path, "/hidden") == 0)
        unit->app->hidden++;
    if (strcmp(path, "/form") == 0)
        return form(unit);
    if (strcmp(path, "/none") == 0 && !unit->was_body)
        return LANE_BODY;
    if (strcmp(path, "/hash") == 0)
        return hash(unit);
    if (strcmp(path, "/file") == 0)
        return file(unit);
    if (strcmp(path, "/refuse") == 0)
        return answer(unit, 403, "refused");
    if (strcmp(path, "/wait") == 0)
        stand_at_gate(unit->app);
    return echo(unit);
}

static const struct body_limits *unit_limits(void *it)
{
    const struct unit *unit = it;
    return strcmp(unit->request.path, "/none") == 0 ? NULL : &unit->app->limits;
}

static void unit_body(void *it, struct err *e)
{
    struct unit *unit = it;
    assert(!unit->was_body);
    unit->was_body = true;
    unit->body_error = e;
}

static struct reply *unit_reply(void *it)
{
    return &((struct unit *)it)->reply;
}

static struct arena *unit_arena(void *it)
{
    return &((struct unit *)it)->arena;
}

static const struct reply *fixed(struct app *app, const struct request *r)
{
    static struct pair etag = { "ETag", "\"1\"", NULL };
    static const struct reply reply = { .status = 200, .type = "text/css", .data = "p{}", .len = 3, .fd = -1, .headers = &etag };
    static const struct reply same = { .status = 304, .fd = -1, .headers = &etag };
    (void)app;
    if (strcmp(r->path, "/fixed") != 0)
        return NULL;
    return strcmp(request_header(r, "if-none-match"), "\"1\"") == 0 ? &same : &reply;
}

void toy_start(struct app *app, const struct toy_size *size, const char *listen)
{
    static const struct http_calls calls = { thread_open, thread_close, unit_open, unit_go, unit_limits, unit_body, unit_reply, unit_arena, unit_close, fixed };
    struct http_settings settings = {
        .listen = listen, .hosts = hosts, .trust_forwarded = strncmp(listen, "unix:", 5) == 0, .workers = size->workers, .queue = size->queue,
        .hash_queue = size->hash_queue, .connections = 100, .idle_s = 5, .drain_bytes = 4 * 1024 * 1024, .header_bytes = 16 * 1024,
    };
    struct arena arena;
    *app = (struct app){ .spool = "/tmp/http_toy_XXXXXX", .has_own = !size->is_without_own };
    const char *made = mkdtemp(app->spool);
    assert(made);
    app->limits = (struct body_limits){ .body_bytes = 3 * 1024 * 1024, .field_bytes = 100 * 1000, .file_bytes = 1024 * 1024, .fields = 20, .files = 3, .spool = app->spool };
    arena_init(&arena, 64 * 1024);
    struct err *e = http_open(&arena, app, &settings, &calls, &app->http);
    assert(!e);
    arena_free(&arena);
}

void toy_stop(struct app *app)
{
    app->is_gate_open = true;
    http_close(app->http);
    assert(app->opened == app->closed);
    int left = rmdir(app->spool);   /* not empty where a spool file was left */
    assert(left == 0);
}

int toy_spooled(const struct app *app)
{
    int count = 0;
    DIR *folder = opendir(app->spool);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* ---- The other side: a client that says what it is told to ---- */

enum { ANSWER_MAX = 2 * 1024 * 1024 };

bool say(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t done = send(fd, data, len, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        data += done;
        len -= (size_t)done;
    }
    return true;
}

void say_text(int fd, const char *text)
{
    say(fd, text, strlen(text));
}

/* All that comes until the other side closes; from malloc. NULL-terminated; *ret_is_closed false where it went quiet instead. */
char *hear(int fd, bool *ret_is_closed)
{
    char *text = calloc(1, ANSWER_MAX + 1);
    size_t len = 0;
    ssize_t got;
    while ((got = recv(fd, text + len, ANSWER_MAX - len, 0)) > 0)
        len += (size_t)got;
    *ret_is_closed = got == 0 || len > 0;   /* an answer and a reset is closed as well */
    close(fd);
    return text;
}

bool starts(const char *answer, int status)
{
    char line[20];
    snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    return strncmp(answer, line, strlen(line)) == 0;
}

const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end ? end + 4 : "(no body)";
}
