"""PostgreSQL stops as in a crash and comes back while profile is written to: callers get UNAVAILABLE
with a time to try again, what was acknowledged is there, and it works again within two seconds.

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
from tests.support.server import Server

RESTARTS = 20 if os.environ.get("CLIENTELE_LONG") == "1" else 3
WRITERS = 4
RECOVERY_SECONDS_MAX = 2
CUSTOMERS = "clientele.profile.v1.CustomerService/"


class Writer(threading.Thread):
    """Creates customers, one after the other, each once."""

    def __init__(self, number, address):
        super().__init__()
        self.number, self.address = number, address
        self.acknowledged = []  # (customer_id, when)
        self.errors = []
        self.stopping = threading.Event()

    def run(self):
        count = 0
        while not self.stopping.is_set():
            customer_id = f"w{self.number}-{count}"
            if self.create(customer_id):
                self.acknowledged.append((customer_id, time.monotonic()))
                count += 1

    def create(self, customer_id):
        """As a caller does: the same request again, until it is answered; false when told to stop."""
        request = {"request_id": str(uuid.uuid4()),
                   "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
                   "customer": {"customer_id": customer_id, "kind": "CUSTOMER_KIND_PERSON",
                                "attributes": {"display_name": customer_id}}}
        while not self.stopping.is_set():
            done = suite.run_cli("call", CUSTOMERS + "CreateCustomer", json.dumps(request),
                                 "--server", self.address, expect=None)
            if done.returncode == 0:
                return True
            self.errors.append(json.loads(done.stdout)["error"])
        return False


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
        writers = [Writer(i, self.profile.address) for i in range(WRITERS)]
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
        errors = [error for writer in writers for error in writer.errors]
        self.assertTrue(errors)
        for error in errors:
            self.assertEqual(error["code"], "UNAVAILABLE", error)
            reasons = [detail.get("reason") for detail in error["details"]]
            self.assertIn("DATABASE_UNAVAILABLE", reasons, error)
            self.assertTrue(any("retryDelay" in d or "retry_delay" in d for d in error["details"]),
                            error)
        stored = set(self.postgres.psql("SELECT customer_id FROM profile.customer").split())
        acknowledged = {customer for writer in writers for customer, _ in writer.acknowledged}
        self.assertEqual(acknowledged - stored, set())

    def restart_under(self, writers):
        before = sum(len(w.acknowledged) for w in writers)
        process.wait_until(lambda: sum(len(w.acknowledged) for w in writers) >= before + 20,
                           "writes are going on")
        errors = sum(len(w.errors) for w in writers)
        self.postgres.stop()
        process.wait_until(lambda: sum(len(w.errors) for w in writers) > errors,
                           "a caller hears of it")
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
