#!/usr/bin/env bash
# Installs what is missing to build, test and run Kangqu: Debian packages and npm packages, nothing else.
# Asks nothing, says what it does, and a second run installs nothing.
#   tools/setup/setup.sh          install
#   tools/setup/setup.sh --list   print the missing Debian packages and stop
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'setup: %s\n' "$*"; }
wanted() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' tools/setup/packages.txt | grep -v '^$'; }

installed() {
    case "$1" in
        # Any Node.js from 18 on will do, wherever it came from.
        nodejs) command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] ;;
        npm) command -v npm >/dev/null ;;
        python3) command -v python3 >/dev/null ;;
        *) dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
    esac
}

missing=()
for package in $(wanted); do
    installed "$package" || missing+=("$package")
done

if [ "${1:-}" = "--list" ]; then
    printf '%s\n' "${missing[@]}"
    exit 0
fi

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        say "these Debian packages are missing and you may not install them:"
        printf '  %s\n' "${missing[@]}"
        say "ask an administrator to run: apt-get install --no-install-recommends ${missing[*]}"
        exit 3
    fi
    run=(); [ "$(id -u)" -eq 0 ] || run=(sudo -n)
    say "installing Debian packages: ${missing[*]}"
    "${run[@]}" apt-get update -q
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
else
    say "Debian packages: nothing is missing"
fi

# npm packages: installed again only when the lock file differs from what is there.
npm_install() {
    local folder="$1" stamp="$1/node_modules/.kangqu-lock"
    [ -e "$folder/package-lock.json" ] || return 0
    if [ -e "$stamp" ] && cmp -s "$folder/package-lock.json" "$stamp"; then
        say "npm packages of $folder: nothing is missing"
        return 0
    fi
    say "installing npm packages of $folder"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$folder/package-lock.json" "$stamp"
}
npm_install tools/definitions
npm_install web
