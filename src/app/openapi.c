#include "app/openapi.h"
#include <inttypes.h>
#include <string.h>

struct spec {
    const struct feature *const *features;
    const struct tpl_set *tpl;
    struct buf *out;
};

#define API "/api/1"

/* ---- Text ---- */

/* A text in double quotes, as YAML and JSON both read it. */
static void quoted(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            buf_printf(out, "\\%c", byte);
        else if (byte < ' ')
            buf_printf(out, "\\u%04x", byte);
        else
            buf_char(out, *text);
    }
    buf_char(out, '"');
}

static void line(struct buf *out, const char *key, const char *text)
{
    buf_text(out, key);
    quoted(out, text);
    buf_char(out, '\n');
}

/* "ticket_list" → "Ticket list" */
static const char *words_of(struct arena *a, const char *name)
{
    char *words = arena_text(a, name);
    for (char *p = words; *p; p++)
        if (*p == '_')
            *p = ' ';
    if (*words >= 'a' && *words <= 'z')
        *words = (char)(*words - 'a' + 'A');
    return words;
}

/* ---- Routes ---- */

/* "/o/:org/clients/:client" → "/o/{org}/clients/{client}". Bytes have one address, and that is not below /api/1. */
static const char *path_of(struct arena *a, const struct route *r)
{
    const char *pattern = r->pattern, *path = r->is_raw ? "" : API, *at = strcmp(pattern, "/") == 0 ? "" : pattern;
    for (size_t len; *at; at += len) {
        bool is_part = at[0] == '/' && at[1] == ':';
        len = 1 + strcspn(at + 1, "/");
        path = is_part ? arena_printf(a, "%s/{%.*s}", path, (int)len - 2, at + 2) : arena_printf(a, "%s%.*s", path, (int)len, at);
    }
    return path;
}

/* One handler may stand at several addresses: from the second on, a number makes it another operation. */
static const char *operation_of(const struct spec *s, const struct route *route)
{
    int before = 0;
    for (const struct feature *const *f = s->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++) {
            if (r == route)
                return before ? arena_printf(s->out->arena, "%s_%d", r->name, before + 1) : r->name;
            before += strcmp(r->name, route->name) == 0;
        }
    return route->name;
}

static void parameters_write(struct buf *out, const char *pattern)
{
    bool has_any = false;
    for (const char *at = strstr(pattern, "/:"); at; at = strstr(at + 1, "/:")) {
        size_t len = strcspn(at + 2, "/");
        const char *name = arena_copy(out->arena, at + 2, len);
        bool is_word = strcmp(name, "org") == 0 || strcmp(name, "portal") == 0 || strcmp(name, "word") == 0;
        buf_text(out, has_any ? "" : "    parameters:\n");
        has_any = true;
        buf_printf(out, "      - { name: %s, in: path, required: true, schema: { $ref: \"#/components/schemas/%s\" } }\n", name, is_word ? "Word" : "Id");
    }
}

/* What a list is narrowed by in the query of its address, by its handler. */
static const struct { const char *list, *filters; } filtered[] = {
    { "client_list", "search sort" }, { "contact_list", "search client orphans sort" }, { "contact_place", "search" }, { "site_list", "search client city sort" }, { "equipment_list", "search client site state warranty sort" }, { "job_list", "view search state client site technician type urgent from to sort" }, { "job_pick", "search" }, { "recurrence_list", "view client" }, { "member_list", "search sort" }, { "collaborator_list", "search" }, { "dossier_list", "search state ends support" }, { "visit_list", "collaborator dossier period" },
    { "mandate_list", "state kind" }, { "link_list", "state client" }, { "ticket_list", "status priority contact sort" }, { "desk_list", "view search status priority assignee client sort" },
    { "desk_pick", "search" }, { "template_list", "search" }, { "portal_job_list", "search state site" }, { "portal_site_list", "search" }, { "portal_equipment_list", "search site" }, { "operator_list", "search state" },
};

static void filters_write(struct buf *out, const struct route *r)
{
    for (size_t i = 0; i < sizeof filtered / sizeof *filtered; i++) {
        if (r->method != METHOD_GET || strcmp(filtered[i].list, r->name) != 0)
            continue;
        buf_text(out, "      parameters:\n");
        for (const char *at = filtered[i].filters; *at; at += strspn(at, " ")) {
            size_t len = strcspn(at, " ");
            buf_printf(out, "        - { name: %.*s, in: query, schema: { type: string, maxLength: 100 } }\n", (int)len, at);
            at += len;
        }
    }
}

/* ---- Forms ---- */

static bool is_form(const struct route *r) { return r->method == METHOD_POST && r->form; }

/* A page's form carries a token; a program that acts by a bearer token needs none. */
static bool needs_form_token(const struct route *r) { return r->method == METHOD_POST && (r->right == RIGHT_PUBLIC || r->right == RIGHT_SELF); }

static bool has_kind(const struct route *r, bool is_file, bool only_required)
{
    for (const struct field *f = r->form; f && f->name; f++)
        if ((f->kind == FIELD_FILES) == is_file && (f->is_required || !only_required))
            return true;
    return false;
}

static void choices_write(struct buf *out, const struct field *f)
{
    bool is_first = true;
    buf_text(out, ", enum: [");
    if (!f->is_required) {
        buf_text(out, "\"\"");
        is_first = false;
    }
    for (const struct choice *choice = f->choices; choice && choice->value; choice++, is_first = false) {
        buf_text(out, is_first ? "" : ", ");
        quoted(out, choice->value);
    }
    buf_char(out, ']');
}

static void field_write(const struct spec *s, const struct field *f, const char *indent)
{
    struct buf *out = s->out;
    buf_printf(out, "%s%s: { ", indent, f->name);
    switch (f->kind) {
    case FIELD_FILES:
        buf_printf(out, "type: array, maxItems: %d, items: { type: string, contentMediaType: application/octet-stream }", f->max ? f->max : 10);
        break;
    case FIELD_IDS:
        buf_printf(out, "type: array, maxItems: %d, items: { type: string, pattern: \"^[1-9][0-9]{0,17}$\" }", f->max);
        break;
    case FIELD_BOOL: buf_text(out, "type: string, enum: [\"\", \"1\"]"); break;
    case FIELD_CHOICE:
        buf_text(out, "type: string");
        choices_write(out, f);
        break;
    case FIELD_ID: buf_printf(out, "type: string, pattern: \"%s\"", f->is_required ? "^[1-9][0-9]{0,17}$" : "^([1-9][0-9]{0,17})?$"); break;
    case FIELD_COLOR: buf_text(out, "type: string, pattern: \"^#[0-9a-fA-F]{6}$\""); break;
    default:
        buf_printf(out, "type: string, maxLength: %d", f->max ? f->max : 200);
        if (f->min || f->is_required)
            buf_printf(out, ", minLength: %d", f->is_required && !f->min ? 1 : f->min);
        if (f->kind == FIELD_EMAIL && f->is_required)
            buf_text(out, ", format: email");
        if (f->kind == FIELD_PASSWORD || f->kind == FIELD_NEW_PASSWORD)
            buf_text(out, ", format: password");
    }
    if (f->label && *f->label) {
        buf_text(out, ", description: ");
        quoted(out, tpl_text(s->tpl, "en", f->label));
    }
    buf_text(out, " }\n");
}

static void required_write(struct buf *out, const struct route *r, bool are_files, const char *indent)
{
    bool has_token = !are_files && needs_form_token(r);
    if (!has_token && !has_kind(r, are_files, true))
        return;
    buf_printf(out, "%srequired: [%s", indent, has_token ? "form_token" : "");
    for (const struct field *f = r->form; f && f->name; f++)
        if (f->is_required && (f->kind == FIELD_FILES) == are_files) {
            buf_printf(out, "%s%s", has_token ? ", " : "", f->name);
            has_token = true;
        }
    buf_text(out, "]\n");
}

/* The form without its files, as a schema of its own: both ways of sending it point here. */
static void form_schema(const struct spec *s, const struct route *r)
{
    struct buf *out = s->out;
    buf_printf(out, "    %s_form:\n      type: object\n", operation_of(s, r));
    required_write(out, r, false, "      ");
    if (!needs_form_token(r) && !has_kind(r, false, false))
        return;
    buf_text(out, "      properties:\n");
    if (needs_form_token(r))
        buf_text(out, "        form_token: { type: string, description: \"From the page that has this form\" }\n");
    for (const struct field *f = r->form; f && f->name; f++)
        if (f->kind != FIELD_FILES)
            field_write(s, f, "        ");
}

static void body_write(const struct spec *s, const struct route *r)
{
    struct buf *out = s->out;
    const char *schema = arena_printf(out->arena, "$ref: \"#/components/schemas/%s_form\"", operation_of(s, r));
    bool is_required = needs_form_token(r) || has_kind(r, false, true) || has_kind(r, true, true);
    buf_printf(out, "      requestBody:\n        required: %s\n        content:\n", is_required ? "true" : "false");
    if (!has_kind(r, true, true))
        buf_printf(out, "          application/x-www-form-urlencoded:\n            schema: { %s }\n", schema);
    buf_text(out, "          multipart/form-data:\n");
    if (!has_kind(r, true, false)) {
        buf_printf(out, "            schema: { %s }\n", schema);
        return;
    }
    buf_printf(out, "            schema:\n              allOf:\n                - { %s }\n                - type: object\n", schema);
    required_write(out, r, true, "                  ");
    buf_text(out, "                  properties:\n");
    for (const struct field *f = r->form; f->name; f++)
        if (f->kind == FIELD_FILES)
            field_write(s, f, "                    ");
}

/* ---- Operations ---- */

static void responses_write(struct buf *out, const struct route *r)
{
    bool is_post = r->method == METHOD_POST, is_public = r->right == RIGHT_PUBLIC;
    const struct { const char *status, *name; bool is_there; } all[] = {
        { "200", r->is_raw ? "Bytes" : is_post ? "Done" : "Document", true }, { "400", "Bad", is_post }, { "401", "SignIn", !is_public },
        { "403", "Forbidden", !is_public || is_post }, { "404", "NotFound", true }, { "409", "Conflict", is_post && !is_public }, { "413", "TooLarge", is_post },
        { "415", "Type", is_post }, { "422", "Invalid", is_post }, { "429", "TooMany", !is_public || is_post }, { "503", "Busy", true },
    };
    buf_text(out, "      responses:\n");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].is_there)
            buf_printf(out, "        \"%s\": { $ref: \"#/components/responses/%s\" }\n", all[i].status, all[i].name);
}

static void security_write(struct buf *out, const struct route *r)
{
    if (r->right == RIGHT_PUBLIC)
        buf_text(out, "      security: []\n");
    else if (r->right == RIGHT_SELF)
        buf_text(out, "      security: [{ session: [] }]\n");
    else if (r->method == METHOD_POST)
        buf_text(out, "      security: [{ token: [] }]\n");
    else
        buf_text(out, "      security: [{ token: [] }, { session: [] }]\n");
}

static void operation_write(const struct spec *s, const struct feature *f, const struct route *r)
{
    struct buf *out = s->out;
    buf_printf(out, "    %s:\n      operationId: %s\n      tags: [%s]\n", r->method == METHOD_POST ? "post" : "get", operation_of(s, r), f->name);
    line(out, "      summary: ", words_of(out->arena, r->name));
    line(out, "      description: ", arena_printf(out->arena, "Right `%s`: %s", right_word(r->right), tpl_text(s->tpl, "en", right_sentence(r->right))));
    security_write(out, r);
    filters_write(out, r);
    if (is_form(r) || needs_form_token(r))
        body_write(s, r);
    responses_write(out, r);
}

/* Is it the first route of its address? GET and POST of one address stand together. */
static bool is_first(const struct spec *s, const struct route *route)
{
    for (const struct feature *const *f = s->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++) {
            if (r == route)
                return true;
            if (strcmp(r->pattern, route->pattern) == 0)
                return false;
        }
    return true;
}

static void path_write(const struct spec *s, const struct route *route)
{
    buf_printf(s->out, "  %s:\n", path_of(s->out->arena, route));
    parameters_write(s->out, route->pattern);
    for (const struct feature *const *f = s->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++)
            if (strcmp(r->pattern, route->pattern) == 0)
                operation_write(s, *f, r);
}

/* ---- The whole ---- */

static const char head[] =
    "# Written by `mandat openapi > docs/openapi.yaml` from the tables of routes and forms; a test compares. Not to be edited.\n"
    "openapi: 3.1.0\n"
    "info:\n"
    "  title: Mandat\n"
    "  version: \"1\"\n"
    "  summary: Everything a page shows, with the same rights\n"
    "  license: { name: Apache-2.0, identifier: Apache-2.0 }\n"
    "  description: |\n"
    "    Each page is its own API: the document a page is made from, as JSON, below `/api/1`, and just as well at the page's\n"
    "    address with `.json`; a list also as `.csv`.\n"
    "\n"
    "    **Who.** `Authorization: Bearer mdt_…`, a token made on `/account/tokens`: for one space (`/o/{org}` or `/p/{portal}`), with rights\n"
    "    chosen among those of its person, until its last day. At each call it gives what was chosen for it and, of that, what its person may\n"
    "    at that moment. Whatever lies outside answers 404, as what does not exist; inside, without the right: 403. Unknown, withdrawn or past\n"
    "    its date: 401. A token opens nothing under `/account`. Where a cookie comes along, the token alone counts. 600 calls a minute, then 429.\n"
    "\n"
    "    **Reading.** Numbers in `…_id` and `id` are strings of digits. `…_at` are milliseconds since 1970, UTC; `…_on` days; `…_cents` money;\n"
    "    `is_…`, `has_…`, `can_…` true or false. A list comes with `page`: where `has_more`, ask again with the query `next`.\n"
    "\n"
    "    **Writing.** The form of the page, `application/x-www-form-urlencoded` or `multipart/form-data` (UTF-8). A token needs no `form_token`, and\n"
    "    nothing is checked for being sent twice. What went well answers 200 with `see`: the address that shows the result, to which `/api/1` is\n"
    "    put in front. With the cookie of a session, a form needs the `form_token` of its page, and sent twice it is done once.\n"
    "\n"
    "    **Refused.** Problem documents (RFC 9457) with `title` in the language of `Accept-Language` (fr, en); a wrong input: 422 with `errors`\n"
    "    by field. 400, 413, 429 and 503 may also come as plain text, from what stands before the routes. After 429 and 503: `Retry-After`.\n"
    "servers:\n"
    "  - url: /\n"
    "    description: The server that has this program\n";

static const char schemas[] =
    "components:\n"
    "  securitySchemes:\n"
    "    token: { type: http, scheme: bearer, description: \"A token of /account/tokens: mdt_…\" }\n"
    "    session: { type: apiKey, in: cookie, name: __Host-mandat, description: \"The cookie of a person who is signed in\" }\n"
    "  schemas:\n"
    "    Id: { type: string, pattern: \"^[1-9][0-9]{0,17}$\" }\n"
    "    Word: { type: string, pattern: \"^[A-Za-z0-9._-]{1,100}$\" }\n"
    "    Page:\n"
    "      type: object\n"
    "      description: Where a list stands\n"
    "      properties:\n"
    "        is_first: { type: boolean }\n"
    "        has_more: { type: boolean }\n"
    "        next: { type: string, description: \"Query of the next page\" }\n"
    "        count: { type: integer, description: \"Rows on this page\" }\n"
    "    Document:\n"
    "      type: object\n"
    "      properties:\n"
    "        page: { $ref: \"#/components/schemas/Page\" }\n"
    "      additionalProperties: true\n"
    "    Done:\n"
    "      type: object\n"
    "      properties:\n"
    "        see: { type: string, description: \"Where the result is shown\" }\n"
    "      additionalProperties: true\n"
    "    Problem:\n"
    "      type: object\n"
    "      description: RFC 9457\n"
    "      required: [type, title, status]\n"
    "      properties:\n"
    "        type: { type: string, format: uri-reference, const: \"about:blank\" }\n"
    "        title: { type: string }\n"
    "        status: { type: integer, minimum: 400, maximum: 599 }\n"
    "        detail: { type: string }\n"
    "        errors:\n"
    "          type: array\n"
    "          items:\n"
    "            type: object\n"
    "            required: [field, message]\n"
    "            properties:\n"
    "              field: { type: string }\n"
    "              message: { type: string }\n";

static void responses_all(struct buf *out)
{
    static const struct { const char *name, *meaning; } problems[] = {
        { "Bad", "Cannot be understood" }, { "SignIn", "No token, or one that is unknown, withdrawn or past its date" },
        { "Forbidden", "Inside the space, without the right" }, { "NotFound", "Does not exist, or lies outside of what is open" },
        { "Conflict", "Has changed in the meantime" }, { "TooLarge", "Over a limit" }, { "Type", "Neither of the two types of a form" },
        { "Invalid", "An input is wrong: `errors` by field" }, { "TooMany", "More than a minute allows" }, { "Busy", "Try again; nothing was kept" },
    };
    static const char *const good[][2] = { { "Document", "The page's document" }, { "Done", "Done" } };
    buf_text(out, "  responses:\n    Bytes:\n      description: A file, or text, as it is\n      content: { \"*/*\": {} }\n");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        buf_printf(out, "    %s:\n      description: %s\n      content: { application/json: { schema: { $ref: \"#/components/schemas/%s\" } } }\n", good[i][0], good[i][1], good[i][0]);
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        buf_printf(out, "    %s:\n", problems[i].name);
        line(out, "      description: ", problems[i].meaning);
        buf_text(out, "      content: { application/problem+json: { schema: { $ref: \"#/components/schemas/Problem\" } } }\n");
    }
}

void openapi_write(const struct feature *const *features, const struct tpl_set *tpl, struct buf *out)
{
    struct spec s = { features, tpl, out };
    buf_text(out, head);
    buf_text(out, "tags:\n");
    for (const struct feature *const *f = features; *f; f++)
        if ((*f)->routes->pattern)
            buf_printf(out, "  - { name: %s, description: \"src/features/%s\" }\n", (*f)->name, (*f)->name);
    buf_text(out, "paths:\n");
    for (const struct feature *const *f = features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++)
            if (is_first(&s, r))
                path_write(&s, r);
    buf_text(out, schemas);
    for (const struct feature *const *f = features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++)
            if (is_form(r) || needs_form_token(r))
                form_schema(&s, r);
    responses_all(out);
}
