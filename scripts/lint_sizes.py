#!/usr/bin/env python3
"""Checks the hard size limits: .cc 500 lines, .h 150, main.cc 150, .proto 400, a function 70, a
handler (a function in api/handlers) 40, a line 100 characters.

Usage: lint_sizes.py [ROOT]      prints file:line: message per finding; exit code 1 if any
"""
import pathlib
import re
import subprocess
import sys

LIMITS = {".cc": 500, ".h": 150, ".proto": 400}
FUNCTION_LINES_MAX = 70
HANDLER_LINES_MAX = 40
LINE_CHARACTERS_MAX = 100
NOT_A_FUNCTION = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|constexpr|const|inline "
                            r"constexpr|static constexpr|using|typedef)\b(?!.*\)\s*(const)?\s*\{$)")


def functions_of(lines):
    """Yields (first line, length) of each function that clang-format has laid out.

    A body opens with a line that ends in "{" and closes with a "}" at the indentation of the line
    its signature began with; namespaces do not indent, classes indent their functions by two.
    """
    for indent in ("", "  "):
        start = None
        signature = None
        in_class = False
        for number, line in enumerate(lines, 1):
            if re.match(r"(class|struct)\b.*[^;]$", line):
                in_class = True
            elif line.startswith("}"):
                in_class = False
            if indent and not in_class:
                start = signature = None
            elif start is None:
                if re.match(rf"{indent}[A-Za-z~\[]", line):
                    signature = number
                if signature and line.endswith("{") and not line.rstrip().endswith("= {"):
                    if not NOT_A_FUNCTION.match(lines[signature - 1]):
                        start = signature
                    signature = None
                elif line.endswith((";", "}")):
                    signature = None
            elif re.match(rf"{indent}\}}", line):
                yield start, number - start + 1
                start = None


def check(path, relative, findings):
    lines = path.read_text().splitlines()
    limit = 150 if relative.name == "main.cc" else LIMITS[path.suffix]
    if len(lines) > limit:
        findings.append(f"{relative}:1: {len(lines)} lines, at most {limit}")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_CHARACTERS_MAX and "http" not in line:
            findings.append(f"{relative}:{number}: {len(line)} characters")
    if path.suffix == ".proto":
        return
    is_handler = "handlers" in relative.parts and not relative.stem.endswith("_test")
    limit = HANDLER_LINES_MAX if is_handler else FUNCTION_LINES_MAX
    for start, length in functions_of(lines):
        if length > limit:
            findings.append(f"{relative}:{start}: function of {length} lines, at most {limit}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    tracked = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                             check=True, capture_output=True, text=True).stdout.split("\n")
    findings = []
    for name in sorted(tracked):
        path = root / name
        if path.suffix in LIMITS and path.exists():
            check(path, pathlib.Path(name), findings)
    print("\n".join(findings) if findings else "sizes: ok")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
