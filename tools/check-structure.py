#!/usr/bin/env python3
"""Checks what no compiler sees: which folder may include which, sizes, banned functions, templates, routes, documents.
One line of TAP for each rule below; what breaks it follows as comments.

    tools/check-structure.py [RULE...]      all rules, or those named (arrows, size, …)

Each function `rule_…` yields one text for each place that breaks it; its first line of documentation is the rule.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

# A folder may include itself and what is listed here: arrows point down only (ARCHITECTURE.md).
ARROWS = {
    "base": [],
    "picture": ["base"],
    "draw": ["base"],
    "doc": ["base"],
    "tpl": ["base", "doc"],
    "db": ["base", "doc"],
    "mandate": ["base", "doc", "tpl", "db"],
    "mail": ["base", "doc", "tpl", "db", "mandate"],
    "work": ["base", "doc", "tpl", "db", "mandate"],
    "web": ["base", "doc", "tpl", "db", "mandate"],
    "features": ["base", "picture", "draw", "doc", "tpl", "db", "mandate", "mail", "work", "web"],
    "app": ["base", "picture", "draw", "doc", "tpl", "db", "mandate", "mail", "work", "web", "features"],
}
FUNCTION_LINES, FILE_LINES = 100, 600
# What has a safer way here: arena_printf, text_int, buf, the clock of the context.
BANNED = ["strcpy", "strcat", "strncpy", "strncat", "sprintf", "vsprintf", "gets", "strtok", "system", "popen", "atoi", "atol",
          "atoll", "atof", "alloca", "localtime", "gmtime", "ctime", "asctime", "tmpnam", "tempnam", "mktemp", "rand", "srand"]
RULE_ID = re.compile(r"\b[SPLCTMX]-\d+\b")


def shown(path):
    return str(path.relative_to(ROOT))


def read(path):
    return path.read_text(encoding="utf-8")


def files(*patterns, below=SRC):
    return sorted(path for pattern in patterns for path in below.rglob(pattern))


def sources():
    return files("*.c", "*.h")


def templates():
    return [path for path in files("*.html", "*.txt") if path.name != "meson.build"]


def is_mail(path):
    return path.name.startswith(("mail_", "layout_mail"))


def lines_of(text, pattern, flags=0):
    for match in re.finditer(pattern, text, flags):
        yield text.count("\n", 0, match.start()) + 1, match


def bare_code(text):
    """C without comments and without what stands in quotes; every line stays where it is."""
    def blank(match):
        token = match.group()
        return token[0] + token[-1] if token[0] in "\"'" else "\n" * token.count("\n") or " "
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|/\*.*?\*/|//[^\n]*', blank, text, flags=re.S)


# ---- C ----

def rule_arrows():
    """Arrows point down only; a feature sees another through its header alone."""
    for path in sources():
        folder, *rest = path.relative_to(SRC).parts
        for number, match in lines_of(read(path), r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M):
            other, *below = match[1].split("/")
            if not below or other not in ARROWS:
                continue        # generated beside the file, or the system's
            if other != folder and other not in ARROWS.get(folder, []):
                yield f"{shown(path)}:{number}: {folder} may not include {match[1]}"
            if other == "features" and len(below) == 2 and below[1] != f"{below[0]}.h" and (folder != "features" or rest[0] != below[0]):
                yield f"{shown(path)}:{number}: {match[1]} is the inside of another feature; its header is {below[0]}.h"


def functions_of(code):
    """(line of the opening brace, its text, lines) of every function: a brace at depth 0 behind a closing parenthesis."""
    depth, start, head = 0, 0, ""
    for number, line in enumerate(code.split("\n"), 1):
        for char in line:
            if char == "{":
                if depth == 0:
                    start, name = number, re.findall(r"(\w+)\s*\(", head.rsplit(";", 1)[-1])
                    is_function = head.rstrip().endswith(")") and "=" not in head
                depth += 1
            elif char == "}":
                depth -= 1
                if depth == 0 and is_function:
                    yield start, name[0] if name else "?", number - start + 1
                head = "" if depth == 0 else head
            elif depth == 0:
                head = "" if char == ";" else head + char
        head = "" if line.lstrip().startswith("#") else head + " "


def rule_functions():
    """No function is longer than 100 lines."""
    for path in files("*.c"):
        for line, name, length in functions_of(bare_code(read(path))):
            if length > FUNCTION_LINES:
                yield f"{shown(path)}:{line}: {name} has {length} lines"


def rule_files():
    """No C file is longer than 600 lines."""
    for path in sources():
        length = read(path).count("\n")
        if length > FILE_LINES:
            yield f"{shown(path)}: {length} lines"


def rule_banned():
    """No banned function is called; tests, which run under the sanitizers, may."""
    for path in sources():
        if path.stem.endswith("_test"):
            continue
        for number, match in lines_of(bare_code(read(path)), rf"(?<![\w.>])({'|'.join(BANNED)})\s*\("):
            yield f"{shown(path)}:{number}: {match[1]}"


def rule_headers():
    """Each header begins with #pragma once and a comment that says what it is."""
    for path in files("*.h"):
        if not re.match(r"#pragma once\n/\*", read(path)):
            yield shown(path)


def rule_folders():
    """Each folder of src/ says what it is: a README.md, or the first comment of its headers; a feature always by a README.md."""
    for folder in sorted(path for path in SRC.iterdir() if path.is_dir() and path.name != "features"):
        if not (folder / "README.md").exists() and not list(folder.glob("*.h")):
            yield f"{shown(folder)}: neither README.md nor a header"
    for folder in sorted(path for path in (SRC / "features").iterdir() if path.is_dir()):
        if not (folder / "README.md").exists():
            yield f"{shown(folder)}: no README.md"


# ---- Templates and routes ----

def rule_raw():
    """{{{raw}}} stands in layouts and mails only."""
    for path in templates():
        if not path.name.startswith("layout") and not is_mail(path):
            for number, _ in lines_of(read(path), r"\{\{[{&]"):
                yield f"{shown(path)}:{number}"


def rule_inline():
    """No inline style and no inline script in a page: the content security policy would refuse it."""
    for path in files("*.html"):
        if not is_mail(path):
            for number, match in lines_of(read(path), r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)[^>]*>|javascript:", re.I):
                yield f"{shown(path)}:{number}: {match.group().strip()}"


def calls(text, word):
    """Arguments of each call of a macro, parentheses inside them kept together: (line, text)."""
    for number, match in lines_of(text, rf"\b{word}\s*\("):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        yield number, text[match.end():end - 1]


def only_leads_on(text, handler):
    """A GET handler that answers with another address needs no page."""
    body = re.search(rf"\b{handler}\(struct ctx \*c\)\s*\{{(.*?)\n\}}", text, re.S)
    return bool(body) and "reply_see(" in body[1]


def route_pages():
    """(place, handler, folder) of every page that needs a template: of GET routes that are not raw, and of AGAIN."""
    for path in files("*.c"):
        text = read(path)
        for number, arguments in calls(text, "GET"):
            parts = [part.strip() for part in arguments.split(",")]
            if len(parts) < 3 or not parts[0].startswith('"') or re.search(r"\.is_raw\s*=\s*true", arguments):
                continue
            if not only_leads_on(text, parts[2]):
                yield f"{shown(path)}:{number}", parts[2], path.parent
        for number, arguments in calls(text, "POST"):
            again = re.search(r"AGAIN\((\w+)\)", arguments)
            if again and arguments.lstrip().startswith('"'):
                yield f"{shown(path)}:{number}", again[1], path.parent


def rule_routes():
    """Every page has a template named as its handler, beside it."""
    pages = list(route_pages())
    if not pages:
        yield "no route was found"
    for place, handler, folder in pages:
        if not (folder / f"{handler}.html").exists() and not (SRC / "web" / "templates" / f"{handler}.html").exists():
            yield f"{place}: no {handler}.html"


def rule_orphans():
    """Every template is used: by a route, a mail, a page of its own or another template."""
    used = set()
    for path in sources():
        used |= set(re.findall(r"\b[a-z][a-z0-9_]*\b", read(path)))
    for path in templates():
        used |= set(re.findall(r"\{\{\s*[><]\s*([\w-]+)", read(path)))
    for path in templates():
        if path.stem not in used:
            yield shown(path)


# ---- Documents ----

def rule_features():
    """docs/features.md: each rule once, in a known state; the files it names are there; what is done names a test that shows it."""
    path, seen, count = ROOT / "docs" / "features.md", set(), 0
    for number, line in enumerate(read(path).split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not RULE_ID.fullmatch(cells[0]):
            continue
        place, count = f"{shown(path)}:{number}: {cells[0]}", count + 1
        if cells[0] in seen:
            yield f"{place} stands there twice"
        seen.add(cells[0])
        if len(cells) != 5 or cells[2].split(":")[0] not in ("done", "part", "not yet"):
            yield f"{place}: five cells, the third done, part or not yet"
            continue
        yield from (f"{place}: {problem}" for problem in feature_problems(cells[0], cells[2].split(":")[0], *cells[3:]))
    if count < 80:
        yield f"{shown(path)}: {count} rules; some are missing"


def feature_problems(rule, state, where, tests):
    named = {cell: re.findall(r"`([^`\s]+/[^`\s]*)`", cell) for cell in (where, tests)}
    for name in named[where] + named[tests]:
        if not (ROOT / name).exists():
            yield f"{name} is not there"
    if state != "not yet" and not named[where]:
        yield "where does it live?"
    if state == "done" and not any((ROOT / name).is_file() and re.search(rf"\b{rule}\b", read(ROOT / name)) for name in named[tests]):
        yield "done, and no test named here carries its number"


def rule_asvs():
    """docs/asvs.md: each of the 253 requirements once, in a known state; what holds or not says how, and the files it names are there."""
    path, seen = ROOT / "docs" / "asvs.md", set()
    for number, line in enumerate(read(path).split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not re.fullmatch(r"\d+\.\d+\.\d+", cells[0]):
            continue
        place = f"{shown(path)}:{number}: {cells[0]}"
        if cells[0] in seen:
            yield f"{place} stands there twice"
        seen.add(cells[0])
        if len(cells) != 5 or cells[1] not in ("1", "2") or cells[3] not in ("holds", "part", "n/a", "not yet") or not cells[4]:
            yield f"{place}: five cells, the fourth holds, part, n/a or not yet, the fifth says how"
            continue
        for name in re.findall(r"`([\w.-]+/[\w./-]+)`", cells[4]):
            if not (ROOT / name).exists():
                yield f"{place}: {name} is not there"
        for name in re.findall(r"fuzz ((?:`\w+`(?:, )?)+)", cells[4]):
            yield from (f"{place}: tests/corpus/{target} is not there" for target in re.findall(r"`(\w+)`", name) if not (ROOT / "tests/corpus" / target).is_dir())
    if len(seen) != 253:
        yield f"{shown(path)}: {len(seen)} requirements of 253"


def rule_links():
    """Links and pictures in the documents lead to files that are there; so do the paths of docs/tour.md."""
    documents = [*ROOT.glob("*.md"), *files("*.md", below=ROOT / "docs"), *files("*.md")]
    for path in sorted(documents):
        for number, match in lines_of(read(path), r"\]\(([^)\s#]+)(?:#[^)]*)?\)"):
            if not re.match(r"[a-z]+:", match[1]) and not (path.parent / match[1]).exists():
                yield f"{shown(path)}:{number}: {match[1]}"
    tour = ROOT / "docs" / "tour.md"
    for number, match in lines_of(read(tour), r"`((?:src|tools|tests|migrations|web|po|docs)/[^`\s]*)`"):
        if not (ROOT / match[1]).exists():
            yield f"{shown(tour)}:{number}: {match[1]}"


def rule_sql():
    """Queries stand in .sql files: no SQL in C but in tests and in the drivers."""
    words = r'"\s*(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s)'
    for path in files("*.c"):
        if path.relative_to(SRC).parts[0] != "db" and not path.stem.endswith("_test"):
            for number, match in lines_of(read(path), words):
                yield f"{shown(path)}:{number}: {match.group().strip()}"


def main(wanted):
    rules = {name[5:]: rule for name, rule in globals().items() if name.startswith("rule_")}
    is_fine = True
    for number, (name, rule) in enumerate(((name, rules[name]) for name in wanted or rules), 1):
        try:
            broken = list(rule())
        except OSError as wrong:
            broken = [str(wrong)]
        is_fine = is_fine and not broken
        print(f"{'not ok' if broken else 'ok'} {number} - {name}: {rule.__doc__.splitlines()[0]}")
        for place in broken:
            print(f"#   {place}")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
