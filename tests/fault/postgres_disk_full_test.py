"""A full disk under PostgreSQL, where its tables or where its WAL are: a sentence, and nothing
acknowledged is lost; the service goes on by itself when there is room again."""
import os
import subprocess
import tempfile
import unittest

from tests.support import acknowledged, postgres, process, suite
from tests.support.server import Server

TABLES_MB = 12
WAL_MB = 8
ORDERS = 30_000
PIECE = 2_000


class PostgresDiskFull(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        if os.geteuid() != 0:
            self.skipTest("needs root to mount a size-limited tmpfs")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-full-"))
        os.chmod(self.folder, 0o755)  # the server runs as somebody else
        self.disk = os.path.join(self.folder, "disk")
        self.pieces = acknowledged.Pieces(self.folder, ORDERS, PIECE)

    def mount(self, size_mb):
        os.mkdir(self.disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs",
                                  self.disk], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)

    def make_room(self):
        subprocess.run(["mount", "-o", "remount,size=512m", self.disk], check=True)

    def profile_on(self, server):
        profile = self.enterContext(Server("profile", self.folder, database__url=server.dsn))
        profile.migrate()
        return profile.start()

    def stored(self, server):
        return int(server.psql("SELECT COUNT(*) FROM profile.purchase"))

    def check_the_rest_goes_in(self, server, profile):
        """What was acknowledged is there, and the import may be run again."""
        stored = self.pieces.check(acknowledged.stored_in_postgres(server))
        process.wait_until(lambda: profile.get("/readyz")[0] == 200, "the service goes on")
        self.assertEqual(self.pieces.import_again(profile.cli), ORDERS - len(stored))
        self.assertEqual(self.stored(server), ORDERS)
        self.assertEqual(int(server.psql("SELECT SUM(gross_minor) FROM profile.purchase")),
                         999 * ORDERS)
        process.wait_until(lambda: server.psql("SELECT COUNT(*) FROM profile.outbox") == "0\n",
                           "every event is in the feed")
        self.assertEqual(profile.get("/readyz")[0], 200)

    def import_until_refused(self, profile):
        failed = self.pieces.import_until_refused(profile.cli)
        self.assertIsNotNone(failed, "the disk is too large")
        self.assertEqual(failed.returncode, 1)
        return failed.stderr

    def test_full_tables_are_a_sentence(self):
        self.mount(TABLES_MB)
        server = self.enterContext(postgres.PrivatePostgres())
        server.give_folder(self.disk)
        server.psql(f"CREATE TABLESPACE small LOCATION '{self.disk}'")
        server.psql("ALTER DATABASE postgres SET default_tablespace = small")
        profile = self.profile_on(server)
        told = self.import_until_refused(profile)
        self.assertIn("the disk of the database is full", told)
        self.assertEqual(profile.get("/livez")[0], 200)
        self.assertLess(self.stored(server), ORDERS)
        self.make_room()
        self.check_the_rest_goes_in(server, profile)

    def test_a_full_wal_ends_postgresql_and_loses_nothing(self):
        self.mount(WAL_MB)
        server = self.enterContext(postgres.PrivatePostgres(wal_folder=self.disk))
        profile = self.profile_on(server)
        told = self.import_until_refused(profile)
        self.assertRegex(told, "DATABASE_UNAVAILABLE|OUTCOME_UNKNOWN|DISK_FULL")
        self.assertEqual(profile.get("/livez")[0], 200)
        self.assertEqual(profile.get("/readyz")[0], 503)
        self.make_room()
        server.stop()
        server.start()
        self.check_the_rest_goes_in(server, profile)


if __name__ == "__main__":
    suite.main()
