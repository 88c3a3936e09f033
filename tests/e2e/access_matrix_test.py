"""Every method of every service × every way of having no right to call it: always refused, always
with the same error, and before anything else is said. The methods are those of the protos."""
import pathlib
import re
import tempfile
import time
import unittest

from tests.support import process, raw_call, suite, tokens
from tests.support.server import CALLED, Server

PACKAGE = re.compile(r"^package (clientele\.\w+\.v1);$", re.MULTILINE)
SERVICE = re.compile(r"^service (\w+) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
RPC = re.compile(r"^  rpc (\w+)\(.*?permission: \"([a-z.]+)\"", re.MULTILINE | re.DOTALL)
# No message of any type: whoever may call is told so.
MALFORMED = b"\x0a\x7f"
STATUS = re.compile(rb"grpc-status.(\d+)", re.DOTALL)  # behind the length of its value
UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT = b"16", b"7", b"3"
HOUR = 3600
SHORT_TIMEOUT = b"19m"  # no write begins with so little


def methods():
    """(service of the suite, "package.Service/Method", permission) of every RPC."""
    found = []
    for path in sorted((suite.ROOT / "proto/clientele").glob("*/v1/*_service.proto")):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        package = PACKAGE.search(text)[1]
        for name, body in SERVICE.findall(text):
            owner = package.split(".")[1]
            for service in CALLED if owner == "common" else (owner,):
                found += [(service, f"{package}.{name}/{rpc}", permission)
                          for rpc, permission in RPC.findall(body)]
            assert len(RPC.findall(body)) == body.count("  rpc "), path
    return found


def status_of(answer):
    return STATUS.search(answer)[1]


class AccessMatrix(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="clientele-e2e-")
        cls.addClassCleanup(folder.cleanup)
        cls.provider = tokens.Provider(folder.name)
        cls.stranger = tokens.Provider(folder.name, "stranger")
        cls.provider.publish()
        cls.methods = methods()
        permissions = sorted({permission for _, _, permission in cls.methods})
        cls.servers = {}
        for service in CALLED:
            # A role for each permission; nobody answers at the neighbours' addresses.
            server = cls.enterClassContext(Server(
                service, folder.name, auth__mode="jwt", auth__jwt__issuer=tokens.ISSUER,
                auth__jwt__audience=tokens.AUDIENCE, auth__jwt__jwks_file=cls.provider.jwks,
                auth__roles=",".join(f"{name}={name}" for name in permissions)))
            server.migrate()
            cls.servers[service] = server.start()
        cls.permissions = permissions

    def ask(self, service, method, token, timeout=b"20S"):
        """The header blocks of the answer."""
        metadata = [(b"x-request-id", b"same")]
        if token is not None:
            metadata.append((b"authorization", b"Bearer " + token.encode()))
        return raw_call.trailers(self.servers[service].address, method, MALFORMED, metadata,
                                 timeout)

    def sound(self, **changes):
        return self.provider.token(time.time(), **{"roles": self.permissions, **changes})

    def test_who_cannot_prove_who_they_are_is_refused_alike_everywhere(self):
        now = time.time()
        credentials = {
            "no token": None,
            "an empty token": "",
            "no token at all": "no.token.atall",
            "expired": self.sound(exp=now - HOUR),
            "never expires": self.sound(exp=None),
            "not valid yet": self.sound(nbf=now + HOUR),
            "another issuer": self.sound(iss="https://evil.test"),
            "another audience": self.sound(aud=["other"]),
            "no subject": self.sound(sub=None),
            "alg none": self.sound(header={"alg": "none"}, sign="none"),
            "no signature": self.sound(sign="none"),
            "HS256 with the public key": self.sound(header={"alg": "HS256"}, sign="HS256"),
            "a key of another": self.stranger.token(now, roles=self.permissions),
            "a key of another by our key's name": self.stranger.token(
                now, header={"kid": self.provider.name}, roles=self.permissions),
            "signed and then changed": ".".join(
                (self.sound().split(".")[0], self.sound(sub="root").split(".")[1],
                 self.sound().split(".")[2])),
        }
        answers = {service: {} for service in self.servers}
        for what, token in credentials.items():
            for service, method, _ in self.methods:
                answers[service].setdefault(self.ask(service, method, token), (method, what))
        for service, different in answers.items():
            self.assertEqual(len(different), 1, (service, list(different.values())[:5]))
            self.assertEqual(status_of(*different), UNAUTHENTICATED)

    def test_who_lacks_the_permission_is_refused_before_the_request_is_looked_at(self):
        useless = (self.sound(roles=[]), self.sound(roles=["root", "*"]), self.sound(roles={"a": 1}))
        others = {name: self.sound(roles=[other for other in self.permissions if other != name])
                  for name in self.permissions}
        for service, method, permission in self.methods:
            answers = {self.ask(service, method, token)
                       for token in (*useless, others[permission])}
            self.assertEqual(len(answers), 1, method)
            answer = answers.pop()
            self.assertEqual(status_of(answer), PERMISSION_DENIED, method)
            self.assertIn(permission.encode() + b" is needed", answer)

    def test_who_may_not_call_hears_the_same_however_little_time_there_is(self):
        for service, method, _ in self.methods:
            for token in (None, self.sound(roles=[])):
                self.wait_for_the_same(service, method, token)

    def wait_for_the_same(self, *call):
        """Returns once a call within SHORT_TIMEOUT is refused like one that has time: at once, but
        on a busy machine gRPC itself may be too late now and then."""
        refused = self.ask(*call)
        process.wait_until(lambda: self.ask(*call, SHORT_TIMEOUT) == refused,
                           f"{call[1]} looks at the deadline last")

    def test_who_has_just_the_permission_comes_through(self):
        tokens_by_permission = {name: self.sound(roles=[name]) for name in self.permissions}
        for service, method, permission in self.methods:
            answer = self.ask(service, method, tokens_by_permission[permission])
            self.assertEqual(status_of(answer), INVALID_ARGUMENT, method)
            self.assertIn(b"the request is no clientele.", answer)

    def test_a_key_that_the_provider_takes_back_signs_no_more(self):
        service, method, _ = self.methods[0]
        token = self.sound()
        self.assertEqual(status_of(self.ask(service, method, token)), INVALID_ARGUMENT)
        new = self.stranger.token(time.time(), roles=self.permissions)
        try:
            self.stranger.publish()
            self.wait_for(service, method, token, UNAUTHENTICATED)
            self.assertEqual(status_of(self.ask(service, method, new)), INVALID_ARGUMENT)
        finally:
            self.provider.publish()
            self.wait_for(service, method, token, INVALID_ARGUMENT)
        self.assertEqual(status_of(self.ask(service, method, new)), UNAUTHENTICATED)

    def wait_for(self, service, method, token, status):
        """Returns once the keys that were published are read."""
        process.wait_until(lambda: status_of(self.ask(service, method, token)) == status,
                           f"the status is {status}")


if __name__ == "__main__":
    suite.main()
