"""Many callers of two replicas of loyalty and of profile at once: whatever each was told fits one
order of what happened, the points add up, and no transaction met a deadlock (quality.md R4).

The checker is tried on reads that may come from a cache, and on entries that vanish;
support/history_test.cc tries it on every anomaly. CLIENTELE_LONG=1: 1,000,000 operations instead of
100,000.
"""
import json
import os
import pathlib
import subprocess

from tests.support import process, redis, replicas, suite
from tests.support.server import wait_caught_up

IS_LONG = os.environ.get("CLIENTELE_LONG") == "1"
OPERATIONS = 1_000_000 if IS_LONG else 100_000
OPERATIONS_PLANTED = 10_000
LOAD_SECONDS_MAX = 3600 if IS_LONG else 300
MEMBERS = 24
PROGRAM = pathlib.Path(suite.binary()).parent.parent / "tests/support/history_load"
ANOMALIES = ("lost", "overwritten", "unasked", "reordered", "stale", "from_nowhere", "below_min",
             "unduly")
# Of all operations, how many are at least of each kind.
SHARES_MIN = {"postings": 0.2, "postings_refused": 0.01, "balance_reads": 0.05, "updates": 0.01,
              "updates_refused": 0.0002, "customer_reads": 0.05, "purchases": 0.005}


class Histories(replicas.OnRedis):
    services = ("profile", "loyalty")

    def setUp(self):
        super().setUp()
        self.profiles, self.loyalties = (self.replicas[name] for name in self.services)
        self.enroll()

    def enroll(self):
        path = os.path.join(self.folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("order_number,customer,occur_time,currency,sku,category,quantity,unit_price"
                       "\n")
            file.writelines(f"o-{i},c-{i},2026-10-01,GBP,s,c,1,500.00\n" for i in range(MEMBERS))
        self.profiles[0].cli("import", "purchases", "--format", "csv", path)
        self.wait_caught_up()

    def wait_caught_up(self):
        wait_caught_up(self.profiles[0], self.loyalties[0])

    def run_load(self, operations, *args, defect=""):
        """Makes the operations, then does the `defect` to what is stored; returns the verdict."""
        program = subprocess.Popen(
            [PROGRAM, "--loyalty", ",".join(s.address for s in self.loyalties),
             "--profile", ",".join(s.address for s in self.profiles),
             "--members", ",".join(f"csv-c-{i}" for i in range(MEMBERS)),
             "--operations", str(operations), "--seed", str(suite.draw_seed()),
             *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=process.die_with_parent)
        with program:
            self.assertEqual(program.stdout.readline(), "done\n")
            self.wait_caught_up()
            if defect:
                self.postgres.psql(defect)
            text, _ = program.communicate(timeout=LOAD_SECONDS_MAX)
        print(text, end="", flush=True)
        return json.loads(text)

    def number(self, query):
        return int(self.postgres.psql(query))

    def test_no_answer_contradicts_another_and_the_points_add_up(self):
        found = self.run_load(OPERATIONS)
        self.assertGreaterEqual(found["operations"], OPERATIONS)
        for kind, share in SHARES_MIN.items():
            self.assertGreater(found[kind], share * OPERATIONS, kind)
        self.assertEqual(found["failed"], 0)
        self.assertEqual((found["miscounts"], found["total_off"]), (0, 0))
        for service in ("ledger", "customers"):
            self.assertEqual(found[service], dict.fromkeys(ANOMALIES, 0), service)
        # What the callers could not see: members nobody reads, purchases and what they earned.
        self.assertEqual(self.number(
            "SELECT (SELECT SUM(available) FROM loyalty.member) - (SELECT SUM(CASE WHEN"
            " debit_account = 1 THEN -points ELSE points END) FROM loyalty.ledger_entry)"), 0)
        self.assertEqual(self.number("SELECT COUNT(*) FROM profile.purchase"),
                         found["purchases"] + MEMBERS)
        self.assertEqual(self.number("SELECT COUNT(*) FROM loyalty.earning"),
                         found["purchases"] + MEMBERS)
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
        self.assertGreaterEqual(found["ledger"]["lost"], MEMBERS)
        self.assertGreaterEqual(found["miscounts"], MEMBERS)


if __name__ == "__main__":
    suite.main()
