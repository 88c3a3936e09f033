"""Name servers that do not answer hold nobody up: pages and callers get theirs in time, and the
server is back once the name of its PostgreSQL is found again."""
import ctypes
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

from tests.support import pods, postgres, process
from tests.support.server import Server

CLONE_NEWNS = 0x00020000
NAME = "postgres.example"
WITHOUT_NAME = "127.0.0.1 localhost\n"
WITH_NAME = WITHOUT_NAME + f"127.0.0.1 {NAME}\n"
# Each look-up takes 75 s, beyond process.STEP_SECONDS_MAX, unless a question is answered meanwhile.
RESOLVER = "nameserver 127.0.0.1\noptions timeout:15 attempts:5\n"
PAGE_SECONDS_MAX = 20  # both pages have deadlines of 7 s together; a look-up has 75
LIST = "clientele.profile.v1.CustomerService/ListCustomers"


def setUpModule():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root gives a process name servers of its own")
    if not postgres.available():
        raise unittest.SkipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
    pods.enter_own_network()
    if process.LIBC.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


class NameLookup(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(
            self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-")))
        self.hosts = self.replace("hosts", WITH_NAME)
        self.replace("resolv.conf", RESOLVER)
        self.name_server = self.silent_name_server()
        self.postgres = self.enterContext(postgres.PrivatePostgres(
            settings=("listen_addresses=127.0.0.1",)))
        hba = pathlib.Path(self.postgres.folder, "data/pg_hba.conf")
        hba.write_text(hba.read_text() + "host all all 127.0.0.1/32 trust\n")
        self.postgres.psql("SELECT pg_reload_conf()")

    def silent_name_server(self):
        """It takes questions and answers none; once it is closed, they fail at once."""
        name_server = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        name_server.bind(("127.0.0.1", 53))
        return name_server

    def replace(self, name, text):
        """A file of /etc, for this process and its children; returns what it is now."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)
        subprocess.run(["mount", "--bind", path, f"/etc/{name}"], check=True)
        self.addCleanup(subprocess.run, ["umount", f"/etc/{name}"], check=True)
        return path

    def page_in_time(self, server, path):
        begin = time.monotonic()
        page = server.get(path)
        self.assertLess(time.monotonic() - begin, PAGE_SECONDS_MAX, path)
        return page

    def test_pages_and_callers_are_answered_while_no_name_server_is(self):
        url = self.postgres.dsn.replace(f"host={self.postgres.folder}", f"host={NAME}")
        profile = self.enterContext(Server("profile", self.folder, database__url=url,
                                           redis__addresses="redis.example:6379"))
        profile.migrate()
        profile.start()
        profile.call(LIST)
        self.hosts.write_text(WITHOUT_NAME)
        self.postgres.stop()
        for _ in range(3):
            self.assertEqual(self.page_in_time(profile, "/metrics")[0], 200)
            status, page = self.page_in_time(profile, "/readyz")
            self.assertEqual(status, 503, page)
        refused = profile.cli("call", LIST, "{}", expect=1)
        self.assertRegex(refused.stderr, "UNAVAILABLE|DEADLINE_EXCEEDED")
        self.assertEqual(profile.run("migrate").returncode, 1)
        self.name_server.close()
        self.hosts.write_text(WITH_NAME)
        self.postgres.start()
        process.wait_until(lambda: profile.get("/readyz")[0] == 200, "profile is ready again")
        profile.call(LIST)
        self.silent_name_server()
        self.assertEqual(profile.stop(), 0)


if __name__ == "__main__":
    unittest.main()
