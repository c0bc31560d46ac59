#pragma once
/* Asking the operator, for this folder alone (operator.c). What is read and written there lies in the operator's organization: these functions
   stand in it while they run, with nothing of the caller's own rights but their person, and are back in the caller's space when they return. */
#include "web/web.h"

/* Who runs this server: { id, slug, name, email, phone, is_portal_open }; NULL: nobody does. */
struct err *operator_find(struct ctx *c, struct doc **ret_operator) MUST_CHECK;

/* What this person has asked the operator for this organization, the last ten: rows { id, number, title, status, created_at }; and whether they
   may follow it on the operator's portal. */
struct err *operator_asked(struct ctx *c, const struct doc *operator_, struct doc **ret_tickets, bool *ret_may_follow) MUST_CHECK;

/* Opens a ticket with the operator for the caller's organization. Its record among the operator's clients and the person's among that client's
   contacts are made where they are missing; nothing is opened by them. One entry in either journal. */
struct err *operator_ask(struct ctx *c, const struct doc *operator_, const char *description) MUST_CHECK;
