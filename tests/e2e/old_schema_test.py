"""A server on the data of an earlier release: it says which version it needs, is alive and not ready,
and changes nothing until somebody runs `migrate`."""
import os
import tempfile
import unittest

from tests.support import postgres, suite
from tests.support.release import SERVICES, Release
from tests.support.server import Server

PREVIOUS = "bfe4563"


class OldSchema(unittest.TestCase):

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        self.release = Release(PREVIOUS)

    def server(self, service, **settings):
        return self.enterContext(Server(service, self.folder, **settings))

    def check_waits(self, server, read_rows):
        """Until migrate; returns once it is ready."""
        before = read_rows()
        server.spawn()
        server.wait_schema_pending()
        sentence = f"the schema is at version {self.release.versions(server.service)[-1]}, "
        self.assertIn(sentence, server.server.log_text())
        self.assertEqual(server.get("/livez")[0], 200)
        status, text = server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn(sentence, text)
        self.assertIn(" is needed; run migrate", text)
        self.assertEqual(read_rows(), before)
        server.migrate()
        server.wait_ready()
        self.assertEqual(server.get("/readyz")[0], 200)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.pending(), "nothing to apply\n")

    def test_a_server_waits_for_migrate_on_sqlite(self):
        for service in SERVICES:
            with self.subTest(service):
                server = self.server(service)
                os.mkdir(server.data_dir)
                self.release.write_key(server.data_dir)
                path = os.path.join(server.data_dir, f"{service}.db")
                self.release.make_sqlite(service, path)
                self.check_waits(server, lambda of=service, at=path:
                                 self.release.rows_in_sqlite(of, at))

    def test_a_server_waits_for_migrate_on_postgresql(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        database = self.enterContext(postgres.PrivatePostgres())
        self.release.write_key(self.folder)
        for service in SERVICES:
            with self.subTest(service):
                self.release.make_postgres(service, database)
                self.check_waits(self.server(service, database__url=database.dsn),
                                 lambda of=service: self.release.rows_in_postgres(of, database))


if __name__ == "__main__":
    suite.main()
