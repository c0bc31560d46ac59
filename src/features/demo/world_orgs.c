/* The organizations, the people in them, and what their tickets can be. */
#include "features/demo/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/organization/organization.h"
#include "features/queries.h"
#include "web/file.h"

#define LOGO(color, drawing, width) \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" fill=\"" color "\"/>" \
    "<g fill=\"none\" stroke=\"#fff\" stroke-width=\"" width "\" stroke-linecap=\"round\" stroke-linejoin=\"round\">" drawing "</g></svg>"

static const char logo_sillage[] = LOGO("#0b5563", "<path d=\"M5 20c4-5 7-5 11 0s7 5 11 0M5 13c4-5 7-5 11 0s7 5 11 0\"/>", "2.5");
static const char logo_lanterne[] = LOGO("#7a3e10", "<path d=\"M11 13h10l2 11H9zM13 13V9a3 3 0 0 1 6 0v4M16 16.5v4\"/>", "2.25");
static const char logo_froid[] = LOGO("#0d4f9c",
    "<path d=\"M16 6v20M7.34 11l17.32 10M24.66 11 7.34 21M13 8.5l3 2.5 3-2.5M13 23.5l3-2.5 3 2.5\"/>", "2.25");
static const char logo_hexanode[] = LOGO("#1d6b3f", "<path d=\"M16 6l8.66 5v10L16 26l-8.66-5V11z\"/><circle cx=\"16\" cy=\"16\" r=\"3\" fill=\"#fff\"/>", "2.25");

static const char *const types_cold[] = { "Panne", "Entretien", "Question", "Facturation", "Devis", NULL };
static const char *const types_web[] = { "Technique", "Domaine", "Messagerie", "Facturation", "Question", NULL };
static const char *const types_office[] = { "Question", "Anomalie", "Facturation", "Évolution", NULL };

static const char *const trades_food[] = { "Restaurant", "Brasserie", "Boucherie", "Poissonnerie", "Supérette", "Fromagerie", "Traiteur",
    "Laboratoire", "Cave", "Glacier", "Primeur", "Camping", "Hôtel", "Crêperie", "Clinique", "Résidence", "Marché", "Boulangerie", NULL };
static const char *const trades_web[] = { "Garage", "Studio", "Agence", "Librairie", "Cabinet", "Atelier", "Auto-école", "Optique", "Gîte",
    "Fleurs", "Menuiserie", "Association", NULL };
static const char *const trades_firm[] = { "Cycles", "Menuiserie", "Librairie", "Pharmacie", "Traiteur", "Voilerie", "Garage", "Cordonnerie",
    "Imprimerie", "Jardinerie", "Plomberie", "Maison", NULL };

static const char *const known_cold[] = { "Supérette du Bourg", "Poissonnerie Guérin", "Laboratoire Armor", "Crêperie du Port", "Cave du Sillon",
    "Clinique des Dunes", "Résidence Ker Avel", "Halle aux Poissons", NULL };
static const char *const known_web[] = { "Studio Pixel", "Garage Duval", NULL };
static const char *const known_lanterne[] = { "Boulangerie Tivoli", "Atelier Morin", "Cycles Penhoët", "Fleurs de Rance", "Librairie du Môle",
    "Menuiserie Hélias", "Pharmacie Saint-Clair", "Maison Quéméner", "Traiteur Maelan", "Voilerie du Ponant", NULL };
static const char *const known_tivoli[] = { "Restaurant Le Grand Large", "Crèche Les Moussaillons", "Hôtel du Rempart", "Café des Voyageurs",
    "Mairie de Rothéneuf", "Épicerie Lumière", "École Sainte-Barbe", "Résidence Les Tilleuls", NULL };
static const char *const known_sillage[] = { "Cabinet Lanterne", "Boulangerie Tivoli", "Atelier Morin", "Froid Atlantique", "Hexanode", "Sillage", NULL };
static const char *const known_none[] = { NULL };

const struct org_seed world_orgs[] = {
    { .slug = "sillage", .name = "Sillage", .tagline = "La gestion des petites entreprises, sans détour.", .legal_name = "Sillage SAS", .siren = "84210573",
      .street = "8 allée des Gabiers", .postcode = "44200", .city = "Nantes", .domain = "sillage.example", .phone = "02 61 91 10 00",
      .brand_color = "#0b5563", .logo = logo_sillage, .is_operator = true, .age_days = 2400, .clients = 64, .tickets = 84,
      .first_client = 1, .last_ticket = 384, .trades = trades_firm, .known = known_sillage, .types = types_office, .scripts = scripts_office,
      .members = { { "Hervé", "Lannuzel", "Direction", "administrator", false }, { "Oriane", "Besnard", "Assistance", "support_agent", false } } },
    { .slug = "cabinet-lanterne", .name = "Cabinet Lanterne", .tagline = "Une lumière sur vos comptes.", .legal_name = "Cabinet Lanterne SARL",
      .siren = "53182940", .street = "27 rue du Phare", .postcode = "29200", .city = "Brest", .domain = "lanterne.example", .phone = "02 61 91 77 30",
      .brand_color = "#7a3e10", .logo = logo_lanterne, .is_partner = true, .age_days = 1900, .clients = 58, .tickets = 64,
      .first_client = 11, .last_ticket = 164, .trades = trades_firm, .known = known_lanterne, .types = types_office, .scripts = scripts_office,
      .members = { { "Solène", "Kerbrat", "Administratrice", "administrator", false }, { "Inès", "Rolland", "Support technique", "collaborator", false },
        { "Hugo", "Marchetti", "Support technique", "collaborator", false }, { "Maëlle", "Guyader", "Support technique", "collaborator", true },
        { "Ewen", "Cariou", "Accueil", "support_agent", false } } },
    { .slug = "boulangerie-tivoli", .name = "Boulangerie Tivoli", .tagline = "Pain et viennoiseries, livrés avant 7 h.", .legal_name = "Boulangerie Tivoli SARL",
      .siren = "48817362", .street = "3 place du Guet", .postcode = "35400", .city = "Saint-Malo", .domain = "tivoli.example", .phone = "02 61 91 52 18",
      .brand_color = "#8a3324", .age_days = 1400, .clients = 56, .tickets = 54, .first_client = 21, .last_ticket = 74, .trades = trades_food,
      .known = known_tivoli, .types = types_office, .scripts = scripts_office,
      .members = { { "Nadia", "Ferrand", "Administratrice", "administrator", false }, { "Malo", "Briand", "Vendeur", "manager", false },
        { "Étienne", "Morvan", "Expert-comptable", "accountant", false } } },
    { .slug = "atelier-morin", .name = "Atelier Morin", .tagline = "Menuiserie et agencement.", .legal_name = "Atelier Morin EURL", .siren = "81930427",
      .street = "14 rue de Siam", .postcode = "29200", .city = "Brest", .domain = "morin.example", .phone = "02 61 91 33 05", .brand_color = "#5b4a1f",
      .age_days = 900, .clients = 54, .tickets = 52, .first_client = 31, .last_ticket = 61, .trades = trades_food, .known = known_none,
      .types = types_office, .scripts = scripts_office,
      .members = { { "Mathilde", "Morin", "Gérante", "administrator", false }, { "Ronan", "Guillou", "Chef d’atelier", "manager", false } } },
    { .slug = "froid-atlantique", .name = "Froid Atlantique", .tagline = "Vos installations, vos demandes et vos factures, au même endroit.",
      .legal_name = "Froid Atlantique SAS", .siren = "49320518", .street = "12 rue des Embruns", .postcode = "44600", .city = "Saint-Nazaire",
      .domain = "froid-atlantique.example", .phone = "02 61 91 40 12", .brand_color = "#0d4f9c", .logo = logo_froid, .is_portal_open = true,
      .age_days = 2800, .clients = 140, .tickets = 420, .first_client = 401, .last_ticket = 1209, .trades = trades_food, .known = known_cold,
      .types = types_cold, .scripts = scripts_cold,
      .members = { { "Sabine", "Cozic", "Planification", "administrator", false }, { "Yann", "Le Goff", "Responsable d’exploitation", "manager", false },
        { "Karim", "Benali", "Technicien frigoriste", "technician", false }, { "Élodie", "Prigent", "Technicienne frigoriste", "technician", false },
        { "Théo", "Lucas", "Technicien frigoriste", "technician", false }, { "Gaëlle", "Riou", "Accueil clients", "support_agent", false } } },
    { .slug = "hexanode", .name = "Hexanode", .tagline = "Noms de domaine et hébergement, en France.", .legal_name = "Hexanode SAS", .siren = "75391846",
      .street = "5 rue du Point du Jour", .postcode = "35000", .city = "Rennes", .domain = "hexanode.example", .phone = "02 61 91 64 00",
      .brand_color = "#1d6b3f", .logo = logo_hexanode, .is_portal_open = true, .age_days = 2100, .clients = 62, .tickets = 122,
      .first_client = 1041, .last_ticket = 2322, .trades = trades_web, .known = known_web, .types = types_web, .scripts = scripts_web,
      .members = { { "Camille", "Vasseur", "Direction technique", "administrator", false }, { "Bastien", "Nogues", "Support", "support_agent", false },
        { "Lise", "Amiot", "Support", "support_agent", false } } },
    { 0 },
};

/* Asked, and has not answered yet. */
static struct err *invite_member(struct world *w, const struct member_seed *m, const char *email, struct world_member *made)
{
    int64_t mandate_id = 0;
    const struct membership_offer offer = { made->person_id, m->first_name, m->last_name, email, m->title, m->role, "",
        w->at.now_ms + 7 * CLOCK_DAY_MS };
    TRY(membership_offer(&w->at, &offer, &made->id, &mandate_id));
    return ctx_run(&w->at, &sql_invitation_add, PARAMS(P_INT("mandate_id", mandate_id), P_INT("member_id", made->id), P_INT("person_id", made->person_id),
        P_INT("link_id", ctx_id(&w->at)), P_TEXT("email", email), P_TEXT("email_key", text_email_key(w->at.arena, email)), P_TEXT("first_name", m->first_name),
        P_TEXT("last_name", m->last_name), P_INT("expires_at", w->at.now_ms + 7 * CLOCK_DAY_MS)));
}

static struct err *make_members(struct world *w, struct world_org *o)
{
    for (const struct member_seed *m = o->seed->members; m < o->seed->members + MEMBERS_MOST && m->first_name; m++) {
        struct world_member *made = &o->members[o->member_count];
        int days = m->is_invited ? 2 : o->seed->age_days * (MEMBERS_MOST - o->member_count) / MEMBERS_MOST - 30;
        fill_go(w, o, fill_time(w, days, 9 * 60 + 20));
        const char *email = arena_printf(&w->keep, "%s.%s@%s", fill_slug(&w->keep, m->first_name), fill_slug(&w->keep, m->last_name), o->seed->domain);
        made->name = arena_printf(&w->keep, "%s %s", m->first_name, m->last_name);
        made->role = m->role;
        TRY(fill_person(w, m->first_name, m->last_name, email, !m->is_invited, &made->person_id));
        if (m->is_invited)
            TRY(invite_member(w, m, email, made));
        else
            TRY(membership_give(&w->at, o->id, made->person_id, m->role, m->title, &made->id));
        o->member_count++;
    }
    return NULL;
}

static struct err *make_ticket_lists(struct world *w, struct world_org *o)
{
    static const struct { const char *name, *tone; } priorities[PRIORITIES] = {
        { "Basse", "low" }, { "Normale", "normal" }, { "Haute", "high" }, { "Urgente", "urgent" },
    };
    for (int i = 0; o->seed->types[i]; i++) {
        o->type_ids[i] = fill_id(w, w->at.now_ms);
        TRY(ctx_run(&w->at, &sql_demo_type_insert, PARAMS(P_INT("id", o->type_ids[i]), P_TEXT("name", o->seed->types[i]), P_INT("position", i + 1))));
    }
    for (int i = 0; i < PRIORITIES; i++) {
        o->priority_ids[i] = fill_id(w, w->at.now_ms);
        TRY(ctx_run(&w->at, &sql_demo_priority_insert, PARAMS(P_INT("id", o->priority_ids[i]), P_TEXT("name", priorities[i].name),
            P_TEXT("tone", priorities[i].tone), P_INT("position", i + 1), P_INT("is_default", strcmp(priorities[i].tone, "normal") == 0),
            P_ID("due_hours", world_due_hours[i]))));
    }
    return NULL;
}

static struct err *make_org(struct world *w, struct world_org *o)
{
    const struct org_seed *s = o->seed;
    int64_t at_ms = fill_time(w, s->age_days, 10 * 60);
    o->id = fill_id(w, at_ms);
    fill_go(w, o, at_ms);
    const char *email = arena_printf(w->at.arena, "%s@%s", s->is_partner ? "support" : "contact", s->domain);
    TRY(ctx_run(&w->at, &sql_demo_organization_insert, PARAMS(P_INT("id", o->id), P_TEXT("slug", s->slug), P_TEXT("name", s->name),
        P_TEXT("name_key", text_name_key(w->at.arena, s->name)), P_TEXT("tagline", s->tagline), P_TEXT("legal_name", s->legal_name), P_TEXT("siren", fill_siren(w->at.arena, s->siren)), P_TEXT("street", s->street),
        P_TEXT("postcode", s->postcode), P_TEXT("city", s->city), P_TEXT("email", email), P_TEXT("phone", s->phone),
        P_TEXT("brand_color", s->brand_color), P_INT("is_operator", s->is_operator), P_INT("is_partner", s->is_partner),
        P_INT("is_portal_open", s->is_portal_open))));
    TRY(organization_words(&w->at, o->id));
    if (s->logo) {
        const char *hash = NULL;
        TRY(file_put(&w->at, s->logo, strlen(s->logo), "image/svg+xml", &hash));
        TRY(ctx_run(&w->at, &sql_demo_organization_logo, PARAMS(P_TEXT("logo", hash))));
    }
    TRY(make_ticket_lists(w, o));
    return make_members(w, o);
}

/* The payer of a subscription: somebody with a login and, until there are subscriptions, with nothing else. */
static struct err *make_payer(struct world *w)
{
    int64_t id = 0;
    fill_go(w, fill_org(w, "atelier-morin"), fill_time(w, 362, 11 * 60));
    return fill_person(w, "Gwenaëlle", "Tanguy", "gwenaelle.tanguy@tanguy-gestion.example", true, &id);
}

struct err *fill_make_orgs(struct world *w)
{
    int count = 0;
    while (world_orgs[count].slug)
        count++;
    w->orgs = ARENA_ARRAY(&w->keep, struct world_org, count + 1);
    for (int i = 0; i < count; i++) {
        w->orgs[i].seed = &world_orgs[i];
        TRY(make_org(w, &w->orgs[i]));
    }
    return make_payer(w);
}
