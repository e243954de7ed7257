#!/usr/bin/env bash
# Runs the benchmarks of a build folder; each prints one JSON object a line.
#   tools/bench.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
build="$1"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# One collection Bundle a resident, made from the synthetic district.
"$build/bin/kangqu" synth --residents 2000 --content core --out "$folder/district" >/dev/null
python3 - "$folder" <<'PY'
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
residents = {}
for name in ("Patient", "EpisodeOfCare", "Encounter", "Condition", "Observation"):
    for line in (folder / "district" / f"{name}.ndjson").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        about = one.get("subject") or one.get("patient") or {"reference": "Patient/" + one["id"]}
        residents.setdefault(about["reference"].split("/")[1], []).append(line)
with open(folder / "residents.ndjson", "w", encoding="utf-8") as out:
    for lines in residents.values():
        entries = ",".join('{"resource":' + line + "}" for line in lines)
        out.write('{"resourceType":"Bundle","type":"collection","entry":[' + entries + "]}\n")
PY
for cql in packs/*/cql/*.cql; do
    "$build/bench/bench_cql_measure" "$cql" "$folder/residents.ndjson" Numerator
done
# Expressions, beside the engines from npm where they are installed: npm ci --ignore-scripts in bench/peers.
node bench/observations.mjs 1000 >"$folder/observations.ndjson"
"$build/bench/bench_expression_speed" bench/observation-expressions.json "$folder/observations.ndjson"
if [ -d bench/peers/node_modules ]; then
    node bench/peers/fhirpath.mjs bench/observation-expressions.json "$folder/observations.ndjson" 2
else
    echo "bench: the peers are not installed (npm ci --ignore-scripts in bench/peers); left out" >&2
fi
engines=../shared/engines/cql
if [ -e "$engines/htn_patients.ndjson.xz" ]; then
    xz -dc "$engines/htn_patients.ndjson.xz" >"$folder/htn.ndjson"
    "$build/bench/bench_cql_measure" "$engines/htn_control.cql" "$folder/htn.ndjson"
    if [ -d bench/peers/node_modules ]; then
        node bench/peers/cql.mjs "$engines/htn_control.elm.json" "$folder/htn.ndjson" 500
    fi
fi
"$build/bench/bench_fhir_xml" "$folder/residents.ndjson"
"$build/bench/bench_fhir_validate" "$folder/residents.ndjson" Observation
"$build/bench/bench_store_write"
"$build/bench/bench_terminology"
"$build/bench/bench_synth" 20000
