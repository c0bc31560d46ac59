#pragma once
/* Giving a job its technician and its time, from the board and from a page of its own: for this folder alone. Nothing is refused because it lies over
   something else: it is shown, and asked once more. */
#include "features/planning/board.h"
#include "web/web.h"

extern const struct field plan_form[], undo_form[];

struct err *planning_job(struct ctx *c) MUST_CHECK;         /* the page with the form of one job */
struct err *planning_put(struct ctx *c) MUST_CHECK;
struct err *planning_undo(struct ctx *c) MUST_CHECK;

/* What the form begins with, under "plan" in a row of a job (a map): technicians, day, start, lengths. */
void plan_begin(struct ctx *c, const struct board *b, struct doc *job);
/* "?done=JOB.COUNT&was=…": what was just planned, as the page's "undo"; nothing where it has changed since. */
struct err *undo_show(struct ctx *c) MUST_CHECK;
