#pragma once
/* The addresses and forms of all routes, made from the features' tables: a new route is tested by what holds for every
   route (tests/matrix_test.c, tests/tenants_test.c) without a line written for it. What stands for ':ticket' in an address
   or for a field of ids is looked up in a side: one client of one organization with what belongs to it. */
#include "lib/world.h"

enum { SIDE_VALUES = 80 };

struct side {
    const char *slug;                                                    /* ":org", ":portal" */
    int64_t org_id;
    struct { const char *name, *value; } values[SIDE_VALUES];            /* "ticket" → "153…"; ends with name NULL */
};

/* The rows of a client, and what else of its organization a form may name. A ticket without a file gets one. */
struct side side_make(struct world_test *w, const char *slug, const char *client_name);
const char *side_value(const struct side *side, const char *name);       /* fails the test where there is none */
/* The same with every id replaced by one that does not exist. */
struct side side_unknown(const struct side *side);

/* Every route of every feature but the demonstration's own; ends with NULL. */
const struct route **routes_all(struct world_test *w);

enum { ROUTE_IDS = 4 };
/* Names of the parts of its address that are ids of rows ("ticket", "file"); returns how many. */
int route_ids(const struct route *r, const char *ret_names[ROUTE_IDS]);
/* The address; ids come from `own`, but those whose bit is set in `mask` (of route_ids) from `other`. */
const char *route_address(struct world_test *w, const struct route *r, const struct side *own, const struct side *other, unsigned mask);
/* A form that the table accepts: every required field filled, ids from `own`, the id field number `which` (-1: none) from `other`. */
const char *route_form(struct world_test *w, const struct route *r, const struct side *own, const struct side *other, int which);
int route_id_fields(const struct route *r);                              /* how many fields are ids */
bool route_is_of(const struct route *r, char space);                     /* 'o', 'p', 'l'; 0: in no space */
