#include "app/command.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/id.h"
#include "base/secret.h"

bool words_read(const struct word *words, int argc, char **argv, const char **ret_names, int most)
{
    int count = 0;
    for (int i = 0; i < argc; i++) {
        const struct word *word = words;
        while (word->name && strcmp(word->name, argv[i]) != 0)
            word++;
        if (word->is_set)
            *word->is_set = true;
        else if (word->value && i + 1 < argc)
            *word->value = argv[++i];
        else if (argv[i][0] == '-' || count == most)
            return false;
        else
            ret_names[count++] = argv[i];
    }
    return true;
}

struct err *command_open(struct arena *a, const struct settings *s, struct store **ret_store, struct db **ret_db)
{
    const char *address = settings_database(a, s);
    unsigned node = 0;
    secret_init();
    secret_random(&node, sizeof node);
    id_init(node);
    TRY(store_open(a, address, ret_store));
    if (store_kind(*ret_store) == DB_SQLITE && access(address, F_OK) != 0)
        return ERR(a, ERR_NOT_FOUND, "there is no database %s", address);
    return db_open(*ret_store, a, ret_db);
}

void command_close(struct store *store, struct db *db)
{
    if (db)
        db_close(db);
    if (store)
        store_close(store);
}

int command_fail(const struct err *e)
{
    fprintf(stderr, "mandat: %s (%s)\n", e->detail, e->where);
    return 1;
}
