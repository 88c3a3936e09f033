"""What deploy/docker/image_root.py ships of each program: its list of contents names all that the
program loads and all that is compiled into it, the folder holds it, and the program is hardened.

Needs no container, but Debian, root (a folder gets another owner) and what ninja noted as it built.
"""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from tests.support import suite
from tests.support.server import programs

PROGRAMS = ("clientele", "clientele-profile", "clientele-segmentation", "clientele-loyalty",
            "clientele-complaints")
MAKER = suite.ROOT / "deploy/docker/image_root.py"
# Its headers are numbers and layouts that the kernel understands; no code.
NO_CODE = {"linux-libc-dev"}


def ask(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def build_folder():
    return programs().resolve().parent


def is_what_ships():
    cache = build_folder() / "CMakeCache.txt"
    return cache.exists() and "CMAKE_BUILD_TYPE:STRING=Release" in cache.read_text(encoding="utf-8")


@contextlib.contextmanager
def root_of(program):
    """The folder that image_root.py makes of a program, and the list of contents in it."""
    with tempfile.TemporaryDirectory(prefix="clientele-image-root-") as folder:
        root = pathlib.Path(folder, "root")
        done = subprocess.run(
            [sys.executable, MAKER, "--version", "1.2.3", programs() / program, root],
            capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        listed = root / f"usr/share/sbom/{program}.spdx.json"
        yield root, json.loads(listed.read_text(encoding="utf-8"))


def debian_of(sbom):
    """The Debian packages of a list of contents and their versions."""
    return {package["name"]: package["versionInfo"] for package in sbom["packages"]
            if package["SPDXID"] != "SPDXRef-program"}


def sources_of(packages):
    """The Debian source package of each installed package."""
    told = ask("dpkg-query", "-W", "-f", "${Package} ${source:Package}\n", *packages)
    return dict(line.split() for line in told.splitlines())


def compiled_into(program):
    """The Debian packages of the headers and archives that a program was made from, by ninja."""
    ninja = ("ninja", "-C", build_folder(), "-t")
    inputs = re.findall(r"^\S+\.(?:o|gch|a)$", ask(*ninja, "inputs", f"bin/{program}"), re.MULTILINE)
    noted = ask(*ninja, "deps", *(file for file in inputs if not file.endswith(".a")))
    files = {*inputs, *re.findall(r"^ +(/\S+)$", noted, re.MULTILINE)}
    owners = ask("dpkg-query", "-S", *sorted(file for file in files if file.startswith("/usr/")))
    return set(re.findall(r"^([^:,\s]+)", owners, re.MULTILINE))


def loaded_by(file):
    """The names of the libraries that a program or library asks the loader for."""
    return re.findall(r"\(NEEDED\) +Shared library: \[(.*)\]",
                      ask("readelf", "--wide", "--dynamic", file))


def weaknesses(program):
    """What a program lacks of what cmake/CompilerSettings.cmake asks for to harden it."""
    said = ask("readelf", "--wide", "--file-header", "--program-headers", "--dynamic", "--dyn-syms",
               program)
    wanted = {
        "position-independent": r"Type: +DYN \(Position-Independent Executable",
        "read-only relocations": r"^ +GNU_RELRO ",
        "all bound at the start": r"\(FLAGS_1\) .*\bNOW\b",
        "no executable stack": r"^ +GNU_STACK +(0x\w+ +){5}RW +0x",
        "stack protector": r" __stack_chk_fail@",
        "fortified": r" __\w+printf_chk@",
    }
    return [name for name, pattern in wanted.items() if not re.search(pattern, said, re.MULTILINE)]


@unittest.skipUnless(os.geteuid() == 0, "root gives the data folder its owner")
class Root(unittest.TestCase):

    def test_the_list_names_what_is_compiled_in_with_its_version_and_licence(self):
        with root_of("clientele-profile") as (root, sbom):
            listed = debian_of(sbom)
            related = {part["relatedSpdxElement"]: part["relationshipType"]
                       for part in sbom["relationships"]}
            for name in ("libcli11-dev", "nlohmann-json3-dev"):
                self.assertEqual(listed[name], ask("dpkg-query", "-W", "-f", "${Version}", name))
                self.assertEqual(related["SPDXRef-" + name], "STATIC_LINK")
            self.assertEqual(related["SPDXRef-libc6"], "DEPENDS_ON")
            self.assertEqual(related.keys(), {part["SPDXID"] for part in sbom["packages"]})
            for name in listed:
                self.assertTrue((root / f"usr/share/doc/{name}/copyright").is_file(), name)

    def test_all_that_is_compiled_in_or_loaded_is_listed_and_there(self):
        for program in PROGRAMS:
            with self.subTest(program), root_of(program) as (root, sbom):
                made_from = sources_of(compiled_into(program) - NO_CODE)
                listed = set(sources_of(debian_of(sbom)).values())
                self.assertIn("nlohmann-json3-dev", made_from)
                self.assertEqual({name for name, source in made_from.items()
                                  if source not in listed}, set())
                self.assertEqual([file.name for file in (root / "usr/bin").iterdir()], [program])
                libraries = {file.name: file for file in (root / "usr").rglob("lib*/**/*.so*")}
                for file in (root / "usr/bin" / program, *libraries.values()):
                    self.assertLessEqual(set(loaded_by(file)), libraries.keys(), file)

    def test_the_user_is_there_and_owns_only_the_folder_for_data(self):
        with root_of("clientele-profile") as (root, _):
            owned = [(str(file.relative_to(root)), file.stat().st_mode & 0o777)
                     for file in root.rglob("*") if file.lstat().st_uid != 0]
            self.assertEqual(owned, [("var/lib/clientele", 0o700)])
            self.assertIn("clientele:x:10001:10001:", (root / "etc/passwd").read_text("utf-8"))
            for file in ("etc/ssl/certs/ca-certificates.crt", "usr/share/zoneinfo/Europe/Berlin"):
                self.assertTrue((root / file).stat().st_size, file)


class Hardening(unittest.TestCase):

    @unittest.skipUnless(is_what_ships(), "only the release preset hardens")
    def test_every_program_is_hardened(self):
        for program in PROGRAMS:
            with self.subTest(program):
                self.assertEqual(weaknesses(programs() / program), [])

    def test_a_program_that_is_not_hardened_is_found(self):
        with tempfile.TemporaryDirectory(prefix="clientele-hardening-") as folder:
            source, program = pathlib.Path(folder, "bare.c"), pathlib.Path(folder, "bare")
            source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
            ask("cc", "-no-pie", "-fno-stack-protector", "-z", "norelro", "-z", "lazy", "-z",
                "execstack", "-o", program, source)
            self.assertEqual(len(weaknesses(program)), 6)


if __name__ == "__main__":
    suite.main()
