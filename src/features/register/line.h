#pragma once
/* Lines of the journal as sentences: who did what, and to which thing. For this folder. */
#include "mandate/ctx.h"

/* Adds to each row { action, object_kind, object_id, entry } actor_name ("" for the server), said (the act in words), thing (what the object
   is called, "" where it has no name) and thing_path ("" where it has no page in this space); takes the entry's bytes off. */
struct err *lines_tell(struct ctx *c, struct doc *rows) MUST_CHECK;
