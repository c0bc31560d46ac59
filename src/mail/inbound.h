#pragma once
/* A message as it came, read: who, what, which text, which files. Bytes of strangers: whatever they are, this ends, within the limits
   below, and gives clean UTF-8. GMime takes the message apart, once a process is set up (inbound_init, called by inbound_read).
   Knows nothing of tickets; it decides nothing.

   Files are written to the spool, each under a path of its own, which the caller removes (inbound_drop). Any thread. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

enum { INBOUND_MOST_BYTES = 35 * 1024 * 1024, INBOUND_TEXT_CHARS = 20000, INBOUND_FILES = 10, INBOUND_PARTS = 200, INBOUND_DEPTH = 20 };

struct inbound_file {
    const char *name;                /* as sent, cleaned, without folders; never "" */
    const char *path;                /* in the spool; NULL: passed over, for it is one too many, or no spool was given */
    int64_t size_bytes;
    struct inbound_file *next;
};

struct inbound {
    const char *message_id;          /* without < and >; "" where there is none */
    const char *from_email, *from_name, *subject;
    const char *const *to;           /* every address it says it is for, envelope first; ends with NULL; 64 at most */
    const char *references;          /* In-Reply-To and References together */
    const char *text;                /* what was written, with all that is quoted below */
    struct inbound_file *files;
    bool is_auto;                    /* no person wrote it (RFC 3834 and its elders) */
    bool is_from_nobody;             /* empty return path, or the mail system itself */
    bool is_report;                  /* a delivery report (RFC 3464); is_failure: one that says it will not arrive */
    bool is_failure;
    const char *report;              /* all that a report, or a message from nobody, quotes: where our own Message-ID may stand */
    const char *status;              /* "5.1.1 …": what the other side said; "" where not known */
    bool is_cut;                     /* text or parts beyond the limits */
};

/* ERR_BAD: not a message. ERR_BUSY: the spool cannot be written. spool NULL: files are only counted. */
struct err *inbound_read(struct arena *a, const void *bytes, size_t len, const char *spool, struct inbound *ret_mail) MUST_CHECK;
void inbound_drop(const struct inbound *mail);   /* removes what is left in the spool */

/* ---- Texts (inbound_text.c) ---- */

/* Well-formed UTF-8, lines ended by LF, no other control characters, at most so many code points; is_cut (may be NULL) is set where it was longer. */
const char *inbound_clean(struct arena *a, const char *text, size_t len, int chars_most, bool with_lines, bool *is_cut);
/* What somebody reading the HTML would have read; no markup is left, whatever it was. Quotations begin with "> ". */
const char *inbound_html_text(struct arena *a, const char *html, size_t len);
/* The answer alone: without what stands below our marker or a « Le … a écrit : » line. Never made empty by it: then all of it. */
const char *inbound_answer(struct arena *a, const char *text);
/* The line under which nothing counts; it stands at the top of every mail that can be answered. In the template: mail_layout.txt. */
#define INBOUND_MARKER "Répondez au-dessus de cette ligne"
#define INBOUND_MARKER_EN "Reply above this line"
