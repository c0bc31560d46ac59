#pragma once
/* Files of organizations: bytes under the hash of what they are, kept once, gone when no row names them any more. Which row names a
   file is its feature's business; who may have it, its route's. Uploads come from form_files, and reply_file (web.h) sends one. */
#include "mandate/ctx.h"
#include "web/request.h"

/* Keeps an upload for the organization: type and size checked by content against what may be attached, bytes synced under
   their hash. Gone again where the transaction does not commit. Refused: ERR_INVALID with the field and a message. */
struct err *file_keep(struct ctx *c, const struct upload *u, const char **ret_hash) MUST_CHECK;
/* The bytes of a kept file, at most `most_bytes`; ERR_NOT_FOUND where they are gone or more. For what is shown in a page; else reply_file. */
struct err *file_read(struct ctx *c, const char *hash, size_t most_bytes, const char **ret_data, size_t *ret_len) MUST_CHECK;
/* The kept file itself, open for reading, to be closed by who asked; ERR_NOT_FOUND where it is gone. */
struct err *file_open(struct ctx *c, const char *hash, int *ret_fd) MUST_CHECK;
/* Why file_keep would refuse it, in French; NULL: it would not. */
const char *file_wrong(const struct upload *u);
/* Keeps bytes the server made itself. */
struct err *file_put(struct ctx *c, const void *data, size_t len, const char *type, const char **ret_hash) MUST_CHECK;
/* Others that keep or drop the same bytes wait until this transaction is over. Several: in the order of the hashes. */
struct err *file_lock(struct ctx *c, const char *hash) MUST_CHECK;
/* Removes the bytes of a hash that no row names; where one does they stay. In a write transaction whose end others wait for. Never in the one that drops the
   row, for that may not come about: queue a job "file_drop" with { "hash" } in it. */
struct err *file_forget(struct ctx *c, const char *hash) MUST_CHECK;
/* The same for what has lain in folder number `at` (modulo 256) for a day and is named by no row: left behind by a server that died between keeping and
   committing. *ret_gone: how many. */
struct err *file_sweep(struct ctx *c, int at, int *ret_gone) MUST_CHECK;
