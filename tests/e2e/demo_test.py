"""`clientele demo`: what the README shows of it is what it prints, and real data come out right."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from tests.support import postgres, suite

ROOT = pathlib.Path(__file__).parents[2]
README = ROOT / "README.md"
PRIVATE_POSTGRES = ROOT / "scripts/private_postgres.sh"
RUN_SECONDS_MAX = 240
# What differs from run to run.
MASKS = ((r"\b[\d.]+ m?s\b", "<time>"), (r"127\.0\.0\.1:\d+", "<address>"),
         (r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", "<number>"), (r"/\S*/clientele-demo\.\w+", "<folder>"))


def demo(*arguments, expect=0, under=()):
    """Runs `clientele demo`, `under`: by a command that runs it."""
    done = subprocess.run([*under, suite.binary(), "demo", *arguments], capture_output=True,
                          text=True, timeout=RUN_SECONDS_MAX)
    assert done.returncode == expect, (done.returncode, done.stdout, done.stderr)
    return done


def masked(text):
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text.strip().splitlines()


class Demo(unittest.TestCase):

    maxDiff = None

    def setUp(self):
        blocks = README.read_text(encoding="utf-8").split("```\n")
        self.shown = masked(next(block for block in blocks if "1  Purchases in: " in block))

    def test_the_readme_shows_what_it_prints(self):
        self.assertEqual(masked(demo("--once").stdout), self.shown)

    def test_it_prints_the_same_on_postgresql(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        before = set(os.listdir(tempfile.gettempdir()))
        done = demo("--once", "--postgres", under=["bash", PRIVATE_POSTGRES])
        self.assertEqual(masked(done.stdout), self.shown)
        left = set(os.listdir(tempfile.gettempdir())) - before
        self.assertEqual([name for name in left if name.startswith("clientele-pg.")], [])

    def test_a_wrong_command_line_is_a_usage_error(self):
        file = str(README)
        for arguments in (["--purchases", file], ["--format", "csv"],
                          ["--purchases", file, "--format", "novel"],
                          ["--purchases", "/nowhere", "--format", "csv"],
                          ["--server", "127.0.0.1:7001"]):
            with self.subTest(arguments):
                self.assertEqual(demo("--once", *arguments, expect=2).stdout, "")

    def test_a_file_without_orders_is_a_sentence(self):
        self.assertIn("no order", demo("--once", "--purchases", os.devnull, "--format", "cdnow",
                                       expect=1).stderr)

    def test_online_retail_comes_out_right(self):
        file = suite.data_file("online-retail/online_retail.csv.gz")
        out = demo("--once", "--format", "online-retail", "--purchases", file).stdout
        for line in ("4,338 customers, 18,532 orders, 7,136 refunds",
                     "MISSING_CUSTOMER 135,080, NON_POSITIVE_PRICE 40, UNMATCHED_REFUND 1,769",
                     "1,085 stayed, 2,285 moved to another segment, 968 are new",
                     "500 points proposed, approved and executed: balance 279,772 -> 280,272"):
            self.assertIn(line, out)


if __name__ == "__main__":
    suite.main()
