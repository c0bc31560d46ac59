#include "mandate/entry.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/text.h"

/* As RFC 8785 writes strings: only what must be escaped is, by one letter where there is one. */
static void entry_string(struct buf *out, const char *key, const char *text)
{
    static const char letters[0x20] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
    buf_printf(out, ",\"%s\":\"", key);
    for (const char *p = text; *p; p++) {
        unsigned char byte = (unsigned char)*p;
        if (byte == '"' || byte == '\\')
            buf_printf(out, "\\%c", byte);
        else if (byte < 0x20 && letters[byte])
            buf_printf(out, "\\%c", letters[byte]);
        else if (byte < 0x20)
            buf_printf(out, "\\u%04x", byte);
        else
            buf_char(out, *p);
    }
    buf_char(out, '"');
}

static void entry_thing(struct buf *out, const char *key, const char *kind, int64_t id)
{
    if (id)
        buf_printf(out, ",\"%s\":\"%s:%" PRId64 "\"", key, kind, id);
    else
        buf_printf(out, ",\"%s\":\"%s\"", key, kind);
}

void entry_bytes(const struct entry *e, struct buf *out)
{
    buf_printf(out, "{\"v\":1,\"log\":\"%" PRId64 "\",\"n\":%" PRId64 ",\"at\":\"%s\"", e->log, e->number, clock_iso(out->arena, e->at_ms));
    entry_thing(out, "actor", e->person_id ? "person" : "server", e->person_id);
    entry_thing(out, "for", e->for_client_id ? "client" : "", e->for_client_id);
    entry_thing(out, "mandate", e->mandate_id ? "mandate" : "", e->mandate_id);
    entry_string(out, "reason", e->reason);
    entry_string(out, "action", e->action);
    entry_thing(out, "object", e->object_kind, e->object_id);
    entry_string(out, "outcome", e->outcome);
    entry_string(out, "prev", e->prev);
    entry_string(out, "payload", e->payload);
    buf_char(out, '}');
}

void entry_hash(unsigned char ret_hash[SECRET_HASH], const char *bytes, size_t len)
{
    secret_sha256_two(ret_hash, "", 1, bytes, len);   /* the literal's own NUL is the 0x00 of a leaf */
}

/* "ticket:12" → kind and id; "" and "server" have none. */
static void thing_read(struct arena *a, const char *text, const char **ret_kind, int64_t *ret_id)
{
    const char *colon = strchr(text, ':');
    *ret_id = 0;
    *ret_kind = text;
    if (colon && text_int(colon + 1, ret_id))
        *ret_kind = arena_copy(a, text, (size_t)(colon - text));
}

static bool time_read(const char *text, int64_t *ret_ms)
{
    struct tm when = { 0 };
    int ms = 0, end = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &when.tm_year, &when.tm_mon, &when.tm_mday, &when.tm_hour, &when.tm_min,
            &when.tm_sec, &ms, &end) != 7 || text[end])
        return false;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    *ret_ms = (int64_t)timegm(&when) * 1000 + ms;
    return true;
}

struct err *entry_read(struct arena *a, const char *bytes, struct entry *ret_entry)
{
    struct doc *doc = NULL;
    size_t len = strlen(bytes);
    if (doc_read_json(a, bytes, len, &doc))
        return ERR(a, ERR_INVALID, "not JSON");
    struct entry e = { .reason = doc_text_of(doc, "reason"), .action = doc_text_of(doc, "action"), .outcome = doc_text_of(doc, "outcome"),
        .prev = doc_text_of(doc, "prev"), .payload = doc_text_of(doc, "payload"), .number = doc_int_of(doc, "n") };
    const char *word = "";
    if (!text_int(doc_text_of(doc, "log"), &e.log) || !time_read(doc_text_of(doc, "at"), &e.at_ms))
        return ERR(a, ERR_INVALID, "log or time cannot be read");
    thing_read(a, doc_text_of(doc, "actor"), &word, &e.person_id);
    thing_read(a, doc_text_of(doc, "for"), &word, &e.for_client_id);
    thing_read(a, doc_text_of(doc, "mandate"), &word, &e.mandate_id);
    thing_read(a, doc_text_of(doc, "object"), &e.object_kind, &e.object_id);
    struct buf again;
    buf_init(&again, a, ENTRY_MOST);
    entry_bytes(&e, &again);
    if (again.len != len || memcmp(again.data, bytes, len) != 0)
        return ERR(a, ERR_INVALID, "not in canonical form");
    *ret_entry = e;
    return NULL;
}
