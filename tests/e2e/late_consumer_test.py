"""Consumers that start after profile has deleted the first events: they begin with an export, go on
with the feed, and come out with the rows of those that have followed from the beginning."""
import csv
import os
import sqlite3
import tempfile
import threading
import unittest
import uuid

from tests.support import dam, process, suite
from tests.support.server import Server, wait_caught_up

CUSTOMERS = "clientele.profile.v1.CustomerService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
CONSUMERS = ("segmentation", "loyalty")
PARTITIONS = 16
PART_BYTES = 600_000  # of an export: some messages, and far from all
FIRST_LINE = 2  # of a csv file, as refunds name the lines of purchases
# A day's worth: what time does by itself must not come between the two.
SETTINGS = {"segmentation": {}, "loyalty": {"jobs__sweep_interval": "24h", "program__currency": "EUR"}}

# What a consumer makes of the feed, without where the feed was; ids that follow from the ids of
# events, which are others in an export, are left out.
STATE = {
    "segmentation": (
        "SELECT customer_id, known_time FROM customer_state",
        "SELECT customer_id, delete_time, undelete_time FROM customer_deletion",
        "SELECT customer_id, purchase_id, occur_time, gross_minor, refunded_minor, currency_code, "
        "source_system, channel, store, region, cancel_time FROM order_log",
        "SELECT customer_id, purchase_id, refund_number, occur_time, amount_minor FROM order_refund",
        "SELECT source_system, currency_code FROM order_currency"),
    "loyalty": (
        "SELECT * FROM program", "SELECT * FROM member", "SELECT * FROM ledger_entry",
        "SELECT * FROM lot", "SELECT * FROM lot_use", "SELECT * FROM earning",
        "SELECT * FROM earning_refund",
        "SELECT customer_id, feed_seq, type, aggregatetype, aggregateid, occur_time, record_time, "
        "payload FROM feed"),
}


class Late(unittest.TestCase):
    """A profile that has lost its first events, and consumers that had them in time."""
    customers = 300

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        self.halves = self.generate()
        self.profile = self.start("profile", "source", feed__retention="1s")
        early = {service: self.start(service, "early") for service in CONSUMERS}
        self.take_in(0)
        self.change_states()
        for server in early.values():
            wait_caught_up(self.profile, server)
        # They register what they have had when they open a stream: now profile may delete it.
        for server in early.values():
            server.stop()
            server.start()
        process.wait_until(self.has_lost_its_first_events, "profile deletes the first events")
        self.early = early

    def generate(self):
        """The rows of a made-up business as two halves, the second one with later orders."""
        suite.run_cli("generate", "--customers", str(self.customers), "--seed", "5", "--out",
                      self.folder)
        purchases, refunds = self.rows("purchases.csv"), self.rows("refunds.csv")
        times = sorted(row["occur_time"] for row in purchases)
        first = {row["order_number"] for row in purchases
                 if row["occur_time"] < times[len(times) // 2]}
        halves = [([], []), ([], [])]
        lines = {}  # of the whole file → of its half
        for number, row in enumerate(purchases, start=FIRST_LINE):
            half = halves[row["order_number"] not in first][0]
            lines[number] = len(half) + FIRST_LINE
            half.append(row)
        for row in refunds:
            row["line_number"] = lines.get(int(row["line_number"] or 0), "")
            halves[row["order_number"] not in first][1].append(row)
        return [(self.write(f"purchases{half}.csv", orders), self.write(f"refunds{half}.csv", back))
                for half, (orders, back) in enumerate(halves)]

    def rows(self, name):
        with open(os.path.join(self.folder, name), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def write(self, name, rows):
        path = os.path.join(self.folder, name)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return path

    def start(self, service, name, **settings):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder, exist_ok=True)
        if service != "profile":
            settings = {**SETTINGS[service], "profile__address": self.profile.address, **settings}
        server = self.enterContext(Server(service, folder, **settings))
        server.migrate()
        return server.start()

    def take_in(self, half):
        purchases, refunds = self.halves[half]
        self.profile.cli("import", "purchases", "--format", "csv", purchases)
        self.profile.cli("import", "refunds", "--format", "csv", refunds)

    def change_states(self):
        """Deletes a customer and cancels a purchase."""
        kept = self.profile.call(CUSTOMERS + "ListCustomers", {"page_size": 20})["customers"]
        ids = [customer["customer_id"] for customer in kept]
        self.profile.call(CUSTOMERS + "DeleteCustomer",
                          {"request_id": str(uuid.uuid4()), "customer_id": ids[3]})
        self.cancel_a_purchase_of(ids[5:])

    def cancel_a_purchase_of(self, ids):
        for customer_id in ids:
            for purchase in self.profile.call(PURCHASES + "ListPurchases", {
                    "customer_id": customer_id}).get("purchases", []):
                if purchase["state"] == "PURCHASE_STATE_PLACED":
                    self.profile.call(PURCHASES + "CancelPurchase", {
                        "request_id": str(uuid.uuid4()), "customer_id": customer_id,
                        "purchase_id": purchase["purchase_id"]})
                    return
        self.fail("nobody has a purchase to cancel")

    def has_lost_its_first_events(self):
        oldest = self.profile.feed_heads()["oldest"]
        return len(oldest) == PARTITIONS and all(each["position"] > 1 for each in oldest)

    def state(self, server):
        """Everything `server` has made of the feed, as sorted rows."""
        path = os.path.join(server.data_dir, f"{server.service}.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return [sorted(database.execute(query).fetchall(), key=repr)
                    for query in STATE[server.service]]

    def expect_the_same(self, service, late):
        for server in (self.early[service], late):
            wait_caught_up(self.profile, server)
            process.wait_until(lambda s=server: s.feed_heads().get("outbox_count", 0) == 0,
                               f"{service} has told everything")
        for query, early_rows, late_rows in zip(STATE[service], self.state(self.early[service]),
                                                self.state(late)):
            with self.subTest(query):
                self.assertEqual(len(early_rows), len(late_rows))
                self.assertEqual([pair for pair in zip(early_rows, late_rows)
                                  if pair[0] != pair[1]][:3], [])
        self.assertGreater(len(self.state(late)[2]), self.customers)


class LateConsumer(Late):

    def test_a_late_consumer_comes_out_as_one_that_was_there_from_the_beginning(self):
        importing = threading.Thread(target=self.take_in, args=(1,))
        importing.start()
        late = {service: self.start(service, "late") for service in CONSUMERS}
        importing.join()
        for service, server in late.items():
            self.expect_the_same(service, server)
            log = server.server.log_text()
            self.assertIn("begins with an export of profile", log)
            self.assertIn("is through with the export", log)
            self.assertNotIn("feed_bootstrap", self.early[service].server.log_text())


class KilledLateConsumer(Late):
    customers = 2000

    def kill_in_the_middle(self, server, before):
        """Kills a consumer of which nothing but `before` rows were there when it started, once it has
        applied more of its export; returns how many it has now."""
        path = os.path.join(server.data_dir, f"{server.service}.db")
        tables = {"segmentation": "order_log", "loyalty": "earning"}
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            def count():
                return database.execute(f"SELECT count(*) FROM {tables[server.service]}").fetchone()[0]
            process.wait_until(lambda: count() > before, f"{server.service} has got on")
            server.kill()
            (exporting,) = database.execute(
                "SELECT count(*) FROM consumer_position WHERE export_page_token <> ''").fetchone()
            self.assertEqual(exporting, PARTITIONS, "it is not in the middle of an export")
            return count()

    def test_a_consumer_that_is_killed_in_its_export_goes_on_with_it(self):
        importing = threading.Thread(target=self.take_in, args=(1,))
        importing.start()
        late = {}
        for service in CONSUMERS:  # each is killed while it waits for the next part
            source = self.enterContext(dam.Dam(self.profile.address, PART_BYTES))
            server = late[service] = self.start(service, "late", profile__address=source.address)
            before = self.kill_in_the_middle(server, 0)
            server.start()
            self.kill_in_the_middle(server, before)
            source.bytes_max = dam.EVERYTHING
            server.start()
        importing.join()
        for service, server in late.items():
            self.expect_the_same(service, server)
            log = server.server.log_text()
            self.assertEqual(log.count("begins with an export"), 1)
            self.assertEqual(log.count("goes on with the export"), 2)


class LateComplaints(unittest.TestCase):

    def test_complaints_that_start_late_know_every_tier(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        suite.run_cli("generate", "--customers", "200", "--seed", "9", "--out", folder)

        def start(service, name, **settings):
            server = self.enterContext(Server(service, os.path.join(folder, name), **settings))
            os.makedirs(os.path.join(folder, name), exist_ok=True)
            server.migrate()
            return server.start()

        profile = start("profile", "source")
        loyalty = start("loyalty", "source", profile__address=profile.address,
                        program__currency="EUR", feed__retention="1s")
        neighbours = {"profile__address": profile.address, "loyalty__address": loyalty.address}
        early = start("complaints", "early", **neighbours)
        profile.cli("import", "purchases", "--format", "csv",
                    os.path.join(folder, "purchases.csv"))
        wait_caught_up(profile, loyalty)
        wait_caught_up(loyalty, early)
        early.stop()
        early.start()
        process.wait_until(lambda: any(each["position"] > 1
                                       for each in loyalty.feed_heads()["oldest"]),
                           "loyalty deletes the first events")
        late = start("complaints", "late", **neighbours)
        wait_caught_up(loyalty, late)
        self.assertIn("begins with an export of loyalty", late.server.log_text())
        tiers = [self.tiers(server) for server in (early, late)]
        self.assertEqual(len(tiers[0]), 200)
        self.assertEqual(*tiers)

    @staticmethod
    def tiers(server):
        path = os.path.join(server.data_dir, "complaints.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return sorted(database.execute("SELECT customer_id, tier FROM complaint_customer"))


if __name__ == "__main__":
    suite.main()
