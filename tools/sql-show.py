#!/usr/bin/env python3
"""Shows one named query: where it stands, its text, every fixed variant for both databases, and SQLite's plan of each.

    tools/sql-show.py NAME [DATABASE]

The plan is made on a copy of nothing: DATABASE (the demonstration's) is opened for reading only. Without it, no plan.
"""
import importlib.util
import pathlib
import sqlite3
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("sql", ROOT / "tools" / "sql.py")
sql = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sql)


def find(name):
    paths = sorted(str(path) for path in (ROOT / "src").rglob("*.sql") if "migration" not in path.parts)
    for path in paths:
        for query in sql.read_queries(path):
            if query.name == name:
                sql.parse(query)
                return query
    near = [query.name for path in paths for query in sql.read_queries(path) if name.split("_")[0] in query.name]
    sys.exit(f"There is no query {name}." + (f" Perhaps: {', '.join(near)}" if near else ""))


def plan(database, text, count):
    """SQLite's plan as it prints it, indented by depth."""
    rows = database.execute("EXPLAIN QUERY PLAN " + text, [None] * count).fetchall()
    depth = {0: 0}
    for number, parent, _, detail in rows:
        depth[number] = depth.get(parent, 0) + 1
        yield "  " * depth[number] + detail


def main(name, path=None):
    query = find(name)
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True) if path and pathlib.Path(path).exists() else None
    marks = " @across" if query.is_across else ""
    print(f"{query.path}:{query.line}  {'write' if query.is_write else 'read'}{marks}\n")
    print(query.text.strip("\n"))
    for bits in range(1 << len(query.clauses)):
        given = [clause for index, clause in enumerate(query.clauses) if bits >> index & 1]
        print(f"\n--- {'with ' + ', '.join(given) if given else 'no clause'}")
        texts = {kind: sql.variant(query, kind, bits) for kind in sql.DATABASES}
        for kind, (text, _, slots) in texts.items():
            print(f"{kind}: {text}\n    " + "  ".join(f"{n}={query.params[slot]}" for n, slot in enumerate(slots, 1)))
        if database:
            text, _, slots = texts["sqlite"]
            print("plan (SQLite):\n" + "\n".join(plan(database, text, len(slots))))
    if not database:
        print("\nFor SQLite's plan start ./dev demo once: it leaves its database in build/demo-data.")


if __name__ == "__main__":
    main(*sys.argv[1:])
