#include "features/organization/brand.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "features/queries.h"
#include "mandate/support.h"
#include "tpl/tpl.h"
#include "web/file.h"
#include "web/queries.h"

enum { LOGO_MOST_BYTES = 512 * 1024 };

/* ---- Contrast, as WCAG 2.2 defines it ---- */

static double luminance(unsigned red, unsigned green, unsigned blue)
{
    double part[3] = { red / 255.0, green / 255.0, blue / 255.0 };
    for (int i = 0; i < 3; i++)
        part[i] = part[i] <= 0.04045 ? part[i] / 12.92 : pow((part[i] + 0.055) / 1.055, 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}

int brand_contrast(const char *color)
{
    unsigned red = 0, green = 0, blue = 0;
    if (sscanf(color, "#%2x%2x%2x", &red, &green, &blue) != 3)
        return 0;
    return (int)(105.0 / (luminance(red, green, blue) + 0.05));
}

const char *brand_darker(struct arena *a, const char *color)
{
    unsigned red = 0, green = 0, blue = 0;
    const char *darker = color;
    if (sscanf(color, "#%2x%2x%2x", &red, &green, &blue) != 3)
        return "#000000";
    for (unsigned part = 100; part > 0 && brand_contrast(darker) < BRAND_CONTRAST_MIN; part--)
        darker = arena_printf(a, "#%02x%02x%02x", red * part / 100, green * part / 100, blue * part / 100);
    return darker;
}

/* ---- The logo ---- */

struct err *brand_logo_keep(struct ctx *c, const struct upload *u, const char **ret_hash)
{
    static const char *const types[] = { "image/png", "image/jpeg", "image/webp" };
    bool is_picture = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        is_picture |= strcmp(u->type, types[i]) == 0;
    if (!is_picture)
        return form_error(c, u->field, N_("Le logo doit être une image PNG, JPEG ou WebP."));
    if (u->size_bytes > LOGO_MOST_BYTES)
        return form_error(c, u->field, N_("Le logo dépasse 512 Ko : réduisez l’image, puis joignez-la de nouveau."));
    return file_keep(c, u, ret_hash);
}

/* ---- What browsers fetch ---- */

/* A closed portal is nobody's business: its brand is there for those who belong to it alone, as its pages are, and for who may come in to help.
   A partner's stands on what it sends to its clients, read by people who are not signed in (S-5). */
static struct err *brand_is_open(struct ctx *c, const struct doc *org)
{
    struct doc *spaces = NULL, *support = NULL;
    if (!org)
        return ERR(c->arena, ERR_NOT_FOUND, "no such organization");
    if (doc_bool_of(org, "is_portal_open") || doc_bool_of(org, "is_partner")) {
        reply_header(c, "Cache-Control", "public, max-age=86400");
        return NULL;
    }
    reply_header(c, "Cache-Control", "private, max-age=86400");
    if (c->who.person_id)
        TRY(ctx_rows(c, &sql_spaces_of_person, NULL, &spaces));
    for (size_t i = 0; i < doc_count(spaces); i++)
        if (strcmp(doc_text_of(doc_at(spaces, i), "slug"), doc_text_of(org, "slug")) == 0)
            return NULL;
    if (c->who.person_id)
        TRY(support_own(c, doc_int_of(org, "id"), &support));
    return support ? NULL : ERR(c->arena, ERR_NOT_FOUND, "the portal is closed");
}

static struct err *brand_style(struct ctx *c, const struct doc *org)
{
    const char *style = arena_printf(c->arena, ":root{--m-brand:%s}\n", doc_text_of(org, "brand_color"));
    reply_bytes(c, "text/css; charset=utf-8", style, strlen(style));
    return NULL;
}

/* A picture may be SVG where the server itself put it there: then nothing in it runs or loads. */
static struct err *brand_logo(struct ctx *c, const struct doc *org)
{
    const char *data = NULL;
    size_t len = 0;
    TRY(file_read(c, doc_text_of(org, "logo"), LOGO_MOST_BYTES, &data, &len));
    reply_header(c, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox");
    if (doc_bool_of(org, "is_portal_open") || doc_bool_of(org, "is_partner"))
        reply_header(c, "Cross-Origin-Resource-Policy", "cross-origin");   /* it heads our mails, which people read on their webmail's pages */
    reply_bytes(c, doc_text_of(org, "type"), data, len);
    return NULL;
}

struct err *brand(struct ctx *c)
{
    const char *word = path_text(c, "word"), *dot = strrchr(word, '.');
    bool is_style = dot && strcmp(dot, ".css") == 0, is_logo = dot && strcmp(dot, ".logo") == 0;
    struct doc *org = NULL;
    if (!is_style && !is_logo)
        return ERR(c->arena, ERR_NOT_FOUND, "neither a style nor a logo");
    TRY(ctx_maybe(c, &sql_brand_show, PARAMS(P_TEXT("slug", arena_copy(c->arena, word, (size_t)(dot - word)))), &org));
    TRY(brand_is_open(c, org));
    return is_style ? brand_style(c, org) : brand_logo(c, org);
}
