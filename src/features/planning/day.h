#pragma once
/* A technician's own day, on a phone: what is to do, in order, and how far it is. Who may not plan acts on their own jobs alone. For this folder. */
#include "web/web.h"

extern const struct field report_form[];

struct err *planning_day(struct ctx *c) MUST_CHECK;
struct err *planning_leave(struct ctx *c) MUST_CHECK;
struct err *planning_arrive(struct ctx *c) MUST_CHECK;
struct err *planning_report(struct ctx *c) MUST_CHECK;      /* report.c: the last form: report, photos, signature */
struct err *planning_finish(struct ctx *c) MUST_CHECK;

/* The job of the address, where it is the technician's own or the reader may plan; else ERR_FORBIDDEN. */
struct err *own_job(struct ctx *c, struct doc **ret_job) MUST_CHECK;
