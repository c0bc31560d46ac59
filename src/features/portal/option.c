/* Parts of the portal on or off (L-6): loading them for a request, and the pages that set them for the organization and for one client. */
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/portal/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const struct { const char *word, *label, *hint; } parts[PORTAL_PARTS] = {
#define PORTAL_PART(name, word_, label_, hint_) [PORTAL_##name] = { word_, label_, hint_ },
#include "features/portal/parts.def"
#undef PORTAL_PART
};

const struct field portal_settings_form[] = {
#define PORTAL_PART(name, word_, label_, hint_) { word_, FIELD_BOOL, label_, .hint = hint_ },
#include "features/portal/parts.def"
#undef PORTAL_PART
    { 0 },
};

static const struct choice client_choices[] = { { "same", N_("Comme l’entreprise") }, { "on", N_("Oui") }, { "off", N_("Non") }, { 0 } };

const struct field portal_client_form[] = {
#define PORTAL_PART(name, word_, label_, hint_) { word_, FIELD_CHOICE, label_, .hint = hint_, .choices = client_choices },
#include "features/portal/parts.def"
#undef PORTAL_PART
    { 0 },
};

/* ---- For a request ---- */

static enum portal_part part_read(const char *word)
{
    int part = 0;
    while (part < PORTAL_PARTS && strcmp(parts[part].word, word) != 0)
        part++;
    return (enum portal_part)part;
}

/* What is chosen for the organization and for one client; NULL where nothing is. */
struct chosen { const struct doc *of_org[PORTAL_PARTS], *of_client[PORTAL_PARTS]; bool has_gallery; };

static struct err *chosen_load(struct ctx *c, int64_t client_id, struct chosen *ret_chosen)
{
    struct doc *rows = NULL;
    struct chosen chosen = { 0 };
    TRY(ctx_rows(c, &sql_portal_options, PARAMS(P_INT("of_client", client_id)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        enum portal_part part = part_read(doc_text_of(row, "name"));
        chosen.has_gallery |= doc_bool_of(row, "is_paid");
        if (part < PORTAL_PARTS && !doc_bool_of(row, "is_paid"))
            *(doc_int_of(row, "client_id") ? &chosen.of_client[part] : &chosen.of_org[part]) = row;
    }
    *ret_chosen = chosen;
    return NULL;
}

static bool chosen_is_on(const struct doc *row) { return !row || doc_bool_of(row, "is_on"); }

struct err *portal_options_load(struct ctx *c, struct portal_options *ret_options)
{
    struct chosen chosen;
    TRY(chosen_load(c, c->who.client_id, &chosen));
    for (int part = 0; part < PORTAL_PARTS; part++)
        ret_options->is_on[part] = chosen_is_on(chosen.of_client[part] ? chosen.of_client[part] : chosen.of_org[part]);
    ret_options->has_gallery = chosen.has_gallery;
    ret_options->is_on[PORTAL_PHOTOS] &= chosen.has_gallery;
    return NULL;
}

struct err *portal_need(struct ctx *c, enum portal_part part, struct portal_options *ret_options)
{
    struct portal_options options;
    TRY(portal_options_load(c, &options));
    if (!options.is_on[part])
        return ERR(c->arena, ERR_NOT_FOUND, "the part %s is off here", parts[part].word);
    if (ret_options)
        *ret_options = options;
    return NULL;
}

void portal_options_show(struct ctx *c, const struct portal_options *options)
{
    struct doc *sees = doc_map(c->arena);
    for (int part = 0; part < PORTAL_PARTS; part++)
        doc_set_bool(sees, parts[part].word, options->is_on[part]);
    doc_set(web_page(c), "sees", sees);
}

/* ---- The pages that set them ---- */

/* Each part as the document has it: { word, label, is_on, is_locked }, and for a client what it follows. */
static void parts_show(struct ctx *c, const struct chosen *chosen, bool is_of_client)
{
    struct doc *list = doc_list(c->arena);
    for (int part = 0; part < PORTAL_PARTS; part++) {
        struct doc *row = doc_map(c->arena);
        bool is_org_on = chosen_is_on(chosen->of_org[part]), is_locked = part == PORTAL_PHOTOS && !chosen->has_gallery;
        doc_set_text(row, "word", parts[part].word);
        doc_set_bool(row, "is_on", !is_locked && chosen_is_on(is_of_client && chosen->of_client[part] ? chosen->of_client[part] : chosen->of_org[part]));
        if (is_of_client)
            doc_set_bool(row, "is_own", chosen->of_client[part] != NULL);
        doc_set_bool(row, "is_org_on", is_org_on);
        doc_set_bool(row, "is_locked", is_locked);
        doc_push(list, row);
    }
    doc_set(c->doc, "parts", list);
}

/* What the page draws beside the document: label, hint, the field. */
static void parts_draw(struct ctx *c)
{
    struct doc *drawn = doc_list(c->arena);
    const struct doc *form = doc_get(web_page(c), "form");
    for (int part = 0; part < PORTAL_PARTS; part++) {
        struct doc *row = doc_map(c->arena);
        const struct doc *state = doc_at(doc_get(c->doc, "parts"), (size_t)part);
        const struct doc *field = doc_get(form, parts[part].word);
        doc_set_text(row, "name", parts[part].word);
        doc_set_text(row, "label", web_text(c, parts[part].label));
        doc_set_text(row, "hint", web_text(c, parts[part].hint));
        doc_set_bool(row, "is_locked", doc_bool_of(state, "is_locked"));
        doc_set_bool(row, "is_org_on", doc_bool_of(state, "is_org_on"));
        doc_set_bool(row, "is_checked", doc_bool_of(field, "is_checked"));
        doc_set(row, "options", doc_get(field, "options") ? doc_get_mut(doc_get_mut(doc_get_mut(web_page(c), "form"), parts[part].word), "options") : doc_list(c->arena));
        doc_push(drawn, row);
    }
    doc_set(web_page(c), "drawn", drawn);
}

struct err *portal_settings(struct ctx *c)
{
    struct chosen chosen;
    TRY(chosen_load(c, 0, &chosen));
    parts_show(c, &chosen, false);
    form_show(c, portal_settings_form);
    for (int part = 0; part < PORTAL_PARTS; part++)
        form_value(c, parts[part].word, chosen_is_on(chosen.of_org[part]) ? "1" : "");
    parts_draw(c);
    return NULL;
}

static struct err *option_put(struct ctx *c, int64_t client_id, enum portal_part part, const char *choice)
{
    const struct param client = P_INT("of_client", client_id), name = P_TEXT("name", parts[part].word);
    journal_text(c, parts[part].word, choice);
    if (strcmp(choice, "same") == 0)
        return ctx_run(c, &sql_portal_option_drop, PARAMS(client, name));
    return ctx_run(c, &sql_portal_option_put, PARAMS(client, name, P_INT("is_on", strcmp(choice, "on") == 0)));
}

static const char *choice_of(const struct doc *row, bool is_of_client)
{
    return !row && is_of_client ? "same" : chosen_is_on(row) ? "on" : "off";
}

struct err *portal_settings_update(struct ctx *c)
{
    struct chosen chosen;
    int changed = 0;
    TRY(chosen_load(c, 0, &chosen));
    for (int part = 0; part < PORTAL_PARTS; part++) {
        const char *choice = form_bool(c, parts[part].word) ? "on" : "off";
        bool is_locked = part == PORTAL_PHOTOS && !chosen.has_gallery;
        if (is_locked || strcmp(choice, choice_of(chosen.of_org[part], false)) == 0)
            continue;
        TRY(option_put(c, 0, (enum portal_part)part, choice));
        changed++;
    }
    journal_object(c, "organization", c->who.org_id);
    if (!changed)
        journal_skip(c);
    reply_see(c, "portal_updated", "%s/settings/portal", web_space(c));
    return NULL;
}

struct err *portal_client_settings(struct ctx *c)
{
    struct chosen chosen;
    int64_t client_id = path_id(c, "client");
    TRY(doc_row(c, "client", &sql_portal_client_of, PARAMS(P_INT("of_client", client_id))));
    TRY(chosen_load(c, client_id, &chosen));
    parts_show(c, &chosen, true);
    client_tabs(c);
    form_show(c, portal_client_form);
    for (int part = 0; part < PORTAL_PARTS; part++)
        form_value(c, parts[part].word, choice_of(chosen.of_client[part], true));
    parts_draw(c);
    return NULL;
}

struct err *portal_client_settings_update(struct ctx *c)
{
    struct doc *client = NULL;
    struct chosen chosen;
    int changed = 0;
    TRY(ctx_row(c, &sql_portal_client_of, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    int64_t client_id = doc_int_of(client, "id");
    TRY(chosen_load(c, client_id, &chosen));
    for (int part = 0; part < PORTAL_PARTS; part++) {
        const char *choice = form_text(c, parts[part].word), *before = choice_of(chosen.of_client[part], true);
        bool is_locked = part == PORTAL_PHOTOS && !chosen.has_gallery;
        if (is_locked || !*choice || strcmp(choice, before) == 0)
            continue;
        TRY(option_put(c, client_id, (enum portal_part)part, choice));
        changed++;
    }
    journal_object(c, "client", client_id);
    c->journal.on_behalf_client_id = client_id;
    if (!changed)
        journal_skip(c);
    reply_see(c, "portal_updated", "%s/clients/%lld/portal", web_space(c), (long long)client_id);
    return NULL;
}
