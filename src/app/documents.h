#pragma once
/* Two documents made from what the server itself goes by: docs/routes.md from the features' tables of routes, docs/mandates.md from the
   lists of kinds and rights. tests/documents_test.c compares. Pure but for the arena of `out`. */
#include "base/buf.h"
#include "tpl/tpl.h"
#include "web/web.h"

void routes_write(const struct feature *const *features, struct buf *out);
void mandates_write(const struct tpl_set *tpl, struct buf *out);   /* sentences in English where `tpl` has them */
