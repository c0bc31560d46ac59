#!/usr/bin/env bash
# Every header of src/ compiles alone, as the first thing a file includes. TAP on standard output.
# Generated headers (queries) are taken from the release build.
set -u
cd "$(dirname "$0")/.."
flags=(-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc -Itests -Ibuild/release/src)
mapfile -t packages < <(pkg-config --cflags libsodium jansson icu-uc sqlite3 libpq libcurl libmicrohttpd libical pangocairo cmocka | tr ' ' '\n' | grep .)
failed=0 number=0
while read -r header; do
    number=$((number + 1))
    if said=$(echo "#include \"${header#src/}\"" | gcc -fsyntax-only "${flags[@]}" "${packages[@]}" -I"build/release/$(dirname "$header")" -x c - 2>&1); then
        echo "ok $number - $header compiles alone"
    else
        failed=1
        echo "not ok $number - $header compiles alone"
        sed 's/^/# /' <<<"$said"
    fi
done < <(find src -name '*.h' ! -name '*_test.h' | sort)   # what tests share is compiled with them
[[ $number -gt 0 ]] || { echo "not ok - no header was found"; failed=1; }
exit $failed
