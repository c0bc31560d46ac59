/* Text and pictures from top to bottom: layouts, lines that go on on the next page, pictures side by side. */
#include <string.h>
#include "base/text.h"
#include "draw/inside.h"

#define FAMILY "Liberation Sans, DejaVu Sans, sans-serif"
static const struct draw_face body = { 10, false, 0.1, false }, heading = { 11.5, true, 0, true }, label = { 8, false, 0.35, false };

/* ---- Text that may be anything ---- */

static size_t sequence_len(unsigned char first) { return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

/* What time a layout takes grows with the square of a paragraph, and of a word: neither is longer than anybody writes, nor has a letter more marks.
   Counted since the last line end, the last space, the last letter. */
enum { PARAGRAPH_MOST = 2000, WORD_MOST = 300, MARKS_MOST = 8 };
struct measure { size_t paragraph, word, marks; };

static bool is_too_long(struct measure *m, gunichar ch)
{
    bool is_space = g_unichar_isspace(ch), is_mark = g_unichar_ismark(ch);
    bool is_over = !is_mark && ch != '\n' && ((m->paragraph >= PARAGRAPH_MOST && is_space) || m->word >= WORD_MOST);
    if (is_over || ch == '\n')
        m->paragraph = m->word = 0;
    m->paragraph++;
    m->word = is_space ? 0 : m->word + 1;
    m->marks = is_mark ? m->marks + 1 : 0;
    return is_over;
}

/* UTF-8 with no control characters but line ends, no longer than is taken. What is broken stands as U+FFFD. */
static char *text_clean(struct arena *a, const char *text)
{
    size_t len = strnlen(text, (size_t)DRAW_TEXT_MOST * 4 + 1), at = 0, chars = 0;
    char *valid = g_utf8_make_valid(text, (gssize)len), *clean = arena_alloc(a, strlen(valid) + strlen(valid) / WORD_MOST + 8);
    struct measure m = { 0 };
    for (const char *p = valid; *p; chars++) {
        size_t size = sequence_len((unsigned char)*p);
        bool is_control = (unsigned char)*p < 0x20 || *p == 0x7f || ((unsigned char)*p == 0xc2 && (unsigned char)p[1] < 0xa0);
        if (chars == DRAW_TEXT_MOST) {
            memcpy(clean + at, "…", 4);
            break;
        }
        if (*p == '\n' || *p == '\t' || !is_control) {
            if (is_too_long(&m, g_utf8_get_char(p)))
                clean[at++] = '\n';
            if (m.marks <= MARKS_MOST) {
                memcpy(clean + at, p, size);
                at += size;
            }
        }
        p += size;
    }
    g_free(valid);
    return clean;
}

PangoLayout *flow_layout(struct draw *d, const char *text, double width, const struct draw_face *face)
{
    PangoLayout *layout = pango_layout_new(d->pango);
    PangoFontDescription *font = pango_font_description_from_string(FAMILY);
    pango_font_description_set_absolute_size(font, face->size * PANGO_SCALE);
    pango_font_description_set_weight(font, face->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, 1.15F);
    if (width > 0)
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, text_clean(d->arena, text ? text : ""), -1);
    return layout;
}

double flow_height(PangoLayout *layout)
{
    int width = 0, height = 0;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

void flow_ink(struct draw *d, const struct draw_face *face)
{
    if (face->is_brand)
        cairo_set_source_rgb(d->cr, d->red, d->green, d->blue);
    else
        cairo_set_source_rgb(d->cr, face->grey, face->grey, face->grey);
}

void flow_need(struct draw *d, double height)
{
    if (!d->is_over && d->y + height > BODY_END && d->y > MARGIN)
        flow_page(d);
}

void flow_put(struct draw *d, PangoLayout *layout, double x, double y)
{
    cairo_move_to(d->cr, x, y);
    pango_cairo_show_layout(d->cr, layout);
}

/* Line by line: one that would cross the page's end begins the next page. */
void flow_show(struct draw *d, PangoLayout *layout, double x)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    double top = 0;
    do {
        PangoRectangle line;
        pango_layout_iter_get_line_extents(at, NULL, &line);
        double y = (double)line.y / PANGO_SCALE, height = (double)line.height / PANGO_SCALE;
        if (d->y + y - top + height > BODY_END && d->y > MARGIN) {
            cairo_pattern_t *ink = cairo_pattern_reference(cairo_get_source(d->cr));
            flow_page(d);
            cairo_set_source(d->cr, ink);
            cairo_pattern_destroy(ink);
            top = y;
        }
        if (d->is_over)
            break;
        cairo_move_to(d->cr, x + (double)line.x / PANGO_SCALE, d->y + (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE - top);
        pango_cairo_show_layout_line(d->cr, pango_layout_iter_get_line_readonly(at));
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    d->y += flow_height(layout) - top;
}

static void text_show(struct draw *d, const char *text, const struct draw_face *face, double after)
{
    if (!text || !*text || d->is_over)
        return;
    PangoLayout *layout = flow_layout(d, text, BODY_WIDTH, face);
    flow_ink(d, face);
    flow_show(d, layout, MARGIN);
    g_object_unref(layout);
    d->y += after;
}

void draw_text(struct draw *d, const char *text) { text_show(d, text, &body, 8); }
void draw_small(struct draw *d, const char *text) { text_show(d, text, &label, 6); }
void draw_gap(struct draw *d, double points) { d->y += points; }

void draw_heading(struct draw *d, const char *text)
{
    enum { WITH_WHAT_FOLLOWS = 48 };
    d->y += 8;
    flow_need(d, WITH_WHAT_FOLLOWS);
    text_show(d, text, &heading, 5);
}

/* ---- Pictures ---- */

/* The JPEG itself goes into the document; Cairo is given a surface of its size that nobody paints on. */
void flow_picture(struct draw *d, const struct draw_picture *picture, double x, double y, double width, double height)
{
    unsigned char *copy = NULL;
    if (d->is_over || picture->width < 1 || picture->height < 1 || picture->width > 4096 || picture->height > 4096)
        return;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && (copy = g_try_malloc(picture->len))) {
        double scale = width / picture->width < height / picture->height ? width / picture->width : height / picture->height;
        memcpy(copy, picture->jpeg, picture->len);
        if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy, picture->len, g_free, copy) == CAIRO_STATUS_SUCCESS) {
            cairo_save(d->cr);
            cairo_translate(d->cr, x, y);
            cairo_scale(d->cr, scale, scale);
            cairo_set_source_surface(d->cr, surface, 0, 0);
            cairo_paint(d->cr);
            cairo_restore(d->cr);
        } else {
            g_free(copy);
        }
    }
    cairo_surface_destroy(surface);
}

void draw_pictures(struct draw *d, const struct draw_picture *pictures, size_t count, int in_a_row, double most_height)
{
    enum { GAP = 8, LABEL = 24 };
    double width = (BODY_WIDTH - GAP * (in_a_row - 1)) / in_a_row;
    for (size_t i = 0; i < count && !d->is_over; i++) {
        size_t place = i % (size_t)in_a_row;
        if (place == 0)
            flow_need(d, most_height + LABEL);
        double x = MARGIN + (width + GAP) * (double)place;
        flow_picture(d, &pictures[i], x, d->y, width, most_height);
        if (pictures[i].label) {
            PangoLayout *layout = flow_layout(d, pictures[i].label, width, &label);
            pango_layout_set_height(layout, -1);
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
            flow_ink(d, &label);
            flow_put(d, layout, x, d->y + most_height + 3);
            g_object_unref(layout);
        }
        if (place + 1 == (size_t)in_a_row || i + 1 == count)
            d->y += most_height + LABEL;
    }
}
