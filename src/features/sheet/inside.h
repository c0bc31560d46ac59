#pragma once
/* What is read of a job, and what is drawn of it. */
#include "draw/draw.h"
#include "web/web.h"

enum { SHEET_PHOTOS = 18 };

struct sheet {
    struct ctx *c;
    const struct doc *org, *job, *equipment;
    struct draw_picture photos[SHEET_PHOTOS], signature, logo;
    size_t photo_count, photos_left;        /* shown; not shown, for there are too many or they are not made yet */
    bool has_signature, has_logo, has_report;
};

/* The bytes live in the context's arena. */
struct err *paper_draw(struct sheet *s, const void **ret_data, size_t *ret_len) MUST_CHECK;
