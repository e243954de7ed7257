"""A real server on a temporary data folder, and a small client, for the tests of this folder."""
import base64
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 240


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    def json(self):
        return json.loads(self.body)


class Server:
    """`kangqu demo` (or `serve`) as a child process."""

    def __init__(self, program, residents=300, command="demo", folder=None, extra=()):
        self.program = str(pathlib.Path(program).resolve())
        self.own_folder = None
        if folder is None:
            self.own_folder = tempfile.TemporaryDirectory(prefix="kangqu-test-")
            folder = self.own_folder.name
        self.folder = folder
        arguments = [self.program, command, "--data", folder, "--listen", "127.0.0.1:0", *extra]
        if command == "demo":
            arguments += ["--residents", str(residents)]
        self.log_path = pathlib.Path(folder) / "server.log"
        self.log = open(self.log_path, "a+b")
        self.offset = self.log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(arguments, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT)
        self.passwords = {}
        self._await_address()

    def text(self):
        data = self.log_path.read_bytes()[self.offset:]
        return data.decode("utf-8", "replace")

    def _await_address(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.text()}")
            found = re.search(r"http://127\.0\.0\.1:(\d+)", self.text())
            if found:
                self.port = int(found.group(1))
                break
            time.sleep(0.05)
        else:
            raise RuntimeError("the server did not start:\n" + self.text())
        while time.monotonic() < deadline:
            if self.request("GET", "/readyz", sign_in=None).status == 200:
                break
            time.sleep(0.05)
        for line in self.text().splitlines():
            words = line.split()
            if len(words) >= 4 and re.fullmatch(r"(\w{4}-){3}\w{4}", words[1]):
                self.passwords[words[0]] = words[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, method, path, body=None, sign_in="director", headers=None, content_type="application/json"):
        """`sign_in` names an account whose credentials go with the request; None for nobody."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if sign_in:
            secret = f"{sign_in}:{self.passwords[sign_in]}".encode()
            if path.startswith("/fhir"):
                sent["Authorization"] = "Basic " + base64.b64encode(secret).decode()
            else:
                sent["Cookie"] = self.cookie(sign_in)
                sent["X-Kangqu"] = "1"
        if body is not None:
            sent["Content-Type"] = content_type
            body = body.encode() if isinstance(body, str) else body
        connection.request(method, urllib.parse.quote(path, safe="/?&=%:|,.-_~$"), body=body, headers=sent)
        answer = connection.getresponse()
        result = Answer(answer.status, answer.getheaders(), answer.read().decode("utf-8", "replace"))
        connection.close()
        return result

    _cookies = None

    def cookie(self, account):
        self._cookies = self._cookies or {}
        if account not in self._cookies:
            answer = self.request(
                "POST", "/api/session", json.dumps({"name": account, "password": self.passwords[account]}),
                sign_in=None, headers={"X-Kangqu": "1"},
            )
            assert answer.status == 200, answer.body
            self._cookies[account] = answer.headers["set-cookie"].split(";")[0]
        return self._cookies[account]

    def get(self, path, **kwargs):
        answer = self.request("GET", path, **kwargs)
        assert answer.status == 200, f"{path}: {answer.status} {answer.body[:500]}"
        return answer.json()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.log.close()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if self.own_folder:
            self.own_folder.cleanup()
