#pragma once
/* What the commands share: how their words are read, the database opened beside a server that may be running, and how an error is told.
   One thread; what is opened here is closed by command_close, where an error came in between too. */
#include "app/setting.h"
#include "db/db.h"

/* A word with a dash: it takes the next word into *value, or stands alone and sets *is_set. A table ends with name NULL. */
struct word { const char *name; const char **value; bool *is_set; };

/* Words without a dash go to ret_names in their order, at most `most`; the others stay as they were. False where a word is not known, lacks its value or is
   one too many. */
bool words_read(const struct word *words, int argc, char **argv, const char **ret_names, int most);

/* The database of these settings, which must be there: ERR_NOT_FOUND. Ids made from now on are told apart from the server's. */
struct err *command_open(struct arena *a, const struct settings *s, struct store **ret_store, struct db **ret_db) MUST_CHECK;
void command_close(struct store *store, struct db *db);      /* each may be NULL */

int command_fail(const struct err *e);                       /* says it at the terminal; the command's status */
