#pragma once
/* What a client sees of its field work (L-3 to L-6): jobs, sites, equipment, asking for a job. The same pages stand for a contact who is signed in (/p)
   and for whoever has a secure link (/l); what the authority says of client, site and job bounds every query (scope.h). Each part of
   them is an option, of the organization or of one client: what is off is neither on a page nor at its address. One thread of a context. */
#include "web/web.h"

extern const struct feature portal_feature;

enum portal_part {
#define PORTAL_PART(name, word, label, hint) PORTAL_##name,
#include "features/portal/parts.def"
#undef PORTAL_PART
    PORTAL_PARTS
};

struct portal_options { bool is_on[PORTAL_PARTS]; bool has_gallery; };   /* has_gallery: the plan has the paid option */

/* What the context's client sees: its own choice, else the organization's, else on. One query; a handler asks once. */
struct err *portal_options_load(struct ctx *c, struct portal_options *ret_options) MUST_CHECK;
/* A part that is off does not exist: ERR_NOT_FOUND. For a route of one part; ret_options may be NULL. */
struct err *portal_need(struct ctx *c, enum portal_part part, struct portal_options *ret_options) MUST_CHECK;
/* The page's key `sees`: { create: true, sites: false, … } by the parts' words. */
void portal_options_show(struct ctx *c, const struct portal_options *options);
