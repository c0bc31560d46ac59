#pragma once
/* Errors are values: a function that can fail returns NULL or a struct err taken from the arena of its unit of
   work. A bug is an assert; refused (4xx) and failed (5xx) are struct err. Lower layers return, they do not log;
   one line is logged where the unit of work ends. */
#include "base/arena.h"

enum err_code {                 /* the number is the HTTP status it becomes */
    ERR_BAD = 400,              /* not a request we understand */
    ERR_SIGN_IN = 401,          /* nobody is signed in */
    ERR_FORBIDDEN = 403,        /* signed in, inside, and the right is missing */
    ERR_NOT_FOUND = 404,        /* does not exist, or lies outside the authority: the same answer */
    ERR_METHOD = 405,
    ERR_CONFLICT = 409,         /* the state does not allow it (any more) */
    ERR_TOO_LARGE = 413,
    ERR_TYPE = 415,
    ERR_INVALID = 422,          /* an input is wrong: `field` says which */
    ERR_TOO_MANY = 429,
    ERR_INTERNAL = 500,
    ERR_BUSY = 503,             /* database gone, disk full, queue full: try again */
};

struct err {                    /* NULL means fine */
    enum err_code code;
    const char *detail;         /* for the operator; never shown to a visitor */
    const char *where;          /* "src/features/invoice/invoice.c:41" */
    const char *field;          /* which input, where it was one */
};

#define MUST_CHECK __attribute__((warn_unused_result))

struct err *err_new(struct arena *a, enum err_code code, const char *where, const char *format, ...)
    MUST_CHECK __attribute__((format(printf, 4, 5)));

#define ERR_STRING_(x) #x
#define ERR_LINE_(x) ERR_STRING_(x)
#define ERR(arena, code, ...) err_new((arena), (code), __FILE__ ":" ERR_LINE_(__LINE__), __VA_ARGS__)

/* The only macro that returns. */
#define TRY(call)                \
    do {                         \
        struct err *e_ = (call); \
        if (e_)                  \
            return e_;           \
    } while (0)

/* A foreign thing that closes with its scope: AUTO(file) FILE *f = fopen(path, "re"); */
#define AUTO(kind) __attribute__((cleanup(auto_##kind)))
void auto_file(void *file);     /* FILE ** */
void auto_fd(int *fd);          /* closes where >= 0 */
void auto_heap(void *memory);   /* void **, from malloc: what a library hands out */
