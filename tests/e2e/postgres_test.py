"""The services on PostgreSQL, with a Redis behind their caches: the same figures as on SQLite, the
configuration, and the servers that are refused."""
import os
import re
import tempfile
import unittest
import uuid

from tests.support import postgres, process, redis, suite
from tests.support.server import Server

CUSTOMERS = 300
CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
PURCHASES = "clientele.profile.v1.PurchaseService/"
MEMBERS = "clientele.loyalty.v1.MemberService/"
LEDGER = "clientele.loyalty.v1.LedgerService/"
RFM = "clientele.segmentation.v1.RfmService/"
SCHEMAS = ["complaints", "loyalty", "profile", "segmentation"]
POINTS = 250
RESTARTS_MAX = 5


def private_postgres(**options):
    if not postgres.available():
        raise unittest.SkipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
    return postgres.PrivatePostgres(**options)


class FourServices(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        suite.run_cli("generate", "--customers", str(CUSTOMERS), "--seed", "7", "--out",
                      self.folder)
        self.server = self.enterContext(private_postgres())
        if not redis.available():
            self.skipTest(f"no {redis.PROGRAM}: run scripts/setup.sh")
        self.redis = self.enterContext(redis.PrivateRedis())

    def backends(self, dsn=None):
        return ["--postgres", dsn or self.server.dsn, "--redis", self.redis.address]

    def figures(self, s):
        """What an import leads to in every service."""
        imported = s.json("import", "purchases", "--format", "csv",
                          os.path.join(self.folder, "purchases.csv"))
        s.wait_caught_up()
        s.wait_caught_up(service="loyalty")
        run = s.json("rfm", "run", "--as-of", "2026-01-01", "--method", "quantile", "--rules",
                     "growth-11", "--force")
        scores = s.call(RFM + "ListScores", {"page_size": 1000})["scores"]
        balances = [s.call(LEDGER + "GetBalance", {"customer_id": score["customer_id"]})
                    for score in scores[:20]]
        return {
            "imported": {k: v for k, v in imported.items() if k != "seconds"},
            "segments": run["segments"],
            "scores": [{k: v for k, v in score.items() if "run" not in k} for score in scores],
            "points": [b["available"] for b in balances],
        }

    def give_points(self, s, customer_id):
        """Files a complaint and puts it right in points; returns how many the customer then has
        more."""
        def available():
            return int(s.call(LEDGER + "GetBalance", {"customer_id": customer_id})["available"])

        before = available()
        target = {"customer_id": customer_id, "complaint_id": "late-parcel"}
        s.call(COMPLAINTS + "FileComplaint", {"complaint": {
            **target, "channel": "COMPLAINT_CHANNEL_WEB", "type": "COMPLAINT_TYPE_DELIVERY",
            "severity": 2, "subject": "late"}})
        s.call(COMPLAINTS + "AcknowledgeComplaint", target)
        proposed = s.call(COMPLAINTS + "ProposeRemedy",
                          {**target, "kind": "REMEDY_KIND_POINTS", "points": POINTS})
        s.call(COMPLAINTS + "ApproveRemedy",
               {**target, "request_id": str(uuid.uuid4()),
                "remedy_id": proposed["remedies"][0]["remedy_id"]})
        process.wait_until(
            lambda: s.call(COMPLAINTS + "GetComplaint", target)["remedies"][0]["state"]
            == "REMEDY_STATE_EXECUTED", "the points arrive")
        return available() - before

    def validate(self, s, customer_id):
        """Asks profile what would be, in transactions in which PostgreSQL refuses any write."""
        customer = {"customer_id": customer_id}
        before = s.call(PURCHASES + "ListPurchases", customer)
        purchase = {**customer, "purchase_id": before["purchases"][0]["purchase_id"],
                    "validate_only": True}
        for method, request, state in (
                (PURCHASES + "RefundPurchase", {**purchase, "amount_minor": 1},
                 "PURCHASE_STATE_PARTIALLY_REFUNDED"),
                (PURCHASES + "CancelPurchase", purchase, "PURCHASE_STATE_CANCELLED"),
                (CUSTOMER_SERVICE + "DeleteCustomer", {**customer, "validate_only": True},
                 "CUSTOMER_STATE_DELETED")):
            answer = s.call(method, {**request, "request_id": str(uuid.uuid4())})
            self.assertEqual((answer["state"], answer["etag"]), (state, ""))
        self.assertEqual(s.call(PURCHASES + "ListPurchases", customer), before)
        self.assertEqual(s.call(CUSTOMER_SERVICE + "GetCustomer", customer)["state"],
                         "CUSTOMER_STATE_ACTIVE")

    def test_the_figures_are_those_of_sqlite(self):
        with suite.Suite() as s:
            on_sqlite = self.figures(s)
        for dsn in (self.server.dsn, self.server.make_citus_stand_in()):
            with self.subTest(dsn):
                self.check_figures(dsn, on_sqlite)

    def check_figures(self, dsn, on_sqlite):
        with suite.Suite(args=self.backends(dsn)) as s:
            on_postgres = self.figures(s)
            self.assertEqual(on_postgres, on_sqlite)
            self.assertGreater(len(on_postgres["scores"]), 0)
            customer_id = on_postgres["scores"][0]["customer_id"]
            self.assertEqual(self.give_points(s, customer_id), POINTS)
            self.validate(s, customer_id)
            self.assertEqual([name for name in os.listdir(s.data_dir) if name.endswith(".db")], [])
        self.assertEqual(postgres.psql(
            dsn, "SELECT schemaname FROM pg_tables WHERE tablename = 'schema_migration' ORDER BY 1")
            .split(), SCHEMAS)

    @staticmethod
    def cached_reads(s, ids):
        """The customers, their tiers and scores, of what the services keep in their caches."""
        tiers = s.call(MEMBERS + "BatchGetTiers", {"customer_ids": ids})["tiers"]
        return (s.call(CUSTOMER_SERVICE + "BatchGetCustomers", {"customer_ids": ids}),
                [{k: v for k, v in tier.items() if k != "as_of_time"} for tier in tiers],
                [s.call(RFM + "GetScore", {"customer_id": one}) for one in ids[:3]])

    def test_everything_is_there_after_a_restart_and_redis_answers(self):
        with suite.Suite(args=self.backends()) as s:
            ids = [score["customer_id"] for score in self.figures(s)["scores"]]
            before = self.cached_reads(s, ids[:50])
            for _ in range(RESTARTS_MAX):
                was_late = self.was_redis_late(s)
                s.stop()
                s.start()
                self.assertEqual(
                    [score["customer_id"] for score in
                     s.call(RFM + "ListScores", {"page_size": 1000})["scores"]], ids)
                self.assertEqual(self.cached_reads(s, ids[:50]), before)
                if not was_late and not self.was_redis_late(s):
                    break
            for service, count in (("profile", 50), ("loyalty", 50), ("segmentation", 3)):
                self.assertRegex(self.metrics(s), f"clientele_{service}_cache_reads_total"
                                                  f'{{[^}}]*source="shared"[^}}]*}} {count}\n')

    @staticmethod
    def metrics(s):
        ops = re.search(r"ops=(\S+)", s.ready_line).group(1)
        return process.get(ops, "/metrics")[1]

    def was_redis_late(self, s):
        """Whether Redis has not answered within its latency budget, which lets a service go on
        without it: then another restart shows what the reads behind it have put there."""
        return re.search(r"_cache_errors_total\{[^}]*} [1-9]", self.metrics(s)) is not None


class OneServer(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))

    def profile(self, dsn, **settings):
        return self.enterContext(Server("profile", self.folder, database__url=dsn, **settings))

    def refusal(self, dsn, **settings):
        done = self.profile(dsn, **settings).run("migrate")
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    def test_it_is_unready_until_its_schema_fits(self):
        with private_postgres() as server:
            profile = self.profile(server.dsn, database__schema="crm_profile")
            profile.spawn()
            profile.wait_schema_pending()
            status, text = profile.get("/readyz")
            self.assertEqual(status, 503)
            self.assertIn("run migrate", text)
            profile.migrate()
            profile.wait_ready()
            self.assertEqual(profile.get("/readyz")[0], 200)
            self.assertEqual(profile.stop(), 0)

    def test_its_settings_hide_where_the_password_is(self):
        password_file = os.path.join(self.folder, "db-password")
        with open(password_file, "w", encoding="utf-8") as file:
            file.write("hunter2\n")
        checked = self.profile("postgresql://somebody@db.example/clientele",
                               database__password_file=password_file).run("check-config")
        self.assertIn("pool_size: 16", checked.stdout)
        for hidden in ("hunter2", "db.example", password_file):
            self.assertNotIn(hidden, checked.stdout)
        checked = self.profile("postgresql://somebody:hunter2@db.example/clientele").run(
            "check-config")
        self.assertEqual((checked.returncode, checked.stdout), (1, ""))
        self.assertIn("its URL holds a password", checked.stderr)
        self.assertNotIn("hunter2", checked.stderr)

    def test_a_key_that_is_not_there_is_not_replaced_by_a_new_one(self):
        with private_postgres() as server:
            profile = self.profile(server.dsn)
            profile.migrate()
            missing = os.path.join(self.folder, "missing")
            for settings, reason in (({"key_file": missing}, f"there is no key file {missing}; "),
                                     ({"key_file": ""}, "key_file is missing: database.url ")):
                profile.settings.update(settings)
                for command in ("serve", "check-config"):
                    with self.subTest(settings=settings, command=command):
                        done = profile.run(command)
                        self.assertEqual(done.returncode, 1)
                        self.assertIn(reason, done.stderr)
            self.assertFalse(os.path.exists(missing))

    def test_replicas_on_one_machine_need_no_folder(self):
        with private_postgres() as server:
            first = self.profile(server.dsn)
            first.migrate()
            first.start()
            logs = os.path.join(self.folder, "second")
            os.mkdir(logs)
            second = self.enterContext(Server("profile", logs, **{
                key.replace(".", "__"): value for key, value in first.settings.items()
                if key not in ("grpc.address", "ops.port")}, replica_name="second"))
            self.assertEqual(second.settings["data_dir"], first.data_dir)
            self.assertEqual(second.start().get("/readyz")[0], 200)
            self.assertFalse(os.path.exists(first.data_dir))
            # And who starts the same one twice hears of its port.
            self.assertEqual(second.stop(), 0)
            for settings in ({"grpc.address": first.address, "ops.port": "0"},
                             {"grpc.address": "127.0.0.1:0",
                              "ops.port": first.ops_address.rpartition(":")[2]}):
                second.settings.update(settings)
                refused = second.run("serve")
                self.assertEqual(refused.returncode, 1)
                self.assertRegex(refused.stderr, "cannot listen on .*taken by another program")

    def test_a_password_that_is_missing_is_said_to_be_and_whose(self):
        with private_postgres() as server:
            server.psql("CREATE ROLE reader LOGIN PASSWORD 'open sesame'")
            server.psql("CREATE ROLE maker LOGIN PASSWORD 'open sesame'")
            reader, maker = (server.dsn.replace("user=clientele ", f"user={role} ")
                             + " passfile=/dev/null" for role in ("reader", "maker"))
            profile = self.profile(reader)
            self.assertIn("the server wants a password of the user reader: set "
                          "database.password_file\n", profile.run("serve").stderr)
            self.assertIn("user reader: set database.password_file\n", profile.run("migrate").stderr)
            profile.settings["database.migrate_url"] = maker
            self.assertIn("user maker: set database.migrate_password_file\n",
                          profile.run("migrate").stderr)
            up = suite.run_cli("up", "--data-dir", self.folder, "--ports", "0", "--postgres",
                               reader, expect=1)
            self.assertIn("user reader: set $PGPASSWORD", up.stderr)

    def test_servers_that_could_lose_or_mix_up_something_are_refused(self):
        with private_postgres(settings=["fsync=off"]) as server:
            self.assertIn("its fsync is off", self.refusal(server.dsn))
        with private_postgres() as server:
            server.psql("CREATE DATABASE dictionary TEMPLATE template0 LOCALE 'C' "
                        "LOCALE_PROVIDER icu ICU_LOCALE 'en'")
            refused = self.refusal(server.dsn + " dbname=dictionary")
            self.assertIn("ordered by the locale of ICU; make the database with LOCALE_PROVIDER "
                          "libc and the locale C or C.UTF-8", refused)
            server.psql("CREATE DATABASE latin TEMPLATE template0 LOCALE 'C' ENCODING 'LATIN1'")
            self.assertIn("its encoding is LATIN1", self.refusal(server.dsn + " dbname=latin"))

    def test_a_wrong_address_says_so(self):
        self.assertIn("no server answers there", self.refusal(f"host={self.folder} dbname=x"))


if __name__ == "__main__":
    suite.main()
