#!/usr/bin/env bash
# Builds the evaluator for WebAssembly from the sources of the program, and runs the cases of its
# language through it: every answer must equal the native one.
#   tools/wasm.sh BUILD_FOLDER [build|test]
# BUILD_FOLDER is a native build: its generated tables are compiled in, its answers are compared.
set -euo pipefail
cd "$(dirname "$0")/.."
build="$1"
what="${2:-test}"
if ! command -v em++ >/dev/null; then
    echo "wasm: emscripten is not installed (Debian package emscripten); left out"
    exit 0
fi
out=build/wasm
mkdir -p "$out/o"
# Boost's number headers need nothing but a compiler; the system's other headers stay out.
mkdir -p "$out/system"
ln -sfn /usr/include/boost "$out/system/boost"
flags="-std=c++20 -O1 -DNDEBUG -Wno-unknown-warning-option -I$out/system"
for module in core fhir terminology expression; do
    flags="$flags -Isrc/$module/include -Isrc/$module/src"
done
sources=(src/core/src/*.cpp src/fhir/src/*.cpp src/terminology/src/ucum/*.cpp
    src/expression/src/*.cpp src/expression/src/*/*.cpp src/expression/wasm/module.cpp
    "$build"/src/fhir/*.cpp "$build"/src/terminology/ucum_table.cpp)
# A make file with what each object was made from, so that only what changed is compiled again.
module="$out/expression.js"
link="-O1 --js-library src/expression/wasm/host_regex.js -sMODULARIZE=1 -sEXPORT_NAME=KangquExpression -sENVIRONMENT=node,web,worker \
    -sALLOW_MEMORY_GROWTH=1 -sTOTAL_STACK=4194304 -sFORCE_FILESYSTEM=1 \
    -sEXPORTED_FUNCTIONS=_kq_fhirpath,_kq_cql,_malloc,_free -sEXPORTED_RUNTIME_METHODS=ccall,FS"
objects=""
for source in "${sources[@]}"; do
    object="$out/o/$(printf '%s' "${source%.cpp}" | tr '/' '_').o"
    objects="$objects $object"
    printf '%s: %s\n\tem++ %s -MMD -MF $@.d -c $< -o $@\n-include %s.d\n' \
        "$object" "$source" "$flags" "$object"
done >"$out/rules"
{
    printf '%s:%s\n\tem++ $^ -o $@ %s\n' "$module" "$objects" "$link"
    cat "$out/rules"
} >"$out/Makefile"
make --silent -j "${JOBS:-2}" -f "$out/Makefile" "$module"
if [ "$what" = test ]; then
    node src/expression/wasm/compare.mjs "$module" "$build/bin/expression_lines"
fi
