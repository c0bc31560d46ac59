#include <string.h>
#include "doc/doc.h"

/* RFC 4180 with a semicolon, as spreadsheets in French expect it. A text that a spreadsheet would run as a formula
   gets an apostrophe (OWASP, CSV injection); a number is a number, also below zero. */
void doc_csv_text(struct buf *out, const char *text)
{
    bool is_formula = *text && strchr("=+-@\t\r", *text);
    bool is_quoted = is_formula || strpbrk(text, ";\"\r\n");
    if (is_quoted)
        buf_char(out, '"');
    if (is_formula)
        buf_char(out, '\'');
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        buf_add(out, text, (size_t)(quote - text));
        buf_add(out, "\"\"", 2);
    }
    buf_text(out, text);
    if (is_quoted)
        buf_char(out, '"');
}

static void value_write(const struct doc *value, struct buf *out)
{
    switch (doc_kind(value)) {
    case DOC_BOOL: buf_char(out, doc_as_bool(value) ? '1' : '0'); break;
    case DOC_INT: buf_int(out, doc_as_int(value)); break;
    case DOC_TEXT: doc_csv_text(out, doc_as_text(value)); break;
    case DOC_NULL:
    case DOC_LIST:
    case DOC_MAP: break;
    }
}

static bool is_column(const struct doc *first, size_t i) { return doc_kind(doc_at(first, i)) != DOC_LIST && doc_kind(doc_at(first, i)) != DOC_MAP; }

/* A line: of names (row NULL), or of a row's values. A list within a row is no column. */
static void line_write(const struct doc *first, const struct doc *row, struct buf *out)
{
    bool is_begun = false;
    for (size_t i = 0; i < doc_count(first); i++) {
        if (!is_column(first, i))
            continue;
        if (is_begun)
            buf_char(out, ';');
        is_begun = true;
        if (row)
            value_write(doc_get(row, doc_key_at(first, i)), out);
        else
            doc_csv_text(out, doc_key_at(first, i));
    }
    buf_text(out, "\r\n");
}

/* The first row's keys are the columns; what another row has besides is not written. */
struct err *doc_csv(struct arena *a, const struct doc *rows, struct buf *out)
{
    const struct doc *first = doc_at(rows, 0);
    if (doc_kind(rows) != DOC_LIST || (first && doc_kind(first) != DOC_MAP))
        return ERR(a, ERR_INTERNAL, "CSV: not a list of maps");
    bool has_columns = !first;
    for (size_t i = 0; i < doc_count(first); i++)
        has_columns |= is_column(first, i);
    if (!has_columns)
        return ERR(a, ERR_INTERNAL, "CSV: rows of lists and maps alone");
    buf_text(out, "\xef\xbb\xbf");
    if (first)
        line_write(first, NULL, out);
    for (size_t row = 0; row < doc_count(rows); row++)
        line_write(first, doc_at(rows, row), out);
    return out->is_full ? ERR(a, ERR_TOO_LARGE, "CSV: more than %zu bytes", out->ceiling_bytes) : NULL;
}
