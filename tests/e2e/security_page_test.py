"""What docs/security.md says to type and to write: its certificates, keys and token, and its
configurations of the servers, which know each other and a person by them."""
import contextlib
import os
import pathlib
import re
import shlex
import sqlite3
import subprocess
import tempfile
import unittest
import uuid

from tests.support import process, suite
from tests.support.server import Server

PAGE = suite.ROOT / "docs/security.md"
CONFIGURATION = re.compile(r"^```yaml\n# (\w+)(.*?)^```", re.MULTILINE | re.DOTALL)
TRIAL = re.compile(r"^### To try it\n.*?^```sh\n(.*?)^```\n^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE_COMPLAINT = "clientele.complaints.v1.ComplaintService/FileComplaint"


class Configured(Server):
    """A server with a configuration file beside its settings, which win."""

    configuration = ""

    def command(self, name):
        return [*super().command(name), "--config", self.configuration]


class SecurityPage(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        page = PAGE.read_text(encoding="utf-8")
        self.configurations = dict(CONFIGURATION.findall(page))
        commands, self.call = TRIAL.search(page).groups()
        subprocess.run(["sh", "-e", "-c", commands], cwd=self.folder, check=True,
                       capture_output=True)

    def server(self, service, **settings):
        """One with the page's configuration, where the trial's files are; it is not started."""
        text = "#" + self.configurations[service]
        for place, here in (("/tls/tls.", f"{service}."), ("/tls/", ""), ("/jwks/", "")):
            text = text.replace(place, f"{self.folder}/{here}")
        server = self.enterContext(Configured(service, str(self.folder), **settings))
        server.configuration = str(self.folder / f"{service}.yaml")
        pathlib.Path(server.configuration).write_text(text, encoding="utf-8")
        server.cli_args = ["--tls-ca", str(self.folder / "ca.crt"),
                           "--token-file", str(self.folder / "alice.jwt")]
        return server

    def started(self, server):
        self.assertEqual(server.run("check-config").stderr, "")
        server.migrate()
        return server.start()

    def wait_followed(self, server, consumers):
        """Returns once the server has let them follow its feed."""
        path = os.path.join(server.data_dir, f"{server.service}.db")
        with contextlib.closing(sqlite3.connect(path)) as database:
            process.wait_until(lambda: consumers == {
                name for name, in database.execute("SELECT DISTINCT name FROM feed_consumer")},
                f"{consumers} follow {server.service}")

    def test_servers_know_each_other_and_alice(self):
        profile = self.started(self.server("profile"))
        _, *words = shlex.split(self.call.replace("localhost:7001", profile.address))
        subprocess.run([pathlib.Path(suite.binary()).resolve(), *words], check=True,
                       cwd=self.folder, capture_output=True)
        followers = {service: self.started(self.server(service, profile__address=profile.address))
                     for service in ("loyalty", "segmentation")}
        complaints = self.started(self.server("complaints", profile__address=profile.address,
                                              loyalty__address=followers["loyalty"].address))
        self.wait_followed(profile, {"loyalty", "segmentation"})
        self.wait_followed(followers["loyalty"], {"complaints"})
        filing = {"request_id": str(uuid.uuid4()), "complaint": {
            "customer_id": "cust-none", "channel": "COMPLAINT_CHANNEL_EMAIL",
            "type": "COMPLAINT_TYPE_DELIVERY", "severity": 2, "subject": "late"}}
        # Which profile has said.
        self.assertIn("CUSTOMER_NOT_FOUND", str(complaints.call(FILE_COMPLAINT, filing, expect=1)))

    def test_every_configuration_is_one_that_servers_take(self):
        self.assertEqual(sorted(self.configurations), ["complaints", "loyalty", "profile", "segmentation"])
        for service in self.configurations:
            server = self.server(service)
            # What each says of itself and of those it calls.
            for key in ("grpc.address", "profile.address", "loyalty.address"):
                server.settings.pop(key, None)
            checked = server.run("check-config")
            self.assertEqual((checked.returncode, checked.stderr), (0, ""), service)


if __name__ == "__main__":
    suite.main()
