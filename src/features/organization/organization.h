#pragma once
/* An organization's own pages: the first page of its portal and of its back office, its settings, its brand (C-0, C-3).
   organization.c has the pages, brand.c colour, logo and what browsers fetch of them. */
#include "web/web.h"

extern const struct feature organization_feature;
