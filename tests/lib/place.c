#include "lib/place.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libpq-fe.h>
#include "base/id.h"
#include "base/text.h"
#include "lib/world.h"

enum { NODE = 7 };
static const char *const names[] = { [DB_SQLITE] = "sqlite", [DB_POSTGRESQL] = "postgresql" };

/* source: what is copied, SQLite's file or the name of PostgreSQL's database; "" until it is filled. */
static struct { char folder[64], files[80], source[2][400]; int lock; } base = { .lock = -1 };

const char *place_files(void) { return base.files; }

static void base_open(void)
{
    if (base.folder[0])
        return;
    const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(base.folder, sizeof base.folder, "%s/mandat-test-XXXXXX", where);
    if (!mkdtemp(base.folder))
        abort();
    snprintf(base.files, sizeof base.files, "%s/files", base.folder);
    mkdir(base.files, 0700);
    id_init(NODE);
}

static void file_copy(const char *from, const char *to)
{
    char piece[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out)
        abort();
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        fwrite(piece, 1, n, out);
    fclose(in);
    fclose(out);
}

static void folder_copy(const char *from, const char *to)
{
    DIR *folder = opendir(from);
    mkdir(to, 0700);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char source[600], target[600];
        snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
        if (entry->d_name[0] != '.')
            (entry->d_type == DT_DIR ? folder_copy : file_copy)(source, target);
    }
    if (folder)
        closedir(folder);
}

static void folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char name[512];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (unlink(name) != 0)
            folder_remove(name);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

/* ---- PostgreSQL ---- */

__attribute__((format(printf, 2, 3))) static void admin_run(struct world_place *p, const char *format, ...)
{
    char sql[600];
    va_list args;
    va_start(args, format);
    vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    PGresult *result = PQexec(p->admin, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(p->admin));
    PQclear(result);
}

static void admin_open(struct world_place *p, const char *cluster)
{
    p->admin = PQconnectdb(cluster);
    if (PQstatus(p->admin) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(p->admin));
    if (!strstr(cluster, "/postgres?"))
        fail_msg("MANDAT_TEST_POSTGRESQL must name the database postgres");
    admin_run(p, "SET client_min_messages = warning");
}

static void address_make(struct world_place *p, const char *cluster, const char *name)
{
    const char *rest = strstr(cluster, "/postgres?");
    snprintf(p->address, sizeof p->address, "%.*s/%s%s", (int)(rest - cluster), cluster, name, rest + 9);
}

static void postgresql_clean(const char *cluster)
{
    char sql[300];
    PGconn *admin = PQconnectdb(cluster);
    snprintf(sql, sizeof sql, "SELECT datname FROM pg_database WHERE datname = 'mandat_base_%d' OR starts_with(datname, 'mandat_%d_')", (int)getpid(), (int)getpid());
    PGresult *left = PQexec(admin, sql);
    for (int i = 0; i < PQntuples(left); i++) {
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", PQgetvalue(left, i, 0));
        PQclear(PQexec(admin, sql));
    }
    PQclear(left);
    PQfinish(admin);
}

/* ---- Filling ---- */

/* What the filled one is called: SQLite's file in `folder`, PostgreSQL's database by `mark`. */
static void source_name(enum db_kind kind, const char *folder, const char *mark, char ret_name[400])
{
    if (kind == DB_SQLITE)
        snprintf(ret_name, 400, "%s/base.db", folder);
    else
        snprintf(ret_name, 400, "mandat_base_%s", mark);
}

static void base_fill(struct world_place *p, const char *source, place_fill *fill, void *arg)
{
    id_init(NODE);
    if (p->kind == DB_SQLITE) {
        snprintf(p->address, sizeof p->address, "%s", source);
    } else {
        admin_run(p, "DROP DATABASE IF EXISTS %s WITH (FORCE)", source);    /* of a filling that failed */
        admin_run(p, "CREATE DATABASE %s", source);
        address_make(p, getenv("MANDAT_TEST_POSTGRESQL"), source);
    }
    fill(p, arg);
}

/* The file that says that the shared one is there: it holds the last id. */
static bool last_id_read(const char *path, int64_t *ret_id)
{
    char text[40] = "";
    FILE *file = fopen(path, "re");
    bool is_there = file && fgets(text, sizeof text, file) && text_int(text, ret_id);
    if (file)
        fclose(file);
    return is_there;
}

static void last_id_write(const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file || fprintf(file, "%lld", (long long)id_new(0)) < 0 || fclose(file) != 0)
        fail_msg("%s: %s", path, strerror(errno));
}

/* One program at a time; a filling that failed is begun again, and its program still holds the lock. */
static void shared_lock(const char *shared)
{
    char path[400];
    snprintf(path, sizeof path, "%s/lock", shared);
    if (base.lock < 0)
        base.lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (base.lock < 0 || flock(base.lock, LOCK_EX) != 0)
        fail_msg("MANDAT_TEST_BASE: %s: %s", path, strerror(errno));
}

static void shared_take(struct world_place *p, const char *shared, place_fill *fill, void *arg)
{
    char source[400], mark[40], known[400], files[400];
    struct stat about;
    int64_t last_id = 0;
    shared_lock(shared);
    stat(shared, &about);
    snprintf(mark, sizeof mark, "of_%lld", (long long)about.st_ino);
    snprintf(known, sizeof known, "%s/%s", shared, names[p->kind]);
    snprintf(files, sizeof files, "%s/files", shared);
    source_name(p->kind, shared, mark, source);
    if (last_id_read(known, &last_id)) {
        folder_copy(files, base.files);
        id_new(id_time_ms(last_id) + 1);
    } else {
        unlink(source);
        base_fill(p, source, fill, arg);
        folder_copy(base.files, files);
        last_id_write(known);
    }
    snprintf(base.source[p->kind], sizeof base.source[0], "%s", source);
    close(base.lock);
    base.lock = -1;
}

static void base_ready(struct world_place *p, place_fill *fill, void *arg)
{
    char source[400], mark[40];
    const char *shared = getenv("MANDAT_TEST_BASE");
    if (base.source[p->kind][0])
        return;
    if (shared && *shared) {
        shared_take(p, shared, fill, arg);
        return;
    }
    snprintf(mark, sizeof mark, "%d", (int)getpid());
    source_name(p->kind, base.folder, mark, source);
    unlink(source);
    base_fill(p, source, fill, arg);
    snprintf(base.source[p->kind], sizeof base.source[0], "%s", source);
}

/* ---- A test's own ---- */

bool place_open(struct world_place *p, enum db_kind kind, place_fill *fill, void *arg)
{
    static int number;
    const char *cluster = getenv("MANDAT_TEST_POSTGRESQL");
    char mine[64];
    if (kind == DB_POSTGRESQL && (!cluster || !*cluster))
        return false;
    *p = (struct world_place){ .kind = kind };
    base_open();
    snprintf(p->folder, sizeof p->folder, "%s/t-XXXXXX", base.folder);
    if (!mkdtemp(p->folder))
        abort();
    if (kind == DB_POSTGRESQL)
        admin_open(p, cluster);
    base_ready(p, fill, arg);
    snprintf(mine, sizeof mine, "mandat_%d_%d", (int)getpid(), ++number);
    if (kind == DB_SQLITE) {
        snprintf(p->address, sizeof p->address, "%s/test.db", p->folder);
        file_copy(base.source[kind], p->address);
    } else {
        admin_run(p, "CREATE DATABASE %s TEMPLATE %s", mine, base.source[kind]);
        address_make(p, cluster, mine);
    }
    return true;
}

void place_close(struct world_place *p)
{
    if (p->admin) {
        char name[64];
        const char *start = strstr(p->address, "/mandat_") + 1;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(start, "?"), start);
        admin_run(p, "DROP DATABASE %s", name);
        PQfinish(p->admin);
    }
    folder_remove(p->folder);
}

void place_finish(void)
{
    const char *cluster = getenv("MANDAT_TEST_POSTGRESQL");
    if (cluster && *cluster)
        postgresql_clean(cluster);
    if (base.folder[0])
        folder_remove(base.folder);
}
