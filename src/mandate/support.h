#pragma once
/* Support by consent (S-4 to S-14): a partner's collaborator asked for, agreed to, inside, and out again. Each function is one act in the
   caller's transaction; it keeps mandate, request, session and the partner's dossier in step, whoever acts. Mails are the feature's.

   Two organizations are touched, so whose space an act is in is said for each: *in the partner's space* c->who.org_id is the partner, *in the
   client's* it is the client organization. Wrong state (answered already, ended, replaced): ERR_CONFLICT. */
#include "mandate/ctx.h"

enum { SUPPORT_MINUTES = 60, SUPPORT_HOURS_MOST = 12, REQUEST_DAYS = 20, REQUESTS_A_DAY = 5, ENTRIES_AN_HOUR = 12, LASTING_DAYS = 730, CODE_TRIES = 3, CODE_MINUTES = 15 };

/* Is `level` ("read", "management", "accounting") at most `most`? Unknown words: never. */
bool support_level_within(const char *level, const char *most);
/* Hours a client may choose from (S-14): 3, 24, 168, 720, 2160, 8760, and 0, which is lasting. Shorter or equal? Lasting is the longest. */
bool support_hours_known(int64_t hours);
bool support_hours_within(int64_t hours, int64_t most);
/* When access given at `from_ms` for so many hours ends; lasting: when it is asked again. */
int64_t support_end_at(int64_t from_ms, int64_t hours);

/* ---- In the partner's space ---- */

/* Asks a dossier's organization for a collaborator. A request that is open is taken back. The dossier is another's, or ended: ERR_NOT_FOUND;
   the collaborator has no password yet, or is none: ERR_CONFLICT; REQUESTS_A_DAY (its query too) were taken back or replaced since yesterday: ERR_TOO_MANY. ret_org_id: the client organization. */
struct support_wish { int64_t dossier_id, member_id; const char *level; int64_t hours; const char *reason; };
struct err *support_ask(struct ctx *c, const struct support_wish *wish, int64_t *ret_org_id, int64_t *ret_mandate_id) MUST_CHECK;
/* In the client's space, for the job: a lasting access that nears its end is asked for once more (S-14), as it stands and in the name of who asked before.
   *ret_request_id: the new request; 0: it is not lasting, is asked for already, or there is nobody to ask for any more. */
struct err *support_ask_again(struct ctx *c, int64_t mandate_id, int64_t *ret_request_id) MUST_CHECK;
/* Takes an open request back. */
struct err *support_unask(struct ctx *c, int64_t org_id, int64_t mandate_id) MUST_CHECK;
/* Opens a session of support for who acts, the collaborator, under this dossier's mandate. Open already in this session of the browser: the same
   one. No consent (S-8): ERR_NOT_FOUND. The caller renews the cookie (session_renew). */
struct err *support_enter(struct ctx *c, int64_t dossier_id, const char *reason, struct doc **ret_row) MUST_CHECK;   /* row: org_id, slug, name, session_id, mandate_id, is_new */

/* In a job that was asked for inside a session, over by now or not: its lines carry both names, and stand with the session's (S-12). In the client's space. */
struct err *support_as(struct ctx *c, int64_t support_id) MUST_CHECK;

/* The dossier through which who acts, outside a session, could enter this organization; NULL: none, as for everybody else. */
struct err *support_own(struct ctx *c, int64_t org_id, struct doc **ret_row) MUST_CHECK;   /* row: partner_slug, dossier_id, was_inside */

/* ---- In the client's space ---- */

/* Agrees to a request: at most the level and the length that were asked for (else ERR_BAD). What it replaces ends. Nobody agrees to their own: ERR_FORBIDDEN.
   how: "form", "code". ret_replaced_id: the mandate that ended with it, 0 where none. */
struct support_grant { int64_t mandate_id; const char *level; int64_t hours; const char *how, *wording; };
struct err *support_grant(struct ctx *c, const struct support_grant *grant, int64_t *ret_replaced_id) MUST_CHECK;
struct err *support_refuse(struct ctx *c, int64_t mandate_id, const char *note) MUST_CHECK;

/* The support that stands with a dossier's mandate, of the same partner; 0: none. */
struct err *support_standing(struct ctx *c, int64_t dossier_mandate_id, int64_t *ret_mandate_id) MUST_CHECK;

/* ---- In either ---- */

/* Ends an active mandate of support, from the very next request on. why: "withdrawn" (by the client), "partner", "given up", "detached",
   "collaborator removed", "partner left", "date". */
struct err *support_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* What the end of a mandate of support, by whatever way, takes along: open sessions, the dossier's copy. Called by mandate_end. */
struct err *support_ended(struct ctx *c, int64_t org_id, int64_t mandate_id) MUST_CHECK;
/* Ends all that a collaborator of this partner (c->who.org_id) has or is asked for, anywhere: ret_rows { org_id, mandate_id, dossier_id, name, state }. */
struct err *support_end_member(struct ctx *c, int64_t member_id, struct doc **ret_rows) MUST_CHECK;

/* Who is inside now, for the organization's own members; nobody else is told (S-14): ret_rows { id, mandate_id, reason, started_at, partner_name, collaborator_name }. */
struct err *support_live_rows(struct ctx *c, struct doc **ret_rows) MUST_CHECK;

/* ---- Inside a session (c->who.support_id) ---- */

/* Taken for the rest of the transaction, and still open: else ERR_NOT_FOUND. Called by authority_hold. */
struct err *support_hold(struct ctx *c) MUST_CHECK;
/* Another hour from now on; never more than SUPPORT_HOURS_MOST in all, nor past the mandate's end: ERR_CONFLICT where nothing is gained. */
struct err *support_prolong(struct ctx *c, int64_t *ret_ends_at) MUST_CHECK;
struct err *support_leave(struct ctx *c) MUST_CHECK;
/* That a page was looked at (S-12); in a transaction of its own, before the answer. The access taken for it: withdrawn or over by now, ERR_NOT_FOUND. */
struct err *support_look(struct ctx *c, const char *route, const char *path, const char *remote) MUST_CHECK;

/* ---- « Recevoir un résumé »: how often an administrator of the client is told who came. ---- */

/* every: "day", "week", or "never". As who acts, a member. */
struct err *support_digest_choose(struct ctx *c, const char *every) MUST_CHECK;
struct err *support_digest_chosen(struct ctx *c, const char **ret_every) MUST_CHECK;
/* When one chosen at `from_ms` is next due: at five in the morning UTC, of the next day or of the next Monday. */
int64_t support_digest_next(int64_t from_ms, const char *every);
/* Those due, at most 100: { org_id, member_id, every, since_at, org_name, org_slug, email, name, lang }; who is no administrator any more is struck off and not among them. */
struct err *support_digests_due_take(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
/* In the client's space: marks one told, and gives what there is to tell: visits that have ended since (one more than VISITS_TOLD where there are more);
   empty also where it was told in the meantime. */
enum { VISITS_TOLD = 50 };
struct err *support_digest_take(struct ctx *c, const struct doc *due, struct doc **ret_visits) MUST_CHECK;

/* ---- For the jobs ---- */

/* Sessions whose time is over or whose person has signed out, closed; at most 100: { org_id, id, mandate_id, person_id, partner_id, ended_why }. */
struct err *support_sessions_close(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
/* Addresses of what was looked at and done before a time go, so many at most of each kind; what was done, by whom and why stays (S-12). ret_gone: the most of one kind. */
struct err *support_traces_fade(struct ctx *c, int64_t before_ms, int most, int64_t *ret_gone) MUST_CHECK;
/* Requests without an answer for REQUEST_DAYS, expired; at most 100: { org_id, mandate_id, partner_id, dossier_id, asked_by }. */
struct err *support_requests_close(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
