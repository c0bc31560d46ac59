#pragma once
/* Customers of an organization and the people there: list, search, sheet, create, change (client.c, contact.c), and what of the
   client space a contact may see (access.c: C-1, C-2). Other features use the search by words. */
#include "features/client/word.h"

extern const struct feature client_feature;
