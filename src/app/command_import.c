#include "app/command_import.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/command.h"
#include "app/embedded.h"
#include "base/clock.h"
#include "base/text.h"
#include "features/transfer/transfer.h"
#include "tpl/tpl.h"
#include "web/queries.h"

enum { FILE_MOST_BYTES = 256 * 1024 * 1024, ERRORS_MOST = 100000 };

struct order {
    const char *kind, *path, *org, *lang;
    struct settings settings;
    enum import_mode mode;
    bool is_update, is_json;
};

static int help(void)
{
    fputs("mandat import clients|contacts|sites|equipment|jobs FILE --org SLUG [--data DIR | --database ADDRESS]\n"
          "    --dry-run           looks at every row, names what is wrong, writes nothing\n"
          "    --all-or-nothing    writes nothing where a row is wrong; without it the rows that are right are written\n"
          "    --update            a row that is there already is changed, instead of being an error\n"
          "    --json              the report as JSON: rows, added, changed, refused, errors [{row, column, message}]\n"
          "    --lang fr|en        of the messages\n"
          "A row is a line of the file, 1 its heading. Status 0: looked at, or written (perhaps without the wrong rows);\n"
          "1: nothing was written because of a wrong row or an unreadable file; 2: not understood.\n", stderr);
    return 2;
}

/* False where a word is not known or lacks its value, or what must be said is not. */
static bool order_read(struct order *o, int argc, char **argv)
{
    const char *names[2] = { NULL };
    bool is_dry = false, is_all = false;
    const struct word words[] = {
        { "--org", &o->org }, { "--lang", &o->lang }, { "--data", &o->settings.data }, { "--database", &o->settings.database }, { "--dry-run", .is_set = &is_dry },
        { "--all-or-nothing", .is_set = &is_all }, { "--update", .is_set = &o->is_update }, { "--json", .is_set = &o->is_json }, { 0 },
    };
    if (!words_read(words, argc, argv, names, 2))
        return false;
    o->kind = names[0];
    o->path = names[1];
    o->mode = is_dry ? IMPORT_DRY : is_all ? IMPORT_ALL : IMPORT_GOOD;
    return o->path && o->org && import_is_kind(o->kind)
        && (strcmp(o->lang, "fr") == 0 || strcmp(o->lang, "en") == 0);
}

/* The file's bytes, mapped until the process ends. */
static struct err *file_map(struct arena *a, const char *path, const void **ret_data, size_t *ret_len)
{
    AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return ERR(a, ERR_NOT_FOUND, "%s cannot be read", path);
    if (st.st_size > FILE_MOST_BYTES)
        return ERR(a, ERR_TOO_LARGE, "%s has more than %d bytes", path, FILE_MOST_BYTES);
    *ret_len = (size_t)st.st_size;
    if (!st.st_size) {
        *ret_data = "";
        return NULL;
    }
    void *data = mmap(NULL, *ret_len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return ERR(a, ERR_INTERNAL, "%s cannot be mapped", path);
    *ret_data = data;
    return NULL;
}

static struct err *context_make(struct arena *a, const struct order *o, struct db *db, struct ctx *c)
{
    struct tpl_set *tpl = NULL;
    int64_t applied = 0;
    TRY(db_migrate(db, a, embedded_migrations(a), clock_now_ms(), &applied));
    TRY(tpl_set_new(a, (const struct tpl_source[]){ { 0 } }, embedded_langs(), &tpl));
    *c = (struct ctx){ .arena = a, .db = db, .now_ms = clock_now_ms(), .doc = doc_map(a), .lang = o->lang, .tpl = tpl, .address = "" };
    c->who.person_name = c->who.person_email = "";
    return NULL;
}

/* Everything in one transaction, with its entry in the journal. */
static struct err *import_act(struct ctx *c, const struct order *o, const struct import_ask *ask, struct doc **ret_report)
{
    struct doc *org = NULL;
    TRY(db_begin(c->db, c->arena, o->mode == IMPORT_DRY ? DB_READ : DB_WRITE));
    TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", o->org)), &org));
    if (!org)
        return ERR(c->arena, ERR_NOT_FOUND, "no organization has the address name %s", o->org);
    c->who.org_id = doc_int_of(org, "id");
    TRY(import_run(c, ask, ret_report));
    if (!doc_bool_of(*ret_report, "is_written"))
        return NULL;
    const char *slash = strrchr(o->path, '/');
    TRY(import_journal(c, slash ? slash + 1 : o->path, *ret_report));
    return db_commit(c->db, c->arena);
}

static void report_print(struct arena *a, const struct order *o, const struct doc *report)
{
    const struct doc *errors = doc_get(report, "errors");
    struct buf json;
    if (o->is_json) {
        buf_init(&json, a, (size_t)128 * 1024 * 1024);
        doc_json(report, &json);
        puts(buf_end(&json));
        return;
    }
    for (size_t i = 0; i < doc_count(errors); i++)
        printf("%s:%lld: %s%s%s\n", o->path, (long long)doc_int_of(doc_at(errors, i), "row"), doc_text_of(doc_at(errors, i), "column"),
            *doc_text_of(doc_at(errors, i), "column") ? ": " : "", doc_text_of(doc_at(errors, i), "message"));
    printf("%lld rows, %lld added, %lld changed, %lld refused%s\n", (long long)doc_int_of(report, "rows"), (long long)doc_int_of(report, "added"),
        (long long)doc_int_of(report, "changed"), (long long)doc_int_of(report, "refused"),
        o->mode == IMPORT_DRY ? " (dry run: nothing is written)" : doc_bool_of(report, "is_written") ? "" : " (nothing is written)");
}

static struct err *import_all(struct arena *a, const struct order *o, struct doc **ret_report)
{
    struct store *store = NULL;
    struct db *db = NULL;
    struct ctx c;
    struct import_ask ask = { .kind = o->kind, .mode = o->mode, .is_update = o->is_update, .errors_most = ERRORS_MOST };
    TRY(file_map(a, o->path, &ask.data, &ask.len));
    struct err *e = command_open(a, &o->settings, &store, &db);
    if (!e)
        e = context_make(a, o, db, &c);
    if (!e)
        e = import_act(&c, o, &ask, ret_report);
    if (!e)
        report_print(a, o, *ret_report);               /* its keys live as long as the connection */
    command_close(store, db);
    return e;
}

int command_import(struct arena *a, int argc, char **argv)
{
    struct order o = { .lang = "fr" };
    struct doc *report = NULL;
    struct err *e = settings_read(a, &o.settings);
    if (!e && !order_read(&o, argc, argv))
        return help();
    if (!e)
        e = import_all(a, &o, &report);
    if (e)
        return command_fail(e);
    return o.mode != IMPORT_DRY && doc_int_of(report, "refused") && !doc_bool_of(report, "is_written");
}
