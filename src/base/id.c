#include "base/id.h"
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The state is one number, milliseconds and count side by side: counting past 4095 borrows the next millisecond by
   itself, and a clock that steps back does not give a number twice. */
enum { NODE_BITS = 10, COUNT_BITS = 12 };
#define EPOCH_MS INT64_C(1735689600000)   /* 2025-01-01 */

static _Atomic int64_t last;
static uint32_t node_bits;

void id_init(uint32_t node)
{
    node_bits = node & ((1u << NODE_BITS) - 1);
    atomic_store(&last, 0);
}

int64_t id_new(int64_t now_ms)
{
    int64_t ms = now_ms > EPOCH_MS ? now_ms - EPOCH_MS : 0;
    assert(ms < INT64_C(1) << 41);
    int64_t seen = atomic_load_explicit(&last, memory_order_relaxed), next;
    do {
        next = ms << COUNT_BITS;
        if (next <= seen)
            next = seen + 1;
    } while (!atomic_compare_exchange_weak_explicit(&last, &seen, next, memory_order_relaxed, memory_order_relaxed));
    return next >> COUNT_BITS << (NODE_BITS + COUNT_BITS) | (int64_t)node_bits << COUNT_BITS | (next & ((1 << COUNT_BITS) - 1));
}

int64_t id_time_ms(int64_t id)
{
    return (id >> (NODE_BITS + COUNT_BITS)) + EPOCH_MS;
}

static int id_order(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;
    return *one < *other ? -1 : *one > *other;
}

size_t id_sort(int64_t *ids, size_t count)
{
    size_t kept = 0;
    qsort(ids, count, sizeof *ids, id_order);
    for (size_t i = 0; i < count; i++)
        if (!kept || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}
