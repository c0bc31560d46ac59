#pragma once
/* The request's part of a context: private to src/web (and to the tests' library). */
#include "mandate/token.h"
#include "web/app.h"
#include "web/body.h"
#include "web/web.h"

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_PREPARE, STAGE_ACT };

struct value {                       /* one field as read */
    const struct field *field;
    const char *text;                /* as typed, trimmed */
    const char *error;               /* French; NULL: fine */
    struct value *next;
};

struct kept {                        /* a file this act has put in place: gone again where it does not commit */
    const char *path;
    struct kept *next;
};

struct web {
    struct request request;
    struct reply reply;
    bool has_reply;
    enum stage stage;
    enum lane lane;
    const struct route *route;       /* NULL: the address itself has answered (on to another, OPTIONS) */
    const char *allow;               /* what the address takes, where that is to be told */
    struct pair *params;             /* parts of the address */
    struct body_limits limits;
    struct err *body_error;
    bool is_json, is_csv;
    const char *bearer;              /* the token of a program, as it came; NULL: none. Then no cookie counts */
    struct token *token;             /* the same, found */
    /* who and where, for the shell; the authority itself is in the context */
    struct doc *org;                 /* row of the organization whose space this is; NULL outside */
    char space;                      /* 'o' back office, 'p' portal, 'd' partner's, 'x' operator's, 'l' a secure link's, 0 outside */
    const struct doc *staff_of;      /* whose portal was asked for by somebody who works there and is no client of it */
    const char *support_door;        /* where a collaborator enters this space whose session is over; NULL for everybody else */
    const char *cookie_lang;
    /* the form */
    struct value *values;
    const struct field *shown;       /* the form on the page */
    bool is_again;                   /* the page comes again after a wrong input */
    bool goes_on;                    /* it comes, but nothing was wrong: the form goes on there */
    bool is_expired;                 /* the session ended before the form came */
    bool is_lost;                    /* a back office that is not there for this person, or no more: what they typed is theirs, and all that is shown */
    int64_t form_contact_id;         /* as which contact the form was drawn; 0: as none */
    const char *conflict_text, *conflict_href;   /* what came too late: how it stands now, and where that is seen; NULL: nothing */
    bool is_other_client;            /* and another is chosen by now */
    bool is_forbidden;               /* an input that a right is missing for (form_forbidden) */
    const char *form_message;        /* above the whole form; French */
    const char *once;                /* what makes this sending the same as another */
    bool is_twice;
    bool is_unknown;                 /* the connection was lost at the commit, and nobody can say whether it was done */
    struct body_reader *spool_reader; /* tests: closed with the unit */
    struct kept *kept;
    bool has_locks;                  /* of all files that came */
    /* the page */
    struct doc *page;                /* what only the page needs: form, filters, options */
    int status;                      /* of a page that a POST answers with itself; 0: 200 */
    const char *see;                 /* where to go on after a POST */
    const char *notice;
    int64_t started_us;
};

struct unit {                        /* one request from head to end */
    struct arena arena;
    struct ctx c;
    struct web web;
};

/* life.c */
void unit_init(struct unit *u, const struct app *app, int64_t now_ms);
void unit_begin(struct unit *u, const struct app *app, int64_t now_ms);   /* the same with the arena that it has, empty */
enum lane life_go(struct unit *u, struct db *db);
/* route.c */
struct err *route_find(struct ctx *c) MUST_CHECK;      /* sets the route; without one (and without an error) the reply stands */
/* gate.c: the language; who may, before the body; and once more inside a write */
void gate_language(struct ctx *c);
struct err *gate_open(struct ctx *c) MUST_CHECK;
struct err *gate_hold(struct ctx *c) MUST_CHECK;
struct err *gate_lost(struct ctx *c, struct err *e) MUST_CHECK;   /* gives e back; where it says that the mandate is gone, nothing of the space stays on the answer */
struct err *gate_again(struct ctx *c) MUST_CHECK;      /* before a page comes again: an upload may have outlived the access */
const char *gate_sign_in(struct ctx *c);         /* address of the sign-in page for this space */
/* link.c: behind a secure link */
bool link_is_space(const struct route *r);
struct err *gate_link(struct ctx *c) MUST_CHECK;       /* the narrow session alone → authority; nobody on what is open to all */
struct doc *shell_link(struct ctx *c);                 /* the link that opened this page; NULL elsewhere */
/* session.c: a secret of 256 bits for a cookie, and its hash for the database */
const char *cookie_new(struct ctx *c, const char **ret_hash);
/* form.c */
struct err *form_read(struct ctx *c) MUST_CHECK;
struct err *form_once(struct ctx *c) MUST_CHECK;       /* sets is_twice and see where the same form was done before */
struct err *form_done(struct ctx *c) MUST_CHECK;
const char *form_token(struct ctx *c);
const char *form_token_as(struct ctx *c, int64_t contact_id);
void form_keep(struct ctx *c);                         /* what was typed, for the page of an ended session */
/* reply.c */
void cookie_set(struct ctx *c, const char *name, const char *value, int64_t max_age_s);   /* value NULL removes it */
struct err *reply_render(struct ctx *c, const char *template, int status) MUST_CHECK;
void reply_refuse(struct ctx *c, const struct err *e);
void reply_redirect(struct ctx *c, int status, const char *location);
void reply_empty(struct ctx *c, int status);
/* shell.c */
struct doc *shell_new(struct ctx *c, int status);
void shell_other_client(struct ctx *c);          /* names the client a form was drawn for and the one chosen by now, for the page that refuses it */
/* file.c */
void file_discard(struct ctx *c);
/* token.c */
const char *token_bearer(const struct request *r);     /* of the header Authorization; NULL where there is none */
struct err *token_count(struct ctx *c, int64_t token_id) MUST_CHECK;   /* ERR_TOO_MANY: more calls in a minute than a token has */
struct token_counts *token_counts_open(void);
void token_counts_close(struct token_counts *counts);
/* trace.c */
struct traces *traces_open(void);
void traces_close(struct traces *t);
void trace_use(const struct app *app, const struct authority *who, int64_t now_ms);
struct err *traces_flush(struct traces *t, struct ctx *c) MUST_CHECK;   /* in a transaction of its own */
