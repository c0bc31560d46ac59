/* What stands in columns: names and values, tables that go on on the next page under the same head. */
#include "draw/inside.h"

enum { COLUMNS_MOST = 12, PAD = 4 };
static const struct draw_face name = { 8, false, 0.35, false }, value = { 10, false, 0.1, false }, head = { 8.5, true, 0, true };

/* ---- Names and values ---- */

static bool is_long(struct draw *d, const struct draw_pair *pair, double width)
{
    enum { HIGH = 120 };
    PangoLayout *layout = flow_layout(d, pair->value, width, &value);
    double height = flow_height(layout);
    g_object_unref(layout);
    return height > HIGH;
}

static double pair_put(struct draw *d, const struct draw_pair *pair, double x, double width)
{
    PangoLayout *one = flow_layout(d, pair->name, width, &name), *two = flow_layout(d, pair->value, width, &value);
    double height = flow_height(one);
    flow_ink(d, &name);
    flow_put(d, one, x, d->y);
    flow_ink(d, &value);
    flow_put(d, two, x, d->y + height + 1);
    height += flow_height(two) + 1;
    g_object_unref(one);
    g_object_unref(two);
    return height;
}

/* A value longer than a few lines has the whole width, and goes on on further pages. */
static void pair_long(struct draw *d, const struct draw_pair *pair)
{
    draw_small(d, pair->name);
    draw_text(d, pair->value);
}

void draw_pairs(struct draw *d, const struct draw_pair *pairs, size_t count)
{
    enum { GAP = 16, ROOM = 140 };
    double width = (BODY_WIDTH - GAP) / 2, highest = 0;
    int place = 0;
    for (size_t i = 0; i < count && !d->is_over; i++) {
        if (!pairs[i].value || !*pairs[i].value)
            continue;
        bool has_own = is_long(d, &pairs[i], width);
        if (place == 2 || (has_own && place)) {
            d->y += highest + 7;
            place = 0;
        }
        if (has_own) {
            pair_long(d, &pairs[i]);
            continue;
        }
        if (place == 0) {
            flow_need(d, ROOM);
            highest = 0;
        }
        double height = pair_put(d, &pairs[i], MARGIN + (width + GAP) * place++, width);
        if (height > highest)
            highest = height;
    }
    if (place)
        d->y += highest + 7;
}

/* ---- Tables ---- */

struct table { const struct draw_column *columns; size_t count; double widths[COLUMNS_MOST]; };

static void rule(struct draw *d, double grey, double thickness)
{
    cairo_set_source_rgb(d->cr, grey, grey, grey);
    cairo_set_line_width(d->cr, thickness);
    cairo_move_to(d->cr, MARGIN, d->y);
    cairo_line_to(d->cr, A4_WIDTH - MARGIN, d->y);
    cairo_stroke(d->cr);
}

/* The cells of one line side by side, each cut at what one page holds. */
static void line_put(struct draw *d, const struct table *t, const char *const *cells, const struct draw_face *face, bool is_head);

static void head_put(struct draw *d, const struct table *t)
{
    const char *labels[COLUMNS_MOST];
    for (size_t i = 0; i < t->count; i++)
        labels[i] = t->columns[i].label;
    line_put(d, t, labels, &head, true);
}

static void line_put(struct draw *d, const struct table *t, const char *const *cells, const struct draw_face *face, bool is_head)
{
    enum { MOST_LINES = 40 };
    PangoLayout *layouts[COLUMNS_MOST];
    double height = 0, x = MARGIN;
    for (size_t i = 0; i < t->count; i++) {
        layouts[i] = flow_layout(d, cells[i], t->widths[i] - PAD, face);
        pango_layout_set_height(layouts[i], -MOST_LINES);
        pango_layout_set_ellipsize(layouts[i], PANGO_ELLIPSIZE_END);
        height = flow_height(layouts[i]) > height ? flow_height(layouts[i]) : height;
    }
    if (!is_head && d->y + height + 2 * PAD > BODY_END && d->y > MARGIN) {
        flow_page(d);
        head_put(d, t);
    }
    flow_ink(d, face);
    for (size_t i = 0; i < t->count; i++) {
        if (!d->is_over)
            flow_put(d, layouts[i], x, d->y + PAD);
        x += t->widths[i];
        g_object_unref(layouts[i]);
    }
    d->y += height + 2 * PAD;
    rule(d, is_head ? 0.5 : 0.85, is_head ? 0.8 : 0.4);
}

void draw_table(struct draw *d, const struct draw_column *columns, size_t count, const char *const *cells, size_t rows)
{
    enum { HEAD_AND_A_LINE = 48 };
    struct table t = { columns, count < COLUMNS_MOST ? count : COLUMNS_MOST, { 0 } };
    double shares = 0;
    for (size_t i = 0; i < t.count; i++)
        shares += columns[i].share;
    for (size_t i = 0; i < t.count; i++)
        t.widths[i] = BODY_WIDTH * columns[i].share / shares;
    flow_need(d, HEAD_AND_A_LINE);
    head_put(d, &t);
    for (size_t row = 0; row < rows && !d->is_over; row++)
        line_put(d, &t, cells + row * count, &value, false);
    d->y += 8;
}
