"""Every command of docs/install.md for one machine without containers, and then of docs/upgrade.md for
it, as they are written there, on a Debian of its own: the stage `compiler` of deploy/docker/Dockerfile.

Needs a container engine whose containers reach Debian's packages, and minutes, so it is skipped
unless $CLIENTELE_TEST_IMAGES is set (1). The programs that are tested stand in for those the page
builds.
"""
import re
import subprocess
import unittest

from tests.support import containers, suite
from tests.support.server import programs

# The pages and the headings below which their commands are.
SECTIONS = (("install.md", "## One machine without containers\n"),
            ("upgrade.md", "## The way up\n"))
BUILDS = "bash scripts/build.sh release\n"
# The line of `clientele points balance`: the customer, then what is available.
EARNED_POINTS = re.compile(r"^csv-c\d+ +[1-9][\d,]* ", re.MULTILINE)
COMMANDS_SECONDS_MAX = 900
# Debian's own cluster listens where the page says; the container has its own network.
PLACE = "/opt/clientele"


def commands(name, heading):
    """The commands of a section of a page, one block after the other; those for systemd, which no
    container has, begin with ```sh (systemd_unit_test.py)."""
    page = (suite.ROOT / "docs" / name).read_text(encoding="utf-8")
    section = page.partition(heading)[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [block for language, block in blocks if not language]


class Install(unittest.TestCase):

    def test_the_pages_make_a_suite_that_works_and_replace_a_server(self):
        engine = containers.engine()
        containers.build(engine, "compiler")
        blocks = [commands(name, heading) for name, heading in SECTIONS]
        self.assertTrue(all(blocks))
        script = "".join(sum(blocks, []))
        self.assertIn(BUILDS, script)
        done = subprocess.run(
            [engine, "run", "--rm", "--interactive", "--network", "bridge",
             "--volume", f"{suite.ROOT}:{PLACE}:ro",
             "--volume", f"{programs()}:{PLACE}/build/release/bin:ro",
             containers.tag_of("compiler"), "bash", "-eux"],
            input=script.replace(BUILDS, ""), capture_output=True, text=True, check=False,
            timeout=COMMANDS_SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        self.assertIn("Champions", done.stdout)
        self.assertRegex(done.stdout, EARNED_POINTS)
        self.assertIn("nothing to apply", done.stdout)


if __name__ == "__main__":
    suite.main()
