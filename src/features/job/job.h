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
/* Site, contact and equipment are the client's own, or an error at their field. */
struct err *job_places_check(struct ctx *c, const struct job_new *job) MUST_CHECK;
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

/* ERR_CONFLICT of an act made into a page (409) that says how the job stands now and leads back to it; any other error as it is. */
struct err *job_conflict(struct ctx *c, int64_t id, struct err *e) MUST_CHECK;
/* Who plans may act on every job; a technician on what is planned for them (a row of a job with member_id). */
bool job_is_own(const struct ctx *c, const struct doc *job);
/* The same of the job with this id, or ERR_FORBIDDEN. */
struct err *job_own_check(struct ctx *c, int64_t id) MUST_CHECK;

/* ---- Days and times of the organization (day.c) ---- */
struct zone;
struct err *job_zone(struct ctx *c, const struct zone **ret_zone) MUST_CHECK;
/* The moment of a minute of a day: where clocks go forward some minutes do not exist: *ret_ms is -1 then. */
struct err *job_moment(struct ctx *c, int64_t day, int minute, int64_t *ret_ms) MUST_CHECK;
/* The day and the minute of it that a moment is there. */
struct err *job_day_of(struct ctx *c, int64_t at_ms, int64_t *ret_day, int *ret_minute) MUST_CHECK;
const char *job_day_text(struct arena *a, int64_t day);          /* 2026-11-20 */
const char *job_minute_text(struct arena *a, int minute);        /* 13:30 */
bool job_minute_read(const char *text, int *ret_minute);         /* "13:30", "8:05" */
const char *job_length_text(struct arena *a, int64_t minutes);   /* 2 h, 1 h 30, 45 min */
bool job_length_read(const char *text, int64_t *ret_minutes);    /* the same, and "90", "1:30", "2h" */

/* Planning as a form says it: fields member_id, day, start, length; what is wrong is said at its field. */
struct job_plan_wish { int64_t member_id, start_ms, end_ms; };
struct err *job_plan_read(struct ctx *c, struct job_plan_wish *ret_wish) MUST_CHECK;
/* The same form shown for a job (row with planned_start, planned_end, member_id, minutes): values and technicians to choose from. */
struct err *job_plan_show(struct ctx *c, const struct doc *job) MUST_CHECK;

/* Keeps an upload with a job: kind "attachment", "photo", "signature"; by: whose it is, by name. */
struct upload;
struct err *job_file_keep(struct ctx *c, int64_t job_id, const char *kind, bool is_private, const struct upload *u, const char *by) MUST_CHECK;

/* For an export: what the filters of the list leave ("state", "client", "site", "technician", "type", "from", "to", "search" texts; "urgent", "late"
   booleans) of a stretch of the jobs behind `after_id` (0: from the newest on), as rows of the list. *ret_last_id: where it ended; 0: that was all. */
struct err *job_stretch(struct ctx *c, const struct doc *filters, int64_t after_id, struct doc **ret_rows, int64_t *ret_last_id) MUST_CHECK;
