#pragma once
/* The « bon d’intervention » of a job, as PDF (L-7): one route for the team, one for the client's people, whether they came by their own account or by a
   link. Made anew each time it is asked for, so it is never older than the job. */
#include "web/web.h"

extern const struct feature sheet_feature;
