#!/usr/bin/env python3
"""Counts single test cases after a ctest run and prints "N passed, N failed, N skipped".

Usage: count_tests.py RESULTS_DIR
RESULTS_DIR holds ctest.junit and one GoogleTest XML file per test program; the scripts of tests/
write the same (tests/support/suite.py). A program that wrote none, because it crashed, counts as
one case. Exit code 1 when a case failed or none ran.
"""
import pathlib
import sys
import xml.etree.ElementTree as ET


def cases_of(xml_file):
    """Yields (name, outcome, message) for each case of one GoogleTest file."""
    for case in ET.parse(xml_file).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            yield name, "failed", ""
        elif case.find("skipped") is not None:
            yield name, "skipped", case.find("skipped").get("message", "").strip()
        elif case.get("status") != "notrun":
            yield name, "passed", ""


def main():
    results = pathlib.Path(sys.argv[1])
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for program in ET.parse(results / "ctest.junit").getroot().iter("testcase"):
        name, status = program.get("name"), program.get("status")
        gtest = results / f"{name}.xml"
        if gtest.exists():
            cases = list(cases_of(gtest))
            if status == "fail" and not any(c[1] == "failed" for c in cases):
                cases.append((name, "failed", ""))  # died after or between its cases
        else:
            outcome = {"run": "passed", "fail": "failed"}.get(status, "skipped")
            cases = [(name, outcome, "")]
        for case, outcome, message in cases:
            counts[outcome] += 1
            if outcome != "passed":
                print(f"{outcome}: {name}: {case}" + (f": {message}" if message else ""))
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
