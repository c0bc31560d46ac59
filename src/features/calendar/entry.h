#pragma once
/* The row of a job as an event: the same in a message and in a feed. Row: what the part job_entry of queries.sql names. */
#include "features/calendar/event.h"
#include "mandate/ctx.h"

enum entry_reader { ENTRY_CLIENT, ENTRY_TECHNICIAN };

/* In the language `lang`; its end is in the row's own state. Lives in the context's arena. */
struct err *entry_event(struct ctx *c, struct doc *job, enum entry_reader reader, const char *lang, struct event *ret_event) MUST_CHECK;
