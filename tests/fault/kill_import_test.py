"""kill -9 of `clientele up` at random moments of an import loses nothing and doubles nothing.

The first 100,000 rows of Online Retail, 20 kills, each on a data folder of its own: start, import,
kill at a random moment, start, import again, and compare with the undisturbed run. CLIENTELE_LONG=1:
all rows. A second importer takes in small files meanwhile; what it was told is in is looked for
before anything is imported again. The moments are other ones each time; CLIENTELE_SEED repeats those
of a printed seed.
"""
import contextlib
import gzip
import itertools
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from tests.support import acknowledged, process, suite

KILLS = 20
# A kill that comes when the import is over is compared too, but does not count.
TRIES_MAX = 3 * KILLS
ROWS = 100_000
# Of the second importer: each order has a customer of its own and one line.
OWN_ORDERS = 600
OWN_PIECE = 20
LONG = os.environ.get("CLIENTELE_LONG") == "1"

# What the databases hold in the end, whatever the events say.
PROFILE_ROWS = {
    "customers": "SELECT COUNT(*) FROM customer",
    "orders": "SELECT COUNT(*) FROM purchase",
    "gross_minor": "SELECT SUM(gross_minor) FROM purchase",
    "lines": "SELECT COUNT(*) FROM purchase_line",
    "refunds": "SELECT COUNT(*) FROM purchase_refund",
    "refunded_minor": "SELECT SUM(amount_minor) FROM purchase_refund",
    "refunded_minor_of_orders": "SELECT SUM(refunded_minor) FROM purchase",
    "events": "SELECT COUNT(*) FROM feed",
    "events_left_in_outbox": "SELECT COUNT(*) FROM outbox",
}
SEGMENTATION_ROWS = {
    "customers": "SELECT COUNT(*) FROM customer_state",
    "orders": "SELECT COUNT(*) FROM order_log",
    "gross_minor": "SELECT SUM(gross_minor) FROM order_log",
    "refunded_minor": "SELECT SUM(amount_minor) FROM order_refund",
}
LOYALTY_ROWS = {
    "members": "SELECT COUNT(*) FROM member",
    "available": "SELECT SUM(available) FROM member",
    "earned": "SELECT SUM(points) FROM ledger_entry WHERE kind = 1",
    "reversed": "SELECT SUM(points) FROM ledger_entry WHERE kind = 5",
    "entries": "SELECT COUNT(*) FROM ledger_entry",
    "lots_left": "SELECT SUM(remaining) FROM lot",
    "debt": "SELECT SUM(debt) FROM member",
    "purchases": "SELECT COUNT(*) FROM earning",
    "refunded_minor": "SELECT SUM(amount_minor) FROM earning_refund",
    "events": "SELECT (SELECT COUNT(*) FROM feed) + (SELECT COUNT(*) FROM outbox)",
}


def event_totals(s):
    """What profile's feed tells."""
    result = {"types": {}, "customers": 0, "orders": 0, "lines": 0, "refunded_minor": 0}
    for line in s.run("watch", "profile", "--stop-at-head").stdout.splitlines():
        event = json.loads(line)
        kind, data = event["type"], event["data"]
        result["types"][kind] = result["types"].get(kind, 0) + 1
        if kind == "clientele.profile.customer.created.v1":
            result["customers"] += 1
        elif kind == "clientele.profile.purchase.recorded.v1":
            result["orders"] += 1
            result["lines"] += data["line_count"]
        elif kind == "clientele.profile.purchase.refunded.v1":
            result["refunded_minor"] += data["amount_minor"]
    return result


def rows(data_dir, service, queries):
    """What a stopped service has stored; its file must be whole."""
    path = pathlib.Path(data_dir, f"{service}.db")
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        def one(query):
            return database.execute(query).fetchone()[0]

        return {"check": one("PRAGMA quick_check"),
                **{name: one(query) for name, query in queries.items()}}


def totals(s):
    """Everything that must be equal however often the servers died. Stops them."""
    s.wait_caught_up()
    s.wait_caught_up(service="loyalty")
    result = {"events": event_totals(s),
              "heads": suite.heads_of(s.feed_heads("profile")),
              "consumed": suite.consumed_of(s.feed_heads("segmentation")),
              "consumed_by_loyalty": suite.consumed_of(s.feed_heads("loyalty"))}
    run = s.json("rfm", "run", "--as-of", "2011-12-10", "--method", "quantile", "--rules",
                 "growth-11", "--monetary", "net", "--force")
    result["segments"] = run["segments"]
    if s.stop() != 0:
        raise AssertionError("clientele up did not drain")
    result["profile"] = rows(s.data_dir, "profile", PROFILE_ROWS)
    result["segmentation"] = rows(s.data_dir, "segmentation", SEGMENTATION_ROWS)
    result["loyalty"] = rows(s.data_dir, "loyalty", LOYALTY_ROWS)
    return result


class Importing(threading.Thread):
    """Imports the orders of `pieces` until all are in or the servers are gone."""

    def __init__(self, s, folder):
        super().__init__()
        self._suite = s
        self.pieces = acknowledged.Pieces(folder, OWN_ORDERS, OWN_PIECE, day="2011-06-01")

    def run(self):
        self.pieces.import_until_refused(self._suite.run)

    def import_the_rest(self):
        if self.pieces.import_again(self._suite.run) is None:
            raise AssertionError("an import failed though nobody was killed")


class KillImport(unittest.TestCase):

    maxDiff = None

    def test_twenty_kills_change_nothing(self):
        source = suite.data_file("online-retail/online_retail.csv.gz")
        moments = random.Random(suite.draw_seed())
        with tempfile.TemporaryDirectory(prefix="clientele-kill-") as folder:
            path = self.first_rows(source, folder)
            with suite.Suite() as s:
                started = time.monotonic()
                beside = Importing(s, folder)
                beside.start()
                imported = s.json(*self.import_args(path))
                seconds = time.monotonic() - started
                beside.join()
                beside.import_the_rest()
                undisturbed = totals(s)
            self.check_undisturbed(imported, undisturbed)
            kills = amid = told = 0
            for number in range(1, TRIES_MAX + 1):
                moment = moments.uniform(0, seconds)
                took, left, told_now, interrupted = self.import_with_a_kill(path, moment)
                print(f"kill {number} at {moment:.3f} s of {seconds:.3f} s: {left} orders left,"
                      f" {told_now} others were acknowledged", flush=True)
                told += told_now
                self.assertEqual(interrupted, undisturbed,
                                 f"kill {number} at {moment:.3f} s")
                if took is None:
                    kills += 1
                    amid += 0 < left < imported["orders_imported"]
                else:
                    seconds = min(seconds, took)  # the machine is faster now
                if kills == KILLS:
                    break
            self.assertEqual(kills, KILLS, "the kills came too late")
            self.assertGreater(amid, 0, "no kill came between two commits")
            self.assertGreater(told, 0, "nothing was acknowledged before a kill")

    def check_undisturbed(self, imported, totals_):
        """The yardstick itself: events, rows and what the importer says agree."""
        events, profile = totals_["events"], totals_["profile"]
        for name, key in (("customers", "customers_created"), ("orders", "orders_imported"),
                          ("lines", "lines_imported")):
            self.assertEqual(events[name], imported[key] + OWN_ORDERS)
            self.assertEqual(profile[name], imported[key] + OWN_ORDERS)
        self.assertGreater(events["refunded_minor"], 0)
        self.assertEqual(profile["refunds"], imported["refunds_imported"])
        loyalty = totals_["loyalty"]
        self.assertEqual(loyalty["available"], loyalty["lots_left"] - loyalty["debt"])
        self.assertEqual(loyalty["available"], loyalty["earned"] - loyalty["reversed"])
        for stored in (profile["refunded_minor"], profile["refunded_minor_of_orders"],
                       totals_["segmentation"]["refunded_minor"], loyalty["refunded_minor"]):
            self.assertEqual(stored, events["refunded_minor"])
        self.assertEqual(profile["events"], sum(events["types"].values()))
        self.assertEqual(profile["events"], sum(totals_["heads"].values()))
        self.assertEqual(totals_["consumed"], totals_["heads"])
        self.assertEqual(profile["events_left_in_outbox"], 0)
        self.assertEqual((profile["check"], totals_["segmentation"]["check"]), ("ok", "ok"))

    @staticmethod
    def first_rows(source, folder):
        if LONG:
            return source
        path = os.path.join(folder, "rows.csv")
        with gzip.open(source, "rt", encoding="utf-8") as lines, \
                open(path, "w", encoding="utf-8") as out:
            out.writelines(itertools.islice(lines, ROWS + 1))  # and the header
        return path

    @staticmethod
    def import_args(path):
        return ["import", "purchases", "--format", "online-retail", path]

    def import_with_a_kill(self, path, moment):
        """Seconds of the import if it was over before the kill, else None; how many orders were
        left for the second import; how many others were acknowledged; and the totals after that."""
        with suite.Suite() as s, tempfile.TemporaryDirectory(prefix="clientele-pieces-") as folder:
            beside = Importing(s, folder)
            beside.start()
            started = time.monotonic()
            importer = subprocess.Popen(
                [suite.binary(), *self.import_args(path), "--data-dir", s.data_dir],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                preexec_fn=process.die_with_parent)
            took = None
            try:
                importer.wait(timeout=moment)
                took = time.monotonic() - started
                self.assertEqual(importer.returncode, 0)
            except subprocess.TimeoutExpired:
                s.kill()
            finally:
                importer.kill()
                importer.wait()
            s.kill()
            beside.join()
            s.start()
            told = len(beside.pieces.acknowledged)
            if told:
                beside.pieces.check(acknowledged.stored_in_sqlite(s.data_dir))
            left = s.json(*self.import_args(path))["orders_imported"]
            beside.import_the_rest()
            return took, left, told, totals(s)


if __name__ == "__main__":
    suite.main()
