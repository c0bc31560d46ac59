/* Transactions on SQLite: who writes when, and acts that are committed together (docs/decisions/0013-group-commit.md).

   Writers take turns by a lock in the store, so that nobody polls for the file's lock, and wait for other processes by busy_timeout.
   They all write through the store's one connection. An act (DB_ACT) that is done while others wait for their turn leaves the transaction open:
   the next act goes on in it, within a savepoint, and whoever is done when nobody waits commits for all of them, with one sync. Each
   is told after that commit, and what it says. A writer that wants to be alone (DB_WRITE) commits what is open before it begins. */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include "base/clock.h"
#include "db/sqlite_inside.h"

enum { TURN_WAIT_S = 10, GROUP_MOST_US = 20 * 1000 };   /* a group older than this takes no more acts: those that are done wait for it */

/* ---- turns ---- */

static bool turn_take(struct db *db)
{
    struct store *s = db->store;
    struct sqlite *own = db->own;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TURN_WAIT_S;
    int rc = 0;
    pthread_mutex_lock(&s->lock);
    s->waiting++;
    while (s->has_writer && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&s->writer_left, &s->lock, &until);
    s->waiting--;
    own->has_turn = !s->has_writer;
    s->has_writer = true;
    pthread_mutex_unlock(&s->lock);
    return own->has_turn;
}

/* To the next writer, or, where there is none, to one of those who wait for the common commit. */
static void turn_give(struct db *db)
{
    struct store *s = db->store;
    struct sqlite *own = db->own;
    if (!own->has_turn)
        return;
    own->has_turn = false;
    pthread_mutex_lock(&s->lock);
    s->has_writer = false;
    pthread_cond_signal(s->waiting ? &s->writer_left : &s->group_over);
    pthread_mutex_unlock(&s->lock);
}

/* ---- the connection that writes; with the turn ---- */

static struct err *writer_open(struct store *s, struct arena *a)
{
    if (s->writer)
        return NULL;
    struct db *writer = db_new(s);
    struct err *e = connection_open(writer, a);
    if (!e) {
        s->writer = writer;
        return NULL;
    }
    connection_close(writer);
    db_free(writer);
    return e;
}

/* The last connection takes it along. */
static void writer_close(struct db *last)
{
    struct store *s = last->store;
    if (!turn_take(last))
        return;
    if (s->writer && s->open_count == 0) {
        connection_close(s->writer);
        db_free(s->writer);
        s->writer = NULL;
    }
    turn_give(last);
}

static int writer_exec(struct store *s, const char *sql)
{
    struct sqlite *writer = s->writer->own;
    return sqlite3_exec(writer->connection, sql, NULL, NULL, NULL);
}

/* Some errors have rolled back already. */
static bool writer_is_out(struct store *s)
{
    struct sqlite *writer = s->writer->own;
    return sqlite3_get_autocommit(writer->connection) != 0;
}

static void writer_rollback(struct store *s)
{
    if (!writer_is_out(s))
        (void)writer_exec(s, "ROLLBACK");
}

/* ---- groups; with the turn ---- */

/* Everybody in the group is told how it ended. */
static void group_tell(struct store *s, int outcome, const char *fault)
{
    pthread_mutex_lock(&s->lock);
    for (struct sqlite *m = s->members; m; m = m->next_member) {
        m->outcome = outcome;
        snprintf(m->fault, sizeof m->fault, "%s", fault);
        m->is_member = false;
    }
    s->members = NULL;
    pthread_cond_broadcast(&s->group_over);
    pthread_mutex_unlock(&s->lock);
}

static void group_end(struct store *s)
{
    struct sqlite *writer = s->writer->own;
    char fault[sizeof writer->fault] = "";
    int rc = sqlite_step_once(writer->commit);
    if (rc != SQLITE_OK)
        snprintf(fault, sizeof fault, "%s", sqlite3_errmsg(writer->connection));
    writer_rollback(s);
    group_tell(s, rc, fault);
}

/* Gives the turn back and waits for the commit of all; makes it where nobody else writes or wants to. */
static void group_join(struct db *db)
{
    struct store *s = db->store;
    struct sqlite *own = db->own;
    pthread_mutex_lock(&s->lock);
    own->is_member = true;
    own->next_member = s->members;
    s->members = own;
    own->has_turn = s->has_writer = false;
    if (s->waiting)
        pthread_cond_signal(&s->writer_left);
    while (own->is_member && (s->has_writer || s->waiting))
        pthread_cond_wait(&s->group_over, &s->lock);
    bool is_last = own->is_member;
    if (is_last)
        own->has_turn = s->has_writer = true;
    pthread_mutex_unlock(&s->lock);
    if (is_last)
        group_end(s);
    turn_give(db);
}

/* An act that fails in a group undoes what it did itself. Where that cannot be done, nobody's is kept. */
static void group_undo(struct store *s)
{
    if (!writer_is_out(s) && writer_exec(s, "ROLLBACK TO act; RELEASE act") == SQLITE_OK)
        return;
    writer_rollback(s);
    group_tell(s, SQLITE_IOERR, "the transaction of several acts was rolled back");
}

/* ---- of the driver ---- */

struct err *sqlite_open(struct db *db, struct arena *a)
{
    db->own = ARENA_NEW(&db->memory, struct sqlite);
    if (!turn_take(db))                  /* a new file becomes WAL once */
        return ERR(a, ERR_BUSY, "another thread writes for too long");
    struct err *e = connection_open(db, a);
    turn_give(db);
    return e;
}

void sqlite_close(struct db *db)
{
    connection_close(db);
    if (db->store->open_count == 0)
        writer_close(db);
}

static struct err *write_begin(struct db *db, struct arena *a, enum db_mode mode)
{
    struct store *s = db->store;
    struct sqlite *own = db->own;
    TRY(writer_open(s, a));
    struct sqlite *writer = s->writer->own;
    if (s->members && (mode != DB_ACT || clock_monotonic_us() - s->group_at_us > GROUP_MOST_US))
        group_end(s);
    own->has_savepoint = s->members != NULL;
    if (!own->has_savepoint)
        s->group_at_us = clock_monotonic_us();
    int rc = sqlite_step_once(own->has_savepoint ? writer->savepoint : writer->begin[DB_WRITE]);
    db->on = s->writer;
    return rc == SQLITE_OK ? NULL : SQLITE_FAULT(s->writer, a, rc, "begin");
}

struct err *sqlite_begin(struct db *db, struct arena *a, enum db_mode mode)
{
    struct sqlite *own = db->own;
    if (mode == DB_READ) {
        int rc = sqlite_step_once(own->begin[DB_READ]);
        return rc == SQLITE_OK ? NULL : SQLITE_FAULT(db, a, rc, "begin");
    }
    if (!turn_take(db))
        return ERR(a, ERR_BUSY, "another thread writes for too long");
    struct err *e = write_begin(db, a, mode);
    if (e)
        turn_give(db);
    return e;
}

static void read_end(struct db *db)
{
    struct sqlite *own = db->own;
    (void)sqlite_step_once(own->commit);              /* prepared; what was only read is as well committed */
    if (!sqlite3_get_autocommit(own->connection))
        sqlite3_exec(own->connection, "ROLLBACK", NULL, NULL, NULL);
}

/* In a group what it said may rest on what others have not committed: so it waits for them as well. */
void sqlite_rollback(struct db *db)
{
    struct sqlite *own = db->own;
    if (db->mode == DB_READ) {
        read_end(db);
        return;
    }
    if (own->has_savepoint)
        group_undo(db->store);
    else
        writer_rollback(db->store);
    if (db->store->members)
        group_join(db);
    else
        turn_give(db);
}

/* References that are looked at no earlier than at the commit: one that is broken must not fail the others of the group. */
static bool has_broken(struct store *s)
{
    struct sqlite *writer = s->writer->own;
    int broken = 0, most = 0;
    sqlite3_db_status(writer->connection, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &most, 0);
    return broken != 0;
}

static struct err *commit_alone(struct db *db, struct arena *a)
{
    struct store *s = db->store;
    struct sqlite *writer = s->writer->own;
    int rc = sqlite_step_once(writer->commit);
    struct err *e = rc == SQLITE_OK ? NULL : SQLITE_FAULT(s->writer, a, rc, "commit");
    sqlite_rollback(db);                 /* after a commit: gives the turn back */
    return e;
}

struct err *sqlite_commit(struct db *db, struct arena *a)
{
    struct sqlite *own = db->own;
    if (db->mode == DB_READ) {
        read_end(db);
        return NULL;
    }
    if (db->mode == DB_WRITE || (!own->has_savepoint && has_broken(db->store)))
        return commit_alone(db, a);
    struct sqlite *writer = db->store->writer->own;
    int rc = has_broken(db->store) ? SQLITE_CONSTRAINT_FOREIGNKEY : own->has_savepoint ? sqlite_step_once(writer->release) : SQLITE_OK;
    if (rc != SQLITE_OK) {
        sqlite_rollback(db);
        return ERR(a, sqlite_code(rc), "commit: %s (%d)", sqlite3_errstr(rc), rc);
    }
    group_join(db);
    return own->outcome == SQLITE_OK ? NULL : ERR(a, sqlite_code(own->outcome), "commit: %s (%d)", own->fault, own->outcome);
}
