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

/* Ends an active mandate of the context's organization, of any kind; why: "withdrawn", "date". Not active: ERR_CONFLICT.
   A membership somebody ends goes through membership_end, which keeps the last administrator. */
struct err *mandate_end(struct ctx *c, int64_t mandate_id, int64_t holder_person_id, const char *why) MUST_CHECK;
/* Active ones past their date, of all organizations, at most 100: rows { org_id, id, kind, holder_person_id }. For the job that ends them. */
struct err *mandates_due(struct ctx *c, struct doc **ret_rows) MUST_CHECK;

/* ---- Memberships: a role in an organization. One at a time for a member; "collaborator", of a partner's people, stands beside it. ---- */

/* A person is a member from now on (demonstration, a space signed up). */
struct err *membership_give(struct ctx *c, int64_t org_id, int64_t person_id, const char *role, const char *title, int64_t *ret_member_id) MUST_CHECK;

/* Offers it to a person, from this organization: nothing opens before they accept. Names as typed by who invites.
   A member, or invited already: ERR_CONFLICT. */
struct membership_offer { int64_t person_id; const char *first_name, *last_name, *email, *title, *role, *wording; };
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
