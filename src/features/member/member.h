#pragma once
/* Members of an organization: invited, accepted, changed, removed (member.c, invitation.c). Nothing here is called by other
   features; the mandate behind a member is src/mandate/access.h's. */
#include "web/web.h"

extern const struct feature member_feature;
