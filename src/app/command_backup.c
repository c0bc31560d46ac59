#include "app/command_backup.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "app/backup.h"
#include "app/backup_file.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/text.h"

enum { NIGHTS_MOST = 4096 };

struct order {
    const char *folder, *below, *keep;
    struct settings settings;
    bool is_json;
};

static int backup_help(void)
{
    fputs("mandat backup FOLDER [--data DIR | --database ADDRESS] [--json]\n"
          "mandat backup --below FOLDER [--keep N] …   into FOLDER/mandat-YYYYMMDD-HHMMSS; of those that are whole the newest N stay\n"
          "The server may run. With PostgreSQL, pg_dump comes first: the command says how. The server's key is never part of a backup.\n"
          "Status 0: made; 1: not made, or a kept file is missing or damaged; 2: not understood.\n", stderr);
    return 2;
}

static int restore_help(void)
{
    fputs("mandat restore FOLDER --data DIR [--database ADDRESS] [--json]\n"
          "DIR must be empty, or hold server.key alone. Every file and the whole journal are proved first.\n"
          "Status 0: restored; 1: refused, with what is wrong; 2: not understood.\n", stderr);
    return 2;
}

static bool order_read(struct order *o, int argc, char **argv)
{
    const struct word words[] = {
        { "--below", &o->below }, { "--keep", &o->keep }, { "--json", .is_set = &o->is_json }, { "--data", &o->settings.data },
        { "--database", &o->settings.database }, { 0 },
    };
    return words_read(words, argc, argv, &o->folder, 1);
}

static void print_json(struct arena *a, const struct doc *report)
{
    struct buf json;
    buf_init(&json, a, (size_t)64 * 1024 * 1024);
    doc_json(report, &json);
    puts(buf_end(&json));
}

static const char *time_text(struct arena *a, int64_t at_ms, bool is_for_name)
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm t;
    gmtime_r(&seconds, &t);
    return is_for_name ? arena_printf(a, "%04d%02d%02d-%02d%02d%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec)
        : arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static void print_faults(const struct doc *report, FILE *out)
{
    const struct doc *faults = doc_get(report, "faults");
    for (size_t i = 0; i < doc_count(faults); i++)
        fprintf(out, "%s: %s\n", doc_text_of(doc_at(faults, i), "path"), doc_text_of(doc_at(faults, i), "what"));
}

static void backup_print(struct arena *a, const struct doc *report)
{
    print_faults(report, stderr);
    printf("Backup of %s in %s\n", time_text(a, doc_int_of(report, "made_at"), false), doc_text_of(report, "folder"));
    printf("%lld files, %lld bytes; journal: %lld entries in %lld logs; schema %s\n", (long long)doc_int_of(report, "files"),
        (long long)doc_int_of(report, "size_bytes"), (long long)doc_int_of(report, "entries"), (long long)doc_int_of(report, "logs"), doc_text_of(report, "schema"));
    printf("Manifest, SHA-256: %s\n", doc_text_of(report, "manifest"));
    if (doc_count(doc_get(report, "faults")))
        puts("Files named above were missing or damaged before the backup: the rest is in it");
    puts("The server's key is not in it: keep that elsewhere");
}

/* ---- --below, --keep ---- */

static int newest_first(const void *a, const void *b) { return strcmp(*(const char *const *)b, *(const char *const *)a); }

static bool is_night(const char *name) { return strncmp(name, "mandat-", 7) == 0 && strlen(name) == 22 && strspn(name + 7, "0123456789-") == 15; }

/* Older ones go only when there are N whole ones beside them; what bears another name is never touched. */
static void nights_drop(struct arena *a, const char *below, int64_t keep)
{
    const char **names = ARENA_ARRAY(a, const char *, NIGHTS_MOST);
    size_t count = 0;
    DIR *folder = opendir(below);
    for (struct dirent *entry; folder && (entry = readdir(folder)) && count < NIGHTS_MOST;)
        if (is_night(entry->d_name) && access(arena_printf(a, "%s/%s/manifest.sha256", below, entry->d_name), F_OK) == 0)
            names[count++] = arena_text(a, entry->d_name);
    if (folder)
        closedir(folder);
    qsort(names, count, sizeof *names, newest_first);
    for (size_t i = (size_t)keep; i < count; i++)
        folder_remove(arena_printf(a, "%s/%s", below, names[i]));
}

int command_backup(struct arena *a, int argc, char **argv)
{
    struct order o = { 0 };
    struct doc *report = NULL;
    int64_t keep = 0, now_ms = clock_now_ms();
    struct err *e = settings_read(a, &o.settings);
    if (e)
        return command_fail(e);
    if (!order_read(&o, argc, argv) || !o.folder == !o.below || (o.keep && (!o.below || !text_int(o.keep, &keep) || keep < 1)))
        return backup_help();
    if (o.below)
        o.folder = arena_printf(a, "%s/mandat-%s", o.below, time_text(a, now_ms, true));
    struct backup_ask ask = { .folder = o.folder, .files = arena_printf(a, "%s/files", o.settings.data), .now_ms = now_ms,
        .database = settings_database(a, &o.settings) };
    e = backup_make(a, &ask, &report);
    if (e)
        return command_fail(e);
    if (keep)
        nights_drop(a, o.below, keep);
    if (o.is_json)
        print_json(a, report);
    else
        backup_print(a, report);
    return doc_count(doc_get(report, "faults")) != 0;
}

static void restore_print(struct arena *a, const struct doc *report)
{
    print_faults(report, stderr);
    if (!doc_bool_of(report, "is_restored")) {
        fputs("Nothing was restored: this backup is not what its manifest says\n", stderr);
        return;
    }
    printf("Restored to %s, as it was on %s\n", doc_text_of(report, "data"), time_text(a, doc_int_of(report, "made_at"), false));
    printf("%lld files, %lld bytes, each as the manifest says; journal: %lld entries in %lld logs, proved\n", (long long)doc_int_of(report, "files"),
        (long long)doc_int_of(report, "size_bytes"), (long long)doc_int_of(report, "entries"), (long long)doc_int_of(report, "logs"));
    if (doc_int_of(report, "lost"))
        printf("%lld entries of the manifest came after the dump and are lost\n", (long long)doc_int_of(report, "lost"));
    printf("Epoch %lld is open: every log has an entry that cites where the backup ended\n", (long long)doc_int_of(report, "epoch"));
    if (doc_bool_of(report, "is_key_there"))
        printf("The server's key is at %s\n", doc_text_of(report, "key_file"));
    else
        printf("The server's key is missing at %s: put it there before the server starts. Without it a new one is made, and links mailed earlier lead nowhere\n",
            doc_text_of(report, "key_file"));
}

int command_restore(struct arena *a, int argc, char **argv)
{
    struct order o = { 0 };
    struct doc *report = NULL;
    struct err *e = settings_read(a, &o.settings);
    if (e)
        return command_fail(e);
    if (!order_read(&o, argc, argv) || !o.folder || o.below || o.keep)
        return restore_help();
    struct restore_ask ask = { .folder = o.folder, .data = o.settings.data, .database = o.settings.database, .key_file = o.settings.key_file, .now_ms = clock_now_ms() };
    e = backup_restore(a, &ask, &report);
    if (e)
        return command_fail(e);
    if (o.is_json)
        print_json(a, report);
    else
        restore_print(a, report);
    return !doc_bool_of(report, "is_restored");
}
