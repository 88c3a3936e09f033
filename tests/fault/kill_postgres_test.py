"""kill -9 of loyalty and of PostgreSQL under load: what was acknowledged is there, once, and adds up.

A caller repeats what was not answered with the same request_ids, as the contract says. The checker
is tried on a server that forgets commits, and on defects made by hand.
"""
import json
import os
import random
import signal
import tempfile
import threading
import time
import unittest
import uuid

from tests.support import postgres, process, suite
from tests.support.server import Server, wait_caught_up

KILLS = 200 if os.environ.get("CLIENTELE_LONG") == "1" else 20
READY_SECONDS_MAX = 2
WRITERS = 3
MEMBERS = 20
POSTINGS = 20
# Between two kills, at least.
ACKNOWLEDGED_CALLS_MIN = 4
LEDGER = "clientele.loyalty.v1.LedgerService/"


class Writer(threading.Thread):
    """Posts batch after batch, each until it is answered."""

    def __init__(self, seed, address):
        super().__init__()
        self._random = random.Random(seed)
        self._address = address
        self.stopping = threading.Event()
        self.acknowledged = {}  # request_id: the entry it made
        self.calls = 0
        self.errors = []

    def run(self):
        while not self.stopping.is_set():
            request = json.dumps({"postings": [self._posting() for _ in range(POSTINGS)]})
            while not self._post(request) and not self.stopping.is_set():
                pass

    def _posting(self):
        head = {"request_id": str(uuid.UUID(int=self._random.getrandbits(128), version=4)),
                "customer_id": f"csv-c-{self._random.randrange(MEMBERS)}"}
        if self._random.random() < 0.5:
            return {"adjust": {**head, "points": self._random.randint(1, 50),
                               "reason": "GOODWILL"}}
        return {"redeem": {**head, "points": self._random.randint(1, 30)}}

    def _post(self, request):
        """Whether each of the postings was made or refused."""
        done = suite.run_cli("call", LEDGER + "BatchPost", request, "--server", self._address,
                             expect=None)
        if done.returncode != 0:
            self.errors.append(done.stderr)
            return False
        results = json.loads(done.stdout)["results"]
        for result in results:
            if result.get("entry"):
                self.acknowledged[result["entry"]["request_id"]] = result["entry"]
        # FAILED_PRECONDITION: not enough points. Anything else is in doubt.
        in_doubt = [r["status"]["code"] for r in results
                    if not r.get("entry") and r["status"]["code"] != 9]
        self.errors += in_doubt
        self.calls += not in_doubt
        return not in_doubt


def violations(database, acknowledged):
    """What is wrong with what loyalty has stored; empty when nothing is."""
    found = []
    rows = [line.split("|") for line in database.psql(
        "SELECT request_id, customer_id, points, seq FROM loyalty.ledger_entry"
        " WHERE request_id <> ''").splitlines()]
    stored = {row[0]: (row[1], int(row[2]), int(row[3])) for row in rows}
    if len(stored) != len(rows):
        found.append(f"{len(rows) - len(stored)} entries are there twice")
    lost = [request_id for request_id, entry in acknowledged.items()
            if stored.get(request_id)
            != (entry["customer_id"], int(entry["points"]), int(entry["seq"]))]
    if lost:
        found.append(f"{len(lost)} of {len(acknowledged)} acknowledged postings are lost or others")
    if database.psql(
            "SELECT COUNT(*) FROM loyalty.member AS m WHERE available <> (SELECT COALESCE(SUM(CASE"
            " WHEN debit_account = 1 THEN -points ELSE points END), 0) FROM loyalty.ledger_entry AS"
            " e WHERE e.customer_id = m.customer_id)") != "0\n":
        found.append("balances are not the sum of the entries")
    if database.psql(
            "SELECT COUNT(*) FROM loyalty.feed_head AS h WHERE head <> (SELECT COUNT(*) FROM"
            " loyalty.feed AS f WHERE f.partition = h.partition)") != "0\n":
        found.append("the feed has holes")
    if database.psql(
            "SELECT (SELECT COALESCE(SUM(feed_seq), 0) FROM loyalty.member) - (SELECT COUNT(*) FROM"
            " loyalty.feed) - (SELECT COUNT(*) FROM loyalty.outbox)") != "0\n":
        found.append("events are missing or double")
    return found


class KillPostgres(unittest.TestCase):

    def setUp(self):
        if not postgres.available():
            self.skipTest(f"no PostgreSQL in {postgres.BIN}: run scripts/setup.sh")
        self.random = random.Random(suite.draw_seed())
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="clientele-fault-"))
        self.postgres = self.enterContext(postgres.PrivatePostgres())
        profile = self.server("profile")
        self.loyalty = self.server("loyalty", profile__address=profile.address)
        path = os.path.join(self.folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("order_number,customer,occur_time,currency,sku,category,quantity,unit_price"
                       "\n")
            file.writelines(f"o-{i},c-{i},2026-10-01,GBP,s,c,1,500.00\n" for i in range(MEMBERS))
        profile.cli("import", "purchases", "--format", "csv", path)
        wait_caught_up(profile, self.loyalty)
        profile.stop()
        self.writers = [Writer(self.random.random(), self.loyalty.address)
                        for _ in range(WRITERS)]

    def server(self, service, **settings):
        server = self.enterContext(Server(service, self.folder, database__url=self.postgres.dsn,
                                          **settings))
        server.migrate()
        return server.start()

    def calls(self):
        return sum(writer.calls for writer in self.writers)

    def wait_for_calls(self):
        before = self.calls()
        process.wait_until(lambda: self.calls() >= before + ACKNOWLEDGED_CALLS_MIN,
                           "postings are acknowledged")

    def acknowledged(self):
        return {request_id: entry for writer in self.writers
                for request_id, entry in list(writer.acknowledged.items())}

    def stop_writers(self):
        started = [writer for writer in self.writers if writer.ident]
        for writer in started:
            writer.stopping.set()
        for writer in started:
            writer.join()

    def kill_one(self, victim):
        """Kills at a random moment and brings back; returns after how many seconds loyalty was
        ready and acknowledged postings, with its database there."""
        self.wait_for_calls()
        time.sleep(self.random.uniform(0, 0.1))  # the moment is what is random
        if victim == "loyalty":
            self.loyalty.kill()
            since = time.monotonic()
            self.loyalty.start()
        else:
            self.postgres.kill()
            self.postgres.start()
            since = time.monotonic()
        process.wait_until(lambda: self.loyalty.get("/readyz")[0] == 200, "loyalty is ready")
        before = self.calls()
        process.wait_until(lambda: self.calls() > before, "postings are acknowledged again")
        return time.monotonic() - since

    def test_kills_lose_nothing_and_double_nothing(self):
        for writer in self.writers:
            writer.start()
        try:
            for kill in range(KILLS):
                victim = ("loyalty", "postgres")[kill % 2]
                took = self.kill_one(victim)
                print(f"kill {kill + 1}: {victim}, ready after {took:.2f} s", flush=True)
                self.assertLess(took, READY_SECONDS_MAX, victim)
            self.wait_for_calls()
        finally:
            self.stop_writers()
        self.assertTrue(any(writer.errors for writer in self.writers), "no kill was noticed")
        self.assertEqual(violations(self.postgres, self.acknowledged()), [])

    def test_the_checker_finds_what_a_server_forgets_that_does_not_wait_for_its_disk(self):
        # At its start such a server is refused; connections that are open do not look again.
        self.wait_without_writers()
        self.postgres.reconfigure("synchronous_commit = off")
        self.stop_wal_writer()
        for writer in self.writers:
            writer.start()
        try:
            self.wait_for_calls()
            self.postgres.kill()
        finally:
            self.stop_writers()
        self.postgres.reconfigure("synchronous_commit = on")
        self.postgres.start()
        found = violations(self.postgres, self.acknowledged())
        self.assertTrue(any("acknowledged postings are lost" in text for text in found), found)

    def stop_wal_writer(self):
        """What it has not flushed is lost with a server that does not wait for it."""
        pid = self.postgres.psql(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        os.kill(int(pid), signal.SIGSTOP)

    def wait_without_writers(self):
        """Loyalty has as many connections open as the writers will need."""
        warm = [Writer(self.random.random(), self.loyalty.address) for _ in range(WRITERS)]
        for writer in warm:
            writer.start()
        process.wait_until(lambda: all(writer.calls > 0 for writer in warm), "postings work")
        for writer in warm:
            writer.stopping.set()
            writer.join()

    def test_the_checker_finds_defects_made_by_hand(self):
        self.writers[0].start()
        self.wait_for_calls()
        self.stop_writers()
        acknowledged = self.acknowledged()
        self.loyalty.stop()
        self.assertEqual(violations(self.postgres, acknowledged), [])
        one = next(iter(acknowledged))
        for defect, sentence in (
                (f"DELETE FROM loyalty.ledger_entry WHERE request_id = '{one}'", "are lost"),
                (f"UPDATE loyalty.ledger_entry SET points = points + 1 WHERE request_id = '{one}'",
                 "are lost or others"),
                ("UPDATE loyalty.member SET available = available + 1", "not the sum"),
                ("DELETE FROM loyalty.feed WHERE position = 1", "holes"),
                ("UPDATE loyalty.member SET feed_seq = feed_seq + 1", "missing or double")):
            with self.subTest(defect):
                found = violations(Planted(self.postgres, defect), acknowledged)
                self.assertTrue(any(sentence in text for text in found), found)


class Planted:
    """A database with a defect that nobody else sees."""

    def __init__(self, database, defect):
        self._database = database
        self._defect = defect

    def psql(self, sql):
        return self._database.psql(f"BEGIN; {self._defect}; {sql}; ROLLBACK")


if __name__ == "__main__":
    suite.main()
