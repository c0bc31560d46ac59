#pragma once
/* Photos of jobs: made small and emptied of what they say besides, and « Galerie », where they are looked at, by the team and by the client (L-5, L-6).
   Who adds a file to a job says so here; what a client is shown is asked for here. */
#include "web/web.h"

extern const struct feature gallery_feature;

/* A file was added to a job (job_file.id), in the same transaction: where it is a picture, the slow worker makes the two that are shown. */
struct err *job_picture_added(struct ctx *c, int64_t file_id) MUST_CHECK;

/* A job's file as a client may have it: a picture never as it came, for it may say where it was taken, but as the one made from it. Row of job_file:
   hash, shown_hash, picture_state, type, name. ERR_NOT_FOUND: it is not ready, or cannot be made. */
struct err *picture_reply(struct ctx *c, const struct doc *row) MUST_CHECK;
/* Is it one that picture_reply gives? For lists that name a file. */
bool picture_is_shown(const struct doc *row);
