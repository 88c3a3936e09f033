"""What is wrong with a PostgreSQL is said in a sentence, and what goes wrong later costs nothing."""
import os
import pathlib
import tempfile
import unittest
import uuid

from tests.support import postgres, process, suite
from tests.support.server import Server

CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
FUTURE = 9999
PASSWORD = "open sesame"


class Trouble(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())

    def profile(self, dsn=None, **settings):
        return self.enterContext(Server("profile", self.folder,
                                        database__url=dsn or self.postgres.dsn, **settings))

    def refused(self, server, *words):
        """Neither of them starts; both say why and end with 1."""
        for command in ("serve", "migrate"):
            done = server.run(command)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            for word in words:
                self.assertIn(word, done.stderr)
            self.assertNotIn(PASSWORD, done.stderr)

    def create(self, server, customer_id, expect=0):
        return server.call(CUSTOMER_SERVICE + "CreateCustomer", {
            "request_id": str(uuid.uuid5(uuid.NAMESPACE_URL, customer_id)),
            "origin": {"channel": "COLLECTION_CHANNEL_SYSTEM"},
            "customer": {"customer_id": customer_id, "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "C"}}}, expect=expect)

    def customers(self):
        return self.postgres.psql("SELECT customer_id FROM profile.customer ORDER BY 1").split()

    def test_a_wrong_address_name_or_password_is_a_sentence_and_exit_code_1(self):
        self.refused(self.profile("postgresql://?!"), "cannot be opened", "its URL")
        self.refused(self.profile(f"host={self.folder} dbname=x"), "no server answers there")
        self.refused(self.profile("postgresql://127.0.0.1:1/x"), "127.0.0.1:1",
                     "no server answers there")
        self.refused(self.profile(self.postgres.dsn.replace("dbname=postgres", "dbname=nowhere")),
                     "nowhere", "no database of that name")
        self.refused(self.profile(self.postgres.dsn + f" password='{PASSWORD}'"), "holds a password")
        self.postgres.psql(f"CREATE ROLE somebody LOGIN PASSWORD '{PASSWORD}'")
        wrong = os.path.join(self.folder, "wrong")
        pathlib.Path(wrong).write_text("not it\n", encoding="utf-8")
        dsn = self.postgres.dsn.replace("user=clientele ", "user=somebody ")
        self.refused(self.profile(dsn, database__password_file=wrong), "password")
        self.refused(self.profile(dsn, database__password_file=wrong + "-none"), "cannot be read")

    @staticmethod
    def unready(server):
        """What /readyz says once it says that the server is not ready."""
        def text():
            status, page = server.get("/readyz")
            return page if status == 503 else None
        return process.wait_until(text, "the server is unready")

    def test_a_schema_of_the_future_is_unready_until_it_fits(self):
        profile = self.profile()
        profile.migrate()
        profile.start()
        self.create(profile, "c-1")
        self.postgres.psql("INSERT INTO profile.schema_migration VALUES "
                           f"({FUTURE}, 'of_tomorrow', 'x', 0)")
        sentence = f"schema migration {FUTURE} of the database is unknown to this binary"
        self.assertIn(sentence, self.unready(profile))
        self.assertEqual(profile.stop(), 0)
        refused = profile.run("migrate")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(sentence, refused.stderr)
        profile.spawn()
        profile.wait_schema_pending()
        self.assertIn(sentence, self.unready(profile))
        self.postgres.psql(f"DELETE FROM profile.schema_migration WHERE version = {FUTURE}")
        profile.wait_ready()
        self.assertEqual(self.customers(), ["c-1"])

    def apply_next(self, version, readable_from, change):
        """What the next release's migrate does."""
        self.postgres.psql(
            f"INSERT INTO profile.schema_migration VALUES ({version}, 'of_tomorrow', 'x', 0);"
            f"INSERT INTO profile.schema_compatibility VALUES ({version}, {readable_from});"
            + change)

    def test_a_schema_of_the_next_release_is_served_until_it_leaves_this_one_behind(self):
        profile = self.profile()
        profile.migrate()
        profile.start()
        self.create(profile, "c-1")
        known = self.postgres.psql("SELECT MAX(version) FROM profile.schema_migration").strip()
        self.apply_next(FUTURE, known, "ALTER TABLE profile.customer ADD COLUMN nickname TEXT")
        self.create(profile, "c-2")
        self.assertEqual(profile.get("/readyz")[0], 200)
        # And back: the job of this release finds nothing to do, and its servers start.
        self.assertEqual(profile.stop(), 0)
        self.assertEqual(profile.pending(), "nothing to apply\n")
        profile.migrate()
        profile.start()
        self.create(profile, "c-3")
        self.assertEqual(self.customers(), ["c-1", "c-2", "c-3"])
        # Two releases on, what this one works with is gone.
        self.apply_next(FUTURE + 1, FUTURE, "SELECT 1")
        self.assertIn(f"schema migration {FUTURE + 1} of the database is unknown to this binary",
                      self.unready(profile))

    def test_a_standby_is_refused_until_it_is_promoted(self):
        self.profile().migrate()
        standby = self.enterContext(postgres.PrivatePostgres(primary=self.postgres))
        profile = self.profile(standby.dsn)
        self.refused(profile, "it takes no writes: a replica")
        self.postgres.stop()
        standby.psql("SELECT pg_promote()")
        profile.start()
        self.create(profile, "c-1")
        self.assertEqual(profile.get("/readyz")[0], 200)

    def test_a_server_that_takes_no_writes_for_a_while_is_unready_meanwhile(self):
        profile = self.profile()
        profile.migrate()
        profile.start()
        self.create(profile, "c-1")
        self.set_read_only("on")
        # The reconfiguration may end connections first: that it is away is said until it is back.
        process.wait_until(lambda: "the database takes no writes now" in profile.get("/readyz")[1],
                           "it is said that the database takes no writes")
        error = self.create(profile, "c-2", expect=1)["error"]
        self.assertEqual(error["code"], "UNAVAILABLE")
        self.assertTrue(any("retry_delay" in detail for detail in error["details"]), error)
        self.assertEqual(profile.get("/livez")[0], 200)
        self.assertEqual(self.profile().run("migrate").returncode, 1)
        self.set_read_only("off")
        process.wait_until(lambda: profile.get("/readyz")[0] == 200, "it is ready again")
        self.create(profile, "c-2")
        self.assertEqual(self.customers(), ["c-1", "c-2"])

    def set_read_only(self, value):
        """As whoever fails over does."""
        self.postgres.reconfigure(f"default_transaction_read_only = {value}")


if __name__ == "__main__":
    suite.main()
