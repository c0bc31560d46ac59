#pragma once
/* « Espace partenaire » (S-1, S-4, S-8, S-10, S-15): a partner's organizations, collaborators and dossiers. What it may do in a client's space is
   decided in src/mandate; this room asks, lists and enters. */
#include "web/web.h"

extern const struct feature partner_feature;
