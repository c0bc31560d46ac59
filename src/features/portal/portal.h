#pragma once
/* The client's pages of field work: jobs, sites, equipment, behind a secure link (/l/:link) or for a contact with that access (/p/:portal). */
#include "web/web.h"

extern const struct feature portal_feature;
