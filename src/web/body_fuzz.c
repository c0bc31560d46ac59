/* Fuzz target: a Content-Type, a line feed, a body. It is read in one piece and again in small ones: both must come to the same
   fields and files, or to the same refusal. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "web/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome { struct arena arena; struct body_reader *reader; struct body body; int code; };

static const char *spool_folder(void)
{
    static char folder[] = "/tmp/body_fuzz_XXXXXX";
    static const char *made;
    if (!made) {
        made = mkdtemp(folder);
        if (!made)
            abort();
    }
    return made;
}

static void read_body(struct outcome *o, const char *type, const char *text, size_t len, size_t step)
{
    const struct body_limits limits = { .body_bytes = 1 << 30, .field_bytes = 64, .file_bytes = 128, .fields = 6, .files = 3, .spool = spool_folder() };
    *o = (struct outcome){ 0 };
    arena_init(&o->arena, (size_t)1 << 20);   /* whose end would end the process */
    struct err *e = body_open(&o->arena, type, &limits, &o->reader);
    for (size_t at = 0; o->reader && at < len; at += step)
        e = body_piece(o->reader, text + at, len - at < step ? len - at : step);
    if (o->reader)
        e = body_end(o->reader, &o->body);
    o->code = e ? (int)e->code : 0;
    if (o->body.is_complete == (e != NULL) && o->reader)
        abort();
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    const struct pair *x = a->body.fields, *y = b->body.fields;
    for (; x && y; x = x->next, y = y->next)
        if (strcmp(x->name, y->name) != 0 || strcmp(x->value, y->value) != 0 || !text_is_utf8(x->value, strlen(x->value)) || strlen(x->value) > 64)
            abort();
    const struct upload *f = a->body.uploads, *g = b->body.uploads;
    for (; f && g; f = f->next, g = g->next)
        if (strcmp(f->name, g->name) != 0 || f->size_bytes != g->size_bytes || memcmp(f->hash, g->hash, sizeof f->hash) != 0
            || strpbrk(f->name, "/\\") || strlen(f->name) > 200 || f->size_bytes > 128)
            abort();
    if (a->code != b->code || x || y || f || g)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = size ? memchr(data, '\n', size) : NULL;
    if (!line_end || memchr(data, 0, (size_t)(line_end - data)))
        return 0;
    size_t type_len = (size_t)(line_end - data), len = size - type_len - 1;
    char *type = strndup((const char *)data, type_len);
    const char *text = (const char *)line_end + 1;
    struct outcome whole, pieces;
    read_body(&whole, type, text, len, len ? len : 1);
    read_body(&pieces, type, text, len, 1 + type_len % 7);
    check_same(&whole, &pieces);
    body_close(whole.reader);
    body_close(pieces.reader);
    arena_free(&whole.arena);
    arena_free(&pieces.arena);
    free(type);
    return 0;
}

__attribute__((destructor)) static void tidy(void)
{
    rmdir(spool_folder());
}
