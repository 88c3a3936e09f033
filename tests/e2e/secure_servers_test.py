"""The suite as separate servers that know each other by certificates: TLS on every port, who may
call, certificates replaced while they serve, and what a server says that is set up wrongly."""
import json
import os
import pathlib
import re
import select
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import uuid
import warnings

from tests.support import certificates, process, suite, tokens
from tests.support.server import CALLED, Server, wait_caught_up

CUSTOMERS = "clientele.profile.v1.CustomerService/"
COMPLAINTS = "clientele.complaints.v1.ComplaintService/"
HERE = "IP:127.0.0.1"
EXPIRY = re.compile(r"^clientele_profile_tls_certificate_expiry_timestamp_seconds\{.*"
                    r'use="server"\} (\S+)$', re.MULTILINE)
# What the services do with each other, and what staff does.
ROLES = ("neighbour=events.read profile.customers.read loyalty.members.read loyalty.points.adjust,"
         "staff=*")


def customer(customer_id):
    return {"request_id": str(uuid.uuid4()), "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": customer_id, "kind": "CUSTOMER_KIND_PERSON",
                         "attributes": {"display_name": "C"}}}


def complaint(customer_id):
    return {"request_id": str(uuid.uuid4()), "complaint": {
        "customer_id": customer_id, "channel": "COMPLAINT_CHANNEL_EMAIL",
        "type": "COMPLAINT_TYPE_DELIVERY", "severity": 2, "subject": "late"}}


def served_certificate(address):
    """What a client gets to see of a server that asks for no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), process.STEP_SECONDS_MAX) as connection:
        with context.wrap_socket(connection) as secured:
            return secured.getpeercert(binary_form=True)


class SecureServers(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.authority = certificates.Authority(self.folder)

    def server(self, service, **settings):
        """A server with TLS, not started; `clientele` trusts its authority."""
        pair = self.authority.sign(service, HERE, f"DNS:{service}.test")
        server = self.enterContext(Server(service, self.folder, tls__cert_file=pair[0],
                                          tls__key_file=pair[1], **settings))
        server.cli_args = ["--tls-ca", self.authority.certificate]
        return server

    def started(self, server):
        server.migrate()
        return server.start()

    def mutual(self, service, **settings):
        """One whose callers, and it itself to others, show certificates."""
        server = self.server(
            service, tls__client_ca_file=self.authority.certificate, tls__client_auth="require",
            auth__mode="mtls", auth__roles=ROLES,
            auth__certificates=",".join(["clerk=clerk.test", "clerk=spiffe://test/clerk"] + [
                f"{name}={name}.test" for name in CALLED]),
            auth__grants=",".join(["clerk=staff"] + [
                f"{name}=neighbour" for name in CALLED]),
            client_tls__ca_file=self.authority.certificate, **settings)
        server.settings["client_tls.cert_file"] = server.settings["tls.cert_file"]
        server.settings["client_tls.key_file"] = server.settings["tls.key_file"]
        server.cli_args += self.shown("clerk", "DNS:clerk.test")
        return server

    def shown(self, name, *alternative_names):
        """Arguments with which `clientele` shows a certificate."""
        certificate, key = self.authority.sign(name, *alternative_names)
        return ["--tls-cert", certificate, "--tls-key", key]

    def chain(self):
        """All four, each calling those it needs."""
        servers = {}
        for service, called in (("profile", ()), ("loyalty", ("profile",)),
                                ("segmentation", ("profile",)),
                                ("complaints", ("profile", "loyalty"))):
            addresses = {f"{name}__address": servers[name].address for name in called}
            servers[service] = self.started(self.mutual(service, **addresses))
        return servers

    def test_services_follow_and_ask_each_other_by_certificate(self):
        servers = self.chain()
        servers["profile"].call(CUSTOMERS + "CreateCustomer", customer("cust-one"))
        for consumer in ("segmentation", "loyalty"):
            wait_caught_up(servers["profile"], servers[consumer])
        wait_caught_up(servers["loyalty"], servers["complaints"])
        filing = COMPLAINTS + "FileComplaint"
        filed = servers["complaints"].call(filing, complaint("cust-one"))
        self.assertEqual(filed["customer_id"], "cust-one")
        unknown = servers["complaints"].call(filing, complaint("cust-none"), expect=1)
        self.assertIn("CUSTOMER_NOT_FOUND", str(unknown))
        self.assertEqual([server.probe() for server in servers.values()], [0, 0, 0, 0])

    def test_services_and_people_are_known_by_token(self):
        provider = tokens.Provider(self.folder)
        settings = {"auth__mode": "jwt", "auth__roles": ROLES,
                    "auth__grants": "token:segmentation=neighbour", **self.trust_in(provider)}
        clerk, service = self.token_file(provider, "clerk", roles=["staff"]), "segmentation"
        profile = self.started(self.server("profile", **settings))
        segmentation = self.started(self.server(
            service, profile__address=profile.address,
            client_tls__ca_file=self.authority.certificate,
            client_auth__token_file=self.token_file(provider, service), **settings))
        for server in (profile, segmentation):
            server.cli_args += ["--token-file", clerk]
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-1"))
        wait_caught_up(profile, segmentation)
        # Who writes stands in the log.
        self.assertIn('"principal":"token:clerk"', profile.server.log_text())
        profile.cli_args = ["--tls-ca", self.authority.certificate]
        self.assertIn("UNAUTHENTICATED: valid credentials are needed",
                      profile.cli("call", CUSTOMERS + "GetCustomer", "{}", expect=1).stderr)

    def test_a_token_counts_and_not_the_certificate_of_who_passes_it_on(self):
        provider = tokens.Provider(self.folder)
        profile = self.mutual("profile", **self.trust_in(provider))
        profile.settings["auth.mode"] = "any"
        self.started(profile)
        request = (CUSTOMERS + "GetCustomer", {"customer_id": "cust-one"})
        self.assertIn("CUSTOMER_NOT_FOUND", str(profile.call(*request, expect=1)))
        shown = profile.cli_args
        for token, said in (
                (self.token_file(provider, "ann", roles=["staff"]), "CUSTOMER_NOT_FOUND"),
                (self.token_file(provider, "bob"), "profile.customers.read is needed"),
                # Nor is whoever calls himself like a service that service.
                (self.token_file(provider, "loyalty"), "profile.customers.read is needed"),
                (self.token_file(tokens.Provider(self.folder, "other"), "eve", roles=["staff"]),
                 "valid credentials are needed")):
            profile.cli_args = [*shown, "--token-file", token]
            self.assertIn(said, str(profile.call(*request, expect=1)))
        self.assertIn('"cause":"no key of the key set can have signed the token"',
                      profile.server.log_text())

    @staticmethod
    def trust_in(provider):
        """Settings of a server that takes its tokens."""
        provider.publish()
        return {"auth__jwt__jwks_file": provider.jwks, "auth__jwt__issuer": tokens.ISSUER,
                "auth__jwt__audience": tokens.AUDIENCE}

    def token_file(self, provider, subject, **claims):
        path = self.authority.path(f"{subject}.jwt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(provider.token(time.time(), sub=subject, **claims))
        return path

    def test_a_caller_is_refused_without_the_right_certificate(self):
        profile = self.started(self.mutual("profile"))
        request = (CUSTOMERS + "GetCustomer", {"customer_id": "cust-one"})
        profile.cli_args = ["--tls-ca", self.authority.certificate]
        bare = profile.cli("call", request[0], "{}", "--timeout", "2s", expect=1)
        self.assertIn("clientele: ", bare.stderr)
        trusted = profile.cli_args
        profile.cli_args = trusted + self.shown("stranger", "DNS:stranger.test")
        self.assertIn("UNAUTHENTICATED: valid credentials are needed",
                      profile.cli("call", request[0], "{}", expect=1).stderr)
        profile.cli_args = trusted + self.shown("spiffe", "URI:spiffe://test/clerk")
        self.assertIn("CUSTOMER_NOT_FOUND", str(profile.call(*request, expect=1)))
        # A neighbour may read and not write.
        profile.cli_args = trusted + self.shown("loyalty", "DNS:loyalty.test")
        self.assertIn("CUSTOMER_NOT_FOUND", str(profile.call(*request, expect=1)))
        denied = profile.call(CUSTOMERS + "DeleteCustomer", request[1], expect=1)
        self.assertIn("profile.customers.write is needed", str(denied))
        # Nor does anybody take a server that another authority vouches for.
        other = certificates.Authority(self.folder, "other")
        profile.cli_args = ["--tls-ca", other.certificate]
        profile.cli("call", request[0], "{}", "--timeout", "2s", expect=1)

    def test_certificates_are_replaced_while_it_serves(self):
        profile = self.started(self.server("profile"))
        before, expiry = served_certificate(profile.address), self.expiry(profile)
        watch = self.watch(profile)
        self.authority.sign("profile", HERE, days=9)
        self.assertNotEqual(served_certificate(profile.address), before)
        after = self.expiry(profile)
        self.assertGreater(after, expiry + 6 * 86400)
        # What cannot be used changes nothing, and is told.
        good = served_certificate(profile.address)
        with open(profile.settings["tls.key_file"], "w", encoding="utf-8") as file:
            file.write("no key")
        self.assertEqual(served_certificate(profile.address), good)
        self.assertIn("holds no key in PEM form", profile.server.log_text())
        self.assertEqual(self.expiry(profile), after)
        # The connection from before is still there: its one stream goes on.
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-1"))
        self.assertTrue(select.select([watch.stdout], [], [], process.STEP_SECONDS_MAX)[0],
                        "the watch tells of the customer")
        self.assertEqual(json.loads(watch.stdout.readline())["customer_id"], "c-1")
        self.assertEqual(self.open_watches(profile), 1)

    def trust(self, *authorities):
        """Lets the servers trust these certificates and no others."""
        bundle = self.authority.certificate
        with open(bundle + ".new", "wb") as file:
            file.writelines(authorities)
        os.replace(bundle + ".new", bundle)

    def test_an_authority_is_replaced_while_they_serve(self):
        """In the order of docs/security.md."""
        profile = self.started(self.mutual("profile"))
        loyalty = self.started(self.mutual("loyalty", profile__address=profile.address))
        successor = certificates.Authority(self.folder, "successor")
        old, new = (pathlib.Path(authority.certificate).read_bytes()
                    for authority in (self.authority, successor))
        shown_by_old = self.shown("old-clerk", "DNS:clerk.test")
        # 1. Everybody trusts both: callers who have an old certificate and who have a new one.
        self.trust(old, new)
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-1"))
        shown_by_new = ["--tls-cert", "", "--tls-key", ""]
        shown_by_new[1::2] = successor.sign("new-clerk", "DNS:clerk.test")
        profile.cli_args = ["--tls-ca", self.authority.certificate, *shown_by_new]
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-2"))
        # 2. Everybody has a new certificate.
        for name in ("profile", "loyalty"):
            successor.sign(name, HERE, f"DNS:{name}.test")
        # 3. Nobody trusts the old one.
        self.trust(new)
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-3"))
        profile.cli_args[2:] = shown_by_old
        profile.cli("call", CUSTOMERS + "ListCustomers", "{}", "--timeout", "2s", expect=1)
        # Loyalty goes on, on a new connection to another process.
        profile.kill()
        profile.start()
        profile.cli_args[2:] = loyalty.cli_args[2:] = shown_by_new
        profile.call(CUSTOMERS + "CreateCustomer", customer("c-4"))
        wait_caught_up(profile, loyalty)

    def watch(self, profile):
        """A `clientele watch` whose stream is open."""
        watch = subprocess.Popen(
            [suite.binary(), "watch", "profile", "--server", profile.address, *profile.cli_args],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            preexec_fn=process.die_with_parent)
        self.addCleanup(watch.communicate)
        self.addCleanup(watch.kill)
        process.wait_until(lambda: self.open_watches(profile) == 1, "the stream is open")
        return watch

    @staticmethod
    def open_watches(server):
        """How many calls of WatchEvents a server has got."""
        return int(re.search(r'^grpc_server_started_total\{.*"WatchEvents".*\} (\d+)$',
                             server.get("/metrics")[1], re.MULTILINE).group(1))

    def expiry(self, profile):
        return float(EXPIRY.search(profile.get("/metrics")[1])[1])

    def test_no_version_of_tls_before_1_2_is_spoken(self):
        profile = self.started(self.server("profile"))
        host, port = profile.address.rsplit(":", 1)
        spoken = {}
        for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_ciphers("ALL:@SECLEVEL=0")  # else it is this side that refuses
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of 1.1
                context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols(["h2"])
            with socket.create_connection((host, int(port))) as connection:
                try:
                    with context.wrap_socket(connection) as secured:
                        spoken[version.name] = secured.version()
                except (ssl.SSLError, ConnectionError):
                    spoken[version.name] = None
        self.assertEqual(spoken, {"TLSv1_1": None, "TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"})

    def test_a_server_that_is_set_up_wrongly_says_so_in_one_sentence(self):
        for settings, said in (
                ({"tls.cert_file": "/nowhere.pem"},
                 "the file /nowhere.pem cannot be read: No such file or directory"),
                ({"tls.key_file": self.authority.path("ca.key")},
                 "is not the key of the certificate in"),
                ({"tls.key_file": ""}, "tls.key_file is missing: tls.cert_file needs it"),
                ({"tls.client_auth": "require"},
                 "tls.client_ca_file is missing: tls.client_auth needs it"),
                ({"auth.mode": "mtls"}, "tls.client_auth is none: auth.mode mtls needs request or "
                                        "require, and tls.cert_file"),
                ({"auth.mode": "jwt"}, "auth.jwt.jwks_file is missing: auth.mode needs it"),
                ({"auth.grants": "clerk=staff"}, "which is not in auth.roles"),
                ({"auth.mode": "mtls", "tls.client_auth": "require", "auth.roles": "staff=*",
                  "tls.client_ca_file": self.authority.certificate,
                  "auth.grants": "token:ann=staff"},
                 "auth.grants: nobody can be token:ann: auth.mode takes no tokens"),
                ({"auth.roles": "staff=loyalty.point.read"},
                 "there is no permission 'loyalty.point.read'; did you mean 'loyalty.points.read'?"),
                ({"auth.roles": "staff=profile.*,staff=*"}, "auth.roles: staff is there twice"),
                ({"client_tls.ca_file": self.authority.path("profile.key")},
                 "holds no certificate in PEM form"),
                ({"client_auth.token_file": "/nowhere"}, "the file /nowhere cannot be read"),
                ({"redis.addresses": "127.0.0.1:1", "redis.tls": "true"},
                 "redis.tls needs redis.tls_ca_file"),
                ({"cache.memory_mib": "3"}, "cache.memory_mib must be 0 or at least 8"),
                ({"database.schema": "Prof-ile"}, "database.schema: it is not a name"),
                ({"grpc.address": "127.0.0.1:7009", "ops.port": "7009"},
                 "ops.port: 7009 is the port of grpc.address already"),
                ({"grpc.address": "0.0.0.0:0"}, "with auth.mode none: set it to mtls, jwt or any")):
            with self.subTest(said):
                server = self.server("profile")
                server.migrate()
                server.settings.update(settings)
                done = server.run("serve")
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(said, done.stderr.splitlines()[-1])
                checked = server.run("check-config")
                self.assertEqual((checked.returncode, checked.stdout), (1, ""))
                self.assertIn(said, checked.stderr)

    def test_who_cannot_connect_is_told_what_of_tls_is_wrong(self):
        other_folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        self.addCleanup(other_folder.cleanup)
        other = certificates.Authority(other_folder.name)
        profile = self.started(self.server("profile"))
        loyalty = self.started(self.mutual("loyalty", profile__address=profile.address))
        plain = self.started(self.enterContext(Server("segmentation", self.folder)))
        trust = ["--tls-ca", self.authority.certificate]
        foreign = other.sign("clerk", "DNS:clerk.test")
        for server, arguments, hint in (
                (profile, [], "the server may want TLS: --tls-ca"),
                (profile, ["--tls-ca", other.certificate],
                 "the authority in --tls-ca did not sign its certificate"),
                (plain, trust, "it speaks clear text: leave --tls-ca out"),
                (loyalty, trust, "the server may want a certificate: --tls-cert"),
                (loyalty, [*trust, "--tls-cert", foreign[0], "--tls-key", foreign[1]],
                 "the server may not know the authority of --tls-cert")):
            with self.subTest(hint):
                server.cli_args = arguments
                said = server.cli("audit", "verify", server.service, expect=1).stderr
                self.assertIn(f"({hint}", said)
                self.assertNotIn("clientele up", said)
        # A certificate for others than the host that is called.
        self.authority.sign("profile", "DNS:profile.test")
        other_name = self.enterContext(Server("profile", self.folder))
        other_name.settings.update(profile.settings)
        self.assertEqual(profile.stop(), 0)
        other_name.start()
        other_name.cli_args = trust
        self.assertIn("its certificate is not for the name or number",
                      other_name.cli("audit", "verify", "profile", expect=1).stderr)
        # A probe that is told of other settings than its server.
        del other_name.settings["tls.cert_file"], other_name.settings["tls.key_file"]
        self.assertIn("(the server may want TLS: tls.cert_file)", other_name.run("probe").stderr)

    def test_a_token_goes_beyond_the_machine_over_tls_only(self):
        server = self.server("segmentation", profile__address="profile.test:7001",
                             client_auth__token_file=self.token_file(
                                 tokens.Provider(self.folder), "segmentation"))
        said = ("client_tls.ca_file is missing: client_auth.token_file, sent to profile.test:7001, "
                "needs it")
        self.assertIn(said, server.run("check-config").stderr)
        self.assertIn(said, server.run("serve").stderr)
        for settings in ({"insecure": "true"}, {"profile.address": "127.0.0.1:7001"},
                         {"client_tls.ca_file": self.authority.certificate}):
            before = dict(server.settings)
            server.settings.update(settings)
            self.assertEqual(server.run("check-config").returncode, 0, settings)
            server.settings = before

    def test_probe_takes_by_a_name_only_a_certificate_for_that_name(self):
        profile = self.started(self.server("profile",
                                           client_tls__ca_file=self.authority.certificate))
        by_number = profile.address
        self.assertEqual(profile.probe(), 0)
        # Spelt so, it is a name like any other.
        profile.settings["grpc.address"] = by_number.replace("127.0.0.1", "LOCALHOST")
        self.assertEqual(profile.probe(), 1)
        self.authority.sign("profile", "DNS:localhost")
        self.assertEqual(profile.probe(), 0)
        profile.settings["grpc.address"] = by_number
        self.assertEqual(profile.probe(), 0)

    def test_beyond_loopback_it_wants_to_be_told_that_it_shall_be_insecure(self):
        server = self.enterContext(Server("profile", self.folder))
        server.migrate()
        server.settings["grpc.address"] = "0.0.0.0:0"
        refused = server.run("serve")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("without TLS: set tls.cert_file and tls.key_file", refused.stderr)
        server.settings.update({"insecure": "true", "ops.host": "0.0.0.0"})
        server.start()
        self.assertEqual(server.probe(), 0)
        self.assertIn('"event":"insecure"', server.server.log_text())
        self.assertEqual(server.get("/readyz")[0], 200)


if __name__ == "__main__":
    suite.main()
