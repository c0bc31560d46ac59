#pragma once
/* A job as an entry of a calendar (RFC 5545): what goes with a mail, and what a feed is made of. Escaping, folding and the form of every line
   are libical's; what a stranger wrote is words in it and nothing else. Times are UTC: a job is one moment, and no program has to know
   our zones to show it. Pure: no database, no clock of its own. Any thread. */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct event {
    const char *uid;                    /* the same for ever */
    int64_t sequence;                   /* grows with each change that a calendar must learn */
    int64_t start_ms, end_ms;           /* UTC */
    int64_t changed_ms;                 /* DTSTAMP and LAST-MODIFIED: the same job gives the same bytes */
    const char *summary, *location, *description;   /* "" leaves it out */
    bool is_cancelled;
};

/* "PUBLISH": to be added or changed; "CANCEL": to be taken out again. name: of a calendar to follow, NULL where one event is sent.
   Lines end in CRLF and have at most 75 bytes. */
struct event_list { const char *method; const char *name; const struct event *events; size_t count; };
struct err *event_write(struct arena *a, const struct event_list *list, const char **ret_text) MUST_CHECK;
