"""How cost grows with size: P3, P7, P10 and P13 at 1 %, 10 % and 100 % of their stated sizes."""
import dataclasses
import gzip
import math
import os
import statistics
import sys
import tempfile
import unittest

from bench import database, figures, plot
from bench.rows import imports, ledger, rescore
from tests.support import suite

PERCENTS = (1, 10, 100)
PAGE = figures.ROOT / "docs/performance.md"
TITLE = "Cost of one, as there are more of them"
CHART = figures.ROOT / "docs/growth.svg"


@dataclasses.dataclass
class Growth:
    """`seconds_at(size)` is one measurement: the seconds of one of what `size` counts, or of one
    look-up among them."""
    number: str
    what: str
    each: str
    stated_size: int
    seconds_at: object
    is_lookup: bool = False
    micros: dict = dataclasses.field(default_factory=dict)  # percent → one figure a round

    def size_at(self, percent):
        return self.stated_size * percent // 100

    def measure(self, rounds):
        """The sizes take turns."""
        for _ in range(rounds):
            for percent in PERCENTS:
                seconds = self.seconds_at(self.size_at(percent))
                self.micros.setdefault(percent, []).append(seconds * 1e6)

    def median(self, percent):
        return statistics.median(self.micros[percent])

    def growth(self):
        """Of a look-up: how much dearer it is among all than among 1 %. Else the exponent of the
        whole cost over the size: 1 = linear."""
        if self.is_lookup:
            return self.median(PERCENTS[-1]) / self.median(PERCENTS[0])
        slope = statistics.linear_regression(
            [math.log(percent) for percent in PERCENTS],
            [math.log(self.median(percent)) for percent in PERCENTS]).slope
        return 1 + slope

    def limit(self):
        """What a logarithm, or a straight line, would give."""
        if not self.is_lookup:
            return 1.0
        return math.log(self.size_at(PERCENTS[-1])) / math.log(self.size_at(PERCENTS[0]))

    def cells(self):
        """One decimal: the rest is noise."""
        kind = "look-up, x {:.1f}" if self.is_lookup else "scan, exponent {:.1f}"
        is_met = round(self.growth(), 1) <= round(self.limit(), 1)
        return [self.number, self.what,
                *(f"{figures.spread(self.micros[percent], 'µs')}" for percent in PERCENTS),
                kind.format(self.growth()), f"≤ {self.limit():.1f}", "yes" if is_met else "**no**"]

    def line(self):
        points = [(percent, min(found), statistics.median(found), max(found))
                  for percent, found in self.micros.items()]
        return plot.Line(f"{self.number}, a {self.each}", points)


def postings(dsn):
    """P3: a posting among so many members, each batch of other ones."""
    def seconds_at(members):
        return 1 / ledger.batches(*dsn, members=members)["per_s"]
    return Growth("P3", "a posting among 100,000 members on PostgreSQL, "
                  f"BatchPost of {ledger.BATCH} by {ledger.CALLERS} callers", "posting", 100_000, seconds_at, is_lookup=True)


def scores(folder, customers):
    """P7: an order of a full re-score."""
    def seconds_at(size):
        path = f"{folder}/{size}.db"
        if not os.path.exists(path):
            rescore.seed(path, size)
        return rescore.score(path, size)["total_s"] / (size * rescore.ORDERS_PER_CUSTOMER)
    return Growth("P7", f"an order of a full re-score of {customers:,} customers on SQLite",
                  "scored order",
                  customers, seconds_at)


def imported_rows(folder, server):
    """P10: a row of the first rows of Online Retail, into profile until it is in the feed; on
    SQLite, and on PostgreSQL."""
    with gzip.open(suite.data_file(imports.FILE), "rt", encoding="utf-8", newline="") as file:
        head, *rows = file.read().splitlines(keepends=True)

    def growth_on(database_name, import_file):
        def seconds_at(size):
            path = f"{folder}/{size}.csv"
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.writelines([head, *rows[:size]])
            return import_file(path) / size
        return Growth("P10", f"a row of an import of {len(rows):,} rows into {database_name}, "
                      "durable and in the feed", f"row into {database_name}", len(rows), seconds_at)
    return [growth_on("SQLite", imports.import_into_profile),
            growth_on("PostgreSQL", lambda path: imports.import_into_postgres(path, server))]


def fed_events(dsn):
    """P13: an event on its way to a consumer that begins at the start of the feed."""
    def seconds_at(events):
        found = figures.run_program("feed_bench", *dsn, "--events", events, "--live-events", 1,
                                    "--rows", 1)
        return 1 / found["events_per_s"]
    return Growth("P13", "an event of a feed of 200,000 to one consumer on PostgreSQL",
                  "fed event", 200_000, seconds_at)


def markdown(found):
    head = ["#", "cost of", *(f"{percent} %" for percent in PERCENTS), "growth", "must", "met"]
    lines = [head, ["---"] * len(head), *(growth.cells() for growth in found)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def all_of(folder, server):
    """Those for which everything is there."""
    dsn = ("--postgres", server.dsn)
    found = [postings(dsn), scores(folder, 1_000_000), fed_events(dsn)]
    try:
        return [*found, *imported_rows(folder, server)]
    except unittest.SkipTest as missing:
        print(f"P10 is not measured: {missing}", file=sys.stderr)
        return found


def run(options):
    """Prints the table; with --write it goes into the page, beside the chart."""
    with tempfile.TemporaryDirectory(prefix="clientele-growth-") as folder, \
            database.private() as server:
        found = all_of(folder, server)
        for growth in found:
            growth.measure(options.rounds)
    print(markdown(found))
    if options.write:
        figures.replace_between(PAGE, "growth", f"![{TITLE}]({CHART.name})\n\n{markdown(found)}")
        CHART.write_text(plot.chart(TITLE, [growth.line() for growth in found],
                                    "of the stated size", "µs each"), encoding="utf-8")
