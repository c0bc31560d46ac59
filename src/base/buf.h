#pragma once
/* A text that grows in an arena up to a ceiling set at birth. Past the ceiling nothing more is added and
   `is_full` says so; the caller asks once, at the end. Owned by the arena. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "base/arena.h"

struct buf {
    struct arena *arena;
    char *data;            /* NUL-terminated from the first byte on; NULL while nothing was added */
    size_t len;
    size_t size;           /* bytes held, with the NUL; 0 once it is full */
    size_t ceiling_bytes;
    bool is_full;
};

void buf_init(struct buf *b, struct arena *a, size_t ceiling_bytes);
void buf_add_slow(struct buf *b, const void *data, size_t len);        /* where there is no room yet */
bool buf_room(struct buf *b, size_t len);                              /* makes room for that many more; false where it is full */

static inline void buf_add(struct buf *b, const void *data, size_t len)
{
    if (b->size <= b->len + len) {
        buf_add_slow(b, data, len);
        return;
    }
    memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = 0;
}

static inline void buf_char(struct buf *b, char ch)
{
    buf_add(b, &ch, 1);
}

static inline void buf_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_int(struct buf *b, int64_t number);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *buf_end(struct buf *b);   /* the text, never NULL */
