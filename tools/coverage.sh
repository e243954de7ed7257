#!/usr/bin/env bash
# Line coverage of the module tests, one line a source file, lowest first.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -S . -B build/coverage -G Ninja -DCMAKE_BUILD_TYPE=Debug -DKANGQU_HARDEN=OFF \
    -DCMAKE_CXX_FLAGS="--coverage -O1" >/dev/null
cmake --build build/coverage -j "$(nproc)"
ctest --test-dir build/coverage -LE browser -j "$(nproc)" || true
find build/coverage/src -name '*.gcda' | while read -r data; do
    gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk -v root="$PWD/src/" '/^File/ {file = $2; gsub("\x27", "", file)}
    /^Lines executed/ && index(file, root) == 1 {split($2, part, ":"); print part[2], substr(file, length(root) + 1); file = ""}' |
    sort -n | uniq
