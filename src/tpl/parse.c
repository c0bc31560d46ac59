/* Template text to nodes. https://mustache.github.io/mustache.5.html and its specification are the rules; what is
   ours on top stands in tpl.h. */
#include <assert.h>
#include <string.h>
#include "tpl/filter.h"
#include "tpl/node.h"

enum { DELIMITER_MAX = 7, PARTS_MAX = 16 };

struct open_tag { uint32_t node; uint32_t line; const char *content; size_t len; int dedent; };

struct span { const char *from, *to; };

struct parser {
    struct arena *a;
    struct template *t;
    const struct language *lang;
    const char *at, *end;
    uint32_t line;                       /* of `at` */
    struct node *nodes;
    uint32_t count, size;
    uint32_t landing;                    /* the last node that something ends before: what comes next is a node of its own */
    struct open_tag open[TPL_DEPTH_MAX];
    int depth;
    char left[DELIMITER_MAX + 1], right[DELIMITER_MAX + 1];
    struct span blank;                   /* white space before the tag on its line, not yet written */
    bool has_text, has_tags;             /* this line: something that counts; tags of inheritance that may stand alone */
    bool is_line_start;                  /* for NODE_LINE: nothing of this line was written */
    int dedent;                          /* blanks taken away at the start of each line */
};

struct tag { char sigil; const char *content; size_t len; const char *end; uint32_t line; };

#define PARSE_ERR(p, line, format, ...) ERR((p)->a, ERR_INTERNAL, "%s:%u: " format, (p)->t->name, (line)__VA_OPT__(, ) __VA_ARGS__)
#define TEXT(len, text) (int)((len) > 60 ? 60 : (len)), (text)   /* for %.*s */

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t';
}

static bool is_space(char ch)
{
    return is_blank(ch) || ch == '\n' || ch == '\r';
}

static void advance(struct parser *p, const char *to)
{
    for (const char *at = p->at; at < to && (at = memchr(at, '\n', (size_t)(to - at))); at++)
        p->line++;
    p->at = to;
}

static struct node *node_add(struct parser *p, enum node_kind kind, uint32_t line)
{
    if (p->count == p->size) {
        uint32_t size = p->size ? p->size * 2 : 32;
        p->nodes = arena_grow(p->a, p->nodes, p->size * sizeof *p->nodes, size * sizeof *p->nodes);
        p->size = size;
    }
    assert(p->nodes);
    struct node *node = &p->nodes[p->count++];
    node->kind = (uint8_t)kind;
    node->line = line;
    return node;
}

/* --- text and lines --- */

/* Texts that follow each other become one: a translation, what is before and behind it, lines whose indentation went. */
static void text_join(struct parser *p, struct node *node, const char *from, size_t len)
{
    if (node->text + node->len != from) {
        char *joined = arena_raw(p->a, node->len + len);
        memcpy(joined, node->text, node->len);
        memcpy(joined + node->len, from, len);
        node->text = joined;
    }
    node->len += (uint32_t)len;
}

static void run_add(struct parser *p, const char *from, const char *to)
{
    struct node *last = p->count ? &p->nodes[p->count - 1] : NULL;
    if (from == to)
        return;
    if (last && last->kind == NODE_TEXT && p->count > p->landing) {
        text_join(p, last, from, (size_t)(to - from));
        return;
    }
    struct node *node = node_add(p, NODE_TEXT, p->line);
    node->text = from;
    node->len = (uint32_t)(to - from);
}

static void line_mark(struct parser *p)
{
    if (p->t->with_lines && p->is_line_start)
        node_add(p, NODE_LINE, p->line);
    p->is_line_start = false;
}

static void text_add(struct parser *p, const char *from, const char *to)
{
    if (!p->t->with_lines) {
        run_add(p, from, to);
        return;
    }
    while (from < to) {
        const char *line_end = memchr(from, '\n', (size_t)(to - from));
        const char *stop = line_end ? line_end + 1 : to;
        for (int i = 0; p->is_line_start && i < p->dedent && from < stop && is_blank(*from); i++)
            from++;
        line_mark(p);
        run_add(p, from, stop);
        p->is_line_start = line_end;
        from = stop;
    }
}

/* Text up to a tag, or to the end. White space between the line's start and the tag waits until it is known whether
   the tag has the line to itself. */
static void text_take(struct parser *p, const char *to)
{
    const char *from = p->at, *tail = from;
    const char *line_end = memrchr(from, '\n', (size_t)(to - from));
    if (line_end) {
        tail = line_end + 1;
        p->has_text = p->has_tags = false;
    }
    const char *mark = tail;
    while (mark < to && is_blank(*mark))
        mark++;
    if (mark < to) {
        p->has_text = true;
        tail = to;
    }
    text_add(p, from, tail);
    p->blank = (struct span){ tail, to };
    advance(p, to);
}

static void blank_write(struct parser *p)
{
    text_add(p, p->blank.from, p->blank.to);
    p->blank.from = p->blank.to;
}

/* What follows is nothing but blanks and a line end, or the text's end; *ret_next is behind it. */
static bool is_line_over(const struct parser *p, const char *at, const char **ret_next)
{
    while (at < p->end && is_blank(*at))
        at++;
    if (at + 1 < p->end && at[0] == '\r' && at[1] == '\n')
        at++;
    if (at < p->end && *at != '\n')
        return false;
    *ret_next = at < p->end ? at + 1 : at;
    return true;
}

/* The tag shares its line: what waited is text, and so is the line. */
static void settle_inline(struct parser *p, const struct tag *tag)
{
    blank_write(p);
    line_mark(p);
    p->has_text = true;
    advance(p, tag->end);
}

static void settle_line_gone(struct parser *p, const char *next)
{
    advance(p, next);
    p->has_text = p->has_tags = false;
    p->is_line_start = true;
}

/* A tag that writes nothing itself: alone on its line, the line goes with it. */
static bool settle(struct parser *p, const struct tag *tag)
{
    const char *next;
    if (p->has_text || p->has_tags || !is_line_over(p, tag->end, &next)) {
        settle_inline(p, tag);
        return false;
    }
    settle_line_gone(p, next);
    return true;
}

static bool delimiter_at(const struct parser *p, const char *at, const char *delimiter)
{
    size_t len = strlen(delimiter);
    return (size_t)(p->end - at) >= len && memcmp(at, delimiter, len) == 0;
}

static const char *blanks_skip(const struct parser *p, const char *at)
{
    while (at < p->end && is_blank(*at))
        at++;
    return at;
}

/* A closing tag is the next thing. */
static bool is_closing_next(const struct parser *p, const char *at)
{
    at = blanks_skip(p, at);
    if (!delimiter_at(p, at, p->left))
        return false;
    at = blanks_skip(p, at + strlen(p->left));
    return at < p->end && *at == '/';
}

/* Only tags of inheritance up to the line's end: {{<page}}{{$title}} is a line of tags as one tag would be. */
static bool is_inheritance_only(const struct parser *p, const char *at)
{
    const char *next;
    while (!is_line_over(p, at, &next)) {
        at = blanks_skip(p, at);
        if (!delimiter_at(p, at, p->left))
            return false;
        at = blanks_skip(p, at + strlen(p->left));
        if (at == p->end || !memchr("<$/", *at, 3))
            return false;
        at = memmem(at, (size_t)(p->end - at), p->right, strlen(p->right));
        if (!at)
            return false;
        at += strlen(p->right);
    }
    return true;
}

static bool settle_inheritance(struct parser *p, const struct tag *tag)
{
    const char *next;
    bool is_empty_block = tag->sigil == '$' && is_closing_next(p, tag->end);   /* the place of a text: its line stays */
    if (p->has_text || is_empty_block || !is_inheritance_only(p, tag->end)) {
        settle_inline(p, tag);
        return false;
    }
    if (is_line_over(p, tag->end, &next)) {
        settle_line_gone(p, next);
    } else {
        p->has_tags = true;
        advance(p, tag->end);
    }
    return true;
}

/* --- names --- */

static void trim(const char **text, size_t *len)
{
    while (*len && is_space(**text))
        (*text)++, (*len)--;
    while (*len && is_space((*text)[*len - 1]))
        (*len)--;
}

static struct err *name_check(struct parser *p, uint32_t line, const char *name, size_t len)
{
    if (!len)
        return PARSE_ERR(p, line, "a tag without a name");
    for (size_t i = 0; i < len; i++)
        if (is_space(name[i]) || !name[i])
            return PARSE_ERR(p, line, "white space in the name %.*s", TEXT(len, name));
    return NULL;
}

/* A dotted name becomes its parts, one after the other. */
static struct err *name_set(struct parser *p, struct node *node, const char *name, size_t len)
{
    TRY(name_check(p, node->line, name, len));
    if (len == 1 && *name == '.')
        return NULL;
    char *parts = arena_copy(p->a, name, len);
    node->text = parts;
    node->parts = 1;
    node->slot = p->t->slots;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && parts[i] != '.')
            continue;
        if (i == 0 || !parts[i - 1] || (i < len && node->parts == PARTS_MAX))
            return PARSE_ERR(p, node->line, "not a name: %.*s", TEXT(len, name));
        if (i < len)
            node->parts++;
        parts[i] = 0;
    }
    p->t->slots += node->parts;
    return NULL;
}

static struct err *value_add(struct parser *p, enum node_kind kind, uint32_t line, const char *content, size_t len)
{
    struct node *node = node_add(p, kind, line);
    assert(content);
    const char *bar = memchr(content, '|', len);
    size_t name_len = bar ? (size_t)(bar - content) : len;
    const char *name = content;
    trim(&name, &name_len);
    TRY(name_set(p, node, name, name_len));
    if (!bar)
        return NULL;
    const char *filter = bar + 1;
    size_t filter_len = (size_t)(content + len - filter);
    enum filter found;
    trim(&filter, &filter_len);
    if (!filter_find(filter, filter_len, &found))
        return PARSE_ERR(p, line, "there is no filter %.*s", TEXT(filter_len, filter));
    node->filter = (uint8_t)found;
    return NULL;
}

/* --- texts to translate --- */

static char *folded(struct arena *a, const char *text, size_t len)
{
    char *ret = arena_alloc(a, len + 1), *to = ret;
    trim(&text, &len);
    for (size_t i = 0; i < len; i++) {
        if (!is_space(text[i]))
            *to++ = text[i];
        else if (to[-1] != ' ')
            *to++ = ' ';
    }
    return ret;
}

/* One form: text, {{name}} and {{name|filter}}. Ends at a | outside of tags where there are forms; returns there. */
static struct err *form_parse(struct parser *p, uint32_t line, const char *text, bool has_forms, const char **ret_end)
{
    for (;;) {
        const char *tag = strstr(text, p->left), *bar = has_forms ? strchr(text, '|') : NULL;
        const char *stop = bar && (!tag || bar < tag) ? bar : tag ? tag : text + strlen(text);
        run_add(p, text, stop);
        *ret_end = stop;
        if (stop != tag)
            return NULL;
        const char *content = tag + strlen(p->left), *right = strstr(content, p->right);
        if (!right || strchr("#^/>!=&{<$", *content))
            return PARSE_ERR(p, line, "in a text to translate only {{name}} may stand: %.*s", TEXT(strlen(tag), tag));
        TRY(value_add(p, NODE_VALUE, line, content, (size_t)(right - content)));
        text = right + strlen(p->right);
    }
}

static struct err *plural_parse(struct parser *p, uint32_t line, const char *text, const char *name, size_t name_len)
{
    uint32_t at = p->count;
    const char *end;
    TRY(name_set(p, node_add(p, NODE_PLURAL, line), name, name_len));
    TRY(form_parse(p, line, text, true, &end));
    p->nodes[at].middle = p->landing = p->count;
    if (*end != '|')
        return PARSE_ERR(p, line, "two forms with | between them are needed: %.*s", TEXT(strlen(text), text));
    TRY(form_parse(p, line, end + 1, true, &end));
    p->nodes[at].end = p->landing = p->count;
    return *end ? PARSE_ERR(p, line, "more than two forms: %.*s", TEXT(strlen(text), text)) : NULL;
}

/* Finds {{/_}}. */
static struct err *translation_end(struct parser *p, uint32_t line, const char **ret_from, const char **ret_to)
{
    size_t left_len = strlen(p->left), right_len = strlen(p->right);
    for (const char *at = p->at; (at = memmem(at, (size_t)(p->end - at), p->left, left_len)); at += left_len) {
        const char *content = blanks_skip(p, at + left_len);
        if (content == p->end || *content != '/')
            continue;
        content = blanks_skip(p, content + 1);
        if (content == p->end || *content != '_')
            continue;
        content = blanks_skip(p, content + 1);
        if (!delimiter_at(p, content, p->right))
            continue;
        *ret_from = at;
        *ret_to = content + right_len;
        return NULL;
    }
    return PARSE_ERR(p, line, "a text to translate is not closed");
}

static struct err *translation_parse(struct parser *p, const struct tag *tag)
{
    const char *close = p->at, *behind = p->at, *end;
    settle_inline(p, tag);
    TRY(translation_end(p, tag->line, &close, &behind));
    const char *text = folded(p->a, p->at, (size_t)(close - p->at));
    if (!*text)
        return PARSE_ERR(p, tag->line, "nothing to translate");
    const char *translated = mo_find(&p->lang->mo, text);
    const char *name = tag->content + 1;
    size_t name_len = tag->len - 1;
    trim(&name, &name_len);
    advance(p, behind);
    text = translated ? translated : text;
    return name_len ? plural_parse(p, tag->line, text, name, name_len) : form_parse(p, tag->line, text, false, &end);
}

/* --- tags --- */

static struct err *open_push(struct parser *p, uint32_t node, const struct tag *tag)
{
    if (p->depth == TPL_DEPTH_MAX)
        return PARSE_ERR(p, tag->line, "more than %d sections inside each other", TPL_DEPTH_MAX);
    p->open[p->depth++] = (struct open_tag){ node, tag->line, tag->content, tag->len, p->dedent };
    return NULL;
}

static bool is_translation(const struct tag *tag)
{
    return tag->sigil == '#' && tag->len && *tag->content == '_' && (tag->len == 1 || is_space(tag->content[1]));
}

static struct err *section_parse(struct parser *p, const struct tag *tag)
{
    bool is_inverted = tag->sigil == '^';
    const char *equal = memchr(tag->content, '=', tag->len);
    size_t name_len = equal ? (size_t)(equal - tag->content) : tag->len;
    settle(p, tag);
    TRY(open_push(p, p->count, tag));
    enum node_kind kind = equal ? (is_inverted ? NODE_UNEQUAL : NODE_EQUAL) : (is_inverted ? NODE_INVERTED : NODE_SECTION);
    struct node *node = node_add(p, kind, tag->line);
    if (equal) {
        node->len = (uint32_t)(tag->len - name_len - 1);
        node->word = arena_copy(p->a, equal + 1, node->len);
    }
    return name_set(p, node, tag->content, name_len);
}

static struct err *close_parse(struct parser *p, const struct tag *tag)
{
    struct open_tag *open = p->depth ? &p->open[p->depth - 1] : NULL;
    if (!open)
        return PARSE_ERR(p, tag->line, "%.*s is closed and was not opened", TEXT(tag->len, tag->content));
    if (open->len != tag->len || memcmp(open->content, tag->content, tag->len) != 0)
        return PARSE_ERR(p, tag->line, "%.*s is closed, but %.*s, opened in line %u, is open", TEXT(tag->len, tag->content),
                         TEXT(open->len, open->content), open->line);
    enum node_kind kind = (enum node_kind)p->nodes[open->node].kind;
    if (kind == NODE_PARENT || kind == NODE_BLOCK)
        settle_inheritance(p, tag);
    else
        settle(p, tag);
    p->nodes[open->node].end = p->landing = p->count;
    p->dedent = open->dedent;
    p->depth--;
    return NULL;
}

static struct err *partial_parse(struct parser *p, const struct tag *tag)
{
    struct span blank = p->blank;
    bool is_alone = tag->sigil == '<' ? settle_inheritance(p, tag) : settle(p, tag);
    TRY(name_check(p, tag->line, tag->content, tag->len));
    if (tag->sigil == '<')
        TRY(open_push(p, p->count, tag));
    struct node *node = node_add(p, tag->sigil == '<' ? NODE_PARENT : NODE_PARTIAL, tag->line);
    node->text = arena_copy(p->a, tag->content, tag->len);
    node->word = p->t->with_lines && is_alone ? arena_copy(p->a, blank.from, (size_t)(blank.to - blank.from)) : "";
    return NULL;
}

/* The blanks that a block's own lines start with; 0 where nothing stands in it. */
static int block_blanks(const struct parser *p)
{
    const char *text = blanks_skip(p, p->at);
    return is_closing_next(p, p->at) ? 0 : (int)(text - p->at);
}

/* In texts a block is moved: the indentation it was written with goes, the one of its new place comes. */
static struct err *block_parse(struct parser *p, const struct tag *tag)
{
    struct span blank = p->has_text ? (struct span){ p->at, p->at } : p->blank;
    bool is_in_parent = p->depth && p->nodes[p->open[p->depth - 1].node].kind == NODE_PARENT;
    bool is_alone = settle_inheritance(p, tag);
    TRY(name_check(p, tag->line, tag->content, tag->len));
    TRY(open_push(p, p->count, tag));
    struct node *node = node_add(p, NODE_BLOCK, tag->line);
    node->text = arena_copy(p->a, tag->content, tag->len);
    node->is_inline = !is_alone;
    node->word = "";
    if (!p->t->with_lines)
        return NULL;
    int own = is_alone ? block_blanks(p) : 0;
    struct span indent = own ? (struct span){ p->at, p->at + own } : blank;
    indent.from = indent.to - indent.from > p->dedent ? indent.from + p->dedent : indent.to;
    node->word = arena_copy(p->a, indent.from, (size_t)(indent.to - indent.from));
    if (is_in_parent)
        p->dedent = own;
    return NULL;
}

static bool delimiter_set(char ret_delimiter[DELIMITER_MAX + 1], const char *text, size_t len)
{
    if (!len || len > DELIMITER_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (is_space(text[i]) || text[i] == '=' || !text[i])
            return false;
    memcpy(ret_delimiter, text, len);
    ret_delimiter[len] = 0;
    return true;
}

static struct err *delimiters_parse(struct parser *p, const struct tag *tag)
{
    const char *left = tag->content, *end = left + tag->len;
    size_t left_len = 0;
    settle(p, tag);
    while (left_len < tag->len && !is_space(left[left_len]))
        left_len++;
    const char *right = left + left_len;
    size_t right_len = (size_t)(end - right);
    trim(&right, &right_len);
    if (!delimiter_set(p->left, left, left_len) || !delimiter_set(p->right, right, right_len))
        return PARSE_ERR(p, tag->line, "not two delimiters: %.*s", TEXT(tag->len, tag->content));
    return NULL;
}

/* Reads the tag at `at`, which starts with the left delimiter. */
static struct err *tag_read(struct parser *p, struct tag *ret_tag)
{
    struct tag tag = { .line = p->line };
    const char *content = p->at + strlen(p->left);
    char close[DELIMITER_MAX + 2] = "";
    while (content < p->end && is_space(*content))
        content++;
    if (content < p->end && *content && strchr("#^/>!=&{<$", *content))
        tag.sigil = *content++;
    if (tag.sigil == '{')
        close[0] = '}';
    if (tag.sigil == '=')
        close[0] = '=';
    memcpy(close + strlen(close), p->right, strlen(p->right) + 1);
    const char *right = memmem(content, (size_t)(p->end - content), close, strlen(close));
    if (!right)
        return PARSE_ERR(p, tag.line, "a tag is not closed by %s", close);
    tag.content = content;
    tag.len = (size_t)(right - content);
    tag.end = right + strlen(close);
    trim(&tag.content, &tag.len);
    *ret_tag = tag;
    return NULL;
}

static struct err *tag_parse(struct parser *p)
{
    struct tag tag = { 0 };
    TRY(tag_read(p, &tag));
    switch (tag.sigil) {
    case '!': settle(p, &tag); return NULL;
    case '=': return delimiters_parse(p, &tag);
    case '#': return is_translation(&tag) ? translation_parse(p, &tag) : section_parse(p, &tag);
    case '^': return section_parse(p, &tag);
    case '/': return close_parse(p, &tag);
    case '>':
    case '<': return partial_parse(p, &tag);
    case '$': return block_parse(p, &tag);
    }
    settle_inline(p, &tag);
    return value_add(p, tag.sigil ? NODE_RAW : NODE_VALUE, tag.line, tag.content, tag.len);
}

static bool asks_word(const struct node *node) { return node->kind == NODE_EQUAL || node->kind == NODE_UNEQUAL; }

/* name=a, name=b, name=c one behind the other. */
static void chains_tie(struct node *nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct node *next = asks_word(&nodes[i]) && nodes[i].end < count ? &nodes[nodes[i].end] : NULL;
        if (next && asks_word(next) && next->parts == 1 && nodes[i].parts == 1 && strcmp(next->text, nodes[i].text) == 0)
            nodes[i].goes_on = true;
    }
}

struct err *parse_template(struct arena *a, const struct tpl_source *source, const struct language *lang, struct template *ret_template)
{
    struct parser p = { .a = a, .t = ret_template, .lang = lang, .at = source->text, .end = source->text + source->len,
                        .line = 1, .left = "{{", .right = "}}", .is_line_start = true };
    while (p.at < p.end) {
        const char *tag = memmem(p.at, (size_t)(p.end - p.at), p.left, strlen(p.left));
        text_take(&p, tag ? tag : p.end);
        if (tag)
            TRY(tag_parse(&p));
        else
            blank_write(&p);
    }
    if (p.depth) {
        struct open_tag *open = &p.open[p.depth - 1];
        return PARSE_ERR(&p, open->line, "%.*s is not closed", TEXT(open->len, open->content));
    }
    chains_tie(p.nodes, p.count);
    ret_template->nodes = p.nodes;
    ret_template->count = p.count;
    return NULL;
}
