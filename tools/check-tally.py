#!/usr/bin/env python3
"""Adds up what the parts of `./dev test` left in a folder, names every failure, and ends with one line:
`N passed, N failed`. Exit code 1 where anything failed, or where a part that must run left nothing.

    tools/check-tally.py [--any] FOLDER         --any: nothing must have run but what did

*.json is Meson's test log: each program is a cmocka program that wrote TAP, counted test by test; a program that
wrote none counts as one. *.tap is TAP of node's runner (its closing counts are taken) or of our own checks.
"""
import json
import pathlib
import re
import sys

LINE = re.compile(r"\s*(?P<word>ok|not ok)\b\s*\d*\s*(?:- )?(?P<name>.*)$")
# What must have run, whatever else did: a file that is missing or empty is a failure, not a success.
EXPECTED = ["structure.tap", "headers.tap", "c.json", "browser.tap"]


class Tally:
    def __init__(self):
        self.passed, self.skipped, self.failures = 0, 0, []

    def line(self, text, where):
        match = LINE.match(text)
        if not match:
            return False
        if "# skip" in text.lower():      # cmocka says "not ok N # SKIP name"
            self.skipped += 1
        elif match["word"] == "ok":
            self.passed += 1
        else:
            self.failures.append(f"{where}: {match['name']}")
        return True


def add_meson(tally, path):
    for text in path.read_text(encoding="utf-8").splitlines():
        test = json.loads(text)
        failed_before = len(tally.failures)
        lines = sum(tally.line(line, test["name"]) for line in test.get("stdout", "").splitlines())
        if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
            if len(tally.failures) == failed_before:
                tally.failures.append(f"{test['name']}: {test['result'].lower()}, code {test.get('returncode')}")
        elif not lines:
            tally.passed += test["result"] == "OK"
            tally.skipped += test["result"] == "SKIP"


def add_node(tally, path, text):
    counts = {key: int(number) for key, number in re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", text, re.M)}
    named = [f"browser: {match['name']}" for match in map(LINE.match, text.splitlines())
             if match and match["word"] == "not ok" and "# skip" not in match.string.lower()]
    failed = counts.get("fail", 0) + counts.get("cancelled", 0)
    tally.passed += counts.get("pass", 0)
    tally.skipped += counts.get("skipped", 0)
    # The runner counts; a failure of a group may be named more than once, or by nothing but the count.
    tally.failures += named[:failed] + [f"{path.name}: see there"] * (failed - len(named[:failed]))
    if not counts:
        tally.failures.append(f"{path.name}: the runner ended before it counted")


def add(tally, path):
    if path.suffix == ".json":
        add_meson(tally, path)
        return
    text = path.read_text(encoding="utf-8")
    if path.name == "browser.tap":
        add_node(tally, path, text)
        return
    for line in text.splitlines():
        tally.line(line, path.stem)


def main(folder, expected):
    tally, folder = Tally(), pathlib.Path(folder)
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.tap")]):
        before = tally.passed, len(tally.failures)
        add(tally, path)
        print(f"{path.name}: {tally.passed - before[0]} passed, {len(tally.failures) - before[1]} failed")
    for name in expected:
        if not (folder / name).is_file() or not (folder / name).stat().st_size:
            tally.failures.append(f"{name}: this part did not run")
    for failure in tally.failures:
        print(f"failed: {failure}")
    if tally.skipped:
        print(f"{tally.skipped} skipped")
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    return 1 if tally.failures or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1], [] if "--any" in sys.argv else EXPECTED))
