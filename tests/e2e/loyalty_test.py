"""Points and tiers of Online Retail, checked against the rules written down anew."""
import collections
import datetime
import json
import os
import re
import sqlite3
import tempfile
import unittest

from tests.support import suite

FILE = "online-retail/online_retail.csv.gz"
NOW = datetime.datetime(2011, 12, 10, tzinfo=datetime.timezone.utc)
LEDGER = "clientele.loyalty.v1.LedgerService/"
MEMBERS = "clientele.loyalty.v1.MemberService/"
TIERS = [("BASE", 0), ("SILVER", 100_000), ("GOLD", 500_000), ("PLATINUM", 2_000_000)]
BATCH = 1000


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


# The independent script: purchases are {id: (customer, time, pence)}, refunds (id, time, pence).
def expected_points(purchases, refunds):
    """{customer: (earned, reversed)}: a point per whole pound, taken back by the floor rule."""
    back = collections.Counter()
    for purchase, _, pence in refunds:
        back[purchase] += pence
    points = collections.defaultdict(lambda: (0, 0))
    for purchase, (customer, _, gross) in purchases.items():
        earned, taken = points[customer]
        e = gross // 100
        points[customer] = (earned + e, taken + (e * back[purchase] // gross if gross else 0))
    return points


def expected_tier(entries, now):
    """entries: (time it counts from, day of the purchase, pence)."""
    year = datetime.timedelta(days=365)

    def rank_at(time):
        day = time.date()
        spend = sum(a for t, d, a in entries if t <= time and day - year < d <= day)
        return max([i for i, (_, least) in enumerate(TIERS) if least <= spend], default=0)

    rank, until = 0, None
    for time in sorted({t for t, _, _ in entries if t <= now} | {now}):
        while until and until < time:
            rank = rank_at(until)
            until = until + year if rank else None
        reached = rank_at(time)
        if reached > rank or (until and until <= time):
            midnight = datetime.datetime.combine(time.date(), datetime.time(), time.tzinfo)
            rank, until = reached, midnight + year if reached else None
    return TIERS[rank][0]


class Loyalty(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        path = suite.data_file(FILE)
        cls.suite = suite.Suite(args=("--business-time", NOW.isoformat().replace("+00:00", "Z")))
        cls.suite.start()
        cls.addClassCleanup(cls.suite.__exit__)
        cls.suite.json("import", "purchases", "--format", "online-retail", path)
        cls.suite.wait_caught_up(service="loyalty")
        cls.purchases, cls.refunds = {}, []
        for event in cls.events("profile"):
            data, customer = event["data"], event["customer_id"]
            if event["type"].endswith("purchase.recorded.v1"):
                cls.purchases[data["purchase_id"]] = (customer, instant(event["occur_time"]),
                                                      data.get("gross_minor", 0))
            elif event["type"].endswith("purchase.refunded.v1"):
                cls.refunds.append((data["purchase_id"], instant(event["occur_time"]),
                                    data["amount_minor"]))

    @classmethod
    def events(cls, service):
        lines = cls.suite.run("watch", service, "--stop-at-head").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def wait_told(self):
        """Returns once loyalty's own feed has everything it has committed."""
        while self.suite.feed_heads("loyalty").get("outbox_count", 0):
            pass

    def test_points_are_those_of_the_rule(self):
        self.wait_told()
        earned, taken = collections.Counter(), collections.Counter()
        for event in self.events("loyalty"):
            data, customer = event["data"], event["customer_id"]
            if event["type"] == "clientele.loyalty.points.earned.v1":
                earned[customer] += data["points"]
            elif (event["type"] == "clientele.loyalty.points.reversed.v1"
                  and data.get("purchase_id")):  # else a Reverse of a request
                taken[customer] -= data["points"]
        expected = expected_points(self.purchases, self.refunds)
        self.assertEqual(len(expected), 4338)
        for customer, points in expected.items():
            self.assertEqual((earned[customer], taken[customer]), points, customer)

    def test_tiers_are_those_of_the_rule(self):
        entries = collections.defaultdict(list)
        for customer, time, pence in self.purchases.values():
            entries[customer].append((time, time.date(), pence))
        for purchase, time, pence in self.refunds:
            customer, bought, _ = self.purchases[purchase]
            entries[customer].append((max(time, bought), bought.date(), -pence))
        customers = sorted(entries)
        for begin in range(0, len(customers), BATCH):
            asked = customers[begin:begin + BATCH]
            answer = self.suite.call(MEMBERS + "BatchGetTiers", {"customer_ids": asked})
            self.assertEqual(answer["missing_customer_ids"], [])
            self.assertEqual([t["customer_id"] for t in answer["tiers"]], asked)
            for tier in answer["tiers"]:
                customer = tier["customer_id"]
                self.assertEqual(tier["tier"], expected_tier(entries[customer], NOW), customer)

    def test_a_redemption_shows_in_the_balance_once(self):
        request = {"request_id": "00000000-0000-4000-8000-00000000e2e1",
                   "customer_id": "online-retail-14646-0", "points": 1000}
        before = self.suite.json("points", "balance", "online-retail-14646-0")["available"]
        first = self.suite.call(LEDGER + "Redeem", request)
        self.assertEqual(self.suite.call(LEDGER + "Redeem", request), first)
        after = self.suite.json("points", "balance", "online-retail-14646-0")["available"]
        self.assertEqual(after, before - 1000)
        self.suite.call(LEDGER + "Reverse", {
            "request_id": "00000000-0000-4000-8000-00000000e2e2",
            "customer_id": request["customer_id"], "original_request_id": request["request_id"]})
        again = self.suite.json("points", "balance", "online-retail-14646-0")["available"]
        self.assertEqual(again, before)

    def test_malformed_requests_list_every_violation(self):
        error = self.suite.call(LEDGER + "Redeem", {"request_id": "x", "points": -1}, expect=1)
        fields = {v["field"] for d in error["error"]["details"]
                  for v in d.get("field_violations", [])}
        self.assertEqual(error["error"]["code"], "INVALID_ARGUMENT")
        self.assertEqual(fields, {"request_id", "customer_id", "points"})

    def test_the_chains_tell_of_what_was_changed_behind_the_services_back(self):
        heads = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "heads")
        told = self.suite.run("points", "verify", "--json").stdout
        self.assertEqual(told.count("\n"), 4338)
        with open(heads, "w", encoding="utf-8") as file:
            file.write(told)
        sound = self.suite.run("points", "verify", "--heads", heads).stdout
        checkpoints = re.findall(r" ([0-9a-f]{64})$", sound, re.MULTILINE)
        self.assertEqual(len(checkpoints), 2)
        self.assertEqual(len(set(checkpoints)), 1)

        database = sqlite3.connect(os.path.join(self.suite.data_dir, "loyalty.db"))
        self.addCleanup(database.close)
        entry = "WHERE customer_id = 'online-retail-14646-0' AND seq = 7"
        database.execute(f"UPDATE ledger_entry SET points = points + 1 {entry}")
        database.commit()
        changed = self.suite.run("points", "verify", expect=1)
        self.assertIn("online-retail-14646-0: at entry 7 is not what was written", changed.stdout)
        self.assertIn("1 member's entries", changed.stderr)
        database.execute(f"UPDATE ledger_entry SET points = points - 1 {entry}")
        database.commit()
        self.suite.run("points", "verify")

    def test_the_books_balance_in_the_file_itself(self):
        path = os.path.join(self.suite.data_dir, "loyalty.db")
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        entries, lots = collections.Counter(), collections.Counter()
        for customer, debit, credit, points in database.execute(
                "SELECT customer_id, debit_account, credit_account, points FROM ledger_entry"):
            self.assertEqual((debit == 1) + (credit == 1), 1)  # one leg is the member's
            entries[customer] += points if credit == 1 else -points
        for customer, remaining in database.execute("SELECT customer_id, remaining FROM lot"):
            lots[customer] += remaining
        members = database.execute("SELECT customer_id, available, debt FROM member").fetchall()
        self.assertEqual(len(members), 4338)
        for customer, available, debt in members:
            self.assertEqual((available, available), (entries[customer], lots[customer] - debt))


if __name__ == "__main__":
    suite.main()
