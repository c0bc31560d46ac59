/* Fuzz target: JSON as anybody may send it. What was read can be written, and that reads back as the same. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "doc/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *written(struct arena *a, const struct doc *value)
{
    struct buf out;
    buf_init(&out, a, (size_t)64 * 1024 * 1024);
    doc_json(value, &out);
    if (out.is_full || !text_is_utf8(out.data, out.len) || strpbrk(out.data, "<>&\n\r"))
        abort();
    return buf_end(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct doc *value = NULL, *again = NULL, *any = NULL;
    arena_init(&a, (size_t)1 << 30);
    struct err *e = doc_read_json(&a, (const char *)data, size, &value), *any_error = doc_read_json_any(&a, (const char *)data, size, &any);
    if (!e && any_error)
        abort();
    if (!e) {
        const char *once = written(&a, value);
        if (doc_read_json(&a, once, strlen(once), &again) || strcmp(written(&a, again), once) != 0)
            abort();
    }
    arena_free(&a);
    return 0;
}
