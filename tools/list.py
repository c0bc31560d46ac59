#!/usr/bin/env python3
"""Lists source files for the build: `list.py c` the features' C files, `sql` their queries, `tests` what tests in process, `templates` every template as NAME=PATH,
`migrations` the migrations as NAME=PATH. Paths of C and SQL are relative to src/features, the others absolute."""
import glob
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TEMPLATES = ("src/web/templates/*.html", "src/web/templates/*.txt", "src/features/*/*.html", "src/features/*/*.txt")
FEATURES = os.path.join(ROOT, "src", "features")


def of_features(pattern):
    return sorted(os.path.relpath(p, FEATURES) for p in glob.glob(os.path.join(FEATURES, "*", pattern)))


def named(*patterns):
    paths = sorted(p for pattern in patterns for p in glob.glob(os.path.join(ROOT, pattern)))
    return ["%s=%s" % (os.path.basename(p), p) for p in paths]


kind = sys.argv[1]
if kind == "c":
    print("\n".join(p for p in of_features("*.c") if not p.endswith("_test.c")))
elif kind == "tests":
    print("\n".join(sorted(glob.glob(os.path.join(FEATURES, "*", "*_test.c")) + glob.glob(os.path.join(ROOT, "tests", "*_test.c"))
                           + glob.glob(os.path.join(ROOT, "src", "mandate", "*_test.c")) + glob.glob(os.path.join(ROOT, "src", "mail", "*_test.c"))
                           + glob.glob(os.path.join(ROOT, "src", "work", "*_test.c")))))
elif kind == "sql":
    print("\n".join(of_features("queries.sql")))
elif kind == "template-paths":
    print("\n".join(p.split("=", 1)[1] for p in named(*TEMPLATES)))
elif kind == "migration-paths":
    print("\n".join(p.split("=", 1)[1] for p in named("migrations/*.sql")))
elif kind == "templates":
    print("\n".join(named(*TEMPLATES)))
elif kind == "migrations":
    print("\n".join(named("migrations/*.sql")))
