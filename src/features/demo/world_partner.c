/* The partner's dossiers: which organizations « Cabinet Lanterne » looks after, and how far the support in each is. Two of them are told in
   full (world_orgs.c); the others are light: a row, an administrator, and what was asked of them. */
#include <assert.h>
#include "features/demo/world.h"
#include <stddef.h>
#include "base/clock.h"
#include "features/organization/organization.h"
#include "features/queries.h"
#include "mandate/access.h"
#include "mandate/dossier.h"
#include "mandate/support.h"

enum { LIGHT = 58 };

static const char *const known[] = { "Cycles Penhoët", "Fleurs de Rance", "Librairie du Môle", "Menuiserie Hélias", "Pharmacie Saint-Clair", "Maison Quéméner",
    "Traiteur Maelan", "Voilerie du Ponant", NULL };
static const char *const trades[] = { "Garage", "Boulangerie", "Plomberie", "Cordonnerie", "Imprimerie", "Jardinerie", "Optique", "Fromagerie", "Électricité",
    "Couverture", "Auto-école", "Poissonnerie", "Peinture", NULL };
static const char *const reasons[] = { "TVA du trimestre", "Clôture de l’exercice", "Reprise des factures fournisseurs", "Rapprochement bancaire",
    "Mise en place de l’espace client" };
static const char *const notes[] = { "Nous gérons cela nous-mêmes ce trimestre.", "Merci de voir d’abord avec notre gérant.", "Le niveau demandé est trop large." };
static const char *const levels[] = { "management", "accounting", "read" };
static const char wording[] = "J’autorise l’accès de support décrit dans la demande, au niveau et pour la durée que j’ai choisis.";

/* How each stands, in the order of their making: a access, l lasting, s soon to end, q asked, r refused, e ended, n nobody yet, i created and waiting for its administrator, x left. */
static const char fates[] = "aslqaranaelaiqasarnaxaelaqnasalarnqaeaislaaqnraelaxaqsanal";
_Static_assert(sizeof fates == LIGHT + 1, "each has one");

static int names_count(const char *const *list)
{
    int count = 0;
    while (list[count])
        count++;
    return count;
}

/* Chosen by their place, so that what is drawn for the rest of the world stays as it is. */
static const char *name_at(const char *const *list, int place)
{
    int count = names_count(list);
    assert(count > 0);
    return list[place % count];
}

/* The partner made it (S-15): its administrator is asked, and nobody is inside. */
static struct err *make_offer(struct world *w, struct world_org *made, struct membership_offer *offer, int64_t *ret_offer_id)
{
    fill_go(w, made, fill_time(w, 4, 10 * 60));
    w->at.who.person_id = fill_org(w, "cabinet-lanterne")->members[0].person_id;
    offer->answer_by = w->at.now_ms + 7 * CLOCK_DAY_MS;
    TRY(membership_offer(&w->at, offer, &made->members[0].id, ret_offer_id));
    return ctx_run(&w->at, &sql_invitation_add, PARAMS(P_INT("mandate_id", *ret_offer_id), P_INT("member_id", made->members[0].id), P_INT("person_id", offer->person_id),
        P_INT("link_id", ctx_id(&w->at)), P_TEXT("email", offer->email), P_TEXT("email_key", offer->email), P_TEXT("first_name", offer->first_name),
        P_TEXT("last_name", offer->last_name), P_INT("expires_at", offer->answer_by)));
}

static struct err *make_light(struct world *w, int i, struct world_org *made, int64_t *ret_offer_id)
{
    const char *first_name = name_at(world_first_names, i * 3 + 1), *last_name = name_at(world_last_names, i * 5 + 2);
    const char *name = i < names_count(known) ? known[i] : arena_printf(&w->keep, "%s %s", name_at(trades, i), last_name);
    const char *const *city = world_cities[i % 12];
    const char *domain = arena_printf(&w->keep, "%s.example", fill_slug(&w->keep, name));
    fill_go(w, made, fates[i] == 'i' ? fill_time(w, 4, 10 * 60 + i) : fill_time(w, 700 - i * 9, 9 * 60 + i));
    TRY(organization_create(&w->at, &(struct organization_new){ .name = name, .legal_name = name, .street = arena_printf(w->at.arena, "%d %s", i + 1, name_at(world_streets, i)),
        .siren = fill_siren(w->at.arena, arena_printf(w->at.arena, "%08d", 41000317 + i * 130729)), .postcode = city[0], .city = city[1],
        .email = arena_printf(w->at.arena, "contact@%s", domain), .phone = arena_printf(w->at.arena, "02 61 91 %02d %02d", 40 + i / 10, 10 + i) }, &made->id));
    const char *email = arena_printf(w->at.arena, "%s.%s@%s", fill_slug(w->at.arena, first_name), fill_slug(w->at.arena, last_name), domain);
    TRY(fill_person(w, first_name, last_name, email, fates[i] != 'i', &made->members[0].person_id));
    if (fates[i] == 'i')
        return make_offer(w, made, &(struct membership_offer){ made->members[0].person_id, first_name, last_name, email, "Gérance", "administrator", wording, 0 }, ret_offer_id);
    made->member_count = 1;
    return membership_give(&w->at, made->id, made->members[0].person_id, "administrator", "Gérance", &made->members[0].id);
}

/* What was asked of one, so many days ago, and how it was answered the day after. */
static struct err *make_support(struct world *w, int i, const struct world_org *made, int64_t dossier_id)
{
    struct world_org *partner = fill_org(w, "cabinet-lanterne");
    char fate = fates[i];
    int days = fate == 's' ? 30 - i % 6 : fate == 'q' ? 2 + i % 9 : 45 + i;
    int64_t org_id = 0, mandate_id = 0, replaced_id = 0;
    struct support_wish wish = { dossier_id, fill_member(partner, i % 3 ? "Inès" : "Hugo")->id, levels[i % 3], fate == 'l' ? 0 : fate == 's' ? 720 : 8760, reasons[i % 5] };
    fill_go(w, partner, fill_time(w, days, 10 * 60 + i));
    TRY(support_ask(&w->at, &wish, &org_id, &mandate_id));
    if (fate == 'q')
        return NULL;
    fill_go(w, made, fill_time(w, days - 1, 15 * 60 + i));
    if (fate == 'r')
        return support_refuse(&w->at, mandate_id, notes[i % 3]);
    TRY(support_grant(&w->at, &(struct support_grant){ mandate_id, wish.level, wish.hours, "form", wording }, &replaced_id));
    if (fate != 'e')
        return NULL;
    fill_go(w, made, fill_time(w, days - 30, 11 * 60 + i));
    return support_end(&w->at, made->id, mandate_id, "withdrawn");
}

static struct err *make_light_dossier(struct world *w, int i)
{
    struct world_org made = { 0 };
    int64_t dossier_id = 0, mandate_id = 0, offer_id = 0;
    char fate = fates[i];
    TRY(make_light(w, i, &made, &offer_id));
    fill_go(w, fill_org(w, "cabinet-lanterne"), w->at.now_ms + CLOCK_HOUR_MS);
    TRY(dossier_new(&w->at, made.id, "born", wording, &dossier_id, &mandate_id));
    if (fate == 'i')
        TRY(dossier_joining(&w->at, made.id, offer_id));
    if (fate == 'x') {
        fill_go(w, &made, fill_time(w, 40 + i, 16 * 60));
        TRY(dossier_end(&w->at, made.id, mandate_id, "withdrawn"));
    } else if (fate != 'i' && fate != 'n') {
        TRY(make_support(w, i, &made, dossier_id));
    }
    fill_go(w, &made, w->outer->now_ms);
    w->at.journal = (struct journal_draft){ .action = "demo_fill", .object_kind = "organization", .object_id = made.id, .is_wanted = true };
    TRY(journal_write(&w->at));
    w->rows += 30;
    return fill_step(w);
}

/* Two organizations invited by the addresses of their administrators: one has not answered yet, one has refused. */
static struct err *make_invites(struct world *w)
{
    static const struct { const char *email; int days; bool is_refused; } invites[] = { { "direction@moulin-goustan.example", 34, true }, { "gerance@cidrerie-kerzu.example", 3, false } };
    for (size_t i = 0; i < sizeof invites / sizeof *invites; i++) {
        int64_t link_id = 0;
        fill_go(w, fill_org(w, "cabinet-lanterne"), fill_time(w, invites[i].days, 9 * 60 + 40));
        link_id = ctx_id(&w->at);
        TRY(ctx_run(&w->at, &sql_dossier_invite_add, PARAMS(P_INT("id", ctx_id(&w->at)), P_INT("link_id", link_id), P_TEXT("email", invites[i].email),
            P_TEXT("email_key", invites[i].email), P_INT("expires_at", w->at.now_ms + 20 * CLOCK_DAY_MS))));
        w->at.now_ms += CLOCK_DAY_MS;
        if (invites[i].is_refused)
            TRY(ctx_run(&w->at, &sql_dossier_invite_answer, PARAMS(P_INT("link_id", link_id), P_TEXT("answer", "declined"))));
    }
    return fill_step(w);
}

struct err *fill_make_dossiers(struct world *w)
{
    static const struct { const char *slug; int days; } dossiers[] = { { "boulangerie-tivoli", 420 }, { "atelier-morin", 300 } };
    const struct world_org *partner = fill_org(w, "cabinet-lanterne");
    for (size_t i = 0; i < sizeof dossiers / sizeof *dossiers; i++) {
        int64_t dossier_id = 0;
        fill_go(w, partner, fill_time(w, dossiers[i].days, 10 * 60 + 15));
        TRY(dossier_new(&w->at, fill_org(w, dossiers[i].slug)->id, "born", "", &dossier_id, NULL));
        TRY(fill_step(w));
    }
    for (int i = 0; i < LIGHT; i++)
        TRY(make_light_dossier(w, i));
    return make_invites(w);
}
