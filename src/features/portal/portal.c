/* The client's pages: what they share, the lists, and the routes. */
#include "features/portal/portal.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/calendar.h"
#include "features/portal/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { STRETCH = 1000, ASKED_FOR_MINUTES = 60, PARAMS_MOST = 20, COUNTED_MOST = 99 };

static const struct choice job_states[] = {
    { "to_plan", N_("À planifier") }, { "planned", N_("Planifiée") }, { "started", N_("En cours") }, { "done", N_("Terminée") }, { "cancelled", N_("Annulée") }, { 0 },
};

/* ---- What the pages share ---- */

struct err *scope_wide(struct ctx *c)
{
    return c->who.job_id ? ERR(c->arena, ERR_NOT_FOUND, "a link to one job opens nothing else") : NULL;
}

struct err *portal_open(struct ctx *c, struct portal_options *ret_options)
{
    struct doc *page = web_page(c), *org = NULL;
    if (!c->who.client_id)
        return ERR(c->arena, ERR_NOT_FOUND, "whoever is no client's has no jobs");
    TRY(portal_options_load(c, ret_options));
    portal_options_show(c, ret_options);
    if (!ret_options->is_on[PORTAL_CREATE] || c->who.job_id)
        c->who.rights &= ~RIGHT_BIT(RIGHT_JOB_ASK);     /* M-5: no more than its grantor gives now, also on the card of a link */
    doc_set_bool(page, "can_ask", ctx_may(c, RIGHT_JOB_ASK));
    doc_set_bool(page, "is_link", c->who.link_id != 0);
    doc_set_bool(page, "is_site", c->who.site_id != 0);
    doc_set_bool(page, "is_job", c->who.job_id != 0);
    TRY(c->who.link_id ? ctx_row(c, &sql_portal_organization, NULL, &org) : NULL);
    doc_set_bool(page, "has_account", doc_bool_of(org, "is_portal_open"));     /* « Suivre plus facilement » leads to the portal, where it is open */
    return NULL;
}

/* What is off is not in the document, so neither page nor API has it. */
void portal_off(struct doc *row, bool is_on, const char *const *names)
{
    for (; !is_on && *names; names++)
        doc_set_text(row, *names, "");
}

static struct err *head_client(struct ctx *c, const struct portal_options *options)
{
    static const char *const information[] = { "information", NULL };
    TRY(doc_row(c, "client", &sql_portal_client, NULL));
    portal_off(doc_get_mut(c->doc, "client"), options->is_on[PORTAL_INFORMATION], information);
    if (options->is_on[PORTAL_CONTACT])
        TRY(doc_maybe(c, "contact", &sql_portal_contact, NULL));
    return options->is_on[PORTAL_ATTACHMENTS] ? doc_rows(c, "attachments", &sql_portal_shared, NULL) : NULL;
}

static void site_off(struct doc *site, const struct portal_options *options)
{
    static const char *const information[] = { "information", NULL }, *const contact[] = { "contact_name", "contact_phone", "contact_email", NULL };
    portal_off(site, options->is_on[PORTAL_INFORMATION], information);
    portal_off(site, options->is_on[PORTAL_CONTACT], contact);
}

static struct err *site_row(struct ctx *c, const struct portal_options *options, int64_t site_id)
{
    TRY(doc_row(c, "site", &sql_portal_site_show, PARAMS(P_INT("of_site", site_id), IN_SITE(c))));
    site_off(doc_get_mut(c->doc, "site"), options);
    return NULL;
}

static const char *count_text(struct ctx *c, int64_t count)
{
    return count > COUNTED_MOST ? arena_printf(c->arena, "%d+", COUNTED_MOST) : arena_printf(c->arena, "%lld", (long long)count);
}

static void counts_show(struct ctx *c, const struct doc *row)
{
    struct doc *counts = doc_map(c->arena);
    doc_set_text(counts, "sites", count_text(c, doc_int_of(row, "site_count")));
    doc_set_text(counts, "equipment", count_text(c, doc_int_of(row, "equipment_count")));
    doc_set(web_page(c), "counts", counts);
}

struct err *portal_head(struct ctx *c, const struct portal_options *options)
{
    struct doc *counts = NULL;
    static const char *const heads[] = { "client", "site", "contact" };
    for (int i = 0; i < 3; i++)
        doc_set_null(c->doc, heads[i]);
    doc_set(c->doc, "attachments", doc_list(c->arena));
    TRY(c->who.site_id ? site_row(c, options, c->who.site_id) : head_client(c, options));
    struct doc *attachments = doc_get_mut(c->doc, "attachments");
    for (size_t i = 0; i < doc_count(attachments); i++) {
        struct doc *file = doc_at_mut(attachments, i);
        doc_set_text(file, "href", arena_printf(c->arena, "%s/shared/%lld", web_space(c), (long long)doc_int_of(file, "id")));
    }
    TRY(ctx_row(c, &sql_portal_counts, PARAMS(IN_SITE(c)), &counts));
    counts_show(c, counts);
    return NULL;
}

/* ---- Lists ---- */

/* A search takes always three words: the first stands in where there are fewer. */
static struct param word_or(struct param p, struct param first, const char *name)
{
    if (p.kind == PARAM_ABSENT)
        p = first;
    p.name = name;
    return p;
}

struct err *portal_list_page(struct ctx *c, const struct portal_list *of, const struct param *params)
{
    struct word_search s = word_filter(c, "search");
    bool is_cut = false;
    doc_set_bool(web_page(c), "is_cut", false);
    if (!s.is_any)
        return doc_page(c, of->key, of->list, of->column, params);
    struct param *all = ARENA_ARRAY(c->arena, struct param, PARAMS_MOST + 1);
    const struct param own[] = { s.word, word_or(s.word2, s.word, "word2"), word_or(s.word3, s.word, "word3"), P_INT("stretch", STRETCH) };
    size_t count = sizeof own / sizeof *own;
    memcpy(all, own, sizeof own);
    for (const struct param *p = params; p->name && count < PARAMS_MOST; p++)
        all[count++] = *p;
    TRY(doc_page_walk(c, of->key, of->search, of->column, all, of->end, &is_cut));
    doc_set_bool(web_page(c), "is_cut", is_cut);
    return NULL;
}

static const struct portal_list job_list = { "jobs", "id", &sql_portal_job_list, &sql_portal_job_search, &sql_portal_job_search_end };

/* L-5: the confirmation that pops up over the list, once what was asked for is there. */
static struct err *asked_show(struct ctx *c, const struct portal_options *options)
{
    struct doc *asked = NULL;
    int64_t id = 0;
    if (text_int(query_text(c, "asked"), &id) && id > 0)
        TRY(ctx_maybe(c, &sql_portal_job_asked, PARAMS(P_INT("of_job", id), P_INT("asked_since", c->now_ms - ASKED_FOR_MINUTES * CLOCK_MINUTE_MS), SEES(options)), &asked));
    if (asked)
        doc_set(web_page(c), "asked", asked);
    else
        doc_set_null(web_page(c), "asked");
    return NULL;
}

/* Which site: the link's, or one that was chosen where there are several to choose from. */
static struct err *site_filter(struct ctx *c, const struct portal_options *options, struct param *ret_site)
{
    struct doc *sites = doc_list(c->arena);
    bool can_choose = options->is_on[PORTAL_SITES] && !c->who.site_id;
    *ret_site = can_choose ? filter_id(c, "site") : IN_SITE(c);
    ret_site->name = "in_site";
    if (can_choose)
        TRY(ctx_rows(c, &sql_portal_sites, PARAMS(P_ABSENT("in_site")), &sites));
    filter_options(c, "site", sites);
    doc_set_bool(web_page(c), "shows_site", can_choose);
    return NULL;
}

/* L-3. A link to one job leads to it. */
struct err *portal_job_list(struct ctx *c)
{
    struct portal_options options;
    struct param site;
    TRY(portal_open(c, &options));
    if (c->who.job_id) {
        reply_see(c, NULL, JOB_HREF, web_space(c), (long long)c->who.job_id);
        return NULL;
    }
    TRY(portal_head(c, &options));
    TRY(asked_show(c, &options));
    TRY(calendar_show(c, options.is_on[PORTAL_CALENDAR]));
    TRY(site_filter(c, &options, &site));
    struct param state = filter_choice(c, "state", job_states);
    filter_choices(c, "state", job_states);
    return portal_list_page(c, &job_list, PARAMS(site, state, ONLY_SITE(c), SEES(&options)));
}

struct err *portal_jobs_of_site(struct ctx *c, const struct portal_options *options, int64_t site_id)
{
    return doc_page(c, "jobs", &sql_portal_job_list, "id", PARAMS(P_INT("in_site", site_id), P_ABSENT("state"), ONLY_SITE(c), SEES(options)));
}

struct err *portal_jobs_of_equipment(struct ctx *c, const struct portal_options *options, int64_t equipment_id)
{
    return doc_page(c, "jobs", &sql_portal_job_of_equipment, "id", PARAMS(P_INT("of_equipment", equipment_id), IN_SITE(c), ONLY_SITE(c), SEES(options)));
}

static const struct portal_list site_list = { "sites", "name_key", &sql_portal_site_list, &sql_portal_site_search, &sql_portal_site_search_end };
static const struct portal_list equipment_list = { "equipment", "name_key", &sql_portal_equipment_list, &sql_portal_equipment_search, &sql_portal_equipment_search_end };

/* A page of one tab: in reach, switched on, with the head. */
static struct err *tab_open(struct ctx *c, enum portal_part part, struct portal_options *ret_options)
{
    TRY(scope_wide(c));
    TRY(portal_open(c, ret_options));
    return ret_options->is_on[part] ? NULL : ERR(c->arena, ERR_NOT_FOUND, "this part is off here");
}

struct err *portal_site_list(struct ctx *c)
{
    struct portal_options options;
    TRY(tab_open(c, PORTAL_SITES, &options));
    TRY(portal_head(c, &options));
    return portal_list_page(c, &site_list, PARAMS(IN_SITE(c)));
}

struct err *portal_equipment_list(struct ctx *c)
{
    struct portal_options options;
    struct param site;
    TRY(tab_open(c, PORTAL_EQUIPMENT, &options));
    TRY(portal_head(c, &options));
    TRY(site_filter(c, &options, &site));
    return portal_list_page(c, &equipment_list, PARAMS(site, SEES(&options)));
}

/* ---- Entries, each with its jobs (L-4) ---- */

struct err *portal_site_show(struct ctx *c)
{
    struct portal_options options;
    TRY(tab_open(c, PORTAL_SITES, &options));
    TRY(site_row(c, &options, path_id(c, "site")));
    return portal_jobs_of_site(c, &options, path_id(c, "site"));
}

struct err *portal_equipment_show(struct ctx *c)
{
    static const char *const information[] = { "information", NULL };
    struct portal_options options;
    TRY(tab_open(c, PORTAL_EQUIPMENT, &options));
    TRY(doc_row(c, "equipment", &sql_portal_equipment_show, PARAMS(P_INT("of_equipment", path_id(c, "equipment")), IN_SITE(c), SEES(&options))));
    portal_off(doc_get_mut(c->doc, "equipment"), options.is_on[PORTAL_INFORMATION], information);
    return portal_jobs_of_equipment(c, &options, path_id(c, "equipment"));
}

/* ---- Routes ---- */

/* The same page for who is signed in and for who has a link. */
#define BOTH(method_, rest, right_, handler_, ...) \
    method_("/p/:portal" rest, right_, handler_ __VA_OPT__(,) __VA_ARGS__), method_("/l/:link" rest, right_, handler_ __VA_OPT__(,) __VA_ARGS__)

static const struct route portal_routes[] = {
    BOTH(GET,  "/jobs",                         JOB_READ, portal_job_list),
    BOTH(GET,  "/jobs/new",                     JOB_ASK,  portal_job_new),
    BOTH(POST, "/jobs",                         JOB_ASK,  portal_job_create, .form = portal_job_form, AGAIN(portal_job_new)),
    BOTH(GET,  "/jobs/:job",                    JOB_READ, portal_job_show),
    BOTH(GET,  "/jobs/:job/files/:jobfile",     JOB_READ, portal_job_file, .is_raw = true),
    BOTH(GET,  "/shared/:attachment",           JOB_READ, portal_shared_file, .is_raw = true),
    BOTH(GET,  "/sites",                        JOB_READ, portal_site_list),
    BOTH(GET,  "/sites/:site",                  JOB_READ, portal_site_show),
    BOTH(GET,  "/equipment",                    JOB_READ, portal_equipment_list),
    BOTH(GET,  "/equipment/:equipment",         JOB_READ, portal_equipment_show),

    GET ("/o/:org/settings/portal",             ORGANIZATION_MANAGE, portal_settings),
    POST("/o/:org/settings/portal",             ORGANIZATION_MANAGE, portal_settings_update, .form = portal_settings_form, AGAIN(portal_settings)),
    GET ("/o/:org/clients/:client/portal",      ACCESS_GRANT, portal_client_settings),
    POST("/o/:org/clients/:client/portal",      ACCESS_GRANT, portal_client_settings_update, .form = portal_client_form, AGAIN(portal_client_settings)),
    { 0 },
};

static const char *const portal_also[] = { "/sites", "/equipment", NULL };
static const struct place portal_places[] = { { 'p', RIGHT_JOB_READ, "/jobs", N_("Interventions"), portal_also }, { 0 } };

const struct feature portal_feature = { .name = "portal", .routes = portal_routes, .places = portal_places };
