/* An import: two passes, in one transaction. The first checks every row of the file and remembers what it found; the second
   writes those that are right, and their search words at the end, in the order of their key. */
#include "features/transfer/import.h"
#include <string.h>
#include "base/secret.h"
#include "base/text.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { SCRATCH_ROWS = 64, SEEN_FIRST = 1024, PROGRESS_ROWS = 1000 };

/* ---- What was seen before ---- */

/* FNV-1a from a drawn start, so that nobody can write a file whose texts all fall into one place. */
static uint64_t hash_of(const struct seen *seen, const char *text)
{
    uint64_t hash = seen->start;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static struct seen_entry *seen_place(struct seen *seen, uint64_t hash, const char *text)
{
    size_t at = hash & (seen->size - 1);
    while (seen->entries[at].text && (seen->entries[at].hash != hash || strcmp(seen->entries[at].text, text) != 0))
        at = (at + 1) & (seen->size - 1);
    return &seen->entries[at];
}

static void seen_grow(struct seen *seen, struct arena *a)
{
    struct seen old = *seen;
    seen->size = old.size ? 2 * old.size : SEEN_FIRST;
    seen->entries = ARENA_ARRAY(a, struct seen_entry, seen->size);
    for (size_t i = 0; i < old.size; i++)
        if (old.entries[i].text)
            *seen_place(seen, old.entries[i].hash, old.entries[i].text) = old.entries[i];
}

int64_t seen_before(struct seen *seen, struct arena *a, const char *text, int64_t line)
{
    if (4 * seen->count >= 3 * seen->size)
        seen_grow(seen, a);
    uint64_t hash = hash_of(seen, text);
    struct seen_entry *entry = seen_place(seen, hash, text);
    if (entry->text)
        return entry->line;
    *entry = (struct seen_entry){ hash, arena_text(a, text), line };
    seen->count++;
    return 0;
}

/* ---- The passes ---- */

static struct import_row *row_add(struct import *im)
{
    if (im->row_count == im->row_size) {
        size_t size = im->row_size ? 2 * im->row_size : 1024;
        im->rows = arena_grow(&im->keep, im->rows, im->row_size * sizeof *im->rows, size * sizeof *im->rows);
        im->row_size = size;
    }
    return &im->rows[im->row_count++];
}

static bool is_looked_at(const struct import *im, int64_t row)
{
    return !im->ask->count || (row >= im->ask->from && row < im->ask->from + im->ask->count);
}

/* Checked once: what a row says is kept until it is written. */
static void values_keep(struct import *im)
{
    const char **values = im->row->values = ARENA_ARRAY(&im->keep, const char *, im->kind->column_count);
    for (size_t i = 0; i < im->kind->column_count; i++)
        values[i] = im->values[i] && *im->values[i] ? arena_text(&im->keep, im->values[i]) : im->values[i] ? "" : NULL;
    im->row->name_key = arena_text(&im->keep, im->row->name_key);
    im->row->email_key = arena_text(&im->keep, im->row->email_key);
}

static struct err *row_check(struct import *im, const struct csv_row *row)
{
    im->is_looked_at = is_looked_at(im, (int64_t)im->row_count);
    im->row = row_add(im);
    im->line = row->line;
    import_values(im, row);
    if (!row->fault && row->count == im->width)
        TRY(im->kind->check(im));
    if (!im->is_looked_at || im->row->is_refused)
        return NULL;
    im->added += !im->row->existing_id;
    im->changed += im->row->existing_id != 0;
    if (im->ask->mode != IMPORT_DRY)
        values_keep(im);
    return NULL;
}

/* The heading, and what makes the whole file unreadable. */
static bool file_begin(struct import *im)
{
    struct csv_row row;
    im->row = NULL;
    im->line = 1;
    im->is_looked_at = true;
    csv_open(&im->reader, im->ask->data, im->ask->len);
    if (im->reader.encoding == CSV_UTF16) {
        COMPLAIN(im, "", N_("Ce fichier est en UTF-16 : enregistrez-le en « CSV UTF-8 »."), NULL);
        return false;
    }
    if (!csv_next(&im->reader, &im->keep, &row)) {
        COMPLAIN(im, "", N_("Le fichier est vide."), NULL);
        return false;
    }
    im->line = row.line;
    if (row.fault)
        COMPLAIN(im, "", N_("L’en-tête ne peut pas être lu."), NULL);
    return !row.fault && import_heading(im, &row);
}

/* Every thousand rows: says how far it is, and whether to go on. */
static struct err *go_on(struct import *im, size_t at, bool is_told)
{
    const struct import_ask *ask = im->ask;
    if (at % PROGRESS_ROWS)
        return NULL;
    if (is_told && ask->progress)
        ask->progress(ask->progress_arg, (int64_t)at, (int64_t)im->row_count);
    return ask->is_stopped && ask->is_stopped(ask->progress_arg) ? ERR(im->c->arena, ERR_CONFLICT, "the import was asked to stop") : NULL;
}

static struct err *pass_check(struct import *im)
{
    struct csv_row row;
    im->is_readable = file_begin(im);
    while (csv_next(&im->reader, &im->scratch, &row)) {
        if (im->row_count >= IMPORT_ROWS_MOST) {
            im->row = NULL;
            im->line = row.line;
            COMPLAIN(im, "", N_("Un fichier a au plus 100 000 lignes : partagez-le en plusieurs."), NULL);
            im->is_readable = false;
            return NULL;
        }
        if (im->is_readable)
            TRY(row_check(im, &row));
        else
            row_add(im)->is_refused = true;
        if (im->row_count % SCRATCH_ROWS == 0)
            arena_reset(&im->scratch);
        TRY(go_on(im, im->row_count, false));
    }
    if (!im->is_readable)
        im->refused = (int64_t)im->row_count;
    return NULL;
}

static struct err *pass_write(struct import *im)
{
    if (im->kind->begin)
        TRY(im->kind->begin(im));
    word_batch_init(&im->words, im->kind->word, &im->word_memory);
    for (size_t at = 0; at < im->row_count; at++) {
        im->row = &im->rows[at];
        if (!im->row->is_refused) {
            memcpy(im->values, im->row->values, im->kind->column_count * sizeof *im->values);
            TRY(im->kind->write(im));
        }
        if (at % SCRATCH_ROWS == 0)
            arena_reset(&im->scratch);
        TRY(go_on(im, at, true));
    }
    return word_batch_write(&im->own, &im->words);
}

/* ---- The whole ---- */

static struct doc *report(struct import *im, bool is_written)
{
    static const char *const encodings[] = { "UTF-8", "Windows-1252", "UTF-16" };
    struct arena *a = im->c->arena;
    struct doc *map = doc_map(a);
    unsigned char hash[SECRET_HASH];
    bool is_dry = im->ask->mode == IMPORT_DRY;
    secret_sha256(hash, im->ask->data, im->ask->len);
    doc_set_text(map, "kind", im->kind->name);
    doc_set_text(map, "encoding", encodings[im->reader.encoding]);
    doc_set_textn(map, "delimiter", &im->reader.delimiter, 1);
    doc_set_int(map, "rows", (int64_t)im->row_count);
    doc_set_int(map, "added", is_written || is_dry ? im->added : 0);
    doc_set_int(map, "changed", is_written || is_dry ? im->changed : 0);
    doc_set_int(map, "refused", im->refused);
    doc_set_int(map, "error_count", im->error_count);
    doc_set_bool(map, "is_readable", im->is_readable);
    doc_set_bool(map, "is_written", is_written);
    doc_set_text(map, "hash", text_hex(a, hash, sizeof hash));
    doc_set(map, "ignored", im->ignored);
    doc_set(map, "errors", im->errors);
    return map;
}

static struct err *import_go(struct import *im, bool *ret_is_written)
{
    struct doc *any = NULL;
    *ret_is_written = false;
    TRY(ctx_maybe(&im->own, im->kind->any, NULL, &any));
    im->is_first = !any;
    TRY(pass_check(im));
    bool is_wanted = im->is_readable && (im->ask->mode == IMPORT_GOOD || (im->ask->mode == IMPORT_ALL && !im->error_count));
    if (!is_wanted || im->added + im->changed == 0)
        return NULL;
    *ret_is_written = true;
    return pass_write(im);
}

struct err *import_run(struct ctx *c, const struct import_ask *ask, struct doc **ret_report)
{
    struct import im = { .c = c, .own = *c, .ask = ask, .kind = import_kind_of(ask->kind),
        .errors = doc_list(c->arena), .ignored = doc_list(c->arena) };
    bool is_written = false;
    secret_random(&im.seen.start, sizeof im.seen.start);
    arena_init(&im.keep, (size_t)256 * 1024 * 1024);
    arena_init(&im.scratch, (size_t)256 * 1024 * 1024);
    arena_init(&im.word_memory, (size_t)64 * 1024 * 1024);
    im.own.arena = &im.scratch;
    struct err *e = import_go(&im, &is_written);
    if (e)                                             /* it lies in memory that goes */
        e = err_new(c->arena, e->code, arena_text(c->arena, e->where), "%s", arena_text(c->arena, e->detail));
    else
        *ret_report = report(&im, is_written);
    arena_free(&im.keep);
    arena_free(&im.scratch);
    arena_free(&im.word_memory);
    return e;
}

struct err *import_journal(struct ctx *c, const char *file_name, const struct doc *report_)
{
    static const char *const counts[] = { "rows", "added", "changed", "refused" };
    c->journal = (struct journal_draft){ .action = import_kind_of(doc_text_of(report_, "kind"))->action, .is_wanted = true };
    journal_object(c, "organization", c->who.org_id);
    journal_text(c, "file", file_name);
    journal_text(c, "hash", doc_text_of(report_, "hash"));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        journal_number(c, counts[i], doc_int_of(report_, counts[i]));
    return journal_write(c);
}
