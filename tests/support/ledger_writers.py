"""Callers that post to loyalty's ledger, and the look whether what they were told is stored.

A caller repeats what was not answered with the same request_ids, as the contract says.
"""
import contextlib
import json
import pathlib
import random
import sqlite3
import threading
import time
import uuid

from tests.support import process, suite
from tests.support.refusals import says_try_again
from tests.support.server import Server, wait_caught_up

MEMBERS = 20
POSTINGS = 20
LEDGER = "clientele.loyalty.v1.LedgerService/"


@contextlib.contextmanager
def loyalty_with_members(folder, **settings):
    """Loyalty with all members and points to spend; its data, or those of the server that
    `settings` name, are made in `folder`."""
    orders = pathlib.Path(folder, "orders.csv")
    header = "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
    orders.write_text(header + "".join(f"o-{i},c-{i},2026-10-01,GBP,s,c,1,500.00\n"
                                       for i in range(MEMBERS)), encoding="utf-8")
    with contextlib.ExitStack() as stack:
        def start(service, **more):
            server = stack.enter_context(Server(service, folder, **settings, **more))
            server.migrate()
            return server.start()

        profile = start("profile")
        loyalty = start("loyalty", profile__address=profile.address)
        profile.cli("import", "purchases", "--format", "csv", str(orders))
        wait_caught_up(profile, loyalty)
        profile.stop()
        yield loyalty


class Writer(threading.Thread):
    """Posts batch after batch, each until it is answered."""

    def __init__(self, seed, address):
        super().__init__()
        self._random = random.Random(seed)
        self._address = address
        self.stopping = threading.Event()
        self.acknowledged = {}  # request_id: the entry it made
        self.calls = 0
        self.errors = []  # (when its call began, when it ended, the error)

    def run(self):
        while not self.stopping.is_set():
            method, request = self._next()
            while not self._post(method, request) and not self.stopping.is_set():
                pass

    def _next(self):
        """Method and request, which is repeated until it is answered."""
        return "BatchPost", {"postings": [self._posting() for _ in range(POSTINGS)]}

    def _answers(self, response):
        """The (entry or None, status) of each posting."""
        return [(result.get("entry"), result.get("status")) for result in response["results"]]

    def _posting(self):
        head = {"request_id": str(uuid.UUID(int=self._random.getrandbits(128), version=4)),
                "customer_id": f"csv-c-{self._random.randrange(MEMBERS)}"}
        if self._random.random() < 0.5:
            return {"adjust": {**head, "points": self._random.randint(1, 50),
                               "reason": "GOODWILL"}}
        return {"redeem": {**head, "points": self._random.randint(1, 30)}}

    def _post(self, method, request):
        """Whether each of the postings was made or refused."""
        begin = time.monotonic()
        done = suite.run_cli("call", LEDGER + method, json.dumps(request), "--server",
                             self._address, expect=None)
        if done.returncode == 0:
            answers = self._answers(json.loads(done.stdout))
        else:
            answers = [(None, json.loads(done.stdout)["error"])]
        for entry, _ in answers:
            if entry:
                self.acknowledged[entry["request_id"]] = entry
        # Refused: not enough points. Anything else is in doubt.
        in_doubt = [status for entry, status in answers
                    if not entry and status["code"] not in (9, "FAILED_PRECONDITION")]
        end = time.monotonic()
        self.errors += [(begin, end, status) for status in in_doubt]
        self.calls += not in_doubt
        return not in_doubt


class Redeemer(Writer):
    """Redeems one by one."""

    def _next(self):
        request_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        return "Redeem", {"request_id": request_id,
                          "customer_id": f"csv-c-{self._random.randrange(MEMBERS)}", "points": 1}

    def _answers(self, response):
        return [(response, None)]


class Writers:
    """Those of a test; use as a context manager, which stops them."""

    def __init__(self, seed, address):
        choose = random.Random(seed)
        self.all = [kind(choose.random(), address) for kind in (Writer, Writer, Redeemer)]

    def __enter__(self):
        for writer in self.all:
            writer.start()
        return self

    def __exit__(self, *unused):
        for writer in self.all:
            writer.stopping.set()
        for writer in self.all:
            writer.join()

    def calls(self):
        return sum(writer.calls for writer in self.all)

    def wait_for_calls(self, count):
        """Returns when as many more are acknowledged."""
        before = self.calls()
        process.wait_until(lambda: self.calls() >= before + count, "postings are acknowledged")

    def errors(self):
        return [error for writer in self.all for error in writer.errors]

    def acknowledged(self):
        return {request_id: entry for writer in self.all
                for request_id, entry in list(writer.acknowledged.items())}

    def unpromised_errors(self, down):
        """Errors other than those promised; `down`: from when to when there was no server, of which
        only the network tells."""
        return [error for begin, end, error in self.errors() if not says_try_again(error)
                and not (error["code"] == "UNAVAILABLE" and not error["details"]
                         and any(begin < up and end > gone for gone, up in down))]


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


class Planted:
    """A database with a defect that nobody else sees."""

    def __init__(self, database, defect):
        self._database = database
        self._defect = defect

    def psql(self, sql):
        return self._database.psql(f"BEGIN; {self._defect}; {sql}; ROLLBACK")


class SqliteFile:
    """Loyalty's file, read as PrivatePostgres.psql would; changes are made to a copy, unseen."""

    def __init__(self, data_dir):
        self._path = pathlib.Path(data_dir, "loyalty.db")

    def psql(self, sql):
        """Of several statements only the SELECT prints."""
        source = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)
        memory = sqlite3.connect(":memory:", isolation_level=None)
        with contextlib.closing(source), contextlib.closing(memory) as copy:
            source.backup(copy)
            rows = [row for statement in sql.replace("loyalty.", "").split("; ")
                    for row in copy.execute(statement)]
        return "".join("|".join(map(str, row)) + "\n" for row in rows)


# Each with a word of the sentence that must tell of it; for an acknowledged request_id.
DEFECTS = (
    ("DELETE FROM loyalty.ledger_entry WHERE request_id = '{}'", "are lost"),
    ("UPDATE loyalty.ledger_entry SET points = points + 1 WHERE request_id = '{}'",
     "are lost or others"),
    ("UPDATE loyalty.member SET available = available + 1", "not the sum"),
    ("DELETE FROM loyalty.feed WHERE position = 1", "holes"),
    ("UPDATE loyalty.member SET feed_seq = feed_seq + 1", "missing or double"),
)


def undetected(database, acknowledged):
    """The defects, made by hand, that violations() does not find."""
    one = next(iter(acknowledged))
    return [defect for defect, sentence in DEFECTS
            if not any(sentence in text for text in violations(
                Planted(database, defect.format(one)), acknowledged))]
