/* What the operator of the invented world has been asked: to make partners (S-0). One became it long ago, one waits for an answer, one was refused. */
#include "features/demo/world.h"
#include "base/text.h"
#include "features/queries.h"

struct step { const char *slug; int days, minutes; const char *what, *note; };

static const struct step steps[] = {
    { "cabinet-lanterne", 1460, 9 * 60 + 40, "asked", "Nous tenons les comptes de quarante entreprises du Finistère, et trois d’entre nous répondent à leurs questions." },
    { "cabinet-lanterne", 1456, 11 * 60 + 5, "approved", "" },
    { "froid-atlantique", 212, 16 * 60 + 20, "asked", "Nous voudrions ouvrir un espace à nos clients." },
    { "froid-atlantique", 209, 10 * 60 + 10, "refused", "Un partenaire suit d’autres entreprises de Sillage ; pour vos propres clients, l’espace client suffit." },
    { "hexanode", 3, 14 * 60 + 35, "asked", "Douze boutiques que nous hébergeons utilisent Sillage. Nous aimerions les aider chez elles, avec leur accord." },
};

static struct err *step_tell(struct world *w, const struct step *s)
{
    struct world_org *org = fill_org(w, s->slug), *operator_ = fill_org(w, "sillage");
    bool is_asked = text_same(s->what, "asked");
    const struct param whose = P_INT("organization_id", org->id);
    fill_go(w, org, fill_time(w, s->days, s->minutes));
    if (is_asked) {
        TRY(ctx_run(&w->at, &sql_partner_ask_put, PARAMS(P_TEXT("message", s->note))));
    } else {
        w->at.who.person_id = operator_->members[0].person_id;
        TRY(ctx_run(&w->at, &sql_partner_ask_answer, PARAMS(whose, P_TEXT("ask_state", s->what), P_TEXT("note", s->note))));
    }
    return ctx_run(&w->at, &sql_partner_event_add, PARAMS(whose, P_INT("id", ctx_id(&w->at)), P_TEXT("what", s->what), P_TEXT("note", s->note)));
}

struct err *fill_make_asks(struct world *w)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        TRY(step_tell(w, &steps[i]));
    return NULL;
}
