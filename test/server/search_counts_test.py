#!/usr/bin/env python3
"""Searches of the Synthea sample against counts made from its files: search_counts_test.py PROGRAM

The sample lies outside the tree (../shared/suites/synthea120); without it the test is skipped.
"""
import bz2
import datetime
import json
import pathlib
import subprocess
import sys
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from running import ROOT, Server  # noqa: E402

FOLDER = ROOT / ".." / "shared" / "suites" / "synthea120"
SKIPPED = 77
ZONE = datetime.timezone(datetime.timedelta(hours=8))
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"


def instant(text):
    """Start and end of a FHIR date of any precision."""
    if "T" in text:
        start = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        start = start if start.tzinfo else start.replace(tzinfo=ZONE)
        return start, start + (datetime.timedelta(milliseconds=1) if "." in text else datetime.timedelta(seconds=1))
    parts = [int(part) for part in text.split("-")]
    start = datetime.datetime(*(parts + [1, 1])[:3], tzinfo=ZONE)
    if len(parts) == 1:
        return start, start.replace(year=start.year + 1)
    if len(parts) == 2:
        return start, (start.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return start, start + datetime.timedelta(days=1)


def span(period):
    far = datetime.datetime.max.replace(tzinfo=ZONE)
    return instant(period["start"])[0], instant(period["end"])[1] if "end" in period else far


class Sample:
    def __init__(self):
        self.by_type, self.by_url, self.by_identifier = {}, {}, {}
        for path in sorted(FOLDER.glob("*.bz2")):
            for entry in json.loads(bz2.open(path, "rb").read())["entry"]:
                resource = entry["resource"]
                kind = resource["resourceType"]
                known = self.by_type.setdefault(kind, {})
                known[resource["id"]] = resource
                self.by_url[entry["fullUrl"]] = resource
                for identifier in resource.get("identifier", []) if isinstance(resource.get("identifier"), list) else []:
                    self.by_identifier[kind, identifier.get("system"), identifier.get("value")] = resource

    def of(self, kind):
        return list(self.by_type.get(kind, {}).values())

    def target(self, reference):
        text = (reference or {}).get("reference", "")
        if "?identifier=" in text:
            kind, criteria = text.split("?identifier=")
            system, value = criteria.split("|")
            return self.by_identifier.get((kind, system, value))
        return self.by_url.get(text)

    def count(self, kind, holds):
        return sum(1 for resource in self.of(kind) if holds(resource))


def codes(concept):
    return {coding.get("code") for coding in (concept or {}).get("coding", [])}


def has_code(code):
    return lambda resource: code in codes(resource.get("code"))


def in_year(year):
    low, high = instant(str(year))

    def holds(resource):
        if "effectiveDateTime" not in resource:
            return False
        start, end = instant(resource["effectiveDateTime"])
        return low <= start and end <= high

    return holds


def value_of(resource):
    return resource.get("valueQuantity", {}).get("value")


def plain(text):
    """Without accents and case, as texts are compared."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def names(resource):
    return [part for name in resource.get("name", []) for part in [name.get("family", ""), *name.get("given", [])]]


def cases(sample, some, there):
    """(type, query, count made from the files); `some` is a Patient of the files, `there` its id in the server"""
    patient = lambda resource: sample.target(resource.get("subject") or resource.get("patient"))  # noqa: E731
    encounter = lambda resource: sample.target(resource.get("encounter"))  # noqa: E731
    male = {p["id"] for p in sample.of("Patient") if p["gender"] == "male"}
    weighed = {patient(o)["id"] for o in sample.of("Observation") if has_code("29463-7")(o) and value_of(o) > 100}
    low2015, high2015 = instant("2015")
    both = lambda *tests: lambda r: all(test(r) for test in tests)  # noqa: E731
    component = lambda o, code, test: any(  # noqa: E731
        code in codes(c.get("code")) and test(c["valueQuantity"]["value"]) for c in o.get("component", []))

    def period_within(r):
        start, end = span(r["period"])
        return low2015 <= start and end <= high2015

    rows = [
        ("Patient", "gender=male", lambda p: p["gender"] == "male"),
        ("Patient", "gender:not=male", lambda p: p["gender"] != "male"),
        ("Patient", "birthdate=ge1980", lambda p: instant(p["birthDate"])[1] > instant("1980")[0]),
        ("Patient", "birthdate=lt1950", lambda p: instant(p["birthDate"])[0] < instant("1950")[0]),
        ("Patient", "birthdate=ge1950&birthdate=lt1980", lambda p: 1950 <= int(p["birthDate"][:4]) < 1980),
        ("Patient", "death-date:missing=true", lambda p: "deceasedDateTime" not in p),
        ("Patient", "deceased=true", lambda p: "deceasedDateTime" in p),
        ("Patient", "name=a", lambda p: any(plain(n).startswith("a") for n in names(p))),
        ("Patient", "name:contains=an", lambda p: any("an" in plain(n) for n in names(p))),
        ("Patient", "family:exact=" + sample.of("Patient")[0]["name"][0]["family"],
         lambda p: any(n.get("family") == sample.of("Patient")[0]["name"][0]["family"] for n in p["name"])),
        ("Patient", "address-city=Boston", lambda p: any(a.get("city", "").lower().startswith("boston") for a in p["address"])),
        ("Patient", "_has:Observation:patient:code-value-quantity=29463-7$gt100", lambda p: p["id"] in weighed),
        ("Patient", "_has:Observation:patient:code=29463-7&_has:Condition:patient:code=59621000",
         lambda p: any(has_code("29463-7")(o) and patient(o) is p for o in sample.of("Observation"))
         and any(has_code("59621000")(c) and patient(c) is p for c in sample.of("Condition"))),
        ("Observation", "code=29463-7", has_code("29463-7")),
        ("Observation", f"code={LOINC}|29463-7", has_code("29463-7")),
        ("Observation", "code=urn:none|29463-7", lambda o: False),
        ("Observation", "code=29463-7,8302-2,39156-5", lambda o: codes(o["code"]) & {"29463-7", "8302-2", "39156-5"}),
        ("Observation", "code:not=29463-7", lambda o: "29463-7" not in codes(o["code"])),
        ("Observation", "code:text=body", lambda o: "body" in json.dumps(o["code"]).lower()),
        ("Observation", "category=laboratory", lambda o: any("laboratory" in codes(c) for c in o.get("category", []))),
        ("Observation", "category=laboratory&status=final",
         lambda o: o["status"] == "final" and any("laboratory" in codes(c) for c in o.get("category", []))),
        ("Observation", "code=29463-7&date=2015", both(has_code("29463-7"), in_year(2015))),
        ("Observation", "date=2015", in_year(2015)),
        ("Observation", "date=2015-03,2015-04",
         lambda o: any(instant(m)[0] <= instant(o["effectiveDateTime"])[0] and instant(o["effectiveDateTime"])[1] <= instant(m)[1]
                       for m in ("2015-03", "2015-04"))),
        ("Observation", "date=sa2018", lambda o: instant(o["effectiveDateTime"])[0] >= instant("2018")[1]),
        ("Observation", "value-quantity=gt200", lambda o: (value_of(o) or 0) > 200),
        ("Observation", "code=29463-7&value-quantity=lt60", both(has_code("29463-7"), lambda o: value_of(o) < 60)),
        ("Observation", f"code=29463-7&value-quantity=lt60000|{UCUM}|g", both(has_code("29463-7"), lambda o: value_of(o) < 60)),
        ("Observation", f"code=29463-7&value-quantity=lt60|{UCUM}|mm", lambda o: False),
        ("Observation", "code-value-quantity=29463-7$ge100", both(has_code("29463-7"), lambda o: value_of(o) >= 100)),
        ("Observation", "component-code-value-quantity=8480-6$gt130", lambda o: component(o, "8480-6", lambda v: v > 130)),
        ("Observation", "combo-code-value-quantity=8462-4$lt70", lambda o: component(o, "8462-4", lambda v: v < 70)),
        ("Observation", "combo-code=8480-6", lambda o: "8480-6" in codes(o["code"]) or any("8480-6" in codes(c["code"]) for c in o.get("component", []))),
        ("Observation", "component-code:missing=false", lambda o: bool(o.get("component"))),
        ("Observation", f"patient={there}", lambda o: patient(o)["id"] == some),
        ("Observation", f"subject=Patient/{there}&code=29463-7", both(has_code("29463-7"), lambda o: patient(o)["id"] == some)),
        ("Observation", "subject:Patient.gender=male&code=29463-7", both(has_code("29463-7"), lambda o: patient(o)["id"] in male)),
        ("Observation", "patient.birthdate=lt1950&category=vital-signs",
         lambda o: patient(o)["birthDate"] < "1950" and any("vital-signs" in codes(c) for c in o.get("category", []))),
        ("Observation", "encounter.class=AMB&code=8302-2", both(has_code("8302-2"), lambda o: encounter(o)["class"]["code"] == "AMB")),
        ("Observation", "value-concept:missing=false", lambda o: "valueCodeableConcept" in o),
        ("Observation", f"_filter=code eq 29463-7 and (value-quantity lt 20 or value-quantity gt 110)",
         both(has_code("29463-7"), lambda o: value_of(o) < 20 or value_of(o) > 110)),
        ("Encounter", "date=2015", period_within),
        ("Encounter", "class=EMER,IMP", lambda e: e["class"]["code"] in ("EMER", "IMP")),
        ("Encounter", "date=ge2020&status=finished",
         lambda e: e["status"] == "finished" and span(e["period"])[1] > instant("2020")[1]
         or e["status"] == "finished" and span(e["period"])[0] >= instant("2020")[0] and span(e["period"])[1] <= instant("2020")[1]),
        ("Encounter", "subject:Patient.gender=female&class=AMB", lambda e: e["class"]["code"] == "AMB" and patient(e)["id"] not in male),
        ("Condition", f"code={SNOMED}|59621000", has_code("59621000")),
        ("Condition", "clinical-status=active", lambda c: "active" in codes(c.get("clinicalStatus"))),
        ("Condition", "recorded-date=2015", lambda c: low2015 <= instant(c["recordedDate"])[0] and instant(c["recordedDate"])[1] <= high2015),
        ("Condition", "onset-date=ge2010&abatement-date:missing=true",
         lambda c: instant(c["onsetDateTime"])[1] > instant("2010")[0] and "abatementDateTime" not in c),
        ("Procedure", "status=completed&date=lt2000", lambda p: p["status"] == "completed" and span(p["performedPeriod"])[0] < instant("2000")[0]),
        ("Immunization", "vaccine-code=140", lambda i: "140" in codes(i["vaccineCode"])),
        ("MedicationRequest", "authoredon=ge2018", lambda m: instant(m["authoredOn"])[1] > instant("2018")[1]
         or instant(m["authoredOn"])[0] >= instant("2018")[0]),
        ("DiagnosticReport", f"patient={there}", lambda r: patient(r)["id"] == some),
    ]
    return [(kind, query, sample.count(kind, holds)) for kind, query, holds in rows]


def main():
    if not FOLDER.exists():
        print(f"skipped: the Synthea sample is not at {FOLDER}")
        return SKIPPED
    program = sys.argv[1]
    sample = Sample()
    failed, checked = 0, 0
    with Server(program, command="serve", extra=["--auth", "off"]) as server:
        done = subprocess.run(
            [program, "load", str(FOLDER), "--data", server.folder], capture_output=True, text=True, check=False, timeout=1500
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        # Bundles that create give new ids; the sample keeps its own as an identifier.
        some = sorted(sample.by_type["Patient"])[7]
        found = server.get(f"/fhir/Patient?identifier={some}", sign_in=None)
        there = found["entry"][0]["resource"]["id"]
        expected = [(kind, "", len(resources)) for kind, resources in sorted(sample.by_type.items())]
        for kind, query, count in expected + cases(sample, some, there):
            answer = server.get(f"/fhir/{kind}?_summary=count&{query}", sign_in=None)
            checked += 1
            if answer["total"] != count:
                failed += 1
                print(f"{kind}?{query}: {answer['total']}, in the files {count}")
        # Pages hold what was counted, each record once.
        for kind, query in [("Observation", "code=29463-7&_sort=-date"), ("Encounter", "class=EMER&_sort=date"), ("Patient", "_sort=name")]:
            total = server.get(f"/fhir/{kind}?_summary=count&{query}", sign_in=None)["total"]
            url, seen = f"/fhir/{kind}?{query}&_count=37", []
            while url:
                page = server.get(url, sign_in=None)
                seen += [entry["resource"]["id"] for entry in page.get("entry", [])]
                url = next((link["url"].split("/fhir/", 1)[1] for link in page["link"] if link["relation"] == "next"), None)
                url = url and "/fhir/" + url
            checked += 1
            if len(seen) != total or len(set(seen)) != total:
                failed += 1
                print(f"{kind}?{query}: {len(seen)} on pages, {len(set(seen))} different, {total} counted")
    print(f"{checked} searches, {failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
