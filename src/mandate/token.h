#pragma once
/* Tokens of the API: a mandate of kind 'token', by which a program does in one space what its person may do there now, or less.
   The secret is shown once and kept nowhere: the database has its hash. What a token may is worked out anew at each request:
   what was chosen for it, and of that what the person's own mandates give at this moment (M-5). */
#include "mandate/ctx.h"

enum { TOKEN_DAYS_MOST = 366, TOKENS_MOST = 20 };

/* A token as a request brought it. */
struct token {
    int64_t id;                /* of its mandate */
    int64_t org_id;
    int64_t person_id, member_id, contact_id, client_id;   /* as whom; member_id or contact_id is 0 */
    const char *person_name, *person_email, *lang;
    int64_t starts_at;
    rights_set rights;         /* as chosen when it was made */
    int64_t under_id;          /* the person's own mandate that gives the right asked for; set by token_authority */
};

/* The rights a token can have: those of a space, but not the making of tokens, nor a client's door: a support session is a person's. */
#define TOKEN_RIGHTS (~(RIGHT_BIT(RIGHT_PUBLIC) | RIGHT_BIT(RIGHT_SELF) | RIGHT_BIT(RIGHT_TOKEN_MANAGE) | RIGHT_BIT(RIGHT_DOSSIER_ENTER) \
    | RIGHT_BIT(RIGHT_SUPPORT_SESSION)))

const char *token_rights_words(struct arena *a, rights_set rights);   /* "space_open ticket_read" */
rights_set token_rights_read(const char *words);                      /* a word nobody knows gives nothing */

/* The token with this secret that lasts now; NULL where there is none. */
struct err *token_find(struct ctx *c, const char *secret, struct token **ret_token) MUST_CHECK;
/* What it gives now: fills who as authority_load does, the token's mandate in front. Its person has no such access any more: who->org_id stays 0. */
struct err *token_authority(struct ctx *c, struct token *t, enum right right) MUST_CHECK;
/* Inside a write: its mandate and the one it rests on, taken and still active; else ERR_SIGN_IN / ERR_NOT_FOUND. */
struct err *token_hold(struct ctx *c, const struct token *t) MUST_CHECK;

/* Makes one for who acts, in the space that who is filled for, with at most the rights who has. ends_on: its last day, ends_at: the end of that day. */
struct token_wish { const char *name; rights_set rights; int64_t ends_on, ends_at; const char *wording; };
struct err *token_give(struct ctx *c, const struct token_wish *wish, const char **ret_secret, int64_t *ret_id) MUST_CHECK;
/* Ends one's own; counts from the next request on. ERR_NOT_FOUND where there is none. */
struct err *token_take(struct ctx *c, int64_t token_id, int64_t *ret_org_id) MUST_CHECK;
/* One's own: rows { id, name, rights, ends_on, given_at, used_at, slug, org_name, client_name, is_member, is_over } */
struct err *token_list(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
