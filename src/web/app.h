#pragma once
/* The server's own things, the same for every unit of work: made once at start by src/app, read by every thread,
   changed by none (the traces have a lock of their own, the shelf of units one thread). Tests make one by hand. */
#include <stdbool.h>
#include "base/secret.h"
#include "db/db.h"
#include "web/web.h"

struct token_counts;
struct traces;
struct asset_set;
struct shelf;
struct draw_desk;
struct darkroom;

struct app {
    const struct feature *const *features;   /* ends with NULL */
    struct store *store;
    const struct tpl_set *tpl;
    const struct asset_set *assets;
    struct secret_key key;                   /* derive before use */
    struct secret_key file_key;              /* derived */
    struct secret_mac_start form_mac;        /* for forms, pagers and counted attempts: of a key derived for "form" */
    const char *address;                     /* "http://localhost:8080" */
    const char *reply_domain;                /* of answers by e-mail; NULL or "": none */
    const char *cookie;                      /* "__Host-mandat", or "mandat" where the address cannot have it */
    bool is_secure;                          /* cookies carry Secure */
    bool is_demo;
    bool shows_makers;                       /* each page ends with a comment: its handler, template and queries (./dev run) */
    const char *files;                       /* folder of kept files */
    const char *spool;                       /* folder of uploads under way: this server's own */
    const char *drafts;                      /* folder of what jobs write in several turns: of all servers */
    int64_t trace_keep_days;                 /* how long the addresses of what was looked at and done in support are kept; 0: as usual */
    int64_t mail_keep_days;                  /* how long messages are kept that have left; 0: as usual */
    struct traces *traces;                   /* NULL: none are kept (tests) */
    struct token_counts *token_counts;       /* NULL: calls by token are not counted (tests) */
    struct shelf *units;                     /* NULL: each request's memory is its own (tests) */
    struct draw_desk *desk;                  /* where PDFs are drawn */
    struct darkroom *darkroom;               /* where pictures are made small; the slow worker's alone; NULL: none is there (tests, commands) */
    int64_t (*now_ms)(void *arg);            /* the clock; tests have their own */
    void *now_arg;
    void (*wake)(void *arg);                 /* tells the worker that there is something to do; may be NULL */
    void *wake_arg;
};
