#include "lib/look.h"
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <sqlite3.h>
#include "base/text.h"
#include "lib/world.h"

enum { DIGEST_BYTES = 20000, BUSY_MS = 5000 };

/* ---- SQLite ---- */

static sqlite3 *sqlite_here(struct look *l)
{
    if (!l->sqlite) {
        sqlite3_open(l->address, &l->sqlite);
        sqlite3_busy_timeout(l->sqlite, BUSY_MS);
    }
    return l->sqlite;
}

static const char *sqlite_value(struct look *l, struct arena *a, const char *sql, const char **ret_value)
{
    sqlite3 *db = sqlite_here(l);
    sqlite3_stmt *stmt = NULL;
    const char *wrong = "";
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK && !sqlite3_stmt_readonly(stmt))
        l->digest = NULL;               /* one's own changes do not count for data_version */
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW && sqlite3_column_text(stmt, 0))
        *ret_value = arena_text(a, (const char *)sqlite3_column_text(stmt, 0));
    else if (code != SQLITE_ROW && code != SQLITE_DONE)
        wrong = arena_text(a, sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    return wrong;
}

static sqlite3_stmt *sqlite_asked(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return stmt;
}

static int64_t sqlite_version(sqlite3 *db)
{
    sqlite3_stmt *stmt = sqlite_asked(db, "PRAGMA data_version");
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t version = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return version;
}

static const char *table_hash(sqlite3 *db, struct arena *a, const char *sql)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    sqlite3_stmt *rows = sqlite_asked(db, sql);
    int code;
    crypto_hash_sha256_init(&state);
    for (; (code = sqlite3_step(rows)) == SQLITE_ROW; crypto_hash_sha256_update(&state, (const unsigned char *)"|", 1))
        crypto_hash_sha256_update(&state, sqlite3_column_text(rows, 0), (size_t)sqlite3_column_bytes(rows, 0));
    if (code != SQLITE_DONE)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(rows);
    crypto_hash_sha256_final(&state, hash);
    return text_hex(a, hash, sizeof hash);
}

static const char *sqlite_tables_digest(sqlite3 *db, struct arena *a, int64_t but_org_id)
{
    sqlite3_stmt *tables = sqlite_asked(db, "SELECT m.name, group_concat('quote(\"' || c.name || '\")', '||'',''||'), "
        "CASE WHEN m.name = 'organization' THEN 'id' WHEN MAX(c.name = 'org_id') THEN 'org_id' END FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name ORDER BY m.name");
    struct buf out;
    int code;
    buf_init(&out, a, DIGEST_BYTES);
    while ((code = sqlite3_step(tables)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0), *row = (const char *)sqlite3_column_text(tables, 1), *org = (const char *)sqlite3_column_text(tables, 2);
        const char *where = but_org_id && org ? arena_printf(a, " WHERE COALESCE(%s, 0) <> %lld", org, (long long)but_org_id) : "";
        buf_printf(&out, "%s %s\n", name, table_hash(db, a, arena_printf(a, "SELECT %s FROM \"%s\"%s ORDER BY 1", row, name, where)));
    }
    assert_int_equal(code, SQLITE_DONE);
    sqlite3_finalize(tables);
    return buf_end(&out);
}

static const char *sqlite_digest(struct look *l, struct arena *a, int64_t but_org_id)
{
    sqlite3 *db = sqlite_here(l);
    int64_t version = sqlite_version(db);     /* of before: a commit in between makes the next one new */
    if (!l->digest || l->digest_version != version || l->digest_but != but_org_id)
        l->digest = sqlite_tables_digest(db, a, but_org_id);
    l->digest_version = version;
    l->digest_but = but_org_id;
    return l->digest;
}

/* ---- PostgreSQL ---- */

/* A connection that the server has ended meanwhile is made anew: what was asked on it has not been done. */
static PGresult *postgresql_asked(struct look *l, const char *sql)
{
    if (!l->postgresql)
        l->postgresql = PQconnectdb(l->address);
    PGresult *result = PQexec(l->postgresql, sql);
    if (PQstatus(l->postgresql) != CONNECTION_BAD)
        return result;
    PQclear(result);
    PQreset(l->postgresql);
    return PQexec(l->postgresql, sql);
}

static const char *postgresql_value(struct look *l, struct arena *a, const char *sql, const char **ret_value)
{
    const char *wrong = "";
    PGresult *result = postgresql_asked(l, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        wrong = arena_text(a, PQerrorMessage(l->postgresql));
    else if (PQntuples(result) > 0)
        *ret_value = arena_text(a, PQgetvalue(result, 0, 0));
    PQclear(result);
    return wrong;
}

/* One statement over all tables, made by another. */
static const char *postgresql_digest(struct look *l, struct arena *a, int64_t but_org_id)
{
    const char *all = "", *digest = "", *where = but_org_id ? arena_printf(a,
        "CASE WHEN t.tablename = 'organization' THEN ' WHERE COALESCE(id, 0) <> %lld' WHEN 0 < (SELECT COUNT(*) FROM information_schema.columns c "
        "WHERE c.table_schema = 'public' AND c.table_name = t.tablename AND c.column_name = 'org_id') THEN ' WHERE COALESCE(org_id, 0) <> %lld' ELSE '' END",
        (long long)but_org_id, (long long)but_org_id) : "''";
    const char *wrong = postgresql_value(l, a, arena_printf(a, "SELECT 'SELECT string_agg(line, '''' ORDER BY line COLLATE \"C\") FROM (' || string_agg("
        "'SELECT ''' || t.tablename || ' '' || md5(COALESCE(string_agg(x, ''|'' ORDER BY x COLLATE \"C\"), '''')) || chr(10) AS line "
        "FROM (SELECT r::text AS x FROM ' || quote_ident(t.tablename) || ' r' || %s || ') q', ' UNION ALL ') || ') lines' FROM pg_tables t WHERE t.schemaname = 'public'", where), &all);
    if (!*wrong)
        wrong = postgresql_value(l, a, all, &digest);
    if (*wrong)
        fail_msg("%s: %s", all, wrong);
    return digest;
}

/* ---- Both ---- */

void look_close(struct look *l)
{
    sqlite3_close(l->sqlite);
    PQfinish(l->postgresql);
    l->sqlite = NULL;
    l->postgresql = NULL;
    l->digest = NULL;
}

const char *look_value(struct look *l, struct arena *a, const char *sql, const char **ret_value)
{
    const char *wrong = l->kind == DB_SQLITE ? sqlite_value(l, a, sql, ret_value) : postgresql_value(l, a, sql, ret_value);
    if (l->is_brief)
        look_close(l);
    return wrong;
}

const char *look_digest(struct look *l, struct arena *a, int64_t but_org_id)
{
    const char *digest = l->kind == DB_SQLITE ? sqlite_digest(l, a, but_org_id) : postgresql_digest(l, a, but_org_id);
    if (l->is_brief)
        look_close(l);
    return digest;
}
