/* Small real files, made on the spot: a reading as CSV, pictures as PNG, a report as PDF. */
#include "features/demo/world.h"
#include <string.h>
#include "base/buf.h"

enum { FILE_BYTES = 1 << 20 };

static void csv_make(struct buf *b)
{
    static const int tenths[] = { -182, -181, -183, -180, -176, -169, -161, -152, -144, -137, -131, -125, -119, -114, -110, -108 };
    buf_text(b, "\xef\xbb\xbf" "heure;temperature_c;porte\r\n");
    for (int i = 0; i < 96; i++) {
        int value = i < 80 ? -180 - i % 5 : tenths[i - 80];
        buf_printf(b, "%02d:%02d;-%d,%d;%s\r\n", i / 12, i % 12 * 5, -value / 10, -value % 10, i % 31 == 7 ? "ouverte" : "fermée");
    }
}

/* ---- PNG (RFC 2083): grey, 8 bits, its zlib stream stored and not compressed ---- */

static uint32_t crc_of(const unsigned char *data, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

static void add_u32(struct buf *b, uint32_t number)
{
    buf_add(b, (const char[]){ (char)(number >> 24), (char)(number >> 16), (char)(number >> 8), (char)number }, 4);
}

static void chunk_add(struct buf *b, const char *kind, const void *data, size_t len)
{
    add_u32(b, (uint32_t)len);
    size_t start = b->len;
    buf_text(b, kind);
    buf_add(b, data, len);
    add_u32(b, crc_of((const unsigned char *)b->data + start, len + 4));
}

enum { PNG_WIDTH = 176, PNG_HEIGHT = 88 };

/* « −11.0 » as seven segments light up: a bit for each, from the top around to the middle. */
static bool is_lit(int x, int y)
{
    static const struct { int left; unsigned segments; } digits[] = { { 8, 0x40 }, { 44, 0x06 }, { 80, 0x06 }, { 132, 0x3f } };
    static const struct { int x, y, width, height; } segments[] = {
        { 4, 12, 24, 6 }, { 26, 16, 6, 26 }, { 26, 46, 6, 26 }, { 4, 70, 24, 6 }, { 0, 46, 6, 26 }, { 0, 16, 6, 26 }, { 4, 41, 24, 6 },
    };
    if (x >= 120 && x < 126 && y >= 70 && y < 76)
        return true;
    for (size_t d = 0; d < 4; d++)
        for (size_t s = 0; s < 7; s++)
            if (digits[d].segments >> s & 1 && x - digits[d].left >= segments[s].x && x - digits[d].left < segments[s].x + segments[s].width &&
                y >= segments[s].y && y < segments[s].y + segments[s].height)
                return true;
    return false;
}

/* A photograph of sorts: the display, or a slanted strip of rubber. */
static unsigned char pixel(bool is_display, int x, int y)
{
    if (is_display)
        return (unsigned char)(is_lit(x, y) ? 235 : 24 + (x + y) % 7);
    int off = x - y * 2 + 40;
    return (unsigned char)(off > 40 && off < 64 ? 60 + off % 9 : 190 + (x * 3 + y * 5) % 23);
}

static void png_make(struct buf *b, struct arena *a, bool is_display)
{
    enum { ROW = PNG_WIDTH + 1, RAW = ROW * PNG_HEIGHT };
    unsigned char *raw = arena_alloc(a, RAW);
    uint32_t one = 1, two = 0;
    for (int i = 0; i < RAW; i++) {
        raw[i] = i % ROW ? pixel(is_display, i % ROW - 1, i / ROW) : 0;
        one = (one + raw[i]) % 65521;      /* Adler-32 */
        two = (two + one) % 65521;
    }
    struct buf z;
    buf_init(&z, a, FILE_BYTES);
    buf_add(&z, "\x78\x01\x01", 3);
    buf_add(&z, (const char[]){ (char)(RAW & 255), (char)(RAW >> 8), (char)(~(unsigned)RAW & 255), (char)(~(unsigned)RAW >> 8 & 255) }, 4);
    buf_add(&z, raw, RAW);
    add_u32(&z, two << 16 | one);
    buf_add(b, "\x89PNG\r\n\x1a\n", 8);
    chunk_add(b, "IHDR", (const char[]){ 0, 0, 0, (char)PNG_WIDTH, 0, 0, 0, PNG_HEIGHT, 8, 0, 0, 0, 0 }, 13);
    chunk_add(b, "IDAT", z.data, z.len);
    chunk_add(b, "IEND", "", 0);
}

/* ---- PDF: one page, one font, the table of objects worked out ---- */

static const char report[] =
    "BT /F1 18 Tf 60 770 Td (Rapport d'intervention I-1187) Tj /F1 11 Tf 0 -30 Td 16 TL\n"
    "(Froid Atlantique, 12 rue des Embruns, 44600 Saint-Nazaire) Tj T* T*\n"
    "(Client : H\\364tel Bellerive, C-00482) Tj T* (Site : H\\364tel, cuisine centrale) Tj T*\n"
    "(\\311quipement : chambre froide n\\351gative CF-02, R-449A) Tj T* (Technicien : Karim Benali) Tj T* T*\n"
    "(R\\351sistance de d\\351givrage hors service, \\351vaporateur pris en glace.) Tj T*\n"
    "(D\\351givrage forc\\351 : -14 \\260C au d\\351part. Pose de la pi\\350ce le lendemain \\340 8 h.) Tj T* T*\n"
    "(Sign\\351 par Claire Delmas) Tj ET\n";

static void pdf_make(struct buf *b, struct arena *a)
{
    const char *const objects[] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        arena_printf(a, "<< /Length %zu >>\nstream\n%sendstream", strlen(report), report),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    };
    size_t places[5];
    buf_text(b, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
    for (int i = 0; i < 5; i++) {
        places[i] = b->len;
        buf_printf(b, "%d 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    size_t table = b->len;
    buf_text(b, "xref\n0 6\n0000000000 65535 f \n");
    for (int i = 0; i < 5; i++)
        buf_printf(b, "%010zu 00000 n \n", places[i]);
    buf_printf(b, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", table);
}

bool fill_file(struct arena *a, const char *name, struct world_file *ret_file)
{
    struct buf b;
    buf_init(&b, a, FILE_BYTES);
    const char *dot = strrchr(name, '.');
    if (!dot)
        return false;
    if (strcmp(dot, ".csv") == 0) {
        csv_make(&b);
        ret_file->type = "text/csv";
    } else if (strcmp(dot, ".png") == 0) {
        png_make(&b, a, strncmp(name, "afficheur", 9) == 0);
        ret_file->type = "image/png";
    } else if (strcmp(dot, ".pdf") == 0) {
        pdf_make(&b, a);
        ret_file->type = "application/pdf";
    } else {
        return false;
    }
    ret_file->data = b.data;
    ret_file->len = b.len;
    return true;
}
