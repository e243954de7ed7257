#!/usr/bin/env python3
"""Runs a command with a private PostgreSQL server: KANGQU_TEST_DATABASE names its database.

    test/postgres/with_postgres.py [--keep-flushing] COMMAND [ARGUMENT...]

The server lives in a temporary folder, listens on a socket there only and is gone afterwards. Ends
with 77 ("skipped") where Debian's PostgreSQL 15 is not installed. Tests do not need its flushes, so
they are off unless --keep-flushing.
"""
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")
SKIPPED = 77


def as_other(user):
    """PostgreSQL refuses to run as root, so its programs run as another user then."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


class Server:
    """A cluster in a folder of its own; `url` names its database."""

    def __init__(self, keep_flushing=False):
        self.folder = Path(tempfile.mkdtemp(prefix="kangqu-pg-"))
        self.keep_flushing = keep_flushing
        self.user = as_other("nobody")
        if self.user:
            os.chown(self.folder, self.user["user"], self.user["group"])
        self.url = f"postgresql:///postgres?host={self.folder}&user=kangqu"

    def run(self, *words):
        # The log of the server must not keep our pipes open.
        with open(self.folder / "programs.log", "ab") as log:
            subprocess.run([str(word) for word in words], check=True, cwd=self.folder,
                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.user)

    def start(self):
        data = self.folder / "data"
        if not data.exists():
            self.run(BIN / "initdb", "-D", data, "-U", "kangqu", "-A", "trust", "--locale=C.UTF-8",
                     "--encoding=UTF8", "--no-sync")
        options = (f"-c listen_addresses= -c unix_socket_directories={self.folder}"
                   " -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=2GB"
                   " -c checkpoint_timeout=15min")
        if not self.keep_flushing:
            options += " -c fsync=off -c full_page_writes=off"
        self.run(BIN / "pg_ctl", "-D", data, "-l", self.folder / "server.log", "-w", "-o", options,
                 "start")

    def stop(self, how="fast"):
        self.run(BIN / "pg_ctl", "-D", self.folder / "data", "-w", "-m", how, "stop")

    def __enter__(self):
        try:
            self.start()
        except Exception:
            for log in ("programs.log", "server.log"):
                path = self.folder / log
                print(path.read_text() if path.exists() else "", file=sys.stderr)
            raise
        return self

    def __exit__(self, *failure):
        try:
            self.stop("immediate")
        except subprocess.CalledProcessError:
            pass  # it was down already
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def main():
    words = sys.argv[1:]
    keep_flushing = words[:1] == ["--keep-flushing"]
    words = words[1:] if keep_flushing else words
    if not (BIN / "postgres").exists():
        print("skipped: PostgreSQL 15 is not installed (Debian package postgresql-15)")
        return SKIPPED
    with Server(keep_flushing) as server:
        environment = dict(os.environ, KANGQU_TEST_DATABASE=server.url,
                           KANGQU_TEST_SERVER=str(server.folder))
        return subprocess.run(words, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
