#pragma once
/* The API's description (OpenAPI 3.1, YAML), made from what the server itself goes by: the features' tables of routes and
   forms. docs/openapi.yaml is what this writes; tests/openapi_test.c compares. Pure but for the arena of `out`. */
#include "base/buf.h"
#include "tpl/tpl.h"
#include "web/web.h"

/* Every route but raw ones, in the tables' order. Labels of fields and rights come in English where `tpl` has them. */
void openapi_write(const struct feature *const *features, const struct tpl_set *tpl, struct buf *out);
