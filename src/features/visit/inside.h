#pragma once
/* What the files of this folder share; for it alone. */
#include "features/visit/visit.h"

enum { VISIT_LEAD_MOST = 120, VISIT_LEAD_USUAL = 30 };
