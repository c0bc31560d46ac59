/* What stands around every page: bar, person, places, language, token. Made for HTML alone; never part of the JSON. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mandate/access.h"
#include "mandate/support.h"
#include "tpl/tpl.h"
#include "web/asset.h"
#include "web/inside.h"
#include "web/queries.h"

enum { SUB_MOST = 120, LIVE_MOST = 200 };

const char *web_text(const struct ctx *c, const char *french) { return tpl_text(c->tpl, c->lang, french); }
const char *web_address(const struct ctx *c) { return c->address; }
struct doc *web_page(struct ctx *c) { return c->web->page; }
const char *web_remote(const struct ctx *c) { return c->web->request.remote; }
const char *query_text(const struct ctx *c, const char *name) { return request_query(&c->web->request, name); }

struct err *web_brand(struct ctx *c, char space, const char *slug)
{
    struct doc *org = NULL;
    TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", slug)), &org));
    if (!org || (space == 'p' && !doc_bool_of(org, "is_portal_open")))
        return NULL;
    c->web->org = org;
    c->web->space = space;
    return NULL;
}

const char *web_space(const struct ctx *c)
{
    if (!c->web->space)
        return "";
    if (c->web->space == 'l')
        return arena_printf(c->arena, "/l/%s", path_text(c, "link"));
    static const char *const roots[] = { ['o'] = "o", ['p'] = "p", ['d'] = "partner", ['x'] = "operator" };
    return arena_printf(c->arena, "/%s/%s", roots[(int)c->web->space], doc_text_of(c->web->org, "slug"));
}

const char *web_back(struct ctx *c)
{
    const char *back = form_text(c, "back"), *space = web_space(c);
    size_t len = strlen(space);
    bool is_inside = text_starts(back, space) && (!back[len] || back[len] == '/') && !back[strspn(back, "abcdefghijklmnopqrstuvwxyz0123456789-/")];
    return is_inside && !strstr(back, "//") ? back : space;
}

static bool is_partner_space(const struct doc *row)
{
    return doc_bool_of(row, "is_partner") && text_same(doc_text_of(row, "kind"), "membership") && text_same(doc_text_of(row, "detail"), "collaborator");
}

const char *web_space_of(struct ctx *c, const struct doc *row)
{
    const char *slug = doc_text_of(row, "slug");
    if (is_partner_space(row))
        return arena_printf(c->arena, "/partner/%s/dossiers", slug);
    return arena_printf(c->arena, "/%c/%s", text_same(doc_text_of(row, "kind"), "membership") ? 'o' : 'p', slug);
}

static void brand_urls(struct ctx *c, struct doc *map, const struct doc *row)
{
    const char *slug = doc_text_of(row, "slug");
    long long version = (long long)doc_int_of(row, "brand_version");
    doc_set_text(map, "brand_url", arena_printf(c->arena, "/brand/%s.css?v=%lld", slug, version));
    doc_set_text(map, "logo_url", *doc_text_of(row, "logo") ? arena_printf(c->arena, "/brand/%s.logo?v=%lld", slug, version) : "");
}

/* White label (S-15): on the back office alone; on its portal an organization's own brand wins. Asked at every page, so that it ends with the dossier;
   a page that refuses has no transaction any more, and one of its own for this. */
static struct doc *shell_brand(struct ctx *c, int status)
{
    struct doc *row = NULL, *brand = doc_map(c->arena);
    if (!c->web->org || c->web->space != 'o' || !doc_int_of(c->web->org, "brand_org_id"))
        return NULL;
    bool is_begun = !db_in_transaction(c->db) && status < ERR_INTERNAL && !db_begin(c->db, c->arena, DB_READ);
    bool is_known = db_in_transaction(c->db) && !ctx_maybe(c, &sql_organization_brand, PARAMS(P_INT("at_org", doc_int_of(c->web->org, "id"))), &row) && row;
    if (is_begun)
        db_rollback(c->db);
    if (!is_known)
        return NULL;
    doc_set_text(brand, "brand_name", doc_text_of(row, "name"));
    brand_urls(c, brand, row);
    return brand;
}

static struct doc *shell_org(struct ctx *c)
{
    const struct doc *row = c->web->org;
    if (!row)
        return NULL;
    static const char *const kept[] = { "slug", "name", "tagline", "street", "postcode", "city", "email", "phone", "brand_color", NULL };
    struct doc *org = doc_map(c->arena);
    doc_pick_texts(org, row, kept);
    brand_urls(c, org, row);
    return org;
}

/* Is `path` this place, or below it? The first place (the space itself) only when it is exactly that. */
static bool place_is_current(struct ctx *c, const char *href, bool is_home)
{
    const char *path = c->web->request.path;
    size_t len = strlen(href);
    return strcmp(path, href) == 0 || (!is_home && strncmp(path, href, len) == 0 && path[len] == '/');
}

static bool place_is_also(struct ctx *c, const struct place *p)
{
    for (const char *const *path = p->also; path && *path; path++)
        if (place_is_current(c, arena_printf(c->arena, "%s%s", web_space(c), *path), false))
            return true;
    return false;
}

static void shell_places_add(struct ctx *c, struct doc *places, bool is_last, bool in_profile)
{
    for (const struct feature *const *f = c->app->features; *f; f++)
        for (const struct place *p = (*f)->places; p && p->label; p++) {
            if (p->is_last != is_last || p->in_profile != in_profile || p->space != c->web->space || !ctx_may(c, p->right))
                continue;
            struct doc *place = doc_map(c->arena);
            const char *href = arena_printf(c->arena, "%s%s", web_space(c), p->path);
            doc_set_text(place, "href", href);
            doc_set_text(place, "label", web_text(c, p->label));
            doc_set_bool(place, "is_current", place_is_current(c, href, !*p->path) || place_is_also(c, p));
            doc_push(places, place);
        }
}

static struct doc *shell_places(struct ctx *c, bool in_profile)
{
    struct doc *places = doc_list(c->arena);
    shell_places_add(c, places, false, in_profile);
    shell_places_add(c, places, true, in_profile);
    return places;
}

/* One back office or one portal, whatever of it is open and for how many clients. */
static bool space_is_same(const struct doc *row, const struct doc *other)
{
    return text_same(doc_text_of(row, "slug"), doc_text_of(other, "slug")) && text_same(doc_text_of(row, "kind"), doc_text_of(other, "kind"));
}

static bool is_access(const struct doc *row) { return strcmp(doc_text_of(row, "kind"), "access") == 0; }

/* What this person has anywhere: rows of spaces_of_person. */
static struct doc *shell_rows(struct ctx *c)
{
    struct doc *rows = NULL;
    if (!c->who.person_id || !db_in_transaction(c->db) || ctx_rows(c, &sql_spaces_of_person, NULL, &rows))
        return doc_list(c->arena);
    return rows;
}

static const char *client_label(const struct ctx *c, const struct doc *row)
{
    const char *name = doc_text_of(row, "client_name");
    return *name ? name : web_text(c, N_("vous-même"));
}

/* For whom this person can act in this portal; empty where there is nothing to choose. */
static struct doc *shell_clients(struct ctx *c, const struct doc *rows)
{
    struct doc *clients = doc_list(c->arena);
    int64_t last_id = 0;
    for (size_t i = 0; c->web->space == 'p' && i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        int64_t id = doc_int_of(row, "contact_id");
        if (!is_access(row) || !text_same(doc_text_of(row, "slug"), doc_text_of(c->web->org, "slug")) || id == last_id)
            continue;
        struct doc *client = doc_map(c->arena);
        doc_set_int(client, "id", last_id = id);
        doc_set_text(client, "name", client_label(c, row));
        doc_set_bool(client, "is_current", id == c->who.contact_id);
        doc_push(clients, client);
    }
    return doc_count(clients) > 1 ? clients : doc_list(c->arena);
}

/* Where a change of client leads: the list one stands in; what it opens is another's. */
static const char *shell_clients_back(const struct doc *shell)
{
    const struct doc *places = doc_get(shell, "places");
    for (size_t i = 0; i < doc_count(places); i++)
        if (doc_bool_of(doc_at(places, i), "is_current"))
            return doc_text_of(doc_at(places, i), "href");
    return doc_text_of(shell, "home");
}

static const char *client_of_contact(const struct ctx *c, const struct doc *rows, int64_t contact_id)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "contact_id") == contact_id)
            return client_label(c, doc_at(rows, i));
    return web_text(c, N_("un autre client"));
}

void shell_other_client(struct ctx *c)
{
    struct doc *page = c->web->page;
    bool is_begun = !db_in_transaction(c->db) && !db_begin(c->db, c->arena, DB_READ);
    const struct doc *rows = shell_rows(c);
    doc_set_int(page, "other_id", c->web->form_contact_id);
    doc_set_text(page, "other_name", client_of_contact(c, rows, c->web->form_contact_id));
    doc_set_text(page, "other_token", form_token_as(c, c->web->form_contact_id));
    doc_set_text(page, "chosen_name", client_of_contact(c, rows, c->who.contact_id));
    if (is_begun)
        db_rollback(c->db);
}

static void space_also(struct ctx *c, struct doc *space, const char *client_name)
{
    const char *sub = doc_text_of(space, "sub");
    if (strlen(sub) + strlen(client_name) < SUB_MOST)
        doc_set_text(space, "sub", arena_printf(c->arena, "%s%s%s", sub, *sub && *client_name ? ", " : "", client_name));
}

static void space_add(struct ctx *c, struct doc *spaces, const char *href, const struct doc *row, const char *sub)
{
    struct doc *space = doc_map(c->arena);
    const char *here = web_space(c);
    size_t len = strlen(here);
    doc_set_text(space, "href", href);
    doc_set_text(space, "label", doc_text_of(row, "name"));
    doc_set_text(space, "sub", sub);
    doc_set_bool(space, "is_member", text_same(doc_text_of(row, "kind"), "membership"));
    doc_set_bool(space, "is_current", len && strncmp(href, here, len) == 0 && (!href[len] || href[len] == '/'));
    doc_push(spaces, space);
}

/* Beside a partner's back office, its « Espace partenaire »: for who sees the dossiers there. */
static void space_partner_add(struct ctx *c, struct doc *spaces, const struct doc *row)
{
    bool sees = mandate_gives(MANDATE_MEMBERSHIP, doc_text_of(row, "detail")) & RIGHT_BIT(RIGHT_DOSSIER_READ);
    if (sees && doc_bool_of(row, "is_partner") && text_same(doc_text_of(row, "kind"), "membership"))
        space_add(c, spaces, arena_printf(c->arena, "/partner/%s/dossiers", doc_text_of(row, "slug")), row, web_text(c, N_("Espace partenaire")));
}

/* Beside the operator's back office its own pages: for who may operate. */
static void space_operator_add(struct ctx *c, struct doc *spaces, const struct doc *row)
{
    bool operates = mandate_gives(MANDATE_MEMBERSHIP, doc_text_of(row, "detail")) & RIGHT_BIT(RIGHT_OPERATE);
    if (operates && doc_bool_of(row, "is_operator") && text_same(doc_text_of(row, "kind"), "membership"))
        space_add(c, spaces, arena_printf(c->arena, "/operator/%s/organizations", doc_text_of(row, "slug")), row, web_text(c, N_("Espace éditeur")));
}

/* Is the last one a partner's? */
static bool is_partner_shown(const struct doc *spaces) { return text_starts(doc_text_of(doc_at(spaces, doc_count(spaces) - 1), "href"), "/partner/"); }

/* Other places this person can go to; the one shown is marked. */
static struct doc *shell_spaces(struct ctx *c, const struct doc *rows)
{
    struct doc *spaces = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        if (i > 0 && space_is_same(row, doc_at(rows, i - 1))) {
            if (!text_same(doc_text_of(row, "client_name"), doc_text_of(doc_at(rows, i - 1), "client_name")))
                space_also(c, doc_at_mut(spaces, doc_count(spaces) - 1), doc_text_of(row, "client_name"));
            if (is_partner_space(row) && !is_partner_shown(spaces))
                space_partner_add(c, spaces, row);
            continue;
        }
        if (!is_partner_space(row))
            space_add(c, spaces, web_space_of(c, row), row, is_access(row) ? doc_text_of(row, "client_name") : "");
        space_partner_add(c, spaces, row);
        space_operator_add(c, spaces, row);
    }
    return spaces;
}

static bool has_organizations(const struct doc *spaces)
{
    for (size_t i = 0; i < doc_count(spaces); i++)
        if (doc_bool_of(doc_at(spaces, i), "is_member"))
            return true;
    return false;
}

/* The name or the title that stands under the person's; a member's row says as well who is here to help. */
static const struct doc *shell_title(struct ctx *c)
{
    struct doc *row = NULL;
    const struct query *q = c->who.client_id ? &sql_client_title : c->who.member_id ? &sql_member_title : NULL;
    if (!c->who.person_id || !q || !db_in_transaction(c->db) || ctx_maybe(c, q, NULL, &row))
        return NULL;
    return row;
}

static struct doc *shell_person(struct ctx *c, const struct doc *row)
{
    if (!c->who.person_id)
        return NULL;
    struct doc *person = doc_map(c->arena);
    doc_set_text(person, "name", c->who.person_name);
    doc_set_text(person, "email", c->who.person_email);
    doc_set_text(person, "role", c->who.support_id ? c->who.partner_name : !row ? "" : doc_text_of(row, c->who.client_id ? "name" : "title"));
    return person;
}

/* Inside a support session: for whom, who, why and how long still, for the banner (S-14). */
static struct doc *shell_support(struct ctx *c, int status)
{
    if (!c->who.support_id || !c->web->org || c->who.support_ends_at <= c->now_ms)
        return NULL;
    struct doc *support = doc_map(c->arena);
    int64_t left_ms = c->who.support_ends_at - c->now_ms;
    bool is_page = c->web->route->method == METHOD_GET && status == 200;
    doc_set_text(support, "name", doc_text_of(c->web->org, "name"));
    doc_set_text(support, "person", c->who.person_name);
    doc_set_text(support, "partner", c->who.partner_name);
    doc_set_text(support, "reason", c->who.support_reason);
    doc_set_int(support, "ends_at", c->who.support_ends_at);
    doc_set_int(support, "left_ms", left_ms);
    doc_set_int(support, "left_minutes", (left_ms + CLOCK_MINUTE_MS - 1) / CLOCK_MINUTE_MS);
    doc_set_text(support, "back", is_page ? c->web->request.path : web_space(c));
    return support;
}

/* S-14: the members of an organization see on each page of its back office who of a partner is in it. Where nobody is, but somebody may come, the
   line is there empty, for the script to look. */
static struct doc *shell_live(struct ctx *c, const struct doc *title)
{
    struct doc *live = doc_map(c->arena), *rows = NULL;
    struct buf ids;
    if (c->web->space != 'o' || !c->who.member_id || !doc_bool_of(title, "is_helped"))
        return NULL;
    if (!doc_bool_of(title, "is_live") || support_live_rows(c, &rows))
        rows = doc_list(c->arena);
    buf_init(&ids, c->arena, LIVE_MOST);
    for (size_t i = 0; i < doc_count(rows); i++)
        buf_printf(&ids, "%s%lld", i ? " " : "", (long long)doc_int_of(doc_at(rows, i), "id"));
    doc_set(live, "rows", rows);
    doc_set_text(live, "ids", buf_end(&ids));
    doc_set_bool(live, "can_read", ctx_may(c, RIGHT_MANDATE_READ));
    doc_set_bool(live, "can_end", ctx_may(c, RIGHT_MANDATE_MANAGE));
    doc_set_text(live, "script", asset_url(c->app->assets, "live.js"));
    return live;
}

static struct doc *shell_mandate(struct ctx *c)
{
    if (!c->who.mandate_id || !c->who.granted_at || c->who.link_id)
        return NULL;
    struct doc *mandate = doc_map(c->arena);
    doc_set_text(mandate, "granted_by", c->who.granted_by);
    doc_set_int(mandate, "granted_at", c->who.granted_at);
    doc_set_text(mandate, "right", right_word(c->web->route->right));
    return mandate;
}

static void shell_set(struct doc *shell, const char *key, struct doc *value)
{
    if (value)
        doc_set(shell, key, value);
    else
        doc_set_null(shell, key);
}

static struct doc *shell_words(struct ctx *c)
{
    bool is_french = strcmp(c->lang, "fr") == 0;
    struct doc *other = doc_map(c->arena);
    doc_set_text(other, "code", is_french ? "en" : "fr");
    doc_set_text(other, "name", is_french ? "English" : "Français");
    return other;
}

/* where help is asked, in the part of the space that everybody of it may open; "" where there is none. The page one comes from goes along, but
   not that of an error, nor an address that would want quoting. */
static const char *shell_help(struct ctx *c, bool is_error)
{
    if (!c->web->org || !c->who.org_id || !ctx_may(c, RIGHT_SPACE_OPEN) || c->who.support_id || c->who.link_id)
        return "";
    const char *href = arena_printf(c->arena, "/%c/%s/help", c->web->space == 'p' ? 'p' : 'o', doc_text_of(c->web->org, "slug"));
    const char *path = c->web->request.path;
    bool is_plain = path && !path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~")];
    return is_error || !is_plain || strcmp(path, href) == 0 ? href : arena_printf(c->arena, "%s?from=%s", href, path);
}

struct doc *shell_new(struct ctx *c, int status)
{
    struct doc *shell = doc_map(c->arena), *urls = doc_map(c->arena);
    doc_set_text(urls, "style", asset_url(c->app->assets, "style.css"));
    doc_set_text(urls, "script", asset_url(c->app->assets, "script.js"));
    doc_set_text(urls, "icons", asset_url(c->app->assets, "icons.svg"));
    doc_set_text(urls, "link", asset_url(c->app->assets, "link.js"));
    doc_set_text(urls, "gallery", asset_url(c->app->assets, "gallery.js"));
    doc_set_text(urls, "favicon", asset_url(c->app->assets, "mark.svg"));
    doc_set(shell, "assets", urls);
    doc_set_text(shell, "lang", c->lang);
    doc_set(shell, "other_lang", shell_words(c));
    doc_set_text(shell, "address", c->address);
    doc_set_text(shell, "space", arena_printf(c->arena, "%.1s", (char[2]){ c->web->space, '\0' }));
    doc_set_text(shell, "home", *web_space(c) ? web_space(c) : "/");
    shell_set(shell, "org", shell_org(c));
    shell_set(shell, "brand", shell_brand(c, status));
    const struct doc *title = shell_title(c);
    shell_set(shell, "person", shell_person(c, title));
    shell_set(shell, "live", shell_live(c, title));
    shell_set(shell, "support", shell_support(c, status));
    shell_set(shell, "mandate", shell_mandate(c));
    shell_set(shell, "link", shell_link(c));
    doc_set(shell, "places", c->who.org_id ? shell_places(c, false) : doc_list(c->arena));
    doc_set(shell, "profile_places", c->who.org_id ? shell_places(c, true) : doc_list(c->arena));
    const struct doc *rows = shell_rows(c);
    doc_set(shell, "spaces", shell_spaces(c, rows));
    doc_set(shell, "clients", shell_clients(c, rows));
    doc_set_text(shell, "clients_back", shell_clients_back(shell));
    doc_set_bool(shell, "has_organizations", has_organizations(doc_get(shell, "spaces")));
    doc_set_text(shell, "form_token", form_token(c));
    bool is_error = status >= 400 && status != ERR_INVALID;
    doc_set_text(shell, "help_href", shell_help(c, is_error));
    const char *notice = request_query(&c->web->request, "notice");
    doc_set_text(shell, "notice", strlen(notice) < 40 && !notice[strspn(notice, "abcdefghijklmnopqrstuvwxyz_")] ? notice : "");
    doc_set_text(shell, "path", c->web->request.path ? c->web->request.path : "/");
    doc_set_bool(shell, "is_demo", c->app->is_demo);
    doc_set_bool(shell, "is_error", is_error);   /* an error page carries nothing that differs from one to the next */
    doc_set_int(shell, "status", status);
    doc_set_int(shell, "now_at", c->now_ms);
    return shell;
}
