#pragma once
/* What the files of this folder share: a document under way. */
#include <pango/pangocairo.h>
#include "draw/draw.h"

enum { A4_WIDTH = 595, A4_HEIGHT = 842, MARGIN = 48, FOOT_HEIGHT = 34 };
#define BODY_WIDTH ((double)(A4_WIDTH - 2 * MARGIN))
#define BODY_END ((double)(A4_HEIGHT - MARGIN - FOOT_HEIGHT))

struct draw {
    struct arena *arena;
    const struct draw_about *about;
    cairo_t *cr;
    PangoContext *pango;
    double y;                   /* where the next thing begins */
    double red, green, blue;    /* the colour */
    int page, pages;            /* pages 0: they are being counted */
    bool is_over;               /* too many: nothing more is drawn */
};

struct draw_face { double size; bool is_bold; double grey; bool is_brand; };   /* grey: 0 black */

/* A text laid out, to be given back; width in points, 0: as wide as it is. */
PangoLayout *flow_layout(struct draw *d, const char *text, double width, const struct draw_face *face);
double flow_height(PangoLayout *layout);
void flow_ink(struct draw *d, const struct draw_face *face);
/* Room for so much, on this page or on a new one. */
void flow_need(struct draw *d, double height);
void flow_page(struct draw *d);
/* Shows a layout at x from y on, going on on further pages; d->y is behind it. */
void flow_show(struct draw *d, PangoLayout *layout, double x);
/* The same without breaking: for what was made room for. */
void flow_put(struct draw *d, PangoLayout *layout, double x, double y);
void flow_picture(struct draw *d, const struct draw_picture *picture, double x, double y, double width, double height);
/* Language and title for readers, which Cairo's own does not say: added behind the end as the format allows (ISO 32000-1, 7.5.6). */
struct err *catalog_add(struct arena *a, const char *lang, const void **data, size_t *len) MUST_CHECK;
