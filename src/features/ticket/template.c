/* Answers written beforehand (C-10): whoever treats tickets uses and keeps them. Words in braces are put in when one is chosen. */
#include "features/ticket/template.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/desk.h"
#include "tpl/tpl.h"

enum { TEMPLATES_MOST = 200, BODY_MOST = 5000, WORD_MOST = 20 };

const struct field template_form[] = {
    { "name", FIELD_TEXT, N_("Nom du modèle"), REQUIRED, .max = 100 },
    { "body", FIELD_LONG, N_("Texte"), REQUIRED, .max = BODY_MOST,
      .hint = N_("Entre accolades, à remplir pour chaque ticket : {contact}, {client}, {ticket}, {titre}, {moi}.") },
    { 0 },
};

/* ---- Words in braces ---- */

struct place_word { const char *word, *value; };

/* The length of "{word}" at `at`, its letters only; 0 where there is none. */
static size_t word_len(const char *at)
{
    size_t len = *at == '{' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
    return len && len < WORD_MOST && at[len + 1] == '}' ? len + 2 : 0;
}

static const char *word_value(const struct place_word *words, const char *at, size_t len)
{
    for (; words->word; words++)
        if (strlen(words->word) == len - 2 && strncmp(words->word, at + 1, len - 2) == 0)
            return words->value;
    return NULL;
}

static const char *body_fill(struct ctx *c, const char *body, const struct place_word *words)
{
    struct buf out;
    buf_init(&out, c->arena, (size_t)256 * 1024);
    while (*body) {
        size_t len = word_len(body);
        const char *value = len ? word_value(words, body, len) : NULL;
        if (value)
            buf_text(&out, value);
        else
            buf_add(&out, body, len = 1);
        body += len;
    }
    return buf_end(&out);
}

struct err *template_fill(struct ctx *c, int64_t template_id, const struct doc *ticket, struct doc **ret_template)
{
    TRY(ctx_maybe(c, &sql_template_show, PARAMS(P_INT("template_id", template_id)), ret_template));
    if (!*ret_template)
        return NULL;
    const struct place_word words[] = {
        { "contact", doc_text_of(ticket, "contact_name") }, { "client", doc_text_of(ticket, "client_name") },
        { "ticket", arena_printf(c->arena, "T-%lld", (long long)doc_int_of(ticket, "number")) },
        { "titre", doc_text_of(ticket, "title") }, { "moi", c->who.person_name }, { 0 },
    };
    doc_set_text(*ret_template, "body", body_fill(c, doc_text_of(*ret_template, "body"), words));
    return NULL;
}

/* A misspelt word would reach the client as it stands. */
static struct err *words_check(struct ctx *c, const char *body)
{
    static const struct place_word known[] = { { "contact", "" }, { "client", "" }, { "ticket", "" }, { "titre", "" }, { "moi", "" }, { 0 } };
    for (; *body; body++) {
        size_t len = word_len(body);
        if (len && !word_value(known, body, len))
            return form_error(c, "body", N_("Un mot entre accolades n’est pas connu : il y a {contact}, {client}, {ticket}, {titre} et {moi}."));
    }
    return NULL;
}

/* ---- The list: at most 200, so that a search may look at all of them ---- */

struct err *template_list(struct ctx *c)
{
    struct doc *all = NULL, *found = doc_list(c->arena);
    struct param search = filter_text(c, "search");
    const char *key = text_name_key(c->arena, search.kind == PARAM_TEXT ? search.data : "");
    TRY(ctx_rows(c, &sql_template_list, NULL, &all));
    for (size_t i = 0; i < doc_count(all); i++)
        if (strstr(doc_text_of(doc_at(all, i), "name_key"), key))
            doc_push(found, doc_at_mut(all, i));
    doc_set(c->doc, "templates", found);
    doc_set_bool(web_page(c), "is_many", doc_count(all) > 10);
    return NULL;
}

struct err *template_new(struct ctx *c)
{
    form_show(c, template_form);
    return NULL;
}

struct err *template_edit(struct ctx *c)
{
    TRY(doc_row(c, "template", &sql_template_show, PARAMS(P_INT("template_id", path_id(c, "template")))));
    form_show(c, template_form);
    form_value(c, "name", doc_text_of(doc_get(c->doc, "template"), "name"));
    form_value(c, "body", doc_text_of(doc_get(c->doc, "template"), "body"));
    return NULL;
}

/* ---- Kept ---- */

static struct err *name_check(struct ctx *c, const char *name_key, int64_t own_id)
{
    struct doc *all = NULL;
    TRY(ctx_run(c, &sql_settings_take, NULL));
    TRY(ctx_rows(c, &sql_template_list, NULL, &all));
    for (size_t i = 0; i < doc_count(all); i++)
        if (doc_int_of(doc_at(all, i), "id") != own_id && text_same(doc_text_of(doc_at(all, i), "name_key"), name_key))
            return form_error(c, "name", N_("Un modèle porte déjà ce nom."));
    if (!own_id && doc_count(all) >= TEMPLATES_MOST)
        return form_error(c, "name", N_("Il y a déjà 200 modèles : supprimez-en un."));
    return words_check(c, form_text(c, "body"));
}

static struct err *template_done(struct ctx *c, int64_t id, const char *name, const char *notice)
{
    journal_object(c, "template", id);
    journal_text(c, "name", name);
    reply_see(c, notice, "%s/tickets/templates", web_space(c));
    return NULL;
}

struct err *template_create(struct ctx *c)
{
    const char *name = form_text(c, "name"), *key = text_name_key(c->arena, name);
    int64_t id = ctx_id(c);
    TRY(name_check(c, key, 0));
    TRY(ctx_run(c, &sql_template_add, PARAMS(P_INT("id", id), P_TEXT("name", name), P_TEXT("name_key", key), P_TEXT("body", form_text(c, "body")))));
    return template_done(c, id, name, "template_kept");
}

struct err *template_update(struct ctx *c)
{
    const char *name = form_text(c, "name"), *key = text_name_key(c->arena, name);
    int64_t id = path_id(c, "template");
    TRY(name_check(c, key, id));
    TRY(ctx_run(c, &sql_template_put, PARAMS(P_INT("template_id", id), P_TEXT("name", name), P_TEXT("name_key", key), P_TEXT("body", form_text(c, "body")))));
    return template_done(c, id, name, "template_kept");
}

struct err *template_delete(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_template_show, PARAMS(P_INT("template_id", path_id(c, "template"))), &row));
    TRY(ctx_run(c, &sql_template_remove, PARAMS(P_INT("template_id", doc_int_of(row, "id")))));
    return template_done(c, doc_int_of(row, "id"), doc_text_of(row, "name"), "template_removed");
}
