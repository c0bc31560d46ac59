#pragma once
/* A person's own things: signing in and out, passwords, sessions, language (X-1, C-3). Pages of nobody's space; a portal's
   sign-in page and what leads back to it wear the organization's brand.

   sign_in.c lets people in and out, password.c sets and changes passwords, account.c is the account's page, the purge of
   what has ended, and the feature's table. Passwords are hashed and checked in a route's prepare, in the hashing lane,
   while no transaction is open; what comes of it is handed on by c->own. */
#include "web/web.h"

extern const struct feature account_feature;
