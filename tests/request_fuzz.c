/* Fuzz target: a whole request on the demonstration's world, through route, gate, form, handler, queries and page. The input:

       WHO METHOD TARGET          WHO: one of the people below, or a word that is taken for a session's
       name: value                headers, content-type too
       (empty line)
       body

   {ticket}, {client} … (tests/lib/routes.c) stand for ids of the world, {t} for the form's token. With MANDAT_FUZZ_SEEDS=FOLDER a
   request for every route is written there first, so that a new route is tried without a line for it.

   Nothing a stranger sends may come to an error of our own (5xx), to broken JSON, or to markup that was not escaped. The world is made
   anew after some requests, so that what one left behind does not pile up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/routes.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { REQUESTS_EACH = 300, HEADERS_MOST = 8 };

static const struct { const char *word, *email; } people[] = {
    { "contact", "claire.delmas@bellerive.example" }, { "admin", "sabine.cozic@froid-atlantique.example" },
    { "technician", "karim.benali@froid-atlantique.example" }, { "stranger", "camille.vasseur@hexanode.example" }, { NULL, NULL },
};

static struct world_test *world;
static struct side side;
static struct arena arena;
static int requests;

static void world_end(void)
{
    world_close(world);
    world_finish();
}

static void world_fresh(void)
{
    if (world && ++requests % REQUESTS_EACH)
        return;
    if (world)
        world_close(world);
    else {
        arena_init(&arena, (size_t)1 << 30);
        atexit(world_end);
    }
    world = world_open(DB_SQLITE);
    side = side_make(world, "froid-atlantique", "Hôtel Bellerive");
}

static char *line_take(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

static const char *email_of(const char *word)
{
    for (int i = 0; people[i].word; i++)
        if (strcmp(people[i].word, word) == 0)
            return people[i].email;
    return NULL;
}

static void headers_read(struct world_request *ask, struct pair *headers, char **at)
{
    int count = 0;
    ask->type = "";
    for (char *line = line_take(at); *line; line = line_take(at)) {
        char *colon = strstr(line, ": ");
        if (!colon || colon == line || count == HEADERS_MOST - 1 || !text_is_clean(line, false))
            continue;
        *colon = '\0';
        headers[count] = (struct pair){ line, colon + 2, &headers[count + 1] };
        if (strcmp(line, "content-type") == 0)
            ask->type = colon + 2;
        count++;
    }
    headers[count] = (struct pair){ "", "", NULL };
    ask->headers = headers;
}

static const char *value_of(const char *name, size_t len, const char *email)
{
    for (int i = 0; side.values[i].name; i++)
        if (strlen(side.values[i].name) == len && memcmp(side.values[i].name, name, len) == 0)
            return side.values[i].value;
    return len == 1 && *name == 't' ? world_token(world, email) : NULL;
}

/* The text with what stands for {name}. */
static char *filled(const char *text, size_t len, const char *email, size_t *ret_len)
{
    const char *end = text + len, *close;
    struct buf out;
    buf_init(&out, &arena, (size_t)1 << 24);
    for (const char *at = text; at < end; at++) {
        close = *at == '{' ? memchr(at, '}', (size_t)(end - at)) : NULL;
        const char *value = close ? value_of(at + 1, (size_t)(close - at - 1), email) : NULL;
        if (value) {
            buf_text(&out, value);
            at = close;
        } else
            buf_char(&out, *at);
    }
    *ret_len = out.len;
    return arena_copy(&arena, buf_end(&out), out.len);
}

static void check(const struct answer *answer)
{
    if (answer->status < 200 || answer->status >= 500)
        abort();
    if (text_starts(answer->type, "text/html") && (strstr(answer->body, "<fuzz") || strstr(answer->body, "'fuzz=") || strstr(answer->body, "\"fuzz=")))
        abort();
    if (strpbrk(answer->location, "\r\n") || strpbrk(answer->cookie, "\r\n; "))
        abort();
}

static void seed_write(const char *folder, const struct route *r, const struct side *named)
{
    const char *who = route_is_of(r, 'p') ? "contact" : "admin";
    FILE *file = fopen(world_text(world, "%s/route_%s_%s", folder, r->method == METHOD_POST ? "post" : "get", r->name), "we");
    if (!file)
        abort();
    fprintf(file, "%s %s %s\nsec-fetch-site: same-origin\n", who, r->method == METHOD_POST ? "POST" : "GET", route_address(world, r, named, named, 0));
    if (r->method == METHOD_POST) {
        char *form = arena_text(&arena, route_form(world, r, named, named, -1));
        for (char *at; (at = strstr(form, "%7B"));)   /* the braces themselves */
            memmove(at + 1, at + 3, strlen(at + 3) + 1), *at = '{';
        for (char *at; (at = strstr(form, "%7D"));)
            memmove(at + 1, at + 3, strlen(at + 3) + 1), *at = '}';
        fprintf(file, "content-type: application/x-www-form-urlencoded\n\nform_token={t}&%s", form);
    }
    fclose(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *folder = getenv("MANDAT_FUZZ_SEEDS");
    (void)argc, (void)argv;
    if (!folder)
        return 0;
    world_fresh();
    struct side named = side;
    for (int i = 0; named.values[i].name; i++)
        named.values[i].value = world_text(world, "{%s}", named.values[i].name);
    for (const struct route **r = routes_all(world); *r; r++)
        seed_write(folder, *r, &named);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pair headers[HEADERS_MOST];
    struct world_request ask = { 0 };
    world_fresh();
    arena_reset(&arena);
    char *text = arena_copy(&arena, data, size), *at = text, *line = line_take(&at);
    char *method = strchr(line, ' '), *target = method ? strchr(method + 1, ' ') : NULL;
    if (!target || !text_is_clean(line, false))
        return 0;
    *method = *target = '\0';
    const char *email = email_of(line);
    ask.cookie = email ? world_cookie(world, email) : line;
    ask.method = strcmp(method + 1, "POST") == 0 ? METHOD_POST : strcmp(method + 1, "HEAD") == 0 ? METHOD_HEAD : METHOD_GET;
    ask.target = filled(target + 1, strlen(target + 1), email, &ask.len);
    headers_read(&ask, headers, &at);
    ask.body = filled(at, size - (size_t)(at - text), email, &ask.len);
    if (ask.method != METHOD_POST)
        ask.len = 0;
    check(world_ask(world, &arena, world_db(world), &ask));
    return 0;
}
