#pragma once
/* Epochs of the journal. A database that came back from a backup goes on where the backup ended; what was written after it
   and lost would leave no trace. So each log says it: an entry `epoch_open` that cites the head the backup's manifest has for
   this log (object journal:NUMBER, and as its reason the head's hash and the manifest's). Whoever holds a later entry of the
   epoch before can show that it was lost, and whoever holds none can see that something may have been. */
#include "mandate/ctx.h"

struct epoch_head { int64_t log, size; const char *hash; };        /* hash: hex; a list ends with hash NULL */

/* The heads of all logs, by log; copied, they outlive the connection. */
struct err *epoch_heads(struct arena *a, struct db *db, struct epoch_head **ret_heads, size_t *ret_count) MUST_CHECK;

/* In the caller's transaction: the next epoch, and its entry in every log that `cited` names. manifest: hex SHA-256. */
struct err *epoch_open(struct ctx *c, const struct epoch_head *cited, const char *manifest, int64_t backup_at_ms, int64_t *ret_number) MUST_CHECK;
