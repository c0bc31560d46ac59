/* The walk: nodes in order, a stack of contexts, no memory but for what is remembered of names and the text itself. */
#include <string.h>
#include "base/text.h"
#include "doc/inside.h"
#include "tpl/filter.h"
#include "tpl/node.h"

/* What a {{<parent}} brings along: the blocks between its node and its end. */
struct frame { const struct template *t; uint32_t from, to; const struct frame *outer; };

/* What is remembered of a name: where it was in records and maps, and what it was where it lies further out than the record the walk stands in (the
   rows of a list ask for the same things of the page). That holds as long as the record has the same keys and what lies under it is the same. */
struct slot { struct doc_hint hint; const struct doc_keys *keys; const struct doc *value; uint32_t under; };

struct walk {
    const struct tpl_set *set;
    const char *lang;
    struct buf *out;
    struct format format;
    bool is_html;
    const struct doc *stack[TPL_DEPTH_MAX];
    uint32_t stamps[TPL_DEPTH_MAX];   /* no two pushes have the same: one that is still there has all below it as it was */
    uint32_t pushes;
    int depth;
    int partials;
    const struct frame *frames;
    const char *indent;
    struct slot **slots;           /* of each template, made when it is first used */
    uint32_t steps;
};

#define RENDER_ERR(w, t, node, format, ...) ERR((w)->out->arena, ERR_INTERNAL, "%s:%u: " format, file_of((t), (node)), (node)->line __VA_OPT__(, ) __VA_ARGS__)

static struct err *walk_nodes(struct walk *w, const struct template *t, uint32_t from, uint32_t to);

/* The file that a node's line is of. */
static const char *file_of(const struct template *t, const struct node *node)
{
    bool is_merged = node->target && node->kind != NODE_PARTIAL && node->kind != NODE_PARENT;
    return is_merged ? node->target->name : t->name;
}

__attribute__((noinline)) static void slots_make(struct walk *w, const struct template *t)
{
    w->slots[t->index] = ARENA_ARRAY(w->out->arena, struct slot, t->slots);
}

static inline struct slot *slot_of(struct walk *w, const struct template *t, const struct node *node)
{
    if (!w->slots[t->index])
        slots_make(w, t);
    return &w->slots[t->index][node->slot];
}

/* Of a record; else NULL. */
static inline const struct doc_keys *keys_of(const struct doc *value)
{
    return value && value->kind == DOC_MAP ? container_of(value)->keys : NULL;
}

static const char *next_part(const char *part)
{
    return part + strlen(part) + 1;
}

/* A part of a map by name; of a list by number, so that {{#tickets.0}} says "where there are any". */
static const struct doc *part_of(const struct doc *value, const char *part, struct doc_hint *hint)
{
    int64_t index = 0;
    if (doc_kind(value) == DOC_LIST && text_int(part, &index) && index >= 0)
        return doc_at(value, (size_t)index);
    return doc_find(value, part, hint);
}

/* The rest of a dotted name is looked for in what the first part gave, nowhere else. A null on the way is a null. */
static struct err *parts_find(struct walk *w, const struct template *t, const struct node *node, const struct doc *value, const struct doc **ret_value)
{
    const char *part = node->text;
    struct slot *slot = slot_of(w, t, node);
    for (int i = 1; i < node->parts; i++) {
        part = next_part(part);
        const struct doc *inner = part_of(value, part, &slot[i].hint);
        if (!inner && w->set->is_strict && doc_kind(value) != DOC_NULL && doc_kind(value) != DOC_LIST)
            return RENDER_ERR(w, t, node, "no document has %s (in %s)", part, node->text);
        value = inner;
    }
    *ret_value = value;
    return NULL;
}

static void slot_keep(struct walk *w, struct slot *slot, const struct doc *value)
{
    const struct doc_keys *keys = keys_of(w->stack[w->depth - 1]);
    if (keys && value)
        *slot = (struct slot){ slot->hint, keys, value, w->stamps[w->depth - 2] };
}

__attribute__((noinline)) static struct err *name_search(struct walk *w, const struct template *t, const struct node *node, const struct doc **ret_value)
{
    *ret_value = NULL;
    struct slot *slot = slot_of(w, t, node);
    const struct doc *value = NULL;
    int level = w->depth;
    while (level > 0 && !value)
        value = doc_find(w->stack[--level], node->text, &slot->hint);
    if (!value)
        return w->set->is_strict ? RENDER_ERR(w, t, node, "no document has %s", node->text) : NULL;
    if (node->parts == 1)
        *ret_value = value;
    else
        TRY(parts_find(w, t, node, value, ret_value));
    if (level < w->depth - 1)
        slot_keep(w, slot, *ret_value);
    return NULL;
}

/* Most names are a column of the row the walk stands in, where it was in the row before, or what the row before found further out. */
static inline struct err *name_find(struct walk *w, const struct template *t, const struct node *node, const struct doc **ret_value)
{
    const struct doc *top = w->stack[w->depth - 1];
    const struct slot *slots = w->slots[t->index];
    if (!node->parts) {
        *ret_value = top;
        return NULL;
    }
    const struct doc_keys *keys = slots ? keys_of(top) : NULL;
    if (keys && node->parts == 1 && keys == slots[node->slot].hint.keys && slots[node->slot].hint.place < top->count) {
        *ret_value = &top->values[slots[node->slot].hint.place];
        return NULL;
    }
    if (keys && keys == slots[node->slot].keys && w->depth > 1 && slots[node->slot].under == w->stamps[w->depth - 2]) {
        *ret_value = slots[node->slot].value;
        return NULL;
    }
    return name_search(w, t, node, ret_value);
}

static void plain_write(struct walk *w, const struct doc *value, bool is_html)
{
    switch (value ? value->kind : DOC_NULL) {
    case DOC_TEXT: text_write(w->out, value->text, value->count, is_html); break;
    case DOC_INT: buf_int(w->out, value->number); break;
    case DOC_BOOL: buf_text(w->out, value->number ? "true" : "false"); break;
    default: break;
    }
}

/* With a filter, or with what cannot be written as it is. */
static struct err *filtered_write(struct walk *w, const struct template *t, const struct node *node, const struct doc *value, bool is_html)
{
    if (node->filter == FILTER_LINES && w->is_html)
        is_html = true;   /* paragraphs are HTML; what is in them stays escaped */
    if (node->filter && filter_write(&w->format, (enum filter)node->filter, value, is_html, w->out))
        return NULL;
    if (w->set->is_strict)
        return RENDER_ERR(w, t, node, "%s is nothing that can be written%s%s", node->parts ? node->text : ".", node->filter ? " by the filter " : "",
                          filter_name((enum filter)node->filter));
    plain_write(w, value, is_html);
    return NULL;
}

static struct err *value_write(struct walk *w, const struct template *t, const struct node *node)
{
    const struct doc *value;
    bool is_html = w->is_html && node->kind == NODE_VALUE;
    TRY(name_find(w, t, node, &value));
    if (node->filter || doc_kind(value) >= DOC_LIST)
        return filtered_write(w, t, node, value, is_html);
    plain_write(w, value, is_html);
    return NULL;
}

static struct err *inside_walk(struct walk *w, const struct template *t, uint32_t at, const struct doc *value)
{
    const struct node *node = &t->nodes[at];
    if (w->depth == TPL_DEPTH_MAX)
        return RENDER_ERR(w, t, node, "more than %d sections inside each other", TPL_DEPTH_MAX);
    w->stamps[w->depth] = ++w->pushes;
    w->stack[w->depth++] = value;
    TRY(walk_nodes(w, t, at + 1, node->end));
    w->depth--;
    return NULL;
}

static struct err *section_walk(struct walk *w, const struct template *t, uint32_t at)
{
    const struct doc *value;
    TRY(name_find(w, t, &t->nodes[at], &value));
    if (doc_kind(value) != DOC_LIST)
        return doc_as_bool(value) ? inside_walk(w, t, at, value) : NULL;
    size_t count = doc_count(value);
    for (size_t i = 0; i < count; i++)
        TRY(inside_walk(w, t, at, doc_at(value, i)));
    return NULL;
}

static bool is_number_word(int64_t number, const char *word)
{
    char text[24] = "";
    struct buf digits = { .data = text, .size = sizeof text, .ceiling_bytes = sizeof text - 1 };
    buf_int(&digits, number);
    return strcmp(text, word) == 0;
}

static bool is_word(const struct doc *value, const struct node *node)
{
    switch (value ? value->kind : DOC_NULL) {
    case DOC_TEXT: return value->count == node->len && memcmp(value->text, node->word, node->len) == 0;
    case DOC_BOOL: return strcmp(value->number ? "true" : "false", node->word) == 0;
    case DOC_INT: return is_number_word(value->number, node->word);
    default: return false;
    }
}

/* name=a, name=b, name=c one behind the other: the value is looked up once. */
static struct err *chain_walk(struct walk *w, const struct template *t, uint32_t at, uint32_t *ret_next)
{
    const struct node *node = &t->nodes[at];
    const struct doc *value;
    TRY(name_find(w, t, node, &value));
    for (; node->goes_on; node = &t->nodes[node->end])
        if (is_word(value, node) == (node->kind == NODE_EQUAL))
            TRY(walk_nodes(w, t, (uint32_t)(node - t->nodes) + 1, node->end));
    bool is_in = is_word(value, node) == (node->kind == NODE_EQUAL);
    *ret_next = is_in ? (uint32_t)(node - t->nodes) + 1 : node->end;   /* what is inside the last is what comes next */
    return NULL;
}

__attribute__((noinline)) static struct err *plural_walk(struct walk *w, const struct template *t, uint32_t at)
{
    const struct node *node = &t->nodes[at];
    const struct doc *value;
    TRY(name_find(w, t, node, &value));
    int64_t number = doc_kind(value) == DOC_LIST ? (int64_t)doc_count(value) : doc_as_int(value);
    if (format_plural(w->lang, number) == 0)
        return walk_nodes(w, t, at + 1, node->middle);
    return walk_nodes(w, t, node->middle, node->end);
}

static const char *indent_more(struct walk *w, const char *more)
{
    if (!*more)
        return w->indent;
    return *w->indent ? arena_printf(w->out->arena, "%s%s", w->indent, more) : more;
}

__attribute__((noinline)) static struct err *partial_walk(struct walk *w, const struct template *t, const struct node *node)
{
    const char *indent = w->indent;
    if (!node->target)
        return NULL;
    if (w->partials == TPL_PARTIAL_MAX)
        return RENDER_ERR(w, t, node, "more than %d templates inside each other", TPL_PARTIAL_MAX);
    w->partials++;
    w->indent = indent_more(w, node->word);
    TRY(walk_nodes(w, node->target, 0, node->target->count));
    w->indent = indent;
    w->partials--;
    return NULL;
}

__attribute__((noinline)) static struct err *parent_walk(struct walk *w, const struct template *t, uint32_t at)
{
    const struct node *node = &t->nodes[at];
    struct frame frame = { t, at + 1, node->end, w->frames };
    w->frames = &frame;
    struct err *e = partial_walk(w, t, node);
    w->frames = frame.outer;
    return e;
}

static const struct node *frame_block(const struct frame *frame, const char *name)
{
    for (uint32_t i = frame->from; i < frame->to;) {
        const struct node *node = &frame->t->nodes[i];
        if (node->kind == NODE_BLOCK && strcmp(node->text, name) == 0)
            return node;
        i = node->end ? node->end : i + 1;
    }
    return NULL;
}

/* The outermost template has the last word; inside its block only those further out may speak again, so no block
   comes back to itself. */
__attribute__((noinline)) static struct err *block_walk(struct walk *w, const struct template *t, uint32_t at)
{
    const struct node *node = &t->nodes[at], *found = NULL;
    const struct frame *frames = w->frames, *winner = NULL;
    const char *indent = w->indent;
    for (const struct frame *frame = frames; frame; frame = frame->outer) {
        const struct node *block = frame_block(frame, node->text);
        if (block) {
            found = block;
            winner = frame;
        }
    }
    if (!found)
        return walk_nodes(w, t, at + 1, node->end);
    uint32_t from = (uint32_t)(found - winner->t->nodes) + 1;
    if (node->is_inline && from < found->end && winner->t->nodes[from].kind == NODE_LINE)
        from++;   /* it goes on in a line that has its indentation */
    w->frames = winner->outer;
    w->indent = indent_more(w, node->word);
    if (!node->is_inline && found->is_inline && from < found->end)
        buf_text(w->out, w->indent);   /* the place had a line of its own, its text starts in the middle of one */
    TRY(walk_nodes(w, winner->t, from, found->end));
    w->indent = indent;
    w->frames = frames;
    return NULL;
}

/* What holds other nodes, or stands for some; *ret_next: where to go on. */
static struct err *node_walk(struct walk *w, const struct template *t, uint32_t at, uint32_t *ret_next)
{
    const struct node *node = &t->nodes[at];
    const struct doc *value;
    *ret_next = node->end ? node->end : at + 1;
    switch ((enum node_kind)node->kind) {
    case NODE_SECTION: return section_walk(w, t, at);
    case NODE_INVERTED:
        TRY(name_find(w, t, node, &value));
        *ret_next = doc_as_bool(value) ? node->end : at + 1;   /* what is inside is what comes next */
        return NULL;
    case NODE_EQUAL:
    case NODE_UNEQUAL: return chain_walk(w, t, at, ret_next);
    case NODE_PLURAL: return plural_walk(w, t, at);
    case NODE_PARTIAL: return partial_walk(w, t, node);
    case NODE_PARENT: return parent_walk(w, t, at);
    case NODE_BLOCK: return block_walk(w, t, at);
    case NODE_TEXT:
    case NODE_VALUE:
    case NODE_RAW:
    case NODE_LINE: break;
    }
    return NULL;
}

/* The steps of a walk are counted by the nodes it may come to. */
static struct err *walk_nodes(struct walk *w, const struct template *t, uint32_t from, uint32_t to)
{
    w->steps += to - from;
    if (w->steps > TPL_STEPS_MAX)
        return RENDER_ERR(w, t, &t->nodes[from], "no end in sight after %d steps", TPL_STEPS_MAX);
    while (from < to && !w->out->is_full) {
        const struct node *node = &t->nodes[from];
        switch ((enum node_kind)node->kind) {
        case NODE_TEXT: buf_add(w->out, node->text, node->len); from++; break;
        case NODE_VALUE:
        case NODE_RAW: TRY(value_write(w, t, node)); from++; break;
        case NODE_LINE: buf_text(w->out, w->indent); from++; break;
        default: TRY(node_walk(w, t, from, &from));
        }
    }
    return NULL;
}

struct err *render_template(const struct tpl_set *set, const struct language *lang, const struct template *t, const struct tpl_reader *reader,
                            bool is_html, const struct doc *data, struct buf *out)
{
    struct walk w = { .set = set, .lang = lang->lang, .out = out, .is_html = is_html, .stack = { data }, .depth = 1, .indent = "" };
    w.slots = ARENA_ARRAY(out->arena, struct slot *, set->count + 1);
    struct day_text last = { .len = 0 };
    format_init(&w.format, reader);
    w.format.last = &last;
    TRY(walk_nodes(&w, t, 0, t->count));
    if (out->is_full)
        return ERR(out->arena, ERR_INTERNAL, "%s: more than %zu bytes", t->name, out->ceiling_bytes);
    return NULL;
}
