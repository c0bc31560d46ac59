#pragma once
/* « Lien sécurisé » (L-1, L-2, L-8): the door behind /l/ID, and the back office's pages that give links, limit them and end them. What a link is
   and how it opens is src/mandate/link.h; the gate behind the door is src/web/link.c. */
#include "web/web.h"

extern const struct feature link_feature;

/* What was asked through a link with this address is from now on the contact's, whose organization is the context's (L-8). */
struct err *link_claim(struct ctx *c, int64_t contact_id, const char *email) MUST_CHECK;
/* The same wherever somebody is a contact: they have just proved their mailbox. */
struct err *link_claim_person(struct ctx *c, int64_t person_id) MUST_CHECK;

/* Into the document: "links", those of a client that stand, for client_link_list.html; none for who may not give them. */
struct err *link_of_client(struct ctx *c, int64_t client_id) MUST_CHECK;
