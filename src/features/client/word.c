#include "features/client/word.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"
#include "features/queries.h"
#include "web/web.h"

enum { SEARCH_WORDS = 3, JOINED_BYTES = WORDS_MOST * (TEXT_WORD_BYTES + 1) + 16, WORDS_AT_ONCE = 16, BATCH_WORDS = 250000 };

/* A single letter ("l’Hostis", "C-00482") finds too much to be kept beside longer words. */
static bool is_letter(const char *word) { return text_chars(word) < 2; }

static int words_of(struct arena *a, const char *const *texts, const char *words[WORDS_MOST])
{
    int count = 0;
    for (; *texts; texts++) {
        const char *key = text_name_key(a, *texts);
        bool is_alone = !strchr(key, ' ');
        for (const char *word; count < WORDS_MOST && (word = text_word_next(a, &key));) {
            bool is_dropped = !is_alone && is_letter(word);
            for (int i = 0; i < count; i++)
                is_dropped |= strcmp(words[i], word) == 0;
            if (!is_dropped)
                words[count++] = word;
        }
    }
    return count;
}

/* ---- Keeping ---- */

/* The words in one text, each behind a space: as they are looked for when they are second, and known when they change. */
static const char *words_joined(struct arena *a, const char *const *words, int count)
{
    struct buf all;
    buf_init(&all, a, JOINED_BYTES);
    for (int i = 0; i < count; i++)
        buf_printf(&all, " %s", words[i]);
    return buf_end(&all);
}

static struct err *word_of_put(struct ctx *c, const char *kind, int64_t id, const char *const *words, int count)
{
    return ctx_run_any(c, &sql_word_of_put, PARAMS(P_TEXT("kind", kind), P_INT("id", id), P_TEXT("words", words_joined(c->arena, words, count))), NULL);
}

/* Is the word in the text of all, whole? */
static bool word_is_in(struct arena *a, const char *joined, const char *word)
{
    return strstr(arena_printf(a, "%s ", joined), arena_printf(a, " %s ", word));
}

static struct err *words_remove(struct ctx *c, const char *kind, int64_t id, const char *old, const char *new)
{
    const char *rest = *old ? old + 1 : old;
    for (const char *word; (word = text_word_next(c->arena, &rest));)
        if (!word_is_in(c->arena, new, word))
            TRY(ctx_run_any(c, &sql_word_remove, PARAMS(P_TEXT("kind", kind), P_TEXT("word", word), P_INT("id", id)), NULL));
    return NULL;
}

struct err *word_put(struct ctx *c, const char *kind, int64_t id, const char *const *texts)
{
    const char *words[WORDS_MOST];
    int count = words_of(c->arena, texts, words);
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_word_of_show, PARAMS(P_TEXT("kind", kind), P_INT("id", id)), &row));
    const char *old = doc_text_of(row, "words");
    TRY(words_remove(c, kind, id, old, words_joined(c->arena, words, count)));
    for (int i = 0; i < count; i++)
        if (!word_is_in(c->arena, old, words[i]))
            TRY(ctx_run_any(c, &sql_word_add, PARAMS(P_TEXT("kind", kind), P_TEXT("word", words[i]), P_INT("id", id)), NULL));
    return word_of_put(c, kind, id, words, count);
}

/* ---- Many new rows at once ---- */

void word_batch_init(struct word_batch *b, const char *kind, struct arena *a)
{
    *b = (struct word_batch){ .kind = kind, .arena = a };
    b->words = ARENA_ARRAY(a, struct word_one, BATCH_WORDS);
}

static int word_order(const void *left, const void *right)
{
    const struct word_one *l = left, *r = right;
    int order = strcmp(l->word, r->word);
    return order ? order : (l->id > r->id) - (l->id < r->id);
}

static struct err *word_write_many(struct ctx *c, const char *kind, const struct word_one *w)
{
#define ONE(n) P_TEXT("word_" #n, w[(n) - 1].word), P_INT("id_" #n, w[(n) - 1].id)
    return ctx_run_any(c, &sql_word_add_many, PARAMS(P_TEXT("kind", kind), ONE(1), ONE(2), ONE(3), ONE(4), ONE(5), ONE(6), ONE(7), ONE(8),
        ONE(9), ONE(10), ONE(11), ONE(12), ONE(13), ONE(14), ONE(15), ONE(16)), NULL);
#undef ONE
}

struct err *word_batch_write(struct ctx *c, struct word_batch *b)
{
    size_t at = 0;
    qsort(b->words, b->count, sizeof *b->words, word_order);
    for (; at + WORDS_AT_ONCE <= b->count; at += WORDS_AT_ONCE)
        TRY(word_write_many(c, b->kind, &b->words[at]));
    for (; at < b->count; at++)
        TRY(ctx_run_any(c, &sql_word_add, PARAMS(P_TEXT("kind", b->kind), P_TEXT("word", b->words[at].word), P_INT("id", b->words[at].id)), NULL));
    arena_reset(b->arena);
    word_batch_init(b, b->kind, b->arena);
    return NULL;
}

struct err *word_batch_add(struct ctx *c, struct word_batch *b, int64_t id, const char *const *texts)
{
    const char *words[WORDS_MOST];
    int count = words_of(c->arena, texts, words);
    if (b->count + WORDS_MOST > BATCH_WORDS)
        TRY(word_batch_write(c, b));
    for (int i = 0; i < count; i++)
        b->words[b->count++] = (struct word_one){ arena_text(b->arena, words[i]), id };
    return word_of_put(c, b->kind, id, words, count);
}

/* ---- Searching ---- */

/* Behind every word that begins so: U+10FFFF is behind any character. */
static const char *word_end(struct arena *a, const char *word) { return arena_printf(a, "%s\xf4\x8f\xbf\xbf", word); }

static void words_lead_longest(const char **words, int count)
{
    for (int i = 1; i < count; i++)
        if (strlen(words[i]) > strlen(words[0])) {
            const char *first = words[0];
            words[0] = words[i];
            words[i] = first;
        }
}

struct word_search word_search(struct ctx *c, const char *text)
{
    const char *words[SEARCH_WORDS] = { 0 };
    const char *key = text_name_key(c->arena, text);
    int count = 0;
    for (const char *word; count < SEARCH_WORDS && (word = text_word_next(c->arena, &key));)
        if (!is_letter(word) || (!count && !*key))
            words[count++] = word;
    words_lead_longest(words, count);
    struct word_search s = { .is_any = count > 0 };
    struct param *at[] = { &s.word, &s.word2, &s.word3 }, *end[] = { &s.word_end, &s.word2_end, &s.word3_end };
    static const char *const names[][2] = { { "word", "word_end" }, { "word2", "word2_end" }, { "word3", "word3_end" } };
    for (int i = 0; i < SEARCH_WORDS; i++) {
        *at[i] = i < count ? P_TEXT(names[i][0], words[i]) : P_ABSENT(names[i][0]);
        *end[i] = i < count ? P_TEXT(names[i][1], word_end(c->arena, words[i])) : P_ABSENT(names[i][1]);
    }
    return s;
}

struct word_search word_filter(struct ctx *c, const char *name)
{
    struct param typed = filter_text(c, name);
    return word_search(c, typed.kind == PARAM_TEXT ? typed.data : "");
}

struct err *word_search_cut(struct ctx *c, const char *kind, const struct word_search *s)
{
    struct doc *row = NULL;
    if (s->is_any)
        TRY(ctx_row(c, &sql_word_cut, PARAMS(P_TEXT("kind", kind), s->word, s->word_end), &row));
    doc_set_bool(web_page(c), "is_search_cut", doc_bool_of(row, "is_cut"));
    return NULL;
}
