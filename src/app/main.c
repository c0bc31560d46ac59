/* mandat: the commands. Each is a row of a table: name, words behind it, what it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "app/command.h"
#include "app/command_backup.h"
#include "app/command_import.h"
#include "app/command_mail.h"
#include "app/command_tpl.h"
#include "app/command_user.h"
#include "app/documents.h"
#include "app/embedded.h"
#include "app/feature_list.h"
#include "app/openapi.h"
#include "app/server.h"
#include "base/log.h"
#include "features/demo/demo.h"
#include "mandate/journal.h"
#include "picture/picture.h"
#include "tpl/tpl.h"
#include "web/inside.h"

struct command {
    const char *name;
    const char *words;
    const char *meaning;
    int (*run)(struct arena *a, int argc, char **argv);
};

/* The value behind --name; NULL where it is not there. */
static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 0; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return NULL;
}

static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

static struct err *settings_with(struct arena *a, int argc, char **argv, struct settings *s)
{
    TRY(settings_read(a, s));
    const char *data = option(argc, argv, "--data"), *listen = option(argc, argv, "--listen"), *database = option(argc, argv, "--database");
    if (data)
        s->data = data;
    if (listen)
        s->listen = listen;
    if (database)
        s->database = database;
    return NULL;
}

static int command_config(struct arena *a, int argc, char **argv)
{
    struct settings s;
    struct err *e = settings_with(a, argc, argv, &s);
    if (e)
        return command_fail(e);
    settings_print(&s, stdout);
    return 0;
}

static int serve(struct arena *a, const struct settings *s)
{
    struct server *server = NULL;
    struct err *e = server_open(a, s, &server);
    if (!e)
        e = server_run(server, a);
    int status = e ? command_fail(e) : 0;
    server_close(server);
    return status;
}

static int command_serve(struct arena *a, int argc, char **argv)
{
    struct settings s;
    struct err *e = settings_with(a, argc, argv, &s);
    return e ? command_fail(e) : serve(a, &s);
}

static int command_migrate(struct arena *a, int argc, char **argv)
{
    struct settings s;
    struct server *server = NULL;
    struct err *e = settings_with(a, argc, argv, &s);
    if (!e)
        e = server_open(a, &s, &server);   /* opening migrates */
    int status = e ? command_fail(e) : 0;
    server_close(server);
    return status;
}

static struct err *demo_fill_once(struct server *server, struct arena *a, int scale)
{
    struct db *db = NULL;
    struct ctx c;
    TRY(db_open(server_store(server), a, &db));
    struct err *e = server_ctx(server, a, db, &c);
    if (!e)
        e = demo_fill(&c, scale);
    db_close(db);
    return e;
}

/* Starts anew: the demonstration's own files in its folder are removed first, and nothing else. */
static struct err *demo_clear(struct arena *a, const char *data)
{
    static const char *const names[] = { "mandat.db", "mandat.db-wal", "mandat.db-shm", "demonstration" };
    const char *mark = arena_printf(a, "%s/demonstration", data), *old = arena_printf(a, "%s/mandat.db", data);
    if (access(old, F_OK) == 0 && access(mark, F_OK) != 0)
        return ERR(a, ERR_INVALID, "%s holds a database that is no demonstration: choose another folder", data);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(arena_printf(a, "%s/%s", data, names[i]));
    return NULL;
}

static bool demo_is_there(struct arena *a, const char *data)
{
    return access(arena_printf(a, "%s/demonstration", data), F_OK) == 0;
}

static struct err *demo_mark(struct arena *a, const char *data)
{
    AUTO(file) FILE *f = fopen(arena_printf(a, "%s/demonstration", data), "we");
    return f ? NULL : ERR(a, ERR_INTERNAL, "%s cannot be written", data);
}

static int command_demo(struct arena *a, int argc, char **argv)
{
    struct settings s;
    struct server *server = NULL;
    struct err *e = settings_with(a, argc, argv, &s);
    if (e)
        return command_fail(e);
    const char *scale = option(argc, argv, "--scale"), *port = strrchr(s.listen, ':');
    s.is_demo = true;
    s.shows_makers = has_word(argc, argv, "--explain");
    if (!option(argc, argv, "--data"))
        s.data = "demo-data";
    if (!getenv("MANDAT_ADDRESS") && port)
        s.address = arena_printf(a, "http://localhost%s", port);
    if (!*s.mail_reply_domain)
        s.mail_reply_domain = "reponses.example";   /* /demo/mail answers there */
    bool is_kept = has_word(argc, argv, "--keep") && demo_is_there(a, s.data);
    if (!is_kept)
        e = demo_clear(a, s.data);
    if (!e)
        e = server_open(a, &s, &server);
    if (!e && !is_kept)
        e = demo_mark(a, s.data);
    if (!e && !is_kept)
        e = demo_fill_once(server, a, scale ? (int)strtol(scale, NULL, 10) : 1);
    if (!e && has_word(argc, argv, "--only-fill"))
        fprintf(stderr, "filled\n");
    else if (!e) {
        fprintf(stderr, "mandat: the demonstration is at %s/demo\n", s.address);
        e = server_run(server, a);
    }
    int status = e ? command_fail(e) : 0;
    server_close(server);
    return status;
}

static int command_journal(struct arena *a, int argc, char **argv)
{
    struct settings s;
    struct store *store = NULL;
    struct db *db = NULL;
    struct doc *report = NULL;
    if (argc < 1 || strcmp(argv[0], "verify") != 0) {
        fprintf(stderr, "mandat journal verify [--data DIR] [--database ADDRESS]\n");
        return 2;
    }
    struct err *e = settings_with(a, argc, argv, &s);
    if (!e)
        e = command_open(a, &s, &store, &db);
    if (!e)
        e = journal_verify(a, db, &report);
    if (e) {
        command_close(store, db);
        return command_fail(e);
    }
    const struct doc *faults = doc_get(report, "faults");
    for (size_t i = 0; i < doc_count(faults); i++)
        printf("log %lld, entry %lld: %s\n", (long long)doc_int_of(doc_at(faults, i), "org_id"), (long long)doc_int_of(doc_at(faults, i), "number"),
            doc_text_of(doc_at(faults, i), "what"));
    printf("%lld entries in %lld logs, %zu faults\n", (long long)doc_int_of(report, "entries"), (long long)doc_int_of(report, "logs"), doc_count(faults));
    command_close(store, db);
    return doc_count(faults) ? 1 : 0;
}

static int command_routes(struct arena *a, int argc, char **argv)
{
    if (has_word(argc, argv, "--markdown")) {
        struct buf out;
        buf_init(&out, a, (size_t)16 * 1024 * 1024);
        routes_write(features, &out);
        fwrite(buf_end(&out), 1, out.len, stdout);
        return 0;
    }
    for (const struct feature *const *f = demo_features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern; r++)
            printf("%-4s  %-55s %-20s %-12s %s\n", r->method == METHOD_POST ? "POST" : "GET", r->pattern, right_word(r->right), (*f)->name, r->name);
    return 0;
}

static int command_mandates(struct arena *a, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct buf out;
    struct tpl_set *tpl = NULL;
    struct err *e = tpl_set_new(a, templates, embedded_langs(), &tpl);
    if (e)
        return command_fail(e);
    buf_init(&out, a, (size_t)16 * 1024 * 1024);
    mandates_write(tpl, &out);
    fwrite(buf_end(&out), 1, out.len, stdout);
    return 0;
}

static int command_openapi(struct arena *a, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct buf out;
    struct tpl_set *tpl = NULL;
    struct err *e = tpl_set_new(a, templates, embedded_langs(), &tpl);
    if (e)
        return command_fail(e);
    buf_init(&out, a, (size_t)16 * 1024 * 1024);
    openapi_write(features, tpl, &out);
    fwrite(buf_end(&out), 1, out.len, stdout);
    return 0;
}

enum { DARKROOM_SOCKET = 3 };

static int command_darkroom(struct arena *a, int argc, char **argv)
{
    (void)a, (void)argc, (void)argv;
    return darkroom_serve(DARKROOM_SOCKET);
}

static const struct command commands[] = {
    { "serve", "[--data DIR] [--listen ADDR:PORT]", "serves; settings by MANDAT_… (mandat config)", command_serve },
    { "migrate", "[--data DIR]", "brings the database up to date", command_migrate },
    { "demo", "[--listen ADDR:PORT] [--data DIR] [--scale N] [--keep] [--only-fill] [--explain]", "a fresh demonstration, or the one that is there", command_demo },
    { "organization", "NAME [--operator]", "makes an organization (mandat organization explains)", command_organization },
    { "user", "EMAIL --org SLUG …", "invites a member, or lets a person choose another password (mandat user explains)", command_user },
    { "option", "gallery --org SLUG [--off]", "puts a paid option into an organization's plan, or takes it out (mandat option explains)", command_option },
    { "import", "clients|contacts|sites|equipment|jobs FILE --org SLUG --data DIR [--dry-run] [--json]", "brings in a CSV file (mandat import explains)", command_import },
    { "mail-in", "[--data DIR] [--to RECIPIENT] [--sender SENDER] < MESSAGE", "takes an answer by e-mail (for Postfix, Exim …)", command_mail },
    { "backup", "FOLDER [--data DIR] [--json]", "a proved copy of everything but the key, while the server runs", command_backup },
    { "restore", "FOLDER --data DIR [--json]", "proves a backup, brings it back, opens a new epoch of the journal", command_restore },
    { "journal", "verify [--data DIR]", "proves the journal, or names the rows that were changed", command_journal },
    { "config", "", "explains every setting", command_config },
    { "routes", "[--markdown]", "every address, with the right it asks for (docs/routes.md)", command_routes },
    { "mandates", "", "kinds of mandates and what each gives (docs/mandates.md)", command_mandates },
    { "openapi", "", "the API, described in OpenAPI (docs/openapi.yaml)", command_openapi },
    { "darkroom", "", "makes pictures small, behind a fence: the server starts it and nobody else", command_darkroom },
    { "tpl", "TEMPLATE DATA.json", "renders one file with another", command_tpl },
    { 0 },
};

static int help(int status)
{
    for (const struct command *command = commands; command->name; command++)
        fprintf(status ? stderr : stdout, "mandat %-12s %-46s %s\n", command->name, command->words, command->meaning);
    return status;
}

int main(int argc, char **argv)
{
    struct arena a;
    int status = -1;
    arena_init(&a, (size_t)512 * 1024 * 1024);
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return help(argc < 2 ? 2 : 0);
    for (const struct command *command = commands; command->name && status < 0; command++)
        if (strcmp(argv[1], command->name) == 0)
            status = command->run(&a, argc - 2, argv + 2);
    arena_free(&a);
    return status < 0 ? help(2) : status;
}
