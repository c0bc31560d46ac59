#!/usr/bin/env python3
"""Makes C from .sql files: every named query becomes a `const struct query sql_NAME` (src/db/db.h, docs/sql.md).

    sql.py gen [--table SYMBOL] OUT.c OUT.h FILE.sql...    one pair of C files from any number of .sql files
    sql.py count FILE...                                   how many queries cross organizations, how many blocks
                                                           are for one database only (.sql files and migrations)

In a meson.build below src/db in the list of the top one (`sql_py` and `db_dep` come from src/db/meson.build):

    ticket_sql = custom_target('ticket_sql',
      input: files('queries.sql'), output: ['ticket_sql.c', 'ticket_sql.h'], depend_files: sql_py,
      command: [python, sql_py, 'gen', '--table', 'ticket_queries', '@OUTPUT0@', '@OUTPUT1@', '@INPUT@'])
    ticket = static_library('ticket', 'ticket.c', ticket_sql, include_directories: src, dependencies: db_dep)

A C file of that library says `#include "ticket_sql.h"`; another library that needs the queries lists `ticket_sql[1]`
among its sources. `--table` adds `const struct query *const ticket_queries[]`, which ends with NULL.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATABASES = ("sqlite", "postgresql")
CLAUSES_MAX = 6      # 64 texts for each database
PARAMS_MAX = 99      # a slot is one byte, and 255 ends the list

HEADER = re.compile(r"--\s*([a-z][a-z0-9_]*):\s*(read|write|part)\b\s*(.*)$")
PART = re.compile(r"\{\{>\s*([a-z][a-z0-9_]*)\s*\}\}")
TOKEN = re.compile(r"""
    (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*") | (?P<comment>--[^\n]*|/\*.*?\*/) | (?P<cast>::)
  | :(?P<param>[a-z][a-z0-9_]*) | (?P<space>\s+) | \[\[(?P<clause>[a-z][a-z0-9_]*):
  | \{\{(?P<only>[a-z]+): | (?P<end>\]\]|\}\}) | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | (?P<other>.)
""", re.X | re.S)

# What is refused in any text: pattern (quotes taken out, one space between words) and what to do instead.
REFUSED = [
    (r"\bSELECT (DISTINCT |ALL )?\*|\w\.\*|\bRETURNING \*", "name the columns: their names are the document's keys"),
    (r"\bOFFSET\b", "page by row-value comparison: (changed_at, id) < (:page_after, :page_id)"),
    (r"\?\d*|\$\d+", "parameters are written :name"),
    (r";", "one statement in a query"),
]
# What means different things to the two databases; a block for one of them may use it.
REFUSED_FOR_BOTH = [
    (r"\b(LOWER|UPPER) ?\(", "compare keys made in C (email_key, name_key); the databases disagree about letters"),
    (r"\b(I?LIKE|GLOB|REGEXP|SIMILAR TO)\b", "not the same on both; for a prefix: key >= :from AND key < :upto"),
    (r"\b(NOW ?\(|CURRENT_(TIMESTAMP|DATE|TIME)\b|STRFTIME ?\(|DATETIME ?\(|JULIANDAY ?\()", "the time is :now"),
    (r"\bINSERT OR \w+|\bREPLACE INTO\b", "INSERT ... ON CONFLICT"),
    (r"\b(IFNULL|TOTAL|IIF) ?\(", "COALESCE, SUM, CASE"),
]


class Wrong(Exception):
    pass


class Query:
    def __init__(self, name, mode, marks, path, line):
        self.name, self.path, self.line, self.is_part = name, path, line, mode == "part"
        self.is_write, self.is_across, self.is_bounded = mode == "write", "@across" in marks, "@bounded" in marks
        self.doc, self.text, self.text_line = [], "", line
        self.params, self.clauses, self.parts = [], [], []

    def wrong(self, message, line=None):
        return Wrong(f"{self.path}:{line or self.line}: {self.name}: {message}")


def shown_path(path):
    relative = os.path.relpath(os.path.abspath(path), ROOT)
    return path if relative.startswith("..") else relative


def parts_filled(queries):
    """The queries alone, each with the parts of its file where it names them. A part takes one line, so that numbers of lines stay true."""
    parts, used = {}, set()
    for part in (query for query in queries if query.is_part):
        if part.name in parts:
            raise part.wrong("a part of that name is there already")
        if "--" in part.text or PART.search(part.text):
            raise part.wrong("a part holds neither comments nor other parts")
        parts[part.name] = " ".join(part.text.split("\n")).strip()

    def filled(query, match):
        if match[1] not in parts:
            raise query.wrong(f"there is no part {match[1]} in this file", query.text_line + query.text.count("\n", 0, match.start()))
        used.add(match[1])
        return parts[match[1]]

    whole = [query for query in queries if not query.is_part]
    for query in whole:
        query.text = PART.sub(lambda match, query=query: filled(query, match), query.text)
    for part in queries:
        if part.is_part and part.name not in used:
            raise part.wrong("a part that no query names")
    return whole


def read_queries(path):
    """Cuts a file into its queries: a header line, comment lines, then SQL up to the next header."""
    queries, shown = [], shown_path(path)
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines, 1):
        match = HEADER.match(line)
        if match:
            queries.append(Query(*match.groups(), shown, number))
            unknown = set(match.group(3).split()) - {"@across", "@bounded"}
            if unknown:
                raise queries[-1].wrong(f"unknown mark {' '.join(sorted(unknown))}")
        elif not queries:
            if line.strip() and not line.startswith("--"):
                raise Wrong(f"{shown}:{number}: SQL before the first `-- name: read|write`")
        elif line.startswith("--") and not queries[-1].text.strip():
            doc = line[2:].strip()
            mark = re.match(r"@(across|bounded)\b", doc)
            if mark:
                setattr(queries[-1], "is_" + mark.group(1), True)
            queries[-1].doc.append(doc)
            queries[-1].text_line = number + 1
            queries[-1].text = ""
        else:
            queries[-1].text += line + "\n"
            if queries[-1].text == line + "\n":
                queries[-1].text_line = number
    return parts_filled(queries)


def add_once(names, name):
    if name not in names:
        names.append(name)


def parse(query):
    """Fills query.parts: (kind, text, clause or None, database or None), kinds word, quoted, param, space."""
    clause = only = None
    opened = []
    line = query.text_line
    for match in TOKEN.finditer(query.text):
        kind, text = match.lastgroup, match.group()
        if kind == "clause":
            if clause:
                raise query.wrong(f"clause [[{match['clause']}: inside [[{clause}:", line)
            clause = match["clause"]
            add_once(query.clauses, clause)
            opened.append("]]")
        elif kind == "only":
            if only or match["only"] not in DATABASES:
                raise query.wrong(f"{{{{{match['only']}: is not one of {', '.join(DATABASES)}, or inside another", line)
            only = match["only"]
            opened.append("}}")
        elif kind == "end" and opened:
            if opened.pop() != text:
                raise query.wrong(f"{text} closes what it did not open", line)
            clause, only = (None, only) if text == "]]" else (clause, None)
        elif kind == "end":
            raise query.wrong(f"{text} closes nothing", line)
        elif kind == "param":
            add_once(query.params, match["param"])
            query.parts.append(("param", match["param"], clause, only))
        elif kind in ("space", "comment"):
            query.parts.append(("space", " ", clause, only))
        else:
            if text in "'\"":
                raise query.wrong("a quote that does not end", line)
            query.parts.append(("quoted" if kind == "quoted" else "word", text, clause, only))
        line += text.count("\n")
    if opened:
        raise query.wrong(f"{opened[-1]} is missing", line)
    for name in query.clauses:
        add_once(query.params, name)
    if len(query.clauses) > CLAUSES_MAX:
        raise query.wrong(f"{len(query.clauses)} clauses; {CLAUSES_MAX} at most")
    if len(query.params) > PARAMS_MAX:
        raise query.wrong(f"{len(query.params)} parameters; {PARAMS_MAX} at most")


def variant(query, database, bits):
    """The fixed text for one database and one choice of clauses: (SQL, SQL without what is quoted, slots)."""
    text, bare, slots = [], [], []
    for kind, part, clause, only in query.parts:
        if only not in (None, database) or clause and not bits >> query.clauses.index(clause) & 1:
            text.append(" ")     # what is left out still separates words
            bare.append(" ")
            continue
        if kind == "param":
            index = query.params.index(part)
            add_once(slots, index)
            part = ("?" if database == "sqlite" else "$") + str(slots.index(index) + 1)
        text.append((kind, part))
        bare.append("''" if kind == "quoted" else ":p" if kind == "param" else part)
    return squeeze(text), " ".join("".join(bare).split()), slots


def squeeze(parts):
    """One space where there was white space, none inside quotes touched."""
    text = ""
    for part in parts:
        kind, piece = part if isinstance(part, tuple) else ("space", " ")
        text += "" if kind == "space" and text[-1:] in (" ", "") else piece
    return re.sub(r" ?;?\s*\Z", "", text)


def without_end(bare):
    return re.sub(r" ?;\s*\Z", "", bare)


def at_top(bare):
    """The text outside all parentheses."""
    depth, top = 0, ""
    for char in bare:
        depth += (char == "(") - (char == ")")
        top += char if depth == 0 else ""
    return top


def check(query, bare):
    def refuse(patterns, text):
        for pattern, instead in patterns:
            found = re.search(pattern, text, re.I)
            if found:
                raise query.wrong(f"`{found.group()}` is refused: {instead}")

    refuse(REFUSED, bare)
    if not query.is_write:
        if re.search(r"\b(INSERT INTO|DELETE FROM|UPDATE \w+ (\w+ )?SET|FOR (NO KEY )?(UPDATE|SHARE))\b", bare, re.I):
            raise query.wrong("writes or locks, and is marked read")
        top = at_top(bare)
        if re.search(r"\bORDER BY\b", top, re.I) and not re.search(r"\bLIMIT\b", top, re.I) and not query.is_bounded:
            raise query.wrong("ORDER BY without LIMIT; `-- @bounded: why` under the header where the rows are few by nature")
    shared = "".join("''" if kind == "quoted" else part for kind, part, _, only in query.parts if only is None)
    refuse(REFUSED_FOR_BOTH, " ".join(shared.split()))


def c_text(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def c_names(names):
    return "(const char *const[]){ " + "".join(c_text(name) + ", " for name in names) + "NULL }"


def c_query(query):
    out = [f"/* {query.path}:{query.line} */"]
    for database in DATABASES:
        out.append(f"static const struct query_text {database}_{query.name}[] = {{")
        for bits in range(1 << len(query.clauses)):
            sql, bare, slots = variant(query, database, bits)
            check(query, without_end(bare))
            numbers = "".join(f"{slot}, " for slot in slots)
            out.append(f"    {{ {c_text(sql)}, (const unsigned char[]){{ {numbers}255 }} }},")
        out.append("};")
    out.append(f"const struct query sql_{query.name} = {{")
    out.append(f"    .name = {c_text(query.name)}, .file = {c_text(f'{query.path}:{query.line}')},")
    out.append(f"    .is_write = {str(query.is_write).lower()}, .is_across = {str(query.is_across).lower()},")
    out.append(f"    .params = {c_names(query.params)},")
    out.append(f"    .clauses = {c_names(query.clauses)},")
    out.append(f"    .sqlite = sqlite_{query.name}, .postgresql = postgresql_{query.name},")
    return "\n".join(out) + "\n};\n"


def load(paths):
    queries, seen = [], {}
    for path in paths:
        for query in read_queries(path):
            if query.name in seen:
                raise query.wrong(f"already at {seen[query.name]}")
            if not query.text.strip():
                raise query.wrong("no SQL follows")
            seen[query.name] = f"{query.path}:{query.line}"
            parse(query)
            queries.append(query)
    return queries


def write_c(out_c, out_h, table, queries):
    texts = [c_query(query) for query in queries]     # all of them before a file is begun
    with open(out_c, "w", encoding="utf-8") as file:
        file.write(f'/* Made by tools/sql.py. */\n#include "{os.path.basename(out_h)}"\n\n')
        file.write("\n".join(texts))
        if table:
            file.write(f"\nconst struct query *const {table}[] = {{\n")
            file.write("".join(f"    &sql_{query.name},\n" for query in queries) + "    NULL,\n};\n")
    with open(out_h, "w", encoding="utf-8") as file:
        file.write('/* Made by tools/sql.py. */\n#pragma once\n#include <stddef.h>\n#include "db/db.h"\n\n')
        for query in queries:
            doc = " ".join(line for line in query.doc if line).replace("*/", "* /")
            file.write((f"/* {doc} */\n" if doc else "") + f"extern const struct query sql_{query.name};\n")
        if table:
            file.write(f"extern const struct query *const {table}[];\n")


def gen(args):
    table = None
    if args[:1] == ["--table"] and len(args) > 1:
        table, args = args[1], args[2:]
    if len(args) < 3:
        sys.exit(__doc__)
    write_c(args[0], args[1], table, load(args[2:]))


def count(paths):
    across = only = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        across += len(re.findall(r"^-- [a-z][a-z0-9_]*: (?:read|write)\b.*@across|^-- @across", text, re.M))
        # A pair of blocks, one for each database, is one place where they differ.
        only += len(re.findall(r"(?:\{\{(?:sqlite|postgresql):.*?\}\}\s*)+", text, re.S))
    print(f"across {across}\nspecific {only}")


def main(args):
    commands = {"gen": gen, "count": count}
    if not args or args[0] not in commands:
        sys.exit(__doc__)
    try:
        commands[args[0]](args[1:])
    except (Wrong, OSError, UnicodeDecodeError) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
