#!/usr/bin/env bash
# Renews web/openapi.json, from which the web client's types are made, from the routes of the program.
#   tools/openapi.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
program="${1:-build/dev/bin/kangqu}"
folder="$(mktemp -d)"
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
"$program" serve --data "$folder" --listen 127.0.0.1:0 > "$folder/log" 2>&1 &
server=$!
for _ in $(seq 1 100); do
    url="$(grep -om1 'http://[0-9.:]*' "$folder/log" || true)"
    [ -n "$url" ] && break
    sleep 0.1
done
curl -sf -H 'Accept-Language: en' "$url/openapi.json" | python3 -c '
import json, sys
json.dump(json.load(sys.stdin), sys.stdout, ensure_ascii=False, indent=1)
print()' > web/openapi.json
(cd web && npm run --silent model)
