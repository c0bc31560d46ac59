/* Fuzz target: a CSV file as anybody may send it. It ends; rows come in order, their cells are text within the bounds. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "doc/csv_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct csv_reader r;
    struct csv_row row;
    int64_t line = 0;
    arena_init(&a, (size_t)1 << 30);
    csv_open(&r, data, size);
    while (csv_next(&r, &a, &row)) {
        if (row.line <= line || row.count > CSV_CELLS_MOST || (row.fault && row.count))
            abort();
        line = row.line;
        for (size_t i = 0; i < row.count; i++)
            if (!text_is_utf8(row.cells[i], strlen(row.cells[i])) || strlen(row.cells[i]) > CSV_CELL_BYTES + 4)
                abort();
    }
    if (r.at != r.len)
        abort();
    arena_free(&a);
    return 0;
}
