#pragma once
/* Jobs: the work that an organization does at its clients', from the request to the report (L-3 to L-7). Here are the acts; each is one
   statement that takes the job in the state it must be in, so that of two at once one wins and the other is told. Who may do what is the
   route's right; what a client is shown is the portal's (src/features/portal). One thread of a context. */
#include "web/web.h"

extern const struct feature job_feature;

enum { JOB_TITLE_MOST = 120, JOB_EQUIPMENT_MOST = 20, JOB_FILES_MOST = 10, JOB_PHOTOS_MOST = 40 };

struct job_new {
    int64_t client_id, type_id;
    int64_t site_id;                    /* 0: none */
    const char *description;            /* its first line becomes the title */
    const char *information, *notes;    /* NULL: none */
    const char *street, *postcode, *city;
    int64_t contact_id;                 /* 0: somebody who is no contact */
    const char *contact_name, *contact_phone, *contact_email;
    bool is_urgent;
    struct param before_on;             /* P_INT or P_NULL, :before_on */
    const int64_t *equipment_ids;
    size_t equipment_count;
    const char *asked_how;              /* "office", "portal", "link", "contract" */
    int64_t asked_contact_id;
    const char *asked_name;
    int64_t visit_id;
};

/* A job to plan; under whose mandate it was asked is the authority's. Site, contact and equipment that are another client's: ERR_BAD_INPUT at their
   field (site_id, contact_id, equipment_id); so for a type that is not in use (type_id). ret_number may be NULL. */
struct err *job_add(struct ctx *c, const struct job_new *job, int64_t *ret_id, int64_t *ret_number) MUST_CHECK;
/* The first line, cut at a word. */
const char *job_title(struct arena *a, const char *description);
/* Takes `count` numbers in a row, above any given before and above `floor`; the first of them. With count 0 none is taken. */
struct err *job_numbers(struct ctx *c, int64_t floor, int64_t count, int64_t *ret_first) MUST_CHECK;
const char *job_number_text(struct arena *a, int64_t number);    /* I-1192 */
/* What search finds it by: number, title, client, site, city. */
struct err *job_words(struct ctx *c, int64_t id) MUST_CHECK;

/* The client is told of what was asked from outside or by contract, that somebody is on the way, and that it is done; of a date and of its end
   where the office says so: job_tell of features/calendar/calendar.h, in the same act (« Prévenir le client »). */

/* ---- From state to state. ERR_NOT_FOUND: no such job; ERR_CONFLICT: it is in another state by now. Each puts the job into the journal. ---- */
/* To plan or planned → planned. The technician must be a member who may do jobs: ERR_BAD_INPUT at member_id. */
struct err *job_plan(struct ctx *c, int64_t id, int64_t member_id, int64_t start_ms, int64_t end_ms) MUST_CHECK;
struct err *job_unplan(struct ctx *c, int64_t id) MUST_CHECK;                             /* planned → to plan */
struct err *job_leave(struct ctx *c, int64_t id) MUST_CHECK;                              /* planned, on the way */
struct err *job_arrive(struct ctx *c, int64_t id) MUST_CHECK;                             /* planned → started */
struct err *job_finish(struct ctx *c, int64_t id, const char *report) MUST_CHECK;         /* started → done */
struct err *job_cancel(struct ctx *c, int64_t id, const char *reason) MUST_CHECK;         /* to plan, planned or started → cancelled */
struct err *job_reopen(struct ctx *c, int64_t id) MUST_CHECK;                             /* done → started, cancelled → to plan */
