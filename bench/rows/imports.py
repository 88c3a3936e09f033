"""P10: the import of Online Retail beside COPY of the same rows into a bare table."""
import time
import unittest

from bench import postgres_copy
from bench.figures import Row, at_least, interleave
from tests.support import postgres, suite

FILE = "online-retail/online_retail.csv.gz"


def import_into_suite(path):
    """Seconds until segmentation and loyalty have applied every event, and peak memory."""
    with suite.Suite() as s:
        started = time.monotonic()
        s.run("import", "purchases", "--format", "online-retail", path)
        s.wait_caught_up()
        s.wait_caught_up(service="loyalty")
        return time.monotonic() - started, s.peak_resident_mb()


def measure(options):
    try:
        path = suite.data_file(FILE)
    except unittest.SkipTest as missing:
        return [Row("P10", "purchase import", rival=str(missing), must=at_least(0.2))]
    if not database.available():
        return [Row("P10", "purchase import", rival="needs postgresql-15", must=at_least(0.2))]
    with database.private() as server:
        suites, copies = interleave(options.rounds, lambda: import_into_suite(path),
                                    lambda: postgres_copy.copy_seconds(server, path))
    seconds, peaks = zip(*suites)
    what = ("Online Retail, 541,909 rows: import until segmentation and loyalty have caught up "
            f"(peak {max(peaks):.0f} MB resident)")
    return [Row("P10", what, "s", list(seconds), "COPY into a bare table", copies, is_speedup=True,
                more={"peak_mb": peaks})]
