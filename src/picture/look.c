/* The first bytes of a picture: what it is and how large. Reads only, at most once over each byte it needs. */
#include <string.h>
#include "picture/picture.h"

enum { SEGMENTS_MOST = 400 };

static int64_t big16(const unsigned char *p) { return (int64_t)p[0] << 8 | p[1]; }
static int64_t little16(const unsigned char *p) { return (int64_t)p[1] << 8 | p[0]; }
static int64_t little24(const unsigned char *p) { return (int64_t)p[2] << 16 | little16(p); }
static int64_t big32(const unsigned char *p) { return big16(p) << 16 | big16(p + 2); }

static bool begins(const unsigned char *data, size_t len, size_t at, const char *with, size_t with_len)
{
    return len >= at + with_len && memcmp(data + at, with, with_len) == 0;
}

/* A frame's header (SOF): all of C0 to CF but tables, arithmetic and restart. */
static bool is_frame(unsigned mark) { return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc; }

/* JPEG: segment after segment, up to the one that says the size. */
static void jpeg_look(const unsigned char *data, size_t len, struct picture_about *about)
{
    size_t at = 2;
    for (int i = 0; i < SEGMENTS_MOST && at + 4 <= len && data[at] == 0xff; i++) {
        unsigned mark = data[at + 1];
        if (mark == 0xff) {                 /* filling */
            at++;
            continue;
        }
        size_t size = (size_t)big16(data + at + 2);
        if (size < 2 || mark == 0xda)
            return;
        if (is_frame(mark)) {
            if (size >= 7 && at + 9 <= len)
                *about = (struct picture_about){ PICTURE_JPEG, big16(data + at + 7), big16(data + at + 5) };
            return;
        }
        at += 2 + size;
    }
}

static void webp_look(const unsigned char *data, size_t len, struct picture_about *about)
{
    if (len < 30)
        return;
    about->kind = PICTURE_WEBP;
    if (memcmp(data + 12, "VP8X", 4) == 0) {
        about->width = little24(data + 24) + 1;
        about->height = little24(data + 27) + 1;
    } else if (memcmp(data + 12, "VP8L", 4) == 0) {
        about->width = (little16(data + 21) & 0x3fff) + 1;
        about->height = ((data[22] >> 6 | (int64_t)data[23] << 2 | (int64_t)data[24] << 10) & 0x3fff) + 1;
    } else if (memcmp(data + 12, "VP8 ", 4) == 0) {
        about->width = little16(data + 26) & 0x3fff;
        about->height = little16(data + 28) & 0x3fff;
    } else {
        about->kind = PICTURE_NONE;
    }
}

struct picture_about picture_look(const unsigned char *data, size_t len)
{
    static const char *const heic[] = { "heic", "heix", "mif1", "heim", "heis" };
    struct picture_about about = { 0 };
    if (begins(data, len, 0, "\xff\xd8\xff", 3))
        jpeg_look(data, len, &about);
    else if (begins(data, len, 0, "\x89PNG\r\n\x1a\n", 8) && begins(data, len, 12, "IHDR", 4) && len >= 24)
        about = (struct picture_about){ PICTURE_PNG, big32(data + 16), big32(data + 20) };
    else if ((begins(data, len, 0, "GIF87a", 6) || begins(data, len, 0, "GIF89a", 6)) && len >= 10)
        about = (struct picture_about){ PICTURE_GIF, little16(data + 6), little16(data + 8) };
    else if (begins(data, len, 0, "RIFF", 4) && begins(data, len, 8, "WEBP", 4))
        webp_look(data, len, &about);
    for (size_t i = 0; i < sizeof heic / sizeof *heic && begins(data, len, 4, "ftyp", 4); i++)
        if (begins(data, len, 8, heic[i], 4))
            about.kind = PICTURE_HEIC;
    return about;
}

bool picture_is_fit(const struct picture_about *about)
{
    if (about->kind == PICTURE_NONE || about->kind == PICTURE_HEIC)
        return about->kind == PICTURE_HEIC;
    return about->width > 0 && about->height > 0 && about->width <= PICTURE_SIDE_MOST && about->height <= PICTURE_SIDE_MOST
        && about->width * about->height <= PICTURE_PIXELS_MOST;
}
