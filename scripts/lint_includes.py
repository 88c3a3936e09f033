"""Compiles files without the precompiled header, which hides includes that they lack.

Usage: lint_includes.py BUILD_DIR FILE...     FILE: relative to the repository's root; *.cc
Writes BUILD_DIR/without_pch/compile_commands.json, the commands of BUILD_DIR without the precompiled
header, which clang-tidy reads too. Checks the syntax only, as many files at a time as there are CPUs.
Exit code 1 when a file does not compile so, when BUILD_DIR has no command for it, or when its precompiled
header is not to be taken out of a command.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PCH = re.compile(r" -Winvalid-pch -include \S+/cmake_pch\.hxx\b| -fpch-preprocess\b")


def commands_without_pch(build_dir):
    """Those of every file, which are also written down."""
    commands = json.loads((build_dir / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in commands:
        entry["command"] = PCH.sub("", entry["command"])
    folder = build_dir / "without_pch"
    folder.mkdir(exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps(commands, indent=1),
                                                  encoding="utf-8")
    return commands


def check(entry):
    """What the compiler says when the file does not compile; empty when it does."""
    words = shlex.split(entry["command"])
    output = words.index("-o")
    done = subprocess.run([*words[:output], *words[output + 2:], "-fsyntax-only"],
                          cwd=entry["directory"], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wanted = {str(ROOT / file) for file in sys.argv[2:]}
    entries = [entry for entry in commands_without_pch(pathlib.Path(sys.argv[1]))
               if os.path.realpath(entry["file"]) in wanted]
    unknown = wanted - {os.path.realpath(entry["file"]) for entry in entries}
    if unknown:  # clang-tidy would guess a command, and find what is not there
        sys.exit(f"includes: {sys.argv[1]} does not compile: {' '.join(sorted(unknown))}")
    for entry in entries:
        if "cmake_pch" in entry["command"]:
            sys.exit(f"includes: the precompiled header stays in: {entry['command']}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = [text for text in pool.map(check, entries) if text]
    for text in errors:
        print(text)
    print(f"includes: {len(entries)} files, {len(errors)} do not compile by themselves"
          if errors else f"includes: ok, {len(entries)} files")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
