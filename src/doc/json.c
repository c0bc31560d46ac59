#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "doc/doc.h"

enum { DEPTH_MAX = 64 };

static const unsigned char is_special[256] = {
    [0 ... 0x1f] = 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0x7f] = 1,
    [0xe2] = 1,   /* U+2028 and U+2029 end a line in old JavaScript */
};

/* Writes what stands at `at`, escaped where it must be; returns its bytes. */
static size_t special_write(struct buf *out, const char *at, size_t left)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char ch = (unsigned char)*at;
    if (ch == 0xe2) {
        bool is_line_end = left >= 3 && (unsigned char)at[1] == 0x80 && ((unsigned char)at[2] & 0xfe) == 0xa8;
        if (!is_line_end) {
            buf_char(out, *at);
            return 1;
        }
        buf_text(out, (unsigned char)at[2] == 0xa8 ? "\\u2028" : "\\u2029");
        return 3;
    }
    if (ch == '"' || ch == '\\')
        buf_add(out, (char[]){ '\\', *at }, 2);
    else if (ch == '\n')
        buf_add(out, "\\n", 2);
    else
        buf_add(out, (char[]){ '\\', 'u', '0', '0', hex[ch >> 4], hex[ch & 15] }, 6);
    return 1;
}

/* Most texts have nothing special in them: then it is one copy. */
static void text_write(struct buf *out, const char *text, size_t len)
{
    const char *end = text + len, *from = text, *at = text;
    buf_char(out, '"');
    for (;;) {
        while (at < end && !is_special[(unsigned char)*at])
            at++;
        buf_add(out, from, (size_t)(at - from));
        if (at == end)
            break;
        at += special_write(out, at, (size_t)(end - at));
        from = at;
    }
    buf_char(out, '"');
}

/* Keys are names of columns: plain, unless a stranger's JSON was read. */
static void key_write(struct buf *out, const char *key, bool is_first)
{
    size_t len = 0;
    while (key[len] && !is_special[(unsigned char)key[len]])
        len++;
    if (!is_first)
        buf_char(out, ',');
    if (key[len] || !buf_room(out, len + 3)) {
        text_write(out, key, strlen(key));
        buf_char(out, ':');
        return;
    }
    char *at = out->data + out->len;
    *at = '"';
    memcpy(at + 1, key, len);
    memcpy(at + 1 + len, "\":", 3);
    out->len += len + 3;
}

static bool is_id(const char *key)
{
    size_t len = strlen(key);
    return strcmp(key, "id") == 0 || (len > 3 && strcmp(key + len - 3, "_id") == 0);
}

static void map_write(struct buf *out, const struct doc *map)
{
    buf_char(out, '{');
    for (size_t i = 0; i < doc_count(map); i++) {
        const char *key = doc_key_at(map, i);
        const struct doc *value = doc_at(map, i);
        key_write(out, key, i == 0);
        bool is_quoted = doc_kind(value) == DOC_INT && is_id(key);
        if (is_quoted)
            buf_char(out, '"');
        doc_json(value, out);
        if (is_quoted)
            buf_char(out, '"');
    }
    buf_char(out, '}');
}

static void list_write(struct buf *out, const struct doc *list)
{
    buf_char(out, '[');
    for (size_t i = 0; i < doc_count(list); i++) {
        if (i)
            buf_char(out, ',');
        doc_json(doc_at(list, i), out);
    }
    buf_char(out, ']');
}

void doc_json(const struct doc *value, struct buf *out)
{
    switch (doc_kind(value)) {
    case DOC_NULL: buf_add(out, "null", 4); break;
    case DOC_BOOL: buf_text(out, doc_as_bool(value) ? "true" : "false"); break;
    case DOC_INT: buf_int(out, doc_as_int(value)); break;
    case DOC_TEXT: text_write(out, doc_as_text(value), doc_text_len(value)); break;
    case DOC_LIST: list_write(out, value); break;
    case DOC_MAP: map_write(out, value); break;
    }
}

struct reading { struct arena *a; bool takes_reals; };

static struct err *value_read(const struct reading *r, json_t *json, int depth, struct doc **ret_value);

static struct err *map_read(const struct reading *r, json_t *json, int depth, struct doc **ret_value)
{
    struct doc *map = doc_map(r->a);
    const char *key;
    json_t *item;
    json_object_foreach(json, key, item) {
        struct doc *value = NULL;
        TRY(value_read(r, item, depth, &value));
        doc_set(map, arena_text(r->a, key), value);
    }
    *ret_value = map;
    return NULL;
}

static struct err *list_read(const struct reading *r, json_t *json, int depth, struct doc **ret_value)
{
    struct doc *list = doc_list(r->a);
    for (size_t i = 0; i < json_array_size(json); i++) {
        struct doc *value = NULL;
        TRY(value_read(r, json_array_get(json, i), depth, &value));
        doc_push(list, value);
    }
    *ret_value = list;
    return NULL;
}

/* The shortest text that reads back as the same number. */
static struct err *real_read(const struct reading *r, double number, struct doc **ret_value)
{
    char text[40] = "";
    if (!r->takes_reals)
        return ERR(r->a, ERR_BAD, "JSON: a number with a fraction or an exponent");
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    *ret_value = doc_text(r->a, text);
    return NULL;
}

static struct err *value_read(const struct reading *r, json_t *json, int depth, struct doc **ret_value)
{
    if (depth >= DEPTH_MAX)
        return ERR(r->a, ERR_BAD, "JSON: more than %d levels", DEPTH_MAX);
    switch (json_typeof(json)) {
    case JSON_OBJECT: return map_read(r, json, depth + 1, ret_value);
    case JSON_ARRAY: return list_read(r, json, depth + 1, ret_value);
    case JSON_STRING: *ret_value = doc_text(r->a, json_string_value(json)); return NULL;
    case JSON_INTEGER: *ret_value = doc_int(r->a, json_integer_value(json)); return NULL;
    case JSON_REAL: return real_read(r, json_real_value(json), ret_value);
    case JSON_TRUE:
    case JSON_FALSE: *ret_value = doc_bool(json_is_true(json)); return NULL;
    case JSON_NULL: *ret_value = doc_text(r->a, NULL); return NULL;
    }
    return ERR(r->a, ERR_INTERNAL, "JSON: an unknown kind of value");
}

static struct err *json_read(const struct reading *r, const char *json, size_t len, struct doc **ret_value)
{
    json_error_t why;
    json_t *tree = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!tree)
        return ERR(r->a, ERR_BAD, "JSON, line %d: %s", why.line, why.text);
    struct err *e = value_read(r, tree, 0, ret_value);
    json_decref(tree);
    return e;
}

struct err *doc_read_json(struct arena *a, const char *json, size_t len, struct doc **ret_value)
{
    return json_read(&(struct reading){ a, false }, json, len, ret_value);
}

struct err *doc_read_json_any(struct arena *a, const char *json, size_t len, struct doc **ret_value)
{
    return json_read(&(struct reading){ a, true }, json, len, ret_value);
}
