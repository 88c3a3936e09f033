"""PostgreSQL stops as in a crash and comes back while profile is written to, customers and purchases:
callers get UNAVAILABLE with a time to try again, what was acknowledged is there, and it works again
within two seconds.

CLIENTELE_LONG=1: 20 restarts instead of 3.
"""
import json
import os
import tempfile
import threading
import time
import unittest
import uuid

from tests.support import postgres, process, suite
from tests.support.refusals import says_try_again
from tests.support.server import Server

RESTARTS = 20 if os.environ.get("CLIENTELE_LONG") == "1" else 3
BUYER = "buyer"
RECOVERY_SECONDS_MAX = 2


class Writer(threading.Thread):
    """Creates customers, one after the other, each once."""

    METHOD = "clientele.profile.v1.CustomerService/CreateCustomer"
    STORED_SQL = "SELECT customer_id FROM profile.customer"

    def __init__(self, number, address):
        super().__init__()
        self.number, self.address = number, address
        self.acknowledged = []  # (id, when)
        self.errors = []
        self.stopping = threading.Event()

    def run(self):
        count = 0
        while not self.stopping.is_set():
            name = f"w{self.number}-{count}"
            if self.write({"request_id": str(uuid.uuid4()), **self.request(name)}):
                self.acknowledged.append((name, time.monotonic()))
                count += 1

    @staticmethod
    def request(name):
        return {"origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
                "customer": {"customer_id": name, "kind": "CUSTOMER_KIND_PERSON",
                             "attributes": {"display_name": name}}}

    @staticmethod
    def refusals(_response):
        """The items of a response that were not done."""
        return []

    def write(self, request):
        """As a caller does: the same request again, until it is answered; false when told to stop."""
        while not self.stopping.is_set():
            done = suite.run_cli("call", self.METHOD, json.dumps(request), "--server",
                                 self.address, expect=None)
            answer = json.loads(done.stdout)
            refused = self.refusals(answer) if done.returncode == 0 else [answer["error"]]
            if not refused:
                return True
            self.errors += refused
        return False


class Recorder(Writer):
    """Records purchases of one customer, whom all recorders share; their calls share commits."""

    METHOD = "clientele.profile.v1.PurchaseService/RecordPurchases"
    STORED_SQL = "SELECT order_number FROM profile.purchase"

    @staticmethod
    def request(name):
        return {"purchases": [{
            "customer_id": BUYER, "source_system": "till", "order_number": name,
            "occur_time": "2026-10-02T10:00:00Z", "currency_code": "GBP",
            "lines": [{"line_number": 1, "sku": "tea", "quantity": 1,
                       "unit_price_micros": 2_500_000}]}]}

    @staticmethod
    def refusals(response):
        return [result["status"] for result in response["results"]
                if not result.get("purchase_id")]


class PostgresRestart(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        self.profile = self.enterContext(
            Server("profile", self.folder, database__url=self.postgres.dsn))
        self.profile.migrate()
        self.profile.start()

    def test_nothing_acknowledged_is_lost_and_it_comes_back_by_itself(self):
        self.profile.call(Writer.METHOD, {"request_id": str(uuid.uuid4()), **Writer.request(BUYER)})
        writers = [kind(i, self.profile.address)
                   for i, kind in enumerate((Writer, Writer, Recorder, Recorder))]
        for writer in writers:
            writer.start()
        try:
            for _ in range(RESTARTS):
                self.restart_under(writers)
        finally:
            for writer in writers:
                writer.stopping.set()
            for writer in writers:
                writer.join()
        for writer in writers:
            self.assertTrue(writer.errors)
            self.assertEqual([e for e in writer.errors if not says_try_again(e)], [])
            stored = set(self.postgres.psql(writer.STORED_SQL).split())
            self.assertEqual({name for name, _ in writer.acknowledged} - stored, set())

    def restart_under(self, writers):
        before = sum(len(w.acknowledged) for w in writers)
        process.wait_until(lambda: sum(len(w.acknowledged) for w in writers) >= before + 20,
                           "writes are going on")
        errors = [len(w.errors) for w in writers]
        self.postgres.stop()
        process.wait_until(lambda: all(len(w.errors) > n
                                       for w, n in zip(writers, errors, strict=True)),
                           "every caller hears of it")
        self.assertEqual(self.profile.get("/readyz")[0], 503)
        self.postgres.start()
        back = time.monotonic()
        for writer in writers:
            process.wait_until(lambda w=writer: w.acknowledged[-1][1] > back, "writes go on")
            first = next(when for _, when in writer.acknowledged if when > back)
            self.assertLess(first - back, RECOVERY_SECONDS_MAX)
        self.assertEqual(self.profile.get("/readyz")[0], 200)


if __name__ == "__main__":
    suite.main()
