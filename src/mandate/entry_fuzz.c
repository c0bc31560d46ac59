/* Fuzz target: bytes that say they are a journal entry. What is taken for one is, to the byte, what would be written. */
#include <stdlib.h>
#include <string.h>
#include "mandate/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf again;
    struct entry entry;
    arena_init(&a, (size_t)1 << 28);
    const char *bytes = arena_copy(&a, data, size);
    if (!entry_read(&a, bytes, &entry)) {
        buf_init(&again, &a, ENTRY_MOST);
        entry_bytes(&entry, &again);
        if (strcmp(buf_end(&again), bytes) != 0)
            abort();
    }
    arena_free(&a);
    return 0;
}
