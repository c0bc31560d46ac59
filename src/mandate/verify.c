/* journal_verify: walks every log and names each row that is not as it was written. */
#include <string.h>
#include "base/text.h"
#include "mandate/entry.h"
#include "mandate/journal.h"
#include "mandate/queries.h"

enum { FAULTS_MOST = 100, STRETCH = 500 };

struct verify {
    struct arena *arena;        /* of the report; rows live in `rows`, reset for each stretch */
    struct arena rows;
    struct db *db;
    struct doc *faults;
    int64_t entries, logs;
    int64_t log, number;        /* where the walk stands: the last number that was looked at */
    int64_t after;              /* the same, but for what stands before the first */
    int careful;                /* so many rows are read one by one: a stretch of the database is damaged */
    bool is_linked;             /* prev is known: the row before could be read */
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

static bool is_int(const struct doc *row, const char *key, int64_t number)
{
    const struct doc *value = doc_get(row, key);
    return doc_kind(value) == DOC_INT && doc_as_int(value) == number;
}

static bool is_text(const struct doc *row, const char *key, const char *text)
{
    const struct doc *value = doc_get(row, key);
    return doc_kind(value) == DOC_TEXT && doc_text_len(value) == strlen(text) && strcmp(doc_as_text(value), text) == 0;
}

/* Kinds too: a zero that became NULL, or an empty text that became bytes, is a change. */
static bool columns_match(const struct verify *v, const struct entry *e, const struct doc *row)
{
    return e->log == v->log && e->number == doc_int_of(row, "place") && is_int(row, "org_id", e->log) && is_int(row, "number", e->number)
        && is_int(row, "at", e->at_ms) && is_text(row, "action", e->action) && is_text(row, "object_kind", e->object_kind)
        && is_text(row, "kind_type", "text") && is_int(row, "object_id", e->object_id) && is_int(row, "mandate_id", e->mandate_id);
}

/* A payload that is gone must have been erased by an entry of its own. */
static struct err *payload_gone(struct verify *v, const struct entry *e)
{
    struct doc *erasure = NULL;
    TRY(db_row(v->db, &v->rows, &sql_journal_erasure, PARAMS(P_INT("log", v->log), P_INT("number", e->number)), &erasure));
    if (!erasure)
        verify_fault(v, e->number, "the payload is gone and no entry erased it");
    return NULL;
}

static struct err *verify_payload(struct verify *v, const struct entry *e, const struct doc *row)
{
    const struct doc *payload = doc_get(row, "payload");
    if (doc_kind(payload) != DOC_TEXT)
        return *e->payload ? payload_gone(v, e) : NULL;
    unsigned char *salt = NULL, hash[SECRET_HASH];
    size_t len = 0;
    if (!text_base64url_read(&v->rows, doc_text_of(row, "salt"), &salt, &len))
        len = 0;
    secret_sha256_two(hash, salt, len, doc_as_text(payload), doc_text_len(payload));
    if (strcmp(text_hex(&v->rows, hash, sizeof hash), e->payload) != 0 || !is_int(row, "payload_org_id", e->log) || !is_int(row, "payload_number", e->number))
        verify_fault(v, e->number, "the payload was changed");
    return NULL;
}

static struct err *verify_row(struct verify *v, const struct doc *row)
{
    struct entry e = { 0 };
    const struct doc *bytes = doc_get(row, "entry");
    const char *text = doc_as_text(bytes), *stored = "";
    size_t len = doc_text_len(bytes);
    int64_t number = doc_int_of(row, "place");
    unsigned char hash[SECRET_HASH];
    entry_hash(hash, text, len);
    const char *computed = text_hex(&v->rows, hash, sizeof hash);
    v->after = number;
    v->entries++;
    if (number <= v->number) {
        verify_fault(v, number, "an entry before the first");
        return NULL;
    }
    if (number != v->number + 1)
        verify_fault(v, v->number + 1, "the entry is missing");
    if (!hex_of(v, row, "hash", &stored) || strcmp(stored, computed) != 0)
        verify_fault(v, number, "the bytes of the entry and their hash do not agree");
    else if (strlen(text) != len || entry_read(&v->rows, text, &e))
        verify_fault(v, number, "the entry is not in canonical form");
    else if (!columns_match(v, &e, row))
        verify_fault(v, number, "a column beside the entry was changed");
    else if (v->is_linked && number == v->number + 1 && strcmp(e.prev, v->prev) != 0)
        verify_fault(v, number, "the entry does not follow the one before");
    else
        TRY(verify_payload(v, &e, row));
    v->number = number;
    v->is_linked = doc_kind(bytes) == DOC_TEXT;   /* the key of a row that nothing leads to any more: what follows it cannot be held against it */
    memcpy(v->prev, computed, sizeof v->prev);
    return NULL;
}

/* After a failure nothing but a new transaction is taken. */
static struct err *verify_again(struct verify *v)
{
    db_rollback(v->db);
    return db_begin(v->db, v->arena, DB_READ);
}

static struct err *stretch_read(struct verify *v, int64_t most, struct doc **ret_rows)
{
    return db_rows(v->db, &v->rows, &sql_journal_read, PARAMS(P_INT("log", v->log), P_INT("after", v->after), P_INT("most", most)), ret_rows);
}

/* A stretch that cannot be read is read again row by row, so that the one that is damaged is named and the others are looked at. */
static struct err *verify_stretch(struct verify *v, size_t *ret_count)
{
    struct doc *rows = NULL;
    struct err *e = stretch_read(v, v->careful ? 1 : STRETCH, &rows);
    if (e && e->code != ERR_INTERNAL)
        return e;
    *ret_count = e ? 1 : doc_count(rows);
    if (e)
        TRY(verify_again(v));
    if (e && v->careful) {
        v->after = ++v->number;
        verify_fault(v, v->number, "the row cannot be read: the database is damaged here");
        v->is_linked = false;
    }
    v->careful = v->careful ? v->careful - 1 : e ? STRETCH : 0;
    for (size_t i = 0; i < doc_count(rows); i++)
        TRY(verify_row(v, doc_at(rows, i)));
    return NULL;
}

static struct err *verify_head(struct verify *v)
{
    struct doc *head = NULL;
    const char *hash = "";
    struct err *e = db_row(v->db, &v->rows, &sql_journal_head_read, PARAMS(P_INT("log", v->log)), &head);
    if (e && e->code != ERR_INTERNAL)
        return e;
    if (e)
        TRY(verify_again(v));
    int64_t size = doc_int_of(head, "size");
    if (e)
        verify_fault(v, v->number, "the head of the log cannot be read: the database is damaged here");
    else if (size > v->number)
        verify_fault(v, v->number + 1, "the entry is missing");
    else if (size < v->number)
        verify_fault(v, v->number, "an entry behind the head of the log");
    else if (v->is_linked && (!hex_of(v, head, "hash", &hash) || strcmp(hash, v->prev) != 0))
        verify_fault(v, v->number, "the head of the log does not agree with its last entry");
    return NULL;
}

static struct err *verify_strays(struct verify *v)
{
    struct doc *stray = NULL;
    struct err *e = db_rows(v->db, &v->rows, &sql_journal_stray, PARAMS(P_INT("log", v->log)), &stray);
    if (e && e->code != ERR_INTERNAL)
        return e;
    for (size_t i = 0; i < doc_count(stray); i++)
        verify_fault(v, doc_int_of(doc_at(stray, i), "number"), "a payload without an entry");
    return e ? verify_again(v) : NULL;   /* what of the payloads cannot be read was met beside its entry */
}

static struct err *verify_log(struct verify *v, int64_t log)
{
    v->log = log;
    v->number = 0;
    v->after = INT64_MIN;
    v->is_linked = true;
    memset(v->prev, '0', sizeof v->prev - 1);
    for (size_t count = 1; count && doc_count(v->faults) < FAULTS_MOST;) {
        TRY(verify_stretch(v, &count));
        arena_reset(&v->rows);
    }
    TRY(verify_head(v));
    return verify_strays(v);
}

static struct err *verify_logs(struct verify *v, const struct query *logs_query)
{
    int64_t after = INT64_MIN;
    v->entries = v->logs = 0;
    for (size_t count = 1; count;) {
        struct doc *logs = NULL;
        TRY(db_rows(v->db, v->arena, logs_query, PARAMS(P_INT("after", after)), &logs));
        count = doc_count(logs);
        for (size_t i = 0; i < count; i++) {
            after = doc_int_of(doc_at(logs, i), "org_id");
            TRY(verify_log(v, after));
            v->logs++;
        }
    }
    return NULL;
}

/* Every log that left anything; where heads or payloads are so damaged that they cannot be told, those that have entries. */
static struct err *verify_all(struct verify *v)
{
    struct err *e = verify_logs(v, &sql_journal_logs);
    if (!e || e->code != ERR_INTERNAL)
        return e;
    TRY(verify_again(v));
    verify_fault(v, v->number + 1, "heads or payloads cannot be read: the database is damaged");
    return verify_logs(v, &sql_journal_logs_written);
}

struct err *journal_verify(struct arena *a, struct db *db, struct doc **ret_report)
{
    struct verify v = { .arena = a, .db = db, .faults = doc_list(a) };
    arena_init(&v.rows, (size_t)256 * 1024 * 1024);
    struct err *e = db_begin(db, a, DB_READ);
    if (!e)
        e = verify_all(&v);
    db_rollback(db);
    if (e && e->code == ERR_INTERNAL) {   /* what leads to the rows is damaged: say where the walk stood */
        verify_fault(&v, v.number + 1, "the database cannot be read here: it is damaged");
        e = NULL;
    }
    if (e)
        e = err_new(a, e->code, e->where, "%s", e->detail);   /* its words lie in what is given back now */
    arena_free(&v.rows);
    TRY(e);
    struct doc *report = doc_map(a);
    doc_set_int(report, "entries", v.entries);
    doc_set_int(report, "logs", v.logs);
    doc_set(report, "faults", v.faults);
    *ret_report = report;
    return NULL;
}
