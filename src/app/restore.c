#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/backup.h"
#include "app/backup_file.h"
#include "app/embedded.h"
#include "base/secret.h"
#include "mandate/journal.h"

/* Bears this name until all of it is proved: a restore that was broken off leaves no database to serve. */
#define DATABASE_UNPROVED "mandat.db.restoring"

struct restoring {
    struct arena *a;
    const struct restore_ask *ask;
    struct manifest m;
    struct doc *faults;
    const char *database;          /* address of the one that is being brought back */
    bool is_sqlite;
    int64_t size_bytes, entries, logs, lost, epoch;
};

static struct err *asked_check(struct restoring *r)
{
    const struct migration *known = embedded_migrations(r->a);
    bool is_known = false, is_address = *r->ask->database != 0;
    for (; known->name; known++)
        is_known = is_known || strcmp(known->name, r->m.schema) == 0;
    r->is_sqlite = strcmp(r->m.database, "sqlite") == 0;
    if (!is_known)
        return ERR(r->a, ERR_INVALID, "the backup was made by a newer Mandat (its last migration is %s): take that one", r->m.schema);
    if (r->is_sqlite && is_address)
        return ERR(r->a, ERR_INVALID, "this is a backup of SQLite: it comes back into the data folder, without --database or MANDAT_DATABASE");
    if (!r->is_sqlite && !is_address)
        return ERR(r->a, ERR_INVALID, "this is a backup of PostgreSQL. First: pg_restore --no-owner --dbname ADDRESS %s/database.pgdump (into an empty database); then this command with --database ADDRESS",
            r->ask->folder);
    if (!folder_is_empty(r->ask->data, "server.key"))
        return ERR(r->a, ERR_INVALID, "%s is not empty: a backup comes back into a folder that holds nothing (server.key may lie there)", r->ask->data);
    if (mkdir(r->ask->data, 0700) != 0 && errno != EEXIST)
        return ERR(r->a, ERR_INVALID, "%s cannot be made: %s", r->ask->data, strerror(errno));
    r->database = r->is_sqlite ? arena_printf(r->a, "%s/" DATABASE_UNPROVED, r->ask->data) : r->ask->database;
    return NULL;
}

/* Copied and proved in one go. What is not as the manifest says is named, and the others are looked at all the same. */
static struct err *part_bring(struct restoring *r, const struct backup_part *part)
{
    struct backup_part found;
    bool is_database = strcmp(part->path, "mandat.db") == 0, is_dump = strcmp(part->path, "database.pgdump") == 0;
    const char *to = is_database ? r->database : is_dump ? NULL : arena_printf(r->a, "%s/%s", r->ask->data, part->path);
    if (!is_database && !is_dump)
        TRY(part_folders(r->a, r->ask->data, part->path));
    struct err *e = part_copy(r->a, arena_printf(r->a, "%s/%s", r->ask->folder, part->path), to, &found);
    if (e && e->code != ERR_NOT_FOUND)
        return e;
    if (e)
        backup_fault(r->faults, r->a, part->path, "is missing");
    else if (found.size_bytes != part->size_bytes || strcmp(found.hash, part->hash) != 0)
        backup_fault(r->faults, r->a, part->path, "was changed since the backup was made");
    else
        r->size_bytes += part->size_bytes;
    return NULL;
}

static struct err *parts_bring(struct restoring *r)
{
    bool has_database = false;
    for (size_t i = 0; i < r->m.part_count; i++) {
        TRY(part_bring(r, &r->m.parts[i]));
        has_database = has_database || strncmp(r->m.parts[i].path, "files/", 6) != 0;
    }
    if (!has_database)
        backup_fault(r->faults, r->a, "manifest.json", "names no database");
    return NULL;
}

static const struct epoch_head *head_find(const struct epoch_head *heads, size_t count, int64_t log)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = (low + high) / 2;
        if (heads[middle].log == log)
            return &heads[middle];
        if (heads[middle].log < log)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* SQLite's copy ends exactly where the manifest says. A dump of PostgreSQL may end earlier: what is missing is counted as lost. */
static struct err *heads_compare(struct restoring *r, struct db *db)
{
    struct epoch_head *heads = NULL;
    size_t count = 0;
    TRY(db_begin(db, r->a, DB_READ));
    TRY(epoch_heads(r->a, db, &heads, &count));
    db_rollback(db);
    if (r->is_sqlite && count != r->m.head_count)
        backup_fault(r->faults, r->a, "mandat.db", "has not the logs of the manifest");
    for (size_t i = 0; i < r->m.head_count; i++) {
        const struct epoch_head *wanted = &r->m.heads[i], *found = head_find(heads, count, wanted->log);
        int64_t size = found ? found->size : 0;
        bool is_same = found && size == wanted->size && strcmp(found->hash, wanted->hash) == 0;
        if (!r->is_sqlite && size < wanted->size)
            r->lost += wanted->size - size;
        else if (!is_same)
            backup_fault(r->faults, r->a, r->is_sqlite ? "mandat.db" : "database", arena_printf(r->a, "log %lld does not end as the manifest says", (long long)wanted->log));
    }
    return NULL;
}

static struct err *journal_prove(struct restoring *r, struct db *db)
{
    struct doc *report = NULL;
    TRY(journal_verify(r->a, db, &report));
    const struct doc *faults = doc_get(report, "faults");
    for (size_t i = 0; i < doc_count(faults); i++)
        backup_fault(r->faults, r->a, r->is_sqlite ? "mandat.db" : "database", arena_printf(r->a, "journal, log %lld, entry %lld: %s",
            (long long)doc_int_of(doc_at(faults, i), "org_id"), (long long)doc_int_of(doc_at(faults, i), "number"), doc_text_of(doc_at(faults, i), "what")));
    r->entries = doc_int_of(report, "entries");
    r->logs = doc_int_of(report, "logs");
    return heads_compare(r, db);
}

static struct err *epoch_begin(struct restoring *r, struct db *db)
{
    int64_t applied = 0;
    struct ctx c = { .arena = r->a, .db = db, .now_ms = r->ask->now_ms, .doc = doc_map(r->a), .lang = "fr", .address = "" };
    c.who.person_name = c.who.person_email = "";
    TRY(db_migrate(db, r->a, embedded_migrations(r->a), r->ask->now_ms, &applied));
    TRY(db_begin(db, r->a, DB_WRITE));
    TRY(epoch_open(&c, r->m.heads, r->m.hash, r->m.made_at_ms, &r->epoch));
    return db_commit(db, r->a);
}

static struct err *database_bring(struct restoring *r)
{
    struct store *store = NULL;
    struct db *db = NULL;
    TRY(store_open(r->a, r->database, &store));
    struct err *e = db_open(store, r->a, &db);
    if (!e)
        e = journal_prove(r, db);
    if (!e && !doc_count(r->faults))
        e = epoch_begin(r, db);
    if (db) {
        db_rollback(db);
        db_close(db);
    }
    store_close(store);
    return e;
}

static struct err *data_finish(struct restoring *r)
{
    const char *to = arena_printf(r->a, "%s/mandat.db", r->ask->data);
    TRY(folder_flush(r->a, r->ask->data));
    if (r->is_sqlite && rename(r->database, to) != 0)
        return ERR(r->a, ERR_BUSY, "%s: %s", to, strerror(errno));
    return folder_flush(r->a, r->ask->data);
}

static void data_clear(const struct restoring *r)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    for (size_t i = 0; r->is_sqlite && i < sizeof endings / sizeof *endings; i++)
        unlink(arena_printf(r->a, "%s%s", r->database, endings[i]));
    folder_remove(arena_printf(r->a, "%s/files", r->ask->data));
}

static struct doc *restore_report(const struct restoring *r)
{
    struct doc *report = doc_map(r->a);
    doc_set_bool(report, "is_restored", !doc_count(r->faults));
    doc_set_text(report, "data", r->ask->data);
    doc_set_int(report, "made_at", r->m.made_at_ms);
    doc_set_int(report, "files", (int64_t)r->m.part_count);
    doc_set_int(report, "size_bytes", r->size_bytes);
    doc_set_int(report, "entries", r->entries);
    doc_set_int(report, "logs", r->logs);
    doc_set_int(report, "lost", r->lost);
    doc_set_int(report, "epoch", r->epoch);
    doc_set_text(report, "manifest", r->m.hash);
    const char *key = *r->ask->key_file ? r->ask->key_file : arena_printf(r->a, "%s/server.key", r->ask->data);
    doc_set_text(report, "key_file", key);
    doc_set_bool(report, "is_key_there", access(key, F_OK) == 0);
    doc_set(report, "faults", r->faults);
    return report;
}

struct err *backup_restore(struct arena *a, const struct restore_ask *ask, struct doc **ret_report)
{
    struct restoring r = { .a = a, .ask = ask, .faults = doc_list(a) };
    secret_init();
    TRY(manifest_read(a, ask->folder, &r.m));
    TRY(asked_check(&r));
    struct err *e = parts_bring(&r);
    if (!e && !doc_count(r.faults))
        e = database_bring(&r);
    if (!e && !doc_count(r.faults))
        e = data_finish(&r);
    if (e || doc_count(r.faults))
        data_clear(&r);
    if (e)
        return e;
    *ret_report = restore_report(&r);
    return NULL;
}
