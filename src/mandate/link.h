#pragma once
/* Secure links (L-1, L-2, L-8): a mandate held by whoever has the address, on one client, one of its sites or one of its jobs. Of the address
   the part behind '#' is the secret: derived from the server's key, the link and its generation; it stands in no row, and is never logged.

   An opening begins a narrow session of one browser: a row of link_opening, found by a cookie of its own. It ends at once when the link is paused,
   renewed, withdrawn or past its end. A link is locked from its mandate downwards: mandate, link, openings.

   At the door nobody is known yet, so functions there take the link's row (link_find); from link_enter on the context acts under the link. */
#include "mandate/ctx.h"

enum { LINK_IDLE_HOURS = 12, LINK_SESSION_DAYS = 7, LINK_BROWSER_DAYS = 90, LINK_QUIET_DAYS = 14, LINK_CODE_TRIES = 5, LINK_CODE_MINUTES = 10, LINK_OFFERED_DAYS = 90 };

/* ---- The address ---- */

/* "https://…/l/ID#SECRET" */
const char *link_address(struct ctx *c, int64_t link_id, int64_t generation);
/* Is this the secret of the link as it is now? `typed`: the whole address, or what stands behind its '#'. In constant time. */
bool link_is_secret(struct ctx *c, const struct doc *link, const char *typed);

/* ---- At the door ---- */

/* { org_id, id, generation, most_openings, openings, opened_at, paused_at, asks_code, contact_id, state, detail, starts_at, ends_at, ended_why, client_id,
   site_id, job_id, slug, org_name, client_name, used_at }; NULL: there is none. */
struct err *link_find(struct ctx *c, int64_t link_id, struct doc **ret_link) MUST_CHECK;
/* Pure. What may be said of a link's row: "active", "paused", "past", "used_up", "withdrawn". */
const char *link_state(const struct doc *link, int64_t now_ms);

/* The browser whose cookie has this hash; 0: none is known. */
struct err *link_browser_find(struct ctx *c, const char *hash, int64_t *ret_id) MUST_CHECK;
/* It has a new cookie; id 0: a new browser. */
struct err *link_browser_put(struct ctx *c, int64_t *id, const char *hash) MUST_CHECK;

/* Must whoever opens it from here prove by a code that they are the contact (L-8)? Only where the link asks for one at all: after LINK_QUIET_DAYS without
   use, and from a browser and a network that have not opened it before. */
struct err *link_asks_code(struct ctx *c, const struct doc *link, int64_t browser_id, const char *network, bool *ret_asks) MUST_CHECK;

/* From here on the context acts under the link. */
void link_enter(struct ctx *c, const struct doc *link);
/* Counts one opening and begins its session, or takes none: ERR_CONFLICT where the link does not open any more (paused, renewed, used up, ended).
   With code_id the session waits for its code and is not counted yet. */
struct link_visit { int64_t browser_id; const char *network, *agent; int64_t code_id; };
struct err *link_open(struct ctx *c, const struct doc *link, const struct link_visit *visit, int64_t *ret_session_id) MUST_CHECK;
/* The session of this browser that waits for a code: { id, code_id, code_until, code_tries, is_lasting }; NULL: none. */
struct err *link_waiting(struct ctx *c, int64_t link_id, int64_t browser_id, struct doc **ret_row) MUST_CHECK;
/* One try, counted before it is looked at; *ret_code_id: what the code is derived from, 0: no try is left, or its time is over. */
struct err *link_code_try(struct ctx *c, int64_t session_id, int64_t *ret_code_id) MUST_CHECK;
/* The code was right: the opening is counted now. Errors as link_open. */
struct err *link_proved(struct ctx *c, const struct doc *link, int64_t session_id) MUST_CHECK;

/* ---- Inside ---- */

/* What the cookie's narrow session of this link gives: fills who (org_id 0: no session lives). */
struct err *link_authority(struct ctx *c, int64_t link_id, const char *hash, enum right right) MUST_CHECK;
/* Inside a write: the mandate's row and the session taken, both good; else ERR_SIGN_IN. Called by authority_hold. */
struct err *link_hold(struct ctx *c) MUST_CHECK;
/* « Fermer »: this session ends. */
struct err *link_close(struct ctx *c) MUST_CHECK;

/* ---- Of the organization ---- */

/* On the whole client, one of its sites, or one of its jobs (which gives to see alone, L-2); what is not the client's: ERR_NOT_FOUND. */
struct link_wish { int64_t client_id, site_id, job_id; bool can_ask; int64_t ends_at, most_openings; bool asks_code; int64_t contact_id; const char *wording; };
struct err *link_give(struct ctx *c, const struct link_wish *wish, int64_t *ret_link_id) MUST_CHECK;
/* End, number of openings and code of a link that stands; else ERR_CONFLICT. */
struct err *link_change(struct ctx *c, int64_t link_id, const struct link_wish *wish) MUST_CHECK;
/* What it says in words (M-6): known when it is made. */
struct err *link_word(struct ctx *c, int64_t link_id, const char *wording) MUST_CHECK;
/* Each ends what is open. Not active: ERR_CONFLICT. */
struct err *link_pause(struct ctx *c, int64_t link_id) MUST_CHECK;
struct err *link_resume(struct ctx *c, int64_t link_id) MUST_CHECK;
struct err *link_renew(struct ctx *c, int64_t link_id) MUST_CHECK;      /* the address before opens nothing; openings count from none */
/* What the end of its mandate, by whatever way, takes along. Called by mandate_end. */
struct err *link_ended(struct ctx *c, int64_t link_id) MUST_CHECK;

/* For the job: what has been over for long goes; the most rows of one kind. */
struct err *link_purge(struct ctx *c, int64_t waiting_before_ms, int64_t opened_before_ms, int most, int64_t *ret_gone) MUST_CHECK;
