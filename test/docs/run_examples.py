#!/usr/bin/env python3
"""Runs the examples of the documents.

Every fenced block whose info string is `console` holds commands and their output:

    $ kangqu version --short
    kangqu 0.1

A line `$ command` starts an example; the lines behind it, up to the next `$` or the end of the block, are what it must print
(stdout and stderr together). A line `...` stands for any number of lines. `{tmp}` is a fresh folder, one a block. Commands run
in the project's root, with the program given on the command line as `kangqu`.

    run_examples.py PROGRAM DOCUMENT...
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.S | re.M)
LIMIT_SECONDS = 120


def examples(block):
    """Yields (command, expected lines)."""
    command, expected = None, []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, expected
            command, expected = line[2:], []
        elif command is not None:
            expected.append(line)
    if command is not None:
        yield command, expected


def matches(expected, printed):
    pattern = "\n".join(r"(?:.*\n)*?.*" if line.strip() == "..." else re.escape(line) for line in expected)
    return re.fullmatch(pattern, printed.rstrip("\n")) is not None


def run(command, program, folder):
    command = command.replace("{tmp}", folder)
    environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}")
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=LIMIT_SECONDS, check=False,
    )
    return done.stdout.replace(folder, "{tmp}")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    passed, failed = 0, 0
    for name in sys.argv[2:]:
        text = pathlib.Path(name).read_text(encoding="utf-8")
        for block in BLOCK.findall(text):
            with tempfile.TemporaryDirectory() as folder:
                for command, expected in examples(block):
                    printed = run(command, program, folder)
                    if matches(expected, printed):
                        passed += 1
                        continue
                    failed += 1
                    print(f"{name}: $ {command}\n--- expected\n" + "\n".join(expected) + f"\n--- printed\n{printed}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
