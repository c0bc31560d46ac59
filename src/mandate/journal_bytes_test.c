/* Bytes changed in SQLite's file itself, beneath the database (M-4): the row is named. The file is taken apart here as the format has it
   (sqlite.org/fileformat.html), so that each byte that belongs to a row is known. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "mandate/journal_test.h"

enum { LOG = 77, ROWS = 40, CELLS_MOST = 400, RANDOM_CHANGES = 400 };

struct cell { int64_t rowid; size_t start, header, len; };   /* offsets in the file; header: the record's, behind the two lengths */

struct file {
    struct world_test *w;
    unsigned char *bytes;
    size_t len, page_bytes;
    int fd;
    struct cell cells[CELLS_MOST];
    int count;
    size_t pages[CELLS_MOST];           /* the table's, each by its offset */
    int page_count;
};

static int64_t varint(const unsigned char *p, size_t *ret_len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 9; i++) {
        value = i == 8 ? value << 8 | p[i] : value << 7 | (p[i] & 0x7f);
        *ret_len = i + 1;
        if (!(p[i] & 0x80))
            break;
    }
    return (int64_t)value;
}

static size_t two(const unsigned char *p) { return (size_t)p[0] << 8 | p[1]; }
static size_t four(const unsigned char *p) { return two(p) << 16 | two(p + 2); }

/* The b-tree of a table, from a page down. Rows of the tests lie within their page. */
static void tree_walk(struct file *f, size_t number)
{
    size_t start = (number - 1) * f->page_bytes;
    const unsigned char *page = f->bytes + start;
    bool is_leaf = page[0] == 0x0d;
    assert_true(is_leaf || page[0] == 0x05);
    assert_true(f->page_count < CELLS_MOST);
    f->pages[f->page_count++] = start;
    size_t cells = two(page + 3), list = is_leaf ? 8 : 12;
    for (size_t i = 0; i < cells; i++) {
        size_t at = two(page + list + 2 * i), one = 0, other = 0;
        if (!is_leaf) {
            tree_walk(f, four(page + at));
            continue;
        }
        int64_t len = varint(page + at, &one);
        assert_true(f->count < CELLS_MOST && len < (int64_t)f->page_bytes - 35);
        int64_t rowid = varint(page + at + one, &other);
        f->cells[f->count++] = (struct cell){ rowid, start + at, start + at + one + other, one + other + (size_t)len };
    }
    if (!is_leaf)
        tree_walk(f, four(page + 8));
}

static void file_open(struct file *f, struct world_test *w, const char *table)
{
    struct stat st;
    *f = (struct file){ .w = w };
    world_run_sql(w, "PRAGMA wal_checkpoint(TRUNCATE)");
    f->fd = open(world_address(w), O_RDWR | O_CLOEXEC);
    assert_true(f->fd >= 0 && fstat(f->fd, &st) == 0);
    f->len = (size_t)st.st_size;
    f->bytes = arena_alloc(world_arena(w), f->len);
    assert_int_equal(pread(f->fd, f->bytes, f->len, 0), st.st_size);
    f->page_bytes = two(f->bytes + 16);
    tree_walk(f, (size_t)world_number(w, world_text(w, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table)));
    assert_int_equal(f->count, world_number(w, world_text(w, "SELECT COUNT(*) FROM %s", table)));
}

static void byte_put(struct file *f, size_t at, unsigned char mask)
{
    unsigned char byte = f->bytes[at] ^ mask;
    assert_int_equal(pwrite(f->fd, &byte, 1, (off_t)at), 1);
}

static void byte_named(struct file *f, size_t at, unsigned char mask, int64_t log, int64_t number)
{
    byte_put(f, at, mask);
    named(f->w, log, number, world_text(f->w, "byte %zu ^ %02x", at, mask));
    byte_put(f, at, 0);
}

static const struct cell *cell_of(const struct file *f, int64_t rowid)
{
    for (int i = 0; i < f->count; i++)
        if (f->cells[i].rowid == rowid)
            return &f->cells[i];
    fail_msg("no row %lld", (long long)rowid);
    return NULL;
}

static int64_t rowid_of(struct world_test *w, const char *table, int number)
{
    return world_number(w, world_text(w, "SELECT rowid FROM %s WHERE org_id = 77 AND number = %d", table, number));
}

/* Each bit of the lengths and kinds, one bit of every other byte. */
static void row_bytes(struct file *f, const char *table, int number)
{
    const struct cell *cell = cell_of(f, rowid_of(f->w, table, number));
    size_t kinds = cell->header + f->bytes[cell->header];
    for (size_t at = cell->start; at < cell->start + cell->len; at++)
        for (int bit = 0; bit < 8; bit++)
            if (at < kinds || bit == (int)(at % 8))
                byte_named(f, at, (unsigned char)(1 << bit), LOG, number);
}

WORLD_TEST(m_4_every_byte_of_a_row_in_the_file_is_named)
{
    struct file f;
    if (world_kind(w) != DB_SQLITE)
        return;
    log_fill(w, LOG, ROWS);
    sound(w);
    file_open(&f, w, "journal");
    assert_true(f.page_count > 4);
    row_bytes(&f, "journal", 1);
    row_bytes(&f, "journal", 21);         /* its payload and its object are there */
    row_bytes(&f, "journal", 24);         /* neither object nor payload: kinds of nothing */
    row_bytes(&f, "journal", ROWS);
    sound(w);
    close(f.fd);
}

WORLD_TEST(m_4_every_byte_of_a_payload_in_the_file_is_named)
{
    struct file f;
    if (world_kind(w) != DB_SQLITE)
        return;
    log_fill(w, LOG, ROWS);
    file_open(&f, w, "journal_payload");
    row_bytes(&f, "journal_payload", 1);
    row_bytes(&f, "journal_payload", 20);
    sound(w);
    close(f.fd);
}

WORLD_TEST(m_4_every_byte_of_a_head_in_the_file_is_named)
{
    struct file f;
    if (world_kind(w) != DB_SQLITE)
        return;
    log_fill(w, LOG, 3);
    file_open(&f, w, "journal_head");
    const struct cell *cell = cell_of(&f, LOG);
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    for (size_t at = cell->start; at < cell->start + cell->len; at++)
        for (int bit = 0; bit < 8; bit++) {
            if (at == cell->header + 1 && bit == 3)
                continue;   /* the kind of a key that stands elsewhere: nothing, or a zero that nobody reads */
            byte_put(&f, at, (unsigned char)(1 << bit));
            const struct doc *report = verify(w, &a);
            if (!is_named(report, LOG, 3) && !is_named(report, LOG, 4))
                fail_msg("byte %zu bit %d of the head: %s", at - cell->start, bit, faults_text(&a, report));
            byte_put(&f, at, 0);
            arena_reset(&a);
        }
    arena_free(&a);
    sound(w);
    close(f.fd);
}

/* Anywhere in the table's pages: what belongs to a row names it, what does not (free room, the pages' own lists) may be found or not,
   but never ends the walk. */
WORLD_TEST(m_4_a_byte_anywhere_in_the_journals_pages)
{
    struct file f;
    struct arena a;
    if (world_kind(w) != DB_SQLITE)
        return;
    log_fill(w, LOG, ROWS);
    file_open(&f, w, "journal");
    arena_init(&a, (size_t)64 << 20);
    unsigned seed = 20261122;
    int in_rows = 0;
    for (int i = 0; i < RANDOM_CHANGES; i++) {
        size_t at = f.pages[(unsigned)rand_r(&seed) % (unsigned)f.page_count] + (unsigned)rand_r(&seed) % f.page_bytes;
        unsigned char mask = (unsigned char)(1 + rand_r(&seed) % 255);
        const struct cell *hit = NULL;
        for (int n = 0; n < f.count && !hit; n++)
            if (at >= f.cells[n].start && at < f.cells[n].start + f.cells[n].len)
                hit = &f.cells[n];
        const char *row = hit ? world_value(w, world_text(w, "SELECT org_id || ' ' || number FROM journal WHERE rowid = %lld", (long long)hit->rowid)) : "";
        byte_put(&f, at, mask);
        const struct doc *report = verify(w, &a);
        if (hit && !is_named(report, strtoll(row, NULL, 10), strtoll(strchr(row, ' '), NULL, 10)))
            fail_msg("byte %zu ^ %02x of row %s: %s", at - hit->start, mask, row, faults_text(&a, report));
        byte_put(&f, at, 0);
        in_rows += hit != NULL;
        arena_reset(&a);
    }
    assert_true(in_rows > RANDOM_CHANGES / 2);
    arena_free(&a);
    sound(w);
    close(f.fd);
}

WORLD_MAIN("journal_bytes", WORLD_CASE(m_4_every_byte_of_a_row_in_the_file_is_named), WORLD_CASE(m_4_every_byte_of_a_payload_in_the_file_is_named),
    WORLD_CASE(m_4_every_byte_of_a_head_in_the_file_is_named), WORLD_CASE(m_4_a_byte_anywhere_in_the_journals_pages))
