#pragma once
/* The register (M-1): « Accès & mandats », « Pourquoi ? », the end of mandates. Handlers run in one thread of a request, the job in the worker's. */
#include "web/web.h"

extern const struct feature register_feature;

/* What a contact may, as cards on the page under `key` (partial mandate_card): for the contact's sheet. */
struct err *register_contact_cards(struct ctx *c, const char *key, int64_t contact_id) MUST_CHECK;

/* Lines of the journal as sentences (line.c). Adds to each row { action, object_kind, object_id, entry } actor_name ("" for the server), said (the act in words), thing (what the object
   is called, "" where it has no name) and thing_path ("" where it has no page in this space); takes the entry's bytes off. */
struct err *lines_tell(struct ctx *c, struct doc *rows) MUST_CHECK;

/* Pages that were looked at, as people call them. Adds to each row { route, path } title ("" where the page has none: then the address says it), thing and
   thing_path as above. */
struct err *looks_tell(struct ctx *c, struct doc *rows) MUST_CHECK;
