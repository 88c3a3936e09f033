"""P10: the import of Online Retail beside COPY of the same rows into a bare table."""
import tempfile
import time
import unittest

from bench import database, postgres_copy
from bench.figures import Row, at_least, interleave
from tests.support import suite
from tests.support.server import Server

FILE = "online-retail/online_retail.csv.gz"


def import_into_profile(path, **settings):
    """Seconds until every event is in the feed of profile, a process of its own with no other
    service beside it."""
    with tempfile.TemporaryDirectory(prefix="clientele-p10-") as folder:
        with Server("profile", folder, **settings) as profile:
            profile.migrate()
            profile.start()
            started = time.monotonic()
            profile.cli("import", "purchases", "--format", "online-retail", path)
            while profile.feed_heads()["outbox_count"] > 0:
                pass  # each question takes a moment, and asking is all there is to wait for
            return time.monotonic() - started


def import_into_postgres(path, server):
    """The same with profile on the PostgreSQL that COPY writes to."""
    seconds = import_into_profile(path, database__url=server.dsn)
    server.psql("DROP SCHEMA profile CASCADE")
    return seconds


def import_into_suite(path):
    """Seconds until segmentation and loyalty have applied every event, and peak memory."""
    with suite.Suite() as s:
        started = time.monotonic()
        s.run("import", "purchases", "--format", "online-retail", path)
        s.wait_caught_up()
        s.wait_caught_up(service="loyalty")
        return time.monotonic() - started, s.peak_resident_mb()


def copy_row(what, seconds, copies, must=None):
    return Row("P10", f"Online Retail, 541,909 rows: {what}", "s", seconds,
               "COPY into a bare table", copies, must, is_speedup=True)


def measure(options):
    try:
        path = suite.data_file(FILE)
    except unittest.SkipTest as missing:
        return [Row("P10", "purchase import", rival=str(missing), must=at_least(0.2))]
    if not database.available():
        return [Row("P10", "purchase import", rival="needs postgresql-15", must=at_least(0.2))]
    with database.private() as server:
        alone, on_postgres, suites, copies = interleave(
            options.rounds,
            lambda: import_into_profile(path),
            lambda: import_into_postgres(path, server),
            lambda: import_into_suite(path),
            lambda: postgres_copy.copy_seconds(server, path))
    in_suite, peaks = map(list, zip(*suites))
    whole = copy_row("import until segmentation and loyalty have caught up "
                     f"(peak {max(peaks):.0f} MB resident)", in_suite, copies)
    whole.more["peak_mb"] = peaks
    return [copy_row("import into profile on SQLite until it is in the feed", alone, copies,
                     at_least(0.2)),
            copy_row("the same on PostgreSQL", on_postgres, copies, at_least(0.2)), whole]
