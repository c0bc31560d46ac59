/* The document's language, and that its title is to be shown: neither can be said to Cairo. Both go into a new version of the one object that may hold
   them, the catalogue, written behind the end with a table of its own. */
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "draw/inside.h"

enum { ADDED_MOST = 4096, CATALOG_MOST = 2048 };

/* The last place where `what` stands; NULL: nowhere. */
static const char *last_of(const char *data, size_t len, const char *what)
{
    size_t size = strlen(what);
    for (size_t at = len >= size ? len - size + 1 : 0; at-- > 0;)
        if (memcmp(data + at, what, size) == 0)
            return data + at;
    return NULL;
}

/* "12 0 R" or "12" behind a word near the end. */
static long number_behind(const char *data, size_t len, const char *word)
{
    const char *at = last_of(data, len, word);
    return at ? strtol(at + strlen(word), NULL, 10) : 0;
}

struct err *catalog_add(struct arena *a, const char *lang, const void **data, size_t *len)
{
    const char *old = *data, *trailer = last_of(old, *len, "trailer");
    long root = number_behind(old, *len, "/Root "), info = number_behind(old, *len, "/Info "), size = number_behind(old, *len, "/Size "), before = number_behind(old, *len, "startxref\n");
    const char *begin = root > 0 ? last_of(old, *len, arena_printf(a, "\n%ld 0 obj\n<<", root)) : NULL, *end = begin ? strstr(begin, "\nendobj") : NULL;
    const char *close = end && end - begin < CATALOG_MOST ? last_of(begin, (size_t)(end - begin), ">>") : NULL;
    if (!trailer || !close || !size || !before)
        return ERR(a, ERR_INTERNAL, "Cairo's PDF has no catalogue where one was looked for");
    struct buf out;
    buf_init(&out, a, *len + ADDED_MOST);
    buf_add(&out, old, *len);
    size_t at = out.len;
    buf_add(&out, begin + 1, (size_t)(close - begin - 1));
    buf_printf(&out, "   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n", strcmp(lang, "en") == 0 ? "en" : "fr");
    size_t table = out.len;
    buf_printf(&out, "xref\n%ld 1\n%010zu 00000 n \ntrailer\n<< /Size %ld\n   /Root %ld 0 R\n   /Info %ld 0 R\n   /Prev %ld\n>>\nstartxref\n%zu\n%%%%EOF\n", root, at, size, root,
        info, before, table);
    if (out.is_full)
        return ERR(a, ERR_TOO_LARGE, "a document of more than %d bytes", DRAW_PDF_BYTES);
    *data = buf_end(&out);
    *len = out.len;
    return NULL;
}
