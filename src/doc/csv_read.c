#include "doc/csv_read.h"
#include <assert.h>
#include <string.h>
#include "base/text.h"

#define BOM "\xef\xbb\xbf"
#define UNREADABLE "\xef\xbf\xbd"     /* U+FFFD */

/* ---- Encoding ---- */

/* Bytes of the character that begins here; 0 where none does. */
static size_t utf8_step(const char *at, size_t left)
{
    unsigned char lead = (unsigned char)*at;
    size_t step = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    return step && step <= left && text_is_utf8(at, step) ? step : 0;
}

/* A file in UTF-8 with a few spoilt bytes is still one; a file in Windows-1252 has next to no sequence that UTF-8 would take. */
static enum csv_encoding encoding_find(const char *data, size_t len)
{
    size_t good = 0, bad = 0;
    if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
        return CSV_UTF16;
    if (len >= 3 && memcmp(data, BOM, 3) == 0)
        return CSV_UTF8;
    for (size_t at = 0, step; at < len; at += step ? step : 1) {
        step = (unsigned char)data[at] < 0x80 ? 1 : utf8_step(data + at, len - at);
        good += step > 1;
        bad += step == 0;
    }
    return bad > good ? CSV_WINDOWS_1252 : CSV_UTF8;
}

static const uint16_t windows_1252[32] = {   /* 0x80 to 0x9f; 0: no character */
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static size_t latin_put(char *out, unsigned char byte)
{
    unsigned point = byte >= 0xa0 ? byte : windows_1252[byte - 0x80];
    if (!point)
        return (size_t)(stpcpy(out, UNREADABLE) - out);
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3f));
    out[2] = (char)(0x80 | (point & 0x3f));
    return 3;
}

/* The next character of the file as UTF-8; at most three bytes are written for each one read. */
static size_t char_put(const struct csv_reader *r, size_t at, char *out, size_t *ret_len)
{
    unsigned char byte = (unsigned char)r->data[at];
    size_t step = byte && byte < 0x80 ? 1 : r->encoding == CSV_UTF8 ? utf8_step(r->data + at, r->len - at) : 0;
    if (step) {
        memcpy(out, r->data + at, step);
        *ret_len = step;
    } else if (r->encoding == CSV_WINDOWS_1252 && byte) {
        *ret_len = latin_put(out, byte);
    } else {
        *ret_len = (size_t)(stpcpy(out, UNREADABLE) - out);
    }
    return step ? step : 1;
}

/* ---- Lines ---- */

/* Bytes of the line end that stands here: CRLF, LF or CR; 0 for anything else. */
static size_t line_end(const struct csv_reader *r, size_t at)
{
    if (at >= r->len || (r->data[at] != '\n' && r->data[at] != '\r'))
        return 0;
    return r->data[at] == '\r' && at + 1 < r->len && r->data[at + 1] == '\n' ? 2 : 1;
}

static void line_skip(struct csv_reader *r)
{
    while (r->at < r->len && !line_end(r, r->at))
        r->at++;
    r->line += r->at < r->len;
    r->at += line_end(r, r->at);
}

static char delimiter_find(const struct csv_reader *r)
{
    static const char candidates[] = ";,\t";
    int counts[3] = { 0 }, best = 0;
    bool is_quoted = false;
    size_t at = r->at;
    while (line_end(r, at))
        at += line_end(r, at);
    for (; at < r->len && (is_quoted || !line_end(r, at)); at++) {
        const char *found = r->data[at] ? strchr(candidates, r->data[at]) : NULL;
        if (r->data[at] == '"')
            is_quoted = !is_quoted;
        else if (found && !is_quoted)
            counts[found - candidates]++;
    }
    for (int i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

void csv_open(struct csv_reader *r, const void *data, size_t len)
{
    *r = (struct csv_reader){ .data = data, .len = len, .line = 1, .encoding = encoding_find(data, len) };
    if (r->encoding == CSV_UTF16)
        r->len = 0;
    if (r->len >= 3 && memcmp(data, BOM, 3) == 0)
        r->at = 3;
    bool says_it = r->len >= r->at + 5 && memcmp(r->data + r->at, "sep=", 4) == 0;   /* a spreadsheet's own first line */
    r->delimiter = says_it ? r->data[r->at + 4] : 0;
    if (says_it)
        line_skip(r);
    if (!r->delimiter || !strchr(";,\t|", r->delimiter))
        r->delimiter = delimiter_find(r);
}

/* ---- Rows ---- */

struct cell { char *text; size_t len, size; };

static void cell_room(struct arena *a, struct cell *cell)
{
    if (cell->len + 5 <= cell->size)
        return;
    size_t size = cell->size ? 2 * cell->size : 64;
    cell->text = arena_grow(a, cell->text, cell->size, size);
    cell->size = size;
}

static void cell_char(struct csv_reader *r, struct arena *a, struct cell *cell)
{
    size_t len = 0, end = line_end(r, r->at);
    cell_room(a, cell);
    if (end) {
        cell->text[cell->len] = '\n';
        len = 1;
        r->line++;
        r->at += end;
    } else {
        r->at += char_put(r, r->at, cell->text + cell->len, &len);
    }
    cell->len += len;
}

/* Bytes that stand for themselves, taken together. */
static void plain_run(struct csv_reader *r, struct arena *a, struct cell *cell)
{
    size_t end = r->at, most = r->len - r->at < 256 ? r->len : r->at + 256;
    while (end < most && (signed char)r->data[end] >= 0x20 && r->data[end] != r->delimiter && r->data[end] != '"')
        end++;
    size_t len = end - r->at;
    if (cell->len + len + 5 > cell->size) {
        size_t size = 2 * (cell->len + len) + 16;
        cell->text = arena_grow(a, cell->text, cell->size, size);
        cell->size = size;
    }
    assert(cell->text);
    memcpy(cell->text + cell->len, r->data + r->at, len);
    cell->len += len;
    r->at = end;
}

/* `at` stands behind the opening quote. */
static enum csv_fault quoted_read(struct csv_reader *r, struct arena *a, struct cell *cell)
{
    plain_run(r, a, cell);
    for (; r->at < r->len; cell_char(r, a, cell)) {
        if (cell->len > CSV_CELL_BYTES)
            return CSV_TOO_LARGE;
        if (r->data[r->at] != '"')
            continue;
        r->at++;
        if (r->at >= r->len || r->data[r->at] == r->delimiter || line_end(r, r->at))
            return CSV_FINE;
        if (r->data[r->at] != '"')
            return CSV_QUOTE;
    }
    return CSV_QUOTE;
}

static enum csv_fault plain_read(struct csv_reader *r, struct arena *a, struct cell *cell)
{
    plain_run(r, a, cell);
    while (r->at < r->len && r->data[r->at] != r->delimiter && !line_end(r, r->at)) {
        cell_char(r, a, cell);
        if (cell->len > CSV_CELL_BYTES)
            return CSV_TOO_LARGE;
    }
    return CSV_FINE;
}

static enum csv_fault cell_read(struct csv_reader *r, struct arena *a, const char **ret_text)
{
    struct cell cell = { 0 };
    bool is_quoted = r->at < r->len && r->data[r->at] == '"';
    r->at += is_quoted;
    enum csv_fault fault = is_quoted ? quoted_read(r, a, &cell) : plain_read(r, a, &cell);
    *ret_text = cell.text ? cell.text : "";
    if (cell.text)
        cell.text[cell.len] = 0;
    return fault;
}

static enum csv_fault row_read(struct csv_reader *r, struct arena *a, struct csv_row *row)
{
    const char *cells[CSV_CELLS_MOST];
    for (;;) {
        if (row->count == CSV_CELLS_MOST)
            return CSV_TOO_LARGE;
        enum csv_fault fault = cell_read(r, a, &cells[row->count]);
        if (fault)
            return fault;
        row->count++;
        if (r->at >= r->len || line_end(r, r->at))
            break;
        r->at++;
    }
    row->cells = arena_copy(a, cells, row->count * sizeof *cells);
    line_skip(r);
    return CSV_FINE;
}

static bool row_is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i][strspn(row->cells[i], " \t\n")])
            return false;
    return true;
}

bool csv_next(struct csv_reader *r, struct arena *a, struct csv_row *ret_row)
{
    while (r->at < r->len) {
        struct csv_reader start = *r;
        *ret_row = (struct csv_row){ .line = r->line };
        ret_row->fault = row_read(r, a, ret_row);
        if (ret_row->fault) {        /* this line alone is lost */
            *r = start;
            line_skip(r);
            ret_row->fault_at = ret_row->count;
            ret_row->count = 0;
            return true;
        }
        if (!row_is_blank(ret_row))
            return true;
    }
    return false;
}

int64_t csv_lines(const void *data, size_t len)
{
    const char *at = data, *end = at + len;
    int64_t count = len > 0 && end[-1] != '\n';
    for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    return count;
}
