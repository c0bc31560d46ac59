/* What --scale N adds to « Froid Atlantique », for measuring: 100 N clients and 1,000 N tickets, older than those that are told, so
   that the first pages stay the same. The database makes them from the told ones, thousands of rows a statement, since a million rows
   written one by one would take minutes. */
#include "features/demo/world.h"
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "features/queries.h"

enum { CLIENTS_A_STEP = 100, TICKETS_A_STEP = 1000, ROWS_A_STATEMENT = 4000, BEFORE_DAYS = 300, SPAN_DAYS = 365 };

struct scale {
    struct world *w;
    const struct world_org *org;
    int64_t clients, tickets;
    int64_t first_client_id, first_ticket_id;   /* ids of their own, close together: nothing else is made at these times */
    int64_t start_at, step_ms;
};

static struct err *scale_run(const struct scale *s, const struct query *const *queries, int64_t count, const struct param *fixed, size_t fixed_count)
{
    struct ctx *c = &s->w->at;
    for (int64_t start = 0; start < count; start += ROWS_A_STATEMENT) {
        int64_t upto = start + ROWS_A_STATEMENT < count ? start + ROWS_A_STATEMENT : count;
        struct param *params = ARENA_ARRAY(c->arena, struct param, fixed_count + 3);
        memcpy(params, fixed, fixed_count * sizeof *fixed);
        params[fixed_count] = P_INT("start", start);
        params[fixed_count + 1] = P_INT("upto", upto);
        for (const struct query *const *q = queries; *q; q++)
            TRY(ctx_run_any(c, *q, params, NULL));
        s->w->rows += ROWS_A_STATEMENT;
        TRY(fill_step(s->w));
    }
    return NULL;
}

static struct err *scale_clients(const struct scale *s)
{
    static const struct query *const queries[] = { &sql_demo_scale_clients, &sql_demo_scale_client_texts, &sql_demo_scale_contacts, &sql_demo_scale_client_words, NULL };
    const struct param fixed[] = { P_INT("first_id", s->first_client_id), P_INT("first_seed", s->org->seed->first_client), P_INT("seeds", s->org->seed->clients) };
    return scale_run(s, queries, s->clients, fixed, sizeof fixed / sizeof *fixed);
}

static struct err *scale_tickets(const struct scale *s, const struct world_client *bellerive)
{
    static const struct query *const queries[] = { &sql_demo_scale_tickets, &sql_demo_scale_openings, &sql_demo_scale_ticket_words, NULL };
    const struct org_seed *seed = s->org->seed;
    assert(bellerive);
    const struct param fixed[] = {
        P_INT("first_id", s->first_ticket_id), P_INT("first_client_id", s->first_client_id), P_INT("clients", s->clients), P_INT("seeds", seed->tickets),
        P_INT("last", seed->last_ticket), P_INT("of_client", bellerive->id), P_INT("of_contact", bellerive->contacts[0].id),
        P_INT("start_at", s->start_at), P_INT("step_ms", s->step_ms) };
    return scale_run(s, queries, s->tickets, fixed, sizeof fixed / sizeof *fixed);
}

struct err *fill_make_scale(struct world *w)
{
    if (w->scale <= 1)
        return NULL;
    const struct world_org *org = fill_org(w, "froid-atlantique");
    struct scale s = { .w = w, .org = org, .clients = (int64_t)w->scale * CLIENTS_A_STEP, .tickets = (int64_t)w->scale * TICKETS_A_STEP };
    s.start_at = fill_time(w, BEFORE_DAYS + SPAN_DAYS, 8 * 60);
    s.step_ms = SPAN_DAYS * CLOCK_DAY_MS / s.tickets;
    s.first_client_id = fill_id(w, s.start_at);
    s.first_ticket_id = fill_id(w, s.start_at + CLOCK_DAY_MS);
    fill_go(w, org, s.start_at);
    const struct world_client *bellerive = NULL;
    for (int i = 0; i < org->client_count; i++)
        if (strcmp(org->clients[i].name, "Hôtel Bellerive") == 0)
            bellerive = &org->clients[i];
    TRY(scale_clients(&s));
    TRY(scale_tickets(&s, bellerive));
    return ctx_run(&w->at, &sql_demo_scale_counter, PARAMS(P_INT("added", s.tickets)));
}
