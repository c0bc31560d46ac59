#pragma once
/* What the files of this folder share. */
#include "features/gallery/gallery.h"

bool picture_is_type(const char *type);
/* The slow job "picture_make": the bytes, then their rows. */
struct err *picture_make(struct ctx *c, const struct doc *data) MUST_CHECK;
struct err *picture_keep(struct ctx *c, const struct doc *data) MUST_CHECK;
