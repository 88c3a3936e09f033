"""profile and segmentation as separate processes, as they are deployed: their subcommands, their
configuration, and what each does while the other is away."""
import json
import os
import re
import select
import subprocess
import tempfile
import unittest
import uuid

from tests.support import process, suite
from tests.support.server import Server, make_key, wait_caught_up

HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
RFM = "clientele.segmentation.v1.RfmService/"
CUSTOMERS = "clientele.profile.v1.CustomerService/"
SERVICES = ("profile", "segmentation")
LAG_SECONDS = re.compile(r"^clientele_segmentation_feed_lag_seconds\{.*\} (\S+)$", re.MULTILINE)


class SeparateServers(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def server(self, service, **settings):
        return self.enterContext(Server(service, self.folder, **settings))

    def pair(self):
        """Both servers, migrated and ready, segmentation following profile."""
        profile = self.server("profile")
        profile.migrate()
        profile.start()
        segmentation = self.server("segmentation", profile__address=profile.address)
        segmentation.migrate()
        segmentation.start()
        return profile, segmentation

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def import_orders(self, profile, first, count, expect=0):
        """Imports orders of 10.00 EUR, numbered from `first`, each of a customer of its own."""
        rows = "".join(f"o-{i},c-{i},2026-01-01,EUR,s,c,1,10.00\n"
                       for i in range(first, first + count))
        done = profile.cli("import", "purchases", "--format", "csv",
                           self.file("orders.csv", HEADER + rows), "--json", expect=expect)
        return json.loads(done.stdout) if expect == 0 else done

    def scored(self, segmentation):
        """Customers and revenue of a new run."""
        run = json.loads(segmentation.cli("rfm", "run", "--as-of", "2026-02-01", "--method",
                                          "quantile", "--rules", "growth-11", "--force",
                                          "--json").stdout)
        return run["customers"], sum(s["revenue_minor"] for s in run["segments"])

    def test_purchases_go_in_at_profile_and_scores_come_out_of_segmentation(self):
        profile, segmentation = self.pair()
        imported = self.import_orders(profile, 0, 50)
        self.assertEqual((imported["orders_imported"], imported["customers_created"]), (50, 50))
        wait_caught_up(profile, segmentation)
        self.assertEqual(self.scored(segmentation), (50, 50_000))
        shown = json.loads(segmentation.cli("rfm", "show", "csv-c-7", "--json").stdout)
        self.assertEqual((shown["customer_id"], shown["monetary_minor"]), ("csv-c-7", 1000))
        # A command that asks both finds them as it finds the servers of `clientele up`.
        self.file("endpoints.json", json.dumps({"profile": profile.address,
                                                "segmentation": segmentation.address}))
        shown = json.loads(suite.run_cli("rfm", "show", "c-7", "--json", "--data-dir",
                                         self.folder).stdout)
        self.assertEqual(shown["customer_id"], "csv-c-7")
        # Each serves its own API and not the other's.
        wrong = segmentation.call(CUSTOMERS + "GetCustomer", {"customer_id": "csv-c-7"}, expect=1)
        self.assertIn("clientele.profile.v1.CustomerService", wrong["error"]["message"])
        self.assertEqual([profile.stop(), segmentation.stop()], [0, 0])

    def test_a_server_without_its_schema_is_alive_and_says_what_is_missing(self):
        for service in SERVICES:
            with self.subTest(service):
                server = self.server(service)
                server.spawn()
                server.wait_schema_pending()
                self.assertEqual(server.get("/livez"), (200, "ok\n"))
                self.assertEqual(server.get("/startupz"), (503, "starting\n"))
                status, text = server.get("/readyz")
                self.assertEqual(status, 503)
                self.assertIn("[-]started failed: starting\n", text)
                self.assertRegex(text, rf"\[-\]{service}\.schema failed: the schema is at version "
                                       r"0, \d+ is needed; run migrate\n")
                mismatch = (f'\nclientele_{service}_schema_mismatch'
                            f'{{clientele_service="{service}"}} ')
                self.assertIn(mismatch + "1\n", server.get("/metrics")[1])
                server.migrate()
                server.wait_ready()
                self.assertIn(mismatch + "0\n", server.get("/metrics")[1])
                status, text = server.get("/readyz")
                self.assertEqual((status, "[-]" in text), (200, False), text)
                self.assertIn(f"[+]{service}.schema ok\n", text)
                refused = server.run("migrate")
                self.assertEqual(refused.returncode, 1)
                self.assertIn(server.data_dir, refused.stderr)
                self.assertEqual(server.stop(), 0)
                server.migrate()  # a second time changes nothing

    def test_probe_answers_for_a_server_that_serves_and_for_no_other(self):
        profile, segmentation = self.pair()
        self.assertEqual((profile.probe(), segmentation.probe()), (0, 0))
        profile.stop()
        gone = profile.run("probe")
        self.assertEqual(gone.returncode, 1)
        self.assertIn(profile.address, gone.stderr)
        self.assertEqual(segmentation.probe(), 0)

    def test_a_consumer_that_never_reached_its_source_falls_behind_for_all_to_see(self):
        segmentation = self.server("segmentation", profile__address="127.0.0.1:9")
        segmentation.migrate()
        segmentation.start()

        def lag_seconds():
            shown = LAG_SECONDS.search(segmentation.get("/metrics")[1])
            return float(shown[1]) if shown else 0

        first = process.wait_until(lag_seconds, "the time is shown")
        process.wait_until(lambda: lag_seconds() > first, "the time grows")
        self.assertNotIn("\nclientele_segmentation_feed_lag_events{",
                         segmentation.get("/metrics")[1])

    def test_segmentation_goes_on_while_profile_is_killed_and_catches_up_when_it_returns(self):
        profile, segmentation = self.pair()
        self.import_orders(profile, 0, 50)
        wait_caught_up(profile, segmentation)
        self.assertEqual(self.scored(segmentation), (50, 50_000))
        profile.kill()
        failed = self.import_orders(profile, 50, 10, expect=1)
        self.assertIn("UNAVAILABLE", failed.stderr)
        self.assertEqual(segmentation.get("/readyz")[0], 200)
        self.assertEqual(segmentation.call(RFM + "GetScore", {"customer_id": "csv-c-7"})
                         ["monetary_minor"], 1000)
        self.assertEqual(self.scored(segmentation), (50, 50_000))
        profile.start()
        self.assertEqual(self.import_orders(profile, 40, 30)["orders_imported"], 20)
        wait_caught_up(profile, segmentation)
        self.assertEqual(self.scored(segmentation), (70, 70_000))
        # The other way round, and segmentation first: it waits for profile.
        segmentation.kill()
        self.import_orders(profile, 70, 10)
        self.assertEqual(profile.stop(), 0)
        segmentation.start()
        self.assertEqual(self.scored(segmentation), (70, 70_000))
        profile.start()
        wait_caught_up(profile, segmentation)
        self.assertEqual(self.scored(segmentation), (80, 80_000))
        self.assertEqual([profile.stop(), segmentation.stop()], [0, 0])

    def test_a_stopping_server_says_so_and_serves_until_its_drain_delay_is_over(self):
        profile = self.server("profile", drain_delay="5s")
        profile.migrate()
        profile.start()
        watch = subprocess.Popen([suite.binary(), "watch", "profile", "--server", profile.address],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 text=True, preexec_fn=process.die_with_parent)
        self.addCleanup(watch.communicate)
        self.addCleanup(watch.kill)
        process.wait_until(lambda: self.open_watches(profile) == 1, "the stream is open")
        profile.server.terminate()
        status, text = process.wait_until(
            lambda: self.unready(profile), "readyz says that the server stops")
        self.assertIn("[-]serving failed: shutting down\n", text)
        self.assertEqual(status, 503)
        self.assertEqual(profile.get("/livez")[0], 200)
        self.assertEqual(profile.call(CUSTOMERS + "ListCustomers")["customers"], [])
        # An open stream does not hold it up, and its caller goes on with the next server.
        self.assertEqual(profile.server.wait(), 0)
        profile.start()
        profile.call(CUSTOMERS + "CreateCustomer", {
            "request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": "c-1", "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "C"}}})
        self.assertTrue(select.select([watch.stdout], [], [], process.STEP_SECONDS_MAX)[0],
                        "the watch tells of the customer")
        event = json.loads(watch.stdout.readline())
        self.assertEqual((event["customer_id"], event["position"]), ("c-1", 1))

    @staticmethod
    def open_watches(server):
        """How many calls of WatchEvents a server has got."""
        return int(re.search(r'^grpc_server_started_total\{.*"WatchEvents".*\} (\d+)$',
                             server.get("/metrics")[1], re.MULTILINE).group(1))

    @staticmethod
    def unready(server):
        status, text = server.get("/readyz")
        return (status, text) if status != 200 else None


class Configuration(unittest.TestCase):

    GOOD = """
data_dir: {folder}
key_file: {key_file}
log:
  level: warn
executor:
  threads: 3
"""
    # What is wrong with a file: what the sentence must say.
    BAD = {
        "executor:\n  thread: 3\n": ["config.yaml:2", "executor.threads"],
        "executor:\n  threads: many\n": ["config.yaml:2", "executor.threads"],
        "log:\n  level: loud\n": ["config.yaml:2", "warn"],
        "executor:\n  threads: 100000\n": ["config.yaml:2", "1024"],
        "idempotency:\n  retention: 1h\n": ["config.yaml:2", "168h"],
        "log: [level\n": ["config.yaml"],
    }

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "config.yaml")

    def check(self, service, text, command="check-config", **environment):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        binary = Server(service, self.folder).command("x")[0]
        return subprocess.run([binary, command, "--config", self.path], capture_output=True,
                              text=True, timeout=process.STEP_SECONDS_MAX,
                              env={**os.environ, **environment})

    def test_a_good_file_is_printed_with_its_secrets_redacted(self):
        for service in SERVICES:
            with self.subTest(service):
                variable = f"CLIENTELE_{service.upper()}_EXECUTOR_THREADS"
                key_file = make_key(self.folder)
                text = self.GOOD.format(folder=self.folder, key_file=key_file)
                done = self.check(service, text, **{variable: "5"})
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn(f'\ndata_dir: "{self.folder}"\n', done.stdout)
                self.assertIn('\n  level: "warn"\n', done.stdout)
                self.assertIn("\n  threads: 5\n", done.stdout)
                self.assertNotIn(key_file, done.stdout)

    def test_a_bad_file_is_a_sentence_and_nothing_starts(self):
        for service in SERVICES:
            for text, expected in self.BAD.items():
                for command in ("check-config", "serve", "migrate"):
                    with self.subTest(service=service, text=text, command=command):
                        data_dir = os.path.join(self.folder, "data")
                        done = self.check(service, f"{text}data_dir: {data_dir}\n", command)
                        self.assertEqual((done.returncode, done.stdout), (1, ""))
                        for words in expected:
                            self.assertIn(words, done.stderr)
                        self.assertFalse(os.path.exists(data_dir))

    def test_a_missing_file_and_an_unknown_variable_are_sentences(self):
        binary = Server("profile", self.folder).command("x")[0]
        missing = subprocess.run([binary, "check-config", "--config", "/no/such.yaml"],
                                 capture_output=True, text=True)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/no/such.yaml", missing.stderr)
        unknown = self.check("profile", "", CLIENTELE_PROFILE_EXECUTOR_THREAD="3")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("CLIENTELE_PROFILE_EXECUTOR_THREAD", unknown.stderr)


if __name__ == "__main__":
    suite.main()
