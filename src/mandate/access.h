#pragma once
/* Life of mandates: given, taken, looked up. Each function is one act in the caller's transaction; the caller's route
   decides who may. */
#include "mandate/ctx.h"

/* Finds what a person may in a space: fills who (ids, rights, and the mandate that gives `right`).
   org_id with as_contact false: memberships; true: accesses of a contact (client_id chooses among several clients, 0: the first).
   No mandate at all: who->org_id stays 0. */
struct err *authority_load(struct ctx *c, int64_t org_id, bool as_contact, int64_t client_id, enum right right) MUST_CHECK;

/* Inside a write: the mandate's row, taken and still active, and the session still open; else ERR_NOT_FOUND / ERR_SIGN_IN. */
struct err *authority_hold(struct ctx *c) MUST_CHECK;

/* Gives a contact a part of the client's space ("tickets", …). Already given: ERR_CONFLICT. ret_mandate_id may be NULL. */
struct err *access_give(struct ctx *c, int64_t contact_id, const char *part, const char *wording, int64_t *ret_mandate_id) MUST_CHECK;
/* Withdraws it; counts from the next request on. Not given: ERR_CONFLICT. */
struct err *access_take(struct ctx *c, int64_t contact_id, const char *part) MUST_CHECK;
/* The parts of a contact, all eight, given or not: rows { part, is_given, given_at, given_by_name, used_at, mandate_id } */
struct err *access_parts(struct ctx *c, int64_t contact_id, struct doc **ret_rows) MUST_CHECK;
/* A person becomes a member (demo, invitations later). */
struct err *membership_give(struct ctx *c, int64_t org_id, int64_t person_id, const char *role, const char *title, int64_t *ret_member_id) MUST_CHECK;
/* Ties a contact to its person, so that accesses of the contact are found by sign-in. */
struct err *access_bind(struct ctx *c, int64_t contact_id, int64_t person_id) MUST_CHECK;
