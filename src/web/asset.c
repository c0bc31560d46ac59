#include "web/asset.h"
#include <string.h>

enum coding { CODING_PLAIN, CODING_GZIP, CODING_BROTLI, CODING_COUNT };

struct asset_row {
    const struct asset *asset;
    struct reply whole[CODING_COUNT];
    struct reply unchanged[CODING_COUNT];
};

struct asset_set {
    struct asset_row *rows;
    size_t row_count;
};

static struct pair *header_add(struct arena *a, struct pair *next, const char *name, const char *value)
{
    struct pair *one = ARENA_NEW(a, struct pair);
    *one = (struct pair){ name, value, next };
    return one;
}

/* Each coding has a tag of its own: a cache must not mix their bytes. */
static struct pair *headers_new(struct arena *a, const struct asset *asset, enum coding coding)
{
    static const char *const words[] = { "", "gzip", "br" };
    struct pair *list = NULL;
    if (coding != CODING_PLAIN)
        list = header_add(a, list, "Content-Encoding", words[coding]);
    list = header_add(a, list, "X-Content-Type-Options", "nosniff");
    list = header_add(a, list, "Cross-Origin-Resource-Policy", "same-origin");
    list = header_add(a, list, "Vary", "Accept-Encoding");
    list = header_add(a, list, "ETag", arena_printf(a, "\"%s%s%s\"", asset->etag, coding == CODING_PLAIN ? "" : "-", words[coding]));
    return header_add(a, list, "Cache-Control", asset->cache);
}

static void row_fill(struct arena *a, struct asset_row *row, const struct asset *asset)
{
    const unsigned char *data[] = { asset->data, asset->gz, asset->br };
    size_t len[] = { asset->len, asset->gz_len, asset->br_len };
    row->asset = asset;
    for (int i = 0; i < CODING_COUNT; i++) {
        struct pair *headers = headers_new(a, asset, i);
        row->whole[i] = (struct reply){ .status = 200, .type = asset->type, .data = (const char *)data[i], .len = len[i], .fd = -1, .headers = headers };
        row->unchanged[i] = (struct reply){ .status = 304, .type = asset->type, .data = "", .fd = -1, .headers = headers };
    }
}

struct asset_set *asset_set_new(struct arena *a, const struct asset *table)
{
    struct asset_set *set = ARENA_NEW(a, struct asset_set);
    while (table[set->row_count].name)
        set->row_count++;
    set->rows = ARENA_ARRAY(a, struct asset_row, set->row_count);
    for (size_t i = 0; i < set->row_count; i++)
        row_fill(a, &set->rows[i], &table[i]);
    return set;
}

/* "gzip, br;q=0.9" takes br; "br;q=0" does not (RFC 9110, 12.5.3). */
static bool coding_accepted(const char *accept, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = accept; *at;) {
        at += strspn(at, " \t,");
        size_t item = strcspn(at, ",");
        if (item >= len && !strncmp(at, word, len) && strcspn(at, " \t;,") == len) {
            const char *q = memchr(at, '=', item);
            return !q || strspn(q + 1, "0.") < strcspn(q + 1, " \t;,");
        }
        at += item;
    }
    return false;
}

static enum coding coding_choose(const struct request *r)
{
    const char *accept = request_header(r, "accept-encoding");
    if (coding_accepted(accept, "br"))
        return CODING_BROTLI;
    return coding_accepted(accept, "gzip") ? CODING_GZIP : CODING_PLAIN;
}

/* A request's own path has lost ".css" or the like only where it ended in .json or .csv, which no asset does. */
const struct reply *asset_reply(const struct asset_set *set, const struct request *r)
{
    if (r->method != METHOD_GET && r->method != METHOD_HEAD)
        return NULL;
    for (size_t i = 0; i < set->row_count; i++) {
        const struct asset_row *row = &set->rows[i];
        if (strcmp(row->asset->path, r->path) != 0)
            continue;
        enum coding coding = coding_choose(r);
        return strstr(request_header(r, "if-none-match"), row->asset->etag) ? &row->unchanged[coding] : &row->whole[coding];
    }
    return NULL;
}

const char *asset_url(const struct asset_set *set, const char *name)
{
    for (size_t i = 0; i < set->row_count; i++)
        if (!strcmp(set->rows[i].asset->name, name))
            return set->rows[i].asset->path;
    return NULL;
}
