#pragma once
/* How the invented world is written; for the files world*.c alone. The seeds are constant tables; what is made from them
   lives in w->keep until the fill ends. Rows are written through w->at, a context of its own whose organization and
   time are set to where and when the thing is said to have happened. One thread. */
#include "features/demo/demo.h"
#include "mandate/access.h"

enum { MEMBERS_MOST = 8, TYPES_MOST = 6, PRIORITIES = 4, CONTACTS_MOST = 3, LINES_MOST = 16 };

/* ---- Seeds: who there is ---- */

struct member_seed {
    const char *first_name, *last_name;
    const char *title;
    const char *role;           /* mandate_gives */
    bool is_invited;            /* has set no password yet */
};

struct org_seed {
    const char *slug, *name, *tagline, *legal_name;
    const char *siren;          /* eight digits; the check digit is worked out */
    const char *street, *postcode, *city, *domain, *phone;
    const char *brand_color, *logo;
    bool is_operator, is_partner, is_portal_open;
    int age_days;               /* before the world's last day */
    int clients, tickets;       /* how many */
    int first_client;           /* number of the first client: 401 is C-00401 */
    int last_ticket;            /* number of the last ticket */
    const char *const *trades;  /* kinds of company among the clients; ends with NULL */
    const char *const *known;   /* clients that have a name of their own; ends with NULL */
    const char *const *types;   /* of tickets; ends with NULL */
    const struct script *scripts;
    struct member_seed members[MEMBERS_MOST];   /* ends with first_name NULL; the first is the administrator */
};
extern const struct org_seed world_orgs[];      /* ends with slug NULL */

/* What a ticket can be about: written once, told of many clients. */
struct script {
    const char *type;
    char tone;                  /* 'l', 'n', 'h', 'u' */
    const char *title;          /* %s: the thing, where there are things */
    const char *const *things;  /* ends with NULL; may be NULL */
    const char *opening, *note; /* note: internal; may be NULL */
    const char *answer, *reply, *closing;
};
extern const int world_due_hours[PRIORITIES];   /* of low, normal, high, urgent; 0: none */
extern const struct script scripts_cold[], scripts_web[], scripts_office[];   /* end with type NULL */

extern const char *const world_first_names[], *const world_last_names[], *const world_streets[], *const world_places[], *const world_jobs[];
extern const char *const world_cities[][2];     /* postcode, city; these lists end with NULL */

/* ---- What is made ---- */

struct world_contact { int64_t id; int64_t person_id; const char *name; const char *first_name; };
struct world_client { int64_t id; const char *name; struct world_contact contacts[CONTACTS_MOST]; int contact_count; };
struct world_member { int64_t id; int64_t person_id; const char *name; const char *role; };

struct world_org {
    const struct org_seed *seed;
    int64_t id;
    struct world_member members[MEMBERS_MOST];
    int member_count;
    int64_t type_ids[TYPES_MOST];
    int64_t priority_ids[PRIORITIES];       /* low, normal, high, urgent */
    struct world_client *clients;
    int client_count;
};

struct world {
    struct ctx *outer;          /* whose arena keeps an error */
    struct ctx at;
    struct arena step;          /* what one stretch of rows takes; at.arena */
    struct arena keep;
    uint64_t random;
    int64_t id_count;
    int64_t last_day;           /* of the world, counted from 1970, in Paris; it ends at 14:05 */
    int64_t end_ms;
    int rows;                   /* since the last commit */
    int scale;
    const char *password_hash;
    struct world_org *orgs;     /* as world_orgs */
};

/* ---- Means (world.c) ---- */
int64_t fill_time(const struct world *w, int days_ago, int minutes);       /* of that day, by the clock in Paris */
int64_t fill_by_day(int64_t at_ms);                                        /* the same, or later, when people are at work */
int64_t fill_id(struct world *w, int64_t at_ms);                           /* in the order of time, as id_new, but for the past */
int fill_draw(struct world *w, int below);                                 /* 0 … below - 1, the same in every world */
const char *fill_pick(struct world *w, const char *const *list);
void fill_go(struct world *w, const struct world_org *o, int64_t at_ms);   /* where and when the next rows happen */
struct err *fill_step(struct world *w) MUST_CHECK;                         /* between things: a commit now and then */
struct world_org *fill_org(struct world *w, const char *slug);
struct world_member *fill_member(struct world_org *o, const char *first_name);
const char *fill_siren(struct arena *a, const char *eight_digits);         /* with its Luhn check digit */
const char *fill_slug(struct arena *a, const char *name);                  /* "hotel-bellerive" */
struct err *fill_words(struct world *w, const char *kind, int64_t id, const char *text) MUST_CHECK;   /* what search finds it by */
struct err *fill_person(struct world *w, const char *first_name, const char *last_name, const char *email, bool has_password, int64_t *ret_id) MUST_CHECK;

/* ---- Parts of the world, in the order they are made ---- */
struct err *fill_make_orgs(struct world *w) MUST_CHECK;        /* world_orgs.c */
struct err *fill_make_dossiers(struct world *w) MUST_CHECK;    /* world_partner.c */
struct err *fill_make_clients(struct world *w) MUST_CHECK;     /* world_clients.c */
struct err *fill_make_tickets(struct world *w) MUST_CHECK;     /* world_tickets.c */
struct err *fill_make_desks(struct world *w) MUST_CHECK;       /* world_desk.c */
struct err *fill_make_documents(struct world *w) MUST_CHECK;   /* world_clients.c */
struct err *fill_make_sites(struct world *w) MUST_CHECK;       /* world_sites.c */
struct err *fill_make_jobs(struct world *w) MUST_CHECK;        /* world_jobs.c */
struct err *fill_make_links(struct world *w) MUST_CHECK;       /* world_links.c */
struct err *fill_make_asks(struct world *w) MUST_CHECK;        /* world_operator.c */
struct err *fill_make_scale(struct world *w) MUST_CHECK;       /* world_scale.c */

/* ---- A ticket with all that was said on it (world_tickets.c) ---- */
struct world_line {
    const char *kind;           /* comment.kind */
    bool is_internal;
    const struct world_contact *contact;    /* who said it, or */
    const struct world_member *member;
    const char *body, *old_value, *new_value;
    int64_t at_ms;
    const char *files[2];       /* names of world_file; may be NULL */
};
struct world_ticket {
    int64_t number;
    const char *title;
    const char *type;
    char tone;
    const char *status;
    const struct world_client *client;
    const struct world_contact *contact;
    const struct world_member *assignee;
    struct world_line lines[LINES_MOST];    /* in the order of time; the first is the opening */
    int line_count;
};
struct err *fill_ticket_write(struct world *w, const struct world_org *o, const struct world_ticket *t) MUST_CHECK;

/* Tickets told in full, of « Hôtel Bellerive » (world_story.c): the one with this number, or false. */
bool story_ticket(struct world *w, const struct world_org *o, const struct world_client *bellerive, int number, struct world_ticket *ret_ticket);

/* ---- Files (world_files.c), small and made on the spot ---- */
struct world_file { const char *type; const void *data; size_t len; };
bool fill_file(struct arena *a, const char *name, struct world_file *ret_file);
