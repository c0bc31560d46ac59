#pragma once
/* What the build puts into the program: templates, catalogues, migrations. */
#include "db/db.h"
#include "tpl/tpl.h"
#include "web/asset.h"

extern const struct tpl_source templates[];            /* ends with name NULL */
extern const struct tpl_source migration_sources[];
/* The templates with the address of the icons written in: a list names it a hundred times, and it never changes while the server runs. */
const struct tpl_source *embedded_templates(struct arena *a, const struct asset_set *set);
const struct migration *embedded_migrations(struct arena *a);
const struct tpl_lang *embedded_langs(void);
