#pragma once
/* Inside an import: what a column is, what is known of a row, and the two passes: everything in the file is checked, then what was
   right is written from what was kept of it. Memory is an arena for the whole and one for a few rows. */
#include "doc/csv_read.h"
#include "features/client/client.h"
#include "features/transfer/transfer.h"

enum { COLUMNS_MOST = 12, IMPORT_ROWS_MOST = 100000 };

enum client_column { CLIENT_NUMBER, CLIENT_NAME, CLIENT_KIND, CLIENT_SIREN, CLIENT_STREET, CLIENT_POSTCODE, CLIENT_CITY, CLIENT_EMAIL, CLIENT_PHONE,
    CLIENT_INFORMATION, CLIENT_NOTES, CLIENT_COLUMNS };
enum contact_column { CONTACT_FIRST, CONTACT_LAST, CONTACT_JOB, CONTACT_EMAIL, CONTACT_PHONE, CONTACT_LANG, CONTACT_CLIENT_NUMBER,
    CONTACT_CLIENT, CONTACT_NOTES, CONTACT_COLUMNS };

/* What is wrong with a cell: a French text (N_), %s in it stands for `detail`. */
struct complaint { const char *message, *detail; };

struct import_column {
    const char *label;              /* as the page calls it */
    const char *const *names;       /* what the heading may say, ends with NULL; compared by text_name_key */
    int max;                        /* characters */
    bool is_required, has_lines;
    /* Says what is wrong with a text that is not empty, and what it becomes; NULL: any text is right. */
    const char *(*check)(struct arena *a, const char *text, const char **ret_value);
};

struct import_row {                 /* a row between its two passes */
    int64_t existing_id;            /* what it changes; 0: it is new */
    int64_t client_id;              /* of a contact */
    const char **values;            /* what it says, kept where it will be written */
    const char *name_key, *email_key;   /* of a contact */
    bool is_refused;
};

struct seen_entry { uint64_t hash; const char *text; int64_t line; };
struct seen { struct seen_entry *entries; size_t size, count; uint64_t start; };   /* open addressing; size is a power of two */

struct import {
    struct ctx *c;                  /* the caller's: report and errors live there */
    struct ctx own;                 /* the same with `scratch` as its arena: queries of one row */
    const struct import_ask *ask;
    const struct import_column *columns;
    size_t column_count;
    bool is_contacts;
    struct arena keep, scratch, word_memory;
    struct word_batch words;        /* of what is new */
    bool is_first;                  /* the organization has nothing of the kind yet: nothing can be there already */
    struct csv_reader reader;
    int place[COLUMNS_MOST];        /* a column's cell; -1: not in the file */
    const char *heading[COLUMNS_MOST];
    size_t width;                   /* cells of the heading, */
    const char **headings;          /* and what they say */
    bool is_readable;
    struct seen seen;
    struct import_row *rows;
    size_t row_count, row_size;
    /* the row under way */
    int64_t line;
    bool is_looked_at;              /* within from and count: asked of the database */
    const char *values[COLUMNS_MOST];   /* NULL: not in the file; "" empty */
    struct import_row *row;
    /* counts */
    int64_t added, changed, refused, error_count, highest, unnumbered;
    struct doc *errors, *ignored;
    const char *last_number;        /* the client looked up last: rows of one client stand together */
    int64_t last_client;
};

/* import_columns.c */
extern const struct import_column client_columns[CLIENT_COLUMNS], contact_columns[CONTACT_COLUMNS];
bool import_heading(struct import *im, const struct csv_row *row);             /* false: nothing can be read */
void import_values(struct import *im, const struct csv_row *row);              /* fills values, complains of what is wrong in itself */
void import_complain(struct import *im, const char *column, struct complaint what);
#define COMPLAIN(im, column, text, detail) import_complain((im), (column), (struct complaint){ (text), (detail) })

/* import.c: the line where this text was before, 0 where it is new (then it is remembered) */
int64_t seen_before(struct seen *seen, struct arena *a, const char *text, int64_t line);

/* import_client.c, import_contact.c */
struct err *client_row_check(struct import *im) MUST_CHECK;
struct err *client_row_write(struct import *im) MUST_CHECK;
struct err *client_rows_begin(struct import *im) MUST_CHECK;    /* numbers for the rows without one */
struct err *contact_row_check(struct import *im) MUST_CHECK;
struct err *contact_row_write(struct import *im) MUST_CHECK;
