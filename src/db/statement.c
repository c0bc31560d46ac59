/* The prepared statements of a connection: a hash table from query and variant. */
#include <assert.h>
#include <string.h>
#include "base/text.h"
#include "db/driver.h"

enum { FIRST_SIZE = 64 };

static unsigned hash(const struct query *q, unsigned variant)
{
    return (unsigned)((((uintptr_t)q >> 4) + variant * UINT64_C(0x51ed27)) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static unsigned place(const struct db *db, const struct query *q, unsigned variant)
{
    unsigned at = hash(q, variant) & (db->statement_size - 1);
    while (db->statements[at] && (db->statements[at]->query != q || db->statements[at]->variant != variant))
        at = (at + 1) & (db->statement_size - 1);
    return at;
}

static void table_grow(struct db *db)
{
    unsigned old_size = db->statement_size;
    struct statement **old = db->statements;
    db->statement_size = old_size ? old_size * 2 : FIRST_SIZE;
    db->statements = ARENA_ARRAY(&db->memory, struct statement *, db->statement_size);
    for (unsigned i = 0; i < old_size; i++)
        if (old[i])
            db->statements[place(db, old[i]->query, old[i]->variant)] = old[i];
}

struct statement *statement_get(struct db *db, const struct query *q, unsigned variant)
{
    if (db->statement_count * 4 >= db->statement_size * 3)
        table_grow(db);
    struct statement **at = &db->statements[place(db, q, variant)];
    if (!*at) {
        const struct query_text *texts = db->store->kind == DB_SQLITE ? q->sqlite : q->postgresql;
        *at = ARENA_NEW(&db->memory, struct statement);
        **at = (struct statement){ .query = q, .variant = variant, .text = &texts[variant], .number = db->statement_count++ };
    }
    return *at;
}

void statement_columns(struct db *db, struct statement *st, int count, const char *(*name)(void *handle, int index), void *handle)
{
    struct doc_keys *keys = ARENA_NEW(&db->memory, struct doc_keys);
    const char **names = ARENA_ARRAY(&db->memory, const char *, count ? count : 1);
    bool *is_flag = ARENA_ARRAY(&db->memory, bool, count ? count : 1);
    for (int i = 0; i < count; i++) {
        const char *key = arena_text(&db->memory, name(handle, i));
        is_flag[i] = text_starts(key, "is_") || text_starts(key, "has_") || text_starts(key, "can_");
        names[i] = key;
        for (int other = 0; other < i; other++)
            assert(strcmp(names[other], key) != 0);   /* two columns of one name: the query is wrong */
    }
    *keys = (struct doc_keys){ (size_t)count, names };
    st->columns = keys;
    st->is_flag = is_flag;
}
