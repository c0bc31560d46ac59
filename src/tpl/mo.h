#pragma once
/* A catalogue as msgfmt writes it: a table of texts, sorted, and beside each its translation. Checked once when
   opened; then any thread may look up. Knows the one layout of machines like ours (little-endian, revision 0). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mo { const unsigned char *data; uint32_t count, texts_at, translations_at; };

bool mo_open(struct mo *ret_mo, const void *data, size_t len);        /* false where it is not one, or broken */
const char *mo_find(const struct mo *mo, const char *text);           /* NULL where there is none */
