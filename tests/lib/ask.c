/* A request as the server would have it from a socket: its body in pieces, from lane to lane, its answer kept in the test's arena. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "lib/world.h"

static void header_add(struct request *r, struct arena *a, const char *name, const char *value)
{
    struct pair *pair = ARENA_NEW(a, struct pair);
    *pair = (struct pair){ name, value, r->headers };
    r->headers = pair;
}

static void unit_body(struct unit *u, const struct world_request *ask)
{
    struct body_reader *reader = NULL;
    size_t half = ask->len / 2000 * 1000;
    struct err *e = body_open(u->c.arena, ask->type, &u->web.limits, &reader);
    for (size_t at = 0; !e && at < ask->len; at += 1000) {  /* in pieces, as a network would */
        if (ask->between && at == half)
            ask->between(ask->between_arg);
        e = body_piece(reader, ask->body + at, ask->len - at < 1000 ? ask->len - at : 1000);
    }
    struct err *end = reader ? body_end(reader, &u->web.request.body) : NULL;
    u->web.body_error = e ? e : end;
    if (u->web.stage == STAGE_HEAD)
        u->web.stage = STAGE_BODY;
    u->c.own = NULL;
    u->web.spool_reader = reader;
}

const char *answer_header(const struct answer *answer, const char *name)
{
    for (const struct pair *p = answer->headers; p; p = p->next)
        if (strcasecmp(p->name, name) == 0)
            return p->value;
    return "";
}

static void answer_body(struct arena *a, struct answer *answer, const struct reply *reply)
{
    answer->len = reply->len;
    answer->body = arena_copy(a, reply->data, reply->len);
    if (reply->fd < 0)
        return;
    char *bytes = arena_alloc(a, (size_t)reply->fd_bytes + 1);
    answer->len = (size_t)pread(reply->fd, bytes, (size_t)reply->fd_bytes, 0);
    answer->body = bytes;
    close(reply->fd);
}

static const struct pair *headers_copy(struct arena *a, const struct pair *headers)
{
    struct pair *first = NULL, **end = &first;
    for (; headers; headers = headers->next, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct pair);
        **end = (struct pair){ arena_text(a, headers->name), arena_text(a, headers->value), NULL };
    }
    return first;
}

struct answer *answer_new(struct arena *a, const struct reply *reply)
{
    struct answer *answer = ARENA_NEW(a, struct answer);
    answer->status = reply->status;
    answer->headers = headers_copy(a, reply->headers);
    answer->type = arena_text(a, reply->type ? reply->type : "");
    answer->location = answer_header(answer, "Location");
    const char *cookie = answer_header(answer, "Set-Cookie"), *equals = strchr(cookie, '=');
    answer->cookie = equals ? arena_copy(a, equals + 1, strcspn(equals + 1, ";")) : "";
    answer_body(a, answer, reply);
    if (strstr(answer->type, "json"))
        must(doc_read_json(a, answer->body, answer->len, &answer->doc));
    return answer;
}

static void unit_request(struct unit *u, struct world_test *w, const struct world_request *ask)
{
    static const struct pair same_origin = { "sec-fetch-site", "same-origin", NULL };
    struct request *r = &u->web.request;
    r->method = ask->method;
    r->target = arena_text(u->c.arena, ask->target);
    r->content_length = (int64_t)ask->len;
    r->remote = ask->remote ? ask->remote : "192.0.2.7";
    header_add(r, u->c.arena, "host", "localhost:8080");
    header_add(r, u->c.arena, "cookie", arena_printf(u->c.arena, "%s=%s", world_app(w)->cookie, ask->cookie));
    for (const struct pair *p = ask->headers ? ask->headers : &same_origin; p && *p->name; p = p->next)
        header_add(r, u->c.arena, p->name, p->value);
}

struct answer *world_ask(struct world_test *w, struct arena *a, struct db *db, const struct world_request *ask)
{
    struct unit *u = calloc(1, sizeof *u);
    if (!u)
        log_die("no memory");
    unit_init(u, world_app(w), world_now(w));
    unit_request(u, w, ask);
    struct err *e = request_target(u->c.arena, &u->web.request);
    if (e)
        reply_refuse(&u->c, e);
    for (enum lane lane = e ? LANE_DONE : LANE_WORKER; lane != LANE_DONE;) {
        lane = life_go(u, db);
        if (lane == LANE_BODY)
            unit_body(u, ask);
    }
    struct answer *answer = answer_new(a, &u->web.reply);
    body_close(u->web.spool_reader);
    arena_free(&u->arena);
    free(u);
    return answer;
}

struct answer *world_send(struct world_test *w, const char *cookie, enum method method, const char *target, const char *type, const char *body, size_t len)
{
    return world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = cookie, .method = method, .target = target, .type = type, .body = body, .len = len });
}

struct world_request world_ticket_ask(struct world_test *w, const char *title, const char *bytes)
{
    static const char who[] = "claire.delmas@bellerive.example";
    struct world_request ask = { .cookie = world_cookie(w, who), .method = METHOD_POST, .target = "/p/froid-atlantique/tickets", .type = "multipart/form-data; boundary=edge" };
    const char *names[] = { "form_token", "title", "type_id", "priority_id", "description" };
    const char *values[] = { world_token(w, who), title, world_value(w, "SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"),
        world_value(w, "SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"), "La vitrine chauffe." };
    struct buf body;
    buf_init(&body, world_arena(w), (size_t)8 << 20);
    for (int i = 0; i < 5; i++)
        buf_printf(&body, "--edge\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", names[i], values[i]);
    buf_printf(&body, "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"releve.txt\"\r\n\r\n");
    buf_text(&body, bytes);
    buf_text(&body, "\r\n--edge--\r\n");
    ask.body = buf_end(&body);
    ask.len = body.len;
    return ask;
}
