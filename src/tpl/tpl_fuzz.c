/* Fuzz target: a template, a NUL, JSON data. The data is also the map of partials. Nothing to check but that it ends, soon
   and without touching what is not its own. */
#include <string.h>
#include "tpl/tpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf out;
    struct doc *value = NULL;
    arena_init(&a, (size_t)1 << 30);
    buf_init(&out, &a, 256 * 1024);
    size_t len = strnlen((const char *)data, size);
    const char *text = arena_copy(&a, data, len);
    struct err *e = len < size ? doc_read_json_any(&a, (const char *)data + len + 1, size - len - 1, &value) : NULL;
    if (!e)
        e = tpl_once(&a, text, value, value, &out);
    (void)e;
    arena_free(&a);
    return 0;
}
