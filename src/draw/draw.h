#pragma once
/* Documents on paper: A4 pages as PDF, by Pango and Cairo. A body draws from top to bottom and never thinks of pages: what does not fit goes on on the
   next one, a table's head is repeated, every page has its foot. The body is run twice, once to count the pages and once for good, so it must draw
   the same both times and do nothing else.

   Text may be anything: it is made UTF-8 without control characters, cut where it is beyond all measure, broken within words where it must be, laid
   out from right to left where its letters are. The same content gives the same bytes on the same machine: no clock, no chance. Pictures are JPEG and go
   in as they are; none is decoded here.

   Fonts are found and read once, on a desk, where one document lies at a time; few may wait for it, the others are told to come again (ERR_BUSY). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

enum { DRAW_PAGES_MOST = 200, DRAW_TEXT_MOST = 40000, DRAW_PDF_BYTES = 24 * 1024 * 1024 };

struct draw;
struct draw_desk;

struct draw_desk *draw_desk_open(void);     /* takes nothing yet; NULL: no memory */
void draw_desk_close(struct draw_desk *desk);

typedef void draw_body(struct draw *d, void *arg);

struct draw_about {
    const char *title, *author;         /* of the document, as a reader of files shows them */
    const char *lang;                   /* "fr" */
    int64_t made_ms;                    /* when it says it was made */
    const char *color;                  /* "#0b5563": of headings, lines, the mark */
    const char *foot;                   /* the small line below each page */
    const char *page;                   /* "Page %d sur %d": with exactly these two, else it is left out */
};

/* Any thread. More than DRAW_PAGES_MOST pages or DRAW_PDF_BYTES: ERR_TOO_LARGE. The bytes live in the arena. */
struct err *draw_pdf(struct draw_desk *desk, struct arena *a, const struct draw_about *about, draw_body *body, void *arg, const void **ret_data, size_t *ret_len) MUST_CHECK;

/* ---- For bodies ---- */
struct draw_picture { const void *jpeg; size_t len; int width, height; const char *label; };   /* label may be NULL */
struct draw_pair { const char *name, *value; };         /* value NULL or "": left out */
struct draw_column { const char *label; double share; };/* shares of the width; they need not make 1 */

/* The first thing on the first page: who it is from (a mark or logo, name, a line each) at the left, what it is at the right. */
struct draw_letterhead { const struct draw_picture *logo; const char *initials, *name, *lines, *title, *number, *under; };
void draw_letterhead(struct draw *d, const struct draw_letterhead *head);
void draw_heading(struct draw *d, const char *text);    /* stays with what follows it */
void draw_text(struct draw *d, const char *text);       /* paragraphs by line ends */
void draw_small(struct draw *d, const char *text);      /* the same, smaller and grey */
void draw_pairs(struct draw *d, const struct draw_pair *pairs, size_t count);               /* two beside each other */
void draw_table(struct draw *d, const struct draw_column *columns, size_t count, const char *const *cells, size_t rows);  /* cells: row by row */
void draw_pictures(struct draw *d, const struct draw_picture *pictures, size_t count, int in_a_row, double most_height);
void draw_gap(struct draw *d, double points);
