#pragma once
/* Reads CSV as people have it: RFC 4180, and ';' ',' or tab as found in the heading line, UTF-8 with or without BOM or
   Windows-1252, line breaks within quotes, line ends of any system. The bytes stay the caller's and must outlive the reader; cells
   are UTF-8 texts from the arena of each call. Nothing fails: what is wrong with a row is said by the row, and reading goes on
   with the next line. A quote that is never closed costs its own line and no other. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

enum { CSV_CELLS_MOST = 200, CSV_CELL_BYTES = 64 * 1024 };

enum csv_encoding { CSV_UTF8, CSV_WINDOWS_1252, CSV_UTF16 };   /* UTF-16 is recognized, not read: there are no rows */
enum csv_fault { CSV_FINE, CSV_QUOTE, CSV_TOO_LARGE };         /* a quote that does not close or closes inside a cell; too many cells, or a cell too long */

struct csv_reader {
    const char *data;
    size_t len, at;
    int64_t line;                   /* of the file, where `at` stands; from 1 */
    char delimiter;
    enum csv_encoding encoding;
};

struct csv_row {
    int64_t line;                   /* where it begins */
    size_t count;
    const char *const *cells;       /* as written, not trimmed; LF within; what is no character is U+FFFD */
    enum csv_fault fault;           /* then there are no cells, */
    size_t fault_at;                /* and this is the one that cannot be read */
};

void csv_open(struct csv_reader *r, const void *data, size_t len);
/* The next row that is not blank; false at the end. The heading is the first one. */
bool csv_next(struct csv_reader *r, struct arena *a, struct csv_row *ret_row);
/* How many lines there are: for showing how far one is. */
int64_t csv_lines(const void *data, size_t len);
