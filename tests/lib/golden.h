#pragma once
/* Golden files: what a page, a document or a table was when somebody last read and accepted it. They lie under tests/ and
   are part of a review: `MANDAT_GOLDEN=write` before a test's name writes them anew, and the diff is read. */
#include <stdbool.h>
#include "base/arena.h"

/* Fails with the lines that differ where `text` is not what tests/NAME holds. may_write: whether this call is the one that
   writes it anew (the same text made a second time, on the other database, is compared even then). */
void golden_check(struct arena *a, const char *name, const char *text, bool may_write);
/* What tests/NAME holds. */
const char *golden_read(struct arena *a, const char *name);
