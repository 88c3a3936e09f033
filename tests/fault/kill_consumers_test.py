"""kill -9 of the consumers of profile's feed, two replicas of loyalty and of segmentation, a
hundred times while imports at two replicas commit into one another: their effects are the events, no
more and no less, in each customer's order (quality.md R6).

What they have in the end is what consumers have that nobody disturbed. The comparison is tried on a
consumer that skips an event. CLIENTELE_LONG=1: 1,000 kills.

common/feed/testing/exactly_once_contract.h has what this cannot see: each event three times, every
mixture of partitions, answers lost at commit.
"""
import concurrent.futures
import contextlib
import itertools
import os
import random
import sqlite3
import tempfile
import threading
import time
import unittest

from tests.support import postgres, process, replicas, suite
from tests.support.server import Server, wait_caught_up

KILLS = 1000 if os.environ.get("CLIENTELE_LONG") == "1" else 100
CUSTOMERS = 50
CONSUMERS = ("loyalty", "segmentation")
HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
APPLIED = ("SELECT (SELECT COUNT(*) FROM loyalty.earning) +"
           " (SELECT COUNT(*) FROM segmentation.order_log)")
# What the events have done, in the order of each customer's events where that shows.
EFFECTS = {
    "loyalty": ("SELECT customer_id, seq, kind, points, balance_after, occur_time, purchase_id FROM"
                " {}ledger_entry ORDER BY customer_id, seq",
                "SELECT purchase_id, customer_id, gross_minor FROM {}earning ORDER BY purchase_id",
                "SELECT customer_id, available, feed_seq FROM {}member ORDER BY customer_id"),
    "segmentation": ("SELECT customer_id, position, occur_time, gross_minor FROM {}order_log"
                     " ORDER BY customer_id, position",),
}


class Importer:
    """Imports an order of each customer again and again until it is told to stop."""

    def __init__(self, number, profile, folder, seed):
        self._prefix = f"{number}-"
        self._profile = profile
        self._path = os.path.join(folder, f"orders-{number}.csv")
        self._random = random.Random(seed)
        self.stopping = threading.Event()

    def run(self):
        for turn in itertools.count():
            self.import_some(turn)
            if self.stopping.is_set():
                return

    def import_some(self, turn):
        with open(self._path, "w", encoding="utf-8") as file:
            file.write(HEADER)
            for i in self._random.sample(range(CUSTOMERS), k=CUSTOMERS):
                file.write(f"{self._prefix}{turn}-{i},c-{i},"
                           f"2026-{self._random.randint(1, 10):02d}-01,GBP,s,c,1,"
                           f"{self._random.randint(1, 90)}.00\n")
        self._profile.cli("import", "purchases", "--format", "csv", self._path)


class KillConsumers(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.random = random.Random(suite.draw_seed())
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        pairs = replicas.start(self.enterContext, self.folder, self.postgres.dsn,
                               ("profile", *CONSUMERS))
        self.profile = pairs["profile"][0]
        self.consumers = [pair for name, pair in pairs.items() if name != "profile"]
        self.importers = [Importer(number, profile, self.folder, self.random.random())
                          for number, profile in enumerate(pairs["profile"])]

    def effects(self, service, read, schema=""):
        return [read(query.format(schema)) for query in EFFECTS[service]]

    def differences(self):
        """Of which services the effects are not those that consumers have whom nobody disturbs."""
        found = []
        for service in CONSUMERS:
            folder = os.path.join(self.folder, f"undisturbed-{service}")
            with Server(service, folder, profile__address=self.profile.address) as control:
                control.migrate()
                control.start()
                wait_caught_up(self.profile, control)
                control.stop()
                path = os.path.join(control.data_dir, f"{service}.db")
                with contextlib.closing(sqlite3.connect(path)) as database:
                    expected = self.effects(service, lambda query: [
                        "|".join(str(value) for value in row) for row in database.execute(query)])
            there = self.effects(service, lambda query: self.postgres.psql(query).splitlines(),
                                 f"{service}.")
            if there != expected:
                found.append(service)
        return found

    def test_a_hundred_kills_leave_the_effects_of_the_events(self):
        applied_counts = set()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            imports = [pool.submit(importer.run) for importer in self.importers]
            try:
                for _ in range(KILLS):
                    victim = self.random.choice(self.random.choice(self.consumers))
                    time.sleep(self.random.uniform(0, 0.1))  # the moment is what is random
                    victim.kill()
                    applied_counts.add(self.postgres.psql(APPLIED))
                    victim.start()
            finally:
                for importer in self.importers:
                    importer.stopping.set()
        for one in imports:
            one.result()
        # They were at work when they were killed, not only between the kills.
        self.assertGreater(len(applied_counts), KILLS / 2)
        for pair in self.consumers:
            wait_caught_up(self.profile, pair[0])
        self.assertEqual(self.differences(), [])

    def test_a_consumer_that_skips_an_event_is_found_out(self):
        self.importers[0].import_some(0)
        for pair in self.consumers:
            wait_caught_up(self.profile, pair[0])
            for server in pair:
                server.stop()
        self.importers[0].import_some(1)
        process.wait_until(
            lambda: self.postgres.psql("SELECT COUNT(*) FROM profile.outbox") == "0\n",
            "the events are in the feed")
        for service in CONSUMERS:
            self.postgres.psql(f"UPDATE {service}.consumer_position SET position = position + 1"
                               " WHERE source = 'profile' AND position < (SELECT head FROM"
                               " profile.feed_head AS h WHERE h.partition ="
                               " consumer_position.partition)")
        for pair in self.consumers:
            for server in pair:
                server.start()
            wait_caught_up(self.profile, pair[0])
        self.assertEqual(self.differences(), list(CONSUMERS))


if __name__ == "__main__":
    suite.main()
