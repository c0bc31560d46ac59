#pragma once
/* Pictures made smaller, upright and emptied of what they say besides (where they were taken, by which device). The server itself decodes none:
   it reads a header (look.c) and hands two open files to a process of its own, the darkroom, started before the server fences itself in. That one
   runs vipsthumbnail for each picture, alone and behind a fence of its own (develop.c): no file but the two, no network, no other program, so much
   memory, time and output and no more.

   A struct darkroom belongs to the server; one thread at a time. It is never started again: who breaks it waits for the next start. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

enum {
    PICTURE_SMALL = 480,                            /* longest side, in grids and in PDFs */
    PICTURE_SHOWN = 2560,                           /* the same of the one that is looked at */
    PICTURE_SIDE_MOST = 30000,                      /* of what is brought */
    PICTURE_PIXELS_MOST = 120 * 1000 * 1000,
    PICTURE_BYTES_MOST = 20 * 1024 * 1024,
    PICTURE_MADE_BYTES = 8 * 1024 * 1024,           /* of what is made */
};

enum picture_kind { PICTURE_NONE, PICTURE_JPEG, PICTURE_PNG, PICTURE_GIF, PICTURE_WEBP, PICTURE_HEIC };

struct picture_about { enum picture_kind kind; int64_t width, height; };   /* 0: the header does not say (HEIC) */

/* What the first bytes say, without decoding anything; PICTURE_NONE: no picture that is taken. */
struct picture_about picture_look(const unsigned char *data, size_t len);
/* Is it one to hand on at all: of a known kind, and not larger than is taken. */
bool picture_is_fit(const struct picture_about *about);

enum picture_outcome {
    PICTURE_MADE,
    PICTURE_REFUSED,     /* unreadable, or more than is taken: the same again will not do better */
    PICTURE_LATER,       /* not this time: the machine is too busy, or vipsthumbnail is not there */
};

struct darkroom;

/* Starts the process: `program` with the word "darkroom". Before threads, and before exec is given up. */
struct err *darkroom_open(struct arena *a, const char *program, struct darkroom **ret_darkroom) MUST_CHECK;
/* Makes a JPEG of the picture that the file descriptor has, no side longer than `side`. ret_data lives in the arena, on PICTURE_MADE alone. Waits: outside
   transactions, please. */
enum picture_outcome darkroom_make(struct darkroom *d, struct arena *a, int fd, int side, const void **ret_data, size_t *ret_len);
void darkroom_end(struct darkroom *d);              /* from any thread: what is being made is given up, nothing is made any more */
void darkroom_close(struct darkroom *d);            /* takes NULL */

/* The process itself: answers on the socket until the other end closes. Returns its exit status. */
int darkroom_serve(int socket);

/* ---- Between the two ---- */
struct darkroom_ask { uint32_t side; };             /* and with it the file to read and the file to write */
struct darkroom_answer { uint32_t outcome; };
/* One picture, in a child behind its fence. */
enum picture_outcome develop(int from, int to, uint32_t side);
