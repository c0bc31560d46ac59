#include "features/portal/portal.h"

static struct err *portal_jobs(struct ctx *c)
{
    doc_set(c->doc, "jobs", doc_list(c->arena));
    return NULL;
}

static const struct route portal_routes[] = {
    GET("/l/:link/jobs", JOB_READ, portal_jobs),
    { 0 },
};

const struct feature portal_feature = { .name = "portal", .routes = portal_routes };
