/* What the support team has made its own: answers written beforehand, a member who follows, tickets that have to do with one another. */
#include "base/text.h"
#include "features/demo/world.h"
#include "features/queries.h"

static const struct { const char *name, *body; } templates[] = {
    { "Accusé de réception", "Bonjour {contact},\n\nnous avons bien reçu votre demande {ticket} et revenons vers vous dans la journée.\n\n{moi}" },
    { "Date de passage à confirmer", "Bonjour {contact},\n\nnous pouvons passer chez {client} mardi entre 8 h et 12 h. Cela vous convient-il ?\n\n{moi}" },
    { "Demande de photo", "Bonjour {contact},\n\npouvez-vous nous envoyer une photo de l’appareil et de sa plaque ? Elle nous évite un déplacement.\n\n{moi}" },
    { "Clôture", "Bonjour {contact},\n\nnous fermons le ticket {ticket} « {titre} ». Une réponse le rouvre.\n\n{moi}" },
    { "Devis envoyé", "Bonjour {contact},\n\nnotre devis est parti par courrier électronique. Il vaut deux mois.\n\n{moi}" },
};

static struct err *make_templates(struct world *w)
{
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        TRY(ctx_run(&w->at, &sql_template_add, PARAMS(P_INT("id", fill_id(w, w->end_ms)), P_TEXT("name", templates[i].name),
            P_TEXT("name_key", text_name_key(w->at.arena, templates[i].name)), P_TEXT("body", templates[i].body))));
    w->rows += (int)(sizeof templates / sizeof *templates);
    return NULL;
}

static struct err *ticket_numbered(struct world *w, int number, int64_t *ret_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(&w->at, &sql_tie_find, PARAMS(P_INT("number", number)), &row));
    *ret_id = doc_int_of(row, "id");
    return NULL;
}

/* Around the ticket that the story tells in full. */
static struct err *make_story(struct world *w, struct world_org *o)
{
    int64_t alarm = 0, earlier = 0;
    TRY(ticket_numbered(w, 1208, &alarm));
    TRY(ticket_numbered(w, 1199, &earlier));
    TRY(ctx_run(&w->at, &sql_follower_add, PARAMS(P_INT("id", fill_id(w, w->end_ms)), P_INT("ticket", alarm), P_INT("of_member", fill_member(o, "Yann")->id), P_NULL("of_contact"))));
    w->rows += 2;
    return ctx_run(&w->at, &sql_tie_add, PARAMS(P_INT("id", fill_id(w, w->end_ms)), P_INT("ticket", alarm), P_TEXT("kind", "ticket"), P_INT("object_id", earlier),
        P_TEXT("relation", "related")));
}

struct err *fill_make_desks(struct world *w)
{
    for (struct world_org *o = w->orgs; o->seed; o++) {
        if (!text_same(o->seed->slug, "froid-atlantique") && !text_same(o->seed->slug, "hexanode"))
            continue;
        fill_go(w, o, w->end_ms);
        TRY(make_templates(w));
        if (text_same(o->seed->slug, "froid-atlantique"))
            TRY(make_story(w, o));
    }
    return NULL;
}
