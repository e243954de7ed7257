#!/usr/bin/env bash
# Runs every benchmark of a build folder; each prints one JSON object a line.
#   tools/bench.sh BUILD_FOLDER
set -euo pipefail
for bench in "$1"/bench/bench_*; do
    [ -x "$bench" ] && "$bench"
done
