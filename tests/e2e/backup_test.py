"""Backing up, losing everything, restoring: docs/backup.md as an operator follows it.

On PostgreSQL the dump is taken while refunds come in, so it holds some of them: what came after it
is lost, and nothing else. The ledger must verify, the feeds go on, the caches must not show what is
gone, a request from before the dump must be answered as it was, and taking the same files in again
must bring back every figure.
"""
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import uuid

from tests.support import postgres, redis, suite

CUSTOMERS = 400
ASKED_FOR_POINTS = 40
LEDGER = "clientele.loyalty.v1.LedgerService/"
RFM = "clientele.segmentation.v1.RfmService/"
CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
# Members whose balance is not what their entries and their lots add up to.
LEDGER_DOES_NOT_VERIFY = """
    SELECT COUNT(*) FROM loyalty.member m WHERE m.available <>
      (SELECT COALESCE(SUM(CASE WHEN e.credit_account = 1 THEN e.points ELSE -e.points END), 0)
       FROM loyalty.ledger_entry e WHERE e.customer_id = m.customer_id)
    OR m.available + m.debt <> (SELECT COALESCE(SUM(l.remaining), 0) FROM loyalty.lot l
       WHERE l.customer_id = m.customer_id)"""


class Backup(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        suite.run_cli("generate", "--customers", str(CUSTOMERS), "--seed", "11", "--out",
                      self.folder)

    def take_in(self, s, kind):
        s.json("import", kind, "--format", "csv", os.path.join(self.folder, f"{kind}.csv"))

    @staticmethod
    def await_all(s):
        s.wait_caught_up()
        s.wait_caught_up(service="loyalty")

    @staticmethod
    def adjust(s, customer_id, request_id, points):
        return s.call(LEDGER + "Adjust", {"customer_id": customer_id, "request_id": request_id,
                                          "points": points, "reason": "GOODWILL"})

    def figures(self, s):
        """What everything that was taken in has led to."""
        self.await_all(s)
        run = s.json("rfm", "run", "--as-of", "2026-01-01", "--method", "quantile", "--rules",
                     "growth-11", "--force")
        scores = s.call(RFM + "ListScores", {"page_size": 1000})["scores"]
        self.assertGreater(len(scores), CUSTOMERS // 2)
        return {
            "segments": run["segments"],
            "scores": [{k: v for k, v in score.items() if "run" not in k} for score in scores],
            "points": {score["customer_id"]: s.call(
                LEDGER + "GetBalance", {"customer_id": score["customer_id"]})["available"]
                       for score in scores[:ASKED_FOR_POINTS]},
        }

    def rename(self, s, customer_id, name):
        s.call(CUSTOMER_SERVICE + "UpdateCustomer", {
            "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "update_mask": "attributes.givenName",
            "customer": {"customer_id": customer_id, "attributes": {"given_name": name}}})

    @staticmethod
    def name_of(s, customer_id):
        got = s.call(CUSTOMER_SERVICE + "GetCustomer", {"customer_id": customer_id})
        return got.get("attributes", {}).get("given_name", "")

    def dump(self, server):
        file = os.path.join(self.folder, "clientele.dump")
        subprocess.run([postgres.BIN / "pg_dump", "-Fc", "-f", file, server.dsn], check=True)
        return file

    def test_what_was_dumped_from_postgresql_is_there_again(self):
        if not postgres.available() or not redis.available():
            self.skipTest("no PostgreSQL or no Redis: run scripts/setup.sh")
        cache = self.enterContext(redis.PrivateRedis())
        data = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        before, after = str(uuid.uuid4()), str(uuid.uuid4())

        # 1. A dump is taken while the suite works, and then more is written.
        with postgres.PrivatePostgres() as lost:
            with suite.Suite(data, ["--postgres", lost.dsn, "--redis", cache.address]) as s:
                self.take_in(s, "purchases")
                self.await_all(s)
                somebody = s.call(CUSTOMER_SERVICE + "ListCustomers",
                                  {"page_size": 1})["customers"][0]["customer_id"]
                self.rename(s, somebody, "Kept")
                answer = self.adjust(s, somebody, before, 70)
                importing = threading.Thread(target=self.take_in, args=(s, "refunds"))
                importing.start()
                dump = self.dump(lost)
                importing.join()
                self.rename(s, somebody, "Gone")
                self.adjust(s, somebody, after, 5)
                self.assertEqual(self.name_of(s, somebody), "Gone")  # Redis keeps it now
                figures = self.figures(s)

        # 2. The server is gone with its disk; another one gets the dump, and Redis is emptied.
        restored = self.enterContext(postgres.PrivatePostgres())
        subprocess.run([postgres.BIN / "pg_restore", "--exit-on-error", "-d", restored.dsn, dump],
                       check=True)
        self.assertEqual(restored.psql(LEDGER_DOES_NOT_VERIFY).strip(), "0")
        self.assertEqual(cache.command("FLUSHDB"), "+OK")

        # 3. It goes on where the dump was, and taking everything in again brings back the rest.
        with suite.Suite(data, ["--postgres", restored.dsn, "--redis", cache.address]) as s:
            self.assertEqual(self.name_of(s, somebody), "Kept")
            self.assertEqual(self.adjust(s, somebody, before, 70), answer)
            self.adjust(s, somebody, after, 5)
            self.take_in(s, "purchases")
            self.take_in(s, "refunds")
            self.assertEqual(self.figures(s), figures)
        self.assertEqual(restored.psql(LEDGER_DOES_NOT_VERIFY).strip(), "0")
        restored.psql(f"UPDATE loyalty.member SET available = available + 1 "
                      f"WHERE customer_id = '{somebody}'")
        self.assertEqual(restored.psql(LEDGER_DOES_NOT_VERIFY).strip(), "1", "it finds a defect")

    def test_a_data_folder_is_copied_while_nothing_runs_on_it(self):
        kept = os.path.join(self.folder, "kept")
        before = str(uuid.uuid4())
        with suite.Suite() as s:
            self.take_in(s, "purchases")
            self.await_all(s)
            somebody = s.call(CUSTOMER_SERVICE + "ListCustomers",
                              {"page_size": 1})["customers"][0]["customer_id"]
            answer = self.adjust(s, somebody, before, 70)
            self.assertEqual(s.stop(), 0)
            shutil.copytree(s.data_dir, kept)
            s.start()
            self.take_in(s, "refunds")
            figures = self.figures(s)
        with suite.Suite(kept) as s:
            self.assertEqual(self.adjust(s, somebody, before, 70), answer)
            self.take_in(s, "refunds")
            self.assertEqual(self.figures(s), figures)


if __name__ == "__main__":
    suite.main()
