#!/usr/bin/env python3
"""Keeps po/en.po in step with the sources, where the French text is the key.

    po.py check     1 and a list where a text has no translation, a translation no text, or the two do not fit
    po.py update    adds what is new (untranslated) and drops what is gone; sorted, so that diffs stay small
    po.py list      every text and the files it stands in

Texts are {{#_}}…{{/_}} in templates (.html, .txt) and N_("…") or _("…") in C, adjacent literals joined."""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PO = ROOT / "po" / "en.po"
HEADER = "\n".join(["Project-Id-Version: mandat", "Report-Msgid-Bugs-To: ", "POT-Creation-Date: ", "PO-Revision-Date: 2026-11-22 00:00+0000",
                    "Last-Translator: mandat", "Language-Team: mandat", "Language: en", "MIME-Version: 1.0",
                    "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit", ""])
TAG = re.compile(r"\{\{.*?\}\}", re.S)
LITERAL = r'"(?:[^"\\\n]|\\.)*"'


def folded(text):
    """As the templates' parser does it: white space is one space, none at the ends."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def of_template(text):
    for match in re.finditer(r"\{\{\s*#\s*_(?:\s+([^}\s]+))?\s*\}\}(.*?)\{\{[ \t]*/[ \t]*_[ \t]*\}\}", text, re.S):
        yield folded(match[2]), bool(match[1])


def of_c(text):
    code = re.sub(rf"({LITERAL}|'(?:[^'\\\n]|\\.)*')|/\*.*?\*/|//[^\n]*", lambda m: m[1] or " ", text, flags=re.S)
    for match in re.finditer(rf"(?<!\w)N?_\(\s*({LITERAL}(?:\s*{LITERAL})*)\s*\)", code):
        yield "".join(ast.literal_eval(part) for part in re.findall(LITERAL, match[1])), False


def texts_found():
    """{text: (is it a plural, files)}"""
    found = {}
    for path in sorted((ROOT / "src").rglob("*")):
        reader = of_template if path.suffix in (".html", ".txt") else of_c if path.suffix in (".c", ".h", ".def") else None
        if not reader or path.stem.endswith("_test"):
            continue
        for text, is_plural in reader(path.read_text(encoding="utf-8")):
            was_plural, files = found.get(text, (False, []))
            found[text] = (is_plural or was_plural, files + [str(path.relative_to(ROOT))])
    return found


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def po_read():
    """{msgid: (comment lines, msgstr)}, without the header."""
    entries, comments, texts, field = {}, [], {}, None

    def entry_end():
        nonlocal comments, texts
        if texts.get("msgid"):
            if texts["msgid"] in entries:
                sys.exit("po/en.po: twice: %s" % texts["msgid"])
            entries[texts["msgid"]] = (comments, texts.get("msgstr", ""))
        comments, texts = ([], {}) if texts else (comments, {})

    for line in PO.read_text(encoding="utf-8").split("\n") if PO.exists() else []:
        match = re.match(r'(msgid|msgstr)?\s*(".*")\s*$', line)
        if match:
            if match[1] == "msgid":
                entry_end()
            field = match[1] or field
            texts[field] = texts.get(field, "") + ast.literal_eval(match[2])
        elif line.startswith("#"):
            entry_end()
            comments.append(line)
        elif line.strip():
            sys.exit("po/en.po: not understood: %s" % line)
    entry_end()
    return entries


def po_write(entries):
    lines = ["# English. The key is the French text; white space in it is folded.", 'msgid ""', 'msgstr ""']
    lines += [quoted(line + "\n") for line in HEADER.split("\n")[:-1]]
    for text in sorted(entries):
        comments, translation = entries[text]
        lines += ["", *comments, "msgid " + quoted(text), "msgstr " + quoted(translation)]
    PO.write_text("\n".join(lines) + "\n", encoding="utf-8")


def marks(text):
    """What must be in both: {{name}} (how often does not matter, plurals differ) and %d."""
    return set(re.sub(r"\s", "", tag) for tag in TAG.findall(text)), sorted(re.findall(r"%[-0-9.]*l*[a-zA-Z]", TAG.sub("", text)))


def problems():
    found, entries = texts_found(), po_read()
    for text, (is_plural, files) in sorted(found.items()):
        translation = entries.get(text, ([], ""))[1]
        if is_plural and TAG.sub("", text).count("|") != 1:
            yield "not two forms: %s (%s)" % (text, files[0])
        if not translation:
            yield "not translated: %s (%s)" % (text, files[0])
        elif marks(text) != marks(translation):
            yield "not the same {{…}} or %%…: %s → %s" % (text, translation)
        elif any(run not in text for run in re.findall(r"\w*[a-z.?!][A-Z][a-z]+", TAG.sub(" ", translation))):
            yield "two translations run into each other: %s → %s" % (text, translation)
        elif is_plural and TAG.sub("", translation).count("|") != 1:
            yield "not two forms: %s → %s" % (text, translation)
    for text in sorted(set(entries) - set(found)):
        yield "no longer used: %s" % text


def main(command):
    if command == "check":
        wrong = list(problems())
        print("\n".join(wrong + ["%d texts, %d to be mended in po/en.po" % (len(texts_found()), len(wrong))]))
        sys.exit(1 if wrong else 0)
    if command == "update":
        entries = po_read()
        po_write({text: entries.get(text, ([], "")) for text in texts_found()})
    elif command == "list":
        for text, (_, files) in sorted(texts_found().items()):
            print("%s\t%s" % (text, " ".join(sorted(set(files)))))
    else:
        sys.exit(__doc__)


main(sys.argv[1] if len(sys.argv) == 2 else "")
