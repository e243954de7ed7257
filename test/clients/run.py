#!/usr/bin/env python3
"""Drives the server with published FHIR clients from node: run.py PROGRAM. Needs `npm ci` in this folder."""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "test" / "server"))
from running import Server  # noqa: E402

SKIPPED = 77


def main():
    if not (HERE / "node_modules").exists():
        print("test/clients/node_modules is missing: run `npm ci --ignore-scripts` in test/clients")
        return SKIPPED
    with Server(sys.argv[1], command="serve", extra=("--auth", "off")) as server:
        done = subprocess.run(
            ["node", "--test", str(HERE / "clients.test.mjs")],
            cwd=HERE, env=dict(os.environ, KANGQU_URL=server.url), check=False,
        )
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
