"""Backing up, losing everything, restoring: docs/backup.md as an operator follows it, with the very
commands of the page.

On PostgreSQL the dump is taken while refunds come in, so it holds some of them: what came after it
is lost, and nothing else. The ledger must verify, the feeds go on, the caches must not show what is
gone, a request from before the dump must be answered as it was, and taking the same files in again
must bring back every figure.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import textwrap
import threading
import unittest
import unittest.mock
import uuid

from tests.support import postgres, redis, suite

PAGE = suite.ROOT / "docs/backup.md"
BLOCK = re.compile(r"^( *)```\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# Who a command of the page connects as and to which database.
ADDRESS = re.compile(r"postgresql://(\w+)@db/(\w+)")
SUPERUSER = "admin"  # the page's
ROLES = ("clientele_owner", "clientele_profile", "clientele_segmentation", "clientele_loyalty",
         "clientele_complaints")
# A database without a word about its locale would have this one, which the servers refuse.
OF_ANOTHER_LOCALE = ("--locale-provider=icu", "--icu-locale=en-US")
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
        self.make_passwords()

    def make_passwords(self):
        """A file for each role, as on the page, and for the programs that connect as one."""
        self.secrets = pathlib.Path(self.folder, "secrets")
        self.secrets.mkdir()
        lines = []
        for name in (*ROLES, "postgres"):
            password = uuid.uuid4().hex
            (self.secrets / name).write_text(password, encoding="utf-8")
            lines.append(f"*:*:*:{name}:{password}\n")
        passfile = self.secrets / "passfile"
        passfile.write_text("".join(lines), encoding="utf-8")
        passfile.chmod(0o600)
        self.enterContext(unittest.mock.patch.dict(os.environ, PGPASSFILE=str(passfile)))

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

    @staticmethod
    def dsn(server, role, database="clientele"):
        return f"host={server.folder} user={role} dbname={database}"

    def do_as_the_page_says(self, server, command):
        """Runs the page's blocks that have the command; a dump is in the test's folder. Returns
        what they print."""
        blocks = [textwrap.dedent(block) for _, block in BLOCK.findall(
            PAGE.read_text(encoding="utf-8")) if f" {command} " in block]
        self.assertTrue(blocks, command)
        script = ADDRESS.sub(lambda found: f"'{self.dsn(server, *found.groups())}'",
                             "".join(blocks))
        for name, here in (("PGHOST=db", f"PGHOST={server.folder}"),
                           ("SECRETS", str(self.secrets)),
                           ("clientele.dump", os.path.join(self.folder, "clientele.dump"))):
            script = script.replace(name, here)
        return subprocess.run(
            ["bash", "-eu"], input=script, check=True, cwd=suite.ROOT, text=True,
            stdout=subprocess.PIPE,
            env={**os.environ, "PGPASSFILE": os.devnull,  # the page gives the passwords itself
                 "PATH": f"{postgres.BIN}:{os.environ['PATH']}"}).stdout

    def verify_as_the_page_says(self, s):
        lines = re.findall(r"^ *clientele (.*verify.*)$", PAGE.read_text(encoding="utf-8"),
                           re.MULTILINE)
        self.assertTrue(lines)
        for line in lines:
            s.run(*shlex.split(line))

    def new_database(self):
        """A server with the page's superuser, the database and the roles; each comes in by its
        password."""
        server = self.enterContext(postgres.PrivatePostgres(initdb_options=OF_ANOTHER_LOCALE))
        password = (self.secrets / "postgres").read_text(encoding="utf-8")
        server.psql(f"CREATE ROLE {SUPERUSER} LOGIN SUPERUSER PASSWORD '{password}'")
        self.do_as_the_page_says(server, "createdb")
        self.assertRegex(self.do_as_the_page_says(server, "psql"),
                         r"(?m)^ clientele +\| \w+ +\| UTF8 +\| C.UTF-8 .*\| libc ")
        return server

    def test_what_was_dumped_from_postgresql_is_there_again(self):
        if not postgres.available() or not redis.available():
            self.skipTest("no PostgreSQL or no Redis: run scripts/setup.sh")
        cache = self.enterContext(redis.PrivateRedis())
        data = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        before, after = str(uuid.uuid4()), str(uuid.uuid4())

        # 1. A dump is taken while the suite works, and then more is written.
        lost = self.new_database()
        with suite.Suite(data, ["--postgres", self.dsn(lost, "clientele_owner"),
                                "--redis", cache.address]) as s:
            self.take_in(s, "purchases")
            self.await_all(s)
            somebody = s.call(CUSTOMER_SERVICE + "ListCustomers",
                              {"page_size": 1})["customers"][0]["customer_id"]
            self.rename(s, somebody, "Kept")
            answer = self.adjust(s, somebody, before, 70)
            importing = threading.Thread(target=self.take_in, args=(s, "refunds"))
            importing.start()
            self.do_as_the_page_says(lost, "pg_dump")
            importing.join()
            self.rename(s, somebody, "Gone")
            self.adjust(s, somebody, after, 5)
            self.assertEqual(self.name_of(s, somebody), "Gone")  # Redis keeps it now
            figures = self.figures(s)
        lost.stop()

        # 2. The server is gone with its disk; another one gets the dump, and Redis is emptied.
        restored = self.new_database()
        self.do_as_the_page_says(restored, "pg_restore")
        owner = self.dsn(restored, "clientele_owner")
        self.assertEqual(postgres.psql(owner, LEDGER_DOES_NOT_VERIFY).strip(), "0")
        for service, table in (("profile", "customer"), ("loyalty", "member")):
            seen = postgres.psql(self.dsn(restored, f"clientele_{service}"),
                                 f"SELECT COUNT(*) FROM {service}.{table}")
            self.assertGreater(int(seen), 0, f"{service} may read what was restored")
        self.assertEqual(cache.command("FLUSHDB"), "+OK")

        # 3. It goes on where the dump was, and taking everything in again brings back the rest.
        with suite.Suite(data, ["--postgres", owner, "--redis", cache.address]) as s:
            self.assertEqual(self.name_of(s, somebody), "Kept")
            self.assertEqual(self.adjust(s, somebody, before, 70), answer)
            self.adjust(s, somebody, after, 5)
            self.take_in(s, "purchases")
            self.take_in(s, "refunds")
            self.assertEqual(self.figures(s), figures)
            self.verify_as_the_page_says(s)
        self.assertEqual(postgres.psql(owner, LEDGER_DOES_NOT_VERIFY).strip(), "0")
        postgres.psql(owner, f"UPDATE loyalty.member SET available = available + 1 "
                             f"WHERE customer_id = '{somebody}'")
        self.assertEqual(postgres.psql(owner, LEDGER_DOES_NOT_VERIFY).strip(), "1",
                         "it finds a defect")

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
            self.verify_as_the_page_says(s)


if __name__ == "__main__":
    suite.main()
