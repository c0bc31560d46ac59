#pragma once
/* Search by words: the table `word` holds the keys of a row's words (clients, contacts, tickets), the same on both databases. A
   search finds rows that have, for each of its first three words, a word that begins so. */
#include "mandate/ctx.h"

#define WORDS_MOST 24       /* of one row */

/* Puts the words of `texts` (ends with NULL) in place of those the row had. */
struct err *word_put(struct ctx *c, const char *kind, int64_t id, const char *const *texts) MUST_CHECK;

/* The same for a row that is new and has none yet. */
struct err *word_add(struct ctx *c, const char *kind, int64_t id, const char *const *texts) MUST_CHECK;

/* A search text as parameters :word and :word_end (the longest word, which leads), :word2 and :word3 with their ends
   (absent where there are fewer). Not found_any: nothing to search for. */
struct word_search {
    bool is_any;
    struct param word, word_end, word2, word2_end, word3, word3_end;
};
struct word_search word_search(struct ctx *c, const char *text);

#define WORD_PARAMS(s) (s).word, (s).word_end, (s).word2, (s).word2_end, (s).word3, (s).word3_end
