#!/usr/bin/env bash
# Builds the web application into web/dist when a source is newer than the last build.
set -euo pipefail
cd "$(dirname "$0")/../web"
stamp=dist/.built
if [ -e "$stamp" ] && [ -z "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -path '*/node_modules' -prune -o -path './packages/*/dist' -prune -o -name '*.tsbuildinfo' -prune -o -type f -newer "$stamp" -print -quit)" ]; then
    echo "web: up to date"
    exit 0
fi
npm run --silent build
touch "$stamp"
