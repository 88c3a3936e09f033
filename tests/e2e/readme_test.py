"""The commands that the README shows "By hand" do what it says, one after the other."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.support import suite

HEADING = "## By hand\n```\n"
# What has been done here already.
BUILDS = ("bash scripts/setup.sh && bash scripts/build.sh release\n"
          "export PATH=$PWD/build/release/bin:$PATH\n")
START = "clientele up --program-currency EUR 2>up.log &"
# Any ports, since others may have the usual ones; a person is slower than the servers' start.
STARTED = START.replace(" up ", " up --ports 0 ") + """
trap "kill $!; wait $!" EXIT
until [ -e "$HOME/.local/share/clientele/endpoints.json" ]; do kill -0 $!; sleep 0.1; done
"""
COMMANDS_SECONDS_MAX = 300


class Readme(unittest.TestCase):

    def test_the_commands_by_hand_work(self):
        page = (suite.ROOT / "README.md").read_text(encoding="utf-8")
        commands = page.partition(HEADING)[2].partition("```\n")[0]
        self.assertIn(BUILDS, commands)
        self.assertIn(START, commands)
        home = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-readme-"))
        programs = pathlib.Path(suite.binary()).parent.resolve()
        done = subprocess.run(
            ["bash", "-eux"], cwd=home, capture_output=True, text=True, check=False,
            input=commands.replace(BUILDS, "").replace(START, STARTED),
            env={"HOME": home, "PATH": f"{programs}:{os.environ['PATH']}"},
            timeout=COMMANDS_SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        for text in ("ready profile=", "Champions", "2025-10-03", "expire next", "net_spend_minor",
                     "customer.created"):
            self.assertIn(text, done.stdout)
        log = pathlib.Path(home, "up.log").read_text(encoding="utf-8")
        self.assertIn('"event":"serving"', log)


if __name__ == "__main__":
    suite.main()
