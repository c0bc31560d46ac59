#pragma once
/* What of a client is within reach: all of it for a contact; for a secure link all, one site or one job. For this folder alone. Each query takes these
   parameters as optional clauses, so what lies outside is what is not there. */
#include "features/portal/portal.h"

#define IN_SITE(c) P_ANY("in_site", (c)->who.site_id, P_INT("in_site", (c)->who.site_id))
#define IN_JOB(c) P_ANY("in_job", (c)->who.job_id, P_INT("in_job", (c)->who.job_id))
/* A job's equipment, where a link narrows it; a list that is filtered by a site still names what has moved since. */
#define ONLY_SITE(c) P_ANY("only_site", (c)->who.site_id, P_INT("only_site", (c)->who.site_id))
#define SEES(o) P_INT("sees_sites", (o)->is_on[PORTAL_SITES]), P_INT("sees_equipment", (o)->is_on[PORTAL_EQUIPMENT])

/* Lists, sites, equipment and asking are out of reach of a link to one job: ERR_NOT_FOUND. */
struct err *scope_wide(struct ctx *c) MUST_CHECK;
