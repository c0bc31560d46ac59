#pragma once
/* Planning of field work (L-7): the week by technician, what waits to be planned, a technician's own day on a phone, absences, and the first page of a
   company that has jobs. The acts themselves are src/features/job; here is what leads to them. One thread of a context. */
#include "web/web.h"

extern const struct feature planning_feature;

/* The first page of the back office where field work is done: puts "field" on the page (null: this organization has no jobs, or the reader does not see
   them) and, where it is there, what it shows. */
struct err *planning_home(struct ctx *c) MUST_CHECK;
