"""kill -9 of loyalty on SQLite under load: what was acknowledged is there, once, and adds up."""
import contextlib
import os
import pathlib
import random
import sqlite3
import tempfile
import time
import unittest

from tests.support import ledger_writers, process, suite

KILLS = 200 if os.environ.get("CLIENTELE_LONG") == "1" else 20
READY_SECONDS_MAX = 2
# Between two kills, at least.
ACKNOWLEDGED_CALLS_MIN = 4


class KillSqlite(unittest.TestCase):

    def setUp(self):
        self.random = random.Random(suite.draw_seed())
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.loyalty = self.enterContext(ledger_writers.loyalty_with_members(folder))
        self.file = ledger_writers.SqliteFile(self.loyalty.data_dir)
        self.writers = ledger_writers.Writers(self.random.random(), self.loyalty.address)
        self.down = []  # from when to when loyalty was

    def kill_and_start(self, between=lambda: None):
        """Kills at a random moment and starts again, `between` the two; returns after how many
        seconds of the start loyalty was ready."""
        self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
        time.sleep(self.random.uniform(0, 0.1))  # the moment is what is random
        gone = time.monotonic()
        self.loyalty.kill()
        between()
        since = time.monotonic()
        self.loyalty.start()
        process.wait_until(lambda: self.loyalty.get("/readyz")[0] == 200, "loyalty is ready")
        ready = time.monotonic()
        self.down.append((gone, ready))
        return ready - since

    def violations(self):
        """Of what is stored when nobody writes any more and all events are told."""
        process.wait_until(lambda: self.loyalty.feed_heads()["outbox_count"] == 0,
                           "every event is in the feed")
        return ledger_writers.violations(self.file, self.writers.acknowledged())

    def test_kills_lose_nothing_and_double_nothing(self):
        with self.writers:
            for kill in range(KILLS):
                took = self.kill_and_start()
                print(f"kill {kill + 1}: ready after {took:.2f} s", flush=True)
                self.assertLess(took, READY_SECONDS_MAX)
            self.writers.wait_for_calls(ACKNOWLEDGED_CALLS_MIN)
        self.assertEqual(self.writers.unpromised_errors(self.down), [])
        self.assertTrue(self.writers.errors(), "no kill was noticed")
        self.assertEqual(self.violations(), [])
        self.assertEqual(ledger_writers.undetected(self.file, self.writers.acknowledged()), [])

    def test_an_acknowledged_posting_that_is_gone_after_a_kill_is_found(self):
        with self.writers:
            self.kill_and_start(between=self.lose_one)
        found = self.violations()
        self.assertTrue(any("1 of " in text and "acknowledged postings are lost" in text
                            for text in found), found)

    def lose_one(self):
        one = next(iter(self.writers.acknowledged()))
        path = pathlib.Path(self.loyalty.data_dir, "loyalty.db")
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM ledger_entry WHERE request_id = ?", (one,))


if __name__ == "__main__":
    suite.main()
