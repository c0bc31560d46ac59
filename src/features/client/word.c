#include "features/client/word.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"

enum { WORD_BYTES = 60, SEARCH_WORDS = 3 };

/* The next word of a key (its words stand apart by one space), shortened to WORD_BYTES on a character's edge; NULL at the end. */
static const char *word_next(struct arena *a, const char **key)
{
    if (!**key)
        return NULL;
    size_t len = strcspn(*key, " "), kept = len;
    if (kept > WORD_BYTES)
        for (kept = WORD_BYTES; kept && ((unsigned char)(*key)[kept] & 0xC0) == 0x80;)
            kept--;
    const char *word = arena_copy(a, *key, kept);
    *key += len + ((*key)[len] == ' ');
    return word;
}

/* A single letter ("l’Hostis", "C-00482") finds too much to be kept beside longer words. */
static bool is_letter(const char *word) { return text_chars(word) < 2; }

static int words_of(struct arena *a, const char *const *texts, const char *words[WORDS_MOST])
{
    int count = 0;
    for (; *texts; texts++) {
        const char *key = text_name_key(a, *texts);
        bool is_alone = !strchr(key, ' ');
        for (const char *word; count < WORDS_MOST && (word = word_next(a, &key));) {
            bool is_dropped = !is_alone && is_letter(word);
            for (int i = 0; i < count; i++)
                is_dropped |= strcmp(words[i], word) == 0;
            if (!is_dropped)
                words[count++] = word;
        }
    }
    return count;
}

struct err *word_add(struct ctx *c, const char *kind, int64_t id, const char *const *texts)
{
    const char *words[WORDS_MOST];
    int count = words_of(c->arena, texts, words);
    for (int i = 0; i < count; i++)
        TRY(ctx_run_any(c, &sql_word_add, PARAMS(P_TEXT("kind", kind), P_TEXT("word", words[i]), P_INT("id", id)), NULL));
    return NULL;
}

struct err *word_put(struct ctx *c, const char *kind, int64_t id, const char *const *texts)
{
    TRY(ctx_run_any(c, &sql_word_clear, PARAMS(P_TEXT("kind", kind), P_INT("id", id)), NULL));
    return word_add(c, kind, id, texts);
}

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
    for (const char *word; count < SEARCH_WORDS && (word = word_next(c->arena, &key));)
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
