#include "lib/memory.h"
#include <magic.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>
#include <unicode/uclean.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static struct { long left, count; bool is_counting, was_refused; } memory;

void memory_refuse(long nth)
{
    memory.left = nth;
    memory.count = 0;
    memory.is_counting = nth != 0;
    memory.was_refused = false;
}

long memory_count(void) { return memory.count; }
bool memory_was_refused(void) { return memory.was_refused; }

static bool is_refused(void)
{
    if (!memory.is_counting)
        return false;
    memory.count++;
    if (--memory.left)
        return false;
    memory.was_refused = true;
    return true;
}

/* ---- libmagic is spared ---- */

int __wrap_magic_load(magic_t handle, const char *path);
const char *__wrap_magic_file(magic_t handle, const char *path);
int __real_magic_load(magic_t handle, const char *path);
const char *__real_magic_file(magic_t handle, const char *path);

int __wrap_magic_load(magic_t handle, const char *path)
{
    bool was_counting = memory.is_counting;
    memory.is_counting = false;
    int rc = __real_magic_load(handle, path);
    memory.is_counting = was_counting;
    return rc;
}

const char *__wrap_magic_file(magic_t handle, const char *path)
{
    bool was_counting = memory.is_counting;
    memory.is_counting = false;
    const char *type = __real_magic_file(handle, path);
    memory.is_counting = was_counting;
    return type;
}

/* ---- The others ---- */

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

#if IS_SANITIZED
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size) { return is_refused() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return is_refused() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *old, size_t size) { return is_refused() ? NULL : __real_realloc(old, size); }

static struct sqlite3_mem_methods under;
static void *s_malloc(int size) { return is_refused() ? NULL : under.xMalloc(size); }
static void *s_realloc(void *old, int size) { return is_refused() ? NULL : under.xRealloc(old, size); }
static void *i_malloc(const void *context, size_t size) { (void)context; return is_refused() ? NULL : __real_malloc(size); }
static void *i_realloc(const void *context, void *old, size_t size) { (void)context; return is_refused() ? NULL : __real_realloc(old, size); }
static void i_free(const void *context, void *memory_) { (void)context; free(memory_); }

void memory_open(void)
{
    UErrorCode code = U_ZERO_ERROR;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &under);
    struct sqlite3_mem_methods mine = under;
    mine.xMalloc = s_malloc;
    mine.xRealloc = s_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
    u_setMemoryFunctions(NULL, i_malloc, i_realloc, i_free, &code);
}
#else
/* Defined here, they stand before the C library's own for the whole process. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
extern void *__real_malloc(size_t size);
void *refusing_malloc(size_t size) __asm__("malloc");
void *refusing_calloc(size_t count, size_t size) __asm__("calloc");
void *refusing_realloc(void *old, size_t size) __asm__("realloc");
void *refusing_malloc(size_t size) { return is_refused() ? NULL : __libc_malloc(size); }
void *refusing_calloc(size_t count, size_t size) { return is_refused() ? NULL : __libc_calloc(count, size); }
void *refusing_realloc(void *old, size_t size) { return is_refused() ? NULL : __libc_realloc(old, size); }
void *__wrap_malloc(size_t size) { return refusing_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return refusing_calloc(count, size); }
void *__wrap_realloc(void *old, size_t size) { return refusing_realloc(old, size); }

void memory_open(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
#endif
