"""Every RPC that changes something, the list taken from the servers' descriptors, at two replicas
of each service: repeated after a lost answer, 50 times at once, with other content, and after a
restart. One effect, one answer to the byte (quality.md R5).

A method without one of write_samples.SAMPLES fails the test. The effect is what is stored: the
number of rows of every table, events included, once all has been delivered. The checker is tried on
callers who make a new request_id for each repeat, and on a server that forgets.
"""
import concurrent.futures
import contextlib
import itertools
import json
import os
import random
import tempfile
import unittest

from tests.support import postgres, process, repeated, replicas, suite
from tests.support.repeated import complaints
from tests.support.write_samples import (COMPLAINTS, CUSTOMERS, LEDGER, PURCHASES, RFM, SAMPLES,
                                         Scene, fresh, identified, merged)

SERVICES = ("profile", "loyalty", "segmentation", "complaints")
FEEDS = ("profile", "loyalty", "complaints")
# Which service consumes whose feed.
CONSUMERS = (("segmentation", "profile"), ("loyalty", "profile"), ("complaints", "loyalty"))
CALLS_AT_ONCE = 50
LOST_ANSWERS = 3
LOST_AFTER_US_MAX = 5000
MEMBERS = 250
# Rows that come and go with time, or that grow with what other cases have bought.
NO_EFFECTS = ("consumer_member", "consumer_position", "feed_head", "feed_tail", "feed_consumer",
              "lease", "rfm_score", "rfm_run_counter")
# Its answer says how the points are getting on (ADR 13).
TELLS_WHAT_IS_NOW = {COMPLAINTS + "ApproveRemedy points"}
# Streams; see test_an_import_that_comes_again_changes_nothing.
STREAMS = {PURCHASES + "ImportPurchases"}
HEADER = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"


class Idempotency(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        if not postgres.available():
            raise unittest.SkipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        cls.random = random.Random(suite.draw_seed())
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        cls.postgres = cls.enterClassContext(postgres.PrivatePostgres())
        cls.replicas = replicas.start(cls.enterClassContext, cls.folder, cls.postgres.dsn, SERVICES)
        cls.caller = cls.enterClassContext(repeated.Caller())
        cls.import_orders("orders.csv", range(MEMBERS), "o-")
        cls.scene = Scene(cls.call_once, (f"csv-c-{i}" for i in range(1, MEMBERS)))
        cls.query = cls.effects_query()
        cls.effects()
        cls.scene.purchase()  # the first of its source_system

    @classmethod
    def import_orders(cls, name, customers, prefix, replica=0):
        """Imports an order of each of the customers; returns the process."""
        path = os.path.join(cls.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(HEADER)
            file.writelines(f"{prefix}{i},c-{i},2026-10-01,GBP,s,c,1,500.00\n" for i in customers)
        return cls.replicas["profile"][replica].cli(
            "import", "purchases", "--format", "csv", path, "--json")

    @classmethod
    def pair(cls, method):
        return cls.replicas[method.split(".")[1]]

    @classmethod
    def call_once(cls, method, request):
        answer, = cls.caller.call(method, request, cls.pair(method)[:1])
        assert answer.code == repeated.OK, (method, request, answer.reasons)
        return answer.response

    @classmethod
    def effects_query(cls):
        """How many events have not yet come where they go, and how many rows each table has."""
        pending = [f"(SELECT COUNT(*) FROM {service}.outbox)" for service in FEEDS]
        pending += [f"(SELECT SUM(head) FROM {source}.feed_head) - (SELECT"
                    f" COALESCE(SUM(position), 0) FROM {consumer}.consumer_position"
                    f" WHERE source = '{source}')"
                    for consumer, source in CONSUMERS]
        tables = cls.postgres.psql(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE"
            f" table_schema IN {SERVICES}").split()
        counts = [f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables
                  if table.split(".")[1] not in NO_EFFECTS]
        return " UNION ALL ".join([f"SELECT 'pending', {' + '.join(pending)}", *counts])

    @classmethod
    def effects(cls):
        """How many rows each table has, once nothing is under way."""
        def read():
            counts = {name: int(count) for name, count in (
                line.split("|") for line in cls.postgres.psql(cls.query).splitlines())}
            return counts if counts.pop("pending") == 0 else None
        return process.wait_until(read, "every event has come where it goes")

    def effect_of(self, act):
        """Does it; returns what it returned and by how much which tables grew."""
        before = self.effects()
        result = act()
        after = self.effects()
        return result, {table: count - before[table] for table, count in after.items()
                        if count != before[table]}

    def call(self, method, request, servers=None, **kwargs):
        name = method.split()[0]
        return self.caller.call(name, request, servers or self.pair(name), **kwargs)

    def settled(self, method, request, answers, first_count):
        """The answers, and how many of them are no replays; of a method that tells what is now,
        those that come once that changes no more."""
        if method not in TELLS_WHAT_IS_NOW or answers[0].code != repeated.OK:
            return answers, first_count
        process.wait_until(
            lambda: self.call(method, request)[0].response["remedies"][0]["state"]
            == "REMEDY_STATE_EXECUTED", "the points have arrived")
        return self.call(method, request, count=len(replicas.NAMES)), 0

    def asked_once(self, method, request):
        request = identified(request, fresh())
        return self.settled(method, request, self.call(method, request), 1)

    def asked_at_once(self, method, request):
        return self.settled(method, request, self.call(method, request, count=CALLS_AT_ONCE), 1)

    def asked_after_lost_answers(self, method, request, new_id):
        """Callers that give up, then some who do not; each repeat is under the id that `new_id`
        makes."""
        for server in itertools.islice(itertools.cycle(self.pair(method)), LOST_ANSWERS):
            self.call(method, identified(request, new_id()), [server],
                      cancel_after_us=self.random.randint(1, LOST_AFTER_US_MAX))
        self.call(method, identified(request, new_id()))
        answers = [self.call(method, identified(request, new_id()), [server])[0]
                   for server in self.pair(method)]
        return self.settled(method, identified(request, new_id()), answers, 0)

    def complaints_of(self, act, once=None):
        """Does what answers (answers, how many of them are no replays); returns what is wrong with
        that, and the effect."""
        (answers, first_count), effect = self.effect_of(act)
        return complaints(answers, first_count, effect, effect if once is None else once), effect

    def try_repeats(self, method):
        """Repeats requests in every way but a restart; returns one of them."""
        make, change = SAMPLES[method]
        requests = [make(self.scene) for _ in range(3)]
        found, once = self.complaints_of(lambda: self.asked_once(method, requests[0]))
        self.assertEqual(found, [])
        self.assertNotEqual(once, {}, "the checker must see an effect")

        request_id = fresh()
        found, _ = self.complaints_of(
            lambda: self.asked_after_lost_answers(method, requests[1], lambda: request_id), once)
        self.assertEqual(found, [], "after lost answers")

        request = identified(requests[2], request_id := fresh())
        found, _ = self.complaints_of(lambda: self.asked_at_once(method, request), once)
        self.assertEqual(found, [], "50 at once")

        other = identified(merged(requests[2], change), request_id)
        self.assertNotEqual(other, request)
        answers, effect = self.effect_of(lambda: self.call(method, other, count=2))
        for answer in answers:
            self.assertEqual(answer.reasons, {"REQUEST_ID_REUSED"})
        self.assertEqual(effect, {}, "other content")
        return request

    def scene_of(self, method):
        """A context in which the samples of the method can be made."""
        if method == RFM + "CancelRun":
            return self.postgres.locked("segmentation.rfm_score")  # no run comes to its end
        return contextlib.nullcontext()

    def test_every_method_that_changes_something_has_a_sample(self):
        methods = repeated.mutating_methods([pair[0] for pair in self.replicas.values()])
        self.assertEqual({name for name, streams in methods.items() if not streams},
                         {name.split()[0] for name in SAMPLES})
        self.assertEqual({name for name, streams in methods.items() if streams}, STREAMS)

    def test_repeats_have_one_effect_and_one_answer(self):
        answered = []
        for method in SAMPLES:
            with self.subTest(method), self.scene_of(method):
                request = self.try_repeats(method)
                answered.append((method, request, self.call(method, request)[0].content))
        before = self.effects()
        for server in itertools.chain.from_iterable(self.replicas.values()):
            server.kill()
            server.start()
        for method, request, content in answered:
            with self.subTest(method):
                for answer in self.call(method, request, count=2):
                    self.assertEqual((answer.code, answer.is_replay), (repeated.OK, True))
                    self.assertEqual(answer.content, content)
        self.assertEqual(self.effects(), before, "after a restart")

    def test_an_import_that_comes_again_changes_nothing(self):
        orders = range(MEMBERS)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            both = list(pool.map(
                lambda replica: self.import_orders(f"{replica}.csv", orders, "again-", replica),
                range(len(replicas.NAMES))))
        imported = [json.loads(done.stdout)["orders_imported"] for done in both]
        self.assertEqual(sum(imported), MEMBERS)
        before = self.effects()
        self.import_orders("again.csv", orders, "again-", 1)
        self.assertEqual(self.effects(), before)

    def test_callers_who_make_a_new_id_for_each_repeat_are_found_out(self):
        """The planted defect: each of their repeats is another request."""
        for method, (make, _) in SAMPLES.items():
            with self.subTest(method), self.scene_of(method):
                requests = [make(self.scene) for _ in range(2)]
                _, once = self.complaints_of(lambda: self.asked_once(method, requests[0]))
                found, _ = self.complaints_of(
                    lambda: self.asked_after_lost_answers(method, requests[1], fresh), once)
                self.assertNotEqual(found, [])
                if method in (CUSTOMERS + "CreateCustomer", LEDGER + "Adjust",
                              COMPLAINTS + "AddNote", RFM + "StartRun"):
                    self.assertTrue(any("the effect is" in text for text in found), found)

    def test_a_server_that_forgets_what_it_answered_is_found_out(self):
        request = identified({**self.scene.complaint(), "text": "call back"}, fresh())
        method = COMPLAINTS + "AddNote"
        _, once = self.complaints_of(lambda: (self.call(method, request), 1))

        def ask_after_forgetting():
            self.postgres.psql("DELETE FROM complaints.idempotency")
            return self.call(method, request), 0
        found, _ = self.complaints_of(ask_after_forgetting, once)
        self.assertTrue(any("are no replays" in text for text in found), found)


if __name__ == "__main__":
    suite.main()
