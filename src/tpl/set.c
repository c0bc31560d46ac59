#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "tpl/format.h"
#include "tpl/node.h"

static int compare_names(const void *one, const void *two)
{
    return strcmp(((const struct tpl_source *)one)->name, ((const struct tpl_source *)two)->name);
}

static const struct template *template_find(const struct language *lang, size_t count, const char *name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, lang->templates[middle].name);
        if (order == 0)
            return &lang->templates[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* {{>row}} in ticket_list.html is row.html, unless there is a template `row`. */
static const struct template *partial_find(struct arena *a, const struct language *lang, size_t count, const char *name, const char *from)
{
    const struct template *found = template_find(lang, count, name);
    const char *ending = strrchr(from, '.');
    return found || !ending ? found : template_find(lang, count, arena_printf(a, "%s%s", name, ending));
}

static struct err *template_link(struct arena *a, const struct tpl_set *set, const struct language *lang, const struct template *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        struct node *node = (struct node *)&t->nodes[i];   /* nobody else has seen it yet */
        if (node->kind != NODE_PARTIAL && node->kind != NODE_PARENT)
            continue;
        node->target = partial_find(a, lang, set->count, node->text, t->name);
        if (!node->target && !set->is_lenient)
            return ERR(a, ERR_INTERNAL, "%s:%u: there is no template %s", t->name, node->line, node->text);
    }
    return NULL;
}

static bool ends(const char *name, const char *ending)
{
    size_t len = strlen(name), ending_len = strlen(ending);
    return len >= ending_len && strcmp(name + len - ending_len, ending) == 0;
}

/* Those behind set->count can be rendered and not named. */
static struct err *language_fill(struct arena *a, const struct tpl_set *set, struct language *lang, const struct tpl_source *sorted, size_t total)
{
    lang->templates = ARENA_ARRAY(a, struct template, total);
    for (size_t i = 0; i < total; i++) {
        struct template *t = &lang->templates[i];
        t->name = sorted[i].name;
        t->index = (uint32_t)i;
        t->with_lines = set->is_lenient || ends(t->name, ".txt");
        TRY(parse_template(a, &sorted[i], lang, t));
    }
    for (size_t i = 0; i < total; i++)
        TRY(template_link(a, set, lang, &lang->templates[i]));
    for (size_t i = 0; i < total; i++)
        template_merge(a, &lang->templates[i]);
    return NULL;
}

static struct err *languages_read(struct arena *a, struct tpl_set *set, const struct tpl_lang *langs)
{
    size_t count = 0;
    while (langs && langs[count].lang)
        count++;
    set->langs = ARENA_ARRAY(a, struct language, count + 1);
    set->langs[set->langs_count++].lang = "fr";
    for (size_t i = 0; langs && i < count; i++) {
        if (strcmp(langs[i].lang, "fr") == 0)
            continue;
        struct language *lang = &set->langs[set->langs_count++];
        lang->lang = langs[i].lang;
        if (!mo_open(&lang->mo, langs[i].mo, langs[i].mo_len))
            return ERR(a, ERR_INTERNAL, "the catalogue of %s is no .mo file", langs[i].lang);
    }
    return NULL;
}

/* What ICU makes once and keeps (names of months, plurals, the usual zone, how letters compare) is made before the first request: where memory ends within
   that, it does not say so but crashes. */
static void icu_begin(struct arena *a)
{
    struct format usual;
    format_init(&usual, NULL);
    (void)format_plural("fr", 1);
    (void)format_plural("en", 1);
    (void)text_name_key(a, "é");
    (void)text_email_key(a, "é");
}

struct err *tpl_set_new(struct arena *a, const struct tpl_source *sources, const struct tpl_lang *langs, struct tpl_set **ret_set)
{
    struct tpl_set *set = ARENA_NEW(a, struct tpl_set);
    icu_begin(a);
    while (sources[set->count].name)
        set->count++;
    struct tpl_source *sorted = arena_copy(a, sources, set->count * sizeof *sources);
    qsort(sorted, set->count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < set->count; i++)
        if (strcmp(sorted[i].name, sorted[i - 1].name) == 0)
            return ERR(a, ERR_INTERNAL, "two templates are named %s", sorted[i].name);
    TRY(languages_read(a, set, langs));
    for (size_t i = 0; i < set->langs_count; i++)
        TRY(language_fill(a, set, &set->langs[i], sorted, set->count));
    *ret_set = set;
    return NULL;
}

static const struct language *language_of(const struct tpl_set *set, const char *lang)
{
    for (size_t i = 1; lang && i < set->langs_count; i++)
        if (strcmp(set->langs[i].lang, lang) == 0)
            return &set->langs[i];
    return &set->langs[0];
}

bool tpl_has(const struct tpl_set *set, const char *name)
{
    return template_find(&set->langs[0], set->count, name) != NULL;
}

void tpl_set_strict(struct tpl_set *set, bool is_strict)
{
    set->is_strict = is_strict;
}

const char *tpl_text(const struct tpl_set *set, const char *lang, const char *french)
{
    const char *found = mo_find(&language_of(set, lang)->mo, french);
    return found ? found : french;
}

struct err *tpl_render(const struct tpl_set *set, const struct tpl_reader *reader, const char *name, const struct doc *data, struct buf *out)
{
    const struct language *lang = language_of(set, reader ? reader->lang : NULL);
    const struct template *t = template_find(lang, set->count, name);
    if (!t)
        return ERR(out->arena, ERR_INTERNAL, "there is no template %s", name);
    return render_template(set, lang, t, reader, !ends(name, ".txt"), data, out);
}

struct err *tpl_once(struct arena *a, const char *text, const struct doc *data, const struct doc *partials, struct buf *out)
{
    struct tpl_set set = { .count = doc_count(partials), .is_lenient = true };
    struct tpl_source *sorted = ARENA_ARRAY(a, struct tpl_source, set.count + 1);
    for (size_t i = 0; i < set.count; i++) {
        const struct doc *partial = doc_at(partials, i);
        sorted[i] = (struct tpl_source){ doc_key_at(partials, i), doc_as_text(partial), doc_text_len(partial) };
    }
    qsort(sorted, set.count, sizeof *sorted, compare_names);
    sorted[set.count] = (struct tpl_source){ "template", text, strlen(text) };   /* behind the others: none can name it */
    TRY(languages_read(a, &set, NULL));
    TRY(language_fill(a, &set, &set.langs[0], sorted, set.count + 1));
    return render_template(&set, &set.langs[0], &set.langs[0].templates[set.count], NULL, true, data, out);
}

static bool has_text(const struct doc *list, const char *text)
{
    for (size_t i = 0; i < doc_count(list); i++)
        if (strcmp(doc_as_text(doc_at(list, i)), text) == 0)
            return true;
    return false;
}

struct err *tpl_names(struct arena *a, const char *text, struct doc *names)
{
    const struct language lang = { .lang = "fr" };
    struct template t = { .name = "template" };
    TRY(parse_template(a, &(struct tpl_source){ t.name, text, strlen(text) }, &lang, &t));
    for (uint32_t i = 0; i < t.count; i++)
        if ((t.nodes[i].kind == NODE_PARTIAL || t.nodes[i].kind == NODE_PARENT) && !has_text(names, t.nodes[i].text))
            doc_push(names, doc_text(a, t.nodes[i].text));
    return NULL;
}
