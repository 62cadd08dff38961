#!/usr/bin/env python3
"""results.py FOLDER: counts what scripts/test left there and prints `N passed, N failed, N skipped`.

Reads the steps of each stage (*.steps: result, tab, name), ctest's JUnit files (*.xml), and the JUnit files that
GoogleTest programs wrote by themselves (*-cases/PROGRAM*.xml): a ctest test that is a whole program counts as the
cases in it. Names every failed and skipped test first. Exit status 1 when anything failed or nothing was run.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def case_result(case):
    """Result of one <testcase>, written by ctest or by GoogleTest."""
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def cases_in(path):
    try:
        return ElementTree.parse(path).getroot().iter("testcase")
    except (ElementTree.ParseError, OSError):
        return []


def program_cases(folder):
    """Program name -> [(result, case name)], from the files that programs wrote."""
    programs = {}
    for path in sorted(folder.glob("*-cases/*/*.xml")):
        for case in cases_in(path):
            name = f"{path.stem}: {case.get('classname')}.{case.get('name')} ({path.parent.name})"
            programs.setdefault((path.parent.name, path.stem), []).append((case_result(case), name))
    return programs


def results(folder):
    for path in sorted(folder.glob("*.steps")):
        for line in path.read_text().splitlines():
            result, name = line.split("\t", 1)
            yield result, f"{path.stem}: {name}"
    programs = program_cases(folder)
    for path in sorted(folder.glob("*.xml")):
        preset = path.stem.rpartition("-")[2]
        for case in cases_in(path):
            own, result = programs.get((preset, case.get("name")), []), case_result(case)
            yield from own
            # A program can fail with no case that failed: a leak found at its end, a crash.
            if not own or (result == "failed" and all(r != "failed" for r, _ in own)):
                yield result, f"{path.stem}: {case.get('name')}"


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    named = {"failed": [], "skipped": []}
    for result, name in results(pathlib.Path(sys.argv[1])):
        counts[result] += 1
        if result in named:
            named[result].append(name)
    for result in ("skipped", "failed"):
        for name in named[result]:
            print(f"{result}: {name}")
    print(", ".join(f"{count} {result}" for result, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
