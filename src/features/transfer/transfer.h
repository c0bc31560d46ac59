#pragma once
/* Clients, contacts, sites, equipment and jobs brought in from a CSV file, lists written into one. The pages and jobs are the feature's; the
   import itself is one function, used by the command as well. */
#include "web/web.h"

extern const struct feature transfer_feature;

bool import_is_kind(const char *name);

enum import_mode { IMPORT_DRY, IMPORT_ALL, IMPORT_GOOD };   /* look only; everything or nothing; the rows that are right */

struct import_ask {
    const char *kind;               /* "clients", "contacts", "sites", "equipment", "jobs"; one that import_is_kind knows */
    const void *data;               /* the file; stays the caller's */
    size_t len;
    enum import_mode mode;
    bool is_update;                 /* a row that is there already changes it, instead of being an error */
    int errors_most;                /* listed; counted are all */
    int64_t from, count;            /* IMPORT_DRY: of the file's rows only these (from 0) are looked at; count 0: all */
    void (*progress)(void *arg, int64_t done, int64_t count);   /* told every thousand rows while they are written; may be NULL */
    bool (*is_stopped)(void *arg);  /* asked as often, also while they are looked at; may be NULL. Yes: import_run ends with ERR_CONFLICT, to be rolled back */
    void *progress_arg;             /* of both */
};

/* Imports for the organization c->who.org_id, in the transaction that has begun, with messages in c->lang. What is wrong with the
   file is no error but part of the report: { "kind", "encoding", "delimiter", "rows", "added", "changed", "refused", "error_count",
   "is_readable", "is_written", "hash", "ignored": [heading], "errors": [{ "row", "column", "message" }] }; a row is a line of the file, 1 its heading.
   added and changed are what was written, or in a dry run what would be. */
struct err *import_run(struct ctx *c, const struct import_ask *ask, struct doc **ret_report) MUST_CHECK;

/* The entry that an import leaves: counts and the file's hash. */
struct err *import_journal(struct ctx *c, const char *file_name, const struct doc *report) MUST_CHECK;

/* The columns of a kind as a page explains them: { "label", "is_required", "is_whose" }. */
struct doc *import_columns(struct ctx *c, const char *kind);

/* The organization lets go of a file that no row of its names any more; the bytes go with the last organization that had them. */
struct err *file_let_go(struct ctx *c, const char *hash) MUST_CHECK;
