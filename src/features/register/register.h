#pragma once
/* « Accès & mandats » (M-1), « Pourquoi ? » (M-2), a mandate's sheet with its receipt (M-6), and the job that ends mandates at their
   date (M-5). Nothing here is called by other features; the decisions are src/mandate/why.h's. */
#include "web/web.h"

extern const struct feature register_feature;
