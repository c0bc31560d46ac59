#include "app/command_import.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/embedded.h"
#include "app/setting.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/secret.h"
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
    fputs("mandat import clients|contacts FILE --org SLUG [--data DIR | --database ADDRESS]\n"
          "    --dry-run           looks at every row, names what is wrong, writes nothing\n"
          "    --all-or-nothing    writes nothing where a row is wrong; without it the rows that are right are written\n"
          "    --update            a client whose number is there already is changed, instead of being an error\n"
          "    --json              the report as JSON: rows, added, changed, refused, errors [{row, column, message}]\n"
          "    --lang fr|en        of the messages\n"
          "A row is a line of the file, 1 its heading. Status 0: looked at, or written (perhaps without the wrong rows);\n"
          "1: nothing was written because of a wrong row or an unreadable file; 2: not understood.\n", stderr);
    return 2;
}

/* False where a word is not known or lacks its value. */
static bool order_read(struct order *o, int argc, char **argv)
{
    const struct { const char *name; const char **value; } values[] = {
        { "--org", &o->org }, { "--lang", &o->lang }, { "--data", &o->settings.data }, { "--database", &o->settings.database },
    };
    for (int i = 0; i < argc; i++) {
        bool is_known = false;
        for (size_t v = 0; v < sizeof values / sizeof *values && !is_known; v++)
            if (strcmp(argv[i], values[v].name) == 0 && i + 1 < argc) {
                *values[v].value = argv[++i];
                is_known = true;
            }
        if (is_known)
            continue;
        if (strcmp(argv[i], "--dry-run") == 0)
            o->mode = IMPORT_DRY;
        else if (strcmp(argv[i], "--all-or-nothing") == 0)
            o->mode = o->mode == IMPORT_DRY ? IMPORT_DRY : IMPORT_ALL;
        else if (strcmp(argv[i], "--update") == 0)
            o->is_update = true;
        else if (strcmp(argv[i], "--json") == 0)
            o->is_json = true;
        else if (argv[i][0] == '-' || o->path)
            return false;
        else
            *(o->kind ? &o->path : &o->kind) = argv[i];
    }
    return o->path && o->org && (strcmp(o->kind, "clients") == 0 || strcmp(o->kind, "contacts") == 0)
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
    unsigned node = 0;
    secret_init();
    secret_random(&node, sizeof node);
    id_init(node);
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
    const char *address = *o->settings.database ? o->settings.database : arena_printf(a, "%s/mandat.db", o->settings.data);
    TRY(store_open(a, address, &store));
    if (store_kind(store) == DB_SQLITE && access(address, F_OK) != 0)
        return ERR(a, ERR_NOT_FOUND, "there is no database %s", address);
    TRY(db_open(store, a, &db));
    struct err *e = context_make(a, o, db, &c);
    if (!e)
        e = import_act(&c, o, &ask, ret_report);
    if (!e)
        report_print(a, o, *ret_report);               /* its keys live as long as the connection */
    db_close(db);
    store_close(store);
    return e;
}

int command_import(struct arena *a, int argc, char **argv)
{
    struct order o = { .mode = IMPORT_GOOD, .lang = "fr" };
    struct doc *report = NULL;
    struct err *e = settings_read(a, &o.settings);
    if (!e && !order_read(&o, argc, argv))
        return help();
    if (!e)
        e = import_all(a, &o, &report);
    if (e) {
        fprintf(stderr, "mandat: %s (%s)\n", e->detail, e->where);
        return 1;
    }
    return o.mode != IMPORT_DRY && doc_int_of(report, "refused") && !doc_bool_of(report, "is_written");
}
