/* Secure links of Froid Atlantique for Hôtel Bellerive: to all of it, to one site, and one that is paused; opened now and then. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/demo/world.h"
#include "features/queries.h"
#include "mandate/link.h"

/* site: by its name, NULL: none; job: the last of the client's. */
static const struct link_seed { int days_ago, lasts_days, most, openings; const char *site; bool is_job, is_paused; const char *wording; } seeds[] = {
    { 3, 240, 20, 1, NULL, false, false, "Quiconque a l’adresse de ce lien voit, sans compte : les interventions, les sites et les équipements de Hôtel Bellerive. Il permet aussi de demander une intervention." },
    { 79, 365, 0, 12, "Annexe Les Pins", false, false, "Quiconque a l’adresse de ce lien voit, sans compte : les interventions et les équipements du site Annexe Les Pins de Hôtel Bellerive. Il permet aussi de demander une intervention." },
    { 30, 400, 5, 3, NULL, true, true, "Quiconque a l’adresse de ce lien voit, sans compte : une intervention de Hôtel Bellerive." },
};

static int64_t row_named(const struct doc *rows, const char *name)
{
    for (size_t i = 0; i < doc_count(rows); i++)
        if (!name || strcmp(doc_text_of(doc_at(rows, i), "name"), name) == 0)
            return doc_int_of(doc_at(rows, i), "id");
    return 0;
}

/* Each time in the browser that knows it already, the last of them not long ago. */
static struct err *make_openings(struct world *w, const struct link_seed *seed, int64_t link_id)
{
    struct ctx *c = &w->at;
    struct authority who = c->who;
    struct doc *link = NULL;
    int64_t browser_id = 0, session_id = 0;
    TRY(link_find(c, link_id, &link));
    TRY(link_browser_put(c, &browser_id, arena_printf(c->arena, "demonstration %lld", (long long)link_id)));
    for (int i = 0; i < seed->openings; i++) {
        c->now_ms = fill_time(w, 1 + (seed->openings - 1 - i) * (seed->days_ago - 1) / seed->openings, 19 * 60 + 26);
        link_enter(c, link);
        TRY(link_open(c, link, &(struct link_visit){ browser_id, i % 3 ? "198.51.100.0/24" : "203.0.113.0/24", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1", 0 }, &session_id));
        TRY(link_ended(c, link_id));
        w->rows++;
    }
    c->who = who;
    return NULL;
}

static struct err *make_link(struct world *w, const struct world_org *o, int64_t client_id, const struct link_seed *seed)
{
    struct doc *sites = NULL, *jobs = NULL;
    int64_t id = 0, at_ms = fill_time(w, seed->days_ago, 11 * 60);
    const struct param *of = PARAMS(P_INT("of_client", client_id));
    fill_go(w, o, at_ms);
    TRY(ctx_rows(&w->at, &sql_link_sites, of, &sites));
    TRY(ctx_rows(&w->at, &sql_link_jobs, of, &jobs));
    TRY(link_give(&w->at, &(struct link_wish){ .client_id = client_id, .site_id = seed->site ? row_named(sites, seed->site) : 0, .job_id = seed->is_job ? row_named(jobs, NULL) : 0,
        .can_ask = true, .ends_at = at_ms + seed->lasts_days * CLOCK_DAY_MS, .most_openings = seed->most, .wording = seed->wording }, &id));
    TRY(make_openings(w, seed, id));
    if (seed->is_paused)
        TRY(link_pause(&w->at, id));
    w->rows += 2;
    return fill_step(w);
}

struct err *fill_make_links(struct world *w)
{
    const struct world_org *o = fill_org(w, "froid-atlantique");
    for (int i = 0; i < o->client_count; i++)
        for (size_t n = 0; strcmp(o->clients[i].name, "Hôtel Bellerive") == 0 && n < sizeof seeds / sizeof *seeds; n++)
            TRY(make_link(w, o, o->clients[i].id, &seeds[n]));
    return NULL;
}
