/* Jobs made and changed in the back office. Who asks is the team; whose address and contact it is begins with those of the site or the client. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/job/inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"

const struct field job_form[] = {
    { "type_id", FIELD_ID, N_("Type"), REQUIRED },
    { "description", FIELD_LONG, N_("Description"), REQUIRED, .max = 20000, .hint = N_("Sa première ligne est le titre. Le client la voit aussi.") },
    { "is_urgent", FIELD_BOOL, N_("Urgente") },
    { "before_on", FIELD_TEXT, N_("À faire avant le"), .max = 10 },
    { "site_id", FIELD_ID, N_("Site") },
    { "equipment_id", FIELD_IDS, N_("Équipements"), .max = JOB_EQUIPMENT_MOST },
    { "street", FIELD_TEXT, N_("Adresse"), .max = 200, .hint = N_("Vide : celle du site, sinon celle du client.") },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12 },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100 },
    { "contact_id", FIELD_ID, N_("Contact") },
    { "contact_name", FIELD_TEXT, N_("Nom du contact"), .hint = N_("Vide : comme sur la fiche du contact choisi.") },
    { "contact_phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "contact_email", FIELD_EMAIL, N_("Email") },
    { "information", FIELD_LONG, N_("Informations complémentaires"), .max = 4000, .hint = N_("Accès, horaires, badge : ce que le client sait aussi.") },
    { "notes", FIELD_LONG, N_("Notes internes"), .max = 4000, .hint = N_("L’équipe seule les voit.") },
    { 0 },
};

/* ---- For whom? ---- */

struct err *job_pick(struct ctx *c)
{
    struct word_search words = word_filter(c, "search");
    if (words.is_any)
        return doc_rows(c, "clients", &sql_job_clients, PARAMS(WORD_PARAMS(words)));
    doc_set(c->doc, "clients", doc_list(c->arena));
    return NULL;
}

/* ---- Choices ---- */

static bool is_among(const struct doc *rows, int64_t id)
{
    bool is_there = false;
    for (size_t i = 0; i < doc_count(rows); i++)
        is_there |= doc_int_of(doc_at(rows, i), "id") == id;
    return is_there;
}

/* Rows of a select and the one that is chosen, where it is not among them: put aside since, or behind the many. */
static struct err *choice_show(struct ctx *c, const char *field, const char *none, struct doc *rows, const struct query *one, const struct param *params, int64_t chosen_id)
{
    struct doc *chosen = NULL;
    if (chosen_id && !is_among(rows, chosen_id))
        TRY(ctx_maybe(c, one, params, &chosen));
    if (chosen)
        doc_push(rows, chosen);
    form_value_id(c, field, chosen_id);
    form_options(c, field, rows, none);
    return NULL;
}

static bool is_ticked(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* The client's machines as boxes; what a job has already stands among them even when it is out of service. */
static struct err *machines_show(struct ctx *c, int64_t client_id, const int64_t *ids, size_t count)
{
    struct doc *rows = NULL, *had = NULL;
    int64_t typed[JOB_EQUIPMENT_MOST];
    size_t typed_count = form_ids(c, "equipment_id", typed, JOB_EQUIPMENT_MOST);
    bool is_again = *form_text(c, "type_id") || typed_count;
    TRY(ctx_rows(c, &sql_job_machines, PARAMS(P_INT("of_client", client_id)), &rows));
    for (size_t i = 0; i < count; i++) {
        if (is_among(rows, ids[i]))
            continue;
        TRY(ctx_maybe(c, &sql_job_equipment_name, PARAMS(P_INT("of_equipment", ids[i])), &had));
        if (had && doc_int_of(had, "client_id") == client_id) {
            doc_set_text(had, "site_name", "");
            doc_push(rows, had);
        }
    }
    for (size_t i = 0; i < doc_count(rows); i++) {
        int64_t id = doc_int_of(doc_at(rows, i), "id");
        doc_set_bool(doc_at_mut(rows, i), "is_chosen", is_again ? is_ticked(typed, typed_count, id) : is_ticked(ids, count, id));
    }
    doc_set(web_page(c), "machines", rows);
    return NULL;
}

struct chosen { int64_t client_id, type_id, site_id, contact_id; const int64_t *equipment_ids; size_t equipment_count; };

static struct err *choices_show(struct ctx *c, const struct chosen *of)
{
    struct doc *types = NULL, *sites = NULL, *contacts = NULL;
    const struct param client = P_INT("of_client", of->client_id);
    TRY(ctx_rows(c, &sql_job_types_active, NULL, &types));
    TRY(ctx_rows(c, &sql_equipment_sites, PARAMS(client), &sites));
    TRY(ctx_rows(c, &sql_site_contacts, PARAMS(client), &contacts));
    doc_set_bool(web_page(c), "has_types", doc_count(types) > 0);
    TRY(choice_show(c, "type_id", NULL, types, &sql_job_type_any, PARAMS(P_INT("of_type", of->type_id)), of->type_id));
    TRY(choice_show(c, "site_id", N_("Aucun site"), sites, &sql_job_site_row, PARAMS(client, P_INT("of_site", of->site_id)), of->site_id));
    TRY(choice_show(c, "contact_id", N_("Quelqu’un d’autre"), contacts, &sql_job_contact_row, PARAMS(client, P_INT("of_contact", of->contact_id)), of->contact_id));
    return machines_show(c, of->client_id, of->equipment_ids, of->equipment_count);
}

/* ---- A new one ---- */

static int64_t asked_id(struct ctx *c, const char *name)
{
    int64_t id = 0;
    return text_int(query_text(c, name), &id) && id > 0 ? id : 0;
}

/* From the sheet of a site or a machine that one is chosen already; a stranger's is as if nothing had been said. */
static struct err *begin(struct ctx *c, int64_t client_id, struct chosen *of, struct doc **ret_site)
{
    static int64_t none;
    struct doc *machine = NULL, *contact = NULL;
    int64_t *machine_id = ARENA_NEW(c->arena, int64_t);
    *of = (struct chosen){ .client_id = client_id, .site_id = asked_id(c, "site"), .equipment_ids = &none };
    if (asked_id(c, "equipment"))
        TRY(ctx_maybe(c, &sql_job_equipment_name, PARAMS(P_INT("of_equipment", asked_id(c, "equipment"))), &machine));
    if (machine && doc_int_of(machine, "client_id") == client_id) {
        *machine_id = doc_int_of(machine, "id");
        of->equipment_ids = machine_id;
        of->equipment_count = 1;
        of->site_id = doc_int_of(machine, "site_id");
    }
    *ret_site = NULL;
    if (of->site_id)
        TRY(ctx_maybe(c, &sql_job_site_row, PARAMS(P_INT("of_client", client_id), P_INT("of_site", of->site_id)), ret_site));
    of->site_id = *ret_site ? of->site_id : 0;
    TRY(ctx_maybe(c, &sql_job_contact_first, PARAMS(P_INT("of_client", client_id)), &contact));
    of->contact_id = *ret_site && doc_int_of(*ret_site, "contact_id") ? doc_int_of(*ret_site, "contact_id") : contact ? doc_int_of(contact, "id") : 0;
    return NULL;
}

static void address_show(struct ctx *c, const struct doc *from)
{
    static const char *const names[] = { "street", "postcode", "city" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        form_value(c, names[i], doc_text_of(from, names[i]));
}

struct err *job_new(struct ctx *c)
{
    struct chosen of;
    struct doc *site = NULL, *contact = NULL;
    int64_t client_id = path_id(c, "client");
    TRY(doc_row(c, "client", &sql_job_client, PARAMS(P_INT("of_client", client_id))));
    TRY(begin(c, client_id, &of, &site));
    form_show(c, job_form);
    address_show(c, site && *doc_text_of(site, "street") ? site : doc_get(c->doc, "client"));
    if (of.contact_id)
        TRY(ctx_maybe(c, &sql_job_contact_row, PARAMS(P_INT("of_client", client_id), P_INT("of_contact", of.contact_id)), &contact));
    form_value(c, "contact_name", doc_text_of(contact, "name"));
    form_value(c, "contact_phone", doc_text_of(contact, "phone"));
    form_value(c, "contact_email", doc_text_of(contact, "email"));
    return choices_show(c, &of);
}

/* ---- What was typed ---- */

static struct err *before_read(struct ctx *c, struct param *ret_before)
{
    int64_t day = 0;
    *ret_before = P_NULL("before_on");
    if (!*form_text(c, "before_on"))
        return NULL;
    if (!clock_day_read(form_text(c, "before_on"), &day))
        return form_error(c, "before_on", N_("Indiquez un jour, comme 2027-03-31."));
    *ret_before = P_INT("before_on", day);
    return NULL;
}

static bool is_address_of(const struct job_new *job, const struct doc *row)
{
    return text_same(job->street, doc_text_of(row, "street")) && text_same(job->postcode, doc_text_of(row, "postcode")) && text_same(job->city, doc_text_of(row, "city"));
}

/* Nothing typed, or still the address the form began with though another place was chosen: that of the site, else the client's. */
static struct err *address_settle(struct ctx *c, struct job_new *job, const struct doc *was)
{
    struct doc *site = NULL, *client = NULL;
    TRY(ctx_row(c, &sql_job_client, PARAMS(P_INT("of_client", job->client_id)), &client));
    if (job->site_id)
        TRY(ctx_maybe(c, &sql_job_site_row, PARAMS(P_INT("of_client", job->client_id), P_INT("of_site", job->site_id)), &site));
    bool is_empty = !*job->street && !*job->postcode && !*job->city;
    bool is_begun = is_address_of(job, was ? was : client) && (!was || doc_int_of(was, "site_id") != job->site_id);
    if (!is_empty && !is_begun)
        return NULL;
    const struct doc *from = site && *doc_text_of(site, "street") ? site : client;
    job->street = doc_text_of(from, "street");
    job->postcode = doc_text_of(from, "postcode");
    job->city = doc_text_of(from, "city");
    return NULL;
}

/* Of a contact that was chosen, what was left empty is as on its sheet; so is what another one left behind in the form. */
static struct err *contact_settle(struct ctx *c, struct job_new *job, const struct doc *was)
{
    struct doc *contact = NULL;
    if (!job->contact_id)
        return NULL;
    TRY(ctx_maybe(c, &sql_job_contact_row, PARAMS(P_INT("of_client", job->client_id), P_INT("of_contact", job->contact_id)), &contact));
    bool is_other = was && doc_int_of(was, "contact_id") != job->contact_id && text_same(job->contact_name, doc_text_of(was, "contact_name"));
    if (!*job->contact_name || is_other)
        job->contact_name = doc_text_of(contact, "name");
    if (!*job->contact_phone || is_other)
        job->contact_phone = doc_text_of(contact, "phone");
    if (!*job->contact_email || is_other)
        job->contact_email = doc_text_of(contact, "email");
    return NULL;
}

/* Whom the form of a new job began with: its first contact, or the site's. */
static struct err *contact_begun(struct ctx *c, const struct job_new *job, struct doc **ret_was)
{
    struct doc *rows = NULL;
    *ret_was = NULL;
    TRY(ctx_rows(c, &sql_job_contacts_named, PARAMS(P_INT("of_client", job->client_id), P_TEXT("name", job->contact_name)), &rows));
    for (size_t i = 0; i < doc_count(rows) && !*ret_was; i++)
        if (doc_int_of(doc_at(rows, i), "contact_id") != job->contact_id)
            *ret_was = doc_at_mut(rows, i);
    return NULL;
}

static struct err *job_read(struct ctx *c, int64_t client_id, const struct doc *was, struct job_new *job)
{
    static const char *const names[] = { "description", "information", "notes", "street", "postcode", "city", "contact_name", "contact_phone", "contact_email" };
    const char **at[] = { &job->description, &job->information, &job->notes, &job->street, &job->postcode, &job->city, &job->contact_name, &job->contact_phone, &job->contact_email };
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, JOB_EQUIPMENT_MOST);
    struct doc *begun = NULL;
    *job = (struct job_new){ .client_id = client_id, .type_id = form_id(c, "type_id"), .site_id = form_id(c, "site_id"), .contact_id = form_id(c, "contact_id"),
        .is_urgent = form_bool(c, "is_urgent"), .equipment_ids = ids, .equipment_count = form_ids(c, "equipment_id", ids, JOB_EQUIPMENT_MOST),
        .asked_how = "office", .asked_name = ctx_author(c) };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        *at[i] = form_text(c, names[i]);
    TRY(before_read(c, &job->before_on));
    TRY(address_settle(c, job, was));
    if (!was)
        TRY(contact_begun(c, job, &begun));
    return contact_settle(c, job, was ? was : begun);
}

struct err *job_create(struct ctx *c)
{
    struct job_new job;
    struct doc *client = NULL;
    int64_t id = 0;
    TRY(ctx_row(c, &sql_job_client, PARAMS(P_INT("of_client", path_id(c, "client"))), &client));
    TRY(job_read(c, doc_int_of(client, "id"), NULL, &job));
    TRY(job_add(c, &job, &id, NULL));
    c->journal.on_behalf_client_id = job.client_id;
    return job_done(c, id, "job_created");
}

/* ---- Changed ---- */

/* The machines a job is about. */
static struct err *machine_ids(struct ctx *c, int64_t job_id, int64_t **ret_ids, size_t *ret_count)
{
    struct doc *rows = NULL;
    TRY(ctx_rows(c, &sql_job_machines_of, PARAMS(P_INT("of_job", job_id)), &rows));
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, doc_count(rows) + 1);
    for (size_t i = 0; i < doc_count(rows); i++)
        ids[i] = doc_int_of(doc_at(rows, i), "id");
    *ret_ids = ids;
    *ret_count = doc_count(rows);
    return NULL;
}

struct err *job_edit(struct ctx *c)
{
    struct doc *job = NULL;
    int64_t *ids = NULL;
    size_t count = 0;
    TRY(job_load(c, &job));
    TRY(machine_ids(c, doc_int_of(job, "id"), &ids, &count));
    form_show(c, job_form);
    for (const struct field *f = job_form; f->name; f++)
        if (f->kind == FIELD_TEXT || f->kind == FIELD_LONG || f->kind == FIELD_EMAIL || f->kind == FIELD_PHONE)
            if (doc_kind(doc_get(job, f->name)) == DOC_TEXT)
                form_value(c, f->name, doc_text_of(job, f->name));
    if (doc_bool_of(job, "is_urgent"))
        form_value(c, "is_urgent", "1");
    if (doc_kind(doc_get(job, "before_on")) == DOC_INT)
        form_value(c, "before_on", job_day_text(c->arena, doc_int_of(job, "before_on")));
    return choices_show(c, &(struct chosen){ doc_int_of(job, "client_id"), doc_int_of(job, "type_id"), doc_int_of(job, "site_id"), doc_int_of(job, "contact_id"), ids, count });
}

/* A kind that was put aside may stay; none is chosen anew. */
static struct err *type_check(struct ctx *c, const struct doc *was, int64_t type_id)
{
    struct doc *row = NULL;
    if (type_id == doc_int_of(was, "type_id"))
        return NULL;
    TRY(ctx_maybe(c, &sql_job_type_of, PARAMS(P_INT("of_type", type_id)), &row));
    return row ? NULL : form_error(c, "type_id", N_("Ce type d’intervention n’est pas proposé."));
}

static struct err *job_put(struct ctx *c, int64_t id, const struct job_new *job)
{
    const struct param of_job = P_INT("of_job", id);
    TRY(ctx_run(c, &sql_job_put, PARAMS(of_job, P_INT("of_type", job->type_id), P_ID("of_site", job->site_id), P_TEXT("title", job_title(c->arena, job->description)),
        P_INT("is_urgent", job->is_urgent), job->before_on, P_TEXT("street", job->street), P_TEXT("postcode", job->postcode), P_TEXT("city", job->city),
        P_ID("of_contact", job->contact_id), P_TEXT("contact_name", job->contact_name), P_TEXT("contact_phone", job->contact_phone), P_TEXT("contact_email", job->contact_email))));
    TRY(ctx_run(c, &sql_job_text_put, PARAMS(of_job, P_TEXT("description", job->description), P_TEXT("information", job->information), P_TEXT("notes", job->notes))));
    TRY(ctx_run_any(c, &sql_job_equipment_clear, PARAMS(of_job), NULL));
    for (size_t i = 0; i < job->equipment_count; i++)
        TRY(ctx_run(c, &sql_job_equipment_add, PARAMS(P_INT("id", id), P_INT("of_equipment", job->equipment_ids[i]))));
    return job_words(c, id);
}

struct err *job_update(struct ctx *c)
{
    struct job_new job;
    struct doc *was = NULL;
    int64_t id = path_id(c, "job");
    TRY(ctx_row(c, &sql_job_show, PARAMS(P_INT("of_job", id)), &was));
    TRY(job_read(c, doc_int_of(was, "client_id"), was, &job));
    TRY(type_check(c, was, job.type_id));
    TRY(job_places_check(c, &job));
    TRY(job_put(c, id, &job));
    journal_object(c, "job", id);
    journal_text(c, "title", job_title(c->arena, job.description));
    return job_done(c, id, "job_updated");
}

/* ---- The same once more ---- */

/* A copy to plan, with all that was said of the work and nothing of how it went. */
struct err *job_duplicate(struct ctx *c)
{
    struct doc *was = NULL, *type = NULL;
    int64_t *ids = NULL, id = 0;
    size_t count = 0;
    TRY(ctx_row(c, &sql_job_show, PARAMS(P_INT("of_job", path_id(c, "job"))), &was));
    TRY(machine_ids(c, doc_int_of(was, "id"), &ids, &count));
    TRY(ctx_maybe(c, &sql_job_type_of, PARAMS(P_INT("of_type", doc_int_of(was, "type_id"))), &type));
    if (!type)
        return reply_conflict(c, N_("Le type de cette intervention n’est plus proposé."), "%s/jobs/%lld", web_space(c), (long long)doc_int_of(was, "id"));
    TRY(job_add(c, &(struct job_new){ .client_id = doc_int_of(was, "client_id"), .type_id = doc_int_of(was, "type_id"), .site_id = doc_int_of(was, "site_id"),
        .description = doc_text_of(was, "description"), .information = doc_text_of(was, "information"), .notes = doc_text_of(was, "notes"), .street = doc_text_of(was, "street"),
        .postcode = doc_text_of(was, "postcode"), .city = doc_text_of(was, "city"), .contact_id = doc_int_of(was, "contact_id"), .contact_name = doc_text_of(was, "contact_name"),
        .contact_phone = doc_text_of(was, "contact_phone"), .contact_email = doc_text_of(was, "contact_email"), .is_urgent = doc_bool_of(was, "is_urgent"),
        .equipment_ids = ids, .equipment_count = count < JOB_EQUIPMENT_MOST ? count : JOB_EQUIPMENT_MOST, .asked_how = "office", .asked_name = ctx_author(c) }, &id, NULL));
    c->journal.on_behalf_client_id = doc_int_of(was, "client_id");
    reply_see(c, "job_duplicated", "%s/jobs/%lld/edit", web_space(c), (long long)id);
    return NULL;
}
