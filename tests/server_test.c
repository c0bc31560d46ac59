/* The server itself over real sockets, on the world's database: connections that are lost in the middle of an upload, an access that ends while one
   runs, requests hidden behind others. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "app/calls.h"
#include "base/clock.h"
#include "lib/routes.h"
#include "mail/mail.h"
#include "web/http.h"

#define CLAIRE "claire.delmas@bellerive.example"
#define TICKETS "/p/froid-atlantique/tickets"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

enum { FILE_BYTES = 3000000 };

/* ---- Both sides ---- */

static struct http *serve(struct world_test *w)
{
    static const char *const hosts[] = { "localhost:8080", NULL };
    static const struct http_settings settings = { .listen = "127.0.0.1:0", .hosts = hosts, .workers = 2, .queue = 64, .hash_queue = 4, .connections = 64, .idle_s = 5,
        .drain_bytes = 16 << 20, .header_bytes = 16 * 1024 };
    struct http *http = NULL;
    signal(SIGPIPE, SIG_IGN);
    struct err *e = http_open(world_arena(w), world_app(w), &settings, &server_calls, &http);
    if (e)
        fail_msg("%s", e->detail);
    return http;
}

static int call(const struct http *http)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(http)), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = { 15, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *text, size_t len)
{
    for (ssize_t done; len; text += done, len -= (size_t)done) {
        done = send(fd, text, len, MSG_NOSIGNAL);
        if (done <= 0)
            return;      /* the other side has had enough */
    }
}

/* All that comes until the server closes. */
static const char *hear(struct world_test *w, int fd)
{
    size_t len = 0, size = 1 << 20;
    char *text = arena_alloc(world_arena(w), size);
    for (ssize_t n; len < size - 1 && (n = recv(fd, text + len, size - 1 - len, 0)) > 0;)
        len += (size_t)n;
    close(fd);
    return text;
}

static int status_of(const char *answer) { return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0; }

/* A ticket's form with one large file; *ret_len of it all. */
static const char *form_with_file(struct world_test *w, const char *title, size_t *ret_len)
{
    const char *names[] = { "form_token", "title", "type_id", "priority_id", "description" };
    const char *values[] = { world_token(w, CLAIRE), title, world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = " FORG),
        world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = " FORG), "La vitrine chauffe." };
    char *bytes = arena_alloc(world_arena(w), FILE_BYTES + 1);
    struct buf body;
    memset(bytes, 'x', FILE_BYTES);
    buf_init(&body, world_arena(w), (size_t)2 * FILE_BYTES);
    for (int i = 0; i < 5; i++)
        buf_printf(&body, "--edge\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", names[i], values[i]);
    buf_text(&body, "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"journal.log\"\r\n\r\n");
    buf_add(&body, bytes, FILE_BYTES);
    buf_text(&body, "\r\n--edge--\r\n");
    *ret_len = body.len;
    return buf_end(&body);
}

static void say_head(struct world_test *w, int fd, size_t len)
{
    const char *head = world_text(w, "POST " TICKETS " HTTP/1.1\r\nHost: localhost:8080\r\nSec-Fetch-Site: same-origin\r\nCookie: %s=%s\r\n"
        "Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", world_app(w)->cookie, world_cookie(w, CLAIRE), len);
    say(fd, head, strlen(head));
}

/* Until there are so many files in the spool; false: not within fifteen seconds. */
static bool spool_comes_to(struct world_test *w, int count)
{
    for (int i = 0; i < 1500; i++) {
        if (world_files_left(w) == count)
            return true;
        usleep(10000);
    }
    return false;
}

static int64_t titled(struct world_test *w, const char *title) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket WHERE title = '%s'", title)); }

/* ---- Tests ---- */

/* Closed, reset, or silent: the spool is empty again, nothing was done, and the server goes on. */
WORLD_TEST(x_6_a_connection_lost_in_the_middle_of_an_upload)
{
    struct http *http = serve(w);
    size_t len = 0;
    const char *body = form_with_file(w, "Coupé", &len), *before = world_digest(w, 0);
    for (int way = 0; way < 3; way++) {
        int fd = call(http);
        say_head(w, fd, len);
        say(fd, body, len / 2);
        assert_true(spool_comes_to(w, 1));
        if (way == 1)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
        if (way < 2)
            close(fd);
        assert_true(spool_comes_to(w, 0));      /* the silent one after five seconds */
        if (way == 2)
            close(fd);
    }
    assert_string_equal(before, world_digest(w, 0));
    int fd = call(http);
    say_head(w, fd, len);
    say(fd, body, len);
    assert_int_equal(status_of(hear(w, fd)), 303);
    assert_int_equal(titled(w, "Coupé"), 1);
    assert_int_equal(world_files_left(w), 0);
    http_close(http);
}

WORLD_TEST(s_11_an_access_withdrawn_while_an_upload_runs)
{
    struct http *http = serve(w);
    size_t len = 0;
    const char *body = form_with_file(w, "Trop tard", &len);
    int fd = call(http);
    say_head(w, fd, len);
    say(fd, body, len / 2);
    assert_true(spool_comes_to(w, 1));
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'access' AND detail = 'tickets' AND holder_contact_id = (SELECT id FROM contact WHERE email = '" CLAIRE "')");
    const char *before = world_digest(w, 0);
    say(fd, body + len / 2, len - len / 2);
    assert_int_equal(status_of(hear(w, fd)), 404);
    assert_true(spool_comes_to(w, 0));
    assert_string_equal(before, world_digest(w, 0));
    http_close(http);
}

/* Read once as one length, once as the other: whoever believes the first sees a second request behind it. It never runs. */
WORLD_TEST(a_request_hidden_behind_another_never_runs)
{
    struct http *http = serve(w);
    const char *hidden_form = world_text(w, "form_token=%s", world_token(w, CLAIRE));
    const char *hidden = world_text(w, "POST /sign-out HTTP/1.1\r\nHost: localhost:8080\r\nSec-Fetch-Site: same-origin\r\nCookie: %s=%s\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s", world_app(w)->cookie, world_cookie(w, CLAIRE), strlen(hidden_form), hidden_form);
    const char *heads[] = { "Content-Length: 0\r\nContent-Length: 5000\r\n", "Content-Length: 5000\r\nContent-Length: 0\r\n", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5000\r\n", "Content-Length : 0\r\n", "Content-Length: +0\r\n", "Host: evil.example\r\n", "Content-Length: 0\rX: y\r\n" };
    const char *before = world_digest(w, 0);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        int fd = call(http);
        const char *all = world_text(w, "POST /language HTTP/1.1\r\nHost: localhost:8080\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n%s\r\n%s", heads[i], hidden);
        say(fd, all, strlen(all));
        shutdown(fd, SHUT_WR);
        const char *answer = hear(w, fd);
        assert_int_equal(status_of(answer), 400);
        for (const char *at = answer; (at = strstr(at, "HTTP/1.1 ")); at += 9)      /* the library's own refusal has its head twice */
            if (status_of(at) != 400)
                fail_msg("case %zu: %.400s", i, answer);
    }
    assert_string_equal(before, world_digest(w, 0));
    int fd = call(http);
    say(fd, hidden, strlen(hidden));           /* not hidden, it does run */
    shutdown(fd, SHUT_WR);
    assert_int_equal(status_of(hear(w, fd)), 303);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = 0"), "sign_out");
    http_close(http);
}

/* Programs that try are told what an address takes, whatever they send along; what no program sends stays refused. */
WORLD_TEST(x_3_methods_that_are_not_taken)
{
    static const struct { const char *line, *rest, *answer; } asked[] = {
        { "PUT /sign-in", "Content-Length: 3\r\n\r\na=b", "405" }, { "PATCH /sign-in", "Content-Length: 3\r\n\r\na=b", "405" }, { "DELETE /sign-in", "\r\n", "405" },
        { "OPTIONS /sign-in", "\r\n", "204" }, { "DELETE /sign-in", "Content-Length: 3\r\n\r\na=b", "400" }, { "TRACE /sign-in", "\r\n", "400" },
        { "HEAD /sign-in", "\r\n", "200" }, { "PROPFIND /sign-in", "\r\n", "400" }, { "OPTIONS *", "\r\n", "400" },
    };
    struct http *http = serve(w);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        int fd = call(http);
        const char *text = world_text(w, "%s HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n%s", asked[i].line, asked[i].rest);
        say(fd, text, strlen(text));
        const char *answer = hear(w, fd);
        if (strncmp(answer + strlen("HTTP/1.1 "), asked[i].answer, 3) != 0)
            fail_msg("%s: %s", asked[i].line, answer);
        bool is_told = strstr(answer, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n");
        assert_int_equal(is_told, asked[i].answer[0] == '2' ? asked[i].line[0] == 'O' : strcmp(asked[i].answer, "405") == 0);
    }
    http_close(http);
}

/* ---- The end ---- */

/* Connections that say nothing, and heads that never end, are nobody's request: the end does not wait for them. */
WORLD_TEST(the_end_waits_for_no_head_that_never_comes)
{
    struct http *http = serve(w);
    int fds[6];
    for (int i = 0; i < 6; i++) {
        fds[i] = call(http);
        if (i % 2)
            say(fds[i], "GET /health HTTP/1.1\r\nHost: local", 33);
    }
    int fd = call(http);
    const char *ask = "GET /sign-in HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n";
    say(fd, ask, strlen(ask));
    assert_int_equal(status_of(hear(w, fd)), 200);      /* by now the others have been read */
    int64_t since_us = clock_monotonic_us();
    http_close(http);
    assert_true(clock_monotonic_us() - since_us < 1500 * 1000);     /* 10 s where one of them counted */
    for (int i = 0; i < 6; i++)
        close(fds[i]);
}

/* What has come whole is still done, and answered. */
WORLD_TEST(the_end_waits_for_who_is_being_served)
{
    struct http *http = serve(w);
    size_t len = 0;
    const char *body = form_with_file(w, "Juste à temps", &len);
    int fd = call(http);
    say_head(w, fd, len);
    say(fd, body, len);
    assert_true(spool_comes_to(w, 1));
    http_close(http);
    assert_int_equal(status_of(hear(w, fd)), 303);
    assert_int_equal(titled(w, "Juste à temps"), 1);
}

static bool ends_after(void *left)
{
    int *calls = left;
    return (*calls)-- <= 0;
}

/* A mail server that takes a call and says nothing is given up at once; what waits stays queued for the next start. */
WORLD_TEST(x_5_the_end_waits_for_no_silent_mail_server)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    world_run_sql(w, "DELETE FROM mail_body");
    world_run_sql(w, "DELETE FROM mail");
    assert_status(world_post(w, NULL, "/account/password/forgot", "email=claire.delmas%40bellerive.example"), 303);
    assert_int_equal(world_work(w), 1);
    world_run_sql(w, "UPDATE mail SET next_at = 0");
    int64_t waiting = world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued'");
    assert_true(waiting > 0);
    for (int calls = 0; calls < 2; calls++) {
        int left = calls, handled = 0;
        struct ctx c;
        world_ctx(w, &c);
        const struct mail_settings settings = { .smtp_url = world_text(w, "smtp://127.0.0.1:%d", ntohs(at.sin_port)), .smtp_user = "", .smtp_password = "",
            .from_email = "mandat@sillage.example", .is_ending = ends_after, .ending_arg = &left };
        int64_t since_us = clock_monotonic_us();
        assert_null(mail_send_due(&c, &settings, 20, &handled));
        assert_true(clock_monotonic_us() - since_us < 5 * 1000 * 1000);     /* 30 s until a silent one is given up */
        assert_int_equal(handled, calls);                                   /* the first time none was begun */
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE state = 'queued'"), waiting);
    }
    close(fd);
}

WORLD_MAIN("server", WORLD_CASE(x_6_a_connection_lost_in_the_middle_of_an_upload), WORLD_CASE(s_11_an_access_withdrawn_while_an_upload_runs),
    WORLD_CASE(a_request_hidden_behind_another_never_runs), WORLD_CASE(x_3_methods_that_are_not_taken), WORLD_CASE(the_end_waits_for_no_head_that_never_comes),
    WORLD_CASE(the_end_waits_for_who_is_being_served), WORLD_CASE(x_5_the_end_waits_for_no_silent_mail_server))
