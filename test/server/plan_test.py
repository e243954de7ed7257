#!/usr/bin/env python3
"""A plan over HTTP, from its document to live targets, against a real server: plan_test.py PROGRAM"""
import io
import json
import pathlib
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from running import Server  # noqa: E402

PROGRAM = None
TEXT = """云澜区人民政府办公室关于印发健康云澜方案的通知
云政办〔2026〕9号
云澜区人民政府办公室
2026年3月1日
健康云澜任务分工方案
一、主要任务
1.管好慢病。高血压患者规范管理率2025年为68%,到2030年、2035年分别达到75%、80%以上。(责任单位:区卫健委、区人社局、各街道办事处(管委会))
2.打造2所健康馆。(责任单位:区卫健委)
"""
SECOND = TEXT.replace("80%以上", "85%以上").replace("打造2所健康馆", "打造3所健康驿站与健康馆")


def docx(lines):
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>wordprocessingml</Types>")
        archive.writestr(
            "word/document.xml",
            "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
            f"<w:body>{body}</w:body></w:document>")
    return out.getvalue()


class Plans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def ask(self, method, path, body=None, content_type="application/json", expected=200):
        if isinstance(body, dict):
            body = json.dumps(body)
        answer = self.server.request(method, path, body, sign_in="official", content_type=content_type)
        self.assertEqual(answer.status, expected, f"{method} {path}: {answer.body[:500]}")
        return answer.json()

    def import_plan(self, content, query="", expected=200):
        data = content if isinstance(content, bytes) else content.encode()
        return self.ask("POST", "/api/plans" + query, data, "application/octet-stream", expected)

    def post(self, path, body, expected=200):
        return self.ask("POST", path, body, "application/json", expected)

    def count(self, kind):
        return self.ask("GET", f"/fhir/{kind}?_summary=count")["total"]

    def live(self, plan):
        """Accepts everything and lets the plan go live."""
        steps = []
        for task in plan["tasks"]:
            steps.append({"op": "accept", "item": task["item"]})
            steps += [{"op": "accept", "item": target["item"]} for target in task["targets"]]
        plan = self.post(f"/api/plans/{plan['id']}/review", {"version": plan["version"], "steps": steps})
        return self.post(f"/api/plans/{plan['id']}/live", {"version": plan["version"]})

    def test_a_document_becomes_a_live_plan_and_a_new_edition_replaces_it(self):
        draft = self.import_plan(TEXT)
        self.assertEqual(draft["status"], "draft")
        self.assertEqual(len(draft["tasks"]), 2)
        self.assertEqual(draft["text"], TEXT)
        first = draft["tasks"][0]
        self.assertEqual(TEXT[first["start"]:first["end"]].splitlines()[0][:6], "1.管好慢病")
        self.assertEqual(first["units"][2]["match"], "collective")
        self.assertEqual(first["targets"][0]["measures"][0]["id"], "hypertension-standard-management")
        # Not among the plans, not judged, and not to be let live.
        self.assertNotIn(draft["id"], [one["id"] for one in self.ask("GET", "/api/plans")["plans"]])
        self.ask("GET", f"/api/plans/{draft['id']}", expected=409)
        self.post(f"/api/plans/{draft['id']}/live", {"version": draft["version"]}, 409)

        # A correction, taken back.
        path = f"/api/plans/{draft['id']}/review"
        step = {"op": "correct", "item": "target:1/0", "set": {"value": 99}}
        changed = self.post(path, {"version": draft["version"], "steps": [step]})
        self.assertEqual(changed["tasks"][0]["targets"][0]["value"], 99)
        self.assertTrue(changed["canUndo"])
        self.post(path, {"version": draft["version"], "steps": [step]}, 412)
        back = self.post(path + "/undo", {"version": changed["version"]})
        self.assertEqual(back["tasks"][0]["targets"][0]["value"], 75)
        self.assertEqual(back["version"], changed["version"] + 1)
        history = self.ask("GET", f"/fhir/PlanDefinition/{draft['id']}/_history")
        self.assertEqual(len(history["entry"]), 3)

        steps = [{"op": "correct", "item": f"target:1/{i}",
                  "set": {"measure": "hypertension-standard-management"}} for i in (0, 1)]
        back = self.post(path, {"version": back["version"], "steps": steps})
        live = self.live(back)
        self.assertEqual(live["status"], "active")
        task = self.ask("GET", f"/fhir/Task/{draft['id']}-task-1")
        self.assertEqual(task["focus"]["reference"], f"PlanDefinition/{draft['id']}")
        goal = self.ask("GET", f"/fhir/Goal/{draft['id']}-goal-1-1")
        self.assertEqual([one["dueDate"] for one in goal["target"]], ["2030-12-31", "2035-12-31"])
        board = self.ask("GET", f"/api/plans/{draft['id']}")
        target = board["targets"][0]
        self.assertEqual(target["measure"], "hypertension-standard-management")
        self.assertIn(target["state"], ("met", "onTrack", "behind"))
        self.outlook(draft["id"], target)

        edition = self.import_plan(SECOND, f"?edition-of={draft['id']}")
        changes = self.ask("GET", f"/api/plans/{edition['id']}/changes")
        self.assertEqual([(one["change"], one["name"]) for one in changes["targets"]][0][0], "changed")
        self.assertEqual(changes["sameTargets"], 1)
        self.live(edition)
        former = self.ask("GET", f"/fhir/PlanDefinition/{draft['id']}")
        self.assertEqual(former["status"], "retired")

    def outlook(self, plan, target):
        path = f"/api/plans/{plan}/targets/{target['id']}"
        outlook = self.ask("GET", path + "/outlook")
        self.assertEqual(outlook["goal"], 75)
        self.assertEqual(outlook["path"][-1]["value"], 80)
        if outlook["forecast"]["possible"]:
            self.assertLessEqual(outlook["forecast"]["atDue"]["low"], outlook["forecast"]["atDue"]["high"])
        parts = self.ask("GET", path + "/contributions?by=institution")
        self.assertGreater(len(parts["units"]), 1)
        self.assertAlmostEqual(sum(one["residents"] for one in parts["units"]), parts["residents"], places=1)
        same = self.post(path + "/what-if?by=institution", {})
        self.assertAlmostEqual(same["then"], same["value"], places=2)
        all_met = self.post(path + "/what-if?by=institution", {
            "values": [{"unit": one["id"], "value": 75} for one in parts["units"]], "pace": 1})
        self.assertAlmostEqual(all_met["then"], 75, places=3)
        self.assertTrue(all_met["meets"])
        self.ask("GET", f"/api/plans/{plan}/targets/t99/outlook", expected=404)

    def test_word_files_come_in_and_bad_files_leave_nothing(self):
        draft = self.import_plan(docx(TEXT.splitlines()))
        self.assertEqual(len(draft["tasks"]), 2)
        plans, texts = self.count("PlanDefinition"), self.count("DocumentReference")
        answer = self.server.request(
            "POST", "/api/plans", TEXT, sign_in="director", content_type="text/plain")
        self.assertEqual(answer.status, 403)  # who may only read keeps nothing either
        for content, status in (
            (b"", 422), (b"note", 422), (b"%PDF-1.4 cut", 422), (b"\x89PNG....", 415),
            (b"\xc0\xc1\xfe\x80\x01", 400), (docx(["x"]), 422),
        ):
            problem = self.import_plan(content, expected=status)
            self.assertTrue(problem["detail"], status)
        try:
            self.import_plan(b"x" * (50 << 20), expected=413)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent
        self.assertEqual((self.count("PlanDefinition"), self.count("DocumentReference")), (plans, texts))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
