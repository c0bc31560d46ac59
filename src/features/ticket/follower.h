#pragma once
/* People who follow a ticket (C-10): members, and contacts of its client who have the tickets. They are told of what is said (ticket_mail.c);
   who has lost the access, the membership or the client gets nothing, because it is asked anew for each message. */
#include "web/web.h"

enum { FOLLOWERS_MOST = 20 };

extern const struct field desk_follower_form[], ticket_follower_form[];

handler desk_follow, desk_follower_add, desk_follower_end, ticket_follower_add, ticket_follower_end;

/* For the ticket's sheet: "followers" in the document, whom one can add in the page. ticket: as desk_show or ticket_show has it. */
struct err *followers_show(struct ctx *c, const struct doc *ticket) MUST_CHECK;
struct err *followers_show_portal(struct ctx *c, const struct doc *ticket) MUST_CHECK;
