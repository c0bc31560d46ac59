#!/usr/bin/env bash
# cppcheck over the sources. It does not know __VA_OPT__ yet (2.10), so it reads a copy in which the few macros that use it are written the
# old way. Prints what it finds; fails where it finds anything. A finding that is none is answered in place: // cppcheck-suppress ID.
# Two of its checks are of no use here: resourceLeak (AUTO closes with the scope) and returnDanglingLifetime (an error that a function returns is
# no pointer into what it was handed).
set -euo pipefail
cd "$(dirname "$0")/.."
copy=build/cppcheck
rm -rf "$copy"
mkdir -p "$copy"
cp -r src "$copy/src"
find "$copy/src" -name '*_test.*' -delete
find "$copy/src" -name '*.[ch]' -exec sed -i -e 's/__VA_OPT__(, *) *__VA_ARGS__/, ##__VA_ARGS__/g' -e 's/__VA_ARGS__ __VA_OPT__(,)/__VA_ARGS__,/g' -e 's/PARAMS()/NULL/g' {} +
root=$PWD
cd "$copy"
found=$(timeout "${CPPCHECK_SECONDS:-900}" cppcheck --enable=warning,performance,portability --std=c11 --inline-suppr --quiet --suppress=resourceLeak --suppress=returnDanglingLifetime -D_GNU_SOURCE -Isrc --library="$root/tools/cppcheck.cfg" \
    --template='{file}:{line}: {severity}: {message} [{id}]' src 2>&1) || { echo "cppcheck did not end"; exit 1; }
[[ -z $found ]] || { echo "$found"; exit 1; }
