#include "app/command_mail.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "app/command.h"
#include "app/embedded.h"
#include "app/sandbox.h"
#include "app/spool.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "features/inbound/inbound.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/asset.h"

struct delivery {
    struct settings settings;
    const char *recipient, *sender;      /* of the envelope; NULL: not said */
    struct app app;
    struct ctx c;
    const void *bytes;
    size_t len;
    int spool_lock;
};

static int help(void)
{
    fputs("mandat mail-in [--data DIR | --database ADDRESS] [--to RECIPIENT] [--sender SENDER] < MESSAGE\n"
          "    reads one message and makes a comment of it where it answers a mail about a ticket (docs/operations.md)\n", stderr);
    return EX_USAGE;
}

/* ---- The message, from standard input into a file that has no name any more ---- */

static struct err *spool_fault(struct arena *a, const char *what) { return ERR(a, ERR_BUSY, "%s: %s", what, strerror(errno)); }

/* What is too much is read and thrown away, so that whoever hands it over sees our status and not a broken pipe. */
static struct err *input_copy(struct arena *a, int fd, size_t *ret_len)
{
    static char piece[64 * 1024];
    size_t len = 0;
    for (ssize_t got; (got = read(STDIN_FILENO, piece, sizeof piece)) != 0;) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return spool_fault(a, "the message cannot be read");
        len += (size_t)got;
        for (ssize_t at = 0, done = 0; len <= INBOUND_MOST_BYTES && at < got; at += done)
            if ((done = write(fd, piece + at, (size_t)(got - at))) < 0)
                return spool_fault(a, "the spool cannot be written");
    }
    if (len > INBOUND_MOST_BYTES)
        return ERR(a, ERR_TOO_LARGE, "more than %d bytes", INBOUND_MOST_BYTES);
    *ret_len = len;
    return NULL;
}

static struct err *input_read(struct arena *a, struct delivery *d)
{
    const char *path = arena_printf(a, "%s/in-%lld.mail", d->app.spool, (long long)id_new(clock_now_ms()));
    AUTO(fd) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return spool_fault(a, "the spool cannot be written");
    unlink(path);
    TRY(input_copy(a, fd, &d->len));
    if (!d->len)
        return ERR(a, ERR_BAD, "not a message: nothing came");
    void *data = mmap(NULL, d->len, PROT_READ, MAP_PRIVATE, fd, 0);   /* until the process ends */
    if (data == MAP_FAILED)
        return spool_fault(a, "the message cannot be mapped");
    d->bytes = data;
    return NULL;
}

/* ---- Into the database ---- */

/* As a server opens itself, but for migrations: those are the server's. */
static struct err *app_open(struct arena *a, struct delivery *d)
{
    struct app *app = &d->app;
    const struct settings *s = &d->settings;
    struct tpl_set *tpl = NULL;
    secret_init();
    app->files = arena_printf(a, "%s/files", s->data);
    app->drafts = arena_printf(a, "%s/spool", s->data);
    TRY(spool_open(a, app->drafts, &app->spool, &d->spool_lock));
    app->address = s->address;
    app->reply_domain = s->mail_reply_domain;
    TRY(secret_key_load(a, *s->key_file ? s->key_file : arena_printf(a, "%s/server.key", s->data), false, &app->key));
    app->assets = asset_set_new(a, assets);
    TRY(tpl_set_new(a, embedded_templates(a, app->assets), embedded_langs(), &tpl));
    app->tpl = tpl;
    TRY(command_open(a, s, &app->store, &d->c.db));
    d->c = (struct ctx){ .arena = a, .db = d->c.db, .now_ms = clock_now_ms(), .doc = doc_map(a), .lang = "fr", .address = app->address,
        .reply_domain = app->reply_domain, .tpl = tpl, .key = &app->key, .app = app };
    d->c.who.person_name = d->c.who.person_email = "";
    return NULL;
}

/* What takes strangers' bytes apart may write where data lies, and start nothing. */
static struct err *app_fence(struct arena *a, const struct delivery *d)
{
    bool is_elsewhere = *d->settings.database && store_kind(d->app.store) == DB_SQLITE;
    if (!d->settings.sandbox || is_elsewhere)
        return NULL;
    return sandbox_enter(a, &(struct sandbox_ask){ (const char *const[]){ d->settings.data, NULL }, (const char *const[]){ NULL } });
}

static struct err *take(struct arena *a, struct delivery *d, const struct inbound *mail)
{
    static const char *const ends[] = { [INBOUND_LANDED] = "landed", [INBOUND_ASIDE] = "aside", [INBOUND_DROPPED] = "dropped" };
    enum inbound_end end = INBOUND_DROPPED;
    const char *why = "";
    const struct inbound_ask ask = { mail, d->bytes, d->len, d->recipient, d->sender && (!*d->sender || strcmp(d->sender, "<>") == 0) };
    TRY(db_begin(d->c.db, a, DB_WRITE));
    TRY(inbound_take(&d->c, &ask, &end, &why));
    TRY(db_commit(d->c.db, a));
    log_event("mail_in", LOG_TEXT("end", ends[end]), LOG_TEXT("why", why), LOG_INT("bytes", (int64_t)d->len));
    return NULL;
}

static struct err *deliver(struct arena *a, struct delivery *d)
{
    struct inbound mail;
    TRY(app_open(a, d));
    TRY(app_fence(a, d));
    TRY(input_read(a, d));
    TRY(inbound_read(a, d->bytes, d->len, d->app.spool, &mail));
    struct err *e = take(a, d, &mail);
    db_rollback(d->c.db);
    inbound_drop(&mail);
    return e;
}

/* What is the message's own fault comes back every time it is tried. */
static int status_of(const struct err *e)
{
    return !e ? EX_OK : e->code == ERR_BAD || e->code == ERR_TOO_LARGE ? EX_DATAERR : EX_TEMPFAIL;
}

int command_mail(struct arena *a, int argc, char **argv)
{
    struct delivery d = { 0 };
    struct err *e = settings_read(a, &d.settings);
    const struct word words[] = {
        { "--data", &d.settings.data }, { "--database", &d.settings.database }, { "--to", &d.recipient }, { "--sender", &d.sender }, { 0 },
    };
    if (!e && !words_read(words, argc, argv, NULL, 0))
        return help();
    if (!e && !*d.settings.mail_reply_domain) {
        fputs("mandat: answers by e-mail are off (MANDAT_MAIL_REPLY_DOMAIN)\n", stderr);
        return EX_UNAVAILABLE;
    }
    if (!e)
        e = deliver(a, &d);
    if (e)
        (void)command_fail(e);
    if (d.app.spool)
        spool_close(d.app.spool, d.spool_lock);
    command_close(d.app.store, d.c.db);
    return status_of(e);
}
