#pragma once
/* Tickets: a contact asks on the portal, the support team answers in the back office (C-6, C-7, C-8). The portal's
   handlers are in ticket.c, the back office's in desk.c; what both do to a ticket is in conversation.c. Other features use the
   search and the due times. */
#include "features/ticket/due.h"
#include "features/ticket/search.h"
#include "web/web.h"

extern const struct feature ticket_feature;

/* The field of attachments of any form that writes to a ticket. */
#define TICKET_FILES { "files", FIELD_FILES, N_("Pièce(s) jointe(s)"), .max = 10, .hint = N_("10 fichiers au plus, 20 Mo chacun : images, PDF, tableurs, vidéos.") }

/* Gives a new organization (the one of c->who) its first types and priorities. */
struct err *ticket_defaults(struct ctx *c) MUST_CHECK;

/* A comment that came by other ways than the pages, as c->who and inside its transaction; the feature that calls has worked out that they
   may. A contact's is what the portal's form makes of it, a member's an answer to the client; the same people are told, and the ticket takes
   the status it has after such a form. is_quiet: nobody is told, and a ticket that waits or is resolved is open again. Journal: object and
   number. ERR_NOT_FOUND where it is no ticket of theirs. */
struct ticket_mailed { int64_t ticket_id; const char *body; const struct upload *files; bool is_quiet; };
struct err *ticket_mailed(struct ctx *c, const struct ticket_mailed *m) MUST_CHECK;

/* A ticket of c->who, a contact, of the type and priority that a form begins with; the team is told. For features whose page asks nothing more than
   what is wrong. Journal: object, number and title. ERR_CONFLICT where the organization has no type or no priority. */
struct ticket_wish { const char *title, *description; const struct upload *files; };
struct err *ticket_ask(struct ctx *c, const struct ticket_wish *wish, int64_t *ret_id) MUST_CHECK;
