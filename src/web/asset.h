#pragma once
/* Our own style sheet, icons, script and mark: bytes made at build time (tools/web.mjs) and served from memory under
   names that carry a fingerprint, so that browsers keep them for a year. All replies are prepared once at start and
   never change; any thread may read them. Nothing here knows who asks. */
#include "base/arena.h"
#include "web/http.h"

struct asset {
    const char *name;      /* "style.css" */
    const char *path;      /* "/assets/style.3f2a….css" */
    const char *type;
    const char *cache;     /* Cache-Control */
    const char *etag;      /* the fingerprint, without quotes */
    const unsigned char *data, *gz, *br;
    size_t len, gz_len, br_len;
};

extern const struct asset assets[];    /* generated; ends with name NULL */

struct asset_set;

struct asset_set *asset_set_new(struct arena *a, const struct asset *table);   /* lives as long as the arena */

/* The answer to a GET or HEAD of an asset (200, or 304 where the browser has it already); NULL: not one. */
const struct reply *asset_reply(const struct asset_set *set, const struct request *r);

/* "/assets/style.3f2a….css" for "style.css"; NULL: there is none. */
const char *asset_url(const struct asset_set *set, const char *name);
