#pragma once
/* A person's own things: signing in and out, passwords, sessions, language (X-1, C-3). Pages of nobody's space, but for a
   portal's sign-in page, which wears the organization's brand. sign_in.c lets people in, password.c sets and changes
   passwords, account.c is the account's page and the feature's table. */
#include "web/web.h"

extern const struct feature account_feature;
