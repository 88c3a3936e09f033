"""Two servers of each service on one PostgreSQL and one Redis, read and written all the time, while
Redis is killed, paused and flushed: no call fails, nobody gets less than the min_etag asked for, nobody
is further behind than is promised, and nobody waits for a Redis that does not answer (quality.md R7).

Customers who are written through the cache are read most; customers, tiers and scores that others
outdate (recorded purchases, loyalty's consumer, runs) are compared with what no cache answers.
common/cache/coherence_test.cc turns the versioning off and finds it. CLIENTELE_LONG=1: 10,000,000
reads instead of 1,000,000.
"""
import json
import os
import pathlib
import re
import subprocess

from tests.support import history_load, process, redis, replicas, suite
from tests.support.server import wait_caught_up

IS_LONG = os.environ.get("CLIENTELE_LONG") == "1"
ROUNDS = 20 if IS_LONG else 2
READS_MIN = 10_000_000 if IS_LONG else 1_000_000
READS_PER_PHASE = READS_MIN // (6 * ROUNDS)
READS_SHORT = 2_000
# Of every service, in all phases alike.
SERVICES_READS_PER_PHASE = 100_000 if IS_LONG else 10_000
SERVICES_ROUNDS = 10 if IS_LONG else 1
# What the load of every service tells apart, and what must never be.
CACHED = ("customer", "tier", "score")
# What asks the cache more than once, one after the other: which run is the latest, and its score.
CACHE_READS = {"score": 2}
NEVER = ("failed", "torn", "missing", "unequal")
# Of what is to be outdated.
CHANGES_MIN = 2
SHARED_TTL_MS, MEMORY_TTL_MS = 1000, 200
BEHIND_MAX_MS = SHARED_TTL_MS + MEMORY_TTL_MS + 1000
LATENCY_BUDGET_MS = 100  # far from what a busy machine does to a call
PROGRAMS = pathlib.Path(suite.binary()).parent.parent / "tests/support"
LOAD, BOUNDED_LOAD = PROGRAMS / "coherence_load", PROGRAMS / "bounded_load"
CUSTOMERS = "clientele.profile.v1.CustomerService/"
# What one load of a customer runs.
LOAD_STATEMENTS = ("SelectCustomers", "SelectShownFacts", "SelectIdentifiers")
SETTINGS = {"redis__latency_budget": f"{LATENCY_BUDGET_MS}ms",
            "cache__shared_ttl": f"{SHARED_TTL_MS}ms", "cache__memory_ttl": f"{MEMORY_TTL_MS}ms"}
SAMPLE = re.compile(r'^(\w+)\{(.*)\} (\S+)$', re.MULTILINE)


def samples(server, name, **labels):
    """The values of a server's series of that name which have these labels."""
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    return [float(value) for found, text, value in SAMPLE.findall(server.get("/metrics")[1])
            if found == f"clientele_{server.service}_{name}" and all(each in text for each in wanted)]


def reads(server):
    return sum(samples(server, "cache_reads_total"))


def load_queries(server):
    return sum(sum(samples(server, "sql_query_seconds_count", statement=name))
               for name in LOAD_STATEMENTS)


class Load:
    """Readers and writers. Use as a context manager; `result` is there afterwards."""

    def __init__(self, *command):
        self._command = [*command, "--behind-max-ms", str(BEHIND_MAX_MS), "--seed",
                         str(suite.draw_seed())]
        self._program = None
        self._phases = ["before"]
        self.result = None

    def __enter__(self):
        self._program = subprocess.Popen(self._command, stdin=subprocess.PIPE, text=True,
                                         stdout=subprocess.PIPE,
                                         preexec_fn=process.die_with_parent)
        assert self._program.stdout.readline() == "ready\n"
        return self

    def begin(self, phase):
        """What comes is told apart from what was before."""
        self._phases.append(phase)
        self._program.stdin.write("\n")
        self._program.stdin.flush()

    def phases(self, name, what=None):
        """What was told of the phases of that name: when the load tells several things apart, of
        `what`."""
        told = self.result["phases"] if what is None else self.result["phases"][what]
        return [one for phase, one in zip(self._phases, told, strict=True) if phase == name]

    def __exit__(self, error=None, *unused):
        text, _ = self._program.communicate(timeout=process.STEP_SECONDS_MAX)
        if error is None:
            self.result = json.loads(text)
            print(text, end="")


class WithoutRedis:
    """What tests of `self.servers` do whose Redis goes away; beside replicas.OnRedis."""

    def await_health(self, is_healthy):
        """Returns once both servers say that Redis answers and invalidations arrive, or neither."""
        for server in self.servers:
            process.wait_until(
                lambda s=server: samples(s, "redis_breaker_open") == [0 if is_healthy else 1]
                and samples(s, "cache_memory_on") == [1 if is_healthy else 0],
                f"{server.service} at {server.address} finds Redis healthy: {is_healthy}")

    def let_go_on(self, count):
        """Returns after so many more reads, some at each server."""
        before = [reads(server) for server in self.servers]
        process.wait_until(lambda: sum(map(reads, self.servers)) >= sum(before) + count
                           and all(reads(s) > b for s, b in zip(self.servers, before)),
                           "reads go on")

    def do_all(self, load, count):
        """Kills, pauses and flushes Redis once, with so many reads in each state."""
        load.begin("fault")
        self.redis.kill()
        self.await_health(False)
        load.begin("killed")
        self.let_go_on(count)
        load.begin("recovery")
        self.redis.start()
        self.await_health(True)
        load.begin("fault")
        self.redis.pause()
        self.await_health(False)
        load.begin("paused")
        self.let_go_on(count)
        load.begin("recovery")
        self.redis.resume()
        self.await_health(True)
        load.begin("flushed")
        self.redis.flush()
        self.let_go_on(count)

    def assert_servers_have_met_it_all(self):
        for server in self.servers:
            self.assertEqual(server.get("/readyz")[0], 200)
            self.assertGreater(sum(samples(server, "cache_errors_total")), 0)
            for source in ("memory", "shared", "load"):
                self.assertGreater(sum(samples(server, "cache_reads_total", source=source)), 0,
                                   (server.service, source))

    def assert_nobody_waits_for_redis(self, load, what=None):
        """A Redis that hangs costs its budget until that is noticed, and then nothing: calls take
        as long as without any Redis, which is where connecting fails at once."""
        without = load.phases("killed", what)
        # Other work on the machine makes a phase slower, never a whole budget for every call.
        usual_ms = max(told["p50_ms"] for told in without)
        for told in load.phases("paused", what):
            self.assertLess(told["p50_ms"], 2 * usual_ms + LATENCY_BUDGET_MS / 2, load.result)
        slowest_ms = max(told["max_ms"] for told in without)
        for told in load.phases("fault", what):
            # A read waits for a look-up and for the fill, each once.
            waits_ms = 2 * CACHE_READS.get(what, 1) * LATENCY_BUDGET_MS
            self.assertLess(told["p99_ms"], 2 * slowest_ms + waits_ms, load.result)


class RedisCache(WithoutRedis, replicas.OnRedis):
    services = ("profile",)
    settings = SETTINGS

    def setUp(self):
        super().setUp()
        self.servers = self.replicas["profile"]
        self.await_health(True)

    def load(self, *args):
        return Load(LOAD, "--server", self.servers[0].address, "--other", self.servers[1].address,
                    *args)

    def check(self, result, reads_min):
        self.assertGreaterEqual(result["reads"], reads_min)
        self.assertGreater(result["writes"], 0)
        self.assertEqual({key: result[key] for key in (
            "failed", "below_min", "too_far_behind", "torn")},
            {"failed": 0, "below_min": 0, "too_far_behind": 0, "torn": 0}, result)

    def test_no_call_fails_and_no_promise_breaks_whatever_happens_to_redis(self):
        with self.load() as load:
            self.let_go_on(READS_PER_PHASE)
            for _ in range(ROUNDS):
                self.do_all(load, READS_PER_PHASE)
            while sum(map(reads, self.servers)) < READS_MIN:
                self.let_go_on(READS_PER_PHASE)
            self.assert_servers_have_met_it_all()
        self.check(load.result, READS_MIN)
        self.assert_nobody_waits_for_redis(load)

    def test_servers_start_and_serve_without_redis(self):
        self.redis.kill()
        for server in self.servers:
            server.kill()
            server.start()
            self.assertEqual(server.get("/readyz")[0], 200)
        with self.load() as load:
            self.let_go_on(READS_SHORT)
        self.check(load.result, READS_SHORT)
        self.redis.start()
        self.await_health(True)

    def test_readers_who_forget_their_min_etag_are_caught(self):
        """The planted defect: the check does find what is below."""
        with self.load("--forget-min-etag") as load:
            self.let_go_on(READS_SHORT)
            self.redis.pause()
            self.await_health(False)
            self.redis.resume()
            self.await_health(True)
            self.let_go_on(READS_SHORT)
        self.assertGreater(load.result["below_min"], 0, load.result)

    def test_a_thousand_misses_of_one_key_make_few_queries(self):
        a, b = self.servers
        a.call(CUSTOMERS + "CreateCustomer", {
            "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"},
            "customer": {"customer_id": "popular", "attributes": {"given_name": "Ada"}}})
        self.redis.flush()
        before = load_queries(b)
        storm = subprocess.run([LOAD, "--server", b.address, "--storm", "popular"], check=True,
                               stdout=subprocess.PIPE, timeout=process.STEP_SECONDS_MAX)
        self.assertEqual(json.loads(storm.stdout)["failed"], 0)
        queries = load_queries(b) - before
        self.assertGreater(queries, 0)
        self.assertLessEqual(queries, 10)


class OnEveryCache(WithoutRedis, history_load.OnHistories):
    """A test of what others outdate than those who read it."""
    services = ("profile", "loyalty", "segmentation")

    def setUp(self):
        super().setUp()
        self.servers = [server for pair in self.replicas.values() for server in pair]
        self.await_health(True)

    def wait_caught_up(self):
        super().wait_caught_up()
        wait_caught_up(self.profiles[0], self.replicas["segmentation"][0])

    def load(self):
        addresses = [word for service, pair in self.replicas.items()
                     for word in (f"--{service}", ",".join(server.address for server in pair))]
        return Load(BOUNDED_LOAD, *addresses, "--members",
                    ",".join(f"csv-c-{i}" for i in range(history_load.MEMBERS)))

    def check(self, result):
        """No call failed, nobody was too far behind, and it was not for want of changes."""
        for kind in ("customers", "purchases", "runs", "tier_moves"):
            self.assertGreater(result[kind], CHANGES_MIN, kind)
        self.assertEqual(
            {key: result[key] for key in (*NEVER, "too_far_behind")},
            {**dict.fromkeys(NEVER, 0), "too_far_behind": dict.fromkeys(CACHED, 0)}, result)


class RedisAwayFromEveryCache(OnEveryCache):
    # An absence too is told no longer than is promised.
    settings = {**SETTINGS, "cache__absent_ttl": "1h"}

    def test_no_call_fails_and_no_promise_breaks_whatever_happens_to_redis(self):
        with self.load() as load:
            self.let_go_on(3 * SERVICES_READS_PER_PHASE)
            for _ in range(SERVICES_ROUNDS):
                self.do_all(load, SERVICES_READS_PER_PHASE)
            self.assert_servers_have_met_it_all()
        self.check(load.result)
        for what in CACHED:
            self.assert_nobody_waits_for_redis(load, what)


class EveryCache(OnEveryCache):
    # Nothing is forgotten so soon that it would hide that nobody was told.
    settings = {"redis__latency_budget": f"{LATENCY_BUDGET_MS}ms"}

    def test_what_one_replica_outdates_the_other_hears_of(self):
        with self.load() as load:
            self.let_go_on(3 * SERVICES_READS_PER_PHASE)
        self.check(load.result)
        # The planted defect: each has a Redis of its own.
        other = self.enterContext(redis.PrivateRedis())
        for _, server in self.replicas.values():
            self.assertEqual(server.stop(), 0)
            server.settings["redis.addresses"] = other.address
            server.start()
        self.await_health(True)
        with self.load() as load:
            self.let_go_on(SERVICES_READS_PER_PHASE)
        for what in CACHED:
            self.assertGreater(load.result["too_far_behind"][what], 0, what)
        self.assertGreater(load.result["unequal"], 0)


if __name__ == "__main__":
    suite.main()
