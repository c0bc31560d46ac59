/* A document from its first page to its last: surface, pages with their foot, letterhead, and what its reader is told of it. */
#include "draw/draw.h"
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "draw/inside.h"

static const struct draw_face small = { 8, false, 0.35, false };

static cairo_status_t bytes_write(void *arg, const unsigned char *data, unsigned len)
{
    struct buf *out = arg;
    buf_add(out, data, len);
    return out->is_full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void color_read(struct draw *d, const char *color)
{
    unsigned red = 0, green = 0, blue = 0;
    if (!color || sscanf(color, "#%2x%2x%2x", &red, &green, &blue) != 3)
        red = 11, green = 85, blue = 99;
    d->red = red / 255.0;
    d->green = green / 255.0;
    d->blue = blue / 255.0;
}

/* "Page %d sur %d", whatever a translation made of it. */
static const char *page_text(struct draw *d)
{
    const char *one = d->about->page ? strstr(d->about->page, "%d") : NULL, *two = one ? strstr(one + 2, "%d") : NULL;
    if (!two)
        return "";
    return arena_printf(d->arena, "%.*s%d%.*s%d%s", (int)(one - d->about->page), d->about->page, d->page, (int)(two - one - 2), one + 2, d->pages ? d->pages : DRAW_PAGES_MOST, two + 2);
}

static void foot_draw(struct draw *d)
{
    double y = A4_HEIGHT - MARGIN - FOOT_HEIGHT + 12, number_width = 90;
    cairo_set_source_rgb(d->cr, 0.8, 0.8, 0.8);
    cairo_set_line_width(d->cr, 0.5);
    cairo_move_to(d->cr, MARGIN, y);
    cairo_line_to(d->cr, A4_WIDTH - MARGIN, y);
    cairo_stroke(d->cr);
    flow_ink(d, &small);
    PangoLayout *left = flow_layout(d, d->about->foot ? d->about->foot : "", BODY_WIDTH - number_width, &small), *right = flow_layout(d, page_text(d), number_width, &small);
    pango_layout_set_height(left, -2);          /* two lines at most */
    pango_layout_set_ellipsize(left, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(right, PANGO_ALIGN_RIGHT);
    flow_put(d, left, MARGIN, y + 5);
    flow_put(d, right, A4_WIDTH - MARGIN - number_width, y + 5);
    g_object_unref(left);
    g_object_unref(right);
}

void flow_page(struct draw *d)
{
    foot_draw(d);
    cairo_show_page(d->cr);
    d->y = MARGIN;
    d->is_over = ++d->page > DRAW_PAGES_MOST;
}

static void about_write(struct draw *d, cairo_surface_t *surface)
{
    char made[CLOCK_ISO_SIZE];
    clock_iso_write(made, d->about->made_ms);
    memcpy(made + 19, "Z", 2);                  /* no parts of seconds here */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, d->about->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, d->about->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Mandat");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

/* One run of the body; how many pages it took. */
static struct err *run(struct draw *d, draw_body *body, void *arg, struct buf *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(out ? bytes_write : NULL, out, A4_WIDTH, A4_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    about_write(d, surface);
    d->cr = cairo_create(surface);
    d->page = 1;
    d->y = MARGIN;
    d->is_over = false;
    body(d, arg);
    if (!d->is_over)
        foot_draw(d);
    cairo_destroy(d->cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (d->is_over || (out && out->is_full))
        return ERR(d->arena, ERR_TOO_LARGE, "a document of more than %d pages or %d bytes", DRAW_PAGES_MOST, DRAW_PDF_BYTES);
    return status == CAIRO_STATUS_SUCCESS ? NULL : ERR(d->arena, ERR_INTERNAL, "Cairo: %s", cairo_status_to_string(status));
}

/* ---- The desk ---- */

enum { WAITING_MOST = 3 };

struct draw_desk { pthread_mutex_t lock; atomic_int waiting; PangoFontMap *fonts; };

struct draw_desk *draw_desk_open(void)
{
    struct draw_desk *desk = calloc(1, sizeof *desk);
    if (desk)
        pthread_mutex_init(&desk->lock, NULL);
    return desk;
}

void draw_desk_close(struct draw_desk *desk)
{
    if (!desk)
        return;
    if (desk->fonts)
        g_object_unref(desk->fonts);
    FcFini();                           /* what fontconfig keeps for the life of a process */
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

/* Both runs. The first document finds the fonts (some 40 ms), the next have them. */
static struct err *desk_draw(struct draw_desk *desk, struct draw *d, draw_body *body, void *arg, struct buf *out)
{
    if (!desk->fonts)
        desk->fonts = pango_cairo_font_map_new();
    d->pango = pango_font_map_create_context(desk->fonts);
    pango_context_set_language(d->pango, pango_language_from_string(d->about->lang));
    struct err *e = run(d, body, arg, NULL);
    d->pages = d->page;
    if (!e)
        e = run(d, body, arg, out);
    g_object_unref(d->pango);
    return e;
}

struct err *draw_pdf(struct draw_desk *desk, struct arena *a, const struct draw_about *about, draw_body *body, void *arg, const void **ret_data, size_t *ret_len)
{
    struct draw d = { .arena = a, .about = about };
    struct buf out;
    struct err *e = NULL;
    buf_init(&out, a, DRAW_PDF_BYTES);
    color_read(&d, about->color);
    if (atomic_fetch_add(&desk->waiting, 1) >= WAITING_MOST) {
        e = ERR(a, ERR_BUSY, "the desk is taken, and enough wait for it");
    } else {
        pthread_mutex_lock(&desk->lock);
        e = desk_draw(desk, &d, body, arg, &out);
        pthread_mutex_unlock(&desk->lock);
    }
    atomic_fetch_sub(&desk->waiting, 1);
    TRY(e);
    *ret_data = buf_end(&out);
    *ret_len = out.len;
    return catalog_add(a, about->lang, ret_data, ret_len);
}

/* ---- Letterhead ---- */

static void mark_draw(struct draw *d, const struct draw_letterhead *head, double size)
{
    static const struct draw_face white = { 17, true, 1, false };
    if (head->logo) {
        flow_picture(d, head->logo, MARGIN, d->y, size * 2.4, size);
        return;
    }
    cairo_set_source_rgb(d->cr, d->red, d->green, d->blue);
    cairo_rectangle(d->cr, MARGIN, d->y, size, size);
    cairo_fill(d->cr);
    PangoLayout *text = flow_layout(d, head->initials, size, &white);
    pango_layout_set_alignment(text, PANGO_ALIGN_CENTER);
    pango_layout_set_height(text, -1);
    flow_ink(d, &white);
    flow_put(d, text, MARGIN, d->y + (size - flow_height(text)) / 2);
    g_object_unref(text);
}

/* Lines one below the other; returns where they end. */
static double column_draw(struct draw *d, const char *const *texts, const struct draw_face *faces, size_t count, double x, double width, PangoAlignment side)
{
    double y = d->y;
    for (size_t i = 0; i < count; i++) {
        if (!texts[i] || !*texts[i])
            continue;
        PangoLayout *text = flow_layout(d, texts[i], width, &faces[i]);
        pango_layout_set_alignment(text, side);
        pango_layout_set_height(text, -4);      /* so many lines of each paragraph at most: nobody's name is longer than a page */
        pango_layout_set_ellipsize(text, PANGO_ELLIPSIZE_END);
        flow_ink(d, &faces[i]);
        flow_put(d, text, x, y);
        y += flow_height(text) + 2;
        g_object_unref(text);
    }
    return y;
}

void draw_letterhead(struct draw *d, const struct draw_letterhead *head)
{
    static const struct draw_face left[] = { { 12, true, 0, false }, { 8.5, false, 0.3, false } }, right[] = { { 17, true, 0, true }, { 12, true, 0, false }, { 9, false, 0.3, false } };
    enum { MARK = 40, GAP = 10, RIGHT = 210 };
    double at = MARGIN + (head->logo ? MARK * 2.4 : MARK) + GAP;
    mark_draw(d, head, MARK);
    double one = column_draw(d, (const char *const[]){ head->name, head->lines }, left, 2, at, A4_WIDTH - MARGIN - RIGHT - GAP - at, PANGO_ALIGN_LEFT);
    double two = column_draw(d, (const char *const[]){ head->title, head->number, head->under }, right, 3, A4_WIDTH - MARGIN - RIGHT, RIGHT, PANGO_ALIGN_RIGHT);
    d->y = (one > two ? one : two) + 6;
    if (d->y < MARGIN + MARK + GAP)
        d->y = MARGIN + MARK + GAP;
    cairo_set_source_rgb(d->cr, d->red, d->green, d->blue);
    cairo_rectangle(d->cr, MARGIN, d->y, BODY_WIDTH, 2);
    cairo_fill(d->cr);
    d->y += 14;
}
