/* The back office's pages of links (L-1): given on the sheet of a client, a site or a job, shown again at any time, mailed, limited, paused, renewed, withdrawn. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/account/account.h"
#include "features/client/client.h"
#include "features/job/job.h"
#include "features/link/inside.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/journal.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"
#include "tpl/zone.h"

enum { OPENINGS_MOST = 100000, DAYS_MOST = 3660, WORDING_MOST = 2000 };

static const struct choice scopes[] = { { "client", N_("Toute l’activité du client") }, { "site", N_("Un site") }, { "job", N_("Une intervention") }, { 0 } };
static const struct choice states[] = { { "active", N_("En cours") }, { "paused", N_("Suspendus") }, { "ended", N_("Terminés") }, { 0 } };

#define FIELDS_LIMITS \
    { "ends_on", FIELD_TEXT, N_("Date de fin"), .max = 10, .hint = N_("Vide : jusqu’à ce qu’il soit retiré.") }, \
    { "most_openings", FIELD_TEXT, N_("Ouvertures"), .max = 6, .hint = N_("Vide : sans limite.") }, \
    { "asks_code", FIELD_BOOL, N_("Demander un code"), .hint = N_("Depuis un lieu jamais vu, et après 14 jours sans usage.") }, \
    { "contact_id", FIELD_ID, N_("Contact qui reçoit le code") }

const struct field link_create_form[] = {
    { "scope", FIELD_CHOICE, N_("Ce que le lien ouvre"), REQUIRED, .choices = scopes },
    { "site_id", FIELD_ID, N_("Site") },
    { "job_id", FIELD_ID, N_("Intervention") },
    { "can_ask", FIELD_BOOL, N_("Peut demander une intervention") },
    FIELDS_LIMITS, { 0 },
};
const struct field link_update_form[] = { FIELDS_LIMITS, { 0 } };
const struct field link_mail_form[] = {
    { "contact_id", FIELD_ID, N_("Destinataire"), REQUIRED },
    { "note", FIELD_LONG, N_("Votre message"), .max = 1000 },
    { 0 },
};

static int64_t link_id(const struct ctx *c) { return path_id(c, "link"); }

/* ---- A link as it is shown ---- */

static void line_fill(struct ctx *c, struct doc *row)
{
    int64_t start = doc_int_of(row, "starts_at"), end = doc_int_of(row, "ends_at"), gone = c->now_ms - start;
    const char *state = link_state(row, c->now_ms);
    bool stands = !text_same(state, "past") && !text_same(state, "withdrawn");
    doc_set_text(row, "link_state", state);
    doc_set_bool(row, "stands", stands);
    doc_set_int(row, "past_percent", end <= start ? 0 : gone >= end - start ? 100 : gone > 0 ? gone * 100 / (end - start) : 0);
    doc_set_bool(row, "can_see_mandates", ctx_may(c, RIGHT_MANDATE_READ));
}

/* The address, where one link is looked at: no list carries those of many. */
static void address_fill(struct ctx *c, struct doc *row)
{
    doc_set_text(row, "address", doc_bool_of(row, "stands") ? link_address(c, doc_int_of(row, "id"), doc_int_of(row, "generation")) : "");
}

static void lines_fill(struct ctx *c, const char *key)
{
    struct doc *rows = doc_get_mut(c->doc, key);
    for (size_t i = 0; i < doc_count(rows); i++)
        line_fill(c, doc_at_mut(rows, i));
}

/* ---- Days ---- */

static const char *day_text(struct ctx *c, const struct zone *zone, int64_t at_ms)
{
    return job_day_text(c->arena, zone_day(zone, at_ms));
}

/* The last moment of the day that was typed, where the organization is; 0: none was. */
static struct err *end_read(struct ctx *c, int64_t *ret_ends_at)
{
    const struct zone *zone = NULL;
    int64_t day = 0;
    *ret_ends_at = 0;
    if (!*form_text(c, "ends_on"))
        return NULL;
    if (!clock_day_read(form_text(c, "ends_on"), &day))
        return form_error(c, "ends_on", N_("Indiquez un jour, comme 2027-03-31."));
    TRY(job_zone(c, &zone));
    *ret_ends_at = zone_moment_ms(zone, day + 1, 0) - 1;
    if (*ret_ends_at <= c->now_ms || *ret_ends_at > c->now_ms + DAYS_MOST * CLOCK_DAY_MS)
        return form_error(c, "ends_on", N_("Choisissez un jour à venir."));
    return NULL;
}

/* ---- Limits, the same for a new link and for one that stands ---- */

static struct err *contact_check(struct ctx *c, int64_t client_id, int64_t contact_id, struct doc **ret_contact)
{
    TRY(ctx_maybe(c, &sql_link_contact_of, PARAMS(P_INT("of_client", client_id), P_INT("of_contact", contact_id)), ret_contact));
    return *ret_contact ? NULL : form_error(c, "contact_id", N_("Choisissez un contact de ce client qui a une adresse e-mail."));
}

static struct err *limits_read(struct ctx *c, struct link_wish *wish)
{
    const char *most = form_text(c, "most_openings");
    struct doc *contact = NULL;
    TRY(end_read(c, &wish->ends_at));
    if (*most && (!text_int(most, &wish->most_openings) || wish->most_openings < 1 || wish->most_openings > OPENINGS_MOST))
        return form_error(c, "most_openings", N_("Indiquez un nombre, ou laissez vide."));
    wish->asks_code = form_bool(c, "asks_code");
    wish->contact_id = form_id(c, "contact_id");
    return wish->asks_code || wish->contact_id ? contact_check(c, wish->client_id, wish->contact_id, &contact) : NULL;
}

static struct err *contacts_offer(struct ctx *c, int64_t client_id, const char *none)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_link_contacts, PARAMS(P_INT("of_client", client_id)), &rows));
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_text(doc_at_mut(rows, i), "name", arena_printf(c->arena, "%s, %s", doc_text_of(doc_at(rows, i), "name"), doc_text_of(doc_at(rows, i), "email")));
    form_options(c, "contact_id", rows, none);
    return NULL;
}

static struct err *wording_make(struct ctx *c, const struct doc *row, const struct link_wish *wish, const char **ret_wording)
{
    struct buf out;
    static const char *const texts[] = { "client_name", "site_name", NULL };
    static const char *const numbers[] = { "job_number", NULL };
    struct doc *data = doc_map(c->arena);
    buf_init(&out, c->arena, WORDING_MOST);
    doc_pick_texts(data, row, texts);
    doc_pick_ints(data, row, numbers);
    doc_set_bool(data, "can_ask", wish->can_ask && !wish->job_id);
    doc_set_int(data, "ends_at", wish->ends_at);
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "link_wording.txt", data, &out));
    *ret_wording = text_trim(c->arena, buf_end(&out));
    return NULL;
}

/* ---- « Lien sécurisé » of a client, a site, a job ---- */

/* What the page was asked for: a site's or a job's link, where the address says so. */
static int64_t query_id(const struct ctx *c, const char *name)
{
    int64_t id = 0;
    return text_int(query_text(c, name), &id) && id > 0 ? id : 0;
}

static void scopes_show(struct ctx *c, int64_t site_id, int64_t job_id)
{
    struct doc *list = doc_list(c->arena);
    const char *typed = form_text(c, "scope"), *chosen = *typed ? typed : job_id ? "job" : site_id ? "site" : "client";
    for (const struct choice *choice = scopes; choice->value; choice++) {
        struct doc *scope = doc_map(c->arena);
        doc_set_text(scope, "value", choice->value);
        doc_set_text(scope, "label", web_text(c, choice->label));
        doc_set_bool(scope, "is_checked", text_same(choice->value, chosen));
        doc_push(list, scope);
    }
    doc_set(web_page(c), "scopes", list);
}

/* The one that stands already for just what was asked for: its address is shown first. */
static struct err *shown_put(struct ctx *c, int64_t site_id, int64_t job_id)
{
    const struct doc *rows = doc_get(c->doc, "links");
    int64_t id = 0;
    for (size_t i = 0; i < doc_count(rows) && !id; i++) {
        const struct doc *row = doc_at(rows, i);
        if (doc_int_of(row, "site_id") == site_id && doc_int_of(row, "job_id") == job_id && text_same(doc_text_of(row, "link_state"), "active"))
            id = doc_int_of(row, "id");
    }
    doc_set_null(c->doc, "shown");
    if (!id)
        return NULL;
    TRY(doc_row(c, "shown", &sql_link_show, PARAMS(P_INT("of_link", id))));
    line_fill(c, doc_get_mut(c->doc, "shown"));
    address_fill(c, doc_get_mut(c->doc, "shown"));
    return NULL;
}

static struct err *form_begin(struct ctx *c, int64_t client_id, int64_t site_id, int64_t job_id)
{
    const struct zone *zone = NULL;
    struct doc *sites = NULL, *jobs = NULL;
    const struct param *of = PARAMS(P_INT("of_client", client_id));
    TRY(job_zone(c, &zone));
    TRY(ctx_rows(c, &sql_link_sites, of, &sites));
    TRY(ctx_rows(c, &sql_link_jobs, of, &jobs));
    form_show(c, link_create_form);
    scopes_show(c, site_id, job_id);
    form_value(c, "can_ask", "1");
    form_value(c, "ends_on", day_text(c, zone, c->now_ms + LINK_OFFERED_DAYS * CLOCK_DAY_MS));
    form_value_id(c, "site_id", site_id);
    form_value_id(c, "job_id", job_id);
    form_options(c, "site_id", sites, N_("Aucun en particulier"));
    form_options(c, "job_id", jobs, N_("Aucune en particulier"));
    return contacts_offer(c, client_id, N_("Personne"));
}

struct err *client_links(struct ctx *c)
{
    int64_t client_id = path_id(c, "client"), site_id = query_id(c, "site"), job_id = query_id(c, "job");
    const struct param *of = PARAMS(P_INT("of_client", client_id));
    TRY(doc_row(c, "client", &sql_link_client, of));
    TRY(doc_rows(c, "links", &sql_link_live, of));
    lines_fill(c, "links");
    TRY(shown_put(c, job_id ? 0 : site_id, job_id));
    return form_begin(c, client_id, site_id, job_id);
}

struct err *link_of_client(struct ctx *c, int64_t client_id)
{
    doc_set(c->doc, "links", doc_list(c->arena));
    if (!ctx_may(c, RIGHT_LINK_MANAGE))
        return NULL;
    TRY(doc_rows(c, "links", &sql_link_live, PARAMS(P_INT("of_client", client_id))));
    lines_fill(c, "links");
    return NULL;
}

/* What is another client's does not exist here, chosen or not. */
static struct err *choice_check(struct ctx *c, const struct link_wish *wish, const char *field, const char *param)
{
    struct doc *row = NULL;
    int64_t id = form_id(c, field);
    bool is_site = text_same(param, "of_site");
    if (!id)
        return NULL;
    TRY(ctx_maybe(c, &sql_link_scope, PARAMS(P_INT("of_client", wish->client_id), P_ANY("of_site", is_site, P_INT("of_site", id)),
        P_ANY("of_job", !is_site, P_INT("of_job", id)), P_ABSENT("of_contact")), &row));
    return row ? NULL : form_error(c, field, N_("Cela n’est pas de ce client."));
}

static struct err *scope_read(struct ctx *c, struct link_wish *wish)
{
    const char *scope = form_text(c, "scope");
    TRY(choice_check(c, wish, "site_id", "of_site"));
    TRY(choice_check(c, wish, "job_id", "of_job"));
    wish->site_id = text_same(scope, "site") ? form_id(c, "site_id") : 0;
    wish->job_id = text_same(scope, "job") ? form_id(c, "job_id") : 0;
    if (text_same(scope, "site") && !wish->site_id)
        return form_error(c, "site_id", N_("Choisissez le site."));
    return text_same(scope, "job") && !wish->job_id ? form_error(c, "job_id", N_("Choisissez l’intervention.")) : NULL;
}

struct err *link_create(struct ctx *c)
{
    struct link_wish wish = { .client_id = path_id(c, "client"), .can_ask = form_bool(c, "can_ask"), .wording = "" };
    struct doc *client = NULL, *row = NULL;
    int64_t id = 0;
    TRY(ctx_row(c, &sql_link_client, PARAMS(P_INT("of_client", wish.client_id)), &client));
    TRY(scope_read(c, &wish));
    TRY(limits_read(c, &wish));
    TRY(link_give(c, &wish, &id));
    TRY(ctx_row(c, &sql_link_show, PARAMS(P_INT("of_link", id)), &row));
    TRY(wording_make(c, row, &wish, &wish.wording));
    TRY(link_word(c, id, wish.wording));
    c->journal.on_behalf_client_id = wish.client_id;
    journal_object(c, "link", id);
    journal_text(c, "client", doc_text_of(client, "name"));
    reply_see(c, "link_created", "%s/links/%lld", web_space(c), (long long)id);
    return NULL;
}

/* ---- One link ---- */

static struct err *openings_show(struct ctx *c)
{
    TRY(doc_page(c, "openings", &sql_link_openings, "opened_at", PARAMS(P_INT("of_link", link_id(c)), P_INT("idle_since", c->now_ms - LINK_IDLE_HOURS * CLOCK_HOUR_MS))));
    struct doc *rows = doc_get_mut(c->doc, "openings");
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        const char *browser = "", *system = "";
        device_read(doc_text_of(row, "agent"), &browser, &system);
        doc_set_text(row, "device", *browser && *system ? arena_printf(c->arena, "%s, %s", browser, system) : *browser ? browser : system);
    }
    return NULL;
}

static struct err *link_row(struct ctx *c)
{
    TRY(doc_row(c, "link", &sql_link_show, PARAMS(P_INT("of_link", link_id(c)))));
    line_fill(c, doc_get_mut(c->doc, "link"));
    address_fill(c, doc_get_mut(c->doc, "link"));
    return NULL;
}

struct err *link_show(struct ctx *c)
{
    const struct zone *zone = NULL;
    TRY(link_row(c));
    TRY(openings_show(c));
    const struct doc *link = doc_get(c->doc, "link");
    int64_t end = doc_int_of(link, "ends_at");
    TRY(job_zone(c, &zone));
    form_show(c, link_update_form);
    form_value(c, "ends_on", end ? day_text(c, zone, end) : "");
    form_value_id(c, "most_openings", doc_int_of(link, "most_openings"));
    form_value(c, "asks_code", doc_bool_of(link, "asks_code") ? "1" : "");
    form_value_id(c, "contact_id", doc_int_of(link, "contact_id"));
    return contacts_offer(c, doc_int_of(link, "client_id"), N_("Personne"));
}

/* The row, for an act on it; its client is named in the journal. */
static struct err *act_begin(struct ctx *c, struct doc **ret_row)
{
    TRY(ctx_row(c, &sql_link_show, PARAMS(P_INT("of_link", link_id(c))), ret_row));
    c->journal.on_behalf_client_id = doc_int_of(*ret_row, "client_id");
    journal_object(c, "link", link_id(c));
    journal_text(c, "client", doc_text_of(*ret_row, "client_name"));
    return NULL;
}

static void act_end(struct ctx *c, const char *notice) { reply_see(c, notice, "%s/links/%lld", web_space(c), (long long)link_id(c)); }

struct err *link_update(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(act_begin(c, &row));
    struct link_wish wish = { .client_id = doc_int_of(row, "client_id"), .site_id = doc_int_of(row, "site_id"), .job_id = doc_int_of(row, "job_id"),
        .can_ask = text_same(doc_text_of(row, "detail"), "ask") };
    TRY(limits_read(c, &wish));
    TRY(wording_make(c, row, &wish, &wish.wording));
    TRY(link_change(c, link_id(c), &wish));
    TRY(link_word(c, link_id(c), wish.wording));
    act_end(c, "link_updated");
    return NULL;
}

static struct err *act(struct ctx *c, struct err *change(struct ctx *c, int64_t id), const char *notice)
{
    struct doc *row = NULL;
    TRY(act_begin(c, &row));
    TRY(change(c, link_id(c)));
    act_end(c, notice);
    return NULL;
}

static struct err *withdraw(struct ctx *c, int64_t id) { return mandate_end(c, id, 0, "withdrawn"); }

struct err *link_pausing(struct ctx *c) { return act(c, link_pause, "link_paused"); }
struct err *link_resuming(struct ctx *c) { return act(c, link_resume, "link_resumed"); }
struct err *link_renewing(struct ctx *c) { return act(c, link_renew, "link_renewed"); }
struct err *link_withdrawing(struct ctx *c) { return act(c, withdraw, "link_withdrawn"); }

/* ---- By e-mail ---- */

struct err *link_mailing(struct ctx *c)
{
    TRY(link_row(c));
    const struct doc *link = doc_get(c->doc, "link");
    if (!doc_bool_of(link, "stands"))
        return ERR(c->arena, ERR_NOT_FOUND, "the link has ended");
    form_show(c, link_mail_form);
    form_value_id(c, "contact_id", doc_int_of(link, "contact_id"));
    return contacts_offer(c, doc_int_of(link, "client_id"), N_("Choisissez un contact"));
}

struct err *link_send(struct ctx *c)
{
    static const char *const texts[] = { "client_name", "site_name", NULL };
    static const char *const numbers[] = { "job_number", "ends_at", NULL };
    struct doc *row = NULL, *contact = NULL, *data = doc_map(c->arena);
    TRY(act_begin(c, &row));
    const char *state = link_state(row, c->now_ms);
    if (text_same(state, "past") || text_same(state, "withdrawn"))
        return ERR(c->arena, ERR_CONFLICT, "the link has ended");
    TRY(contact_check(c, doc_int_of(row, "client_id"), form_id(c, "contact_id"), &contact));
    doc_pick_texts(data, row, texts);
    doc_pick_ints(data, row, numbers);
    doc_set_text(data, "by_name", ctx_author(c));
    doc_set_text(data, "message", form_text(c, "note"));
    TRY(mail_queue(c, &(struct mail){ .template = "mail_link_given", .to_email = doc_text_of(contact, "email"), .to_name = doc_text_of(contact, "name"),
        .lang = doc_text_of(contact, "lang"), .org_id = c->who.org_id, .link_id = link_id(c), .link_kind = mail_secure_link(c, doc_int_of(row, "generation")) }, data));
    journal_text(c, "to", doc_text_of(contact, "name"));
    act_end(c, "link_mailed");
    return NULL;
}

/* ---- All of them ---- */

struct err *link_list(struct ctx *c)
{
    struct param state = filter_choice(c, "state", states), client = filter_id(c, "client");
    client_tabs(c);
    bool is_paused = state.kind == PARAM_TEXT && text_same(state.data, "paused");
    struct doc *row = NULL;
    client.name = "of_client";                         /* :client is whom one acts for */
    if (client.kind == PARAM_INT)
        TRY(ctx_maybe(c, &sql_link_client, PARAMS(client), &row));
    doc_set_text(web_page(c), "client_name", doc_text_of(row, "name"));
    filter_choices(c, "state", states);
    if (is_paused)
        TRY(doc_page(c, "links", &sql_link_list_paused, "id", PARAMS(client)));
    else
        TRY(doc_page(c, "links", &sql_link_list, "id", PARAMS(P_TEXT("of_state", state.kind == PARAM_TEXT ? state.data : "active"), client)));
    lines_fill(c, "links");
    return NULL;
}
