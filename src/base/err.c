#include "base/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct err *err_new(struct arena *a, enum err_code code, const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct err *e = ARENA_NEW(a, struct err);
    e->code = code;
    while (strncmp(where, "../", 3) == 0)   /* compilers are started in the build folder */
        where += 3;
    e->where = where;
    e->detail = arena_vprintf(a, format, args);
    va_end(args);
    return e;
}

void auto_file(void *file)
{
    FILE **f = file;
    if (*f)
        fclose(*f);
}

void auto_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

void auto_heap(void *memory)
{
    free(*(void **)memory);
}
