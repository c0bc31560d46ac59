#pragma once
/* What a list is in a file: its columns, and its rows written as lines. For export.c alone. */
#include "web/web.h"

struct export_column { const char *key, *label; };
/* The columns of a list, and whether its rows are whole as the list gives them. */
struct export_list { const char *kind; const struct export_column *columns; bool is_whole; const char *number; /* before a number, "I-" */ };

/* Never NULL: kinds are checked when an export is asked for. */
const struct export_list *export_list_of(const char *kind);
/* A row as a line, with our words as the reader has them; row NULL: the headings. */
void export_row_write(struct ctx *c, const struct export_list *list, const struct doc *row, struct buf *out);
