#include "mandate/epoch.h"
#include "base/text.h"
#include "mandate/journal.h"
#include "mandate/queries.h"

struct err *epoch_heads(struct arena *a, struct db *db, struct epoch_head **ret_heads, size_t *ret_count)
{
    struct doc *rows = NULL;
    TRY(db_rows(db, a, &sql_epoch_heads, PARAMS(), &rows));
    size_t count = doc_count(rows);
    struct epoch_head *heads = ARENA_ARRAY(a, struct epoch_head, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct doc *row = doc_at(rows, i);
        unsigned char *hash = NULL;
        size_t len = 0;
        if (!text_base64url_read(a, doc_text_of(row, "hash"), &hash, &len) || len != SECRET_HASH)
            return ERR(a, ERR_INTERNAL, "the head of log %lld is no hash", (long long)doc_int_of(row, "org_id"));
        heads[i] = (struct epoch_head){ doc_int_of(row, "org_id"), doc_int_of(row, "size"), text_hex(a, hash, len) };
    }
    *ret_heads = heads;
    *ret_count = count;
    return NULL;
}

struct err *epoch_open(struct ctx *c, const struct epoch_head *cited, const char *manifest, int64_t backup_at_ms, int64_t *ret_number)
{
    struct doc *next = NULL;
    TRY(ctx_row(c, &sql_epoch_next, PARAMS(), &next));
    TRY(ctx_run(c, &sql_epoch_insert, PARAMS(P_INT("number", doc_int_of(next, "number")), P_INT("backup_at", backup_at_ms), P_TEXT("manifest", manifest))));
    struct journal_draft kept = c->journal;
    struct authority who = c->who;
    struct err *e = NULL;
    c->who = authority_nobody(0);
    for (; cited->hash && !e; cited++) {
        c->who.org_id = cited->log;
        c->journal = (struct journal_draft){ .action = "epoch_open", .object_kind = "journal", .object_id = cited->size, .is_wanted = true,
            .reason = arena_printf(c->arena, "head %s, manifest %s", cited->hash, manifest) };
        e = journal_write(c);
    }
    c->journal = kept;
    c->who = who;
    *ret_number = doc_int_of(next, "number");
    return e;
}
