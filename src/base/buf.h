#pragma once
/* A text that grows in an arena up to a ceiling set at birth. Past the ceiling nothing more is added and
   `is_full` says so; the caller asks once, at the end. Owned by the arena. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *data;            /* NUL-terminated from the first byte on; NULL while nothing was added */
    size_t len;
    size_t size;           /* bytes held, with the NUL */
    size_t ceiling_bytes;
    bool is_full;
};

void buf_init(struct buf *b, struct arena *a, size_t ceiling_bytes);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char ch);
void buf_int(struct buf *b, int64_t number);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *buf_end(struct buf *b);   /* the text, never NULL */
