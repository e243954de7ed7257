#!/usr/bin/env python3
"""The published R4 examples through HTTP and back, in JSON and in XML: fhir_suites_test.py PROGRAM

The examples may lie beside the project (../shared/suites/r4-examples); without them the test is skipped."""
import decimal
import http.client
import json
import pathlib
import sys
import tarfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from running import ROOT, Server  # noqa: E402

PROGRAM = None
EXAMPLES = ROOT / ".." / "shared" / "suites" / "r4-examples" / "r4-instances.tar.xz"


class Exact(decimal.Decimal):
    """A number that equals only the same digits: 1.0 is not 1.00."""

    def __eq__(self, other):
        return str(self) == str(other)

    __hash__ = decimal.Decimal.__hash__


def parsed(text):
    return json.loads(text, parse_float=Exact)


def without_store_meta(resource):
    """What the store gives itself is taken out; the rest must come back as it went in."""
    resource = dict(resource)
    meta = {name: value for name, value in resource.pop("meta", {}).items() if name.lstrip("_") not in ("versionId", "lastUpdated")}
    if meta:
        resource["meta"] = meta
    return resource


@unittest.skipUnless(EXAMPLES.exists(), f"the R4 examples are not at {EXAMPLES}")
class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM, command="serve", extra=("--auth", "off"))
        cls.connection = http.client.HTTPConnection("127.0.0.1", cls.server.port, timeout=60)
        with tarfile.open(EXAMPLES) as archive:
            cls.examples = {
                one.name: archive.extractfile(one).read().decode("utf-8-sig")
                for one in archive.getmembers() if one.name.endswith(".json")
            }

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()
        cls.server.__exit__()

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body=body.encode() if body is not None else None, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode("utf-8")

    def round_trip(self, through_xml):
        passed, wrong = 0, []
        for name, text in self.examples.items():
            sent = parsed(text)
            path = f"/fhir/{sent['resourceType']}/{sent['id']}"
            status, answer = self.ask("PUT", path, text, Content_Type="application/fhir+json")
            if status in (200, 201) and through_xml:
                status, xml = self.ask("GET", path, Accept="application/fhir+xml")
                if status == 200:
                    self.assertTrue(xml.lstrip("\ufeff").startswith("<"), name)
                    status, answer = self.ask("DELETE", path)
                    status, answer = self.ask("PUT", path, xml, Content_Type="application/fhir+xml")
            if status in (200, 201):
                status, answer = self.ask("GET", path, Accept="application/fhir+json")
            if status == 200 and without_store_meta(parsed(answer)) == without_store_meta(sent):
                passed += 1
            else:
                wrong.append(f"{name}: {status} {answer[:200] if status != 200 else 'differs'}")
        print(f"r4 examples {'by way of XML' if through_xml else 'in JSON'}: {passed} / {len(self.examples)}")
        self.assertEqual(wrong, [])
        self.assertGreater(passed, 0)

    def test_json_goes_in_and_comes_out_the_same(self):
        self.round_trip(through_xml=False)

    def test_nothing_is_lost_by_way_of_xml(self):
        self.round_trip(through_xml=True)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
