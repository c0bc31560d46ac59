#include "doc/inside.h"
#include <assert.h>
#include <string.h>

/* Nothing changes a value that is no list and no map, so these serve everybody. */
static struct doc null_value = { .kind = DOC_NULL };
static struct doc false_value = { .kind = DOC_BOOL, .number = 0 };
static struct doc true_value = { .kind = DOC_BOOL, .number = 1 };

enum { FIRST_SIZE = 16 };

static struct doc *container(struct arena *a, enum doc_kind kind)
{
    struct container *made = arena_raw(a, sizeof *made);
    *made = (struct container){ .doc.kind = kind, .arena = a };
    return &made->doc;
}

struct doc *doc_map(struct arena *a)
{
    return container(a, DOC_MAP);
}

struct doc *doc_list(struct arena *a)
{
    return container(a, DOC_LIST);
}

/* ---- Records ---- */

struct doc *doc_record(struct arena *a, const struct doc_keys *keys, size_t text_bytes)
{
    size_t fixed = sizeof(struct container) + keys->count * sizeof(struct doc);
    assert(text_bytes < UINT32_MAX);
    struct container *made = arena_raw(a, fixed + text_bytes);
    memset(made, 0, fixed);
    made->doc = (struct doc){ .kind = DOC_MAP, .count = (uint32_t)keys->count, .values = (struct doc *)(made + 1) };
    made->arena = a;
    made->keys = keys;
    made->room = (char *)made + fixed;
    made->size = made->text_bytes = (uint32_t)text_bytes;
    return &made->doc;
}

static struct doc *place(struct doc *record, size_t index)
{
    assert(container_of(record)->keys && index < record->count);
    return &record->values[index];
}

/* In the room behind the record, where there is any left. */
static const char *text_keep(struct container *own, const char *text, size_t len)
{
    if (len >= own->size) {
        own->text_bytes += (uint32_t)len + 1;
        return arena_copy(own->arena, text, len);
    }
    char *copy = own->room;
    own->room += len + 1;
    own->size -= (uint32_t)len + 1;
    if (len)
        memcpy(copy, text, len);
    copy[len] = 0;
    return copy;
}

void doc_put_text(struct doc *record, size_t index, const char *text, size_t len)
{
    assert(len < UINT32_MAX);
    *place(record, index) = (struct doc){ .kind = DOC_TEXT, .count = (uint32_t)len, .text = text_keep(container_of(record), text, len) };
}

size_t doc_record_text_bytes(const struct doc *record, size_t most)
{
    uint32_t bytes = container_of(record)->text_bytes;
    return bytes < most ? bytes : most;
}

void doc_put_int(struct doc *record, size_t index, int64_t number)
{
    *place(record, index) = (struct doc){ .kind = DOC_INT, .number = number };
}

void doc_put_bool(struct doc *record, size_t index, bool is_true)
{
    *place(record, index) = is_true ? true_value : false_value;
}

static const struct doc_keys *keys_of(const struct doc *map)
{
    return container_of(map)->keys;
}

static void record_open(struct doc *map)
{
    struct container *own = container_of(map);
    const struct doc_keys *keys = own->keys;
    struct doc *values = map->values;
    own->size = map->count + FIRST_SIZE / 2;
    own->keys = NULL;
    map->pairs = arena_raw(own->arena, own->size * sizeof *map->pairs);
    for (uint32_t i = 0; i < map->count; i++)
        map->pairs[i] = (struct pair){ keys->names[i], &values[i] };
}

/* ---- Values ---- */

/* The text stands right behind its value: one piece of memory, one cache line for most. */
struct doc *doc_textn(struct arena *a, const char *text, size_t len)
{
    assert(len < UINT32_MAX);
    struct doc *value = arena_raw(a, sizeof *value + len + 1);
    char *copy = (char *)(value + 1);
    if (len)
        memcpy(copy, text, len);
    copy[len] = 0;
    *value = (struct doc){ .kind = DOC_TEXT, .count = (uint32_t)len, .text = copy };
    return value;
}

struct doc *doc_text(struct arena *a, const char *text)
{
    return text ? doc_textn(a, text, strlen(text)) : &null_value;
}

struct doc *doc_int(struct arena *a, int64_t number)
{
    struct doc *value = arena_raw(a, sizeof *value);
    *value = (struct doc){ .kind = DOC_INT, .number = number };
    return value;
}

struct doc *doc_bool(bool is_true)
{
    return is_true ? &true_value : &false_value;
}

/* Room for one more; place_bytes: the size of a place. */
static void *grown(struct doc *value, void *places, size_t place_bytes)
{
    struct container *own = container_of(value);
    if (value->count < own->size)
        return places;
    uint32_t size = own->size ? own->size * 2 : FIRST_SIZE;
    assert(size > own->size);
    places = arena_room(own->arena, places, own->size * place_bytes, size * place_bytes);
    own->size = size;
    return places;
}

static bool is_key(const char *one, const char *key)
{
    return one == key || (*one == *key && strcmp(one, key) == 0);
}

/* The place of a key; count where it is not there. */
static uint32_t key_find(const struct doc *map, const char *key)
{
    const struct doc_keys *keys = keys_of(map);
    uint32_t i = 0;
    if (keys)
        while (i < map->count && !is_key(keys->names[i], key))
            i++;
    else
        while (i < map->count && !is_key(map->pairs[i].key, key))
            i++;
    return i;
}

void doc_set(struct doc *map, const char *key, struct doc *value)
{
    assert(map->kind == DOC_MAP);
    if (keys_of(map))
        record_open(map);
    value = value ? value : &null_value;
    uint32_t at = key_find(map, key);
    if (at < map->count) {
        map->pairs[at].value = value;
        return;
    }
    map->pairs = grown(map, map->pairs, sizeof *map->pairs);
    map->pairs[map->count++] = (struct pair){ key, value };
}

void doc_set_text(struct doc *map, const char *key, const char *text)
{
    doc_set(map, key, doc_text(container_of(map)->arena, text));
}

void doc_set_textn(struct doc *map, const char *key, const char *text, size_t len)
{
    doc_set(map, key, text ? doc_textn(container_of(map)->arena, text, len) : &null_value);
}

void doc_set_int(struct doc *map, const char *key, int64_t number)
{
    doc_set(map, key, doc_int(container_of(map)->arena, number));
}

void doc_set_bool(struct doc *map, const char *key, bool is_true)
{
    doc_set(map, key, doc_bool(is_true));
}

void doc_set_null(struct doc *map, const char *key)
{
    doc_set(map, key, &null_value);
}

void doc_push(struct doc *list, struct doc *value)
{
    assert(list->kind == DOC_LIST);
    list->items = grown(list, list->items, sizeof(struct doc *));
    list->items[list->count++] = value ? value : &null_value;
}

void doc_drop_last(struct doc *list)
{
    assert(list->kind == DOC_LIST);
    if (list->count)
        list->count--;
}

enum doc_kind doc_kind(const struct doc *value)
{
    return value ? (enum doc_kind)value->kind : DOC_NULL;
}

static struct doc *value_at(const struct doc *map, size_t index)
{
    return keys_of(map) ? &map->values[index] : map->pairs[index].value;
}

struct doc *doc_get_mut(struct doc *map, const char *key)
{
    if (!map || map->kind != DOC_MAP)
        return NULL;
    uint32_t at = key_find(map, key);
    return at < map->count ? value_at(map, at) : NULL;
}

const struct doc *doc_get(const struct doc *map, const char *key)
{
    return doc_get_mut((struct doc *)map, key);
}

const struct doc *doc_find_slow(const struct doc *map, const char *key, struct doc_hint *hint)
{
    uint32_t at = key_find(map, key);
    if (keys_of(map)) {
        hint->keys = keys_of(map);
        hint->place = at;
    } else if (at < map->count) {
        hint->key = map->pairs[at].key;
        hint->index = at;
    }
    return at < map->count ? value_at(map, at) : NULL;
}

size_t doc_count(const struct doc *list_or_map)
{
    enum doc_kind kind = doc_kind(list_or_map);
    return kind == DOC_LIST || kind == DOC_MAP ? list_or_map->count : 0;
}

struct doc *doc_at_mut(struct doc *list_or_map, size_t index)
{
    if (index >= doc_count(list_or_map))
        return NULL;
    return list_or_map->kind == DOC_LIST ? list_or_map->items[index] : value_at(list_or_map, index);
}

const struct doc *doc_at(const struct doc *list_or_map, size_t index)
{
    return doc_at_mut((struct doc *)list_or_map, index);
}

const char *doc_key_at(const struct doc *map, size_t index)
{
    if (doc_kind(map) != DOC_MAP || index >= map->count)
        return NULL;
    return keys_of(map) ? keys_of(map)->names[index] : map->pairs[index].key;
}

const char *doc_as_text(const struct doc *value)
{
    return doc_kind(value) == DOC_TEXT ? value->text : "";
}

size_t doc_text_len(const struct doc *value)
{
    return doc_kind(value) == DOC_TEXT ? value->count : 0;
}

int64_t doc_as_int(const struct doc *value)
{
    return doc_kind(value) == DOC_INT ? value->number : 0;
}

bool doc_as_bool(const struct doc *value)
{
    switch (doc_kind(value)) {
    case DOC_NULL: return false;
    case DOC_BOOL:
    case DOC_INT: return value->number != 0;
    case DOC_TEXT:
    case DOC_LIST: return value->count != 0;
    case DOC_MAP: return true;
    }
    return false;
}

const char *doc_text_of(const struct doc *map, const char *key)
{
    return doc_as_text(doc_get(map, key));
}

int64_t doc_int_of(const struct doc *map, const char *key)
{
    return doc_as_int(doc_get(map, key));
}

bool doc_bool_of(const struct doc *map, const char *key)
{
    return doc_as_bool(doc_get(map, key));
}

void doc_pick_texts(struct doc *map, const struct doc *from, const char *const *names)
{
    for (; *names; names++)
        doc_set_text(map, *names, doc_text_of(from, *names));
}

void doc_pick_ints(struct doc *map, const struct doc *from, const char *const *names)
{
    for (; *names; names++)
        doc_set_int(map, *names, doc_int_of(from, *names));
}
