#pragma once
/* A person's own things: signing in and out, passwords, sessions, language (X-1, C-3). Pages of nobody's space; a portal's
   sign-in page and what leads back to it wear the organization's brand.

   sign_in.c lets people in and out, password.c sets and changes passwords, account.c is the account's page, the purge of
   what has ended, and the feature's table. Passwords are hashed and checked in a route's prepare, in the hashing lane,
   while no transaction is open; what comes of it is handed on by c->own. */
#include "web/web.h"

extern const struct feature account_feature;

/* ---- For features whose links let somebody in for the first time ---- */

enum { PASSWORD_MAX = 200 };

extern const struct field password_set_form[];      /* "password": a new one */

/* Is it long enough and hard to guess for somebody who knows this person { email, first_name, last_name }? Refused at the field
   "password" otherwise. */
struct err *password_check(struct ctx *c, const char *password, const struct doc *person) MUST_CHECK;
/* Puts a password's hash and ends every link that could set another one, and every session but one (0: all). */
struct err *password_put(struct ctx *c, int64_t person_id, const char *hash, int64_t but_session_id) MUST_CHECK;
/* A link by which whoever has this address chooses another password, as secret as the mail that usually carries it: for whoever runs the server, at
   the terminal. Nobody has it: ERR_NOT_FOUND. */
struct err *password_link(struct ctx *c, const char *email_key, const char **ret_address) MUST_CHECK;
/* Opens the session, and the act is from here on the person's own. */
struct err *person_enter(struct ctx *c, int64_t person_id) MUST_CHECK;

/* The browser and the system that a User-Agent speaks of; "" where it says nothing known. */
void device_read(const char *agent, const char **ret_browser, const char **ret_system);
