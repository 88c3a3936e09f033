"""The Compose stack of deploy/compose, as far as a machine without its images can try it: what the file
says, and its own scripts and configurations with a real PostgreSQL, a real Redis and the real servers.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

import yaml

from tests.support import postgres, redis, suite
from tests.support.server import Server, wait_caught_up

FOLDER = suite.ROOT / "deploy/compose"
SERVICES = ("profile", "segmentation", "loyalty", "complaints")
CUSTOMERS = 50
A_BUYER = "csv-c0000001"


def keys_of(tree, prefix=""):
    """A YAML file's values by dotted key."""
    found = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            found.update(keys_of(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = value
    return found


class ComposeFile(unittest.TestCase):

    def setUp(self):
        self.file = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
        self.containers = self.file["services"]

    def test_what_it_mounts_is_there(self):
        for name, container in self.containers.items():
            for mount in container.get("volumes", []):
                source = mount.split(":")[0]
                is_there = ((FOLDER / source).exists() if source.startswith(".")
                            else source in self.file["volumes"])
                self.assertTrue(is_there, f"{name}: {mount}")

    def test_nothing_is_reached_from_another_machine(self):
        ports = [port for container in self.containers.values()
                 for port in container.get("ports", [])]
        self.assertEqual(len(ports), len(SERVICES) + 2)
        for port in ports:
            self.assertRegex(port, r"^127\.0\.0\.1:\d+:\d+$")

    def test_grafana_asks_the_prometheus_of_the_stack(self):
        provisioned = yaml.safe_load((
            suite.ROOT / "deploy/grafana/provisioning/datasources/prometheus.yaml"
        ).read_text(encoding="utf-8"))
        url = provisioned["datasources"][0]["url"]
        self.assertTrue(url.startswith("$"), "it stands in Grafana's environment")
        address = self.containers["grafana"]["environment"][url[1:]]
        self.assertRegex(address, r"^http://prometheus:9090$")
        self.assertIn("prometheus", self.containers)

    def test_our_containers_have_no_privilege(self):
        ours = [container for container in self.containers.values()
                if container["image"].startswith("${CLIENTELE_IMAGES")]
        self.assertEqual(len(ours), 2 * len(SERVICES))
        for container in ours:
            self.assertTrue(container["read_only"])
            self.assertEqual(container["cap_drop"], ["ALL"])
            self.assertEqual(container["security_opt"], ["no-new-privileges:true"])

    def test_prometheus_scrapes_the_ops_port_of_each_service(self):
        scraped = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
        targets = scraped["scrape_configs"][0]["static_configs"][0]["targets"]
        for service, target in zip(SERVICES, targets, strict=True):
            config = yaml.safe_load((FOLDER / f"config/{service}.yaml").read_text(encoding="utf-8"))
            self.assertEqual(target, f"{service}:{config['ops']['port']}")


class ComposeRun(unittest.TestCase):

    def setUp(self):
        if not postgres.available() or not redis.available():
            self.skipTest("no PostgreSQL or no Redis: run scripts/setup.sh")
        if os.geteuid() != 0:
            self.skipTest("make_secrets.sh gives the key to another user, as root")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-e2e-"))
        self.secrets = os.path.join(self.folder, "secrets")
        os.mkdir(self.secrets)
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        self.redis = self.enterContext(redis.PrivateRedis())

    def make_secrets(self):
        subprocess.run(["bash", FOLDER / "setup/make_secrets.sh", self.secrets], check=True)
        return {file.name: file.read_bytes() for file in pathlib.Path(self.secrets).iterdir()}

    def make_roles(self):
        subprocess.run(["bash", FOLDER / "setup/make_roles.sh", self.secrets,
                        suite.ROOT / "deploy/postgres/roles.sql"], check=True,
                       env={**os.environ, "PGHOST": self.postgres.folder,
                            "PGUSER": postgres.USER, "PGDATABASE": "clientele"})

    def settings_of(self, service):
        """Those of the service's file, with the names of this machine for the containers'."""
        text = (FOLDER / f"config/{service}.yaml").read_text(encoding="utf-8")
        settings = keys_of(yaml.safe_load(text.replace("/secrets/", self.secrets + "/")))
        for key in ("database.url", "database.migrate_url"):
            settings[key] = settings[key].replace(
                "@postgres/clientele", f"@/clientele?host={self.postgres.folder}")
        settings["redis.addresses"] = self.redis.address
        settings["insecure"] = "true"
        # A folder and ports of the test's own; the containers have one of each.
        del settings["data_dir"]
        settings["grpc.address"] = "127.0.0.1:0"
        settings["ops.host"], settings["ops.port"] = "127.0.0.1", "0"
        return {key.replace(".", "__"): value for key, value in settings.items()}

    def test_its_secrets_roles_and_configurations_make_a_suite_that_works(self):
        secrets = self.make_secrets()
        self.assertEqual(len(secrets), 8)
        self.assertEqual(len(secrets["key"]), 32)
        self.assertEqual(self.make_secrets(), secrets, "a second start keeps them")
        for name in ("key", "kek"):
            os.chown(os.path.join(self.secrets, name), 0, 0)  # the servers of this test are root's
        self.postgres.psql("CREATE DATABASE clientele")
        self.make_roles()
        self.make_roles()

        servers = {}
        for service in SERVICES:
            settings = self.settings_of(service)
            for other in set(servers) & {key.split("__")[0] for key in settings}:
                settings[f"{other}__address"] = servers[other].address
            servers[service] = self.enterContext(Server(service, self.folder, **settings))
            servers[service].migrate()
            servers[service].start()
            self.assertEqual(servers[service].probe(), 0)
        suite.run_cli("generate", "--customers", str(CUSTOMERS), "--seed", "3", "--out",
                      self.folder)
        servers["profile"].cli("import", "purchases", "--format", "csv",
                               os.path.join(self.folder, "purchases.csv"))
        for consumer in ("segmentation", "loyalty"):
            wait_caught_up(servers["profile"], servers[consumer])
        earned = servers["loyalty"].call("clientele.loyalty.v1.LedgerService/ListEntries",
                                         {"customer_id": A_BUYER})["entries"]
        self.assertTrue(earned, "orders of `clientele generate` are in the program's currency")
        for server in servers.values():
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    suite.main()
