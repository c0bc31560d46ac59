#pragma once
/* How a value lies in memory: for this folder, and for the walk of the templates, which asks for names thousands of times a page.
   Nobody else includes this. */
#include "doc/doc.h"

struct pair { const char *key; struct doc *value; };

struct doc {
    uint32_t kind;
    uint32_t count;              /* of items, of pairs, of values, of bytes of text */
    union {
        int64_t number;          /* bool and integer */
        const char *text;
        struct doc **items;
        struct pair *pairs;
        struct doc *values;      /* of a record */
    };
};

/* What a list or a map begins with. A record is a map whose keys are shared with others of its kind and whose values stand in
   a row behind it; it becomes an ordinary map where something is set in it later. */
struct container {
    struct doc doc;
    struct arena *arena;         /* where it grows */
    const struct doc_keys *keys; /* of a record; else NULL */
    uint32_t size;               /* places held in items or pairs; of a record: bytes left for texts … */
    uint32_t text_bytes;         /* of a record: the room it was made with, and what was too much for it */
    char *room;                  /* where the next text goes */
};

static inline struct container *container_of(const struct doc *list_or_map)
{
    return (struct container *)(uintptr_t)list_or_map;
}

/* Where a key was last: its place in records of these keys (their count: it is not there), its index in a map. */
struct doc_hint { const struct doc_keys *keys; const char *key; uint32_t place, index; };

const struct doc *doc_find_slow(const struct doc *map, const char *key, struct doc_hint *hint);

/* The value of a key with a memory of where it was last, or that records of this kind do not have it. One hint serves one key. */
static inline const struct doc *doc_find(const struct doc *map, const char *key, struct doc_hint *hint)
{
    if (!map || map->kind != DOC_MAP)
        return NULL;
    const struct doc_keys *keys = container_of(map)->keys;
    if (keys && keys == hint->keys)
        return hint->place < map->count ? &map->values[hint->place] : NULL;
    if (!keys && hint->index < map->count && map->pairs[hint->index].key == hint->key)
        return map->pairs[hint->index].value;
    return doc_find_slow(map, key, hint);
}
