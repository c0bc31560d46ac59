#include "app/command_tpl.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "app/command.h"
#include "tpl/tpl.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, PARTIALS_MAX = 1000 };

/* The whole of a regular file; NULL where there is none. */
static const char *file_text(struct arena *a, const char *path, size_t *ret_len)
{
    struct buf text;
    struct stat info;
    char piece[4096];
    AUTO(file) FILE *f = fopen(path, "re");
    if (!f || fstat(fileno(f), &info) || !S_ISREG(info.st_mode))
        return NULL;
    buf_init(&text, a, FILE_BYTES_MAX);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&text, piece, n);
    *ret_len = text.len;
    return text.is_full ? NULL : buf_end(&text);
}

/* Beside the template: its folder, up to the last slash, and its own ending. */
static const char *partial_text(struct arena *a, const char *template, const char *name)
{
    size_t len;
    const char *slash = strrchr(template, '/'), *file = slash ? slash + 1 : template, *ending = strrchr(file, '.');
    const char *path = arena_printf(a, "%.*s%s", (int)(file - template), template, name);
    const char *text = file_text(a, path, &len);
    return text || !ending ? text : file_text(a, arena_printf(a, "%s%s", path, ending), &len);
}

/* Reads the files of every name that the texts read so far ask for, until none is new. */
static struct err *partials_find(struct arena *a, const char *template, const char *text, struct doc *partials)
{
    struct doc *names = doc_list(a);
    TRY(tpl_names(a, text, names));
    for (size_t i = 0; i < doc_count(names) && i < PARTIALS_MAX; i++) {
        const char *name = doc_as_text(doc_at(names, i));
        const char *known = doc_get(partials, name) ? doc_text_of(partials, name) : partial_text(a, template, name);
        if (!known)
            continue;
        doc_set_text(partials, name, known);
        TRY(tpl_names(a, known, names));
    }
    return NULL;
}

static struct err *tpl_write(struct arena *a, const char *template, const char *data_path, struct buf *out)
{
    size_t len;
    struct doc *data = NULL, *partials = doc_map(a);
    const char *text = file_text(a, template, &len), *json = file_text(a, data_path, &len);
    if (!text || !json)
        return ERR(a, ERR_NOT_FOUND, "%s cannot be read", text ? data_path : template);
    TRY(doc_read_json_any(a, json, len, &data));
    const struct doc *given = doc_get(data, "partials");
    for (size_t i = 0; doc_kind(given) == DOC_MAP && i < doc_count(given); i++)
        doc_set_text(partials, doc_key_at(given, i), doc_as_text(doc_at(given, i)));
    TRY(partials_find(a, template, text, partials));
    return tpl_once(a, text, data, partials, out);
}

int command_tpl(struct arena *a, int argc, char **argv)
{
    struct buf out;
    if (argc < 2) {
        fprintf(stderr, "mandat tpl TEMPLATE DATA.json\n");
        return 2;
    }
    buf_init(&out, a, FILE_BYTES_MAX);
    struct err *e = tpl_write(a, argv[0], argv[1], &out);
    if (e)
        return command_fail(e);
    fwrite(buf_end(&out), 1, out.len, stdout);
    return 0;
}
