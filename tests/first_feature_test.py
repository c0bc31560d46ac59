"""docs/first-feature.md, gone through in a copy of the tree: `./dev new`, its failing test, then each block of the tutorial, and the test
passes. Only what is new is compiled, with the flags of the build this runs in, and linked with its libraries.

    first_feature_test.py BUILD-FOLDER
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "phonebook"


def run(*command, where, **more):
    return subprocess.run(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)


def blocks():
    """(path, text) of each block that is a whole file: the line before it ends with `path`:"""
    text = (ROOT / "docs" / "first-feature.md").read_text(encoding="utf-8")
    return re.findall(r"`([^`\n]+)`:\n\n```\w+\n(.*?)```\n", text, re.S)


class FirstFeature(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.tree, self.made = pathlib.Path(self.folder.name, "tree"), pathlib.Path(self.folder.name, "made")
        self.compiled = {}
        self.tree.mkdir()
        self.made.joinpath("features").mkdir(parents=True)
        for name in ("src", "tools", "migrations"):
            shutil.copytree(ROOT / name, self.tree / name)
        shutil.copy(ROOT / "dev", self.tree / "dev")

    def must(self, *command, where):
        done = run(*command, where=where)
        self.assertEqual(done.returncode, 0, f"{shlex.join(map(str, command))}\n{done.stdout[-4000:]}")
        return done.stdout

    def generate(self):
        """What the build generates of the features: their queries, the templates."""
        listed = lambda what: self.must(sys.executable, "tools/list.py", what, where=self.tree).split()
        sql = [self.tree / "src/features" / path for path in listed("sql")]
        self.must(sys.executable, "tools/sql.py", "gen", "--table", "feature_queries", self.made / "features/queries.c", self.made / "features/queries.h", *sql, where=self.tree)
        self.must(sys.executable, "tools/embed.py", "--list", "templates", self.made / "templates.c", *listed("templates"), where=self.tree)

    def compile(self, like, source):
        """As the build compiles `like`; headers of the copy come first. What has not changed is not compiled again."""
        target, text = self.made / (source.name + ".o"), source.read_bytes()
        if self.compiled.get(target) == text:
            return target
        self.compiled[target] = text
        entry = next(e for e in self.commands if e["file"].endswith(like))
        words = shlex.split(entry["command"])
        at = next(i for i, word in enumerate(words) if word.startswith("-"))
        words = [w for i, w in enumerate(words) if w not in ("-MD", "-MQ", "-MF", "-o", "-c") and words[i - 1] not in ("-MQ", "-MF", "-o", "-c")]
        self.must(*words[:at], f"-I{self.made}", f"-I{self.tree / 'src'}", *words[at:], "-o", target, "-c", source, where=build)
        return target

    def link(self, objects):
        """As the build links a feature's test: our objects first, so that nobody asks the libraries for what is ours."""
        words = shlex.split(self.must("ninja", "-t", "commands", "tests/ticket_test", where=build).strip().splitlines()[-1])
        at = next(i for i, word in enumerate(words) if "ticket_test.p/" in word)
        words[words.index("-o") + 1] = str(self.made / "test")
        self.must(*words[:at], *objects, *words[at + 1:], where=build)

    def ran(self):
        room = self.tree / "src/features" / NAME
        self.generate()
        flags = "src/app/feature_list.c"
        self.link([self.compile("ticket_test.c", room / f"{NAME}_test.c"), self.compile(flags, room / f"{NAME}.c"), self.compile(flags, self.tree / flags),
                   self.compile("features/queries.c", self.made / "features/queries.c"), self.compile("templates.c", self.made / "templates.c")])
        return run(self.made / "test", where=self.made, env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"})

    def test_the_tutorial(self):
        self.commands = json.loads(pathlib.Path(build, "compile_commands.json").read_text(encoding="utf-8"))
        self.assertIn(f"{NAME} is there", self.must("./dev", "new", NAME, where=self.tree))
        self.assertNotEqual(run("./dev", "new", NAME, where=self.tree).returncode, 0)
        self.assertNotEqual(run("./dev", "new", "No-Name", where=self.tree).returncode, 0)

        result = self.ran()
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertIn(f"write down what {NAME} must do", result.stdout)

        files = blocks()
        self.assertEqual([pathlib.Path(path).name for path, _ in files], [f"{NAME}_test.c", "queries.sql", f"{NAME}.c", f"{NAME}_list.html"])
        for path, text in files[:1]:
            (self.tree / path).write_text(text, encoding="utf-8")
        result = self.ran()
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertRegex(result.stdout, r"(?m)^ok \d+ - to_a_stranger_it_does_not_exist \(sqlite\)")

        for path, text in files[1:]:
            (self.tree / path).write_text(text, encoding="utf-8")
        result = self.ran()
        self.assertEqual(result.returncode, 0, result.stdout)

        for rule in ("arrows", "functions", "banned", "headers", "folders", "raw", "inline", "routes", "orphans", "sql"):
            self.assertIn("\nok 1", "\n" + self.must(sys.executable, "tools/check-structure.py", rule, where=self.tree))


if __name__ == "__main__":
    build = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
