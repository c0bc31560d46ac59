/* Forms: only declared, checked fields reach a handler. One table (struct field) checks the input, draws the page, and
   describes the call. */
#include <string.h>
#include "base/id.h"
#include "base/text.h"
#include "tpl/tpl.h"
#include "web/inside.h"
#include "web/queries.h"

enum { NONCE = 18, TEXT_MOST = 200, TEXT_SHOWN = 4000 };

/* ---- The token: what a page of this session was given, so that no other site can send the form ---- */

static const char *token_mac(struct ctx *c, const char *bound)
{
    const char *text = arena_printf(c->arena, "%lld.%s", (long long)c->who.session_id, bound);
    unsigned char mac[SECRET_HASH];
    secret_mac_from(mac, &c->app->form_mac, text, strlen(text));
    return text_base64url(c->arena, mac, 18);
}

/* Nonce and contact, and the MAC of both: a page says as which contact it was drawn. */
const char *form_token_as(struct ctx *c, int64_t contact_id)
{
    unsigned char random[NONCE];
    secret_random(random, sizeof random);
    const char *bound = arena_printf(c->arena, "%s.%lld", text_base64url(c->arena, random, sizeof random), (long long)contact_id);
    return arena_printf(c->arena, "%s.%s", bound, token_mac(c, bound));
}

const char *form_token(struct ctx *c) { return form_token_as(c, c->who.contact_id); }

static const char *token_check(struct ctx *c)
{
    const char *token = pair_value(c->web->request.body.fields, "form_token");
    const char *dot = token ? strrchr(token, '.') : NULL;
    if (!dot || strlen(token) > 100)
        return NULL;
    const char *bound = arena_copy(c->arena, token, (size_t)(dot - token)), *at = strchr(bound, '.');
    const char *mac = token_mac(c, bound);
    if (!at || !text_int(at + 1, &c->web->form_contact_id))
        return NULL;
    return strlen(mac) == strlen(dot + 1) && secret_same(mac, dot + 1, strlen(mac)) ? bound : NULL;
}

/* T-7, X-2: what was filled in for one client never becomes an act for another, chosen meanwhile in another window. */
static struct err *form_client(struct ctx *c)
{
    int64_t contact_id = c->web->form_contact_id;
    if (!contact_id || !c->who.contact_id || contact_id == c->who.contact_id || c->web->route->is_for_any)
        return NULL;
    c->web->is_other_client = true;
    return ERR(c->arena, ERR_CONFLICT, "the form was drawn for another client");
}

/* What makes this sending the same as another: the page it came from, where it went, all that was typed, every file. */
static const char *form_print(struct ctx *c, const char *nonce)
{
    struct buf all;
    buf_init(&all, c->arena, (size_t)4 * 1024 * 1024);
    buf_printf(&all, "%s\n%s\n", nonce, c->web->request.path);
    for (const struct pair *p = c->web->request.body.fields; p; p = p->next)
        buf_printf(&all, "%s=%zu:%s\n", p->name, strlen(p->value), p->value);
    for (const struct upload *u = c->web->request.body.uploads; u; u = u->next) {
        buf_printf(&all, "%s %s ", u->field, u->name);
        buf_add(&all, u->hash, sizeof u->hash);
    }
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, buf_end(&all), all.len);
    return text_base64url(c->arena, hash, sizeof hash);
}

struct err *form_once(struct ctx *c)
{
    if (!c->who.session_id || !c->web->once)
        return NULL;
    const struct param *once = PARAMS(P_TEXT("once", c->web->once));
    int64_t changed = 0;
    struct doc *row = NULL;
    TRY(ctx_run_any(c, &sql_form_once_put, once, &changed));
    if (changed)
        return NULL;
    TRY(ctx_row(c, &sql_form_once_get, once, &row));
    c->web->is_twice = true;
    const char *location = doc_text_of(row, "location");
    c->web->see = *location ? location : c->web->request.path;   /* an act that was answered by a page of its own */
    return NULL;
}

struct err *form_done(struct ctx *c)
{
    if (c->web->route->method != METHOD_POST || !c->who.session_id || !c->web->once || !c->web->see || c->web->is_twice)
        return NULL;
    return ctx_run(c, &sql_form_once_done, PARAMS(P_TEXT("once", c->web->once), P_TEXT("location", c->web->see)));
}

/* ---- Checking ---- */

static struct value *value_find(const struct web *w, const char *name)
{
    for (struct value *v = w->values; v; v = v->next)
        if (strcmp(v->field->name, name) == 0)
            return v;
    return NULL;
}

static size_t field_max(const struct field *f) { return f->max ? (size_t)f->max : TEXT_MOST; }

static bool is_color(const char *text)
{
    return strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static bool is_choice(const struct field *f, const char *text)
{
    for (const struct choice *choice = f->choices; choice && choice->value; choice++)
        if (strcmp(choice->value, text) == 0)
            return true;
    return false;
}

/* Turns of direction and separators of lines, unseen: with them a name reads as another, also in a mail to somebody else. */
static bool is_turned(const char *text)
{
    for (; (text = strchr(text, '\xe2')) != NULL; text++) {
        unsigned char second = (unsigned char)text[1], third = second ? (unsigned char)text[2] : 0;
        if ((second == 0x80 && third >= 0xa8 && third <= 0xae) || (second == 0x81 && third >= 0xa6 && third <= 0xa9))
            return true;
    }
    return false;
}

static const char *value_wrong(const struct field *f, const char *text)
{
    int64_t id = 0;
    size_t chars = text_chars(text);
    if (!*text && f->is_required)
        return f->missing ? f->missing : N_("Ce champ est obligatoire.");
    if (!*text)
        return NULL;
    bool has_lines = f->kind == FIELD_LONG || f->kind == FIELD_HIDDEN;
    if (!text_is_clean(text, has_lines) || (f->kind == FIELD_TEXT && is_turned(text)))
        return N_("Ce texte contient un caractère qui ne peut pas être enregistré.");
    if (chars > field_max(f))
        return N_("Ce texte est trop long.");
    if (f->min && chars < (size_t)f->min)
        return N_("Ce texte est trop court.");
    if (f->kind == FIELD_EMAIL && !text_is_email(text))
        return N_("Indiquez une adresse e-mail complète, comme nom@exemple.fr.");
    if (f->kind == FIELD_ID && (!text_int(text, &id) || id <= 0))
        return N_("Choisissez une valeur de la liste.");
    if (f->kind == FIELD_CHOICE && !is_choice(f, text))
        return N_("Choisissez une valeur de la liste.");
    if (f->kind == FIELD_COLOR && !is_color(text))
        return N_("Indiquez une couleur, comme #0b5563.");
    return NULL;
}

static const char *files_wrong(const struct ctx *c, const struct field *f)
{
    int count = 0;
    for (const struct upload *u = c->web->request.body.uploads; u; u = u->next) {
        if (strcmp(u->field, f->name) != 0)
            continue;
        count++;
        if (u->size_bytes == 0)
            return N_("Un des fichiers est vide.");
    }
    if (count > (f->max ? f->max : 10))
        return N_("Il y a trop de fichiers.");
    return f->is_required && !count ? N_("Choisissez un fichier.") : NULL;
}

/* Boxes of one name: their ids in one text, or what is wrong with them. */
static const char *ids_read(struct ctx *c, const struct field *f, const char **ret_text)
{
    struct buf out;
    int64_t id = 0;
    int count = 0;
    buf_init(&out, c->arena, 8192);
    for (const struct pair *p = c->web->request.body.fields; p; p = p->next) {
        if (strcmp(p->name, f->name) != 0)
            continue;
        if (!text_int(p->value, &id) || id <= 0)
            return N_("Choisissez une valeur de la liste.");
        if (++count > f->max)
            return N_("Il y en a trop à la fois.");
        buf_printf(&out, "%s%lld", count > 1 ? " " : "", (long long)id);
    }
    *ret_text = buf_end(&out);
    return f->is_required && !count ? N_("Ce champ est obligatoire.") : NULL;
}

static const char *value_error(struct ctx *c, const struct field *f, struct value *v)
{
    return f->kind == FIELD_FILES ? files_wrong(c, f) : f->kind == FIELD_IDS ? ids_read(c, f, &v->text) : value_wrong(f, v->text);
}

static bool value_read(struct ctx *c, const struct field *f)
{
    const char *sent = pair_value(c->web->request.body.fields, f->name);
    struct value *v = ARENA_NEW(c->arena, struct value);
    bool is_password = f->kind == FIELD_PASSWORD || f->kind == FIELD_NEW_PASSWORD;
    v->field = f;
    v->text = !sent ? "" : is_password ? sent : text_trim(c->arena, sent);
    v->error = value_error(c, f, v);
    v->next = c->web->values;
    c->web->values = v;
    return !v->error;
}

/* A body that could not be read whole: its field gets the message where it has one. */
static struct err *form_broken(struct ctx *c, struct err *e)
{
    const struct field *f = c->web->route->form;
    if (e->code != ERR_TOO_LARGE || !c->web->route->again)
        return e;
    for (; f && f->name; f++)
        value_read(c, f);
    struct value *v = e->field ? value_find(c->web, e->field) : NULL;
    if (v)
        v->error = v->field->kind == FIELD_FILES ? N_("Un fichier dépasse la taille permise (20 Mo par fichier, 10 fichiers au plus).") : N_("Ce texte est trop long.");
    else
        c->web->form_message = N_("L’envoi dépasse la taille permise. Rien n’a été enregistré.");
    return ERR(c->arena, ERR_INVALID, "the body is over a limit");
}

struct err *form_read(struct ctx *c)
{
    struct web *w = c->web;
    if (w->route->method != METHOD_POST || w->stage == STAGE_PREPARE)
        return NULL;
    if (w->body_error)
        return form_broken(c, w->body_error);
    bool is_fine = true;
    for (const struct field *f = w->route->form; f && f->name; f++)
        is_fine &= value_read(c, f);
    if (w->token)   /* no page gave this form, and no cookie is borrowed */
        return is_fine ? NULL : ERR(c->arena, ERR_INVALID, "an input is wrong");
    const char *nonce = token_check(c);
    if (!nonce && w->route->is_for_all)
        return is_fine ? NULL : ERR(c->arena, ERR_INVALID, "an input is wrong");
    if (!nonce && w->route->again) {
        w->form_message = N_("Cette page avait été ouverte dans une session qui a pris fin. Rien n’a été enregistré : vérifiez, puis envoyez de nouveau.");
        return ERR(c->arena, ERR_INVALID, "the form's token is not of this session");
    }
    if (!nonce)
        return ERR(c->arena, ERR_FORBIDDEN, "the form's token is not of this session");
    TRY(form_client(c));
    w->once = form_print(c, nonce);
    return is_fine ? NULL : ERR(c->arena, ERR_INVALID, "an input is wrong");
}

struct err *form_error(struct ctx *c, const char *field, const char *message)
{
    if (!c->web) {      /* a command: nothing is drawn again */
        struct err *bare = ERR(c->arena, ERR_INVALID, "%s: %s", field, tpl_text(c->tpl, c->lang, message));
        bare->field = field;
        return bare;
    }
    struct value *v = value_find(c->web, field);
    if (v)
        v->error = message;
    else
        c->web->form_message = message;
    struct err *e = ERR(c->arena, ERR_INVALID, "%s is refused", field);
    e->field = field;
    return e;
}

struct err *form_forbidden(struct ctx *c, const char *field, const char *message)
{
    c->web->is_forbidden = true;
    return form_error(c, field, message);
}

struct err *form_go_on(struct ctx *c)
{
    c->web->goes_on = true;
    return ERR(c->arena, ERR_INVALID, "the form goes on");
}

const char *form_text(const struct ctx *c, const char *name)
{
    const struct value *v = value_find(c->web, name);
    return v ? v->text : "";
}

int64_t form_id(const struct ctx *c, const char *name)
{
    int64_t id = 0;
    return text_int(form_text(c, name), &id) ? id : 0;
}

size_t form_ids(const struct ctx *c, const char *name, int64_t *ret_ids, size_t most)
{
    size_t count = 0;
    char *rest = arena_text(c->arena, form_text(c, name));
    for (const char *word; count < most && (word = strsep(&rest, " "));)
        count += text_int(word, &ret_ids[count]);
    return id_sort(ret_ids, count);
}

bool form_bool(const struct ctx *c, const char *name) { return *form_text(c, name) != '\0'; }

const struct upload *form_files(const struct ctx *c, const char *name)
{
    const struct upload *first = NULL;
    for (const struct upload *u = c->web->request.body.uploads; u && !first; u = u->next)
        if (strcmp(u->field, name) == 0)
            first = u;
    return first;
}

/* ---- Drawing ---- */

static const char *input_type(enum field_kind kind)
{
    switch (kind) {
    case FIELD_EMAIL: return "email";
    case FIELD_PHONE: return "tel";
    case FIELD_PASSWORD: case FIELD_NEW_PASSWORD: return "password";
    case FIELD_COLOR: return "color";
    case FIELD_FILES: return "file";
    case FIELD_HIDDEN: return "hidden";
    default: return "text";
    }
}

static void field_kinds(struct doc *map, enum field_kind kind)
{
    bool is_password = kind == FIELD_PASSWORD || kind == FIELD_NEW_PASSWORD;
    doc_set_bool(map, "is_text", kind == FIELD_TEXT);
    doc_set_bool(map, "is_long", kind == FIELD_LONG);
    doc_set_bool(map, "is_email", kind == FIELD_EMAIL);
    doc_set_bool(map, "is_phone", kind == FIELD_PHONE);
    doc_set_bool(map, "is_password", is_password);
    doc_set_bool(map, "is_color", kind == FIELD_COLOR);
    doc_set_bool(map, "is_select", kind == FIELD_ID || kind == FIELD_CHOICE);
    doc_set_bool(map, "is_bool", kind == FIELD_BOOL);
    doc_set_bool(map, "is_files", kind == FIELD_FILES);
    doc_set_bool(map, "is_hidden", kind == FIELD_HIDDEN);
    doc_set_text(map, "input_type", input_type(kind));
}

static struct doc *field_doc(struct ctx *c, const struct field *f)
{
    struct doc *map = doc_map(c->arena);
    const struct value *typed = c->web->is_again ? value_find(c->web, f->name) : NULL;
    bool is_secret = f->kind == FIELD_PASSWORD || f->kind == FIELD_NEW_PASSWORD;
    doc_set_text(map, "name", f->name);
    doc_set_text(map, "label", f->label ? web_text(c, f->label) : "");
    doc_set_text(map, "hint", f->hint ? web_text(c, f->hint) : "");
    doc_set_text(map, "autocomplete", f->autocomplete ? f->autocomplete : "");
    doc_set_text(map, "value", typed && !is_secret ? typed->text : "");
    doc_set_text(map, "error", typed && typed->error ? web_text(c, typed->error) : "");
    doc_set_int(map, "max", f->kind == FIELD_FILES ? (f->max ? f->max : 10) : (int64_t)field_max(f));
    doc_set_bool(map, "is_required", f->is_required);
    doc_set_bool(map, "is_checked", typed && *typed->text);
    field_kinds(map, f->kind);
    return map;
}

static void form_errors(struct ctx *c, struct doc *form, const struct field *fields)
{
    struct doc *errors = doc_list(c->arena);
    for (const struct field *f = fields; c->web->is_again && f->name; f++) {
        const struct value *v = value_find(c->web, f->name);
        if (!v || !v->error)
            continue;
        struct doc *error = doc_map(c->arena);
        doc_set_text(error, "name", f->name);
        doc_set_text(error, "label", f->label ? web_text(c, f->label) : "");
        doc_set_text(error, "message", web_text(c, v->error));
        doc_push(errors, error);
    }
    const char *message = c->web->is_again ? c->web->form_message : NULL;
    doc_set(form, "errors", errors);
    doc_set_text(form, "message", message ? web_text(c, message) : "");
    doc_set_bool(form, "has_errors", doc_count(errors) > 0 || message);
    if (doc_count(errors) || message)
        doc_set(c->doc, "errors", errors);
}

void form_show(struct ctx *c, const struct field *fields)
{
    struct doc *form = doc_map(c->arena);
    c->web->shown = fields;
    form_errors(c, form, fields);
    doc_set(c->web->page, "form", form);
    for (const struct field *f = fields; f->name; f++)
        doc_set(form, f->name, field_doc(c, f));
    for (const struct field *f = fields; f->name; f++) {
        if (f->kind != FIELD_CHOICE)
            continue;
        struct doc *options = doc_list(c->arena);
        for (const struct choice *choice = f->choices; choice && choice->value; choice++) {
            struct doc *option = doc_map(c->arena);
            doc_set_text(option, "value", choice->value);
            doc_set_text(option, "label", web_text(c, choice->label));
            doc_set_bool(option, "is_selected", c->web->is_again && strcmp(form_text(c, f->name), choice->value) == 0);
            doc_push(options, option);
        }
        doc_set(doc_get_mut(form, f->name), "options", options);
    }
}

static struct doc *form_field(struct ctx *c, const char *name)
{
    struct doc *form = doc_get_mut(c->web->page, "form");
    return form ? doc_get_mut(form, name) : NULL;
}

void form_value(struct ctx *c, const char *name, const char *value)
{
    struct doc *field = form_field(c, name);
    if (!field || c->web->is_again)
        return;
    doc_set_text(field, "value", value);
    doc_set_bool(field, "is_checked", value && *value && strcmp(value, "0") != 0);
    struct doc *options = doc_get_mut(field, "options");
    for (size_t i = 0; options && i < doc_count(options); i++)
        doc_set_bool(doc_at_mut(options, i), "is_selected", text_same(doc_text_of(doc_at(options, i), "value"), value));
}

void form_value_id(struct ctx *c, const char *name, int64_t id)
{
    form_value(c, name, id ? arena_printf(c->arena, "%lld", (long long)id) : "");
}

void form_options(struct ctx *c, const char *name, const struct doc *rows, const char *empty_label)
{
    struct doc *field = form_field(c, name);
    if (!field)
        return;
    const char *chosen = doc_text_of(field, "value");
    struct doc *options = doc_list(c->arena);
    for (size_t i = empty_label ? 0 : 1; i <= doc_count(rows); i++) {
        const struct doc *row = i ? doc_at(rows, i - 1) : NULL;
        struct doc *option = doc_map(c->arena);
        const char *value = row ? arena_printf(c->arena, "%lld", (long long)doc_int_of(row, "id")) : "";
        doc_set_text(option, "value", value);
        doc_set_text(option, "label", row ? doc_text_of(row, "name") : web_text(c, empty_label));
        doc_set_bool(option, "is_selected", strcmp(value, chosen) == 0);
        doc_push(options, option);
    }
    doc_set(field, "options", options);
}

/* What was typed into a form whose session has ended, for the page that says so: nothing is lost. */
void form_keep(struct ctx *c)
{
    struct doc *typed = doc_list(c->arena);
    for (const struct field *f = c->web->route ? c->web->route->form : NULL; f && f->name; f++) {
        const char *text = pair_value(c->web->request.body.fields, f->name);
        if (!text || !*text || f->kind == FIELD_PASSWORD || f->kind == FIELD_NEW_PASSWORD || f->kind == FIELD_FILES)
            continue;
        struct doc *field = doc_map(c->arena);
        doc_set_text(field, "name", f->name);
        doc_set_text(field, "label", f->label ? web_text(c, f->label) : "");
        doc_set_text(field, "value", text);
        doc_set_bool(field, "is_shown", (f->kind == FIELD_TEXT || f->kind == FIELD_LONG) && strlen(text) < TEXT_SHOWN * 5);
        doc_push(typed, field);
    }
    doc_set(c->web->page, "typed", typed);
    doc_set_text(c->web->page, "action", c->web->request.path);
}
