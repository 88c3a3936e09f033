"""kill -9 of loyalty and of PostgreSQL under load: what was acknowledged is there, once, and adds up.

Until PostgreSQL is back every error, of a call or of an item, says when to try again. The checker is
tried on a server that forgets commits, and on defects made by hand.
"""
import os
import random
import signal
import tempfile
import time
import unittest

from tests.support import ledger_writers, postgres, process, suite
from tests.support.refusals import says_try_again

KILLS = 200 if os.environ.get("CLIENTELE_LONG") == "1" else 20
READY_SECONDS_MAX = 2
# Between two kills, at least.
ACKNOWLEDGED_CALLS_MIN = 4


class KillPostgres(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.random = random.Random(suite.draw_seed())
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        self.loyalty = self.enterContext(ledger_writers.loyalty_with_members(
            folder, database__url=self.postgres.dsn))
        self.writers = ledger_writers.Writers(self.random.random(), self.loyalty.address)
        self.down = []  # from when to when loyalty was

    def kill_one(self, victim):
        """Kills at a random moment and brings back; returns after how many seconds loyalty was
        ready and acknowledged postings, with its database there."""
        self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
        time.sleep(self.random.uniform(0, 0.1))  # the moment is what is random
        if victim == "loyalty":
            gone = time.monotonic()
            self.loyalty.kill()
            since = time.monotonic()
            self.loyalty.start()
            self.down.append((gone, time.monotonic()))
        else:
            self.postgres.kill()
            self.postgres.start()
            since = time.monotonic()
        process.wait_until(lambda: self.loyalty.get("/readyz")[0] == 200, "loyalty is ready")
        self.writers.wait_for_calls(1)
        return time.monotonic() - since

    def test_kills_lose_nothing_and_double_nothing(self):
        with self.writers:
            for kill in range(KILLS):
                victim = ("loyalty", "postgres")[kill % 2]
                took = self.kill_one(victim)
                print(f"kill {kill + 1}: {victim}, ready after {took:.2f} s", flush=True)
                self.assertLess(took, READY_SECONDS_MAX, victim)
            self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
        self.assertEqual(self.writers.unpromised_errors(self.down), [])
        told = {error["code"] for _, _, error in self.writers.errors()
                if says_try_again(error)}
        self.assertEqual(told, {"UNAVAILABLE", 14}, "a call and an item of a batch heard of kills")
        self.assertEqual(
            ledger_writers.violations(self.postgres, self.writers.acknowledged()), [])

    def test_the_checker_finds_what_a_server_forgets_that_does_not_wait_for_its_disk(self):
        # At its start such a server is refused; connections that are open do not look again.
        self.wait_without_writers()
        self.postgres.reconfigure("synchronous_commit = off")
        self.stop_wal_writer()
        with self.writers:
            self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
            self.postgres.kill()
        self.postgres.reconfigure("synchronous_commit = on")
        self.postgres.start()
        found = ledger_writers.violations(self.postgres, self.writers.acknowledged())
        self.assertTrue(any("acknowledged postings are lost" in text for text in found), found)

    def stop_wal_writer(self):
        """What it has not flushed is lost with a server that does not wait for it."""
        pid = self.postgres.psql(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        os.kill(int(pid), signal.SIGSTOP)

    def wait_without_writers(self):
        """Loyalty has as many connections open as the writers will need."""
        with ledger_writers.Writers(self.random.random(), self.loyalty.address) as warm:
            process.wait_until(lambda: all(writer.calls > 0 for writer in warm.all),
                               "postings work")

    def test_the_checker_finds_defects_made_by_hand(self):
        with self.writers:
            self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
        acknowledged = self.writers.acknowledged()
        self.loyalty.stop()
        self.assertEqual(ledger_writers.violations(self.postgres, acknowledged), [])
        self.assertEqual(ledger_writers.undetected(self.postgres, acknowledged), [])


if __name__ == "__main__":
    suite.main()
