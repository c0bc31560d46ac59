#include "tpl/mo.h"
#include <string.h>

/* https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html */
#define MAGIC 0x950412deu
enum { HEADER_BYTES = 28, ENTRY_BYTES = 8 };

static uint32_t number_at(const unsigned char *data, size_t at)
{
    uint32_t number;
    memcpy(&number, data + at, sizeof number);
    return number;
}

static const char *text_at(const struct mo *mo, uint32_t table, uint32_t index)
{
    return (const char *)mo->data + number_at(mo->data, (size_t)table + (size_t)index * ENTRY_BYTES + 4);
}

static bool is_table(const unsigned char *data, size_t len, uint32_t count, uint32_t table)
{
    if (table > len || count > (len - table) / ENTRY_BYTES)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        size_t at = (size_t)table + (size_t)i * ENTRY_BYTES;
        uint32_t text_len = number_at(data, at), text = number_at(data, at + 4);
        if (text >= len || text_len >= len - text || data[text + text_len])
            return false;
    }
    return true;
}

bool mo_open(struct mo *ret_mo, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    if (!data || len < HEADER_BYTES || number_at(bytes, 0) != MAGIC || number_at(bytes, 4) >> 16 != 0)
        return false;
    struct mo mo = { bytes, number_at(bytes, 8), number_at(bytes, 12), number_at(bytes, 16) };
    if (!is_table(bytes, len, mo.count, mo.texts_at) || !is_table(bytes, len, mo.count, mo.translations_at))
        return false;
    *ret_mo = mo;
    return true;
}

const char *mo_find(const struct mo *mo, const char *text)
{
    uint32_t low = 0, high = mo->count;
    if (!*text)
        return NULL;   /* the catalogue's header */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(text, text_at(mo, mo->texts_at, middle));
        if (order == 0) {
            const char *found = text_at(mo, mo->translations_at, middle);
            return *found ? found : NULL;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
