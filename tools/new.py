#!/usr/bin/env python3
"""Makes a feature's room: src/features/NAME with one page, one query and a test that fails until it is written, and its line in
src/app/feature_list.c. docs/first-feature.md goes on from there.

    tools/new.py NAME
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

ROOM = {
    "NAME.h": """#pragma once
/* NAME: one sentence on what this room is for. */
#include "web/web.h"

extern const struct feature NAME_feature;
""",
    "NAME.c": """#include "features/NAME/NAME.h"
#include "features/queries.h"

static struct err *NAME_list(struct ctx *c)
{
    return doc_page(c, "rows", &sql_NAME_list, "name_key", NULL);
}

static const struct route NAME_routes[] = {
    GET("/o/:org/NAME", CLIENT_READ, NAME_list),
    { 0 },
};

const struct feature NAME_feature = { .name = "NAME", .routes = NAME_routes };
""",
    "queries.sql": """-- What NAME reads and writes. docs/sql.md says how.

-- NAME_list: read
SELECT c.id, c.name, c.name_key FROM client c
WHERE c.org_id = :org [[page_after: AND (c.name_key, c.id) > (:page_after, :page_id)]]
ORDER BY c.name_key, c.id LIMIT :page_limit
""",
    "NAME_list.html": """{{<layout}}
{{$title}}NAME{{/title}}
{{$main}}
<div class="m-head"><div><h1>NAME</h1></div></div>
{{#rows.0}}
<div class="card">
  <ul>
{{#rows}}
    <li>{{name}}</li>
{{/rows}}
  </ul>
  <div class="card-footer">{{>pager}}</div>
</div>
{{/rows.0}}
{{/main}}
{{/layout}}
""",
    "NAME_test.c": """/* NAME, on both databases. */
#include "lib/world.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"

WORLD_TEST(NAME_does_what_it_is_for)
{
    assert_status(world_get(w, ADMIN, "/o/froid-atlantique/NAME"), 200);
    fail_msg("src/features/NAME/NAME_test.c: write down what NAME must do, then make it so");
}

WORLD_MAIN("NAME", WORLD_CASE(NAME_does_what_it_is_for))
""",
    "README.md": """# NAME

Why this room exists, in two or three lines, and which rules of docs/features.md live here.

- `NAME.c`: the list.
- `queries.sql`: its query.
- Not yet: everything else.
""",
}
NEXT = """src/features/NAME is there, with a line in src/app/feature_list.c. Now

    ./dev run                             serves it at http://localhost:8080/o/froid-atlantique/NAME (sign in at /demo first)
    src/features/NAME/NAME_test.c         fails until it is written: say there what NAME must do
    docs/first-feature.md                 goes through such a room step by step
"""


def room_make(name):
    folder = ROOT / "src" / "features" / name
    folder.mkdir()
    for path, text in ROOM.items():
        (folder / path.replace("NAME", name)).write_text(text.replace("NAME", name), encoding="utf-8")


def feature_list(name):
    """The header among the others, in order; the feature last."""
    path = ROOT / "src" / "app" / "feature_list.c"
    text = path.read_text(encoding="utf-8")
    includes = re.findall(r'#include "features/[^"]+"\n', text)
    text = text.replace("".join(includes), "".join(sorted([*includes, f'#include "features/{name}/{name}.h"\n'])))
    text, count = re.subn(r"(#define ALL (?:.*\\\n)*.*)\n", rf"\1, &{name}_feature\n", text, count=1)
    if count != 1 or text.count(f"{name}/{name}.h") != 1:
        sys.exit(f"{path}: not as this tool knows it; add &{name}_feature and its header by hand")
    path.write_text(text, encoding="utf-8")


def main(words):
    if len(words) != 1 or not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", words[0]):
        sys.exit("./dev new NAME: one word, in small letters: phonebook")
    if (ROOT / "src" / "features" / words[0]).exists():
        sys.exit(f"src/features/{words[0]} is there already")
    room_make(words[0])
    feature_list(words[0])
    print(NEXT.replace("NAME", words[0]), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
