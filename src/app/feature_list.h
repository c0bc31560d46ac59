#pragma once
/* Every feature of the program, named once. */
#include "web/web.h"

extern const struct feature *const features[];        /* ends with NULL */
extern const struct feature *const demo_features[];   /* the same with the demonstration's own pages */
