#!/usr/bin/env python3
"""Figures of the FHIR API over HTTP, one JSON object a line: http_mix.py PROGRAM [BUNDLES...]

- bundle_ingest: transaction bundles (files, also .bz2) through POST /fhir from several clients; without files a synthetic
  district is sent in bundles of a hundred resources
- crud_mix: create, read, update, delete of linked small resources, closed loop, every write durable
"""
import bz2
import concurrent.futures
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "server"))
from running import Server  # noqa: E402

CLIENTS = int(os.environ.get("CLIENTS", "8"))
SECONDS = float(os.environ.get("SECONDS_A_MIX", "15"))
HEADERS = {"Content-Type": "application/fhir+json", "Prefer": "return=minimal"}
local = threading.local()


def ask(port, method, path, body=None):
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    local.connection.request(method, path, body=body, headers=HEADERS)
    answer = local.connection.getresponse()
    text = answer.read()
    return answer.status, answer.getheader("Location"), text


def figure(name, value, unit, workload, flush_ms):
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "workload": workload, "flush_ms": flush_ms}), flush=True)


def flush_ms(port):
    _, _, text = ask(port, "GET", "/metrics")
    for line in text.decode().splitlines():
        if line.startswith("kangqu_store_flush_ms_median "):
            return float(line.split()[1])
    return None


def district_bundles(program, residents):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "synth", "--residents", str(residents), "--out", folder], check=True, stdout=subprocess.DEVNULL)
        entries = []
        for path in sorted(pathlib.Path(folder).glob("*.ndjson")):
            for line in path.read_text(encoding="utf-8").splitlines():
                one = json.loads(line)
                entries.append({"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}})
    for at in range(0, len(entries), 100):
        yield json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries[at:at + 100]})


def file_bundles(paths):
    for path in sorted(paths, key=lambda one: (not pathlib.Path(one).name.startswith("0-"), one)):
        data = pathlib.Path(path).read_bytes()
        yield (bz2.decompress(data) if path.endswith(".bz2") else data).decode("utf-8")


def ingest(port, bundles, workload):
    texts = list(bundles)
    resources = sum(text.count('"request"') for text in texts)
    first = [text for text in texts[:2]]
    began = time.monotonic()
    for text in first:
        status, _, answer = ask(port, "POST", "/fhir", text.encode())
        assert status == 200, answer[:500]
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for status, _, answer in pool.map(lambda text: ask(port, "POST", "/fhir", text.encode()), texts[2:]):
            assert status == 200, answer[:500]
    took = time.monotonic() - began
    figure("bundle_ingest", resources / took, "resources/s", f"{workload}, {resources} resources, {CLIENTS} clients", flush_ms(port))


def small(kind, number, links):
    about = {"reference": links["Patient"]} if "Patient" in links else None
    return {
        "Patient": {"resourceType": "Patient", "identifier": [{"system": "urn:bench", "value": str(number)}], "birthDate": "1980-01-01"},
        "Organization": {"resourceType": "Organization", "name": f"org {number}"},
        "Practitioner": {"resourceType": "Practitioner", "identifier": [{"system": "urn:bench", "value": str(number)}]},
        "Location": {"resourceType": "Location", "name": f"place {number}"},
        "Encounter": {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "subject": about},
        "Observation": {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
                        "subject": about, "valueQuantity": {"value": 72, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}},
        "MedicationRequest": {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
                              "medicationCodeableConcept": {"text": "x"}, "subject": about},
        "Condition": {"resourceType": "Condition", "code": {"text": "x"}, "subject": about},
        "Procedure": {"resourceType": "Procedure", "status": "completed", "code": {"text": "x"}, "subject": about},
    }[kind]


KINDS = ["Patient", "Organization", "Practitioner", "Location", "Encounter", "Observation", "MedicationRequest", "Condition", "Procedure"]


def crud_client(port, client, until, times):
    number = client * 1_000_000
    while time.monotonic() < until:
        number += 1
        links, made = {}, []
        for kind in KINDS:
            made.append((kind, small(kind, number, links)))
            began = time.perf_counter()
            status, location, answer = ask(port, "POST", f"/fhir/{kind}", json.dumps(made[-1][1]).encode())
            times.append(time.perf_counter() - began)
            assert status == 201, answer[:300]
            links[kind] = location.split("/fhir/")[1].split("/_history")[0]
        for kind, body in made:
            for method in ("GET", "PUT", "DELETE"):
                text = json.dumps({**body, "id": links[kind].split("/")[1], "language": "zh"}).encode() if method == "PUT" else None
                began = time.perf_counter()
                status, _, answer = ask(port, method, f"/fhir/{links[kind]}", text)
                times.append(time.perf_counter() - began)
                assert status in (200, 204), answer[:300]


def crud(port):
    times = []
    until = time.monotonic() + SECONDS
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(crud_client, port, client, until, times) for client in range(CLIENTS)]:
            done.result()
    took = time.monotonic() - began
    times.sort()
    workload = f"create, read, update, delete of 9 types, {CLIENTS} clients in Python on the same machine, p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms"
    figure("crud_mix", len(times) / took, "requests/s", workload, flush_ms(port))


def main():
    program = sys.argv[1]
    with Server(program, command="serve", extra=("--auth", "off")) as server:
        crud(server.port)
    with Server(program, command="serve", extra=("--auth", "off")) as server:
        if len(sys.argv) > 2:
            ingest(server.port, file_bundles(sys.argv[2:]), "given bundles")
        else:
            ingest(server.port, district_bundles(program, 2_000), "synthetic district in bundles of 100")


if __name__ == "__main__":
    main()
