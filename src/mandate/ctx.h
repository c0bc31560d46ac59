#pragma once
/* The context of one unit of work: a request, a job, a command, a test. It carries the clock, the connection, the
   authority and the document; a handler gets nothing else. One thread at a time. Everything reachable from it lives
   in its arena.

   Queries run through it are bound to the authority: :org, :client, :person, :contact, :member, :session, :mandate and :now come from
   here and cannot be passed (assert). */
#include "base/err.h"
#include "base/secret.h"
#include "db/db.h"
#include "doc/doc.h"
#include "mandate/mandate.h"

struct app;   /* the server's own things, src/app */
struct tpl_set;
struct web;   /* the request's part, src/web; NULL in a job */

struct journal_draft {              /* what this act leaves in the journal; see journal.h */
    const char *action;             /* the route's or the job's name */
    const char *object_kind;        /* "ticket" */
    int64_t object_id;
    const char *reason;
    const char *outcome;            /* "done" unless said otherwise */
    struct doc *payload;            /* map; where personal data may stand */
    const char *remote;             /* inside a support session, where the act came from: kept beside the journal, for it goes after a time (S-12) */
    int64_t on_behalf_client_id;    /* whom it was done for, where it is not the authority's own client */
    bool is_wanted;
};

struct ctx {
    struct arena *arena;
    struct db *db;
    int64_t now_ms;
    struct authority who;
    struct doc *doc;                /* map: what page, JSON and CSV are made from */
    const char *lang;               /* "fr", "en": of the reader */
    const char *address;            /* configured: "https://…", no slash at the end; links in mails begin with it */
    const char *reply_domain;       /* configured: where mails are answered; NULL or "": they are not */
    const struct tpl_set *tpl;
    const struct secret_key *key;   /* the server's; derive before use */
    struct journal_draft journal;
    const struct app *app;
    struct web *web;
    void *own;                      /* what a route's prepare hands to its handler */
    struct doc *queries_used;       /* names of the queries that ran, in order; NULL: nobody wants to know (./dev run does) */
};

/* Rows into the document under `key`. */
struct err *doc_rows(struct ctx *c, const char *key, const struct query *q, const struct param *params) MUST_CHECK;
struct err *doc_row(struct ctx *c, const char *key, const struct query *q, const struct param *params) MUST_CHECK;    /* no row: ERR_NOT_FOUND */
struct err *doc_maybe(struct ctx *c, const char *key, const struct query *q, const struct param *params) MUST_CHECK;  /* no row: null */

/* Rows for the handler itself. */
struct err *ctx_rows(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_rows) MUST_CHECK;
struct err *ctx_row(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_row) MUST_CHECK;    /* no row: ERR_NOT_FOUND */
struct err *ctx_maybe(struct ctx *c, const struct query *q, const struct param *params, struct doc **ret_row) MUST_CHECK;  /* no row: NULL */
struct err *ctx_run(struct ctx *c, const struct query *q, const struct param *params) MUST_CHECK;                         /* no row changed: ERR_NOT_FOUND */
struct err *ctx_run_any(struct ctx *c, const struct query *q, const struct param *params, int64_t *ret_changed) MUST_CHECK;

int64_t ctx_id(struct ctx *c);                              /* a new id at the context's time */
/* Who signs what is written here: inside a support session with the partner behind the name (S-12). */
const char *ctx_author(struct ctx *c);
bool ctx_may(const struct ctx *c, enum right right);        /* for showing or hiding; the route's right decides */
