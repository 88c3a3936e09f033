"""The unit of deploy/systemd: systemd understands every line of it, its commands are those of the
programs and of docs/install.md, and it gives a server the time that it takes to end.

What it does under a systemd that runs no test here tries: there is none in a container.
"""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from tests.support import suite
from tests.support.server import programs

UNIT = suite.ROOT / "deploy/systemd/clientele@.service"
SERVICES = ("profile", "segmentation", "loyalty", "complaints")
INSTALLED = "/usr/local/bin"
# A server ends its calls in 10 s, and what it waits for besides in 5 (helm's check asks the same).
GRACE_SECONDS = 15


def option(name):
    found = re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    if len(found) != 1:
        raise AssertionError(f"{name} stands there {len(found)} times")
    return found[0]


class Unit(unittest.TestCase):

    @unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze")
    def test_systemd_understands_it(self):
        with tempfile.TemporaryDirectory(prefix="clientele-deploy-") as folder:
            for service in SERVICES:
                instance = pathlib.Path(folder, f"clientele@{service}.service")
                instance.write_text(
                    UNIT.read_text(encoding="utf-8").replace(INSTALLED, str(programs().resolve())),
                    encoding="utf-8")
                done = subprocess.run(["systemd-analyze", "verify", "--man=no", instance],
                                      capture_output=True, text=True, timeout=60, check=False)
                said = "".join(line for line in done.stderr.splitlines(keepends=True)
                               if "clientele@" in line)
                self.assertEqual((done.returncode, said), (0, ""), done.stderr)

    def test_its_command_is_one_of_the_programs(self):
        for service in SERVICES:
            program, command, *options = option("ExecStart").replace("%i", service).split()
            self.assertEqual(program, f"{INSTALLED}/clientele-{service}")
            known = subprocess.run(
                [programs() / f"clientele-{service}", command, "--help"], capture_output=True,
                text=True, timeout=60, check=True).stdout
            self.assertEqual(options, ["--config", f"/etc/clientele/{service}.yaml"])
            self.assertIn(f" {options[0]} ", known)

    def test_it_runs_what_the_page_runs_as_the_user_that_the_page_makes(self):
        page = (suite.ROOT / "docs/install.md").read_text(encoding="utf-8")
        user, command = re.search(
            r"setpriv --reuid=(\w+) .*\\\n *(clientele-\$service serve .*?) *\\$", page,
            re.MULTILINE).groups()
        self.assertEqual(option("User"), user)
        self.assertEqual(option("ExecStart"),
                         f"{INSTALLED}/{command.replace('$service', '%i')}")
        self.assertIn(f" clientele@{{{','.join(SERVICES)}}}\n", page)

    def test_a_server_that_has_ended_is_started_again_however_often(self):
        self.assertEqual(option("Restart"), "always")
        self.assertEqual(option("StartLimitIntervalSec"), "0")

    def test_a_server_has_the_time_that_it_takes_to_end(self):
        page = (suite.ROOT / "docs/install.md").read_text(encoding="utf-8")
        drain_seconds = int(re.search(r"^drain_delay: (\d+)s$", page, re.MULTILINE).group(1))
        self.assertGreaterEqual(int(option("TimeoutStopSec")), drain_seconds + GRACE_SECONDS)


if __name__ == "__main__":
    suite.main()
