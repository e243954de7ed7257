#!/usr/bin/env python3
"""Runs the browser tests against a real server with a small district: run.py PROGRAM"""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "server"))
from running import Server  # noqa: E402


def main():
    if not (ROOT / "web/dist/index.html").exists():
        print("web/dist is missing: run `make web`")
        return 1
    with Server(sys.argv[1], residents=1500) as server:
        environment = dict(
            os.environ, KANGQU_URL=server.url, KANGQU_USER="director", KANGQU_PASSWORD=server.passwords["director"],
            KANGQU_PASSWORDS=json.dumps(server.passwords),
        )
        done = subprocess.run(
            ["node", "--test", "--test-concurrency=1", *sorted(str(p) for p in (ROOT / "test/browser").glob("*.test.mjs"))],
            cwd=ROOT, env=environment, check=False,
        )
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
