#pragma once
/* Inside an import: what a column is, what is known of a row, and the two passes: everything in the file is checked, then what was
   right is written from what was kept of it. Memory is an arena for the whole and one for a few rows. */
#include "doc/csv_read.h"
#include "features/client/client.h"
#include "features/transfer/transfer.h"

enum { COLUMNS_MOST = 24, IMPORT_ROWS_MOST = 100000 };

enum client_column { CLIENT_NUMBER, CLIENT_NAME, CLIENT_KIND, CLIENT_SIREN, CLIENT_STREET, CLIENT_POSTCODE, CLIENT_CITY, CLIENT_EMAIL, CLIENT_PHONE,
    CLIENT_INFORMATION, CLIENT_NOTES, CLIENT_COLUMNS };
enum contact_column { CONTACT_FIRST, CONTACT_LAST, CONTACT_JOB, CONTACT_EMAIL, CONTACT_PHONE, CONTACT_LANG, CONTACT_CLIENT_NUMBER,
    CONTACT_CLIENT, CONTACT_NOTES, CONTACT_COLUMNS };
enum site_column { SITE_NUMBER, SITE_NAME, SITE_CLIENT_NUMBER, SITE_CLIENT, SITE_STREET, SITE_POSTCODE, SITE_CITY, SITE_CONTACT, SITE_INFORMATION, SITE_NOTES,
    SITE_COLUMNS };
enum equipment_column { EQUIPMENT_NAME, EQUIPMENT_MODEL, EQUIPMENT_SERIAL, EQUIPMENT_CLIENT_NUMBER, EQUIPMENT_CLIENT, EQUIPMENT_SITE_NUMBER, EQUIPMENT_SITE,
    EQUIPMENT_INSTALLED, EQUIPMENT_WARRANTY, EQUIPMENT_STATE, EQUIPMENT_INFORMATION, EQUIPMENT_NOTES, EQUIPMENT_COLUMNS };

enum job_column { JOB_NUMBER, JOB_CLIENT_NUMBER, JOB_CLIENT, JOB_SITE_NUMBER, JOB_SITE, JOB_TYPE, JOB_DESCRIPTION, JOB_STATE, JOB_ASKED, JOB_START, JOB_END,
    JOB_TECHNICIAN, JOB_SERIAL, JOB_REPORT, JOB_INFORMATION, JOB_NOTES, JOB_COLUMNS };

/* What is wrong with a cell: a French text (N_), %s in it stands for `detail`. */
struct complaint { const char *message, *detail; };

struct import_column {
    const char *label;              /* as the page calls it */
    const char *const *names;       /* what the heading may say, ends with NULL; compared by text_name_key */
    int max;                        /* characters */
    bool is_required, has_lines;
    bool is_whose;                  /* says whose the row is: one of these must be in the file, and filled in */
    /* Says what is wrong with a text that is not empty, and what it becomes; NULL: any text is right. */
    const char *(*check)(struct arena *a, const char *text, const char **ret_value);
};

struct import;
/* What can be imported, import_kind.c. */
struct import_kind {
    const char *name, *label;       /* "sites": the list, and the address of its page */
    const char *action, *word;      /* in the journal; of its words for search */
    enum right right;               /* asked for besides CLIENT_WRITE */
    const struct import_column *columns;
    size_t column_count;
    bool is_new_only;               /* what is there already is never changed */
    const struct query *any;        /* is there one of the kind yet? */
    struct err *(*begin)(struct import *im);    /* before the first is written; may be NULL */
    struct err *(*check)(struct import *im);    /* the row against the file and the database */
    struct err *(*write)(struct import *im);
};

struct import_row {                 /* a row between its two passes */
    int64_t existing_id;            /* what it changes; 0: it is new */
    int64_t client_id, site_id, contact_id;     /* whose, where, whom to ask for; 0: nobody's, nowhere, nobody */
    int64_t type_id, member_id, equipment_id;   /* of a job */
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
    const struct import_kind *kind;
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
    const struct zone *zone;        /* of jobs: the organization's clock, */
    const char *who;                /* and who asked for them */
};

/* import_kind.c */
const struct import_kind *import_kind_of(const char *name);                    /* NULL: there is no such kind */

/* import_columns.c */
const char *import_value(const struct import *im, int column);                 /* "" where it is not in the file */
struct param import_given(const struct import *im, const char *name, int column);   /* NULL where it is empty: that leaves what is there */
bool import_heading(struct import *im, const struct csv_row *row);             /* false: nothing can be read */
void import_values(struct import *im, const struct csv_row *row);              /* fills values, complains of what is wrong in itself */
void import_complain(struct import *im, const char *column, struct complaint what);
#define COMPLAIN(im, column, text, detail) import_complain((im), (column), (struct complaint){ (text), (detail) })

/* import.c: the line where this text was before, 0 where it is new (then it is remembered) */
int64_t seen_before(struct seen *seen, struct arena *a, const char *text, int64_t line);

/* import_find.c: what a row names by number or by name. Nothing is asked of the database for a row that is not looked at. */
struct import_place { int number, name; };      /* the columns */
struct err *import_client_find(struct import *im, struct import_place at) MUST_CHECK;  /* into row->client_id; complains where there is none of that name */
struct err *import_client_must(struct import *im, struct import_place at) MUST_CHECK;  /* the same, and it must be said */
struct err *import_site_find(struct import *im, struct import_place at) MUST_CHECK;    /* one of the row's client, into row->site_id */
struct err *import_contact_find(struct import *im, int column) MUST_CHECK;             /* one of the row's client, by name or e-mail address, into row->contact_id */
/* Was this in the file before? Then it complains at the column: %s of the message is the line. */
bool import_is_double(struct import *im, const char *text, int column, const char *message);

/* import_client.c, import_contact.c, import_site.c, import_equipment.c, import_job.c */
struct err *client_row_check(struct import *im) MUST_CHECK;
struct err *client_row_write(struct import *im) MUST_CHECK;
struct err *client_rows_begin(struct import *im) MUST_CHECK;    /* numbers for the rows without one */
struct err *contact_row_check(struct import *im) MUST_CHECK;
struct err *contact_row_write(struct import *im) MUST_CHECK;
struct err *site_row_check(struct import *im) MUST_CHECK;
struct err *site_row_write(struct import *im) MUST_CHECK;
struct err *site_rows_begin(struct import *im) MUST_CHECK;
struct err *equipment_row_check(struct import *im) MUST_CHECK;
struct err *equipment_row_write(struct import *im) MUST_CHECK;
struct err *job_row_check(struct import *im) MUST_CHECK;
struct err *job_row_write(struct import *im) MUST_CHECK;
struct err *job_rows_begin(struct import *im) MUST_CHECK;
