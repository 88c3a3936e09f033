"""The real servers started exactly as the rendered manifests say: each pod's arguments, variables,
files, user, read-only root and probes; Jobs; helm's tests; SIGTERM."""
import base64
import json
import os
import pathlib
import re
import tempfile
import time
import unittest

from tests.support import certificates, helm, pods, postgres, process, suite, tokens
from tests.support.redis import PrivateRedis

PASSWORDS = {name: f"password of {name}" for name in ("clientele-owner", "clientele-database")}
ROLES = suite.ROOT / "deploy/postgres/roles.sql"
TLS_SECRET = "r-{}-tls"  # as cert-manager would make it, of the release that is rendered
PROFILE = "127.0.0.1:7001"
CUSTOMERS = "clientele.profile.v1.CustomerService/"


def setUpModule():
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root makes the namespaces that pods run in")
    helm.programs()
    pods.enter_own_network()


class PodTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-pods-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)

    def cluster(self, *values, secrets=None, hosts=()):
        manifests = helm.template(max(helm.programs()), *values)
        return self.enterContext(pods.Cluster(self.folder, manifests, secrets, hosts))

    def start(self, cluster, service):
        """A server, ready."""
        pod = cluster.start_pod(cluster.of_kind("Deployment", service))
        for probe in ("startup", "readiness", "liveness"):
            pod.wait_for(probe, 200)
        return pod

    def assert_tests_pass(self, cluster, services=helm.SERVICES):
        for service in services:
            self.assertEqual(cluster.run_pod(cluster.of_kind("Pod", service)), ("", 0), service)

    def create_customer(self, *flags):
        """Creates a customer as who `flags` of the command line say."""
        done = suite.run_cli("call", CUSTOMERS + "CreateCustomer", json.dumps({
            "request_id": "9f3c1d9e-4f0a-4f4e-9a39-5a1d2a2f7c11",
            "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": "c-1", "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "C"}}}), "--server", PROFILE, *flags)
        self.assertEqual(json.loads(done.stdout)["customer_id"], "c-1")


class Trial(PodTest):

    def test_a_trial_serves_stops_and_comes_back_with_its_data(self):
        cluster = self.cluster("--set", "global.drainDelay=1s")
        running = [self.start(cluster, service) for service in helm.SERVICES]
        self.assert_tests_pass(cluster)
        self.create_customer()
        self.assertEqual([pod.stop() for pod in running], [0] * 4)
        test = cluster.of_kind("Pod", "profile")
        output, code = cluster.run_pod(test)
        self.assertEqual(code, 1)
        self.assertIn(":7001", output)
        again = self.start(cluster, "profile")
        shown = suite.run_cli("call", CUSTOMERS + "GetCustomer", '{"customer_id": "c-1"}',
                              "--server", PROFILE)
        self.assertEqual(json.loads(shown.stdout)["customer_id"], "c-1")
        self.assertEqual(again.stop(), 0)


class OnPostgres(PodTest):
    """PostgreSQL and Redis outside, reached as they would be: by name, by TLS, with passwords from
    Secrets."""

    def setUp(self):
        super().setUp()
        (self.folder / "certificates").mkdir()
        self.authority = certificates.Authority(self.folder / "certificates")
        self.database = self.enterContext(self.start_postgres())
        self.redis = self.enterContext(PrivateRedis(
            "--port", "6379", "--user", "clientele", "on", ">password of clientele-redis", "~*",
            "&*", "+@all"))

    def start_postgres(self):
        certificate, key = self.authority.sign("postgres", "DNS:postgres.example")
        database = postgres.PrivatePostgres(locale="C", settings=(
            "listen_addresses=127.0.0.1", "ssl=on", f"ssl_cert_file={certificate}",
            f"ssl_key_file={key}"))
        for path in (self.authority.folder, certificate, key):
            database.give_folder(path)
        return database

    def make_roles(self):
        database = self.database
        hba = pathlib.Path(database.folder, "data/pg_hba.conf")
        hba.write_text(hba.read_text() + "hostssl all all 127.0.0.1/32 scram-sha-256\n")
        database.psql("CREATE DATABASE clientele")
        dsn = database.dsn.replace("dbname=postgres", "dbname=clientele")
        postgres.run_script(dsn, ROLES.read_text(encoding="utf-8"))
        for service in helm.SERVICES:
            postgres.psql(dsn, f"ALTER ROLE clientele_{service} PASSWORD "
                               f"'{PASSWORDS['clientele-database']}'")
        postgres.psql(dsn, f"ALTER ROLE clientele_owner PASSWORD '{PASSWORDS['clientele-owner']}'")
        postgres.psql(dsn, "SELECT pg_reload_conf()")

    def secrets(self):
        secrets = {name: {"password": password.encode()} for name, password in PASSWORDS.items()}
        secrets["clientele-redis"] = {"password": b"password of clientele-redis"}
        secrets["clientele-key"] = {"key": os.urandom(32)}
        secrets["clientele-kek"] = {"kek": b"k-1 " + base64.b64encode(os.urandom(32)) + b"\n"}
        secrets["postgres-ca"] = {"ca.crt": content(self.authority.certificate)}
        for service in helm.SERVICES:
            certificate, key = self.authority.sign(
                service, f"DNS:r-{service}", f"DNS:r-{service}.{helm.NAMESPACE}.svc",
                "IP:127.0.0.1")  # where the command line is
            secrets[TLS_SECRET.format(service)] = {
                **secrets["postgres-ca"], "tls.crt": content(certificate), "tls.key": content(key)}
        return secrets

    def external(self, *values, secrets=None):
        self.make_roles()
        return self.cluster(
            "--set", "global.embedded=false,global.key.existingSecret=clientele-key,"
            "global.encryption.existingSecret=clientele-kek,"
            "global.database.host=postgres.example,"
            "global.database.existingSecret=clientele-database,"
            "global.database.tls.existingSecret=postgres-ca,"
            "global.database.migrate.existingSecret=clientele-owner,global.drainDelay=1s,"
            "global.redis.addresses={redis.example:6379},global.redis.user=clientele,"
            "global.redis.existingSecret=clientele-redis", *values,
            secrets={**self.secrets(), **(secrets or {})},
            hosts=("postgres.example", "redis.example"))

    def serve_all(self, cluster):
        """Servers come before the Jobs and wait for them."""
        waiting = [cluster.start_pod(cluster.of_kind("Deployment", service))
                   for service in helm.SERVICES]
        for pod in waiting:
            pod.wait_for("startup", 503)
            self.assertEqual((pod.probe("liveness"), pod.probe("readiness")), (200, 503))
        for service in helm.SERVICES:
            output, code = cluster.run_pod(cluster.of_kind("Job", service))
            self.assertEqual(code, 0, output)
            self.assertRegex(output, rf"\Aschema {service} of postgresql://\S+: applied .*\n\Z")
        for pod in waiting:
            pod.wait_for("readiness", 200)
        return waiting

    def test_servers_wait_for_the_jobs_and_use_postgres_and_redis(self):
        cluster = self.external("--set", "global.insecure=true")
        running = self.serve_all(cluster)
        self.assert_tests_pass(cluster)
        self.create_customer()
        process.wait_until(self.is_cached, "Redis has the customer")
        # The Job again, as after a rollback, changes nothing; the servers go on.
        output, code = cluster.run_pod(cluster.of_kind("Job", "profile"))
        self.assertEqual(code, 0, output)
        self.assertTrue(output.endswith(": nothing to apply\n"), output)
        self.assertEqual([pod.stop() for pod in running], [0] * 4)

    def is_cached(self):
        """Whether Redis has the customer, who is read: it may have been too slow for the write."""
        suite.run_cli("call", CUSTOMERS + "GetCustomer", '{"customer_id": "c-1"}', "--server",
                      PROFILE)
        return self.redis.command("DBSIZE") != ":0"

    def assert_nobody_else_gets_in(self, *flags):
        refused = suite.run_cli("call", CUSTOMERS + "ListCustomers", "{}", "--server",
                                PROFILE, *flags, expect=1)
        self.assertRegex(refused.stderr, "UNAVAILABLE|UNAUTHENTICATED")

    def assert_services_know_each_other(self, running):
        profile, _, loyalty, _ = running
        process.wait_until(lambda: self.open_watches(profile) == 2,
                           "segmentation and loyalty follow profile")
        process.wait_until(lambda: self.open_watches(loyalty) == 1, "complaints follows loyalty")

    def test_services_know_each_other_by_certificates_and_the_shop_by_its_own(self):
        cluster = self.external("--set", "global.auth.mode=mtls,global.tls.clientAuth=require,"
                                "global.tls.certManager.enabled=true,"
                                "global.tls.certManager.issuerRef.name=clientele,"
                                "global.auth.certificates={shop=shop.test},"
                                "global.auth.roles={clerk=profile.*},"
                                "global.auth.grants={shop=clerk}")
        running = self.serve_all(cluster)
        self.assert_tests_pass(cluster)
        trust = ("--tls-ca", self.authority.certificate)
        self.assert_nobody_else_gets_in()
        self.assert_nobody_else_gets_in(*trust)
        certificate, key = self.authority.sign("shop", "DNS:shop.test")
        self.create_customer(*trust, "--tls-cert", certificate, "--tls-key", key)
        self.assert_services_know_each_other(running)
        self.assertEqual([pod.stop() for pod in running], [0] * 4)

    def test_services_and_the_shop_are_known_by_their_tokens(self):
        provider = tokens.Provider(self.folder)
        provider.publish()
        token = {name: provider.token(time.time(), sub=name) for name in ("suite", "shop")}
        own_secrets = ",".join(f"{service}.tls.existingSecret={TLS_SECRET.format(service)}"
                               for service in helm.SERVICES)
        cluster = self.external(
            "--values", str(helm.CHART / "ci/tls-values.yaml"), "--set", own_secrets,
            "--set", f"global.auth.jwt.issuer={tokens.ISSUER}",
            secrets={"clientele-jwks": {"jwks.json": content(provider.jwks)},
                     "clientele-token": {"token": token["suite"].encode()}})
        running = self.serve_all(cluster)
        self.assert_tests_pass(cluster)
        trust = ("--tls-ca", self.authority.certificate)
        self.assert_nobody_else_gets_in(*trust)
        (self.folder / "token").write_text(token["shop"])
        self.create_customer(*trust, "--token-file", str(self.folder / "token"))
        self.assert_services_know_each_other(running)
        self.assertEqual([pod.stop() for pod in running], [0] * 4)

    @staticmethod
    def open_watches(pod):
        """How many calls of WatchEvents a server has in hand."""
        page = pod.get("/metrics")
        started, handled = (sum(int(count) for count in re.findall(
            rf'^grpc_server_{what}_total\{{.*"WatchEvents".*\}} (\d+)$', page, re.MULTILINE))
                            for what in ("started", "handled"))
        return started - handled


def content(path):
    return pathlib.Path(path).read_bytes()


if __name__ == "__main__":
    suite.main()
