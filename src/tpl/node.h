#pragma once
/* What a template is when it has been parsed: one array of nodes in reading order. A node that holds others (section,
   block, parent) says where they end, so rendering is a walk and skipping is a jump. Made by parse.c, tied together
   by set.c, small partials put in place by merge.c, walked by render.c; nothing changes afterwards, so any thread may read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tpl/mo.h"
#include "tpl/tpl.h"

enum node_kind {
    NODE_TEXT,
    NODE_VALUE,      /* {{name}} */
    NODE_RAW,        /* {{{name}}} */
    NODE_SECTION,    /* {{#name}} */
    NODE_INVERTED,   /* {{^name}} */
    NODE_EQUAL,      /* {{#name=word}} */
    NODE_UNEQUAL,    /* {{^name=word}} */
    NODE_PLURAL,     /* {{#_ name}}: the first form up to `middle`, the second up to `end` */
    NODE_PARTIAL,    /* {{>name}} */
    NODE_PARENT,     /* {{<name}} */
    NODE_BLOCK,      /* {{$name}} */
    NODE_LINE,       /* a line of the template starts: the place of an indentation */
};

enum { TPL_DEPTH_MAX = 64, TPL_PARTIAL_MAX = 32, TPL_STEPS_MAX = 2 * 1000 * 1000 };

enum merge { MERGE_NONE, MERGE_BEGUN, MERGE_DONE };

struct template;

struct node {
    uint8_t kind;
    uint8_t filter;                   /* enum filter */
    uint8_t parts;                    /* of a dotted name; 0 is "." */
    bool is_inline;                   /* a block that shares its line with text */
    bool goes_on;                     /* EQUAL, UNEQUAL: what comes right behind asks the same name */
    uint32_t line;
    uint32_t len;                     /* of a text; of the word of EQUAL, UNEQUAL */
    uint32_t end;                     /* the first node behind those inside */
    uint32_t middle;
    uint32_t slot;                    /* first of its parts among the template's, for what a rendering remembers of each */
    const char *text;                 /* the text; or the name, its parts ended by NUL each */
    const char *word;                 /* EQUAL: compared with; PARTIAL, PARENT, BLOCK: the indentation */
    const struct template *target;    /* PARTIAL, PARENT; NULL where there is none. Others: the partial they were merged from, or NULL */
};

struct template {
    const char *name;
    const struct node *nodes;
    uint32_t count;
    uint32_t slots;
    uint32_t index;                   /* in its set */
    bool with_lines;                  /* indentation of partials is kept */
    uint8_t merge;                    /* enum merge */
};

struct language {
    const char *lang;
    struct mo mo;                     /* nothing in it for French */
    struct template *templates;       /* sorted by name, the same order in each language */
};

struct tpl_set {
    size_t count;                     /* of templates */
    struct language *langs;           /* French first */
    size_t langs_count;
    bool is_strict;
    bool is_lenient;                  /* a partial that does not exist is empty */
};

struct err *parse_template(struct arena *a, const struct tpl_source *source, const struct language *lang, struct template *ret_template) MUST_CHECK;
void template_merge(struct arena *a, struct template *t);   /* when all templates of its language are linked */
struct err *render_template(const struct tpl_set *set, const struct language *lang, const struct template *t, const struct tpl_reader *reader,
                            bool is_html, const struct doc *data, struct buf *out) MUST_CHECK;
