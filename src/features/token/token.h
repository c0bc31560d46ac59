#pragma once
/* Tokens of the API, as a person sees them: /account/tokens. What a token is and may: mandate/token.h; where it is read: web/gate.c. */
#include "web/web.h"

extern const struct feature token_feature;
