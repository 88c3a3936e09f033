"""A server that is attacked, and ordinary callers, who show whether it matters to others."""
import concurrent.futures
import itertools
import json
import pathlib
import re
import resource
import subprocess
import tempfile
import unittest

from tests.support import process, suite
from tests.support.server import Server

LOAD = pathlib.Path(suite.binary()).parent.parent / "tests/support/overload_load"
CUSTOMERS = 20
CALLS_PER_SECOND = 20
WRITE_EVERY = 2
DEADLINE_SECONDS = 5
# The soft limit that a server starts with: less than there are idle connections.
FILES = 256
# What a server may grow by, whatever comes: what its connections may hold (kTransportBytesMax), and
# as much again for what the allocator keeps and what gRPC does not count.
GROWTH_KIB_MAX = 512 << 10
GET = "/clientele.profile.v1.CustomerService/GetCustomer"


def resident_kib(server, name):
    """VmRSS, what is resident, or VmHWM, the most that ever was."""
    status = pathlib.Path(f"/proc/{server.server.process.pid}/status").read_text()
    return int(re.search(name + r":\s+(\d+)", status).group(1))


class UnderAttack(unittest.TestCase):
    """Profile on SQLite, with some customers."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        cls.server = cls.enterClassContext(Server("profile", cls.folder))
        cls.server.migrate()
        cls.server.start()
        subprocess.run([LOAD, "--server", cls.server.address, "--create", str(CUSTOMERS)],
                       check=True, timeout=process.STEP_SECONDS_MAX)
        cls.seeds = itertools.count(1)

    def setUp(self):
        """Each test has a server that holds nothing of the one before."""
        self.server.kill()
        self.start()

    def start(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
        try:
            self.server.start()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self.fresh_kib = resident_kib(self.server, "VmRSS")

    @property
    def pid(self):
        return self.server.server.process.pid

    def check_growth(self):
        """At its most, since the server was started."""
        grown_kib = resident_kib(self.server, "VmHWM") - self.fresh_kib
        print(f"{grown_kib >> 10} MiB grown", flush=True)
        self.assertLess(grown_kib, GROWTH_KIB_MAX)

    def all_are_served(self, seconds):
        """Whether every one of some ordinary calls, durable writes and strong reads on a connection
        of their own, gets its answer before its deadline."""
        done = subprocess.run(
            [LOAD, "--server", self.server.address, "--customers", str(CUSTOMERS), "--seconds",
             str(seconds), "--rate", str(CALLS_PER_SECOND), "--seed", str(next(self.seeds)),
             "--write-every", str(WRITE_EVERY), "--deadline-ms", str(1000 * DEADLINE_SECONDS),
             "--warm-up-ms", "0"], check=True, stdout=subprocess.PIPE, text=True,
            timeout=process.STEP_SECONDS_MAX + seconds)
        told = json.loads(done.stdout)
        return all(told[kind]["ok"] > 0 and told[kind]["ok"] == sum(told[kind].values())
                   for kind in ("read", "write"))

    def check_alive(self):
        self.assertIsNone(self.server.server.process.poll(), "the server has died")
        self.assertEqual(self.server.get("/readyz")[0], 200)

    def check_attack(self, hurt, connections, seconds=1):
        """Runs `hurt()` that many times at once: others are served until all have ended, and
        afterwards, in bounded memory."""
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            attackers = [pool.submit(hurt) for _ in range(connections)]
            served = [self.all_are_served(seconds)]
            while not all(attacker.done() for attacker in attackers):
                served.append(self.all_are_served(seconds))
        served.append(self.all_are_served(seconds))
        results = [attacker.result() for attacker in attackers]
        print(f"attackers tell: {results}, others served: {served}", flush=True)
        self.assertTrue(all(served), served)
        self.check_growth()
        self.check_alive()
        return results
