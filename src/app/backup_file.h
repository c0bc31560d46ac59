#pragma once
/* Bytes of a backup: copied and hashed in one go, folders emptied, the manifest written and read. For backup.c and restore.c. */
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "doc/doc.h"
#include "mandate/epoch.h"

struct backup_part { const char *path; const char *hash; int64_t size_bytes; };    /* path below the folder; hash hex */

struct manifest {
    int64_t made_at_ms;
    const char *database, *schema;              /* "sqlite" or "postgresql"; name of the last migration */
    const struct backup_part *parts;
    size_t part_count;
    const struct epoch_head *heads;             /* ends with hash NULL */
    size_t head_count;
    const char *hash;                           /* of manifest.json itself, hex */
};

/* to NULL: looks only. to must not be there yet. size and hash of what was read. */
struct err *part_copy(struct arena *a, const char *from, const char *to, struct backup_part *ret_part) MUST_CHECK;
/* The folders above a path, as far as they lie below `base`. */
struct err *part_folders(struct arena *a, const char *base, const char *path) MUST_CHECK;
struct err *folder_flush(struct arena *a, const char *path) MUST_CHECK;            /* everything of its file system is on disk */
bool folder_is_empty(const char *path, const char *may_hold);                      /* absent counts as empty; may_hold: a name that is let be */
void folder_remove(const char *path);                                              /* with all below it */

struct err *manifest_write(struct arena *a, const char *folder, struct manifest *m) MUST_CHECK;     /* sets hash */
struct err *manifest_read(struct arena *a, const char *folder, struct manifest *ret_manifest) MUST_CHECK;  /* ERR_INVALID: says what is wrong */

void backup_fault(struct doc *faults, struct arena *a, const char *path, const char *what);
