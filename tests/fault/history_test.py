"""Many callers of two replicas of loyalty and of profile at once: whatever each was told fits one
order of what happened, the points add up, and no transaction met a deadlock (quality.md R4).

The checker is tried on reads that may come from a cache, and on entries that vanish;
support/history_test.cc tries it on every anomaly. CLIENTELE_LONG=1: 1,000,000 operations instead of
100,000.
"""
import os

from tests.support import history_load, redis, suite

IS_LONG = os.environ.get("CLIENTELE_LONG") == "1"
OPERATIONS = 1_000_000 if IS_LONG else 100_000
OPERATIONS_PLANTED = 10_000
# Of all operations, how many are at least of each kind.
SHARES_MIN = {"postings": 0.2, "postings_refused": 0.01, "balance_reads": 0.05, "updates": 0.01,
              "updates_refused": 0.0002, "customer_reads": 0.05, "purchases": 0.005}


class Histories(history_load.OnHistories):

    def test_no_answer_contradicts_another_and_the_points_add_up(self):
        found = self.run_load(OPERATIONS)
        self.assertGreaterEqual(found["operations"], OPERATIONS)
        for kind, share in SHARES_MIN.items():
            self.assertGreater(found[kind], share * OPERATIONS, kind)
        self.check_agreement(found)
        self.assertEqual(self.number("SELECT SUM(deadlocks) FROM pg_stat_database"), 0)

    def test_reads_that_may_come_from_a_cache_are_found_to_be_no_strong_ones(self):
        # With a Redis of its own the second profile never hears of what the first has written.
        other = self.enterContext(redis.PrivateRedis())
        self.profiles[1].stop()
        self.profiles[1].settings["redis.addresses"] = other.address
        self.profiles[1].start()
        found = self.run_load(OPERATIONS_PLANTED, "--bounded-for-strong")
        self.assertGreater(found["customers"]["stale"], 0)

    def test_entries_that_vanish_are_found(self):
        found = self.run_load(OPERATIONS_PLANTED, defect=(
            "DELETE FROM loyalty.ledger_entry AS e WHERE seq = (SELECT MIN(seq) FROM"
            " loyalty.ledger_entry AS l WHERE l.customer_id = e.customer_id AND request_id <> '')"))
        self.assertGreaterEqual(found["ledger"]["lost"], history_load.MEMBERS)
        self.assertGreaterEqual(found["miscounts"], history_load.MEMBERS)


if __name__ == "__main__":
    suite.main()
