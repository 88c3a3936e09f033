"""The four servers as separate processes: a complaint is taken, put right in points and given its
priority, while one or the other server is away."""
import datetime
import json
import os
import tempfile
import time
import unittest
import uuid

from tests.support import process, suite
from tests.support.server import Server

HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
CUSTOMERS = "clientele.profile.v1.CustomerService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
MEMBERS = "clientele.loyalty.v1.MemberService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
PRIORITY_CHANGED = "clientele.complaints.complaint.priority_changed.v1"
TIER_CHANGED = "clientele.loyalty.tier.changed.v1"
# What profile and loyalty may take of a filing is 0.6 s; the rest is for a busy machine.
QUICKLY_SECONDS = 5
POINTS = 250


def days_ago(count):
    """An instant so long ago, as files have it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now - datetime.timedelta(days=count)).strftime("%Y-%m-%dT%H:%M:%SZ")


class WholeChain(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.profile = self.server("profile")
        neighbours = {"profile__address": self.profile.address}
        self.segmentation = self.server("segmentation", **neighbours)
        self.loyalty = self.server("loyalty", **neighbours)
        self.complaints = self.server("complaints", loyalty__address=self.loyalty.address,
                                      **neighbours)
        self.servers = [self.profile, self.segmentation, self.loyalty, self.complaints]
        self.order_count = 0

    def server(self, service, **settings):
        server = self.enterContext(Server(service, self.folder, **settings))
        server.migrate()
        return server.start()

    def buy(self, customer, pounds, ago=1):
        """Imports an order of `customer`, which is "shop-<customer>" afterwards."""
        self.order_count += 1
        path = os.path.join(self.folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{HEADER}{self.order_count},{customer},{days_ago(ago)},GBP,tea,,1,"
                       f"{pounds}.00\n")
        self.profile.cli("import", "purchases", "--format", "csv", "--source", "shop", path)
        return f"shop-{customer}"

    def wait_loyalty(self):
        process.wait_until(
            lambda: suite.has_caught_up(self.profile.feed_heads(), self.loyalty.feed_heads()),
            "loyalty catches up with profile")

    def file(self, customer_id, complaint_id="c-1", severity=2):
        """Files a complaint; returns the answer, and what names it."""
        target = {"customer_id": customer_id, "complaint_id": f"{customer_id}-{complaint_id}"}
        filed = self.complaints.call(COMPLAINTS + "FileComplaint", {"complaint": {
            **target, "channel": "COMPLAINT_CHANNEL_WEB", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": severity, "subject": "late"}})
        return filed, target

    def of(self, target, method="GetComplaint", **more):
        return self.complaints.call(COMPLAINTS + method, {**target, **more})

    def explained_tier(self, target):
        inputs = self.of(target, "ExplainPriority")["inputs"]
        return next(i for i in inputs if i["name"] == "tier")

    def wait_priority(self, target, tier, rank):
        process.wait_until(
            lambda: self.of(target)["priority"] == {"rank": rank, "tier": f"CUSTOMER_TIER_{tier}"},
            f"{target['complaint_id']} has the priority of {tier}")
        self.assertEqual(self.explained_tier(target)["value"], tier)

    def events(self, server, *types):
        """The feed of a server as far as it has come."""
        process.wait_until(lambda: server.feed_heads()["outbox_count"] == 0,
                           f"{server.service} has told everything")
        wanted = ["--types", ",".join(types)] if types else []
        lines = server.cli("watch", server.service, "--stop-at-head", *wanted).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def priority_steps(self, target):
        """What the feed says of a complaint's priority: (tier before, tier after)."""
        return [tuple(e["data"][p]["tier"].removeprefix("CUSTOMER_TIER_")
                      for p in ("previous_priority", "priority"))
                for e in self.events(self.complaints, PRIORITY_CHANGED)
                if e["data"]["complaint_id"] == target["complaint_id"]]

    def approved_points(self, target):
        """Acknowledges, proposes points and approves them; returns the answered remedy."""
        self.of(target, "AcknowledgeComplaint")
        proposed = self.of(target, "ProposeRemedy", kind="REMEDY_KIND_POINTS", points=POINTS)
        approval = {"request_id": str(uuid.uuid4()),
                    "remedy_id": proposed["remedies"][0]["remedy_id"]}
        return self.of(target, "ApproveRemedy", **approval)["remedies"][0]

    def adjustments(self, customer_id):
        entries = self.loyalty.call(LEDGER + "ListEntries", {"customer_id": customer_id})["entries"]
        return [e for e in entries if e["kind"] == "ENTRY_KIND_ADJUST"]

    def available(self, customer_id):
        return self.loyalty.call(LEDGER + "GetBalance", {"customer_id": customer_id})["available"]

    def ready(self):
        return {s.service: s.get("/readyz")[0] for s in self.servers}

    def assert_all_end_well(self):
        """All four are ready, none has lost its consumers; each ends with 0 when asked to."""
        self.assertEqual(set(self.ready().values()), {200}, self.ready())
        self.assertEqual([s.stop() for s in reversed(self.servers)], [0, 0, 0, 0])

    def test_complaints_works_while_loyalty_is_away_and_puts_right_what_it_missed(self):
        # Away while they buy, so that loyalty's feed has told it of nobody's tier.
        self.complaints.kill()
        gold, base = self.buy("gold", 6000), self.buy("base", 10)
        self.wait_loyalty()
        before = self.available(gold)
        self.loyalty.kill()
        self.complaints.start()
        self.assertEqual(self.complaints.get("/readyz")[0], 200)

        begin = time.monotonic()
        filed, target = self.file(gold)
        self.assertLess(time.monotonic() - begin, QUICKLY_SECONDS)
        _, other = self.file(base)
        self.assertEqual(filed["priority"], {"rank": 126, "tier": "CUSTOMER_TIER_UNKNOWN"})
        self.assertEqual(filed["customer_verification"], "CUSTOMER_VERIFICATION_VERIFIED")
        self.assertEqual(self.explained_tier(target)["value"], "UNKNOWN")
        self.assertIn("could not be asked yet", self.explained_tier(target)["source"])
        remedy = self.approved_points(target)
        self.assertEqual(remedy["state"], "REMEDY_STATE_APPROVED")
        self.assertEqual(remedy["ledger_transaction_id"], "")
        self.assertEqual(self.priority_steps(target), [])
        pending = self.complaints.call(COMPLAINTS + "ResolveComplaint", {
            **target, "finding": "COMPLAINT_FINDING_UPHELD",
            "relief": "COMPLAINT_RELIEF_MONETARY"}, expect=1)
        self.assertEqual(pending["error"]["details"][0]["reason"], "REMEDY_PENDING")

        self.loyalty.start()
        process.wait_until(
            lambda: self.of(target)["remedies"][0]["state"] == "REMEDY_STATE_EXECUTED",
            "the remedy is executed")
        given = self.adjustments(gold)
        self.assertEqual([e["points"] for e in given], [POINTS])
        self.assertEqual(given[0]["transaction_id"],
                         self.of(target)["remedies"][0]["ledger_transaction_id"])
        self.assertEqual(self.available(gold), before + POINTS)
        self.wait_priority(target, "GOLD", 122)
        self.wait_priority(other, "BASE", 124)
        self.assertEqual(self.priority_steps(target), [("UNKNOWN", "GOLD")])
        self.assertEqual(self.priority_steps(other), [("UNKNOWN", "BASE")])
        self.assert_all_end_well()

    def test_a_tier_reached_later_changes_the_priority_of_an_open_complaint(self):
        customer = self.buy("regular", 10)
        self.wait_loyalty()
        filed, target = self.file(customer)
        # Known at once: only loyalty's feed can change it from here on.
        self.assertEqual(filed["priority"], {"rank": 124, "tier": "CUSTOMER_TIER_BASE"})
        self.buy("regular", 1500)
        self.wait_priority(target, "SILVER", 123)
        self.buy("regular", 20000)
        self.wait_priority(target, "PLATINUM", 121)
        self.assertEqual(self.priority_steps(target),
                         [("BASE", "SILVER"), ("SILVER", "PLATINUM")])
        self.assertEqual([(e["data"].get("previous_tier", ""), e["data"]["tier"])
                          for e in self.events(self.loyalty, TIER_CHANGED)],
                         [("", "BASE"), ("BASE", "SILVER"), ("SILVER", "PLATINUM")])
        # What the feed has told is remembered when loyalty cannot be asked.
        self.loyalty.kill()
        told, _ = self.file(customer, "c-2", severity=3)
        self.assertEqual(told["priority"], {"rank": 131, "tier": "CUSTOMER_TIER_PLATINUM"})
        self.loyalty.start()
        self.assert_all_end_well()

    def test_points_and_complaints_go_on_while_profile_is_away(self):
        customer, other = self.buy("regular", 1500), self.buy("other", 10)
        self.wait_loyalty()
        self.profile.kill()
        self.loyalty.call(LEDGER + "Redeem", {"request_id": str(uuid.uuid4()),
                                              "customer_id": customer, "points": 400})
        self.assertEqual(self.available(customer), 1100)
        filed, known = self.file(customer)
        _, unknown = self.file("shop-nobody")
        self.assertEqual(filed["customer_verification"], "CUSTOMER_VERIFICATION_UNVERIFIED")
        self.assertEqual(filed["priority"]["tier"], "CUSTOMER_TIER_SILVER")
        # The whole way to the points needs loyalty only.
        remedy = self.approved_points(known)
        self.assertEqual(remedy["state"], "REMEDY_STATE_EXECUTED")
        self.assertEqual(self.available(customer), 1100 + POINTS)
        for server in (self.segmentation, self.loyalty, self.complaints):
            self.assertEqual(server.get("/readyz")[0], 200, server.service)

        self.profile.start()
        for target, verification in ((known, "VERIFIED"), (unknown, "NOT_FOUND")):
            process.wait_until(lambda: self.of(target)["customer_verification"]
                               == f"CUSTOMER_VERIFICATION_{verification}",
                               f"{target['complaint_id']} is {verification}")
        self.assertEqual(self.of(unknown)["state"], "COMPLAINT_STATE_RECEIVED")
        self.buy("regular", 70)
        self.buy("other", 20)
        self.wait_loyalty()
        self.assertEqual(self.available(customer), 1100 + POINTS + 70)
        self.assertEqual(self.available(other), 30)
        self.assert_all_end_well()

    def test_every_feed_can_be_watched_by_every_type_it_holds(self):
        self.let_everything_happen()
        expected = {
            self.profile: {"customer.created", "customer.updated", "fact.changed",
                           "purchase.recorded", "purchase.refunded", "purchase.cancelled"},
            self.segmentation: set(),
            self.loyalty: {"points.earned", "points.redeemed", "points.adjusted",
                           "points.expired", "points.reversed", "tier.changed"},
            self.complaints: {"complaint.filed", "complaint.state_changed",
                              "complaint.priority_changed", "remedy.state_changed"}}
        for server, names in expected.items():
            by_type = {}
            for event in self.events(server):
                by_type.setdefault(event["type"], []).append(event["id"])
            prefix = f"clientele.{server.service}."
            self.assertEqual(set(by_type), {f"{prefix}{name}.v1" for name in names})
            for type_name, ids in by_type.items():
                with self.subTest(type_name):
                    watched = self.events(server, type_name)
                    self.assertCountEqual([e["id"] for e in watched], ids)
        self.assert_all_end_well()

    def let_everything_happen(self):
        """Something of each kind of event."""
        customer = self.buy("all", 30, ago=1000)  # its points have expired
        self.buy("all", 6000, ago=2)
        self.buy("all", 40)
        self.wait_loyalty()
        spent = {"request_id": str(uuid.uuid4()), "customer_id": customer}
        self.loyalty.call(LEDGER + "Redeem", {**spent, "points": 5})
        self.loyalty.call(LEDGER + "Reverse", {"request_id": str(uuid.uuid4()),
                                               "customer_id": customer,
                                               "original_request_id": spent["request_id"]})
        _, target = self.file(customer)
        self.approved_points(target)
        bought = self.profile.call(PURCHASES + "ListPurchases", {"customer_id": customer})
        refunded, cancelled, _ = [p["purchase_id"] for p in bought["purchases"]]
        for method, purchase, more in (("RefundPurchase", refunded, {"amount_minor": 100}),
                                       ("CancelPurchase", cancelled, {})):
            self.profile.call(PURCHASES + method, {"request_id": str(uuid.uuid4()),
                                                   "customer_id": customer,
                                                   "purchase_id": purchase, **more})
        self.profile.call(CUSTOMERS + "UpdateCustomer", {
            "customer": {"customer_id": customer, "attributes": {"locality": "Nairobi"}},
            "update_mask": "attributes.locality",
            "origin": {"channel": "COLLECTION_CHANNEL_AFTER_SALES"}})
        self.buy("all", 30000)
        self.wait_loyalty()
        self.wait_priority(target, "PLATINUM", 121)


if __name__ == "__main__":
    suite.main()
