"""Builds the image of each program as deploy/docker/Dockerfile says and runs it as a cluster would:
as uid 10001, with a read-only root, without a capability.

Needs a container engine (support/containers.py) and minutes, so it is skipped unless
$CLIENTELE_TEST_IMAGES is set (1). Prints the sizes, as docs/install.md has them.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from tests.support import containers, suite
from tests.support.containers import tag_of

SERVICES = ("profile", "segmentation", "loyalty", "complaints")
READY_SECONDS_MAX = 30
# What a pod of the restricted Pod Security level has.
RESTRICTED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
ALONE = ("--network", "none")


def program_of(target):
    """The program of a target's image."""
    return "clientele" if target == "cli" else "clientele-" + target


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = containers.engine()
        for target in (*SERVICES, "cli"):
            containers.build(cls.engine, target)

    def ask(self, *arguments, expect=0):
        done = subprocess.run([self.engine, *arguments], capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def data_folder(self):
        """A folder of the host that the user of the images may write to."""
        folder = tempfile.mkdtemp(prefix="clientele-image-")
        self.addCleanup(shutil.rmtree, folder)
        os.chown(folder, 10001, 10001)
        return folder

    def file_of(self, target, path):
        """A copy of a file of an image."""
        name = f"{tag_of(target)}-file-{os.getpid()}"
        self.ask("create", "--name", name, tag_of(target))
        self.addCleanup(self.ask, "rm", "--force", name)
        with tempfile.NamedTemporaryFile(prefix="clientele-image-", delete=False) as copy:
            self.addCleanup(os.unlink, copy.name)
        self.ask("cp", f"{name}:{path}", copy.name)
        return pathlib.Path(copy.name)

    def start(self, target, folder, *arguments):
        name = f"{tag_of(target)}-{os.getpid()}"
        self.ask("run", "--detach", "--name", name, *RESTRICTED, *ALONE, "--volume",
                 f"{folder}:/var/lib/clientele", tag_of(target), *arguments)
        self.addCleanup(self.ask, "rm", "--force", name)
        return name

    def await_probe(self, name, target):
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            # Beside it, not by `exec`: not every runtime can do that.
            probe = subprocess.run(
                [self.engine, "run", "--rm", *RESTRICTED, "--network", f"container:{name}",
                 tag_of(target), "probe"], capture_output=True, text=True, timeout=60, check=False)
            if probe.returncode == 0:
                return
            self.assertLess(time.monotonic(), deadline,
                            probe.stderr + self.ask("logs", name))

    def user_id(self, name):
        """The user that the container's program runs as, as its host sees it."""
        pid = self.ask("inspect", "--format", "{{.State.Pid}}", name).strip()
        return pathlib.Path("/proc", pid).stat().st_uid

    def test_each_service_serves_on_a_read_only_root_as_uid_10001_and_drains(self):
        for target in SERVICES:
            with self.subTest(target):
                folder = self.data_folder()
                self.ask("run", "--rm", *RESTRICTED, *ALONE, "--volume",
                         f"{folder}:/var/lib/clientele", tag_of(target), "migrate")
                name = self.start(target, folder)
                self.await_probe(name, target)
                self.assertEqual(self.user_id(name), 10001)
                self.ask("stop", "--time", "20", name)
                self.assertEqual(
                    self.ask("inspect", "--format", "{{.State.ExitCode}}", name).strip(), "0")

    def test_an_image_has_no_shell_and_nothing_but_its_data_folder_to_write_to(self):
        for target in (*SERVICES, "cli"):
            with self.subTest(target):
                folder = self.data_folder()
                tree = pathlib.Path(folder, "root.tar")
                name = f"{tag_of(target)}-tree-{os.getpid()}"
                self.ask("create", "--name", name, tag_of(target))
                self.addCleanup(self.ask, "rm", "--force", name)
                self.ask("export", "--output", str(tree), name)
                listing = subprocess.run(
                    ["tar", "--numeric-owner", "-tvf", tree], check=True, capture_output=True,
                    text=True).stdout.splitlines()
                files = [line.split(maxsplit=5)[5] for line in listing]
                programs = [file for file in files
                            if file.startswith("usr/bin/") and not file.endswith("/")]
                self.assertEqual(programs, ["usr/bin/" + program_of(target)])
                owned = [line for line in listing if "10001/10001" in line]
                self.assertEqual([line.split(maxsplit=5)[5] for line in owned],
                                 ["var/lib/clientele/"])

    def test_the_list_of_contents_names_the_program_and_every_library(self):
        for target in SERVICES:
            with self.subTest(target):
                listed = self.file_of(target, f"/usr/share/sbom/clientele-{target}.spdx.json")
                sbom = json.loads(listed.read_text(encoding="utf-8"))
                names = {package["name"] for package in sbom["packages"]}
                self.assertLessEqual({"clientele-" + target, "libc6", "libssl3", "libpq5",
                                      "libsqlite3-0", "tzdata", "ca-certificates",
                                      "libcli11-dev"}, names)
                ids = {package["SPDXID"] for package in sbom["packages"]}
                related = {r["relatedSpdxElement"] for r in sbom["relationships"]}
                self.assertEqual(ids, related)

    def test_sizes(self):
        print("| image | size | of that its program |\n|---|---|---|")
        for target in (*SERVICES, "cli"):
            size = int(self.ask("image", "inspect", "--format", "{{.Size}}", tag_of(target)))
            program = self.file_of(target, "/usr/bin/" + program_of(target)).stat().st_size
            print(f"| `clientele-{target}` | {size / 1e6:.0f} MB | {program / 1e6:.1f} MB |",
                  flush=True)
            self.assertLess(size, 150e6)
            self.assertLess(program, size)


if __name__ == "__main__":
    suite.main()
