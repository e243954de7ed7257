#!/usr/bin/env bash
# clang-tidy over the C++ files changed since BASE (default: the parent of HEAD, else nothing).
#   tools/tidy/tidy.sh [BASE]     BASE=all checks every file
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/dev
[ -e "$build/compile_commands.json" ] || cmake --preset dev >/dev/null
base="${1:-${BASE:-HEAD~1}}"
if [ "$base" = all ] || ! git rev-parse -q --verify "$base" >/dev/null; then
    mapfile -t files < <(git ls-files 'src/*.cpp')
else
    mapfile -t files < <(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp')
fi
# Tests are held to the compiler's warnings and the house checker; clang-tidy takes too long on gtest.
sources=()
for file in "${files[@]}"; do
    case "$file" in */test/*) ;; *) sources+=("$file") ;; esac
done
if [ ${#sources[@]} -eq 0 ]; then
    echo "tidy: no changed C++ sources"
    exit 0
fi
limit="${TIDY_LIMIT_SECONDS:-1500}"
echo "tidy: ${#sources[@]} files"
printf '%s\n' "${sources[@]}" |
    timeout "$limit" xargs -P "$(nproc)" -n 1 clang-tidy-14 -p "$build" --quiet \
        --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-unused-command-line-argument
