/* The partner's dossiers: which organizations « Cabinet Lanterne » looks after. */
#include "features/demo/world.h"
#include <stddef.h>
#include "mandate/dossier.h"

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
    return NULL;
}
