#pragma once
/* Every query of the program, and one value for each parameter it takes: those of « Hôtel Bellerive » at Froid Atlantique,
   looked up by SQL in the world at hand. A query with a parameter that no value is known for fails the test by name. */
#include "lib/world.h"

enum { QUERIES_MOST = 2000, QUERY_PARAMS = 60 };

/* All tables of generated queries; ends with NULL. */
const struct query **queries_all(struct world_test *w);

/* First with 0: rows where the demonstration has none (sessions, mail, work, links, …). Then with N: N copies of every row there is,
   each beside the first one, with the same client or organization, while what the values name stays as it is. */
void queries_fill(struct world_test *w, int times);

/* Params of one choice of its clauses (bit n is clause n), ended by PARAM_END. */
const struct param *query_params(struct world_test *w, const struct query *q, unsigned clauses);
/* Another value than the table's from now on, for every query (a tenant, a stranger). */
void query_param_set(const char *name, int64_t number);
unsigned query_variants(const struct query *q);
