#pragma once
/* Reads a body as it arrives: application/x-www-form-urlencoded or multipart/form-data, in pieces of any size. Fields
   go to the arena, files to the spool folder, both within the limits (and never more than a share of the arena). Works
   on the transport's thread, body_end on a worker; the pieces come in order. Also used, with the whole body at once,
   by tests and the fuzz target. */
#include <stdbool.h>
#include "web/request.h"

struct body_limits {
    int64_t body_bytes;        /* everything together */
    int64_t field_bytes;       /* one field's text */
    int64_t file_bytes;        /* one file */
    int fields;                /* how many */
    int files;
    const char *spool;         /* folder; NULL: files are refused */
};

struct body_reader;

/* ERR_TYPE where content_type is neither of the two, or no boundary can be read. */
struct err *body_open(struct arena *a, const char *content_type, const struct body_limits *limits, struct body_reader **ret_reader) MUST_CHECK;
/* ERR_TOO_LARGE with `field` where a limit is met; ERR_BAD where it is malformed; ERR_BUSY where the spool cannot be written. The first
   error comes again with each further piece. Beyond a field's or a file's limit reading goes on without what was too much, so
   that the other fields can be shown again; after any other error further pieces are ignored. */
struct err *body_piece(struct body_reader *r, const char *data, size_t len) MUST_CHECK;
struct err *body_end(struct body_reader *r, struct body *ret_body) MUST_CHECK;   /* ERR_BAD where it is cut short, else the first error. Fills fields in any case; uploads (with their type by content) and is_complete only where all is well */
/* A file that lies in the spool already, by another way than a form: hash, size and type by content. */
struct err *upload_of_file(struct arena *a, const char *name, const char *path, struct upload **ret_upload) MUST_CHECK;
void body_close(struct body_reader *r);   /* closes and removes every spooled file that nobody kept; NULL is fine */
