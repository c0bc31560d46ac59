#pragma once
/* The help button's page: a ticket with whoever answers. On a portal that is the organization, in a back office the operator of the
   server. */
#include "web/web.h"

extern const struct feature help_feature;
