#include "app/backup.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/backup_file.h"
#include "base/secret.h"
#include "mandate/queries.h"

struct making {
    struct arena *a;
    const struct backup_ask *ask;
    struct manifest m;
    struct backup_part *parts;
    struct doc *faults;
    int64_t size_bytes;
};

/* What the database says: heads, schema, which files it names. Everything copied, for it is closed behind this. */
static struct err *database_look(struct making *k, struct db *db, const char ***ret_hashes, size_t *ret_count)
{
    struct arena *a = k->a;
    struct doc *schema = NULL, *files = NULL;
    struct epoch_head *heads = NULL;
    assert(ret_hashes && ret_count);
    TRY(db_begin(db, a, DB_READ));
    struct err *e = epoch_heads(a, db, &heads, &k->m.head_count);
    if (!e)
        e = db_row(db, a, &sql_backup_schema, PARAMS(), &schema);
    if (!e)
        e = db_rows(db, a, &sql_backup_files, PARAMS(), &files);
    const char **hashes = ARENA_ARRAY(a, const char *, doc_count(files) + 1);
    for (size_t i = 0; !e && i < doc_count(files); i++)
        hashes[i] = arena_text(a, doc_text_of(doc_at(files, i), "hash"));
    k->m.heads = heads;
    k->m.schema = arena_text(a, doc_text_of(schema, "name"));
    *ret_hashes = hashes;
    *ret_count = doc_count(files);
    db_rollback(db);
    return e;
}

static struct err *address_look(struct making *k, const char *address, const char *copy_to, const char ***ret_hashes, size_t *ret_count)
{
    struct store *store = NULL;
    struct db *db = NULL;
    TRY(store_open(k->a, address, &store));
    struct err *e = db_open(store, k->a, &db);
    if (!e && copy_to)
        e = db_copy(db, k->a, copy_to);
    else if (!e)
        e = database_look(k, db, ret_hashes, ret_count);
    if (db)
        db_close(db);
    store_close(store);
    return e;
}

static struct err *part_add(struct making *k, const char *path)
{
    struct backup_part part;
    TRY(part_copy(k->a, arena_printf(k->a, "%s/%s", k->ask->folder, path), NULL, &part));
    part.path = path;
    k->parts[k->m.part_count++] = part;
    k->size_bytes += part.size_bytes;
    return NULL;
}

/* SQLite copies itself; what the copy says is what the manifest says, to the entry. PostgreSQL's dump was made before: the heads are
   those of now, the dump may be a little behind them. */
static struct err *database_take(struct making *k, const char ***ret_hashes, size_t *ret_count)
{
    const char *copy = arena_printf(k->a, "%s/mandat.db", k->ask->folder), *dump = arena_printf(k->a, "%s/database.pgdump", k->ask->folder);
    if (strncmp(k->ask->database, "postgresql:", 11) == 0 || strncmp(k->ask->database, "postgres:", 9) == 0) {
        k->m.database = "postgresql";
        return access(dump, R_OK) != 0
            ? ERR(k->a, ERR_INVALID, "PostgreSQL copies itself by its own tool. First: mkdir -m 700 %s && pg_dump --format=custom --file %s \"$MANDAT_DATABASE\" ; then this command again",
                  k->ask->folder, dump)
            : address_look(k, k->ask->database, NULL, ret_hashes, ret_count);
    }
    if (access(k->ask->database, R_OK) != 0)
        return ERR(k->a, ERR_NOT_FOUND, "there is no database at %s", k->ask->database);
    k->m.database = "sqlite";
    TRY(address_look(k, k->ask->database, copy, NULL, NULL));
    return address_look(k, copy, NULL, ret_hashes, ret_count);
}

/* Files come after the database: what it names was there when it was copied, and is never changed. */
static struct err *file_take(struct making *k, const char *hash)
{
    struct backup_part part;
    const char *path = arena_printf(k->a, "files/%.2s/%s", hash, hash), *to = arena_printf(k->a, "%s/%s", k->ask->folder, path);
    TRY(part_folders(k->a, k->ask->folder, path));
    struct err *e = part_copy(k->a, arena_printf(k->a, "%s/%.2s/%s", k->ask->files, hash, hash), to, &part);
    if (e && e->code != ERR_NOT_FOUND)
        return e;
    if (e || strcmp(part.hash, hash) != 0) {
        unlink(to);
        backup_fault(k->faults, k->a, path, e ? "the kept file is missing" : "the kept file was changed: it is not what its name says");
        return NULL;
    }
    part.path = path;
    k->parts[k->m.part_count++] = part;
    k->size_bytes += part.size_bytes;
    return NULL;
}

static struct doc *backup_report(const struct making *k)
{
    struct doc *report = doc_map(k->a);
    int64_t entries = 0;
    for (size_t i = 0; i < k->m.head_count; i++)
        entries += k->m.heads[i].size;
    doc_set_text(report, "folder", k->ask->folder);
    doc_set_int(report, "made_at", k->m.made_at_ms);
    doc_set_text(report, "database", k->m.database);
    doc_set_text(report, "schema", k->m.schema);
    doc_set_int(report, "files", (int64_t)k->m.part_count);
    doc_set_int(report, "size_bytes", k->size_bytes);
    doc_set_int(report, "entries", entries);
    doc_set_int(report, "logs", (int64_t)k->m.head_count);
    doc_set_text(report, "manifest", k->m.hash);
    doc_set(report, "faults", k->faults);
    return report;
}

struct err *backup_make(struct arena *a, const struct backup_ask *ask, struct doc **ret_report)
{
    struct making k = { .a = a, .ask = ask, .faults = doc_list(a), .m.made_at_ms = ask->now_ms, .m.database = "" };
    const char **hashes = NULL;
    size_t count = 0;
    secret_init();
    if (!folder_is_empty(ask->folder, "database.pgdump"))
        return ERR(a, ERR_INVALID, "%s is not empty: a backup wants a folder of its own", ask->folder);
    if (mkdir(ask->folder, 0700) != 0 && errno != EEXIST)
        return ERR(a, ERR_INVALID, "%s cannot be made: %s", ask->folder, strerror(errno));
    TRY(database_take(&k, &hashes, &count));
    k.parts = ARENA_ARRAY(a, struct backup_part, count + 1);
    TRY(part_add(&k, strcmp(k.m.database, "sqlite") == 0 ? "mandat.db" : "database.pgdump"));
    for (size_t i = 0; i < count; i++)
        TRY(file_take(&k, hashes[i]));
    k.m.parts = k.parts;
    TRY(manifest_write(a, ask->folder, &k.m));
    *ret_report = backup_report(&k);
    return NULL;
}
