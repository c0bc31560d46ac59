#pragma once
/* The document: what a handler makes and what page, JSON and CSV are written from. Values are raw (cents,
   milliseconds, days); formatting is the template's business. Everything lives in one arena; texts given to doc_set_text are
   copied, keys are not (string literals, or from the same arena). Maps keep the order of insertion; a key is there once.

   Names carry meaning, on both databases and in every rendering: `id` and `…_id` are numbers that JSON writes as text
   (JavaScript loses their last digits); `is_…`, `has_…`, `can_…` are booleans. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum doc_kind { DOC_NULL, DOC_BOOL, DOC_INT, DOC_TEXT, DOC_LIST, DOC_MAP };

struct doc;

struct doc *doc_map(struct arena *a);
struct doc *doc_list(struct arena *a);
struct doc *doc_text(struct arena *a, const char *text);   /* NULL gives DOC_NULL */
struct doc *doc_int(struct arena *a, int64_t number);
struct doc *doc_bool(bool is_true);                        /* for a list: takes no memory */

/* A record: a map whose keys are known beforehand and shared with all of its kind (the columns of a query's rows). Its values
   begin as null and are put by place; where anything is set in it by name, it becomes a map of its own. */
struct doc_keys { size_t count; const char *const *names; };                  /* outlives every record made with it */
struct doc *doc_record(struct arena *a, const struct doc_keys *keys, size_t text_bytes);   /* text_bytes: room held for its texts, a NUL each; 0 is fine */
size_t doc_record_text_bytes(const struct doc *record, size_t most);          /* a good room for the next of its kind: what the largest so far needed */
void doc_put_text(struct doc *record, size_t index, const char *text, size_t len);
void doc_put_int(struct doc *record, size_t index, int64_t number);
void doc_put_bool(struct doc *record, size_t index, bool is_true);
struct doc *doc_textn(struct arena *a, const char *text, size_t len);

void doc_set(struct doc *map, const char *key, struct doc *value);            /* replaces */
void doc_set_text(struct doc *map, const char *key, const char *text);        /* NULL sets DOC_NULL */
void doc_set_textn(struct doc *map, const char *key, const char *text, size_t len);
void doc_set_int(struct doc *map, const char *key, int64_t number);
void doc_set_bool(struct doc *map, const char *key, bool is_true);
void doc_set_null(struct doc *map, const char *key);
void doc_push(struct doc *list, struct doc *value);
/* What is shown of a row: the named values of another map (names end with NULL); "" or 0 where it has none. */
void doc_pick_texts(struct doc *map, const struct doc *from, const char *const *names);
void doc_pick_ints(struct doc *map, const struct doc *from, const char *const *names);

enum doc_kind doc_kind(const struct doc *value);                              /* NULL is DOC_NULL */
const struct doc *doc_get(const struct doc *map, const char *key);            /* NULL where absent or no map */
struct doc *doc_get_mut(struct doc *map, const char *key);
size_t doc_count(const struct doc *list_or_map);
const struct doc *doc_at(const struct doc *list_or_map, size_t index);        /* the value */
struct doc *doc_at_mut(struct doc *list_or_map, size_t index);
const char *doc_key_at(const struct doc *map, size_t index);
void doc_drop_last(struct doc *list);                                         /* forgets the last value */

/* Of a value itself; a value of another kind gives "", 0 or false. */
size_t doc_text_len(const struct doc *value);
const char *doc_as_text(const struct doc *value);
int64_t doc_as_int(const struct doc *value);
bool doc_as_bool(const struct doc *value);                                    /* what Mustache calls truthy */
/* Of a key in a map, the same way. */
const char *doc_text_of(const struct doc *map, const char *key);
int64_t doc_int_of(const struct doc *map, const char *key);
bool doc_bool_of(const struct doc *map, const char *key);

void doc_json(const struct doc *value, struct buf *out);                      /* compact; ids as text; safe inside HTML (<, >, & as \u00XX) */
struct err *doc_read_json(struct arena *a, const char *json, size_t len, struct doc **ret_value) MUST_CHECK;  /* jansson; depth 64 at most; reals refused */
struct err *doc_read_json_any(struct arena *a, const char *json, size_t len, struct doc **ret_value) MUST_CHECK;  /* the same, but a real becomes the text of it: data for `mandat tpl` */
struct err *doc_csv(struct arena *a, const struct doc *rows, struct buf *out) MUST_CHECK;  /* list of maps, lists within them left out: ';', UTF-8 with BOM, CRLF; leading = + - @ tab get a ' */
void doc_csv_text(struct buf *out, const char *text);   /* one cell of it: quoted and disarmed where it must be */
