"""A profile whose database can do a tenth of what is asked of it (quality.md R8): it goes on doing
what it can, sheds reads and not writes, says no at once, and is itself again when the crowd has gone.

The customers are made slow in PostgreSQL, by sleeping and not by working, so that the machine has time
for the crowd. CLIENTELE_LONG=1: ten times as long.
"""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import unittest

from tests.support import hostile, postgres, process, redis, suite
from tests.support.server import Server

SCALE = 10 if os.environ.get("CLIENTELE_LONG") == "1" else 1
LOAD = pathlib.Path(suite.binary()).parent.parent / "tests/support/overload_load"
CONNECTIONS = 8
SLEEP_SECONDS = 0.05
CUSTOMERS = 2000
WRITE_EVERY = 50  # of the calls: a fifth of what can be done, when ten times too much is asked
PHASE_SECONDS = 3  # of which the first does not count
RECOVERY_SECONDS_MAX = 5
GOODPUT_MIN = 0.9
MEMORY_MAX = 1.5  # times what it takes when as much is asked as can be done
SAMPLE_SECONDS = 0.05
# Every reader of the table sleeps for each row it finds, and so does every writer of a row.
SLOW = f"""
CREATE FUNCTION profile.slow() RETURNS bool LANGUAGE plpgsql VOLATILE COST 100000 AS
  $$ BEGIN PERFORM pg_sleep({SLEEP_SECONDS}); RETURN true; END $$;
CREATE FUNCTION profile.slow_row() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep({SLEEP_SECONDS}); RETURN NEW; END $$;
ALTER TABLE profile.customer RENAME TO customer_row;
CREATE TRIGGER slow BEFORE INSERT ON profile.customer_row
  FOR EACH ROW EXECUTE FUNCTION profile.slow_row();
CREATE VIEW profile.customer AS SELECT * FROM profile.customer_row WHERE profile.slow();
"""
SHED_LINE = re.compile(r'^\{.*"event":"rpc_shed".*\}$', re.MULTILINE)
SHED_SECONDS_MAX = 0.005


class Overload(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        if not redis.available():
            self.skipTest(f"no {redis.PROGRAM}: run scripts/setup.sh")
        self.seed = suite.draw_seed() % (1 << 31)
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        self.redis = self.enterContext(redis.PrivateRedis())
        self.server = self.enterContext(
            Server("profile", self.folder, database__url=self.postgres.dsn,
                   database__pool_size=str(CONNECTIONS), redis__addresses=self.redis.address))
        self.server.migrate()
        self.server.start()
        self.load("--create", CUSTOMERS)
        self.assertEqual(self.server.stop(), 0)
        self.postgres.run_script(SLOW)
        self.server.start()

    def load(self, *args):
        """Runs the load; returns what it prints."""
        done = subprocess.run([LOAD, "--server", self.server.address, *map(str, args)], check=True,
                              stdout=subprocess.PIPE, timeout=process.STEP_SECONDS_MAX * SCALE)
        return json.loads(done.stdout) if done.stdout else None

    def crowd(self, *args, seconds=PHASE_SECONDS * SCALE):
        self.seed += 1
        with self.watched() as samples:
            told = self.load("--customers", CUSTOMERS, "--seconds", seconds, "--seed", self.seed,
                             "--write-every", WRITE_EVERY, *args)
        told["kib"] = sorted(samples)[len(samples) * 9 // 10]
        print(args, told, flush=True)
        self.assertEqual((told["read"]["other"], told["write"]["other"]), (0, 0), told)
        return told

    @contextlib.contextmanager
    def watched(self):
        """What is resident in KiB, meanwhile, often enough that a stall of the machine does not
        count."""
        samples = []
        ended = threading.Event()

        def watch():
            while not ended.wait(SAMPLE_SECONDS):
                samples.append(hostile.resident_kib(self.server, "VmRSS"))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield samples
        finally:
            ended.set()
            watcher.join()

    def check_refusals_were_quick(self):
        """By the server's own clock. Some sixty of them are logged, too few to take the slowest ones
        for more than what else the machine did."""
        log = pathlib.Path(self.server.log_path).read_text(encoding="utf-8")
        seconds = sorted(json.loads(line)["seconds"] for line in SHED_LINE.findall(log))
        self.assertGreater(len(seconds), 0)
        self.assertLess(seconds[len(seconds) // 2], SHED_SECONDS_MAX / 5)
        self.assertLess(seconds[len(seconds) * 90 // 100], SHED_SECONDS_MAX)

    def check_recovered(self, peak):
        """Half of what can be done is done without a refusal, soon after the crowd has gone."""
        calm = self.crowd("--rate", peak // 2, seconds=RECOVERY_SECONDS_MAX)
        # The warm-up's second is the time to recover in, and more than is needed.
        for kind in ("read", "write"):
            self.assertEqual((calm[kind]["shed"], calm[kind]["late"]), (0, 0), calm)

    def measure_peak(self):
        """Calls a second that the database can do, without anybody waiting for long."""
        return int(self.crowd("--callers", 2 * CONNECTIONS)["goodput"])

    def test_goodput_stays_whatever_is_asked_and_writes_are_shed_last(self):
        peak = self.measure_peak()
        self.assertLessEqual(peak, 2000)
        usual_kib = self.crowd("--rate", peak)["kib"]
        crowds = {factor: self.crowd("--rate", factor * peak) for factor in (2, 5, 10)}
        crowds["each refusal is tried again at once"] = self.crowd(
            "--rate", 5 * peak, "--tries", 4)
        self.redis.pause()
        crowds["Redis does not answer"] = self.crowd("--rate", 3 * peak)
        self.redis.resume()
        self.check_recovered(peak)
        self.check_refusals_were_quick()
        # What else the machine does may have changed meanwhile.
        peak = min(peak, self.measure_peak())
        for name, told in crowds.items():
            with self.subTest(name):
                self.assertGreaterEqual(told["goodput"], GOODPUT_MIN * peak, told)
                self.assertGreater(told["read"]["shed"], 0, told)
                self.assertLessEqual(told["kib"], MEMORY_MAX * usual_kib, told)
        self.check_writes([told["write"] for told in crowds.values()])

    def check_writes(self, writes):
        """They alone are less than can be done, so all of them are."""
        count = sum(sum(each.values()) for each in writes)
        self.assertGreater(count, 50)
        self.assertLessEqual(sum(each["shed"] + each["late"] for each in writes), 0.02 * count)


if __name__ == "__main__":
    suite.main()
