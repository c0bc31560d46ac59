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

static struct err *value_write(struct arena *a, const struct doc *value, const char *key, struct buf *out)
{
    switch (doc_kind(value)) {
    case DOC_NULL: return NULL;
    case DOC_BOOL: buf_char(out, doc_as_bool(value) ? '1' : '0'); return NULL;
    case DOC_INT: buf_int(out, doc_as_int(value)); return NULL;
    case DOC_TEXT: doc_csv_text(out, doc_as_text(value)); return NULL;
    case DOC_LIST:
    case DOC_MAP: break;
    }
    return ERR(a, ERR_INTERNAL, "CSV: column %s is a list or a map", key);
}

/* The first row's keys are the columns; what another row has besides is not written. */
struct err *doc_csv(struct arena *a, const struct doc *rows, struct buf *out)
{
    const struct doc *first = doc_at(rows, 0);
    if (doc_kind(rows) != DOC_LIST || (first && doc_kind(first) != DOC_MAP))
        return ERR(a, ERR_INTERNAL, "CSV: not a list of maps");
    buf_text(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < doc_count(first); i++) {
        if (i)
            buf_char(out, ';');
        doc_csv_text(out, doc_key_at(first, i));
    }
    if (first)
        buf_text(out, "\r\n");
    for (size_t row = 0; row < doc_count(rows); row++) {
        for (size_t i = 0; i < doc_count(first); i++) {
            if (i)
                buf_char(out, ';');
            TRY(value_write(a, doc_get(doc_at(rows, row), doc_key_at(first, i)), doc_key_at(first, i), out));
        }
        buf_text(out, "\r\n");
    }
    return out->is_full ? ERR(a, ERR_TOO_LARGE, "CSV: more than %zu bytes", out->ceiling_bytes) : NULL;
}
