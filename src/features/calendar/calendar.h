#pragma once
/* What the client is told of a job (L-7), and what the team is told of what clients ask for: messages of the act, queued in its transaction. Each
   goes to the job's own contact, in the language of a contact we know; where the date is said, with an entry for their calendar. A message never
   carries a secret: its link is the portal's page, for who has that access. The other way round, nobody is told what they were told already. */
#include "web/web.h"

extern const struct feature calendar_feature;

enum job_step {
    JOB_STEP_ASKED,       /* received, with its number; and those who plan learn of what was asked from outside */
    JOB_STEP_PLANNED,     /* planned, or moved where a date was told before; the same date again: nothing */
    JOB_STEP_UNPLANNED,   /* the date told no longer stands; none was told: nothing */
    JOB_STEP_CANCELLED,
    JOB_STEP_LEFT,        /* on the way */
    JOB_STEP_DONE,
    JOB_STEP_VISIT,       /* by contract, a visit comes */
    JOB_STEP_DECLINED,    /* the date stands although another was asked for; why is in the wish */
    JOB_STEPS
};

/* No address, or one that wants no such messages: nothing. The job is as the act left it. */
struct err *job_tell(struct ctx *c, int64_t job_id, enum job_step step) MUST_CHECK;

/* ---- Calendars to follow: an address that a calendar program asks again and again. What it shows is what its mandate still gives; its secret is
   derived from the server's key, the calendar and its generation, and stands in no row and no log (docs/decisions/0017). ---- */

/* The page's key `calendar`: { is_offered, address ("" before there is one), created_at, is_own (a technician's) }. For a page that includes
   {{>calendar_follow}} (is_on: the part of the portal is on): of a client whole or of one site; a link to one job, a support session and a token have none. */
struct err *calendar_show(struct ctx *c, bool is_on) MUST_CHECK;

/* ---- What clients say back: another date, and what they think of the work ---- */

/* The page's key `voice` for a job of the portal (its pages include {{>job_voice}}): { job_id, can_wish, can_rate, … }: what may be asked now, and
   what was said. The job must be within reach of whoever asks; else ERR_NOT_FOUND. */
struct err *job_voice(struct ctx *c, int64_t job_id, bool takes_dates, bool takes_rating) MUST_CHECK;

/* The job was planned: a wish that was open is answered by it, and its client told, where the date is another than the one they refused. */
struct err *job_wish_planned(struct ctx *c, int64_t job_id) MUST_CHECK;
/* The job begins or is cancelled: a wish that was open is over. */
struct err *job_wish_over(struct ctx *c, int64_t job_id) MUST_CHECK;
