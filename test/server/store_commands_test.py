#!/usr/bin/env python3
"""A store as its owner meets it: commands beside a running server, restarts, slow clients, a database server that
goes away: store_commands_test.py PROGRAM [postgres]"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "postgres"))
from running import ROOT, Server  # noqa: E402
import with_postgres  # noqa: E402

PROGRAM = None
ON_POSTGRES = False


def patient(name):
    return {"resourceType": "Patient", "id": name, "birthDate": "1960-02-29"}


class StoreCommands(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kangqu-test-")
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, "data")
        os.mkdir(self.data)
        self.database = []
        if ON_POSTGRES:
            self.postgres = with_postgres.Server(keep_flushing=True)
            self.postgres.start()
            self.addCleanup(self.postgres.__exit__)
            self.database = ["--database", self.postgres.url]
        self.server = self.serve()
        self.addCleanup(lambda: self.server.stop(signal.SIGKILL))

    def serve(self):
        return Server(PROGRAM, command="serve", folder=self.data, extra=["--auth", "off", *self.database])

    def kangqu(self, *words, expect=0):
        done = subprocess.run([PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual(done.returncode, expect, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def put(self, name):
        return self.server.request("PUT", f"/fhir/Patient/{name}", json.dumps(patient(name)), sign_in=None,
                                   headers={"X-Kangqu": "1"}, content_type="application/fhir+json")

    def there(self, name):
        return self.server.request("GET", f"/fhir/Patient/{name}", sign_in=None).status == 200

    def own(self):
        return ["--data", self.data, *self.database]

    def test_commands_beside_the_running_server(self):
        lines = os.path.join(self.folder.name, "in.ndjson")
        pathlib.Path(lines).write_text("".join(json.dumps(patient(f"p{i}")) + "\n" for i in range(500)))
        counts = json.loads(self.kangqu("load", lines, "--json", "--refused", lines + ".no", *self.own()))
        self.assertEqual(counts["types"]["Patient"]["created"], 500)
        backup = os.path.join(self.folder.name, "one.backup")
        figures = json.loads(self.kangqu("backup", "--out", backup, "--json", *self.own()))
        self.assertGreaterEqual(figures["records"], 500)
        self.assertIn("0 faults", self.kangqu("check", *self.own()))
        self.assertIn("0 faults", self.kangqu("check", "--repair", *self.own()))
        password = self.kangqu("user", "add", "nurse", "--role", "family-doctor", "--organization", "org-1", *self.own())
        self.assertGreater(len(password), 10)
        self.assertTrue(self.put("later").status in (200, 201))
        # The backup goes into a store of the other kind as well, and holds what was there then.
        other = os.path.join(self.folder.name, "other")
        restored = json.loads(self.kangqu("restore", backup, "--data", other, "--json"))
        self.assertEqual(restored, figures)
        self.assertIn("0 faults", self.kangqu("check", "--data", other))
        self.server.stop()
        self.server = Server(PROGRAM, command="serve", folder=other, extra=["--auth", "off"])
        self.assertTrue(self.there("p499"))
        self.assertFalse(self.there("later"))
        found = self.server.get("/fhir/Patient?birthdate=1960-02-29&_summary=count", sign_in=None)
        self.assertEqual(found["total"], 500)

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        for number in range(40):
            self.assertIn(self.put(f"k{number}").status, (200, 201))
        self.server.stop(signal.SIGKILL)
        started = time.monotonic()
        self.server = self.serve()
        self.assertLess(time.monotonic() - started, 120)
        for number in range(40):
            self.assertTrue(self.there(f"k{number}"), number)

    def test_slow_and_half_open_clients_hold_up_nobody(self):
        slow = []
        for _ in range(100):
            line = socket.create_connection(("127.0.0.1", self.server.port))
            line.sendall(b"POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"resource")
            slow.append(line)
        for number in range(20):
            self.assertIn(self.put(f"s{number}").status, (200, 201))
        for line in slow:
            line.close()
        self.assertTrue(self.there("s19"))

    def test_a_database_server_that_restarts_is_found_again(self):
        if not ON_POSTGRES:
            self.skipTest("runs with a database server")
        self.assertIn(self.put("before").status, (200, 201))
        self.postgres.stop("immediate")
        refused = self.put("meanwhile")
        self.assertEqual(refused.status, 503, refused.body)
        self.postgres.start()
        deadline = time.monotonic() + 60
        answer = self.put("after")
        while answer.status not in (200, 201):
            self.assertLess(time.monotonic(), deadline, answer.body)
            time.sleep(0.5)
            answer = self.put("after")
        self.assertTrue(self.there("before"))
        self.assertTrue(self.there("after"))
        self.assertFalse(self.there("meanwhile"))


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    ON_POSTGRES = sys.argv[2:3] == ["postgres"]
    if ON_POSTGRES and not (with_postgres.BIN / "postgres").exists():
        print("skipped: PostgreSQL 15 is not installed")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]], verbosity=2)
