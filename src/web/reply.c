/* Document → HTML, JSON or CSV; headers; where to go on; errors as pages and as problem documents (RFC 9457). */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "tpl/tpl.h"
#include "web/inside.h"

enum { PAGE_FIRST = 40 * 1024, PAGE_MOST = 8 * 1024 * 1024 };

#define POLICY "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; " \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

void reply_header(struct ctx *c, const char *name, const char *value)
{
    struct pair *pair = ARENA_NEW(c->arena, struct pair), **end = &c->web->reply.headers;
    *pair = (struct pair){ name, value, NULL };
    while (*end)
        end = &(*end)->next;
    *end = pair;
}

static bool has_header(struct ctx *c, const char *name)
{
    for (const struct pair *p = c->web->reply.headers; p; p = p->next)
        if (strcasecmp(p->name, name) == 0)
            return true;
    return false;
}

static void default_header(struct ctx *c, const char *name, const char *value)
{
    if (!has_header(c, name))
        reply_header(c, name, value);
}

/* On every answer; what is private is not kept anywhere. */
static void reply_finish(struct ctx *c, int status)
{
    c->web->reply.status = status;
    c->web->has_reply = true;
    default_header(c, "Cache-Control", "no-store");
    default_header(c, "Content-Security-Policy", POLICY);
    default_header(c, "X-Content-Type-Options", "nosniff");
    default_header(c, "Referrer-Policy", "no-referrer");
    default_header(c, "X-Frame-Options", "DENY");
    default_header(c, "Cross-Origin-Opener-Policy", "same-origin");
    default_header(c, "Cross-Origin-Resource-Policy", "same-origin");
    default_header(c, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (c->app->is_secure && text_starts(c->app->address, "https:"))
        default_header(c, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

void reply_status(struct ctx *c, int status) { c->web->status = status; }

void reply_bytes(struct ctx *c, const char *type, const void *data, size_t len)
{
    c->web->reply.type = type;
    c->web->reply.data = data;
    c->web->reply.len = len;
    c->web->has_reply = true;
}

void reply_empty(struct ctx *c, int status)
{
    if (c->web->allow)
        reply_header(c, "Allow", c->web->allow);
    reply_bytes(c, "text/plain; charset=utf-8", "", 0);
    reply_finish(c, status);
}

bool reply_unchanged(struct ctx *c, const char *etag)
{
    const char *known = request_header(&c->web->request, "if-none-match"), *quoted = arena_printf(c->arena, "\"%s\"", etag);
    reply_header(c, "ETag", quoted);
    if (!strstr(known, quoted))
        return false;
    reply_bytes(c, "text/plain; charset=utf-8", "", 0);
    c->web->reply.status = 304;
    return true;
}

void reply_redirect(struct ctx *c, int status, const char *location)
{
    reply_header(c, "Location", location);
    reply_empty(c, status);
}

void reply_see(struct ctx *c, const char *notice, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *path = arena_vprintf(c->arena, format, args);
    va_end(args);
    char *hash = strchr(path, '#');
    const char *anchor = hash ? arena_text(c->arena, hash) : "";
    if (hash)
        *hash = '\0';
    c->web->see = !notice || c->web->is_json ? arena_printf(c->arena, "%s%s", path, anchor)
        : arena_printf(c->arena, "%s%cnotice=%s%s", path, strchr(path, '?') ? '&' : '?', notice, anchor);
}

void cookie_set(struct ctx *c, const char *name, const char *value, int64_t max_age_s)
{
    reply_header(c, "Set-Cookie", arena_printf(c->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s", name,
        value ? value : "", (long long)(value ? max_age_s : 0), c->app->is_secure ? "; Secure" : ""));
}

void reply_cookie(struct ctx *c, const char *value, int64_t max_age_s) { cookie_set(c, c->app->cookie, value, max_age_s); }

/* What a browser could run is bytes to it; an attachment in a sandbox it is anyway. */
static const char *type_to_send(const char *type)
{
    static const char *const running[] = { "html", "svg", "xml", "script", "xhtml" };
    for (size_t i = 0; i < sizeof running / sizeof *running; i++)
        if (strstr(type, running[i]) && strncmp(type, "application/vnd.", 16) != 0)
            return "application/octet-stream";
    return type;
}

struct err *reply_file(struct ctx *c, const char *hash, const char *type, const char *name)
{
    if (strlen(hash) != 64 || hash[strspn(hash, "0123456789abcdef")])
        return ERR(c->arena, ERR_NOT_FOUND, "no such file");
    int fd = open(arena_printf(c->arena, "%s/%.2s/%s", c->app->files, hash, hash), O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return ERR(c->arena, ERR_NOT_FOUND, "the bytes of %s are gone", hash);
    if (fstat(fd, &st) != 0) {
        close(fd);
        return ERR(c->arena, ERR_INTERNAL, "fstat of %s", hash);
    }
    c->web->reply.fd = fd;
    c->web->reply.fd_bytes = st.st_size;
    c->web->reply.type = type_to_send(type);
    c->web->has_reply = true;
    reply_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename*=UTF-8''%s", text_url_encode(c->arena, name)));
    reply_header(c, "Content-Security-Policy", "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    return NULL;
}

/* Who made this page: for people who work on it. */
static void makers_write(struct ctx *c, const char *template, struct buf *out)
{
    const struct route *r = c->web->route;
    const char *where = r && r->where ? r->where : "";
    while (text_starts(where, "../"))   /* compilers are started in the build folder */
        where += 3;
    buf_printf(out, "\n<!-- %s %s\n     %s.html\n    ", r ? r->name : "no route", where, template);
    for (size_t i = 0; i < doc_count(c->queries_used); i++)
        buf_printf(out, " %s", doc_as_text(doc_at(c->queries_used, i)));
    buf_text(out, " -->\n");
}

static struct err *reply_html(struct ctx *c, const char *template, int status)
{
    struct buf out;
    buf_init(&out, c->arena, PAGE_MOST);
    buf_room(&out, PAGE_FIRST);
    struct doc *all = doc_map(c->arena);
    doc_set(all, "shell", shell_new(c, status));
    for (size_t i = 0; i < doc_count(c->web->page); i++)
        doc_set(all, doc_key_at(c->web->page, i), doc_at_mut(c->web->page, i));
    for (size_t i = 0; i < doc_count(c->doc); i++)
        doc_set(all, doc_key_at(c->doc, i), doc_at_mut(c->doc, i));
    const char *zone = c->web->org ? doc_text_of(c->web->org, "zone") : "Europe/Paris";
    struct tpl_reader reader = { c->lang, zone, c->now_ms };
    TRY(tpl_render(c->tpl, &reader, arena_printf(c->arena, "%s.html", template), all, &out));
    if (c->queries_used)
        makers_write(c, template, &out);
    if (out.is_full)
        return ERR(c->arena, ERR_INTERNAL, "the page %s is over its ceiling", template);
    reply_bytes(c, "text/html; charset=utf-8", buf_end(&out), out.len);
    reply_header(c, "Content-Language", c->lang);
    return NULL;
}

static struct err *reply_json(struct ctx *c)
{
    struct buf out;
    buf_init(&out, c->arena, PAGE_MOST);
    reply_header(c, "Content-Language", c->lang);
    if (c->web->see)
        doc_set_text(c->doc, "see", c->web->see);
    doc_json(c->doc, &out);
    reply_bytes(c, "application/json; charset=utf-8", buf_end(&out), out.len);
    return NULL;
}

/* The first list of the document, as a table. */
static struct err *reply_csv(struct ctx *c)
{
    struct buf out;
    buf_init(&out, c->arena, PAGE_MOST);
    for (size_t i = 0; i < doc_count(c->doc); i++) {
        if (doc_kind(doc_at(c->doc, i)) != DOC_LIST)
            continue;
        TRY(doc_csv(c->arena, doc_at(c->doc, i), &out));
        reply_bytes(c, "text/csv; charset=utf-8", buf_end(&out), out.len);
        reply_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s.csv\"", doc_key_at(c->doc, i)));
        return NULL;
    }
    return ERR(c->arena, ERR_NOT_FOUND, "nothing here is a table");
}

struct err *reply_render(struct ctx *c, const char *template, int status)
{
    struct web *w = c->web;
    if (w->has_reply) {
        reply_finish(c, w->reply.status ? w->reply.status : 200);
        return NULL;
    }
    if (w->see && !w->is_json) {
        reply_redirect(c, 303, w->see);
        return NULL;
    }
    if (w->is_json)
        TRY(reply_json(c));
    else if (w->is_csv)
        TRY(reply_csv(c));
    else
        TRY(reply_html(c, template, status));
    reply_finish(c, status);
    return NULL;
}

static const char *problem_title(const struct ctx *c, enum err_code code)
{
    if (code == ERR_BUSY && c->web->is_unknown)
        return N_("Le service a été interrompu au moment d’enregistrer : cela a pu être fait ou non. Envoyez de nouveau la même page : ce ne sera fait qu’une fois.");
    switch (code) {
    case ERR_BAD: return N_("Cette demande ne peut pas être comprise.");
    case ERR_SIGN_IN: return N_("Connectez-vous d’abord.");
    case ERR_FORBIDDEN: return N_("Votre accès ne permet pas cela.");
    case ERR_NOT_FOUND: return N_("Cette page n’existe pas, ou ne vous est pas ouverte.");
    case ERR_METHOD: return N_("Cette adresse ne se demande pas ainsi.");
    case ERR_CONFLICT: return c->web->conflict_text ? c->web->conflict_text : N_("Cela a changé entre-temps.");
    case ERR_TOO_LARGE: return N_("L’envoi dépasse la taille permise.");
    case ERR_TYPE: return N_("Ce type d’envoi n’est pas accepté.");
    case ERR_INVALID: return N_("Une saisie est à corriger.");
    case ERR_TOO_MANY: return N_("Trop d’essais. Attendez quelques minutes.");
    case ERR_BUSY: return N_("Le service est momentanément indisponible. Rien n’a été enregistré : réessayez.");
    case ERR_INTERNAL: break;
    }
    return N_("Une erreur s’est produite de notre côté. Rien n’a été enregistré.");
}

static const char other_client_title[] = N_("Cette page était ouverte pour un autre client");

/* What is wrong with each field, in the form's order (they were read into a chain from the last to the first). */
static struct doc *problem_errors(struct ctx *c)
{
    struct doc *errors = doc_list(c->arena);
    const struct value *known = c->web->values;
    for (const struct field *f = known ? c->web->route->form : NULL; f && f->name; f++)
        for (const struct value *v = known; v; v = v->next) {
            if (v->field != f || !v->error)
                continue;
            struct doc *error = doc_map(c->arena);
            doc_set_text(error, "field", f->name);
            doc_set_text(error, "message", web_text(c, v->error));
            doc_push(errors, error);
        }
    return errors;
}

static void refuse_json(struct ctx *c, const struct err *e)
{
    struct buf out;
    struct doc *problem = doc_map(c->arena);
    buf_init(&out, c->arena, PAGE_MOST);
    if (e->code == ERR_SIGN_IN)
        reply_header(c, "WWW-Authenticate", c->web->bearer ? "Bearer realm=\"mandat\", error=\"invalid_token\"" : "Bearer realm=\"mandat\"");
    doc_set_text(problem, "type", "about:blank");
    doc_set_text(problem, "title", web_text(c, problem_title(c, e->code)));
    doc_set_int(problem, "status", (int)e->code);
    if (c->web->is_other_client)
        doc_set_text(problem, "detail", web_text(c, other_client_title));
    if (e->code == ERR_INVALID && c->web->form_message)
        doc_set_text(problem, "detail", web_text(c, c->web->form_message));
    if (e->code == ERR_INVALID)
        doc_set(problem, "errors", problem_errors(c));
    doc_json(problem, &out);
    reply_header(c, "Content-Language", c->lang);
    reply_bytes(c, "application/problem+json; charset=utf-8", buf_end(&out), out.len);
}

/* Which words the error page says; it never tells why something does not exist. */
static struct err *refuse_html(struct ctx *c, const struct err *e)
{
    static const struct { enum err_code code; const char *key; } keys[] = {
        { ERR_NOT_FOUND, "is_not_found" }, { ERR_FORBIDDEN, "is_forbidden" }, { ERR_SIGN_IN, "is_expired" }, { ERR_TOO_LARGE, "is_too_large" },
        { ERR_TOO_MANY, "is_too_many" }, { ERR_BUSY, "is_busy" }, { ERR_BAD, "is_bad" }, { ERR_CONFLICT, "is_conflict" },
    };
    struct doc *page = c->web->page;
    c->doc = doc_map(c->arena);
    const struct doc *staff_of = e->code == ERR_FORBIDDEN ? c->web->staff_of : NULL;
    const char *door = e->code == ERR_NOT_FOUND ? c->web->support_door : NULL;
    const char *title = door ? N_("Votre session d’assistance est terminée.") : staff_of ? N_("Vous n’avez pas d’accès à cet espace client.") : c->web->is_other_client ? other_client_title : problem_title(c, e->code);
    doc_set_int(page, "status", (int)e->code);
    doc_set_text(page, "message", web_text(c, title));
    doc_set_text(page, "staff_name", doc_text_of(staff_of, "name"));
    doc_set_text(page, "staff_home", staff_of ? arena_printf(c->arena, "/o/%s", doc_text_of(staff_of, "slug")) : "");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        doc_set_bool(page, keys[i].key, keys[i].code == e->code && !staff_of && !door && !c->web->is_other_client);
    doc_set_text(page, "conflict_href", e->code == ERR_CONFLICT && c->web->conflict_href ? c->web->conflict_href : "");
    doc_set_text(page, "support_door", door ? door : "");
    doc_set_text(page, "sign_in", gate_sign_in(c));
    doc_set_bool(page, "is_link", c->web->route && link_is_space(c->web->route));
    doc_set(page, "typed", doc_list(c->arena));
    doc_set_text(page, "action", "");
    bool is_copy = e->code == ERR_NOT_FOUND && c->web->is_lost && c->web->is_expired;
    if (((e->code == ERR_SIGN_IN || door || is_copy) && c->web->is_expired) || c->web->is_other_client)
        form_keep(c);
    if (is_copy)     /* there is nothing to send it to */
        doc_set_text(page, "action", "");
    doc_set_bool(page, "is_copy", is_copy);
    doc_set_bool(page, "is_other_client", c->web->is_other_client);
    if (c->web->is_other_client)
        shell_other_client(c);
    return reply_html(c, "error", (int)e->code);
}

struct err *reply_conflict(struct ctx *c, const char *message, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    c->web->conflict_text = message;
    c->web->conflict_href = arena_vprintf(c->arena, format, args);
    va_end(args);
    return ERR(c->arena, ERR_CONFLICT, "it stands otherwise by now");
}

void reply_refuse(struct ctx *c, const struct err *e)
{
    struct web *w = c->web;
    struct pair *none = NULL;
    w->reply.headers = none;
    if (w->reply.fd >= 0)
        close(w->reply.fd);
    w->reply.fd = -1;
    w->see = NULL;
    if (e->code == ERR_METHOD && w->allow)
        reply_header(c, "Allow", w->allow);
    if (e->code == ERR_TOO_MANY || e->code == ERR_BUSY)
        reply_header(c, "Retry-After", e->code == ERR_BUSY ? "5" : "60");
    if (w->is_json || w->bearer) {
        refuse_json(c, e);
    } else if (e->code == ERR_SIGN_IN && !w->is_expired) {
        reply_redirect(c, 303, gate_sign_in(c));
        return;
    } else if (e->code == ERR_NOT_FOUND && w->support_door && w->route && w->route->method == METHOD_GET && !w->is_csv) {
        reply_redirect(c, 303, w->support_door);
        return;
    } else if (refuse_html(c, e)) {
        const char *text = problem_title(c, e->code);   /* the page itself failed: plain words */
        reply_bytes(c, "text/plain; charset=utf-8", text, strlen(text));
    }
    reply_finish(c, (int)e->code);
}
