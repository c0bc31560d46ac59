#pragma once
/* What a feature needs of the web: routes, forms, lists, replies, sessions; files are in web/file.h. The life of a request is life.c, the
   decision who may is gate.c; a handler runs after both, inside its transaction.

   A handler fills c->doc (the data: page, JSON, CSV) and, in a POST, says where to go on. What only the page needs
   (shell, form, options) lies apart in c->web->page and never reaches the JSON. */
#include "mandate/ctx.h"
#include "mandate/journal.h"
#include "web/http.h"
#include "web/request.h"

/* ---- Routes: one constant table a feature. Without a right it does not compile. ---- */

struct route;
typedef struct err *handler(struct ctx *c);

struct route {
    enum method method;
    const char *pattern;        /* "/p/:portal/tickets/:ticket"; parts with ':' are ids (digits), but :org and :portal (slugs) and :word */
    enum right right;
    handler *handler;
    const char *name;           /* the handler's name: also template, action in the journal, word in the log */
    const struct field *form;   /* POST: what may come in the body; NULL: only the form's token */
    handler *again;             /* POST with a wrong input: the page to show again (its handler; its template is its name) */
    const char *again_name;
    handler *prepare;           /* before the transaction, in the hashing lane: passwords */
    bool is_for_any;            /* POST of a portal whose form may have been drawn for another of the person's clients */
    bool is_for_all;            /* POST that changes nothing but how pages read: its form may stand on a page of another session (a secure link's) */
    bool is_quiet;              /* GET that a page asks for by itself: no sign of anybody's presence, so it keeps no session alive */
    bool is_raw;                /* GET whose handler makes the reply itself (a file, a style sheet): no template, no JSON */
    int64_t body_bytes;         /* 0: 256 KiB, or 210 MiB where the form takes files */
    const char *where;          /* "src/features/ticket/ticket.c:173", for who works on it */
};

#define GET(pattern_, right_, handler_, ...) \
    { .method = METHOD_GET, .where = __FILE__ ":" ERR_LINE_(__LINE__), .pattern = (pattern_), .right = RIGHT_##right_, .handler = (handler_), .name = #handler_ __VA_OPT__(,) __VA_ARGS__ }
#define POST(pattern_, right_, handler_, ...) \
    { .method = METHOD_POST, .where = __FILE__ ":" ERR_LINE_(__LINE__), .pattern = (pattern_), .right = RIGHT_##right_, .handler = (handler_), .name = #handler_ __VA_OPT__(,) __VA_ARGS__ }
#define AGAIN(handler_) .again = (handler_), .again_name = #handler_

/* ---- Places in the bar at the top ---- */
struct place {
    char space;                 /* 'o' back office, 'p' portal, 'd' « Espace partenaire », 'x' operator's pages, 'l' behind a secure link */
    enum right right;           /* shown to who has it */
    const char *path;           /* behind /o/:org or /p/:portal: "/tickets" */
    const char *label;          /* N_("Tickets") */
    const char *const *also;    /* further paths that stand under this place, ends with NULL; may be NULL */
    bool is_last;               /* behind those of all features: settings */
    bool in_profile;            /* in the person's menu, not in the bar */
};

/* ---- Features: a room each, listed once in app/feature_list.c ---- */
struct feature {
    const char *name;
    const struct route *routes;         /* ends with pattern NULL */
    const struct place *places;         /* ends with label NULL; may be NULL */
    const struct work_kind *works;      /* jobs it runs (work/work.h); ends with name NULL; may be NULL */
};

/* ---- Forms ---- */
enum field_kind {
    FIELD_TEXT, FIELD_LONG, FIELD_EMAIL, FIELD_PHONE, FIELD_PASSWORD, FIELD_NEW_PASSWORD, FIELD_COLOR,
    FIELD_ID,            /* one of the options; must be digits */
    FIELD_CHOICE,        /* one of `choices` */
    FIELD_BOOL,          /* a box: there or not */
    FIELD_FILES,
    FIELD_IDS,           /* boxes of one name, each with an id: at most `max` */
    FIELD_HIDDEN,        /* text carried along */
};
struct choice { const char *value; const char *label; };
struct field {
    const char *name;
    enum field_kind kind;
    const char *label;              /* French, as shown */
    bool is_required;
    int min, max;                   /* characters; files: how many. max 0: 200 */
    const char *hint;
    const char *missing;            /* said where it is required and nothing came; NULL: « Ce champ est obligatoire. » */
    const char *autocomplete;       /* "email", "current-password", … */
    const struct choice *choices;   /* ends with value NULL */
};
#define REQUIRED .is_required = true

const char *form_text(const struct ctx *c, const char *name);         /* trimmed, LF lines; "" where empty */
int64_t form_id(const struct ctx *c, const char *name);               /* 0 where empty */
bool form_bool(const struct ctx *c, const char *name);
size_t form_ids(const struct ctx *c, const char *name, int64_t *ret_ids, size_t most);   /* FIELD_IDS: how many, smallest first, each once */
const struct upload *form_files(const struct ctx *c, const char *name);  /* chain; NULL where none */

/* Puts the form on the page (c->web->page "form"): each field as a map { name, label, hint, value, error, max, autocomplete,
   is_required, is_text|is_long|is_email|is_phone|is_password|is_color|is_select|is_bool|is_files|is_hidden, input_type, options },
   with what was typed and the errors where it comes back. */
void form_show(struct ctx *c, const struct field *fields);
void form_value(struct ctx *c, const char *name, const char *value);        /* a value to begin with; does not overwrite what was typed */
void form_value_id(struct ctx *c, const char *name, int64_t id);
/* Options of a select from rows { id, name }; the chosen one is marked. empty_label (may be NULL): a first, empty one. */
void form_options(struct ctx *c, const char *name, const struct doc *rows, const char *empty_label);

/* Refuses an input at its field; `message` is French (N_). The whole act is rolled back, the page comes again with 422. */
struct err *form_error(struct ctx *c, const char *field, const char *message) MUST_CHECK;
/* The same for want of a right: inside a support session it is on record as refused (S-7). */
struct err *form_forbidden(struct ctx *c, const char *field, const char *message) MUST_CHECK;
/* A form that goes on on a page of its own: what was sent so far is on it, nothing is said to be wrong, and nothing is done. */
struct err *form_go_on(struct ctx *c) MUST_CHECK;

/* ---- Lists ---- */
/* One page of a list into c->doc `key`, at most 50 rows, and c->doc "page": { "is_first", "has_more", "next" (query string), "count" }.
   The query has [[page_after: AND (col, id) < (:page_after, :page_id)]] and LIMIT :page_limit; `column` is the sort column's key in the row,
   and rows carry "id". */
struct err *doc_page(struct ctx *c, const char *key, const struct query *q, const char *column, const struct param *params) MUST_CHECK;
/* The same for a query that walks through a stretch of the list only: where it ends without a full page, `end` gives its last row
   { column, "id", "is_cut" }; is_cut: there is more behind it, and the next page goes on there. */
struct err *doc_page_walk(struct ctx *c, const char *key, const struct query *q, const char *column, const struct param *params, const struct query *end, bool *ret_is_cut) MUST_CHECK;
/* A filter from the address's query: absent where empty (its clause is left out). The chosen value goes to page "filters". */
struct param filter_text(struct ctx *c, const char *name);                              /* at most 100 characters */
struct param filter_choice(struct ctx *c, const char *name, const struct choice *choices);  /* a value not in the list counts as absent */
struct param filter_id(struct ctx *c, const char *name);
/* The order of a list, chosen by the address's `sort`: the first where it names none of them. Its name goes to page filters.sort; it narrows
   nothing. `search`: the same order among what a search found; NULL: a search has one order alone. */
struct list_order { const char *name; const struct query *list, *search; const char *column; };   /* ends with name NULL */
const struct list_order *list_order(struct ctx *c, const struct list_order *orders);
/* Options of a filter on the page under filters.NAME_options: { value, label, is_selected }. */
void filter_options(struct ctx *c, const char *name, const struct doc *rows);           /* rows { id, name } */
void filter_choices(struct ctx *c, const char *name, const struct choice *choices);

/* ---- Parts of the address ---- */
/* What its query says under these names (ending with NULL), as one to go behind another address: "?state=active", "" where nothing. */
const char *query_kept(struct ctx *c, const char *const *names);
int64_t path_id(const struct ctx *c, const char *name);                 /* ":ticket" → path_id(c, "ticket"); the router has checked it */
const char *path_text(const struct ctx *c, const char *name);
const char *query_text(const struct ctx *c, const char *name);          /* as it came: "" where absent; for filters see above */

/* ---- Replies ---- */
/* After a POST: 303 to an address below the same server; `notice` (a word, or NULL) is shown there (see partial `notice`). */
void reply_see(struct ctx *c, const char *notice, const char *format, ...) __attribute__((format(printf, 3, 4)));
void reply_status(struct ctx *c, int status);                                           /* of the page that a POST answers with itself, where it did nothing */
void reply_bytes(struct ctx *c, const char *type, const void *data, size_t len);        /* is_raw routes */
/* Is what the handler would answer what the asker has already, by this name of its bytes? Then 304 is the reply. For is_raw routes, before reply_bytes. */
bool reply_unchanged(struct ctx *c, const char *etag);
/* Refuses an act that came too late (409): how the thing stands now (French, N_), and the address of the page that shows it. */
struct err *reply_conflict(struct ctx *c, const char *message, const char *format, ...) MUST_CHECK __attribute__((format(printf, 3, 4)));
/* A kept file as an attachment, sandboxed; ERR_NOT_FOUND where its bytes are gone. */
struct err *reply_file(struct ctx *c, const char *hash, const char *type, const char *name) MUST_CHECK;
void reply_header(struct ctx *c, const char *name, const char *value);
void reply_cookie(struct ctx *c, const char *value, int64_t max_age_s);                 /* the session's; value NULL removes it */
const char *web_space(const struct ctx *c);                                             /* "/o/froid-atlantique" or "/p/…" of this request; "" outside */
const char *web_back(struct ctx *c);                                                    /* the form's field `back` where it is an address of this space, else the space */
/* Where a row of spaces_of_person leads: portal, back office, or « Espace partenaire » for who is there as a collaborator alone. */
const char *web_space_of(struct ctx *c, const struct doc *row);
struct doc *web_page(struct ctx *c);                                                    /* the page's own map: options, form, filters … */
const char *web_text(const struct ctx *c, const char *french);                          /* in the reader's language */
const char *web_address(const struct ctx *c);                                           /* configured: "https://…", no slash at the end */

const char *web_remote(const struct ctx *c);                                            /* the address the request came from */
/* Puts an organization's brand around a page outside its space: space 'p' where its portal is open, 'o' for who belongs to it, 'l' at a link's door.
   No such organization: the page stays nobody's. */
struct err *web_brand(struct ctx *c, char space, const char *slug) MUST_CHECK;

/* ---- Sessions ---- */
enum { SESSION_IDLE_HOURS = 12 };   /* a session not used for so long has ended */
/* The same session with a new secret: on entering a client's space and on leaving it. What lies on other pages stays good. */
struct err *session_renew(struct ctx *c) MUST_CHECK;
/* Opens a session for a person in the current transaction and sets the cookie; the request's own session, if any, ends. */
struct err *session_start(struct ctx *c, int64_t person_id) MUST_CHECK;
struct err *session_end(struct ctx *c, int64_t session_id) MUST_CHECK;                  /* one of the person's own; ERR_NOT_FOUND otherwise */
struct err *session_end_all(struct ctx *c, int64_t person_id, int64_t but_session_id) MUST_CHECK;

/* ---- Secure links (mandate/link.h), whose browsers have a cookie of their own ---- */
/* The browser that asks, by its cookie; 0: none is known. And where it asks from: its network, never the address itself, and what it calls itself. */
struct err *link_browser(struct ctx *c, int64_t *ret_browser_id) MUST_CHECK;
const char *link_network(struct ctx *c);
const char *link_agent(struct ctx *c);
/* It has a new cookie from now on; 0: it has its first. */
struct err *link_browser_renew(struct ctx *c, int64_t *browser_id) MUST_CHECK;
/* Is this link open in the browser that asks? */
struct err *link_is_open(struct ctx *c, int64_t link_id, bool *ret_is_open) MUST_CHECK;

/* ---- Limits ---- */
/* Counts one attempt for `what` + `who` in a window; ERR_TOO_MANY when there were more than `most`. Own transaction: what follows may fail. */
struct err *limit_count(struct ctx *c, const char *what, const char *who, int most, int64_t window_ms) MUST_CHECK;

/* The request's part of a context; made by life.c, read by this folder and by tests. */
struct web;
