#pragma once
/* Inside of the body reader, shared by its three files: body.c (limits, fields, the urlencoded form), body_multipart.c
   and body_spool.c. Nobody else includes this.

   Two kinds of trouble. A limit that is met is remembered, what is too much is thrown away, and reading goes on, so that
   a page drawn again still has the rest of what was typed. Anything malformed, and a spool that cannot be written, ends
   the reading: `is_dead`. */
#include <sodium.h>
#include "base/buf.h"
#include "web/body.h"

struct multipart;

struct spool {                    /* the file that is being received */
    int fd;                       /* -1: none */
    const char *path;
    int64_t size_bytes;
    crypto_hash_sha256_state hash;
};

struct body_reader {
    struct arena *arena;
    struct body_limits limits;
    int64_t seen_bytes;
    size_t text_bytes;            /* kept so far, names and values */
    size_t text_ceiling_bytes;    /* a share of the arena, whatever the limits say */
    int fields, files;
    struct pair *first_field, **field_tail;
    struct upload *first_upload, **upload_tail;
    struct err *failed;           /* the first trouble */
    bool is_dead;

    struct buf name, value;       /* the field that is being received; used again for the next */
    bool is_cut;                  /* it, or the file, met a limit */
    bool is_value;                /* urlencoded: behind the '=' */
    char escape[2];
    int escape_len;               /* urlencoded: 1 + digits seen behind a '%', 0 outside */

    struct multipart *multipart;  /* NULL: urlencoded */
    struct spool spool;
};

struct err *body_over(struct body_reader *r, const char *what);           /* remembers that a limit was met at the field in r->name */
void body_field_start(struct body_reader *r);
void body_field_add(struct body_reader *r, const char *data, size_t len);
struct err *body_field_end(struct body_reader *r) MUST_CHECK;

struct err *multipart_open(struct body_reader *r, const char *content_type) MUST_CHECK;
struct err *multipart_piece(struct body_reader *r, const char *data, size_t len) MUST_CHECK;
bool multipart_is_whole(const struct body_reader *r);

struct err *spool_start(struct body_reader *r) MUST_CHECK;
struct err *spool_add(struct body_reader *r, const char *data, size_t len) MUST_CHECK;
struct err *spool_end(struct body_reader *r, const char *file_name) MUST_CHECK;   /* appends the upload */
void spool_drop(struct body_reader *r);
struct err *spool_type(struct arena *a, const char *path, const char **ret_type) MUST_CHECK;     /* by content */
