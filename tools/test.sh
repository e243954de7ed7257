#!/usr/bin/env bash
# Builds one configuration and runs every test of the project.
#   tools/test.sh PRESET JOBS
set -euo pipefail
cd "$(dirname "$0")/.."
preset="${1:-dev}"
jobs="${2:-2}"
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" -j "$jobs"
(cd web && npm run --silent check && npm test --silent)
ctest --preset "$preset" -j "$jobs"
# The evaluator as a WebAssembly module answers as the program does.
JOBS="$jobs" tools/wasm.sh "build/$preset" test
