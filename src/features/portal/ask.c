/* L-5: « Créer une intervention », prefilled with what is known of the client. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/job/job.h"
#include "features/portal/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { ASKS_AN_HOUR = 20, ASKS_A_DAY = 60, BROUGHT_A_DAY = 1024 * 1024 * 1024 };

const struct field portal_job_form[] = {
    { "type_id", FIELD_ID, N_("Type d’intervention") },
    { "equipment_id", FIELD_ID, N_("Équipement") },
    { "description", FIELD_LONG, N_("Description de l’intervention"), REQUIRED, .max = 20000, .hint = N_("Ce qui se passe, depuis quand, et ce qui est urgent pour vous."),
      .missing = N_("Dites en une phrase ce qui se passe, par exemple : « la vitrine ne refroidit plus depuis ce matin ».") },
    { "information", FIELD_LONG, N_("Informations complémentaires"), .max = 4000 },
    { "files", FIELD_FILES, N_("Pièces jointes"), .max = JOB_FILES_MOST, .hint = N_("Photos ou documents, 10 au plus, 20 Mo chacun.") },
    { "site_id", FIELD_ID, N_("Site") },
    { "street", FIELD_TEXT, N_("Rue"), .max = 200, .autocomplete = "street-address" },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12, .autocomplete = "postal-code" },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100, .autocomplete = "address-level2" },
    { "contact_name", FIELD_TEXT, N_("Nom"), .max = 200, .autocomplete = "name" },
    { "contact_phone", FIELD_PHONE, N_("Téléphone"), .max = 30, .autocomplete = "tel" },
    { "contact_email", FIELD_EMAIL, N_("Adresse e-mail"), .max = 254, .hint = N_("La confirmation et la date y seront envoyées."), .autocomplete = "email" },
    { 0 },
};

/* In reach, switched on. */
static struct err *ask_open(struct ctx *c, struct portal_options *ret_options)
{
    TRY(scope_wide(c));
    TRY(portal_open(c, ret_options));
    return ret_options->is_on[PORTAL_CREATE] ? NULL : ERR(c->arena, ERR_NOT_FOUND, "asking for jobs is off here");
}

/* ---- The form ---- */

static int64_t query_id(struct ctx *c, const char *name)
{
    int64_t id = 0;
    return text_int(query_text(c, name), &id) && id > 0 ? id : 0;
}

/* What the page was opened for: a site and a piece of equipment, where there are such; one that stands somewhere brings its site. */
struct about { struct doc *site, *machine; };

static struct err *about_read(struct ctx *c, const struct portal_options *options, struct about *about)
{
    int64_t site_id = c->who.site_id ? c->who.site_id : options->is_on[PORTAL_SITES] ? query_id(c, "site") : 0;
    int64_t machine_id = options->is_on[PORTAL_EQUIPMENT] ? query_id(c, "equipment") : 0;
    if (machine_id)
        TRY(ctx_maybe(c, &sql_portal_machine_of, PARAMS(P_INT("of_equipment", machine_id), IN_SITE(c)), &about->machine));
    if (!site_id && about->machine && options->is_on[PORTAL_SITES])
        site_id = doc_int_of(about->machine, "site_id");
    return site_id ? ctx_maybe(c, &sql_portal_site_of, PARAMS(P_INT("of_site", site_id), IN_SITE(c)), &about->site) : NULL;
}

static bool is_among(const struct doc *rows, int64_t id)
{
    bool is_there = false;
    for (size_t i = 0; i < doc_count(rows); i++)
        is_there |= doc_int_of(doc_at(rows, i), "id") == id;
    return is_there;
}

/* What there is to choose: types, sites, equipment; of these two as many as a person can look through, and the one the page is about. */
static struct err *choices_show(struct ctx *c, const struct portal_options *options, const struct about *about)
{
    struct doc *types = NULL, *sites = doc_list(c->arena), *machines = doc_list(c->arena);
    TRY(ctx_rows(c, &sql_portal_types, PARAMS(P_INT("offered", 1)), &types));
    if (options->is_on[PORTAL_SITES] && !c->who.site_id)
        TRY(ctx_rows(c, &sql_portal_sites, PARAMS(IN_SITE(c)), &sites));
    if (options->is_on[PORTAL_EQUIPMENT])
        TRY(ctx_rows(c, &sql_portal_machines, PARAMS(IN_SITE(c)), &machines));
    if (about->site && !c->who.site_id && !is_among(sites, doc_int_of(about->site, "id")))
        doc_push(sites, about->site);
    if (about->machine && !is_among(machines, doc_int_of(about->machine, "id")))
        doc_push(machines, about->machine);
    doc_set(c->doc, "types", types);
    doc_set(c->doc, "sites", sites);
    doc_set(c->doc, "equipment", machines);
    form_value_id(c, "type_id", doc_int_of(doc_at(types, 0), "id"));
    form_value_id(c, "site_id", doc_int_of(about->site, "id"));
    form_value_id(c, "equipment_id", doc_int_of(about->machine, "id"));
    form_options(c, "type_id", types, NULL);
    form_options(c, "site_id", sites, N_("Une autre adresse"));
    form_options(c, "equipment_id", machines, N_("Je ne sais pas"));
    return NULL;
}

/* The options of a select, with the address of each, for the script that fills it in. */
static void sites_draw(struct ctx *c)
{
    struct doc *drawn = doc_list(c->arena);
    const struct doc *sites = doc_get(c->doc, "sites");
    struct doc *site = doc_get_mut(doc_get_mut(web_page(c), "form"), "site_id");
    for (size_t i = 0; i < doc_count(doc_get(site, "options")); i++) {
        struct doc *option = doc_at_mut(doc_get_mut(site, "options"), i);
        const struct doc *row = i ? doc_at(sites, i - 1) : NULL;
        static const char *const address[] = { "street", "postcode", "city" };
        for (int k = 0; k < 3; k++)
            doc_set_text(option, address[k], doc_text_of(row, address[k]));
        doc_push(drawn, option);
    }
    doc_set(web_page(c), "site_options", drawn);
}

static struct err *contact_prefill(struct ctx *c, const struct portal_options *options)
{
    struct doc *contact = NULL;
    if (c->who.contact_id)
        TRY(ctx_maybe(c, &sql_portal_contact_self, NULL, &contact));
    else if (options->is_on[PORTAL_CONTACT] && !c->who.site_id)
        TRY(ctx_maybe(c, &sql_portal_contact, NULL, &contact));
    form_value(c, "contact_name", doc_text_of(contact, "name"));
    form_value(c, "contact_phone", doc_text_of(contact, "phone"));
    form_value(c, "contact_email", doc_text_of(contact, "email"));
    return NULL;
}

static void address_prefill(struct ctx *c, const struct about *about, const struct doc *client)
{
    const struct doc *from = about->site ? about->site : client;
    form_value(c, "street", doc_text_of(from, "street"));
    form_value(c, "postcode", doc_text_of(from, "postcode"));
    form_value(c, "city", doc_text_of(from, "city"));
}

struct err *portal_job_new(struct ctx *c)
{
    struct portal_options options;
    struct about about = { 0 };
    struct doc *client = NULL, *site = NULL;
    TRY(ask_open(c, &options));
    TRY(about_read(c, &options, &about));
    TRY(ctx_row(c, &sql_portal_client, NULL, &client));
    form_show(c, portal_job_form);
    TRY(choices_show(c, &options, &about));
    sites_draw(c);
    TRY(contact_prefill(c, &options));
    address_prefill(c, &about, client);
    if (c->who.site_id)
        TRY(ctx_row(c, &sql_portal_site_show, PARAMS(P_INT("of_site", c->who.site_id), IN_SITE(c)), &site));
    if (options.is_on[PORTAL_INFORMATION])
        form_value(c, "information", doc_text_of(site ? site : client, "information"));
    doc_set_text(web_page(c), "client_name", doc_text_of(client, "name"));
    doc_set_text(web_page(c), "fixed_site", doc_text_of(site, "name"));
    return NULL;
}

/* ---- What was asked ---- */

/* Whoever has the link, or the access: so many an hour and a day, counted by what was asked for. What was typed stays on the page. */
static struct err *ask_limit(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_portal_asked_lately, PARAMS(P_INT("hour_since", c->now_ms - CLOCK_HOUR_MS), P_INT("day_since", c->now_ms - CLOCK_DAY_MS)), &row));
    bool is_over = doc_int_of(row, "hour_count") >= ASKS_AN_HOUR || doc_int_of(row, "day_count") >= ASKS_A_DAY;
    return is_over ? form_error(c, "description", N_("Beaucoup d’interventions viennent d’être demandées d’ici : réessayez plus tard, ou appelez.")) : NULL;
}

/* As much in a day as anybody has to show: whoever has a link does not fill the disk with it. */
static struct err *files_limit(struct ctx *c)
{
    struct doc *row = NULL;
    int64_t bytes = 0;
    for (const struct upload *u = form_files(c, "files"); u; u = u->next)
        bytes += u->size_bytes;
    if (!bytes)
        return NULL;
    TRY(ctx_row(c, &sql_portal_brought_lately, PARAMS(P_INT("day_since", c->now_ms - CLOCK_DAY_MS)), &row));
    bool is_over = doc_int_of(row, "bytes") + bytes > BROUGHT_A_DAY;
    return is_over ? form_error(c, "files", N_("Beaucoup de fichiers viennent d’être envoyés d’ici : réessayez demain, ou envoyez la demande sans eux.")) : NULL;
}

/* The type that was chosen; where nothing was, or nothing is offered, the first. */
static struct err *type_read(struct ctx *c, int64_t *ret_type_id)
{
    struct doc *types = NULL, *type = NULL;
    int64_t asked = form_id(c, "type_id");
    if (asked) {
        TRY(ctx_maybe(c, &sql_portal_type_of, PARAMS(P_INT("of_type", asked)), &type));
        *ret_type_id = asked;
        return type ? NULL : form_error(c, "type_id", N_("Ce type d’intervention n’est pas proposé."));
    }
    TRY(ctx_rows(c, &sql_portal_types, PARAMS(P_INT("offered", 1)), &types));
    if (!doc_count(types))
        TRY(ctx_rows(c, &sql_portal_types, PARAMS(P_ABSENT("offered")), &types));
    *ret_type_id = doc_int_of(doc_at(types, 0), "id");
    return *ret_type_id ? NULL : form_error(c, "type_id", N_("Aucun type d’intervention n’est prévu pour le moment : écrivez ou appelez."));
}

/* Site and equipment of the form, both within reach; what is not is answered as what never was. */
static struct err *place_read(struct ctx *c, const struct portal_options *options, struct about *about)
{
    int64_t site_id = form_id(c, "site_id"), machine_id = form_id(c, "equipment_id");
    if (machine_id && options->is_on[PORTAL_EQUIPMENT])
        TRY(ctx_maybe(c, &sql_portal_machine_of, PARAMS(P_INT("of_equipment", machine_id), IN_SITE(c)), &about->machine));
    if (machine_id && !about->machine)
        return form_error(c, "equipment_id", N_("Choisissez un équipement de la liste."));
    if (site_id && (options->is_on[PORTAL_SITES] || c->who.site_id))
        TRY(ctx_maybe(c, &sql_portal_site_of, PARAMS(P_INT("of_site", site_id), IN_SITE(c)), &about->site));
    if (site_id && !about->site)
        return form_error(c, "site_id", N_("Choisissez un site de la liste."));
    int64_t stands_at = doc_int_of(about->machine, "site_id"), fixed = site_id ? 0 : c->who.site_id ? c->who.site_id : stands_at;
    if (site_id && stands_at && stands_at != site_id)
        return form_error(c, "equipment_id", N_("Cet équipement est sur un autre site."));
    return fixed ? ctx_maybe(c, &sql_portal_site_of, PARAMS(P_INT("of_site", fixed), IN_SITE(c)), &about->site) : NULL;
}

static bool is_address_of(struct ctx *c, const struct doc *row)
{
    return strcmp(form_text(c, "street"), doc_text_of(row, "street")) == 0 && strcmp(form_text(c, "postcode"), doc_text_of(row, "postcode")) == 0
        && strcmp(form_text(c, "city"), doc_text_of(row, "city")) == 0;
}

/* Where a site was chosen and the address left as the form began, or empty, the site's counts: without a script nothing fills it in. */
static void address_read(struct ctx *c, const struct about *about, const struct doc *client, struct job_new *job)
{
    bool is_empty = !*form_text(c, "street") && !*form_text(c, "postcode") && !*form_text(c, "city");
    bool is_of_site = about->site && (is_empty || is_address_of(c, client));
    job->street = is_of_site ? doc_text_of(about->site, "street") : form_text(c, "street");
    job->postcode = is_of_site ? doc_text_of(about->site, "postcode") : form_text(c, "postcode");
    job->city = is_of_site ? doc_text_of(about->site, "city") : form_text(c, "city");
}

/* By a link nobody is known: whoever is to be asked for on site stands for who asked, else the client. */
static struct err *contact_read(struct ctx *c, const char *client_name, struct job_new *job)
{
    struct doc *contact = NULL;
    job->contact_name = form_text(c, "contact_name");
    job->contact_phone = form_text(c, "contact_phone");
    job->contact_email = form_text(c, "contact_email");
    if (*job->contact_email)
        TRY(ctx_maybe(c, &sql_portal_contact_by_email, PARAMS(P_TEXT("email_key", text_email_key(c->arena, job->contact_email))), &contact));
    job->contact_id = doc_int_of(contact, "id");
    job->asked_contact_id = c->who.contact_id;
    job->asked_name = c->who.contact_id ? c->who.person_name : *job->contact_name ? job->contact_name : client_name;
    return NULL;
}

struct err *portal_job_create(struct ctx *c)
{
    struct portal_options options;
    struct about about = { 0 };
    struct doc *client = NULL;
    struct job_new job = { .client_id = c->who.client_id, .asked_how = c->who.link_id ? "link" : "portal", .description = form_text(c, "description"),
        .information = form_text(c, "information") };
    int64_t id = 0;
    TRY(ask_open(c, &options));
    TRY(ask_limit(c));
    TRY(files_limit(c));
    TRY(type_read(c, &job.type_id));
    TRY(place_read(c, &options, &about));
    TRY(ctx_row(c, &sql_portal_client, NULL, &client));
    address_read(c, &about, client, &job);
    TRY(contact_read(c, doc_text_of(client, "name"), &job));
    int64_t machine_id = doc_int_of(about.machine, "id");
    job.site_id = doc_int_of(about.site, "id");
    job.equipment_ids = &machine_id;
    job.equipment_count = machine_id != 0;
    TRY(job_add(c, &job, &id, NULL));
    for (const struct upload *u = form_files(c, "files"); u; u = u->next)
        TRY(job_file_keep(c, id, "attachment", false, u, job.asked_name));
    reply_see(c, NULL, "%s/jobs?asked=%lld", web_space(c), (long long)id);
    return NULL;
}
