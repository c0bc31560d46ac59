#pragma once
/* What the files of this folder share. */
#include "features/calendar/calendar.h"

enum { RATING_DAYS = 7 };    /* so long a rating can be changed */

/* A job of the client's within reach: { id, number, title, state, can_wish, can_rate, wish_…, stars, … }; ERR_NOT_FOUND. Taken: held for the transaction. */
struct err *voice_read(struct ctx *c, int64_t job_id, struct doc **ret_job) MUST_CHECK;
struct err *voice_take(struct ctx *c, int64_t job_id, struct doc **ret_job) MUST_CHECK;
const char *voice_name(struct ctx *c);

/* Those who plan are told of another date asked for. */
struct err *tell_wish(struct ctx *c, int64_t job_id) MUST_CHECK;

extern const struct field wish_form[], wish_answer_form[], rating_form[];
handler job_wish_new, job_wish_ask, job_wish_show, job_wish_decline, job_rating_new, job_rate;
handler calendar_feed, calendar_mine, calendar_make, calendar_renew, calendar_end;
