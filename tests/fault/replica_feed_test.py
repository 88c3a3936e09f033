"""Two replicas of segmentation and of loyalty share profile's feed on one PostgreSQL; one of each is
killed in the middle of an import."""
import os
import re
import tempfile
import threading
import unittest

from tests.support import postgres, process, suite
from tests.support.server import Server, make_key, wait_caught_up

CUSTOMERS = 1000
PARTITIONS = 16
CONSUMERS = ("segmentation", "loyalty")


class TwoReplicas(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        suite.run_cli("generate", "--customers", str(CUSTOMERS), "--seed", "11", "--out",
                      self.folder)
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        self.profile = self.start("profile", "only")
        self.replicas = {(service, name): self.start(service, name)
                         for name in ("first", "second") for service in CONSUMERS}

    def start(self, service, name):
        settings = {"database__url": self.postgres.dsn, "replica_name": name,
                    "key_file": make_key(self.folder)}
        if service != "profile":
            settings["profile__address"] = self.profile.address
        folder = os.path.join(self.folder, name)
        os.makedirs(folder, exist_ok=True)
        server = self.enterContext(Server(service, folder, **settings))
        server.migrate()
        return server.start()

    def partitions(self, service, name):
        _, page = self.replicas[service, name].get("/metrics")
        return int(re.search(r"_feed_partitions\{[^}]*\} (\d+)", page).group(1))

    def count(self, query):
        return tuple(int(field) for field in self.postgres.psql(query).split("|"))

    def test_a_killed_replica_is_taken_over_and_nothing_counts_twice(self):
        for service in CONSUMERS:
            process.wait_until(
                lambda service=service: (self.partitions(service, "first"),
                                         self.partitions(service, "second")) == (8, 8),
                f"the replicas of {service} share the feed")

        importing = threading.Thread(target=self.profile.cli, args=(
            "import", "purchases", "--format", "csv",
            os.path.join(self.folder, "purchases.csv")))
        importing.start()
        for service, table in (("segmentation", "order_log"), ("loyalty", "earning")):
            process.wait_until(
                lambda service=service, table=table:
                    self.count(f"SELECT count(*) FROM {service}.{table}") > (100,),
                f"{service} is in the middle of the import")
            self.replicas[service, "second"].kill()
        importing.join()

        for service in CONSUMERS:
            process.wait_until(
                lambda service=service: self.partitions(service, "first") == PARTITIONS,
                f"the other replica of {service} takes everything over")
            wait_caught_up(self.profile, self.replicas[service, "first"])
        recorded = self.count("SELECT count(*), sum(gross_minor) FROM profile.purchase")
        self.assertGreater(recorded, (1000, 0))
        for table in ("segmentation.order_log", "loyalty.earning"):
            self.assertEqual(self.count(f"SELECT count(*), sum(gross_minor) FROM {table}"),
                             recorded, table)
        # Every member's balance is the sum of its entries, and every entry has one event.
        self.assertEqual(self.count(
            "SELECT count(*) FROM loyalty.member AS m WHERE available <> (SELECT coalesce(sum("
            "CASE WHEN debit_account = 1 THEN -points ELSE points END), 0) FROM "
            "loyalty.ledger_entry AS e WHERE e.customer_id = m.customer_id)"), (0,))
        self.assertEqual(self.count("SELECT sum(feed_seq) FROM loyalty.member"),
                         self.count("SELECT (SELECT count(*) FROM loyalty.feed) + "
                                    "(SELECT count(*) FROM loyalty.outbox)"))


if __name__ == "__main__":
    suite.main()
