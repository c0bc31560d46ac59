/* One text of a migration for both databases. SQLite takes it as it is, but for the blocks of the other database; for
   PostgreSQL the types of columns and the options of tables are replaced, word by word and nowhere else:

       created_at INTEGER NOT NULL    →  created_at BIGINT NOT NULL
       name TEXT                      →  name TEXT COLLATE "C"
       data BLOB                      →  data BYTEA
       ) STRICT, WITHOUT ROWID;       →  );                                                                    */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "db/driver.h"

enum { TEXT_CEILING = 4 * 1024 * 1024 };

enum piece_kind { SPACE, QUOTED, WORD, SIGN, BLOCK, BROKEN };

struct piece {
    enum piece_kind kind;
    const char *text;
    size_t len;
};

struct scan {                          /* where in a statement the reader stands */
    struct piece before, last;         /* the two before this one, white space and comments left out */
    int words;                         /* read in this statement, up to 2 */
    bool is_table;                     /* CREATE TABLE or ALTER TABLE */
    int depth;                         /* of parentheses */
};

static bool is_word(const struct piece *p, const char *word)
{
    return p->kind == WORD && p->len == strlen(word) && strncasecmp(p->text, word, p->len) == 0;
}

static bool is_sign(const struct piece *p, char sign)
{
    return p->kind == SIGN && *p->text == sign;
}

/* The length up to the end of `end`, or of the text; 0 where it must be there and is not. */
static size_t upto(const char *text, size_t from, const char *end, bool may_miss)
{
    const char *found = strstr(text + from, end);
    if (found)
        return (size_t)(found - text) + strlen(end);
    return may_miss ? strlen(text) : 0;
}

static size_t word_len(const char *text)
{
    size_t len = 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len;
}

static struct piece piece_at(const char *text)
{
    struct piece p = { .text = text, .len = 1, .kind = SIGN };
    if (isspace((unsigned char)*text)) {
        p.kind = SPACE;
    } else if (strncmp(text, "--", 2) == 0) {
        p = (struct piece){ SPACE, text, upto(text, 2, "\n", true) };
    } else if (strncmp(text, "/*", 2) == 0) {
        p = (struct piece){ SPACE, text, upto(text, 2, "*/", false) };
    } else if (strncmp(text, "{{", 2) == 0) {
        p = (struct piece){ BLOCK, text, upto(text, 2, "}}", false) };
    } else if (*text == '\'' || *text == '"') {
        char quote[2] = { *text, 0 };
        p = (struct piece){ *text == '"' ? WORD : QUOTED, text, upto(text, 1, quote, false) };
    } else if (word_len(text)) {
        p = (struct piece){ WORD, text, word_len(text) };
    }
    if (p.len == 0)
        p.kind = BROKEN;
    return p;
}

/* What stands in the block goes out as it is, where the block is for this database. */
static bool block_write(struct buf *out, enum db_kind kind, const struct piece *p)
{
    static const char *const open[] = { [DB_SQLITE] = "{{sqlite:", [DB_POSTGRESQL] = "{{postgresql:" };
    for (enum db_kind k = DB_SQLITE; k <= DB_POSTGRESQL; k++) {
        size_t len = strlen(open[k]);
        if (p->len < len + 2 || strncmp(p->text, open[k], len) != 0)
            continue;
        if (k == kind)
            buf_add(out, p->text + len, p->len - len - 2);
        return true;
    }
    return false;
}

/* Right after the name of a column: the name itself follows "(", ",", ADD or COLUMN. */
static bool is_type_place(const struct scan *s)
{
    return s->is_table && s->last.kind == WORD
        && (is_sign(&s->before, '(') || is_sign(&s->before, ',') || is_word(&s->before, "COLUMN") || is_word(&s->before, "ADD"));
}

static bool is_table_option(const struct scan *s, const struct piece *p)
{
    bool is_after_table = s->is_table && s->depth == 0
        && (is_sign(&s->last, ')') || is_word(&s->last, "STRICT") || is_word(&s->last, "WITHOUT") || is_word(&s->last, "ROWID")
            || is_sign(&s->last, ','));
    return is_after_table && (is_word(p, "STRICT") || is_word(p, "WITHOUT") || is_word(p, "ROWID") || is_sign(p, ','));
}

static void piece_write(struct buf *out, enum db_kind kind, const struct scan *s, const struct piece *p)
{
    static const char *const types[][2] = { { "INTEGER", "BIGINT" }, { "BLOB", "BYTEA" }, { "TEXT", "TEXT COLLATE \"C\"" } };
    if (kind == DB_POSTGRESQL && is_type_place(s))
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (is_word(p, types[i][0])) {
                buf_text(out, types[i][1]);
                return;
            }
    if (kind == DB_POSTGRESQL && is_table_option(s, p))
        return;
    buf_add(out, p->text, p->len);
}

static void scan_step(struct scan *s, const struct piece *p)
{
    if (is_sign(p, ';') && s->depth == 0) {
        *s = (struct scan){ 0 };
        return;
    }
    if (s->words < 2 && p->kind == WORD) {
        s->words++;
        s->is_table = s->words == 2 && is_word(p, "TABLE") && (is_word(&s->last, "CREATE") || is_word(&s->last, "ALTER"));
    }
    s->depth += is_sign(p, '(') - is_sign(p, ')');
    s->before = s->last;
    s->last = *p;
}

const char *migrate_text(struct arena *a, enum db_kind kind, const char *text)
{
    struct buf out;
    struct scan s = { 0 };
    buf_init(&out, a, TEXT_CEILING);
    while (*text) {
        struct piece p = piece_at(text);
        if (p.kind == BROKEN || (p.kind == BLOCK && !block_write(&out, kind, &p)))
            return NULL;
        if (p.kind == SPACE && p.len > 1)
            buf_char(&out, '\n');      /* a comment */
        else if (p.kind == SPACE)
            buf_char(&out, *p.text);
        else if (p.kind != BLOCK)
            piece_write(&out, kind, &s, &p);
        if (p.kind != SPACE)
            scan_step(&s, &p);
        text += p.len;
    }
    return out.is_full ? NULL : buf_end(&out);
}
