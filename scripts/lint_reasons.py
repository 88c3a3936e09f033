#!/usr/bin/env python3
"""Checks that error reasons and error_reason.proto agree, and that each reason is seen in a test.

Usage: lint_reasons.py [ROOT]      prints a message per finding; exit code 1 if any
A reason is thrown where an ErrorBuilder is made with it; it is tested where a *_test or *_contract
file, or a script test, names it.
"""
import pathlib
import re
import sys

PROTO = "proto/clientele/common/v1/error_reason.proto"
THROWN = re.compile(r'"([A-Z][A-Z0-9_]{3,})"')


def sources(root):
    for folder in ("common", "services", "cli", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cc", ".h", ".py"):
                yield path


def is_test(path):
    return bool(re.search(r"_test$|_contract", path.stem)) or "testing" in path.parts


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    listed = set(re.findall(r"^\s*ERROR_REASON_(\w+) = [1-9]", (root / PROTO).read_text(), re.M))
    thrown, tested = set(), set()
    for path in sources(root):
        text = path.read_text()
        if is_test(path):
            tested.update(reason for reason in listed if re.search(rf'\b{reason}\b', text))
            continue
        if "cli" in path.relative_to(root).parts[:1]:
            continue  # the command line's own errors never cross the wire
        # The reason is the second argument of an ErrorBuilder, however it is wrapped over lines.
        for match in re.finditer(r"ErrorBuilder\w*\s*(?:\w+\s*)?\(", text):
            words = THROWN.findall(text[match.end():match.end() + 240])
            thrown.update(words[:1])
        thrown.update(re.findall(r'k\w*Reason\w*\[\]\s*=\s*"([A-Z0-9_]+)"', text))
    findings = [f"thrown but not in {PROTO}: {r}" for r in sorted(thrown - listed)]
    findings += [f"in {PROTO} but never thrown: {r}" for r in sorted(listed - thrown)]
    findings += [f"no test sees {r}" for r in sorted(listed & thrown - tested)]
    print("\n".join(findings) if findings else "reasons: ok")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
