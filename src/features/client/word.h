#pragma once
/* Search by words: the table `word` holds the keys of a row's words (clients, contacts, tickets), the same on both databases, and
   word_of all those of one row in a text. A search finds rows that have, for each of its first three words, a word that begins so: the
   first by `word`, the others by what word_of says of the row. */
#include "mandate/ctx.h"

#define WORDS_MOST 24       /* of one row */

/* Puts the words of `texts` (ends with NULL) in place of those the row had. */
struct err *word_put(struct ctx *c, const char *kind, int64_t id, const char *const *texts) MUST_CHECK;

/* The words of many rows that are new and have none yet: gathered, and written in the order of their key, which is several times faster.
   The arena is the batch's alone and is given back with each write. word_batch_write at the end, or the last of them are lost. */
struct word_one { const char *word; int64_t id; };
struct word_batch { const char *kind; struct arena *arena; struct word_one *words; size_t count; };
void word_batch_init(struct word_batch *b, const char *kind, struct arena *a);
struct err *word_batch_add(struct ctx *c, struct word_batch *b, int64_t id, const char *const *texts) MUST_CHECK;
struct err *word_batch_write(struct ctx *c, struct word_batch *b) MUST_CHECK;

/* A search text as parameters :word and :word_end (the longest word, which leads), :word2 and :word3 with their ends
   (absent where there are fewer). Not is_any: nothing to search for. */
struct word_search {
    bool is_any;
    struct param word, word_end, word2, word2_end, word3, word3_end;
};
struct word_search word_search(struct ctx *c, const char *text);
/* Puts on the page whether the list's search looked at the first 2,000 rows alone (is_search_cut, for the partial search_cut). */
struct err *word_search_cut(struct ctx *c, const char *kind, const struct word_search *s) MUST_CHECK;
/* Of what was typed into the filter `name` of a list (filter_text). */
struct word_search word_filter(struct ctx *c, const char *name);

#define WORD_PARAMS(s) (s).word, (s).word_end, (s).word2, (s).word2_end, (s).word3, (s).word3_end
