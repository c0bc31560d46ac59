#pragma once
/* Colour and logo of an organization: what may be chosen, and what browsers fetch. */
#include "web/web.h"

enum { BRAND_CONTRAST_MIN = 450 };   /* hundredths: what WCAG 2.2 asks of text */

/* "SLUG.css": the colour, as the one thing a brand changes in the style sheet; "SLUG.logo": the logo. For anybody where the
   portal is open, else for those who belong to the organization. */
struct err *brand(struct ctx *c) MUST_CHECK;

/* Contrast of a colour "#rrggbb" against white, in hundredths. */
int brand_contrast(const char *color);
/* The same colour, or the first darker one that passes. */
const char *brand_darker(struct arena *a, const char *color);
/* Keeps a logo; a wrong one is refused at its field. */
struct err *brand_logo_keep(struct ctx *c, const struct upload *u, const char **ret_hash) MUST_CHECK;
