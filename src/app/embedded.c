#include "app/embedded.h"
#include <string.h>
#include "base/buf.h"
#include "po/catalogues.h"

static const char icons[] = "{{shell.assets.icons}}";

static struct tpl_source icons_put(struct arena *a, const struct tpl_source *source, const char *address)
{
    struct buf out;
    const char *text = source->text;
    buf_init(&out, a, source->len * 4 + 1024);
    for (const char *at; (at = strstr(text, icons)); text = at + sizeof icons - 1) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, address);
    }
    buf_text(&out, text);
    return (struct tpl_source){ source->name, buf_end(&out), out.len };
}

const struct tpl_source *embedded_templates(struct arena *a, const struct asset_set *set)
{
    size_t count = 0;
    while (templates[count].name)
        count++;
    struct tpl_source *list = ARENA_ARRAY(a, struct tpl_source, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = icons_put(a, &templates[i], asset_url(set, "icons.svg"));
    return list;
}

const struct migration *embedded_migrations(struct arena *a)
{
    size_t count = 0;
    while (migration_sources[count].name)
        count++;
    struct migration *list = ARENA_ARRAY(a, struct migration, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct migration){ migration_sources[i].name, migration_sources[i].text };
    return list;
}

const struct tpl_lang *embedded_langs(void)
{
    static struct tpl_lang langs[] = { { "fr", NULL, 0 }, { "en", po_en_mo, 0 }, { 0 } };
    langs[1].mo_len = po_en_mo_len;
    return langs;
}
