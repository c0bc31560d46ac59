#pragma once
/* Becoming a partner (S-0), from both ends: an organization asks from its settings (ask.c), the operator answers on the pages of its organizations
   (operator.c). What a partner had when it is none any more is ended by a job (left.c). */
#include "web/web.h"

extern const struct feature operator_feature;
