#pragma once
/* « Ventes » and « Achats » of a back office: the places that accountants have (S-13), and support of the level « Gestion et comptabilité ». */
#include "web/web.h"

extern const struct feature accounting_feature;
