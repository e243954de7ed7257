#!/usr/bin/env python3
"""The house rules a machine can see. Run as a test; prints one line for each breach and fails."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_LINES = 800
# Made by a tool from another file of the tree.
GENERATED = ("web/packages/model/src/generated.ts",)
SOURCE = (".cpp", ".hpp", ".ts", ".vue", ".mjs", ".py", ".sh")
# What a mechanism may not name: diseases, programmes and districts are pack data.
SUBJECTS = re.compile(r"高血压|糖尿病|结核|hypertension|diabetes|tuberculosis|qingshan|青山|赤峰|丽水|云澜", re.I)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
NAMES = re.compile(r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Util)s?\b")
# Forbidden include -> what to use instead.
INCLUDES = {
    "<regex>": "a hand-written matcher (slow to compile and to run)",
    "<iostream>": "<cstdio> in sources; nothing in headers",
    "<nlohmann/json.hpp>": "kangqu/core/json.hpp",
    "<format>": "std::string and core::JsonWriter (g++ 12 has no <format>)",
}


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


def breaches(path):
    name = path.relative_to(ROOT).as_posix()
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
        body = re.sub(r"```.*?```", "", text, flags=re.S)
        if len(re.findall(r"^# ", body, flags=re.M)) != 1:
            yield f"{name}: a document has exactly one H1"
        return
    if path.suffix not in SOURCE:
        return
    lines = path.read_text(encoding="utf-8").split("\n")
    if len(lines) > MAX_LINES and name not in GENERATED:
        yield f"{name}: {len(lines)} lines, the limit is {MAX_LINES}; split it"
    is_test = "/test" in name or name.startswith("test/") or "/mock/" in name
    mechanism = (name.startswith("src/") or re.match(r"web/packages/\w+/src/", name)) and not is_test
    words = not any(part in name for part in ("/i18n/", "/locale", "house_check"))
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if path.suffix in (".cpp", ".hpp") and "\t" in line:
            yield f"{where}: a tab; use four spaces"
        if words and UNFINISHED.search(line):
            yield f"{where}: unfinished by its own words"
        if mechanism and words and SUBJECTS.search(line):
            yield f"{where}: a subject is named in the mechanism; packs/ is its place"
        if path.suffix in (".cpp", ".hpp"):
            if NAMES.search(line):
                yield f"{where}: name the thing, not Manager, Helper or Util"
            for include, instead in INCLUDES.items():
                if f"#include {include}" in line:
                    yield f"{where}: do not include {include}; use {instead}"


def main():
    found = [line for path in tracked() for line in breaches(path)]
    print("\n".join(found))
    print(f"house check: {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
