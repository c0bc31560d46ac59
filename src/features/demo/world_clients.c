/* The clients of the organizations and their contacts, and who among them may enter the portal. */
#include "features/demo/world.h"
#include <assert.h>
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "web/file.h"
#include "web/web.h"

/* Contacts that are written by hand. parts: what they may see, or NULL; days: since when. */
struct contact_seed {
    const char *client, *first_name, *last_name, *job, *email, *phone, *notes;
    const char *parts;      /* "personal tickets" */
    int days;
    bool has_login;
};
static const struct contact_seed known_contacts[] = {
    { "Hôtel Bellerive", "Claire", "Delmas", "Directrice technique", "claire.delmas@bellerive.example", "06 39 98 51 08", "", "personal tickets invoices jobs", 77, true },
    { "Hôtel Bellerive", "Bruno", "Aubry", "Chef de cuisine", "bruno.aubry@bellerive.example", "06 39 98 14 27",
      "Préfère être appelé après le service, vers 15 h. A les clés de la réserve du Restaurant de plage.", NULL, 0, false },
    { "Hôtel Bellerive", "Sophie", "Lemoine", "Comptabilité", "sophie.lemoine@bellerive.example", "06 39 98 51 09", "", "invoices", 140, true },
    { "Studio Pixel", "Léo", "Fabre", "Webmaster", "leo.fabre@studio-pixel.example", "06 39 98 20 61", "", "tickets services orders", 310, true },
    { "Studio Pixel", "Jeanne", "Astier", "Graphiste", "jeanne.astier@studio-pixel.example", "06 39 98 20 62", "", NULL, 0, false },
    { "Garage Duval", "Martine", "Duval", "Gérante", "martine.duval@garage-duval.example", "06 39 98 33 40", "", "personal tickets invoices services all", 260, true },
    { "Boulangerie Tivoli", "Nadia", "Ferrand", "Administratrice", "nadia.ferrand@tivoli.example", "02 61 91 52 18", "", NULL, 0, false },
};

static struct err *contact_access(struct world *w, const struct world_org *o, const struct world_contact *p, const char *parts, int days)
{
    char *rest = arena_text(w->at.arena, parts), *part;
    while ((part = strsep(&rest, " "))) {
        fill_go(w, o, fill_time(w, days, 10 * 60 + 40));
        const char *wording = arena_printf(w->at.arena, "Accès donné à %s par %s", p->name, o->members[0].name);
        TRY(access_give(&w->at, p->id, part, wording, NULL));
    }
    return NULL;
}

static struct err *contact_write(struct world *w, struct world_client *client, const struct contact_seed *s)
{
    struct world_contact *made = &client->contacts[client->contact_count];
    made->name = arena_printf(&w->keep, "%s %s", s->first_name, s->last_name);
    made->first_name = s->first_name;
    if (s->has_login)
        TRY(fill_person(w, s->first_name, s->last_name, s->email, true, &made->person_id));
    made->id = fill_id(w, w->at.now_ms);
    const char *by_name = arena_printf(w->at.arena, "%s %s", s->last_name, s->first_name);
    TRY(ctx_run(&w->at, &sql_demo_contact_insert, PARAMS(P_INT("id", made->id), P_INT("client_id", client->id), P_ID("person_id", made->person_id),
        P_TEXT("first_name", s->first_name), P_TEXT("last_name", s->last_name), P_TEXT("name_key", text_name_key(w->at.arena, by_name)),
        P_TEXT("job_title", s->job), P_TEXT("email", s->email), P_TEXT("email_key", text_email_key(w->at.arena, s->email)),
        P_TEXT("phone", s->phone), P_TEXT("notes", s->notes))));
    TRY(fill_words(w, "contact", made->id, arena_printf(w->at.arena, "%s %s", made->name, s->email)));
    client->contact_count++;
    w->rows += 2;
    return NULL;
}

static const char *draw_phone(struct world *w)
{
    int a = fill_draw(w, 100), b = fill_draw(w, 100);
    return arena_printf(w->at.arena, fill_draw(w, 2) ? "02 61 91 %02d %02d" : "06 39 98 %02d %02d", a, b);
}

static struct err *contacts_known(struct world *w, const struct world_org *o, struct world_client *client)
{
    int64_t at_ms = w->at.now_ms;
    for (size_t i = 0; i < sizeof known_contacts / sizeof *known_contacts; i++) {
        const struct contact_seed *s = &known_contacts[i];
        if (strcmp(s->client, client->name) != 0 || (s->has_login && !o->seed->is_portal_open))
            continue;
        fill_go(w, o, at_ms);
        TRY(contact_write(w, client, s));
        if (s->parts)
            TRY(contact_access(w, o, &client->contacts[client->contact_count - 1], s->parts, s->days));
    }
    fill_go(w, o, at_ms);
    return NULL;
}

/* One person at a private client, one to three at a company; the first of every fifth client enters the portal. */
static struct err *contacts_drawn(struct world *w, const struct world_org *o, struct world_client *client, int index, const struct contact_seed *owner)
{
    static const int how_many[] = { 1, 2, 2, 3, 2 };
    int count = owner ? 1 : how_many[fill_draw(w, 5)];
    for (int i = 0; i < count; i++) {
        struct contact_seed s = { .phone = draw_phone(w), .notes = "", .job = fill_pick(w, world_jobs) };
        s.first_name = owner ? owner->first_name : fill_pick(w, world_first_names);
        s.last_name = owner ? owner->last_name : fill_pick(w, world_last_names);
        s.job = owner ? "" : s.job;
        s.email = arena_printf(w->at.arena, "%s.%s@%s%s.example", fill_slug(w->at.arena, s.first_name), fill_slug(w->at.arena, s.last_name),
            owner ? "courriel-" : "", owner ? o->seed->slug : fill_slug(w->at.arena, client->name));
        s.has_login = i == 0 && index % 5 == 3 && index < o->seed->clients && o->seed->is_portal_open;
        TRY(contact_write(w, client, &s));
        if (s.has_login)
            TRY(contact_access(w, o, &client->contacts[i], index % 2 ? "personal tickets" : "tickets invoices", 20 + fill_draw(w, 220)));
    }
    return NULL;
}

static struct err *client_write(struct world *w, const struct world_org *o, struct world_client *client, int index, bool is_private)
{
    bool is_bellerive = strcmp(client->name, "Hôtel Bellerive") == 0;
    int city = is_bellerive ? 0 : fill_draw(w, 15);
    char digits[9];
    for (int i = 0; i < 8; i++)
        digits[i] = (char)('0' + (i ? fill_draw(w, 10) : 4 + fill_draw(w, 5)));
    digits[8] = 0;
    struct arena *a = w->at.arena;
    const char *number = arena_printf(a, "C-%05d", o->seed->first_client + index);
    const char *street = is_bellerive ? "2 promenade des Bains" : arena_printf(a, "%d %s", 1 + fill_draw(w, 90), fill_pick(w, world_streets));
    const char *email = is_private ? "" : arena_printf(a, "contact@%s.example", is_bellerive ? "bellerive" : fill_slug(a, client->name));
    TRY(ctx_run(&w->at, &sql_demo_client_insert, PARAMS(P_INT("id", client->id), P_TEXT("number", number),
        P_TEXT("kind", is_private ? "private" : "company"), P_TEXT("name", client->name), P_TEXT("name_key", text_name_key(a, client->name)),
        P_TEXT("siren", is_private ? "" : fill_siren(a, is_bellerive ? "79120438" : digits)), P_TEXT("street", street),
        P_TEXT("postcode", world_cities[city][0]), P_TEXT("city", world_cities[city][1]), P_TEXT("email", email), P_TEXT("phone", is_bellerive ? "02 61 91 51 00" : draw_phone(w)))));
    const char *information = is_bellerive ? "Livraisons avant 10 h, quai arrière. Badge à retirer à la réception." : "";
    const char *notes = index % 9 == 4 ? "Rappeler avant chaque passage." : "";
    TRY(ctx_run(&w->at, &sql_demo_client_text_insert, PARAMS(P_INT("client_id", client->id), P_TEXT("information", information), P_TEXT("notes", notes))));
    w->rows += 2;
    return fill_words(w, "client", client->id, arena_printf(a, "%s %s %s", client->name, number, world_cities[city][1]));
}

/* Names by turning two wheels, so that none comes twice while they have not turned once. */
static const char *company_name(struct world *w, const struct org_seed *s, int index)
{
    int trades = 0, places = 0;
    while (s->trades[trades])
        trades++;
    while (world_places[places])
        places++;
    assert(trades > 0 && places > 0);
    int trade = index % trades;
    return arena_printf(&w->keep, "%s %s", s->trades[trade], world_places[(index / trades + trade * 5) % places]);
}

static struct err *make_client(struct world *w, struct world_org *o, int index, const char *known)
{
    struct world_client *client = &o->clients[index];
    bool is_private = !known && index % 7 == 5;
    struct contact_seed owner = { 0 };
    if (is_private) {
        owner.first_name = fill_pick(w, world_first_names);
        owner.last_name = fill_pick(w, world_last_names);
    }
    client->name = known ? known : is_private ? arena_printf(&w->keep, "%s %s", owner.first_name, owner.last_name) : company_name(w, o->seed, index);
    int days = strcmp(client->name, "Hôtel Bellerive") == 0 ? 2782 : 320 + fill_draw(w, o->seed->age_days > 420 ? o->seed->age_days - 400 : 20);
    int64_t at_ms = fill_time(w, days, 8 * 60 + fill_draw(w, 600));
    client->id = fill_id(w, at_ms);
    fill_go(w, o, at_ms);
    TRY(client_write(w, o, client, index, is_private));
    TRY(contacts_known(w, o, client));
    if (!client->contact_count)
        TRY(contacts_drawn(w, o, client, index, is_private ? &owner : NULL));
    return fill_step(w);
}

/* « Hôtel Bellerive » is C-00482. */
static const char *known_name(const struct world_org *o, int index)
{
    if (strcmp(o->seed->slug, "froid-atlantique") == 0 && index == 482 - o->seed->first_client)
        return "Hôtel Bellerive";
    for (int i = 0; o->seed->known[i]; i++)
        if (index == i * 5 + 2)
            return o->seed->known[i];
    return NULL;
}

/* The operator's clients are the organizations of this server, itself among them. */
static struct err *tie_to_operator(struct world *w)
{
    struct world_org *operator_ = fill_org(w, "sillage");
    for (int i = 0; i < operator_->client_count; i++)
        for (struct world_org *o = w->orgs; o->seed; o++)
            if (strcmp(o->seed->name, operator_->clients[i].name) == 0) {
                fill_go(w, operator_, w->end_ms);
                TRY(ctx_run(&w->at, &sql_demo_organization_client,
                    PARAMS(P_INT("client_id", operator_->clients[i].id), P_INT("organization_id", o->id))));
            }
    return NULL;
}

struct err *fill_make_clients(struct world *w)
{
    for (struct world_org *o = w->orgs; o->seed; o++) {
        o->client_count = o->seed->clients;
        o->clients = ARENA_ARRAY(&w->keep, struct world_client, o->client_count);
        w->random = (uint64_t)o->seed->last_ticket;   /* so that a larger one beside it changes nothing here */
        for (int i = 0; i < o->client_count; i++)
            TRY(make_client(w, o, i, known_name(o, i)));
        TRY(ctx_run(&w->at, &sql_demo_client_counter_insert, PARAMS(P_INT("last", o->seed->first_client + o->client_count - 1))));
    }
    return tie_to_operator(w);
}

/* ---- What is kept with « Hôtel Bellerive »: shared with it, but for the last ---- */

static struct err *make_document(struct world *w, int64_t client_id, const char *author, const char *name, int days_ago, bool is_shared)
{
    struct world_file file;
    const char *hash = NULL;
    int64_t at_ms = fill_time(w, days_ago, 15 * 60);
    bool is_known = fill_file(w->at.arena, name, &file);
    assert(is_known);
    TRY(file_put(&w->at, file.data, file.len, file.type, &hash));
    w->rows++;
    return ctx_run(&w->at, &sql_demo_client_file_insert, PARAMS(P_INT("id", fill_id(w, at_ms)), P_INT("client_id", client_id), P_TEXT("hash", hash), P_TEXT("name", name),
        P_TEXT("type", file.type), P_INT("size_bytes", file.len), P_INT("is_shared", is_shared), P_TEXT("author_name", author), P_INT("said_at", at_ms)));
}

struct err *fill_make_documents(struct world *w)
{
    static const struct { const char *name; int days_ago; bool is_shared; } files[] = {
        { "Contrat d’entretien 2026.pdf", 320, true }, { "Rapport I-1187.pdf", 9, true }, { "Relevé de la chambre froide.csv", 8, true }, { "Plaque signalétique.png", 30, true },
        { "Devis non envoyé.pdf", 12, false },
    };
    struct world_org *o = fill_org(w, "froid-atlantique");
    fill_go(w, o, w->end_ms);
    for (int i = 0; i < o->client_count; i++)
        for (size_t n = 0; n < sizeof files / sizeof *files && strcmp(o->clients[i].name, "Hôtel Bellerive") == 0; n++)
            TRY(make_document(w, o->clients[i].id, "Gaëlle Riou", files[n].name, files[n].days_ago, files[n].is_shared));
    return NULL;
}
