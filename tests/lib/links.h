#pragma once
/* Secure links in tests: given as the back office gives them, and opened as a browser does, with the cookie of links alone. */
#include "lib/world.h"
#include "mandate/link.h"

/* A link of Froid Atlantique's, given by its administrator. Ends with the test where it fails. */
int64_t link_made(struct world_test *w, const struct link_wish *wish);
const char *link_made_address(struct world_test *w, int64_t link_id);      /* as it is shown: the whole */
const char *link_made_secret(struct world_test *w, int64_t link_id);       /* what stands behind '#' */

/* A browser: what it has of links, and of somebody who is signed in besides (person: NULL nobody). */
struct visitor { struct world_test *w; const char *cookie, *person, *remote; };

struct answer *visitor_get(struct visitor *v, const char *target);
/* session_id: whose page the form came from; 0: the door. */
struct answer *visitor_post(struct visitor *v, int64_t session_id, const char *target, const char *form);
/* Presses « Ouvrir », with this secret; the cookie that comes is kept. */
struct answer *visitor_open(struct visitor *v, int64_t link_id, const char *secret);
int64_t visitor_session(struct visitor *v, int64_t link_id);               /* the last opening of the link */
