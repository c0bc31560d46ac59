/* journal_verify: walks every log and names each row that is not as it was written. */
#include <string.h>
#include "base/text.h"
#include "mandate/entry.h"
#include "mandate/journal.h"
#include "mandate/queries.h"

enum { FAULTS_MOST = 100 };

struct verify {
    struct arena *arena;        /* of the report; rows live in `rows`, reset for each stretch */
    struct arena rows;
    struct db *db;
    struct doc *faults;
    int64_t entries, log, number;
    char prev[2 * SECRET_HASH + 1];
};

static void verify_fault(struct verify *v, int64_t number, const char *what)
{
    if (doc_count(v->faults) >= FAULTS_MOST)
        return;
    struct doc *fault = doc_map(v->arena);
    doc_set_int(fault, "org_id", v->log);
    doc_set_int(fault, "number", number);
    doc_set_text(fault, "what", what);
    doc_push(v->faults, fault);
}

static bool hex_of(struct verify *v, const struct doc *row, const char *key, const char **ret_hex)
{
    unsigned char *bytes = NULL;
    size_t len = 0;
    if (!text_base64url_read(&v->rows, doc_text_of(row, key), &bytes, &len) || len != SECRET_HASH)
        return false;
    *ret_hex = text_hex(&v->rows, bytes, len);
    return true;
}

static bool columns_match(const struct entry *e, const struct doc *row, int64_t log)
{
    return e->log == log && e->number == doc_int_of(row, "number") && e->at_ms == doc_int_of(row, "at")
        && text_same(e->action, doc_text_of(row, "action")) && text_same(e->object_kind, doc_text_of(row, "object_kind"))
        && e->object_id == doc_int_of(row, "object_id") && e->mandate_id == doc_int_of(row, "mandate_id");
}

/* A payload that is gone must have been erased by an entry of its own. */
static struct err *verify_payload(struct verify *v, const struct entry *e, const struct doc *row)
{
    bool is_there = doc_kind(doc_get(row, "payload")) == DOC_TEXT;
    if (!is_there && *e->payload) {
        struct doc *erasure = NULL;
        TRY(db_row(v->db, &v->rows, &sql_journal_erasures, PARAMS(P_INT("log", v->log), P_INT("number", e->number)), &erasure));
        if (!erasure)
            verify_fault(v, e->number, "the payload is gone and no entry erased it");
    }
    if (!is_there)
        return NULL;
    unsigned char *salt = NULL, hash[SECRET_HASH];
    size_t len = 0;
    const char *payload = doc_text_of(row, "payload");
    if (!text_base64url_read(&v->rows, doc_text_of(row, "salt"), &salt, &len))
        len = 0;
    secret_sha256_two(hash, salt, len, payload, strlen(payload));
    if (strcmp(text_hex(&v->rows, hash, sizeof hash), e->payload) != 0)
        verify_fault(v, e->number, "the payload was changed");
    return NULL;
}

static struct err *verify_row(struct verify *v, const struct doc *row)
{
    struct entry e = { 0 };
    const char *bytes = doc_text_of(row, "entry"), *stored = "";
    int64_t number = doc_int_of(row, "number");
    unsigned char hash[SECRET_HASH];
    entry_hash(hash, bytes, strlen(bytes));
    const char *computed = text_hex(&v->rows, hash, sizeof hash);
    if (number != v->number + 1)
        verify_fault(v, v->number + 1, "the entry is missing");
    if (!hex_of(v, row, "hash", &stored) || strcmp(stored, computed) != 0)
        verify_fault(v, number, "the bytes of the entry and their hash do not agree");
    else if (entry_read(&v->rows, bytes, &e))
        verify_fault(v, number, "the entry is not in canonical form");
    else if (!columns_match(&e, row, v->log))
        verify_fault(v, number, "a column beside the entry was changed");
    else if (number == v->number + 1 && strcmp(e.prev, v->prev) != 0)
        verify_fault(v, number, "the entry does not follow the one before");
    else
        TRY(verify_payload(v, &e, row));
    v->number = number;
    v->entries++;
    memcpy(v->prev, computed, sizeof v->prev);
    return NULL;
}

static struct err *verify_log(struct verify *v, const struct doc *head)
{
    v->number = 0;
    memset(v->prev, '0', sizeof v->prev - 1);
    for (size_t count = 1; count;) {
        struct doc *rows = NULL;
        TRY(db_rows(v->db, &v->rows, &sql_journal_read, PARAMS(P_INT("log", v->log), P_INT("after", v->number)), &rows));
        count = doc_count(rows);
        for (size_t i = 0; i < count; i++)
            TRY(verify_row(v, doc_at(rows, i)));
        arena_reset(&v->rows);
    }
    const char *hash = "";
    if (!head || doc_int_of(head, "size") != v->number || !hex_of(v, head, "hash", &hash) || strcmp(hash, v->prev) != 0)
        verify_fault(v, v->number, "the head of the log does not agree with its last entry");
    struct doc *stray = NULL;
    TRY(db_rows(v->db, &v->rows, &sql_journal_stray, PARAMS(P_INT("log", v->log)), &stray));
    for (size_t i = 0; i < doc_count(stray); i++)
        verify_fault(v, doc_int_of(doc_at(stray, i), "number"), "a payload without an entry");
    return NULL;
}

/* Logs by their heads, and logs that have entries and no head. */
static struct err *verify_logs(struct verify *v, const struct query *q, bool with_heads, const struct doc *known, struct doc **ret_logs)
{
    struct doc *all = doc_list(v->arena);
    int64_t after = -1;
    for (size_t count = 1; count;) {
        struct doc *rows = NULL;
        TRY(db_rows(v->db, v->arena, q, PARAMS(P_INT("after", after)), &rows));
        count = doc_count(rows);
        for (size_t i = 0; i < count; i++) {
            struct doc *row = doc_at_mut(rows, i);
            after = v->log = doc_int_of(row, "org_id");
            bool is_known = false;
            for (size_t n = 0; n < doc_count(known) && !is_known; n++)
                is_known = doc_int_of(doc_at(known, n), "org_id") == after;
            if (is_known)
                continue;
            TRY(verify_log(v, with_heads ? row : NULL));
            doc_push(all, row);
        }
    }
    *ret_logs = all;
    return NULL;
}

static struct err *verify_all(struct verify *v, int64_t *ret_logs)
{
    struct doc *heads = NULL, *others = NULL;
    TRY(verify_logs(v, &sql_journal_heads, true, NULL, &heads));
    TRY(verify_logs(v, &sql_journal_logs, false, heads, &others));
    *ret_logs = (int64_t)(doc_count(heads) + doc_count(others));
    return NULL;
}

struct err *journal_verify(struct arena *a, struct db *db, struct doc **ret_report)
{
    struct verify v = { .arena = a, .db = db, .faults = doc_list(a) };
    int64_t logs = 0;
    arena_init(&v.rows, (size_t)256 * 1024 * 1024);
    struct err *e = db_begin(db, a, DB_READ);
    if (!e)
        e = verify_all(&v, &logs);
    db_rollback(db);
    arena_free(&v.rows);
    if (e && e->code != ERR_INTERNAL)
        return e;
    if (e)   /* the file itself cannot be read: say where the walk stood */
        verify_fault(&v, v.number + 1, "the database cannot be read here: it is damaged");
    struct doc *report = doc_map(a);
    doc_set_int(report, "entries", v.entries);
    doc_set_int(report, "logs", logs);
    doc_set(report, "faults", v.faults);
    *ret_report = report;
    return NULL;
}
