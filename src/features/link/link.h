#pragma once
/* « Lien sécurisé » (L-1, L-2, L-8): the door behind /l/ID, and the back office's pages that give links, limit them and end them. What a link is
   and how it opens is src/mandate/link.h; the gate behind the door is src/web/link.c. */
#include "web/web.h"

extern const struct feature link_feature;

/* Into the document: "links", those of a client that stand, for client_link_list.html; none for who may not give them. */
struct err *link_of_client(struct ctx *c, int64_t client_id) MUST_CHECK;
