#pragma once
/* What the files of this room share. */
#include "features/support/support.h"

enum { RESEND_HOURS = 24, CODES_MOST = 5, NOTE_MOST = 1000, TRACE_KEEP_DAYS = 90 };
extern const char support_link[];      /* kind of the letters' link, and part of its address */
extern const char support_code[];      /* kind of the codes' */

/* letter.c */
enum support_word { SUPPORT_GRANTED, SUPPORT_REFUSED, SUPPORT_ENDED };
struct err *support_tell(struct ctx *c, const struct doc *request, enum support_word word, const char *why) MUST_CHECK;   /* both sides */
struct err *support_tell_died(struct ctx *c, int64_t org_id, int64_t mandate_id) MUST_CHECK;    /* who asked */
struct err *support_code_send(struct ctx *c, const struct doc *letter) MUST_CHECK;   /* in a transaction */

/* support.c: the job that lets addresses go */
struct err *support_traces_job(struct ctx *c, const struct doc *data) MUST_CHECK;
/* digest.c */
handler support_digest_show, support_digest;
struct err *support_digests_job(struct ctx *c, const struct doc *data) MUST_CHECK;
extern const struct field support_digest_form[];

/* consent.c: handlers */
handler consent_show, consent_code, consent_code_prepare, consent_grant, consent_refuse, consent_prepare;
handler support_request, support_request_grant, support_request_refuse;
extern const struct field consent_form[], consent_refuse_form[];
