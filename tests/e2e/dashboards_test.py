"""No panel of a dashboard is empty: a real Prometheus scrapes the real servers under load, on
PostgreSQL and Redis, and answers every expression of the dashboards and every recording rule."""
import itertools
import json
import os
import tempfile
import time
import unittest

from deploy.grafana import dashboards
from tests.support import postgres, process, prometheus, redis, rules, suite
from tests.support.server import CALLED, Server, wait_caught_up

SERVICES = ("profile", "segmentation", "loyalty", "complaints")
# What else each is told: jobs so often that there is something to see.
SETTINGS = {"loyalty": {"program__currency": "EUR", "jobs__sweep_interval": "1s",
                        "jobs__ledger_check_interval": "1s"}}
# What Grafana puts in place of its variables; some scrapes of one second.
RATE_INTERVAL = "20s"
CUSTOMER = "c-dashboard"
REQUEST_IDS = (f"5eed0000-5eed-4bad-8f00-{number:012x}" for number in itertools.count())
# A panel is filled by what happens, is measured each 15 seconds and scraped; much is not too late
# on a machine with other things to do.
FILLED_SECONDS_MAX = 120


def expressions():
    """{what: expression} of every panel and recording rule."""
    found = {rule.name: rule.name for rule in rules.rules() if not rule.is_alert}
    for path in sorted(dashboards.FOLDER.glob("*.json")):
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                what = f"{dashboard['title']}: {panel['title']} {target['refId']}"
                found[what] = (target["expr"].replace("$namespace", ".*")
                               .replace("$__rate_interval", RATE_INTERVAL))
    return found


class Dashboards(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        for service in (postgres, redis, prometheus):
            if not service.available():
                raise unittest.SkipTest(f"no {service.__name__}: run scripts/setup.sh")
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        database = cls.enterClassContext(postgres.PrivatePostgres())
        cache = cls.enterClassContext(redis.PrivateRedis())
        cls.servers = {}
        for service in sorted(SERVICES, key=lambda name: len(CALLED[name])):
            called = {f"{other}__address": cls.servers[other].address
                      for other in CALLED[service]}
            server = cls.enterClassContext(Server(
                service, cls.folder, database__url=database.dsn, redis__addresses=cache.address,
                **called, **SETTINGS.get(service, {})))
            server.migrate()
            cls.servers[service] = server.start()
        cls.prometheus = cls.enterClassContext(prometheus.PrivatePrometheus(
            cls.folder, [server.ops_address for server in cls.servers.values()]))
        cls.take_orders_in()

    @classmethod
    def call(cls, service, method, request, **options):
        return cls.servers[service].call(f"clientele.{service}.v1.{method}", request, **options)

    @classmethod
    def write(cls, service, method, request):
        return cls.call(service, method, {"request_id": next(REQUEST_IDS), **request})

    @classmethod
    def take_orders_in(cls):
        suite.run_cli("generate", "--customers", "100", "--seed", "5", "--out", cls.folder)
        cls.servers["profile"].cli("import", "purchases", "--format", "csv",
                                   os.path.join(cls.folder, "purchases.csv"))
        cls.write("profile", "CustomerService/CreateCustomer", {
            "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": {"customer_id": CUSTOMER, "kind": "CUSTOMER_KIND_PERSON"}})
        cls.write("profile", "PurchaseService/RecordPurchases", {"purchases": [{
            "customer_id": CUSTOMER, "source_system": "shop", "order_number": "1",
            "occur_time": "2026-01-01T00:00:00Z", "currency_code": "EUR",
            "lines": [{"line_number": 1, "sku": "sku", "quantity": 1,
                       "unit_price_micros": 500_000_000}]}]})
        for service in ("segmentation", "loyalty"):
            wait_caught_up(cls.servers["profile"], cls.servers[service])

    @classmethod
    def make_load(cls, number):
        """What the servers do all day."""
        one = {"customer_id": CUSTOMER}
        complaint = {**one, "complaint_id": f"late-{number}"}
        for _ in range(2):
            cls.call("profile", "CustomerService/GetCustomer", one)
            cls.call("loyalty", "MemberService/GetTier", one)
            cls.call("loyalty", "LedgerService/GetBalance", one)
        cls.write("loyalty", "LedgerService/Redeem", {**one, "points": 1})
        cls.servers["segmentation"].cli("rfm", "run", "--as-of", "2026-02-01", "--method",
                                        "quantile", "--rules", "growth-11", "--force")
        cls.call("segmentation", "RfmService/GetScore", one)
        cls.write("complaints", "ComplaintService/FileComplaint", {"complaint": {
            **complaint, "channel": "COMPLAINT_CHANNEL_WEB", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": 2, "subject": "late"}})
        cls.call("complaints", "ComplaintService/GetComplaint", complaint)

    def empty(self, wanted):
        """Which of {what: expression} have no value."""
        return {what: expression for what, expression in wanted.items()
                if not self.prometheus.query(expression)}

    def test_no_panel_and_no_recorded_ratio_is_empty(self):
        wanted = expressions()
        self.assertGreater(len(wanted), 100)
        deadline = time.monotonic() + FILLED_SECONDS_MAX
        for number in itertools.count():
            self.make_load(number)
            wanted = self.empty(wanted)
            if not wanted or time.monotonic() > deadline:
                break
        self.assertEqual(wanted, {})
        self.assertEqual(self.prometheus.rule_errors(), {})

    def test_every_server_is_scraped(self):
        process.wait_until(
            lambda: self.prometheus.query("sum(up)") == [float(len(SERVICES))], "all are up")

    def test_an_empty_panel_is_found(self):
        planted = {"nobody": "no_such_series", "no number": "vector(0) / 0"}
        self.assertEqual(self.empty({**planted, "one": "vector(1)"}), planted)


if __name__ == "__main__":
    suite.main()
