#!/usr/bin/env python3
"""The main line over HTTP and the command line, against a real server: main_line_test.py PROGRAM"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from running import ROOT, Server  # noqa: E402

PROGRAM = None
RATES = ["hypertension-standard-management", "family-doctor-contract-rate"]


def patient(name, organization="org-station-01", **more):
    return {
        "resourceType": "Patient", "id": name, "name": [{"text": "测试居民"}], "gender": "female",
        "birthDate": "1960-02-29", "managingOrganization": {"reference": f"Organization/{organization}"},
        "extension": [{"url": "urn:kangqu:ext:residence",
                       "valueCoding": {"system": "urn:kangqu:residence", "code": "registered"}}], **more,
    }


class MainLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def load(self, text, name="lines.ndjson"):
        """`kangqu load` beside the running server; (exit code, counts, refused lines)."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.write_text(text, encoding="utf-8")
            refused = pathlib.Path(folder) / "refused.ndjson"
            done = subprocess.run(
                [PROGRAM, "load", str(path), "--data", self.server.folder, "--refused", str(refused), "--json"],
                capture_output=True, text=True, check=False, timeout=120,
            )
            self.assertIn(done.returncode, (0, 1), done.stderr)
            lines = refused.read_text(encoding="utf-8").splitlines() if refused.exists() else []
            return done.returncode, json.loads(done.stdout), [json.loads(line) for line in lines]

    def wait_for(self, question, what):
        """Asks until the answer is true; within the second the design promises, with room for a busy machine."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if question():
                return
            time.sleep(0.05)
        self.fail(what)

    def test_every_number_equals_its_list(self):
        for measure in RATES:
            for query in ["", "?period=2025", "?unit=org-centre-1", "?unit=org-station-01&period=12m"]:
                answer = self.server.get(f"/api/measures/{measure}{query}")
                joint = "&" if query else "?"
                counts = answer["counts"]
                for population, key in [("denominator", "denominator"), ("numerator", "numerator"),
                                        ("not-met", "notMet"), ("denominator-exclusion", "denominatorExclusion")]:
                    page = self.server.get(f"/api/measures/{measure}/residents{query}{joint}population={population}&limit=1")
                    self.assertEqual(page["total"], counts[key], f"{measure}{query} {population}")
                self.assertEqual(counts["numerator"] + counts["notMet"], counts["denominator"])
                self.assertEqual(sum(row["denominator"] for row in answer["strata"]), counts["denominator"])
                for reason in answer["reasons"]:
                    page = self.server.get(
                        f"/api/measures/{measure}/residents{query}{joint}population={reason['population']}&reason={reason['code']}"
                    )
                    self.assertEqual(page["total"], reason["count"], f"{measure}{query} {reason}")

    def test_a_list_pages_without_gaps_or_repeats(self):
        path = "/api/measures/family-doctor-contract-rate/residents?population=denominator&limit=37"
        seen, total = [], None
        while total is None or len(seen) < total:
            page = self.server.get(f"{path}&offset={len(seen)}")
            total = page["total"]
            self.assertTrue(page["items"])
            seen += [row["id"] for row in page["items"]]
        self.assertEqual(len(set(seen)), total)

    def test_plan_counts_add_up(self):
        plan = self.server.get("/api/plans/" + self.server.get("/api/plans")["plans"][0]["id"])
        summary = plan["summary"]
        self.assertEqual(summary["tasks"], len(plan["tasks"]))
        self.assertEqual(summary["targets"], len(plan["targets"]))
        self.assertEqual(sum(summary[s] for s in ("met", "onTrack", "behind", "notComputable")), summary["targets"])
        computed = [target for target in plan["targets"] if target["value"] is not None]
        self.assertEqual(len(computed), 2)
        for target in computed:
            measure = self.server.get(f"/api/measures/{target['measure']}")
            self.assertEqual(measure["value"], target["value"])
        for target in plan["targets"]:
            self.assertEqual(target["state"] == "notComputable", target["reason"] is not None)

    def test_a_change_reaches_the_number_and_its_list(self):
        before = self.server.get("/api/measures/family-doctor-contract-rate")["counts"]
        self.assertEqual(self.load(json.dumps(patient("fresh")))[0], 0)
        self.wait_for(
            lambda: self.server.get("/api/measures/family-doctor-contract-rate")["counts"]["denominator"]
            == before["denominator"] + 1, "the new resident is not counted",
        )
        today = self.server.get("/api/periods")["periods"][0]["to"]
        contract = {
            "resourceType": "EpisodeOfCare", "id": "fresh-contract", "status": "active",
            "type": [{"coding": [{"system": "urn:kangqu:episode", "code": "family-doctor-contract"}]}],
            "patient": {"reference": "Patient/fresh"},
            "managingOrganization": {"reference": "Organization/org-station-01"},
            "period": {"start": today[:4] + "-01-01", "end": today[:4] + "-12-31"},
        }
        self.load(json.dumps(contract))
        self.wait_for(
            lambda: self.server.get("/api/measures/family-doctor-contract-rate")["counts"]["numerator"]
            == before["numerator"] + 1, "the contract is not counted",
        )
        page = self.server.get("/api/measures/family-doctor-contract-rate/residents?population=numerator&q=测试居民")
        self.assertEqual([row["id"] for row in page["items"]], ["fresh"])
        chart = self.server.get("/api/residents/fresh")
        self.assertEqual(chart["contract"]["to"], today[:4] + "-12-31")
        timeline = self.server.get("/api/residents/fresh/timeline")
        self.assertEqual(timeline["items"][0]["resource"], {"type": "EpisodeOfCare", "id": "fresh-contract", "version": 1})

    def test_a_broken_bundle_is_refused_whole(self):
        good, bad = patient("bundle-a"), patient("bundle-b")
        bad["birthDate"] = "1960-02-30"
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
            {"resource": one, "request": {"method": "PUT", "url": f"Patient/{one['id']}"}} for one in (good, bad)]}
        position = self.server.get("/api/residents?limit=1")["position"]
        answer = self.server.request("POST", "/fhir", json.dumps(bundle), sign_in="doctor")
        self.assertEqual(answer.status, 400, answer.body)
        outcome = answer.json()
        self.assertEqual(outcome["issue"][0]["expression"], ["Bundle.entry[1].resource.birthDate"])
        done, counts, refused = self.load(json.dumps(bundle), "bundle.json")
        self.assertEqual((done, counts["refused"]), (1, 1))
        self.assertEqual(refused[0]["where"], "Bundle.entry[1].resource.birthDate")
        self.assertEqual(self.server.request("GET", "/fhir/Patient/bundle-a").status, 404)
        self.assertEqual(self.server.get("/api/residents?limit=1")["position"], position)

    def test_fhir_errors_name_the_element(self):
        resource = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
                    "subject": {"reference": "Patient/r000001"}, "valueQuantity": {"value": "12"}}
        answer = self.server.request("PUT", "/fhir/Observation/o", json.dumps(resource), sign_in="doctor")
        self.assertEqual(answer.status, 400, answer.body)
        outcome = answer.json()
        self.assertEqual(outcome["resourceType"], "OperationOutcome")
        self.assertIn("Observation.value.ofType(Quantity).value", json.dumps(outcome))

    def test_broken_lines_do_not_stop_the_rest(self):
        lines = [json.dumps(patient("line-1")), "{\"resourceType\":", json.dumps({"resourceType": "Nope", "id": "x"}),
                 "", json.dumps(patient("line-2", gender=["female"])), json.dumps(patient("line-3"))]
        done, counts, refused = self.load("﻿" + "\r\n".join(lines))
        self.assertEqual(done, 1)
        self.assertEqual((counts["lines"], counts["resources"], counts["refused"]), (5, 2, 3))
        self.assertEqual([row["line"] for row in refused], [2, 3, 5])
        self.assertEqual(refused[2]["where"], "Patient.gender")
        for row in refused:
            self.assertTrue(row["reason"] and row["reasonEn"] and row["text"])

    def test_fhir_create_read_update_history_delete(self):
        organization = {"resourceType": "Patient", "name": [{"text": "王小满"}],
                        "managingOrganization": {"reference": "Organization/org-centre-1"}}
        created = self.server.request("POST", "/fhir/Patient", json.dumps(organization), sign_in="doctor")
        self.assertEqual(created.status, 201, created.body)
        self.assertEqual(created.headers["etag"], 'W/"1"')
        body = created.json()
        path = f"/fhir/Patient/{body['id']}"
        body["gender"] = "female"
        stale = self.server.request("PUT", path, json.dumps(body), sign_in="doctor", headers={"If-Match": 'W/"7"'})
        self.assertEqual(stale.status, 412)
        updated = self.server.request("PUT", path, json.dumps(body), sign_in="doctor", headers={"If-Match": 'W/"1"'})
        self.assertEqual((updated.status, updated.headers["etag"]), (200, 'W/"2"'))
        history = self.server.get(path + "/_history", sign_in="doctor")
        self.assertEqual([entry["response"]["etag"] for entry in history["entry"]], ['W/"2"', 'W/"1"'])
        self.assertNotIn("gender", self.server.get(path + "/_history/1", sign_in="doctor"))
        found = self.server.get("/fhir/Patient?name=王小满", sign_in="doctor")
        self.assertEqual([entry["resource"]["id"] for entry in found["entry"]], [body["id"]])
        self.assertEqual(self.server.request("DELETE", path, sign_in="doctor").status, 403)

    def test_roles_see_what_they_may(self):
        everyone = self.server.get("/api/residents?limit=1")["total"]
        own = self.server.get("/api/residents?limit=500", sign_in="doctor")
        self.assertTrue(0 < own["total"] < everyone)
        units = {row["unit"]["id"] for row in own["items"]}
        self.assertLessEqual(units, {"org-centre-1", "org-station-01", "org-station-02", "org-station-03"})
        others = self.server.get("/api/residents?unit=org-centre-2&limit=1")["items"][0]["id"]
        self.assertEqual(self.server.request("GET", f"/fhir/Patient/{others}", sign_in="doctor").status, 404)
        self.assertEqual(self.server.request("GET", f"/api/residents/{others}", sign_in="doctor").status, 404)
        page = self.server.get("/api/measures/family-doctor-contract-rate/residents", sign_in="doctor")
        self.assertLess(page["visible"], page["total"])
        resident = next(row["id"] for row in own["items"] if row["id"].startswith("r0"))
        masked = self.server.get(f"/fhir/Patient/{resident}", sign_in="director")
        self.assertIn("*", masked["identifier"][0]["value"])
        self.assertEqual(self.server.request("GET", "/api/plans", sign_in=None).status, 401)
        self.assertEqual(self.server.request("GET", "/fhir/Patient/r000001", sign_in=None).status, 401)
        self.assertEqual(self.server.request("GET", "/api/residents?limit=1", sign_in="infocentre").json()["total"], 0)

    def test_wrong_requests_are_told_why_in_both_languages(self):
        for path, status in [("/api/measures/none", 404), ("/api/residents/none", 404), ("/api/plans/none", 404),
                             ("/api/residents?limit=0", 400), ("/api/residents?sort=height", 400),
                             ("/api/measures/" + RATES[0] + "?period=1999", 400), ("/api/none", 404)]:
            for language in ("zh", "en"):
                answer = self.server.request("GET", path, headers={"Accept-Language": language})
                self.assertEqual(answer.status, status, path)
                title = answer.json()["title"]
                self.assertEqual(any("一" <= c <= "鿿" for c in title), language == "zh", title)

    def test_a_denied_write_is_told_in_one_language(self):
        for language in ("zh", "en"):
            answer = self.server.request(
                "PUT", "/fhir/Patient/denied", json.dumps(patient("denied")), headers={"Accept-Language": language}
            )
            self.assertEqual(answer.status, 403, answer.body)
            text = answer.json()["issue"][0]["details"]["text"]
            self.assertEqual(any("一" <= c <= "鿿" for c in text), language == "zh", text)

    def test_a_text_that_is_no_plan_says_so(self):
        answer = self.server.request("POST", "/api/plans/read", "今天天气很好。", content_type="text/plain")
        self.assertEqual(answer.status, 422)
        self.assertEqual(answer.json()["type"], "urn:kangqu:error:plan-not-a-document")
        with open(ROOT / "packs/demo-district/plan/plan.txt", encoding="utf-8") as file:
            read = self.server.request("POST", "/api/plans/read", file.read(), content_type="text/plain")
        self.assertEqual(len(read.json()["tasks"]), 27)

    def test_openapi_is_the_copy_the_client_was_made_from(self):
        published = self.server.get("/openapi.json", headers={"Accept-Language": "en"}, sign_in=None)
        copy = json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8"))
        self.assertEqual(sorted(published["paths"]), sorted(copy["paths"]))
        self.assertEqual(published, copy, "run tools/openapi.sh to renew web/openapi.json")

    def test_capability_statement_promises_what_is_registered(self):
        statement = self.server.get("/fhir/metadata", sign_in=None)
        one = next(row for row in statement["rest"][0]["resource"] if row["type"] == "Observation")
        for parameter in one["searchParam"]:
            if parameter["name"] == "_has":
                continue  # means nothing without the type and parameter behind it
            answer = self.server.request("GET", f"/fhir/Observation?{parameter['name']}=1&_count=1")
            self.assertNotEqual((answer.status, "search-unknown-parameter" in answer.body), (400, True), parameter)


class Restart(unittest.TestCase):
    def test_killed_and_started_again(self):
        with tempfile.TemporaryDirectory() as folder:
            first = Server(PROGRAM, residents=120, folder=folder)
            total = first.get("/api/residents?limit=1")["total"]
            first.stop(how=9)
            started = time.monotonic()
            with Server(PROGRAM, residents=120, folder=folder) as second:
                took = time.monotonic() - started
                self.assertEqual(second.get("/api/residents?limit=1")["total"], total)
                self.assertLess(took, 60)
                self.assertNotEqual(first.passwords["director"], second.passwords["director"])
            done = subprocess.run([PROGRAM, "check", "--data", folder], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_folder_in_use_is_refused(self):
        with Server(PROGRAM, residents=20) as server:
            done = subprocess.run(
                [PROGRAM, "serve", "--data", server.folder, "--listen", "127.0.0.1:0"],
                capture_output=True, text=True, check=False,
            )
            self.assertEqual(done.returncode, 3)
            self.assertIn("in use", done.stderr)


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=1)
