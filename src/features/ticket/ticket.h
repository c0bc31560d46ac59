#pragma once
/* Tickets: a contact asks on the portal, the support team answers in the back office (C-6, C-7, C-8). The portal's
   handlers are in ticket.c, the back office's in desk.c; what both do to a ticket is in conversation.c. Other features use the
   search and the due times. */
#include "features/ticket/due.h"
#include "features/ticket/search.h"
#include "mandate/ctx.h"

extern const struct feature ticket_feature;

/* Gives a new organization (the one of c->who) its first types and priorities. */
struct err *ticket_defaults(struct ctx *c) MUST_CHECK;
