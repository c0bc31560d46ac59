/* Sites of Froid Atlantique's clients and the equipment there. « Hôtel Bellerive » has three sites and seventeen machines; of the others
   every second has one or two sites, so that each list has several pages. The makers are invented. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/demo/world.h"
#include "features/queries.h"
#include "features/site/site.h"

enum { SITES = 60, MACHINES = 150 };

struct sites { struct world *w; const struct world_org *org; int site_count, machine_count; };

static const char *const site_names[] = { "Cuisine centrale", "Magasin", "Entrepôt", "Réserve", "Laboratoire", "Quai de livraison", "Annexe", "Boutique du port", "Atelier", NULL };
static const struct { const char *name, *model; } machines[] = {
    { "Chambre froide positive", "Boréal CF-18P" }, { "Chambre froide négative", "Boréal CF-12N" }, { "Vitrine réfrigérée", "Givrelle Vitra 150" },
    { "Armoire réfrigérée", "Givrelle Armo 700" }, { "Groupe de condensation", "Nordec GC-4R" }, { "Centrale frigorifique", "Nordec Centra 6" },
    { "Machine à glaçons", "Brumaire G-45" }, { "Meuble à boissons", "Givrelle Bar 300" }, { "Cellule de refroidissement", "Polaris CR-10" },
    { "Climatiseur de salle", "Polaris Clim 7" },
};
enum { MACHINE_KINDS = sizeof machines / sizeof *machines };

static struct err *make_machine(struct sites *s, int64_t client_id, int64_t site_id)
{
    struct world *w = s->w;
    struct arena *a = w->at.arena;
    int n = s->machine_count++, kind = (n * 3 + n / MACHINE_KINDS) % MACHINE_KINDS, age_days = 60 + fill_draw(w, 2600);
    int64_t at_ms = fill_time(w, age_days < 300 ? age_days : 300, 11 * 60 + n), id = fill_id(w, at_ms), installed_on = w->last_day - age_days;
    const char *name = machines[kind].name, *serial = arena_printf(a, "%c%c-%05d", machines[kind].model[0], "KLMNP"[n % 5], 20417 + n * 173);
    const char *state = n % 11 == 7 ? "stored" : n % 13 == 9 ? "retired" : "in_service";
    fill_go(w, s->org, at_ms);
    TRY(ctx_run(&w->at, &sql_equipment_add, PARAMS(P_INT("id", id), P_INT("of_client", client_id), P_ID("of_site", site_id), P_TEXT("name", name),
        P_TEXT("name_key", text_name_key(a, name)), P_TEXT("model", machines[kind].model), P_TEXT("serial", serial), P_TEXT("serial_key", text_name_key(a, serial)),
        P_INT("installed_on", installed_on), n % 17 == 4 ? P_NULL("warranty_on") : P_INT("warranty_on", installed_on + 365 * (2 + n % 4)), P_TEXT("in_state", state))));
    TRY(ctx_run(&w->at, &sql_equipment_text_put, PARAMS(P_INT("id", id), P_TEXT("information", n % 4 ? "" : "Fluide R-290, charge 0,45 kg."),
        P_TEXT("notes", n % 9 ? "" : "Prévoir un escabeau."))));
    w->rows += 2;
    return fill_words(w, "equipment", id, arena_printf(a, "%s %s %s", name, machines[kind].model, serial));
}

static struct err *make_site(struct sites *s, const struct world_client *client, const char *name, int city, int64_t *ret_id)
{
    struct world *w = s->w;
    struct arena *a = w->at.arena;
    int n = s->site_count++;
    int64_t at_ms = fill_time(w, 310 - n, 9 * 60), id = fill_id(w, at_ms);
    const char *number = NULL, *street = arena_printf(a, "%d %s", 1 + fill_draw(w, 80), fill_pick(w, world_streets));
    fill_go(w, s->org, at_ms);
    TRY(site_number(&w->at, &number));
    TRY(ctx_run(&w->at, &sql_site_add, PARAMS(P_INT("id", id), P_INT("of_client", client->id), P_TEXT("number", number), P_TEXT("name", name),
        P_TEXT("name_key", text_name_key(a, name)), P_TEXT("street", street), P_TEXT("postcode", world_cities[city][0]), P_TEXT("city", world_cities[city][1]),
        P_TEXT("city_key", text_name_key(a, world_cities[city][1])), P_ID("of_contact", n % 3 == 0 && client->contact_count ? client->contacts[0].id : 0))));
    TRY(ctx_run(&w->at, &sql_site_text_put, PARAMS(P_INT("id", id), P_TEXT("information", n % 4 ? "" : "Accès par la cour. Prévenir une heure avant."),
        P_TEXT("notes", n % 7 ? "" : "La clé du local technique est à l’accueil."))));
    w->rows += 2;
    *ret_id = id;
    return fill_words(w, "site", id, arena_printf(a, "%s %s %s %s", name, number, street, world_cities[city][1]));
}

static struct err *make_bellerive(struct sites *s, const struct world_client *client)
{
    static const struct { const char *name; int machines; } sites[] = { { "Cuisine centrale", 9 }, { "Annexe Les Pins", 5 }, { "Restaurant de plage", 3 } };
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        int64_t site_id = 0;
        TRY(make_site(s, client, sites[i].name, 0, &site_id));
        for (int n = 0; n < sites[i].machines; n++)
            TRY(make_machine(s, client->id, site_id));
    }
    return fill_step(s->w);
}

/* The last of them has its machines at no site. */
static struct err *make_others(struct sites *s, const struct world_client *client, int index)
{
    for (int i = 0; i < 1 + index % 2 && s->site_count < SITES; i++) {
        int64_t site_id = 0;
        TRY(make_site(s, client, site_names[(index + i * 4) % 9], fill_draw(s->w, 15), &site_id));
        for (int n = 0; n < 2 + (index + i) % 2 && s->machine_count < MACHINES - 2; n++)
            TRY(make_machine(s, client->id, site_id));
    }
    for (int n = 0; n < 2 && s->site_count == SITES && s->machine_count < MACHINES; n++)
        TRY(make_machine(s, client->id, 0));
    return fill_step(s->w);
}

struct err *fill_make_sites(struct world *w)
{
    struct sites s = { .w = w, .org = fill_org(w, "froid-atlantique") };
    w->random = 50;   /* its own draws: what is made before and behind stays as it is */
    for (int i = 0; i < s.org->client_count; i++)
        if (strcmp(s.org->clients[i].name, "Hôtel Bellerive") == 0)
            TRY(make_bellerive(&s, &s.org->clients[i]));
    for (int i = 0; i < s.org->client_count && s.site_count < SITES; i++)
        if (i % 3 == 0 && strcmp(s.org->clients[i].name, "Hôtel Bellerive") != 0)
            TRY(make_others(&s, &s.org->clients[i], i));
    return NULL;
}
