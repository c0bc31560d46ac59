/* Small partials are put into the templates that name them, so that the walk of a row stays in one array and remembers
   each name once. Left as they are: those with places to fill ({{$name}}, {{<name}}: blocks are looked for by the
   template they stand in), those in texts (their lines are indented where they are named), large ones (the walk of one is
   dearer than the way to it), and a template within itself. */
#include <string.h>
#include "tpl/node.h"

enum { MERGE_MOST = 60, NAMES = 64 };

static bool has_places(const struct template *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->nodes[i].kind == NODE_BLOCK || t->nodes[i].kind == NODE_PARENT)
            return true;
    return false;
}

static bool can_merge(const struct template *t, const struct node *node)
{
    const struct template *partial = node->kind == NODE_PARTIAL ? node->target : NULL;
    return partial && partial->merge == MERGE_DONE && !t->with_lines && !partial->with_lines && partial->count <= MERGE_MOST && !has_places(partial);
}

static void partial_copy(struct node *to, const struct template *partial, uint32_t at)
{
    for (uint32_t i = 0; i < partial->count; i++) {
        to[i] = partial->nodes[i];
        to[i].end += to[i].end ? at : 0;
        to[i].middle += to[i].middle ? at : 0;
        if (to[i].kind != NODE_PARTIAL && !to[i].target)
            to[i].target = partial;
    }
}

static void nodes_merge(struct arena *a, struct template *t)
{
    uint32_t *places = ARENA_ARRAY(a, uint32_t, t->count + 1), count = 0;   /* where each node goes */
    for (uint32_t i = 0; i < t->count; i++) {
        places[i] = count;
        count += can_merge(t, &t->nodes[i]) ? t->nodes[i].target->count : 1;
    }
    places[t->count] = count;
    if (count == t->count)
        return;
    struct node *nodes = ARENA_ARRAY(a, struct node, count);
    for (uint32_t i = 0; i < t->count; i++) {
        struct node *to = &nodes[places[i]];
        if (can_merge(t, &t->nodes[i])) {
            partial_copy(to, t->nodes[i].target, places[i]);
            continue;
        }
        *to = t->nodes[i];
        to->end = to->end ? places[to->end] : 0;
        to->middle = to->middle ? places[to->middle] : 0;
    }
    t->nodes = nodes;
    t->count = count;
}

static size_t name_len(const struct node *node)
{
    size_t len = 0;
    for (int i = 0; i < node->parts; i++)
        len += strlen(node->text + len) + 1;
    return len;
}

/* What a rendering remembers is of a name, not of each place that asks for it (nearly: of those whose hash was not taken). */
static void names_share(struct template *t)
{
    const struct node *known[NAMES] = { NULL };
    t->slots = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        struct node *node = (struct node *)&t->nodes[i];   /* nobody else has seen it yet */
        if (!node->parts)
            continue;
        size_t len = name_len(node);
        uint32_t hash = 0;
        for (size_t at = 0; at < len; at++)
            hash = hash * 31 + (unsigned char)node->text[at];
        const struct node **same = &known[hash % NAMES];
        if (*same && (*same)->parts == node->parts && name_len(*same) == len && memcmp((*same)->text, node->text, len) == 0) {
            node->text = (*same)->text;
            node->slot = (*same)->slot;
            continue;
        }
        node->slot = t->slots;
        t->slots += node->parts;
        *same = node;
    }
}

void template_merge(struct arena *a, struct template *t)
{
    if (t->merge != MERGE_NONE)
        return;
    t->merge = MERGE_BEGUN;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->nodes[i].kind == NODE_PARTIAL && t->nodes[i].target)
            template_merge(a, (struct template *)t->nodes[i].target);
    nodes_merge(a, t);
    names_share(t);
    t->merge = MERGE_DONE;
}
