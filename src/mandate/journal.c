#include "mandate/journal.h"
#include <string.h>
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "mandate/entry.h"
#include "mandate/queries.h"

void journal_object(struct ctx *c, const char *kind, int64_t id)
{
    c->journal.object_kind = kind;
    c->journal.object_id = id;
}

static struct doc *journal_payload(struct ctx *c)
{
    if (!c->journal.payload)
        c->journal.payload = doc_map(c->arena);
    return c->journal.payload;
}

void journal_text(struct ctx *c, const char *key, const char *text) { doc_set_text(journal_payload(c), key, text); }
void journal_number(struct ctx *c, const char *key, int64_t number) { doc_set_int(journal_payload(c), key, number); }
void journal_skip(struct ctx *c) { c->journal.is_wanted = false; }

/* The payload and its salt; the salt keeps a short payload from being guessed from its hash after it was erased. */
static struct err *payload_write(struct ctx *c, struct entry *entry)
{
    const struct doc *payload = c->journal.payload;
    if (!payload || !doc_count(payload))
        return NULL;
    struct buf json;
    buf_init(&json, c->arena, 64 * 1024);
    doc_json(payload, &json);
    unsigned char salt[ENTRY_SALT], hash[SECRET_HASH];
    secret_random(salt, sizeof salt);
    if (json.is_full)   /* never cut: what is hashed is what was said */
        return ERR(c->arena, ERR_INTERNAL, "the payload of %s is over its ceiling", entry->action);
    const char *text = buf_end(&json);
    secret_sha256_two(hash, salt, sizeof salt, text, json.len);
    entry->payload = text_hex(c->arena, hash, sizeof hash);
    return ctx_run(c, &sql_journal_payload_insert, PARAMS(P_INT("log", entry->log), P_INT("number", entry->number),
        P_BYTES("salt", salt, sizeof salt), P_TEXT("payload", text)));
}

/* The log's head, locked; made where the log is new. */
static struct err *head_take(struct ctx *c, int64_t log, struct entry *entry)
{
    static const unsigned char zero[SECRET_HASH];
    struct doc *head = NULL;
    const struct param *of_log = PARAMS(P_INT("log", log), P_BYTES("zero", zero, sizeof zero));
    TRY(ctx_maybe(c, &sql_journal_head_take, of_log, &head));
    if (!head) {
        TRY(ctx_run_any(c, &sql_journal_head_make, of_log, NULL));
        TRY(ctx_row(c, &sql_journal_head_take, of_log, &head));
    }
    unsigned char *prev = NULL;
    size_t len = 0;
    if (!text_base64url_read(c->arena, doc_text_of(head, "hash"), &prev, &len) || len != SECRET_HASH)
        return ERR(c->arena, ERR_INTERNAL, "the head of log %lld is no hash", (long long)log);
    entry->number = doc_int_of(head, "size");
    entry->prev = text_hex(c->arena, prev, len);
    return NULL;
}

static void entry_from(struct ctx *c, int64_t log, struct entry *entry)
{
    const struct journal_draft *draft = &c->journal;
    entry->log = log;
    entry->at_ms = c->now_ms;
    entry->person_id = c->who.person_id;
    entry->for_client_id = draft->on_behalf_client_id ? draft->on_behalf_client_id : c->who.client_id;
    entry->mandate_id = c->who.mandate_id;
    entry->reason = draft->reason ? draft->reason : c->who.support_id ? c->who.support_reason : "";
    entry->action = draft->action;
    entry->object_kind = draft->object_kind ? draft->object_kind : "";
    entry->object_id = draft->object_id;
    entry->outcome = draft->outcome ? draft->outcome : "done";
    entry->payload = "";
}

/* One entry at the end of a log: its payload, its bytes, the new head. ret_entry is complete afterwards; ret_hash is its own. */
static struct err *entry_write(struct ctx *c, int64_t log, struct entry *ret_entry, unsigned char ret_hash[SECRET_HASH])
{
    struct entry entry = { 0 };
    entry_from(c, log, &entry);
    TRY(head_take(c, log, &entry));
    TRY(payload_write(c, &entry));
    struct buf bytes;
    buf_init(&bytes, c->arena, ENTRY_MOST);
    entry_bytes(&entry, &bytes);
    if (bytes.is_full)
        return ERR(c->arena, ERR_INTERNAL, "the entry of %s is over its ceiling", entry.action);
    entry_hash(ret_hash, buf_end(&bytes), bytes.len);
    TRY(ctx_run(c, &sql_journal_insert, PARAMS(P_INT("log", log), P_INT("number", entry.number), P_INT("at", entry.at_ms),
        P_TEXT("action", entry.action), P_TEXT("object_kind", entry.object_kind), P_INT("object_id", entry.object_id),
        P_INT("mandate_id", entry.mandate_id), P_TEXT("entry", buf_end(&bytes)), P_BYTES("hash", ret_hash, SECRET_HASH))));
    *ret_entry = entry;
    return ctx_run(c, &sql_journal_head_put, PARAMS(P_INT("log", log), P_BYTES("hash", ret_hash, SECRET_HASH)));
}

/* An entry in another log, which cites one: number, log and hash. */
static struct err *cite_write(struct ctx *c, int64_t log, const struct journal_draft *draft, const struct entry *cited, const unsigned char hash[SECRET_HASH], int64_t *ret_number)
{
    struct journal_draft kept = c->journal;
    unsigned char own[SECRET_HASH];
    struct entry entry = { 0 };
    c->journal = *draft;
    journal_object(c, "entry", cited->number);
    journal_number(c, "log", cited->log);
    journal_text(c, "hash", text_hex(c->arena, hash, SECRET_HASH));
    struct err *e = entry_write(c, log, &entry, own);
    c->journal = kept;
    *ret_number = entry.number;
    return e;
}

struct err *journal_write(struct ctx *c)
{
    unsigned char hash[SECRET_HASH];
    struct entry entry = { 0 };
    if (!c->journal.is_wanted)
        return NULL;
    if (c->who.support_id) {     /* both names stand on the line (S-12) */
        journal_text(c, "by", c->who.person_name);
        journal_text(c, "of", c->who.partner_name);
        journal_number(c, "support_session", c->who.support_id);
    }
    TRY(entry_write(c, c->who.org_id, &entry, hash));
    if (!c->who.support_id)
        return NULL;
    /* An act of support stands in the partner's log as well; which session it was, beside both. */
    const struct journal_draft there = { .action = c->journal.action, .outcome = c->journal.outcome, .is_wanted = true };
    int64_t there_number = 0;
    TRY(cite_write(c, c->who.partner_id, &there, &entry, hash, &there_number));
    return ctx_run(c, &sql_support_act_add, PARAMS(P_INT("support_id", c->who.support_id), P_INT("number", entry.number), P_INT("partner_number", there_number),
        P_TEXT("remote", c->journal.remote ? c->journal.remote : "")));
}

struct err *journal_write_cited(struct ctx *c, int64_t org_id, const char *action, const char *reason, int64_t *ret_number)
{
    unsigned char hash[SECRET_HASH];
    struct entry entry = { 0 };
    TRY(entry_write(c, c->who.org_id, &entry, hash));
    *ret_number = entry.number;
    journal_skip(c);
    const struct journal_draft there = { .action = action, .reason = reason, .is_wanted = true };
    int64_t there_number = 0;
    return org_id == c->who.org_id ? NULL : cite_write(c, org_id, &there, &entry, hash, &there_number);
}

struct err *journal_write_at(struct ctx *c, int64_t org_id, const struct journal_draft *draft)
{
    struct journal_draft kept = c->journal;
    unsigned char hash[SECRET_HASH];
    struct entry entry = { 0 };
    c->journal = *draft;
    struct err *e = entry_write(c, org_id, &entry, hash);
    c->journal = kept;
    return e;
}

struct err *journal_erase(struct ctx *c, int64_t org_id, int64_t number)
{
    TRY(ctx_run(c, &sql_journal_payload_delete, PARAMS(P_INT("log", org_id), P_INT("number", number))));
    struct journal_draft kept = c->journal;
    struct authority who = c->who;
    c->journal = (struct journal_draft){ .action = "journal_erase", .object_kind = "journal", .object_id = number, .is_wanted = true };
    c->who.org_id = org_id;
    struct err *e = journal_write(c);
    c->journal = kept;
    c->who = who;
    return e;
}
