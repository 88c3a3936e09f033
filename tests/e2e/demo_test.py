"""`clientele demo`: what the README shows of it is what it prints, and real data come out right."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

from tests.support import postgres, process, redis, suite

ROOT = pathlib.Path(__file__).parents[2]
README = ROOT / "README.md"
PRIVATE_SERVERS = ROOT / "scripts/private_servers.sh"
RUN_SECONDS_MAX = 240
# What differs from run to run.
MASKS = ((r"\b[\d.]+ m?s\b", "<time>"), (r"127\.0\.0\.1:\d+", "<address>"),
         (r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", "<number>"), (r"/\S*/clientele-(demo|servers)\.\w+", "<folder>"))
# Where the demo says that its data are, when private_servers.sh runs it.
BACKENDS = ["   data         PostgreSQL host=<folder> user=clientele dbname=postgres",
            "   cache        Redis unix:<folder>/redis.sock"]


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


def require_servers(test):
    if not postgres.available() or not redis.available():
        test.skipTest("no PostgreSQL or no Redis: run scripts/setup.sh")


class Demo(unittest.TestCase):

    maxDiff = None

    def setUp(self):
        blocks = README.read_text(encoding="utf-8").split("```\n")
        shown = masked(next(block for block in blocks if "1  Purchases in: " in block))
        # With --once nothing is left to try anything on.
        self.shown, self.to_try = shown[:-2], shown[-2:]

    def test_the_readme_shows_what_it_prints(self):
        self.assertEqual(masked(demo("--once").stdout), self.shown)
        self.assertEqual([line.split("clientele ")[1] for line in self.to_try],
                         ["complaints list --data-dir <folder>/data",
                          "watch loyalty --data-dir <folder>/data"])

    def on_servers(self, *arguments):
        """What it prints on PostgreSQL and Redis, but where they are."""
        lines = masked(demo("--once", *arguments, under=["bash", PRIVATE_SERVERS]).stdout)
        backends = lines.index(BACKENDS[0])
        self.assertEqual(lines[backends:backends + len(BACKENDS)], BACKENDS)
        return lines[:backends] + lines[backends + len(BACKENDS):]

    def test_it_prints_the_same_on_postgresql_and_redis(self):
        require_servers(self)
        self.assertEqual(self.on_servers(), self.shown)

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

    def test_online_retail_comes_out_right_and_the_same_on_postgresql_and_redis(self):
        arguments = ["--format", "online-retail", "--purchases",
                     suite.data_file("online-retail/online_retail.csv.gz")]
        out = demo("--once", *arguments).stdout
        for line in ("4,338 customers, 18,532 orders, 7,136 refunds",
                     "MISSING_CUSTOMER 135,080, NON_POSITIVE_PRICE 40, UNMATCHED_REFUND 1,769",
                     "1,085 stayed, 2,285 moved to another segment, 968 are new",
                     "500 points proposed, approved and executed: balance 279,772 -> 280,272"):
            self.assertIn(line, out)
        require_servers(self)
        self.assertEqual(self.on_servers(*arguments), masked(out))


class PrivateServers(unittest.TestCase):
    """scripts/private_servers.sh leaves nothing, whatever its command comes to."""

    def setUp(self):
        require_servers(self)
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        os.chmod(self.folder, 0o755)  # the servers' user looks into it, too

    def spawn(self, command):
        """A shell command that finds the servers' addresses in its arguments."""
        return subprocess.Popen(["bash", PRIVATE_SERVERS, "bash", "-c", command, "command"],
                                env={**os.environ, "TMPDIR": self.folder}, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def await_nothing_left(self):
        process.wait_until(lambda: not os.listdir(self.folder), "the folder is gone")
        self.assertEqual(subprocess.run(["pgrep", "-f", self.folder], stdout=subprocess.PIPE,
                                        check=False).stdout, b"")

    def test_both_answer_and_the_exit_code_is_passed_on(self):
        run = self.spawn('psql -Atc "SELECT 1 + 1" "$2"; redis-cli -s "${4#unix:}" PING; exit 3')
        out, _ = run.communicate()
        self.assertEqual((out, run.returncode), ("2\nPONG\n", 3))
        self.await_nothing_left()

    def test_a_signal_ends_them(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number), self.spawn("echo up; read -r _") as run:
                self.assertEqual(run.stdout.readline(), "up\n")
                self.assertEqual(len(os.listdir(self.folder)), 1)
                run.send_signal(number)
                run.stdin.close()
                run.wait(process.STEP_SECONDS_MAX)
                self.await_nothing_left()


if __name__ == "__main__":
    suite.main()
