#pragma once
/* Backups: a folder with the database as it was at one moment, the kept files, and a manifest that says what belongs to it.

       mandat.db            SQLite's own copy; with PostgreSQL database.pgdump, made by pg_dump before
       files/ab/ab12…       what people attached, by SHA-256
       manifest.json        time, schema, every file with size and SHA-256, the head of every log of the journal
       manifest.sha256      SHA-256 of manifest.json; written last: without it a folder is no backup

   The server's key is never part of it (decision 7). Both acts work beside a running server; one thread. */
#include "base/err.h"
#include "doc/doc.h"

struct backup_ask { const char *database, *files, *folder; int64_t now_ms; };     /* database: a path or postgresql://… */

/* ret_report: { folder, made_at, database, schema, files, size_bytes, entries, logs, manifest, faults: [{ path, what }] }.
   A kept file that is missing or damaged is a fault; the backup is made all the same. */
struct err *backup_make(struct arena *a, const struct backup_ask *ask, struct doc **ret_report) MUST_CHECK;

struct restore_ask { const char *folder, *data, *database, *key_file; int64_t now_ms; };   /* database: "" or postgresql://… filled by pg_restore */

/* Into an empty data folder (the key may lie there already). Everything is checked on the way; where anything is wrong nothing is left
   behind but the folder, and ret_report says so: { is_restored, faults: [{ path, what }], made_at, files, size_bytes, entries, logs, lost,
   epoch, manifest, key_file, is_key_there }. lost: entries the manifest has and a PostgreSQL database has not. */
struct err *backup_restore(struct arena *a, const struct restore_ask *ask, struct doc **ret_report) MUST_CHECK;
