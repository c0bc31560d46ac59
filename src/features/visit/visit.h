#pragma once
/* Visits that recur by contract (L-7): kept in the back office; each day a job of the worker makes the jobs whose day comes near. */
#include "web/web.h"

extern const struct feature visit_feature;

/* The day `months` after another, on the day of the month that is meant or the last one where the month is shorter. */
int64_t visit_next(int64_t day, int months, int day_of_month);

/* Makes the jobs that are due at the context's time, each once; for the worker and for tests, inside a write transaction. */
struct err *visits_make(struct ctx *c) MUST_CHECK;
