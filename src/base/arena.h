#pragma once
/* Memory of one unit of work. Everything a request, a job or a test needs is taken from its arena and given
   back in one go; nothing taken from it is ever freed by itself.

   One arena belongs to one thread at a time; it is handed over, never shared. Memory comes zeroed and aligned
   for any type. Where memory is refused or the ceiling is met the process ends cleanly (status 70) and is started
   again: no caller checks for NULL. Under AddressSanitizer every block has a red zone of its own. */
#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head;   /* the block that is being filled; older ones behind it */
    size_t used_bytes;          /* taken since the last reset */
    size_t ceiling_bytes;       /* never more than this */
};

void arena_init(struct arena *a, size_t ceiling_bytes);   /* takes no memory yet */
void arena_reset(struct arena *a);                        /* gives back all but the newest block, where that is not too large, keeps it for the next unit */
void arena_free(struct arena *a);

void *arena_alloc(struct arena *a, size_t size_bytes) __attribute__((returns_nonnull));                       /* zeroed */
void *arena_grow(struct arena *a, void *data, size_t old_bytes, size_t new_bytes); /* in place where it was the last one taken; what is new is zero */
/* The same two for what is written at once: not zeroed. */
void *arena_raw(struct arena *a, size_t size_bytes) __attribute__((returns_nonnull));
void *arena_room(struct arena *a, void *data, size_t old_bytes, size_t new_bytes);
void *arena_copy(struct arena *a, const void *data, size_t size_bytes) __attribute__((returns_nonnull));      /* with a NUL behind it */
char *arena_text(struct arena *a, const char *text);                         /* NULL gives NULL */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0), returns_nonnull));

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (size_t)(count)))
