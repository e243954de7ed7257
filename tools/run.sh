#!/usr/bin/env bash
# Serves the demonstration district; makes it first when the data folder is empty.
set -euo pipefail
cd "$(dirname "$0")/.."
exec build/kangqu demo --web web/dist --packs packs "$@"
