"""kill -9 of `clientele up` at random moments of an import loses nothing and doubles nothing.

The first 100,000 rows of Online Retail, 20 kills, each on a data folder of its own: start, import,
kill at a random moment, start, import again, and compare with the undisturbed run. CLIENTELE_LONG=1:
all rows. CLIENTELE_SEED chooses the moments; the seed in use is printed.
"""
import gzip
import itertools
import json
import os
import random
import subprocess
import tempfile
import time
import unittest

from tests.support import suite

KILLS = 20
ROWS = 100_000


def totals(s):
    """Everything that must be equal however often the servers died."""
    s.wait_caught_up()
    result = {"events": {}, "customers": 0, "orders": 0, "lines": 0, "refunded_minor": 0}
    for line in s.run("watch", "profile", "--stop-at-head").stdout.splitlines():
        event = json.loads(line)
        kind, data = event["type"], event["data"]
        result["events"][kind] = result["events"].get(kind, 0) + 1
        if kind == "clientele.profile.customer.created.v1":
            result["customers"] += 1
        elif kind == "clientele.profile.purchase.recorded.v1":
            result["orders"] += 1
            result["lines"] += data["line_count"]
        elif kind == "clientele.profile.purchase.refunded.v1":
            result["refunded_minor"] += data["amount_minor"]
    # wait_caught_up saw the consumer's positions equal the heads; the heads count every event.
    result["heads"] = {h["partition"]: h["position"] for h in s.feed_heads("profile")["heads"]}
    run = s.json("rfm", "run", "--as-of", "2011-12-10", "--method", "quantile", "--rules",
                 "growth-11", "--monetary", "net", "--force")
    result["segments"] = run["segments"]
    return result


class KillImport(unittest.TestCase):

    def test_twenty_kills_change_nothing(self):
        source = suite.data_file("online-retail/online_retail.csv.gz")
        seed = int(os.environ.get("CLIENTELE_SEED", "20261122"))
        print(f"seed {seed}")
        with tempfile.TemporaryDirectory(prefix="clientele-kill-") as folder:
            path = self.first_rows(source, folder)
            with suite.Suite() as s:
                started = time.monotonic()
                s.run(*self.import_args(path))
                seconds = time.monotonic() - started
                undisturbed = totals(s)
            self.assertEqual(sum(undisturbed["heads"].values()),
                             sum(undisturbed["events"].values()))
            moments = random.Random(seed)
            cut_short = 0
            for number in range(KILLS):
                moment = moments.uniform(0.05, seconds)
                killed_at_work, interrupted = self.import_with_a_kill(path, moment)
                cut_short += killed_at_work
                self.assertEqual(interrupted, undisturbed, f"kill {number} at {moment:.3f} s")
            self.assertGreaterEqual(cut_short, KILLS // 2, "the kills came too late")

    @staticmethod
    def first_rows(source, folder):
        if os.environ.get("CLIENTELE_LONG") == "1":
            return source
        path = os.path.join(folder, "rows.csv")
        with gzip.open(source, "rt", encoding="utf-8") as rows, \
                open(path, "w", encoding="utf-8") as out:
            out.writelines(itertools.islice(rows, ROWS + 1))
        return path

    @staticmethod
    def import_args(path):
        return ["import", "purchases", "--format", "online-retail", path]

    def import_with_a_kill(self, path, moment):
        """Whether the kill came before the import was done, and the totals after a second import."""
        with suite.Suite() as s:
            importer = subprocess.Popen(
                [suite.binary(), *self.import_args(path), "--data-dir", s.data_dir],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                importer.wait(timeout=moment)
                killed_at_work = False
            except subprocess.TimeoutExpired:
                killed_at_work = True
            s.kill()
            importer.kill()
            importer.wait()
            s.start()
            s.run(*self.import_args(path))
            return killed_at_work, totals(s)


if __name__ == "__main__":
    suite.main()
