#pragma once
/* UTF-8 text: checks, keys for comparing and sorting, small conversions. Knows no language but the one it is
   given. Results come from the arena. */
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include "base/arena.h"

bool text_is_utf8(const char *text, size_t len);                 /* well-formed UTF-8, no NUL */
bool text_is_clean(const char *text, bool with_lines);           /* no control characters; tab and line ends where with_lines */
size_t text_chars(const char *text);                             /* code points */
char *text_trim(struct arena *a, const char *text);              /* without white space (also U+00A0, U+202F) at both ends; CRLF → LF */
bool text_starts(const char *text, const char *start);
bool text_same(const char *a, const char *b);                    /* both NULL or both equal */
bool text_int(const char *text, int64_t *ret_number);            /* the whole text is a decimal number, no sign but '-', no overflow */

/* Keys are made by ICU, never by the database. email_key: trimmed, NFKC, case folded (the part before @ as well).
   name_key: NFKD without marks, case folded, white space and punctuation as one space: sorts and searches
   « Écart » beside « ecart ». */
char *text_email_key(struct arena *a, const char *email);
char *text_name_key(struct arena *a, const char *name);
/* The next word of a name key, for tables of words that are searched by: cut to TEXT_WORD_BYTES on a character's edge; *key then stands behind it.
   NULL at the end. */
enum { TEXT_WORD_BYTES = 60 };
const char *text_word_next(struct arena *a, const char **key);
bool text_is_email(const char *email);                           /* what a browser accepts for type=email, 254 bytes at most */

char *text_hex(struct arena *a, const void *data, size_t len);
char *text_base64url(struct arena *a, const void *data, size_t len);                                  /* no padding */
bool text_base64url_read(struct arena *a, const char *text, unsigned char **ret_data, size_t *ret_len); /* strict: one text a value */
char *text_url_encode(struct arena *a, const char *text);        /* everything but unreserved (RFC 3986) becomes %XX */
