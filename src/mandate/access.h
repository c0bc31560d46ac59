#pragma once
/* Life of mandates: given, taken, looked up. Each function is one act in the caller's transaction; the caller's route
   decides who may. */
#include "mandate/ctx.h"

/* Finds what a person may in a space: fills who (ids, rights, and the mandate that gives `right`).
   org_id with as_contact false: memberships; true: accesses of a contact (contact_id chooses where a person is a contact of several
   clients; 0: the one chosen in this session, else the first).
   No mandate at all: who->org_id stays 0. */
struct err *authority_load(struct ctx *c, int64_t org_id, bool as_contact, int64_t contact_id, enum right right) MUST_CHECK;

/* From now on this session acts in the context's organization as this contact, one of the person's own; else ERR_NOT_FOUND. */
struct err *authority_choose(struct ctx *c, int64_t contact_id) MUST_CHECK;

/* Inside a write: the mandate's row, taken and still active, and the session still open; else ERR_NOT_FOUND / ERR_SIGN_IN. */
struct err *authority_hold(struct ctx *c) MUST_CHECK;

/* Gives a contact a part of the client's space ("tickets", …). Already given: ERR_CONFLICT. ret_mandate_id may be NULL. */
struct err *access_give(struct ctx *c, int64_t contact_id, const char *part, const char *wording, int64_t *ret_mandate_id) MUST_CHECK;
/* Withdraws it; counts from the next request on. Not given: ERR_CONFLICT. */
struct err *access_take(struct ctx *c, int64_t contact_id, const char *part) MUST_CHECK;
/* The parts of a contact, all eight, given or not: rows { part, is_given, given_at, given_by_name, used_at, mandate_id } */
struct err *access_parts(struct ctx *c, int64_t contact_id, struct doc **ret_rows) MUST_CHECK;
/* Ties a contact to its person, so that accesses of the contact are found by sign-in. */
struct err *access_bind(struct ctx *c, int64_t contact_id, int64_t person_id) MUST_CHECK;

/* ---- The end, of any kind (expiry.c) ---- */

/* Ends an active mandate of the context's organization; why: one word, see mandate_lost. Not active: ERR_CONFLICT.
   A membership somebody ends goes through membership_end, which keeps the last administrator. */
struct err *mandate_end(struct ctx *c, int64_t mandate_id, int64_t holder_person_id, const char *why) MUST_CHECK;
/* Active ones past their date, of all organizations, at most 100: rows { org_id, id, kind, holder_person_id }. For the job that ends them. */
struct err *mandates_due(struct ctx *c, struct doc **ret_rows) MUST_CHECK;

/* A request of the context's organization can be answered until then; where nobody says, for ANSWER_DAYS (expiry.sql and its index have them in milliseconds). */
enum { ANSWER_DAYS = 20 };
struct err *mandate_answer_by(struct ctx *c, int64_t mandate_id, int64_t at_ms) MUST_CHECK;
/* Requests that nobody answered in time, at most 100: rows as mandates_due. */
struct err *mandates_unanswered(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
/* The request has died; answered meanwhile: ERR_CONFLICT. */
struct err *mandate_expire(struct ctx *c, int64_t mandate_id) MUST_CHECK;

/* The next ones that come within `days` of their end, at most 100, and where the walk goes on, kept in the same transaction. Those with less
   than next_days left, or given for less than `days`, are left to the smaller distances. Rows as mandates_due, with ends_at. */
struct err *mandates_ending(struct ctx *c, int days, int next_days, struct doc **ret_rows) MUST_CHECK;
/* Notes in the caller's transaction that both sides are warned; *ret_is_new: they were not yet. */
struct err *mandate_warn(struct ctx *c, int64_t mandate_id, int days, int64_t ends_at, bool *ret_is_new) MUST_CHECK;

/* Pure. What has gone of what a mandate rests on, as the word for ended_why; NULL while it stands: "moved" (the contact is at another client),
   "placeless" (at none), "membership" (the person is no member any more), "access" (the contact has no access any more), "collaborator" (the
   person is not with the partner any more). row: of mandate_walk_kind. */
const char *mandate_lost(const struct doc *row);
/* The next 500 of a kind are looked at, those without ground returned: rows as mandates_due, with `why`. After the last, from the beginning. */
struct err *mandates_groundless(struct ctx *c, enum mandate_kind kind, struct doc **ret_rows) MUST_CHECK;

/* ---- Memberships: a role in an organization. One at a time for a member; "collaborator", of a partner's people, stands beside it. ---- */

/* A person is a member from now on (demonstration, a space signed up). */
struct err *membership_give(struct ctx *c, int64_t org_id, int64_t person_id, const char *role, const char *title, int64_t *ret_member_id) MUST_CHECK;

/* Offers it to a person, from this organization: nothing opens before they accept. Names as typed by who invites; answer_by: when the
   offer dies, 0: twenty days from now. A member, or invited already: ERR_CONFLICT. */
struct membership_offer { int64_t person_id; const char *first_name, *last_name, *email, *title, *role, *wording; int64_t answer_by; };
struct err *membership_offer(struct ctx *c, const struct membership_offer *o, int64_t *ret_member_id, int64_t *ret_mandate_id) MUST_CHECK;
/* The holder has accepted, or refused; or, not refused, the organization withdraws. Not offered any more: ERR_CONFLICT. */
struct err *membership_accept(struct ctx *c, int64_t org_id, int64_t mandate_id) MUST_CHECK;
struct err *membership_drop(struct ctx *c, int64_t org_id, int64_t mandate_id, bool is_refused) MUST_CHECK;

/* How many administrators there are beside this member; they stay so for the rest of the transaction. */
struct err *membership_others(struct ctx *c, int64_t member_id, int64_t *ret_count) MUST_CHECK;
/* Ends a membership of this organization, from the next request on; of the last administrator: ERR_CONFLICT. */
struct err *membership_end(struct ctx *c, int64_t member_id) MUST_CHECK;
/* Another role: the mandate ends and another begins. One's own: ERR_FORBIDDEN; the last administrator's: ERR_CONFLICT. */
struct err *membership_change(struct ctx *c, int64_t member_id, const char *role, const char *wording) MUST_CHECK;
/* S-10: a partner's collaborator is none any more, and all their access to clients ends with it, also what is only asked for.
   ret_rows: of each dossier, as support_end_member. Not one: ERR_CONFLICT. */
struct err *collaborator_end(struct ctx *c, int64_t member_id, struct doc **ret_rows) MUST_CHECK;
