#!/usr/bin/env python3
"""Writes files into C, so that the program is one file.

    embed.py OUT.c SYMBOL FILE...                   const unsigned char SYMBOL[]; const size_t SYMBOL_len;  (the files one after the other)
    embed.py --list SYMBOL OUT.c NAME=PATH...       const struct tpl_source SYMBOL[] = { { name, text, len }, …, { 0 } };

Both end each text with a NUL that is not counted."""
import re
import sys

PLAIN = {chr(c) for c in range(0x20, 0x7f)} - set('"\\?')      # ? would make trigraphs


def literal(data):
    """A C string literal, a line of source for each line of text. Octal escapes have three digits, so nothing behind them is read into them."""
    lines = data.split(b"\n")
    texts = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    escaped = ("".join(chr(c) if chr(c) in PLAIN else "\\%03o" % c for c in text) for text in texts)
    return "\n    ".join('"%s"' % text for text in escaped) or '""'


def read(path):
    with open(path, "rb") as file:
        return file.read()


def embed(out, symbol, paths):
    data = b"".join(read(path) for path in paths)
    rows = (data[at:at + 24] for at in range(0, len(data), 24))
    out.write("#include <stddef.h>\n\nextern const unsigned char %s[];\nextern const size_t %s_len;\n\n" % (symbol, symbol))
    out.write("const unsigned char %s[] = {\n" % symbol)
    out.writelines("    " + "".join("%d," % c for c in row) + "\n" for row in rows)
    out.write("    0\n};\nconst size_t %s_len = sizeof %s - 1;\n" % (symbol, symbol))


def unindented(name, data):
    """A page's indentation is for who writes it: each list would send it to the browser fifty times over."""
    return re.sub(rb"(?m)^[ \t]+", b"", data) if name.endswith(".html") else data


def embed_list(out, symbol, pairs):
    out.write('#include "tpl/tpl.h"\n\nextern const struct tpl_source %s[];\n\n' % symbol)
    sources = [(name, unindented(name, read(path))) for name, path in (pair.split("=", 1) for pair in pairs)]
    for i, (name, data) in enumerate(sources):
        out.write("static const char text_%d[] =   /* %s */\n    %s;\n\n" % (i, name, literal(data)))
    out.write("const struct tpl_source %s[] = {\n" % symbol)
    out.writelines('    { "%s", text_%d, sizeof text_%d - 1 },\n' % (name, i, i) for i, (name, _) in enumerate(sources))
    out.write("    { 0 }\n};\n")


def main(args):
    if len(args) >= 3 and args[0] == "--list":
        with open(args[2], "w", encoding="ascii") as out:
            embed_list(out, args[1], [pair for pair in args[3:] if pair])
    elif len(args) >= 3:
        with open(args[0], "w", encoding="ascii") as out:
            embed(out, args[1], args[2:])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
