#pragma once
/* The exact bytes of a journal entry, and their hash. docs/decisions/0004-journal.md is the format; this is all the code
   that knows it. Pure. */
#include "base/buf.h"
#include "base/secret.h"
#include "doc/doc.h"

enum { ENTRY_SALT = 16, ENTRY_MOST = 16 * 1024 };

struct entry {
    int64_t log;              /* organization; 0: the server's own */
    int64_t number;           /* from 1, without gap */
    int64_t at_ms;
    int64_t person_id;        /* 0: the server itself */
    int64_t for_client_id;    /* 0: the organization of the log, or nobody in log 0 */
    int64_t mandate_id;
    const char *reason;
    const char *action;
    const char *object_kind;
    int64_t object_id;
    const char *outcome;
    const char *prev;         /* hex: hash of the entry before; 64 zeros for the first */
    const char *payload;      /* hex: SHA-256(salt ‖ payload); "" where there is none */
};

void entry_bytes(const struct entry *e, struct buf *out);
/* Leaf hash of RFC 6962: SHA-256(0x00 ‖ bytes). The next entry's `prev`, and later a leaf of the Merkle tree: one hash for both. */
void entry_hash(unsigned char ret_hash[SECRET_HASH], const char *bytes, size_t len);
/* Reads the bytes back; ERR_INVALID where they are not exactly what entry_bytes would write. */
struct err *entry_read(struct arena *a, const char *bytes, struct entry *ret_entry) MUST_CHECK;
