"""The key and the key-encryption keys of a real server: which it takes, which it refuses, and what is
left without a customer's own key."""
import os
import sqlite3
import tempfile
import unittest

from tests.support import postgres
from tests.support.server import CALLED, Server, make_kek, make_key

CUSTOMERS = "clientele.profile.v1.CustomerService/"
ORIGIN = {"channel": "COLLECTION_CHANNEL_SURVEY"}


class Encryption(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))

    def profile(self, **settings):
        server = self.enterContext(Server("profile", self.folder, **settings))
        server.migrate()
        return server

    def kek(self, name):
        """The path of a file with a key of its own."""
        folder = os.path.join(self.folder, name)
        os.mkdir(folder)
        return make_kek(folder)

    @staticmethod
    def create(server):
        server.call(CUSTOMERS + "CreateCustomer", {"origin": ORIGIN, "customer": {
            "customer_id": "c-1", "attributes": {"given_name": "Zoë"},
            "identifiers": [{"type": "IDENTIFIER_TYPE_EMAIL", "value": "zoe@example.org"}]}})

    def assert_knows(self, server):
        read = server.call(CUSTOMERS + "GetCustomer", {"customer_id": "c-1"})
        self.assertEqual(read["attributes"]["given_name"], "Zoë")

    def assert_refuses(self, server, *words):
        done = server.run("serve")
        self.assertNotEqual(done.returncode, 0)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_a_key_is_made_beside_an_sqlite_file_and_no_other_is_taken(self):
        server = self.profile().start()
        self.create(server)
        self.assertEqual(server.stop(), 0)
        made = os.path.join(server.data_dir, "kek")
        self.assertEqual(os.stat(made).st_mode & 0o777, 0o600)
        server.settings["encryption.kek_file"] = self.kek("other")
        self.assert_refuses(server, "key-encryption key", "encryption.kek_file")
        server.settings["encryption.kek_file"] = os.path.join(self.folder, "nowhere")
        self.assert_refuses(server, "there is no key file", "nowhere")
        del server.settings["encryption.kek_file"]
        self.assert_knows(server.start())

    def check_takes_no_other_key(self, server):
        """Of a server on a database that one with the key `server` has now has served."""
        other = os.path.join(self.folder, f"other-{server.service}")
        os.makedirs(other, exist_ok=True)
        own = server.settings.get("key_file")
        server.settings["key_file"] = make_key(other)
        self.assert_refuses(server, f"the key in {other}/key is not the one that this database",
                            "bring back the key", "docs/backup.md")
        server.settings["key_file"] = own
        if own is None:
            del server.settings["key_file"]

    def test_every_service_keeps_to_its_key_and_makes_no_other_beside_an_sqlite_file(self):
        for service in CALLED:
            with self.subTest(service):
                server = self.enterContext(Server(service, self.folder))
                server.migrate()
                self.assertEqual(server.start().stop(), 0)
                self.check_takes_no_other_key(server)
                key, saved = (os.path.join(server.data_dir, name) for name in ("key", "saved"))
                os.rename(key, saved)
                self.assert_refuses(server, f"there is no key file {key}, but ", "docs/backup.md")
                self.assertFalse(os.path.exists(key))
                os.rename(saved, key)
                self.assertEqual(server.start().stop(), 0)

    def test_every_service_keeps_to_its_key_on_postgresql(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        database = self.enterContext(postgres.PrivatePostgres())
        for service in CALLED:
            with self.subTest(service):
                server = self.enterContext(Server(service, self.folder, database__url=database.dsn))
                server.migrate()
                self.assertEqual(server.start().stop(), 0)
                self.check_takes_no_other_key(server)
                # As before this release: who starts first is believed.
                database.psql(f"DELETE FROM {service}.key_fingerprint")
                self.assertEqual(server.start().stop(), 0)
                self.check_takes_no_other_key(server)

    def test_a_new_key_is_put_before_the_old_one(self):
        old = self.kek("old")
        server = self.profile(encryption__kek_file=old).start()
        self.create(server)
        self.assertEqual(server.stop(), 0)
        with open(old, "r+", encoding="ascii") as file, \
                open(self.kek("new"), encoding="ascii") as new:
            lines = new.read().replace("k-1", "k-2") + file.read()
            file.seek(0)
            file.write(lines)
        self.assert_knows(server.start())

    def test_with_postgresql_somebody_must_have_decided_on_the_keys(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        database = self.enterContext(postgres.PrivatePostgres())
        server = self.profile(database__url=database.dsn, encryption__kek_file="")
        self.assert_refuses(server, "encryption.kek_file is missing")
        checked = server.run("check-config")
        self.assertIn("encryption.kek_file is missing", checked.stderr)
        self.assertNotEqual(checked.returncode, 0)

    def test_nobody_reads_a_customer_whose_key_is_gone(self):
        server = self.profile().start()
        self.create(server)
        self.assertEqual(server.stop(), 0)
        database = sqlite3.connect(os.path.join(server.data_dir, "profile.db"))
        self.assertEqual(database.execute("DELETE FROM customer_key").rowcount, 1)
        database.commit()
        database.close()
        server.start()
        read = server.call(CUSTOMERS + "GetCustomer", {"customer_id": "c-1"})
        self.assertEqual(read["attributes"]["given_name"], "")
        self.assertFalse(read.get("identifiers"))
        fact = server.call(CUSTOMERS + "ListFacts", {"customer_id": "c-1"})["facts"][0]
        self.assertTrue(fact["erased"])
        self.assertFalse(fact.get("value"))


if __name__ == "__main__":
    unittest.main()
