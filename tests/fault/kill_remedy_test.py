"""kill -9 of complaints or loyalty at random moments of giving points as a remedy: they arrive
exactly once.

10 kills: each time a remedy is approved while one of the two is killed somewhere around it, and
started again. In the end every remedy whose approval was answered or committed is EXECUTED, and the
ledger holds one entry for each. CLIENTELE_LONG=1: 100 kills. CLIENTELE_SEED repeats a printed seed.
"""
import json
import os
import random
import tempfile
import threading
import time
import unittest
import uuid

from tests.support import process, suite
from tests.support.server import Server

KILLS = 100 if os.environ.get("CLIENTELE_LONG") == "1" else 10
# Somewhere before, during and after a call that takes some ten milliseconds.
KILL_WITHIN_SECONDS = 0.15
POINTS = 100
REMEDIES_PER_COMPLAINT = 20
HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
CUSTOMER = "shop-1"


class KillRemedy(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-fault-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.random = random.Random(suite.draw_seed())
        self.profile = self.start("profile")
        self.loyalty = self.start("loyalty", profile__address=self.profile.address)
        self.complaints = self.start("complaints", profile__address=self.profile.address,
                                     loyalty__address=self.loyalty.address)
        self.make_member()

    def start(self, service, **settings):
        server = self.enterContext(Server(service, self.folder, **settings))
        server.migrate()
        return server.start()

    def make_member(self):
        path = os.path.join(self.folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(HEADER + "1,1,2024-05-01T10:00:00Z,GBP,tea,,1,6000.00\n")
        self.profile.cli("import", "purchases", "--format", "csv", "--source", "shop", path)
        process.wait_until(
            lambda: suite.has_caught_up(self.profile.feed_heads(), self.loyalty.feed_heads()),
            "loyalty catches up with profile")

    def open_complaint(self, number):
        target = {"customer_id": CUSTOMER, "complaint_id": f"complaint-{number}"}
        self.complaints.call(COMPLAINTS + "FileComplaint", {"complaint": {
            **target, "channel": "COMPLAINT_CHANNEL_WEB", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": 2, "subject": "late"}})
        self.complaints.call(COMPLAINTS + "AcknowledgeComplaint", target)
        return target

    def approve(self, request):
        """As a caller who repeats what was not answered, with the same request_id."""
        def answered():
            run = suite.run_cli("call", COMPLAINTS + "ApproveRemedy", json.dumps(request),
                                "--server", self.complaints.address, expect=None)
            return run.returncode == 0

        process.wait_until(answered, "the approval is answered")

    def kill_around(self, request):
        """Approves while one of the two dies and comes back."""
        victim = self.random.choice([self.complaints, self.loyalty])
        caller = threading.Thread(target=self.approve, args=(request,))
        caller.start()
        time.sleep(self.random.uniform(0, KILL_WITHIN_SECONDS))  # the moment is what is random
        victim.kill()
        victim.start()
        caller.join()

    def remedies(self, complaint_count):
        found = []
        for number in range(complaint_count):
            found += self.complaints.call(COMPLAINTS + "GetComplaint", {
                "customer_id": CUSTOMER, "complaint_id": f"complaint-{number}"})["remedies"]
        return found

    def adjustments(self):
        """Every ADJUST of the ledger."""
        found, token = [], ""
        while True:
            page = self.loyalty.call(LEDGER + "ListEntries", {
                "customer_id": CUSTOMER, "page_size": 500, "page_token": token})
            found += [e for e in page["entries"] if e["kind"] == "ENTRY_KIND_ADJUST"]
            token = page["next_page_token"]
            if not token:
                return found

    def test_points_arrive_exactly_once_whatever_is_killed_when(self):
        complaint_count = 0
        for kill in range(KILLS):
            if kill % REMEDIES_PER_COMPLAINT == 0:
                target = self.open_complaint(complaint_count)
                complaint_count += 1
            proposed = self.complaints.call(COMPLAINTS + "ProposeRemedy", {
                **target, "kind": "REMEDY_KIND_POINTS", "points": POINTS})
            self.kill_around({**target, "request_id": str(uuid.uuid4()),
                              "remedy_id": proposed["remedies"][-1]["remedy_id"]})
        process.wait_until(
            lambda: all(r["state"] == "REMEDY_STATE_EXECUTED"
                        for r in self.remedies(complaint_count)), "every remedy is executed")
        given = self.adjustments()
        self.assertEqual(len(given), KILLS)
        self.assertEqual(sum(entry["points"] for entry in given), KILLS * POINTS)
        self.assertEqual(sorted(entry["transaction_id"] for entry in given),
                         sorted(r["ledger_transaction_id"]
                                for r in self.remedies(complaint_count)))


if __name__ == "__main__":
    unittest.main()
