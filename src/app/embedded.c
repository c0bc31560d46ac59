#include "app/embedded.h"
#include "po/catalogues.h"

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
