#pragma once
/* Identifiers: 63 bits, positive, ordered by time. 41 bits of milliseconds since 2025-01-01, 10 bits that tell
   servers apart (drawn at start), 12 bits that count inside a millisecond (then the next millisecond is borrowed). A number
   tells when a row was made, and nothing else; it is no secret. Safe from any thread. */
#include <stddef.h>
#include <stdint.h>

void id_init(uint32_t node);            /* once at start, before threads; a test sets it for fixed ids */
int64_t id_new(int64_t now_ms);
int64_t id_time_ms(int64_t id);
size_t id_sort(int64_t *ids, size_t count);   /* smallest first, each once; how many are left */
