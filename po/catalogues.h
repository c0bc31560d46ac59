#pragma once
/* The catalogues that are part of the program, as msgfmt writes them; made by the build from po/LANG.po. */
#include <stddef.h>

extern const unsigned char po_en_mo[];
extern const size_t po_en_mo_len;
