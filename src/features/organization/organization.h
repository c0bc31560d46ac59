#pragma once
/* An organization's own pages: the first page of its portal and of its back office, its settings, its brand (C-0, C-3).
   organization.c has the pages, brand.c colour, logo and what browsers fetch of them. */
#include "web/web.h"

extern const struct feature organization_feature;

/* A new organization with the kinds and priorities of tickets that one begins with, and a slug of its own made from its name. Nobody is in it yet.
   In the caller's transaction, whoever's space that is in. */
struct organization_new { const char *name, *legal_name, *siren, *street, *postcode, *city, *email, *phone; bool is_operator; };
struct err *organization_create(struct ctx *c, const struct organization_new *new, int64_t *ret_id) MUST_CHECK;
/* The name it has in addresses. */
struct err *organization_slug(struct ctx *c, int64_t org_id, const char **ret_slug) MUST_CHECK;
/* Who runs this server, { id, slug, name }; NULL: nobody yet. */
struct err *organization_operator(struct ctx *c, struct doc **ret_row) MUST_CHECK;
/* The sorting key and the words of an organization made anew: in the transaction that changes what it is called. */
struct err *organization_words(struct ctx *c, int64_t org_id) MUST_CHECK;
/* The job that makes them for those that have none, a stretch at a time. */
struct err *organization_words_run(struct ctx *c, const struct doc *data) MUST_CHECK;
/* Pure: nine digits, the last of which is their check digit by Luhn. */
bool organization_siren_checks(const char *digits);

/* A paid option of the organization's plan (L-6), of the authority's organization: "gallery". One that is none: ERR_INVALID. */
struct err *organization_option(struct ctx *c, const char *name, bool is_on) MUST_CHECK;
