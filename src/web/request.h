#pragma once
/* A request as it came: what the transport (or a test) fills in and the rest reads. Lives in the arena of its context.
   Everything in it is a stranger's word: checked by the filter, decoded once, never trusted for a right. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

enum method { METHOD_NONE, METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OPTIONS, METHOD_OTHER };   /* other: known and never taken */

struct pair { const char *name; const char *value; struct pair *next; };   /* in the order they came */

/* A file that came in a multipart body: its bytes lie in the spool until the act keeps them. */
struct upload {
    const char *field;         /* name of the form's field */
    const char *name;          /* file name as sent, without folders, cleaned; for showing only */
    const char *spool_path;    /* where the bytes lie; removed with the request */
    const char *type;          /* by content (libmagic), "" until upload_check */
    int64_t size_bytes;
    unsigned char hash[32];    /* SHA-256, made while spooling */
    struct upload *next;
};

struct body {
    struct pair *fields;
    struct upload *uploads;
    bool is_complete;
};

struct request {
    enum method method;
    const char *target;        /* raw: path and query */
    const char *path;          /* percent-decoded once, no query; "" never */
    const char *extension;     /* "json" or "csv" where the path ended so (taken off `path`), else "" */
    bool is_api;               /* the path began with /api/1 (taken off) */
    struct pair *query;
    struct pair *headers;      /* names in lower case */
    const char *remote;        /* address of the peer, or what a trusted proxy in front says */
    int64_t content_length;    /* -1: chunked */
    struct body body;
};

/* Fills path, extension, is_api and query from `target`. ERR_BAD: %00, bad escapes, control characters, not UTF-8, "." or ".." segments, // . */
struct err *request_target(struct arena *a, struct request *r) MUST_CHECK;

const char *request_header(const struct request *r, const char *name);   /* "" where absent; name in lower case */
const char *request_cookie(const struct request *r, struct arena *a, const char *name);   /* "" where absent */
const char *request_query(const struct request *r, const char *name);    /* "" where absent */
const char *pair_value(const struct pair *list, const char *name);       /* NULL where absent */
int request_escape(const char *two);                                      /* the byte that the two digits after '%' stand for; -1 where they are none */
