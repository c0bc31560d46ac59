#pragma once
/* A disk that can lose its power, or fail: a VFS of SQLite's that stands before the usual one, and the same for the few calls by which files are kept
   (fsync, write, open, link, mkdir, close; the test is linked with --wrap of them). It remembers what was written since the last sync, and shows at any moment
   what would be left were the power cut now: what was synced, and of the rest whatever a disk may have got to, by sectors of 512 bytes. A file that was
   made and whose folder was not synced may not be there at all.

   For tests of one thread. Databases named test.db… alone are watched; everything else goes through. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

void power_open(void);                              /* before the first connection: from then on the VFS of all */
sqlite3 *power_connection(void);                    /* the one that was opened last */

/* ---- Cuts ---- */
enum power_loss { POWER_ALL_LOST, POWER_NONE_LOST, POWER_PREFIX, POWER_ANY, POWER_WAYS };   /* of what was not synced */
typedef void power_point(void *arg, bool is_sync);
void power_watch(power_point *call, void *arg);     /* called before each change on disk, and before and behind each sync; NULL: no more */
void power_cut(const char *address, const char *to, enum power_loss how, unsigned seed);    /* `to`: the database as it would be found */
extern bool power_lies;                             /* syncs say yes and do nothing */
extern bool power_lies_files;                       /* the same for kept files alone */

/* ---- Kept files ---- */
void power_files_start(const char *folder);         /* what lies there by now is on disk */
size_t power_files_now(void);                       /* a moment */
bool power_file_is_safe(const char *hash, size_t at);   /* were its bytes, its name and its folder's on disk at that moment? */

/* ---- Faults ---- */
enum power_part { POWER_DATABASE, POWER_FILES };
void power_fail(enum power_part part, int nth, bool goes_on);   /* the nth call from now on fails (and all behind it); 0: none */
bool power_fails(enum power_part part);             /* one call: does it fail? */
bool power_failed(void);                            /* it came to that */
