#include "base/buf.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"

enum { FIRST_SIZE = 256 };

void buf_init(struct buf *b, struct arena *a, size_t ceiling_bytes)
{
    *b = (struct buf){ .arena = a, .ceiling_bytes = ceiling_bytes };
}

/* Room for a NUL as well; false, for good, where that would pass the ceiling. */
bool buf_room(struct buf *b, size_t len)
{
    if (b->is_full || len > b->ceiling_bytes - b->len) {
        b->is_full = true;
        b->size = 0;   /* so that nobody finds room, however short the text */
        return false;
    }
    size_t needed = b->len + len + 1;
    if (needed <= b->size)
        return true;
    size_t size = b->size ? b->size : FIRST_SIZE;
    while (size < needed)
        size *= 2;
    if (size > b->ceiling_bytes + 1)
        size = b->ceiling_bytes + 1;
    b->data = arena_room(b->arena, b->data, b->size, size);
    b->data[b->len] = 0;
    b->size = size;
    return true;
}

void buf_add_slow(struct buf *b, const void *data, size_t len)
{
    if (!buf_room(b, len))
        return;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = 0;
}

void buf_int(struct buf *b, int64_t number)
{
    static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
        "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    char digits[20], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    for (; rest >= 100; rest /= 100) {
        const char *pair = pairs + rest % 100 * 2;
        *--at = pair[1];
        *--at = pair[0];
    }
    *--at = pairs[rest * 2 + 1];
    if (rest >= 10)
        *--at = pairs[rest * 2];
    if (number < 0)
        *--at = '-';
    buf_add(b, at, (size_t)(digits + sizeof digits - at));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    if (!buf_room(b, 0))
        return;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(b->data + b->len, b->size - b->len, format, args);
    va_end(args);
    if (len < 0)
        log_die("a text cannot be formatted");
    if ((size_t)len >= b->size - b->len) {
        b->data[b->len] = 0;
        if (!buf_room(b, (size_t)len))
            return;
        va_start(args, format);
        vsnprintf(b->data + b->len, b->size - b->len, format, args);
        va_end(args);
    }
    b->len += (size_t)len;
}

const char *buf_end(struct buf *b)
{
    return b->data ? b->data : "";
}
