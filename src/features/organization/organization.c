#include "features/organization/organization.h"
#include "tpl/tpl.h"

static struct err *office_home(struct ctx *c) { (void)c; return NULL; }
static struct err *portal_home(struct ctx *c) { (void)c; return NULL; }

static const struct route organization_routes[] = {
    GET("/o/:org", SPACE_OPEN, office_home),
    GET("/p/:portal", SPACE_OPEN, portal_home),
    { 0 },
};

static const struct place organization_places[] = {
    { 'o', RIGHT_SPACE_OPEN, "", N_("Accueil") },
    { 'p', RIGHT_SPACE_OPEN, "", N_("Accueil") },
    { 0 },
};

const struct feature organization_feature = { .name = "organization", .routes = organization_routes, .places = organization_places };
