#!/usr/bin/env bash
# Builds the fuzz targets with libFuzzer and runs each for SECONDS (default 60) on its corpus.
#   tools/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${1:-60}"
cmake --preset fuzz >/dev/null
for source in fuzz/fuzz_*.cpp; do
    name="$(basename "$source" .cpp)"
    cmake --build --preset fuzz --target "$name" -j "$(nproc)"
    found="build/fuzz/found/$name"
    mkdir -p "$found"
    "build/fuzz/fuzz/$name" -max_total_time="$seconds" -artifact_prefix="$found/" "$found" "fuzz/corpus/${name#fuzz_}"
done
