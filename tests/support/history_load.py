"""Callers of two replicas of loyalty and of profile at once, and whether what they were told can be
(history_load.cc)."""
import json
import os
import pathlib
import subprocess

from tests.support import process, replicas, suite
from tests.support.server import wait_caught_up

LOAD_SECONDS_MAX = 3600
MEMBERS = 24
PROGRAM = pathlib.Path(suite.binary()).parent.parent / "tests/support/history_load"
# What an answer can be that contradicts others.
ANOMALIES = ("lost", "overwritten", "unasked", "reordered", "stale", "from_nowhere", "below_min",
             "unduly")


class OnHistories(replicas.OnRedis):
    """A test of loyalty and profile with members whom the load calls."""
    services = ("profile", "loyalty")

    def setUp(self):
        super().setUp()
        self.profiles, self.loyalties = self.replicas["profile"], self.replicas["loyalty"]
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

    def run_load(self, operations, *args, meanwhile=None, defect=""):
        """Makes the operations, or, when there is something to do meanwhile, as many as that takes;
        then does the `defect` to what is stored. Returns the verdict."""
        program = subprocess.Popen(
            [PROGRAM, "--loyalty", ",".join(s.address for s in self.loyalties),
             "--profile", ",".join(s.address for s in self.profiles),
             "--members", ",".join(f"csv-c-{i}" for i in range(MEMBERS)),
             "--operations", str(operations), "--seed", str(suite.draw_seed()), *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=process.die_with_parent)
        with program:
            self.assertEqual(program.stdout.readline(), "begun\n")
            if meanwhile is not None:
                meanwhile()
                program.stdin.write("\n")
                program.stdin.flush()
            self.assertEqual(program.stdout.readline(), "done\n")
            self.wait_caught_up()
            if defect:
                self.postgres.psql(defect)
            text, _ = program.communicate(timeout=LOAD_SECONDS_MAX)
        print(text, end="", flush=True)
        return json.loads(text)

    def number(self, query):
        """What a query that finds one number finds."""
        return int(self.postgres.psql(query))

    def verify_ledger(self):
        """Every entry is chained to the one before it."""
        self.loyalties[0].cli("points", "verify")

    def check_agreement(self, found):
        """No call failed, no answer contradicts another, and the points add up, also of members whom
        nobody read, and of purchases and what they earned."""
        self.assertEqual(found["failed"], 0)
        self.assertEqual((found["miscounts"], found["total_off"]), (0, 0))
        for service in ("ledger", "customers"):
            self.assertEqual(found[service], dict.fromkeys(ANOMALIES, 0), service)
        self.assertEqual(self.number(
            "SELECT (SELECT SUM(available) FROM loyalty.member) - (SELECT SUM(CASE WHEN"
            " debit_account = 1 THEN -points ELSE points END) FROM loyalty.ledger_entry)"), 0)
        self.verify_ledger()
        self.assertEqual(self.number("SELECT COUNT(*) FROM profile.purchase"),
                         found["purchases"] + MEMBERS)
        self.assertEqual(self.number("SELECT COUNT(*) FROM loyalty.earning"),
                         found["purchases"] + MEMBERS)
