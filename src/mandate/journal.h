#pragma once
/* The journal: one append-only log per organization (0: the server's own, for acts of a person on themself), written in
   the transaction of the act, numbered last. docs/decisions/0004-journal.md has the format byte by byte. */
#include "mandate/ctx.h"

/* What the act of this context leaves. Called by handlers before they end; the entry itself is written by journal_write. */
void journal_object(struct ctx *c, const char *kind, int64_t id);
void journal_text(struct ctx *c, const char *key, const char *text);      /* into the payload: may be personal, can be erased */
void journal_number(struct ctx *c, const char *key, int64_t number);
void journal_skip(struct ctx *c);                                         /* nothing changed after all (same form twice) */

/* Writes the entry; the last statement before the commit. Nothing where no entry is wanted. */
struct err *journal_write(struct ctx *c) MUST_CHECK;

/* An entry at once, whatever the context's own will be: in the log of another organization that the act touches (an access that a partner ends, say), or
   of the one that a job works for. The actor is the context's. */
struct err *journal_write_at(struct ctx *c, int64_t org_id, const struct journal_draft *draft) MUST_CHECK;

/* The act's entry now, in the log of its own organization, and one more in another's, which cites it: number, log and hash. Nothing more at the end.
   Where both are one organization, one entry. */
struct err *journal_write_cited(struct ctx *c, int64_t org_id, const char *action, const char *reason, int64_t *ret_number) MUST_CHECK;

/* Erases a payload (not the entry, whose hash stays provable); itself an entry. */
struct err *journal_erase(struct ctx *c, int64_t org_id, int64_t number) MUST_CHECK;

/* Checks every row of every log: numbers without gap, canonical bytes, hashes, links, columns beside the bytes, payloads, heads.
   ret_report: { "entries": n, "logs": n, "faults": [ { "org_id", "number", "what" } ] }; at most 100 faults are kept. */
struct err *journal_verify(struct arena *a, struct db *db, struct doc **ret_report) MUST_CHECK;
