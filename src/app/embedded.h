#pragma once
/* What the build puts into the program: templates, catalogues, migrations. */
#include "db/db.h"
#include "tpl/tpl.h"

extern const struct tpl_source templates[];            /* ends with name NULL */
extern const struct tpl_source migration_sources[];
const struct migration *embedded_migrations(struct arena *a);
const struct tpl_lang *embedded_langs(void);
