"""Pins the name and labels of every series that the servers show, in golden/<service>_metrics.txt,
and in golden/secure_profile_metrics.txt those that a server with certificates shows besides.

After a wanted change run it with CLIENTELE_UPDATE_GOLDEN=1, which writes the files, and review
them. Every RPC is called with values that must not come out in a label.
"""
import difflib
import itertools
import json
import os
import pathlib
import re
import tempfile
import time
import unittest

from tests.support import certificates, process, redis, suite
from tests.support.server import NOBODY, Server, wait_caught_up

GOLDEN = pathlib.Path(__file__).parent / "golden"
UPDATE = os.environ.get("CLIENTELE_UPDATE_GOLDEN") == "1"
# Statements of background work that run when a server is idle, or has been up for long enough;
# listed all the same.
OCCASIONAL = ("DeleteSilentFeedConsumers", "ProbeOutbox", "RenewLease", "SelectHeads")
SAMPLE = re.compile(r'^(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? \S+$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
# Labels whose values come in sets: shown once for all series that have the same ones.
FOLDED = ("le", "grpc_code")

PERSONAL = {"name": "Marker-Name", "given": "Marker-Given", "email": "marker@example.org",
            "phone": "+442071838750", "account": "marker-account", "id": "marker-customer",
            "order": "MARKER-ORDER", "sku": "MARKER-SKU", "store": "Marker-Store",
            "source": "marker-source", "category": "marker-category", "town": "Marker-Town",
            "request": "0ddba11c", "reason": "marker-reason", "imported": "marker-imported"}
CUSTOMERS = "clientele.profile.v1.CustomerService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
REQUEST_IDS = (f"{PERSONAL['request']}-5eed-4bad-8f00-{n:012x}" for n in itertools.count())
RFM = "clientele.segmentation.v1.RfmService/"
EXPORT = "clientele.common.v1.EventService/ExportEvents"
ANALYTICS = "clientele.segmentation.v1.AnalyticsService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
MEMBERS = "clientele.loyalty.v1.MemberService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"


def families(page):
    """{family: (type, [labels of a series])} of a page in Prometheus' text format."""
    kinds, series = {}, {}
    for line in page.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            kinds[name] = kind
        elif line and not line.startswith("#"):
            sample = SAMPLE.match(line)
            name = sample["name"]
            if name not in kinds:  # the parts of a histogram
                name = name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")
            series.setdefault(name, []).append(dict(LABEL.findall(sample["labels"] or "")))
    return {name: (kind, series.get(name, [])) for name, kind in kinds.items()}


def listing(page, without=()):
    """The page without values: a line for each series, equal sets of folded values at the end."""
    lines, sets = [], {}
    for name, (kind, series) in sorted(families(page).items()):
        if name in without:
            continue
        lines.append(f"{name} {kind}")
        folded = {}
        for labels in series + occasional(series):
            key = tuple(sorted((k, v) for k, v in labels.items() if k not in FOLDED))
            values = folded.setdefault(key, {})
            for label in FOLDED:
                if label in labels:
                    values.setdefault(label, set()).add(labels[label])
        for key, values in sorted(folded.items()):
            shown = [f'{k}="{v}"' for k, v in key]
            for label, found in sorted(values.items()):
                numbers = sets.setdefault(label, [])
                if found not in numbers:
                    numbers.append(found)
                shown.append(f"{label}=set {numbers.index(found) + 1}")
            lines.append("  " + (", ".join(shown) or "no labels"))
    for label, numbers in sorted(sets.items()):
        for number, found in enumerate(numbers, 1):
            lines.append(f"{label} set {number}: " + " ".join(sorted(found, key=sort_key)))
    return lines


def occasional(series):
    """The series of a family by statement that would come with time."""
    return [{**labels, "statement": name} for name in OCCASIONAL for labels in series
            if labels.get("statement") == "other"
            and name not in [each["statement"] for each in series]]


def sort_key(text):
    try:
        return float(text), ""
    except ValueError:
        return 0.0, text


class Metrics(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        if not redis.available():
            raise unittest.SkipTest("no Redis: run scripts/setup.sh")
        # One of them shows what all show that have a Redis.
        cls.redis = cls.enterClassContext(redis.PrivateRedis())
        cls.profile = cls.enterClassContext(
            Server("profile", cls.folder, redis__addresses=cls.redis.address,
                   **redis.PATIENT))
        cls.profile.migrate()
        cls.profile.start()
        cls.segmentation = cls.enterClassContext(
            Server("segmentation", cls.folder, profile__address=cls.profile.address))
        cls.segmentation.migrate()
        cls.segmentation.start()
        cls.loyalty = cls.enterClassContext(
            Server("loyalty", cls.folder, profile__address=cls.profile.address,
                   program__currency="EUR", jobs__sweep_interval="1s",
                   jobs__ledger_check_interval="1s"))
        cls.loyalty.migrate()
        cls.loyalty.start()
        cls.complaints = cls.enterClassContext(
            Server("complaints", cls.folder, profile__address=cls.profile.address,
                   loyalty__address=cls.loyalty.address))
        cls.complaints.migrate()
        cls.complaints.start()
        cls.call_profile()
        cls.call_segmentation()
        cls.call_loyalty()
        cls.call_complaints()
        cls.servers = {"profile": cls.profile, "segmentation": cls.segmentation,
                       "loyalty": cls.loyalty, "complaints": cls.complaints}
        called_time = time.time()
        for server in cls.servers.values():
            server.cli("audit", "export", server.service)
            server.cli("audit", "verify", server.service)
            server.get("/readyz")
            server.get("/metrics")
            process.wait_until(lambda s=server: cls.measure_time(s) > called_time,
                               f"{server.service} has measured what the calls brought about")

    @staticmethod
    def measure_time(server):
        return float(re.search(r'_job_last_success_timestamp_seconds\{.*task="measure"\} (\S+)\n',
                               server.get("/metrics")[1]).group(1))

    @classmethod
    def write(cls, method, request):
        """Calls an RPC of profile and lets segmentation follow, so that events come one by one."""
        answer = cls.profile.call(method, {"request_id": next(REQUEST_IDS), **request})
        wait_caught_up(cls.profile, cls.segmentation)
        return answer

    @classmethod
    def call_profile(cls):
        p, call, write = PERSONAL, cls.profile.call, cls.write
        created = write(CUSTOMERS + "CreateCustomer", {
            "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": p["id"], "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": p["name"], "given_name": p["given"],
                                        "locality": p["town"]},
                         "identifiers": [
                             {"type": "IDENTIFIER_TYPE_EMAIL", "value": p["email"]},
                             {"type": "IDENTIFIER_TYPE_PHONE", "value": p["phone"]},
                             {"type": "IDENTIFIER_TYPE_SITE_ACCOUNT", "value": p["account"]}]}})
        one = {"customer_id": p["id"]}
        call(CUSTOMERS + "GetCustomer", one)
        call(CUSTOMERS + "GetCustomer", {"customer_id": "nobody"}, expect=1)
        call(CUSTOMERS + "BatchGetCustomers", {"customer_ids": [p["id"], "nobody"]})
        call(CUSTOMERS + "ListCustomers", {"filter": 'state = "ACTIVE"'})
        call(CUSTOMERS + "LookupCustomers", {
            "identifiers": [{"type": "IDENTIFIER_TYPE_EMAIL", "value": p["email"]}]})
        call(CUSTOMERS + "ListFacts", one)
        updated = write(CUSTOMERS + "UpdateCustomer", {
            "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "update_mask": "attributes.locality",
            "customer": {"customer_id": p["id"], "etag": created["etag"],
                         "attributes": {"locality": p["town"] + "-2"}}})
        deleted = write(CUSTOMERS + "DeleteCustomer", {**one, "etag": updated["etag"]})
        write(CUSTOMERS + "UndeleteCustomer", {**one, "etag": deleted["etag"]})
        cls.call_purchases()

    @classmethod
    def call_purchases(cls):
        p, call, write = PERSONAL, cls.profile.call, cls.write
        orders = [{"customer_id": p["id"], "source_system": p["source"],
                   "order_number": f"{p['order']}-{i}", "occur_time": "2026-01-01T00:00:00Z",
                   "currency_code": "EUR", "store": p["store"],
                   "lines": [{"line_number": 1, "sku": p["sku"], "category": p["category"],
                              "quantity": 2, "unit_price_micros": 5_000_000}]} for i in range(2)]
        recorded = write(PURCHASES + "RecordPurchases", {"purchases": orders})
        ids = [{"customer_id": p["id"], "purchase_id": result["purchase_id"]}
               for result in recorded["results"]]
        got = call(PURCHASES + "GetPurchase", ids[0])
        call(PURCHASES + "ListPurchases", {"customer_id": p["id"]})
        write(PURCHASES + "RefundPurchase", {
            **ids[0], "etag": got["etag"], "amount_minor": 100,
            "reason": p["reason"]})
        call(PURCHASES + "GetPurchase", ids[0])
        got = call(PURCHASES + "GetPurchase", ids[1])
        write(PURCHASES + "CancelPurchase", {**ids[1], "etag": got["etag"]})
        path = os.path.join(cls.folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("order_number,customer,occur_time,currency,sku,category,quantity,unit_price"
                       f"\n{p['order']}-9,{p['imported']},2026-01-01,EUR,{p['sku']},c,1,1.00\n")
        for _ in range(2):
            cls.profile.cli("import", "purchases", "--format", "csv", path, "--source", p["source"])
        cls.profile.cli("watch", "profile", "--stop-at-head")
        cls.profile.cli("call", EXPORT)
        wait_caught_up(cls.profile, cls.segmentation)

    @classmethod
    def call_segmentation(cls):
        p, call = PERSONAL, cls.segmentation.call
        cls.segmentation.cli("rfm", "run", "--as-of", "2026-02-01", "--method", "quantile",
                             "--rules", "growth-11", "--force")
        refused = cls.segmentation.cli("rfm", "run", "--as-of", "2026-02-01", "--method",
                                       "quantile", "--rules", "growth-11", "--json", expect=1)
        assert "INSUFFICIENT_DATA" in refused.stdout
        model = call(RFM + "ListRfmModels")["models"][0]
        call(RFM + "GetRfmModel", {"model_id": model["model_id"]})
        call(RFM + "PublishRfmModel", {"request_id": next(REQUEST_IDS), "model_id": "golden",
                                       "spec": model["spec"]})
        one = {"customer_id": f"{p['source']}-{p['imported']}"}
        runs = call(RFM + "ListRuns")["runs"]
        call(RFM + "GetRun", {"run_id": runs[0]["run_id"]})
        call(RFM + "CancelRun", {"request_id": next(REQUEST_IDS), "run_id": runs[0]["run_id"]},
             expect=1)
        call(RFM + "GetScore", one)
        call(RFM + "GetScore", {"customer_id": "nobody"}, expect=1)
        call(RFM + "BatchGetScores", {"customer_ids": [one["customer_id"], "nobody"]})
        call(RFM + "ListScores")
        call(RFM + "ExplainScore", one)
        call(ANALYTICS + "CountBuyers", {"min_orders": 2, "source_system": p["source"]})
        call(ANALYTICS + "ReportSales", {"period": "SALES_PERIOD_MONTH",
                                         "dimension": "SALES_DIMENSION_REGION"})
        done = [run["run_id"] for run in runs if run["job"]["state"] == "JOB_STATE_SUCCEEDED"]
        call(RFM + "CompareRuns", {"from_run_id": done[0]})
        call(RFM + "GetRfmMatrix")
        cls.segmentation.cli("watch", "segmentation", "--stop-at-head")
        cls.segmentation.cli("call", EXPORT, expect=1)

    @classmethod
    def call_loyalty(cls):
        p, call = PERSONAL, cls.loyalty.call
        wait_caught_up(cls.profile, cls.loyalty)
        one = {"customer_id": p["id"]}
        entries = call(LEDGER + "ListEntries", one)["entries"]
        assert entries, "the purchases of this test earn points"
        used = next(REQUEST_IDS)
        redeem = {**one, "request_id": used, "points": 1, "reference": p["order"]}
        call(LEDGER + "Redeem", redeem)
        call(LEDGER + "Redeem", {**redeem, "points": 2}, expect=1)
        call(LEDGER + "BatchPost", {"postings": [{"redeem": redeem}]})
        call(LEDGER + "Redeem", {**one, "request_id": next(REQUEST_IDS), "points": 10**9}, expect=1)
        call(LEDGER + "Reverse", {**one, "request_id": next(REQUEST_IDS),
                                  "original_request_id": used})
        call(LEDGER + "Adjust", {**one, "request_id": next(REQUEST_IDS), "points": 5,
                                 "reason": "GOODWILL", "validate_only": True})
        call(LEDGER + "Adjust", {**one, "request_id": next(REQUEST_IDS), "points": 5,
                                 "reason": "GOODWILL", "reference": p["order"]})
        call(LEDGER + "GetBalance", one)
        call(LEDGER + "GetBalance", {"customer_id": "nobody"}, expect=1)
        call(LEDGER + "ListLots", one)
        call(LEDGER + "ExplainEarning", {**one, "purchase_id": entries[-1]["purchase_id"]})
        head = call(LEDGER + "VerifyLedger")["heads"][0]
        call(LEDGER + "VerifyLedgerHeads", {"heads": [head]})
        call(MEMBERS + "GetTier", one)
        call(MEMBERS + "BatchGetTiers", {"customer_ids": [p["id"], "nobody"]})
        call(MEMBERS + "ExplainTier", one)
        call(MEMBERS + "ListTierHistory", one)
        cls.loyalty.cli("watch", "loyalty", "--stop-at-head")
        cls.loyalty.cli("call", EXPORT)

    @classmethod
    def call_complaints(cls):
        p = PERSONAL
        wait_caught_up(cls.loyalty, cls.complaints)
        one = {"customer_id": p["id"], "complaint_id": "marker-complaint"}

        def call(method, request, expect=0):
            return cls.complaints.call(
                COMPLAINTS + method, {"request_id": next(REQUEST_IDS), **request}, expect=expect)

        filed = call("FileComplaint", {"complaint": {
            **one, "channel": "COMPLAINT_CHANNEL_PHONE", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": 2, "subject": p["reason"], "description": p["name"],
            "concerned_staff_ids": ["marker-staff"]}})
        read = cls.complaints.call
        read(COMPLAINTS + "GetComplaint", one)
        read(COMPLAINTS + "GetComplaint", {**one, "complaint_id": "nothing"}, expect=1)
        read(COMPLAINTS + "LookupComplaint", {"complaint_number": filed["complaint_number"]})
        read(COMPLAINTS + "ListComplaints", {"filter": "severity <= 2", "order_by": "priority"})
        read(COMPLAINTS + "ExplainPriority", one)
        call("AcknowledgeComplaint", one)
        call("AssignComplaint", {**one, "assignee_id": "agent-1"})
        call("AssignComplaint", {**one, "assignee_id": "marker-staff"}, expect=1)
        call("AddMessage", {**one, "text": p["name"]})
        call("AddNote", {**one, "text": p["name"]})
        for kind, given in (("POINTS", {"points": 5}), ("APOLOGY", {})):
            remedy = call("ProposeRemedy", {**one, "kind": "REMEDY_KIND_" + kind, **given,
                                            "description": p["reason"]})["remedies"][-1]
            call("ApproveRemedy", {**one, "remedy_id": remedy["remedy_id"]})
        process.wait_until(lambda: {each["state"] for each in read(
            COMPLAINTS + "GetComplaint", one)["remedies"]} == {"REMEDY_STATE_EXECUTED"},
            "the points are given")
        call("ResolveComplaint", {**one, "finding": "COMPLAINT_FINDING_UPHELD",
                                  "relief": "COMPLAINT_RELIEF_MONETARY", "resolution": p["name"]})
        call("CloseComplaint", one)
        call("ReopenComplaint", {**one, "reason": p["name"]})
        read(COMPLAINTS + "ListTimeline", one)
        cls.complaints.cli("watch", "complaints", "--stop-at-head")
        cls.complaints.cli("call", EXPORT, expect=1)

    def listing(self, service):
        version = json.loads(self.servers[service].get("/version")[1])["version"]
        lines = listing(self.servers[service].get("/metrics")[1])
        return [line.replace(f'version="{version}"', 'version="<version>"')
                .replace(self.redis.address, "<redis>") for line in lines]

    def check(self, service, find=None):
        golden = GOLDEN / f"{service}_metrics.txt"
        find = find or (lambda: self.listing(service))
        if UPDATE:
            golden.write_text("\n".join(find()) + "\n", encoding="utf-8")
        wanted = golden.read_text(encoding="utf-8").splitlines()
        # A series comes with its first event, and one of background work may come late.
        deadline = time.monotonic() + process.STEP_SECONDS_MAX
        found = find()
        while found != wanted and time.monotonic() < deadline and len(found) <= len(wanted):
            found = find()
        self.assertEqual(found, wanted, "\n".join(difflib.unified_diff(
            wanted, found, str(golden), f"/metrics of {service}", lineterm="")))

    def test_profile_shows_exactly_the_listed_series(self):
        self.check("profile")

    def test_segmentation_shows_exactly_the_listed_series(self):
        self.check("segmentation")

    def test_loyalty_shows_exactly_the_listed_series(self):
        self.check("loyalty")

    def test_complaints_shows_exactly_the_listed_series(self):
        self.check("complaints")

    def test_a_server_with_certificates_shows_the_listed_series_besides(self):
        authority = certificates.Authority(self.folder)
        shown = {f"{key}_file": path for use, keys in (
            ("server", ("tls__cert", "tls__key")), ("client", ("client_tls__cert", "client_tls__key")),
            ("redis", ("redis__tls_certificate", "redis__tls_key")))
            for key, path in zip(keys, authority.sign(use, "IP:127.0.0.1"))}
        with tempfile.TemporaryDirectory(prefix="clientele-e2e-") as folder, Server(
                "profile", folder, client_tls__ca_file=authority.certificate,
                redis__addresses=NOBODY, redis__tls="true",
                redis__tls_ca_file=authority.certificate, **shown) as server:
            server.cli_args = ["--tls-ca", authority.certificate]
            server.migrate()
            server.start()
            plain = families(self.profile.get("/metrics")[1])
            self.check("secure_profile", lambda: listing(server.get("/metrics")[1], without=plain))

    def test_every_rpc_was_called(self):
        """So that the list holds what calls bring about, and no label what they carry."""
        for service, server in self.servers.items():
            page = server.get("/metrics")[1]
            started = dict(re.findall(
                r'^grpc_server_started_total\{.*grpc_method="(\w+)".*\} (\d+)$', page,
                re.MULTILINE))
            not_called = {name for name, count in started.items() if count == "0"} - {"unknown"}
            self.assertEqual(not_called, set(), service)

    def test_no_label_holds_what_customers_and_callers_sent(self):
        for service, server in self.servers.items():
            page = server.get("/metrics")[1].lower()
            for what, value in PERSONAL.items():
                self.assertNotIn(value.lower(), page, f"{what} in /metrics of {service}")

    def test_the_ops_endpoints_answer(self):
        for service, server in self.servers.items():
            with self.subTest(service):
                self.assertEqual(server.get("/livez"), (200, "ok\n"))
                self.assertEqual(server.get("/startupz"), (200, "ok\n"))
                status, text = server.get("/readyz")
                self.assertEqual(status, 200)
                self.assertEqual([line.split()[0] for line in text.splitlines()],
                                 ["[+]started", "[+]serving", f"[+]{service}.sql",
                                  f"[+]{service}.schema", f"[+]{service}.work", "readyz"])
                status, text = server.get("/version")
                self.assertEqual((status, json.loads(text)["services"]), (200, [service]))
                status, text = server.get("/config")
                self.assertEqual(status, 200)
                self.assertIn(f'data_dir: "{server.data_dir}"', text)
                self.assertEqual(server.get("/metrics")[0], 200)
                self.assertEqual(server.get("/nothing")[0], 404)


if __name__ == "__main__":
    suite.main()
