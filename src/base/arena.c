#include "base/arena.h"
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/log.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, len) ASAN_POISON_MEMORY_REGION((at), (len))
#define UNPOISON(at, len) ASAN_UNPOISON_MEMORY_REGION((at), (len))
enum { RED_ZONE = 16 };
#else
#define POISON(at, len) ((void)(at), (void)(len))
#define UNPOISON(at, len) ((void)(at), (void)(len))
enum { RED_ZONE = 0 };
#endif

enum { ALIGN = 16, FIRST_BLOCK = 64 * 1024, LARGEST_STEP = 1024 * 1024, KEPT_MOST = 256 * 1024 };

struct arena_block {
    struct arena_block *prev;
    size_t size;                     /* of data */
    size_t used;
    alignas(ALIGN) char data[];
};

static size_t round_up(size_t size)
{
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void arena_init(struct arena *a, size_t ceiling_bytes)
{
    *a = (struct arena){ .ceiling_bytes = ceiling_bytes };
}

static void block_free(struct arena_block *block)
{
    UNPOISON(block->data, block->size);
    free(block);
}

/* The newest block is the largest: the next unit of work may find it all in one. */
void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->head && a->head->size <= KEPT_MOST ? a->head : NULL;
    for (struct arena_block *old = kept ? kept->prev : a->head, *prev; old; old = prev) {
        prev = old->prev;
        block_free(old);
    }
    a->head = kept;
    if (kept) {
        POISON(kept->data, kept->size);
        kept->prev = NULL;
        kept->used = 0;
    }
    a->used_bytes = 0;
}

void arena_free(struct arena *a)
{
    arena_reset(a);
    if (a->head)
        block_free(a->head);
    a->head = NULL;
}

/* Blocks double up to a step, so that a large unit of work takes few of them. */
static void block_add(struct arena *a, size_t needed)
{
    size_t size = FIRST_BLOCK;
    if (a->head)
        size = a->head->size < LARGEST_STEP / 2 ? a->head->size * 2 : LARGEST_STEP;
    if (size < needed)
        size = needed;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        log_die("no memory");
    *block = (struct arena_block){ .prev = a->head, .size = size };
    POISON(block->data, size);
    a->head = block;
}

static void count(struct arena *a, size_t size)
{
    if (size > a->ceiling_bytes || a->used_bytes > a->ceiling_bytes - size)
        log_die("a unit of work met the ceiling of its memory");
    a->used_bytes += size;
}

static void block_add_for(struct arena *a, size_t size)
{
    if (size > a->ceiling_bytes || a->used_bytes > a->ceiling_bytes - size)
        log_die("a unit of work met the ceiling of its memory");
    if (!a->head || a->head->size - a->head->used < size + RED_ZONE)
        block_add(a, size + RED_ZONE);
}

/* Memory that is not zeroed. Counted without the red zone: a ceiling is the same with sanitizers. */
static void *take(struct arena *a, size_t size_bytes)
{
    if (size_bytes > a->ceiling_bytes)
        log_die("a unit of work met the ceiling of its memory");
    size_t size = round_up(size_bytes ? size_bytes : 1);
    if (!a->head || a->head->size - a->head->used < size + RED_ZONE || a->ceiling_bytes - a->used_bytes < size)
        block_add_for(a, size);
    char *data = a->head->data + a->head->used;
    a->head->used += size + RED_ZONE;
    a->used_bytes += size;
    UNPOISON(data, size_bytes ? size_bytes : 1);
    return data;
}

void *arena_alloc(struct arena *a, size_t size_bytes)
{
    return memset(take(a, size_bytes), 0, size_bytes ? size_bytes : 1);
}

/* True where data was the last thing taken and its block has room for the rest. */
static bool extend(struct arena *a, char *data, size_t old_bytes, size_t new_bytes)
{
    struct arena_block *block = a->head;
    size_t old_size = round_up(old_bytes ? old_bytes : 1), more = round_up(new_bytes) - old_size;
    if (!block || data + old_size + RED_ZONE != block->data + block->used || block->size - block->used < more)
        return false;
    count(a, more);
    block->used += more;
    UNPOISON(data, new_bytes);
    return true;
}

void *arena_room(struct arena *a, void *data, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes <= old_bytes)
        return data;
    if (new_bytes > a->ceiling_bytes)
        log_die("a unit of work met the ceiling of its memory");
    if (data && extend(a, data, old_bytes, new_bytes))
        return data;
    char *ret = take(a, new_bytes);
    if (data && old_bytes)
        memcpy(ret, data, old_bytes);
    return ret;
}

void *arena_grow(struct arena *a, void *data, size_t old_bytes, size_t new_bytes)
{
    char *ret = arena_room(a, data, old_bytes, new_bytes);
    if (new_bytes > old_bytes)
        memset(ret + old_bytes, 0, new_bytes - old_bytes);
    return ret;
}

void *arena_raw(struct arena *a, size_t size_bytes)
{
    return take(a, size_bytes);
}

void *arena_copy(struct arena *a, const void *data, size_t size_bytes)
{
    char *ret = take(a, size_bytes + 1);
    if (size_bytes)
        memcpy(ret, data, size_bytes);
    ret[size_bytes] = 0;
    return ret;
}

char *arena_text(struct arena *a, const char *text)
{
    return text ? arena_copy(a, text, strlen(text)) : NULL;
}

/* Formats of nothing but %s and %lld, as most are, need none of the library's machinery. False: it is another one, or longer. */
static bool plain_write(char *to, size_t size, const char *format, va_list args, size_t *ret_len)
{
    char *at = to, *end = to + size - 1;
    while (*format) {
        char digits[24];
        struct buf number = { .data = digits, .size = sizeof digits, .ceiling_bytes = sizeof digits - 1 };
        const char *text = format;
        size_t len = strcspn(format, "%");
        if (len) {
            format += len;
        } else if (format[1] == 's') {
            text = va_arg(args, const char *);
            len = strlen(text);
            format += 2;
        } else if (strncmp(format, "%lld", 4) == 0) {
            buf_int(&number, va_arg(args, long long));
            text = digits;
            len = number.len;
            format += 4;
        } else {
            return false;
        }
        if ((size_t)(end - at) < len)
            return false;
        memcpy(at, text, len);
        at += len;
    }
    *at = 0;
    *ret_len = (size_t)(at - to);
    return true;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    char small[256];
    va_list again;
    size_t plain_len = 0;
    va_copy(again, args);
    bool is_plain = plain_write(small, sizeof small, format, again, &plain_len);
    va_end(again);
    if (is_plain)
        return arena_copy(a, small, plain_len);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    if (len < 0)
        log_die("a text cannot be formatted");
    char *ret;
    if ((size_t)len < sizeof small) {
        ret = arena_copy(a, small, (size_t)len);
    } else {
        ret = take(a, (size_t)len + 1);
        vsnprintf(ret, (size_t)len + 1, format, again);
    }
    va_end(again);
    return ret;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *ret = arena_vprintf(a, format, args);
    va_end(args);
    return ret;
}
