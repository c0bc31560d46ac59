#include "doc/doc.h"
#include <assert.h>
#include <string.h>

struct pair { const char *key; struct doc *value; };

struct doc {
    uint32_t kind;
    uint32_t count;              /* of items, of pairs, of bytes of text */
    uint32_t size;               /* places held in items or pairs */
    struct arena *arena;         /* lists and maps: where they grow */
    union {
        int64_t number;          /* bool and integer */
        const char *text;
        struct doc **items;
        struct pair *pairs;
    };
};

/* Nothing changes a value that is no list and no map, so these serve everybody. */
static struct doc null_value = { .kind = DOC_NULL };
static struct doc false_value = { .kind = DOC_BOOL, .number = 0 };
static struct doc true_value = { .kind = DOC_BOOL, .number = 1 };

enum { FIRST_SIZE = 16 };

static struct doc *container(struct arena *a, enum doc_kind kind)
{
    struct doc *value = ARENA_NEW(a, struct doc);
    value->kind = kind;
    value->arena = a;
    return value;
}

struct doc *doc_map(struct arena *a)
{
    return container(a, DOC_MAP);
}

struct doc *doc_list(struct arena *a)
{
    return container(a, DOC_LIST);
}

struct doc *doc_record(struct arena *a, size_t keys)
{
    struct doc *value = arena_alloc(a, sizeof *value + keys * sizeof(struct pair));
    value->kind = DOC_MAP;
    value->arena = a;
    value->size = (uint32_t)keys;
    value->pairs = (struct pair *)(value + 1);
    return value;
}

/* The text stands right behind its value: one piece of memory, one cache line for most. */
struct doc *doc_textn(struct arena *a, const char *text, size_t len)
{
    assert(len < UINT32_MAX);
    struct doc *value = arena_alloc(a, sizeof *value + len + 1);
    char *copy = (char *)(value + 1);
    if (len)
        memcpy(copy, text, len);
    value->kind = DOC_TEXT;
    value->count = (uint32_t)len;
    value->text = copy;
    return value;
}

struct doc *doc_text(struct arena *a, const char *text)
{
    return text ? doc_textn(a, text, strlen(text)) : &null_value;
}

struct doc *doc_int(struct arena *a, int64_t number)
{
    struct doc *value = ARENA_NEW(a, struct doc);
    value->kind = DOC_INT;
    value->number = number;
    return value;
}

struct doc *doc_bool(bool is_true)
{
    return is_true ? &true_value : &false_value;
}

/* Room for one more; place_bytes: the size of a place. */
static void *grown(struct doc *value, void *places, size_t place_bytes)
{
    if (value->count < value->size)
        return places;
    uint32_t size = value->size ? value->size * 2 : FIRST_SIZE;
    assert(size > value->size);
    places = arena_grow(value->arena, places, value->size * place_bytes, size * place_bytes);
    value->size = size;
    return places;
}

static struct pair *pair_find(const struct doc *map, const char *key)
{
    struct pair *end = map->pairs + map->count;
    for (struct pair *pair = map->pairs; pair < end; pair++)
        if (pair->key == key || (*pair->key == *key && strcmp(pair->key, key) == 0))
            return pair;
    return NULL;
}

void doc_add(struct doc *map, const char *key, struct doc *value)
{
    assert(map->kind == DOC_MAP);
    map->pairs = grown(map, map->pairs, sizeof *map->pairs);
    map->pairs[map->count++] = (struct pair){ key, value ? value : &null_value };
}

void doc_set(struct doc *map, const char *key, struct doc *value)
{
    assert(map->kind == DOC_MAP);
    value = value ? value : &null_value;
    struct pair *pair = pair_find(map, key);
    if (pair) {
        pair->value = value;
        return;
    }
    map->pairs = grown(map, map->pairs, sizeof *map->pairs);
    map->pairs[map->count++] = (struct pair){ key, value };
}

void doc_set_text(struct doc *map, const char *key, const char *text)
{
    doc_set(map, key, doc_text(map->arena, text));
}

void doc_set_textn(struct doc *map, const char *key, const char *text, size_t len)
{
    doc_set(map, key, text ? doc_textn(map->arena, text, len) : &null_value);
}

void doc_set_int(struct doc *map, const char *key, int64_t number)
{
    doc_set(map, key, doc_int(map->arena, number));
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

struct doc *doc_get_mut(struct doc *map, const char *key)
{
    if (!map || map->kind != DOC_MAP)
        return NULL;
    struct pair *pair = pair_find(map, key);
    return pair ? pair->value : NULL;
}

const struct doc *doc_get(const struct doc *map, const char *key)
{
    return doc_get_mut((struct doc *)map, key);
}

const struct doc *doc_find(const struct doc *map, const char *key, struct doc_hint *hint)
{
    if (!map || map->kind != DOC_MAP)
        return NULL;
    if (hint->index < map->count && map->pairs[hint->index].key == hint->key)
        return map->pairs[hint->index].value;
    struct pair *pair = pair_find(map, key);
    if (!pair)
        return NULL;
    *hint = (struct doc_hint){ pair->key, (size_t)(pair - map->pairs) };
    return pair->value;
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
    return list_or_map->kind == DOC_LIST ? list_or_map->items[index] : list_or_map->pairs[index].value;
}

const struct doc *doc_at(const struct doc *list_or_map, size_t index)
{
    return doc_at_mut((struct doc *)list_or_map, index);
}

const char *doc_key_at(const struct doc *map, size_t index)
{
    return doc_kind(map) == DOC_MAP && index < map->count ? map->pairs[index].key : NULL;
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
