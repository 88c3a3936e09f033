"""Two processes of each service on one PostgreSQL and one Redis work as one, also when one of them is
killed."""
import concurrent.futures
import json
import math
import os
import random
import re
import time
import uuid

from tests.support import process, redis, repeated, replicas, suite
from tests.support.server import wait_caught_up

CUSTOMERS = 150
CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
RFM = "clientele.segmentation.v1.RfmService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
REDEMPTIONS = 64
BURST = 200
# What a replica leases at a time of a burst.
CHUNK = BURST // 10
# What a sequencer's lease lasts, and some time to start the work.
TAKE_OVER_SECONDS_MAX = 20


def in_parallel(calls):
    """Makes the calls at once, and returns their results in their order."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=16) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def shared_reads(server):
    """How many customers it has answered from Redis."""
    return sum(float(value) for value in re.findall(
        r'^clientele_profile_cache_reads_total\{.*source="shared".*\} (\S+)$',
        server.get("/metrics")[1], re.MULTILINE))


class Replicas(replicas.AllOnRedis):
    services = ("profile", "loyalty", "segmentation", "complaints")
    settings = redis.PATIENT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        suite.run_cli("generate", "--customers", str(CUSTOMERS), "--seed", "5", "--out", cls.folder)
        cls.purchases = os.path.join(cls.folder, "purchases.csv")
        cls.replicas["profile"][0].cli("import", "purchases", "--format", "csv", cls.purchases)
        for service in ("loyalty", "segmentation"):
            wait_caught_up(cls.replicas["profile"][1], cls.replicas[service][1])
        cls.members = cls.postgres.psql(
            "SELECT customer_id FROM loyalty.member ORDER BY 1").split()

    def number(self, query):
        return int(self.postgres.psql(query))

    def balance(self, member, replica=0):
        return int(self.replicas["loyalty"][replica].call(
            LEDGER + "GetBalance", {"customer_id": member})["available"])

    def give(self, member, points, replica=0):
        self.replicas["loyalty"][replica].call(LEDGER + "Adjust", {
            "request_id": str(uuid.uuid4()), "customer_id": member, "points": points,
            "reason": "GOODWILL"})

    def assert_feeds_are_whole(self):
        """Every position of every partition is there, and every event once."""
        for service in ("profile", "loyalty", "complaints"):
            process.wait_until(
                lambda s=service: self.number(f"SELECT COUNT(*) FROM {s}.outbox") == 0,
                f"the outbox of {service} is empty")
            self.assertEqual(self.number(
                f"SELECT COUNT(*) FROM {service}.feed_head AS h WHERE head <> (SELECT COUNT(*) FROM"
                f" {service}.feed AS f WHERE f.partition = h.partition) OR head <> (SELECT"
                f" COALESCE(MAX(position), 0) FROM {service}.feed AS f WHERE f.partition ="
                " h.partition)"), 0, f"{service}: holes")
            self.assertEqual(self.number(
                f"SELECT COUNT(*) - COUNT(DISTINCT id) FROM {service}.feed"), 0, "doubles")

    def assert_ledger_adds_up(self):
        self.assertEqual(self.number(
            "SELECT COUNT(*) FROM loyalty.member AS m WHERE available <> (SELECT COALESCE(SUM("
            "CASE WHEN debit_account = 1 THEN -points ELSE points END), 0) FROM "
            "loyalty.ledger_entry AS e WHERE e.customer_id = m.customer_id)"), 0)

    def test_one_request_sent_to_both_at_once_has_one_effect_and_one_answer(self):
        member = self.members[0]
        self.give(member, 1000)
        before = self.balance(member)
        rounds = 8
        for i in range(rounds):
            redeem = {"request_id": str(uuid.uuid4()), "customer_id": member, "points": 7}
            create = {"request_id": str(uuid.uuid4()),
                      "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
                      "customer": {"customer_id": f"twice-{i}", "kind": "CUSTOMER_KIND_PERSON",
                                   "attributes": {"display_name": "Twice"}}}
            answers = in_parallel([
                lambda r=r, s=service, m=method, q=request: self.replicas[s][r].call(m, q)
                for service, method, request in (("loyalty", LEDGER + "Redeem", redeem),
                                                 ("profile", CUSTOMER_SERVICE + "CreateCustomer",
                                                  create))
                for r in range(len(replicas.NAMES))])
            self.assertEqual(answers[0], answers[1])
            self.assertEqual(answers[2], answers[3])
        self.assertEqual(self.balance(member, 1), before - 7 * rounds)
        self.assertEqual(self.number("SELECT COUNT(*) FROM profile.customer WHERE customer_id"
                                     " LIKE 'twice-%'"), rounds)

    def test_what_one_has_written_the_other_reads(self):
        for i in range(6):
            writer, reader = i % 2, 1 - i % 2
            self.replicas["profile"][writer].call(CUSTOMER_SERVICE + "CreateCustomer", {
                "request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
                "customer": {"customer_id": f"there-{i}", "kind": "CUSTOMER_KIND_PERSON",
                             "attributes": {"display_name": "There"}}})
            self.assertEqual(self.replicas["profile"][reader].call(
                CUSTOMER_SERVICE + "GetCustomer", {"customer_id": f"there-{i}"})["customer_id"],
                f"there-{i}")
            before = self.balance(self.members[1], reader)
            self.give(self.members[1], 10, writer)
            self.assertEqual(self.balance(self.members[1], reader), before + 10)
            target = {"customer_id": self.members[1], "complaint_id": f"late-{i}"}
            self.replicas["complaints"][writer].call(COMPLAINTS + "FileComplaint", {"complaint": {
                **target, "channel": "COMPLAINT_CHANNEL_WEB", "type": "COMPLAINT_TYPE_DELIVERY",
                "severity": 2, "subject": "late"}})
            self.assertEqual(self.replicas["complaints"][reader].call(
                COMPLAINTS + "GetComplaint", target)["complaint_id"], f"late-{i}")

    def test_what_one_has_written_the_other_finds_in_redis(self):
        writer, reader = self.replicas["profile"]
        customer = {"customer_id": "shared", "kind": "CUSTOMER_KIND_PERSON",
                    "attributes": {"display_name": "Shared"}}
        writer.call(CUSTOMER_SERVICE + "CreateCustomer", {
            "request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": customer})
        before = shared_reads(reader)
        reader.call(CUSTOMER_SERVICE + "GetCustomer", {"customer_id": "shared"})
        self.assertEqual(shared_reads(reader), before + 1)

    def test_redemptions_at_both_never_overdraw(self):
        member = self.members[2]
        self.give(member, 1000)
        balance = self.balance(member)
        points = balance // (REDEMPTIONS // 2) + 1
        codes = in_parallel([lambda i=i: suite.run_cli(
            "call", LEDGER + "Redeem", json.dumps({
                "request_id": str(uuid.uuid4()), "customer_id": member, "points": points}),
            "--server", self.replicas["loyalty"][i % 2].address, expect=None).returncode
            for i in range(REDEMPTIONS)])
        self.assertEqual(codes.count(0), balance // points)
        self.assertEqual(self.balance(member, 1), balance % points)
        self.assert_ledger_adds_up()

    def postings(self, rng):
        """What one call of BatchPost does: to many members in an order of its own."""
        return {"postings": [
            {"adjust": {"request_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                        "customer_id": member, "points": rng.choice([5, -3]),
                        "reason": "CORRECTION"}} if rng.random() < 0.5 else
            {"redeem": {"request_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                        "customer_id": member, "points": rng.randint(1, 9)}}
            for member in rng.sample(self.members, k=100)]}

    def test_mixed_load_at_both_meets_no_deadlock_and_adds_up(self):
        rng = random.Random(17)
        batches = [self.postings(rng) for _ in range(24)]
        calls = [lambda i=i, b=b: self.replicas["loyalty"][i % 2].call(LEDGER + "BatchPost", b)
                 for i, b in enumerate(batches)]
        # Each batch once more at the other replica, and the same file at both.
        calls += [lambda i=i, b=b: self.replicas["loyalty"][1 - i % 2].call(LEDGER + "BatchPost", b)
                  for i, b in enumerate(batches)]
        with open(self.purchases, encoding="utf-8") as file:
            header, *lines = file.read().splitlines()
        more = os.path.join(self.folder, "more.csv")
        with open(more, "w", encoding="utf-8") as file:
            file.write("\n".join([header] + ["again-" + line for line in lines]) + "\n")
        calls += [lambda r=r: json.loads(self.replicas["profile"][r].cli(
            "import", "purchases", "--format", "csv", more, "--json").stdout)
            for r in range(len(replicas.NAMES))]
        answers = in_parallel(calls)
        for batch in range(len(batches)):
            once, again = answers[batch]["results"], answers[batch + len(batches)]["results"]
            # What was refused for want of points may find some when it comes again.
            both = [(a["entry"], b["entry"]) for a, b in zip(once, again, strict=True)
                    if a.get("entry") and b.get("entry")]
            self.assertGreater(len(both), 0)
            for a, b in both:
                self.assertEqual(a, b)
        imports = answers[-2:]
        self.assertEqual(sum(i["orders_imported"] for i in imports),
                         self.number("SELECT COUNT(*) FROM profile.purchase WHERE order_number"
                                     " LIKE 'again-%'"))
        for service in ("loyalty", "segmentation"):
            wait_caught_up(self.replicas["profile"][0], self.replicas[service][0])
        self.assert_ledger_adds_up()
        self.assert_feeds_are_whole()
        self.assertEqual(self.number("SELECT SUM(deadlocks) FROM pg_stat_database"), 0)

    def start_run(self, replica):
        return json.loads(self.replicas["segmentation"][replica].cli(
            "rfm", "run", "--as-of", "2026-01-01", "--method", "quantile", "--rules", "growth-11",
            "--force", "--json").stdout)["run_id"]

    def test_each_run_is_done_once(self):
        runs = in_parallel([lambda i=i: self.start_run(i % 2) for i in range(6)])
        self.assertEqual(self.postgres.psql(
            "SELECT DISTINCT state, attempt_count FROM segmentation.rfm_run WHERE run_id IN ("
            + ", ".join(f"'{run}'" for run in runs) + ")"), "3|1\n")
        self.assertEqual(self.number(
            "SELECT COUNT(DISTINCT n) FROM (SELECT COUNT(*) AS n FROM segmentation.rfm_score"
            " GROUP BY run_no) AS c"), 1)

    def holder(self, service, lease):
        return replicas.NAMES.index(self.postgres.psql(
            f"SELECT holder FROM {service}.lease WHERE name = '{lease}'").strip())

    def test_the_other_goes_on_when_the_holder_of_the_leases_is_killed(self):
        for service in ("profile", "loyalty"):
            killed = self.holder(service, "sequencer")
            heir = self.replicas[service][1 - killed]
            since = time.monotonic()
            self.replicas[service][killed].kill()
            member = self.members[3]
            if service == "profile":
                heir.call(CUSTOMER_SERVICE + "CreateCustomer", {
                    "request_id": str(uuid.uuid4()),
                    "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
                    "customer": {"customer_id": "after-the-kill", "kind": "CUSTOMER_KIND_PERSON",
                                 "attributes": {"display_name": "After"}}})
            else:
                heir.call(LEDGER + "Adjust", {
                    "request_id": str(uuid.uuid4()), "customer_id": member, "points": 5,
                    "reason": "GOODWILL"})
            process.wait_until(
                lambda s=service: self.number(f"SELECT COUNT(*) FROM {s}.outbox") == 0,
                f"the other {service} moves events")
            self.assertLess(time.monotonic() - since, TAKE_OVER_SECONDS_MAX)
            self.assertEqual(self.holder(service, "sequencer"), 1 - killed)
            self.replicas[service][killed].start()
        self.assert_feeds_are_whole()
        self.assert_ledger_adds_up()

    def test_a_run_whose_process_is_killed_is_done_by_the_other(self):
        self.start_run(1)
        first, second = self.replicas["segmentation"]
        model = second.call(RFM + "ListRfmModels")["models"][0]["model_id"]
        with self.postgres.locked("segmentation.rfm_score"):
            run_id = first.call(RFM + "StartRun", {"model_id": model, "force": True,
                                                   "as_of_date": "2026-01-01"})["run_id"]
            attempts = f"SELECT attempt_count FROM segmentation.rfm_run WHERE run_id = '{run_id}'"
            process.wait_until(lambda: self.number(attempts) == 1, "the run is under way")
            self.assertEqual(self.holder("segmentation", "rfm_runs"), 0)
            first.kill()
            since = time.monotonic()
        process.wait_until(lambda: second.call(RFM + "GetRun", {"run_id": run_id})["job"]["state"]
                           == "JOB_STATE_SUCCEEDED", "the other does the run")
        self.assertLess(time.monotonic() - since, TAKE_OVER_SECONDS_MAX)
        self.assertEqual(self.number(attempts), 2)
        first.start()


class Limits(replicas.OnRedis):
    """What one principal may ask for, of two servers together (ADR 99)."""
    services = ("profile",)
    settings = {"limits__calls_per_second": 1, "limits__burst": BURST, **redis.PATIENT}

    def setUp(self):
        super().setUp()
        self.caller = self.enterContext(repeated.Caller())

    def admitted(self):
        """How many of the calls that go to both in turn, more than both would take alone, are let
        through, and how many more that may be for the time that has passed."""
        since = time.monotonic()
        count = 0
        for _ in range(2 * BURST):
            for answer in self.caller.call(CUSTOMER_SERVICE + "GetCustomer", {"customer_id": "none"},
                                           self.replicas["profile"], count=2):
                self.assertIn(answer.reasons, ({"CUSTOMER_NOT_FOUND"}, {"RATE_LIMITED"}))
                count += answer.reasons != {"RATE_LIMITED"}
        return count, math.ceil(time.monotonic() - since) + 1

    def test_a_principal_has_one_burst_at_both_together(self):
        count, more = self.admitted()
        # Each has at most a chunk that it has leased and not spent, or spent and not leased.
        self.assertGreaterEqual(count, BURST - 2 * CHUNK)
        self.assertLessEqual(count, BURST + 2 * CHUNK + more)

    def test_without_redis_it_has_one_at_each(self):
        self.redis.kill()
        count, more = self.admitted()
        self.assertGreaterEqual(count, 2 * BURST)
        self.assertLessEqual(count, 2 * (BURST + CHUNK + more))


if __name__ == "__main__":
    suite.main()
